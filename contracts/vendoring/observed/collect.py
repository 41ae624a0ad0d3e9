"""Interactions into a summary: one pass, memory bounded by the number of fields, nothing personal kept."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Final, TypeVar

from contracts.address import read_address
from contracts.decode import decode
from contracts.model import Interaction, Json, Source
from contracts.schema import FORMATS
from contracts.vendoring.observed.asked import shown
from contracts.vendoring.observed.columns import SAMPLED, alike, by_keys, by_kind, shape_of
from contracts.vendoring.observed.merge import FIELDS, OPERATIONS, UNDATED, VERSION, WORDS, rank
from contracts.vendoring.observed.words import personal, plain_name, plain_word, token

BLOCK: Final = 512
HELD: Final = 8 * 1024 * 1024
"""So many values of one kind, or bytes of all, wait before they are taken in as columns."""
KEYS: Final = 10_000
"""So many different sets of keys are remembered."""
MAX_DEPTH: Final = 24
OTHER_URI: Final = "other-uri"
"""The format of `urn:a:b`: a word of an API may look like it."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


T = TypeVar("T")


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

    def add(self, word: str, times: int, day: str) -> None:
        """Count a word; a place that holds too many different ones keeps none."""
        if self.more:
            return
        seen = self.words.setdefault(word, [0, day, day])
        self.words[word] = [seen[0] + times, min(seen[1], day), max(seen[2], day)]
        if len(self.words) > WORDS:
            self.words, self.more = {}, True

    def day(self, day: str) -> _Day:
        found = self.days.get(day)
        if found is None:
            found = self.days[day] = _Day()
        return found


class _Operation:
    """Counts of one operation and status."""

    __slots__ = ("days", "fields", "held", "more", "waiting")

    def __init__(self) -> None:
        self.days: dict[str, int] = {}
        self.waiting: dict[str, list[Json]] = {}
        self.held: dict[str, int] = {}
        self.fields: dict[str, _Field] = {}
        self.more = False

    def field(self, place: str) -> _Field:
        found = self.fields.get(place)
        if found is None:
            found = self.fields[place] = _Field()
            if len(self.fields) > 2 * FIELDS:
                self.fields, self.more = _bottom(self.fields, FIELDS), True
        return found


