"""What a contract lets a recording keep, and how it judges a body: the redactor's only view of a spec."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from contracts.auth import Carrier
from contracts.model import Json, Pointer
from contracts.spec import MAPS, HeaderSpec, Operation, Spec

Faults: TypeAlias = Callable[[Json], Iterable[tuple[Pointer, str]]]
"""Judges a decoded body by the operation's schema: (place, keyword) of every fault."""

_MAX_NODES: Final = 200_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """Names a recording may keep and words that are public because the spec prints them.

    `query` and the headers are lower-case names; `published` holds enum and const values, property and
    parameter names. `places` are wildcard pointers (`/tasks/*/account_name`) that are always replaced.
    `carriers` say how keys travel: what a request carries there is a known secret, and is never kept. Without
    `faults` nothing is known of validity.
    """

    query: frozenset[str] = frozenset()
    request_headers: frozenset[str] = frozenset()
    response_headers: frozenset[str] = frozenset()
    published: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    carriers: tuple[Carrier, ...] = ()
    faults: Faults | None = None


def allowance_of(
    spec: Spec,
    operation: Operation,
    status: int,
    *,
    faults: Faults | None = None,
    places: Iterable[str] = (),
) -> Allowance:
    """Read from a spec what a recording of one operation and status may keep."""
    response = operation.response(status)
    headers = frozenset(h.name.lower() for h in response.headers) if response else frozenset()
    return Allowance(
        query=_names(operation, "query"),
        request_headers=_names(operation, "header"),
        response_headers=headers,
        published=frozenset(_words(spec, operation, response.headers if response else ())),
        places=frozenset(places),
        carriers=operation.entry.auth,
        faults=faults,
    )


def _names(operation: Operation, location: str) -> frozenset[str]:
    """Give the names that a recording may keep: the declared ones that no key travels in."""
    keys = {carrier.name.lower() for carrier in operation.entry.auth}
    return frozenset(p.name.lower() for p in operation.parameters if p.location == location) - keys


def _words(spec: Spec, operation: Operation, headers: tuple[HeaderSpec, ...]) -> Iterator[str]:
    yield from (p.name for p in operation.parameters)
    starts = [p.schema for p in operation.parameters] + [h.schema for h in headers]
    for response in operation.responses.values():
        starts += response.content.values()
    for start in filter(None, starts):
        yield from published(spec.document, spec.resolve(start)[0])


def published(root: Json, schema: Json) -> Iterator[str]:
    """Yield the words that a schema prints: enum and const texts, property names, through local `$ref`s."""
    stack: list[Json] = [schema]
    seen: set[int] = set()
    while stack and len(seen) < _MAX_NODES:
        node = stack.pop()
        if not isinstance(node, dict | list) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, list):
            stack.extend(node)
            continue
        yield from _printed(node)
        stack.extend(value for key, value in node.items() if key not in {"example", "examples", "default"})
        stack.append(_target(root, node.get("$ref")))


def _printed(node: dict[str, Json]) -> Iterator[str]:
    values = node["enum"] if isinstance(node.get("enum"), list) else []
    yield from (v for v in (*values, node.get("const")) if isinstance(v, str))
    for key in MAPS:
        if isinstance(node.get(key), dict):
            yield from node[key]


def _target(root: Json, ref: Json) -> Json:
    if not isinstance(ref, str) or not ref.startswith("#/"):
        return None
    try:
        return Pointer.parse(ref[1:]).resolve(root)
    except (KeyError, IndexError, ValueError, TypeError):
        return None
