"""Values known to be secret, found again in any spelling: plain, packed, escaped, or taken apart.

A piece of 8 characters is enough to be found, because an elided or cut secret is still half a secret.
"""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final
from urllib.parse import quote, quote_plus, unquote

from contracts.secret.accused import spoken
from contracts.secret.names import lowered
from contracts.secret.value import Secret

PIECE: Final = 8
_SHORTEST: Final = 4
_PROBE: Final = 4
_LAYERS: Final = 4
_LONG: Final = 400
_ESCAPE = re.compile(
    r"\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,5})\}|\\U000([0-9a-fA-F]{5})|\\x([0-9a-fA-F]{2})|%u([0-9a-fA-F]{4})"
    r"|\\(?P<octal>[0-3][0-7]{2})"
)
_SEVERAL = re.compile(r"\\{2,}")
_WORDS = re.compile(r"[A-Za-z]{1,12}(?:[-_. ][A-Za-z]{1,12})*")
"""Keys like `test-api-key`, whose pieces stand in what we say ourselves."""
_NUMBERS = re.compile(r"(?<!\d)\d{1,3}(?:[\s,]{1,3}\d{1,3}){7,}(?!\d)")
_LETTERS = re.compile(r"[A-Za-z]+")
_ENTITIES = re.compile(r"(?:&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z]\w{1,31};))+")
_MARK = re.compile(r"[\x00-/:-@\[-`{-\x7f]+")
_SCHEME = re.compile(r"\Ahttps?://")  # every address begins so
_INVISIBLE = re.compile(r"[\s\u00ad\u034f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe0f\ufeff]+")
_MARKS: Final = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())


class Grams:
    """Pieces of one length, and how they are looked for: by probes, then what is around them.

    A piece of 8 holds a probe of 4 at one of 5 positions, so that only every fifth has to be looked at.
    """

    __slots__ = ("codes", "pieces", "probes", "size")

    def __init__(self, size: int, texts: Iterable[str]) -> None:
        self.size = size
        self.pieces = {piece for text in texts for piece in _grams(text, size)}
        self.probes = {probe for piece in self.pieces for probe in _grams(piece, _PROBE)}
        self.codes = {code for probe in self.probes for code in _codes(probe)}

    def places(self, text: str, codes: Collection[int] | None = None) -> Iterator[int]:
        """Yield where pieces begin in a text in lower case, in order, each once.

        A piece of 8 holds a whole one of the words of 4 bytes that a text is cut into: where none of these is
        a probe, nothing has to be looked at in a long text. `codes` are these words.
        """
        pieces, probes, size = self.pieces, self.probes, self.size
        if not pieces or (len(text) > _LONG and self.codes.isdisjoint(codes or _codes(text))):
            return
        last, step = -1, size - _PROBE + 1
        for at in [at for at in range(0, len(text) - _PROBE + 1, step) if text[at : at + _PROBE] in probes]:
            for start in range(max(last + 1, at - size + _PROBE), at + 1):
                if text[start : start + size] in pieces:
                    yield start
            last = at


_NONE: Final = Grams(PIECE, ())


