"""What thousands of interactions have alike: kept once, and shown with a few examples.

A log may hold 200,000 answers that break one rule at one place. Each keeps its entry in a report; what is
equal in them is one value, and only the first of a kind show the part of their answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import replace
from typing import Any, Final, TypeVar

from contracts.model import Assessment, Finding, Interaction

EXAMPLES: Final = 20
"""Findings of a kind, of those that came first, that show the part of their answer."""
MOST: Final = 4_096

_Value = TypeVar("_Value", bound=Hashable)


class Shared:
    """Gives the first of equal values; only so many are kept, since some values never repeat."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def __call__(self, value: _Value) -> _Value:
        """Give the value, or an equal one that was given before."""
        if len(self._kept) >= MOST:
            self._kept.clear()
        found: _Value = self._kept.setdefault(value, value)
        return found

    def lean(self, one: Assessment, it: Interaction) -> Assessment:
        """Give an assessment of an interaction without the body of the answer, which no report asks for."""
        response = it.response and self(replace(it.response, headers=self(it.response.headers), body=b""))
        return Assessment(
            provider=one.provider,
            operation=one.operation,
            interaction=replace(it, request=self(it.request), response=response),
            findings=self(one.findings),
            verdict=one.verdict,
            not_checked=self(one.not_checked),
            not_judged=self(one.not_judged),
            asking=one.asking,
        )


class Examples:
    """Counts findings by kind, to tell which of them are among the first of theirs."""

    def __init__(self) -> None:
        self._met: Counter[str] = Counter()

    def wants(self, finding: Finding) -> bool:
        """Count a finding; whether it is among the first of its kind."""
        self._met[finding.fingerprint] += 1
        return self._met[finding.fingerprint] <= EXAMPLES
