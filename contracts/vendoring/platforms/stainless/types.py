"""The type grammar of Stainless reference pages: one member's code text, taken apart.

member   := name ":" type | Name "=" type | type            name may be quoted, `_` may be escaped
type     := ["optional"] alternative { "or" alternative }
alternative := "array of" alternative | "map[" type "]" | [Name] "object" [ "{ a, b, 2 more }" ]
             | '"literal"' | number | true | false | null | string | number | boolean | unknown
             | Name [ "{ a, b }" ] | "3 more"
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from contracts.model import Json

PRIMITIVES: Final = {
    "string": "string", "number": "number", "integer": "integer", "boolean": "boolean", "unknown": "",
    "any": "",
    "file": "string", "object": "object", "null": "null",
}  # fmt: skip
_PROPERTY = re.compile(r'^("(?:[^"\\]|\\.)*"|[\w$@.\[\]/<>*-]+(?: [\w-]+)*)\s*:\s*(.*)$', re.DOTALL)
_ALIAS = re.compile(r"^([\w$.]+)\s*=\s*(.*)$", re.DOTALL)
_NAMED_OBJECT = re.compile(r"^([\w$.]+)\s+object(?:\s*\{.*)?$", re.DOTALL)
_MORE = re.compile(r"^(\d{1,6})\s+more$")
_NUMBER = re.compile(r"^-?\d{1,300}(?:\.\d{1,300})?$")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\{|\}|\[|\]|\bor\b|[^"{}\[\]\s]+|\s+')


@dataclass(frozen=True, slots=True)
class Alternative:
    """One alternative: "primitive", "literal", "object", "array", "map", "named", "null" or "more"."""

    kind: str
    name: str = ""
    value: Json = None
    items: tuple[Alternative, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member: name ("" for a bare type), how it was written ("property", "alias", "type"), its type."""

    name: str
    form: str
    optional: bool
    alternatives: tuple[Alternative, ...]
    text: str = ""


def unescape(text: str) -> str:
    """Undo Markdown's backslashes before punctuation."""
    return re.sub(r"\\([\\`*_{}\[\]()#+\-.!<>|~])", r"\1", text)


def member(text: str) -> Member:
    """Take a member's code text apart."""
    text = unescape(text).strip().rstrip(",")
    alias, named, found = _ALIAS.match(text), _NAMED_OBJECT.match(text), _PROPERTY.match(text)
    if text.startswith('"') and not found:
        return _member("", "type", text)
    if alias:
        return _member(alias[1], "alias", alias[2])
    if found and found[1] != "optional":
        name = found[1][1:-1] if found[1].startswith('"') else found[1]
        return _member(name, "property", found[2])
    if named and named[1] not in {"of", "optional", "array"}:
        return _member(named[1], "alias", text[len(named[1]) :])
    return _member("", "type", text)


def _member(name: str, form: str, rest: str) -> Member:
    rest = rest.strip()
    optional = re.match(r"optional\b\s*", rest)
    if optional:
        rest = rest[optional.end() :]
    return Member(name, form, optional is not None, alternatives(rest), rest)


def alternatives(text: str) -> tuple[Alternative, ...]:
    """Split a type at its outer `or`s; `array of` takes the alternatives behind it that are alike."""
    pieces = _split(text)
    found: list[Alternative] = []
    while pieces:
        piece = pieces.pop(0)
        array = re.match(r"^(?:optional\s+)?(?:array|list) of\s+(.*)$", piece, re.DOTALL)
        if array is None:
            found.append(_one(piece))
            continue
        items = [_nested(array[1])]
        while pieces and _belongs(items[0], pieces[0]):
            items.append(_nested(pieces.pop(0)))
        found.append(Alternative("array", items=tuple(items), text=piece))
    return tuple(found)


def _nested(text: str) -> Alternative:
    found = alternatives(text)
    return found[0] if found else Alternative("primitive")


def _belongs(first: Alternative, following: str) -> bool:
    """Whether an alternative behind `array of X or` is one more kind of item, not one more kind of value."""
    nxt = _one(following)
    if following.startswith(("array of", "list of")) or nxt.kind == "null":
        return False
    if first.kind == "literal":
        return nxt.kind in {"literal", "more"}
    if first.kind == "primitive":
        return nxt.kind == "primitive"
    return nxt.kind in {"object", "named", "more"}


def _split(text: str) -> list[str]:
    pieces, depth, current = [], 0, ""
    for match in _TOKEN.finditer(text):
        token = match[0]
        depth += (token in "{[") - (token in "}]") if len(token) == 1 else 0
        if token == "or" and depth <= 0:
            pieces.append(current.strip())
            current = ""
        else:
            current += token
    return [p for p in [*pieces, current.strip()] if p]


def _one(text: str) -> Alternative:
    text = text.strip()
    literal = _literal(text)
    if literal is not None:
        return literal
    if text.startswith("map[") and text.endswith("]"):
        return Alternative("map", items=alternatives(text[4:-1]), text=text)
    if text == "null":
        return Alternative("null")
    if text in {"map", "object"} or re.match(r"^(?:[\w$.]+\s+)?object\s*(?:\{|$)", text):
        return Alternative(
            "object", name=re.split(r"\s*\bobject\b", text)[0].strip() if text != "map" else "", text=text
        )
    name = re.split(r"\s*\{", text)[0].strip()
    if name in PRIMITIVES:
        return Alternative("primitive", name=PRIMITIVES[name])
    return Alternative("named", name=name, text=text)


def _literal(text: str) -> Alternative | None:
    more = _MORE.match(text)
    if more:
        return Alternative("more", value=int(more[1]))
    if text in {"true", "false"}:
        return Alternative("literal", value=text == "true")
    if _NUMBER.match(text):
        return Alternative("literal", value=json.loads(text) if not re.match(r"-?0\d", text) else text)
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return Alternative("literal", value=json.loads(text))
        except ValueError:
            return Alternative("literal", value=text[1:-1])
    return None
