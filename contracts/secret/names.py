"""Names that promise a secret, and names that promise an identifier or a hash."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from contracts.model import Json

_KEYS = (
    r"(?:api|private|priv|access|signing|encryption|enc|licen[cs]e|subscription|account|master|shared|service"
    r"|client|webhook|ssh|deploy|hmac|pass|consumer|app|application|ingest(?:ion)?|admin)key"
)
_KEY = re.compile(_KEYS)
_NAMES = re.compile(
    r"token(?!i[sz]er)|secret|passw|passphrase|passcode|pwd|(?<!un)auth(?!or(?!i[sz])|enticated)|signature|credential"
    r"|session(?!count|s$)|cookie|bearer|jwt|csrf|xsrf|otp$|sig$|xamz|xgoog|mnemonic|seedphrase"
    r"|recoverycode|backupcode|mfacode|securityanswer|" + _KEYS
)
_STEMS: Final = (
    *("token", "secret", "passw", "passphrase", "passcode", "pwd", "auth", "signature", "credential"),
    *("session", "cookie", "bearer", "jwt", "csrf", "xsrf", "otp", "sig", "xamz", "xgoog"),
    *("mnemonic", "seedphrase", "recoverycode", "backupcode", "mfacode", "securityanswer"),
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
_SAYS_NAME: Final = (
    *("name", "key", "header", "field", "parameter", "param", "label", "id", "k"),
    *("loc", "path", "pointer", "property", "attribute", "instancepath"),  # of what was refused
)
_SAYS_VALUE: Final = (
    *("value", "val", "content", "v"),
    *("input", "rejectedvalue", "invalidvalue", "attemptedvalue", "received", "actual"),
)
_SAYS_USER: Final = ("user", "username", "login", "email", "account")
_OF_USER: Final = ("pass", "pw")
_LONGEST: Final = max(map(len, (*_SAYS_NAME, *_SAYS_VALUE)))
_LAST = re.compile(r"[^/.\[\]]{0,80}\]?\Z")
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
    """Give the keys of an object whose values are secret: by their own name, or by what stands beside them.

    In `{"name": "api_key", "value": "..."}` the value is secret, and in
    `{"loc": ["body", "api_key"], "input": "..."}` the input. What begins with a slash is a path, no name.
    """
    lower = {key.lower(): key for key in value if len(key) <= _LONGEST}
    beside = (value[lower[key]] for key in _SAYS_NAME if key in lower)
    found = [lower[key] for key in _SAYS_VALUE if key in lower] if any(map(_names, beside)) else []
    if any(key in lower for key in _SAYS_USER):
        found += [lower[key] for key in _OF_USER if key in lower]
    return frozenset((*found, *(key for key in value if key[:1] != "/" and secret_name(key))))


def _names(said: Json) -> bool:
    """Whether a name, or the last part of a path, promises a secret."""
    said = said[-1] if isinstance(said, list) and said else said
    last = _LAST.search(said[-100:]) if isinstance(said, str) else None
    return last is not None and secret_name(last[0])


def secret_items(value: Sequence[Json]) -> frozenset[int]:
    """Give the places in a list where a value stands behind the name of a secret: `["X-Api-Key", "..."]`.

    Names and values take turns in it, or the name is an option (`--token`), and the value looks drawn: it is
    no list of words.
    """
    turns = len(value) % 2 == 0 and all(isinstance(item, str) for item in value[::2])
    return frozenset(
        n + 1
        for n, (name, held) in enumerate(pairwise(value))
        if isinstance(name, str)
        and isinstance(held, str)
        and (name.startswith("-") or (turns and n % 2 == 0 and _ITEM.match(name)))
        and secret_name(name)
        and _DRAWN.match(held)
    )
