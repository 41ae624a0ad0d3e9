"""Allowed words of a field, where prose lists them: in a section of their own, or in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.vendoring.pages import STATE_WORDS
from contracts.vendoring.platforms.prose.columns import HEADS, NAME, column_of
from contracts.vendoring.platforms.prose.grammars import cells
from contracts.vendoring.platforms.prose.sections import SENT
from contracts.vendoring.platforms.prose.text import ProsePage, Row

_QUOTED = re.compile(r"[“\"'`‘«„]([A-Za-z][\w -]{0,39})[”\"'`’»“]")
_WORD = r"[A-Za-z][A-Za-z0-9_-]{1,39}"
_FUSED = re.compile(rf"({_WORD})\s*:\s")
_ENTRY = re.compile(rf"^[-*•+|\s]*[`\"“']?({_WORD})[`\"”']?\s*(?:[:|–—\t]|-\s|\s-+\s|$)")
_LEAD = re.compile(
    r"\b(?:one of|can be|either|may be|will be|values?(?: are| include)?|possible values(?: are"
    r"| include)?|allowed values(?: are)?|is always one of"
    r"|statuses(?: are)?|states(?: are)?|options(?: are)?|takes the values?|with values?)\b\s*:?\s*",
    re.IGNORECASE,
)
_OF = re.compile(
    rf"\b(?:values?|words|options|statuses|states) (?:of|for) (?:the )?[`\"“']?({_WORD})[`\"”']?"
    r"(?: field| member| property)?(?: are| is| include|:)+\s*([^.;]*)",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"[`\"“']?\b({_WORD}(?:\.{_WORD})*)\b[`\"”']?")
_PLAIN_LIST = re.compile(
    rf"\(?({_WORD}(?:\s*(?:,|/|\|)\s*{_WORD})+(?:,?\s+(?:or|and)\s+{_WORD})?|{_WORD}\s+or\s+{_WORD})\)?\.?$"
)
_VALUE = re.compile(r"[\w.+:/-]{1,60}")
_NAMED_IN = re.compile(rf"[`\"“']({_WORD}(?:\.{_WORD})*)[`\"”']")
_VALUE_TITLES: Final = frozenset((
    "value", "values", "valor", "valores", "valeur", "valeurs", "wert", "werte", "enum", "enums",
    "enum value", "enumerated value", "possible value", "possible values", "allowed values", "status",
    "state", "constant", "option", "options", "値", "值", "枚举值", "取值", "状态", "ステータス", "estado",
    "statut", "valore",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Allowed words: the names a field may have, the words, the line, whether the list claims to be full."""

    names: tuple[str, ...]
    values: tuple[str, ...]
    line: int
    full: bool = True


def words(page: ProsePage) -> list[Words]:
    """Find every list of allowed words on the page."""
    found = [w for w in (_section(page, rows) for rows in _sections(page)) if w]
    found += [w for rows in _tables(page) for w in _tabled(rows)]
    return found + [
        w for row in page.rows if not row.code and row.kind not in {"values", *SENT} for w in _sentence(row)
    ]


def _sections(page: ProsePage) -> Iterator[list[Row]]:
    current: list[Row] = []
    title = None
    for row in page.rows:
        if row.heading:
            yield current
            current, title = [], row.number
        elif row.kind == "values" and not row.code and title is not None:
            current.append(row)
    yield current


def _tables(page: ProsePage) -> Iterator[list[Row]]:
    """Yield every table of the answers with the lines of prose above it, up to three."""
    above: list[Row] = []
    table: list[Row] = []
    kind = ""
    for row in page.rows:
        kind = row.kind if row.heading and row.kind != "values" else kind
        if not row.code and len(cells(row)) > 1:
            if table and row.number > table[-1].number + 1:
                yield [*above[-3:], *table]
                above, table = [], []
            table += [row] if kind not in SENT else []
            continue
        if table:
            yield [*above[-3:], *table]
            above, table = [], []
        above = [] if row.heading or row.code else [*above, row]
    if table:
        yield [*above[-3:], *table]


def _tabled(rows: list[Row]) -> Iterator[Words]:
    """Read a table of values and their meanings; its head, the prose above or the title names their field."""
    above = [row for row in rows if len(cells(row)) < 2]
    cut = [
        [c.strip(" `*\"'“”") for c in cells(row)] for row in rows[len(above) :] if set(row.raw) - set("|-: ")
    ]
    if len(cut) < 3 or rows[-1].kind == "errors":
        return
    head, *body = cut
    line = rows[len(above)].number
    title = head[0].lower()
    if head[1].lower() in _VALUE_TITLES and column_of(title) == "name" and title not in HEADS:
        for name in dict.fromkeys(row[0] for row in body):
            listed = tuple(row[1] for row in body if row[0] == name and len(row) > 1)
            if len(listed) > 1 and all(map(_VALUE.fullmatch, listed)):
                yield Words((name,), listed, line)
        return
    unknown = title not in _VALUE_TITLES and column_of(title) == ""
    named = unknown and re.fullmatch(NAME, head[0]) is not None and column_of(head[1]) == "prose"
    values = tuple(dict.fromkeys(row[0] for row in body))
    if not (title in _VALUE_TITLES or named) or not all(map(_VALUE.fullmatch, values)):
        return
    if all(value.isdigit() for value in values):
        return
    told = [name for row in reversed(above) for name in _NAMED_IN.findall(row.text)]
    titled = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", rows[-1].title)
    yield Words((head[0],) if named else (*told, *_names(titled)), values, line)


