"""Values known to be secret, found again in any spelling: as they are, in base64, hex, URL or JSON escapes.

A piece of 8 characters is enough to be found, because an elided or cut secret is still half a secret.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from contracts.secret import Secret

PIECE: Final = 8
_SHORTEST: Final = 4
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(.)")


@dataclass(frozen=True, slots=True)
class Known:
    """Known secrets, compiled: lower-case 8-grams, 16-grams of hex, short values whole."""

    pieces: frozenset[str] = frozenset()
    wide: frozenset[str] = frozenset()
    short: tuple[str, ...] = ()

    @classmethod
    def of(cls, secrets: Iterable[Secret | str]) -> Known:
        """Compile secrets; values under 4 characters cannot be told from other text and are left out."""
        values = {s.reveal() if isinstance(s, Secret) else s for s in secrets}
        pieces: set[str] = set()
        wide: set[str] = set()
        short: set[str] = set()
        for value in values:
            if len(value) >= PIECE:
                for form in _forms(value):
                    pieces.update(_grams(form.lower(), PIECE))
                wide.update(_grams(value.encode("utf-8", "surrogatepass").hex(), 2 * PIECE))
            elif len(value) >= _SHORTEST:
                short.add(value.lower())
        return cls(frozenset(pieces), frozenset(wide), tuple(sorted(short)))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the stretches of a text that are pieces of a known secret, merged and in order."""
        lower = text.lower()
        if len(lower) != len(text):  # a few letters grow when lowered; then the whole text counts
            if self.within(text):
                yield 0, len(text)
            return
        start = end = -1
        for at, size in self._hits(lower):
            if at > end:
                if end > 0:
                    yield start, end
                start = at
            end = max(end, at + size)
        if end > 0:
            yield start, end

    def _hits(self, lower: str) -> list[tuple[int, int]]:
        hits = [(i, PIECE) for i in _places(lower, self.pieces, PIECE)]
        hits += [(i, 2 * PIECE) for i in _places(lower, self.wide, 2 * PIECE)]
        for value in self.short:
            hits += [(m.start(), len(value)) for m in re.finditer(re.escape(value), lower)]
        return sorted(hits)

    def within(self, text: str) -> bool:
        """Whether a piece of a known secret is in the text, also behind URL, JSON or HTML escapes."""
        return any(self._plainly(variant) for variant in spellings(text))

    def _plainly(self, text: str) -> bool:
        lower = text.lower()
        if any(value in lower for value in self.short):
            return True
        found = (*_some(lower, self.pieces, PIECE), *_some(lower, self.wide, 2 * PIECE))
        return bool(found)


def spellings(text: str) -> Iterator[str]:
    """Yield a text and what it says once its escapes are taken off."""
    yield text
    if "%" in text:
        yield unquote(text)
        yield unquote_plus(unquote(text))
    if "\\" in text:
        yield _JSON_ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)
    if "&" in text and ";" in text:
        yield html.unescape(text)


def _grams(text: str, size: int) -> Iterator[str]:
    return (text[i : i + size] for i in range(len(text) - size + 1))


def _places(text: str, grams: frozenset[str], size: int) -> Iterator[int]:
    if grams:
        yield from (i for i in range(len(text) - size + 1) if text[i : i + size] in grams)


def _some(text: str, grams: frozenset[str], size: int) -> Iterator[int]:
    return islice(_places(text, grams, size), 1)


def _forms(value: str) -> Iterator[str]:
    data = value.encode("utf-8", "surrogatepass")
    yield value
    yield value[::-1]
    yield quote(value, safe="")
    yield quote(quote(value, safe=""), safe="")
    yield quote_plus(value)
    yield json.dumps(value)[1:-1]
    yield html.escape(value)
    for offset in range(3):  # base64 of something that holds the value depends on where it starts
        stable = base64.b64encode(b"\0" * offset + data)[
            (offset * 8 + 5) // 6 : (offset + len(data)) * 8 // 6
        ].decode()
        yield stable
        yield stable.replace("+", "-").replace("/", "_")
