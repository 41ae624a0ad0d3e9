"""What a run says and how it ends: verdicts, exit codes, header, section, reports."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from tests import acme

SCHEMA = json.loads((Path(__file__).parents[2] / "specs/report.schema.json").read_text())

SECTION = """\
acme getBatch 200   specs/acme/cassettes/getBatch/200-broken.json
  error    /id             7 is not a string
                           type  openapi.yaml:33
  error    /state          'paused' is not 'running' or 'done'
                           enum  openapi.yaml:34
  error    /tasks/*/state  'gone' is not 'pending', 'success' or 'error'
                           enum  openapi.yaml:42  ×2, first at 0, 1
not checked: the items of /tasks: the list is empty
violates: 3 findings in 4 interactions · spec published, retrieved 2026-11-21 · contracts explain type
accept:  contracts waive f38b40b985a8c684 --reason "WHY"
correct: contracts correct f38b40b985a8c684
report:  contracts report f38b40b985a8c684"""

WAIVERS = """\
[[waiver]]
rule = "{rule}"
place = "acme/getBatch/200/{place}"
reason = "known since the spring, and harmless to us"
owner = "data team"
until = {until}
"""


def section(result):
    """The lines between our heading and pytest's next one."""
    lines = list(result.outlines)
    start = next(n for n, line in enumerate(lines) if line.strip("=") == " contracts ")
    end = next(n for n, line in enumerate(lines) if n > start and line.startswith("="))
    return "\n".join(lines[start + 1 : end])


def waive(home, rule, place, until):
    (home / "specs" / "acme" / "waivers.toml").write_text(WAIVERS.format(rule=rule, place=place, until=until))


def soon():
    return (datetime.now(UTC).date() + timedelta(days=30)).isoformat()


def test_a_violation_fails_its_item_and_the_section_says_what_where(broken, run):
    result = run("--provider=acme")
    result.assert_outcomes(failed=1, passed=5)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert section(result) == SECTION


def test_the_header_names_providers_mode_age_and_engine(project, run):
    result = run("--provider=acme")
    said = "contracts: 1 vendor (acme) · 3 recordings · offline · oldest spec 2026-11-21 · engine fast"
    assert said in result.outlines


def test_a_failing_item_shows_findings_and_no_traceback(broken, run):
    result = run("--provider=acme", "-k", "broken")
    text = result.stdout.str()
    assert "_ specs/acme/provider.toml::getBatch::200-broken _" in text
    assert "Traceback" not in text
    assert "collection.py" not in text


def test_a_conforming_run_is_green_and_says_so(project, run):
    result = run("--provider=acme")
    result.assert_outcomes(passed=5)
    assert result.ret == pytest.ExitCode.OK
    assert section(result).splitlines() == [
        "not checked: the items of /tasks: the list is empty",
        "conforms: 3 interactions · spec published, retrieved 2026-11-21",
    ]


def test_verbose_shows_what_conforms(project, run):
    lines = section(run("--provider=acme", "-v")).splitlines()
    assert lines[:2] == ["acme getBatch 200   specs/acme/cassettes/getBatch/200-done.json", "  conforms"]


def test_an_inconclusive_recording_is_skipped_with_its_reason(project, run):
    recording = acme.answer(acme.DONE, situation="elsewhere", url="https://api.acme.example/v2/x")
    acme.add(project / "specs" / "acme", recording)
    result = run("--provider=acme", "-rs")
    result.assert_outcomes(passed=5, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "SKIPPED [[]1] specs/acme/cassettes/getBatch/200-elsewhere.json:1: no operation of the spec matches the request"
        ]
    )


def test_nothing_collected_is_exit_5(project, run):
    assert run("--provider=acme", "-k", "nowhere").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_collect_only_writes_no_report_and_no_section(broken, run):
    result = run("--provider=acme", "--collect-only", "--contracts-report=json=out.json")
    assert result.ret == pytest.ExitCode.OK
    assert not (broken / "out.json").exists()
    assert "violates" not in result.stdout.str()


def test_a_waived_violation_passes_and_is_counted(broken, run):
    (broken / "specs" / "acme" / "waivers.toml").write_text(
        "".join(
            WAIVERS.format(rule=rule, place=place, until=soon())
            for rule, place in [("type", "id"), ("enum", "state"), ("enum", "tasks/*/state")]
        )
    )
    result = run("--provider=acme")
    result.assert_outcomes(passed=6)
    assert "conforms: 4 interactions, 3 waived" in section(result)


def test_an_unused_waiver_fails_a_whole_run_though_every_item_passes(project, run):
    waive(project, "enum", "state", soon())
    result = run("--provider=acme")
    result.assert_outcomes(passed=5)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "the waiver for enum covers nothing; remove it" in section(result).replace("\n", " ")


