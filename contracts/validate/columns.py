"""A payload walked place by place, all values of one place at once: what coverage costs for a big body.

`Walker.visits` says where each single value stands. Whoever only asks what was seen at a place (a null, a
word of an enum, an empty list) gets the same answer from columns for a fraction of the time: the schemas are
looked up once for a column and not once for each value.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from contracts.model import Json, Pointer
from contracts.schema import Walker, item_places, property_places

Schemas = tuple[tuple[Pointer, dict[str, Any]], ...]
_Starts = tuple[Pointer, ...]


class Column(NamedTuple):
    """All values of one place that the same schemas speak of; `place` is a pointer with positions as `*`.

    The values of a map, whose keys no schema names, share the place `*`.
    """

    place: str
    values: list[Json]
    schemas: Schemas


class Columns:
    """Walks payloads column by column; which schemas speak of a place is kept."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._settled: dict[tuple[_Starts, type], Schemas] = {}
        self._below: dict[tuple[_Starts, str], tuple[_Starts, bool]] = {}

    def of(self, value: Json, schema: Pointer) -> Iterator[Column]:
        """Yield a column for each place of the payload that some schema speaks of, parents first."""
        yield from self.of_all([value], schema)

    def of_all(self, payloads: list[Json], schema: Pointer) -> Iterator[Column]:
        """Yield the columns of several payloads, all values of a place in one."""
        todo: deque[tuple[str, _Starts, list[Json]]] = deque([("", (schema,), payloads)])
        while todo:
            place, starts, values = todo.popleft()
            for schemas, group in self._grouped(starts, values):
                yield Column(place, group, schemas)
                todo += self._objects(place, schemas, group)
                todo += self._lists(place, schemas, group)

    def _grouped(self, starts: _Starts, values: list[Json]) -> Iterator[tuple[Schemas, list[Json]]]:
        """Part the values by the schemas that speak of them; most often their type decides that."""
        kinds = set(map(type, values))
        groups: dict[_Starts, tuple[Schemas, list[Json]]] = {}
        for kind in kinds:
            same = values if len(kinds) == 1 else [value for value in values if type(value) is kind]
            for schemas, group in self._of_kind(starts, kind, same):
                key = tuple(place for place, _ in schemas)
                groups.setdefault(key, (schemas, []))[1].extend(group)
        yield from groups.values()

    def _of_kind(
        self, starts: _Starts, kind: type, values: list[Json]
    ) -> Iterator[tuple[Schemas, list[Json]]]:
        settled = self._settled.get((starts, kind))
        for index, value in enumerate(values):
            if settled is not None:
                yield settled, values[index:]
                return
            found, by_type = self._walker.applying(value, starts)
            if by_type:
                self._settled[starts, kind] = found
            yield found, values[index:] if by_type else [value]
            if by_type:
                return

    def _objects(
        self, place: str, schemas: Schemas, values: list[Json]
    ) -> Iterator[tuple[str, _Starts, list[Json]]]:
        members: defaultdict[tuple[str, _Starts], list[Json]] = defaultdict(list)
        starts = tuple(at for at, _ in schemas)
        targets: dict[str, list[Json]] = {}
        for value in values:
            for key, item in value.items() if type(value) is dict else ():
                column = targets.get(key)
                if column is None:
                    below, named = self._places(starts, schemas, key)
                    column = targets[key] = members[str(Pointer((key,))) if named else "/*", below]
                column.append(item)
        yield from ((place + step, below, column) for (step, below), column in members.items() if below)

    def _places(self, starts: _Starts, schemas: Schemas, key: str) -> tuple[_Starts, bool]:
        if (starts, key) not in self._below:
            below = tuple(child for at, node in schemas for child in property_places(node, at, key))
            named = any(child[-2:-1] == ("properties",) for child in below)
            if not named:
                return below, False  # the keys of a map are the vendor's data and have no end
            self._below[starts, key] = (below, named)
        return self._below[starts, key]

    def _lists(
        self, place: str, schemas: Schemas, values: list[Json]
    ) -> Iterator[tuple[str, _Starts, list[Json]]]:
        lists = [value for value in values if type(value) is list]
        first = max((len(node.get("prefixItems") or ()) for _, node in schemas), default=0)
        for index in range(first):
            below = tuple(child for at, node in schemas for child in item_places(node, at, index))
            column = [value[index] for value in lists if len(value) > index]
            if below:
                yield f"{place}/*", below, column
        below = tuple(child for at, node in schemas for child in item_places(node, at, first))
        rest = [item for value in lists for item in (value[first:] if first else value)]
        if below:
            yield f"{place}/*", below, rest
