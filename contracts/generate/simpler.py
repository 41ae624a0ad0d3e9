"""Simpler legal values for a place, from the plan: what the reducer tries before it guesses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from contracts.generate.canonical import Builder, Place, Plan, Policy, Stuck, named_values
from contracts.generate.leaves import Array, Domain, Object, type_of
from contracts.generate.places import Factor, model_of
from contracts.generate.shrink import _plainly, size_of
from contracts.model import Json, Pointer


def offers_of(plan: Plan) -> Callable[[Pointer, Json], Sequence[Json]]:
    """Give a function that offers the smallest legal values for a place of a payload, then plain ones."""
    index: dict[tuple[str | None, ...], list[Factor]] = {}
    for factor in model_of(plan).factors:
        index.setdefault(_general(factor.trail), []).append(factor)

    @lru_cache(maxsize=4096)
    def known(trail: tuple[str | None, ...]) -> tuple[Json, ...]:
        made = [
            value
            for factor in index.get(trail, ())
            for level in factor.levels
            if level.domain
            for value in _small(plan, level.domain, factor)
        ]
        unique = {repr(value): value for value in made}
        return tuple(sorted(unique.values(), key=size_of))

    def offers(at: Pointer, value: Json) -> Sequence[Json]:
        legal = known(_general(at))
        own = [each for each in legal if type_of(each) == type_of(value)]
        return (*own, *_plainly(at, value), *(each for each in legal if type_of(each) != type_of(value)))

    return offers


def _general(trail: Sequence[str | int | None]) -> tuple[str | None, ...]:
    return tuple(step if isinstance(step, str) else None for step in trail)


def _small(plan: Plan, domain: Domain, factor: Factor) -> list[Json]:
    """Give the smallest values of a domain: for leaves the shortest ones, else the least that is required."""
    if isinstance(domain, Object | Array):
        try:
            return [Builder(plan, Policy(0)).of(domain, Place(factor.path, factor.name), 0)]
        except Stuck:
            return []
    return sorted((value for _, value in named_values(domain, factor.name)), key=size_of)[:6]
