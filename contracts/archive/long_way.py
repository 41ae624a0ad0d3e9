"""The long way: each row as every other door judges it, counted without a value of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from contracts.archive.bundle import ArchiveOptions
from contracts.archive.partial import ALIKE, Fault, Partial, Sample, Sighting, rank
from contracts.archive.rows import Row
from contracts.check import Intake, ProviderCheck, host_of
from contracts.errors import CassetteError
from contracts.interactions import published
from contracts.model import Assessment, Finding, Interaction, Pointer, Verdict
from contracts.text import safe_text
from contracts.vendoring import UNDATED, Collector, token

_VERDICTS: Final = {Verdict.CONFORMS: 0, Verdict.VIOLATES: 1, Verdict.INCONCLUSIVE: 2}
_TIMES: Final = re.compile(r" \((\d+) times\)\Z")
_QUOTED: Final = re.compile(r"'.*'", re.DOTALL)
_COUNT: Final = re.compile(r"(?<![\w.:/-])(?:0x[0-9a-f]+|\d+(?:,\d{3})*)|(?<=/)\d+(?=[:/ ])")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


class LongWay:
    """Counts what `ProviderCheck.assess` and the collector of `contracts observe` say of each row."""

    def __init__(self, checks: Sequence[ProviderCheck], options: ArchiveOptions, source: str) -> None:
        self.source, self._options = source, options
        self._checks = {one.provider.id: one for one in checks}
        self._intake = Intake([one.provider for one in checks])
        self._words = {
            one.provider.id: frozenset(published(one.provider.spec.document, one.provider.spec.document))
            for one in checks
        }
        self._collectors: dict[str, Collector] = {}
        self._partial, self._row = Partial(), Row(0)

    def begin(self, row: Row) -> None:
        """Count a row, whatever becomes of it."""
        self._row = row
        self._partial.rows += 1
        self._partial.size += len(row.line)

    def take(self, interaction: Interaction) -> None:
        """Judge one interaction and look at what it holds."""
        placed = self._intake.placed(interaction)
        if placed is None:
            self._other(interaction.request.url)
            return
        owner, whole = placed
        if self._options.check:
            self._count(self._checks[owner.id].assess(whole))
        if self._options.observe:
            self._observe(owner.id, whole)

    def unread(self, reason: str) -> None:
        """Count a row that could not be read."""
        held = self._partial.unread.setdefault(reason, [0, self.source, self._row.number])
        held[0] += 1
        held[2] = min(held[2], self._row.number)

    def refused(self, problem: CassetteError) -> None:
        """Count a row that is no interaction; one of another host is no matter of ours."""
        request = problem.url
        if request and self._intake.owned(request) is None:
            self._other(request)
        else:
            self.unread(self.safe(problem))

    def safe(self, problem: CassetteError) -> str:
        """Say what was wrong without any value, number or name of a file."""
        _, _, said = str(problem).partition(": ")
        return _without_values(said or str(problem))

    def result(self) -> Partial:
        """Give what all rows say."""
        self._partial.profiles = {name: one.summary() for name, one in self._collectors.items()}
        self._partial.cap()
        return self._partial

    def _other(self, url: str) -> None:
        host = safe_text(host_of(url), 80)
        self._partial.others[host] = self._partial.others.get(host, 0) + 1

    def _observe(self, provider: str, interaction: Interaction) -> None:
        collector = self._collectors.get(provider)
        if collector is None:
            namer = self._checks[provider].checker.find

            def name(one: Interaction) -> str | None:
                found = namer(one)
                return found.title if found else None

            collector = self._collectors[provider] = Collector(name, self._words[provider])
        collector.take(interaction)

    def _count(self, one: Assessment) -> None:
        status = str(one.interaction.response.status) if one.interaction.response else "0"
        stamp = one.interaction.recorded_at
        dated = _DAY.match(stamp)
        day, who = dated[0] if dated else UNDATED, (one.provider, one.operation, status)
        self._partial.answers.setdefault((*who, day), [0, 0, 0])[_VERDICTS[one.verdict]] += 1
        for why in one.not_checked:
            times = _TIMES.search(why)
            said = _without_values(why[: times.start()] if times else why)
            held = self._partial.unjudged.setdefault((*who, said), [0, 0])
            held[0] += 1
            held[1] += int(times[1]) if times else 1
        told: dict[tuple[str, str, str], Fault] = {}
        for finding in one.findings:
            self._fault(finding, day, Sighting(stamp, self.source, self._row.number), told)
        for key, fault in told.items():
            if key in self._partial.faults:
                self._partial.faults[key].add(fault)
            else:
                self._partial.faults[key] = fault

    def _fault(self, one: Finding, day: str, seen: Sighting, told: dict[tuple[str, str, str], Fault]) -> None:
        at = replace(one, pointer=_place(one.pointer, self._words[one.provider]))
        key = (at.fingerprint, at.spec_pointer, at.severity.value)
        if key in told:
            told[key].days[day][1] += one.count
            return
        told[key] = Fault(
            **{name: getattr(at, name) for name in ALIKE},
            spec_line=str(at.spec_line or ""),
            days={day: [1, at.count]},
            first=seen,
            last=seen,
            samples=[Sample(rank(seen.part, seen.number), seen.part, seen.number, self._row.offset)],
        )


def _place(pointer: str, words: frozenset[str]) -> str:
    """Write a place with positions as `*`, and keys that no spec has and that look like ids as `{}`."""
    tokens = re.sub(r"/\d+(?=/|\Z)", "/*", pointer)
    if not tokens.startswith("/"):
        return tokens
    return "".join(f"/{'*' if key == '*' else token(str(key), words)}" for key in Pointer.parse(tokens))


def _without_values(text: str) -> str:
    return _COUNT.sub("#", _QUOTED.sub("a text", text))
