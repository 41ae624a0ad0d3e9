"""Text that is packed as hexadecimal, base64 or base32, and known secrets in it."""

from __future__ import annotations

import base64
import binascii
import re
import string
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from contracts.secret.known import Known

MAX_NESTED: Final = 4
_SHORTEST: Final = 16
_SHORT: Final = 256
PACKED = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,6}(?![A-Za-z0-9+/_-])")
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
    """Decode hexadecimal, base64 (either alphabet, padding optional) or base32 that holds readable text."""
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
        return decode(word).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


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
