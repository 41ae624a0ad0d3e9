"""Every door of the product, run in this process on one project."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import pytest

from contracts.ci import action, drift
from contracts.ci.drift import Answer
from contracts.cli import run as run_command
from contracts.model import Source
from tests import acme
from tests.plugin.conftest import ALONE

NEWER = "newer/openapi.yaml"


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with specs/acme: conforming recordings, its upstream document and a newer one."""
    for name in list(os.environ):
        if name.endswith("_API_KEY") or name in {"CI", "GITHUB_ACTIONS"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    home = acme.write(pytester.path)
    upstream = home / "upstream" / "openapi.yaml"
    upstream.parent.mkdir()
    upstream.write_text(acme.SPEC)
    (pytester.path / NEWER).parent.mkdir()
    (pytester.path / NEWER).write_text(acme.SPEC)
    settings(pytester.path)
    return pytester.path


def settings(root, text="", providers='["acme"]'):
    (root / "pyproject.toml").write_text(f"[tool.contracts]\nproviders = {providers}\n{text}\n")


def recorded(root, body=acme.DONE, day="2026-11-20"):
    """Add a recording of traffic."""
    seen = acme.answer(body, situation="traffic")
    acme.add(root / "specs" / "acme", replace(seen, source=Source.RECORDED, recorded_at=f"{day}T00:00:00Z"))


@pytest.fixture
def doors(pytester, monkeypatch, capsys):
    """Give a function from a door's name and arguments to (exit code, everything it said)."""

    def command(*args):
        monkeypatch.chdir(pytester.path)
        monkeypatch.setattr(sys, "argv", ["contracts", *args])
        code = run_command()
        return code, "".join(capsys.readouterr())

    def on_pytest(*args):
        result = pytester.runpytest_inprocess(*ALONE, *args)
        capsys.readouterr()
        return int(result.ret), result.stdout.str() + result.stderr.str()

    def on_action(**env):
        said = []
        code = action.main({"CONTRACTS_ROOT": str(pytester.path), **env}, said.append)
        return code, "\n".join(said)

    def on_job(**env):
        monkeypatch.setattr(drift, "command_line", lambda root: lambda words: Answer(*command(*words), ""))
        said = []
        code = drift.main({"CONTRACTS_ROOT": str(pytester.path), **env}, said.append)
        return code, "\n".join(said)

    return {
        "pytest": on_pytest,
        "check": lambda *args: command("check", *args),
        "gate": lambda *args: command("gate", "--no-comment", *args),
        "action": on_action,
        "drift": lambda *args: command("drift", "acme", "--against", NEWER, "--no-impact", *args),
        "job": on_job,
        "command": command,
    }
