"""The one background worker: takes what waits in bounded queues to the process that judges, and reports.

A thread carries batches over pipes, which costs the program microseconds; the judgement itself happens in
another process, so that neither a slow check nor the interpreter's lock reaches a caller.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from contracts.policy import WatchSettings
from contracts.traffic import child
from contracts.traffic.passed import Passed

MAX_WAITING: Final = 16 * 1024 * 1024
"""Bytes of bodies that may wait."""
LARGE: Final = 64 * 1024
BATCH: Final = 64
GATHER: Final = 0.05
"""Seconds in which a batch gathers, so that a busy client is not woken for each answer."""
PATIENCE: Final = 60.0
"""Seconds that a batch may take; then the process is ended and a new one begun."""
REST: Final = 30.0
"""Seconds after a process that could not be started before the next is tried."""

Deliver = Callable[[list[tuple[Passed, Any]], list[Any], str], None]
"""Takes a batch, what was said of each, and why nothing was said, or ""."""


class Courier:
    """A bounded queue with one thread and one process behind it, both begun at the first answer."""

    def __init__(
        self, root: Path, vendors: tuple[str, ...], settings: WatchSettings, deliver: Deliver
    ) -> None:
        self.start, self.most, self.deliver = (root, vendors, settings), settings.queue, deliver
        self.patience = PATIENCE
        self._forget()

    def _forget(self) -> None:
        """Begin anew, as after a fork, where thread and process belong to the parent."""
        self.pid, self._lock, self._wake = os.getpid(), threading.Lock(), threading.Event()
        self._queue: deque[tuple[Passed | Callable[[], Passed], Any, int]] = deque()
        self._bytes = self._busy = 0
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closing, self._resting = False, 0.0

    def put(self, passed: Passed | Callable[[], Passed], context: Any, size: int) -> bool:
        """Take an answer, or what makes one; False when the queue is full. Waits for a short lock only."""
        if os.getpid() != self.pid:
            self._forget()
        with self._lock:
            full = len(self._queue) >= self.most or (self._bytes and self._bytes + size > MAX_WAITING)
            if full or self._closing:
                return False
            self._queue.append((passed, context, size))
            self._bytes += size
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="contracts.watch", daemon=True)
                self._thread.start()
        if not self._wake.is_set():
            self._wake.set()
        return True

    def idle(self) -> bool:
        """Whether nothing waits and nothing is being judged."""
        return os.getpid() != self.pid or not (self._queue or self._busy)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            if not self._closing:
                threading.Event().wait(GATHER)
            self._wake.clear()
            while batch := self._batch():
                answers, reason = self._asked([_apart(one) for one, _ in batch])
                with contextlib.suppress(Exception):
                    self.deliver(batch, answers, reason)
                self._busy = 0
            if self._closing:
                break
        self._end()

    def _batch(self) -> list[tuple[Passed, Any]]:
        """Take at most 64 answers, or 1 MB of them, out of the queue."""
        found: list[tuple[Passed | Callable[[], Passed], Any]] = []
        size = 0
        with self._lock:
            while self._queue and len(found) < BATCH and size < 1_000_000:
                passed, context, own = self._queue.popleft()
                found.append((passed, context))
                size += own
            self._bytes -= size
            self._busy = len(found)
        return [(_made(passed), context) for passed, context in found]

    def _asked(self, batch: list[Passed]) -> tuple[list[Any], str]:
        """Have a batch judged; an answer on which the process dies or stays takes no other one with it."""
        try:
            process = self._running()
        except (OSError, EOFError) as problem:
            return [], f"no process for the checks could be started ({type(problem).__name__})"
        try:
            with _limited(process, self.patience):
                return self._told(process, batch), ""
        except (OSError, EOFError):
            self._end()
        if len(batch) > 1:
            return [answer for one in batch for answer in self._asked([one])[0] or [None]], ""
        return [], "the check ended or did not end in time"

    def _told(self, process: subprocess.Popen[bytes], message: Any) -> Any:
        assert process.stdin is not None
        assert process.stdout is not None
        child.send(process.stdin, message)  # type: ignore[arg-type]
        return child.receive(process.stdout)  # type: ignore[arg-type]

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            if time.monotonic() < self._resting:
                raise EOFError
            self._resting = time.monotonic() + REST
            made = subprocess.Popen(  # noqa: S603 -- our own interpreter and package
                child.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                bufsize=0,
            )  # fmt: skip
            self._process = made
            try:
                with _limited(made, PATIENCE):
                    self._told(made, self.start)
            except (OSError, EOFError):
                self._end()
                raise
            self._resting = 0.0
        return self._process

    def _end(self) -> None:
        """Let the process write its files and go; end it when it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        with _limited(process, 5.0):
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    stream.close()  # type: ignore[union-attr]
            process.wait()

    def close(self, seconds: float) -> None:
        """Finish what waits, for at most so long, and end; nothing is taken in any more."""
        thread = self._thread
        if thread is None or os.getpid() != self.pid:
            return
        self._closing = True
        self._wake.set()
        thread.join(seconds)


def _made(passed: Passed | Callable[[], Passed]) -> Passed:
    """Give an answer as plain values; one that cannot be put into them is told as not judged."""
    if isinstance(passed, Passed):
        return passed
    try:
        return passed()
    except Exception as problem:  # noqa: BLE001 -- of the client's library, of which another version may be there
        why = f"it could not be read ({type(problem).__name__})"
        return Passed("", "", "", (), 0, (), b"", 0.0, missing=why)


def _apart(passed: Passed) -> Passed:
    """Have a large body sent from where it lies: copying it would hold the interpreter's lock."""
    if passed.size <= LARGE:
        return passed
    pieces: Any = tuple(pickle.PickleBuffer(one) for one in passed.pieces or (passed.body,))
    return passed._replace(body=b"", pieces=pieces)


@contextlib.contextmanager
def _limited(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    """End a process that takes longer; reading from it then fails."""
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
