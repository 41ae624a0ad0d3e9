"""Findings lose what they must not say: keys of the environment, and what a request carried.

Values under secret names and shapes of credentials are masked where a message is made; a key that is known is
looked for here in any spelling, so that no door and no format can show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from contracts.auth import Carrier
from contracts.interactions import Cleaner, Known, Tokens, carried
from contracts.model import Finding, Interaction
from contracts.secret import without_keys
from contracts.text import as_pointer

_KEPT: Final = 16


@dataclass(slots=True)
class Hiding:
    """What is secret in one run: what variables of the environment hold, of carriers and others."""

    carriers: tuple[Carrier, ...]
    environ: Mapping[str, str] = field(repr=False)
    variables: tuple[str, ...] = ()
    _compiled: dict[frozenset[str], Known] = field(default_factory=dict, repr=False)

    def known(self, interaction: Interaction) -> Known:
        """Give the secrets compiled, once for all interactions that carry the same."""
        named = {*self.variables, *(name for carrier in self.carriers for name in carrier.variables)}
        values = {value for name in named if (value := self.environ.get(name, "").strip())}
        secrets = frozenset(values.union(carried(interaction, self.carriers)))
        if secrets not in self._compiled:
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            self._compiled[secrets] = Known.of_keys(secrets)
        return self._compiled[secrets]

    def findings(self, found: Iterable[Finding], known: Known) -> tuple[Finding, ...]:
        """Give findings of an interaction that say nothing of the secrets, which `known` gave."""
        findings = tuple(found)
        if not known.filled:
            return findings
        clean = Cleaner(known, Tokens()).without_keys
        return tuple(
            replace(_cleaned(one, clean), places=tuple(as_pointer(clean(place)) for place in one.places))
            for one in findings
        )


def keyless_finding(one: Finding) -> Finding:
    """Take keys of the environment out of what a document, and the payload that proves a change, say."""
    return replace(
        _cleaned(one, without_keys),
        spec_pointer=as_pointer(without_keys(one.spec_pointer)),
        status=without_keys(one.status),
        places=tuple(map(without_keys, one.places)),
        witness=without_keys(one.witness) if one.witness else one.witness,
    )


def _cleaned(one: Finding, clean: Callable[[str], str]) -> Finding:
    """Clean what findings of answers and of documents have alike; places are pointers in the first only."""
    return replace(
        one,
        message=clean(one.message),
        expected=clean(one.expected),
        found=clean(one.found),
        pointer=as_pointer(clean(one.pointer)),
        operation=clean(one.operation),
    )
