"""The counts of one part while it is read: what the short way and the long way both add to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final, NamedTuple

from contracts.archive.keeping import WAITING, FactKey, Shown
from contracts.archive.partial import (
    ALIKE,
    Fault,
    FaultKey,
    Partial,
    Sample,
    Sighting,
    earliest,
    lowest,
    rank,
)
from contracts.archive.rows import Row
from contracts.check import ProviderCheck, host_of
from contracts.model import Finding, Interaction, Json, Pointer, Severity
from contracts.text import safe_text
from contracts.vendoring import UNDATED, Collector, token

CONFORMS, VIOLATES, INCONCLUSIVE = range(3)
"""The places of the three counts of answers."""

_QUOTED: Final = re.compile(r"'.*'", re.DOTALL)
_COUNT: Final = re.compile(r"(?<![\w.:/-])(?:0x[0-9a-f]+|\d+(?:,\d{3})*)|(?<=/)\d+(?=[:/ ])")
_ODD_MEDIA: Final = re.compile(
    r"body: (?![a-z]+/[a-z.+-]{1,40} (?:is not described|has no decoder)\Z)"
    r".*(?= is not described| has no decoder)",
    re.DOTALL,
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


class Kind(NamedTuple):
    """A kind of fault: its key, what its findings have in common, whether it makes an answer violate."""

    key: FaultKey
    alike: Mapping[str, str]
    weighs: bool


def day_of(stamp: str) -> str:
    """Give the day of a moment, or "undated"."""
    return _day(stamp[:10])


@lru_cache(maxsize=4096)
def _day(start: str) -> str:
    return start if _DAY.fullmatch(start) else UNDATED


def kind_of(finding: Finding, words: frozenset[str]) -> Kind:
    """Give the kind of a finding, its place written without what only its answer has."""
    at = replace(finding, pointer=place_shown(finding.pointer, words))
    alike = {name: getattr(at, name) for name in ALIKE} | {"spec_line": str(at.spec_line or "")}
    weighs = at.severity is Severity.ERROR and not at.waived
    return Kind(
        (at.fingerprint, at.spec_pointer, at.severity.value + " waived" * bool(at.waived)), alike, weighs
    )


class Tally:
    """Counts the rows of one part. `source` is its name; `words` are those that each vendor's spec prints."""

    def __init__(self, source: str, words: Mapping[str, frozenset[str]]) -> None:
        self.words = words
        self.source, self.partial, self.row = source, Partial(), Row(0)
        self._counts: dict[tuple[tuple[str, str, str], str], list[int]] = {}
        self.shown = Shown(self.partial.facts)
        self._waiting: dict[
            tuple[str, str, str], tuple[Callable[[list[Json]], set[FactKey]], list[tuple[Sample, Json]]]
        ] = {}
        self._collectors: dict[str, Collector] = {}

    def begin(self, row: Row) -> None:
        """Count a row, whatever becomes of it."""
        self.row = row
        self.partial.rows += 1
        self.partial.size += len(row.line)

    def answer(self, told: tuple[str, str, str], day: str, outcome: int) -> None:
        """Count an answer by its outcome."""
        counts = self._counts.get((told, day))
        if counts is None:
            counts = self._counts[told, day] = self.partial.answers[*told, day] = [0, 0, 0]
        counts[outcome] += 1

    def unjudged(self, told: tuple[str, str, str], why: str, times: int) -> None:
        """Count what was not judged of an answer, or says nothing."""
        held = self.partial.unjudged.setdefault((*told, without_values(why)), [0, 0])
        held[0] += 1
        held[1] += times

    def faults(self, found: Mapping[FaultKey, tuple[Kind, int]], stamp: str, day: str) -> None:
        """Count the faults of one answer: each kind with the number of its places."""
        seen = Sighting(stamp, self.source, self.row.number)
        sample = self.sample
        for kind, places in found.values():
            fault = self.partial.faults.get(kind.key)
            if fault is None:
                fault = self.partial.faults[kind.key] = Fault.of(kind.alike, seen)
            counts = fault.days.setdefault(day, [0, 0])
            counts[0] += 1
            counts[1] += places
            fault.expected = min(fault.expected, kind.alike["expected"])
            fault.waived = min(fault.waived, kind.alike["waived"])
            fault.last = max(fault.last, seen)
            if earliest(seen) < earliest(fault.first):
                fault.first = seen
            if len(fault.samples) < 3 or sample < fault.samples[-1]:
                fault.samples = lowest([*fault.samples, sample])

    @property
    def sample(self) -> Sample:
        """The row that is being counted, as an example."""
        return Sample(rank(self.source, self.row.number), self.source, self.row.number, self.row.offset)

    def bodies(
        self, told: tuple[str, str, str], facts: Callable[[list[Json]], set[FactKey]], value: Json
    ) -> None:
        """Take in a body that may show facts of the spec; `facts` gives those of several."""
        _, waiting = self._waiting.setdefault(told, (facts, []))
        waiting.append((self.sample, value))
        if len(waiting) >= WAITING:
            self.shown.ask(facts, waiting)
            waiting.clear()

    def unread(self, reason: str) -> None:
        """Count a row that could not be read."""
        held = self.partial.unread.setdefault(reason, [0, self.source, self.row.number])
        held[0] += 1
        held[2] = min(held[2], self.row.number)

    def other(self, url: str) -> None:
        """Count a row that is no vendor's of these."""
        host = safe_text(host_of(url), 80)
        self.partial.others[host] = self.partial.others.get(host, 0) + 1

    def profile(self, check: ProviderCheck) -> Collector:
        """Give what looks at the bodies of a vendor's answers."""
        name = check.provider.id
        found = self._collectors.get(name)
        if found is None:
            found = self._collectors[name] = Collector(partial(_title, check), self.words[name])
        return found

    def result(self) -> Partial:
        """Give what all rows say."""
        for facts, waiting in self._waiting.values():
            if waiting:
                self.shown.ask(facts, waiting)
        self.partial.profiles = {name: one.summary() for name, one in self._collectors.items()}
        self.partial.cap()
        return self.partial


def _title(check: ProviderCheck, interaction: Interaction) -> str | None:
    found = check.checker.find(interaction)
    return found.title if found else None


@lru_cache(maxsize=4096)
def without_values(text: str) -> str:
    """Take what may be of one answer alone out of a sentence: quoted texts, counts, positions."""
    return _COUNT.sub("#", _QUOTED.sub("a text", _ODD_MEDIA.sub("body: another content type", text)))


@lru_cache(maxsize=16384)
def place_shown(pointer: str, words: frozenset[str]) -> str:
    """Write a place with positions as `*`, and keys that no spec has and that look like ids as `{}`."""
    tokens = re.sub(r"/\d+(?=/|\Z)", "/*", pointer)
    if not tokens.startswith("/"):
        return tokens
    return "".join(f"/{'*' if key == '*' else token(str(key), words)}" for key in Pointer.parse(tokens))
