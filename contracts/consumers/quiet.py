"""Keeping apart what a consumer prints from what we say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout


class Printed(io.TextIOBase):
    """Takes what is printed, and counts the lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0

    def write(self, text: str) -> int:
        """Count the lines of a text and let it go."""
        self.lines += text.count("\n")
        return len(text)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True


@contextmanager
def quietly() -> Iterator[Printed]:
    """Take what is printed to standard output and error for a while."""
    printed = Printed()
    with redirect_stdout(printed), redirect_stderr(printed):
        yield printed
