"""Twins: lists in which items are equal but for one property, in one only, or again after another.

They trip readers that key a table by too little or too much, group neighbours only, or take the first of
several for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contracts.generate.canonical import named_values
from contracts.generate.leaves import Values, allows, numbers
from contracts.generate.places import (
    GONE,
    Factor,
    Model,
    fitting,
    inside,
    is_main,
    number_of,
    put,
    text_of,
    walk,
)
from contracts.model import Json, Pointer

ALIKE: Final = ("a", "A", "a ", "007", "7", "\u00e9", "e\u0301", "\uff41")
"""Texts that differ and look or compare alike after trimming, folding or normalizing."""


def twins(model: Model, payload: Json) -> list[tuple[str, Json]]:
    """Give (what, payload) with lists of items that are equal but for one property, or in one only.

    Also the same item before and after another; the list of the batch's items comes first.
    """
    found = [
        *_alike(model, payload),
        *_of_objects(model, payload),
    ]
    return [(label, made) for _, label, made in sorted(found, key=lambda each: each[0])]


def _alike(model: Model, payload: Json) -> Iterator[tuple[bool, str, Json]]:
    """Give lists of texts such as compare alike after trimming or folding."""
    for factor, value, at in walk(model.root, payload):
        below = factor.items.get(f"{factor.path}[]")
        domain = text_of(below) if below is not None and isinstance(value, list) and value else None
        texts = [text for text in ALIKE if domain is not None and allows(domain, text)]
        if len(texts) > 1:
            yield True, f"{factor.path}~texts-alike", put(payload, at, texts)


def _of_objects(model: Model, payload: Json) -> Iterator[tuple[bool, str, Json]]:
    for factor, items, at in _lists(model, payload):
        for label, made in _twins(factor.items[f"{factor.path}[]"], items):
            yield not is_main(factor), f"{factor.path}~twins-{label}", put(payload, at, made)


def _twins(factor: Factor, items: list[Json]) -> Iterator[tuple[str, list[Json]]]:
    first, last = items[0], items[-1]
    others = list(_others(factor, first, Pointer()))
    if not others:
        return
    strange = _strange(factor, first)
    but_for = [first, *(put(first, place, other) for place, other in others)]
    only_in = [first, *(put(strange, place, place.resolve(first)) for place, _ in others)]
    yield "but-for", but_for
    yield "only-in", only_in
    yield "apart", [last, _strange(factor, last), first, last]
    yield "but-for-reversed", but_for[::-1]
    yield "only-in-reversed", only_in[::-1]


def _strange(factor: Factor, item: Json) -> Json:
    """Give an item that is equal in nothing."""
    for place, other in _others(factor, item, Pointer()):
        item = put(item, place, other)
    return item


def _lists(model: Model, payload: Json) -> Iterator[tuple[Factor, list[Json], Pointer]]:
    for factor, value, at in walk(model.root, payload):
        known = f"{factor.path}[]" in factor.items
        if known and isinstance(value, list) and value and isinstance(value[0], dict):
            yield factor, value, at


def _others(factor: Factor, value: Json, at: Pointer) -> Iterator[tuple[Pointer, Json]]:
    """Yield every leaf of an item with another value; one with a single value has none."""
    if isinstance(value, dict):
        for below, name, inner in inside(factor, value):
            yield from _others(below, inner, at / name)
    elif (other := _other(factor, value)) is not GONE:
        yield at, other


def _other(factor: Factor, value: Json) -> Json:
    """Give another value of the same kind if there is one, else of another; GONE when there is none."""
    text, number = text_of(factor), number_of(factor)
    finite = [each for level in factor.levels for each in level.values if isinstance(level.domain, Values)]
    others = [each for each in finite if type(each) is type(value) and each != value]
    if isinstance(value, str) and text is not None:
        return fitting(text, (*others, f"{value}2", f"{value[:-1]}9", f"2025{value[4:]}"), GONE)
    if others:
        return others[0]
    if value is None and text is not None:
        return named_values(text, factor.name)[0][1]
    known = isinstance(value, int | float) and not isinstance(value, bool) and number is not None
    return value + 1 if known and number is not None and numbers.allows(number, value + 1) else GONE
