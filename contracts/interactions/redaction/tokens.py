"""What stands in for a secret: equal secrets get equal tokens, and a token looks like what it replaces.

Every value has several candidates, best first; the caller takes the first that keeps the payload as valid as
it was. Tokens are numbered by first sight in one interaction, so that recording it again gives the same file.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import Final

from contracts.model import Json
from contracts.secret import accusable

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")
_URL = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://\S+\Z")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")
_HEX = re.compile(r"[0-9a-f]{8,}\Z|[0-9A-F]{8,}\Z")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)\Z")
_TOKEN = re.compile(
    r"redacted-\d+|\[hidden\]|00000000-0000-4000-8000-0{4}\d{8}|(?<=[@.])example\.com|^https?(?=://redacted-)"
)
_FILLER = re.compile(r"[xX0\W_]+")
_PLACEHOLDER = re.compile(
    r"<[a-zA-Z _-]{1,40}>|\$?\{[a-zA-Z_ ]{1,40}\}|\$[A-Z_]{1,40}|string|(?i:your[-_ ][a-z_ -]{1,30})"
)
_ALIVE: Final = 3
_SHORT: Final = 40
_LEAST: Final = len("[hidden]")


class Tokens:
    """The ordinals of one interaction; secrets are compared as text and never written."""

    def __init__(self) -> None:
        self._ordinals: dict[str, int] = {}

    def ordinal(self, secret: str) -> int:
        """Give the number of a secret, from 1 by first sight."""
        return self._ordinals.setdefault(secret, len(self._ordinals) + 1)

    def word(self, secret: str) -> str:
        """Give the plain token of a secret."""
        return f"redacted-{self._ordinals.setdefault(secret, len(self._ordinals) + 1)}"

    def whole(self, value: Json) -> tuple[Json, ...]:
        """Give what may stand for a whole value, best first; nothing for what cannot be a secret."""
        if isinstance(value, bool) or value is None:
            return ()
        if isinstance(value, int | float):
            return tuple(_number(value, self.ordinal(repr(value))))
        if not isinstance(value, str) or not value:
            return ()
        ordinal = self.ordinal(value)
        shaped = _shaped(value, ordinal)
        masked = _mask(value, ordinal)
        return tuple(
            dict.fromkeys((*shaped, f"redacted-{ordinal}", *_prefixed(value, masked), masked, value[:0]))
        )


def _shaped(text: str, n: int) -> tuple[str, ...]:
    if _UUID.match(text):
        return (f"00000000-0000-4000-8000-{n:012d}",)
    if _EMAIL.match(text):
        return (f"redacted-{n}@example.com",)
    if _IPV4.match(text):
        return (f"192.0.2.{n % 256}",)
    if found := _URL.match(text):
        return (f"{found[1]}://redacted-{n}.example.com/",)
    if _BASE64.match(text):
        return (base64.b64encode(f"redacted-{n}".encode()).decode(),)
    return ()


def _mask(text: str, ordinal: int) -> str:
    """Keep the class of every character, and write the ordinal into the last ones."""
    hexed = _HEX.match(text) is not None
    chars: list[str] = []
    for char in reversed(text):
        if char.isdigit() or (hexed and char.isalnum()):
            chars.append(str(ordinal % 10))
            ordinal //= 10
        elif char.isalpha():
            letter = chr(ord("a") + ordinal % 26) if ordinal else "x"
            ordinal //= 26
            chars.append(letter.upper() if char.isupper() else letter)
        else:
            chars.append(char)
    return "".join(reversed(chars))


def _prefixed(text: str, masked: str) -> tuple[str, ...]:
    """Keep a short public prefix such as `sk-`, which a pattern may demand."""
    cut = max(text[:7].rfind(mark) + 1 for mark in "-_:.")
    return (text[:cut] + masked[cut:],) if cut else ()


def _number(value: Json, ordinal: int) -> tuple[Json, ...]:
    if not isinstance(value, int):
        return (float(ordinal), ordinal / 1000)
    digits = len(str(abs(value)))
    sign = -1 if value < 0 else 1
    return (sign * (10 ** min(digits - 1, 300) + ordinal), sign * ordinal, 0)


def stand_in(text: str) -> bool:
    """Whether a text is nothing but our own tokens, so that redacting twice changes nothing."""
    return (
        len(text) >= _LEAST and _TOKEN.search(text) is not None and not _FILLER.sub("", _TOKEN.sub("", text))
    )


def placeholder(text: str) -> bool:
    """Whether a text is a stand-in: one of our tokens, a mask, or what documentation writes for a secret."""
    return _short_placeholder(text) if len(text) <= _SHORT else _placeholder(text)


def spared(name: str, value: str, *, accusing: bool) -> bool:
    """Whether what stands under a secret name stays: a stand-in, or what nobody is accused of."""
    return placeholder(value) or (accusing and not accusable(name, value))


def _placeholder(text: str) -> bool:
    if len(text) <= _ALIVE or (text[0] in "<${syY" and _PLACEHOLDER.fullmatch(text)):
        return True
    if text[-1] == "=" and _BASE64.match(text) and _says_redacted(text):
        return True
    alive = _FILLER.sub("", _TOKEN.sub("", text))
    return len(alive) <= _ALIVE or (len(text) >= 16 and len(alive) <= len(text) // 4)


_short_placeholder = lru_cache(1024)(_placeholder)
"""What stands for a secret is short, and repeated."""


def _says_redacted(text: str) -> bool:
    return base64.b64decode(text).startswith(b"redacted-")
