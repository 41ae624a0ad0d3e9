"""Where a part of an answer comes from: relations to places of the payload, and which holds best."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, permutations
from typing import Final

from contracts.consumers.places import GONE
from contracts.consumers.suspicions.columns import Table
from contracts.instant import instant
from contracts.model import Json

LEAST: Final = 8
"""Rows of a table below which nothing is learnt."""
WORDS: Final = 14
"""A place with more different words than these is no list of states."""
COINCIDENCE: Final = (0.6, 0.95)
"""Small counts are often equal by chance: the share of rows that must hold, for numbers and for lists."""
NUMBERS: Final = 7
"""How many numbers of a payload are combined with each other."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One way in which a column of the answer may come from the payload.

    `kind` is copy, conversion, length, count, sum, ratio, presence or scale; `words` name it in a sentence;
    `sources` are the places; `wanted` has the value that it expects in each row, `inputs` the value of the
    first source.
    """

    kind: str
    words: str
    sources: tuple[str, ...]
    wanted: Sequence[Json]
    inputs: Sequence[Json]


def equal(one: Json, other: Json) -> bool:
    """Whether two values say the same: null and absent do, 1 and 1.0 do, 1 and true do not."""
    if one is GONE or one is None:
        return other is GONE or other is None
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other or (_finite(one) and _finite(other) and math.isclose(one, other, rel_tol=1e-9))
    return type(one) is type(other) and bool(one == other)


def _finite(value: float) -> bool:
    return abs(value) < 1e300


def number(value: Json) -> bool:
    """Whether a value is a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def relations(table: Table) -> Iterator[Relation]:
    """Yield every relation that the answer could have to the payload, the plain ones first."""
    for at, values in table.given.items():
        yield from _plain(at, values)
    for at, lists in table.lists.items():
        yield from _of_list(at, lists)
    yield from _of_numbers(table)


def _plain(at: str, values: list[Json]) -> Iterator[Relation]:
    yield Relation("copy", at, (at,), values, values)
    yield Relation("conversion", f"{at} as an instant", (at,), [_utc(one) for one in values], values)
    if any(isinstance(one, str) for one in values):
        for name, make in (("in lower case", str.lower), ("in upper case", str.upper)):
            changed = [make(one) if isinstance(one, str) else one for one in values]
            yield Relation("conversion", f"{at} {name}", (at,), changed, values)
    there = [one is not GONE and one is not None for one in values]
    if 2 < sum(there) < len(there) - 2:
        yield Relation("presence", f"whether {at} is given", (at,), there, values)
        yield Relation("absence", f"whether {at} is missing", (at,), [not one for one in there], values)
    if any(map(number, values)):
        for factor, words in (
            (100, "100 times"),
            (0.01, "a hundredth of"),
            (1000, "1000 times"),
            (0.001, "a thousandth of"),
        ):
            scaled = [_times(one, factor) for one in values]
            yield Relation("scale", f"{words} {at}", (at,), scaled, values)


def _times(value: Json, factor: float) -> Json:
    return value * factor if number(value) and _finite(value) else value


def _utc(value: Json) -> Json:
    if not isinstance(value, str) or len(value) < 16:
        return value
    found = instant(value)
    return found.moment.isoformat() if found and found.moment else value


def _of_list(at: str, lists: list[Json]) -> Iterator[Relation]:
    sizes = [len(one) if isinstance(one, list) else one for one in lists]
    yield Relation("length", f"the number of items in {at}", (at,), sizes, lists)
    for more, words in ((-1, "one less than"), (1, "one more than")):
        moved = [one + more if isinstance(one, int) else one for one in sizes]
        yield Relation("off", f"{words} the number of items in {at}", (at,), moved, lists)
    yield Relation("copy", at, (at,), lists, lists)
    there = [isinstance(one, list) for one in lists]
    if 2 < sum(there) < len(there) - 2:
        yield Relation("presence", f"whether {at} is given", (at,), there, lists)
        yield Relation("absence", f"whether {at} is missing", (at,), [not one for one in there], lists)
    yield from _counts(at, lists)


def _counts(at: str, lists: list[Json]) -> Iterator[Relation]:
    """Count the items by each word of each of their fields, and those that are null."""
    nulls = [sum(item is None for item in one) if isinstance(one, list) else one for one in lists]
    if any(nulls[index] for index, one in enumerate(lists) if isinstance(one, list)):
        yield Relation("count", f"the number of null items in {at}", (at,), nulls, lists)
    seen: dict[str, Counter[str]] = {}
    for one in lists:
        for item in one if isinstance(one, list) else ():
            for key, value in item.items() if isinstance(item, dict) else ():
                if isinstance(value, str):
                    seen.setdefault(key, Counter())[value] += 1
    for key, words in seen.items():
        if 1 < len(words) <= WORDS:
            for word in words:
                yield Relation(
                    "count",
                    f"the number of items in {at} whose {key} is '{word}'",
                    (f"{at}/*/{key}",),
                    [_count(one, key, word) for one in lists],
                    lists,
                )


