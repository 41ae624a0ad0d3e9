"""Parameters and headers arrive as text; a text is read as every JSON value that its schema could mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from contracts.model import Json, Pointer
from contracts.schema import property_places
from contracts.spec import PARTS, Spec, look

Accepts = Callable[[Json], bool]

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")
_MAX_DIGITS: Final = 400


def read_text(spec: Spec, text: str, schema: Pointer, accepts: Accepts) -> Json:
    """Read a text as the first value that the schema accepts; where none fits, as the likeliest one."""
    found = readings(spec, text, schema, types_of(spec, schema))
    likeliest = next(found)
    return likeliest if accepts(likeliest) else next(filter(accepts, found), likeliest)


def readings(spec: Spec, text: str, schema: Pointer, types: frozenset[str]) -> Iterator[Json]:
    """Yield what a text could mean to a schema of these types, likeliest first: at least the text itself."""
    yield from scalars(text, types)
    if "array" in types:
        yield items(spec, text.split(",") if text else [], schema)
    if "object" in types:
        parts = text.split(",")
        yield members(spec, dict(zip(parts[::2], parts[1::2], strict=False)), schema)
    yield text


def scalars(text: str, types: frozenset[str]) -> Iterator[Json]:
    """Yield the JSON scalars that a text spells, if its schema has a use for them."""
    if ("integer" in types or "number" in types) and len(text) <= _MAX_DIGITS and _NUMBER.match(text):
        yield int(text) if text.lstrip("-").isdigit() else float(text)
    if "boolean" in types and text in {"true", "false"}:
        yield text == "true"
    if "null" in types and text in {"null", ""}:
        yield None


def items(spec: Spec, texts: list[str], schema: Pointer) -> list[Json]:
    """Read each text of a list by the schema of its items."""
    place = item_place(spec, schema)
    return [one(spec, text.strip(), place) for text in texts]


def item_place(spec: Spec, schema: Pointer) -> Pointer | None:
    """Give the schema of the items of a list; None where there is none."""
    return next(_find(spec, schema, "items"), None)


def members(spec: Spec, texts: dict[str, str], schema: Pointer) -> dict[str, Json]:
    """Read each text of an object by the schema of its property."""
    places = dict(in_place(spec, schema))
    found: dict[str, Json] = {}
    for key, text in texts.items():
        described = (place for at, node in places.items() for place in property_places(node, at, key))
        found[key] = one(spec, text, next(described, None))
    return found


def one(spec: Spec, text: str, schema: Pointer | None) -> Json:
    """Read one text as the likeliest scalar of its schema."""
    types = types_of(spec, schema) if schema is not None else frozenset[str]()
    return next(scalars(text, types), text)


def types_of(spec: Spec, schema: Pointer) -> frozenset[str]:
    """Give every JSON type that a schema names, also by `$ref`, in unions, or by the values of its enum."""
    return frozenset(kind for _, node in in_place(spec, schema) for kind in _named(node))


def _named(node: dict[str, Any]) -> Iterator[str]:
    kinds: Json = node.get("type")
    listed = node.get("enum", [node["const"]] if "const" in node else [])
    if kinds is None and isinstance(listed, list):
        kinds = [_KINDS.get(type(value), "string") for value in listed]
    yield from (kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str))


_KINDS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
}


def in_place(spec: Spec, at: Pointer) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """Yield a schema and all that speaks of the same value, each once: by `$ref`s and unions."""
    seen: set[Pointer] = set()
    todo = [at]
    while todo:
        here = todo.pop()
        node = look(spec.document, here)
        if not isinstance(node, dict) or here in seen:
            continue
        seen.add(here)
        yield here, node
        parts = [spec.target(node["$ref"])] if "$ref" in node else []
        parts += [here / key / n for key in PARTS for n in range(len(node.get(key) or ()))]
        todo += reversed(parts)


_ASSERTING: Final = frozenset(
    {"enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "multipleOf"}
)


def says_something(spec: Spec, media: str, schema: Pointer) -> bool:
    """Whether a schema can judge a text of a media type: plain text, or rules for a single value.

    That a CSV file or a page is a string is true of every body, and says nothing.
    """
    types = types_of(spec, schema)
    if not media.startswith("text/") or types & {"array", "object"}:
        return False
    ruled = any(key in _ASSERTING for _, node in in_place(spec, schema) for key in node)
    return bool(types) and (media == "text/plain" or ruled or types != {"string"})


def _find(spec: Spec, schema: Pointer, key: str) -> Iterator[Pointer]:
    return (place / key for place, node in in_place(spec, schema) if key in node)
