"""Interactions into a summary: one pass, memory bounded by the number of fields, nothing personal kept."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from contracts.decode import decode
from contracts.model import Interaction, Json, Source
from contracts.schema import FORMATS
from contracts.vendoring.observed.asked import shown
from contracts.vendoring.observed.merge import FIELDS, UNDATED, VERSION, WORDS, rank
from contracts.vendoring.observed.words import personal, plain_name, plain_word, token

SAMPLED: Final = 200
MAX_DEPTH: Final = 24
OTHER_URI: Final = "other-uri"
"""The format of `urn:a:b`: a word of an API may look like it."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("date-time", re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[zZ]|[+-]\d\d:?\d\d)?\Z")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d\Z")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")),
    ("uri", re.compile(r"[a-z][a-z0-9+.-]*://\S+\Z")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")),
    ("digits", re.compile(r"-?\d+(?:\.\d+)?\Z")),
)


class _Day:
    """Counts of one field on one day."""

    __slots__ = ("formats", "found", "items", "length", "number", "types")

    def __init__(self) -> None:
        self.found = 0
        self.types: dict[str, int] = {}
        self.formats: dict[str, int] = {}
        self.length: list[int] | None = None
        self.items: list[int] | None = None
        self.number: list[float] | None = None

    def dump(self) -> Json:
        """Give the day in the form of observed.json."""
        whole = {"in": self.found, "types": self.types, "formats": self.formats}
        ranges = {"length": self.length, "items": self.items, "number": self.number}
        return {**whole, **{key: value for key, value in ranges.items() if value is not None}}


class _Field:
    """Counts of one field."""

    __slots__ = ("days", "more", "words")

    def __init__(self) -> None:
        self.days: dict[str, _Day] = {}
        self.words: dict[str, list[Json]] = {}
        self.more = False

    def add(self, word: str, day: str) -> None:
        """Count a word; a place that holds too many different ones keeps none."""
        if self.more:
            return
        seen = self.words.setdefault(word, [0, day, day])
        self.words[word] = [seen[0] + 1, min(seen[1], day), max(seen[2], day)]
        if len(self.words) > WORDS:
            self.words, self.more = {}, True

    def day(self, day: str) -> _Day:
        found = self.days.get(day)
        if found is None:
            found = self.days[day] = _Day()
        return found


class _Operation:
    """Counts of one operation and status."""

    __slots__ = ("days", "fields", "more")

    def __init__(self) -> None:
        self.days: dict[str, int] = {}
        self.fields: dict[str, _Field] = {}
        self.more = False

    def field(self, place: str) -> _Field:
        found = self.fields.get(place)
        if found is None:
            found = self.fields[place] = _Field()
            if len(self.fields) > 2 * FIELDS:
                self.fields, self.more = _bottom(self.fields, FIELDS), True
        return found


def _bottom(values: dict[str, _Field], most: int) -> dict[str, _Field]:
    kept = set(sorted(values, key=rank)[:most])
    return {key: value for key, value in values.items() if key in kept}


