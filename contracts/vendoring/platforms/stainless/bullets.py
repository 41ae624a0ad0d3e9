"""Nested Markdown bullets whose whole text is one code span: the members of a Stainless reference page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from contracts.vendoring.pages import Page

_BULLET = re.compile(r"^([ \t]*)[-*+][ \t]+(`+)[ \t]*(.+?)[ \t]*\2[ \t]*$")
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})")
MAX_DEPTH = 60
MAX_BULLETS = 10_000
MAX_LINE = 10_000


@dataclass(slots=True)
class Bullet:
    """A member: its code text, line, children, and the lines of prose under it (line number, text)."""

    text: str
    line: int
    children: list[Bullet] = field(default_factory=list)
    prose: list[tuple[int, str]] = field(default_factory=list)

    @property
    def description(self) -> str:
        """The prose as one text, paragraphs apart."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(text for _, text in self.prose)).strip()

    def count(self) -> int:
        """Count this bullet and all below it."""
        return 1 + sum(child.count() for child in self.children)


def bullets_in(page: Page, start: int, end: int) -> tuple[list[Bullet], list[int]]:
    """Read the bullets of lines `start` to `end` (1-based, both included), and the lines before the first.

    Indentation is compared, never measured, so that re-indented pages read the same. PageError names the
    line that nests too deep.
    """
    roots: list[Bullet] = []
    open_: list[tuple[int, Bullet]] = []
    before: list[int] = []
    left = MAX_BULLETS
    for number, line in _outside_fences(page, start, end):
        match = _BULLET.match(line) if len(line) < MAX_LINE else None
        if match is None:
            (open_[-1][1].prose.append((number, line.strip())) if open_ else before.append(number))
            continue
        left -= 1
        if left < 0:
            raise page.fail(number, f"more than {MAX_BULLETS:,} bullets, over the limit for a page")
        bullet = Bullet(match[3].strip(), number)
        _place(bullet, _width(match[1]), open_, roots)
        if len(open_) > MAX_DEPTH:
            raise page.fail(number, f"bullets nest deeper than {MAX_DEPTH} levels")
    return roots, before


def _place(bullet: Bullet, width: int, open_: list[tuple[int, Bullet]], roots: list[Bullet]) -> None:
    while open_ and open_[-1][0] >= width:
        open_.pop()
    (open_[-1][1].children if open_ else roots).append(bullet)
    open_.append((width, bullet))


def _width(indent: str) -> int:
    return len(indent.expandtabs(4))


def _outside_fences(page: Page, start: int, end: int) -> Iterator[tuple[int, str]]:
    mark = ""
    for number in range(start, end + 1):
        line = page.lines[number - 1]
        fence = _FENCE.match(line)
        if fence and not mark:
            mark = fence[1]
        elif fence and mark and fence[1].startswith(mark):
            mark = ""
        elif not mark:
            yield number, line
