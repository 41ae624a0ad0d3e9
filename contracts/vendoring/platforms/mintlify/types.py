"""The lines of a rendered Mintlify page: type lines and badges, fused or apart."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages import unique

_BASE = r"(?:string|integer|number|boolean|object|array|any|unknown|null|file|enum|const|map)"
_ONE = rf"(?:{_BASE}(?:<[\w +./-]{{1,40}}>)?(?:\[\])*)"
_TITLED = rf"(?:(?:[^|·\n]{{1,100}}? [·•⋅] )?{_ONE}|\([^()\n]{{1,200}}\)(?:\[\])*)"
_TYPE = re.compile(rf"{_TITLED}(?:\s*\|\s*{_TITLED})*(?:,\s*null)?")
_WORDS: Final = (
    "required", "optional", "deprecated", "read-only", "write-only", "readOnly", "writeOnly", "nullable",
    "header", "query", "path", "cookie", "body",
)  # fmt: skip
_WORD = re.compile(
    rf"(?:{'|'.join(map(re.escape, _WORDS))})(?! (?:range|string length|array length|number range))",
    re.IGNORECASE,
)
NAME = re.compile(r"^[A-Za-z_$@{<][\w$@.{}<>\[\]-]{0,127}$")


@dataclass(frozen=True, slots=True)
class Badges:
    """What a line of badges says; `rest` is the name of the next field, when it is fused to the line."""

    words: tuple[str, ...] = ()
    default: str | None = None
    rest: str = ""


def split_type(text: str) -> tuple[str, Badges] | None:
    """Take a line apart that starts with a type; None when the line is no type line."""
    match = _TYPE.match(text)
    while match is not None:
        rest = text[match.end() :].strip()
        badges = split_badges(rest, match[0]) if rest else Badges()
        if badges is not None and not badges.rest:
            return match[0].strip(), badges
        shorter = match[0].rfind("|")
        if shorter < 0:
            return None
        match = _TYPE.fullmatch(text, 0, shorter) or _TYPE.match(text[:shorter])
    return None


def split_badges(text: str, kind: str = "", known: Collection[str] = ()) -> Badges | None:
    """Take a line of badges apart; None when something on it is neither badge nor the next field's name."""
    words: list[str] = []
    default: str | None = None
    rest = text.strip()
    while rest:
        word = _WORD.match(rest)
        if word and not (words and rest in known):
            words.append(word[0].lower())
            rest = rest[word.end() :].lstrip(" ,·")
        elif rest.lower().startswith("default:") and default is None:
            default, rest, more = _default(rest[len("default:") :].strip(), kind, known)
            words += more
        else:
            break
    if not words and default is None:
        return None
    if rest and not NAME.match(rest) and not (words and re.match(r"[A-Z]\w* ", rest)):
        return None
    return Badges(tuple(words), default, rest)


def _default(text: str, kind: str, known: Collection[str]) -> tuple[str, str, list[str]]:
    """Part a default from what is fused behind it: `required`, the next field's name, or both."""
    fused = re.match(r"(.*?)(required|deprecated)([A-Za-z_]\w*)?$", text)
    if fused and (not fused[3] or fused[3] in known or not known) and (fused[1] or kind.startswith("string")):
        inner = _default(fused[1], kind, known)
        return inner[0], fused[3] or inner[1], [*inner[2], fused[2]]
    literal = _literal(text, kind)
    if literal is not None and NAME.match(literal[1] or "x"):
        return literal[0], literal[1], []
    for name in sorted(known, key=len, reverse=True):
        if text.endswith(name) and len(text) > len(name) and not text.endswith((" " + name, "." + name)):
            return text[: -len(name)], name, []
    return text, "", []


def _literal(text: str, kind: str) -> tuple[str, str] | None:
    """Read a default whose end its own form shows: a boolean, a number, a list, a quoted text."""
    patterns = []
    if "boolean" in kind:
        patterns.append(r"true|false")
    if "integer" in kind or "number" in kind:
        patterns.append(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
    if "null" in kind:
        patterns.append(r"null")
    patterns += [r"\[[^\]]*\]|\{[^}]*\}", r'"[^"]*"']
    match = re.match(rf"({'|'.join(patterns)})(.*)$", text)
    return (match[1], match[2].strip()) if match else None


def schema_of(text: str) -> dict[str, Json]:
    """Write a type line as JSON Schema; {} for `any`."""
    pieces = [p.strip() for p in _split(text)]
    null = "null" in pieces
    schemas = unique([_one(p) for p in pieces if p != "null"])
    if any(not s for s in schemas):
        return {}
    if len(schemas) == 1:
        schema = schemas[0]
    elif all(set(s) == {"type"} for s in schemas):
        schema = {"type": [s["type"] for s in schemas]}
    else:
        schema = {"anyOf": schemas} if schemas else {"type": "null"}
    return _nullable(schema) if null and schemas else schema


def _nullable(schema: dict[str, Json]) -> dict[str, Json]:
    if "anyOf" in schema:
        return {"anyOf": [*schema["anyOf"], {"type": "null"}]}
    kind = schema["type"]
    return schema | {"type": [*kind, "null"] if isinstance(kind, list) else [kind, "null"]}


def _split(text: str) -> list[str]:
    pieces, depth, current = [], 0, ""
    for char in text:
        depth += (char in "(<") - (char in ")>")
        if char == "|" and depth == 0:
            pieces.append(current)
            current = ""
        else:
            current += char
    return [*pieces, current]


def _one(text: str) -> dict[str, Json]:
    text = re.split(r" [·•⋅] ", text)[-1].strip() if not text.startswith("(") else text
    if text.endswith("[]"):
        items = _one(text[:-2])
        return {"type": "array", "items": items} if items else {"type": "array"}
    if text.startswith("("):
        return schema_of(text[1:-1])
    match = re.match(r"(\w+)(?:<(.+)>)?$", text)
    base, inner = (match[1], match[2]) if match else ("any", None)
    if base in {"enum", "const"}:
        return {"type": inner} if inner in {"string", "integer", "number", "boolean"} else {"type": "string"}
    if base in {"any", "unknown", "null"}:
        return {}
    if base in {"file", "map"}:
        return {"type": "object"} if base == "map" else {"type": "string", "format": "binary"}
    if base == "array" and inner:
        return {"type": "array", "items": _one(inner)}
    return {"type": base, **({"format": inner} if inner else {})}
