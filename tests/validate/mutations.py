"""Single mutations of a payload, at every place a schema speaks of: drop, retype, null, enum, format, bounds, extra.

Driven by the payload and the walk of its schema only, so that it serves any provider. A mutation counts when the
reference engine rejects what it made; whether the checker then names the place is what the tests ask.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.model import Interaction, Json, Pointer, Source
from contracts.schema.engine import compile_schema
from contracts.schema.faults import Engine
from contracts.schema.walk import Visit
from contracts.spec import Provider
from contracts.spec.openapi import Operation, Spec
from contracts.validate import Checker
from contracts.validate.reading import types_of

OF_KIND: Mapping[str, Json] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 7.5,
    "string": "x-contracts",
    "array": ["x-contracts"],
    "object": {"x-contracts": 1},
}
EXTRA = "x_contracts_extra"


@dataclass(frozen=True)
class Mutation:
    """A payload with one thing changed at `pointer`, the empty chair for what was dropped."""

    kind: str
    pointer: Pointer
    value: Json

    def __str__(self) -> str:
        return f"{self.kind} at {self.pointer or '/'}"


def mutations(checker: Checker, schema: Pointer, payload: Json) -> Iterator[Mutation]:
    """Yield every single mutation of a payload, each once."""
    seen: set[tuple[str, Pointer]] = set()
    for visit in checker.walker.visits(payload, schema):
        allowed = {kind for at, _ in visit.schemas for kind in types_of(checker.spec, at)}
        for kind, at, change in _changes(visit, allowed):
            if (kind, at) not in seen:
                seen.add((kind, at))
                yield Mutation(kind, at, _with(payload, at, change))


class _Drop:
    """The change that takes a property away."""


DROP = _Drop()


def _changes(visit: Visit, allowed: set[str]) -> Iterator[tuple[str, Pointer, Any]]:
    """Yield (kind, place, new value); a type that another branch of a union allows is no wrong type."""
    at, value = visit.pointer, visit.value
    for name, other in OF_KIND.items():
        if type(other) is not type(value) and name not in allowed:
            yield ("null" if name == "null" else f"retype to {name}"), at, copy.deepcopy(other)
    if isinstance(value, dict):
        yield from (("drop", at / key, DROP) for key in value)
        yield "extra", at / EXTRA, 1
    for _, node in visit.schemas:
        yield from ((kind, at, other) for kind, other in _within(node, value))


def _within(node: Mapping[str, Any], value: Json) -> Iterator[tuple[str, Json]]:
    """Yield values of the same type that a keyword of the schema may refuse."""
    if isinstance(value, str):
        for key in ("enum", "const", "format", "pattern"):
            if key in node:
                yield key, f"{value} no {key}"
        if "minLength" in node:
            yield "minLength", value[: node["minLength"] - 1] if node["minLength"] else value
        if "maxLength" in node:
            yield "maxLength", value + "x" * (node["maxLength"] + 1 - len(value))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if "minimum" in node:
            yield "minimum", node["minimum"] - 1
        if "maximum" in node:
            yield "maximum", node["maximum"] + 1
        if str(node.get("format", "")).startswith("int"):
            yield "format", 2**70
    elif isinstance(value, list) and value and "maxItems" in node:
        yield "maxItems", value * (node["maxItems"] + 1)


def _with(payload: Json, at: Pointer, change: Any) -> Json:
    if not at:
        return change
    mutated = copy.deepcopy(payload)
    parent = Pointer(at[:-1]).resolve(mutated)
    if change is DROP:
        del parent[at[-1]]
    else:
        parent[at[-1]] = change
    return mutated


@dataclass(frozen=True)
class Subject:
    """A payload that conforms, with the interaction it came in and the schema it answers to."""

    provider: str
    operation: Operation
    interaction: Interaction
    schema: Pointer
    payload: Json


def reference(spec: Spec, schema: Pointer) -> Engine:
    """Compile the oracle for a schema of a spec."""
    return compile_schema(None, "reference", root=spec.document, pointer=str(schema))


def subjects(provider: Provider) -> Iterator[Subject]:
    """Yield every distinct JSON payload of the provider's recordings that has a schema."""
    from contracts.check.provider import CheckOptions, ProviderCheck
    from contracts.decode import decode

    seen: set[tuple[str, str, bytes]] = set()
    check = ProviderCheck(provider, CheckOptions())
    for operation in check.operations():
        for interaction in check.interactions(operation):
            response = interaction.response
            documented = operation.response(response.status) if response else None
            schema = documented.content.get("application/json") if documented else None
            if response is None or schema is None or interaction.source is Source.DOCUMENTATION:
                continue
            key = (operation.alias, str(response.status), response.body)
            decoded = decode(response.body)
            if key not in seen and decoded.usable:
                seen.add(key)
                yield Subject(provider.id, operation, interaction, schema, decoded.value)
