"""What leaves the project, whatever a vendor wrote: no file elsewhere, no key, no command, no formula, no control."""

from __future__ import annotations

import io
import json
import os
import pty
import random
import re
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.archive.results import table
from contracts.cli import group
from contracts.model import Report
from contracts.report import FORMATS, render
from contracts.text import safe_text, wrapped
from tests import acme
from tests.report.hostility import BREAKS, COMMANDS, ESCAPES, LETTERS
from tests.report.reports import hostile
from tests.sinks import leaks_of

ROOT = Path(__file__).parents[2]
NAMES = (
    "..", "../..", "/etc/passwd", "a/../../b", "..\\..\\a", "C:\\a", "c:/a", "\\\\host\\share", "a\0b", "a" * 400, "con", "nul.json", "aux", "com1", ".", ".git", "~root", "~",
    "a\nb", "\u202ea", "a/b", "$(touch x)", "`touch x`", "-rf", "--help", "%2e%2e%2fa", "..%2f..%2fa", "%252e%252e", "file:///a", "http://a/b", "\ud800", "A", "ACME", "\uff0e\uff0e/a", "..\u2215a",
    "a:b", "a*", "a?b", "a|b", "a\tb", "", " ", "a ", "\u0130", "\u00e9",
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a project one folder down, so that what leaves it is seen."""
    root = tmp_path / "deep" / "home"
    root.mkdir(parents=True)
    monkeypatch.chdir(root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "cache"))
    (tmp_path / "new.yaml").write_text(acme.SPEC)
    acme.write(root)
    (root / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["acme"]\n')
    return root


def outside(home: Path) -> set[str]:
    """Give every file and folder that is not in the project."""
    top = home.parents[1]
    return {one.relative_to(top).as_posix() for one in top.rglob("*") if home not in (one, *one.parents)}


ANSWER = {
    "url": acme.URL,
    "status": 200,
    "headers": {"content-type": "application/json"},
    "body": acme.BROKEN,
}


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("t.jsonl"), json.dumps(ANSWER))
        archive.writestr(
            zipfile.ZipInfo(f"{name}.jsonl".encode("utf-8", "replace").decode()), json.dumps(ANSWER)
        )
    return out.getvalue()


def attached(name: str) -> bytes:
    """Give an archive of a browser whose body is in a file of that name."""
    content = {"mimeType": "application/json", "_file": name}
    response = {
        "status": 200,
        "headers": [{"name": "content-type", "value": "application/json"}],
        "content": content,
    }
    request = {"method": "GET", "url": acme.URL, "headers": []}
    return json.dumps(
        {"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}
    ).encode()


def test_forty_names_lead_nowhere_outside_of_the_project(home: Path) -> None:
    assert len(NAMES) >= 40
    before = outside(home)
    for name in NAMES:
        (home / "t.zip").write_bytes(zipped(name))
        (home / "t.har").write_bytes(attached(f"../../{name}" if name else "../../new.yaml"))
        alias = f'[operations.{json.dumps(name)}]\nmethod = "GET"\npath = "/v1/x"\n'
        (home / "specs/odd").mkdir(exist_ok=True)
        (home / "specs/odd/provider.toml").write_text(acme.MANIFEST + alias, "utf-8", "replace")
        (home / "specs/odd/openapi.yaml").write_text(acme.SPEC.replace("/v1/batches:", "/v1/x:"))
        for words in (
            ("vendor", "--add", name, "../../new.yaml"),
            ("vendor", "--rename", "acme", name),
            ("vendor", "--remove", name),
            ("init", name),
            ("import", "t.zip", "--provider", "odd"),
            ("check", "acme", "--file", "t.har"),
        ):
            CliRunner().invoke(group, list(words))
            if not (home / "specs/acme").exists():  # another name that can be one
                CliRunner().invoke(group, ["vendor", "--rename", name, "acme"])
    assert outside(home) == before
    assert (home / "specs/acme/openapi.yaml").is_file()


# --- keys


def test_a_run_of_pytest_that_shows_everything_shows_no_key(tmp_path: Path) -> None:
    """With -vv, --showlocals, --tb=long, -rA, the log, all our reports, JUnit, HTML and the report log."""
    assert leaks_of(tmp_path, "pytest", random.Random(9), 6) == []


@pytest.mark.benchmark
@pytest.mark.parametrize("tb", ["auto", "short", "line", "native", "no"])
@pytest.mark.parametrize("more", [["-q"], ["-v", "-n", "2"]])
def test_no_way_of_showing_a_failure_shows_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tb: str, more: list[str]
) -> None:
    from tests import doors

    monkeypatch.setattr(
        doors, "PYTEST", [*(one for one in doors.PYTEST if not one.startswith("--tb")), f"--tb={tb}", *more]
    )
    assert leaks_of(tmp_path, "pytest", random.Random(9), 6) == []


# --- what a terminal and a runner obey

OSC = [
    *ESCAPES,
    *(f"\x1b]{n};{text}{end}" for n, text in ((0, "t"), (2, "t"), (4, "1;?"), (7, "file:///a"), (8, ";https://e"), (52, "c;ZXZpbA=="), (133, "A"), (777, "notify;a;b"), (1337, "File=:AA==")) for end in ("\x07", "\x1b\\")),
]  # fmt: skip


def test_nothing_that_steers_a_terminal_reaches_one(home: Path) -> None:
    assert len(OSC) >= 30
    bodies = [{"id": "b", "state": text, text: text, "tasks": [{"state": text}]} for text in (*OSC, *LETTERS)]
    lines = [{**ANSWER, "url": f"{acme.URL}?q={n}", "body": body} for n, body in enumerate(bodies)]
    (home / "t.jsonl").write_text("\n".join(map(json.dumps, lines)))
    seen = bytearray()

    words = [sys.executable, "-m", "contracts", "check", "acme", "--file", "t.jsonl", "--verbose"]
    parent, child = pty.openpty()
    with subprocess.Popen(
        words,
        stdout=child,
        stderr=child,
        stdin=child,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "TERM": "xterm"},
    ) as process:
        os.close(child)
        while True:
            try:
                data = os.read(parent, 65536)
            except OSError:
                break
            if not data:
                break
            seen += data
    os.close(parent)
    text = seen.decode("utf-8").replace("\r\n", "\n")
    assert process.returncode == 1, text[-500:]
    assert len(text) > 5_000
    odd = {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}}
    assert odd <= {"\n", "\t"}


def obeyed(text: str) -> list[str]:
    """Give the lines that a runner of GitHub or Azure takes for commands, by the rules of its source.

    `::name::` after blanks at the start of a line; `##[name]` and `##vso[name]` anywhere in it. Its reader ends a
    line at CR, LF or both.
    """
    lines = re.split(r"\r\n|\r|\n", text)
    starts = [line for line in lines if re.match(r"\s*::[^:].*?::", line)]
    return starts + [line for line in lines if re.search(r"##(?:vso|teamcity)?\[[^\]]*\]?", line)]


def thousand() -> list[str]:
    rng = random.Random(4)
    made = []
    while len(made) < 1_000:
        parts = [
            rng.choice(
                (
                    rng.choice(COMMANDS),
                    rng.choice(BREAKS),
                    rng.choice(LETTERS),
                    rng.choice(("a", " ", ":", "#", "%0A", "x" * 90)),
                )
            )
            for _ in range(rng.randint(1, 6))
        ]
        made.append("".join(parts))
    return made


THOUSAND = thousand()


@pytest.mark.parametrize("form", FORMATS)
def test_no_line_of_a_thousand_bodies_is_a_command(form: str) -> None:
    report = Report.merge(map(hostile, THOUSAND[:: 1 if form == "text" else 4]))
    left = obeyed("\n".join(render(form, report)))
    ours = [
        line
        for line in left
        if form == "github" and re.match(r"::(error|warning|notice|group|endgroup)\b", line)
    ]
    assert left == ours
    assert len(obeyed("\n".join(COMMANDS))) >= 18


@pytest.mark.parametrize("width", range(20, 120, 7))
def test_no_line_that_is_broken_begins_with_a_command(width: int) -> None:
    texts = [
        f"{'x' * before} ::stop-commands::{'y' * 30}{'z' * before}::debug::a" for before in range(0, 120, 3)
    ]
    assert [line for text in texts for line in wrapped(safe_text(text, 400), width) if obeyed(line)] == []


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "=cmd|' /C calc'!A0",
        "\n=1",
        "\uff1d1",
        "\u202d=1",
    ],
)
def test_a_cell_of_a_table_is_no_formula(text: str) -> None:
    cell = table._cell(text)
    assert cell[:1] not in {"\t", "\r", "\n", "=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"}
    assert table._cell([text])[:1] == cell[:1]
    assert table._cell(7) == 7
