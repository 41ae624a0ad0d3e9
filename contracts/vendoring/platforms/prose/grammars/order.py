"""In which order lines tell a field, and how deep fields stand where only their order tells it."""

from __future__ import annotations

import re

from contracts.vendoring.pages import Field, read_facets
from contracts.vendoring.platforms.prose.columns import NAME
from contracts.vendoring.platforms.prose.text import Row

_BADGED = re.compile(r"required|optional|mandatory", re.IGNORECASE)


def lists_items(rows: list[Row], first: int) -> bool:
    """Whether a bracket opens a list before the first field, which stands on line `first`."""
    return any(
        re.fullmatch(r"[•*-]?\s*array\s*\[", row.text, re.IGNORECASE) for row in rows if row.number < first
    )


def chain(fields: list[Field], maps: set[str]) -> None:
    """Tell how deep fields stand where an object's members follow it, and nothing says where they end.

    A name that its object has already belongs to an object further out.
    """
    open_: list[set[str]] = [set()]
    for one in fields:
        while len(open_) > 1 and one.name in open_[-1]:
            open_.pop()
        one.depth = len(open_)
        open_[-1].add(one.name)
        if one.name not in maps and (one.opens or one.schema.get("type") == "object"):
            open_.append(set())


def names_first(rows: list[Row]) -> list[Row]:
    """Give the rows with the name before the type, where a section has type, name and badge by lines."""
    if not any(_BADGED.fullmatch(row.text) for row in rows):
        return rows
    kinds = "".join(map(_kind, rows))
    first = kinds.find("t", 1 if rows[0].text == "object" else 0)
    named = first > 0 and kinds[first - 1] == "n" and rows[first - 1].text[0].islower()
    if kinds[first : first + 3] != "tnb" or named:
        return rows
    rows = list(rows)
    for match in re.finditer("tnb", kinds):
        at = match.start()
        rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return rows


def _kind(row: Row) -> str:
    """Tell in a letter whether a line is a badge, a type, a lone name or anything else."""
    if row.code:
        return "-"
    if _BADGED.fullmatch(row.text):
        return "b"
    read = read_facets(row.text)
    typed = read.typed and not read.rest and row.text[0] not in "\"'"
    return "t" if typed else "n" if re.fullmatch(NAME, row.text) else "-"
