"""Files are written whole or not at all: a fault at every single call leaves the old file or the new one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from contracts.errors import CassetteError
from contracts.interactions.write import write_whole

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
    except (CassetteError, KeyboardInterrupt) as error:
        said = str(error) or "interrupted"
    finally:
        monkeypatch.undo()
    assert said in {"", "interrupted", f"{path}: cannot be written: No space left on device"}
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
        with pytest.raises((CassetteError, KeyboardInterrupt)):
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
    write_whole(tmp_path / "a", NEW)
    assert modes[0] == 0o600
