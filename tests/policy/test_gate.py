"""The exit code: 1 for what weighs enough, 3 when nothing was judged, else 0."""

from datetime import date

import pytest

from contracts.model import Coverage, Report, Severity, Source, Verdict
from contracts.policy import Policy, SeverityChoice, coverage_findings, exit_code, stale_findings, verdict
from tests.report.reports import NIMBLE, assessment, finding, interaction

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


def report(*levels, verdict=Verdict.CONFORMS, waived=""):
    found = tuple(finding("enum", level, waived=waived) for level in levels)
    return Report((), (assessment(*found, verdict=verdict),))


CODES = [
    (report(), "error", 0),
    (report(E, verdict=Verdict.VIOLATES), "error", 1),
    (report(W), "error", 0),
    (report(W), "warning", 1),
    (report(N), "warning", 0),
    (report(N), "note", 1),
    (report(E, verdict=Verdict.VIOLATES), None, 0),
    (report(E, waived="on purpose"), "note", 0),
    (report(verdict=Verdict.INCONCLUSIVE), "error", 3),
    (report(N, verdict=Verdict.INCONCLUSIVE), "error", 3),
    (report(verdict=Verdict.INCONCLUSIVE) + report(), "error", 0),
    (report(verdict=Verdict.INCONCLUSIVE) + report(E, verdict=Verdict.VIOLATES), "error", 1),
    (Report(), "error", 3),
    (Report((), (), (finding("drift", W),)), "error", 0),
    (Report((), (), (finding("drift", E),)), "error", 1),
]


@pytest.mark.parametrize(("given", "fail_on", "code"), CODES)
def test_the_code(given, fail_on, code):
    assert exit_code(given, Policy(fail_on=fail_on and Severity(fail_on))) == code


def test_an_open_error_outside_any_interaction_violates():
    assert (
        verdict(Report((), (assessment(verdict=Verdict.CONFORMS),), (finding("waiver-unused"),)))
        is Verdict.VIOLATES
    )


TODAY = date(2026, 11, 22)
AGES = [("2026-08-24", None), ("2026-08-23", W), ("2026-05-26", W), ("2026-05-25", E), ("2026-12-01", None)]


@pytest.mark.parametrize(("day", "level"), AGES)
def test_recordings_age_into_a_warning_and_then_an_error(day, level):
    old = assessment(interaction=interaction(recorded_at=f"{day}T00:00:00Z"))
    found = list(stale_findings(Report((), (old,)), Policy(), TODAY))
    assert [one.severity for one in found] == ([level] if level else [])
    limit = 180 if level is E else 90
    assert [one.message for one in found] == [
        f"recorded on {day}, more than {limit} days ago; record it again"
    ] * bool(level)


def test_age_is_asked_of_recordings_only_and_may_be_set():
    ages = [
        interaction(recorded_at="2020-01-01", source=Source.DOCUMENTATION),
        interaction(recorded_at=""),
        interaction(recorded_at="yesterday"),
        interaction(recorded_at="2026-11-20"),
    ]
    given = Report((), tuple(assessment(interaction=one) for one in ages))
    assert list(stale_findings(given, Policy(), TODAY)) == []
    assert [f.severity for f in stale_findings(given, Policy(stale_warn_days=1), TODAY)] == [W]
    off = Policy(stale_warn_days=1, severities=(SeverityChoice("stale-recording", None),))
    assert list(stale_findings(given, off, TODAY)) == []


def test_coverage_below_the_wanted_share_is_a_finding():
    covered = Coverage(provider="nimble", operation="getBatch", seen=("a", "b"), unseen=("c",))
    given = Report((NIMBLE,), (), (), (covered,))
    assert list(coverage_findings(given, Policy())) == []
    assert list(coverage_findings(given, Policy(coverage=0.66))) == []
    found = list(coverage_findings(given, Policy(coverage=0.8)))
    assert [(one.rule, one.severity) for one in found] == [("coverage-threshold", E)]
    assert found[0].message == "2 of 3 facts of the spec were seen; 80% are wanted"
    assert list(coverage_findings(given, Policy(coverage=0.8, coverages=(("nimble", 0.1),)))) == []
    off = Policy(coverage=1.0, severities=(SeverityChoice("coverage-threshold", None),))
    assert list(coverage_findings(given, off)) == []
