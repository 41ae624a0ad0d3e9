"""A run over parts into a folder: what is done stays done, whatever ends the run."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from typing import Final

from contracts.archive.engines.folder import ArchiveFolder
from contracts.archive.engines.pool import run_here, run_pool
from contracts.archive.engines.progress import Progress
from contracts.archive.engines.work import Job
from contracts.archive.sources import Part

SMALL: Final = 16_000_000
"""Bytes below which starting processes takes longer than judging in this one."""
_EVERY: Final = 5.0
"""Seconds between two writings of the manifest, which only informs while a run lasts."""


def judge_parts(
    parts: Sequence[Part], job: Job, folder: ArchiveFolder, workers: int | None, *, terminal: bool = False
) -> None:
    """Judge what the folder does not have yet, with `workers` processes; 0 is this one, None is as fits.

    Whatever ends the run early, the parts that were judged are kept, and the next run goes on from there.
    """
    todo = folder.plan(parts)
    size = sum(part.size for part in todo)
    many = workers if workers is not None else _fitting(todo, size)
    progress = Progress(len(todo), size, terminal=terminal)
    outcomes = run_pool(todo, job, many) if many else run_here(todo, job)
    written = time.monotonic()
    try:
        folder.write()
        with contextlib.closing(outcomes):
            for outcome in outcomes:
                folder.keep(outcome)
                progress.step(outcome.part.size)
                if time.monotonic() - written > _EVERY:
                    folder.write()
                    written = time.monotonic()
    finally:
        progress.end()
        with contextlib.suppress(OSError):
            folder.write()


def _fitting(parts: Sequence[Part], size: int) -> int:
    return min(os.cpu_count() or 1, len(parts)) if size > SMALL else 0
