"""What code hosts read: their schemas hold, their limits are kept, their fingerprints last."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema

from contracts.model import Report, Severity, SourceLine, Verdict
from contracts.report import render, sarif
from tests.report.reports import NIMBLE, assessment, big, designed, finding, hostile, interaction, sample

SCHEMAS = Path(__file__).parents[1] / "golden" / "schemas"
REPORTS = {"sample": sample(), "empty": Report(), "big": big(200), "odd": hostile("<a href='x'>]]>&\"|`")}
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


def text(name, report):
    return "\n".join(render(name, report))


def schema(name):
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8-sig"))


@every_report
def test_sarif_is_sarif(report):
    jsonschema.Draft4Validator(schema("sarif-2.1.0.json")).validate(json.loads(text("sarif", report)))


@every_report
def test_junit_is_junit(report):
    xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd")).validate(ET.fromstring(text("junit", report)))


@every_report
def test_gitlab_is_code_quality(report):
    known = jsonschema.Draft202012Validator(schema("gitlab-code-quality.json"))
    found = json.loads(text("gitlab", report))
    known.validate(found)
    assert len({one["fingerprint"] for one in found}) == len(found)


def test_sarif_says_what_where_and_how_to_ask_again():
    run = json.loads(text("sarif", sample()))["runs"][0]
    first = run["results"][0]
    assert first["message"]["text"] == "/completed_count: '0' is not a number"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "specs/nimble/openapi.yaml"
    assert place["region"]["startLine"] == 61
    assert first["partialFingerprints"] == {
        "contractsFinding/v1": sample().assessments[3].findings[0].fingerprint
    }
    assert "$NIMBLE_API_KEY" in first["properties"]["request"]
    assert [one["level"] for one in run["results"]] == ["error"] * 4 + ["warning"] * 2 + ["note"]
    waived = [one for one in run["results"] if "suppressions" in one]
    assert waived[0]["suppressions"][0]["justification"] == "known (until 2027-01-31, data)"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[one["ruleIndex"]] == one["ruleId"] for one in run["results"])


def test_sarif_leaves_out_the_least_severe_and_says_so(monkeypatch):
    assert sarif.MOST == 25_000
    monkeypatch.setattr(sarif, "MOST", 40)
    notes = [finding("type", Severity.NOTE, pointer=f"/a{n}") for n in range(40)]
    run = json.loads(text("sarif", Report((), (), (*notes, finding("enum")))))["runs"][0]
    assert len(run["results"]) == 40
    assert run["results"][0]["level"] == "error"
    notices = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert notices == ["not in this file, being the least severe: 1 finding"]


def reworded(report):
    """The same findings with other words, values, lines, list positions and times."""
    ones = tuple(
        replace(
            one,
            findings=tuple(
                replace(
                    f,
                    message=f"other: {f.message}",
                    found="'x'",
                    count=f.count + 1,
                    places=(),
                    spec_line=SourceLine("moved.yaml", 9),
                    pointer=f.pointer.replace("*", "7"),
                )
                for f in one.findings
            ),
        )
        for one in report.assessments
    )
    return replace(report, assessments=ones)


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab"])
def test_fingerprints_outlive_wording_values_and_lines(name):
    def prints(report):
        found = json.loads(text(name, report))
        if name == "sarif":
            return [one["partialFingerprints"] for one in found["runs"][0]["results"]]
        if name == "json":
            return [one["fingerprint"] for block in found["assessments"] for one in block["findings"]]
        return [one["fingerprint"] for one in found]

    assert prints(designed()) == prints(reworded(designed())) != []


def test_junit_tells_failures_skips_and_facts_apart():
    root = ET.fromstring(text("junit", sample()))
    suites = {suite.get("name"): suite for suite in root}
    nimble = suites["nimble.getBatch"]
    assert (nimble.get("tests"), nimble.get("failures"), nimble.get("skipped")) == ("3", "1", "0")
    assert suites["matil.getBatch"].get("skipped") == "1"
    properties = {one.get("name"): one.get("value") for one in nimble.iter("property")}
    assert properties["retrieved"] == "2026-11-21"
    assert "error enum /tasks/*/state" in properties.values()
    assert "waived type /success" in properties.values()
    failure = next(nimble.iter("failure"))
    assert failure.get("message") == "/completed_count: '0' is not a number (and 2 more)"
    assert failure.text.splitlines()[-1].startswith("curl -sS ")
    assert next(suites["matil.getBatch"].iter("skipped")).get("message") == "no answer within 30 s"


def test_junit_counts_a_failing_document_as_a_failure():
    about = finding("waiver-unused", operation="", status="", pointer="/enum")
    suite = ET.fromstring(text("junit", Report((), (), (about,))))[0]
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("nimble", "1", "1")


def test_annotations_stay_within_ten_the_worst_first():
    shown = text("github", big(10_000)).splitlines()
    assert len(shown) == 10
    assert all(line.startswith("::error file=specs/nimble/openapi.yaml,line=") for line in shown[:9])
    assert shown[9] == "::error title=contracts::9,991 more findings; the summary lists them"
    assert len(text("github", designed()).splitlines()) == 3
    assert text("github", Report()) == ""


def test_an_annotation_is_one_command_whatever_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a,b:c.yaml").touch()
    odd = finding(message="100% :: a,b", spec_line=SourceLine("a,b:c.yaml", 2), pointer="/x")
    report = Report((NIMBLE,), (), (odd,))
    assert text("github", report) == (
        "::error file=a%2Cb%3Ac.yaml,line=2,title=nimble getBatch 200%3A enum::/x: 100%25 :: a,b%0Acontracts check nimble"
    )


def test_levels_follow_the_hosts_words():
    three = tuple(finding("type", severity, pointer=f"/{severity}") for severity in Severity)
    report = Report((), (assessment(*three, interaction=interaction(origin=None)),))
    assert [line.split(" ")[0] for line in text("github", report).splitlines()] == [
        "::error",
        "::warning",
        "::notice",
    ]
    assert [one["severity"] for one in json.loads(text("gitlab", report))] == ["major", "minor", "info"]
    assert json.loads(text("gitlab", report))[0]["location"] == {
        "path": "pyproject.toml",
        "lines": {"begin": 1},
    }


def test_a_warning_on_a_conforming_interaction_is_told_without_a_failure():
    one = assessment(finding("undescribed", Severity.WARNING, pointer="/x"), verdict=Verdict.CONFORMS)
    root = ET.fromstring(text("junit", Report((NIMBLE,), (one,))))
    assert not list(root.iter("failure"))
    assert next(root.iter("system-out")).text.startswith("warning /x ")


@pytest.mark.parametrize("own", ["pyproject.toml", "specs/nimble/waivers.toml", "specs/nimble/provider.toml"])
@pytest.mark.parametrize("form", ["sarif", "github", "gitlab"])
def test_a_bundled_vendor_is_shown_at_a_file_of_the_project(form, own, tmp_path):
    for name in {"pyproject.toml", own}:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    outside = tmp_path.parent / "outside.yaml"
    outside.touch()
    spec = SourceLine("specs/nimble/openapi.yaml", 31)
    found = (finding(spec_line=spec), finding("type", spec_line=SourceLine(str(outside), 4)))
    written = "".join(render(form, Report((NIMBLE,), (), found), tmp_path))
    places = re.findall(r'"uri": "([^"]+)"|::error file=([^,]+),|"path": "([^"]+)"', written)
    assert {"".join(place) for place in places} == {own}
    assert "(specs/nimble/openapi.yaml:31)" in written
    assert "outside.yaml:4)" in written


@pytest.mark.parametrize("name", ["", "a" * 5000, "a\0b", "../outside.yaml", "/etc/hostname", ".."])
def test_a_file_that_is_none_of_the_project_is_never_named(name, tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "outside.yaml").touch()
    odd = finding(provider=name or "nimble", spec_line=SourceLine(name, 2))
    log = json.loads("".join(render("sarif", Report((), (), (odd,)), tmp_path / "root")))
    (place,) = log["runs"][0]["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "pyproject.toml"
