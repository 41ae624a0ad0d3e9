"""Coverage points: which there are; `shown.py` tells which of them a payload shows.

Kinds: levels and pairs of levels (in one object, and of an object with those above it), leaf classes, sizes
and repetitions of arrays, which optional properties are there, and relations between siblings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias

from contracts.generate.leaves import Array, key_of
from contracts.generate.places import (
    Factor,
    Level,
    Model,
    Node,
    bounds,
    classes,
    level_of,
    one_domain,
    relations,
)
from contracts.model import Json

PAIRS: Final = 24_000
"""How many pairs are asked for; a schema with more is covered pairwise near its root only."""

_SPECIAL: Final = re.compile(r"=(string|number):[a-z-]+$")

Ends: TypeAlias = tuple[Node, tuple[Factor, Level], tuple[Factor, Level]]
"""Where a pair stands: the lower of the two objects, and both levels."""
Classes: TypeAlias = tuple[tuple[str, Json], ...]
"""The points of a leaf's classes, with a value of each."""

Profiled: TypeAlias = tuple[Mapping[str, Json], tuple[tuple[str, frozenset[str]], ...]]
"""Values of siblings, and the relations that they show, each with those it is between."""


class Option(NamedTuple):
    """A level as the rows of a payload see it: its number, the number of its shape, and both as bits."""

    level: Level
    number: int
    shape: int
    bit: int
    shape_bit: int
    point: str


