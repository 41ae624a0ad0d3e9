"""The exit code of every command about archives over everything that can come of it, in one table."""

from __future__ import annotations

import json
import shutil

import pytest

from tests import acme
from tests.check.conftest import doors, project

__all__ = ["doors", "project"]

OTHER = "https://elsewhere.example/v1/batches/b1"


def log(root, body=acme.DONE, url=acme.URL):
    seen = {"url": url, "status": 200, "body": body, "headers": {"content-type": "application/json"}}
    (root / "log.jsonl").write_text(json.dumps(seen) + "\n")


STATES = {
    "success": log,
    "findings": lambda root: log(root, acme.BROKEN),
    "not judged": lambda root: log(root, url=OTHER),
    "usage": lambda root: None,
}
CODES = {
    #                success  findings  not judged  usage
    "scan":          (0,       1,        3,          2),
    "scan --dry-run": (0,      0,        0,          2),
    "merge":         (0,       1,        3,          2),
    "report":        (0,       1,        3,          2),
    "keep":          (0,       0,        3,          2),
}  # fmt: skip


def words(name):
    scan = ("archive", "scan", "log.jsonl", "--workers", "0", "-v")
    return {
        "scan": (*scan, "--out", "out", "--keep"),
        "scan --dry-run": (*scan, "--dry-run"),
        "merge": ("archive", "merge", "out", "--out", "sum"),
        "report": ("archive", "report", "out"),
        "keep": ("archive", "keep", "out"),
    }[name]


@pytest.mark.parametrize("state", STATES)
def test_what_an_archive_holds_gives_each_command_its_code(project, doors, state):
    STATES[state](project)
    answers = {name: doors["command"](*words(name)) for name in CODES}
    wanted = {name: row[[*STATES].index(state)] for name, row in CODES.items()}
    assert {name: code for name, (code, _) in answers.items()} == wanted, answers


AT_WORK = {
    "scan": "judge_parts",
    "scan --dry-run": "previewed",
    "merge": "combine",
    "report": "Summary.of",
    "keep": "choose",
}


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (LookupError("s3cret"), 70)])
def test_each_command_about_archives_is_stopped_or_fails_in_one_sentence(
    project, doors, monkeypatch, error, code
):
    def fails(*_, **__):
        raise error

    log(project)
    assert doors["command"](*words("scan"))[0] == 0
    for name, attribute in AT_WORK.items():
        with monkeypatch.context() as patch:
            patch.setattr(f"contracts.archive.{attribute}", fails)
            answer, said = doors["command"](*words(name))
        last = said.strip().splitlines()[-1]
        told = "contracts: stopped" if code == 130 else "contracts: LookupError at contracts/"
        assert (name, answer, "s3cret" in said) == (name, code, False), said
        assert last.startswith(told), said


def test_a_broken_vendor_is_set_aside_at_each_command_about_archives(project, doors):
    log(project)
    shutil.copytree(project / "specs" / "acme", project / "specs" / "beta")
    (project / "specs" / "beta" / "provider.toml").write_text("[[[")
    answers = {}
    for name in ("scan", "scan --dry-run"):
        answers[name], said = doors["command"](*words(name), "--provider", "acme", "--provider", "beta")
        assert said.count("set aside, so nothing of it was checked: specs/beta/provider.toml") == 1
    (project / "specs" / "acme" / "provider.toml").write_text("[[[")
    answers |= {name: doors["command"](*words(name))[0] for name in ("merge", "report", "keep")}
    # what was judged before needs no vendor; what is kept is written by one
    assert answers == {"scan": 2, "scan --dry-run": 2, "merge": 0, "report": 0, "keep": 2}
