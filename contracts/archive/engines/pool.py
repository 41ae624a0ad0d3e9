"""The embedded engine: processes of this machine, one part at a time each, over one pipe each.

A worker that is killed gets a successor, and its part is given again after the others; a part that was given
three times and came back never is said to be lost, and the rest goes on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final

from contracts.archive.engines.work import Job, Outcome, Work
from contracts.archive.sources import Part
from contracts.errors import ConfigError

TRIES: Final = 3


def run_here(parts: Sequence[Part], job: Job) -> Generator[Outcome, None, None]:
    """Judge parts in this process, one after the other."""
    work = Work(job)
    yield from map(work.part, parts)


def run_pool(parts: Sequence[Part], job: Job, workers: int) -> Generator[Outcome, None, None]:
    """Judge parts in processes, each outcome as it comes; they end when the iterator is closed."""
    pool = _Pool(job)
    todo = deque((part, 1) for part in parts)
    try:
        while todo or pool.busy:
            while todo and len(pool.busy) < workers:
                pool.give(*todo.popleft())
            for part, tries, outcome in pool.collect():
                if outcome is not None:
                    yield outcome
                elif tries < TRIES:
                    todo.append((part, tries + 1))
                else:
                    yield Outcome(part, reason=f"ended {TRIES} workers that read it")
    finally:
        pool.close()


class _Pool:
    """The workers that are idle, and those that are busy with a part."""

    def __init__(self, job: Job) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._job = job
        self.busy: dict[Connection, tuple[BaseProcess, Part, int]] = {}
        self.idle: list[tuple[Connection, BaseProcess]] = []
        self._starting: set[Connection] = set()

    def give(self, part: Part, tries: int) -> None:
        """Give a part to an idle worker, else to a new one, which takes it when it has started."""
        pipe, process = self.idle.pop() if self.idle else self._start()
        with contextlib.suppress(OSError):  # a worker that is gone is met by `collect`
            pipe.send(part)
        self.busy[pipe] = (process, part, tries)

    def _start(self) -> tuple[Connection, BaseProcess]:
        mine, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._job), daemon=True)
        process.start()
        theirs.close()
        self._starting.add(mine)
        return mine, process

    def collect(self) -> Iterator[tuple[Part, int, Outcome | None]]:
        """Wait for workers: yield part, tries and outcome, None where the worker was ended."""
        for pipe in wait(list(self.busy)):
            assert isinstance(pipe, Connection)
            process, part, tries = self.busy.pop(pipe)
            try:
                said = pipe.recv()
            except (EOFError, OSError):
                process.join()
                pipe.close()
                if pipe in self._starting:
                    raise ConfigError(
                        f"a worker could not start (exit code {process.exitcode}); try --workers 0"
                    ) from None
                yield part, tries, None
                continue
            if pipe in self._starting:
                self._starting.discard(pipe)
                self.busy[pipe] = (process, part, tries)
            else:
                self.idle.append((pipe, process))
                yield part, tries, Outcome(part, *said)

    def close(self) -> None:
        """End all workers, whatever they do."""
        workers = [*self.idle, *((pipe, process) for pipe, (process, _, _) in self.busy.items())]
        for pipe, process in workers:
            process.terminate()
            pipe.close()
        for _, process in workers:
            process.join()


def _serve(pipe: Connection, job: Job) -> None:
    """Be a worker: judge what comes until the pipe is closed. Ctrl-C is the matter of the parent alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work = Work(job)
    with contextlib.suppress(EOFError, OSError):
        pipe.send(True)
        while True:
            found = work.part(pipe.recv())
            pipe.send((found.data, found.cpu, found.reason))
