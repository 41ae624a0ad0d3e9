"""The wheel in a fresh environment, away from the checkout, on every Python here that it is made for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def interpreter(version: str) -> str:
    """Find a Python by its version: on the path, or among pyenv's; a visible skip where there is none."""
    homes = sorted(
        Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob(f"versions/{version}.*/bin/python")
    )
    found = [path for path in (shutil.which(f"python{version}"), *map(str, homes)) if path]
    for path in found:
        done = subprocess.run(
            [path, "-c", "import ensurepip, sys; print(sys.version)"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0 and done.stdout.startswith(version):
            return path
    return pytest.skip(f"no Python {version} on this machine")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    return next(target.glob("*.whl"))


def test_the_wheel_holds_specs_types_and_one_module_beside_the_package(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"pytest_contracts.py", "contracts/py.typed", "contracts/_specs/nimble/provider.toml"} <= names
    assert {name.split("/")[0] for name in names} == {
        "pytest_contracts.py",
        "contracts",
        f"pytest_contracts-{metadata.version('pytest-contracts')}.dist-info",
    }
    assert not [name for name in names if "_entry" in name or "__pycache__" in name]
    specs = {p.relative_to(ROOT / "specs").as_posix() for p in (ROOT / "specs").rglob("*") if p.is_file()}
    assert {name.removeprefix("contracts/_specs/") for name in names if "/_specs/" in name} == specs


@pytest.mark.benchmark  # a whole installation each: half a minute
@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_a_wheel_checks_a_vendor_from_an_empty_folder(wheel, tmp_path, version):
    subprocess.run([interpreter(version), "-m", "venv", str(tmp_path / "venv")], check=True, timeout=120)
    bin_, empty = tmp_path / "venv" / "bin", tmp_path / "empty"
    empty.mkdir()
    pip = [str(bin_ / "pip"), "install", "-q", "-c", str(ROOT / "constraints.txt"), str(wheel)]
    subprocess.run(pip, check=True, timeout=280, capture_output=True)

    def run(*args: str) -> list[str]:
        done = subprocess.run(
            [str(bin_ / args[0]), *args[1:]],
            cwd=empty,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.splitlines()

    assert run("pytest", "--provider=nimble", "--contracts-operation=getBatch")[-2].startswith("conforms: ")
    ids = [line for line in run("pytest", "--provider=nimble", "--collect-only", "-q") if "::" in line]
    assert [line for line in run("pytest", "--collect-only", "-q", *ids) if "::" in line] == ids
    assert run("contracts", "check", "almanac")[-1].startswith("conforms: ")