class Points:
    """The points of a model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.places = model.places
        self.levels: list[str] = []
        self.numbers: dict[str, int] = {}
        self.ids = {id(level): f.point(level.name) for f in model.factors for level in f.levels}
        self._by_level: dict[int, int] = {}
        for node in model.nodes:
            for factor in node.factors.values():
                for level in factor.levels:
                    self._by_level[id(level)] = self._number(level)
        self.coarse = self._shapes()
        self.options = {id(f): self._options(f) for node in model.nodes for f in node.factors.values()}
        self.presence = {id(node): dict.fromkeys(_presence_points(node)) for node in model.nodes}
        self.size = len(self.levels)
        self._stands = {self.numbers[point] for node in model.nodes for point in _words(node)}
        self.pairs = self._all_pairs()
        self._classes_of: dict[int, Classes] = {}
        self._values_of: dict[int, Classes] = {}
        self._below: dict[int, tuple[str, ...]] = {}
        self.impossible = {id(node): dict(bounds.impossible(node)) for node in model.nodes}
        self.relations = {id(node): dict.fromkeys(self._related(node)) for node in model.nodes}
        self.profiles = {id(node): tuple(self._profiles(node)) for node in model.nodes}
        self.singles = dict.fromkeys(self._singles())

    def _number(self, level: Level) -> int:
        point = self.ids[id(level)]
        if point not in self.numbers:
            self.numbers[point] = len(self.levels)
            self.levels.append(point)
        return self.numbers[point]

    def _options(self, factor: Factor) -> tuple[Option, ...]:
        numbers = [self.number(level) for level in factor.levels]
        return tuple(
            Option(level, n, self.coarse[n], 1 << n, 1 << self.coarse[n], self.levels[n])
            for level, n in zip(factor.levels, numbers, strict=True)
        )

    def _shapes(self) -> list[int]:
        """Give for each level the first level of the same place and JSON shape, special values aside."""
        first: dict[str, int] = {}
        return [
            first.setdefault(_SPECIAL.sub(r"=\1", point), number) for number, point in enumerate(self.levels)
        ]

    def number(self, level: Level) -> int:
        """Give the number of a property's level."""
        return self._by_level[id(level)]

    def words(self, numbers: Iterable[int]) -> list[str]:
        """Give those levels that say how an object stands."""
        return [self.levels[number] for number in numbers if number in self._stands]

    def pair(self, a: int, b: int) -> int:
        """Number a pair of levels."""
        return a * self.size + b if a < b else b * self.size + a

    def name(self, pair: int) -> str:
        """Give the id of a pair."""
        return f"{self.levels[pair // self.size]} & {self.levels[pair % self.size]}"

    def ends(self, pair: int) -> tuple[int, int]:
        """Give the numbers of the two levels of a pair."""
        return divmod(pair, self.size)

    def _all_pairs(self) -> dict[int, Ends]:
        """Give each pair with the objects and levels it is asked for in first."""
        found: dict[int, Ends] = {}
        for count, (pair, ends) in enumerate(self._wanted_pairs()):
            if count >= PAIRS:
                self.model.plan.notice(f"only the first {PAIRS:,} pairs of levels are combined")
                break
            found.setdefault(pair, ends)
        return found

    def _wanted_pairs(self) -> Iterator[tuple[int, Ends]]:
        for node in self.model.nodes:
            for first, second in combinations(node.factors.values(), 2):
                yield from self._cross(node, first, second, {})
        for node in self.model.nodes:
            for upper in reversed(node.above):
                allowed = {factor.path: names for factor, names in node.reach}
                for first in upper.factors.values():
                    for second in node.factors.values():
                        yield from self._cross(node, first, second, allowed)

    def _cross(
        self, node: Node, first: Factor, second: Factor, allowed: Mapping[str, tuple[str, ...]]
    ) -> Iterator[tuple[int, Ends]]:
        names = allowed.get(first.path)
        for a in self.options[id(first)]:
            if names is None or a.level.name in names:
                for b in self.options[id(second)]:
                    yield self.pair(a.number, b.number), (node, (first, a.level), (second, b.level))

    def _singles(self) -> Iterator[str]:
        for factor in self.model.factors:
            for level in factor.levels:
                yield self.ids[id(level)]
                yield from (point for point, _ in self.classes(factor, level))
                yield from self._of_lists(factor, level)
        for node in self.model.nodes:
            yield from self._of_objects(node)

    def _of_lists(self, factor: Factor, level: Level) -> Iterator[str]:
        domain = level.domain
        if not isinstance(domain, Array) or level.most == 0 or id(domain) not in factor.inner:
            return
        longest = level.most
        if longest is None or longest >= 10:
            yield f"{factor.path}~ten"
        if longest is None and not domain.unique and not domain.prefix and not domain.contains:
            yield f"{factor.path}~hundred"
        if (longest is None or longest > 1) and not domain.unique:
            yield f"{factor.path}~repeated"

    def _of_objects(self, node: Node) -> Iterator[str]:
        yield from _presence_points(node)
        if node.domain.extras:
            yield f"{node.path}~extra"
        yield from self.relations[id(node)]

    def classes(self, factor: Factor, level: Level) -> Classes:
        """Give the classes of a level that show it and no other, worked out once."""
        if id(level) not in self._classes_of:
            alone = one_domain(factor.levels, level)
            self._classes_of[id(level)] = tuple(
                (f"{factor.path}~{name}", value)
                for name, value in classes(level, factor.name)
                if alone or level_of(factor.levels, value, factor.name) is level
            )
        return self._classes_of[id(level)]

    def _related(self, node: Node) -> Iterator[str]:
        impossible = self.impossible[id(node)]
        return (point for point in relations.points(node) if point not in impossible)

    def _profiles(self, node: Node) -> Iterator[Profiled]:
        """Yield values for siblings that show their relations: usual ones, then some for what is left."""
        left = dict(self.relations[id(node)])
        for _, values in relations.profiles(node):
            shown = tuple((point, frozenset(names)) for point, names in relations.told(node, values))
            yield values, shown
            for point, _ in shown:
                left.pop(point, None)
        for _, values in bounds.fitting(node, left):
            yield values, tuple((point, frozenset(names)) for point, names in relations.told(node, values))

    def values(self, path: str, level: Level) -> Classes:
        """Give the values of a leaf's level: those of its classes, or those it lists."""
        if id(level) not in self._values_of:
            listed = ((f"{path}~{key_of(value)}", value) for value in level.values)
            self._values_of[id(level)] = self._classes_of.get(id(level)) or tuple(listed)
        return self._values_of[id(level)]

    def below(self, factor: Factor, level: Level) -> tuple[str, ...]:
        """Give the single points in and below a level."""
        if id(level) not in self._below:
            self._below[id(level)] = ()
            self._below[id(level)] = tuple(dict.fromkeys(self._under(factor, level)))
        return self._below[id(level)]

    def _under(self, factor: Factor, level: Level) -> Iterator[str]:
        yield self.ids[id(level)]
        yield from (point for point, _ in self.classes(factor, level))
        yield from self._of_lists(factor, level)
        nodes = factor.nodes.get(level.name, ())
        for node in nodes:
            yield from self._of_objects(node)
        under = [each for node in nodes for each in node.factors.values()]
        if isinstance(level.domain, Array) and level.most != 0:
            under += factor.inner.get(id(level.domain), {}).values()
        for each in under:
            for one in each.levels:
                yield from self.below(each, one)


