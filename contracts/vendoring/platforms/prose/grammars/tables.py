"""Tables as fields: a head that names its columns, or none where names and types stand first."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Final

from contracts.vendoring.pages import NO, YES, Facets, Field, Listing, made, nested, read_facets, words_at
from contracts.vendoring.platforms.prose.columns import NAME, column_of, wide_column_of
from contracts.vendoring.platforms.prose.grammars.within import members_in, own
from contracts.vendoring.platforms.prose.text import EMPHASIS, Row

_ALSO: Final = {"null", "string", "number", "integer", "boolean", "object", "array", "undefined"}
_MARK: Final = r"(?:\s*(?:↳|└─*|├─*|»|>|∟|⤷|→|\.\.|--?(?=\s)|·|•))+"
_MEDIA = re.compile(r"[\w-]+/[\w.+-]+")
_VENDORS = re.compile(r"([A-Z]\w*(?:\.\w+){0,6}) ?(\[\]|array|list)?(?: objects?)?")
_GROUP = re.compile(r"\|?\s*(?:\*\*|__)[^|*]+(?:\*\*|__)\s*(?:\|\s*){2,}$")  # a title between rows
_COUNTED: Final = {"cardinality", "occurrence", "occurrences", "occurs", "multiplicity"}
_BADGED = re.compile(r"required|optional|mandatory", re.IGNORECASE)
_DEPTH = re.compile(rf"^({_MARK}|\s{{2,}})\s*")


def cells(row: Row) -> list[str]:
    """Give the cells of a table's row: apart by bars, tabs or wide gaps; [] when the line is none."""
    return [_cell(part) for part in _parts(row)]


def _parts(row: Row) -> list[str]:
    """Cut a table's row into its cells as they stand there."""
    raw = row.raw.replace("\\|", "\u2502")
    if re.fullmatch(r"(?:\"[^\"|]{1,60}\"\s*\|\s*)+\"[^\"|]{1,60}\"", raw[:2000]):
        return []  # alternatives of a value
    if raw[:1] != "|" and (kinds := read_facets(raw[:200])).typed and not kinds.rest:
        return []  # a type of many
    tabs = "\t" in raw and raw[0] != "|"
    if "|" in raw and not tabs and not re.match(r"^[-*•]\s", raw):
        parts = raw.strip().removeprefix("|").removesuffix("|").split("|")
    elif "\t" in raw or "   " in raw:
        parts = re.split(r"\t| {3,}", raw)
    else:
        return []
    return parts if len(parts) > 1 else []


def _cell(text: str) -> str:
    text = re.sub(
        r"<br\s*/?>", " · ", unescape(text.replace("\u2502", "|").replace("\\*", "*")), flags=re.IGNORECASE
    )
    text = re.sub(r"</?[a-zA-Z]+(?: [^<>]{0,120})?/?>(?<!<string>)", "", text) if "</" in text else text
    text = re.sub(r"\[([^\]]+)\]\([^)\s]*\)", r"\1", text)
    text = re.sub(r"\*\*|__(?=\w)|(?<=\w)__", "", text)
    return EMPHASIS.sub(lambda m: m[1] or m[2], text)


def head_of(row: Row) -> dict[int, str]:
    """Tell what the columns hold, when this row is a table's head."""
    named: dict[int, str] = {}
    if any((read := read_facets(cell.strip())).typed and not read.rest for cell in cells(row)[1:]):
        return {}
    for index, cell in enumerate(cells(row)):
        word = re.sub(r"\s+", " ", cell.strip(" `*:").lower())
        column = column_of(word) or wide_column_of(word)
        if index == 0 and not column and re.search(r"\w(?:Name|Property|Field|Parameter)$", cell.strip()):
            column = "name"
        if column and column not in named.values():
            named[index] = column
    if "type" not in named.values():
        named = {index: "type" if column == "format" else column for index, column in named.items()}
    alone = named == {0: "name"} and len(cells(row)) == 2 and _title_like(cells(row)[1])
    return named if alone or ("name" in named.values() and len(named) > 1) else {}


def _unnamed(rows: list[Row]) -> dict[int, str]:
    """Tell what two columns hold whose titles are empty: names of members and their meanings."""
    if any(cell.strip() for cell in cells(rows[0])):
        return {}
    names = [cells(row)[0].strip(" `*") for row in rows[1:] if set(row.raw) - set("|-: ")]
    told = len(names) > 2 and all(re.fullmatch(NAME, name) and name[0].islower() for name in names)
    return {0: "name", 1: "prose"} if told else {}


def _title_like(cell: str) -> bool:
    """Whether a cell can be the title of a column: a few words that are no type and no sentence."""
    text = cell.strip(" `*:")
    return len(text.split()) < 4 and text[-1:] != "." and not read_facets(text).typed


