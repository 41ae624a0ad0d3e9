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
    "string str text varchar varchar2 nvarchar char alphanumeric texto cadena chaîne chaine zeichenkette"
    " zeichenfolge alphanumerisch stringa tekst tekenreeks ciąg~znaków łańcuch metin objectid строка"
    " 문자열 文字列 文字列型 字符串 字符串型": ("string", ""),
    "enum enumeration": ("string", ""),
    "uuid guid uuidv4 uuid4 uuidv7": ("string", "uuid"),
    "date-time datetime timestamptz datetimeoffset offsetdatetime zoneddatetime datum/uhrzeit data/hora"
    " localdatetime instant rfc3339 iso8601 date-heure fecha-hora data-ora data-hora datum-zeit date_time"
    " date/time 日時 日期时间": ("string", "date-time"),
    "date fecha datum localdate 日付 日期": ("string", "date"),
    "uri url": ("string", "uri"),
    "email": ("string", "email"),
    "file binary": ("string", "binary"),
    "base64": ("string", "byte"),
    "integer int bigint tinyint smallint biginteger uint uint32 uint64 unsigned entero inteiro entier"
    " ganzzahl intero geheel~getal liczba~całkowita tam~sayı целое целое~число 정수 整数 整型": (
        "integer",
        "",
    ),
    "int32": ("integer", "int32"),
    "int64 long": ("integer", "int64"),
    "number numeric decimal bigdecimal float64 float32 número nombre zahl dezimalzahl kommazahl numérico"
    " numero número_decimal numerisch numérique getal liczba sayı число 숫자 数値 数値型 数字": (
        "number",
        "",
    ),
    "float": ("number", "float"),
    "double": ("number", "double"),
    "boolean bool booleano booléen booleen boolesch wahrheitswert booleanisch lógico логический логическое"
    " булево"
    " 불리언 真偽値 ブール値 布尔值"
    " 布尔 布尔型 ブール型 真偽値型 ブール": ("boolean", ""),
    "object obj map hashmap dict dictionary hash struct record objeto objet objekt oggetto объект 객체"
    " オブジェクト 对象": ("object", ""),
    "array list collection arreglo matriz lista tableau liste vetor elenco lijst dizi"
    " массив 배열 配列 数组": ("array", ""),
    "any unknown mixed": ("", ""),
}
_ATOMS: Final = {word.replace("~", " "): kind for words, kind in _WORDS.items() for word in words.split()}
_ATOMS["timestamp"] = _ATOMS["zeitstempel"] = _ATOMS["horodatage"] = ("string", "")
# Words that tell no JSON type for sure: theirs is the likeliest, and an example may show another.
LOOSE: Final = ("timestamp", "hash", "base64", "zeitstempel", "horodatage")
TYPE_WORDS: Final = tuple(_ATOMS)
_PLURALS = {
    f"{word}s": word
    for word in ("string", "integer", "number", "boolean", "object", "uuid", "date", "url", "uri", "int",
                 "float", "array", "map", "double", "long", "enum", "file", "list", "cadena", "objeto",
                 "entero", "objet", "chaîne", "texto", "número", "entier", "nombre", "timestamp", "inteiro")
}  # fmt: skip
_PLURALS |= {"objekte": "objekt", "objekten": "objekt", "zeichenketten": "zeichenkette", "zahlen": "zahl"}
BADGES: Final = (
    r"required|optional|mandatory|nullable|deprecated|read-?only|write-?only|requerido|obligatorio|opcional"
    r"|requerida|obligatoria|obligatoire|facultatif|facultative|optionnel|erforderlich|pflicht|obrigatório"
    r"|obrigatória|obbligatori[oa]|facoltativ[oa]|opzionale|verplicht|optioneel|wymagane|zorunlu"
    r"|обязательный|необязательный|опциональный|必須|必须|必填|任意|オプション|可选|选填|필수|선택"
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
# Formats as the prose of a type writes them: "string (ISO 8601)", "string (Timestamp format)".
_SAID_FORMATS: Final = {
    "guid": "uuid", "datetime": "date-time", "url": "uri", "iso 8601": "date-time", "iso8601": "date-time",
    "iso-8601": "date-time", "rfc 3339": "date-time", "rfc3339": "date-time", "timestamp": "date-time",
    "iso timestamp": "date-time", "iso datetime": "date-time", "iso 8601 datetime": "date-time",
    "iso 8601 timestamp": "date-time", "bytes": "byte", "date time": "date-time",
}  # fmt: skip
_MOMENT = re.compile(
    r"(?:(?:iso[- ]?8601|rfc[- ]?3339)(?=\s*(?:$|[,;|)(]))"
    r"|(?:iso[- ]?8601|rfc[- ]?3339|iso)[- ](?:format(?:ted)? )?(?:timestamp|date[- ]?time"
    r"|date and time)(?: string)?"
    r"|(?:timestamp|date[- ]?time) \((?:iso|rfc)[- ]?(?:8601|3339)\)|date (?:and|&|et) (?:time"
    r"|heure)|fecha(?:-| y )hora|data e hora|datum und uhrzeit|utc (?:timestamp|date[-"
    r" ]?time))(?![\w-])",
    re.IGNORECASE,
)
_EPOCH = re.compile(
    r"(?:unix|epoch|posix)(?: epoch)?(?:[- ]?time(?:stamp)?)?(?: in| \(in)?(?:"
    r" ?\(?(?:milli)?seconds\)?)?(?![\w-])",
    re.IGNORECASE,
)
_KIND_OF = re.compile(
    r"(?:(?:strictly )?(?:positive|negative|non-?negative|non-?zero|signed|unsigned|whole|nested"
    r"|json|plain|free|hex(?:adecimal)?"
    r"|utf-?8|iso(?:[- ]?8601)?|numeric|non-?empty|unique|url|short|long|big|large|stringified|encoded"
    r"|key[-/ ]value)[ -])(?=[a-z])",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[ ](?:array|list)(?=\s*(?:$|[,;.|)(]))|数组|の配列|列表|リスト", re.IGNORECASE)
_FORMAT = re.compile(
    r"`?\s?(?:<\s?([\w-]{2,24})\s?>|\(\$([\w-]{2,24})\)|\(([\w -]{2,24})\)|\[([\w-]{2,24})\])"
)
_OF = re.compile(
    r"\s*(?:(?:of|von|de|di|com|con)\s+|d['’])(?:(?:an?|the|unique|json|nested|one or more)\s+)*",
    re.IGNORECASE,
)
_TOLD_TWICE = re.compile(r"\s+(?=[a-z]+\[\])")  # "array string[]"
_NAME = re.compile(r"\[?`?([A-Z][A-Za-z0-9_.]{1,60}|[a-z][a-z0-9_-]{1,40}(?= objects?\b))`?")
_OBJECT = re.compile(r"([A-Z]\w{1,60}) (?i:object)(?![\w])")
_MAP = re.compile(r"(?:map|dict(?:ionary)?)\s+(?:from|of)\s+", re.IGNORECASE)
_TO_MAP = re.compile(r"(?:string|key)s?(?: \w+)? to (?:[\w-]+ ){1,5}map\b", re.IGNORECASE)
_GENERIC = re.compile(
    r"(array|list|set|sequence|iterable|collection|arraylist|linkedlist|hashset|i?enumerable|ilist|icollection|seq|vector"
    r"|optional|map|dict|record|hash|hashmap|dictionary|enum|nullable|maybe|union|oneof|anyof|literal)\s?([<\[(])\s?(?=[A-Za-z\"'?\[*])",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"\"([^\"\n]{1,60})\"|'([^'\n]{1,60})'|`\"([^\"`\n]{1,60})\"`")
_JOIN = re.compile(
    r"\s*(?:[|¦/]|,?\s+(?:or|o|ou|oder|или|または|或)(?=[\s`\"'])|,(?=\s*null\b))\s*", re.IGNORECASE
)
_NULL = re.compile(
    r"(?:null(?:able)?|none|undefined|nulo|nullo|nul)(?:(?-i:(?![a-z_]))|(?=format:|required|optional|default))",
    re.IGNORECASE,
)
_CHARS = re.compile(r"A[Nn]?\s?(?:\(\d+\)|\.{2,3}\d+|\d+)(?![\w])")  # as banks write it: AN(36), AN..35
_CLOSE = re.compile(r"!?\s?\](?!\()")
_TAIL = re.compile(r"\s?\[\s?\](?!\()")
_GO_MAP = re.compile(r"map\[\w{1,40}\](?:interface\{\}|any\b)?\*?")
_BEFORE = re.compile(
    r"\[\]\*?(?=[A-Za-z])|(?:repeated|zero or more|multiple|several)\s+(?=[A-Za-z])", re.IGNORECASE
)
_TYPE_LIST = re.compile(r"\[\s*[\"']?\w+[\"']?(?:\s*,\s*[\"']?\w+[\"']?)+\s*\]")
_WORD_LIST = re.compile(r"([\w.+-]+(?:\s*[,|]\s*[\w.+-]+)+)\s*[>\])]")
_LISTS: Final = ("array", "list", "set", "sequence", "iterable", "collection", "enumerable", "seq", "vector")
_PACKAGE = re.compile(r"(?:System|java\.(?:lang|util|time|math))\.(?=[A-Z])")
_SET_OF = re.compile(r"(?:set|tuple|vector|conjunto|ensemble|insieme) (?=(?:of|de|di) )", re.IGNORECASE)
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
        return _null_first(text, at, depth) or _type_list(text, at)
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


def _null_first(text: str, at: int, depth: int) -> TypeText | None:
    """Read `null | string`, where null comes first."""
    null = _NULL.match(text, at)
    join = _JOIN.match(text, null.end()) if null else None
    rest = read_type(text, join.end(), depth + 1) if join and depth < MAX_NEST else None
    return rest and rest._replace(schema=with_null(rest.schema))


def _type_list(text: str, at: int) -> TypeText | None:
    """Read a list of types as JSON Schema writes it: `["string", "null"]`."""
    listed = _TYPE_LIST.match(text, at)
    words = re.findall(r"\w+", listed[0].lower()) if listed else []
    kinds = [_ATOMS.get(word, ("null" if word == "null" else "",))[0] for word in words]
    if listed is None or not all(kinds):
        return None
    schema = any_of([{"type": kind} for kind in kinds if kind != "null"])
    return TypeText(with_null(schema) if "null" in kinds else schema, listed.end())


def _single(text: str, at: int, depth: int) -> TypeText | None:
    if depth > MAX_NEST:
        return None
    if literal := _LITERAL.match(text, at):
        value = next(g for g in literal.groups() if g is not None)
        return TypeText({"type": "string", "enum": [value]}, literal.end())
    if text.startswith("ID!", at):
        return TypeText({"type": "string"}, at + 2)
    if moment := _moment(text, at):
        return moment
    if said := _KIND_OF.match(text, at) or _PACKAGE.match(text, at):
        return _single(text, said.end(), depth + 1)
    if (held := _SET_OF.match(text, at)) and "items" in (items := _items(text, held.end() - 1, depth)).schema:
        return items
    if text[at : at + 1] == "?" and text[at + 1 : at + 2].isalpha():
        inner = _single(text, at + 1, depth + 1)
        return inner and inner._replace(schema=with_null(inner.schema))
    one = (
        _prefixed(text, at, depth)
        or _mapping(text, at, depth)
        or _generic(text, at, depth)
        or _plain(text, at, depth)
    )
    while one and (tail := _TAIL.match(text, one.end) or _LISTED.match(text, one.end)):
        bare = one.schema == {"type": "array"}  # `array[]` is a list of anything
        one = TypeText(one.schema if bare else _array(one.schema), tail.end(), one.of)
    if one and re.compile(r"\?(?=$|[\s,;|)>\]])").match(text, one.end):
        one = TypeText(with_null(one.schema), one.end + 1, one.of)
    return one


def _moment(text: str, at: int) -> TypeText | None:
    """Read "ISO 8601 timestamp" and "Unix timestamp (seconds)"."""
    if moment := _MOMENT.match(text, at):
        return TypeText({"type": "string", "format": "date-time"}, moment.end())
    epoch = _EPOCH.match(text, at)
    return TypeText({"type": "integer"}, epoch.end()) if epoch else None


def _prefixed(text: str, at: int, depth: int) -> TypeText | None:
    """Read lists and maps that are told before their items: `[]string`, `map[string]int`, "repeated Item"."""
    if go := _GO_MAP.match(text, at):
        value = _single(text, go.end(), depth + 1)
        return TypeText({"type": "object"}, value.end if value else go.end())
    if lead := _BEFORE.match(text, at):
        inner = _single(text, lead.end(), depth + 1) or _named(text, lead.end())
        return inner and TypeText(_array(inner.schema), inner.end, inner.of)
    return None


def _array(items: dict[str, Json]) -> dict[str, Json]:
    return {"type": "array", **({"items": items} if items else {})}


def _mapping(text: str, at: int, depth: int) -> TypeText | None:
    """Read "map from strings to numbers" and "String to string map"."""
    if told := _TO_MAP.match(text, at):
        return TypeText({"type": "object"}, told.end())
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
    kind = match[1].lower()
    if kind in {"union", "oneof", "anyof", "literal", "enum"}:
        text = text[: match.end()] + text[match.end() :].replace(",", "|")
    if kind == "enum" and (words := _WORD_LIST.match(text, match.end())):
        found = re.split(r"\s*[,|]\s*", words[1])
        if read_type(found[0]) is None:
            return TypeText({"type": "string", "enum": list(dict.fromkeys(found))}, words.end())
    inner = read_type(text, match.end(), depth + 1) or _named(text, match.end())
    close = text.find({"<": ">", "[": "]", "(": ")"}[match[2]], inner.end if inner else match.end())
    if close < 0 or close - match.start() > 240 or inner is None:
        return None
    if kind.endswith(_LISTS):
        return TypeText(_array(inner.schema), close + 1, inner.of)
    if kind in {"optional", "nullable", "maybe"}:
        return TypeText(with_null(inner.schema), close + 1, inner.of)
    if kind in {"union", "oneof", "anyof", "literal"}:
        return TypeText(inner.schema, close + 1, inner.of)
    if kind == "enum":
        named = inner.schema.get("type") == "object"  # the name of the vendor's type
        return TypeText({"type": "string"} if named else inner.schema, close + 1, inner.of if named else "")
    return TypeText({"type": "object"}, close + 1)


def _plain(text: str, at: int, depth: int) -> TypeText | None:
    if chars := _CHARS.match(text, at):
        return TypeText({"type": "string"}, chars.end())
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
    name = name.removesuffix(" format")
    if shape and (name in _FORMATS or name in _SAID_FORMATS or shape[1] or shape[2]):
        end = shape.end()
        name = _SAID_FORMATS.get(name, name)
        schema |= {"format": name} if name not in {"enum", "string"} else {}
    return TypeText(schema, end, word.removesuffix("s") if word.startswith(LOOSE) else "")


def _items(text: str, end: int, depth: int) -> TypeText:
    """Read what a list is of: "array of strings", "list of Parcel objects", "array of objects"."""
    if told := _TOLD_TWICE.match(text, end):
        return _single(text, told.end(), depth + 1) or TypeText({"type": "array"}, end)
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
    start = at + 1 + (text[at + 1 : at + 2] == " ")
    inner = _plain(text, start, depth + 1) or (
        _named(text, start) if text[start : start + 1].isupper() else None
    )
    end = inner.end - text.endswith("]", 0, inner.end) if inner else 0
    close = _CLOSE.match(text, end) if inner else None
    return TypeText(_array(inner.schema), close.end(), inner.of) if inner and close else None
