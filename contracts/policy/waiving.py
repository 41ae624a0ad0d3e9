"""Waivers applied: what they cover is marked, what they no longer cover returns and says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from contracts.model import Assessment, Finding, Report, Severity, Source, Verdict
from contracts.policy.covering import Index
from contracts.policy.settings import Policy
from contracts.policy.waivers import Waiver, check_dates
from contracts.rules import severity_of
from contracts.text import safe_text


def waive(finding: Finding, waivers: Iterable[Waiver], today: date) -> Finding:
    """Mark a finding that a current waiver covers; one whose waiver ended says so."""
    found = waivers_for(finding, waivers)
    current = next((one for one in found if today <= one.until), None)
    if current:
        reason = f"{safe_text(current.reason, 120)} (until {current.until}, {safe_text(current.owner, 40)})"
        return replace(finding, waived=reason)
    if found:
        return replace(finding, waiver_ended=str(max(one.until for one in found)))
    return finding


_INDEXES: Final[deque[tuple[Iterable[Waiver], Index]]] = deque(maxlen=8)


def waivers_for(finding: Finding, waivers: Iterable[Waiver]) -> list[Waiver]:
    """Give the waivers that cover a finding, in their order; those of a tuple are sorted out once."""
    index = next((index for known, index in _INDEXES if known is waivers), None) or Index(waivers)
    if isinstance(waivers, tuple) and not any(known is waivers for known, _ in _INDEXES):
        _INDEXES.append((waivers, index))
    return index.covering(finding)


def settle(
    findings: Iterable[Finding], policy: Policy, waivers: Collection[Waiver], today: date
) -> Iterator[Finding]:
    """Yield findings as the team decided: its severities, its waivers, no rule it switched off."""
    waivers = tuple(waivers)
    for finding in findings:
        level = policy.weigh(finding.rule, finding.severity, finding.provider)
        if level is not None:
            yield waive(replace(finding, severity=level), waivers, today)


def waiver_findings(
    findings: Iterable[Finding],
    waivers: Iterable[Waiver],
    today: date,
    providers: Collection[str] | None = None,
) -> Iterator[Finding]:
    """Yield `waiver-expired` and `waiver-unused`; `providers` are those that were checked whole.

    A waiver for a provider that was not checked whole says nothing, since its finding may lie outside.
    """
    listed = tuple(waivers)
    used = {id(one) for finding in findings for one in waivers_for(finding, listed)}
    for one in listed:
        if today > one.until:
            yield _about(one, "waiver-expired", f"the waiver for {one.rule} ended on {one.until}")
        elif _whole(one, providers) and id(one) not in used:
            yield _about(one, "waiver-unused", f"the waiver for {one.rule} covers nothing; remove it")


def _whole(waiver: Waiver, providers: Collection[str] | None) -> bool:
    return providers is None or waiver.provider in providers


def _about(waiver: Waiver, rule: str, message: str) -> Finding:
    provider, operation, status, *rest = waiver.place.split("/")
    return Finding(
        rule=rule,
        severity=severity_of(rule),
        message=safe_text(message, 160),
        provider=safe_text(provider.replace("*", ""), 40),
        operation=safe_text(operation.strip("*-"), 60),
        status=safe_text(status.strip("*-"), 20),
        part="waiver",
        pointer=safe_text(f"/{waiver.rule}/{'/'.join(rest)}".rstrip("/"), 120),
        spec_line=waiver.origin,
        since=str(waiver.until) if rule == "waiver-expired" else "",
    )


def waive_report(
    report: Report,
    waivers: Collection[Waiver],
    today: date,
    providers: Collection[str] | None = None,
    operations: Collection[str] = (),
) -> Report:
    """Apply waivers to a whole report: verdicts follow, expired and unused waivers become findings.

    Of the `operations` that the spec has, one without a recording cannot show that a waiver is unused; that
    is a notice.
    """
    waivers = tuple(waivers)
    check_dates(waivers, today)
    unmet = list(_unmet((one for one in waivers if today <= one.until), report, operations))
    gone = {id(one) for one in unmet}
    others = tuple(one for one in waivers if id(one) not in gone)
    about = waiver_findings(report.all_findings(), others, today, providers)
    return replace(
        report,
        assessments=tuple(_reassess(one, waivers, today) for one in report.assessments),
        findings=(*(waive(one, waivers, today) for one in report.findings), *about),
        notices=(*report.notices, *(_not_asked(one) for one in unmet if _whole(one, providers))),
    )


def _unmet(waivers: Iterable[Waiver], report: Report, operations: Collection[str]) -> Iterator[Waiver]:
    """Yield the waivers about answers of which none was recorded or found in the vendor's examples."""
    listed = tuple(waivers)
    judged = (one for one in report.assessments if one.interaction.source is not Source.DOCUMENTATION)
    recorded = {(one.operation, one.id[:3]) for one in judged}
    used = {id(one) for finding in report.all_findings() for one in waivers_for(finding, listed)}
    for one in listed:
        _, operation, status = one.head
        known = status.isdigit() and operation in operations
        if known and (operation, status) not in recorded and id(one) not in used:
            yield one


def _not_asked(waiver: Waiver) -> str:
    _, operation, status = waiver.head
    where = safe_text(f"{operation} {status}", 80)
    return f"not checked: whether the waiver for {waiver.rule} is needed: no recording of {where}"


def _reassess(one: Assessment, waivers: Collection[Waiver], today: date) -> Assessment:
    findings = tuple(waive(finding, waivers, today) for finding in one.findings)
    open_error = any(finding.severity == Severity.ERROR and not finding.waived for finding in findings)
    clean = one.verdict == Verdict.VIOLATES and not open_error
    return replace(one, findings=findings, verdict=Verdict.CONFORMS if clean else one.verdict)
