"""The rules of the team's own books; those about vendors stand in validate and drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from contracts.model import Severity
from contracts.validate.rules import Rule

_TABLE: Final = (
    Rule(
        "waiver-expired",
        Severity.ERROR,
        "A waiver's last day is over; the finding that it covered counts again.",
        "Ask whether the vendor mended it; else change the day in waivers.toml, at most 180 days ahead.",
    ),
    Rule(
        "waiver-unused",
        Severity.ERROR,
        "A waiver covers nothing any more.",
        "The vendor mended it, or the place was renamed: remove the waiver, or correct its place.",
    ),
    Rule(
        "stale-recording",
        Severity.WARNING,
        "A recording is old: a warning after 90 days, an error after 180, or as the settings say.",
        "Record it again with: contracts record PROVIDER",
    ),
    Rule(
        "coverage-threshold",
        Severity.ERROR,
        "The interactions show less of the spec than the settings ask for.",
        "See what is missing with: contracts coverage PROVIDER --unseen",
    ),
)

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in _TABLE}
"""Rule id to what it means."""
