"""Which facts of a spec the interactions exercised: statuses, properties, absences, words, nulls, lists."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from contracts.decode import uncollected
from contracts.model import Coverage, Interaction, Json, Pointer, Source
from contracts.spec import Operation, Spec
from contracts.text import show
from contracts.validate.answered import Answered
from contracts.validate.columns import Column
from contracts.validate.reading import in_place, is_json, plain
from contracts.validate.response import Checker

MAX_FACTS: Final = 1000
"""Facts of one operation that are counted, shallow ones first: schemas that refer to each other never end."""


def coverage_of(
    checker: Checker, operation: Operation, interactions: Iterable[Interaction | Answered]
) -> Coverage:
    """Give the facts that interactions showed and those they did not; documentation shows nothing."""
    found = {fact for interaction in interactions for fact in shown(checker, operation, interaction)}
    return tally(checker, operation, found)


def tally(checker: Checker, operation: Operation, found: Collection[str]) -> Coverage:
    """Sort the facts of an operation into those that were shown and those that were not."""
    facts = tuple(islice(_facts(checker.spec, operation), MAX_FACTS + 1))
    facts, cut = facts[:MAX_FACTS], len(facts) > MAX_FACTS
    return Coverage(
        provider=checker.provider,
        operation=operation.alias,
        seen=tuple(fact for fact in facts if fact in found),
        unseen=tuple(fact for fact in facts if fact not in found),
        cut=cut,
    )


def _facts(spec: Spec, operation: Operation) -> Iterator[str]:
    """Yield each fact once: level by level, so that a limit cuts the deepest of every status alike."""
    said: set[str] = set()
    levels = _Levels(spec)
    for status, response in operation.responses.items():
        yield f"{status} answered"
        for media, schema in response.content.items():
            if schema is not None and is_json(plain(media)):
                levels.add(status, "", schema, frozenset())
    for fact in levels.facts():
        if fact not in said:
            said.add(fact)
            yield fact


class _Levels:
    """The schemas of an operation, walked breadth first; a schema is listed once at each place.

    A schema that refers to itself is not listed again below itself.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._todo: deque[tuple[str, str, Pointer, frozenset[Pointer]]] = deque()
        self._met: set[tuple[str, str, Pointer]] = set()

    def add(self, status: str, place: str, at: Pointer, above: frozenset[Pointer]) -> None:
        """Take in a schema at a place of the answer with a status."""
        if (status, place, at) not in self._met:
            self._met.add((status, place, at))
            self._todo.append((status, place, at, above))

    def facts(self) -> Iterator[str]:
        """Yield the facts of what was taken in and of all below it."""
        while self._todo:
            status, place, at, above = self._todo.popleft()
            nodes = dict(in_place(self._spec, at))
            if above.isdisjoint(nodes):
                yield from (f"{status} {fact}" for fact in self._level(status, place, nodes, above))

    def _level(
        self, status: str, place: str, nodes: dict[Pointer, dict[str, Any]], above: frozenset[Pointer]
    ) -> Iterator[str]:
        below = above | nodes.keys()
        yield from (f"{place} {fact}" for node in nodes.values() for fact in _leaf_facts(node))
        for name, child, required in _properties(nodes):
            here = place + str(Pointer((name,)))
            yield f"{here} present"
            if not required:
                yield f"{here} absent"
            self.add(status, here, child, below)
        for at, node in nodes.items():
            if isinstance(node.get("items"), dict):
                yield f"{place} empty"
                yield f"{place} items"
                self.add(status, f"{place}/*", at / "items", below)


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


def shown(checker: Checker, operation: Operation, interaction: Interaction | Answered) -> Iterator[str]:
    """Yield the facts that one interaction shows; documentation shows nothing."""
    answered = interaction if isinstance(interaction, Answered) else checker.met(interaction)
    response = answered.response
    documented = operation.response(response.status) if response else None
    if documented is None or answered.interaction.source is Source.DOCUMENTATION:
        return
    yield f"{documented.status} answered"
    schema = answered.schema if answered.sent and answered.documented is documented else None
    if schema is not None and is_json(plain(answered.media)) and answered.decoded.usable:
        yield from shown_by(checker, documented.status, schema, [answered.decoded.value])


def shown_by(checker: Checker, status: str, schema: Pointer, values: list[Json]) -> Iterator[str]:
    """Yield the facts that at least one of several bodies shows; `status` is the documented one."""
    with uncollected():
        columns = list(checker.columns.of_all(values, schema))
    for column in columns:
        yield from (f"{status} {fact}" for fact in _of_column(column))


def _of_column(column: Column) -> Iterator[str]:
    place, values = column.place, column.values
    kinds = set(map(type, values))
    yield f"{place} present"
    if type(None) in kinds:
        yield f"{place} null"
    if list in kinds:
        lists = [value for value in values if type(value) is list]
        yield from (f"{place} {word}" for word, is_so in _fillings(lists) if is_so)
    if dict in kinds:
        objects = [value for value in values if type(value) is dict]
        names = {name for _, node in column.schemas for name in _declared(node)}
        yield from (
            f"{place}{Pointer((name,))} absent" for name in names if not all(name in o for o in objects)
        )
    if any(True for _, node in column.schemas for _ in _leaf_facts(node)):
        words = {(type(value), value) for value in values if type(value) in _WORDS}
        yield from (f"{place} = {show(value)}" for _, value in words)


_WORDS: Final = frozenset({bool, str, int, float})


def _fillings(lists: list[Json]) -> tuple[tuple[str, bool], ...]:
    return ("items", any(lists)), ("empty", not all(lists))


def _declared(node: dict[str, Any]) -> Iterator[str]:
    properties: Json = node.get("properties")
    yield from properties if isinstance(properties, dict) else ()
