"""Edits of a payload at one place, sharing all that is not on the way; where the places of a trail are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from contracts.generate.model import Trail
from contracts.model import Json, Pointer


def replaced(value: Json, at: Pointer, new: Json) -> Json:
    """Give the payload with another value at a place; a missing property is added."""
    if not at:
        return new
    step, rest = at[0], Pointer(at[1:])
    if isinstance(value, list):
        index = int(step)
        below = replaced(value[index], rest, new) if index < len(value) else new
        return [*value[:index], below, *value[index + 1 :]]
    return {**value, str(step): replaced(value.get(str(step)), rest, new)}


def removed(value: Json, at: Pointer) -> Json:
    """Give the payload without the property or item at a place."""
    holder = Pointer(at[:-1])
    inside = holder.resolve(value)
    if isinstance(inside, list):
        return replaced(value, holder, [item for index, item in enumerate(inside) if index != at[-1]])
    return replaced(value, holder, {key: item for key, item in inside.items() if key != at[-1]})


def places(value: Json, trail: Trail, most: int = 3) -> Iterator[Pointer]:
    """Yield the first places of a payload that a trail leads to."""
    return islice(_places(value, trail, Pointer()), most)


def _places(value: Json, trail: Trail, at: Pointer) -> Iterator[Pointer]:
    if not trail:
        yield at
        return
    step, rest = trail[0], trail[1:]
    if isinstance(step, str):
        if isinstance(value, dict) and step in value:
            yield from _places(value[step], rest, at / step)
    elif isinstance(value, list):
        indexes = range(len(value)) if step is None else range(step, min(step + 1, len(value)))
        for index in indexes:
            yield from _places(value[index], rest, at / index)
