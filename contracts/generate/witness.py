"""A witness: a payload that one schema allows and another forbids, as small as can be.

Candidates come from both sides: what the first schema allows (small samples, covering payloads), and what
breaks the second (its near misses). Both verdicts are the oracles', and are asked again of the payload
given out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

from contracts.errors import GenerationError
from contracts.generate.canonical import Plan, samples
from contracts.generate.coverage import cover
from contracts.generate.invalid import near_misses_of
from contracts.generate.places import aimed_payloads
from contracts.generate.shrink import reduce
from contracts.generate.simpler import offers_of
from contracts.model import Json

NONE: Final = object()
"""What `witness` gives when it found nothing; None is a payload."""


def witness(allows: Plan, forbids: Plan, *, at: str = "", thorough: bool = True) -> Json:
    """Give the smallest payload found that is valid for `allows` and not for `forbids`, or `NONE`.

    `at` says where the two differ, as a pointer with `*` for list positions (`/tasks/*/state`): payloads
    aimed there are tried first. NONE is no proof that there is none. `thorough=False` stops after the aimed
    payloads and some small samples, which is some hundred times cheaper.
    """
    for candidate in _candidates(allows, forbids, at, thorough):
        if _differs(allows, forbids, candidate):
            return _smallest(allows, forbids, candidate)
    return NONE


def _candidates(allows: Plan, forbids: Plan, at: str, thorough: bool) -> Iterator[Json]:
    if at:
        yield from aimed_payloads(allows, at)
        yield from _bent(allows, forbids, at)
    yield from _quick(allows)
    if thorough:
        yield from _slow(allows, forbids)


def _bent(allows: Plan, forbids: Plan, at: str) -> Iterator[Json]:
    """Break the second schema's aimed payloads at their place."""
    bases = list(islice(aimed_payloads(forbids, at), 12)) + list(islice(aimed_payloads(allows, at), 12))
    if bases:
        yield from (miss.value for miss in near_misses_of(forbids, bases, at))


def _quick(plan: Plan) -> Iterator[Json]:
    return islice(samples(plan, 64), 64)


def _slow(allows: Plan, forbids: Plan) -> Iterator[Json]:
    try:
        covering = [payload.value for payload in cover(allows)]
    except GenerationError:
        return
    yield from covering
    with contextlib.suppress(GenerationError):
        yield from (miss.value for miss in near_misses_of(forbids))
    yield from (miss.value for miss in near_misses_of(forbids, covering))
    yield from samples(allows, 400)


def _differs(allows: Plan, forbids: Plan, value: Json) -> bool:
    return allows.oracle.valid(value) and not forbids.oracle.valid(value)


def _smallest(allows: Plan, forbids: Plan, value: Json) -> Json:
    small = reduce(
        value, lambda each: True if _differs(allows, forbids, each) else None, offers=offers_of(allows)
    ).value
    assert _differs(allows, forbids, small)
    return small
