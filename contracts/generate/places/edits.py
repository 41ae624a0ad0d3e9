"""Edits of a payload at one place, sharing all that is not on the way; where the places of a trail are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from contracts.generate.places.factors import Trail
from contracts.model import Json, Pointer
from contracts.patterns import search


@dataclass(frozen=True, slots=True)
class Matching:
    """A step to the properties whose names match a pattern."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Others:
    """A step to the properties with any name but these, and none that matches these patterns."""

    names: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class From:
    """A step to the items from a position on."""

    start: int


Step: TypeAlias = str | int | Matching | Others | From | None
"""A property name, a position, None for any item, or one of the steps above."""

Steps: TypeAlias = tuple[Step, ...]


def trimmed(value: Json, at: Pointer, small: Json) -> Json:
    """Give the payload with only what leads to a place, and on the way what a smaller payload has there."""
    if not at or not isinstance(value, dict):
        return value
    step, kept = str(at[0]), small if isinstance(small, dict) else {}
    return {
        name: trimmed(inner, Pointer(at[1:]), kept.get(name)) if name == step else inner
        for name, inner in value.items()
        if name == step or name in kept
    }


def places(value: Json, trail: Trail | Steps, most: int = 3) -> Iterator[Pointer]:
    """Yield the first places of a payload that a trail leads to."""
    return islice(_places(value, trail, Pointer()), most)


def _places(value: Json, trail: Steps, at: Pointer) -> Iterator[Pointer]:
    if not trail:
        yield at
        return
    for key in _keys(value, trail[0]):
        yield from _places(value[key], trail[1:], at / key)


def _keys(value: Json, step: Step) -> Iterator[str | int]:
    if isinstance(value, list):
        if step is None or isinstance(step, From):
            yield from range(step.start if step else 0, len(value))
        elif isinstance(step, int) and step < len(value):
            yield step
    elif isinstance(value, dict):
        if isinstance(step, Matching):
            yield from (name for name in value if search(step.pattern, name))
        elif isinstance(step, Others):
            yield from (name for name in value if _is_other(step, name))
        elif isinstance(step, str) and step in value:
            yield step


def _is_other(step: Others, name: str) -> bool:
    return name not in step.names and not any(search(pattern, name) for pattern in step.patterns)
