"""A team adopts the tool on an API that is not as published: accept, list, expire, clean up."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import contracts.check.options
from contracts.cli import group
from contracts.cli import waive as waive_door
from contracts.cli import waivers as waivers_door
from contracts.errors import ConfigError, ContractsError
from contracts.model import Report, Severity
from contracts.policy import read_waivers
from contracts.policy.adopting import add_waivers, check_until, find, open_findings, waiver_for
from tests.ci.recordings import altered, completed
from tests.report.reports import assessment, designed, finding, sample

TODAY = datetime.now(UTC).date()
SOON = (TODAY + timedelta(days=30)).isoformat()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two recordings that violate: one with a new word, one with a number as text."""
    own = tmp_path / "specs" / "nimble" / "cassettes" / "getBatch"
    own.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["nimble"]\n', encoding="utf-8")
    (own / "200-text.json").write_bytes(altered(completed(), lambda v: {**v, "completed_count": "2"}, "text"))
    (own / "200-word.json").write_bytes(altered(completed(), lambda v: {**v, "status": "fine"}, "word"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run():
    def run_command(*arguments):
        result = CliRunner().invoke(group, [str(one) for one in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return run_command


def fingerprints(run):
    found = json.loads(run("check", "--format", "json")[1])
    rows = [row for block in found["assessments"] for row in block["findings"]]
    return {row["pointer"]: row["fingerprint"] for row in rows if row["severity"] == "error"}


def moved(monkeypatch, days):
    """Let that many days go by at every door."""
    for module in (contracts.check.options, waive_door, waivers_door):
        monkeypatch.setattr(module, "current_day", lambda: TODAY + timedelta(days=days))


def test_one_finding_is_accepted_and_the_other_still_fails(project, run):
    both = fingerprints(run)
    assert set(both) == {"/completed_count", "/status"}
    code, said = run("waive", both["/status"], "--reason", "they fix it", "--until", SOON, "--owner", "data")
    assert code == 0
    assert said.splitlines() == [
        f"specs/nimble/waivers.toml: 1 waiver added, until {SOON}",
        "  const  nimble/getBatch/200/status",
        "next: contracts waivers",
    ]
    assert run("check")[0] == 1
    assert set(fingerprints(run)) == {"/completed_count", "/status"}
    assert "1 waived" in run("check")[1]


def test_everything_current_is_accepted_and_then_the_gate_is_open(project, run):
    assert run("check")[0] == 1
    code, said = run("waive", "--all-current", "--reason", "there when we began", "--owner", "data")
    assert (code, said.splitlines()[0]) == (
        0,
        f"specs/nimble/waivers.toml: 2 waivers added, until {TODAY + timedelta(days=90)}",
    )
    assert run("check")[0] == 0
    assert run("waive", "--all-current", "--reason", "again")[1] == "nothing is open; no waiver was written\n"


def test_waivers_are_listed_by_their_end_and_an_ended_one_brings_its_finding_back(project, run, monkeypatch):
    both = fingerprints(run)
    run(
        "waive",
        both["/status"],
        "--reason",
        "later",
        "--until",
        (TODAY + timedelta(days=60)).isoformat(),
        "--owner",
        "b",
    )
    run(
        "waive",
        both["/completed_count"],
        "--reason",
        "soon",
        "--until",
        SOON,
        "--owner",
        "a",
        "--link",
        "https://t.example/1",
    )
    code, said = run("waivers")
    assert code == 0
    assert said.splitlines() == [
        f"{SOON}  30 days left   type  nimble/getBatch/200/completed_count",
        f"{'':27}soon (a) · https://t.example/1 · specs/nimble/waivers.toml:8",
        f"{TODAY + timedelta(days=60)}  60 days left   const  nimble/getBatch/200/status",
        f"{'':27}later (b) · specs/nimble/waivers.toml:1",
        "2 waivers, 0 ended",
    ]
    assert run("check")[0] == 0
    moved(monkeypatch, 31)
    code, said = run("waivers")
    assert (code, said.splitlines()[-1]) == (1, "2 waivers, 1 ended")
    code, said = run("check")
    assert code == 1
    assert f"its waiver ended on {SOON}" in " ".join(said.split())
    assert "the waiver for type ended on" in " ".join(said.split())
    rows = json.loads(run("waivers", "--format", "json")[1])
    assert [row["owner"] for row in rows] == ["a", "b"]


def test_a_mended_vendor_makes_the_waiver_fail(project, run):
    run("waive", "--all-current", "--reason", "r", "--owner", "o")
    (project / "specs" / "nimble" / "cassettes" / "getBatch" / "200-word.json").unlink()
    code, said = run("check")
    assert code == 1
    assert "the waiver for const covers nothing; remove it" in " ".join(said.split())
    assert said.endswith("contracts waivers\n")


def test_a_waiver_for_what_was_never_recorded_does_not_fail(project, run):
    run("waive", "--all-current", "--reason", "r", "--owner", "o")
    assert run("check")[0] == 0
    waivers = project / "specs" / "nimble" / "waivers.toml"
    one = waivers.read_text().split("[[waiver]]")[1]
    waivers.write_text(f"{waivers.read_text()}[[waiver]]{one.replace('/200/', '/418/')}")
    code, said = run("check")
    assert (code, "no recording of getBatch 418" in said) == (0, True)
    waivers.write_text(waivers.read_text().replace("getBatch/418", "getOther/418"))
    assert run("check")[0] == 1  # no answer of an operation that is not there will ever need it


def test_nothing_is_waived_at_first(project, run):
    assert run("waivers") == (0, "nothing is waived\n")


MISTAKES = {
    "name one FINGERPRINT, or say --all-current": ("waive", "--reason", "x"),
    "name one FINGERPRINT": ("waive", "abcd", "--all-current", "--reason", "x"),
    "a waiver needs a --reason": ("waive", "--all-current"),
    "does not match the format": ("waive", "abcd", "--reason", "x", "--until", "soon"),
}


@pytest.mark.parametrize(("sentence", "arguments"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_on_the_command_line_is_two(project, run, sentence, arguments):
    code, said = run(*arguments)
    assert code == 2
    assert sentence in said


def test_settings_that_cannot_be_used_end_with_one_sentence(project, run):
    with pytest.raises(
        ContractsError, match="no open finding has the fingerprint 'abcd'; list them with: contracts report"
    ):
        run("waive", "abcd", "--reason", "x", "--owner", "o")
    for until, sentence in (("2020-01-01", "until 2020-01-01 is over"), ("2199-01-01", "180 is the most")):
        with pytest.raises(ConfigError, match=sentence):
            run("waive", "--all-current", "--reason", "x", "--until", until)
    (project / "specs" / "nimble" / "waivers.toml").write_text("", encoding="utf-8")
    for words in (("check",), ("waivers", "nimble")):
        with pytest.raises(ConfigError, match="the file is empty"):
            run(*words)


def test_an_owner_is_somebody(project, run, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: (_ for _ in ()).throw(OSError))
    with pytest.raises(ConfigError, match="nobody is named as owner; say --owner NAME"):
        run("waive", "--all-current", "--reason", "x")
    monkeypatch.setattr("getpass.getuser", lambda: "dana")
    run("waive", "--all-current", "--reason", "x")
    assert {one.owner for one in read_waivers(project / "specs" / "nimble" / "waivers.toml")} == {"dana"}


def test_a_file_is_added_to_and_keeps_its_comments(tmp_path):
    path = tmp_path / "a" / "waivers.toml"
    one = waiver_for(finding(pointer="/a"), "r", "o", date(2027, 1, 1))
    two = waiver_for(finding(pointer="/b"), 'say "x"\n', "o", date(2027, 1, 1), "https://t.example")
    assert len(add_waivers(path, [one])) == 1
    path.write_text(f"# ours\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert [each.place for each in add_waivers(path, [one, two, two])] == ["nimble/getBatch/200/b"]
    assert path.read_text(encoding="utf-8").startswith("# ours\n[[waiver]]\n")
    assert [each.reason for each in read_waivers(path)] == ["r", 'say "x"']
    assert add_waivers(path, [one]) == ()
    with pytest.raises(
        ConfigError, match=r"waivers.toml:2: waived until 2027-01-01 already; change the day there"
    ):
        add_waivers(path, [waiver_for(finding(pointer="/a"), "r", "o", date(2027, 2, 1))])
    assert [each.name for each in path.parent.iterdir()] == ["waivers.toml"]


def test_a_broken_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "waivers.toml"
    add_waivers(path, [waiver_for(finding(pointer="/a"), "r", "o", date(2027, 1, 1))])
    before = path.read_bytes()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        add_waivers(path, [waiver_for(finding(pointer="/b"), "r", "o", date(2027, 1, 1))])
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["waivers.toml"]


def test_a_finding_is_found_by_the_start_of_its_fingerprint():
    one = designed().assessments[0].findings[1]
    assert find(designed(), one.fingerprint[:6]) == one
    for odd in ("", one.fingerprint[:3], "zzzz"):
        with pytest.raises(ConfigError):
            find(designed(), odd)


def test_open_findings_are_named_once_and_by_weight():
    twice = Report((), (*designed().assessments, *designed().assessments), (finding("waiver-unused"),))
    assert len(open_findings(twice, Severity.ERROR)) == 3
    assert len(open_findings(sample(), Severity.WARNING)) == 5
    waived = Report((), (assessment(finding(waived="x")),))
    assert open_findings(waived, Severity.NOTE) == ()


def test_until_lies_ahead_but_not_too_far():
    today = date(2026, 11, 22)
    check_until(today, today)
    check_until(date(2027, 5, 21), today)
    for day in (date(2026, 11, 21), date(2027, 5, 22)):
        with pytest.raises(ConfigError):
            check_until(day, today)
