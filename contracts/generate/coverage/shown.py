"""Which coverage points a payload shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

from contracts.generate.coverage.points import Points, optional
from contracts.generate.leaves import Domain, key_of
from contracts.generate.places import ABSENT, Factor, Level, Node, count_relations, level_of, relations
from contracts.model import Json

Made: TypeAlias = Mapping[int, Domain]
"""Which domain each object and list of a payload was built from, by identity."""
Leaf: TypeAlias = tuple[Level | None, tuple[str, ...]]

_FEW = 16


@dataclass(slots=True)
class Seen:
    """What one payload shows: levels side by side, ids of other points, combinations that are not asked for.

    `beside` holds for each level (by number) the levels beside and below it, as bits.
    """

    beside: dict[int, int] = field(default_factory=dict)
    points: dict[str, None] = field(default_factory=dict)
    bonus: dict[str, None] = field(default_factory=dict)

    def together(self, a: int, b: int) -> bool:
        """Whether two levels are shown together."""
        return bool(self.beside.get(a, 0) >> b & 1 or self.beside.get(b, 0) >> a & 1)


class Shown:
    """Tells what payloads show of one set of points; leaves are looked up once."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self._leaves: dict[tuple[int, type, Json], Leaf] = {}
        self._classes: dict[int, dict[str, str]] = {}

    def seen(self, value: Json, made: Made) -> Seen:
        """Give the points that a payload shows."""
        seen, root = Seen(), self.points.model.root
        self._visit(root, self._level(root, value, made), value, made, (), seen)
        return seen

    def _visit(
        self,
        factor: Factor,
        level: Level | None,
        value: Json,
        made: Made,
        above: tuple[list[int], ...],
        seen: Seen,
    ) -> int:
        """Take note of a value and all below it; give the levels there as bits."""
        if not isinstance(value, dict | list):
            for point in self._leaf(factor, value)[1]:
                seen.points[point] = None
            return 0
        if level is None:
            return 0
        seen.points[self.points.ids[id(level)]] = None
        if isinstance(value, list):
            return self._list(factor, factor.inner.get(id(level.domain), {}), value, made, above, seen)
        node = next(iter(factor.nodes.get(level.name, ())), None)
        return self._object(node, value, made, above, seen) if node is not None else 0

    def _level(self, factor: Factor, value: Json, made: Made) -> Level | None:
        """Find the level of a value that is there."""
        if not isinstance(value, dict | list):
            return self._leaf(factor, value)[0]
        domain = made.get(id(value))
        if domain is None:
            return level_of(factor.levels, value, factor.name)
        same = (level for level in factor.levels if level.domain is domain)
        return next((level for level in same if level.holds(value)), None)

    def _leaf(self, factor: Factor, value: Json) -> Leaf:
        """Give the level of a leaf, and its points: the level's and the class's."""
        key = (id(factor), type(value), repr(value) if isinstance(value, float) else value)
        if key not in self._leaves:
            level = level_of(factor.levels, value, factor.name)
            self._leaves[key] = (level, tuple(self._of_leaf(factor, level, value)) if level else ())
        return self._leaves[key]

    def _of_leaf(self, factor: Factor, level: Level, value: Json) -> Iterator[str]:
        yield self.points.ids[id(level)]
        if id(level) not in self._classes:
            classes = self.points.classes(factor, level)
            self._classes[id(level)] = {repr(each): point for point, each in classes}
        known = self._classes[id(level)].get(repr(value))
        if known is not None:
            yield known

    # ---- lists

    def _list(
        self,
        factor: Factor,
        inner: Mapping[str, Factor],
        value: list[Json],
        made: Made,
        above: tuple[list[int], ...],
        seen: Seen,
    ) -> int:
        sizes = (("hundred", len(value) > 100), ("ten", len(value) >= 10), ("repeated", _repeated(value)))
        seen.points.update({f"{factor.path}~{name}": None for name, is_so in sizes if is_so})
        below = 0
        for each, item in _items(factor.path, inner, value):
            below |= self._visit(each, self._level(each, item, made), item, made, above, seen)
        return below

    # ---- objects

    def _object(
        self, node: Node, value: dict[str, Json], made: Made, above: tuple[list[int], ...], seen: Seen
    ) -> int:
        there = [(name, factor) for name, factor in node.factors.items() if name in value]
        levels = {name: self._level(factor, value[name], made) for name, factor in there}
        row = self._row(node, levels, seen)
        here = sum(1 << number for number in row)
        below = 0
        for name, factor in there:
            below |= self._visit(factor, levels[name], value[name], made, (*above, row), seen)
        for number in row:
            seen.beside[number] = seen.beside.get(number, 0) | here | below
        self._presence(node, value, seen)
        self._related(node, value, (*above, row), seen)
        return here | below

    def _row(self, node: Node, levels: Mapping[str, Level | None], seen: Seen) -> list[int]:
        """Give the numbers of an object's levels; those that are absent are points by themselves."""
        row = []
        for name, factor in node.factors.items():
            if name not in levels:
                seen.points[factor.point(ABSENT)] = None
                row.append(self.points.numbers[factor.point(ABSENT)])
            elif (level := levels[name]) is not None:
                row.append(self.points.number(level))
        return row

    def _related(self, node: Node, value: dict[str, Json], rows: tuple[list[int], ...], seen: Seen) -> None:
        """Take note of relations between siblings, and of numbers that agree with the items of lists."""
        shown = dict.fromkeys(relations.seen(node, value))
        seen.points.update(shown)
        agreed = [counted.point for counted in count_relations(node) if counted.shown(value)]
        for said in ("", *(f" & {word}" for word in self.points.words(rows[-1]))):
            seen.bonus.update(dict.fromkeys(f"{point}{said}" for point in agreed))
        if shown and "[" not in node.path:
            words = self.points.words(number for row in rows for number in row)
            seen.bonus.update(dict.fromkeys(f"{point} & {word}" for point in shown for word in words))

    def _presence(self, node: Node, value: Mapping[str, Json], seen: Seen) -> None:
        names = optional(node)
        there = [name for name in names if name in value]
        if names and not there:
            seen.points[f"{node.path}?none"] = None
        if names and len(there) == len(names):
            seen.points[f"{node.path}?all"] = None
        if len(there) == 1:
            seen.points[f"{node.path}?only:{there[0]}"] = None
        if len(there) == len(names) - 1:
            missing = next(name for name in names if name not in value)
            seen.points[f"{node.path}?missing:{missing}"] = None
        if any(name not in node.factors for name in value):
            seen.points[f"{node.path}~extra"] = None


def _items(path: str, inner: Mapping[str, Factor], items: list[Json]) -> Iterator[tuple[Factor, Json]]:
    """Yield the items with their factors; one that stands in the list many times comes once."""
    done = set[int]()
    rest = inner.get(f"{path}[]")
    for index, item in enumerate(items):
        factor = inner.get(f"{path}[{index}]", rest)
        if factor is not None and (factor is not rest or id(item) not in done):
            done.add(id(item))
            yield factor, item


def _repeated(items: list[Json]) -> bool:
    """Whether two items are equal in JSON; what Python calls unequal is."""
    if len({id(item) for item in items}) < len(items):
        return True
    if len(items) > _FEW:
        return len({key_of(item) for item in items}) < len(items)
    return any(a == b and key_of(a) == key_of(b) for a, b in combinations(items, 2))
