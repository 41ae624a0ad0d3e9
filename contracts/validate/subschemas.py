"""Where schemas stand inside a schema: one table for everything that walks a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from contracts.model import Json, Pointer

SINGLE: Final = (
    "items",
    "additionalProperties",
    "propertyNames",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
)
LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
MAPS: Final = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")


def children(node: dict[str, Any], at: Pointer) -> Iterator[tuple[Pointer, Json]]:
    """Yield every schema that stands directly in a schema, with its place; data such as examples is none."""
    for key in SINGLE:
        if key in node:
            yield at / key, node[key]
    for key in LISTS:
        if isinstance(node.get(key), list):
            yield from ((at / key / n, item) for n, item in enumerate(node[key]))
    for key in MAPS:
        if isinstance(node.get(key), dict):
            yield from ((at / key / name, item) for name, item in node[key].items())
