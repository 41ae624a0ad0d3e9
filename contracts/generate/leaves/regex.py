"""The parse of an ECMA-262 pattern: the grammar is that of RegExp with the `u` flag.

Look-around and back-references are parsed; `matching` writes strings along the parse.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from contracts.errors import GenerationError
from contracts.text import show

Ranges: TypeAlias = tuple[tuple[int, int], ...]
LAST: Final = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of ranges of code points."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Chain:
    """One part after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several ways."""

    ways: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """A part `low` to `high` times (None: any number)."""

    part: Node
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """A numbered group, which a back-reference may repeat."""

    part: Node
    number: int


@dataclass(frozen=True, slots=True)
class Back:
    """What a group matched, once more."""

    number: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """An anchor or a look-around: takes no character; `start` and `end` mark the text's own ends."""

    sign: str = ""


Node: TypeAlias = Chars | Chain | Either | Again | Group | Back | Nothing

_DIGITS: Final[Ranges] = ((48, 57),)
_WORD: Final[Ranges] = ((97, 122), (65, 90), (48, 57), (95, 95))
_SPACE: Final[Ranges] = (
    (32, 32),
    (9, 13),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
_CLASSES: Final = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_CONTROL: Final = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}


def inverted(ranges: Ranges) -> Ranges:
    """Give every code point outside the ranges; surrogates are no characters."""
    out, start = [], 32
    for low, high in sorted((*ranges, (0xD800, 0xDFFF))):
        if low > start:
            out.append((start, low - 1))
        start = max(start, high + 1)
    out.append((start, LAST))
    control = tuple((n, n) for n in range(32) if not any(low <= n <= high for low, high in ranges))
    return (*(pair for pair in out if pair[0] <= pair[1]), *control)