def table_of(rows: list[Row]) -> Listing | None:
    """Read the rows of one table; None when neither its head nor its cells tell what is what."""
    named = head_of(rows[0]) or _unnamed(rows)
    if not named:
        return _headless(rows)
    head = [re.sub(r"\s+", " ", c.strip(" `*:").lower()) for c in cells(rows[0])]
    at = {column: index for index, column in named.items()}
    at |= _told_by_cells(rows[1:], at)
    cut = [
        (_rejoined(_parts(row), at, len(head)), row.number) for row in rows[1:] if not _GROUP.match(row.raw)
    ]
    _join_names(cut, at["name"], head)
    _dot_names(cut, at["name"])
    _unmark([parts for parts, _ in cut], at, head)
    found = [one for parts, line in cut for one in _row(parts, at, head, line)]
    return Listing(nested(found), rows[0].title, head[at["name"]], line=rows[0].number) if found else None


def _unmark(rows: list[list[str]], at: dict[str, int], head: list[str]) -> None:
    """Write marks of presence as words where only their column tells what they mean: circles and crosses."""
    column = at.get("required", -1)
    rows = [parts for parts in rows if 0 <= column < len(parts)]
    marks = {parts[column].strip().upper() for parts in rows}
    words = {"○": "no"} if {"●", "○"} <= marks else {}
    if {"O", "X"} <= marks or (marks and marks <= {"O", "X", ""} and not head[column].isascii()):
        words = {"O": "yes", "X": "no"}
    for parts in rows if words else ():
        parts[column] = words.get(parts[column].strip().upper(), parts[column] if "○" in words else "")


def _join_names(cut: list[tuple[list[str], int]], name: int, head: list[str]) -> None:
    """Put the names of a second column, of members of what the first one names, into the first."""
    titles = (i for i, title in enumerate(head) if (column_of(title) or wide_column_of(title)) == "name")
    child = next((i for i in titles if i > name), len(head))
    if not re.search(r"\b(?:child|sub|nested|inner)", head[child] if child < len(head) else ""):
        return
    for parts, _ in cut:
        if child < len(parts) and (inner := parts[child].strip()):
            outer = parts[name].strip()
            parts[name] = f"{outer}.{inner}" if outer else f"   {inner}"


def _dot_names(cut: list[tuple[list[str], int]], name: int) -> None:
    """Write `data/id` with a dot in a table that has such a row below one about `data`."""
    known = {parts[name].strip(" `*") for parts, _ in cut if name < len(parts)}
    slashed = any(bare.rpartition("/")[0] in known for bare in known if "/" in bare)
    for parts, _ in cut if slashed else ():
        bare = parts[name].strip(" `*") if name < len(parts) else ""
        if re.fullmatch(r"\w+(?:/\w+)+", bare):
            parts[name] = bare.replace("/", ".")


def _told_by_cells(rows: list[Row], at: dict[str, int]) -> dict[str, int]:
    """Find the columns that hold badges or types and nothing else, whatever their titles say."""
    cut = [[c.strip(" *_`") for c in cells(row)] for row in rows if set(row.raw) - set("|-: ")]
    found: dict[str, int] = {}
    for index in range(len(cut[0])) if cut else ():
        column = [row[index] for row in cut if index < len(row)]
        kind = "required" if all(_BADGED.fullmatch(c) for c in column) else ""
        kind = kind or ("type" if sum(map(_typed, column)) * 3 >= len(column) * 2 else "")
        if kind and kind not in {*at, *found} and index not in at.values():
            found[kind] = index
    return found


def _typed(text: str) -> bool:
    read = read_facets(text)
    return read.typed and not read.rest and text[:1].isalpha()


def _rejoined(parts: list[str], at: dict[str, int], width: int) -> list[str]:
    """Join a type that its own bars have cut apart: `string | null`."""
    kind = at.get("type", len(parts))
    while len(parts) > width and kind + 1 < len(parts) and parts[kind + 1].strip(" `").lower() in _ALSO:
        parts = [*parts[:kind], f"{parts[kind]}|{parts[kind + 1]}", *parts[kind + 2 :]]
    return parts


def _headless(rows: list[Row]) -> Listing | None:
    """Read a table without a head whose first cells are names and whose second cells start with a type."""
    found: list[Field] = []
    for row in rows:
        parts = [p.strip() for p in cells(row)]
        name = re.fullmatch(rf"[`'\"“]?({NAME}?)[`'\"”]?(\s?\*)?(?:[\s(,·]+(.*))?", parts[0])
        read = read_facets(name[3] or "") if name else Facets()
        typed = read_facets(parts[1].strip())
        if name is None or read.rest or not typed.typed:
            continue
        read.take(typed)
        for cell in parts[2:]:
            read.take(read_facets(cell) if _BADGED.fullmatch(cell) else Facets())
        found.append(made(name[1] + (name[2] or ""), read, typed.rest, row.number))
    return (
        Listing(nested(found), rows[0].title, "", line=rows[0].number)
        if found and len(found) * 2 >= len(rows)
        else None
    )


