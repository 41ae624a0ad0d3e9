"""Relations between siblings: order and sums of numbers, order of times, length of a list against a count.

A normalizer that trusts `completed <= total`, or that a batch ends after it began, is wrong on payloads
that the vendor may send. Each relation is a point; a profile is a set of values that shows some of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Final

from contracts.generate.leaves import Number, Text, exact, hint, numbers, texts
from contracts.generate.places.factors import Node
from contracts.model import Json

_MOST: Final = 8
_STAMPS: Final = tuple(f"2024-01-{day:02d}T10:30:00Z" for day in range(1, 29))
_SAME: Final = (
    "2024-01-15T10:30:00Z",
    "2024-01-15T12:30:00+02:00",
    "2024-01-15T05:30:00-05:00",
    "2024-01-15T10:30:00.000Z",
)
_FRACTIONS: Final = tuple(
    f"2024-01-15T10:30:00{digits}Z" for digits in (".9", "", ".123", ".05", ".5", ".000001", ".99", ".1")
)
_AGAINST: Final = tuple(f"2024-01-15T{20 - hour}:30:00-{2 * hour:02d}:00" for hour in range(11))
"""Times that rise while their texts fall."""

Profile = tuple[str, Mapping[str, Json]]


@lru_cache(maxsize=1024)
def counts(node: Node) -> tuple[str, ...]:
    """Name the number properties of an object that can be compared."""
    return tuple(name for name in node.factors if number(node, name) is not None)[:_MOST]


@lru_cache(maxsize=1024)
def times(node: Node) -> tuple[str, ...]:
    """Name the properties that hold times: by format, or plain text under a name that says so."""
    return tuple(name for name in node.factors if _time(node, name) is not None)[:_MOST]


@lru_cache(maxsize=1024)
def lists(node: Node) -> tuple[str, ...]:
    """Name the properties that may hold two or more items."""
    return tuple(
        n for n, f in node.factors.items() if any(level.name.startswith("len2") for level in f.levels)
    )[:_MOST]


def number(node: Node, name: str) -> Number | None:
    """Give the domain of a property's numbers, the first of several."""
    found = (level.domain for level in node.factors[name].levels if isinstance(level.domain, Number))
    return next(found, None)


def _time(node: Node, name: str) -> Text | None:
    for level in node.factors[name].levels:
        domain = level.domain
        if isinstance(domain, Text) and (
            "date-time" in domain.formats or (not domain.formats and hint(name) == "date-time")
        ):
            return domain
    return None


_NO_PART: Final = re.compile(
    r"version|percent|progress|ratio|rate|time|code|attempt|retr|max|limit|ttl", re.IGNORECASE
)
_WHOLE: Final = re.compile(r"total|^all|overall|(^|_)count$|Count$", re.IGNORECASE)


@lru_cache(maxsize=1024)
def parts(node: Node) -> tuple[str, ...]:
    """Name the numbers that may add up: counts, not versions, shares or durations."""
    return tuple(name for name in counts(node) if not _NO_PART.search(name))


@lru_cache(maxsize=1024)
def sums(node: Node) -> tuple[tuple[str, str, str], ...]:
    """Give each number that is named like a whole with every two of the others."""
    wholes = [name for name in parts(node) if _WHOLE.search(name)]
    return tuple((t, a, b) for t in wholes for a, b in combinations([n for n in parts(node) if n != t], 2))


def shares(node: Node) -> Iterator[tuple[str, str]]:
    """Yield each number that is named like a whole with each other one: 29 of 100 is 28.999... in floats."""
    wholes = [name for name in parts(node) if _WHOLE.search(name)]
    yield from ((total, part) for total in wholes for part in parts(node) if part != total)


def points(node: Node) -> Iterator[str]:
    """Yield the ids of all relations of an object."""
    for names in (counts(node), times(node)):
        for a, b in combinations(names, 2):
            yield from (f"{node.path}.{a}{sign}{b}" for sign in "<=>")
    if len(parts(node)) > 2:
        for total in parts(node):
            yield from (f"{node.path}.sum{sign}{total}" for sign in "<=>")
        for total, a, b in sums(node):
            yield from (f"{node.path}.{a}+{b}{sign}{total}" for sign in "<=>")
    for total, part in shares(node):
        yield f"{node.path}.{part}=29%-of-{total}"
    yield from lengths(node)
    if len(times(node)) > 1:
        yield f"{node.path}.times-same-instant"
        yield f"{node.path}.times-within-a-second"
    for a, b in combinations(times(node), 2):
        yield from (f"{node.path}.{a}{sign}{b}-against-text" for sign in "<>")


@lru_cache(maxsize=1024)
def lengths(node: Node) -> Mapping[str, tuple[str, str, int]]:
    """Give the relations of lists to numbers: the list, the number, and how much it has over the length."""
    signs = (("<", 1), ("=", 0), (">", -1))
    return {
        f"{node.path}.len({items}){sign}{count}": (items, count, more)
        for count in counts(node)
        for items in lists(node)
        for sign, more in signs
    }


def seen(node: Node, value: Mapping[str, Json]) -> Iterator[str]:
    """Yield the relations that an object shows."""
    yield from (point for point, _ in told(node, value))


