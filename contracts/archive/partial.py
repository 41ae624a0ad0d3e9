"""What some rows of an archive say, as counts that add up: any cut, order and grouping give equal bytes.

Everything is a sum, a least or greatest element, or the lowest few of a set by a rank that no data chooses,
so `+` is associative and commutative, and `Partial()` is its zero. No value of a payload is kept in it, but
the words that `vendoring.observed` keeps; keys that no spec names and that look like somebody's are written
`{}`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from contracts.errors import ContractsError
from contracts.model import Json
from contracts.vendoring import merged, smallest

FORM: Final = 1
SAMPLES: Final = 3
MOST: Final = 5_000
"""How many kinds of faults, reasons, hosts and failed parts are kept, each; `more` names what had more."""


class Sample(NamedTuple):
    """A row that shows something: its rank, by which samples are chosen, its part, number and byte offset."""

    rank: str
    part: str
    number: int
    offset: int


class Sighting(NamedTuple):
    """When and where something was met; undated is "", which is no day."""

    time: str
    part: str
    number: int


ALIKE: Final = (
    "provider", "operation", "status", "part", "pointer", "rule", "provenance", "expected", "waived",
)  # fmt: skip
"""What a kind of fault has in common with each finding of it."""

SAID: Final = (*ALIKE, "spec_line")

FaultKey = tuple[str, str, str]
"""Fingerprint, place in the spec, severity, and " waived" where it is."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One kind of fault. `pointer` has positions as `*`; `expected` is what the spec says, in words.

    `days` maps a day (ISO, or "undated") to [answers, places in them]; `waived` says why it is accepted.
    """

    provider: str
    operation: str
    status: str
    part: str
    pointer: str
    rule: str
    provenance: str
    expected: str
    waived: str
    spec_line: str
    days: dict[str, list[int]] = field(default_factory=dict)
    first: Sighting
    last: Sighting
    samples: list[Sample] = field(default_factory=list)

    @classmethod
    def of(cls, alike: Mapping[str, str], seen: Sighting) -> Fault:
        """Make one that no answer has yet, from what its findings have in common."""
        return cls(**{name: alike[name] for name in SAID}, first=seen, last=seen)  # type: ignore[arg-type]

    @property
    def answers(self) -> int:
        """How many answers have it."""
        return sum(count for count, _ in self.days.values())

    @property
    def places(self) -> int:
        """At how many places of these answers it is."""
        return sum(count for _, count in self.days.values())

    def add(self, other: Fault) -> None:
        """Take in the same kind of fault of other rows."""
        _sum_lists(self.days, other.days)
        self.expected = min(self.expected, other.expected)
        self.waived = min(self.waived, other.waived)
        self.first = min(self.first, other.first, key=earliest)
        self.last = max(self.last, other.last)
        self.samples = lowest([*self.samples, *other.samples])


def earliest(one: Sighting) -> tuple[bool, Sighting]:
    """Order sightings by time, undated ones after all others."""
    return not one.time, one


def lowest(samples: Iterable[Sample]) -> list[Sample]:
    """Give the few samples that rank lowest, each once."""
    return sorted(set(samples))[:SAMPLES]


def rank(part: str, number: int) -> str:
    """Give the rank of a row: a hash of where it stands."""
    text = f"{part}\x1f{number}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=8).hexdigest()


@dataclass(slots=True)
class Partial:
    """Counts of rows; see the fields. Days are ISO or "undated"; a part is a file or object by its name.

    `answers`: (provider, operation, status, day) -> [conforming, violating, inconclusive]; the operation is
    its alias, "" where none was met. `unjudged`: (provider, operation, status, why) -> [answers, times], of
    what was not judged or says nothing. `unread`: why -> [rows, first part, first number]. `others`: host ->
    rows that are no vendor's of these. `failed`: part -> why it counts nothing. `profiles`: provider ->
    summary in the form of observed.json. `facts`: (provider, operation, fact) -> rows that show it. `more`
    says what was too much to keep.
    """

    rows: int = 0
    size: int = 0
    answers: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)
    faults: dict[FaultKey, Fault] = field(default_factory=dict)
    unjudged: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)
    unread: dict[str, list[Any]] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    profiles: dict[str, Json] = field(default_factory=dict)
    facts: dict[tuple[str, str, str], list[Sample]] = field(default_factory=dict)
    more: set[str] = field(default_factory=set)

    @classmethod
    def broken(cls, part: str, reason: str) -> Partial:
        """Give what a part says that cannot be read to its end: nothing but why."""
        return cls(failed={part: reason})

    def __add__(self, other: Partial) -> Partial:
        """Add two up."""
        return Partial.merge((self, other))

    @classmethod
    def merge(cls, many: Iterable[Partial]) -> Partial:
        """Add any number up, in time that grows with their sizes; none of them is changed."""
        total, profiles = cls(), dict[str, list[Json]]()
        for one in many:
            for provider, summary in one.profiles.items():
                profiles.setdefault(provider, []).append(summary)
            total._take(one)
        total.profiles = {provider: merged(summaries) for provider, summaries in profiles.items()}
        return total

    def _take(self, other: Partial) -> None:
        self.rows += other.rows
        self.size += other.size
        _sum_lists(self.answers, other.answers)
        _sum_lists(self.unjudged, other.unjudged)
        for key, fault in other.faults.items():
            if key not in self.faults:
                self.faults[key] = _copy(fault)
            else:
                self.faults[key].add(fault)
        for why, (rows, *first) in other.unread.items():
            held = self.unread.get(why, [0, *first])
            self.unread[why] = [held[0] + rows, *min(held[1:], first)]
        for host, count in other.others.items():
            self.others[host] = self.others.get(host, 0) + count
        for part, why in other.failed.items():
            self.failed[part] = min(why, self.failed.get(part, why))
        for fact, samples in other.facts.items():
            self.facts[fact] = lowest([*self.facts.get(fact, ()), *samples])
        self.more |= other.more
        self.cap()

    def cap(self) -> None:
        """Keep what ranks lowest where there is too much; what is kept has whole counts in any grouping."""
        for name in ("faults", "unjudged", "unread", "others", "failed", "facts"):
            held = getattr(self, name)
            if len(held) > MOST:
                texts = {"\x1f".join(key) if isinstance(key, tuple) else key: key for key in held}
                kept, _ = smallest(texts, MOST)
                setattr(self, name, {key: held[key] for key in kept.values()})
                self.more.add(name)

    def share(self, fault: Fault) -> float:
        """Give the share of the operation's answers with this status that have a fault, 0..1."""
        asked = (fault.provider, fault.operation, fault.status)
        total = sum(sum(counts) for key, counts in self.answers.items() if key[:3] == asked)
        return fault.answers / total if total else 0.0

    def dump(self) -> bytes:
        """Write it; equal partials give equal bytes."""
        value = {
            "form": FORM,
            "rows": [self.rows, self.size],
            "answers": _listed(self.answers),
            "faults": [[*key, *_told(fault)] for key, fault in sorted(self.faults.items())],
            "unjudged": _listed(self.unjudged),
            "unread": sorted([why, *held] for why, held in self.unread.items()),
            "others": self.others,
            "failed": self.failed,
            "profiles": self.profiles,
            "facts": [[*key, sorted(samples)] for key, samples in sorted(self.facts.items())],
            "more": sorted(self.more),
        }
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")

    @classmethod
    def load(cls, data: bytes) -> Partial:
        """Read what `dump` wrote; ContractsError when it is something else."""
        try:
            value = json.loads(data)
            if value["form"] != FORM:
                raise ContractsError(f"a result of form {value['form']!r}; this release reads {FORM}")
            return cls(
                rows=value["rows"][0],
                size=value["rows"][1],
                answers={tuple(row[:4]): row[4:] for row in value["answers"]},
                faults={tuple(row[:3]): _fault(row[3:]) for row in value["faults"]},
                unjudged={tuple(row[:4]): row[4:] for row in value["unjudged"]},
                unread={why: held for why, *held in value["unread"]},
                others=value["others"],
                failed=value["failed"],
                profiles=value["profiles"],
                facts={tuple(row[:3]): [Sample(*one) for one in row[3]] for row in value["facts"]},
                more=set(value["more"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            raise ContractsError("no result of an archive, or one that was cut off") from None


def _told(fault: Fault) -> list[Json]:
    said = [getattr(fault, name) for name in SAID]
    return [*said, dict(sorted(fault.days.items())), fault.first, fault.last, sorted(fault.samples)]


def _fault(row: list[Json]) -> Fault:
    *said, days, first, last, samples = row
    named = dict(zip(SAID, said, strict=True))
    found = [Sample(*one) for one in samples]
    return Fault(**named, days=days, first=Sighting(*first), last=Sighting(*last), samples=found)


def _copy(fault: Fault) -> Fault:
    days = {day: [*counts] for day, counts in fault.days.items()}
    return replace(fault, days=days, samples=[*fault.samples])


def _listed(counts: dict[tuple[str, str, str, str], list[int]]) -> list[Json]:
    return [[*key, *numbers] for key, numbers in sorted(counts.items())]


def _sum_lists(mine: dict[Any, list[int]], others: dict[Any, list[int]]) -> None:
    for key, counts in others.items():
        held = mine.get(key)
        mine[key] = [*counts] if held is None else [a + b for a, b in zip(held, counts, strict=True)]
