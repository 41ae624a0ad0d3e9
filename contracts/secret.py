"""What counts as a secret, and how a known one is carried without ever being shown.

Secrets are recognised by the name they stand under (`secret_name`), by shape (`secret_shape`: tokens of
known vendors, JWT, PEM, signed URLs) and by entropy. Recognition errs on the side of hiding.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Final, NoReturn

MASK: Final = "[hidden]"

_NAMES = re.compile(
    r"token|secret|passw|passphrase|passcode|pwd|apikey|auth(?!or(?!i[sz])|enticated)|signature|credential"
    r"|session(?!count|s$)|cookie|bearer|jwt|csrf|xsrf|otp$|sig$|xamz|xgoog"
    r"|(?:private|access|signing|encryption|licen[cs]e|subscription|account|master|shared|service|client|webhook)key"
)
_COUNTS = re.compile(
    r"(?:tokens?|session)(?:count|s|used|limit|total|type|size|length|budget)$|^(?:max|num|total)\w*tokens$"
)
_SEPARATORS = re.compile(r"[^a-z0-9]+")

SHAPES: Final = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"  # JWT
    r"|-----BEGIN [A-Z ]+-----[\s\S]*"  # PEM
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # AWS key id
    r"|\b(?:sk|pk|rk|ghp|gho|ghs|ghu|github_pat|glpat|xox[abpr]|llx|whsec|npm|pypi|hf|AIza)[-_][\w-]{12,}"
    r"|\bAIza[\w-]{30,}"
    r"|\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}"
    r"|\b(?:bearer|basic)\s+(?=[\w.~+/=-]*\d)[\w.~+/=-]{16,}"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user:password@ in a URL
    r"|(?<=[?&])(?:X-Amz-[\w-]+|sig|signature|token|key|api_key|access_token|X-Goog-[\w-]+)=[^&\s'\"]+",
)
_WORDS = re.compile(r"[A-Za-z0-9_+/=-]{24,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")


class Secret:
    """A credential that shows itself nowhere: not in repr, str, format, pickles or tracebacks."""

    __slots__ = ("_value", "name")

    def __init__(self, value: str, name: str) -> None:
        self._value, self.name = value, name

    def reveal(self) -> str:
        """Give the value; called only where the request is built."""
        return self._value

    def __repr__(self) -> str:
        return f"<secret from {self.name}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Refuse to be formatted into a string by value."""
        return repr(self)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        message = f"{self!r} cannot be pickled"
        raise TypeError(message)


def secret_name(name: str) -> bool:
    """Whether a header, query parameter or key is secret by its name."""
    plain = _SEPARATORS.sub("", name.lower())
    return _NAMES.search(plain) is not None and _COUNTS.search(plain) is None


def secret_shape(text: str) -> bool:
    """Whether some part of the text has the shape of a credential."""
    return SHAPES.search(text) is not None


def mask(text: str) -> str:
    """Replace every part that looks like a credential by a fixed word."""
    if len(text) < 12:
        return text
    return _WORDS.sub(lambda m: MASK if high_entropy(m[0]) else m[0], SHAPES.sub(MASK, text))


def high_entropy(word: str) -> bool:
    """Whether a run of 24 or more characters carries 4 bits or more each and is no UUID, slug or path."""
    rest = _UUID.sub("", word)
    if len(rest) < 24 or not any(map(str.isdigit, rest)) or all(map(_PLAIN.match, _JOINTS.split(rest))):
        return False
    return _bits(rest) >= 4.0


_JOINTS = re.compile(r"[/_=+-]")
_PLAIN = re.compile(
    r"(?:[a-z]{0,20}|[A-Z]?[a-z]{2,20}|[A-Z]{2,20})\d{0,4}\Z|\d{1,14}\Z"
    r"|[a-z]{0,20}(?:[A-Z]{1,3}[a-z]{2,20}|[A-Z]\d{1,2})+\Z"  # names of classes and operations
)


def _bits(word: str) -> float:
    counts = Counter(word)
    return -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values())
