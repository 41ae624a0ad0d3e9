"""The severity table: rule by provenance of the fact, then what the team decided.

What a vendor published or typed on its page is an error; what was inferred from an example or prose is a
warning until traffic confirms it. The rules below do not follow that row.
"""

from __future__ import annotations

from typing import Final

from contracts.model import Severity
from contracts.policy.settings import Policy

BY_PROVENANCE: Final = {
    "published": Severity.ERROR,
    "derived": Severity.ERROR,
    "inferred": Severity.WARNING,
}
"""The severity of a broken fact by where the fact comes from; an unknown provenance counts as published."""

FIXED: Final = {
    "undescribed": Severity.WARNING,
    "example-mismatch": Severity.WARNING,
    "byte-order-mark": Severity.WARNING,
    "stale-recording": Severity.WARNING,
    "bad-utf8": Severity.ERROR,
    "body-too-large": Severity.ERROR,
    "duplicate-key": Severity.ERROR,
    "huge-integer": Severity.ERROR,
    "json-too-deep": Severity.ERROR,
    "lone-surrogate": Severity.ERROR,
    "not-a-json-number": Severity.ERROR,
    "not-json": Severity.ERROR,
    "engines-disagree": Severity.ERROR,
    "coverage-threshold": Severity.ERROR,
    "waiver-expired": Severity.ERROR,
    "waiver-unused": Severity.ERROR,
}
"""Rules whose severity does not depend on provenance: JSON's own law, what is open, and our own books."""

_DEFAULTS: Final = Policy()


def severity_of(
    rule: str,
    provenance: str,
    policy: Policy = _DEFAULTS,
    *,
    provider: str = "",
    status: str = "",
    probe: str = "",
    default: Severity | None = None,
) -> Severity | None:
    """Say how bad a finding is; None when the team switched the rule off.

    `probe` names the deliberate probe that met it, `default` is the severity of a rule that brings its own.
    """
    choice = policy.choice(rule, provider)
    if choice:
        return choice.severity
    if default is not None:
        return default
    if rule == "undocumented-status":
        return _undocumented(status, probe)
    return FIXED.get(rule) or BY_PROVENANCE.get(provenance, Severity.ERROR)


def _undocumented(status: str, probe: str) -> Severity:
    """Judge a status that the spec does not name: a success is worse than a refusal."""
    if not status.startswith(("4", "5")):
        return Severity.ERROR
    return Severity.NOTE if probe else Severity.WARNING
