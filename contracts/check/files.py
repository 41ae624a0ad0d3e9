"""Interactions of any recording, each judged as the vendor's whose server answered; others are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from contracts.address import read_address
from contracts.check.provider import ProviderCheck
from contracts.model import Interaction, Report
from contracts.text import plural, safe_text

_NAMED: Final = 3


def judged(checks: Sequence[ProviderCheck], interactions: Iterable[Interaction]) -> Report:
    """Judge what came from the servers of these vendors, and count what came from others."""
    assessments, owners, passed = [], dict[str, ProviderCheck](), Counter[str]()
    for interaction in interactions:
        owner = owner_of(checks, interaction)
        if owner is None:
            passed[_host(interaction.request.url)] += 1
            continue
        owners[owner.provider.id] = owner
        assessments.append(owner.assess(interaction))
    facts = tuple(owner.facts for owner in owners.values())
    start = Report(providers=facts, assessments=tuple(assessments), notices=passed_over(passed))
    return Report.merge([start])


def owner_of(checks: Sequence[ProviderCheck], interaction: Interaction) -> ProviderCheck | None:
    """Find whose interaction it is: a vendor on whose server it met, one that knows the request first."""
    at_home = [check for check in checks if check.provider.spec.router.serves(interaction.request.url)]
    knowing = (check for check in at_home if check.checker.find(interaction))
    return next(knowing, at_home[0] if at_home else None)


def passed_over(hosts: Counter[str]) -> tuple[str, ...]:
    """Say how many interactions were none of the vendor's; nothing for none."""
    if not hosts:
        return ()
    named = ", ".join(safe_text(host, 80) for host, _ in hosts.most_common(_NAMED))
    more = f" and {plural(len(hosts) - _NAMED, 'more')}" if len(hosts) > _NAMED else ""
    return (f"{hosts.total():,} of other hosts skipped: {named}{more}",)


def _host(url: str) -> str:
    return read_address(url).host or "no host"
