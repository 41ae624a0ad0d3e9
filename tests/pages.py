"""Documents that are run: every console block gives what is printed there, every file block is used.

`python -m tests.pages` writes what the commands print, and the picture, into README.md and `docs/`.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from types import MappingProxyType
from unittest import mock

from contracts import cli
from tests import picture
from tests.plugin.conftest import NEIGHBOURS

ROOT = Path(__file__).parents[1]
README, DOCS = ROOT / "README.md", ROOT / "docs"
TUTORIAL = DOCS / "tutorial.md"
PAGES = sorted(page for page in DOCS.rglob("*.md") if page != TUTORIAL)
"""Every page but the tutorial; each starts in a copy of the folder in which the tutorial ends."""

BLOCK = re.compile(r"^```(\S+)([^\n]*)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
CHANGING = (
    (r"(?!2026-10-0)\d{4}-\d\d-\d\d(?!T)", "2026-11-21"),  # what is of October stands in a page's own files
    (r"in \d+\.\d\ds", "in 0.40s"),
    (r" +\d+ ms", "    40 ms"),
    (r"\b(?:tmp\w{8}|(?:home|readme)\d+)/", ""),  # the project's own folder
)
ALONE = {"stress", "impact", "serve", "gate"}
"""Commands that load the user's modules or need a process of their own; the others run in this one."""


def played(text: str, home: Path) -> str:
    """Give a page as it would be if its commands were run now, in a project's folder."""
    return BLOCK.sub(lambda found: _block(found, home), text)


def _block(found: re.Match[str], home: Path) -> str:
    kind, title, body = found.groups()
    if title.startswith(" file="):
        path = home / title.removeprefix(" file=")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, "utf-8")
    if kind != "console":
        return found[0]
    commands = [line.removeprefix("$ ") for line in body.splitlines() if line.startswith("$ ")]
    return "```console\n" + "".join(f"$ {one}\n{run(one, home)}" for one in commands) + "```\n"


def run(command: str, home: Path) -> str:
    """Run a command as a shell would; dates and durations are written as they stand in the pages."""
    words = [] if re.search(r"[|<>&;$*]", command) else shlex.split(command)
    inside = len(words) > 1 and words[0] == "contracts" and words[1] not in ALONE and "--live" not in words
    return _constant(_inside(words[1:], home) if inside else _outside(command, home))


def _constant(text: str) -> str:
    for pattern, constant in CHANGING:
        text = re.sub(pattern, constant, text)
    return text


def _environment() -> dict[str, str]:
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("PYTEST_", "COV_")) and k not in {"CI", "NO_COLOR", "FORCE_COLOR"}
    }
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    alone = " ".join(f"-pno:{name}" for name in (*NEIGHBOURS, "cacheprovider"))
    return kept | {"COLUMNS": "116", "PATH": path, "PYTEST_ADDOPTS": alone}


def _inside(words: list[str], home: Path, more: Mapping[str, str] = MappingProxyType({})) -> str:
    out, err = io.StringIO(), io.StringIO()
    argv = mock.patch.object(sys, "argv", ["contracts", *words])
    environment = mock.patch.dict(os.environ, _environment() | more, clear=True)
    with argv, environment, chdir(home), redirect_stdout(out), redirect_stderr(err):
        cli.run()
    return out.getvalue() + err.getvalue()


def _outside(command: str, home: Path) -> str:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=home,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.stdout + done.stderr


def finding(home: Path) -> str:
    """Draw the first finding of the tutorial as a terminal shows it."""
    words = ["check", "matil", "--file", "answers.jsonl"]
    text = _inside(words, home, {"FORCE_COLOR": "1", "COLUMNS": "92"})
    return picture.svg(f"contracts {' '.join(words)}", _constant(text))


def main() -> None:
    """Write README.md, the tutorial, every other page and the picture anew."""
    with tempfile.TemporaryDirectory() as above:
        empty, prepared = Path(above, "readme0"), Path(above, "home0")
        empty.mkdir()
        prepared.mkdir()
        README.write_text(played(README.read_text("utf-8"), empty), "utf-8")
        TUTORIAL.write_text(played(TUTORIAL.read_text("utf-8"), prepared), "utf-8")
        picture.PATH.write_text(finding(prepared), "utf-8")
        for number, page in enumerate(PAGES, 1):
            if "```console" in page.read_text("utf-8"):
                home = shutil.copytree(prepared, Path(above, f"home{number}"))
                page.write_text(played(page.read_text("utf-8"), home), "utf-8")


if __name__ == "__main__":
    main()
