"""A list whose items stand alike and together show every boundary value of their properties.

In a covering set each value is there once, beside a state that is left to chance; in such a list every value
stands beside one state.
"""

from __future__ import annotations

from typing import Final

from contracts.generate.canonical import named_values
from contracts.generate.leaves import Number, Text
from contracts.generate.places import GONE, Factor, Model, is_main, longest, put, state_words, walk
from contracts.model import Json, Pointer

_MOST: Final = 48
_LONGEST: Final = 300


def spread(model: Model, payload: Json) -> Json | None:
    """Give a payload with items for all values of their texts and numbers; None without such a list."""
    for factor, value, at in walk(model.root, payload):
        below = factor.items.get(f"{factor.path}[]")
        if below is not None and isinstance(value, list) and value and is_main(factor):
            leaves = _leaves(below, value[0])
            most = min(_MOST, max((len(values) for _, values in leaves), default=0), longest(factor) or _MOST)
            if most > 1:
                return put(payload, at, [_item(value[0], leaves, turn) for turn in range(most)])
    return None


def _leaves(factor: Factor, item: Json) -> list[tuple[Pointer, tuple[Json, ...]]]:
    """Give the places of an item's open texts and numbers, each with its boundary values."""
    return [
        (at, values)
        for leaf, value, at in walk(factor, item, Pointer())
        if value is not GONE and not state_words(leaf) and (values := _values(leaf, value))
    ]


def _values(leaf: Factor, value: Json) -> tuple[Json, ...]:
    kind = Text if isinstance(value, str) else Number
    domain = next((level.domain for level in leaf.levels if isinstance(level.domain, kind)), None)
    if domain is None or isinstance(value, bool | dict | list) or value is None:
        return ()
    found = [each for _, each in named_values(domain, leaf.name)]
    return tuple(each for each in found if not isinstance(each, str) or len(each) <= _LONGEST)


def _item(item: Json, leaves: list[tuple[Pointer, tuple[Json, ...]]], turn: int) -> Json:
    for place, values in leaves:
        item = put(item, place, values[turn % len(values)])
    return item
