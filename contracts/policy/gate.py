"""When the gate closes: the verdict of a whole report and the exit code that follows."""

from __future__ import annotations

from contracts.model import Assessment, Report, Severity, Source, Verdict
from contracts.policy.settings import Policy


def verdict(report: Report) -> Verdict:
    """Sum up: an open error violates; a run in which nothing could be judged is inconclusive.

    So is a live run with a question that was put and not answered to its end, whatever the probes beside it
    showed: what the user asked for was not seen.
    """
    if any(one.verdict == Verdict.VIOLATES for one in report.assessments) or report.worst == Severity.ERROR:
        return Verdict.VIOLATES
    if any(map(_unanswered, report.assessments)):
        return Verdict.INCONCLUSIVE
    if any(one.verdict == Verdict.CONFORMS and not _probed(one) for one in report.assessments):
        return Verdict.CONFORMS
    return Verdict.CONFORMS if report.findings and not report.assessments else Verdict.INCONCLUSIVE


def _probed(one: Assessment) -> bool:
    return one.interaction.source == Source.LIVE and one.interaction.probe != ""


def _unanswered(one: Assessment) -> bool:
    """Whether a question of the user's was put (an unsent one bears no time) and could not be judged."""
    put = one.interaction.source == Source.LIVE and one.interaction.recorded_at != ""
    return put and one.verdict == Verdict.INCONCLUSIVE and not one.interaction.probe


def fails(report: Report, fail_on: Severity | None) -> bool:
    """Whether an open finding is at or above the severity that closes the gate; None never closes it."""
    worst = report.worst
    return fail_on is not None and worst is not None and worst.weight >= fail_on.weight


def exit_code(report: Report, policy: Policy) -> int:
    """Give 1 for findings at or above `fail_on`, 3 when nothing could be judged, else 0."""
    if fails(report, policy.fail_on):
        return 1
    return 3 if verdict(report) == Verdict.INCONCLUSIVE else 0
