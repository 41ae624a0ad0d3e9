"""The long way: each row as every other door judges it, counted without a value of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from contracts.archive.bundle import ArchiveOptions
from contracts.archive.partial import FaultKey
from contracts.archive.tally import (
    CONFORMS,
    INCONCLUSIVE,
    VIOLATES,
    Kind,
    Tally,
    day_of,
    kind_of,
    without_values,
)
from contracts.check import Intake, ProviderCheck
from contracts.errors import CassetteError
from contracts.model import Assessment, Finding, Interaction, Verdict

_OUTCOMES: Final = {
    Verdict.CONFORMS: CONFORMS,
    Verdict.VIOLATES: VIOLATES,
    Verdict.INCONCLUSIVE: INCONCLUSIVE,
}
_TIMES: Final = re.compile(r" \((\d+) times\)\Z")
Kinds = list[tuple[Finding, Kind]]


class LongWay:
    """Counts what `ProviderCheck.count` and the collector of `contracts observe` say of each row."""

    def __init__(self, checks: Sequence[ProviderCheck], options: ArchiveOptions) -> None:
        self._options = options
        self._checks = {one.provider.id: one for one in checks}
        self._intake = Intake([one.provider for one in checks])

    def take(self, interaction: Interaction, tally: Tally) -> Kinds:
        """Judge one interaction and look at what it holds; give its findings, each with its kind."""
        placed = self._intake.placed(interaction)
        if placed is None:
            tally.other(interaction.request.url)
            return []
        owner, whole = placed
        check = self._checks[owner.id]
        if self._options.observe:
            tally.profile(check).take(whole)
        if self._options.keep:
            _keep(check, whole, tally)
        if not self._options.check:
            return []
        return _count(check.count(whole), tally)

    def refused(self, problem: CassetteError, tally: Tally) -> None:
        """Count a row that is no interaction; one of another host is no matter of ours."""
        if problem.url and self._intake.owned(problem.url) is None:
            tally.other(problem.url)
        else:
            tally.unread(said(problem))


def said(problem: CassetteError) -> str:
    """Say what was wrong without any value, number or name of a file."""
    _, _, words = str(problem).partition(": ")
    return without_values(words or str(problem))


def _count(one: Assessment, tally: Tally) -> Kinds:
    status = str(one.interaction.response.status) if one.interaction.response else "0"
    stamp = one.interaction.recorded_at
    day, told = day_of(stamp), (one.provider, one.operation, status)
    tally.answer(told, day, _OUTCOMES[one.verdict])
    for why in one.not_checked:
        times = _TIMES.search(why)
        tally.unjudged(told, why[: times.start()] if times else why, int(times[1]) if times else 1)
    kinds = [(finding, kind_of(finding, tally.words[one.provider])) for finding in one.findings]
    found: dict[FaultKey, tuple[Kind, int]] = {}
    for finding, kind in kinds:
        before = found[kind.key][1] if kind.key in found else 0
        found[kind.key] = (kind, before + finding.count)
    if found:
        tally.faults(found, stamp, day)
    return kinds


def _keep(check: ProviderCheck, interaction: Interaction, tally: Tally) -> None:
    """Note which facts of the spec an answer shows."""
    operation = check.checker.find(interaction)
    if operation is None:
        return
    for fact in check.shown(operation, interaction):
        tally.shown.note((check.provider.id, operation.alias, fact), tally.sample)
