"""Observed against observed: what a newer recording shows differently, and one fact that is accepted."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from contracts.cli import group
from contracts.drift import drift
from contracts.errors import ContractsError
from contracts.model import Severity
from contracts.spec import read_document


def old(n: int):
    when, price = f"2026-11-{n + 1:02}T10:00:00Z", f"19.{n + 10}"
    value = {
        "id": 1000 + n,
        "created_at": when,
        "price": price,
        "cursor": f"c{n}",
        "parts": [{"sku": f"s{n}"}],
    }
    return value | {"code": f"AB{n:06}"}


def new(n: int):
    value = {"id": 5_000_000_000 + n, "created_at": 1_764_000_000 + n, "price": 19 + n / 100, "parts": []}
    return value | {"page": {"cursor": f"c{n}"}, "code": f"AB{n:08}"}


def recording(path, made, first: int, path_of="batches"):
    def line(n):
        when = f"2026-11-{first + n:02}T10:00:00Z"
        url = f"https://api.acme.test/v1/{path_of}/{1000 + n}"
        return {
            "url": url,
            "status": 200,
            "headers": {"content-type": "application/json"},
            "body": made(n),
            "time": when,
        }

    path.write_text("".join(json.dumps(line(n)) + "\n" for n in range(9)))
    return path


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)

    def invoke(*args):
        done = CliRunner().invoke(group, [str(a) for a in args])
        assert done.exception is None or isinstance(done.exception, SystemExit | ContractsError), (
            done.exception
        )
        return done

    more = recording(tmp_path / "more.jsonl", lambda n: {"name": f"x{n}"}, 1, "reefs")
    invoke("vendor", "--add", "acme", "--from", recording(tmp_path / "old.jsonl", old, 1), "--from", more)
    return invoke


def test_a_newer_recording_says_what_is_meant(run, tmp_path):
    done = run("drift", "acme", "--against", recording(tmp_path / "new.jsonl", new, 15))
    told = [" ".join(line.split()) for line in done.output.splitlines() if line.endswith("   observed-shift")]
    was = "in 0 of 9 until 2026-11-09, in 9 of 9 since 2026-11-15"
    assert told == [
        "warning /code texts of 10 characters, always 8 before, since 2026-11-15 observed-shift",
        f"warning /created_at integer {was}; a date in text became seconds since 1970 observed-shift",
        "warning /cursor moved to /page/cursor on 2026-11-15 observed-shift",
        "warning /id larger than a whole number of 32 bits since 2026-11-15 observed-shift",
        "warning /page absent in 9 of 9 until 2026-11-09, in 0 of 9 since 2026-11-15 observed-shift",
        "warning /parts an empty list since 2026-11-15 observed-shift",
        f"warning /price number {was}; a number in text became a number observed-shift",
    ]
    assert (done.exit_code, "reefs" in done.output, "error" in done.output) == (0, False, False)


def test_recordings_of_the_same_days_are_told_apart(run, tmp_path):
    done = run("drift", "acme", "--against", recording(tmp_path / "new.jsonl", new, 1))
    assert "an empty list since today" in done.output


def test_the_same_traffic_again_is_no_drift(run, tmp_path):
    done = run("drift", "acme", "--against", recording(tmp_path / "again.jsonl", old, 1))
    assert done.output.splitlines()[1] == "no drift: the two documents say the same"


def test_two_files_weigh_what_was_only_observed_as_a_warning(run, tmp_path):
    text = (tmp_path / "specs/acme/openapi.yaml").read_bytes()
    document = yaml.safe_load(text)
    schema = document["paths"]["/v1/batches/{batch_id}"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]
    schema["properties"]["price"] = {"type": "number"}
    sides = [read_document(name, data) for name, data in (("a", text), ("b", json.dumps(document).encode()))]
    (found,) = drift(*sides)
    assert (found.pointer, found.severity) == ("/price", Severity.WARNING)
    sure = text.replace(b"observed: 9 of 9", b"confirmed: 900 of 900")
    (found,) = drift(read_document("a", sure), sides[1])
    assert (found.pointer, found.severity) == ("/price", Severity.ERROR)


def test_one_fact_is_accepted(run, tmp_path):
    newer = recording(tmp_path / "new.jsonl", new, 15)
    newer.write_text(newer.read_text().splitlines()[0])
    seen = json.loads(run("check", "acme", "--file", newer, "--format", "json").output)
    (price,) = [f for f in _findings(seen) if f["pointer"] == "/price"]
    assert price["severity"] == "warning"
    done = run("correct", price["fingerprint"], "--accept")
    assert done.output.startswith("specs/acme/overlay.yaml: accepts $['paths']")
    seen = json.loads(run("check", "acme", "--file", newer, "--format", "json").output)
    weights = {f["pointer"]: f["severity"] for f in _findings(seen)}
    assert {at for at, weight in weights.items() if weight == "error"} == {"/price"}
    assert weights["/created_at"] == "warning"
    again = run("correct", price["fingerprint"], "--accept")
    assert str(again.exception) == "acme: this fact weighs as published already; nothing was written"


def _findings(value):
    if isinstance(value, dict):
        if "fingerprint" in value:
            yield value
        for one in value.values():
            yield from _findings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _findings(one)
