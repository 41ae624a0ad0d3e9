"""Beside what the user already has: options, packages and plugins of the same name; an idle run of ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugin.conftest import NEIGHBOURS, environment

CHECKOUT = Path(__file__).parents[2]
SENTENCE = (
    "pytest-contracts is off: your own top-level '{}' and its package have the same name; "
    "move yours below another package, or run `contracts check` instead"
)
OWN_OPTIONS = """
def pytest_addoption(parser):
    parser.addoption("--live", action="store_true", help="the user's own")
    parser.addoption("--provider", help="the user's own")

def pytest_report_header(config):
    return f"own: {config.getoption('live')} {config.getoption('provider')}"
"""


def test_a_conftest_with_its_own_live_and_provider_keeps_them(project, inside, pytester):
    pytester.makeconftest(OWN_OPTIONS)
    done = inside("--live", "--provider=theirs", "--collect-only", "-q", "-v")
    assert "own: True theirs" in done.stdout
    assert done.returncode == 5, done.stderr


def test_our_prefixed_names_work_beside_them(project, inside, pytester):
    pytester.makeconftest(OWN_OPTIONS)
    done = inside("--contracts-provider=acme")
    assert "own: False None" in done.stdout
    assert "5 passed" in done.stdout


@pytest.mark.parametrize("style", ["pytest.hookimpl", "group", "plugin"])
def test_other_ways_of_owning_the_names(project, inside, pytester, style):
    declared = 'parser.getgroup("mine").addoption("--live", action="store_true")'
    body = f"import pytest\ndef pytest_addoption(parser):\n    {declared}\n"
    if style == "plugin":
        pytester.makeconftest('pytest_plugins = ["theirs"]')
        pytester.makepyfile(theirs=body)
    else:
        pytester.makeconftest(body)
    done = inside("--live", "--provider=acme")
    assert "5 passed" in done.stdout, done.stderr


def test_a_users_own_fixture_called_contract_wins(project, inside, pytester):
    pytester.makepyfile("""
        import pytest
        @pytest.fixture
        def contract(): return 5
        def test_it(contract): assert contract == 5
    """)
    assert "1 passed" in inside().stdout


M, C = ["-m", "pytest"], ["-c", "import pytest, sys; sys.exit(pytest.main())"]


@pytest.mark.parametrize(
    ("made", "named", "start"),
    [
        ("contracts/__init__.py", "contracts", M),
        ("contracts.py", "contracts.py", C),
        ("src/contracts/__init__.py", "contracts", M),
        ("src/contracts/__init__.py", "contracts", C),
    ],
)
def test_a_package_called_contracts_gets_one_sentence_and_its_tests_run(pytester, made, named, start):
    home = pytester.path
    (home / made).parent.mkdir(parents=True, exist_ok=True)
    (home / made).write_text("THEIRS = 1")
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\npythonpath = [".", "src"]')
    pytester.makepyfile("from contracts import THEIRS\ndef test_own(): assert THEIRS == 1")
    command = [sys.executable, "-P", *start] if start[0] == "-c" else [sys.executable, *start]
    lean = [f"-pno:{name}" for name in NEIGHBOURS]

    def pytest_run(*args: str) -> subprocess.CompletedProcess[str]:
        done = (
            [*command, *lean, *args]
            if start[0] == "-m"
            else [*command[:-1], command[-1].replace("main()", f"main({[*lean, *args]!r})")]
        )
        return subprocess.run(
            done, cwd=home, env=environment(), capture_output=True, text=True, timeout=60, check=False
        )

    idle = pytest_run()
    assert SENTENCE.format(named) in idle.stdout
    assert "1 passed" in idle.stdout
    asked = pytest_run("--provider=nimble")
    assert asked.returncode == 4
    assert asked.stderr.strip() == f"ERROR: {SENTENCE.format(named)}"


def test_settings_that_name_providers_are_not_dropped_in_silence(pytester, outside):
    pytester.mkpydir("contracts")
    pytester.makepyprojecttoml('[tool.contracts]\nfail-on = "note"\nproviders = ["nimble"]')
    done = outside()
    assert (done.returncode, done.stderr.strip()) == (4, f"ERROR: {SENTENCE.format('contracts')}")


def test_a_folder_of_solidity_is_no_package(project, inside):
    (project / "contracts").mkdir()
    (project / "contracts" / "Token.sol").write_text("")
    assert "5 passed" in inside("--provider=acme").stdout


def test_switched_off_by_name(project, outside):
    done = outside("-p", "no:contracts.plugin", "--provider=acme")
    assert done.returncode == 4
    assert "unrecognized arguments: --provider=acme" in done.stderr


def bare_checkout(pytester, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the checkout that is not installed: only its root conftest.py can load the plugin."""
    for name in ("contracts", "specs", "conftest.py"):
        place = CHECKOUT / name
        copy = shutil.copytree if place.is_dir() else shutil.copy
        copy(place, pytester.path / name)
    (pytester.path / "pyproject.toml").write_text("")
    lean = ("-pno:cacheprovider", *(f"-pno:{name}" for name in NEIGHBOURS))
    command = [sys.executable, "-m", "pytest", "-p", "no:pytest_contracts", *lean, *args]
    return subprocess.run(
        command, cwd=pytester.path, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


def test_a_bare_checkout_works_through_its_conftest(pytester):
    done = bare_checkout(pytester, "--provider=nimble", "--contracts-operation=getBatch")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "contracts: 1 vendor (nimble)" in done.stdout
    assert str(CHECKOUT) not in done.stdout


def test_an_idle_run_loads_nothing_of_ours_but_the_plugin(pytester, outside):
    pytester.makeconftest("""
        import sys
        def pytest_unconfigure(config):
            print("LOADED", sorted(name for name in sys.modules if name.split(".")[0] in ("contracts", "pytest_contracts")))
            print("HEAVY", sorted(name for name in ("jsonschema_rs", "jsonschema", "yaml", "httpx2") if name in sys.modules))
    """)
    done = outside("--collect-only", "-q")
    assert "LOADED ['contracts', 'contracts.plugin', 'pytest_contracts']" in done.stdout
    assert "HEAVY []" in done.stdout


def test_an_idle_run_prints_and_writes_nothing(pytester, outside):
    before = outside("-p", "no:contracts.plugin", "--collect-only", "-q")
    after = outside("--collect-only", "-q")
    assert (before.stdout.split(" in ")[0], before.returncode) == (
        after.stdout.split(" in ")[0],
        after.returncode,
    )
    assert list(pytester.path.iterdir()) == []


def test_help_lists_our_options(pytester, inside):
    text = inside("--help").stdout
    assert "contracts with other companies' APIs:" in text
    for name in ("--contracts-provider=NAME", "--provider=NAME", "--live ", "--contracts-report=FMT=PATH"):
        assert name in text


def test_markers_are_registered(pytester, inside):
    assert (
        "@pytest.mark.contract(provider, operation=None): defaults of the `contract` fixture"
        in inside("--markers").stdout
    )
