"""Coverage points: which there are, and which of them a payload shows.

Kinds: levels and pairs of levels (in one object, and of an object with those above it), leaf classes, sizes
and repetitions of arrays, which optional properties are there, and relations between siblings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from contracts.generate import lists, relations
from contracts.generate.domains import Array, Object, key_of
from contracts.generate.model import ABSENT, Factor, Level, Model, Node, classes
from contracts.generate.tallies import tallies
from contracts.model import Json

PAIRS: Final = 24_000
"""How many pairs are asked for; a schema with more is covered pairwise near its root only."""

_SPECIAL: Final = re.compile(r"=(string|number):[a-z-]+$")

Made = Mapping[int, Object]
"""Which domain each object of a payload was built from, by identity."""


@dataclass(slots=True)
class Seen:
    """What one payload shows: numbers of pairs, ids of other points, combinations that are not asked for."""

    pairs: set[int] = field(default_factory=set)
    points: dict[str, None] = field(default_factory=dict)
    bonus: dict[str, None] = field(default_factory=dict)


class Points:
    """The points of a model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.levels: list[str] = []
        self.numbers: dict[str, int] = {}
        self._where: list[tuple[Node, Factor, str]] = []
        self._by_level: dict[tuple[int, int], int] = {}
        for node in model.nodes:
            for factor in node.factors.values():
                for level in factor.levels:
                    self._by_level[id(factor), id(level)] = self._number(node, factor, level.name)
        self.coarse = self._shapes()
        self.presence = {id(node): dict.fromkeys(_presence_points(node)) for node in model.nodes}
        self.size = len(self.levels)
        self._stands = {self.numbers[point] for node in model.nodes for point, _ in _words(node)}
        self.pairs = dict.fromkeys(self._all_pairs())
        self._known: dict[tuple[str, int], dict[str, str]] = {}
        self._classes_of: dict[int, tuple[tuple[str, Json], ...]] = {}
        self._below: dict[tuple[str, int], tuple[str, ...]] = {}
        self.places = model.places
        self.relations = {id(node): dict.fromkeys(relations.points(node)) for node in model.nodes}
        self.profiles = {id(node): tuple(relations.profiles(node)) for node in model.nodes}
        self.uniform = {factor.path: found for factor in model.factors if (found := lists.patterns(factor))}
        self.crossed = {
            id(f): dict(_words(node))
            for node in model.nodes
            for f in node.factors.values()
            if f.path in self.uniform
        }
        self.singles = dict.fromkeys(sorted(self._singles(), key=lambda point: " & " in point))

    def _number(self, node: Node, factor: Factor, level: str) -> int:
        point = factor.point(level)
        if point not in self.numbers:
            self.numbers[point] = len(self.levels)
            self.levels.append(point)
            self._where.append((node, factor, level))
        return self.numbers[point]

    def _shapes(self) -> list[int]:
        """Give for each level the first level of the same place and JSON shape, special values aside."""
        first: dict[str, int] = {}
        return [
            first.setdefault(_SPECIAL.sub(r"=\1", point), number) for number, point in enumerate(self.levels)
        ]

    def number(self, factor: Factor, level: Level) -> int:
        """Give the number of a level."""
        return self._by_level[id(factor), id(level)]

    def words(self, numbers: Iterable[int]) -> list[str]:
        """Give those levels that say how an object stands."""
        return [self.levels[number] for number in numbers if number in self._stands]

    def pair(self, a: int, b: int) -> int:
        """Number a pair of levels."""
        return a * self.size + b if a < b else b * self.size + a

    def name(self, pair: int) -> str:
        """Give the id of a pair."""
        return f"{self.levels[pair // self.size]} & {self.levels[pair % self.size]}"

    def ends(self, pair: int) -> tuple[tuple[Node, Factor, str], tuple[Node, Factor, str]]:
        """Give the two levels of a pair with the objects they belong to."""
        return self._where[pair // self.size], self._where[pair % self.size]

    def _all_pairs(self) -> Iterator[int]:
        for count, pair in enumerate(self._wanted_pairs()):
            if count >= PAIRS:
                self.model.plan.notice(f"only the first {PAIRS:,} pairs of levels are combined")
                return
            yield pair

    def _wanted_pairs(self) -> Iterator[int]:
        for node in self.model.nodes:
            for first, second in combinations(node.factors.values(), 2):
                yield from self._cross(first, second, {})
        for node in self.model.nodes:
            for upper in reversed(node.above):
                allowed = {factor.path: names for factor, names in node.reach}
                for first in upper.factors.values():
                    for second in node.factors.values():
                        yield from self._cross(first, second, allowed)

    def _cross(self, first: Factor, second: Factor, allowed: Mapping[str, tuple[str, ...]]) -> Iterator[int]:
        names = allowed.get(first.path)
        for a in first.levels:
            if names is not None and a.name not in names:
                continue
            for b in second.levels:
                yield self.pair(self.number(first, a), self.number(second, b))

    def _singles(self) -> Iterator[str]:
        for factor in self.model.factors:
            for level in factor.levels:
                yield factor.point(level.name)
                yield from (f"{factor.path}~{name}" for name, _ in self.classes(level, factor.name))
                yield from self._of_lists(factor, level)
        for node in self.model.nodes:
            yield from self._of_objects(node)

    def _of_lists(self, factor: Factor, level: Level) -> Iterator[str]:
        domain = level.domain
        if not isinstance(domain, Array) or level.most == 0 or not factor.items:
            return
        longest = level.most
        if longest is None or longest >= 10:
            yield f"{factor.path}~ten"
        if longest is None and not domain.unique and not domain.prefix and not domain.contains:
            yield f"{factor.path}~hundred"
        if (longest is None or longest > 1) and not domain.unique:
            yield f"{factor.path}~repeated"
        if longest is None or longest > 1:
            yield from lists.patterns(factor)
            for point, pattern in lists.patterns(factor).items():
                if pattern.where == "all":
                    yield from (f"{point} & {own}" for own in self.crossed.get(id(factor), ()))

    def _of_objects(self, node: Node) -> Iterator[str]:
        yield from _presence_points(node)
        if node.domain.extras:
            yield f"{node.path}~extra"
        yield from relations.points(node)

    def classes(self, level: Level, name: str) -> tuple[tuple[str, Json], ...]:
        """Give the classes of a level, worked out once."""
        if id(level) not in self._classes_of:
            self._classes_of[id(level)] = classes(level, name)
        return self._classes_of[id(level)]

    def below(self, factor: Factor, level: Level) -> tuple[str, ...]:
        """Give the single points in and below a level."""
        key = (factor.path, id(level))
        if key not in self._below:
            self._below[key] = ()
            found = [
                factor.point(level.name),
                *(f"{factor.path}~{name}" for name, _ in self.classes(level, factor.name)),
            ]
            found += self._of_lists(factor, level)
            nodes = factor.nodes.get(level.name, ())
            found += [point for node in nodes for point in self._of_objects(node)]
            under = [each for node in nodes for each in node.factors.values()]
            if isinstance(level.domain, Array) and level.most != 0:
                under += factor.items.values()
            found += [point for each in under for one in each.levels for point in self.below(each, one)]
            self._below[key] = tuple(dict.fromkeys(found))
        return self._below[key]

    # ---- what a payload shows

    def seen(self, value: Json, made: Made) -> Seen:
        """Give the points that a payload shows."""
        seen = Seen()
        self._visit(self.model.root, value, made, (), seen)
        return seen

    def _visit(
        self, factor: Factor, value: Json, made: Made, above: tuple[list[int], ...], seen: Seen
    ) -> Level | None:
        level = self.level_of(factor, value, made)
        if level is None:
            return None
        seen.points[factor.point(level.name)] = None
        self._classes(factor, level, value, seen)
        if isinstance(value, list):
            self._list(factor, value, made, above, seen)
        elif isinstance(value, dict):
            node = next(iter(factor.nodes.get(level.name, ())), None)
            if node is not None:
                self._object(node, value, made, above, seen)
        return level

    def level_of(self, factor: Factor, value: Json, made: Made) -> Level | None:
        """Find the level of a value that is there."""
        if isinstance(value, dict) and id(value) in made:
            return next((level for level in factor.levels if level.domain is made[id(value)]), None)
        return next((level for level in factor.levels if level.holds(value)), None)

    def _classes(self, factor: Factor, level: Level, value: Json, seen: Seen) -> None:
        if isinstance(value, dict | list):
            return
        key = (factor.path, id(level))
        if key not in self._known:
            self._known[key] = {repr(v): name for name, v in self.classes(level, factor.name)}
        name = self._known[key].get(repr(value))
        if name is not None:
            seen.points[f"{factor.path}~{name}"] = None

    def _beside(self, factor: Factor, row: list[int]) -> list[str]:
        """Give the levels beside a list that its items are crossed with."""
        wanted = self.crossed.get(id(factor), {})
        return [self.levels[number] for number in row if self.levels[number] in wanted]

    def _list(
        self, factor: Factor, value: list[Json], made: Made, above: tuple[list[int], ...], seen: Seen
    ) -> None:
        row = above[-1] if above else []
        if len(value) > 100:
            seen.points[f"{factor.path}~hundred"] = None
        if len(value) >= 10:
            seen.points[f"{factor.path}~ten"] = None
        if len(value) > 1 and len({key_of(item) for item in value}) < len(value):
            seen.points[f"{factor.path}~repeated"] = None
        rest = factor.items.get(f"{factor.path}[]")
        for index, item in enumerate(value):
            below = factor.items.get(f"{factor.path}[{index}]", rest)
            if below is not None:
                self._visit(below, item, made, above, seen)
        if len(value) > 1:
            shown = dict.fromkeys(lists.seen(factor, value))
            seen.points.update(shown)
            seen.points.update(
                dict.fromkeys(f"{point} & {own}" for point in shown for own in self._beside(factor, row))
            )

    def _object(
        self, node: Node, value: dict[str, Json], made: Made, above: tuple[list[int], ...], seen: Seen
    ) -> None:
        row: list[int] = []
        for name, factor in node.factors.items():
            if name not in value:
                row.append(self.numbers[factor.point(ABSENT)])
                seen.points[factor.point(ABSENT)] = None
                continue
            level = self.level_of(factor, value[name], made)
            if level is not None:
                row.append(self.number(factor, level))
        for a, b in combinations(row, 2):
            seen.pairs.add(self.pair(a, b))
        for upper in above:
            seen.pairs.update(self.pair(a, b) for a in upper for b in row)
        for name, factor in node.factors.items():
            if name in value:
                self._visit(factor, value[name], made, (*above, row), seen)
        self._presence(node, value, seen)
        shown = dict.fromkeys(relations.seen(node, value))
        seen.points.update(shown)
        agreed = [tally.point for tally in tallies(node) if tally.shown(value)]
        for said in ("", *(f" & {word}" for word in self.words(row))):
            seen.bonus.update(dict.fromkeys(f"{point}{said}" for point in agreed))
        if "[" not in node.path:
            words = self.words([*(number for upper in above for number in upper), *row])
            seen.bonus.update(dict.fromkeys(f"{point} & {word}" for point in shown for word in words))

    def _presence(self, node: Node, value: Mapping[str, Json], seen: Seen) -> None:
        optional = _optional(node)
        there = [name for name in optional if name in value]
        if optional and not there:
            seen.points[f"{node.path}?none"] = None
        if optional and len(there) == len(optional):
            seen.points[f"{node.path}?all"] = None
        if len(there) == 1:
            seen.points[f"{node.path}?only:{there[0]}"] = None
        if len(there) == len(optional) - 1:
            missing = next(name for name in optional if name not in value)
            seen.points[f"{node.path}?missing:{missing}"] = None
        if any(name not in node.factors for name in value):
            seen.points[f"{node.path}~extra"] = None


def _words(node: Node) -> Iterator[tuple[str, tuple[Factor, str]]]:
    """Yield the levels that say how an object stands: members of enumerations, booleans, words of a state."""
    for factor in node.factors.values():
        for level in factor.levels if len(factor.levels) > 1 else ():
            if level.name.startswith("=") or "status-word" in level.name:
                yield factor.point(level.name), (factor, level.name)


def _presence_points(node: Node) -> Iterator[str]:
    optional = _optional(node)
    if optional:
        yield from (f"{node.path}?none", f"{node.path}?all")
        yield from (f"{node.path}?only:{name}" for name in optional)
        yield from (f"{node.path}?missing:{name}" for name in optional)


def _optional(node: Node) -> tuple[str, ...]:
    return tuple(name for name in node.factors if name not in node.domain.required)