def told(node: Node, value: Mapping[str, Json]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the relations that an object shows, each with the properties it is between."""
    have = {name: value[name] for name in counts(node) if _is_number(value.get(name))}
    for a, b in combinations(have, 2):
        yield f"{node.path}.{a}{sign(have[a], have[b])}{b}", (a, b)
    mine = {name: have[name] for name in parts(node) if name in have}
    if len(mine) > 2 and len(mine) == len(parts(node)):
        for total, own in mine.items():
            others = added(value for name, value in mine.items() if name != total)
            yield f"{node.path}.sum{sign(others, own)}{total}", parts(node)
    for total, a, b in sums(node):
        if total in mine and a in mine and b in mine:
            yield (
                f"{node.path}.{a}+{b}{sign(added((mine[a], mine[b])), mine[total])}{total}",
                (total, a, b),
            )
    for total, part in shares(node):
        if mine.get(total) == 100 and mine.get(part) == 29:
            yield f"{node.path}.{part}=29%-of-{total}", (total, part)
    for items in lists(node):
        if isinstance(value.get(items), list):
            length = len(value[items])
            yield from ((f"{node.path}.len({items}){sign(length, have[n])}{n}", (items, n)) for n in have)
    yield from _of_times(node, value)


def _of_times(node: Node, value: Mapping[str, Json]) -> Iterator[tuple[str, tuple[str, ...]]]:
    have = {name: at for name in times(node) if (at := _instant(value.get(name))) is not None}
    for a, b in combinations(have, 2):
        sign = "<" if have[a] < have[b] else ">" if have[a] > have[b] else "="
        yield f"{node.path}.{a}{sign}{b}", (a, b)
        if sign == "=" and value[a] != value[b]:
            yield f"{node.path}.times-same-instant", (a, b)
        if timedelta(0) < abs(have[a] - have[b]) < timedelta(seconds=1):
            yield f"{node.path}.times-within-a-second", (a, b)
        if sign != "=" and (value[a] < value[b]) != (sign == "<"):
            yield f"{node.path}.{a}{sign}{b}-against-text", (a, b)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def added(values: Iterable[float]) -> Json:
    """Add numbers, beyond what a double holds as well."""
    values = tuple(values)
    try:
        return sum(values)
    except OverflowError:
        return sum(map(exact, values), start=Fraction(0))


def sign(a: Json, b: Json) -> str:
    """Say how two numbers compare."""
    return "<" if a < b else ">" if a > b else "="


def _instant(value: Json) -> datetime | None:
    """Read a time well inside the calendar; the extremes have classes of their own."""
    return _read(value) if isinstance(value, str) and value[:4] not in ("0000", "0001", "9999") else None


@lru_cache(maxsize=4096)
def _read(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else None
    except ValueError:
        return None


def profiles(node: Node) -> Iterator[Profile]:
    """Yield sets of sibling values that together show every relation."""
    names = counts(node)
    if len(names) > 1 or (names and lists(node)):
        for label, values in _patterns(names):
            fitted = {
                n: v for n, v in values.items() if (d := number(node, n)) is not None and numbers.allows(d, v)
            }
            yield f"numbers-{label}", fitted
    yield from _sums(node)
    stamps = times(node)
    if len(stamps) > 1:
        rows = (
            ("rising", _STAMPS),
            ("falling", _STAMPS[::-1]),
            ("equal", _STAMPS[:1] * 20),
            ("same-instant", _SAME * 3),
            ("within-a-second", _FRACTIONS),
            ("rising-against-text", _AGAINST),
            ("falling-against-text", _AGAINST[::-1]),
        )
        for label, row in rows:
            chosen = dict(zip(stamps, row, strict=False))
            yield (
                f"times-{label}",
                {n: v for n, v in chosen.items() if (t := _time(node, n)) and texts.allows(t, v)},
            )


def _sums(node: Node) -> Iterator[Profile]:
    for total, part in shares(node):
        others = dict.fromkeys((name for name in parts(node) if name not in (total, part)), 0)
        yield f"numbers-29%-of-{total}-{part}", _fitted(node, {**others, total: 100, part: 29})
    if len(parts(node)) < 3:
        return
    for label, values in _of_parts(parts(node)):
        yield f"numbers-{label}", _fitted(node, values)
    for total, a, b in sums(node):
        for label, whole in (("make", 3), ("above", 2), ("below", 4)):
            yield f"numbers-{a}-{b}-{label}-{total}", _fitted(node, {total: whole, a: 1, b: 2})


def _fitted(node: Node, values: Mapping[str, Json]) -> dict[str, Json]:
    return {n: v for n, v in values.items() if (d := number(node, n)) is not None and numbers.allows(d, v)}


def _patterns(names: tuple[str, ...]) -> Iterator[Profile]:
    yield "rising", {name: 1 + index for index, name in enumerate(names)}
    yield "falling", {name: len(names) - index for index, name in enumerate(names)}
    yield "equal", dict.fromkeys(names, 2)
    yield "none", dict.fromkeys(names, 0)
    # Beyond a byte, equal numbers are not one object in CPython: small ones hide `is` in place of `==`.
    yield "many", dict.fromkeys(names, 300)


def _of_parts(names: tuple[str, ...]) -> Iterator[Profile]:
    for total in names:
        others = {name: 1 + index for index, name in enumerate(n for n in names if n != total)}
        whole = sum(others.values())
        yield f"parts-make-{total}", {**others, total: whole}
        yield f"parts-below-{total}", {**others, total: whole + 3}
        yield f"parts-above-{total}", {**others, total: whole - 1}
        yield f"all-{total}", {**dict.fromkeys(others, 0), total: 2}
        for part in others:
            yield f"all-{total}-are-{part}", {**dict.fromkeys(others, 0), total: 2, part: 2}
