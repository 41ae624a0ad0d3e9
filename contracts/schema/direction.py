"""Requests and responses ask different things of one schema: readOnly and writeOnly, in one place.

OpenAPI: a property marked writeOnly may be part of a request and should not come back; where it is also
required, that holds for the request only. readOnly is the reverse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import is_not
from typing import Any, Final

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.spec import NAMED, local, resolve

HIDDEN: Final[Mapping[str, str]] = {"response": "writeOnly", "request": "readOnly"}
"""The word that hides a property in each direction."""

_DATA: Final = frozenset({"enum", "const", "example", "examples", "default"})


def demanded(document: Json, direction: str, name: str) -> Json:
    """Give the document with `required` as the direction means it; the same object when nothing differs."""
    word = HIDDEN[direction]
    return _Demands(document, word, name).copy(document, Pointer()) if _marks(document, word) else document


def _marks(document: Json, word: str) -> bool:
    """Whether anything in a document is marked with a word."""
    level = [document]
    while level:
        if any(node.get(word) is True for node in level if isinstance(node, dict)):
            return True
        inner = (node.values() if isinstance(node, dict) else node for node in level)
        level = [child for children in inner for child in children if isinstance(child, dict | list)]
    return False


class _Demands:
    """One pass over a document; subtrees in which nothing differs are shared with the original."""

    def __init__(self, document: Json, word: str, name: str) -> None:
        self.document, self.word, self.name = document, word, name
        self.opening: list[Pointer] = []

    def copy(self, node: Json, at: Pointer, gone: frozenset[str] = frozenset()) -> Json:
        """Copy a part of the document; `gone` are the names that the allOf around it hides."""
        if isinstance(node, list):
            items = [self.copy(item, at / n, gone) for n, item in enumerate(node)]
            return items if any(map(is_not, items, node)) else node
        if not isinstance(node, dict):
            return node
        data = frozenset[str]() if at and at[-1] in NAMED else _DATA
        required = node.get("required")
        if data and ("allOf" in node or isinstance(required, list)):
            gone = gone | frozenset(self.hidden(node, at))
        changed: dict[str, Json] = {}
        for key, value in node.items():
            if isinstance(value, dict | list) and key not in data:
                made = self.copy(value, at / key, gone if key == "allOf" else frozenset())
                if made is not value:
                    changed[key] = made
        if isinstance(required, list) and gone & set(map(str, required)):
            changed["required"] = [item for item in required if item not in gone]
        copy = {**node, **changed} if changed else node
        return self.opened(copy, node["$ref"], gone) if gone and isinstance(node.get("$ref"), str) else copy

    def opened(self, copy: dict[str, Json], ref: str, gone: frozenset[str]) -> dict[str, Json]:
        """Put a schema in the place of a reference to it, where an allOf hides what the schema requires."""
        place = local(ref, self.name) if ref.startswith("#/") else None
        target = self.find(place) if place is not None else None
        required = target.get("required") if isinstance(target, dict) else None
        asked = set(map(str, required)) if isinstance(required, list) else set()
        if place is None or place in self.opening or not gone & asked:
            return copy
        self.opening.append(place)
        rest = {key: value for key, value in copy.items() if key != "$ref"}
        opened = self.copy(target, place, gone)
        self.opening.pop()
        return {**rest, "allOf": [*_listed(copy), opened]}

    def hidden(self, node: Mapping[str, Any], at: Pointer) -> Iterator[str]:
        """Yield the names that the schema, or a part of it that speaks of the same object, hides."""
        todo: list[tuple[Json, Pointer]] = [(node, at)]
        seen: set[Pointer] = set()
        while todo:
            part, place = todo.pop()
            if not isinstance(part, dict) or place in seen:
                continue
            seen.add(place)
            properties = part.get("properties")
            for key, value in properties.items() if isinstance(properties, dict) else ():
                if self.marked(value, place, key):
                    yield key
            below = [place / "allOf" / n for n in range(len(_listed(part)))]
            refers = str(part.get("$ref", "")).startswith("#/")
            todo += map(self.found, [*below, *([local(part["$ref"], self.name)] if refers else [])])

    def marked(self, value: Json, place: Pointer, key: str) -> bool:
        if not isinstance(value, dict) or value.get(self.word) is True:
            return isinstance(value, dict)
        found = self.find(place / "properties" / key) if "$ref" in value else None
        return isinstance(found, dict) and found.get(self.word) is True

    def find(self, at: Pointer) -> Json:
        return self.found(at)[0]

    def found(self, at: Pointer) -> tuple[Json, Pointer]:
        try:
            return resolve(self.document, at, self.name)
        except SpecError:
            return None, at  # said where the schema is compiled


def _listed(schema: Mapping[str, Json]) -> list[Json]:
    held = schema.get("allOf")
    return held if isinstance(held, list) else []
