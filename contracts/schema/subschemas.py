"""The schemas inside a schema, and those that can be reached from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from contracts.model import Json, Pointer
from contracts.spec import LISTS, MAPS, SINGLE, Spec, look

_HOLDERS: Final = frozenset((*SINGLE, *LISTS, *MAPS))


def children(node: dict[str, Any], at: Pointer) -> Iterator[tuple[Pointer, Json]]:
    """Yield every schema that stands directly in a schema, with its place; data such as examples is none."""
    if _HOLDERS.isdisjoint(node):
        return
    for key in SINGLE:
        if key in node:
            yield at / key, node[key]
    for key in LISTS:
        if isinstance(node.get(key), list):
            yield from ((at / key / n, item) for n, item in enumerate(node[key]))
    for key in MAPS:
        if isinstance(node.get(key), dict):
            yield from ((at / key / name, item) for name, item in node[key].items())


def reachable(spec: Spec, start: Pointer, seen: set[Pointer]) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """Yield every schema object reachable from a place, `$ref`s followed, once; none that is in `seen`."""
    todo = [start]
    while todo:
        at = todo.pop()
        node = look(spec.document, at)
        if at in seen or not isinstance(node, dict):
            continue
        seen.add(at)
        yield at, node
        todo.extend(reversed([place for place, _ in children(node, at)]))
        if str(node.get("$ref", "")).startswith("#/"):
            todo.append(spec.target(node["$ref"]))