@dataclass(frozen=True, slots=True)
class Known:
    """Known secrets, compiled: pieces of what they look like, of their hexadecimal, of their bare letters.

    Short values are looked for whole.
    """

    pieces: Grams = _NONE
    wide: Grams = _NONE
    bare: Grams = _NONE
    short: tuple[str, ...] = ()

    @classmethod
    def of(cls, secrets: Iterable[Secret | str], whole: frozenset[str] = frozenset()) -> Known:
        """Compile secrets; values under 4 characters are too common in other text and are left out.

        Of those in `whole` no piece is looked for.
        """
        shown = (s.reveal() if isinstance(s, Secret) else s for s in secrets)
        values = {_SCHEME.sub("", value) for value in shown}
        long = [value for value in values if len(value) >= PIECE]
        forms = [form.lower() for value in long for form in _forms(value)]
        packed = [form.lower() for value in long for form in (value, *_packed(value))]
        return cls(
            Grams(PIECE, forms),
            Grams(2 * PIECE, (value.encode("utf-8", "surrogatepass").hex() for value in long)),
            Grams(PIECE, map(_bare, packed)),
            tuple(v.lower() for v in {*values, *whole} if v in whole or _SHORTEST <= len(v) < PIECE),
        )

    @classmethod
    def of_keys(cls, values: Iterable[str]) -> Known:
        """Compile what variables hold, to hide it in what we say ourselves: plain words count as a whole."""
        long = {value for value in values if len(value) >= PIECE}
        words = frozenset(filter(plain_words, long))
        return cls.of(long - words, words)

    @property
    def filled(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.pieces.pieces or self.short)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the stretches of a text that are pieces of a known secret, merged and in order."""
        lower = lowered(text)
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
        hits = [(i, grams.size) for grams in (self.pieces, self.wide) for i in grams.places(lower)]
        for value in self.short:
            hits += [(m.start(), len(value)) for m in re.finditer(re.escape(value), lower)]
        return sorted(hits)

    def within(self, text: str) -> bool:
        """Whether a piece of a known secret is in the text, also behind escapes or taken apart."""
        return self.among(layers(text))

    def among(self, found: tuple[str, ...]) -> bool:
        """Whether a piece of a known secret is in a text, given as its `layers`."""
        if not self.filled:
            return False
        variants = dict.fromkeys(chain(found, halves(found[0])))
        if any(self._plainly(variant.lower()) for variant in variants):
            return True
        return any(self._plainly(spelled(held).lower()) for held in _numbers(found[0]))

    def _plainly(self, lower: str) -> bool:
        if any(value in lower for value in self.short) or _some(lower, self.pieces, self.wide):
            return True
        if lower.isascii():
            joined = "".join(lower.split())
        else:
            lower = unicodedata.normalize("NFKC", lower).lower()  # letters of another width or type
            joined = _INVISIBLE.sub("", lower)
            if _some(_bare(lower.encode("ascii", "ignore").decode()), self.bare):
                return True  # cut by signs that are no letters, or no longer are what they were
        return _some(_bare(joined), self.bare, self.wide) or (joined != lower and _some(joined, self.pieces))


def plain_words(value: str) -> bool:
    """Whether a value is made of words alone, as examples and keys of tests are, not letters drawn."""
    return _WORDS.fullmatch(value) is not None and all(map(spoken, _LETTERS.findall(value)))


def layers(text: str) -> tuple[str, ...]:
    """Give a text, then what it says without its escapes, layer by layer."""
    found = [text]
    if any(mark in text for mark in "%\\&"):
        for _ in range(_LAYERS):
            found.append(_entities(_unescaped(_unquoted(found[-1]))))
            if found[-1] == found[-2]:
                break
    return tuple(dict.fromkeys(found))


def _numbers(text: str) -> list[str]:
    """Give the stretches of a text that are bytes written as numbers: `115, 107, 45`."""
    return _NUMBERS.findall(text) if len(text) > 2 * PIECE else []


def spelled(found: Iterable[object]) -> str:
    """Read bytes that are written as numbers, in a text or as a list; "" where they are no bytes."""
    held = found.replace(",", " ").split() if isinstance(found, str) else found
    try:
        return bytes(int(str(one)) for one in held).decode("latin-1")
    except ValueError:
        return ""


def halves(text: str) -> Iterator[str]:
    """Yield what a text says when escapes of one kind alone are taken off, where it has several."""
    if sum(mark in text for mark in "%\\&+") > 1:
        yield from (_unquoted(text), _unescaped(text), _entities(text))
        if "+" in text:
            yield _unquoted(text.replace("+", " "))


def _entities(text: str) -> str:
    return _ENTITIES.sub(_characters(), text) if "&" in text else text


def _characters() -> Callable[[re.Match[str]], str]:
    read = _Read()
    return lambda match: read[match[0]]


class _Read(dict[str, str]):
    """What escapes say; each is read once, since texts repeat them."""

    def __missing__(self, escapes: str) -> str:
        self[escapes] = found = html.unescape(escapes)
        return found


def _unquoted(text: str) -> str:
    """Take off percent-encoding; a run of bytes that is no UTF-8 becomes signs that say so."""
    return _percent(text) if "%" in text else text


_percent = lru_cache(4)(unquote)
"""Asked twice of the same text: for its layers, and for what one kind of escape hides."""


def _unescaped(text: str) -> str:
    """Take off backslashes, and what they escape; where several stand, one is left."""
    if "\\" not in text and "%u" not in text:
        return text
    return _SEVERAL.sub("\0", _ESCAPE.sub(_character, text)).replace("\\", "").replace("\0", "\\")


def _character(match: re.Match[str]) -> str:
    return chr(int(next(filter(None, match.groups())), 8 if match["octal"] else 16))


def _bare(lower: str) -> str:
    """Leave letters and digits alone, without what announces a hexadecimal number."""
    plain = lower.replace("0x", "").replace("\\x", "")
    return plain.translate(_MARKS) if plain.isascii() else _MARK.sub("", plain)


def _codes(text: str) -> memoryview:
    """Read a text as words of 4 bytes, a byte for each character."""
    data = text.encode("ascii", "replace")
    return memoryview(data[: len(data) & -4]).cast("I")


def _grams(text: str, size: int) -> Iterator[str]:
    return (text[i : i + size] for i in range(len(text) - size + 1))


def _some(text: str, *grams: Grams) -> bool:
    codes = frozenset(_codes(text)) if len(text) > _LONG else None
    return any(True for one in grams for _ in one.places(text, codes))


def _forms(value: str) -> Iterator[str]:
    yield value
    yield value[::-1]
    quoted = quote(value, safe="", errors="surrogatepass")
    yield quoted
    yield quote(quoted, safe="")
    yield quote_plus(value, errors="surrogatepass")
    yield json.dumps(value)[1:-1]
    yield html.escape(value)
    for packed in _packed(value):
        yield packed
        yield packed.replace("+", "-").replace("/", "_")


def _packed(value: str) -> Iterator[str]:
    """Yield what is the same in every base64 and base32 of something that holds the value.

    It depends on how many bytes stand before the value.
    """
    data = value.encode("utf-8", "surrogatepass")
    for pack, group, bits in ((base64.b64encode, 3, 6), (base64.b32encode, 5, 5)):
        for offset in range(group):
            first, last = -(-offset * 8 // bits), (offset + len(data)) * 8 // bits
            yield pack(b"\0" * offset + data)[first:last].decode()
