"""Valid payloads without an answer: the one trait that all of them have, and no answered one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias

from contracts.consumers.equations import equal
from contracts.consumers.places import GONE
from contracts.consumers.suspicions.suspicion import ENOUGH, Suspicion
from contracts.consumers.suspicions.traits import TRAITS
from contracts.model import Json
from contracts.text import show

KEYS: Final = 40
"""An object of more different keys than these is a map, whose keys are no fields."""
_GAPS: Final[tuple[tuple[str, Callable[[Json], bool]], ...]] = (
    ("absent", lambda value: value is GONE),
    ("null", lambda value: value is None),
    ("absent or null", lambda value: value is GONE or value is None),
)
_Values: TypeAlias = Mapping[str, Sequence[Json]]
"""The values at each place of one payload, with `*` for positions."""


def refusals(answered: Sequence[Json], refused: Sequence[Json]) -> Iterator[Suspicion]:
    """Say for what payloads that the vendor may send have no answer, where one trait sets them apart."""
    if not refused or len(answered) < ENOUGH:
        return
    values = _with_gaps((*answered, *refused))
    with_answer, without = values[: len(answered)], values[len(answered) :]
    places = {place for one in without for place in one}
    for place in sorted(places, key=lambda one: (one.count("/"), one)):
        for trait, has in (*_GAPS, *TRAITS, *_each_word(place, without)):
            everywhere = all(_any(has, one, place) for one in without)
            if everywhere and not any(_any(has, one, place) for one in with_answer):
                share = f"{len(refused)} of {len(values)} payloads that the vendor may send"
                yield Suspicion(0, "", f"{share} have no answer, each where {place} is {trait}")
                return


def _any(has: Callable[[Json], bool], values: _Values, place: str) -> bool:
    return any(map(has, values.get(place, ())))


def _each_word(place: str, without: Sequence[_Values]) -> Iterator[tuple[str, Callable[[Json], bool]]]:
    each = [{value for value in one.get(place, ()) if isinstance(value, str)} for one in without]
    for word in sorted(set.intersection(*each)):
        yield show(word), partial(equal, word)


def _with_gaps(payloads: Sequence[Json]) -> list[_Values]:
    """Give the values of each payload; GONE where an object lacks a key that others have."""
    keys: dict[str, set[str]] = defaultdict(set)
    found = []
    for payload in payloads:
        values: dict[str, list[Json]] = defaultdict(list)
        stack: list[tuple[str, Json]] = [("", payload)]
        while stack:
            at, value = stack.pop()
            values[at].append(value)
            if isinstance(value, dict):
                keys[at].update(value)
                stack += [(f"{at}/{key}", item) for key, item in value.items()]
            elif isinstance(value, list):
                stack += [(f"{at}/*", item) for item in value]
        found.append(values)
    for values in found:
        for at, known in keys.items():
            objects = [value for value in values.get(at, ()) if isinstance(value, dict)]
            for key in known if len(known) < KEYS else ():
                values[f"{at}/{key}"] += [GONE] * sum(key not in one for one in objects)
    return list(found)
