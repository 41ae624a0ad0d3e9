"""A project with a vendor of its own in it, and pytest run on it from inside and from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpcore2
import httpx2
import hypothesis
import pytest
import stamina
import yaml

import contracts.plugin.live
import contracts.plugin.session
from contracts.schema import reference
from tests import acme

LOADED = (
    contracts.plugin.session,
    contracts.plugin.live,
    httpcore2,
    httpx2,
    hypothesis,
    reference,
    stamina,
    yaml,
)
"""Kept in sys.modules, which pytester restores after each run: C extensions, and exceptions that are told apart
by their class, do not like to be loaded twice."""

ALONE = ("-p", "pytest_contracts", "-p", "no:cacheprovider")
"""Inside runs load our plugin alone, by the module of its entry point: fast, and in file order."""


NEIGHBOURS = (
    "anyio", "html", "html_fixtures", "hypothesispytest", "metadata", "pytest_cov", "pytest_reportlog", "randomly",
    "recording", "rerunfailures", "respx", "socket", "timeout", "xdist", "xdist.looponfail",
)  # fmt: skip
"""Entry points that an outside run loads only where a test names them; ours is always loaded by its own."""


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A folder with pyproject.toml and specs/acme, all of whose recordings conform."""
    pytester.makepyprojecttoml("")
    acme.write(pytester.path)
    return pytester.path


@pytest.fixture
def broken(pytester: pytest.Pytester) -> Path:
    """The same with a recording that violates."""
    pytester.makepyprojecttoml("")
    acme.write(pytester.path, broken=True)
    return pytester.path


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    """Run pytest in this process, in the project, without the neighbours."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return lambda *args: pytester.runpytest_inprocess(*ALONE, *args)


@pytest.fixture
def inside(run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run pytest in this process, and answer as `outside` does, which costs ten times as much."""

    def inside(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as patched:
            for name in os.environ.keys() - environment():
                patched.delenv(name)
            for name, value in environment(**env).items():
                patched.setenv(name, value)
            patched.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
            done = run(*args)
        return subprocess.CompletedProcess(args, int(done.ret), done.stdout.str(), done.stderr.str())

    return inside


@pytest.fixture
def outside(pytester: pytest.Pytester) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run pytest as a process of its own; keyword arguments are environment variables."""

    def outside(*args: str, beside: tuple[str, ...] = (), **env: str) -> subprocess.CompletedProcess[str]:
        blocked = [f"-pno:{name}" for name in NEIGHBOURS if name not in beside]
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *blocked, *args]
        return subprocess.run(
            command,
            cwd=pytester.path,
            env=environment(**env),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return outside


def environment(**more: str) -> dict[str, str]:
    """The environment of a terminal of 100 columns without colour, and nothing that steers pytest."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_CORE")) and k != "CI"}
    return kept | {"COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"} | more
