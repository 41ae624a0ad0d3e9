"""Files are written whole or not at all: a fault at every single call leaves the old file or the new one."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import resource
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.atomic import append_line, remove_folder, write_whole
from contracts.ci.gate import write_reports
from contracts.cli import group
from contracts.consumers.stress.replay import Replay
from contracts.consumers.stress.replay import save as save_replay
from contracts.errors import ContractsError
from contracts.interactions.formats.cassette import Cassette
from contracts.interactions.write import save
from contracts.model import Interaction, Report, Request, Response, Source
from tests import acme

ROOT = Path(__file__).parents[1]
CALLS = ("open", "write", "fsync", "close")
OLD, NEW = b"old" * 1000, b"new!" * 1000


@pytest.mark.parametrize(
    "kind", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "ctrl-c"]
)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("nth", range(1, 5))
@pytest.mark.parametrize("exists", [False, True])
def test_a_fault_at_any_call_leaves_one_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, call: str, nth: int, kind: BaseException, exists: bool
) -> None:
    path = tmp_path / "cassettes" / "a.json"
    if exists:
        write_whole(path, OLD)
    real, count = {name: getattr(os, name) for name in CALLS}, 0

    def faulty(*args: object, **more: object) -> object:
        nonlocal count
        count += 1
        if count == nth:
            if call == "close":
                real["close"](*args)
            raise kind
        return real[call](*args, **more)

    def short(handle: int, view: memoryview) -> int:
        return (faulty if call == "write" else real["write"])(handle, view[:1500])

    monkeypatch.setattr(os, call, faulty)
    monkeypatch.setattr(os, "write", short)
    said = ""
    try:
        write_whole(path, NEW)
    except (OSError, KeyboardInterrupt) as error:
        said = getattr(error, "strerror", "interrupted")
    finally:
        monkeypatch.undo()
    assert said in {"", "interrupted", "No space left on device"}
    content = path.read_bytes() if path.exists() else None
    assert content in ((OLD, NEW) if exists else (None, NEW))
    assert said or content == NEW
    assert (
        [p.name for p in path.parent.iterdir()] == ([path.name] if content else [])
        if path.parent.exists()
        else True
    )


@pytest.mark.parametrize(
    "kind", [OSError(5, "Input/output error"), KeyboardInterrupt()], ids=["io", "ctrl-c"]
)
def test_a_fault_of_the_rename_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: BaseException
) -> None:
    path = tmp_path / "a.json"
    write_whole(path, OLD)

    def fail(*_: object) -> None:
        raise kind

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises((OSError, KeyboardInterrupt)):
            write_whole(path, NEW)
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


def test_the_temporary_file_is_for_our_eyes_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes = []
    real = os.fsync

    def look(handle: int) -> None:
        modes.append(os.fstat(handle).st_mode & 0o777)
        real(handle)

    monkeypatch.setattr(os, "fsync", look)
    write_whole(tmp_path / "a", NEW, mode=0o600)
    assert modes[0] == 0o600


def test_nothing_else_writes_files() -> None:
    writes = re.compile(r"\.write_(?:text|bytes)\(|open\([^)]*[\"'][wx]b?[\"']")
    sources = sorted((ROOT / "contracts").rglob("*.py"))
    found = {
        p.relative_to(ROOT / "contracts").as_posix() for p in sources if writes.search(p.read_text("utf-8"))
    }
    # a folder is made beside its place and moved there at once; what is fetched goes into one that is thrown away
    assert found == {"atomic.py", "vendoring/fetching.py", "vendoring/folder.py", "vendoring/owned.py"}


def _cassette(root: Path, word: str) -> None:
    made = Response(200, (("content-type", "application/json"),), f'{{"state":"{word}"}}'.encode())
    it = Interaction(
        request=Request("GET", "https://a.example/v1"),
        response=made,
        source=Source.RECORDED,
        name="a",
        operation="get",
        recorded_at="2026-01-31T09:00:00Z",
    )
    save(Cassette(provider="acme", interaction=it), root)


def _observed(root: Path, word: str) -> None:
    answer = {"url": "https://a.example/v1", "status": 200, "body": {word: 1}}
    (root / "t.jsonl").write_text(json.dumps(answer))
    done = CliRunner().invoke(group, ["observe", str(root / "t.jsonl"), "--output", str(root / "o.json")])
    if isinstance(done.exception, Exception) and not isinstance(done.exception, SystemExit):
        raise done.exception


WRITERS = {
    "cassette": _cassette,
    "observed": _observed,
    "replay": lambda root, word: save_replay(
        root, Replay(consumer="a:b", provider="acme", law="total", note=word, points=(), value={"n": 1})
    ),
    "reports": lambda root, word: write_reports(
        Report(notices=(word,)), [(form, Path(f"r.{form}")) for form in ("json", "html", "junit")], root
    ),
}
FAULTS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINTR)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("call", ["open", "write", "fsync", "close", "replace", "mkdir"])
def test_a_fault_under_any_door_leaves_whole_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str, call: str
) -> None:
    write, real = WRITERS[writer], getattr(os, call)
    seen: dict[str, set[bytes]] = {}
    for word in ("before", "after"):
        (tmp_path / word).mkdir()
        write(tmp_path / word, word)
        for path in filter(Path.is_file, (tmp_path / word).rglob("*")):
            seen.setdefault(path.relative_to(tmp_path / word).as_posix(), set()).add(path.read_bytes())
    for number, code in enumerate(FAULTS * 3):
        root = tmp_path / f"{number}"
        root.mkdir()
        write(root, "before")
        count = 0

        def faulty(*args: object, _code: int = code, _at: int = number % 3, **more: object) -> object:
            nonlocal count
            count += 1
            if count == _at + 1:
                if call == "close":
                    real(*args)
                raise OSError(_code, os.strerror(_code))
            return real(*args, **more)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, faulty)
            with contextlib.suppress(OSError, ContractsError):
                write(root, "after")
        for path in filter(Path.is_file, root.rglob("*")):
            name = path.relative_to(root).as_posix()
            known = seen.get(name, set())
            merged = name == "o.json" and json.loads(path.read_bytes())["operations"]
            assert merged or name == "t.jsonl" or path.read_bytes() in known, (name, code)


@pytest.mark.parametrize("words", [("--rename", "acme", "other"), ("--remove", "acme", "--yes")])
@pytest.mark.parametrize("at", range(1, 4))
@pytest.mark.parametrize("call", ["rename", "mkdir"])
def test_a_fault_leaves_a_vendor_under_its_old_name_or_its_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, at: int, words: tuple[str, ...]
) -> None:
    acme.write(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    real, count, before = getattr(os, call), 0, _files(tmp_path / "specs/acme")

    def faulty(*args: object, **more: object) -> object:
        nonlocal count
        count += 1
        if count == at:
            raise OSError(errno.EIO, "Input/output error")
        return real(*args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, faulty)
        done = CliRunner().invoke(group, ["vendor", *words])
    there = {path.name: _files(path) for path in (tmp_path / "specs").iterdir() if path.is_dir()}
    if done.exit_code == 0:
        assert set(there) == {"other"} & set(words)
    else:
        assert there == {"acme": before}


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_line_is_added_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    append_line(path, b"one\n")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            append_line(path, b"second\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == b"one\n"
    path.write_bytes(b"one\nhal")
    append_line(path, b"two\n")
    assert path.read_bytes() == b"one\nhal\ntwo\n"


def test_a_fault_while_a_folder_is_removed_leaves_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/c").write_bytes(b"x")
    real, left = os.close, [OSError(28, "No space left on device")]

    def close(handle: int) -> None:
        real(handle)
        if left:
            raise left.pop()

    monkeypatch.setattr(os, "close", close)
    remove_folder(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []
