"""Parameters and fields described in prose: lists, tables, fused sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.model import Json
from contracts.vendoring.platforms.prose.text import Row

_NAME = r"[A-Za-z_$@][\w.$\[\]-]{0,63}"
_TYPES: Final = (
    ("array", r"\b(?:array|list)\b"),
    ("boolean", r"\b(?:boolean|bool)\b"),
    ("integer", r"\b(?:integer|int32|int64|int|long|whole number)\b"),
    ("number", r"\b(?:number|float|double|decimal|numeric)\b"),
    ("object", r"\b(?:object|map|dict|dictionary|hash|json)\b"),
    ("string", r"\b(?:string|str|text|uuid|guid|date-?time|datetime|timestamp|date|url|uri|email|enum)\b"),
)
_FORMATS: Final = (
    ("uuid", r"\b(?:uuid|guid)\b"),
    ("date-time", r"\bdate-?time\b|\bISO[- ]?8601 timestamp\b"),
    ("date", r"\bdate\b$"),
)
_INLINE = re.compile(
    r"([A-Za-z_$@][\w$-]{0,63})`?\s*:\s*(Required|Optional|Mandatory)\b[.,;:]?\s*", re.IGNORECASE
)
_LISTED = re.compile(
    rf"^[-*•+\s]*[`'\"]?(:?{_NAME})[`'\"]?\s*(?:\(([^)]*)\)|\[([^\]]*)\]|<([^>]*)>)?\s*(\*?(?:required|optional)\*?)?\s*(?:[:–—-]+\s*(.*))?$",
    re.IGNORECASE,
)
_SPACED = re.compile(
    rf"^[-*•+\s]*[`'\"]?({_NAME})[`'\"]?[\s,|*_`(]+(string|str|integer|int|number|float|boolean|bool|array|object|uuid|list|datetime|date|enum)"
    rf"(?:\[\]|<[\w-]+>)?[`_*)]*(?:[\s,|*_`(]+(required|optional|yes|no)\b[)*_`]*)?[\s,.:|–—-]*(.*)$",
    re.IGNORECASE,
)
_FUSED = re.compile(
    rf"^({_NAME}?)(string|integer|number|boolean|array|object|uuid)(?:\[\]|<[\w-]+>)?(yes|no|required|optional|true|false|-)?([A-Z`(].*)?$",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"[Dd]efaults?(?:\s+(?:to|is|value(?: is|:)?)|\s*[:=])\s*(?:`([^`]+)`|[“\"']([^”\"']*)[”\"']"
    r"|(-?\d+(?:\.\d+)?|true|false|null|[\w+-]+(?:[./][\w+-]+)*))"
    r"|\(default\s+`?([\w.-]+)`?\)|\bdefault\s+`([^`]+)`"
    r"|\b[Dd]efault\s+(-?\d+(?:\.\d+)?|true|false)\b"
)
_ALLOWED = re.compile(
    r"\b(?:[Oo]ne of|[Aa]llowed values?|[Pp]ossible values?|[Vv]alid values?|[Ee]ither)\b(?: are| is)?:?"
    r"\s*([^.;]*)"
)
_YES: Final = {"required", "yes", "true", "mandatory", "✓", "✔", "✅", "y"}
_NO: Final = {"optional", "no", "false", "-", "✗", "✘", "❌", "n", "–", "—"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A described parameter or field: name, type words, whether required (None: not said), prose, line."""

    name: str
    kind: str
    required: bool | None
    prose: str
    line: int
    where: str = ""

    def schema(self) -> dict[str, Json]:
        """Write its type, format, default, bounds and nullability as far as said."""
        schema = type_of(self.kind) or type_of_prose(self.prose)
        allowed = _ALLOWED.search(self.prose)
        listed = self.prose if re.search(r"\benum\b", self.kind.lower()) else allowed[1] if allowed else ""
        values = re.findall(r"[`“\"']([^`”\"']{1,60})[`”\"']", listed)
        if len(values) > 1 and schema.get("type", "string") == "string":
            schema = {"type": "string", **schema, "enum": list(dict.fromkeys(values))}
        default = _DEFAULT.search(f"{self.kind} {self.prose}")
        if default:
            schema["default"] = _value(next(g for g in default.groups() if g is not None), schema.get("type"))
        return schema


