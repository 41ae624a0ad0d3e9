"""Fenced code blocks of Markdown, with the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.vendoring.pages.page import Page

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$")


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
