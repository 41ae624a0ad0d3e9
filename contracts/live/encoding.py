"""Content encodings of answers, unpacked within bounds: gzip, which is asked for, and none.

Anything else (deflate, br, zstd, several in a row) was not asked for and is refused before a byte is
unpacked: the usual decoders unpack a whole chunk at once, and a chunk of 64 KiB can hold gigabytes.
"""

from __future__ import annotations

import zlib
from typing import Protocol

from contracts.live.failure import Failure
from contracts.text import safe_text


class Decoder(Protocol):
    """Unpacks a body piece by piece."""

    def take(self, chunk: bytes, most: int) -> bytes:
        """Give at most `most` bytes of what a chunk unpacks to."""
        ...

    def close(self) -> None:
        """Say that the body is over; Failure when it is not whole."""
        ...


class _Plain:
    def take(self, chunk: bytes, most: int) -> bytes:
        return chunk[:most]

    def close(self) -> None:
        pass


class _Gzip:
    """Members of gzip one after the other, RFC 1952; an empty body is whole."""

    def __init__(self) -> None:
        self.member = zlib.decompressobj(wbits=31)
        self.begun = False

    def take(self, chunk: bytes, most: int) -> bytes:
        found = bytearray()
        try:
            while chunk and len(found) < most:
                self.member = zlib.decompressobj(wbits=31) if self.member.eof else self.member
                self.begun = True
                found += self.member.decompress(chunk, most - len(found))
                chunk = self.member.unused_data if self.member.eof else self.member.unconsumed_tail
        except zlib.error:
            raise Failure("encoding", "the body's content encoding is broken") from None
        return bytes(found)

    def close(self) -> None:
        if self.begun and not self.member.eof:
            raise Failure("encoding", "the body's content encoding is broken")


def decoder_of(encoding: str) -> Decoder:
    """Give the decoder of a Content-Encoding; Failure for one that was not asked for."""
    word = encoding.strip().lower()
    if word in {"", "identity"}:
        return _Plain()
    if word in {"gzip", "x-gzip"}:
        return _Gzip()
    raise Failure("encoding", f"the body is encoded as {safe_text(word, 40)}, which was not asked for")
