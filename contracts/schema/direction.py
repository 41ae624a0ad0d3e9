"""Requests and responses ask different things of one schema: readOnly and writeOnly, in one place.

OpenAPI: a property marked writeOnly may be part of a request and should not come back; where it is also
required, that holds for the request only. readOnly is the reverse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.spec import NAMED, local, resolve

HIDDEN: Final[Mapping[str, str]] = {"response": "writeOnly", "request": "readOnly"}
"""The word that hides a property in each direction."""

_DATA: Final = frozenset({"enum", "const", "example", "examples", "default"})
_MAX_DEPTH: Final = 16


def demanded(document: Json, direction: str, name: str) -> Json:
    """Give the document with `required` as the direction means it; the same object when nothing differs."""
    return _Demands(document, HIDDEN[direction], name).copy(document, Pointer())


class _Demands:
    """One pass over a document; subtrees in which nothing differs are shared with the original."""

    def __init__(self, document: Json, word: str, name: str) -> None:
        self.document, self.word, self.name = document, word, name

    def copy(self, node: Json, at: Pointer) -> Json:
        if isinstance(node, list):
            items = [self.copy(item, at / n) for n, item in enumerate(node)]
            return items if any(a is not b for a, b in zip(items, node, strict=True)) else node
        if not isinstance(node, dict):
            return node
        data = frozenset[str]() if at and at[-1] in NAMED else _DATA
        copy = {key: value if key in data else self.copy(value, at / key) for key, value in node.items()}
        required = node.get("required")
        if isinstance(required, list) and (
            gone := set(self.hidden(node, at, _MAX_DEPTH)) & set(map(str, required))
        ):
            copy["required"] = [item for item in required if item not in gone]
        return copy if any(copy[key] is not node[key] for key in node) else node

    def hidden(self, node: Mapping[str, Any], at: Pointer, depth: int) -> Iterator[str]:
        """Yield the names that the schema, or a part of it that speaks of the same object, hides."""
        properties = node.get("properties")
        for key in properties if isinstance(properties, dict) else ():
            if self.marked(at / "properties" / key):
                yield key
        parts = [at / "allOf" / n for n in range(len(node.get("allOf") or ()))]
        parts += [local(node["$ref"], self.name)] if str(node.get("$ref", "")).startswith("#/") else []
        for part in parts if depth else ():
            below = self.find(part)
            if isinstance(below, dict):
                yield from self.hidden(below, part, depth - 1)

    def marked(self, at: Pointer) -> bool:
        found = self.find(at)
        return isinstance(found, dict) and found.get(self.word) is True

    def find(self, at: Pointer) -> Json:
        try:
            return resolve(self.document, at, self.name)[0]
        except SpecError:
            return None  # said where the schema is compiled
