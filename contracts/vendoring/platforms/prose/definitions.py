"""Types that a page describes below headings of their own, and which answer or body each of them is."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from contracts.model import Json
from contracts.vendoring.pages import Field
from contracts.vendoring.platforms.prose.grammars import cells
from contracts.vendoring.platforms.prose.text import ProsePage, Row

_NAME: Final = r"[A-Z]\w+(?:\.\w+)*"
_LISTS = re.compile(r"\b(?:array|list)\b|\[", re.IGNORECASE)
_AROUND = re.compile(r"\b(?:array|list|of|object|enum)s?\b|[\[\]<>()`*\s]|·", re.IGNORECASE)


class Defined(NamedTuple):
    """Where a described type goes: "fields" or "body", the status, whether there are many of it."""

    place: str
    status: str = ""
    many: bool = False


_VALUES: Final = re.compile(r"(?:values?|enums?|valeurs?|valor(?:es)?|werte?|值|値)", re.IGNORECASE)


class Types:
    """The described types of a page: where each goes, which rows name one, and the words that some list."""

    def __init__(self, prose: ProsePage) -> None:
        titles = {r.text for r in prose.rows if r.heading and re.fullmatch(_NAME, r.text)}
        named = [(row, *one) for row in prose.rows if not row.code and titles for one in _named(row, titles)]
        self.placed = _placed(named)
        self.rows = {row.number: (name, many) for row, name, many in named}
        self.words = _words(prose, {name for _, name, _ in named})

    def complete(self, one: Field) -> None:
        """Give a field the type that its row names."""
        name, many = self.rows.get(one.line, ("", False))
        if not name or one.schema.get("type"):
            return
        words = self.words.get(name, [])
        schema: dict[str, Json] = {"type": "string", "enum": words} if words else {"type": "object"}
        one.schema = {"type": "array", "items": schema} if many else schema
        one.of, one.typed = "" if words else name, True


def _words(prose: ProsePage, names: set[str]) -> dict[str, list[str]]:
    """Read the tables below the headings of types whose first column lists allowed words."""
    found: dict[str, list[str]] = {}
    title = ""
    for row in prose.rows:
        parts = [cell.strip(" `*") for cell in cells(row)]
        if row.title in names and parts and _VALUES.fullmatch(parts[0]):
            title = row.title
        elif not parts or row.title != title:
            title = ""
        elif parts[0] and set(parts[0]) - set("-: "):
            found.setdefault(title, []).append(parts[0])
    return found


def _placed(named: list[tuple[Row, str, bool]]) -> dict[str, Defined | None]:
    """Tell where the types go that tables name; None for one that this operation does not have."""
    titles = {name for _, name, _ in named}
    found: dict[str, Defined | None] = {}
    inner: dict[str, set[str]] = {}
    for row, name, many in named:
        inner.setdefault(row.title, set()).add(name)
        if row.title in titles:
            continue
        parts = [cell.strip(" `*") for cell in cells(row)]
        status = re.match(r"[2-5]\d\d", parts[0])
        if status and row.kind in {"response", "errors"}:
            found[name] = Defined("fields", status[0], many)
        elif "body" in {part.lower() for part in parts}:
            found[name] = Defined("body", many=many)
    reached = list(found)
    for name in reached:
        for other in sorted(inner.get(name, set()) - found.keys()):
            place = found[name]
            found[other] = place._replace(many=False) if place else None
            reached.append(other)
    return found | dict.fromkeys(titles - found.keys()) if found else {}


def _named(row: Row, titles: set[str]) -> list[tuple[str, bool]]:
    """Give the types that a row of a table names in a cell of their own, and whether as a list."""
    found = []
    for cell in cells(row)[1:]:
        name = _AROUND.sub("", cell)
        if name in titles and name != row.title:
            found.append((name, _LISTS.search(cell) is not None))
    return found
