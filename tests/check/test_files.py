"""A log that is judged: what is kept of it."""

from __future__ import annotations

import json
from pathlib import Path

from contracts.check import Intake, ProviderCheck, judged, read_options
from contracts.check.repeats import EXAMPLES
from contracts.interactions import files_in
from contracts.model import Report, Severity, Verdict
from contracts.report import render
from contracts.spec import load
from tests import acme

HEAD = {"content-type": "application/json"}


def report_of(folder: Path, *bodies: object) -> Report:
    rows = [{"url": acme.URL, "status": 200, "headers": HEAD, "body": one} for one in bodies]
    (folder / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    check = ProviderCheck(load("acme", folder), read_options(folder))
    return judged([check], files_in([folder / "t.jsonl"]), Intake([check.provider]))


def test_what_was_judged_of_a_log_keeps_no_bodies(tmp_path: Path) -> None:
    acme.write(tmp_path)
    report = report_of(tmp_path, acme.DONE, acme.BROKEN)
    assert [one.verdict for one in report.assessments] == [Verdict.CONFORMS, Verdict.VIOLATES]
    assert [one.interaction.response.body for one in report.assessments] == [b"", b""]
    assert any("gone" in (one.witness or "") for one in report.assessments[1].findings)


def test_equal_findings_of_many_answers_are_one_value_and_each_names_its_line(tmp_path: Path) -> None:
    acme.write(tmp_path)
    report = report_of(tmp_path, *[acme.BROKEN] * 3 * EXAMPLES)
    last = [one for one in report.assessments if one.interaction.origin.line > EXAMPLES]
    assert len({id(one.findings) for one in last}) == 1
    assert len({id(one.interaction.request) for one in last}) == 1
    errors = [one for one in report.all_findings() if one.severity is Severity.ERROR]
    places = {f"{tmp_path}/t.jsonl:{number}" for number in range(1, 3 * EXAMPLES + 1)}
    assert {one.source for one in errors} == places
    documents = [json.loads("\n".join(render("json", report))), *map(json.loads, render("jsonl", report))]
    told = [one["source"] for answer in documents[0]["assessments"] for one in answer["findings"]]
    assert told == [one.source for one in report.all_findings()]
    assert told == [one["source"] for one in documents[1:] if one["kind"] == "finding"]


def test_only_the_first_findings_of_a_kind_show_the_part_of_their_answer(tmp_path: Path) -> None:
    acme.write(tmp_path)
    bodies = [{**acme.DONE, "state": f"odd{n}"} for n in range(3 * EXAMPLES)]
    report = report_of(tmp_path, *bodies, {**acme.DONE, "id": 7})
    shown = [one for one in report.all_findings() if one.witness is not None]
    assert [one.rule for one in shown].count("enum") == EXAMPLES
    assert [one.rule for one in shown].count("type") == 1
    page = "\n".join(render("html", report))
    assert "&#34;state&#34;: &#34;odd" in page
    text = list(render("text", report))
    assert [line for line in text if "odd" in line] == [
        f"  error    /state  'odd{n}' is not 'running' or 'done'  enum  openapi.yaml:34"
        for n in sorted(range(3 * EXAMPLES), key=lambda n: str(n + 1))
    ]


def test_a_key_that_one_answer_was_asked_with_is_in_no_finding_of_it_though_equal_ones_were_met(
    tmp_path: Path,
) -> None:
    acme.write(tmp_path)
    body = {**acme.DONE, "state": "archived-batch-92817"}
    asked = {"authorization": f"Bearer {body['state']}"}
    row = {"url": acme.URL, "status": 200, "headers": HEAD, "body": body}
    rows = [row, row | {"request_headers": asked}, row]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    check = ProviderCheck(load("acme", tmp_path), read_options(tmp_path))
    report = judged([check], files_in([tmp_path / "t.jsonl"]), Intake([check.provider]))
    said = [body["state"] in str(one.findings) for one in report.assessments]
    assert said == [True, False, True]


def test_the_secrets_of_answers_that_were_asked_with_one_key_are_compiled_once(tmp_path: Path) -> None:
    acme.write(tmp_path)
    row = {"url": acme.URL, "status": 200, "headers": HEAD, "body": acme.BROKEN}
    rows = [row | {"request_headers": {"authorization": f"Bearer key-{n}"}} for n in (1000, 1000, 2000)]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    check = ProviderCheck(load("acme", tmp_path), read_options(tmp_path))
    read = Intake([check.provider]).read(files_in([tmp_path / "t.jsonl"]))
    known = [check.hiding.known(one) for _, one in read]
    assert known[0] is known[1]
    assert known[0] != known[2]