def _words(node: Node) -> Iterator[str]:
    """Yield the levels that say how an object stands: members of enumerations, booleans, words of a state."""
    for factor in node.factors.values():
        for level in factor.levels if len(factor.levels) > 1 else ():
            if level.name.startswith("=") or "status-word" in level.name:
                yield factor.point(level.name)


def _presence_points(node: Node) -> Iterator[str]:
    names = optional(node)
    if names:
        yield from (f"{node.path}?none", f"{node.path}?all")
        yield from (f"{node.path}?only:{name}" for name in names)
        yield from (f"{node.path}?missing:{name}" for name in names)


def optional(node: Node) -> tuple[str, ...]:
    """Name the properties of an object that need not be there."""
    return tuple(name for name in node.factors if name not in node.domain.required)


_MOST: Final = 16


class Uncovered:
    """What is still to be covered, and how often each choice was taken.

    `partners` holds for each level (by number) those it is still to be shown with, as bits;
    `shape_partners` the same for shapes.
    """

    def __init__(self, points: Points) -> None:
        self.points = points
        self.pairs = set(points.pairs)
        self.shapes = set(map(self.shape, points.pairs))
        self.partners = _partners(self.pairs, points.size)
        self.shape_partners = _partners(self.shapes, points.size)
        self.singles = dict(points.singles)
        self.bonus: set[str] = set()
        self.used: dict[str, int] = {}
        self._demand: dict[int, int] = {}
        self._above: dict[str, list[int]] = {}
        for level, point in self._count():
            self._demand[level] = self._demand.get(level, 0) + 1
            self._above.setdefault(point, []).append(level)

    def shape(self, pair: int) -> int:
        """Give the pair of shapes behind a pair of levels."""
        a, b = divmod(pair, self.points.size)
        return self.points.pair(self.points.coarse[a], self.points.coarse[b])

    def take(self, beside: Mapping[int, int], points: Mapping[str, None]) -> tuple[list[int], list[str]]:
        """Cross out what a payload shows (see `Seen`); give what was new."""
        new = sorted(set(self._new(beside)))
        self.pairs.difference_update(new)
        _part(self.partners, new, self.points.size)
        shapes = {self.shape(pair) for pair in new} & self.shapes
        self.shapes -= shapes
        _part(self.shape_partners, shapes, self.points.size)
        fresh = [point for point in points if point in self.singles]
        for point in fresh:
            del self.singles[point]
            for level in self._above[point]:
                self._demand[level] -= 1
        return new, fresh

    def _new(self, beside: Mapping[int, int]) -> Iterator[int]:
        """Yield the open pairs among levels shown together."""
        for a, bits in beside.items():
            left = bits & self.partners[a]
            while left:
                b = left.bit_length() - 1
                yield self.points.pair(a, b)
                left ^= 1 << b

    def give_up(self, pair: int) -> None:
        """Stop aiming at the shapes of a pair for which no payload was found."""
        shape = {self.shape(pair)} & self.shapes
        self.shapes -= shape
        _part(self.shape_partners, shape, self.points.size)

    def demand(self, level: Level) -> int:
        """Say how many points in and below a level are still open, up to sixteen."""
        return min(_MOST, self._demand[id(level)])

    def _count(self) -> Iterator[tuple[int, str]]:
        """Yield each level with each point in and below it."""
        for factor in self.points.model.factors:
            for level in factor.levels:
                for point in self.points.below(factor, level):
                    yield id(level), point

    def count(self, key: str) -> int:
        """Say how often a choice was taken, and take it once more."""
        self.used[key] = self.used.get(key, 0) + 1
        return self.used[key] - 1


def _partners(pairs: Iterable[int], size: int) -> list[int]:
    partners = [0] * size
    for pair in pairs:
        a, b = divmod(pair, size)
        partners[a] |= 1 << b
        partners[b] |= 1 << a
    return partners


def _part(partners: list[int], pairs: Iterable[int], size: int) -> None:
    for pair in pairs:
        a, b = divmod(pair, size)
        partners[a] &= ~(1 << b)
        partners[b] &= ~(1 << a)