def entries(rows: list[Row]) -> list[Entry]:
    """Read the entries of one section, whatever form it has."""
    table = list(_table(rows))
    if table:
        return table
    found: list[Entry] = []
    index = 0
    while index < len(rows):
        inline = list(_inline(rows[index]))
        if inline:
            found += inline
            index += 1
            continue
        entry, used = _entry(rows, index)
        found += [entry] if entry else []
        index += used
    return found


_HEADS: Final = {
    "parameter": "query", "param": "query", "argument": "query", "header": "header",
    "field": "fields", "property": "fields", "attribute": "fields", "key": "fields",
}  # fmt: skip


def tables(rows: list[Row]) -> Iterator[tuple[str, Entry]]:
    """Yield the entries of tables outside the known sections: the head says what they hold, or a column."""
    kind = ""
    for index, row in enumerate(rows):
        cells = _cells(row.raw)
        head = cells[0].lower() if len(cells) > 1 else ""
        if len(cells) < 2:
            kind = ""
        elif head in _HEADS:
            kind, start = _HEADS[head], index
        elif kind and (entry := next(_table([rows[start], row]), None)):
            yield (entry.where if entry.where in {"path", "query", "header", "cookie"} else kind), entry


def _inline(row: Row) -> Iterator[Entry]:
    """Read `name: Required. Boolean. …`, several of which may be fused on one line."""
    matches = list(_INLINE.finditer(row.text))
    for index, match in enumerate(matches):
        end = matches[index + 1].start() if index + 1 < len(matches) else len(row.text)
        prose = row.text[match.end() : end].strip()
        yield Entry(match[1], "", match[2].lower() != "optional", prose, row.number)


def _entry(rows: list[Row], index: int) -> tuple[Entry | None, int]:
    row = rows[index]
    spaced, listed, fused = _SPACED.match(row.text), _LISTED.match(row.text), _FUSED.match(row.text)
    if spaced:
        return Entry(spaced[1], spaced[2], _said(spaced[3] or _marked(row.text)), spaced[4], row.number), 1
    if fused and fused[1] and (fused[3] or fused[4]):
        return Entry(fused[1], fused[2], _said(fused[3]), fused[4] or "", row.number), 1
    if listed and (listed[2] or listed[3] or listed[4] or listed[5] or listed[6]):
        kind = listed[2] or listed[3] or listed[4] or ""
        prose = listed[6] or ""
        said = _said(listed[5]) if listed[5] else _said(_marked(f"{kind} {prose[:40]}"))
        return Entry(listed[1].lstrip(":"), kind, said, prose, row.number), 1
    return _stacked(rows, index)


def _stacked(rows: list[Row], index: int) -> tuple[Entry | None, int]:
    """Read name, type, required and prose on lines of their own."""
    row = rows[index]
    if not re.fullmatch(rf"`?:?{_NAME}`?", row.text) or index + 1 >= len(rows):
        return None, 1
    used, kind, said = 1, "", None
    following = rows[index + 1].text
    if len(following) < 40 and type_of(following):
        kind, used = following, 2
        said = _said(_marked(following))
    if index + used < len(rows) and rows[index + used].text.lower().strip("*") in _YES | _NO:
        said, used = _said(rows[index + used].text), used + 1
    if used == 1:
        return None, 1
    prose = rows[index + used].text if index + used < len(rows) and " " in rows[index + used].text else ""
    return Entry(row.text.strip("`:"), kind, said, prose, row.number), used + (1 if prose else 0)


def _marked(text: str) -> str:
    word = re.search(r"\b(required|optional|mandatory)\b", text, re.IGNORECASE)
    return word[1] if word else ""


def _said(text: str | None) -> bool | None:
    word = (text or "").strip(" *_`().").lower()
    return True if word in _YES else False if word in _NO else None