@lru_cache(maxsize=512)
def parse(pattern: str) -> Node:
    """Parse a pattern; GenerationError names one that cannot be read."""
    reader = _Reader(pattern)
    node = reader.either()
    if reader.at < len(pattern):
        reader.fail()
    return node


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.text, self.at, self.groups = pattern, 0, 0
        self.names: dict[str, int] = {}

    def fail(self) -> GenerationError:
        raise GenerationError(f"the pattern {show(self.text)} cannot be read at {self.at}")

    def take(self, word: str) -> bool:
        if self.text.startswith(word, self.at):
            self.at += len(word)
            return True
        return False

    def next(self) -> str:
        if self.at >= len(self.text):
            self.fail()
        self.at += 1
        return self.text[self.at - 1]

    def until(self, end: str) -> str:
        stop = self.text.find(end, self.at)
        if stop < 0:
            self.fail()
        word, self.at = self.text[self.at : stop], stop + len(end)
        return word

    def either(self) -> Node:
        ways = [self.chain()]
        while self.take("|"):
            ways.append(self.chain())
        return ways[0] if len(ways) == 1 else Either(tuple(ways))

    def chain(self) -> Node:
        parts = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self.counted(self.atom()))
        return Chain(tuple(parts))

    def counted(self, part: Node) -> Node:
        low, high = 1, 1 if self.at >= len(self.text) else -1
        if high == 1:
            return part
        if self.take("*"):
            low, high = 0, -1
        elif self.take("+"):
            low, high = 1, -1
        elif self.take("?"):
            low, high = 0, 1
        elif not (self.text[self.at] == "{" and (found := self.braces())):
            return part
        else:
            low, high = found
        self.take("?")
        return Again(part, low, None if high < 0 else high)

    def braces(self) -> tuple[int, int] | None:
        stop = self.text.find("}", self.at)
        low, comma, high = self.text[self.at + 1 : stop].partition(",") if stop > 0 else ("", "", "")
        if not low.isdigit() or (high and not high.isdigit()):
            return None
        self.at = stop + 1
        return int(low), int(high) if high else -1 if comma else int(low)

    def atom(self) -> Node:
        char = self.next()
        if char == "(":
            return self.group()
        if char == "[":
            return Chars(self.bracket())
        if char == "\\":
            return self.escape()
        if char == ".":
            return Chars(inverted(((10, 10), (13, 13), (0x2028, 0x2029))))
        if char in "^$":
            return Nothing(char)
        if char in "*+?":
            self.fail()
        return Chars(((ord(char), ord(char)),))

    def group(self) -> Node:
        if self.take("?:"):
            return self.closed()
        for sign in ("?=", "?!", "?<=", "?<!"):
            if self.take(sign):
                self.closed()
                return Nothing(sign)
        name = self.until(">") if self.take("?<") else ""
        self.groups += 1
        number = self.groups
        self.names[name] = number
        return Group(self.closed(), number)

    def closed(self) -> Node:
        node = self.either()
        if not self.take(")"):
            self.fail()
        return node

    def escape(self) -> Node:
        char = self.text[self.at : self.at + 1]
        if char and char in "bB":
            self.at += 1
            return Nothing("\\" + char)
        if char and char in "123456789":
            self.at += 1
            return Back(int(char))
        if self.take("k<"):
            return Back(self.names.get(self.until(">"), 0))
        return Chars(self.escaped())

    def escaped(self) -> Ranges:
        char = self.next()
        if char.lower() in _CLASSES:
            ranges = _CLASSES[char.lower()]
            return ranges if char.islower() else inverted(ranges)
        if char in "pP":
            self.take("{")
            ranges = _property(self.until("}"))
            return ranges if char == "p" else inverted(ranges)
        if char in _CONTROL:
            return ((_CONTROL[char],) * 2,)
        code = self.code(char)
        return ((code, code),)

    def code(self, char: str) -> int:
        if char == "c":
            return ord(self.next()) % 32
        if char == "x":
            return self.hexadecimal(2)
        if char == "u" and self.take("{"):
            return int(self.until("}"), 16)
        if char == "u":
            high = self.hexadecimal(4)
            if 0xD800 <= high < 0xDC00 and self.take("\\u"):
                return 0x10000 + ((high - 0xD800) << 10) + (self.hexadecimal(4) - 0xDC00)
            return high
        return ord(char)

    def hexadecimal(self, count: int) -> int:
        word = self.text[self.at : self.at + count]
        self.at += count
        try:
            return int(word, 16)
        except ValueError:
            self.fail()
            raise

    def bracket(self) -> Ranges:
        negative = self.take("^")
        ranges: list[tuple[int, int]] = []
        while not self.take("]"):
            low = self.member()
            if len(low) == 1 and low[0][0] == low[0][1] and self.dash():
                high = self.member()
                low = ((low[0][0], high[0][1]),)
            ranges.extend(low)
        return inverted(tuple(ranges)) if negative else tuple(ranges)

    def dash(self) -> bool:
        return self.text[self.at : self.at + 2] not in ("-]", "-") and self.take("-")

    def member(self) -> Ranges:
        char = self.next()
        if char == "\\":
            if self.take("b"):
                return ((8, 8),)
            return self.escaped()
        return ((ord(char), ord(char)),)


@lru_cache(maxsize=64)
def _property(name: str) -> Ranges:
    """Give some characters of a Unicode category or script: enough to write strings with."""
    kind, _, value = name.rpartition("=")
    wanted = {
        "Letter": "L",
        "Number": "N",
        "Punctuation": "P",
        "Uppercase": "Lu",
        "Lowercase": "Ll",
        "Alphabetic": "L",
    }
    category = wanted.get(value, value)
    if len(category) <= 2 and kind in ("", "gc", "General_Category"):
        found = (n for n in range(0x3000) if unicodedata.category(chr(n)).startswith(category))
    else:
        found = (n for n in range(0x20000) if unicodedata.name(chr(n), "").startswith(f"{value.upper()} "))
    return tuple((n, n) for n, _ in zip(found, range(40), strict=False))
