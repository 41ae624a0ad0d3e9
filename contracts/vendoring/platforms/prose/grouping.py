"""The rows of a section as listings: its tables, each with the object that it describes, and its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Final

from contracts.vendoring.pages import Field, Listing, is_badge_or_type, made, read_facets
from contracts.vendoring.platforms.prose.columns import NAME, glued_titles
from contracts.vendoring.platforms.prose.grammars import (
    FUSED,
    cells,
    head_of,
    lists_items,
    read_lines,
    table_of,
    told,
)
from contracts.vendoring.platforms.prose.operations import bare_name
from contracts.vendoring.platforms.prose.sections import ADDRESS, METHOD
from contracts.vendoring.platforms.prose.text import Row

_RULE = re.compile(r"[|:\s-]*-{2,}[|:\s-]*")
_STATED = re.compile(
    rf"(?:{METHOD})\s*[:：]\s*(?:GET|POST|PUT|PATCH|DELETE)|(?:response|status)\s*:\s*[2-5]\d\d\b.*",
    re.IGNORECASE,
)
_METHOD_ROW = re.compile(rf"\|?\s*(?:{METHOD})\s*\|\s*`?(?:GET|POST|PUT|PATCH|DELETE)`?\s*\|?", re.IGNORECASE)
_ADDRESS_ROW = re.compile(rf"\|?\s*(?:{ADDRESS})\s*\|\s*`?(?:https?:/)?/[^\s|]*\s*\|?", re.IGNORECASE)
_BULLETED = re.compile(r"[-*•+◦▪‣]\s")
_EACH: Final = r"(?:Each|Every|An?|Cada|Chaque|Jede[rs]?|Ogni|Elke?)"
_CAPTION = re.compile(r"(?:table|tabelle|tabla|tableau|tabela)\s+\d+[\s.:–—-]+(.+)$", re.IGNORECASE)


def without_statement(rows: list[Row]) -> list[Row]:
    """Leave out a table of two columns that states method and address: its other rows are no fields."""
    left: list[Row] = []
    rows = [row for row in rows if not _STATED.fullmatch(row.text)]
    for (is_table, _), group in groupby(
        enumerate(rows), lambda pair: ("|" in pair[1].raw, pair[1].number - pair[0])
    ):
        table = [row for _, row in group]
        stated = is_table and all(
            any(said.fullmatch(r.text) for r in table) for said in (_METHOD_ROW, _ADDRESS_ROW)
        )
        left += [] if stated else table
    return left


def _bulleted(fields: list[Field], rows: list[Row]) -> bool:
    """Whether fields that have prose only are a list of members all the same: three bullets or more."""
    marks = {row.number for row in rows if _BULLETED.match(row.text)}
    return len(fields) > 2 and all(
        one.line in marks and (one.name[0].islower() or "." in one.name) for one in fields
    )


def listings(rows: list[Row], *, loose: bool, alone: bool = False) -> Iterator[Listing]:
    """Read the rows of one section: every table is a listing, and everything outside tables one more.

    Where they stand `alone`, without examples, bullets with prose only are members too.
    """
    lines = {row.number: one for row in rows if (one := told(row))}
    yield from lines.values()
    rows = [row for row in rows if row.number not in lines]
    rest: list[Row] = []
    head: Row | None = None
    known: set[str] = set()
    braced = any(row.text == "}" for row in rows)  # a model, whose lines are no rows of a table
    for group in [rows] if braced else _grouped(rows):
        width = 1 if braced else len(cells(group[0]))
        if width > 1:
            headed = bool(head_of(group[0]))
            ruled = any(_RULE.fullmatch(row.raw) for row in group)
            goes_on = head is not None and not headed and not ruled and len(cells(head)) == width
            table = table_of([head, *group] if head is not None and goes_on else group)
            head = group[0] if headed else head
            if table is not None:
                owned = _owned(table, rest[-2:], known)
                known |= {one.name for one in owned.fields}
                rest = [row for row in rest if row.number != owned.fields[0].line]
                yield owned
                continue
        elif head is not None and all(r.indent and _BULLETED.match(r.text) for r in group):
            continue  # what the prose of the row above lists
        rest += group
    title = rows[0].title if rows else ""
    for caption, part in _captioned(rest):
        strong, weak = read_lines(part, loose=loose)
        if alone and weak and _bulleted([*strong, *weak], part):
            strong, weak = sorted([*strong, *weak], key=lambda one: one.line), []
        for found, is_weak in ((strong, False), (weak, True)):
            if found:
                first = found[0].line
                many = lists_items(part, first)
                yield Listing(found, caption or title, weak=is_weak, line=first, many=many, ordered=True)


def _captioned(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Cut lines at every head of a table whose rows take several lines; the line above is its caption."""
    heads = [
        at for at, row in enumerate(rows) if not row.code and (glued_titles(row.text) or _opens(rows, at))
    ]
    starts = [at - 1 if at and re.fullmatch(NAME, rows[at - 1].text) else at for at in heads]
    starts.append(len(rows))
    yield "", rows[: starts[0]]
    for at, (start, end) in zip(heads, pairwise(starts), strict=True):
        yield rows[start].text if start < at else "", rows[at + 1 : end]


