"""The unit of work that every engine calls: a part in, the bytes of its Partial out."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from contracts.archive.bundle import Bundle
from contracts.archive.judge import Judge
from contracts.archive.partial import Partial
from contracts.archive.rows import Row
from contracts.archive.sources import Part, rows_of
from contracts.check import crash_sentence


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs beside the parts: the bundle, where facts stand in a log, whether to salvage."""

    bundle: Bundle
    fields: Mapping[str, str] = field(default_factory=dict)
    salvage: bool = False

    @property
    def digest(self) -> str:
        """Tell jobs apart that could count a part differently."""
        text = json.dumps([self.bundle.digest, sorted(self.fields.items()), self.salvage])
        return hashlib.sha256(text.encode()).hexdigest()[:32]


class Outcome(NamedTuple):
    """What became of a part: the bytes of its Partial, CPU seconds, or why it could not be judged."""

    part: Part
    data: bytes = b""
    cpu: float = 0.0
    reason: str = ""


def judge_part(job: Job, part: Part) -> Outcome:
    """Judge a part; for engines that call a function: a process makes one judge for a job and keeps it."""
    return _work(job).part(part)


def judge_rows(job: Job, part: Part, rows: Iterable[Row]) -> Outcome:
    """Judge rows that an engine read itself."""
    return _work(job).rows(part, rows)


_kept: dict[str, Work] = {}


def _work(job: Job) -> Work:
    if job.digest not in _kept:
        _kept.clear()
        _kept[job.digest] = Work(job)
    return _kept[job.digest]


class Work:
    """The judge of a process, and what it does with a part; whatever happens is said and never raised."""

    def __init__(self, job: Job) -> None:
        self._job, self._judge = job, Judge(job.bundle)

    def part(self, part: Part) -> Outcome:
        """Judge a part that this process reads itself."""
        return self.rows(part, rows_of(part, self._job.fields, salvage=self._job.salvage))

    def rows(self, part: Part, rows: Iterable[Row]) -> Outcome:
        """Judge the rows of a part, or of a piece of it."""
        started = time.process_time()
        try:
            found = self._judge.part(rows, part.name, self._job.fields)
        except Exception as error:  # noqa: BLE001 -- a fault of ours must cost one part and not the run
            found = Partial.broken(part.name, crash_sentence(error))
        reason = found.failed.get(part.name, "")
        return Outcome(part, b"" if reason else found.dump(), time.process_time() - started, reason)
