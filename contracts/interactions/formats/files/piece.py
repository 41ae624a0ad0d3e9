"""A piece of a big file of lines, by bytes: so many bytes, moved to where lines begin."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from contracts.interactions.formats.files.remote import Remote

_CHUNK: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """The lines of a file that begin at a byte from `start` on and before `end`."""

    place: Path | Remote
    start: int
    end: int

    def open(self) -> BinaryIO:
        """Open it as a file of its own."""
        raw = self.place.open("rb") if isinstance(self.place, Path) else self.place.open()
        first, last = _line_from(raw, self.start), _line_from(raw, self.end)
        return io.BufferedReader(_Bounded(raw, first, last), _CHUNK)

    @property
    def first(self) -> int:
        """The byte of the file at which its first line begins."""
        with self.place.open("rb") if isinstance(self.place, Path) else self.place.open() as raw:
            return _line_from(raw, self.start)


def _line_from(raw: BinaryIO, at: int) -> int:
    """Give where the first line begins at a byte or after it; the file's length when none does."""
    if not at:
        return 0
    at = raw.seek(at - 1)
    while data := raw.read(_CHUNK):
        found = data.find(b"\n")
        if found >= 0:
            return at + found + 1
        at += len(data)
    return at


class _Bounded(io.RawIOBase):
    """The bytes of a stream between two places."""

    def __init__(self, raw: BinaryIO, first: int, last: int) -> None:
        self._raw, self._first, self._last = raw, first, last
        self._at = self._raw.seek(first)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: self._first, io.SEEK_CUR: self._at, io.SEEK_END: self._last}[whence]
        self._at = self._raw.seek(base + offset)
        return self._at - self._first

    def readinto(self, buffer: Any) -> int:
        data = self._raw.read(max(min(len(buffer), self._last - self._at), 0))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._raw.close()
        super().close()
