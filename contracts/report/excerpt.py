"""A few lines of a spec around a finding, as its file has them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from contracts.model import SourceLine
from contracts.text import safe_text

MAX_BYTES: Final = 8 * 1024 * 1024
_AROUND: Final = 3


class Line(NamedTuple):
    """One line of a file: its number, its safe text, whether it is the one meant."""

    number: int
    text: str
    meant: bool


Excerpt: TypeAlias = Callable[[SourceLine], tuple[Line, ...]]
"""Gives the lines around a place; nothing when the file cannot be shown."""


def nothing(_: SourceLine) -> tuple[Line, ...]:
    """Show no lines: the excerpt of a report that is written away from its files."""
    return ()


def excerpts(root: Path, bundled: Path) -> Excerpt:
    """Read from the project's root, else from the bundled specs; never from outside of the two."""
    bases = ((root.resolve(), ""), (bundled.resolve(), "specs/"))

    @lru_cache(maxsize=64)
    def lines(name: str) -> tuple[str, ...]:
        found = (_read(base, name.removeprefix(prefix)) for base, prefix in bases)
        return next(filter(None, found), ())

    return lambda place: around(lines(place.file), place.line) if place.line else ()


def _read(base: Path, name: str) -> tuple[str, ...]:
    """Read a file below the base; nothing for any other name, since a page without excerpts is still one."""
    try:
        path = (base / name).resolve()
        if path.is_relative_to(base) and path.is_file() and path.stat().st_size <= MAX_BYTES:
            return tuple(path.read_text(encoding="utf-8", errors="replace").split("\n"))
    except (OSError, ValueError):
        pass
    return ()


def around(lines: tuple[str, ...], number: int) -> tuple[Line, ...]:
    """Cut three lines before and after, without the indentation that all of them share."""
    if not 1 <= number <= len(lines):
        return ()
    first = max(number - _AROUND, 1)
    cut = lines[first - 1 : number + _AROUND]
    shared = min((len(text) - len(text.lstrip(" ")) for text in cut if text.strip()), default=0)
    return tuple(
        Line(first + offset, safe_text(text[shared:].rstrip(), 120), first + offset == number)
        for offset, text in enumerate(cut)
    )
