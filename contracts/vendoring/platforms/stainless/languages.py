"""Stainless pages of one SDK language, put into the words of the HTTP dialect.

Python, TypeScript, Ruby and Kotlin write `name: Type`; Java, C# and Go write type and name side by side.
What a language does not say (Go: whether a member is always there) stays unsaid. Names come back to the JSON
spelling by the keys of the page's example bodies and the path, else in snake case.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from contracts.vendoring.platforms.stainless.bullets import Bullet
from contracts.vendoring.platforms.stainless.types import unescape

_SCALARS: Final = {
    "str": "string", "string": "string", "String": "string", "Symbol": "string", "int": "integer",
    "int64": "integer", "int32": "integer",
    "Integer": "integer", "long": "integer", "Long": "integer", "Int": "integer", "Long?": "integer",
    "float": "number", "float64": "number",
    "Float": "number", "double": "number", "Double": "number", "number": "number", "bool": "boolean",
    "boolean": "boolean",
    "Boolean": "boolean", "T::Boolean": "boolean", "datetime": "date-time", "Time": "date-time",
    "LocalDateTime": "date-time",
    "OffsetDateTime": "date-time", "DateTimeOffset": "date-time", "DateTime": "date-time", "date": "date",
    "LocalDate": "date", "object": "unknown",
    "Any": "unknown", "any": "unknown", "JsonValue": "unknown", "JsonElement": "unknown",
    "interface{}": "unknown", "unknown": "unknown",
    "None": "null", "null": "null", "nil": "null",
}  # fmt: skip
_LIST = re.compile(
    r"^(?:List|Array|array|list|Sequence|SequenceNotStr|Iterable|IReadOnlyList|IEnumerable|Set)[\[<(](.*)[\]>)]$"
)
_DICT = re.compile(
    r"^(?:Dict|Record|Hash|Map|IReadOnlyDictionary|IDictionary|Mapping|map)[\[<](?:[\w:]+)\s*,\s*(.*)[\]>]$"
)
_OPTIONAL = re.compile(r"^(?:Optional|param\.Field|Nullable)[\[<(](.*)[\]>)]$")
_CONSTANT = re.compile(r'^(?:const\s+\w+\s+\w+\s*=\s*|[A-Z][A-Z0-9_]*\(|[A-Z]\w*\()("[^"]*")\)?$')
_FIXED = re.compile(r'^(?:JsonElement|JsonValue);?\s+(\w+)\s*=?\s*("[^"]*")(?:constant)?$')
_CLASS = re.compile(
    r"^(?:(?:public |final |data |open )*class|type|interface|struct|record)\s+([\w.]+)(?:\s*(?:<.*"
    r"|struct\s*\{.*|:.*|\{.*|extends .*|=.*))?\s*:?$"
)
_COLON = re.compile(r"^([A-Za-z_]\w*)(\??)\s*:\s*(.+)$")
_PAIR = re.compile(
    r"^(required\s+)?(?:var |val |private )?([A-Z]\w*(?:[<\[(].*[>\])])?\??|string\??|int\??|long\??"
    r"|bool\??|boolean|double\??|float\??)\s+([A-Za-z_]\w*)(?:\s*=\s*(.+))?$"
)
_GO = re.compile(r"^([A-Za-z]\w*)\s+(\[\]\S+|map\[.*\]|[\w.]+(?:\[.*\])?)$")


def language(roots: list[Bullet]) -> str:
    """Tell the SDK language of a page's bullets; "" for the HTTP dialect."""
    texts = [unescape(b.text) for b in _all(roots)]
    joined = "\n".join(texts)
    if re.search(
        r"^class \w+: …|: (?:Optional\[|List\[|Literal\[|Dict\[|datetime$|str$|bool$)", joined, re.MULTILINE
    ):
        return "colon"
    if re.search(r"^type \w+ struct|param\.Field\[|^const \w+ \w+ = ", joined, re.MULTILINE):
        return "go"
    if re.search(
        r"^(?:required \S+ \w+$|class \w+:?$|IReadOnly)|^(?:Optional<|String |List<|LocalDateTime )",
        joined,
        re.MULTILINE,
    ):
        return (
            "pair"
            if re.search(r"^(?:required )?[A-Z]\w*(?:<.*>)?\?? \w+$", joined, re.MULTILINE)
            else "colon"
        )
    if re.search(
        r": (?:Array<|Optional<|Array\[|String$|Integer$|T::)|^\w+\?: |: \w+ \| |^\w+ \{ ",
        joined,
        re.MULTILINE,
    ):
        return "colon"
    return ""


def _all(roots: list[Bullet]) -> list[Bullet]:
    return [x for b in roots for x in (b, *_all(b.children))]


