"""What policy says, field by field: findings of age, coverage and waivers, the verdict, and the words of refusals."""

import re
from dataclasses import replace
from datetime import date

import pytest

from contracts.errors import ConfigError, UnknownName
from contracts.model import Coverage, Finding, Report, Severity, Source, SourceLine, Verdict
from contracts.policy import (
    Policy,
    SeverityChoice,
    Waiver,
    coverage_findings,
    exit_code,
    read_policy,
    read_waivers,
    settle,
    stale_findings,
    verdict,
    waive,
    waive_report,
    write_waivers,
)
from contracts.policy.adopting import add_waivers, check_until, find, open_findings, waiver_for
from contracts.policy.gate import fails
from contracts.policy.waivers import place
from tests.report.reports import NIMBLE, assessment, finding, interaction

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
TODAY = date(2026, 11, 22)
CLEAN, BAD, OPEN = Verdict.CONFORMS, Verdict.VIOLATES, Verdict.INCONCLUSIVE


def waiver(where="nimble/getBatch/200/tasks/*/state", rule="enum", until=date(2027, 2, 1), **facts):
    usual = {"reason": "known", "owner": "data", "origin": SourceLine("waivers.toml", 2)}
    return Waiver(rule=rule, place=where, until=until, **{**usual, **facts})


def live(judged, *, put="2026-11-22T00:00:00Z", probe="", source=Source.LIVE):
    return assessment(verdict=judged, interaction=interaction(source=source, recorded_at=put, probe=probe))


@pytest.mark.parametrize(
    ("given", "summed"),
    [
        (Report((), (live(CLEAN),)), CLEAN), (Report((), (live(CLEAN, probe="auth"),)), OPEN), (Report((), (live(CLEAN), live(OPEN))), OPEN),
        (Report((), (live(CLEAN), live(OPEN, put=""))), CLEAN), (Report((), (live(CLEAN), live(OPEN, probe="auth"))), CLEAN),
        (Report((), (live(CLEAN), live(OPEN, source=Source.RECORDED))), CLEAN), (Report((), (live(BAD), live(OPEN))), BAD),
        (Report((), (live(CLEAN, probe="auth", source=Source.RECORDED),)), CLEAN), (Report(), OPEN), (Report((), (live(OPEN, put=""),), (finding("drift", W),)), OPEN),
        (Report((), (), (finding("drift", W),)), CLEAN), (Report((), (live(OPEN, put=""),), (finding("drift", E),)), BAD),
    ],
)  # fmt: skip
def test_a_report_is_summed_up(given, summed):
    assert verdict(given) is summed
    assert exit_code(given, Policy(fail_on=None)) == (3 if summed is OPEN else 0)


def test_the_least_severity_closes_the_gate():
    levels = {None: None, N: "note", W: "warning", E: "error"}
    for worst in levels:
        given = Report((), (), (finding("drift", worst),) if worst else ())
        assert [fails(given, least) for least in (None, N, W, E)] == [
            False, worst in {N, W, E}, worst in {W, E}, worst is E,
        ]  # fmt: skip


def test_a_stale_recording_is_told_whole():
    old = assessment(
        interaction=interaction(recorded_at="2026-05-01T00:00:00Z", origin=SourceLine("a.json", 3))
    )
    assert list(stale_findings(Report((), (old,)), Policy(), TODAY)) == [
        Finding(
            rule="stale-recording", severity=E, message="recorded on 2026-05-01, more than 180 days ago; record it again", provider="nimble",
            operation="getBatch", status="200", spec_line=SourceLine("a.json", 3), source="recorded", since="2026-05-01",
        )
    ]  # fmt: skip


def test_a_stale_recording_without_an_answer_has_no_status():
    old = assessment(interaction=replace(interaction(recorded_at="2026-05-01T00:00:00Z"), response=None))
    assert [one.status for one in stale_findings(Report((), (old,)), Policy(), TODAY)] == [""]


