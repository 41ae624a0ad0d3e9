"""A row taken the short way: read, proved, routed, asked once; or left to the long way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

from contracts.archive.bundle import ArchiveOptions
from contracts.archive.rows import Row
from contracts.archive.short.facts import Facts, Lines, facts_in
from contracts.archive.short.route import Route, Routes
from contracts.archive.tally import CONFORMS, VIOLATES, Kind, Tally, day_of
from contracts.check import ProviderCheck
from contracts.interactions import Places
from contracts.model import Finding
from contracts.validate import without_items

_without_items = lru_cache(maxsize=4096)(without_items)


class ShortWay:
    """Counts the rows that compiled libraries can judge alone; make one a process, since it learns."""

    def __init__(
        self, checks: Sequence[ProviderCheck], options: ArchiveOptions, words: Mapping[str, frozenset[str]]
    ) -> None:
        self._options, self._max = options, options.gate.max_bytes
        self._routes = Routes(checks, words)
        self._left: Route | None = None

    def reader(self, table: Places, tally: Tally) -> Callable[[Row], bool]:
        """Give what counts a row, whose facts stand where a table says in lines.

        It gives False, and counts nothing, where the long way must.
        """
        return partial(self._take, Lines(table, self._max), tally)

    def _take(self, lines: Lines, tally: Tally, row: Row) -> bool:
        self._left = None
        facts = facts_in(row.interaction, self._max) if row.interaction else lines.facts(row.line)
        if facts is None:
            return False
        route = self._routes.find(facts)
        if route is None:
            return False
        stamp = facts.stamp or row.time
        day = day_of(stamp)
        if self._options.check and not self._check(route, facts, stamp, day, tally):
            return False
        if self._options.keep:
            tally.bodies(route.told, route.facts, facts.value)
        if self._options.observe:
            tally.profile(route.check).put(route.title, facts.status, day, facts.value, len(row.line))
        return True

    def _check(self, route: Route, facts: Facts, stamp: str, day: str, tally: Tally) -> bool:
        value = facts.value
        if not route.fits(facts.headers) or (route.notes and not route.consistent(value)):
            return False
        found = route.relaxed.judge(value)
        if found is None:
            self._left = route
            return False
        violates = False
        if found:
            tally.faults(found, stamp, day)
            violates = any(kind.weighs for kind, _ in found.values())
        tally.answer(route.told, day, VIOLATES if violates else CONFORMS)
        for why in route.said:
            tally.unjudged(route.told, why, 1)
        if route.lists and not route.said:
            for place, times in route.empty_lists(value, facts.text).items():
                tally.unjudged(route.told, _without_items(place), times)
        return True

    def learn(self, findings: Sequence[tuple[Finding, Kind]]) -> None:
        """Take in what the long way found of the row that was left to it last."""
        if self._left is not None:
            self._left.relaxed.learn(findings)
            self._left = None
