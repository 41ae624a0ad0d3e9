"""Which of the lines that a platform did not use hold something that it should have read.

A page is full of sentences, buttons and menus, which no reader misses. What counts is a row of a table, a
field with its type, and JSON, of which nothing came into the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages import Extraction, Page
from contracts.vendoring.platforms.prose import Row, cells, prose_page, read_lines

_JSON: Final = re.compile(r"\s*(?:[{}\[\]]|[\"'][^\"']*[\"']\s*(?::|,?\s*$))")
_MARKS: Final = " -`*'\"“”{}<>():,\\"
_NAMED: Final = {"properties", "patternProperties", "responses", "paths", "schemas", "securitySchemes"}


def content_left(page: Page, read: Extraction) -> Extraction:
    """Give the extraction with those of its unread lines that hold rows, fields or JSON.

    A notice names every table and every JSON text of which nothing was taken.
    """
    left = _Left(page, read)
    if left.candidates:
        left.tables()
        left.fields()
        left.bodies()
    kept = tuple(one for one in read.unread if one.line in left.lines)
    told = "\n".join(read.notices)
    wholes = sorted(left.wholes.items())
    more = (f"{page.name}:{line}: nothing was taken from this {what}" for line, what in wholes)
    new = tuple(text for text in more if text.partition(": ")[0] + ": " not in told)
    return replace(read, unread=kept, notices=(*read.notices, *new))


class _Left:
    """The lines with content that were left, and what of the page was left as a whole by its first line."""

    def __init__(self, page: Page, read: Extraction) -> None:
        self.candidates = {one.line for one in read.unread}
        self.words = set(_words(read.document))
        self.prose = prose_page(page)
        self.lines: set[int] = set()
        self.wholes: dict[int, str] = {}

    def tables(self) -> None:
        """Take the unread rows of every table; the head with them where no row of the table was read."""
        for is_table, group in groupby(self.prose.rows, lambda row: not row.code and len(cells(row)) > 1):
            table = [row for row in group if is_table and cells(row)[0].strip(_MARKS)]
            if len(table) < 2:
                continue
            left = [row for row in table[1:] if not self._read(row.number, *cells(row)[:2])]
            if len(left) + 1 == len(table) and table[0].number in self.candidates:
                self.wholes[table[0].number] = "table"
                left = table
            self.lines.update(row.number for row in left)

    def fields(self) -> None:
        """Take the unread lines, outside of tables, that name a field with its type or a badge."""
        for rows in self.prose.sections():
            lines = [row for row in rows if not (row.heading or row.code or len(cells(row)) > 1)]
            found = read_lines(lines, loose=False)[0] if lines else []
            self.lines.update(one.line for one in found if not self._read(one.line, one.name))

    def bodies(self) -> None:
        """Take the unread lines of JSON: those of code that is no program and no command."""
        programs = {
            self.prose.numbers[n - 1]
            for block in self.prose.blocks
            if block.sdk
            for n in range(block.first, block.first + len(block.lines))
        }
        code = self.candidates - self.prose.commands - programs
        for is_left, group in groupby(self.prose.rows, lambda row: row.code and row.number in code):
            rows: list[Row] = [row for row in group if _JSON.match(row.raw)] if is_left else []
            self.lines.update(row.number for row in rows)
            self.wholes |= {row.number: "JSON" for row in rows[:1]}

    def _read(self, line: int, *names: str) -> bool:
        """Whether a line was used, or one of its names or values stands in the document."""
        return line not in self.candidates or any(_spellings(name) & self.words for name in names)


def _words(document: Json) -> Iterator[str]:
    """Yield the names and values that a document holds: members, parameters, statuses, paths, words."""
    todo: list[tuple[str, Json]] = [("", document)]
    while todo:
        key, one = todo.pop()
        if isinstance(one, dict):
            yield from map(str, one if key in _NAMED else ())
            yield from (str(method).upper() for method in (one if key[:1] == "/" else ()))
            todo += ((str(name), inner) for name, inner in one.items())
        elif isinstance(one, list):
            todo += [(key, item) for item in one]
        elif key not in {"type", "in"}:
            yield str(one)


def _spellings(text: str) -> set[str]:
    """Give a name or value of the page as the document may have it: bare, its first word, its last member."""
    bare = text.strip(_MARKS)
    first = re.split(r"[\s(]", bare)[0].strip(_MARKS)
    return {bare, first, re.sub(r"\[[^\[\]]*\]", "", first).rpartition(".")[2]} - {""}
