"""Drift operators: what vendors change without notice, and what a reader should do then.

Some of the payloads are valid, some are not: the question is not validity but whether the reader tolerates
the payload, refuses it, or gives a wrong result. Ids are `<operator> <path>`; the expected outcome is a
default, which a consumer may overrule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from contracts.generate.canonical import Plan
from contracts.generate.coverage import LIMIT, copied, cover
from contracts.generate.leaves import Text, Values, hint, key_of, type_of
from contracts.generate.mutations.objects import Change, Outcome, of_object
from contracts.generate.places import Factor, Model, model_of, places
from contracts.model import GONE, Json, Pointer, put


@dataclass(frozen=True, slots=True)
class Drifted:
    """A payload after a drift; `body` is what is sent when no value can say it, `base` the payload before."""

    operator: str
    place: str
    expected: Outcome
    value: Json
    base: Json
    body: bytes | None = None

    @property
    def id(self) -> str:
        """Name the drift: operator and place."""
        return f"{self.operator} {self.place}"


def drifted(plan: Plan, bases: Sequence[Json] = ()) -> Iterator[Drifted]:
    """Yield every drift that applies to the plan's payloads: each operator at each place once."""
    bases = bases or [payload.value for payload in cover(plan, LIMIT)]
    model = model_of(plan)
    seen: set[str] = set()
    for each in _all(model, bases):
        if each.id not in seen and (each.body is not None or json.dumps(each.value) != json.dumps(each.base)):
            seen.add(each.id)
            yield each


def _all(model: Model, bases: Sequence[Json]) -> Iterator[Drifted]:
    plain = bases[0]
    for factor in model.factors:
        for base, at in _where(factor, bases):
            for operator, outcome, new in _at_value(factor, at.resolve(base)):
                value = put(base, at, new)
                yield Drifted(operator, factor.path, outcome, copied(value), base)
    for node in model.nodes:
        factor = model.places[node.path][0]
        for base, at in islice(_where(factor, bases), 1):
            for operator, outcome, new in of_object(node, at.resolve(base)):
                yield Drifted(operator, node.path, outcome, copied(put(base, at, new)), base)
    for name, body in _ERRORS:
        yield Drifted(f"error-body:{name}", "$", Outcome.REFUSED, body, plain)
    for operator, outcome_name, new in _json_bodies(plain):
        yield Drifted(operator, "$", Outcome[outcome_name], new, plain)
    for operator, sent in _raw_bodies(plain):
        yield Drifted(operator, "$", Outcome.REFUSED, None, plain, sent)


def _where(factor: Factor, bases: Sequence[Json]) -> Iterator[tuple[Json, Pointer]]:
    """Yield payloads that have the place: one with each kind of value, one with null where that is legal."""
    kinds: set[str] = set()
    for base in bases:
        for at in places(base, factor.trail, 1):
            if (kind := _kind(at.resolve(base))) not in kinds and not (kinds and kind == "null"):
                kinds.add(kind)
                yield base, at
        if len(kinds) > 3:
            return


def _kind(value: Json) -> str:
    """Tell apart what operators need: a word of two words, a list of different items."""
    if isinstance(value, str):
        return "words" if re.search("[a-z]_[a-z]", value, re.IGNORECASE) else "word"
    if isinstance(value, list):
        return "items" if len({key_of(item) for item in value}) > 1 else "list"
    return type_of(value)


def _at_value(factor: Factor, good: Json) -> Iterator[Change]:
    yield from _nullness(factor, good)
    if isinstance(good, bool):
        yield "boolean-as-text", Outcome.EITHER, "true" if good else "false"
        yield "boolean-as-number", Outcome.EITHER, int(good)
    elif isinstance(good, int | float):
        yield from _numbers(factor, good)
    elif isinstance(good, str):
        yield from _texts(factor, good)
    elif isinstance(good, list):
        yield from _lists(good)
    elif isinstance(good, dict) and factor.trail:
        yield "object-as-list", Outcome.EITHER, [good]
        yield "object-as-text", Outcome.EITHER, "{}"


def _nullness(factor: Factor, good: Json) -> Iterator[Change]:
    kinds = {level.domain.kind for level in factor.levels if level.domain is not None}
    if "null" not in kinds:
        yield "null-where-never-null", Outcome.EITHER, None
    if (
        factor.trail
        and isinstance(factor.trail[-1], str)
        and not any(level.domain is None for level in factor.levels)
    ):
        yield "absent-where-required", Outcome.EITHER, GONE


