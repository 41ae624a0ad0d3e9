"""Which facts of a spec the interactions exercised: statuses, properties, absences, words, nulls, lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from contracts.decode import decode
from contracts.model import Coverage, Interaction, Json, Pointer, Source
from contracts.schema import Visit
from contracts.spec import Operation, Spec, look
from contracts.text import show
from contracts.validate.media import choose, is_json, plain
from contracts.validate.response import Checker

MAX_FACTS: Final = 5000
_IN_PLACE: Final = ("allOf", "anyOf", "oneOf")


def coverage_of(checker: Checker, operation: Operation, interactions: Iterable[Interaction]) -> Coverage:
    """Give the facts that interactions showed and those they did not; documentation shows nothing."""
    found = {fact for interaction in interactions for fact in shown(checker, operation, interaction)}
    return tally(checker, operation, found)


def tally(checker: Checker, operation: Operation, found: Collection[str]) -> Coverage:
    """Sort the facts of an operation into those that were shown and those that were not."""
    facts = tuple(dict.fromkeys(_facts(checker.spec, operation)))[:MAX_FACTS]
    return Coverage(
        provider=checker.provider,
        operation=operation.alias,
        seen=tuple(fact for fact in facts if fact in found),
        unseen=tuple(fact for fact in facts if fact not in found),
    )


def _facts(spec: Spec, operation: Operation) -> Iterator[str]:
    for status, response in operation.responses.items():
        yield f"{status} answered"
        for media, schema in response.content.items():
            if schema is not None and is_json(plain(media)):
                yield from (f"{status} {fact}" for fact in _of_schema(spec, schema, "", frozenset()))


def _of_schema(spec: Spec, at: Pointer, place: str, above: frozenset[Pointer]) -> Iterator[str]:
    nodes = dict(_in_place(spec, at))
    if above & nodes.keys():
        return  # a recursive schema: its facts were listed one level up
    below = above | nodes.keys()
    yield from (f"{place} {fact}" for node in nodes.values() for fact in _leaf_facts(node))
    for name, child, required in _properties(nodes):
        here = place + str(Pointer((name,)))
        yield f"{here} present"
        if not required:
            yield f"{here} absent"
        yield from _of_schema(spec, child, here, below)
    for at_node, node in nodes.items():
        if isinstance(node.get("items"), dict):
            yield f"{place} empty"
            yield f"{place} items"
            yield from _of_schema(spec, at_node / "items", f"{place}/*", below)


def _in_place(
    spec: Spec, at: Pointer, seen: frozenset[Pointer] = frozenset()
) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    node = look(spec.document, at)
    if not isinstance(node, dict) or at in seen:
        return
    yield at, node
    seen |= {at}
    if str(node.get("$ref", "")).startswith("#/"):
        yield from _in_place(spec, spec.target(node["$ref"]), seen)
    for key in _IN_PLACE:
        for index in range(len(node.get(key) or ())):
            yield from _in_place(spec, at / key / index, seen)


def _properties(nodes: dict[Pointer, dict[str, Any]]) -> Iterator[tuple[str, Pointer, bool]]:
    required = {name for node in nodes.values() for name in node.get("required") or ()}
    for at, node in nodes.items():
        properties = node.get("properties")
        for name in properties if isinstance(properties, dict) else ():
            yield name, at / "properties" / name, name in required


def _leaf_facts(node: dict[str, Any]) -> Iterator[str]:
    types = node.get("type")
    listed = types if isinstance(types, list) else [types]
    if "null" in listed:
        yield "null"
    if "boolean" in listed and "enum" not in node and "const" not in node:
        yield from ("= true", "= false")
    yield from (
        f"= {show(value)}" for value in node.get("enum") or () if isinstance(value, str | int | float)
    )


def shown(checker: Checker, operation: Operation, interaction: Interaction) -> Iterator[str]:
    """Yield the facts that one interaction shows; documentation shows nothing."""
    response = interaction.response
    documented = operation.response(response.status) if response else None
    if response is None or documented is None or interaction.source is Source.DOCUMENTATION:
        return
    yield f"{documented.status} answered"
    chosen = choose(documented.content, plain(response.header("content-type") or ""))
    schema = documented.content.get(chosen) if chosen else None
    decoded = decode(response.body, max_bytes=checker.max_bytes)
    if schema is not None and decoded.usable:
        for visit in checker.walker.visits(decoded.value, schema):
            yield from (f"{documented.status} {fact}" for fact in _of_visit(visit))


def _of_visit(visit: Visit) -> Iterator[str]:
    place, value = visit.pointer.wildcard, visit.value
    yield f"{place} present"
    if value is None:
        yield f"{place} null"
    elif isinstance(value, bool | str | int | float):
        yield f"{place} = {show(value)}"
    elif isinstance(value, list):
        yield f"{place} {'items' if value else 'empty'}"
    else:
        yield from (f"{place}{Pointer((name,))} absent" for name in _declared(visit) if name not in value)


def _declared(visit: Visit) -> Iterator[str]:
    for _, node in visit.schemas:
        properties: Json = node.get("properties")
        yield from properties if isinstance(properties, dict) else ()
