"""How much work a validator has with a document: schemas that multiply at one place are not handed to it.

Sixty components that each say `allOf: [next, next]` are a small document and 2^60 checks. What would cost
more than `LIMIT` at one place of a payload is not checked at all, rather than never ending.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contracts.model import Json
from contracts.spec import DATA, PARTS, Shape, holding

LIMIT: Final = 20_000
_SINGLE: Final = holding(Shape.ONE, same=True)
_MAPS: Final = holding(Shape.MAP, same=True)


def bearable(document: Json) -> bool:
    """Whether no place of a payload would be checked against more than `LIMIT` schemas."""
    costs = _costs(document)
    return all(cost <= LIMIT for cost in costs.values())


def _costs(document: Json) -> dict[int, int]:
    """Give the work per schema object, by identity; a `$ref` costs what it leads to, a cycle nothing more."""
    costs: dict[int, int] = {}
    for root in list(_objects(document)):
        stack: list[tuple[dict[str, Json], bool]] = [(root, False)]
        opened: set[int] = set()
        while stack:
            node, done = stack.pop()
            if done:
                below = sum(costs.get(id(child), 1) for child in _below(document, node))
                costs[id(node)] = min(1 + below, LIMIT + 1)
            elif id(node) not in costs and id(node) not in opened:
                opened.add(id(node))
                stack.append((node, True))
                stack += [(child, False) for child in _below(document, node) if id(child) not in costs]
    return costs


def _objects(document: Json) -> Iterator[dict[str, Json]]:
    """Yield every object in which something multiplies; the others cost what stands in them."""
    stack: list[Json] = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, dict):
            if any(key in node for key in PARTS):
                yield node
            stack += [value for key, value in node.items() if key not in DATA]


def _below(document: Json, node: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """Yield the schemas that judge the same value as this one."""
    held: list[Json] = [node[key] for key in _SINGLE if key in node]
    for key in PARTS:
        listed = node.get(key)
        held += listed if isinstance(listed, list) else []
    for key in _MAPS:
        named = node.get(key)
        held += named.values() if isinstance(named, dict) else []
    ref = node.get("$ref")
    if isinstance(ref, str) and ref.startswith("#/components/schemas/"):
        schemas = document.get("components", {}).get("schemas", {}) if isinstance(document, dict) else {}
        held.append(schemas.get(ref.rpartition("/")[2]) if isinstance(schemas, dict) else None)
    yield from (child for child in held if isinstance(child, dict))
