"""What is still to be covered while a covering set is built, and how often each choice was taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from contracts.generate.model import Factor, Level
from contracts.generate.points import Points


class Ledger:
    """What is still to be covered, and how often each choice was taken."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self.pairs = set(points.pairs)
        self.shapes = {self.shape(pair) for pair in points.pairs}
        self.partners = _partners(self.pairs, points.size)
        self.shape_partners = _partners(self.shapes, points.size)
        self.singles = dict(points.singles)
        self.bonus: set[str] = set()
        self.used: dict[str, int] = {}
        self._demands: dict[tuple[str, str], int] = {}

    def shape(self, pair: int) -> int:
        """Give the pair of shapes behind a pair of levels."""
        a, b = divmod(pair, self.points.size)
        return self.points.pair(self.points.coarse[a], self.points.coarse[b])

    def take(self, pairs: set[int], points: Mapping[str, None]) -> tuple[list[int], list[str]]:
        """Cross out what a payload shows; give what was new."""
        new = sorted(pairs & self.pairs)
        self.pairs.difference_update(new)
        _part(self.partners, new, self.points.size)
        shapes = {self.shape(pair) for pair in new} & self.shapes
        self.shapes -= shapes
        _part(self.shape_partners, shapes, self.points.size)
        fresh = [point for point in points if point in self.singles]
        for point in fresh:
            del self.singles[point]
        self._demands.clear()
        return new, fresh

    def give_up(self, pair: int) -> None:
        """Stop aiming at the shapes of a pair for which no payload was found."""
        shape = {self.shape(pair)} & self.shapes
        self.shapes -= shape
        _part(self.shape_partners, shape, self.points.size)

    def demand(self, factor: Factor, level: Level) -> int:
        """Say how many points in and below a level are still open, up to sixteen."""
        key = (factor.path, level.name)
        if key not in self._demands:
            below = self.points.below(factor, level)
            self._demands[key] = len(list(islice((point for point in below if point in self.singles), 16)))
        return self._demands[key]

    def count(self, key: str) -> int:
        """Say how often a choice was taken, and take it once more."""
        self.used[key] = self.used.get(key, 0) + 1
        return self.used[key] - 1


def _partners(pairs: Iterable[int], size: int) -> list[set[int]]:
    partners: list[set[int]] = [set() for _ in range(size)]
    for pair in pairs:
        a, b = divmod(pair, size)
        partners[a].add(b)
        partners[b].add(a)
    return partners


def _part(partners: list[set[int]], pairs: Iterable[int], size: int) -> None:
    for pair in pairs:
        a, b = divmod(pair, size)
        partners[a].discard(b)
        partners[b].discard(a)
