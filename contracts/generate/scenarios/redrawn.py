"""Stories with a few places drawn anew: random payloads that still agree with themselves nearly everywhere.

Wholly random payloads contradict themselves in so many ways that a reader which compares fields never gets
past the first; near a story, two or three conditions meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from contracts.generate.canonical import Builder, Place, Plan, Policy, samples
from contracts.generate.places import GONE, Factor, Model, put, walk
from contracts.generate.scenarios.variants import stories
from contracts.model import Json, Pointer

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

_STORIES: Final = 160
_PLACES: Final = 600


@lru_cache(maxsize=16)
def told(plan: Plan, model: Model) -> tuple[Json, ...]:
    """Give the first valid stories of a plan; none where no payload is known to start from."""
    plain = max(samples(plan, 2), key=lambda value: len(repr(value)), default=None)
    tried = islice(stories(model, plain), 2 * _STORIES)
    return tuple(islice((payload for _, payload in tried if plan.oracle.valid(payload)), _STORIES))


def retold(draw: DrawFn, plan: Plan, model: Model, policy: Policy) -> Json:
    """Draw a story and up to two of its places anew; the oracle has not seen it."""
    from hypothesis import strategies as st

    value = draw(st.sampled_from(told(plan, model)))
    for _ in range(draw(st.integers(0, 2))):
        places = _places(model, value)
        if not places:
            return value
        factor, at = draw(st.sampled_from(places[draw(st.sampled_from(sorted(places)))]))
        value = put(value, at, _anew(draw, plan, factor, policy))
    return value


def _places(model: Model, value: Json) -> dict[str, list[tuple[Factor, Pointer]]]:
    """Give the places of a payload by their path, those of absent properties too."""
    found: dict[str, list[tuple[Factor, Pointer]]] = {}
    for factor, at in islice(_varying(model, value), _PLACES):
        found.setdefault(factor.path, []).append((factor, at))
    return found


def _varying(model: Model, value: Json) -> Iterator[tuple[Factor, Pointer]]:
    return ((factor, at) for factor, _, at in walk(model.root, value) if at)


def _anew(draw: DrawFn, plan: Plan, factor: Factor, policy: Policy) -> Json:
    from hypothesis import strategies as st

    level = draw(st.sampled_from(factor.levels))
    if level.domain is None:
        return GONE
    if level.values:
        return draw(st.sampled_from(level.values))
    return Builder(plan, policy, depth=3, budget=120).of(level.domain, Place(factor.path, factor.name), 3)
