"""Thousands of faults under every door that writes: each system call fails once, or is the last before a kill.

`CONTRACTS_FAULTS=1 pytest -m benchmark tests/benchmarks/file_faults.py` tries each; by default every seventh is tried.
`CONTRACTS_PIECE` names doors. After each fault every file is the old one or the new one, whole; after a fault that
was no kill nothing temporary is left. A write may be short, and the clock may step under a door: neither is a fault.
Prints a line a door: how many faults of each call.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import json
import os
import re
import resource
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "interactions"))

from hostile import plain, serving

from contracts.cli import group
from tests import acme

CLOCK = "time.time"
CALLS = ("open", "write", "fsync", "close", "replace", "rename", "mkdir", "unlink", "rmdir", "io.open")
CODES = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINTR, errno.EFBIG)
KILL, SHORT = -1, -2
STEPS = (-10 * 365 * 86400, -3600, 10 * 365 * 86400)
"""Seconds by which the clock steps at one reading, and stays so."""
LIMIT = "RLIMIT_FSIZE"
SIZES = (0, 1, 40, 90, 300, 700, 1500, 3000, 6000)
"""Bytes after which no file may grow, as under `ulimit -f`; this is met in what Python does not see too."""
TEMPORARY = re.compile(r"(?:^|/)\.(?:acme|other|matil)\.")
STEP = int(os.environ.get("CONTRACTS_FAULTS", "7"))
PIECE = os.environ.get("CONTRACTS_PIECE", "").split()
HEAD = {"content-type": "application/json"}
ANSWERS = [
    {"url": acme.URL, "status": 200, "headers": HEAD, "body": body} for body in (acme.DONE, acme.BROKEN)
]
SETTINGS = """\
[tool.contracts]
providers = ["acme"]
[tool.contracts.watch]
sinks = ["observed", "jsonl"]
[tool.contracts.consumers."readers:strict"]
provider = "acme"
"""
READERS = 'def strict(payload):\n    return {"running": 1, "done": 2}[payload["state"]]\n'
WAIVER = """\
[[waiver]]
rule = "enum"
place = "acme/getBatch/200/state"
reason = "known"
owner = "me"
until = 2027-01-01
"""


def prepared(root: Path) -> None:
    """Make a project with something of everything that a door reads or writes over."""
    home = acme.write(root, broken=True)
    (home / "upstream").mkdir()
    (home / "upstream/openapi.yaml").write_text(acme.SPEC)
    (root / "newer").mkdir()
    (root / "newer/openapi.yaml").write_text(acme.SPEC.replace("running, done", "running, done, paused"))
    (root / "pyproject.toml").write_text(SETTINGS)
    (root / "readers.py").write_text(READERS)
    (root / "t.jsonl").write_text("\n".join(map(json.dumps, ANSWERS)))
    (root / "frames").write_bytes(b"".join(map(frame, ANSWERS)))
    for words in (DOORS["archive"], DOORS["check"], ("vendor", "--add", "guess", "--from", "t.jsonl")):
        in_child(root, words)
    (home / "waivers.toml").write_text(WAIVER)
    (root / "r.json").write_text("{}")


def frame(answer: dict[str, Any]) -> bytes:
    """Write an answer as the addon of the proxy hands it over."""
    body = json.dumps(answer["body"]).encode()
    head = {
        "method": "GET", "url": acme.URL, "sent": [], "status": 200, "headers": list(HEAD.items()), "at": 1.0,
        "missing": "", "dropped": 0, "size": len(body),
    }  # fmt: skip
    return len(json.dumps(head)).to_bytes(4, "big") + json.dumps(head).encode() + body


REPORTS = ("json=r.json", "html=r.html", "sarif=r.sarif", "junit=r.xml", "markdown=r.md")
READ = ("readers:strict", "-p", "acme", "--explore", "3")
DOORS: dict[str, tuple[str, ...]] = {
    "import": ("import", "t.jsonl", "--provider", "acme"),
    "observe": ("observe", "t.jsonl", "--provider", "acme", "--save"),
    "live": (
        "check",
        "acme",
        "--live",
        "--record",
        "--base-url",
        "acme=URL",
        "--param",
        "id=b1",
        "--operation",
        "getBatch",
    ),
    "accept": ("vendor", "--accept", "guess"),
    "summary": ("observe", "t.jsonl", "--output", "o/o.json"),
    "check": ("check", "acme", "--file", "t.jsonl"),
    "waive": ("waive", "--all-current", "--reason", "known", "--file", "t.jsonl"),
    "correct": ("correct", "FINGERPRINT", "--file", "t.jsonl"),
    "archive": ("archive", "scan", "t.jsonl", "--out", "oct", "--provider", "acme"),
    "again": ("archive", "scan", "t.jsonl", "t.jsonl", "--out", "new", "--provider", "acme"),
    "keep": ("archive", "keep", "oct"),
    "proxy": ("proxy", "--judge", "acme"),
    "record": ("record", "acme", "--base-url", "URL", "--param", "id=b1", "--operation", "getBatch"),
    "gate": ("gate", "acme", "--no-comment", *(word for one in REPORTS for word in ("--report", one))),
    "stress": ("stress", *READ),
    "approve": ("stress", *READ, "--approve"),
    "add": ("vendor", "--add", "other", "newer/openapi.yaml"),
    "more": ("vendor", "--add", "acme", "newer/openapi.yaml"),
    "inferred": ("vendor", "--add", "other", "--from", "t.jsonl"),
    "update": ("vendor", "--update", "acme", "newer/openapi.yaml"),
    "remove": ("vendor", "--remove", "acme", "--yes"),
    "rename": ("vendor", "--rename", "acme", "other"),
    "init": ("init", "matil"),
}


def state(root: Path) -> dict[str, bytes]:
    """Give every file of a folder; locks hold nothing, and what other libraries remember is theirs."""
    found = (path for path in root.rglob("*") if path.is_file() and not OTHERS & set(path.parts))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.suffix != ".lock"}


OTHERS = {"__pycache__", ".hypothesis"}


def enter(root: Path, words: tuple[str, ...]) -> str:
    """Run a command in a project, in this process."""
    os.chdir(root)
    os.environ |= {"XDG_CACHE_HOME": str(root / "cache"), "ACME_API_KEY": "k9-aBcD3fGh1JkLmN0p"}
    sys.path.insert(0, str(root))
    given = (root / "frames").read_bytes() if words[0] == "proxy" else None
    done = CliRunner().invoke(group, list(words), input=given)
    return done.stdout


def in_child(root: Path, words: tuple[str, ...], call: str = "", at: int = 0, code: int = 0) -> int:
    """Run a command in a child, where one call fails or is the last; give how many such calls there were."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        tell, end = os.write, os._exit
        counted = [0]
        with contextlib.suppress(BaseException):
            failing(call, at, code, counted)
            enter(root, words)
        tell(writer, str(counted[0]).encode())
        end(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        said = told.read()
    os.waitpid(child, 0)
    return int(said or 0)


def failing(call: str, at: int, code: int, counted: list[int]) -> None:
    """Let the n-th use of a function of the system fail; a close takes place and fails all the same."""
    if call == LIMIT:
        resource.setrlimit(resource.RLIMIT_FSIZE, (at, resource.RLIM_INFINITY))
    if call in {"", LIMIT}:
        return
    home, name = {"io.open": (io, "open"), CLOCK: (time, "time")}.get(call, (os, call))
    real, end = getattr(home, name), os._exit
    if call == CLOCK:
        time.time = lambda: real() + stepped(counted, at, code)
        return

    def faulty(*args: Any, **more: Any) -> object:
        reading = home is io and not set("wax+") & set(
            str(args[1] if len(args) > 1 else more.get("mode", "r"))
        )
        counted[0] += not reading
        if counted[0] != at or reading:
            return real(*args, **more)
        if code == SHORT:
            return real(args[0], args[1][: max(1, len(args[1]) // 2)])
        if call == "close" or code == KILL:
            with contextlib.suppress(OSError):
                real(*args, **more)
        if code == KILL:
            end(9)
        raise OSError(code, os.strerror(code))

    setattr(home, name, faulty)


def stepped(counted: list[int], at: int, seconds: int) -> int:
    """Count a reading of the clock; give by how much it is off."""
    counted[0] += 1
    return seconds if counted[0] >= at > 0 else 0


def trials(template: Path, words: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    """Yield every fault that a door can meet: the call, its number, the error."""
    for call in CALLS:
        times = in_child(copied(template), words, call, 0)
        codes = (*CODES, KILL, SHORT) if call == "write" else (*CODES, KILL)
        yield from ((call, at, code) for at in range(1, times + 1) for code in codes)
    yield from ((LIMIT, size, 0) for size in SIZES)
    times = min(in_child(copied(template), words, CLOCK, 0), 12)
    yield from ((CLOCK, at, step) for at in range(1, times + 1) for step in STEPS)


def copied(template: Path) -> Path:
    """Give a fresh copy of a project, always at one place, since some files are named by it."""
    root = template.parent.parent / "w"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(template, root)
    return root


@pytest.mark.benchmark
@pytest.mark.timeout(0)
@pytest.mark.parametrize("door", [name for name in DOORS if not PIECE or name in PIECE])
def test_every_file_is_whole_after_any_fault(
    tmp_path: Path, door: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "template" / "w"
    template.mkdir(parents=True)
    prepared(template)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path[:])
    for name in ("XDG_CACHE_HOME", "ACME_API_KEY"):
        monkeypatch.setenv(name, "")
    with serving(plain(body=json.dumps(acme.DONE).encode())) as server:
        words = tuple(word.replace("URL", server.url) for word in DOORS[door])
        words = tuple(fingerprint(copied(template)) if word == "FINGERPRINT" else word for word in words)
        enter(copied(template), words)  # imports what the children need
        tried, lost = tried_at(template, words)
    with capsys.disabled():
        calls = ", ".join(f"{call} {count}" for call, count in tried.items())
        print(f"{door}: {sum(tried.values())} faults ({calls}), {len(lost)} lost or half", *lost[:6])
    assert lost == []


def fingerprint(root: Path) -> str:
    """Give the finding that can be corrected."""
    said = enter(root, ("check", "acme", "--file", "t.jsonl", "--format", "json"))
    found = [one for answer in json.loads(said)["assessments"] for one in answer["findings"]]
    return next(one["fingerprint"] for one in found if one["pointer"] == "/tasks/*/state")


def tried_at(template: Path, words: tuple[str, ...]) -> tuple[Counter[str], list[tuple[object, ...]]]:
    """Try every fault; give how many there were, and what was lost or half."""
    before = state(template)
    after = []
    for _ in range(2):
        root = copied(template)
        in_child(root, words)
        after.append(state(root))
        time.sleep(1.1)  # what holds the time is told apart by it
    assert after[0] != before
    tried, lost = Counter[str](), list[tuple[object, ...]]()
    for call, at, code in list(trials(template, words))[::STEP]:
        root = copied(template)
        in_child(root, words, call, at, code)
        tried[call] += 1
        for name, data in state(root).items():
            known = {one[name] for one in (before, *after) if name in one}
            temporary = name.endswith(".tmp") or TEMPORARY.search(name) is not None
            varied = (
                name.endswith(".jsonl")
                or name.startswith(("oct/", "new/"))
                or after[0].get(name) != after[1].get(name)
            )
            same = data in known or (varied and readable(name, data))
            if not (code == KILL if temporary else same):
                lost.append((call, at, code, name, len(data)))
        lost += [(call, at, code, name, 0) for name in before if name not in state(root) and kept(name, root)]
    return tried, lost


def kept(name: str, root: Path) -> bool:
    """Whether a file had to stay where it was: not in a vendor's folder that has moved or gone as a whole."""
    return not name.startswith("specs/acme/") or (root / "specs/acme").exists()


def readable(name: str, data: bytes) -> bool:
    """Whether a file that no two runs write alike is whole: it ends as it should, and is read."""
    if name.endswith(".parquet"):
        return data.endswith(b"PAR1")
    if name.endswith(".gz"):
        data, name = gzip.decompress(data), name.removesuffix(".gz")
    if name.endswith((".json", ".jsonl")):
        with contextlib.suppress(ValueError):
            return all(map(json.loads, data.splitlines() if name.endswith(".jsonl") else [data]))
        return False
    return data.endswith(b"\n")
