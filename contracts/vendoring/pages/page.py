"""A reference page as lines, and what an extractor hands back.

Text from a page is data: it is bounded here before anything reads it, and every platform works on the same
lines, numbered from 1, without line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from contracts.errors import PageError
from contracts.model import Json
from contracts.text import safe_text
from contracts.vendoring.pages.normal import normal

MAX_PAGE: Final = 4 * 1024 * 1024
MAX_LINES: Final = 60_000
_ENDS = re.compile(r"\r\n?|\n")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$")


@dataclass(frozen=True, slots=True)
class Unread:
    """A line of the page that no rule read, so that silence is never mistaken for "nothing there"."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page's name and its lines; `lines[n - 1]` is line n."""

    name: str
    lines: tuple[str, ...]

    def fail(self, line: int, problem: str) -> PageError:
        """Make the one-sentence error for a place of this page (line 0: the page as a whole)."""
        where = f"{self.name}:{line}" if line else self.name
        return PageError(f"{where}: {problem}")


@dataclass(frozen=True, slots=True)
class Extraction:
    """An OpenAPI 3.1 document read from a page.

    `reason` says why the page was taken for one of `platform`; `unread` are the lines that no rule read;
    `notices` say in one sentence each what was odd or left out.
    """

    document: Json
    platform: str
    reason: str
    unread: tuple[Unread, ...] = field(default=())
    notices: tuple[str, ...] = field(default=())


def read_page(name: str, data: bytes) -> Page:
    """Decode a page into lines; PageError when it is too large or not UTF-8 text."""
    if len(data) > MAX_PAGE:
        raise PageError(f"{name}: {len(data):,} bytes, over the limit of {MAX_PAGE:,} for a page")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PageError(f"{name}: not UTF-8 at byte {error.start}") from None
    return split_page(name, text)


def split_page(name: str, text: str) -> Page:
    """Cut text into the lines of a page; PageError when there are too many, or one is too long."""
    lines = _ENDS.split(text)
    if len(lines) > MAX_LINES:
        raise PageError(f"{name}: {len(lines):,} lines, over the limit of {MAX_LINES:,} for a page")
    return Page(name, normal(lines))


def unread(page: Page, numbers: list[int]) -> tuple[Unread, ...]:
    """Name the lines left over, blank ones apart; text is made safe and cut."""
    return tuple(
        Unread(n, safe_text(page.lines[n - 1].strip())) for n in numbers if page.lines[n - 1].strip()
    )


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its info line, the line of its fence (1-based), its text lines, and its last line."""

    info: str
    line: int
    lines: tuple[str, ...]
    end: int


def fences_in(page: Page) -> Iterator[Fence]:
    """Yield the fenced blocks of a page; one that is never closed runs to the end, as CommonMark says."""
    start, mark, info = 0, "", ""
    for number, line in enumerate(page.lines, 1):
        match = _FENCE.match(line)
        if not start and match:
            start, mark, info = number, match[1], match[2].strip()
        elif start and match and _closes(match, mark):
            yield Fence(info, start, page.lines[start : number - 1], number)
            start = 0
    if start:
        yield Fence(info, start, page.lines[start:], len(page.lines))


def _closes(match: re.Match[str], mark: str) -> bool:
    return match[1].startswith(mark) and not match[2].strip()
