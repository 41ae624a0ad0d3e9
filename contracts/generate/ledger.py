"""What is still to be covered while a covering set is built, and how often each choice was taken."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from contracts.generate.model import Factor, Level
from contracts.generate.points import Points


class Ledger:
    """What is still to be covered, and how often each choice was taken."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self.pairs = set(points.pairs)
        self.partners: list[set[int]] = [set() for _ in range(points.size)]
        for pair in points.pairs:
            self.partners[pair // points.size].add(pair % points.size)
            self.partners[pair % points.size].add(pair // points.size)
        self.singles = dict(points.singles)
        self.bonus: set[str] = set()
        self.used: dict[str, int] = {}
        self._demands: dict[tuple[str, str], int] = {}

    def take(self, pairs: set[int], points: Mapping[str, None]) -> tuple[list[int], list[str]]:
        """Cross out what a payload shows; give what was new."""
        new = sorted(pairs & self.pairs)
        self.pairs.difference_update(new)
        for pair in new:
            a, b = divmod(pair, self.points.size)
            self.partners[a].discard(b)
            self.partners[b].discard(a)
        fresh = [point for point in points if point in self.singles]
        for point in fresh:
            del self.singles[point]
        self._demands.clear()
        return new, fresh

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
