"""JSON Schema from example bodies: only what every example bears out, each fact marked as inferred.

A member that some examples lack is optional; a value of null says that null may come and nothing else; an
elided value ("...") says nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from contracts.model import Json, Pointer
from contracts.spec import upgraded
from contracts.vendoring.pages.reading import guess
from contracts.vendoring.pages.samples import Sample
from contracts.vendoring.pages.shapes import any_of, unique
from contracts.vendoring.pages.typewords import read_type

_FORMATS: Final = (
    ("date-time", re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\Z")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d\Z")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\Z")),
)
_ELIDED: Final = {"...", "…", "<any>", "<unknown>"}
_SILENT: Final = {"<any>", "<unknown>"}  # a text of dots is a text all the same
_FILLER: Final = {"foo": "bar"}  # generators write it where any members may come
MAX_DEPTH: Final = 60
MAX_REFERENCES: Final = 200
_OF_THE_BLOCK: Final = {"$schema", "$id", "$defs", "definitions"}
_JSON_TYPES: Final = ("string", "integer", "number", "boolean", "object", "array")


class Settings(NamedTuple):
    """How far examples are trusted: presence in all means required, texts show formats, texts name types."""

    required: bool = True
    formats: bool = True
    words: bool = False


def inferred(found: Iterable[Sample], settings: Settings = Settings()) -> dict[str, Json]:  # noqa: B008 -- a value
    """Infer one schema for all samples."""
    return _schema(list(found), settings, 0)


def _schema(found: list[Sample], settings: Settings, depth: int) -> dict[str, Json]:
    known = [s for s in found if not (isinstance(s.value, str) and s.value in _SILENT)]
    present = [s for s in known if s.value is not None]
    nulls = [s.line for s in known if s.value is None]
    kinds = _kinds([s.value for s in present])
    if not kinds or depth > MAX_DEPTH:
        return guess({"anyOf": [{}, {"type": "null"}]}, nulls[0], "anyOf") if nulls else {}
    if kinds == ["string"] and (typed := _named_types(present, settings)) is not None:
        return guess(typed, present[0].line, *typed) if typed else {}
    schema: dict[str, Json] = {"type": _with_null(kinds, bool(nulls))}
    marks = ["type"]
    if kinds == ["object"]:
        schema |= _object(present, settings, depth)
        marks += ["required"] if "required" in schema else []
    elif kinds == ["array"]:
        items = [item for s in present for item in s.items()[:50]]
        schema |= {"items": _schema(items, settings, depth + 1)} if items else {}
    elif kinds == ["string"] and settings.formats:
        name = _format([s.value for s in present])
        schema |= {"format": name} if name else {}
        marks += ["format"] if name else []
    schema = guess(schema, present[0].line, *marks)
    return guess(schema, nulls[0], "nullable") if nulls else schema


def _named_types(found: list[Sample], settings: Settings) -> dict[str, Json] | None:
    """Read texts that name a type ("<string>", '"a" | "b"') as that type; None when one does not."""
    schemas = [type_word(s.value, bare=settings.words) for s in found]
    return any_of(unique([s for s in schemas if s is not None])) if None not in schemas else None


def type_word(text: str, *, bare: bool = True) -> dict[str, Json] | None:
    """Give the type that an example's text names, None for a value; `bare` words count only if asked."""
    inner = re.fullmatch(r"\s*<([^<>]{1,60})>\s*", text)
    if not (bare or inner or re.match(r"\s*\"[^\"]*\"\s*\|", text)) or len(text) > 400:
        return None
    text = (inner[1] if inner else text).strip()
    read = read_type(text)
    return read.schema if read is not None and read.end == len(text) else None


def is_filler(value: Json) -> bool:
    """Whether a value of an example only holds a place: it is left out, or names its type."""
    return isinstance(value, str) and (value in _ELIDED or type_word(value, bare=False) is not None)


def names_types(value: Json, *, angled: bool = True) -> bool:
    """Whether a body is no example but a sketch: most of its texts name types, of more than one kind.

    With `angled`, "<string>" counts as well as "string".
    """
    texts: list[str] = []
    plain = False  # whether a number or a truth value stands there as itself
    todo = [value]
    while todo and len(texts) < 2000:
        one = todo.pop()
        todo += list(one.values()) if isinstance(one, dict) else one if isinstance(one, list) else []
        texts += [one] if isinstance(one, str) and one not in _ELIDED else []
        plain = plain or isinstance(one, int | float)
    typed = [t for t in texts if (angled or t[:1] != "<") and type_word(t) is not None]
    kinds = {str(kind) for t in typed for kind in [(type_word(t) or {}).get("type")]}
    if plain and not kinds & {"integer", "number", "boolean"} and not any(t[:1] == "<" for t in typed):
        return False  # "object": "list" beside numbers: words of the API that are called like types
    return (
        len(typed) * 5 >= len(texts) * 3
        and len({t.strip("<>") for t in typed}) > (0 if len(texts) < 3 else 1)
        and bool(typed)
    )


