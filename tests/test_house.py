"""The house stays in order: layers, sizes, the public surface, rules, commands, providers, words."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import contracts
from contracts.cli import COMMANDS
from contracts.policy import all_rules
from contracts.providers import NORMALIZERS
from contracts.spec.provider import load, names
from tests import rooms

pytestmark = pytest.mark.untraced  # it reads the code, and runs none

ROOT = Path(__file__).parents[1]
SOURCES = list(rooms.MODULES.values())
TESTS = sorted((ROOT / "tests").rglob("*.py"))
NOT_TYPES = re.compile(r"exchange|violations?$|breakage|case$|result$|util|helper|manager", re.IGNORECASE)
ALLOWED = {"ContractViolation", "_AnyCase"}
"""Not what they look like: an AssertionError that holds a report, and headers in upper or lower case."""

TOP = {
    "pyproject.toml", "README.md", "LICENSE", "NOTICE", "constraints.txt", "conftest.py", "specs", "contracts",
    "tests", "action.yml", "docs", "SECURITY.md", "CHANGELOG.md",
}  # fmt: skip
SECRET = re.compile(r"authorization|cookie|api-key|apikey|token|secret|password|session", re.IGNORECASE)
ABSOLUTE = re.compile(r"(?<![\w.:/])/(?:work|root|home|Users)/\w")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a checkout")
    return done.stdout.splitlines()


def test_a_lower_room_never_imports_a_higher_one():
    script = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout


def test_no_imports_go_in_a_circle():
    assert rooms.circles(rooms.graph()) == []


def test_every_room_has_a_face_that_says_what_belongs_there():
    said = {room: ast.get_docstring(rooms.tree(room)) or "" for room in rooms.ROOMS}
    assert [room for room, text in said.items() if len(text) < 40 or "." not in text] == []


DOORS = ("contracts.ci", "contracts.cli", "contracts.plugin", "contracts.providers", "contracts.report")
"""Rooms whose modules are themselves what one asks for: a command, a format, a vendor."""


def test_nobody_imports_past_a_face():
    past = [one for one in rooms.imports() if rooms.past_the_face(one) and not one.home.startswith(DOORS)]
    assert {(one.by, one.home) for one in past} == set()


@pytest.mark.parametrize("room", [room for room in sorted(rooms.ROOMS) if any(rooms.typed_and_lazy(room))])
def test_a_face_says_the_same_to_the_type_checker_and_at_run_time(room):
    typed, lazy = rooms.typed_and_lazy(room)
    assert not lazy or typed == lazy


def test_no_folder_holds_more_than_14_modules():
    flat = {"contracts.cli", "contracts.report", "contracts.drift.rules"}
    files = Counter(map(rooms.parent, rooms.MODULES.keys() - rooms.ROOMS))
    assert {room for room, count in files.items() if count > 14} - flat == set()


def test_a_room_has_at_most_10_floors():
    assert {room: rooms.floors(room) for room in rooms.ROOMS if rooms.floors(room) > 10} == {}


def test_no_name_that_a_face_gives_is_that_of_a_submodule():
    found = {
        (room, name)
        for room in rooms.ROOMS
        for name in rooms.names_given(room)
        if f"{room}.{name}" in rooms.MODULES
    }
    assert found == set()


def test_no_private_name_is_imported_from_another_file():
    assert {(one.by, one.name) for one in rooms.imports() if rooms.private(one)} == set()


def test_functions_are_40_lines_at_most():
    long = [
        f"{shown(path)}:{node.lineno} {node.name}: {node.end_lineno - node.body[0].lineno + 1}"
        for name, path in rooms.MODULES.items()
        for node in ast.walk(rooms.tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.body[0].lineno + 1 > 40
    ]
    assert long == []


def test_files_are_400_lines_at_most():
    long = {shown(path): path.read_text("utf-8").count("\n") for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_no_type_has_a_name_that_says_nothing_or_a_second_word_for_a_thing():
    found = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for name, path in rooms.MODULES.items()
        for node in ast.walk(rooms.tree(name))
        if isinstance(node, ast.ClassDef) and NOT_TYPES.search(node.name) and node.name not in ALLOWED
    ]
    assert found == []


def test_no_module_is_a_drawer():
    assert [shown(path) for path in SOURCES if re.search(r"util|helper|manager|common|misc", path.stem)] == []


def test_the_public_surface_is_small_sorted_and_true():
    listed = contracts.__all__
    assert len(listed) <= 25
    assert listed == sorted(listed)
    assert set(listed) == set(contracts._HOMES) == set(dir(contracts))
    for name in listed:
        assert getattr(contracts, name).__doc__
    with pytest.raises(AttributeError, match="module 'contracts' has no attribute 'nothing'"):
        contracts.nothing  # noqa: B018


def test_importing_the_package_imports_nothing_else():
    code = "import sys; old = set(sys.modules); import contracts; print(sorted(set(sys.modules) - old))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = {
        name
        for name in ast.literal_eval(done.stdout)
        if name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert loaded == {"contracts"}


def test_a_check_of_recordings_loads_no_http_client():
    code = "import sys, contracts.cli.check, contracts.cli.drift; print('httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("path", [p for p in SOURCES if "__all__" in p.read_text("utf-8")], ids=shown)
def test_every_list_of_names_is_sorted_and_true(path):
    module = importlib.import_module(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    )
    assert list(module.__all__) == sorted(
        module.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_every_rule_has_an_id_and_says_what_it_means():
    for name, rule in all_rules().items():
        assert re.fullmatch(r"\$?[a-zA-Z]+(-[a-z0-9]+)*", name)
        assert name == rule.id
        assert re.fullmatch(r"[A-Z].*\.", rule.summary), name
        assert rule.advice, name
        assert rule.example, name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_exists_and_has_help(name):
    module, _, attribute = COMMANDS[name][0].partition(":")
    command = getattr(importlib.import_module(module), attribute)
    assert command.name == name
    assert len(command.help) > 30
    assert all(option.help for option in command.params if option.param_type_name == "option")
    assert COMMANDS[name][1].endswith(".")


@pytest.mark.parametrize("name", names(ROOT))
def test_every_provider_has_all_its_rooms(name):
    home = ROOT / "specs" / name
    provider = load(name, ROOT)
    assert provider.manifest.upstream
    for document in provider.manifest.upstream:
        assert (home / document.file).is_file()
        assert document.retrieved
    assert list((home / "cassettes").glob("*/*.json")), "no recording"
    assert name in NORMALIZERS
    assert (ROOT / "contracts" / "providers" / f"{name}.py").is_file()
    aliases = {operation.alias for operation in provider.spec.operations}
    assert {path.name for path in (home / "cassettes").iterdir()} <= aliases


def test_every_normalizer_has_a_provider():
    assert set(NORMALIZERS) == set(names(ROOT))


def test_no_cassette_holds_a_header_that_may_be_a_secret():
    found = []
    for path in sorted((ROOT / "specs").glob("*/cassettes/*/*.json")):
        cassette = json.loads(path.read_text("utf-8"))
        for side in ("request", "response"):
            for name, value in cassette[side].get("headers", {}).items():
                if SECRET.search(name) and "REDACTED" not in str(value).upper():
                    found.append(f"{shown(path)} {side} {name}")
    assert found == []


def test_nothing_is_left_unfinished_or_bound_to_one_machine():
    found = []
    for path in (
        *SOURCES,
        *TESTS,
        *sorted((ROOT / ".ci").iterdir()),
        ROOT / "README.md",
        ROOT / "pyproject.toml",
    ):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if UNFINISHED.search(line) or (ABSOLUTE.search(line) and path.name != "test_house.py"):
                found.append(f"{shown(path)}:{number} {line.strip()[:80]}")
    assert found == []


def test_the_top_level_holds_only_what_it_should():
    top = {name.partition("/")[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP


def test_constraints_are_pins():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][\w.]*", line) for line in pins)
    assert pins == sorted(
        pins, key=lambda line: line.lower().replace("_", "-").replace(".", "-").partition("==")[0]
    )


@pytest.mark.parametrize("name", ["requirements.txt", "tools.txt"])
def test_what_ci_installs_is_pinned_by_digest(name: str):
    text = (ROOT / ".ci" / name).read_text("utf-8")
    blocks = re.split(
        r"\n(?=[A-Za-z0-9])", "\n".join(re.sub("^#.*", "", text, flags=re.MULTILINE).split("\n")).strip()
    )
    assert all(
        re.fullmatch(r"[\w.-]+(?:\[\w+\])?==[\w.]+(?: \\\n +--hash=sha256:[0-9a-f]{64})+", one)
        for one in blocks
    )
    pins = dict(
        line.split("==") for line in _plain((ROOT / "constraints.txt").read_text("utf-8")) if "==" in line
    )
    found = [line.split(" ")[0].split("==") for line in _plain(text) if "==" in line]
    listed = {one.partition("[")[0]: version for one, version in found}
    assert name == "tools.txt" or {one: pins.get(one) for one in listed} == listed


def _plain(text: str) -> list[str]:
    return [line.lower().replace("_", "-") for line in text.splitlines() if not line.startswith(("#", " "))]