def _opens(rows: list[Row], at: int) -> bool:
    """Whether a line says that the type named above is an object: what stands below it is glued."""
    return rows[at].text == "object" and at + 1 < len(rows) and FUSED.match(rows[at + 1].text) is not None


def _owned(table: Listing, above: list[Row], known: set[str]) -> Listing:
    """Put a table's fields below the object that the line above names: `data (array)`, or the name alone."""
    names = {one.name for one in table.fields}
    for row in reversed(above):
        if caption := _CAPTION.match(row.text):
            return replace(table, title=caption[1])
        name, rest = _lead(row.text, known)
        read = read_facets(rest)
        kind = read.schema.get("type")
        if row.code or not name or read.rest or name in names or (rest and kind not in {"object", "array"}):
            continue
        if (
            (is_badge_or_type(name) and name not in known)
            or not (name.islower() or kind)
            or row.number < table.line - 6
        ):
            continue
        owner = made(name.rstrip(":"), read, "", row.number)
        for one in table.fields:
            one.name = f"{owner.name}.{one.name}"
        return replace(table, fields=[owner, *table.fields])
    return table


def _lead(text: str, known: set[str]) -> tuple[str, str]:
    """Give the name that a line above a table is about, and its type; "" when it names none.

    It stands alone, with its type, at the start of a sentence that ends in a colon, or as one: "item object".
    """
    if lead := re.fullmatch(rf"[`\"“]?({NAME})[`\"”]?(?:\s*[(:–—-]\s*(.*?)\)?)?\s*:?", text):
        return (lead[1], lead[2] or "") if lead[1].isascii() else ("", "")
    told = re.match(rf"[`\"“]?({NAME})[`\"”]?\s[^|]{{3,100}}:$", text)
    each = re.match(rf"{_EACH}\s+[`\"“]?({NAME})[`\"”]?\s[^|]{{3,100}}[:：.]$", text)
    if each and (many := next((k for k in known if bare_name(k) in _plurals(each[1])), "")):
        return many, ""
    one = re.fullmatch(rf"[`\"“]?({NAME})[`\"”]? (?:object|item)s?:?", text)
    if one and (many := next((k for k in known if k in {one[1], f"{one[1]}s", f"{one[1]}es"}), "")):
        return many, ""
    return (told[1], "") if told and told[1] in known else ("", "")


def _plurals(name: str) -> set[str]:
    """Give how a list of things of this name may be called, and the name itself."""
    bare = bare_name(name)
    return {bare, f"{bare}s", f"{bare}es", re.sub("y$", "ies", bare)}


def _grouped(rows: list[Row]) -> Iterator[list[Row]]:
    """Cut rows into runs of table rows and runs of others."""
    run: list[Row] = []
    kind = -1
    for row in rows:
        mine = len(cells(row)) > 1
        if len(run) > 2 and mine == kind and _RULE.fullmatch(row.raw):
            yield run[:-1]  # the row before a rule is a head, known or not
            run = run[-1:]
        if run and (mine != kind or (mine and head_of(row))):
            yield run
            run = []
        run.append(row)
        kind = mine
    if run:
        yield run
