"""A vendor that cannot be loaded is named once, the others are worked on, and without findings the code is 2."""

from __future__ import annotations

import json
import shutil

import pytest

from contracts.traffic.judge import Judge
from contracts.traffic.passed import Passed
from tests import acme
from tests.check.conftest import doors, project, recorded, settings

__all__ = ["doors", "project"]

LOG = "log.jsonl"
WAIVE = ("waive", "--all-current", "--reason", "r")
DOORS = {
    ("check",): (1, "acme getBatch 200"),
    ("coverage",): (2, "acme getBatch   "),
    ("doctor",): (2, "key                acme: ACME_API_KEY is not set"),
    ("providers",): (2, "acme"),
    ("waivers",): (2, "nothing is waived"),
    WAIVE: (2, "specs/acme/waivers.toml: 3 waivers added"),
    (*WAIVE, "--file", LOG): (2, "specs/acme/waivers.toml: 3 waivers added"),
    ("report", "--file", LOG): (2, "3 findings of the latest runs"),
    ("import", LOG): (2, "1 written"),
    ("scan", LOG): (2, "1 file, no place"),
    ("normalize", "matil=answer.json"): (1, "not a batch"),
    ("archive", "scan", LOG, "--workers", "0"): (1, "acme getBatch"),
    ("archive", "scan", LOG, "--dry-run"): (2, "acme getBatch"),
    ("stress", "--explore", "1", "--no-replay"): (1, "two_readers:read"),
}
"""Command → its exit code, and what it says of the vendor that can be loaded."""
WAIVERS = {"check", "coverage", "waivers", "waive", "archive"}
"""The commands that a broken waivers.toml breaks."""


@pytest.fixture
def two(project):
    shutil.copytree(project / "specs" / "acme", project / "specs" / "beta")
    readers = (("read", "acme"), ("other", "beta"))
    table = '[tool.contracts.consumers."two_readers:{}"]\nprovider = "{}"\n'
    settings(project, "".join(table.format(*one) for one in readers), providers='["acme", "beta"]')
    (project / "two_readers.py").write_text("def read(body): return 1\ndef other(body): return 1\n")
    (project / "answer.json").write_text('{"status": "completed"}')
    seen = {"url": acme.URL, "status": 200, "body": acme.BROKEN}
    (project / LOG).write_text(json.dumps(seen | {"headers": {"content-type": "application/json"}}) + "\n")
    recorded(project, acme.BROKEN)
    return project


@pytest.mark.parametrize("name", ["provider.toml", "waivers.toml"])
def test_every_command_sets_a_broken_vendor_aside(two, doors, name):
    doors["check"]()
    (two / "specs" / "beta" / name).write_text("[[[")
    wrong = []
    for words, (wanted, shown) in DOORS.items():
        if name == "waivers.toml" and words[0] not in WAIVERS:
            continue
        (two / "specs" / "acme" / "waivers.toml").unlink(missing_ok=True)
        code, said = doors["command"](*words)
        told = " ".join(said.split()).count(f"set aside, so nothing of it was checked: specs/beta/{name}: ")
        if (code, told, shown in said) != (wanted, 1, True):
            wrong.append(f"{words}: {code}, told {told} times\n{said}")
    assert not wrong, "\n".join(wrong)


def test_traffic_of_the_other_vendors_is_judged_where_one_is_broken(two):
    (two / "specs" / "beta" / "provider.toml").write_text("[[[")
    judge = Judge(two, ("beta", "acme"))
    fields = (("content-type", "application/json"),)
    mine, other = (
        judge.judge(Passed("", "GET", url, (), 200, fields, json.dumps(acme.DONE).encode(), 0.0))
        for url in (acme.URL, "https://api.beta.example/v1/batches/b1")
    )
    assert (mine.outcome, mine.vendor) == ("conforms", "acme")
    assert other.outcome == "not judged"  # it may be an answer of beta
    assert "specs/beta/provider.toml: cannot be read" in other.reason
