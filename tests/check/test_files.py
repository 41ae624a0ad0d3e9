"""A log that is judged: what is kept of it."""

from __future__ import annotations

import json
from pathlib import Path

from contracts.check import Intake, ProviderCheck, judged, read_options
from contracts.interactions import files_in
from contracts.model import Verdict
from contracts.spec import load
from tests import acme


def test_what_was_judged_of_a_log_keeps_no_bodies(tmp_path: Path) -> None:
    acme.write(tmp_path)
    head = {"content-type": "application/json"}
    rows = [
        {"url": acme.URL, "status": 200, "headers": head, "body": one} for one in (acme.DONE, acme.BROKEN)
    ]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    check = ProviderCheck(load("acme", tmp_path), read_options(tmp_path))
    report = judged([check], files_in([tmp_path / "t.jsonl"]), Intake([check.provider]))
    assert [one.verdict for one in report.assessments] == [Verdict.CONFORMS, Verdict.VIOLATES]
    assert [one.interaction.response.body for one in report.assessments] == [b"", b""]
    assert any("gone" in (one.witness or "") for one in report.assessments[1].findings)
