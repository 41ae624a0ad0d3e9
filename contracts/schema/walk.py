"""Which schemas speak of which place of a payload: one walk for undescribed fields, write-only, coverage.

At each place the schemas that apply are expanded through `$ref`, allOf, the branches of unions that accept
the value, if/then/else and dependentSchemas. Bounded by the payload, whose depth the decoder limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from contracts.model import Json, Pointer
from contracts.patterns import search
from contracts.schema.discriminator import subtype
from contracts.schema.engine import compile_schema
from contracts.schema.faults import Engine
from contracts.schema.strict_twin import is_open
from contracts.spec import Spec, look

_TYPES: Final[dict[type, tuple[str, ...]]] = {
    type(None): ("null",),
    bool: ("boolean",),
    str: ("string",),
    list: ("array",),
    dict: ("object",),
    int: ("integer", "number"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A value at its place, with the schema objects that apply to it and where each stands in the spec."""

    pointer: Pointer
    value: Json
    schemas: tuple[tuple[Pointer, dict[str, Any]], ...]


class Walker:
    """Walks payloads through the schemas of one spec; compiled branch checks are kept."""

    def __init__(self, spec: Spec, engine: str = "fast") -> None:
        self._spec, self._engine = spec, engine
        self._compiled: dict[Pointer, Engine] = {}
        self._looked = False

    def visits(self, value: Json, schema: Pointer) -> Iterator[Visit]:
        """Yield a Visit for every place of the payload that some schema speaks of, parents first."""
        yield from self._visit(value, (schema,), Pointer())

    def applying(
        self, value: Json, starts: tuple[Pointer, ...]
    ) -> tuple[tuple[tuple[Pointer, dict[str, Any]], ...], bool]:
        """Give the schemas that speak of a value, and whether its JSON type alone decided which."""
        self._looked = False
        found: dict[Pointer, dict[str, Any]] = {}
        for start in starts:
            self._expand(value, start, found)
        return tuple(found.items()), not self._looked

    def _visit(self, value: Json, starts: tuple[Pointer, ...], at: Pointer) -> Iterator[Visit]:
        schemas, _ = self.applying(value, starts)
        yield Visit(at, value, schemas)
        if isinstance(value, dict):
            for key, item in value.items():
                if places := tuple(
                    child for place, node in schemas for child in property_places(node, place, key)
                ):
                    yield from self._visit(item, places, at / key)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if places := tuple(
                    child for place, node in schemas for child in item_places(node, place, index)
                ):
                    yield from self._visit(item, places, at / index)

    def _expand(self, value: Json, at: Pointer, found: dict[Pointer, dict[str, Any]]) -> None:
        node = look(self._spec.document, at)
        if not isinstance(node, dict) or at in found:
            return
        found[at] = node
        if "discriminator" in node and (named := subtype(self._spec.document, value, node)):
            self._looked = True
            self._expand(value, self._spec.target(named), found)
        if str(node.get("$ref", "")).startswith("#/"):
            self._expand(value, self._spec.target(node["$ref"]), found)
        for index in range(len(node.get("allOf") or ())):
            self._expand(value, at / "allOf" / index, found)
        for key in ("anyOf", "oneOf"):
            if isinstance(node.get(key), list):
                for place in self._branches(value, at / key, len(node[key])):
                    self._expand(value, place, found)
        if "if" in node:
            chosen = "then" if self.accepts(value, at / "if") else "else"
            for key in ("if", "then") if chosen == "then" else ("else",):
                if key in node:
                    self._expand(value, at / key, found)
        if isinstance(value, dict) and node.get("dependentSchemas"):
            self._looked = True
            for key in node["dependentSchemas"]:
                if key in value:
                    self._expand(value, at / "dependentSchemas" / key, found)

    def _branches(self, value: Json, at: Pointer, count: int) -> list[Pointer]:
        """Choose the branches that were meant: by type; where several are left, those that take the value."""
        self._looked = self._looked or isinstance(value, float)  # 1.0 is an integer, 1.5 is none
        typed = [at / n for n in range(count) if _type_fits(self._resolved(at / n), value)]
        if len(typed) < 2:
            return typed
        return [place for place in typed if self.accepts(value, place)] or typed

    def _resolved(self, at: Pointer) -> Json:
        return self._spec.resolve(at)[0]

    def accepts(self, value: Json, at: Pointer) -> bool:
        """Whether the schema at a place of the spec accepts a value."""
        self._looked = True
        if at not in self._compiled:
            compiled = compile_schema(None, self._engine, root=self._spec.document, pointer=str(at))
            self._compiled[at] = compiled
        return self._compiled[at].is_valid(value)


def _type_fits(node: Json, value: Json) -> bool:
    types = node.get("type") if isinstance(node, dict) else None
    if node is False or types is None:
        return node is not False
    listed = types if isinstance(types, list) else [types]
    if isinstance(value, float):
        return "number" in listed or ("integer" in listed and value.is_integer())
    return any(t in listed for t in _TYPES[type(value)])


def property_places(node: dict[str, Any], at: Pointer, key: str) -> Iterator[Pointer]:
    """Yield where a schema describes a property: by name, by pattern, or as one of the rest."""
    named = isinstance(node.get("properties"), dict) and key in node["properties"]
    if named:
        yield at / "properties" / key
    matched = [p for p in node.get("patternProperties") or () if search(p, key)]
    yield from (at / "patternProperties" / p for p in matched)
    if not named and not matched and isinstance(node.get("additionalProperties"), dict):
        yield at / "additionalProperties"


def item_places(node: dict[str, Any], at: Pointer, index: int) -> Iterator[Pointer]:
    """Yield where a schema describes the item of a list at a position."""
    first = node.get("prefixItems") or ()
    if index < len(first):
        yield at / "prefixItems" / index
    elif "items" in node:
        yield at / "items"


def undescribed(visit: Visit) -> Iterator[tuple[Pointer, Pointer]]:
    """Yield (place, spec place of `properties`) of each field that an open object does not name.

    A closed object says so by its own keyword; a free-form or typed rest describes every field.
    """
    if not isinstance(visit.value, dict):
        return
    declares = [place for place, node in visit.schemas if node.get("properties")]
    if not declares or any(_settles(node) for _, node in visit.schemas):
        return
    for key in visit.value:
        if not any(True for place, node in visit.schemas for _ in property_places(node, place, key)):
            yield visit.pointer / key, declares[-1] / "properties"


def _settles(node: dict[str, Any]) -> bool:
    rest = node.get("additionalProperties", True)
    free = "additionalProperties" in node and is_open(rest) and not node.get("properties")
    return free or not is_open(rest) or not is_open(node.get("unevaluatedProperties", True))


def hidden(visit: Visit, word: str) -> Iterator[tuple[Pointer, Pointer]]:
    """Yield (place, spec place) when the value's schema hides it in this direction: writeOnly or readOnly."""
    for place, node in visit.schemas:
        if node.get(word) is True:
            yield visit.pointer, place / word
            return
