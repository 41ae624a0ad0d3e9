"""Which header fields may be stored: a short allow-list, plus what the operation's spec declares.

Everything else is dropped and named, never stored: a list of what to hide always misses a header.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from contracts.model import Headers

ALLOWED: Final = frozenset(
    {"accept", "allow", "content-type", "deprecation", "link", "location", "retry-after", "sunset"}
)
ALLOWED_PREFIXES: Final = ("ratelimit-", "x-ratelimit-")


def storable(name: str, declared: Collection[str] = ()) -> bool:
    """Whether a field may be stored; `declared` are the lower-case names that the spec declares."""
    lower = name.lower()
    allowed = lower in ALLOWED or lower.startswith(ALLOWED_PREFIXES) or lower == "ratelimit"
    return allowed or lower in declared


def split(headers: Headers, declared: Collection[str] = ()) -> tuple[Headers, tuple[str, ...]]:
    """Part fields into those to store and the sorted lower-case names of those dropped."""
    kept = tuple((name, value) for name, value in headers if storable(name, declared))
    return kept, tuple(sorted({name.lower() for name, _ in headers if not storable(name, declared)}))
