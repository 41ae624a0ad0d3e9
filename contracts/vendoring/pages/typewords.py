"""Type expressions as documentation writes them: "array of strings", "string<uuid>", "int64 | null", "enum".

One reader for all pages of prose and tables; what is no type gives None, and nothing is taken for a type that
only looks like the start of a sentence.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from contracts.model import Json
from contracts.vendoring.pages.shapes import any_of, with_null

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "string str text varchar char texto cadena chaîne zeichenkette zeichenfolge строка 文字列 字符串": (
        "string",
        "",
    ),
    "enum timestamp iso8601": ("string", ""),
    "uuid guid uuidv4 uuid4 uuidv7": ("string", "uuid"),
    "date-time datetime": ("string", "date-time"),
    "date fecha 日付 日期": ("string", "date"),
    "uri url": ("string", "uri"),
    "email": ("string", "email"),
    "file binary": ("string", "binary"),
    "integer int bigint uint uint32 uint64 unsigned entero inteiro entier ganzzahl целое 整数 整型": (
        "integer",
        "",
    ),
    "int32": ("integer", "int32"),
    "int64 long": ("integer", "int64"),
    "number numeric decimal float64 float32 número nombre zahl numérico число 数値 数字": ("number", ""),
    "float": ("number", "float"),
    "double": ("number", "double"),
    "boolean bool booleano booléen boolesch wahrheitswert 真偽値 ブール値 布尔值 布尔": ("boolean", ""),
    "object obj map dict dictionary hash struct record objeto objet objekt объект オブジェクト 对象": (
        "object",
        "",
    ),
    "array list collection arreglo matriz lista tableau liste массив 配列 数组": ("array", ""),
    "any unknown mixed": ("", ""),
}
_ATOMS: Final = {word: kind for words, kind in _WORDS.items() for word in words.split()}
TYPE_WORDS: Final = tuple(_ATOMS)
_PLURALS: Final = {
    f"{word}s": word
    for word in ("string", "integer", "number", "boolean", "object", "uuid", "date", "url", "uri", "int",
                 "float",                  "array", "map", "double", "long", "enum", "file", "list")
}  # fmt: skip
BADGES: Final = (
    r"required|optional|mandatory|nullable|deprecated|read-?only|write-?only|requerido|obligatorio|opcional"
    r"|obligatoire|facultatif|optionnel|erforderlich|pflicht|obrigatório|обязательный|необязательный|опциональный|必須|必须|必填|任意|可选"
)
# What may stand right behind a type: an end, a mark, a capital (a label fused to it) or a badge.
_AFTER = rf"(?-i:$|(?![a-z0-9_-])|(?=(?i:{BADGES}|defaults?\b|format:)))"
_ATOM = re.compile(
    rf"({'|'.join(sorted(map(re.escape, (*_ATOMS, *_PLURALS)), key=len, reverse=True))}){_AFTER}",
    re.IGNORECASE,
)
_FORMATS: Final = {
    "uuid", "guid", "date-time", "date", "time", "uri", "url", "email", "int32", "int64", "float",
    "double", "binary", "byte", "hostname", "ipv4", "ipv6", "datetime", "decimal", "password",
    "enum", "duration", "base64",
}  # fmt: skip
_FORMAT = re.compile(r"\s?(?:<\s?([\w-]{2,24})\s?>|\(\$([\w-]{2,24})\)|\(([\w -]{2,24})\)|\[([\w-]{2,24})\])")
_OF = re.compile(r"\s*(?:of|von|de|d')\s+(?:an?\s+|the\s+)?", re.IGNORECASE)
_NAME = re.compile(r"\[?`?([A-Z][A-Za-z0-9_.]{1,60}|[a-z][a-z0-9_-]{1,40}(?= objects?\b))`?")
_OBJECT = re.compile(r"([A-Z]\w{1,60}) (?i:object)(?![\w])")
_MAP = re.compile(r"(?:map|dict(?:ionary)?)\s+(?:from|of)\s+", re.IGNORECASE)
_GENERIC = re.compile(
    r"(array|list|set|optional|map|dict|record|hash|enum|nullable)\s?([<\[(])\s?(?=[A-Za-z\"'])",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"\"([^\"\n]{1,60})\"|'([^'\n]{1,60})'|`\"([^\"`\n]{1,60})\"`")
_JOIN = re.compile(r"\s*(?:\||/|,?\s+or\b|,(?=\s*null\b))\s*", re.IGNORECASE)
_NULL = re.compile(
    r"(?:null(?:able)?|none|undefined)(?:(?-i:(?![a-z_]))|(?=format:|required|optional|default))",
    re.IGNORECASE,
)
MAX_NEST: Final = 8


class TypeText(NamedTuple):
    """A type that was read: its schema, where its text ends, and the vendor's name of its type."""

    schema: dict[str, Json]
    end: int
    of: str = ""


