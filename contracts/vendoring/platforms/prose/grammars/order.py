"""In which order lines tell a field, and how deep fields stand where only their order tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from contracts.vendoring.pages import read_facets
from contracts.vendoring.platforms.prose.columns import NAME
from contracts.vendoring.platforms.prose.text import Row

_GLUED = re.compile(
    r"((?:string|integer|number|boolean|object|array)(?:\[\])*)(optional|required)?([a-z_]\w*)"
)
_LIST = re.compile(r"[•*-]?\s*(?i:array\s*\[|`?(?:list|array) of (?:\w+ )?objects?`?)|Array")
_VALUE = re.compile(r"(?=\S*\d)\S+|[A-Z]{2,}")
_BADGED = re.compile(r"required|optional|mandatory", re.IGNORECASE)


def lists_items(rows: list[Row], first: int) -> bool:
    """Whether a list opens before the first field, which stands on line `first`: a bracket, or its type."""
    return any(_LIST.fullmatch(row.text) for row in rows if row.number < first)


def apart(rows: list[Row]) -> list[Row]:
    """Give the rows with every name on a line of its own: behind a type, or behind an example's value."""
    rows = list(_unglued(rows))
    if "object" not in [row.text for row in rows[:4]]:
        return rows
    kinds = "".join(map(_kind, rows))
    for at in range(1, len(rows) - 2):
        value, _, last = rows[at].text.rpartition(" ")
        named = re.fullmatch(r"[a-z]+(?:_[a-z0-9]+)+|[a-z]+[A-Z]\w*", last) is not None
        named = named or (last.islower() and _VALUE.fullmatch(value) is not None)
        if value and named and kinds[at - 1] == "t" and "t" in kinds[at + 1 : at + 3]:
            rows[at] = replace(rows[at], text=last, raw=last)
    kinds = "".join(map(_kind, rows))
    ends = re.compile("t-t").finditer(kinds)
    end = next((m.start() + 1 for m in ends if rows[m.start() + 2].text == "object"), len(rows))
    return rows[:end]


def _unglued(rows: list[Row]) -> Iterator[Row]:
    """Part a type from the name of the next field behind it: `stringoptionalstatus` below a name."""
    name = False
    for row in rows:
        glued = _GLUED.fullmatch(row.text) if name and not row.code else None
        if glued and glued[3] != "s":
            yield replace(row, text=f"{glued[1]} {glued[2] or ''}".strip())
            yield replace(row, text=glued[3], raw=glued[3])
            continue
        yield row
        name = re.fullmatch(NAME, row.text) is not None and not read_facets(row.text).typed


def names_first(rows: list[Row]) -> list[Row]:
    """Give the rows with the name before the type, where a section has type, name and badge by lines."""
    if not any(_BADGED.fullmatch(row.text) for row in rows):
        return rows
    kinds = "".join(map(_kind, rows))
    first = kinds.find("t", 1 if rows[0].text == "object" else 0)
    named = first > 0 and kinds[first - 1] == "n" and rows[first - 1].text[0].islower()
    if kinds[first : first + 3] != "tnb" or named or kinds[:first].endswith("nb"):
        return rows
    rows = list(rows)
    for match in re.finditer("tnb", kinds):
        at = match.start()
        rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return rows


def _kind(row: Row) -> str:
    """Tell in a letter whether a line is a badge, a type, a lone name or anything else."""
    if row.code or row.text == "Array":  # opens a list
        return "-"
    if _BADGED.fullmatch(row.text):
        return "b"
    read = read_facets(row.text)
    typed = read.typed and not read.rest and row.text[0] not in "\"'"
    return "t" if typed else "n" if re.fullmatch(NAME, row.text) else "-"
