"""When the gate closes: the verdict of a whole report and the exit code that follows."""

from __future__ import annotations

from contracts.model import Report, Severity, Verdict
from contracts.policy.settings import Policy


def verdict(report: Report) -> Verdict:
    """Sum up: an open error violates; a run in which nothing could be judged is inconclusive."""
    if any(one.verdict == Verdict.VIOLATES for one in report.assessments) or report.worst == Severity.ERROR:
        return Verdict.VIOLATES
    if any(one.verdict == Verdict.CONFORMS for one in report.assessments):
        return Verdict.CONFORMS
    return Verdict.CONFORMS if report.findings and not report.assessments else Verdict.INCONCLUSIVE


def fails(report: Report, fail_on: Severity | None) -> bool:
    """Whether an open finding is at or above the severity that closes the gate; None never closes it."""
    worst = report.worst
    return fail_on is not None and worst is not None and worst.weight >= fail_on.weight


def exit_code(report: Report, policy: Policy) -> int:
    """Give 1 for findings at or above `fail_on`, 3 when nothing could be judged, else 0."""
    if fails(report, policy.fail_on):
        return 1
    return 3 if verdict(report) == Verdict.INCONCLUSIVE else 0
