"""Parts of an archive as tests need them: written to a folder, and such as end the worker that reads them."""

from __future__ import annotations

import gzip
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from contracts.archive import Bundle
from contracts.archive.engines import Job
from contracts.interactions import Remote
from tests.archive.logs import ROOT, body, line

BROKEN = body() | {"status": 7}


def job(**more: object) -> Job:
    return Job(Bundle.of(ROOT, ["matil"]), **more)


def written(folder: Path, parts: int = 3, each: int = 4) -> Path:
    """Write parts of one day each, a conforming line but for the last of each."""
    folder.mkdir(parents=True)
    for day in range(1, parts + 1):
        stamp = f"2026-10-{day:02}T10:00:00Z"
        lines = [line(body(), recorded_at=stamp)] * (each - 1) + [line(BROKEN, recorded_at=stamp)]
        (folder / f"{day:02}.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines) + b"\n"))
    return folder


@dataclass(frozen=True, slots=True)
class Deadly(Remote):
    """An object that ends the process which opens it, as often as its number says."""

    times: int = 99
    count: str = ""

    def open(self) -> BinaryIO:
        marks = Path(self.count)
        if len(list(marks.iterdir())) < self.times:
            (marks / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Path(self.url).open("rb")
