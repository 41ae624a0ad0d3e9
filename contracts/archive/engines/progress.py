"""How far a run is, on standard error: parts, bytes a second, time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

STEP: Final = 0.5
QUIET: Final = 10.0
"""Seconds between two lines: on a terminal, where they overwrite each other, and elsewhere."""


class Progress:
    """Says how many of the parts and bytes are done, not more often than a reader wants."""

    def __init__(
        self, parts: int, size: int, *, terminal: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._parts, self._size, self._terminal, self._clock = parts, size, terminal, clock
        self._done = self._bytes = 0
        self._began = self._last = clock()

    def step(self, size: int) -> None:
        """Count a part as done."""
        self._done += 1
        self._bytes += size
        now = self._clock()
        if now - self._last >= (STEP if self._terminal else QUIET):
            self._last = now
            self._print("\r" if self._terminal else "", "" if self._terminal else "\n")

    def end(self) -> None:
        """Take the line off a terminal."""
        if self._terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _print(self, before: str, after: str) -> None:
        sys.stderr.write(f"{before}{self.line()}{after}")
        sys.stderr.flush()

    def line(self) -> str:
        """Give the line: `12 of 745 parts, 61.2 MB/s, 2 h 05 min left`."""
        spent = max(self._clock() - self._began, 1e-9)
        speed = self._bytes / spent
        left = (self._size - self._bytes) / speed if speed else 0.0
        return f"{self._done:,} of {self._parts:,} parts, {speed / 1e6:.1f} MB/s, {_span(left)} left"


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
