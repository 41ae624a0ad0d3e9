"""What the parts of an archive say together, in the order in which people and programs read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

from contracts.archive.engines import ArchiveFolder
from contracts.archive.partial import Fault, Partial
from contracts.drift import over_time
from contracts.model import Finding, Severity
from contracts.policy import all_rules

OK, FINDINGS, INCONCLUSIVE = 0, 1, 3
_WORDS: Final = {"undescribed": "not in the spec", "required": "required, and missing"}
"""How a kind of fault is said whose `expected` is a word of ours."""


def as_day(text: str) -> date | None:
    """Read a day of a result; None for what is undated."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Kind(NamedTuple):
    """One kind of fault: how bad it is, what was counted of it, the share of its answers, 0..1."""

    fingerprint: str
    severity: Severity
    fault: Fault
    share: float

    @property
    def sentence(self) -> str:
        """Say what is wrong without a value that was found: what the spec wants, else what the rule means."""
        one = self.fault
        if one.rule in _WORDS:
            return _WORDS[one.rule]
        rule = all_rules().get(one.rule)
        meaning = rule.summary.rstrip(".") if rule else one.rule
        return f"expected {one.expected}" if one.expected else meaning

    @property
    def dated(self) -> dict[str, list[int]]:
        """Days in order, each with its answers and places; what has no day is not in it."""
        return {day: counts for day, counts in sorted(self.fault.days.items()) if as_day(day)}

    @property
    def since(self) -> str:
        """The first day on which it was met, ISO; "" when no answer bears a time."""
        return next(iter(self.dated), "")


@dataclass(frozen=True, slots=True)
class Operation:
    """The answers of one operation and status: [conforming, violating, inconclusive] by day."""

    provider: str
    operation: str
    status: str
    days: Mapping[str, list[int]]
    kinds: tuple[Kind, ...]

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return sum(map(sum, self.days.values()))

    @property
    def dated(self) -> list[str]:
        """The days of its answers in order."""
        return sorted(filter(as_day, self.days))

    @property
    def span(self) -> str:
        """Say from when to when."""
        days = self.dated
        if not days:
            return "undated"
        return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"


@dataclass(frozen=True)
class Summary:
    """A run's total. `against` are the kinds of fault that only a newer document finds, by the same rules."""

    total: Partial
    parts: int = 0
    open_parts: int = 0
    size: int = 0
    cpu: float = 0.0
    fail_on: Severity | None = Severity.ERROR
    against: tuple[Kind, ...] | None = None
    settled: tuple[Kind, ...] = field(default=())

    @classmethod
    def of(cls, folder: ArchiveFolder, fail_on: Severity | None, newer: Partial | None = None) -> Summary:
        """Add up the results of a folder."""
        total = Partial.merge(folder.results())
        entries = folder.entries.values()
        only_new = only_old = None
        if newer is not None:
            old, new = _kinds(total), _kinds(newer)
            only_new = _without(new, old)
            only_old = _without(old, new)
        return cls(
            total,
            len(entries),
            folder.open_parts,
            sum(one.size for one in entries),
            sum(one.cpu for one in entries),
            fail_on,
            only_new,
            only_old or (),
        )

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """All kinds of fault, the worst and most frequent first."""
        return _kinds(self.total)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations and statuses that answered, those with the worst faults first."""
        days: dict[tuple[str, str, str], dict[str, list[int]]] = {}
        for (provider, operation, status, day), counts in self.total.answers.items():
            days.setdefault((provider, operation, status), {})[day] = counts
        faults: dict[tuple[str, str, str], list[Kind]] = {}
        for kind in self.kinds:
            one = kind.fault
            faults.setdefault((one.provider, one.operation, one.status), []).append(kind)
        every = sorted({*days, *faults})
        found = [Operation(*key, days.get(key, {}), tuple(faults.get(key, ()))) for key in every]
        return tuple(sorted(found, key=lambda one: -_weight(one.kinds)))

    @cached_property
    def changes(self) -> tuple[Finding, ...]:
        """What fields did differently since a day, whatever a document says; it decides nothing."""
        found = [
            replace(one, provider=provider)
            for provider, profile in self.total.profiles.items()
            for one in over_time(profile)
        ]
        return tuple(sorted(found, key=lambda one: (one.since, one.sort_key), reverse=True))

    @property
    def judged(self) -> int:
        """How many answers conform or violate."""
        return sum(good + bad for good, bad, _ in self.total.answers.values())

    @property
    def open_kinds(self) -> tuple[Kind, ...]:
        """The kinds that are not waived."""
        return tuple(one for one in self.kinds if not one.fault.waived)

    @property
    def code(self) -> int:
        """Give 1 for faults at or above `fail_on`, 3 for a part not counted or nothing judged, else 0."""
        if self.fail_on and any(one.severity.weight >= self.fail_on.weight for one in self.asked):
            return FINDINGS
        return INCONCLUSIVE if self.unsure else OK

    @property
    def asked(self) -> tuple[Kind, ...]:
        """The kinds that decide: those that are not waived, or those that only a newer document finds."""
        return self.open_kinds if self.against is None else self.against

    @property
    def unsure(self) -> bool:
        """Whether a part was not counted, or nothing was judged."""
        return bool(self.total.failed or self.open_parts or not self.judged)

    @property
    def verdict(self) -> str:
        """Say of all what is said of one: an open error violates, what was not judged is inconclusive."""
        if any(one.severity is Severity.ERROR for one in self.asked):
            return "violates"
        return "inconclusive" if self.unsure else "conforms"


def _kinds(total: Partial) -> tuple[Kind, ...]:
    answers: dict[tuple[str, str, str], int] = {}
    for (*who, _), counts in total.answers.items():
        key = (who[0], who[1], who[2])
        answers[key] = answers.get(key, 0) + sum(counts)
    found = []
    for (fingerprint, _, severity), fault in total.faults.items():
        all_of = answers.get((fault.provider, fault.operation, fault.status), 0)
        weight = Severity(severity.removesuffix(" waived"))
        found.append(Kind(fingerprint, weight, fault, fault.answers / all_of if all_of else 0.0))
    return tuple(sorted(found, key=_rank))


def _rank(one: Kind) -> tuple[bool, int, int, str, str]:
    waived = bool(one.fault.waived)
    return waived, -one.severity.weight, -one.fault.answers, one.fingerprint, one.fault.spec_line


def _weight(kinds: Iterable[Kind]) -> int:
    return max((one.severity.weight + 1 for one in kinds if not one.fault.waived), default=0)


def _without(kinds: tuple[Kind, ...], others: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """Give the kinds whose place, status and rule are not among the others."""
    known = {(one.fingerprint, one.severity) for one in others}
    return tuple(
        one for one in kinds if (one.fingerprint, one.severity) not in known and not one.fault.waived
    )