@pytest.mark.parametrize(
    "part", [["-k", "done"], ["--deselect", "specs/acme/provider.toml::getBatch::200-done"]]
)
def test_a_part_of_a_run_does_not_judge_waivers(project, run, part):
    waive(project, "enum", "state", soon())
    assert run("--provider=acme", *part).ret == pytest.ExitCode.OK


def test_one_pasted_id_does_not_judge_waivers(project, run):
    waive(project, "enum", "state", soon())
    assert run("specs/acme/provider.toml::getBatch::200-done").ret == pytest.ExitCode.OK


def test_an_expired_waiver_lets_the_finding_back_in(broken, run):
    waive(broken, "type", "id", "2026-01-01")
    result = run("--provider=acme")
    assert "its waiver ended on 2026-01-01" in section(result).replace("\n", " ")
    result.assert_outcomes(failed=1, passed=5)


@pytest.mark.parametrize(("fail_on", "ret"), [("never", 0), ("error", 1), ("warning", 1), ("note", 1)])
def test_fail_on_decides_what_closes_the_gate(broken, run, pytester, fail_on, ret):
    pytester.makepyprojecttoml(f'[tool.contracts]\nfail-on = "{fail_on}"\n')
    assert run("--provider=acme").ret == ret


def test_a_warning_closes_the_gate_only_where_it_should(project, run, pytester):
    acme.add(project / "specs" / "acme", acme.answer({**acme.DONE, "extra": 1}, situation="extra"))
    assert run("--provider=acme").ret == 0
    pytester.makepyprojecttoml('[tool.contracts]\nfail-on = "warning"\n')
    result = run("--provider=acme")
    result.assert_outcomes(failed=1, passed=5)
    assert "/extra  not in the spec" in section(result)


def test_the_reference_engine_gives_the_same_section(broken, run):
    result = run("--provider=acme", "--contracts-engine=reference")
    assert section(result) == SECTION
    assert "engine reference" in result.stdout.str()


def test_a_body_over_the_limit_is_a_finding(project, run):
    result = run("--provider=acme", "--contracts-max-body=20", "-k", "running")
    result.assert_outcomes(failed=1)
    assert "body-too-large" in result.stdout.str()


def test_reports_are_written_in_every_format(broken, run):
    formats = ["html", "json", "jsonl", "sarif", "md", "junit", "github", "gitlab", "text"]
    wanted = [f"--contracts-report={name}=reports/out.{name}" for name in formats]
    result = run("--provider=acme", *wanted)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    written = {name: (broken / "reports" / f"out.{name}").read_text() for name in formats}
    assert all("paused" in text for text in written.values())
    jsonschema.validate(json.loads(written["json"]), SCHEMA)


def test_the_json_report_is_the_same_twice(broken, run):
    run("--provider=acme", "--contracts-report=json=a.json")
    run("--provider=acme", "--contracts-report=json=b.json")
    assert (broken / "a.json").read_bytes() == (broken / "b.json").read_bytes()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("json", "--contracts-report takes FMT=PATH, found 'json'"),
        ("json=", "--contracts-report takes FMT=PATH, found 'json='"),
        ("jsn=x", "--contracts-report: no report format 'jsn'; did you mean 'json'?"),
    ],
)
def test_a_report_that_cannot_be_is_refused_before_the_run(project, run, value, sentence):
    result = run("--provider=acme", f"--contracts-report={value}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.stderr.lines[0].startswith(f"ERROR: {sentence}")


def test_a_report_that_cannot_be_written_is_said_and_fails_the_run(project, run):
    (project / "out").mkdir()
    result = run("--provider=acme", "--contracts-report=json=out")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "the json report could not be written to out: Is a directory" in section(result)


def test_examples_of_the_document_are_items_and_mismatches_are_warnings(project, run):
    spec = project / "specs" / "acme" / "openapi.yaml"
    spec.write_text(spec.read_text().replace("id: {type: string}\n", "id: {type: string, example: 5}\n", 1))
    result = run("--provider=acme")
    result.assert_outcomes(passed=5)
    assert "example-mismatch" in section(result)


def test_colour_is_pytests_own(broken, run):
    assert "\x1b[31m\x1b[1merror" in run("--provider=acme", "--color=yes").stdout.str()
    assert "\x1b" not in run("--provider=acme", "--color=no").stdout.str()


def test_no_color_is_heeded(broken, run, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m\x1b[1merror" not in run("--provider=acme").stdout.str()


def test_stopping_early_reports_what_was_seen(broken, run):
    result = run("--provider=acme", "-x")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "violates: 3 findings in 1 interaction" in section(result)


def test_the_section_is_silent_where_nothing_of_ours_ran(project, run, pytester):
    pytester.makepyfile(test_own="def test_own(): pass")
    assert " contracts " not in run("test_own.py").stdout.str()


def test_an_operation_of_a_bundled_vendor_is_judged_offline(pytester, run):
    result = run("--provider=nimble", "--contracts-operation=getBatch")
    assert result.ret == pytest.ExitCode.OK
    assert "conforms: " in section(result)
