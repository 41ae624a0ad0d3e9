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
    r"token|secret|passw|passphrase|api[-_ ]?key|apikey|auth(?!or(?!i[sz])|enticated)|signature|credential|session(?![-_]?(?:count|id$))"
    r"|cookie|private[-_ ]?key|access[-_ ]?key|bearer|x-amz-|sig$",
    re.IGNORECASE,
)
_SHAPES = re.compile(
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
    return _NAMES.search(name) is not None


def secret_shape(text: str) -> bool:
    """Whether some part of the text has the shape of a credential."""
    return _SHAPES.search(text) is not None


def mask(text: str) -> str:
    """Replace every part that looks like a credential by a fixed word."""
    if len(text) < 12:
        return text
    return _WORDS.sub(lambda m: MASK if high_entropy(m[0]) else m[0], _SHAPES.sub(MASK, text))


def high_entropy(word: str) -> bool:
    """Whether a run of 24 or more characters carries 4 bits or more each and is no UUID."""
    return len(word) >= 24 and _UUID.search(word) is None and _bits(word) >= 4.0 and any(map(str.isdigit, word))


def _bits(word: str) -> float:
    counts = Counter(word)
    return -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values())
