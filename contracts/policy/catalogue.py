"""The catalogue: every id that a report or a command can print, with severity, sentence, advice, example."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from contracts.rules import RULES, SECRETS, Rule, Severity

_DRIFT = "See which of your functions it affects with: contracts impact PROVIDER"
_LAW = "Run it again with: contracts stress FUNCTION; the smallest payload that shows it is printed."


@cache
def all_rules() -> Mapping[str, Rule]:
    """Give every rule by its id: of answers, books, traffic, drift, consumers and secrets, in this order."""
    return {**adjustable_rules(), **_laws(), **SECRETS}


@cache
def adjustable_rules() -> Mapping[str, Rule]:
    """Give the rules whose findings a team may weigh in `[tool.contracts.severity]`."""
    return {**RULES, **_drift()}


def _drift() -> dict[str, Rule]:
    """Read the rules of drift as rows; the severity is the worst of the three directions."""
    from contracts.drift import RULES as DRIFT

    return {
        one.id: Rule(
            one.id,
            max(one.severities.values(), key=lambda severity: severity.weight),
            one.summary,
            _DRIFT,
            one.docs.partition("\n")[2].strip(),
            stated=False,
        )
        for one in DRIFT.values()
    }


def _laws() -> dict[str, Rule]:
    """Read the laws that consumers are held to as rows."""
    from contracts.consumers import ALL_LAWS

    return {
        law.id: Rule(law.id, Severity.ERROR, f"The law: {law.sentence}.", _LAW, law.example, stated=False)
        for law in ALL_LAWS
    }
