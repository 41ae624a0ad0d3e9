"""Thousands of faults under every door that writes: each system call fails once, or is the last before a kill.

`CONTRACTS_FAULTS=all pytest -m benchmark tests/benchmarks/file_faults.py`; by default every seventh is tried. After
each every file is the old one or the new one, whole; after a fault that was no kill nothing temporary is left.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[2]))

from contracts.cli import group
from tests import acme

CALLS = ("open", "write", "fsync", "close", "replace", "rename", "mkdir", "unlink")
CODES = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINTR, errno.EFBIG)
KILL = -1
TEMPORARY = re.compile(r"(?:^|/)\.(?:acme|other|matil)\.")
STEP = 1 if os.environ.get("CONTRACTS_FAULTS") == "all" else 7
ANSWER = {"url": acme.URL, "status": 200, "headers": {"content-type": "application/json"}, "body": acme.DONE}
SETTINGS = (
    '[tool.contracts]\nproviders = ["acme"]\n[tool.contracts.consumers."readers:strict"]\nprovider = "acme"\n'
)
READERS = 'def strict(payload):\n    return {"running": 1}[payload["state"]]\n'


def prepared(root: Path) -> None:
    home = acme.write(root, broken=True)
    (home / "upstream").mkdir()
    (home / "upstream/openapi.yaml").write_text(acme.SPEC)
    (root / "newer").mkdir()
    (root / "newer/openapi.yaml").write_text(acme.SPEC.replace("running, done", "running, done, paused"))
    (root / "pyproject.toml").write_text(SETTINGS)
    (root / "readers.py").write_text(READERS)
    (root / "t.jsonl").write_text(json.dumps(ANSWER))
    (root / "specs/acme/waivers.toml").write_text(
        '[[waiver]]\nrule = "enum"\nreason = "known"\nowner = "me"\nuntil = 2099-01-01\n'
    )
    (root / "r.json").write_text("{}")


DOORS: dict[str, tuple[str, ...]] = {
    "import": ("import", "t.jsonl", "--provider", "acme"),
    "observe": ("observe", "t.jsonl", "--provider", "acme", "--save"),
    "gate": ("gate", "acme", "--no-comment", "--report", "json=r.json", "--report", "html=r.html", "--report", "sarif=r.sarif"),
    "stress": ("stress", "-p", "acme", "readers:strict", "--explore", "5"),
    "approve": ("stress", "-p", "acme", "readers:strict", "--explore", "5", "--approve"),
    "add": ("vendor", "--add", "other", "newer/openapi.yaml"),
    "update": ("vendor", "--update", "acme", "newer/openapi.yaml"),
    "remove": ("vendor", "--remove", "acme"),
    "rename": ("vendor", "--rename", "acme", "other"),
    "init": ("init", "matil"),
}  # fmt: skip


def state(root: Path) -> dict[str, bytes]:
    """Give every file of a folder; locks hold nothing."""
    found = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.suffix != ".lock"}


def in_child(root: Path, words: tuple[str, ...], call: str = "", at: int = 0, code: int = 0) -> int:
    """Run a command in a child, where one call fails or is the last; give how many such calls there were."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        tell, end = os.write, os._exit
        counted = [0]
        with contextlib.suppress(BaseException):
            os.chdir(root)
            sys.path.insert(0, str(root))
            failing(call, at, code, counted)
            CliRunner().invoke(group, list(words))
        tell(writer, str(counted[0]).encode())
        end(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        said = told.read()
    os.waitpid(child, 0)
    return int(said or 0)


def failing(call: str, at: int, code: int, counted: list[int]) -> None:
    """Let the n-th use of a function of the system fail; a close takes place and fails all the same."""
    if not call:
        return
    real, end = getattr(os, call), os._exit

    def faulty(*args: object, **more: object) -> object:
        counted[0] += 1
        if counted[0] != at:
            return real(*args, **more)
        if call == "close" or code == KILL:
            with contextlib.suppress(OSError):
                real(*args, **more)
        if code == KILL:
            end(9)
        raise OSError(code, os.strerror(code))

    setattr(os, call, faulty)


def trials(made: Callable[[], Path], words: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    for call in CALLS:
        times = in_child(made(), words, call, 0)
        yield from ((call, at, code) for at in range(1, times + 1) for code in (*CODES, KILL))


@pytest.mark.benchmark
@pytest.mark.timeout(0)
@pytest.mark.parametrize("door", DOORS)
def test_every_file_is_whole_after_any_fault(tmp_path: Path, door: str) -> None:
    words, number = DOORS[door], 0

    def made() -> Path:
        nonlocal number
        number += 1
        root = tmp_path / str(number) / "w"
        root.mkdir(parents=True)
        prepared(root)
        return root

    before = state(made())
    whole = [made(), made()]
    for root in whole:
        in_child(root, words)
    after = [state(root) for root in whole]
    assert after[0] != before
    tried, lost = 0, []
    for call, at, code in list(trials(made, words))[::STEP]:
        root = made()
        in_child(root, words, call, at, code)
        tried += 1
        for name, data in state(root).items():
            known = {one[name] for one in (before, *after) if name in one}
            temporary = name.endswith(".tmp") or TEMPORARY.search(name) is not None
            same = data in known or (after[0].get(name) != after[1].get(name) and readable(name, data))
            if not (code == KILL if temporary else same):
                lost.append((call, at, code, name, len(data)))
        lost += [(call, at, code, name, 0) for name in before if name not in state(root) and kept(name, root)]
        shutil.rmtree(root.parent)
    print(f"{door}: {tried} faults, {len(lost)} lost or half")
    assert lost == []


def kept(name: str, root: Path) -> bool:
    """Whether a file had to stay where it was: not in a vendor's folder that has moved or gone as a whole."""
    return not name.startswith("specs/acme/") or (root / "specs/acme").exists()


def readable(name: str, data: bytes) -> bool:
    """Whether a file that no two runs write alike is whole: it ends as it should, and is read."""
    if name.endswith(".json"):
        with contextlib.suppress(ValueError):
            return bool(json.loads(data))
        return False
    return data.endswith(b"\n")
