"""A change with its rule and severity, before it becomes a finding."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.drift.change import Change
from contracts.drift.documents import Location, ReachedChange
from contracts.drift.rules import Rule
from contracts.model import Severity


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What is said of one change: where, by which rule, how bad, for which operations, and the payload.

    `unproved` says why no payload could be tried that would show it.
    """

    spot: Location
    change: Change
    rule: Rule
    severity: Severity
    operations: tuple[str, ...]
    met: ReachedChange | None = None
    witness: str | None = None
    unproved: str = ""
