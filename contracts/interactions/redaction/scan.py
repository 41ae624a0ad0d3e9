"""The last look at bytes about to be written, and the first at recordings that exist already.

Fail-closed: everything that looks like a secret is a leak, named by place, rule and length, never by value.
"""

from __future__ import annotations

import base64
import binascii
from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from contracts.decode import decode
from contracts.errors import CassetteError
from contracts.interactions.formats import MAX_STORED, Opened, raw_lines
from contracts.interactions.redaction.body import exposed
from contracts.interactions.redaction.text import Inspector, texts
from contracts.interactions.redaction.tokens import spared
from contracts.model import Json, Pointer
from contracts.secret import MASK, Known, may_name, secret_items, secret_members, without_wrapped
from contracts.text import safe_text

_NOTHING = Known()
_ABOVE: Final = 3
"""Lines above a value in which its name may stand, as in forms and in markup."""
_NEAR: Final = 200


class Leak(NamedTuple):
    """A place that may hold a secret: RFC 6901 pointer (or `line N`), the rule that struck, its length."""

    pointer: str
    rule: str
    length: int

    def __str__(self) -> str:
        """Say where and why, without the value."""
        return f"{safe_text(self.pointer, 120) or '/'}: {self.rule}, {self.length} characters"


def leaks(
    data: bytes, known: Known = _NOTHING, published: frozenset[str] = frozenset(), *, accusing: bool = False
) -> Iterator[Leak]:
    """Yield what looks like a secret: JSON by place, other text by line, and the raw bytes as a whole.

    `accusing` leaves out what redaction only hides: see contracts/secret/accused.py.
    """
    decoded = decode(data, max_bytes=2 * MAX_STORED)
    raw = known.within(data.decode("latin-1"))
    if decoded.usable and not decoded.faults:
        verbatim = data.isascii() and b"\\" not in data
        absent = not (raw if verbatim else known.within("\n".join(texts(decoded.value))))
        yield from _walk(
            decoded.value, Pointer(), "", Inspector(known, published, absent, accusing=accusing), named=False
        )
    else:
        yield from _lines(data.decode("utf-8", "replace"), Inspector(known, published, accusing=accusing))
    if raw:
        yield Leak("", "known", len(data))


def leaks_of_log(file: Opened, known: Known = _NOTHING) -> Iterator[Leak]:
    """Yield what looks like a secret in a log, line by line, however long the log is.

    CassetteError for a line that is too long to be looked at, and where the file breaks off.
    """
    for number, _, data, why in raw_lines(file):
        if why:
            raise CassetteError(f"{safe_text(file.name)}:{number}: {why}")
        line = data.decode("utf-8", "replace")
        rule = Inspector(known).rule(line) or ("known" if known.within(data.decode("latin-1")) else "")
        if rule:
            yield Leak(f"line {number}", rule, len(line))


def _lines(text: str, inspector: Inspector) -> Iterator[Leak]:
    lines = text.splitlines()
    lines = without_wrapped(lines) if inspector.accusing else lines
    above: deque[str] = deque(maxlen=_ABOVE)
    for number, line in enumerate(lines, 1):
        rule = inspector.rule(line)
        if not rule and (named := "\n".join(above)) and may_name(named):
            rule = inspector.rule(f"{named}\n{line}")
        above.append("" if rule else line[-_NEAR:])
        if rule:
            yield Leak(f"line {number}", rule, len(line))


def _walk(value: Json, at: Pointer, name: str, inspector: Inspector, *, named: bool) -> Iterator[Leak]:
    if isinstance(value, dict):
        secret = secret_members(value)
        for key, item in value.items():
            rule = "" if key in inspector.published else inspector.rule(key)
            if rule:
                yield Leak(str(at), f"{rule} in a key", len(key))
            below = at / (MASK if rule else key)
            yield from _walk(item, below, key, inspector, named=named or key in secret)
    elif isinstance(value, list):
        items = secret_items(value)
        for index, item in enumerate(value):
            called = str(value[index - 1]) if index in items else name
            yield from _walk(item, at / index, called, inspector, named=named or index in items)
    else:
        yield from _leaf(value, at, name, inspector, named=named)


def _leaf(value: Json, at: Pointer, name: str, inspector: Inspector, *, named: bool) -> Iterator[Leak]:
    text = value if isinstance(value, str) else str(value)
    name = "id" if at == ("request", "url") else name  # a path is made of identifiers
    if (
        named
        and exposed(value, inspector.published)
        and not spared(name, text.lstrip("-"), accusing=inspector.accusing)
    ):
        yield Leak(str(at), "name", len(text))
    elif isinstance(value, str) and (rule := _rule(value, at, name, inspector)):
        yield Leak(str(at), rule, len(value))


def _rule(value: str, at: Pointer, name: str, inspector: Inspector) -> str:
    if at == ("response", "base64"):  # a body that is no text: what it says counts, not how it is packed
        try:
            return Inspector(inspector.known).rule_of_bytes(base64.b64decode(value))
        except (binascii.Error, ValueError):
            return inspector.rule(value, name)
    return inspector.rule(value, name)
