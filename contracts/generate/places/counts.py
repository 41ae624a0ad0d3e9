"""Numbers that agree with the items of a list: as many as there are, or as are in a state, or in one of two.

Readers cross-check counts against items; only payloads in which the two really agree, with items in several
states, show whether they do it right. Such a number is set after the items are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

from contracts.generate.leaves import Number, numbers
from contracts.generate.places import relations
from contracts.generate.places.factors import Factor, Level, Node
from contracts.model import Json

_MOST: Final = 150
_WORDS: Final = 7


@dataclass(frozen=True, slots=True, eq=False)
class CountRelation:
    """One agreement: a list, the words of `each` to count (none: all items), and the number at `target`."""

    point: str
    items: str
    each: Factor | None
    words: tuple[Level, ...]
    target: tuple[str, ...]
    domain: Number
    path: str

    def count(self, value: dict[str, Json]) -> int | None:
        """Count in an object; None where there is nothing to count, or not each of the words is there."""
        found = value.get(self.items)
        if not isinstance(found, list) or not found:
            return None
        if self.each is None:
            return len(found)
        objects = [
            item[self.each.name] for item in found if isinstance(item, dict) and self.each.name in item
        ]
        each = [sum(level.holds(one) for one in objects) for level in self.words]
        return sum(each) if all(each) else None

    def shown(self, value: dict[str, Json]) -> bool:
        """Whether the number agrees."""
        count = self.count(value)
        return count is not None and _at(value, self.target) == count

    def put(self, value: dict[str, Json]) -> bool:
        """Make the number agree, where there is a number; say whether it does."""
        count = self.count(value)
        if count is None or not _is_number(_at(value, self.target)) or not numbers.allows(self.domain, count):
            return False
        holder = value
        for step in self.target[:-1]:
            holder = holder[step]
        holder[self.target[-1]] = count
        return True


def _at(value: Json, target: tuple[str, ...]) -> Json:
    for step in target:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@lru_cache(maxsize=1024)
def properties_of_items(factor: Factor) -> tuple[Factor, ...]:
    """Give the properties of a list's objects."""
    rest = factor.items.get(f"{factor.path}[]")
    nodes = [node for nodes in rest.nodes.values() for node in nodes] if rest is not None else []
    return tuple(each for node in nodes for each in node.factors.values())


def says_state(level: Level) -> bool:
    """Whether a level is one word of a state: a member of an enumeration, or a usual word in open text."""
    return level.name.startswith("=") or (level.special and "status-word" in level.name)


@lru_cache(maxsize=512)
def count_relations(node: Node) -> tuple[CountRelation, ...]:
    """Give the agreements of an object's lists with its numbers and those of the objects just below it."""
    return tuple(each for _, each in zip(range(_MOST), _count_relations(node), strict=False))


def _count_relations(node: Node) -> Iterator[CountRelation]:
    targets = list(_targets(node))
    for items in relations.lists(node):
        for each, words in _countable(node.factors[items]):
            label = f"{items}.{each.name}" if each is not None else items
            said = "+".join(level.name.rpartition("=")[2] for level in words)
            for target, domain in targets:
                point = f"{node.path}.n({label}{f'={said}' if said else ''})={'.'.join(target)}"
                yield CountRelation(point, items, each, words, target, domain, ".".join((node.path, *target)))


def _countable(factor: Factor) -> Iterator[tuple[Factor | None, tuple[Level, ...]]]:
    yield None, ()
    for each in properties_of_items(factor):
        words = [level for level in each.levels if says_state(level)]
        if 1 < len(words) <= _WORDS:
            yield from ((each, (level,)) for level in words)
            yield from ((each, pair) for pair in combinations(words, 2))


def _targets(node: Node) -> Iterator[tuple[tuple[str, ...], Number]]:
    yield from (((name,), domain) for name, domain in _numbers(node))
    for name, factor in node.factors.items():
        for below in (below for nodes in factor.nodes.values() for below in nodes):
            yield from (((name, inner), domain) for inner, domain in _numbers(below))


def _numbers(node: Node) -> Iterator[tuple[str, Number]]:
    for name in relations.counts(node):
        found = next(level.domain for level in node.factors[name].levels if isinstance(level.domain, Number))
        yield name, found
