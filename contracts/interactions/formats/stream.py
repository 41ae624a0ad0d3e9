"""Reading a big JSON file element by element: only the element at hand is in memory.

Works on bytes, so that a truncated or broken file costs no more than the element where it breaks.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from contracts.errors import CassetteError
from contracts.text import safe_text

MAX_ELEMENT: Final = 64 * 1024 * 1024
MAX_UNPACKED: Final = 4 * 1024 * 1024 * 1024
_CHUNK = 256 * 1024
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


_OPEN = b'"'  # a string whose end has not been read yet


class Element(NamedTuple):
    """The bytes of one element, its number from 1 and the line it starts on."""

    data: bytes
    number: int
    line: int


def open_bytes(source: Path | bytes, name: str) -> BinaryIO:
    """Open a file or bytes; a gzip file is unpacked while it is read."""
    try:
        raw: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    except OSError as error:
        raise CassetteError(f"{safe_text(name)}: cannot be read: {error.strerror}") from None
    magic = raw.read(4)
    raw.seek(0)
    if magic == b"\x28\xb5\x2f\xfd":
        raw.close()
        raise CassetteError(f"{safe_text(name)}: packed with zstd; unpack it first")
    return gzip.GzipFile(fileobj=raw) if magic[:2] == b"\x1f\x8b" else raw  # type: ignore[return-value]


class Reader:
    """A buffer over a stream that grows while one element is being read and shrinks after it."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.stream, self.name = stream, name
        self.buffer = b""
        self.at = 0
        self.line = 1
        self.seen = 0

    def more(self) -> bool:
        """Read on, at least as much as is held; False at the end of the stream."""
        try:
            chunk = self.stream.read(max(_CHUNK, len(self.buffer) - self.at))
        except (OSError, EOFError, zlib.error) as error:
            raise CassetteError(
                f"{safe_text(self.name)}: cannot be read on: {safe_text(str(error), 80)}"
            ) from None
        self.line += self.buffer.count(b"\n", 0, self.at)
        self.buffer, self.at = self.buffer[self.at :] + chunk, 0
        self.seen += len(chunk)
        if self.seen > MAX_UNPACKED:
            raise CassetteError(f"{safe_text(self.name)}: over the limit of {MAX_UNPACKED:,} bytes")
        if len(self.buffer) > MAX_ELEMENT * 2:
            raise CassetteError(
                f"{safe_text(self.name)}:{self.line}: one element is over {MAX_ELEMENT:,} bytes"
            )
        return bool(chunk)

    def token(self, start: int) -> re.Match[bytes] | None:
        """Find the token at or after `start`; None when the stream ends before it does."""
        while True:
            match = _TOKEN.search(self.buffer, start)
            if match and match[0] != _OPEN and (match.end() < len(self.buffer) or match[0] in b"[]{},:"):
                return match
            start -= self.at
            if not self.more():
                last = _TOKEN.search(self.buffer, start)
                return None if last is None or last[0] == _OPEN else last

    def take(self) -> bytes | None:
        """Consume one token; None at the end."""
        match = self.token(self.at)
        if match is None:
            return None
        self.at = match.end()
        return match[0]

    def skip_value(self, first: bytes) -> bool:
        """Consume the rest of a value whose first token is given; False when it is cut off."""
        depth = 1 if first in (b"{", b"[") else 0
        while depth:
            token = self.take()
            if token is None:
                return False
            depth += (token in (b"{", b"[")) - (token in (b"}", b"]"))
        return True


def members(reader: Reader, *path: str) -> bool:
    """Move to just inside the list at `path` (keys from the root); False when it is not there."""
    return all(_enter(reader, key.encode()) for key in path) and reader.take() == b"["


def _enter(reader: Reader, key: bytes) -> bool:
    if reader.take() not in (b"{", b"\xef\xbb\xbf{"):
        return False
    while (name := reader.take()) not in (None, b"}"):
        if name == b",":
            continue
        if reader.take() != b":":
            return False
        if name == b'"' + key + b'"':
            return True
        first = reader.take()
        if first is None or not reader.skip_value(first):
            return False
    return False


def elements(reader: Reader) -> Iterator[Element]:
    """Yield the elements of the list that the reader stands in; CassetteError where the file is cut off."""
    number = 0
    while (match := reader.token(reader.at)) is not None:
        if match[0] == b"]":
            return
        if match[0] == b",":
            reader.at = match.end()
            continue
        number += 1
        line = reader.line + reader.buffer.count(b"\n", 0, match.start())
        yield Element(_element(reader, number, line), number, line)
    raise CassetteError(f"{safe_text(reader.name)}:{reader.line}: the file is cut off after entry {number}")


def _element(reader: Reader, number: int, line: int) -> bytes:
    """Take one whole element; the buffer keeps it until its end is found."""
    depth, start = 0, reader.at
    cursor = start
    while True:
        match = reader.token(cursor)
        if match is None:
            raise CassetteError(f"{safe_text(reader.name)}:{line}: the file is cut off in entry {number}")
        start = reader.at
        cursor = match.end()
        depth += (match[0] in (b"{", b"[")) - (match[0] in (b"}", b"]"))
        if depth <= 0:
            reader.at = cursor
            return reader.buffer[start:cursor]