def _count(items: Json, key: str, word: str) -> Json:
    if not isinstance(items, list):
        return items
    return sum(isinstance(item, dict) and item.get(key) == word for item in items)


def _of_numbers(table: Table) -> Iterator[Relation]:
    """Combine the numbers of the payload: sums, differences and ratios of two, and of two to a third."""
    columns = {at: values for at, values in table.given.items() if sum(map(number, values)) > len(values) / 4}
    names = list(columns)[:NUMBERS]
    for one, other in combinations(names, 2):
        yield _made("sum", f"{one} + {other}", (one, other), columns, lambda a, b: a + b)
    for one, other in permutations(names, 2):
        yield _made("sum", f"{one} - {other}", (one, other), columns, lambda a, b: a - b)
        yield _made("ratio", f"{one} / {other}", (one, other), columns, lambda a, b: a / b)
    for whole in names:
        for one, other in combinations([name for name in names if name != whole], 2):
            places = (one, other, whole)
            yield _made("ratio", f"({one} + {other}) / {whole}", places, columns, lambda a, b, c: (a + b) / c)
            yield _made("sum", f"{whole} - {one} - {other}", places, columns, lambda a, b, c: c - a - b)
    yield from _spans(table)


def _spans(table: Table) -> Iterator[Relation]:
    """Give the seconds from one instant of the payload to another."""
    moments = {at: [_moment(one) for one in values] for at, values in table.given.items()}
    names = [
        at for at, values in moments.items() if sum(one is not None for one in values) > len(values) / 4
    ][:6]
    for one, other in permutations(names, 2):
        spans = [
            None if a is None or b is None else (b - a).total_seconds()
            for a, b in zip(moments[one], moments[other], strict=True)
        ]
        yield Relation("span", f"the seconds from {one} to {other}", (one, other), spans, table.given[one])


def _moment(value: Json) -> datetime | None:
    found = instant(value) if isinstance(value, str) and len(value) >= 16 else None
    return found.moment if found else None


def _made(
    kind: str, words: str, places: tuple[str, ...], columns: dict[str, list[Json]], make: Callable[..., float]
) -> Relation:
    rows = zip(*(columns[place] for place in places), strict=True)
    return Relation(kind, words, places, [_safe(make, row) for row in rows], columns[places[0]])


def _safe(make: Callable[..., float], row: tuple[Json, ...]) -> Json:
    try:
        return make(*row) if all(map(number, row)) else None
    except (ArithmeticError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Learnt:
    """A column of the answer with the relation that holds best, and in which rows it does.

    `sizes` says that the answer has lists there, which are compared by their lengths.
    """

    where: str
    said: Sequence[Json]
    relation: Relation
    holds: Sequence[bool]
    sizes: bool = False

    @property
    def share(self) -> float:
        """In what share of the rows it holds."""
        return sum(self.holds) / len(self.holds)


def learn(table: Table) -> Iterator[Learnt]:
    """Yield, for each column of the answer, the relation that explains most different values of it."""
    known = list(relations(table))
    for where, said in table.said.items():
        if len(said) < LEAST:
            continue
        best = max((_tried(where, said, one) for one in known), key=_worth, default=None)
        if best is not None and _worth(best) > (0.0, 0, 0):
            yield best


def _tried(where: str, said: list[Json], relation: Relation) -> Learnt:
    sizes = relation.kind in {"length", "count", "off"} and not any(map(number, said))
    values = [len(one) if sizes and isinstance(one, list) else one for one in said]
    holds = [equal(one, wanted) for one, wanted in zip(values, relation.wanted, strict=True)]
    return Learnt(where, values, relation, holds, sizes)


_FEW: Final = frozenset({"presence", "absence", "length", "count", "scale", "ratio"})
"""Relations that two different values are enough for."""


def _worth(one: Learnt) -> tuple[float, int, int]:
    """Order relations: by how many rows with a value they explain, then plain before combined, by name."""
    rows = [
        good for good, said in zip(one.holds, one.said, strict=True) if said is not None and said is not GONE
    ]
    values = {
        repr(said)
        for good, said in zip(one.holds, one.said, strict=True)
        if good and said not in (None, GONE)
    }
    if len(values) < (2 if one.relation.kind in _FEW else 3) or not rows:
        return (0.0, 0, 0)
    if one.relation.kind == "count" and one.share < (COINCIDENCE[1] if one.sizes else COINCIDENCE[0]):
        return (0.0, 0, 0)
    alike = one.relation.sources[0].rpartition("/")[2] in one.where
    plain = -(
        "copy",
        "conversion",
        "presence",
        "absence",
        "length",
        "count",
        "off",
        "scale",
        "sum",
        "ratio",
        "span",
    ).index(one.relation.kind)
    return (sum(one.holds) / len(one.holds), int(alike), plain)
