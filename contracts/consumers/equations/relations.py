"""Where a part of an answer comes from: relations to places of the payload, and which holds best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Final

from contracts.consumers.equations.columns import Table
from contracts.consumers.equations.forms import PLACES, Formula, equal, given, made, moment, number
from contracts.consumers.places import GONE
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

    `wanted` has the value that the formula expects in each row, `inputs` the value of its first source.
    """

    formula: Formula
    wanted: Sequence[Json]
    inputs: Sequence[Json]

    @property
    def kind(self) -> str:
        """The kind of the formula: copy, conversion, length, count, sum, ratio, presence and so on."""
        return self.formula.form.kind

    @property
    def words(self) -> str:
        """The formula in words."""
        return self.formula.words

    @property
    def sources(self) -> tuple[str, ...]:
        """The places of the payload that it takes its values from."""
        return self.formula.sources


def relations(table: Table) -> Iterator[Relation]:
    """Yield every relation that the answer could have to the payload, the plain ones first."""
    for one in formulas(table):
        columns = [table.lists.get(at) or table.given[at] for at in one.sources]
        rest = [arg for slot, arg in one.args if slot not in PLACES]
        wanted = [one.form.make(*row, *rest) for row in zip(*columns, strict=True)]
        yield Relation(one, wanted, columns[0])


def formulas(table: Table) -> Iterator[Formula]:
    """Yield the formulas that a column of the answer could have, the plain ones first."""
    for at, values in table.given.items():
        yield from _plain(at, values)
    for at, lists in table.lists.items():
        yield from _of_list(at, lists)
    yield from _of_numbers(table)


def _plain(at: str, values: list[Json]) -> Iterator[Formula]:
    yield made("copy", at)
    yield made("instant", at)
    if any(isinstance(one, str) for one in values):
        yield made("lower", at)
        yield made("upper", at)
    yield from _presence(at, values)
    if any(map(number, values)):
        yield from (made(name, at) for name in ("hundred", "hundredth", "thousand", "thousandth"))


def _presence(at: str, values: list[Json]) -> Iterator[Formula]:
    if 2 < sum(map(given, values)) < len(values) - 2:
        yield made("given", at)
        yield made("missing", at)


def _of_list(at: str, lists: list[Json]) -> Iterator[Formula]:
    yield from (made(name, at) for name in ("length", "fewer", "more", "copy"))
    yield from _presence(at, lists)
    if any(None in one for one in lists if isinstance(one, list)):
        yield made("nulls", at)
    yield from (made("counted", at, key, is_) for key in keys_in(lists) for is_ in ("given", "missing"))
    yield from (made("counted", at, key, f"'{word}'") for key, word in words_in(lists))


def keys_in(lists: Sequence[Json]) -> list[str]:
    """Give the fields of the items; none where these are so many that the items are maps."""
    found = dict.fromkeys(
        key
        for one in lists
        for item in (one if isinstance(one, list) else ())
        for key in (item if isinstance(item, dict) else ())
    )
    return list(found) if len(found) <= 2 * WORDS else []


def words_in(lists: list[Json]) -> Iterator[tuple[str, str]]:
    """Yield each field of the items that has a few words, with each of these."""
    seen: dict[str, Counter[str]] = {}
    for one in lists:
        for item in one if isinstance(one, list) else ():
            for key, value in item.items() if isinstance(item, dict) else ():
                if isinstance(value, str):
                    seen.setdefault(key, Counter())[value] += 1
    yield from ((key, word) for key, words in seen.items() if 1 < len(words) <= WORDS for word in words)


def _of_numbers(table: Table) -> Iterator[Formula]:
    """Combine the numbers of the payload: sums, differences and ratios of two, and of two to a third."""
    names = [at for at, values in table.given.items() if sum(map(number, values)) > len(values) / 4][:NUMBERS]
    yield from (made("sum", *pair) for pair in combinations(names, 2))
    for pair in permutations(names, 2):
        yield made("difference", *pair)
        yield made("ratio", *pair)
    for whole in names:
        for pair in combinations([name for name in names if name != whole], 2):
            yield made("share", *pair, whole)
            yield made("rest", whole, *pair)
    yield from _spans(table)


def _spans(table: Table) -> Iterator[Formula]:
    """Give the seconds from one instant of the payload to another."""
    names = [
        at
        for at, values in table.given.items()
        if sum(moment(one) is not None for one in values) > len(values) / 4
    ]
    yield from (made("span", *pair) for pair in permutations(names[:6], 2))


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