def test_a_coverage_below_the_share_is_told_whole():
    covered = Coverage(provider="nimble", operation="getBatch", seen=("a",), unseen=("c", "d"))
    assert list(coverage_findings(Report((NIMBLE,), (), (), (covered,)), Policy(coverage=0.5))) == [
        Finding(
            rule="coverage-threshold", severity=E, message="1 of 3 facts of the spec were seen; 50% are wanted", provider="nimble", operation="getBatch",
            part="spec", expected="50%", found="33%", source="specs/nimble/openapi.yaml",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "provider", "operation", "status", "pointer"),
    [
        ("nimble/getBatch/200/a/*/b", "nimble", "getBatch", "200", "/enum/a/*/b"), ("nimble/getBatch/200", "nimble", "getBatch", "200", "/enum"),
        ("nim*/get*/-/x", "nim", "get", "", "/enum/x"), ("*/-/*/**", "", "", "", "/enum/**"),
    ],
)  # fmt: skip
def test_a_finding_about_a_waiver_is_told_whole(where, provider, operation, status, pointer):
    common = {
        "severity": E,
        "provider": provider,
        "operation": operation,
        "status": status,
        "part": "waiver",
        "pointer": pointer,
        "spec_line": SourceLine("waivers.toml", 2),
    }
    for until, rule, said, since in (
        (date(2026, 11, 22), "waiver-unused", "the waiver for enum covers nothing; remove it", ""),
        (date(2026, 11, 21), "waiver-expired", "the waiver for enum ended on 2026-11-21", "2026-11-21"),
    ):
        assert waive_report(Report(), [waiver(where, until=until)], TODAY).findings == (
            Finding(rule=rule, message=said, since=since, **common),
        )


def test_a_waiver_of_answers_that_were_not_asked_for_is_a_notice():
    one = waiver("nimble/getBatch/404/x", until=TODAY)
    seen = assessment(verdict=CLEAN)
    for given, operations, providers, notice in (
        (Report(), ["getBatch"], None, True), (Report(), [], None, False), (Report((), (seen,)), ["getBatch"], ["nimble"], True), (Report(), ["getBatch"], ["matil"], False),
    ):  # fmt: skip
        settled = waive_report(given, [one], TODAY, providers, operations)
        said = (
            ("not checked: whether the waiver for enum is needed: no recording of getBatch 404",)
            if notice
            else ()
        )
        assert settled.notices == said
        assert [found.rule for found in settled.findings] == (
            [] if notice or providers == ["matil"] else ["waiver-unused"]
        )
    assert [
        f.rule
        for f in waive_report(Report(), [waiver("nimble/getBatch/4*/x")], TODAY, None, ["getBatch"]).findings
    ] == ["waiver-unused"]


def test_an_open_warning_does_not_violate_where_the_error_is_waived():
    waived, warning, error = finding(pointer="/tasks/*/state"), finding("format", W), finding("type")
    for found, judged in (
        ((waived, warning), CLEAN),
        ((waived, error), BAD),
        ((waived, replace(error, waived="yes")), CLEAN),
    ):
        given = Report((), (assessment(*found, verdict=BAD),))
        assert waive_report(given, [waiver()], TODAY).assessments[0].verdict is judged


def test_the_newest_end_of_several_waivers_is_told():
    one = finding(pointer="/tasks/*/state")
    ended = [waiver(until=date(2026, 1, 1)), waiver(until=date(2026, 3, 1)), waiver(until=date(2026, 2, 1))]
    assert waive(one, ended, TODAY).waiver_ended == "2026-03-01"
    current = waiver(reason="r" * 130, owner="o" * 50)
    assert waive(one, [*ended, current], TODAY).waived == f"{'r' * 119}… (until 2027-02-01, {'o' * 39}…)"


def test_findings_are_settled_by_severity_then_waiver():
    one = finding(pointer="/tasks/*/state")
    policy = Policy(
        severities=(
            SeverityChoice("enum", N),
            SeverityChoice("type", None),
            SeverityChoice("enum", W, "nimble"),
            SeverityChoice("enum", E, "matil"),
        )
    )
    settled = list(settle([one, finding("type"), finding("format")], policy, [waiver()], TODAY))
    assert [(each.rule, each.severity, bool(each.waived)) for each in settled] == [
        ("enum", W, True),
        ("format", E, False),
    ]


PLACES = {
    "nimble/getBatch/200/tasks/*/state": {"pointer": "/tasks/12/state"}, "nimble/getBatch/200/7a/*": {"pointer": "/7a/0"}, "nimble/getBatch/200:header/retry-after": {"part": "header", "pointer": "retry-after"},
    "-/GET ~1a~0b/-": {"provider": "", "operation": "GET /a~b", "status": "", "pointer": ""}, "nimble/getBatch/200/*": {"part": "body", "pointer": "/5"},
}  # fmt: skip


def test_places_as_a_waiver_names_them():
    assert {place(finding(**facts)): facts for facts in PLACES.values()} == PLACES
    made = waiver_for(finding(pointer="/a/1"), "why", "who", TODAY, "https://x.test")
    assert made == Waiver(
        rule="enum",
        place="nimble/getBatch/200/a/*",
        reason="why",
        owner="who",
        until=TODAY,
        link="https://x.test",
        origin=SourceLine("waivers.toml"),
    )


