"""Load: many recordings, interactions, megabytes and findings, each at N and 4N; run: `python -m tests.benchmarks.load`.

Prints a line a row: seconds of CPU and the most memory at both sizes, and the growth. Linear is a growth of 4; it
says so where time grows by more than 5, or the memory of what is read as a stream by more than half. A report names
each interaction, so that the memory of a check grows with their number, and not with their bytes.
`CONTRACTS_LOAD=0.1` takes a tenth of everything; words on the command line choose rows.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from contracts.report import FORMATS
from tests import acme

SCALE = float(os.environ.get("CONTRACTS_LOAD", "1"))
CASSETTES, INTERACTIONS, MEGABYTES, FINDINGS = 5_000, 200_000, 300, 50_000
HEAD = {"content-type": "application/json"}
RENDER = "import sys; from contracts.report import render; from tests.report.reports import big; [sys.stdout.write(f'{x}\\n') for x in render(sys.argv[1], big(int(sys.argv[2])))]"


class Used(NamedTuple):
    """What a run took: seconds of CPU, MB at most, its exit code, and the end of what it said."""

    seconds: float
    megabytes: float
    code: int
    said: str


def used(folder: Path, *words: str) -> Used:
    """Run a command in a folder, and give what it took with all its children."""
    out = folder / "said.txt"
    with out.open("wb") as stream:
        child = os.posix_spawn(
            sys.executable, [sys.executable, *words], os.environ | {"PYTHONPATH": f"{ROOT}:{folder}"},
            file_actions=[(os.POSIX_SPAWN_DUP2, stream.fileno(), 1), (os.POSIX_SPAWN_DUP2, stream.fileno(), 2)],
        )  # fmt: skip
        _, status, usage = os.wait4(child, 0)
    tail = out.read_bytes()[-300:].decode("utf-8", "replace")
    return Used(
        usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), tail
    )


ROOT = Path(__file__).parents[2]


def body(number: int) -> dict[str, object]:
    """Give an answer; every tenth breaks the contract."""
    state = "done" if number % 10 else f"archived{number % 7}"
    return {
        **acme.DONE,
        "id": f"b{number}",
        "state": state,
        "tasks": [{"state": "success"}] * (number % 4),
        "note": f"n{number}",
    }


def cassettes(folder: Path, count: int) -> None:
    """Make a project with so many cassettes."""
    home = acme.write(folder)
    for number in range(count):
        acme.add(home, acme.answer(body(number), situation=f"s{number}"))


def lines(folder: Path, count: int) -> None:
    """Make a project with a log of so many interactions."""
    acme.write(folder)
    with (folder / "t.jsonl").open("w") as out:
        for number in range(count):
            one = {"url": acme.URL, "status": 200, "headers": HEAD, "body": body(number)}
            out.write(f"{json.dumps(one)}\n")


def wrong(folder: Path, count: int) -> None:
    """Make a project with a log of so many interactions that all break the contract at one place."""
    acme.write(folder)
    with (folder / "t.jsonl").open("w") as out:
        for number in range(count):
            one = {"url": acme.URL, "status": 200, "headers": HEAD, "body": body(10 * number)}
            out.write(f"{json.dumps(one)}\n")


def har(folder: Path, megabytes: int) -> None:
    """Make a project with a HAR of so many megabytes."""
    acme.write(folder)
    filler = [{"state": "success", "note": "x" * 900}] * 20
    with (folder / "t.har").open("w") as out:
        out.write('{"log": {"version": "1.2", "entries": [')
        number = 0
        while out.tell() < megabytes * 1_000_000:
            text = json.dumps({**body(number), "tasks": filler})
            entry = {
                "request": {"method": "GET", "url": acme.URL, "headers": []},
                "response": {
                    "status": 200, "headers": [{"name": "content-type", "value": "application/json"}],
                    "content": {"mimeType": "application/json", "text": text},
                },
            }  # fmt: skip
            out.write(f"{', ' if number else ''}{json.dumps(entry)}")
            number += 1
        out.write("]}}")


def nothing(folder: Path, count: int) -> None:
    """Make nothing: findings are made where they are written."""


class Row(NamedTuple):
    """What is measured: its sizes, how its project is made, and the command; `{}` is the size."""

    size: int
    make: Callable[[Path, int], None]
    words: tuple[str, ...]
    streamed: bool = False


CLI = ("-m", "contracts")
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--provider=acme")
ROWS = {
    "check cassettes": Row(CASSETTES, cassettes, (*CLI, "check", "acme")),
    "coverage": Row(CASSETTES, cassettes, (*CLI, "coverage", "acme")),
    "scan": Row(CASSETTES, cassettes, (*CLI, "scan", "specs")),
    "gate": Row(CASSETTES, cassettes, (*CLI, "gate", "acme", "--no-comment", "--report", "html=r.html", "--report", "sarif=r.sarif", "--report", "junit=r.xml")),
    "pytest": Row(CASSETTES, cassettes, PYTEST),
    "pytest -n 4": Row(CASSETTES, cassettes, (*PYTEST, "-n", "4")),
    "check log": Row(INTERACTIONS, lines, (*CLI, "check", "acme", "--file", "t.jsonl")),
    "check wrong log": Row(INTERACTIONS, wrong, (*CLI, "check", "acme", "--file", "t.jsonl")),
    "scan log": Row(INTERACTIONS, lines, (*CLI, "scan", "t.jsonl")),
    "observe log": Row(INTERACTIONS, lines, (*CLI, "observe", "t.jsonl", "--provider", "acme"), streamed=True),
    "archive log": Row(INTERACTIONS, lines, (*CLI, "archive", "scan", "t.jsonl", "--out", "oct", "--provider", "acme"), streamed=True),
    "import log": Row(INTERACTIONS // 20, lines, (*CLI, "import", "t.jsonl", "--provider", "acme")),
    "check HAR": Row(MEGABYTES, har, (*CLI, "check", "acme", "--file", "t.har"), streamed=True),
    "observe HAR": Row(MEGABYTES, har, (*CLI, "observe", "t.har", "--provider", "acme"), streamed=True),
    "archive HAR": Row(MEGABYTES, har, (*CLI, "archive", "scan", "t.har", "--out", "oct", "--provider", "acme"), streamed=True),
    **{f"report {form}": Row(FINDINGS, nothing, ("-c", RENDER, form, "{}")) for form in FORMATS},
}  # fmt: skip


def measured(row: Row) -> Iterator[Used]:
    """Yield what a row takes at N and at 4N."""
    for size in (int(row.size * SCALE) // 4, int(row.size * SCALE)):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            row.make(home, size)
            (home / "pyproject.toml").write_text("[tool.contracts]\nproviders = ['acme']\n")
            words = [re.sub(r"^\{\}$", str(size), word) for word in row.words]
            with contextlib.chdir(home):
                yield used(home, *words)


def main() -> None:
    """Print a line a row."""
    chosen = sys.argv[1:] or list(ROWS)
    for name, row in ROWS.items():
        if not any(name.startswith(word) for word in chosen):
            continue
        small, large = measured(row)
        growth = large.seconds / small.seconds
        slow = " NOT LINEAR" if growth > 5 else ""
        wide = " NOT BOUNDED" if row.streamed and large.megabytes > 1.5 * small.megabytes else ""
        sizes = f"{small.seconds:6.1f} s {small.megabytes:5.0f} MB, {large.seconds:6.1f} s {large.megabytes:5.0f} MB"
        print(
            f"{name:<16} {int(row.size * SCALE):>7,}: {sizes}, x{growth:.1f}, exit {large.code}{slow}{wide}",
            flush=True,
        )
        if large.code not in {0, 1}:
            print(large.said)


if __name__ == "__main__":
    main()
