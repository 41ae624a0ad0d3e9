"""The last look at bytes about to be written, and the first at recordings that lie about already.

Fail-closed: everything that looks like a secret is a leak, named by place, rule and length, never by value.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import NamedTuple

from contracts.decode import decode
from contracts.interactions.body import MAX_STORED
from contracts.interactions.known import Known
from contracts.interactions.redact_body import exposed
from contracts.interactions.redact_text import suspicious
from contracts.interactions.tokens import placeholder
from contracts.model import Json, Pointer
from contracts.secret import secret_name
from contracts.text import safe_text

_NOTHING = Known()


class Leak(NamedTuple):
    """A place that may hold a secret: RFC 6901 pointer (or `line N`), the rule that struck, its length."""

    pointer: str
    rule: str
    length: int

    def __str__(self) -> str:
        """Say where and why, without the value."""
        return f"{safe_text(self.pointer, 120) or '/'}: {self.rule}, {self.length} characters"


def leaks(data: bytes, known: Known = _NOTHING, published: frozenset[str] = frozenset()) -> Iterator[Leak]:
    """Yield what looks like a secret: JSON by place, other text by line, and the raw bytes as a whole."""
    decoded = decode(data, max_bytes=2 * MAX_STORED)
    if decoded.usable and not decoded.faults:
        yield from _walk(decoded.value, Pointer(), "", known, published, named=False)
    else:
        yield from _lines(data.decode("utf-8", "replace"), known, published)
    if known.within(data.decode("latin-1")):
        yield Leak("", "known", len(data))


def _lines(text: str, known: Known, published: frozenset[str]) -> Iterator[Leak]:
    for number, line in enumerate(text.splitlines(), 1):
        if rule := suspicious(line, "", known, published):
            yield Leak(f"line {number}", rule, len(line))


def _walk(
    value: Json, at: Pointer, name: str, known: Known, published: frozenset[str], *, named: bool
) -> Iterator[Leak]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in published and (rule := suspicious(key, "", known)):
                yield Leak(str(at), f"{rule} in a key", len(key))
            yield from _walk(item, at / key, key, known, published, named=named or secret_name(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, at / index, name, known, published, named=named)
    else:
        yield from _leaf(value, at, name, known, published, named=named)


def _leaf(
    value: Json, at: Pointer, name: str, known: Known, published: frozenset[str], *, named: bool
) -> Iterator[Leak]:
    text = value if isinstance(value, str) else str(value)
    name = "id" if at == ("request", "url") else name  # a path is made of identifiers
    if named and exposed(value, published) and not placeholder(text.lstrip("-")):
        yield Leak(str(at), "name", len(text))
    elif isinstance(value, str) and (
        rule := suspicious(value, name, known, published) or _binary(value, name, known)
    ):
        yield Leak(str(at), rule, len(value))


def _binary(value: str, name: str, known: Known) -> str:
    """Look into a body that is stored as base64."""
    if name != "base64":
        return ""
    try:
        return suspicious(base64.b64decode(value).decode("latin-1"), "", known)
    except (binascii.Error, ValueError):
        return ""
