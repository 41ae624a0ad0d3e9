"""What a row says: its value proved to be all of the text, and each fact at the place its keys tell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from contracts.decode import decode
from contracts.interactions import Places, facts_of, when
from contracts.model import Interaction, Json, Source

try:
    import orjson as _library
except ImportError:  # an extra: the strict decoder alone is right, too, and slower
    _LIBRARY: Any = None
else:
    _LIBRARY = _library

BLANKS: Final = b" \t\r\n"
_SHAPES: Final = 2_000
"""So many sets of keys are remembered; lines of further ones go the long way."""


class Facts(NamedTuple):
    """A row without anything odd. `value` is the decoded body; `void` says that empty lists count."""

    method: str
    url: str
    status: int
    headers: Mapping[str, Json]
    value: Json
    void: bool
    stamp: str


def proved(text: bytes) -> tuple[Json, bytes] | None:
    """Decode JSON, and give it with its text without blanks; None where strict JSON has findings.

    The value written again is the text, else the text but for blanks: then no key came twice and no number
    changed. Else the strict decoder itself is asked.
    """
    if _LIBRARY is None:
        return _strict(text)
    try:
        value = _LIBRARY.loads(text)
        again: bytes = _LIBRARY.dumps(value)
    except (ValueError, TypeError):
        return None
    if again == text or again.translate(None, BLANKS) == text.translate(None, BLANKS):
        return value, again
    return _strict(text)


def _strict(text: bytes) -> tuple[Json, bytes] | None:
    read = decode(text, max_bytes=len(text))
    return (read.value, text.translate(None, BLANKS)) if read.usable and not read.faults else None


class Lines:
    """Reads lines of a log whose facts stand where a table says, looked up once for each set of keys."""

    def __init__(self, table: Places, max_bytes: int) -> None:
        self._table, self._max = table, max_bytes
        self._inner = _inner(table)
        self._plans: dict[tuple[Any, ...], _Plan | None] = {}
        self._below: dict[tuple[str, ...], list[str]] = {}

    def facts(self, line: bytes) -> Facts | None:
        """Give what a line says; None where the long way must say it."""
        if len(line) * 4 > self._max * 3:
            return None  # the body as it is judged may be longer than its text
        read = proved(line)
        if read is None or type(read[0]) is not dict:
            return None
        row, text = read
        plan = self._plan(row)
        return None if plan is None else _facts(plan, row, text, self._max)

    def _plan(self, row: dict[str, Json]) -> _Plan | None:
        keys = tuple(row)
        below = self._below.get(keys)
        if below is None and len(self._below) < _SHAPES:
            below = self._below[keys] = [key for key in keys if key in self._inner]
        if below is None:
            return None
        shape = (keys, tuple(map(type, row.values())))
        for key in below:
            if type(row[key]) is dict:
                shape += _shape(row[key], self._inner[key])
        plan = self._plans.get(shape, 0)
        if plan == 0:
            plan = _plan_of(row, self._table) if len(self._plans) < _SHAPES else None
            if len(self._plans) < _SHAPES:
                self._plans[shape] = plan
        return plan  # type: ignore[return-value]


def _inner(table: Places) -> dict[str, Any]:
    """Give the keys on the way to places that lie deeper than the first level, as a tree."""
    tree: dict[str, Any] = {"response": {}}
    for tokens in (tokens for options in table.values() for tokens in options):
        node = tree
        for token in tokens[:-1]:
            node = node.setdefault(token, {})
    return tree


def _shape(value: dict[str, Json], inner: dict[str, Any]) -> tuple[Any, ...]:
    shape: tuple[Any, ...] = (tuple(value), tuple(map(type, value.values())))
    for key, held in value.items():
        if key in inner and type(held) is dict:
            shape += _shape(held, inner[key])
    return shape


class _Plan(NamedTuple):
    """Where the facts of lines of one shape stand; `text` says that the body is JSON in a string."""

    method: tuple[str, ...] | None
    url: tuple[str, ...]
    status: tuple[str, ...]
    headers: tuple[str, ...]
    body: tuple[str, ...]
    stamp: tuple[str, ...] | None
    text: bool


_SCALARS: Final = (int, str, float, bool)
_KINDS: Final = {
    "method": (str,), "url": (str,), "status": (int,), "response_headers": (dict,),
    "request_headers": (dict,), "size": _SCALARS, "truncated": _SCALARS, "base64": (), "encoded": (),
}  # fmt: skip
"""Of which types these facts are in a line that has nothing odd; others are of any type."""


def _plan_of(row: dict[str, Json], table: Places) -> _Plan | None:
    at = facts_of(row, table)
    if any(token.isdigit() for options in table.values() for tokens in options for token in tokens):
        return None
    for fact, kinds in _KINDS.items():
        if fact in at and type(_get(row, at[fact])) not in kinds:
            return None
    text = "body" in at and type(_get(row, at["body"])) is str
    body = at.get("body") if text else at.get("json")
    if body is None or not {"url", "status", "response_headers"} <= at.keys():
        return None
    if not text and "body" in at and "json" not in at:
        return None
    return _Plan(
        at.get("method"), at["url"], at["status"], at["response_headers"], body, at.get("recorded_at"), text
    )


def _get(row: Json, tokens: tuple[str, ...]) -> Json:
    for token in tokens:
        row = row[token]
    return row


def _facts(plan: _Plan, row: dict[str, Json], text: bytes, most: int) -> Facts | None:
    value, void = _get(row, plan.body), b"[]" in text
    if plan.text:
        own = value.encode("utf-8", "surrogatepass")
        read = proved(own) if len(own) <= most else None
        if read is None:
            return None
        value = read[0]
        void = b"[]" in own and b"[]" in own.replace(b" ", b"").replace(b"\n", b"")
    method = _get(row, plan.method) if plan.method else "GET"
    stamp = moment(_get(row, plan.stamp)) if plan.stamp else ""
    return Facts(
        method, _get(row, plan.url), _get(row, plan.status), _get(row, plan.headers), value, void, stamp
    )


def moment(value: Json) -> str:
    """Read when an answer was recorded, as every reader does."""
    return _when(value) if type(value) is str else when(value)


_when = lru_cache(maxsize=4096)(when)


def facts_in(one: Interaction, most: int) -> Facts | None:
    """Give what an interaction says that was read before; None where the long way must say it."""
    response = one.response
    if response is None or one.failure or response.missing or one.source is not Source.RECORDED:
        return None
    body = response.body
    read = proved(body) if len(body) <= most else None
    headers = dict(response.headers)
    if read is None or len(headers) != len(response.headers):
        return None
    void = b"[]" in body.replace(b" ", b"").replace(b"\n", b"")
    request = one.request
    return Facts(request.method, request.url, response.status, headers, read[0], void, one.recorded_at)
