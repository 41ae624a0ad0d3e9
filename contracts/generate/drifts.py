"""Drift operators: what vendors change without notice, and what a reader should do then.

Some of the payloads are valid, some are not: the question is not validity but whether the reader copes,
refuses, or lies. Ids are `<operator> <path>`; the expected outcome is a default, which a consumer may
overrule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from contracts.generate import bodies, relations
from contracts.generate.cover import copied, cover
from contracts.generate.domains import Text, Values
from contracts.generate.edits import places, removed, replaced
from contracts.generate.model import Factor, Model, Node
from contracts.generate.plan import Plan
from contracts.generate.words import hint
from contracts.model import Json, Pointer


class Outcome(StrEnum):
    """What a reader should do with a drifted payload, unless its consumer says otherwise."""

    SAME = "the same result as before"
    COPED = "a result"
    REFUSED = "refused with the declared exception"
    EITHER = "read exactly, or refused"
    UNKNOWN = "state unknown with the raw word kept, or refused"
    FLAGGED = "a result that claims no success and invents nothing, or refused"


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


Change = tuple[str, Outcome, Json]
_GONE: Final = object()


def drifted(plan: Plan, bases: Sequence[Json] = ()) -> Iterator[Drifted]:
    """Yield every drift that applies to the plan's payloads: each operator at each place once."""
    bases = bases or [payload.value for payload in cover(plan)]
    model = Model(plan)
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
                value = removed(base, at) if new is _GONE else replaced(base, at, new)
                yield Drifted(operator, factor.path, outcome, copied(value), base)
    for node in model.nodes:
        factor = model.places[node.path][0]
        for base, at in islice(_where(factor, bases), 1):
            for operator, outcome, new in _at_object(node, at.resolve(base)):
                yield Drifted(operator, node.path, outcome, copied(replaced(base, at, new)), base)
    for operator, outcome_name, new in bodies.values(plain):
        yield Drifted(operator, "$", Outcome[outcome_name], new, plain)
    for operator, body in bodies.raw(plain):
        yield Drifted(operator, "$", Outcome.REFUSED, None, plain, body)


def _where(factor: Factor, bases: Sequence[Json]) -> Iterator[tuple[Json, Pointer]]:
    """Yield payloads that have the place: one with a value there, and one with null where that is legal."""
    kinds: set[type] = set()
    for base in bases:
        for at in places(base, factor.trail, 1):
            if (kind := type(at.resolve(base))) not in kinds and not (kinds and kind is type(None)):
                kinds.add(kind)
                yield base, at
        if len(kinds) > 2:
            return


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
        yield "absent-where-required", Outcome.EITHER, _GONE


def _numbers(factor: Factor, good: float) -> Iterator[Change]:
    yield "number-as-text", Outcome.EITHER, str(good)
    if isinstance(good, int) and abs(good) < 2**53:
        yield "integer-as-float", Outcome.SAME, float(good)
    yield "number-with-fraction", Outcome.EITHER, good + 0.5
    yield "number-negative", Outcome.FLAGGED, -abs(good) - 1
    yield "number-with-separators", Outcome.EITHER, "1,000"
    if hint(factor.name) == "percent":
        yield "percent-as-ratio", Outcome.EITHER, 0.425
        yield "ratio-as-percent", Outcome.EITHER, 42.5
        yield "percent-with-sign", Outcome.EITHER, "42.5%"
        yield "percent-over-hundred", Outcome.FLAGGED, 142.5
    if hint(factor.name) == "date-time":
        yield "time-as-milliseconds", Outcome.EITHER, 1705314600000


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
        ("word-in-namespace", f"BATCH_{good}"),
    ):
        if word != good and word not in members:
            yield operator, Outcome.UNKNOWN, word
    yield "word-as-number", Outcome.EITHER, 3
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
    yield "time-as-text-seconds", Outcome.EITHER, "1705314600"
    yield "time-empty", Outcome.EITHER, ""
    yield "time-zero", Outcome.EITHER, "0001-01-01T00:00:00Z"