def _with_null(kinds: list[str], null: bool) -> Json:
    found = [*kinds, "null"] if null else kinds
    return found[0] if len(found) == 1 else found


def _kinds(values: list[Json]) -> list[str]:
    found = list(dict.fromkeys(map(kind_of, values)))
    return [k for k in found if not (k == "integer" and "number" in found)]


def kind_of(value: Json) -> str:
    """Name the JSON type of a value; an integer is one only when it is written without a point."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _format(values: list[str]) -> str:
    return next((name for name, pattern in _FORMATS if all(pattern.match(v) for v in values)), "")


def _object(found: list[Sample], settings: Settings, depth: int) -> dict[str, Json]:
    found = [s for s in found if s.value != _FILLER]
    names = list(dict.fromkeys(name for s in found for name in s.value))
    members = {name: [s.member(name) for s in found if name in s.value] for name in names}
    schema: dict[str, Json] = {"properties": {n: _schema(p, settings, depth + 1) for n, p in members.items()}}
    required = [name for name in names if len(members[name]) == len(found)]
    if not names:
        return {}
    return schema | ({"required": required} if required and settings.required else {})


def schema_in(value: Json) -> tuple[dict[str, Json], list[str]] | None:
    """Take a JSON Schema that a page prints in place of an example; None when the value is a body.

    Each `$ref` into the block becomes what it names. Beside the schema stand those that name nothing there,
    or what holds them: any value fits in their place.
    """
    if not isinstance(value, dict):
        return None
    block = _Block(value)
    value, left = block.whole(value), block.left
    if value and all(map(_describes, value.values())):
        return _modern({"type": "object", "properties": value}), left
    kind = value.get("type")
    properties, items = value.get("properties"), value.get("items")
    listed = isinstance(properties, dict) and bool(properties) and all(map(_schema_like, properties.values()))
    if (listed and (kind == "object" or "$schema" in value)) or (
        kind == "array" and isinstance(items, dict) and schema_in(items) is not None
    ):
        return _modern({k: v for k, v in value.items() if k not in _OF_THE_BLOCK}), left
    return None


class _Block:
    """A block of JSON whose references become what they name; `left` are those that name nothing in it."""

    def __init__(self, value: dict[str, Json]) -> None:
        self.value = value
        self.left: list[str] = []
        self._room = MAX_REFERENCES

    def whole(self, value: Json, trail: tuple[str, ...] = ()) -> Json:
        """Give a part of the block without references; `trail` are those that led to it."""
        if isinstance(value, list):
            return [self.whole(one, trail) for one in value]
        if not isinstance(value, dict):
            return value
        ref = value.get("$ref")
        if not isinstance(ref, str):
            kept = _OF_THE_BLOCK if value is self.value else set()
            return {k: v if k in kept else self.whole(v, trail) for k, v in value.items()}
        beside = {k: self.whole(v, trail) for k, v in value.items() if k not in _OF_THE_BLOCK | {"$ref"}}
        self._room -= 1
        named = self._named(ref) if ref not in trail and self._room > 0 else None
        if not isinstance(named, dict):
            self.left.append(ref)
            return beside
        found = self.whole(named, (*trail, ref))
        return {k: v for k, v in found.items() if k not in _OF_THE_BLOCK} | beside

    def _named(self, ref: str) -> Json:
        try:
            return Pointer.parse(ref[1:]).resolve(self.value) if ref.startswith("#") else None
        except (LookupError, TypeError, ValueError):
            return None


def _describes(value: Json) -> bool:
    """Whether a member of a body is the schema of that member and no value."""
    kind = value.get("type") if isinstance(value, dict) else None
    known = {"description", "nullable", "readOnly", "example", "examples", "enum", "format", "items",
             "properties", "required", "default", "title"}  # fmt: skip
    return kind in _JSON_TYPES and bool(set(value) & known) and set(value) <= known | {"type"}


def _modern(schema: dict[str, Json]) -> dict[str, Json]:
    """Give a printed schema in the words of OpenAPI 3.1: null as a type."""
    whole = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"printed": schema}}}
    return dict(upgraded(whole)["components"]["schemas"]["printed"])


def _schema_like(value: Json) -> bool:
    words = {"type", "properties", "items", "enum", "anyOf", "oneOf", "allOf", "description"}
    return isinstance(value, dict) and (not value or bool(words & set(value)))