def neutral(roots: list[Bullet], kind: str, names: Collection[str]) -> list[Bullet]:
    """Give the bullets in the HTTP dialect; `names` are JSON spellings that the page vouches for."""
    return [_bullet(b, kind, {_plain(n): n for n in sorted(names)}) for b in roots]


def _bullet(bullet: Bullet, kind: str, names: dict[str, str]) -> Bullet:
    text, formats = _text(unescape(bullet.text).strip(), kind, names)
    prose = [*bullet.prose, *((bullet.line, f"format: {f}") for f in formats)]
    return Bullet(text, bullet.line, [_bullet(c, kind, names) for c in bullet.children], prose)


def _text(text: str, kind: str, names: dict[str, str]) -> tuple[str, list[str]]:
    constant, named, fixed = _CONSTANT.match(text), _CLASS.match(text), _FIXED.match(text)
    if constant:
        return constant[1], []
    if fixed:
        return f"{_json_name(fixed[1], names)}: {fixed[2]}", []
    if re.match(r'^"[^"]*"\w+$', text):
        return text[: text.rindex('"') + 1], []
    if re.fullmatch(r":[a-z_]\w*", text):
        return f'"{text[1:]}"', []
    if named:
        return f"{named[1]} object", []
    found = _member(text, kind)
    if found is None:
        typed, formats = _type(text)
        return (
            re.sub(r"^([\w.]+) \{", r"\1 object {", text) if re.match(r"^[A-Z][\w.]* \{", text) else typed
        ), formats
    name, optional, type_ = found
    typed, formats = _type(type_)
    inner = _OPTIONAL.match(type_)
    if inner or (type_.endswith("?") and kind == "pair"):
        typed, formats = _type(inner[1] if inner else type_[:-1])
        typed = typed if inner else f"{typed} or null"
        optional = optional or inner is not None
    return f"{_json_name(name, names)}: {'optional ' if optional else ''}{typed}", formats


def _member(text: str, kind: str) -> tuple[str, bool, str] | None:
    """Part a member into name, whether it may be left out, and type."""
    colon, pair, go = _COLON.match(text), _PAIR.match(text), _GO.match(text)
    if kind == "colon":
        return (colon[1], bool(colon[2]), colon[3]) if colon else None
    if kind == "go" and go and not text.startswith(("const ", "type ")):
        return go[1], True, go[2]
    if kind == "pair" and pair:
        constant = pair[4] if pair[4] and pair[4].startswith('"') else None
        return pair[3], _is_optional(text, pair), constant or pair[2]
    return None


def _is_optional(text: str, pair: re.Match[str]) -> bool:
    """C# marks what is required, Java what is optional; a C# page is told by its `required` or `?`."""
    return not pair[1] and (
        pair[2].endswith("?")
        or pair[2].startswith("IReadOnly")
        or text.startswith(("string ", "bool ", "int "))
    )


def _type(text: str) -> tuple[str, list[str]]:
    """Write a language's type in the words of the HTTP dialect, and the format it implies."""
    text = text.strip()
    pieces = _alternatives(text)
    if len(pieces) > 1:
        parts = [_type(p) for p in pieces]
        return " or ".join(p for p, _ in parts), [f for _, found in parts for f in found]
    scalar = _SCALARS.get(text)
    if scalar in {"date-time", "date"}:
        return "string", [scalar]
    if scalar:
        return scalar, []
    for pattern, form in ((_OPTIONAL, "{}"), (_LIST, "array of {}"), (_DICT, "map[{}]")):
        match = pattern.match(text)
        if match:
            inner, formats = _type(match[1])
            return form.format(inner), formats
    if text.startswith("[]") or text.endswith("[]"):
        inner, formats = _type(text[2:] if text.startswith("[]") else text[:-2])
        return f"array of {inner}", formats
    return (f'"{text[1:]}"' if re.fullmatch(r":[a-z_]\w*", text) else text), []


def _alternatives(text: str) -> list[str]:
    """Split a union: `Union[A, B]`, `Literal["a", "b", 2 more]`, `A | B`."""
    wrapped = re.match(r"^(?:Union|Literal)\[(.*)\]$", text, re.DOTALL)
    return _split(wrapped[1] if wrapped else text, "," if wrapped else "|")


def _split(text: str, mark: str) -> list[str]:
    pieces, depth, current, quoted = [], 0, "", False
    for char in text:
        quoted ^= char == '"'
        depth += 0 if quoted else (char in "[<({") - (char in "]>)}")
        if char == mark and depth == 0 and not quoted:
            pieces.append(current)
            current = ""
        else:
            current += char
    return [p.strip() for p in [*pieces, current] if p.strip()]


def _json_name(name: str, names: dict[str, str]) -> str:
    if name in names.values():
        return name
    vouched = names.get(_plain(name))
    return vouched or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
