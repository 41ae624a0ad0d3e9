"""Odd files of every kind at every door that reads them: a finding or a sentence, soon, and never a fault of ours."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.archive.partial import Partial
from contracts.cli import run as run_process
from contracts.consumers.behaviour import approved
from contracts.consumers.stress import replay
from contracts.errors import CassetteError, ContractsError
from contracts.interactions import read_recordings
from contracts.interactions.formats.files.source import opened
from contracts.live import RequestBudget
from contracts.report.reading import read_report
from tests import acme

DEEP = 3_000
ODD: dict[str, bytes | None] = {
    "nothing": b"", "every byte": bytes(range(256)) * 4, "UTF-16": '{"a": 1}'.encode("utf-16"), "no UTF-8": b'title = "\xe9"\na: "\xe9"', "a list of null": b"[null]",
    "deep lists": b"[" * DEEP + b"]" * DEEP, "deep keys": b"a: " * 300 + b"1", "a deep table": b"a = " + b"{b=" * DEEP + b"1" + b"}" * DEEP,
    "a long number": b'{"a": ' + b"9" * 6_000 + b"}", "blank lines": b"\n" * 70_000, "a folder": None,
}  # fmt: skip
ANSWER = {
    "url": acme.URL,
    "status": 200,
    "headers": {"content-type": "application/json"},
    "body": acme.BROKEN,
}
HOME = "specs/acme"
DOORS: dict[str, list[tuple[str, ...]]] = {
    "pyproject.toml": [("check", "acme")],
    f"{HOME}/waivers.toml": [("check", "acme")],
    f"{HOME}/overlay.yaml": [("check", "acme")],
    f"{HOME}/provider.toml": [("check", "acme"), ("vendor", "--rename", "acme", "other"), ("doctor",)],
    f"{HOME}/openapi.yaml": [("check", "acme")],
    "new.yaml": [("drift", "acme", "--against", "new.yaml"), ("vendor", "--add", "other", "new.yaml")],
    f"{HOME}/cassettes/getBatch/200-odd.json": [("check", "acme"), ("scan",)],
    "t.jsonl": [("check", "acme", "--file", "t.jsonl"), ("import", "t.jsonl", "--provider", "acme")],
    "t.har": [("check", "acme", "--file", "t.har")],
    f"{HOME}/observed.json": [("observe", "t.jsonl", "--provider", "acme", "--save")],
    f"{HOME}/HISTORY.md": [("vendor", "--update", "acme", "new.yaml"), ("history", "acme")],
    "oct/manifest.json": [("archive", "report", "oct")],
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = acme.write(tmp_path)
    (folder / "upstream").mkdir()
    (folder / "upstream/openapi.yaml").write_text(acme.SPEC)
    (tmp_path / "new.yaml").write_text(acme.SPEC.replace("running, done", "running, done, paused"))
    (tmp_path / "t.jsonl").write_text(json.dumps(ANSWER))
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["acme"]\n')
    return tmp_path


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    ("file", "words"),
    [(file, words) for file, doors in DOORS.items() for words in doors],
    ids=lambda it: it if isinstance(it, str) else " ".join(it[:2]),
)
def test_an_odd_file_is_a_finding_or_a_sentence(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    words: tuple[str, ...],
    odd: str,
) -> None:
    data = ODD[odd]
    (home / file).parent.mkdir(exist_ok=True)
    (home / file).unlink(missing_ok=True)
    if data is None:
        (home / file).mkdir(parents=True)
    else:
        (home / file).write_bytes(data)
    monkeypatch.setattr(sys, "argv", ["contracts", *words])
    started = time.process_time()
    code = run_process()
    said = capsys.readouterr()
    assert code in {0, 1, 2, 3}, said.err
    assert time.process_time() - started < 2
    assert "Traceback" not in said.out + said.err
    assert "\x1b" not in said.out + said.err
    assert code != 2 or words[0] == "doctor" or len(said.err.strip().splitlines()) <= 3, said.err


READERS: dict[str, Callable[[Path], object]] = {
    "what is approved of a reader": approved.read,
    "a payload that is kept": replay.read,
    "a report": lambda path: read_report(path.read_text("utf-8", "replace")),
    "a result of an archive": lambda path: Partial.load(path.read_bytes()),
    "a ledger": lambda path: RequestBudget(path=path).used,
}


@pytest.mark.parametrize("reader", READERS)
def test_what_we_wrote_ourselves_may_be_odd(tmp_path: Path, reader: str) -> None:
    for odd in filter(None, ODD.values()):
        (tmp_path / "a").write_bytes(odd)
        with contextlib.suppress(ContractsError):
            READERS[reader](tmp_path / "a")


PIECES = (
    b"\n",
    b"\r\n",
    b" \n",
    b"-\n",
    b"- \n\n",
    b"a:\n",
    b"\t",
    b"interactions\n",
    b"request :\n",
    b"{\n",
    b"<",
    b'"',
    b"HTTP/1.1 200\n",
    b"GET a\n",
    b"###\n",
    b"openapi",
    b"type: ",
)


@pytest.mark.untraced
@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_that_is_repeated_is_no_recording_soon(piece: bytes) -> None:
    """Blank lines took half a minute for each 64 KB, since each could begin YAML after blank lines."""
    started = time.process_time()
    with pytest.raises(CassetteError):
        list(read_recordings(opened(piece * (70_000 // len(piece)), "t")))
    assert time.process_time() - started < 1