def _cells(text: str) -> list[str]:
    if "|" in text:
        return [_cell(c) for c in text.strip().strip("|").split("|")]
    return [_cell(c) for c in re.split(r"\t| {3,}", text)] if "\t" in text or "   " in text else []


def _cell(text: str) -> str:
    text = re.sub(r"^\*\*(.*)\*\*$", r"\1", text.strip()).strip()
    return text.strip("`") if re.fullmatch(r"`[^`]*`", text) else text


def _table(rows: list[Row]) -> Iterator[Entry]:
    """Read a table whose head names its columns."""
    head: list[str] = []
    for row in rows:
        cells = _cells(re.sub(r"</?[a-z]+(?: [^<>]{0,80})?>", "", row.raw.replace("\\*", "*")))
        if len(cells) < 2:
            head = [] if not cells else head
            continue
        lower = [c.lower() for c in cells]
        if lower[0] in {
            "name",
            "parameter",
            "field",
            "property",
            "key",
            "attribute",
            "param",
            "header",
            "argument",
        }:
            head = lower
        elif (
            head
            and not set("".join(cells)) <= set("-: ")
            and re.fullmatch(rf":?{_NAME}", cells[0].strip("`*: "))
        ):
            yield _row(dict(zip(head, cells, strict=False)), cells, row.number)


def _row(named: dict[str, str], cells: list[str], number: int) -> Entry:
    kind = next((v for k, v in named.items() if k in {"type", "data type", "format"}), "")
    said = next((v for k, v in named.items() if k in {"required", "required?", "mandatory", "presence"}), "")
    prose = next(
        (v for k, v in named.items() if k in {"description", "meaning", "details", "notes", "purpose"}), ""
    )
    default = next((v for k, v in named.items() if k.startswith("default")), "")
    if default and default not in {"-", "–", "—", "none", "None", ""}:
        prose = f"{prose} Default: {default}".strip()
    return Entry(
        cells[0].strip("`*: "),
        kind,
        True if cells[0].endswith("*") else _said(said) if said else _said(_marked(f"{kind} {prose[:40]}")),
        prose,
        number,
        next((v.lower() for k, v in named.items() if k in {"in", "location", "where"}), ""),
    )


def type_of(text: str) -> dict[str, Json]:
    """Read type words ("string (uuid)", "array of objects", "integer or null") as JSON Schema."""
    lower = text.lower()
    found = [
        name
        for name, pattern in _TYPES
        if re.search(pattern, re.sub(r"\bjson\b(?! object)", "", lower) if name != "object" else lower)
    ]
    if not found and re.search(r"\w\[\]", lower):
        found = ["array"]
    if not found:
        return {}
    schema: dict[str, Json] = {"type": found[0]}
    if found[0] == "string":
        formats = [name for name, pattern in _FORMATS[:2] if re.search(pattern, lower)]
        schema |= {"format": formats[-1]} if formats else {}
    if found[0] == "array" or "[]" in lower:
        inner = type_of(
            re.sub(
                r"\b(?:array|list)\b|\[\]",
                "",
                lower.replace("strings", "string").replace("objects", "object"),
            )
        )
        schema = {"type": "array", **({"items": inner} if inner else {})}
    if re.search(r"\bnull(?:able)?\b", lower):
        schema["type"] = [schema["type"], "null"]
    return schema


def type_of_prose(text: str) -> dict[str, Json]:
    """Read the type from the first words of a description ("Boolean. …", "List of … (comma-separated)")."""
    head = re.split(r"[.;]", text, maxsplit=1)[0][:60]
    if re.search(r"comma[- ]separated", text[:200], re.IGNORECASE):
        return {"type": "string"}
    first = re.match(r"^\W*(?:an? |the |optional |required )*(\w+)", head, re.IGNORECASE)
    word = first[1] if first else ""
    return type_of(word) if word.lower() in _FIRST else {}


_FIRST: Final = {
    "string",
    "boolean",
    "bool",
    "integer",
    "int",
    "number",
    "float",
    "array",
    "list",
    "object",
    "uuid",
}


def _value(text: str, kind: Json) -> Json:
    text = text.strip().strip("`\"'“”").rstrip(".")
    if kind == "string":
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
