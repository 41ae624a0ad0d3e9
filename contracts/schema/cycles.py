"""Schemas that refer to themselves without a step into the value: no engine can judge by them.

jsonschema runs out of stack on them and jsonschema-rs calls everything valid, so they are refused first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.schema.subschemas import children
from contracts.spec import SAME_VALUE, local, look
from contracts.text import show

MAX_STEPS: Final = 64
"""How many schemas may speak of one value one behind the other."""

MAX_WAYS: Final = 100_000
"""On how many ways one schema may be reached from another about one value: doubling schemas explode."""


def refuse_circles(document: Json, start: Pointer, name: str) -> None:
    """Raise SpecError when a schema in reach refers to itself, or on and on, about one and the same value."""
    edges = _edges(document, start, name)
    incoming = dict.fromkeys(edges, 0)
    for target in (target for targets in edges.values() for target in targets):
        incoming[target] += 1
    steps = {at: 0 for at, count in incoming.items() if count == 0}
    ways = dict.fromkeys(edges, 1)
    ready = list(steps)
    while ready:
        at = ready.pop()
        for target in edges[at]:
            incoming[target] -= 1
            ways[target] += ways[at]
            steps[target] = max(steps.get(target, 0), steps[at] + 1)
            if incoming[target] == 0:
                ready.append(target)
    circular = next((at for at, count in incoming.items() if count), None)
    if circular is not None:
        raise SpecError(f"{name}: the schema at {show(str(circular))} refers to itself without end")
    if max(ways.values()) > MAX_WAYS:
        raise SpecError(
            f"{name}: the schema at {show(str(start))} says one thing in more than {MAX_WAYS:,} ways"
        )
    if steps and max(steps.values()) > MAX_STEPS:
        raise SpecError(f"{name}: the schema at {show(str(start))} refers on more than {MAX_STEPS} times")


def _edges(document: Json, start: Pointer, name: str) -> dict[Pointer, tuple[Pointer, ...]]:
    """Give, for each schema in reach, the places of the schemas that speak of the same value."""
    edges: dict[Pointer, tuple[Pointer, ...]] = {}
    todo = [start]
    while todo:
        at = todo.pop()
        node = look(document, at)
        if at in edges:
            continue
        if not isinstance(node, dict | bool):
            problem = "points nowhere" if node is None else f"is no schema but {show(node)}"
            raise SpecError(f"{name}: {show(str(at))} {problem}")
        edges[at] = tuple(_same(node, at, name)) if isinstance(node, dict) else ()
        todo.extend(edges[at])
        todo.extend(place for place, _ in children(node, at)) if isinstance(node, dict) else None
    return edges


def _same(node: dict[str, Any], at: Pointer, name: str) -> Iterator[Pointer]:
    if isinstance(node.get("$ref"), str):
        yield local(node["$ref"], name)
    yield from (place for place, _ in children(node, at) if place[len(at)] in SAME_VALUE)
