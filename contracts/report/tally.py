"""What a report adds up to: one verdict, a few counts, the sentence at its end and the next command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contracts.model import Assessment, Finding, Report, Severity, Verdict
from contracts.policy import OWN_RULES, verdict
from contracts.text import plural, safe_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over a whole report; findings that are waived are counted apart from the open ones.

    `not_judged` counts the interactions that could not be judged, or not in every part.
    """

    interactions: int
    conforms: int
    violates: int
    inconclusive: int
    not_judged: int
    errors: int
    warnings: int
    notes: int
    waived: int

    @property
    def open(self) -> int:
        """How many findings no waiver covers."""
        return self.errors + self.warnings + self.notes


def tally(report: Report) -> Tally:
    """Count the interactions by verdict and the findings by severity."""
    verdicts = Counter(assessment.verdict for assessment in report.assessments)
    severities = Counter(finding.severity for finding in report.weighed() if not finding.waived)
    return Tally(
        interactions=len(report.assessments),
        conforms=verdicts[Verdict.CONFORMS],
        violates=verdicts[Verdict.VIOLATES],
        inconclusive=verdicts[Verdict.INCONCLUSIVE],
        not_judged=sum(map(is_open, report.assessments)),
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        notes=severities[Severity.NOTE],
        waived=sum(1 for finding in report.weighed() if finding.waived),
    )


def is_open(one: Assessment) -> bool:
    """Whether an interaction could not be judged, or not in every part."""
    return bool(one.not_judged) or one.verdict == Verdict.INCONCLUSIVE


def headline(report: Report) -> str:
    """Give the first word of a page: the verdict, or what a report without interactions is about."""
    if report.assessments:
        return str(verdict(report))
    findings = list(report.all_findings())
    if not findings:
        return "no findings"
    return "drifted" if any(one.direction for one in findings) else str(verdict(report))


def closing(report: Report) -> str:
    """Write the one sentence at the end: verdict, counts, the spec's standing, the next command."""
    command = next_command(report) or _to_record(report)
    parts = (f"{verdict(report)}: {counts(report)}", *_standing(report), *([command] if command else []))
    return " · ".join(parts)


def counts(report: Report) -> str:
    """Write the counts: `3 findings in 1 interaction`, what was waived, and `not judged: 3` beside them."""
    total = tally(report)
    interactions = plural(total.interactions, "interaction")
    extra = [f"{total.waived} waived"] * bool(total.waived)
    if not total.interactions and (total.open or total.waived):
        return ", ".join((plural(total.open, "finding"), *extra))
    start = f"{plural(total.open, 'finding')} in {interactions}" if total.open else interactions
    return " · ".join((", ".join((start, *extra)), *not_judged(report)))


def not_judged(report: Report) -> tuple[str, ...]:
    """Say how many interactions could not be judged, or not in every part: `not judged: 3`."""
    total = tally(report)
    part = total.not_judged - total.inconclusive
    more = f" ({part} in part)" if part else ""
    return (f"not judged: {total.not_judged}{more}",) if total.not_judged else ()


def _standing(report: Report) -> tuple[str, ...]:
    if len(report.providers) != 1:
        return ()
    facts = report.providers[0]
    provenance = safe_text(facts.provenance, 24)
    return (f"spec {provenance}, retrieved {safe_text(facts.retrieved, 24)}",) if facts.retrieved else ()


def next_command(report: Report) -> str:
    """Name the one command that is worth running next; empty when there is nothing to do."""
    finding = worst_finding(report)
    if finding is None:
        return ""
    if finding.rule in {"waiver-expired", "waiver-unused"}:
        return "contracts waivers"
    return f"contracts explain {safe_text(finding.rule, 60)}"


def _to_record(report: Report) -> str:
    """Name the command that keeps a recording, where a vendor has none to judge."""
    if report.assessments or not report.providers:
        return ""
    name = report.providers[0].id if len(report.providers) == 1 else "NAME"
    return f"contracts import RECORDING --provider {safe_text(name, 40)}"


def choices(report: Report) -> tuple[str, ...]:
    """Say what may become of the worst finding about a vendor: accept, correct or report it; a line each."""
    finding = worst_finding(report, of_vendor)
    if finding is None or finding.severity is Severity.NOTE or finding.severity is not report.worst:
        return ()
    return tuple(f"{word + ':':<8} {command}" for word, command in next_steps(finding))


def next_steps(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what may become of a finding about a vendor, as (word, command)."""
    from contracts.drift import correctable  # here, since a run without a finding needs none of it

    if not of_vendor(finding):
        return
    yield "accept", f'contracts waive {finding.fingerprint} --reason "WHY"'
    if correctable(finding):
        yield "correct", f"contracts correct {finding.fingerprint}"
    yield "report", f"contracts report {finding.fingerprint}"


def of_vendor(finding: Finding) -> bool:
    """Whether a finding is about what a vendor answered, so that there is something to decide."""
    ours = finding.rule in OWN_RULES or finding.rule == "example-mismatch"
    return finding.part in {"body", "header", "status"} and bool(finding.provider) and not ours


def worst_finding(report: Report, of: Callable[[Finding], bool] = bool) -> Finding | None:
    """Give the first of the worst open findings of a kind, None when there is none."""
    open_ = (finding for finding in report.weighed() if not finding.waived and of(finding))
    return max(open_, key=lambda f: f.severity.weight, default=None)
