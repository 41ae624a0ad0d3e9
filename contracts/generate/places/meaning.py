"""What the places of a model are, seen by name and shape, and payloads with one place changed.

A factor of the model is one place; here is what scenarios and their variants ask of it: is it a state, a
time, the list of a batch's items, and what stands for nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from contracts.generate.canonical import named_values
from contracts.generate.leaves import Array, Number, Text, Values, hint, texts
from contracts.generate.places.factors import ABSENT, Factor, Node
from contracts.generate.places.roles import Progress, stand, tells_error
from contracts.model import GONE, Json, Pointer

_ROOT: Final = Pointer()


def walk(
    factor: Factor, value: Json, at: Pointer = _ROOT, *, ends: bool = False
) -> Iterator[tuple[Factor, Json, Pointer]]:
    """Yield every modelled place of a value, parents first; optional properties that are not there as GONE.

    With `ends`, of every list only the first item and the last.
    """
    yield factor, value, at
    if isinstance(value, dict) and (node := node_of(factor, value)) is not None:
        for name, inner in node.factors.items():
            if name in value:
                yield from walk(inner, value[name], at / name, ends=ends)
            else:
                yield inner, GONE, at / name
    below = factor.items.get(f"{factor.path}[]")
    if isinstance(value, list) and value and below is not None:
        for index in sorted({0, len(value) - 1}) if ends else range(len(value)):
            yield from walk(below, value[index], at / index, ends=ends)


def inside(factor: Factor, value: Json) -> Iterator[tuple[Factor, str, Json]]:
    """Yield the modelled properties that an object has."""
    node = node_of(factor, value) if isinstance(value, dict) else None
    if node is not None:
        yield from ((node.factors[name], name, value[name]) for name in value if name in node.factors)


def node_of(factor: Factor, value: dict[str, Json]) -> Node | None:
    """Find the object of a factor that a value is most likely an instance of."""
    nodes = [node for found in factor.nodes.values() for node in found]
    fitting_ = [node for node in nodes if node.domain.required <= set(value)]
    return max(fitting_, key=lambda node: len(set(node.factors) & set(value)), default=None)


def members(factor: Factor, kind: str) -> list[Json]:
    """Give the values of a finite kind: words of an enumeration, the booleans."""
    return [
        value
        for level in factor.levels
        if isinstance(level.domain, Values) and level.domain.kind == kind
        for value in level.values
    ]


def text_of(factor: Factor) -> Text | None:
    """Give the open text of a factor."""
    return next((level.domain for level in factor.levels if isinstance(level.domain, Text)), None)


def number_of(factor: Factor) -> Number | None:
    """Give the numbers of a factor."""
    return next((level.domain for level in factor.levels if isinstance(level.domain, Number)), None)


def state_words(factor: Factor) -> dict[Progress, list[str]]:
    """Give the words of a state by what they mean; empty where a property is no state."""
    words = [value for value in members(factor, "string") if isinstance(value, str)]
    domain = text_of(factor)
    if domain is not None and hint(factor.name) == "status":
        words += [str(value) for label, value in named_values(domain, factor.name) if "word-" in label]
    found: dict[Progress, list[str]] = {}
    for word in words:
        if (said := stand(word)) is not None:
            found.setdefault(said, []).append(word)
    return found if len(found) > 1 else {}


def is_time(factor: Factor) -> bool:
    """Whether a property holds a time, by its format or, for open text, its name."""
    domain = text_of(factor)
    return domain is not None and (
        "date-time" in domain.formats or (not domain.formats and hint(factor.name) == "date-time")
    )


def is_main(factor: Factor) -> bool:
    """Whether a list is that of the batch's items: objects with a state, or with room for an error."""
    if tells_error(factor.name) or stand(factor.name) is Progress.FAILED:
        return False
    below = factor.items.get(f"{factor.path}[]")
    nodes = [node for found in below.nodes.values() for node in found] if below is not None else []
    return any(
        state_words(each) or tells_error(each.name) for node in nodes for each in node.factors.values()
    )


def nothing(factor: Factor, value: Json) -> Json:
    """Give what stands for nothing at a place: null, no property, an empty list or text, or the value."""
    names = {level.name for level in factor.levels}
    if "null" in names:
        return None
    if ABSENT in names:
        return GONE
    if isinstance(value, list) and "len0" in names:
        return []
    domain = text_of(factor)
    return "" if isinstance(value, str) and domain is not None and texts.allows(domain, "") else value


def fitting(domain: Text, wanted: Sequence[str], value: Json) -> Json:
    """Give the first wanted text that the domain allows, or the value as it is."""
    return next((each for each in wanted if texts.allows(domain, each)), value)


def longest(factor: Factor) -> int | None:
    """Give how many items a list may have; None when there is no limit."""
    highs = [level.domain.high for level in factor.levels if isinstance(level.domain, Array)]
    return highs[0] if highs else None
