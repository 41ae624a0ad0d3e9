"""What takes more than two seconds says so on a terminal: which command is at work, and for how long.

The line is written by a timer signal and taken away by the first output of the command. No thread is started,
since commands fork. Where standard error is no terminal, a line is written every minute, so that a job that
takes long is not taken for one that hangs.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

AFTER: Final = 2.0
"""Seconds of silence before the line is shown."""
_EVERY: Final = 1.0
PIPED: Final = 60.0
"""Seconds between two lines where they cannot overwrite each other."""
_OWN: Final = frozenset({"proxy", "serve"})
"""Commands that wait for others, and are not at work."""


@contextmanager
def at_work(command: str, after: float = AFTER, piped: float = PIPED) -> Iterator[None]:
    """Show that a command is at work, from `after` seconds on until it prints something.

    In a pipe that is from `piped` seconds on.
    """
    if not _can_show() or command in _OWN:
        yield
        return
    terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    line = _Line(command, after, _EVERY, "\r", "\x1b[K") if terminal else _Line(command, piped, piped)
    streams = (sys.stdout, sys.stderr)
    before = signal.signal(signal.SIGALRM, line.show)
    sys.stdout, sys.stderr = _Watched(streams[0], line), _Watched(streams[1], line, beside=True)
    try:
        signal.setitimer(signal.ITIMER_REAL, line.after, line.every)
        yield
    finally:
        line.end()
        signal.signal(signal.SIGALRM, before)
        sys.stdout, sys.stderr = streams


def _can_show() -> bool:
    """Whether there is a timer, and nobody else's use of it."""
    on_main = threading.current_thread() is threading.main_thread()
    return on_main and hasattr(signal, "setitimer") and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


class _Line:
    """The line on the terminal: it is there or it is not. In a pipe, where no mark erases, it stays."""

    def __init__(self, command: str, after: float, every: float, begin: str = "", erase: str = "") -> None:
        self.text, self.start, self.there = f"contracts {command}", time.monotonic(), False
        self.after, self.every, self.begin, self.erase = after, every, begin, erase

    def show(self, _signal: int, _frame: FrameType | None) -> None:
        """Write how long it is at work; past Python's buffers, which a signal may find half written."""
        self.there = True
        spent = f"{self.text}: {time.monotonic() - self.start:.0f} s"
        self._write(f"{self.begin}{spent}{self.erase}" if self.erase else f"{spent}\n")

    def clear(self) -> None:
        """Take the line away, and wait for the next silence."""
        signal.setitimer(signal.ITIMER_REAL, self.after, self.every if self.after else 0)
        if self.there:
            self.there = False
            self._write(self.begin + self.erase)

    def end(self) -> None:
        """Take the line away for good: the result is printed, or the command shows its progress itself."""
        self.after = 0  # which stops the timer
        self.clear()

    def _write(self, text: str) -> None:
        os.write(2, text.encode("ascii", "replace"))


class _Watched:
    """A stream that takes the line away before anything is written to it."""

    def __init__(self, stream: Any, line: _Line, *, beside: bool = False) -> None:
        self._stream, self._line, self._beside = stream, line, beside

    def write(self, text: str) -> int:
        """Write; what stands beside the result, such as a note, only interrupts the line."""
        if self._beside and not text.startswith("\r"):
            self._line.clear()
        else:
            self._line.end()
        return int(self._stream.write(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