def _section(page: ProsePage, rows: list[Row]) -> Words | None:
    if not rows:
        return None
    fused = [v for row in rows for v in _unfused(page, row.text)]
    entries = [m[1] for row in rows if (m := _ENTRY.match(row.text)) and _value_like(m[1], row)]
    inline = [v for row in rows for w in _sentence(row) for v in w.values]
    values = max((fused, entries), key=len) or inline
    values = [
        v
        for v in dict.fromkeys(values)
        if v.lower() not in {"status", "state", "value", "meaning", "description"}
    ]
    if len(values) < 2:
        return None
    return Words(_names(rows[0].title), tuple(values), rows[0].number)


def _value_like(word: str, row: Row) -> bool:
    """Whether the first word of a line is an allowed word and not the start of a sentence."""
    bare = row.text.strip("-*•+| `\"“”'")
    return (
        word == bare
        or word.islower()
        or word.isupper()
        or "_" in word
        or re.match(r"^[-*•+|\s]*[`\"“']", row.text) is not None
    )


def _unfused(page: ProsePage, text: str) -> list[str]:
    """Read `created: … hasn't startedrunning: …`, whose entries run together."""
    matches = list(_FUSED.finditer(text))
    if len(matches) < 2:
        return []
    known = page.words() | STATE_WORDS
    return [matches[0][1], *(_tail(m[1], known) for m in matches[1:])]


def _tail(word: str, known: set[str] | frozenset[str]) -> str:
    """Part the last word of a sentence from the entry fused behind it."""
    if word in STATE_WORDS:
        return word
    fits = [
        i
        for i in range(2, len(word) - 2)
        if word[i:].lower() in known and (word[:i].lower() in known or word[i:] in STATE_WORDS)
    ]
    both = [i for i in fits if word[:i].lower() in known]
    chosen = both or fits
    return word[chosen[0] :] if chosen else word


def _names(title: str) -> tuple[str, ...]:
    """Tell from a heading which field its words belong to."""
    lower = title.lower()
    names = [
        re.sub(r"^statuses$", "status", re.sub(r"s$", "", w) if w != "status" else w)
        for w in re.findall(r"[a-z_]+", lower)
    ]
    names = ["status" if n in {"statuse", "statu"} else n for n in names]
    names = [
        n
        for n in names
        if n
        not in {
            "value",
            "possible",
            "available",
            "allowed",
            "of",
            "the",
            "for",
            "meaning",
            "reference",
            "definition",
            "and",
        }
    ]
    if "status" in names or "state" in names or "lifecycle" in lower or "life" in names:
        names += ["status", "state"]
    return tuple(dict.fromkeys(names))


def _sentence(row: Row) -> Iterator[Words]:
    """Read "`status` is one of “queued”, “running” or “done”" and "status: … (queued, running, done)"."""
    text = row.text[:2000]
    of = _OF.search(text)
    if of and len(values := _QUOTED.findall(of[2])) >= 2:
        yield Words(
            (of[1],), tuple(dict.fromkeys(v.strip() for v in values)), row.number, "include" not in of[0]
        )
        return
    for lead in _LEAD.finditer(text):
        tail = re.split(r"(?<=[\w”\"'`’»)])\.(?:\s|$)|;", text[lead.end() :], maxsplit=1)[0]
        values = _QUOTED.findall(tail) or _bare(tail)
        names = tuple(reversed(_NAMED.findall(text[: lead.start()])))
        if not names and re.match(r"(?:statuses|states)\b", lead[0], re.IGNORECASE):
            names = ("status", "state")
        if len(values) >= 2 and names:
            yield Words(
                names[:8],
                tuple(dict.fromkeys(v.strip() for v in values)),
                row.number,
                "include" not in lead[0],
            )
            return
    entry = re.match(rf"^[-*•|\s]*[`\"“']?({_WORD})[`\"”']?\s*[:|–—(-].*?\(([^()]+)\)", text)
    if entry:
        values = _bare(entry[2]) or _QUOTED.findall(entry[2])
        if len(values) >= 2:
            yield Words((entry[1],), tuple(dict.fromkeys(values)), row.number)


def _bare(text: str) -> list[str]:
    match = _PLAIN_LIST.match(text.strip().strip("()"))
    if match is None:
        return []
    parts = re.split(r"\s*(?:,|/|\|)\s*(?:(?:or|and)\s+)?|\s+or\s+|\s+and\s+", match[1])
    return parts if all(re.fullmatch(_WORD, p) for p in parts) else []
