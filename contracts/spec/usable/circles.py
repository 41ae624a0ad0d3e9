"""Schemas that refer to themselves without a step into the value: no engine can judge by them.

jsonschema runs out of stack on them and jsonschema-rs calls everything valid, so the circle is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.model import Pointer
from contracts.spec.keywords import PLACES, SAME_VALUE, Shape
from contracts.spec.references import pointed


def break_circles(schemas: Mapping[Pointer, dict[str, Any]]) -> Iterator[Pointer]:
    """Take one `$ref` out of each circle about one and the same value; yield where it stood."""
    edges = {at: tuple(_same(schema, at)) for at, schema in schemas.items()}
    done: set[Pointer] = set()
    for start in edges:
        while circle := _circle(edges, start, done):
            steps = zip(circle, (*circle[1:], circle[0]), strict=True)
            at = next(here for here, below in steps if _refers(schemas[here], below))
            del schemas[at]["$ref"]
            edges[at] = tuple(_same(schemas[at], at))
            yield at


def _same(schema: dict[str, Any], at: Pointer) -> Iterator[Pointer]:
    if isinstance(schema.get("$ref"), str):
        yield pointed(schema["$ref"])
    for key in SAME_VALUE & schema.keys():
        match PLACES[key].shape:
            case Shape.ONE:
                yield at / key
            case Shape.LIST:
                yield from (at / key / str(n) for n in range(len(schema[key])))
            case Shape.MAP:
                yield from (at / key / name for name in schema[key])


def _refers(schema: dict[str, Any], target: Pointer) -> bool:
    ref = schema.get("$ref")
    return isinstance(ref, str) and pointed(ref) == target


def _circle(edges: dict[Pointer, tuple[Pointer, ...]], start: Pointer, done: set[Pointer]) -> list[Pointer]:
    """Give a circle that can be reached from a place, in order; what leads into none is added to `done`."""
    path: dict[Pointer, Iterator[Pointer]] = {}
    todo: list[Iterator[Pointer]] = [iter((start,))]
    names: list[Pointer] = []
    while todo:
        at = next(todo[-1], None)
        if at is None:
            todo.pop()
            if names:
                done.add(last := names.pop())
                path.pop(last, None)
        elif at in path:
            return names[names.index(at) :]
        elif at in edges and at not in done:
            path[at] = iter(edges[at])
            names.append(at)
            todo.append(path[at])
    return []