def _numbers(factor: Factor, good: float) -> Iterator[Change]:
    yield "number-as-text", Outcome.EITHER, str(good)
    if isinstance(good, int) and abs(good) < 2**53:
        yield "integer-as-float", Outcome.SAME, float(good)
    if abs(good) < 2**53:
        yield "number-with-fraction", Outcome.EITHER, good + 0.5
    yield "number-negative", Outcome.FLAGGED, -abs(good) - 1
    yield "number-with-separators", Outcome.EITHER, "1,000"
    if hint(factor.name) == "percent":
        yield "percent-as-ratio", Outcome.EITHER, 0.425
        yield "ratio-as-percent", Outcome.EITHER, 42.5
        yield "percent-with-sign", Outcome.EITHER, "42.5%"
        yield "percent-over-hundred", Outcome.FLAGGED, 142.5
        yield "percent-or-whole-ratio", Outcome.EITHER, 1
    if hint(factor.name) == "date-time":
        yield "time-as-milliseconds", Outcome.EITHER, 1705314600000
        yield "time-as-text", Outcome.EITHER, "2024-01-15T10:30:00Z"
    if hint(factor.name) == "id":
        yield "id-as-text", Outcome.EITHER, f"b-{good}"


def _texts(factor: Factor, good: str) -> Iterator[Change]:
    members = {
        v
        for level in factor.levels
        if isinstance(level.domain, Values)
        for v in level.domain.values
        if isinstance(v, str)
    }
    formats = {
        name for level in factor.levels if isinstance(level.domain, Text) for name in level.domain.formats
    }
    kind = "date-time" if formats & {"date-time", "date"} else "" if formats else hint(factor.name)
    if members or kind == "status":
        yield from _words(good, members)
    elif kind == "date-time":
        yield from _times(good)
    elif kind == "id" or "uuid" in formats:
        yield "id-as-number", Outcome.EITHER, 12345
        yield "id-other-case", Outcome.COPED, good.swapcase()
    if re.fullmatch(r"-?\d+", good, re.ASCII):
        yield "text-as-number", Outcome.EITHER, int(good)
    yield "text-as-object", Outcome.EITHER, {"value": good}
    yield "text-as-list", Outcome.EITHER, [good]


def _words(good: str, members: set[str]) -> Iterator[Change]:
    styled = str.upper if good.isupper() else str.title if good.istitle() else str.lower
    for word in ("expired", "paused", "cancelling", "partially_completed", "success_with_errors", "archived"):
        if styled(word) not in members:
            yield f"new-word-{word}", Outcome.UNKNOWN, styled(word)
    for operator, word in (
        ("word-other-case", good.swapcase()),
        ("word-title-case", good.title()),
        ("word-with-hyphen", good.replace("_", "-")),
        ("word-with-space", f"{good} "),
        ("word-in-camel-case", re.sub(r"[_-](\w)", lambda found: found[1].upper(), good)),
        ("word-without-separator", re.sub(r"[_ -]", "", good)),
        ("word-in-namespace", f"BATCH_{good}"),
    ):
        if word != good and word not in members:
            yield operator, Outcome.UNKNOWN, word
    yield "word-as-number", Outcome.EITHER, 3
    yield "word-as-boolean", Outcome.EITHER, True
    yield "word-in-object", Outcome.EITHER, {"state": good}
    yield "word-empty", Outcome.UNKNOWN, ""


def _times(good: str) -> Iterator[Change]:
    """Change how the very same or a like instant is written."""
    yield "time-with-offset", Outcome.SAME, re.sub(r"[zZ]$", "+00:00", good)
    yield "time-with-nanoseconds", Outcome.EITHER, "2024-01-15T10:30:00.123456789Z"
    yield "time-in-lower-case", Outcome.EITHER, good.lower()
    yield "time-without-zone", Outcome.EITHER, "2024-01-15T10:30:00"
    yield "time-with-space", Outcome.EITHER, "2024-01-15 10:30:00Z"
    yield "time-without-colon", Outcome.EITHER, "2024-01-15T10:30:00+0000"
    yield "time-in-basic-form", Outcome.EITHER, "20240115T103000Z"
    yield "time-as-date", Outcome.EITHER, "2024-01-15"
    yield "time-in-mail-form", Outcome.EITHER, "Mon, 15 Jan 2024 10:30:00 GMT"
    yield "time-as-seconds", Outcome.EITHER, 1705314600
    yield "time-as-milliseconds", Outcome.EITHER, 1705314600000
    yield "time-as-fractional-seconds", Outcome.EITHER, 1705314600.5
    yield "time-as-microseconds", Outcome.EITHER, 1705314600000000
    yield "time-as-text-seconds", Outcome.EITHER, "1705314600"
    yield "time-in-object", Outcome.EITHER, {"$date": "2024-01-15T10:30:00Z"}
    yield "time-day-first", Outcome.EITHER, "15/01/2024 10:30:00"
    yield "time-empty", Outcome.EITHER, ""
    yield "time-zero", Outcome.EITHER, "0001-01-01T00:00:00Z"


