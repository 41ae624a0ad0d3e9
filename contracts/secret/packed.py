"""Text that is packed as hexadecimal, base64 or base32, and known secrets in it."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import string
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from contracts.secret.known import Known

MAX_NESTED: Final = 4
_SHORTEST: Final = 16
_SHORT: Final = 256
PACKED = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,6}(?![A-Za-z0-9+/_-])")
_SQUEEZED: Final = (b"\x1f\x8b\x08", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_MOST: Final = 1 << 20
_NO_BASE32 = re.compile(r"[^A-Za-z2-7]")
_BASE32: Final = str.maketrans(
    string.ascii_uppercase + string.ascii_lowercase + "234567",
    (string.digits + "ABCDEFGHIJKLMNOP") * 2 + "QRSTUV",
)


def holds(text: str, known: Known, depth: int = MAX_NESTED) -> bool:
    """Whether a piece of a known secret is in a text, also in what is packed in it."""
    if known.within(text):
        return True
    words = PACKED.findall(text) if depth and known.filled else ()
    plain = (unpacked(part) for word in words for part in (word, *separate(word)))
    return any(one is not None and holds(one, known, depth - 1) for one in plain)


def separate(word: str) -> list[str]:
    """Give the segments of what may be a path and not one packed word."""
    return word.split("/") if "/" in word else []


def unpacked(word: str) -> str | None:
    """Decode hexadecimal, base64 (either alphabet, padding optional) or base32 that holds readable text.

    The text may be UTF-8 or UTF-16, and packed with gzip or zlib before.
    """
    return _repeated(word) if len(word) <= _SHORT else _unpacked(word)


def _unpacked(word: str) -> str | None:
    bare = word.rstrip("=")
    if len(bare) < _SHORTEST:
        return None
    texts = (_decoded(decode, bare) for decode in (bytes.fromhex, _base64, _base32))
    return next((text for text in texts if text is not None and _readable(text)), None)


_repeated = lru_cache(256)(_unpacked)
"""Short words are repeated, and few of them hold anything."""


def _decoded(decode: Callable[[str], bytes], word: str) -> str | None:
    try:
        data = decode(word)
    except (binascii.Error, ValueError):
        return None
    if data.startswith(_SQUEEZED):
        data = _inflated(data)
    wide = len(data) % 2 == 0 and data.count(0) * 3 >= len(data)
    try:
        return data.decode("utf-16" if data[:2] == codecs.BOM_UTF16_BE else "utf-16-le" if wide else "utf-8")
    except ValueError:
        return None


def _inflated(data: bytes) -> bytes:
    """Unpack gzip or zlib, `_MOST` bytes at most; the same bytes where they are neither."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(data, _MOST)
    except zlib.error:
        return data


def _base64(word: str) -> bytes:
    plain = word.replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def _base32(word: str) -> bytes:
    """Decode base32 in either case: 5 bits a digit, whole bytes; a number is read faster than by groups."""
    if _NO_BASE32.search(word):
        raise ValueError(word[:1])
    bits = 5 * len(word)
    return (int(word.translate(_BASE32), 32) >> bits % 8).to_bytes(bits // 8, "big")


def _readable(text: str) -> bool:
    if text.isascii() and text.isprintable():
        return True
    return sum(map(str.isprintable, text)) + sum(map(text.count, "\r\n\t")) >= len(text) * 0.95
