"""Pictures of a report as plain shapes: how much of a spec was seen, and when drift began.

A picture says nothing by colour alone: what was seen is filled, what was not is an outline; severities
differ in shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from contracts.model import Coverage, Finding, Severity
from contracts.text import safe_text

STEP: Final = 11
ACROSS: Final = 44
_CELL: Final = "h8v8h-8z"


class Cells(NamedTuple):
    """The facts of one status of an operation as small squares: two SVG paths and the height in pixels."""

    label: str
    seen: str
    unseen: str
    height: int
    hits: int
    total: int


def cells(coverage: Coverage, most: int = 1200) -> tuple[Cells, ...]:
    """Draw a square for every fact, by status and in the order of their ids; at most `most` in all."""
    seen = set(coverage.seen)
    facts = sorted({*coverage.seen, *coverage.unseen})[:most]
    return tuple(_cells(status, list(group), seen) for status, group in groupby(facts, key=_status))


def _status(fact: str) -> str:
    return safe_text(fact.partition(" ")[0], 12)


def _cells(label: str, facts: list[str], seen: set[str]) -> Cells:
    corners = [
        (f"M{i % ACROSS * STEP + 1} {i // ACROSS * STEP + 1}{_CELL}", one) for i, one in enumerate(facts)
    ]
    height = ((len(facts) - 1) // ACROSS + 1) * STEP
    filled = "".join(shape for shape, one in corners if one in seen)
    hollow = "".join(shape for shape, one in corners if one not in seen)
    return Cells(label, filled, hollow, height, sum(one in seen for one in facts), len(facts))


class Mark(NamedTuple):
    """A drift on the timeline: where to draw it, what to call it."""

    x: int
    y: int
    severity: str
    day: str
    text: str


class Timeline(NamedTuple):
    """A picture of when drift began: marks in a lane for each provider, and the days at the axis."""

    lanes: tuple[tuple[int, str], ...]
    ticks: tuple[tuple[int, str], ...]
    marks: tuple[Mark, ...]
    height: int


LEFT: Final = 110
RIGHT: Final = 700
LANE: Final = 34


def timeline(findings: Iterable[Finding], most: int = 400) -> Timeline | None:
    """Place every finding that knows since when; None when none does."""
    dated = sorted(_dated(findings), key=lambda pair: (pair[0], pair[1].sort_key))[-most:]
    if not dated:
        return None
    providers = sorted({one.provider for _, one in dated})
    first, last = dated[0][0], dated[-1][0]
    span = max((last - first).days, 1)
    x = {day: LEFT + round((RIGHT - LEFT) * (day - first).days / span) for day, _ in dated}
    lanes = {name: LANE // 2 + LANE * row for row, name in enumerate(providers)}
    marks = tuple(
        Mark(x[day], lanes[one.provider], one.severity.value, str(day), _words(one)) for day, one in dated
    )
    shown = tuple((y, safe_text(name, 14) or "setup") for name, y in lanes.items())
    return Timeline(shown, tuple(_ticks(x)), marks, LANE * len(providers) + 26)


def _dated(findings: Iterable[Finding]) -> Iterator[tuple[date, Finding]]:
    for one in findings:
        try:
            yield date.fromisoformat(one.since[:10]), one
        except ValueError:
            continue


def _ticks(x: dict[date, int]) -> Iterator[tuple[int, str]]:
    """Label days from the left, leaving out those that would touch the label before."""
    free = 0
    for day, at in sorted(x.items()):
        if at >= free:
            yield at, str(day)
            free = at + 90


def _words(one: Finding) -> str:
    return (
        f"{safe_text(one.operation, 40)} {safe_text(one.pointer, 80)} {safe_text(one.message, 160)}".strip()
    )


ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
"""Severities from the worst on."""