def _lists(good: list[Json]) -> Iterator[Change]:
    yield "list-empty", Outcome.FLAGGED, []
    yield "list-as-object", Outcome.EITHER, {str(index): item for index, item in enumerate(good)}
    yield "list-in-envelope", Outcome.EITHER, {"items": good, "total": len(good)}
    yield from _same_ids(good)
    if good:
        yield "list-item-null", Outcome.EITHER, [*good[:-1], None]
        yield "list-item-as-text", Outcome.EITHER, ["x", *good[1:]]
        yield "list-unwrapped", Outcome.EITHER, good[0]
        yield "list-item-repeated", Outcome.COPED, [*good, good[0]]
        yield "list-reversed", Outcome.COPED, good[::-1]
        yield "list-all-null", Outcome.EITHER, [None] * len(good)
        yield "list-in-list", Outcome.EITHER, [good]
        yield "list-of-many", Outcome.COPED, (good * (2000 // len(good) + 1))[:2000]


def _same_ids(good: list[Json]) -> Iterator[Change]:
    """Give two different items the same id."""
    items = [item for item in good if isinstance(item, dict)]
    name = next((key for item in items[:1] for key in item if hint(key) == "id"), None)
    if name is not None and len(items) > 1:
        first = items[0][name]
        yield (
            "list-ids-repeated",
            Outcome.COPED,
            [{**item, name: first} if isinstance(item, dict) else item for item in good],
        )


def _json_bodies(plain: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield (operator, outcome name, body) for bodies that are JSON."""
    for name in ("data", "result", "batch", "response"):
        if not (isinstance(plain, dict) and set(plain) == {name}):
            yield f"envelope-gained:{name}", "EITHER", {name: plain}
    yield "envelope-list", "EITHER", [plain]
    if isinstance(plain, dict):
        for name, inner in plain.items():
            if isinstance(inner, dict):
                yield f"envelope-lost:{name}", "EITHER", inner
    yield from ((f"not-an-object:{name}", "REFUSED", value) for name, value in _SCALARS)


_ERRORS: Final[tuple[tuple[str, Json], ...]] = (
    ("payment-required", {"error": {"code": 402, "message": "insufficient credits"}}),
    ("not-found", {"status": 404, "error": "Not Found", "path": "/batches/b-1"}),
    ("rate-limit", {"error": "rate_limit_exceeded", "retry_after": 30}),
    ("server-error", {"code": 500, "message": "internal server error", "request_id": "r-1"}),
    ("unauthorized", {"error": "invalid_token", "error_description": "the token has expired"}),
    ("empty-envelope", {"data": None}),
    ("fault", {"fault": {"faultstring": "Rate limit quota violation", "detail": {"errorcode": "quota"}}}),
    ("error-text", {"error": "batch not found"}),
    (
        "error-object",
        {"error": {"code": "not_found", "message": "batch not found", "type": "invalid_request_error"}},
    ),
    ("success-false", {"success": False, "message": "batch not found"}),
    ("status-error", {"status": "error", "message": "internal error"}),
    ("detail-text", {"detail": "Not authenticated"}),
    ("detail-list", {"detail": [{"loc": ["path", "batch_id"], "msg": "field required", "type": "missing"}]}),
    ("problem", {"type": "about:blank", "title": "Too Many Requests", "status": 429}),
    ("message", {"message": "Endpoint request timed out"}),
    ("errors-list", {"errors": [{"message": "boom"}], "data": None}), ("empty-object", {}),
)  # fmt: skip
_SCALARS: Final[tuple[tuple[str, Json], ...]] = (
    ("null", None), ("true", True), ("zero", 0), ("empty-text", ""), ("text", "OK"), ("empty-list", []),
    ("list", [1]),
)  # fmt: skip


def _raw_bodies(plain: Json) -> Iterator[tuple[str, bytes]]:
    """Yield (operator, bytes) for bodies that strict JSON refuses."""
    text = json.dumps(plain)
    body = text.encode()
    yield "body-empty", b""
    yield "body-blank", b"\n"
    yield "body-html", b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body></body></html>"
    yield "body-text", b"upstream connect error"
    yield "body-cut", body[: max(1, len(body) // 2)]
    yield "body-with-bom", b"\xef\xbb\xbf" + body
    yield "body-in-utf16", text.encode("utf-16")
    yield "body-with-tail", body + b"}"
    yield "body-twice", body + b"\n" + body
    yield "body-not-utf8", b'{"a": "\xff"}'
    yield "body-in-quotes", json.dumps(text).encode()
    if isinstance(plain, dict) and plain:
        yield from _tampered(plain, text)


def _tampered(plain: dict[str, Json], text: str) -> Iterator[tuple[str, bytes]]:
    """Yield objects with tokens that many decoders accept and JSON does not."""
    name = next(iter(plain))
    for operator, token in (
        ("nan", "NaN"),
        ("infinity", "-Infinity"),
        ("beyond-a-double", "1e999"),
        ("lone-surrogate", '"\\ud800"'),
    ):
        yield f"token-{operator}", f'{text[:-1]}, "contracts_new_field": {token}}}'.encode()
    yield "trailing-comma", f"{text[:-1]},}}".encode()
    yield "duplicate-key", f"{text[:-1]}, {json.dumps(name)}: null}}".encode()
    yield "duplicate-key-same", f"{text[:-1]}, {json.dumps(name)}: {json.dumps(plain[name])}}}".encode()
    yield "huge-integer", f'{text[:-1]}, "contracts_new_field": {"9" * 5000}}}'.encode()
    yield "deep-nesting", f'{text[:-1]}, "contracts_new_field": {"[" * 5000}{"]" * 5000}}}'.encode()
