"""Agreement with labelled pairs of documents, and a written reason for every verdict that differs."""

import json
import os
import tomllib
from pathlib import Path

import pytest

from contracts.drift import drift
from contracts.drift.report.lines import read_late

ROOT = os.environ.get("CONTRACTS_BENCHMARKS", "")
TABLE = Path(__file__).with_name("disagreements.toml")
pytestmark = pytest.mark.skipif(
    not ROOT, reason="CONTRACTS_BENCHMARKS does not name the folder with the pairs"
)
# Classes in which the pairs' own description says that a reader of responses may judge otherwise.
ARGUABLE = (
    "response-property-pattern-removed",
    "response-property-pattern-changed",
    "response-body-any-of-added",
    "response-property-any-of-added",
    "response-success-status-added",
    "response-property-enum-value-added",
    "response-optional-property-removed",
    "response-non-success-status-removed",
    "response-required-property-became-write-only",
)


@pytest.fixture(scope="module")
def verdicts():
    """Rows of (id, label, direction, theirs, ours) for the pairs that carry a label."""
    folder = Path(ROOT) / "oasdiff"
    rows = []
    for line in (folder / "cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        if "label" not in case:
            continue
        sides = [read_late(case[side], (folder / case[side]).read_bytes()) for side in ("base", "revision")]
        found = drift(*sides, today="2026-11-22")
        direction = case["label"]["direction"]
        ours = any(one.severity == "error" and one.direction == direction for one in found)
        theirs = case["label"]["worst_by_direction"][direction] == "ERR"
        rows.append((case["id"], case, direction, theirs, ours))
    return rows


def test_every_disagreement_has_a_reason(verdicts):
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    differing = {name: (direction, ours) for name, _, direction, theirs, ours in verdicts if theirs != ours}
    assert differing == {name: (row["direction"], row["ours"]) for name, row in table.items()}
    assert all(len(row["reason"]) > 20 for row in table.values())


def share(rows):
    agreed = [theirs == ours for _, _, _, theirs, ours in rows]
    return sum(agreed) / len(agreed)


def arguable(case, direction):
    ids = {one["id"] for one in case["label"]["expected"] if one["direction"] == direction}
    return not ids.isdisjoint(ARGUABLE)


def test_agreement(verdicts):
    by = {d: [row for row in verdicts if row[2] == d] for d in ("response", "request", "endpoint")}
    answers = by["response"]
    assert share(answers) >= 0.88
    assert share([row for row in answers if row[3] == row[4] or not arguable(row[1], "response")]) >= 0.93
    assert share([row for row in answers if row[1]["label"]["strict"]]) >= 0.95
    assert share(by["request"]) >= 0.90
    assert share(by["endpoint"]) >= 0.97
    assert share([row for row in verdicts if row[1]["label"]["strict"]]) >= 0.97
    assert share([row for row in verdicts if row[1]["openapi"].startswith("3.1")]) >= 0.86
    right = sum(theirs and ours for *_, theirs, ours in answers)
    assert right / sum(ours for *_, ours in answers) >= 0.85
    assert right / sum(theirs for *_, theirs, _ in answers) >= 0.85
