"""Reading a big JSON file value by value: only the value at hand is in memory.

`json` itself says where a value ends; a value that is cut off is tried again with twice the text, so that
the whole costs no more than two readings.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final, NamedTuple

from contracts.errors import CassetteError
from contracts.model import Json
from contracts.text import safe_text

MAX_ELEMENT: Final = 64 * 1024 * 1024
MAX_UNPACKED: Final = 4 * 1024 * 1024 * 1024
_CHUNK = 256 * 1024
_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder(strict=False)
_NEAR_THE_END: Final = 16
"""An error so near the end of the text may come from the cut; no token but a string is longer."""
BROKEN: Final = (OSError, EOFError, zlib.error, ValueError)
"""What a packed stream raises when it is damaged."""


class Element(NamedTuple):
    """One value of a list, its number from 1 and the line it starts on."""

    value: Json
    number: int
    line: int


def unreadable(name: str, error: BaseException) -> CassetteError:
    """Say in a sentence that a stream is damaged."""
    return CassetteError(f"{safe_text(name)}: cannot be read on: {safe_text(str(error), 80)}")


class Values:
    """The JSON values of a stream of UTF-8, one after the other; bytes that are none keep their value."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.stream, self.name = stream, name
        self.text, self.at, self.line, self.seen = "", 0, 1, 0
        self.broken: tuple[int, int] | None = None
        """Where the value began that could not be read, and its line."""
        self._decode: Any = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape").decode

    def more(self) -> bool:
        """Read on, at least as much as is held; False at the end of the stream."""
        try:
            chunk = self.stream.read(max(_CHUNK, len(self.text) - self.at))
        except BROKEN as error:
            raise unreadable(self.name, error) from None
        self.text, self.at = self.text[self.at :] + self._decode(chunk, not chunk), 0
        self.seen += len(chunk)
        if self.seen > MAX_UNPACKED:
            raise CassetteError(f"{safe_text(self.name)}: over the limit of {MAX_UNPACKED:,} bytes")
        if len(self.text) > MAX_ELEMENT * 2:
            raise self.fault(f"one element is over {MAX_ELEMENT:,} bytes")
        return bool(chunk)

    def fault(self, problem: str) -> CassetteError:
        """Say what is wrong at the line reached."""
        return CassetteError(f"{safe_text(self.name)}:{self.line}: {problem}")

    def peek(self) -> str:
        """Give the next character that is no blank, "" at the end."""
        while True:
            blank = _BLANK.match(self.text, self.at)
            self._to(blank.end() if blank else self.at)
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]

    def take(self, character: str) -> bool:
        """Step over the next character if it is this one."""
        found = self.peek() == character
        self.at += found
        return found

    def _to(self, end: int) -> None:
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    def value(self) -> Json:
        """Take one value; CassetteError with the line where there is none, or only a part of one."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                whole = (
                    not error.msg.startswith("Unterminated") and error.pos < len(self.text) - _NEAR_THE_END
                )
                if whole or not self.more():
                    cut = error.pos >= len(self.text) - _NEAR_THE_END or error.msg.startswith("Unterminated")
                    raise self.fault(
                        "the file is cut off" if cut and not whole else self._odd(error)
                    ) from None
            except RecursionError:
                raise self.fault("nested too deeply") from None
            except ValueError:  # an integer of more digits than Python reads
                raise self.fault("a number is too long") from None
            else:
                if end < len(self.text) or self.text[end - 1] in '}]"' or not self.more():
                    self._to(end)
                    return value

    def skip(self, mark: re.Pattern[str]) -> bool:
        """Step from a broken value behind the next place where a mark stands; False when there is none."""
        if self.broken:
            (self.at, self.line), self.broken = self.broken, None
        while (found := mark.search(self.text, self.at + 1)) is None:
            if not self.more():
                return False
        self._to(found.end())
        return True

    def _odd(self, error: json.JSONDecodeError) -> str:
        self.broken = self.at, self.line
        self._to(error.pos)
        return "not JSON here"  # what stands here is not shown: it may be a piece of a key


def inside(values: Values, path: tuple[str, ...]) -> bool:
    """Move to just inside the list at `path` (keys from the root); False when it is not there."""
    return all(_enter(values, key) for key in path) and values.take("[")


def _enter(values: Values, key: str) -> bool:
    if not values.take("{"):
        return False
    while values.peek() == '"':
        name = values.value()
        if not values.take(":"):
            return False
        if name == key:
            return True
        values.value()
        values.take(",")
    return False


def elements(
    values: Values, on_problem: Callable[[CassetteError], None] | None = None, first: str = ""
) -> Iterator[Element]:
    """Yield the elements of the list that was entered; CassetteError where the file is cut off or no JSON.

    With `on_problem` a broken element is handed there, and the reading goes on at the next object that begins
    with the key of the elements before; `first` are keys, parted by `|`, as long as there was none.
    """
    number = 0
    while (next_one := values.peek()) != "]":
        if not next_one:
            raise values.fault(f"the file is cut off after entry {number}")
        number, line = number + 1, values.line
        try:
            value = values.value()
        except CassetteError as problem:
            told = CassetteError(f"{problem} in entry {number}")
            if on_problem is None or not values.skip(re.compile(rf',\s*(?=\{{\s*"(?:{first})")')):
                raise told from None
            on_problem(told)
            continue
        first = re.escape(next(iter(value))) if isinstance(value, dict) and value else first
        yield Element(value, number, line)
        values.take(",")