class Collector:
    """Takes interactions in, gives their summary; two collectors' summaries add up to that of both's traffic.

    `name` says what operation an interaction belongs to (`GET /path`), or None to pass it over; without it
    the request's own path is used, ids in it written `{}`. `published` are words that a spec prints. Only
    live and recorded answers count. With `asked`, what requests show is counted too, in `requests`.
    """

    def __init__(
        self,
        name: Callable[[Interaction], str | None] | None = None,
        published: frozenset[str] = frozenset(),
        *,
        asked: bool = False,
    ) -> None:
        self._name = name or own_name
        self._published = published
        self._operations: dict[str, _Operation] = {}
        self._requests: dict[str, _Operation] = {}
        self._asked = asked
        self.taken = self.passed = 0

    def take_all(self, interactions: Iterable[Interaction]) -> None:
        """Take interactions in."""
        for interaction in interactions:
            self.take(interaction)

    def take(self, interaction: Interaction) -> None:
        """Take one interaction in; what has no readable JSON answer is counted as passed over."""
        response = interaction.response
        name = self._name(interaction) if interaction.source in {Source.LIVE, Source.RECORDED} else None
        if response is None or name is None:
            self.passed += 1
            return
        decoded = decode(response.body) if response.body else None
        if decoded is not None and not decoded.usable:
            self.passed += 1
            return
        dated = _DAY.match(interaction.recorded_at)
        day = dated[0] if dated else UNDATED
        operation = self._operations.setdefault(f"{name} {response.status}", _Operation())
        operation.days[day] = operation.days.get(day, 0) + 1
        self.taken += 1
        if decoded is not None:
            self._value(operation, "", decoded.value, day, 0)
        for part, value in shown(interaction, name) if self._asked else ():
            request = self._requests.setdefault(f"{name} {part}", _Operation())
            request.days[day] = request.days.get(day, 0) + 1
            self._value(request, "", value, day, 0)

    def _value(self, operation: _Operation, place: str, value: Json, day: str, depth: int) -> None:
        field = operation.field(place)
        counts = field.day(day)
        counts.found += 1
        kind = _kind(value)
        counts.types[kind] = counts.types.get(kind, 0) + 1
        if kind == "string":
            self._text(field, counts, value, day, place)
        elif kind in {"integer", "number"}:
            counts.number = _widened(counts.number, *_about(value))
        elif depth < MAX_DEPTH and kind == "array":
            counts.items = _widened(counts.items, len(value))
            for item in value:
                self._value(operation, f"{place}/*", item, day, depth + 1)
        elif depth < MAX_DEPTH and kind == "object":
            for key, item in value.items():
                self._value(operation, f"{place}/{token(key, self._published)}", item, day, depth + 1)

    def _text(self, field: _Field, counts: _Day, value: str, day: str, place: str) -> None:
        counts.length = _widened(counts.length, len(value))
        shape = _shape(value) if len(value) <= SAMPLED else ""
        if value in self._published or (not (shape or personal(place)) and plain_word(value)):
            field.add(value, day)
        if (not shape or shape.startswith("like ")) and ":" in value[:SAMPLED] and FORMATS["uri"](value):
            shape = OTHER_URI
        if shape:
            counts.formats[shape] = counts.formats.get(shape, 0) + 1

    def summary(self) -> Json:
        """Give the summary of everything taken in."""
        requests = {key: _dumped(op) for key, op in sorted(self._requests.items())}
        return {
            "version": VERSION,
            "operations": {key: _dumped(op) for key, op in sorted(self._operations.items())},
            **({"requests": requests} if self._asked else {}),
        }


def _dumped(operation: _Operation) -> Json:
    """Write an operation; of too many fields those that rank lowest."""
    places = sorted(operation.fields, key=rank)[:FIELDS]
    fields = {
        place: {
            "days": {day: counts.dump() for day, counts in sorted(operation.fields[place].days.items())},
            "words": dict(sorted(operation.fields[place].words.items())),
            "more_words": operation.fields[place].more,
        }
        for place in sorted(places)
    }
    more = operation.more or len(operation.fields) > FIELDS
    return {"days": dict(sorted(operation.days.items())), "fields": fields, "more_fields": more}


def _kind(value: Json) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int):
        return "integer"
    return {float: "number", str: "string", list: "array", dict: "object"}[type(value)]


def _widened(bounds: list[Json] | None, *values: Json) -> list[Json] | None:
    found = [*(bounds or ()), *values]
    return [min(found), max(found)] if found else None


def _about(value: float) -> tuple[int, ...]:
    """Give whole numbers of one significant digit around a number; from 100 on none is kept as it is."""
    if isinstance(value, float) and not math.isfinite(value):
        return ()
    return _rounded_down(math.floor(value)), -_rounded_down(-math.ceil(value))


def _rounded_down(number: int) -> int:
    step = 10 ** (len(str(abs(number))) - 1)
    return number if abs(number) < 100 else number // step * step


@lru_cache(maxsize=65536)
def _shape(value: str) -> str:
    """Name the format that a text has, `like date-time` where it breaks the rules of it; "" for none."""
    found = next((name for name, pattern in _SHAPES if pattern.match(value)), "")
    return found if found not in FORMATS or FORMATS[found](value) else f"like {found}"


def own_name(interaction: Interaction) -> str:
    """Name an interaction by its own method and path, ids in it written `{}`."""
    path = interaction.request.url.partition("://")[2].partition("/")[2].partition("?")[0].partition("#")[0]
    shown = "/".join(part if not part or plain_name(part) else "{}" for part in path.split("/"))
    return f"{interaction.request.method.upper()} /{shown}"
