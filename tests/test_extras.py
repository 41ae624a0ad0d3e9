"""What an extra brings: a plain installation says which one is missing, at every door that needs it."""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from contracts import errors, generate
from contracts.errors import ConfigError
from tests import acme

ROOT = Path(__file__).parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
REFERENCE = "the reference engine needs openapi-core: pip install 'pytest-contracts[reference]'"
EXPLORE = "random payloads need Hypothesis: pip install 'pytest-contracts[explore]'"
CONSUMER = """
[tool.contracts]
providers = ["acme"]
[tool.contracts.consumers."one_reader:read"]
provider = "acme"
"""


@pytest.fixture
def plain(monkeypatch):
    """The packages of both extras as if they were not installed."""
    monkeypatch.setattr(errors, "find_spec", lambda name: None)


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text(CONSUMER)
    (tmp_path / "one_reader.py").write_text("def read(payload): return payload['id']\n")
    acme.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(project, monkeypatch, capsys):
    from contracts.cli import run

    def answer(*args):
        monkeypatch.setattr(sys, "argv", ["contracts", *args])
        return run(), *capsys.readouterr()

    return answer


def test_a_command_that_needs_an_extra_names_it(plain, run):
    assert run("check", "--engine", "reference") == (2, "", f"contracts: {REFERENCE}\n")
    assert run("stress", "-p", "acme", "--explore", "9") == (2, "", f"contracts: {EXPLORE}\n")


def test_stress_says_that_it_ran_without_random_payloads(plain, run):
    code, told, aside = run("stress", "-p", "acme", "--no-replay")
    assert (code, aside.splitlines()[0]) == (1, f"note: none is drawn; {EXPLORE}")
    assert run("stress", "-p", "acme", "--no-replay", "--explore", "0")[:2] == (code, told)


@pytest.mark.parametrize(
    ("option", "sentence"), [("--contracts-engine=reference", REFERENCE), ("--contracts-explore=2", EXPLORE)]
)
def test_pytest_ends_before_it_judges_with_less_than_was_asked_for(plain, pytester, option, sentence):
    (pytester.path / "pyproject.toml").write_text(CONSUMER)
    (pytester.path / "one_reader.py").write_text("def read(payload): return payload['id']\n")
    acme.write(pytester.path)
    result = pytester.runpytest_inprocess(option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence.replace('[', '[[]', 1)}"])


def test_the_strategy_names_its_extra(plain):
    with pytest.raises(ConfigError, match=re.escape(EXPLORE)):
        generate.payloads({"type": "string"})


def test_doctor_says_what_brings_what_is_missing(monkeypatch, run):
    about = importlib.import_module("contracts.cli.about")  # pytester may have put a new one in place

    def version(name):
        if name == "openapi-core":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(about, "version", version)
    assert "openapi-core       not installed: pip install 'pytest-contracts[reference]'" in run("doctor")[1]


def test_every_extra_that_a_text_names_exists():
    texts = [
        file.read_text("utf-8")
        for folder, suffix in (("contracts", "py"), ("docs", "md"))
        for file in (ROOT / folder).rglob(f"*.{suffix}")
    ]
    named = set(re.findall(r"pytest-contracts\[([\w,]+)\]", "\n".join(texts)))
    assert {extra for one in named for extra in one.split(",")} <= set(EXTRAS)
    assert {"explore", "reference", "archive", "mock", "serve"} <= named