def _bottom(values: dict[str, T], most: int) -> dict[str, T]:
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
        self._known: dict[tuple[str, int], _Operation] = {}
        self._steps: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._held, self._more = 0, False
        self._asked = asked
        self.taken = self.passed = 0

    def take_all(self, interactions: Iterable[Interaction]) -> None:
        """Take interactions in."""
        for interaction in interactions:
            self.take(interaction)

    def take(self, interaction: Interaction) -> None:
        """Take one interaction in; what has no readable JSON answer is counted as skipped."""
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
        self.taken += 1
        self._of(name, response.status, day).days[day] += 1
        if decoded is not None:
            self._put(self._of(name, response.status, day), decoded.value, day, len(response.body))
        for part, value in shown(interaction, name) if self._asked else ():
            request = self._requests.setdefault(f"{name} {part}", _Operation())
            request.days[day] = request.days.get(day, 0) + 1
            self._put(request, value, day, 100)

    def put(self, name: str, status: int, day: str, value: Json, size: int) -> None:
        """Take in the body of an answer that was decoded before; `size` is about its length in bytes."""
        operation = self._of(name, status, day)
        operation.days[day] += 1
        self.taken += 1
        self._put(operation, value, day, size)

    def _of(self, name: str, status: int, day: str) -> _Operation:
        key = (name, status)
        operation = self._known.get(key)
        if operation is None:
            operation = self._known[key] = self._operations.setdefault(f"{name} {status}", _Operation())
            if len(self._operations) > 2 * OPERATIONS:
                self._operations, self._more = _bottom(self._operations, OPERATIONS), True
                kept = set(map(id, self._operations.values()))
                self._known = {one: known for one, known in self._known.items() if id(known) in kept}
        if day not in operation.days:
            operation.days[day] = 0
        return operation

    def _put(self, operation: _Operation, value: Json, day: str, size: int) -> None:
        """Hold a value until there are enough of its kind: then they are looked at column by column."""
        waiting = operation.waiting.get(day)
        if waiting is None:
            waiting = operation.waiting[day] = []
            operation.held[day] = 0
        waiting.append(value)
        self._held += size
        operation.held[day] += size
        if len(waiting) >= BLOCK:
            self._held -= operation.held[day]
            operation.waiting[day], operation.held[day] = [], 0
            self._column(operation, "", waiting, day, 0)
        elif self._held >= HELD:
            self._flush()

    def _flush(self) -> None:
        self._held = 0
        for operation in (*self._operations.values(), *self._requests.values()):
            for day, waiting in operation.waiting.items():
                if waiting:
                    self._column(operation, "", waiting, day, 0)
            operation.waiting.clear()

    def _column(self, operation: _Operation, place: str, values: list[Json], day: str, depth: int) -> None:
        """Take in all values of one place."""
        field = operation.field(place)
        counts = field.day(day)
        counts.found += len(values)
        for kind, column in by_kind(values):
            counts.types[kind] = counts.types.get(kind, 0) + len(column)
            if kind == "string":
                self._texts(field, counts, column, day, place)
            elif kind in {"integer", "number"}:
                least, most = _about(min(column)), _about(max(column))
                counts.number = _widened(counts.number, *least, *most)
            elif depth < MAX_DEPTH and kind == "array":
                counts.items = _widened(counts.items, *set(map(len, column)))
                if items := list(chain.from_iterable(column)):
                    self._column(operation, f"{place}/*", items, day, depth + 1)
            elif depth < MAX_DEPTH and kind == "object":
                for step, members in self._members(column).items():
                    self._column(operation, f"{place}/{step}", members, day, depth + 1)

    def _members(self, objects: list[dict[str, Json]]) -> dict[str, list[Json]]:
        """Part objects into the columns of their members, all those with the same keys at once."""
        found: dict[str, list[Json]] = {}
        for keys, same in by_keys(objects):
            steps = self._steps.get(keys)
            if steps is None:
                steps = tuple(token(key, self._published) for key in keys)
                if len(self._steps) < KEYS:
                    self._steps[keys] = steps
            for step, column in zip(steps, zip(*map(dict.values, same), strict=True), strict=True):
                found.setdefault(step, []).extend(column)
        return found

    def _texts(self, field: _Field, counts: _Day, texts: list[str], day: str, place: str) -> None:
        counts.length = _widened(counts.length, *set(map(len, texts)))
        shape = alike(texts, self._published, wordless=field.more or personal(place))
        if shape is None:
            for text, times in Counter(texts).items():
                self._text(field, counts, text, times, day, place)
        elif shape:
            counts.formats[shape] = counts.formats.get(shape, 0) + len(texts)

    def _text(self, field: _Field, counts: _Day, value: str, times: int, day: str, place: str) -> None:
        shape = shape_of(value) if len(value) <= SAMPLED else ""
        if value in self._published or (not (shape or personal(place)) and plain_word(value)):
            field.add(value, times, day)
        if (not shape or shape.startswith("like ")) and ":" in value[:SAMPLED] and FORMATS["uri"](value):
            shape = OTHER_URI
        if shape:
            counts.formats[shape] = counts.formats.get(shape, 0) + times

    def summary(self) -> Json:
        """Give the summary of everything taken in."""
        self._flush()
        parts = {"operations": self._operations, **({"requests": self._requests} if self._asked else {})}
        kept = {part: _bottom(found, OPERATIONS) for part, found in parts.items()}
        more = self._more or any(len(kept[part]) < len(found) for part, found in parts.items())
        return {
            "version": VERSION,
            **{part: {key: _dumped(op) for key, op in sorted(found.items())} for part, found in kept.items()},
            **({"more_operations": True} if more else {}),
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


def own_name(interaction: Interaction) -> str:
    """Name an interaction by its own method and path, ids in it written `{}`."""
    path = read_address(interaction.request.url).path.removeprefix("/")
    shown = "/".join(part if not part or plain_name(part) else "{}" for part in path.split("/"))
    return f"{interaction.request.method.upper()} /{shown}"


def hosted_name(interaction: Interaction) -> str:
    """Name an interaction as `own_name` does, with its host: equal paths of two hosts are two operations."""
    method, _, path = own_name(interaction).partition(" ")
    host = read_address(interaction.request.url).netloc
    return f"{method} {host}{path}"