def read_type(text: str, at: int = 0, depth: int = 0) -> TypeText | None:
    """Read a type expression at a place of a text; None when there is none."""
    first = _single(text, at, depth)
    if first is None:
        return None
    found, null, end, of = [first.schema], False, first.end, first.of
    while len(found) < 30 and (join := _JOIN.match(text, end)):
        if none := _NULL.match(text, join.end()):
            null, end = True, none.end()
            continue
        more = _single(text, join.end(), depth)
        if more is None:
            break
        found.append(more.schema)
        end, of = more.end, of or more.of
    schema = any_of([s for i, s in enumerate(found) if s not in found[:i]])
    return TypeText(with_null(schema) if null else schema, end, of)


def _single(text: str, at: int, depth: int) -> TypeText | None:
    if depth > MAX_NEST:
        return None
    if literal := _LITERAL.match(text, at):
        value = next(g for g in literal.groups() if g is not None)
        return TypeText({"type": "string", "enum": [value]}, literal.end())
    one = _mapping(text, at, depth) or _generic(text, at, depth) or _plain(text, at, depth)
    while one and (tail := re.compile(r"\s?\[\s?\](?!\()").match(text, one.end)):
        one = TypeText(_array(one.schema), tail.end(), one.of)
    return one


def _array(items: dict[str, Json]) -> dict[str, Json]:
    return {"type": "array", **({"items": items} if items else {})}


def _mapping(text: str, at: int, depth: int) -> TypeText | None:
    """Read "map from strings to numbers"."""
    lead = _MAP.match(text, at)
    if lead is None:
        return None
    key = _single(text, lead.end(), depth + 1)
    to = re.compile(r"\s+to\s+").match(text, key.end) if key else None
    if to is None:
        return None
    value = _single(text, to.end(), depth + 1)
    return TypeText({"type": "object"}, value.end if value else to.end())


def _generic(text: str, at: int, depth: int) -> TypeText | None:
    """Read `array<string>`, `List[int]`, `array(object)`, `enum<string>`, `Record<string, X>`."""
    match = _GENERIC.match(text, at)
    if match is None:
        return None
    inner = read_type(text, match.end(), depth + 1) or _named(text, match.end())
    close = text.find({"<": ">", "[": "]", "(": ")"}[match[2]], inner.end if inner else match.end())
    if close < 0 or close - match.start() > 120 or inner is None:
        return None
    kind = match[1].lower()
    if kind in {"array", "list", "set"}:
        return TypeText(_array(inner.schema), close + 1, inner.of)
    if kind in {"optional", "nullable"}:
        return TypeText(with_null(inner.schema), close + 1, inner.of)
    return TypeText(inner.schema if kind == "enum" else {"type": "object"}, close + 1)


def _plain(text: str, at: int, depth: int) -> TypeText | None:
    atom = _ATOM.match(text, at)
    if atom is None and (named := _OBJECT.match(text, at)):
        return TypeText({"type": "object"}, named.end(), named[1])
    if atom is None:
        return _bracketed(text, at, depth)
    word = atom[0].lower()
    kind, form = _ATOMS[_PLURALS.get(word, word)]
    schema: dict[str, Json] = {**({"type": kind} if kind else {}), **({"format": form} if form else {})}
    end = atom.end()
    if schema.get("type") == "array":
        return _items(text, end, depth)
    shape = _FORMAT.match(text, end)
    name = next((g for g in shape.groups() if g), "").lower() if shape else ""
    if shape and (name in _FORMATS or shape[1] or shape[2]):
        end = shape.end()
        name = {"guid": "uuid", "datetime": "date-time", "url": "uri"}.get(name, name)
        schema |= {"format": name} if name not in {"enum", "string"} else {}
    return TypeText(schema, end)


def _items(text: str, end: int, depth: int) -> TypeText:
    """Read what a list is of: "array of strings", "list of Parcel objects", "array of objects"."""
    of = _OF.match(text, end)
    if of is None:
        return TypeText({"type": "array"}, end)
    inner = _single(text, of.end(), depth + 1)
    if inner is not None:
        return TypeText(_array(inner.schema), inner.end, inner.of)
    named = _named(text, of.end())
    return TypeText(_array(named.schema), named.end, named.of) if named else TypeText({"type": "array"}, end)


def _named(text: str, at: int) -> TypeText | None:
    """Read the name of a type of the vendor's, as in "array of Parcel objects"."""
    name = _NAME.match(text, at)
    if name is None:
        return None
    end = name.end()
    if link := re.compile(r"\]\([^)\s]{0,200}\)|\]").match(text, end):
        end = link.end()
    tail = re.compile(r"\s+objects?\b", re.IGNORECASE).match(text, end)
    return TypeText({"type": "object"}, tail.end() if tail else end, name[1])


def _bracketed(text: str, at: int, depth: int) -> TypeText | None:
    """Read `[string]` as a list."""
    if text[at : at + 1] != "[":
        return None
    inner = _plain(text, at + 1, depth + 1)
    if inner is None or text[inner.end : inner.end + 1] != "]" or text[inner.end + 1 : inner.end + 2] == "(":
        return None
    return TypeText(_array(inner.schema), inner.end + 1, inner.of)
