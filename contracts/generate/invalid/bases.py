"""Valid payloads to break: for each place some that have it, given or built for it, small ones first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, TypeAlias

from contracts.generate.canonical import Plan, samples
from contracts.generate.invalid.built import holding
from contracts.generate.invalid.sites import Here, Survey
from contracts.generate.leaves import type_of
from contracts.generate.places import Steps, places, trimmed
from contracts.model import Json, Pointer

LARGE: Final = 400
"""From how many places on a schema is very large: one payload is cut down to what each place needs."""

EFFORT: Final = 20_000
"""How much may be built from scratch: each such value costs as much as there are schemas in the schema."""

_MOST: Final = 8

Base: TypeAlias = tuple[Json, Pointer]
"""A valid payload, and the place in it."""


class Bases:
    """The payloads of one search; `apart` is the plan in which values are built from scratch."""

    def __init__(
        self, plan: Plan, apart: Plan, survey: Survey, given: Iterable[Json], *, large: bool
    ) -> None:
        self.plan, self.apart = plan, apart
        self.given = sorted(given, key=_size)
        self.small = next(samples(plan, 4), None) if large else None
        self.large = large
        self.price = sum(map(len, survey.heres.values()))
        self.spent = 0

    def of(self, steps: Steps, heres: tuple[Here, ...]) -> list[Base]:
        """Give payloads that have a place."""
        cut = self._cut(steps) if self.large else []
        return cut or _picked(steps, self.given) or self.built(steps, heres)

    def affords(self) -> bool:
        """Whether one more value may be built from scratch; it is paid with the question."""
        self.spent += self.price
        return self.spent <= EFFORT

    def built(self, steps: Steps, heres: Iterable[Here]) -> list[Base]:
        """Build the smallest payload that has a place from scratch, for each of its schemas."""
        found: list[Base] = []
        for here in islice(heres, 4):
            if self.affords():
                good = (value for value in holding(self.apart, here) if self.plan.oracle.valid(value))
                found += [(value, at) for value in islice(good, 1) for at in places(value, steps, 1)]
        return found

    def lacking(self, steps: Steps) -> list[Base]:
        """Give places where a property is not there and could be."""
        last = steps[-1:]
        if not last or not isinstance(last[0], str):
            return []
        return [
            (base, at / last[0])
            for base, at in _picked(steps[:-1], self.given)
            if isinstance(at.resolve(base), dict)
        ]

    def _cut(self, steps: Steps) -> list[Base]:
        """Cut the payload of a very large schema down to a place and what is required on the way."""
        cut = ((trimmed(base, at, self.small), at) for base, at in _picked(steps, self.given))
        return [pair for pair in cut if self.plan.oracle.valid(pair[0])]


def _size(value: Json) -> int:
    return len(json.dumps(value))


def _picked(steps: Steps, bases: Sequence[Json]) -> list[Base]:
    """Pick payloads that have the place, with different kinds of value there, small ones first."""
    found: dict[str, list[Base]] = {}
    for base in bases:
        for at in places(base, steps, 2):
            kind = type_of(inside := at.resolve(base))
            kind += str(min(len(inside), 3)) if isinstance(inside, list) else ""
            found.setdefault(kind, []).append((base, at))
    spread = [[have[len(have) * part // 8] for part in (0, 2, 4, 6)] + have[-1:] for have in found.values()]
    mixed = (pair for row in range(5) for have in spread for pair in have[row : row + 1])
    return list(islice(mixed, _MOST))
