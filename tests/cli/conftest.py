"""The command line as a process, in a project with a vendor of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import acme

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.endswith("_API_KEY") and k != "CI"} | {
    "COLUMNS": "100",
    "PYTHONIOENCODING": "utf-8",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with pyproject.toml and specs/acme, all of whose recordings conform."""
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["acme"]\n')
    acme.write(tmp_path)
    return tmp_path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The same with a recording that violates."""
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["acme"]\n')
    acme.write(tmp_path, broken=True)
    return tmp_path


@pytest.fixture
def contracts(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `contracts` as a process in the project; keyword arguments are environment variables."""

    def contracts(*args: str, cwd: Path = tmp_path, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "contracts", *args]
        return subprocess.run(
            command, cwd=cwd, env=ENVIRONMENT | env, capture_output=True, text=True, timeout=60, check=False
        )

    return contracts
