"""Interactions into a summary: one pass, memory bounded by the number of fields, nothing personal kept."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from contracts.decode import decode
from contracts.drift.observed.merge import FIELDS, UNDATED, VERSION, WORDS, rank
from contracts.model import Interaction, Json, Source
from contracts.secret import mask

SAMPLED: Final = 200
WORD: Final = "word"
MAX_DEPTH: Final = 24
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.:/+ -]{0,39}\Z")
_ID: Final = re.compile(r"(?=.*\d)[0-9a-fA-F-]{8,}\Z|\d{3,}\Z|(?=(?:.*\d){4})[A-Za-z0-9_-]{12,}\Z|.*[@%].*")
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
    the request's own path is used, ids in it written `{}`. Only live and recorded answers count.
    """

    def __init__(self, name: Callable[[Interaction], str | None] | None = None) -> None:
        self._name = name or plain_name
        self._operations: dict[str, _Operation] = {}
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
        day = interaction.recorded_at[:10] or UNDATED
        operation = self._operations.setdefault(f"{name} {response.status}", _Operation())
        operation.days[day] = operation.days.get(day, 0) + 1
        self.taken += 1
        if decoded is not None:
            self._value(operation, "", decoded.value, day, 0)

    def _value(self, operation: _Operation, place: str, value: Json, day: str, depth: int) -> None:
        field = operation.field(place)
        counts = field.day(day)
        counts.found += 1
        kind = _kind(value)
        counts.types[kind] = counts.types.get(kind, 0) + 1
        if kind == "string":
            _text(field, counts, value, day)
        elif kind in {"integer", "number"}:
            counts.number = _widened(counts.number, value)
        elif depth < MAX_DEPTH and kind == "array":
            counts.items = _widened(counts.items, len(value))
            for item in value:
                self._value(operation, f"{place}/*", item, day, depth + 1)
        elif depth < MAX_DEPTH and kind == "object":
            for key, item in value.items():
                self._value(operation, f"{place}/{_key(key)}", item, day, depth + 1)

    def summary(self) -> Json:
        """Give the summary of everything taken in."""
        return {
            "version": VERSION,
            "operations": {key: _dumped(op) for key, op in sorted(self._operations.items())},
        }


def _dumped(operation: _Operation) -> Json:
    """Write an operation; of too many fields those that rank lowest."""
    places = sorted(operation.fields, key=rank)[:FIELDS]
    fields = {
        place: {
            "days": {day: counts.dump() for day, counts in sorted(operation.fields[place].days.items())},
            "words": dict(sorted(_few(operation.fields[place].words).items())),
            "more_words": operation.fields[place].more or len(operation.fields[place].words) > WORDS,
        }
        for place in sorted(places)
    }
    more = operation.more or len(operation.fields) > FIELDS
    return {"days": dict(sorted(operation.days.items())), "fields": fields, "more_fields": more}


def _few(words: dict[str, list[Json]]) -> dict[str, list[Json]]:
    return {word: words[word] for word in sorted(words, key=rank)[:WORDS]}


def _kind(value: Json) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int):
        return "integer"
    return {float: "number", str: "string", list: "array", dict: "object"}[type(value)]


def _widened(bounds: list[Json] | None, value: Json) -> list[Json] | None:
    if isinstance(value, float) and not math.isfinite(value):
        return bounds
    return [value, value] if bounds is None else [min(bounds[0], value), max(bounds[1], value)]


def _text(field: _Field, counts: _Day, value: str, day: str) -> None:
    counts.length = _widened(counts.length, len(value))
    seen = field.words.get(value)
    if seen is not None:
        seen[0] += 1
        if day < seen[1]:
            seen[1] = day
        elif day > seen[2]:
            seen[2] = day
        return
    shape = _shape(value)
    if shape == WORD:
        field.words[value] = [1, day, day]
        if len(field.words) > 4 * WORDS:
            field.words, field.more = _few(field.words), True
    elif shape:
        counts.formats[shape] = counts.formats.get(shape, 0) + 1


@lru_cache(maxsize=65536)
def _shape(value: str) -> str:
    """Name what a text looks like; `WORD` for one that may be kept, the empty string for anything else."""
    if len(value) > SAMPLED:
        return ""
    found = next((name for name, pattern in _SHAPES if pattern.match(value)), "")
    plain = not found and _WORD.match(value) and not _ID.match(value) and mask(value) == value
    return WORD if plain else found


@lru_cache(maxsize=65536)
def _key(key: str) -> str:
    """Write a key as a pointer token; keys that are ids of things share one token."""
    if _ID.match(key) or len(key) > 100 or mask(key) != key:
        return "{}"
    return key.replace("~", "~0").replace("/", "~1")


def plain_name(interaction: Interaction) -> str:
    """Name an interaction by its own method and path, ids in it written `{}`."""
    path = interaction.request.url.partition("://")[2].partition("/")[2].partition("?")[0].partition("#")[0]
    shown = "/".join("{}" if part.isdigit() or _ID.match(part) else part for part in path.split("/"))
    return f"{interaction.request.method.upper()} /{shown}"
