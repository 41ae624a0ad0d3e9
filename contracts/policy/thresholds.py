"""Limits that a team sets: how old a recording may be, how much of a spec must have been seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from contracts.model import Assessment, Finding, Report, Severity, Source
from contracts.policy.settings import Policy
from contracts.rules import severity_of


def stale_findings(report: Report, policy: Policy, today: date) -> Iterator[Finding]:
    """Yield `stale-recording` for recordings older than the policy's days: a warning, then an error."""
    for one in report.assessments:
        seen = one.interaction
        if seen.source == Source.RECORDED and seen.recorded_at:
            yield from _stale(one, policy, today)


def _stale(one: Assessment, policy: Policy, today: date) -> Iterator[Finding]:
    try:
        day = date.fromisoformat(one.interaction.recorded_at[:10])
    except ValueError:
        return
    age = (today - day).days
    if age <= policy.stale_warn_days:
        return
    late = age > policy.stale_fail_days
    limit = policy.stale_fail_days if late else policy.stale_warn_days
    own = Severity.ERROR if late else Severity.WARNING
    level = policy.weigh("stale-recording", own, one.provider)
    if level:
        yield Finding(
            rule="stale-recording",
            severity=level,
            message=f"recorded on {day}, more than {limit} days ago; record it again",
            provider=one.provider,
            operation=one.operation,
            status=str(one.interaction.response.status) if one.interaction.response else "",
            spec_line=one.interaction.origin,
            source=one.interaction.source.value,
            since=str(day),
        )


def coverage_findings(report: Report, policy: Policy) -> Iterator[Finding]:
    """Yield `coverage-threshold` for operations whose interactions show too little of the spec."""
    files = {facts.id: facts.spec_file for facts in report.providers}
    for one in report.coverage:
        wanted = policy.coverage_of(one.provider)
        level = policy.weigh("coverage-threshold", severity_of("coverage-threshold"), one.provider)
        if one.share < wanted and level:
            yield Finding(
                rule="coverage-threshold",
                severity=level,
                message=f"{len(one.seen)} of {len(one.seen) + len(one.unseen)} facts of the spec were seen; "
                f"{wanted:.0%} are wanted",
                provider=one.provider,
                operation=one.operation,
                part="spec",
                expected=f"{wanted:.0%}",
                found=f"{one.share:.0%}",
                source=files.get(one.provider, ""),
            )
