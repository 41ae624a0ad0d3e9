"""The row grammars: tables, bullets, lines, stacked labels and fused labels, all as fields.

A grammar is strict where a section may hold anything: a name must look like one and a type or a badge must
stand beside it. In a section that lists fields it is enough that a name is followed by prose.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages import (
    NO,
    YES,
    Facets,
    Field,
    is_badge_or_type,
    kinds_of,
    made,
    read_facets,
)
from contracts.vendoring.platforms.prose.columns import COLUMNS, NAME
from contracts.vendoring.platforms.prose.grammars.below import BULLET, LABELLED, LISTED_BELOW, Below, spaced
from contracts.vendoring.platforms.prose.grammars.lines import (
    Started,
    fused,
    one_line,
    spelled_like_a_name,
)
from contracts.vendoring.platforms.prose.grammars.order import apart, names_first
from contracts.vendoring.platforms.prose.text import Row

_INLINE = re.compile(
    r"([A-Za-z_$@][\w$-]{0,63})`?\s*:\s*(Required|Optional|Mandatory)\b[.,;:]?\s*", re.IGNORECASE
)
_SLASHED = re.compile(rf"({NAME})/([\w\[\]-]+)/(required|optional)", re.IGNORECASE)
_SCALARS: Final = ({"string"}, {"integer"}, {"number"}, {"boolean"}, {"integer", "string"})
# What stands below the type of a field whose members follow.
_ITEMS = re.compile(r"array(?: ?\(.*\))?|object|items:?|hide .{1,40}", re.IGNORECASE)
_COUNTED = re.compile(r"hide (\d{1,3}) (?:properties|fields|attributes|members|keys)", re.IGNORECASE)
_OPEN = re.compile(r"^[•*-]?\s*(?:array|object|one of)?\s*[\[({]$", re.IGNORECASE)
_CLOSE = re.compile(r"^[•*-]?\s*[\])}]{1,2},?$")
# A member of a model in Swagger UI that has members: `owner Owner{`, `parts [Part{`; or the brace is below.
_MODEL = re.compile(rf"({NAME})(\*?)\t(\[?)(?:([A-Z]\w*) ?)?(\{{?)")
_NOISE = re.compile(
    r"^(?:(?:show|hide|expand|collapse) .{1,40}|copy|items:?|properties:?|child attributes|try it|--|any"
    r"|schema|example value"
    r"|no links|loading\.*|media type|controls accept header\.?|additional properties?.*"
    r"|array\b.{0,20}$(?<![\w\]>])|response body|object"
    r"|links|description|name)$",
    re.IGNORECASE,
)


def read_lines(rows: list[Row], *, loose: bool) -> tuple[list[Field], list[Field]]:
    """Read fields from lines outside tables: those with a type or badge, and those with prose only."""
    reader = _Reader(rows, loose)
    reader.read()
    shown = any(one.opens for one in reader.strong) or len(reader.strong) > len(reader.apart) + 1
    for one in reader.strong:
        one.may_open = shown and one.name in reader.apart and "object" in kinds_of(one.schema)
        one.opens = one.name not in reader.maps and (
            one.opens or (reader.rooted and one.schema.get("type") == "object")
        )
    return reader.strong, reader.weak


def _scalar(read: Facets) -> bool:
    """Whether a field is a plain value, which has no members."""
    kind = read.schema.get("type", [])
    return {*(kind if isinstance(kind, list) else [kind])} - {"null"} in _SCALARS


class _Reader(Below):
    """Reads the lines of one section."""

    def __init__(self, rows: list[Row], loose: bool) -> None:
        super().__init__(names_first(apart(rows)))
        self.loose = loose
        self.depth = 0
        self.glued = sum(fused(row.text) is not None for row in self.rows[:400]) > 1
        self.columns: list[str] = []
        self.rooted, self.maps = False, set[str]()
        self.apart = set[str]()  # whose type stands on the line below
        self.strong: list[Field] = []
        self.weak: list[Field] = []

    def read(self) -> None:
        while self.at < len(self.rows):
            row = self.rows[self.at]
            if row.code:
                self.at += 1
            elif (inline := list(_INLINE.finditer(row.text))) and not self._full(row.text.partition(":")[2]):
                self._inline(row, inline)
            elif (model := _MODEL.fullmatch(row.text)) and (model[5] or self._text(1) == "{"):
                self._model(row, model)
            elif _OPEN.match(row.text):
                self.depth, self.at = self.depth + 1, self.at + 1
            elif _CLOSE.match(row.text):
                self.depth, self.at = max(self.depth - 1, 0), self.at + 1
            elif columns := self._columns():
                self.columns, self.at = columns, self.at + len(columns)
            elif self._describes_answer(row) or not self._field(row):
                self.rooted = self.rooted or (row.text == "object" and not self.strong)
                self.at += 1

    def _text(self, ahead: int) -> str:
        return self.rows[self.at + ahead].text if self.at + ahead < len(self.rows) else ""

    def _model(self, row: Row, model: re.Match[str]) -> None:
        """Read a member whose own members follow in braces."""
        kind: dict[str, Json] = (
            {"type": "array", "items": {"type": "object"}} if model[3] else {"type": "object"}
        )
        found = Facets(kind, required=True if model[2] else None, typed=True)
        self.strong.append(made(model[1], found, "", row.number, self.depth * 100 + row.indent))
        self.depth, self.at = self.depth + 1, self.at + (1 if model[5] else 2)

    def _describes_answer(self, row: Row) -> bool:
        """Whether a word describes the answer that it heads: what stands below it is the whole body."""
        above = self.rows[self.at - 1].text if self.at else "200"
        below = [r.text for r in self.rows[self.at + 1 : self.at + 3]]
        heads = re.fullmatch(r"[-*•]?\s*[2-5]\d\d", above) is not None and row.text[0].isupper()
        return heads and below[:1] == ["object"] and below[1:] != [] and below[1][0].islower()

    def _columns(self) -> list[str]:
        """Give the columns of a table whose head stands line by line; [] when none starts here."""
        found: list[str] = []
        for row in self.rows[self.at : self.at + 6]:
            word = " ".join(row.text.lower().split())
            column = next((c for c, words in COLUMNS.items() if word in words), "")
            if not column or column in found or row.code:
                break
            found.append(column)
        typed = self._full(self._text(len(found)))  # then it is a field that is called "name"
        return found if len(found) > 1 and found[0] == "name" and not typed else []

    def _inline(self, row: Row, matches: list[re.Match[str]]) -> None:
        """Read `name: Required. Boolean. …`, several of which may be fused on one line."""
        for index, match in enumerate(matches):
            end = matches[index + 1].start() if index + 1 < len(matches) else len(row.text)
            said = Facets(required=match[2].lower() != "optional")
            self.strong.append(made(match[1], said, row.text[match.end() : end].strip(), row.number))
        self.at += 1

    def _field(self, row: Row) -> bool:
        text = _SLASHED.sub(r"\1 (\2, \3)", BULLET.sub("", row.text), count=1)
        depth = self.depth * 100 + row.indent + 2 * row.raw.startswith("• ")
        started = fused(text) or one_line(row, text, loose=self.loose) or self._stacked(row, text)
        if started is None:
            return False
        name, read, prose, weak, used = started
        index = self.at
        self.at += used
        prose = self._more(read, prose, row)
        if below := LISTED_BELOW.search(prose):
            read.take(Facets({"enum": self.word_lines() if below[1] else self.words_below(row)}))
        one = made(name, read, prose, row.number, depth)
        one.typed = one.typed or bool(one.schema)
        self.apart |= {one.name} if used == 2 else set()
        taken = [r.text for r in self.rows[index : self.at]]
        self.maps |= {one.name} if "additional properties" in taken else set()
        one.opens = "Array" in taken[1:] or any(_ITEMS.fullmatch(t) for t in taken[2:])
        one.members = next((int(m[1]) for m in map(_COUNTED.fullmatch, taken) if m), 0)
        one.opens = (
            one.opens
            or one.members > 0
            or any(re.fullmatch(r"array\[object\](?:\s*or null)?", t) for t in taken)
        )
        (self.weak if weak and not (one.typed or one.required is not None) else self.strong).append(one)
        return True

    def _stacked(self, row: Row, text: str) -> Started | None:
        """Read a name alone on its line, whose type or badge stands on the next."""
        lead = re.fullmatch(rf"[`\"“]?({NAME})[`\"”]?(\s?\*)?:?", text)
        if lead is None or lead[1].endswith(".") or text in {"Schema", "Example", "Examples"}:
            return None
        following = self.rows[self.at + 1] if self.at + 1 < len(self.rows) else None
        if following is None or following.code:
            return None
        below = BULLET.sub("", following.text)
        told = self._full(below) or self._typed_behind_prose(lead[1], below) or self._told_below()
        if _NOISE.match(text) and not told:
            return None
        if self.columns[1:2] == ["required"] and below.lower() in YES | NO:
            return lead[1], Facets(required=below.lower() in YES), "", False, 2
        if below.startswith(":") and len(below) > 2:
            prose = below.lstrip(": ")
            return lead[1], read_facets(prose, prose=True), prose, True, 2
        if self._told_below():
            return lead[1], Facets(), "", False, 1
        if far := self._typed_behind_prose(lead[1], below):
            typed, prose = self.rows[self.at + far].text, self.rows[self.at + far - 1].text
            return lead[1], read_facets(typed), prose, False, far + 1
        read = read_facets(below, prose=True) if not self._full(below) else read_facets(below)
        after = self.rows[self.at + 2 : self.at + 3]
        placed = read.where and any(read_facets(one.text).typed for one in after)
        known = read.typed or read.required is not None or read.null or placed
        if not known or (read.rest and not read.read):
            return (lead[1], Facets(), "", True, 1) if self.loose and text.startswith("`") else None
        if is_badge_or_type(lead[1]) and (text.startswith("`") or not self._full(below)):
            return None
        if lead[1].lower() in {"nullable", "required", "optional"}:
            return None
        star = "*" if lead[2] else ""
        return lead[1].lstrip(":") + star, read, read.rest, False, 2

    def _typed_behind_prose(self, name: str, below: str) -> int:
        """Tell how many lines below a name its type stands, with a title and prose between; 0 for nowhere."""
        if not spelled_like_a_name(name) or is_badge_or_type(name) or self._full(below):
            return 0
        lines = [row.text for row in self.rows[self.at + 1 : self.at + 4] if not row.code]
        titled = len(lines) > 2 and re.fullmatch(r"[A-Z][a-z]+", lines[0]) is not None
        told = [*lines[1:], ""] if titled and not self._full(lines[1]) else [*lines, "", ""]
        sentence = (
            not told[0].endswith("*")
            and told[0][:1].isupper()
            and " " in told[0]
            and not LABELLED.match(told[0])
        )
        read = read_facets(told[1])
        return (1 + titled + 1) if sentence and read.typed and not read.rest else 0

    def _told_below(self) -> bool:
        """Whether a labelled type ("Type: String") stands a few lines below, before the next lone name."""
        for row in self.rows[self.at + 1 : self.at + 7]:
            if (label := LABELLED.match(row.text)) and label["type"]:
                return True
            if row.code or re.fullmatch(rf"[-*•]?\s*{NAME}", row.text):
                return False
        return False

    @staticmethod
    @lru_cache(maxsize=4096)
    def _full(text: str) -> bool:
        read = read_facets(text)
        return read.read > 0 and not read.rest

    def _more(self, read: Facets, prose: str, start: Row) -> str:
        """Take the lines below a field: further badges, labelled values, then prose, until the next field."""
        parts = [prose] if prose else []
        while self.at < len(self.rows):
            row = self.rows[self.at]
            text = BULLET.sub("", row.text)
            if (
                parts
                and (below := LISTED_BELOW.search(parts[-1]))
                and (below[1] or row.indent > start.indent)
            ):
                break
            ends = (_OPEN, _CLOSE, _MODEL)
            if row.code or any(one.match(row.text) for one in ends) or _INLINE.search(row.text):
                break
            if self.said(text, read):
                continue
            if row.indent > start.indent and BULLET.match(row.text) and _scalar(read):
                parts += [text]
                self.at += 1
            elif self._facet(text, read, after_prose=bool(parts)):
                read.take(read_facets(text))
                self.at += 1
            elif self.starts():
                break
            elif not parts and not read.typed and (more := read_facets(text, prose=True)).typed:
                read.take(more)
                parts += [more.rest] if more.rest else []
                self.at += 1
            else:
                parts += [] if _NOISE.match(text) else [text]
                self.at += 1
        if "enum" not in read.schema and self._says_enum(start):
            lone = list(takewhile(re.compile(r"[\w.-]+").fullmatch, reversed(parts)))[::-1]
            read.take(Facets({"enum": next(filter(None, map(spaced, parts)), lone if len(lone) > 1 else [])}))
        return " ".join(parts)

    def _says_enum(self, start: Row) -> bool:
        """Whether the type of a field says that it has allowed words, which stand below its prose."""
        texts = [row.text for row in self.rows[max(self.at - 12, 0) : self.at] if row.number >= start.number]
        return any(re.search(r"\benum\b", text) for text in texts if len(text) < 60)

    def _facet(self, text: str, read: Facets, *, after_prose: bool) -> bool:
        """Whether a line is a badge or a type of the field above; below its prose, only the type it lacks."""
        badge = read.required is None and text.lower() in {"required", "optional"}
        if not self._full(text) or (after_prose and not (badge or self._types(text, read))):
            return False
        return (not after_prose and self._types(text, read)) or not self.starts()

    @staticmethod
    def _types(text: str, read: Facets) -> bool:
        """Whether a line is the type that a field still lacks."""
        return not read.typed and read_facets(text).typed

    def starts(self) -> bool:
        """Whether a field starts at this line."""
        row = self.rows[self.at]
        text = BULLET.sub("", row.text)
        if self._stacked(row, text) is not None:
            return True
        if text != row.text and (bullet := one_line(row, text, loose=self.loose)) and bullet[1].typed:
            return True
        marked = row.raw.lstrip("-*• ").startswith("`") and row.raw[:1] != "`"
        typelike = is_badge_or_type(text.split(" ")[0].strip(",")) and not marked and " – " not in text
        if typelike and (named := one_line(row, text, loose=self.loose)):
            return named[1].typed and named[1].required is not None and not named[1].rest
        if typelike or _NOISE.match(text):
            return False
        return one_line(row, text, loose=self.loose) is not None or fused(text) is not None

    def names(self, row: Row, text: str) -> bool:
        """Whether a line that could be an allowed word is the name of a field."""
        if self._names_below():
            return False
        return self._stacked(row, row.text) is not None or (self.glued and fused(text) is not None)

    def _names_below(self) -> bool:
        """Whether the line below, although it could be a type, is a name: the type of its own follows it."""
        below = [row.text for row in self.rows[self.at + 1 : self.at + 3]]
        kinds = r"(?:string|integer|number|boolean|object|array)\b.*"
        return (
            len(below) == 2
            and re.fullmatch(r"url|uri|email|date|file|uuid|time|text", below[0]) is not None
            and re.fullmatch(kinds, below[1]) is not None
        )