def _lists(good: list[Json]) -> Iterator[Change]:
    yield "list-empty", Outcome.FLAGGED, []
    yield "list-as-object", Outcome.EITHER, {str(index): item for index, item in enumerate(good)}
    yield "list-in-envelope", Outcome.EITHER, {"items": good, "total": len(good)}
    if good:
        yield "list-item-null", Outcome.EITHER, [*good[:-1], None]
        yield "list-item-as-text", Outcome.EITHER, ["x", *good[1:]]
        yield "list-unwrapped", Outcome.EITHER, good[0]
        yield "list-item-repeated", Outcome.COPED, [*good, good[0]]
        yield "list-of-many", Outcome.COPED, (good * (2000 // len(good) + 1))[:2000]


def _at_object(node: Node, good: Json) -> Iterator[Change]:
    if not isinstance(good, dict):
        return
    yield "extra-field", Outcome.SAME, {**good, "contracts_new_field": {"a": [1, None]}}
    yield "keys-reversed", Outcome.SAME, dict(reversed(good.items()))
    for name in good:
        yield from (
            (f"renamed-{how}:{name}", Outcome.EITHER, _renamed(good, name, new))
            for how, new in _other_names(name, good)
        )
        if f"{name}_" not in good:
            yield f"extra-like:{name}", Outcome.SAME, {**good, f"{name}_": None}
        if name.title() not in good:
            yield f"extra-like-case:{name}", Outcome.SAME, {**good, name.title(): None}
        if isinstance(good[name], dict) and not set(good[name]) & set(good):
            yield (
                f"unwrapped:{name}",
                Outcome.EITHER,
                {**{k: v for k, v in good.items() if k != name}, **good[name]},
            )
    yield from _counts(node, good)
    yield from _contradictions(node, good)


def _renamed(good: dict[str, Json], name: str, new: str) -> dict[str, Json]:
    return {new if key == name else key: value for key, value in good.items()}


def _other_names(name: str, taken: dict[str, Json]) -> Iterator[tuple[str, str]]:
    words = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower().split("_")
    camel = words[0] + "".join(word.title() for word in words[1:])
    snake = "_".join(words)
    for how, new in (
        ("camel", camel),
        ("snake", snake),
        ("plural", f"{name}s"),
        ("suffix", f"{name}_v2"),
        ("title", name.title()),
    ):
        if new != name and new not in taken:
            yield how, new


def _counts(node: Node, good: dict[str, Json]) -> Iterator[Change]:
    """Let numbers that belong together disagree: parts above the whole, a whole beside an empty list."""
    for label, values in relations.profiles(node):
        if label.startswith("numbers-parts-above") or label in ("numbers-none", "numbers-many"):
            there = {name: value for name, value in values.items() if name in good}
            if there:
                yield label.replace("numbers-", "counts-"), Outcome.FLAGGED, {**good, **there}


def _contradictions(node: Node, good: dict[str, Json]) -> Iterator[Change]:
    """Let the state say one thing and the fields beside it another."""
    ended = [
        name
        for name in node.factors
        if re.search(r"finish|complet|ended|deliver", name) and hint(name) == "date-time"
    ]
    error = [name for name in node.factors if re.search(r"error|failure|exception", name)]
    for name, factor in node.factors.items():
        for level in factor.levels:
            word = level.values[0] if isinstance(level.domain, Values) and len(level.values) == 1 else None
            if not isinstance(word, str):
                continue
            for other in (*ended, *error):
                if other in good and name in good:
                    bare = {key: value for key, value in good.items() if key != other}
                    yield f"{name}={word}-without-{other}", Outcome.COPED, {**bare, name: word}
                    if any(level.name == "null" for level in node.factors[other].levels):
                        yield (
                            f"{name}={word}-with-{other}-null",
                            Outcome.COPED,
                            {**good, name: word, other: None},
                        )
