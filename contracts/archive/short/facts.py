"""What a row says: its value proved to be all of the text, and each fact at the place its keys tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
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
    """A row without anything odd. `value` is the decoded body, `text` its spelling if it came as text."""

    method: str
    url: str
    status: int
    headers: Mapping[str, Json]
    value: Json
    text: bytes
    stamp: str


def proved(text: bytes) -> tuple[Json] | None:
    """Decode JSON, and give the value (which may be None); None where strict JSON has findings.

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
        return (value,)
    return _strict(text)


def _strict(text: bytes) -> tuple[Json] | None:
    read = decode(text, max_bytes=len(text))
    return (read.value,) if read.usable and not read.faults else None


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
        row = read[0]
        plan = self._plan(row)
        return None if plan is None else _facts(plan, row, self._max)

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
    """How the facts of lines of one shape are got: address, status, headers and body, then what is there.

    `method` and `stamp` say that these are, `text` that the body is JSON in a string.
    """

    get: Callable[[dict[str, Json]], tuple[Json, ...]]
    method: bool
    stamp: bool
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
    more = [at[fact] for fact in ("method", "recorded_at") if fact in at]
    get = _getter([at["url"], at["status"], at["response_headers"], body, *more])
    return _Plan(get, "method" in at, "recorded_at" in at, text)


def _getter(places: list[tuple[str, ...]]) -> Callable[[dict[str, Json]], tuple[Json, ...]]:
    if all(len(tokens) == 1 for tokens in places):
        return itemgetter(*(tokens[0] for tokens in places))
    return lambda row: tuple(_get(row, tokens) for tokens in places)


def _get(row: Json, tokens: tuple[str, ...]) -> Json:
    for token in tokens:
        row = row[token]
    return row


def _facts(plan: _Plan, row: dict[str, Json], most: int) -> Facts | None:
    url, status, headers, value, *more = plan.get(row)
    text = b""
    if plan.text:
        text = value.encode("utf-8", "surrogatepass")
        read = proved(text) if len(text) <= most else None
        if read is None:
            return None
        value = read[0]
    stamp = moment(more[-1]) if plan.stamp else ""
    return Facts(more[0] if plan.method else "GET", url, status, headers, value, text, stamp)


_USUAL: Final = re.compile(
    r"[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
).fullmatch


def moment(value: Json) -> str:
    """Read when an answer was recorded, as every reader does; the usual spelling is what that gives."""
    return value if type(value) is str and _USUAL(value) else when(value)


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
    request = one.request
    return Facts(request.method, request.url, response.status, headers, read[0], body, one.recorded_at)
