"""README.md is run: every command gives what is printed there, every file is used, every table follows the code.

`python -m tests.test_readme` writes what the commands print, and the tables, into README.md.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.cli import COMMANDS
from contracts.rules import RULES

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
CHANGING = (
    (r"\d{4}-\d\d-\d\d", "2026-11-21"),
    (r"in \d+\.\d\ds", "in 0.40s"),
    (r" +\d+ ms", "    40 ms"),
    (r"\b(?:tmp\w{8}|readme\d+)/", ""),  # the project's own folder
)


def played(text: str, home: Path) -> str:
    """Give the page as it would be if its commands were run now, in an empty project."""
    return BLOCK.sub(lambda found: _block(found, home), text)


def _block(found: re.Match[str], home: Path) -> str:
    kind, title, body = found.groups()
    if title.startswith(" file="):
        (home / title.removeprefix(" file=")).write_text(body)
    if kind != "console":
        return found[0]
    commands = [line.removeprefix("$ ") for line in body.splitlines() if line.startswith("$ ")]
    return "```console\n" + "".join(f"$ {one}\n{run(one, home)}" for one in commands) + "```\n"


def run(command: str, home: Path) -> str:
    """Run a command as a shell would; dates and seconds are written as they stand in the page."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("PYTEST_", "COV_")) and k not in {"CI", "NO_COLOR"}
    }
    env = kept | {"COLUMNS": "116", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    env["PYTEST_ADDOPTS"] = "-p no:randomly -p no:cacheprovider"
    done = subprocess.run(
        ["bash", "-c", command], cwd=home, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    text = done.stdout + done.stderr
    for pattern, constant in CHANGING:
        text = re.sub(pattern, constant, text)
    return text


def tables(text: str) -> str:
    """Give the page with its tables as the code has them."""
    for name, lines in (("commands", _commands()), ("rules", _rules())):
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        table = "\n".join(lines)
        text = between.sub(lambda found, table=table: f"{found[1]}\n{table}\n\n{found[2]}", text)
    return text


def _commands() -> Iterator[str]:
    yield from ("| command | |", "|---|---|")
    yield from (f"| `contracts {name}` | {text} |" for name, (_, text) in sorted(COMMANDS.items()))


def _rules() -> Iterator[str]:
    yield from ("| rule | weighs | meaning |", "|---|---|---|")
    yield from (f"| `{rule.id}` | {rule.severity} | {rule.summary} |" for rule in RULES.values())


def sections(text: str) -> dict[str, str]:
    """Cut the page at its headings; what looks like one inside a block is none."""
    found: dict[str, str] = {}
    name, fence = "", ""
    for line in text.splitlines(keepends=True):
        mark = re.match(r"`{3,}", line)
        if mark:
            fence = "" if fence == mark[0] else fence or mark[0]
        if not fence and line.startswith("## "):
            name = line[3:].strip()
        found[name] = found.get(name, "") + line
    return found


SECTIONS = sections(README.read_text("utf-8"))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return sections(played(README.read_text("utf-8"), tmp_path_factory.mktemp("readme")))


@pytest.mark.parametrize("name", SECTIONS)
def test_every_command_prints_what_stands_here(page, name):
    assert page[name] == SECTIONS[name]


def test_the_tables_follow_the_code():
    assert tables(README.read_text("utf-8")) == README.read_text("utf-8")


def test_ci_runs_exactly_the_two_commands():
    section = README.read_text("utf-8").partition("\n## Two commands\n")[2]
    commands = BLOCK.search(section)[3].splitlines()
    script = (ROOT / ".ci/run").read_text().splitlines()
    assert len(commands) == 2
    assert [line for line in script if line in commands] == commands


def test_every_command_is_named():
    text = README.read_text("utf-8")
    assert [name for name in COMMANDS if f"`contracts {name}" not in text] == []


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        README.write_text(tables(played(README.read_text("utf-8"), Path(home))), "utf-8")


if __name__ == "__main__":
    main()