def _row(written: list[str], at: dict[str, int], head: list[str], line: int) -> list[Field]:
    """Read a row: its field, and the members that its cells list."""
    inner: list[Field] = []
    written = list(written)
    for index in range(len(written)) if len(written) > 1 else ():
        if index != at["name"] and not inner:
            written[index], inner = members_in(written[index], line)
    parts = [_cell(part) for part in written]
    one = _own_row(parts, at, head, line)
    return [one, *own(one, " ".join(parts), inner)] if one else []


def _own_row(parts: list[str], at: dict[str, int], head: list[str], line: int) -> Field | None:
    def cell(column: str) -> str:
        return parts[at[column]].strip() if column in at and at[column] < len(parts) else ""

    raw = parts[at["name"]] if at["name"] < len(parts) else ""
    mark = _DEPTH.match(raw)
    name = re.match(
        rf"\*?[`'\"“]?(<{NAME}>|{{{NAME}}}|{NAME}?)[`'\"”]?(\s?\*|\?)?(?:[\s(,·]+(.*))?$",
        raw[mark.end() :].strip() if mark else raw.strip(),
    )
    if name is None or set("".join(parts)) <= set("-: "):
        return None
    if _typed(name[1]) and raw.strip()[:1].isupper() and not read_facets(cell("type")).typed:
        return None  # the cells of the name and the type were joined, and the name is lost
    read = read_facets(name[3] or "")
    if name[3] and read.rest and " " in read.rest:
        return None
    if (short := read.rest.strip("(). ").lower()) in {"req", "m", "opt", "o"}:
        read.required = short in {"req", "m"}
    read.take(_type_of(cell("type"), cell("prose")))
    _said_in_column(
        read, cell("required"), head[at["required"]] if at.get("required", 99) < len(head) else ""
    )
    prose = _values_of(read, cell, parts[-1].strip()) or next(
        (p.strip() for i, p in enumerate(parts) if i not in at.values() and " " in p.strip()), ""
    )
    where = cell("in").strip("`() ").lower()
    one = made(name[1], read, prose, line, _depth(mark[1]) if mark else 0)
    if name[2] or re.search(r"\s\*$", cell("type")) or raw.strip().startswith("*"):
        one.required = name[2] != "?"
    one.where = next((w for w in ("path", "query", "header", "cookie", "body") if w in where), one.where)
    return one


def _values_of(read: Facets, cell: Callable[[str], str], last: str) -> str:
    """Take what the columns of format, null, values and default say; give the prose, with the default."""
    if re.fullmatch(r"[a-z][a-z0-9-]{1,22}", form := cell("format").strip("` ").lower()):
        read.take(Facets({"format": form}) if read.typed else read_facets(form))
    read.null = read.null or cell("null").strip(" *_`.()").lower() in {*YES, "nullable", "null"}
    if enum := cell("enum").strip(" -–—"):
        words = [] if _MEDIA.fullmatch(enum) else words_at(enum, 0)[0]
        read.take(Facets({"enum": words} if len(words) > 1 else {}))
    default, prose = cell("default").strip("` "), cell("prose")
    if default and default.lower() not in {"-", "–", "—", "none", "n/a", "null", ""}:
        prose = f"{prose} Default: {default}".strip()
    if "enum" in cell("type").lower() and "enum" not in read.schema:
        read.take(Facets({"enum": words_at(prose or last, 0)[0]}))
    return prose


def _type_of(cell: str, prose: str) -> Facets:
    """Read the cell of the type; a name of the vendor's is one, and so is prose that has moved into it."""
    if bank := re.fullmatch(r"(?:ANS?|AS?)|N", cell.strip("` ")):  # letters, digits and special characters
        return Facets({"type": "number" if bank[0] == "N" else "string"}, typed=True)
    read = read_facets(cell.replace("`", ""))
    if not read.read and (vendors := _VENDORS.fullmatch(cell.strip("` "))):
        many = {"type": "array", "items": {"type": "object"}} if vendors[2] else {}
        return Facets(many, of=vendors[1], typed=True)
    moved = read_facets(prose) if not read.typed else read
    return moved if moved.typed and not moved.rest else read  # an empty cell was dropped before it


def _said_in_column(read: Facets, cell: str, head: str) -> None:
    said = cell.strip(" *_`.()").lower()
    word = re.split(r"[\s,;(]", said)[0] if said not in NO else said
    if word and word == re.split(r"[\s?/]", head)[0]:
        read.required = not head.startswith("optional")
    elif (word in YES | NO and head not in {"use", *_COUNTED}) or word in {"required", "optional"}:
        read.required = (word in YES) != (
            head.startswith("optional") and word not in {"required", "optional"}
        )
    elif not said and "required" in head and read.required is None:
        read.required = False if head else None
    elif head in _COUNTED and re.match(r"[01]", said):
        read.required = said.startswith("1")


def _depth(mark: str) -> int:
    if wide := mark.count("\u2003"):
        return wide
    arrows = len(re.findall(r"↳|└─*|├─*|»|>|∟|⤷|→|\.\.|-{1,2}|·|•", mark))
    return arrows or (len(mark) - 1) // 2