def test_a_file_of_waivers_is_written_like_this():
    rows = [
        waiver("b/c/d", link="https://x.test"),
        waiver("a/b/c", "type", reason='say "no" \\ \u00e9\n\x7f\ud800'),
        waiver("a/b/c", "enum"),
    ]
    assert "\n".join(write_waivers(rows)) == (
        '[[waiver]]\nrule = "enum"\nplace = "a/b/c"\nreason = "known"\nowner = "data"\nuntil = 2027-02-01\n\n'
        '[[waiver]]\nrule = "type"\nplace = "a/b/c"\nreason = "say \\"no\\" \\\\ \u00e9\\U0000000a\\U0000007f\ufffd"\nowner = "data"\nuntil = 2027-02-01\n\n'
        '[[waiver]]\nrule = "enum"\nplace = "b/c/d"\nreason = "known"\nowner = "data"\nuntil = 2027-02-01\nlink = "https://x.test"'
    )


def test_waivers_are_added_below_what_stands_there(tmp_path):
    path = tmp_path / "waivers.toml"
    first = waiver("nimble/a/b")
    assert add_waivers(path, []) == ()
    assert not path.exists()
    (added,) = add_waivers(path, [first, first])
    assert added.origin == SourceLine(str(path))
    written = path.read_text()
    assert written == "\n".join(write_waivers([first])) + "\n"
    assert add_waivers(path, [waiver("nimble/a/b", until=date(2027, 1, 1))]) == ()
    with pytest.raises(
        ConfigError, match=re.escape("w.toml:1: waived until 2027-02-01 already; change the day there")
    ):
        add_waivers(path, [waiver("nimble/a/b", until=date(2027, 2, 2))], "w.toml")
    path.write_text("# why\n" + written + "\n\n")
    assert [one.origin for one in add_waivers(path, [waiver("nimble/a/c")], "w.toml")] == [
        SourceLine("w.toml")
    ]
    assert path.read_text() == f"# why\n{written}\n" + "\n".join(write_waivers([waiver("nimble/a/c")])) + "\n"


def test_findings_are_found_by_their_fingerprints():
    one, other, known = finding(pointer="/a"), finding("type", pointer="/b"), finding("waiver-unused")
    given = Report(
        (),
        (),
        (
            one,
            finding(pointer="/a"),
            other,
            finding("format", W),
            finding("drift", waived="yes"),
            known,
            finding("waiver-expired"),
        ),
    )
    assert open_findings(given, W) == (one, other, given.findings[3])
    assert open_findings(given, E) == (one, other)
    assert find(given, one.fingerprint) is given.findings[1]
    assert find(given, other.fingerprint[:4]) is other
    for text, said in {
        other.fingerprint[
            :3
        ]: f"'{other.fingerprint[:3]}' is too short; give at least four characters of a fingerprint",
        "": "'' is too short; give at least four characters of a fingerprint",
        "zzzz" * 9: f"no open finding has the fingerprint '{'zzzz' * 8}'; list them with: contracts report",
        known.fingerprint: "no open finding has the fingerprint",
        "zzz": "no open finding has the fingerprint 'zzz'",
    }.items():
        with pytest.raises(ConfigError, match=re.escape(said)):
            find(given, text)
    waived = finding(pointer="/w", waived="they know")
    said = f"the finding {waived.fingerprint} is waived: they know"
    with pytest.raises(ConfigError, match=f"^{said}$"):
        find(Report((), (), (waived,)), waived.fingerprint)
    alike = [finding(pointer=f"/a{number}") for number in (82, 402)]
    with pytest.raises(ConfigError, match="several findings have the fingerprint 'c9d4'; list them with: "):
        find(Report((), (), tuple(alike)), "c9d4")


def test_a_day_is_neither_over_nor_too_far():
    check_until(TODAY, TODAY)
    check_until(date(2027, 5, 21), TODAY)
    with pytest.raises(ConfigError, match="until 2026-11-21 is over"):
        check_until(date(2026, 11, 21), TODAY)
    with pytest.raises(ConfigError, match="until 2027-05-22 is 181 days ahead; 180 is the most"):
        check_until(date(2027, 5, 22), TODAY)


def test_names_in_refusals_are_cut_and_days_may_be_equal(tmp_path):
    path = tmp_path / "pyproject.toml"

    def read(text):
        path.write_text(f"[tool.contracts]\n{text}\n")
        return read_policy(path, providers=["nimble"])

    assert read("stale-warn-days = 180").stale_warn_days == 180
    for text in (
        f"providers = ['{'x' * 61}']",
        f"watch.vendors = ['{'x' * 61}']",
        f"watch.sinks = ['{'x' * 61}']",
    ):
        with pytest.raises(UnknownName, match=f"'{'x' * 59}\u2026'"):
            read(text)
    waivers = tmp_path / "waivers.toml"
    waivers.write_text("\n".join(write_waivers([waiver(rule="x" * 61)])))
    with pytest.raises(UnknownName, match=f"'{'x' * 59}\u2026'"):
        read_waivers(waivers)
