"""What is still to be covered while a covering set is built, and how often each choice was taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from contracts.generate.coverage.points import Points
from contracts.generate.places import Level

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
