"""Names that promise a secret, and names that promise an identifier or a hash."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from contracts.model import Json

_KEYS = (
    r"(?:api|private|access|signing|encryption|licen[cs]e|subscription|account|master|shared|service|client"
    r"|webhook)key"
)
_KEY = re.compile(_KEYS)
_NAMES = re.compile(
    r"token(?!i[sz]er)|secret|passw|passphrase|passcode|pwd|(?<!un)auth(?!or(?!i[sz])|enticated)|signature|credential"
    r"|session(?!count|s$)|cookie|bearer|jwt|csrf|xsrf|otp$|sig$|xamz|xgoog|" + _KEYS
)
_STEMS: Final = (
    *("token", "secret", "passw", "passphrase", "passcode", "pwd", "auth", "signature", "credential"),
    *("session", "cookie", "bearer", "jwt", "csrf", "xsrf", "otp", "sig", "xamz", "xgoog"),
)
"""What every name that is secret holds, one of them at least, or else one of the keys."""
_COUNTS = re.compile(
    r"(?:tokens?|session)(?:count|s|used|limit|total|type|size|length|budget)$|^(?:max|num|total)\w*tokens$"
)
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_MARKS: Final = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*")
_IDENTITY = re.compile(
    r"(?:u?u?id|guid|oid|hash|sha\d*|md\d|crc\d*|blake\d\w?|digest|etag|checksum|cursor|fingerprint"
    r"|integrity|boundary|commit|revision|trace|traceparent|span|(?:md\d|sha\d+)sum)(?:e?s)?\Z"
)
_SAYS_NAME: Final = ("name", "key", "header", "field", "parameter", "param", "label", "id", "k")
_SAYS_VALUE: Final = ("value", "val", "content", "v")
_ITEM = re.compile(r"[A-Za-z][\w.-]{2,40}\Z")
_DRAWN = re.compile(r"(?=\D{0,200}\d)(?=[^A-Za-z]{0,200}[A-Za-z])\S{8,}")


def lowered(text: str) -> str:
    """Give a text in lower case and as long as it was; one letter grows when it is lowered."""
    return text.replace("\u0130", "I").lower()


@lru_cache(maxsize=4096)
def secret_name(name: str) -> bool:
    """Whether a header, query parameter or key is secret by its name."""
    plain = _SEPARATORS.sub("", name[:200].lower())
    return _NAMES.search(plain) is not None and _COUNTS.search(plain) is None


def may_name(text: str) -> bool:
    """Whether a secret name may stand anywhere in a text; False is certain, and found fast."""
    lower = text.lower() if text.isascii() else lowered(text)
    bare = lower.translate(_MARKS) if lower.isascii() else _SEPARATORS.sub("", lower)
    return any(word in bare for word in _STEMS) or ("key" in bare and _KEY.search(bare) is not None)


@lru_cache(maxsize=4096)
def identity(name: str) -> bool:
    """Whether a name promises an identifier or a hash, whose high entropy is no sign of a secret."""
    words = (part.lower() for part in (name, *_PARTS.findall(name[:200])))
    return any(map(_IDENTITY.match, words)) and not secret_name(name)


def secret_members(value: Mapping[str, Json]) -> frozenset[str]:
    """Give the keys of an object whose values are secret: by their own name, or by the name beside them.

    In `{"name": "api_key", "value": "..."}` the value is secret. What begins with a slash is a path, no name.
    """
    lower = {key.lower(): key for key in value if len(key) <= 9}
    beside = [value[lower[key]] for key in _SAYS_NAME if key in lower]
    paired = any(isinstance(name, str) and secret_name(name) for name in beside)
    found = [lower[key] for key in _SAYS_VALUE if key in lower] if paired else []
    return frozenset((*found, *(key for key in value if key[:1] != "/" and secret_name(key))))


def secret_items(value: Sequence[Json]) -> frozenset[int]:
    """Give the places in a list where a value stands behind the name of a secret: `["X-Api-Key", "..."]`.

    Names and values take turns in it, and the value looks drawn: it is no list of words.
    """
    if len(value) % 2 or not all(isinstance(item, str) for item in value[::2]):
        return frozenset()
    pairs = zip(value[::2], value[1::2], strict=True)
    return frozenset(
        2 * n + 1
        for n, (name, held) in enumerate(pairs)
        if isinstance(held, str) and _ITEM.match(str(name)) and secret_name(str(name)) and _DRAWN.match(held)
    )
