"""Payloads with exactly two faults at two known places: two near misses in one, confirmed by both engines.

Readers that stop at the first fault, or that take one fault for the reason of another, are told apart here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from contracts.generate.canonical import Plan
from contracts.generate.coverage import copied
from contracts.generate.invalid.near_misses import Misses, NearMiss, near_misses_of, second_engine
from contracts.generate.leaves import turning
from contracts.generate.places import places
from contracts.model import Json, Pointer, put

_TRIES: Final = 12
_FIRST: Final = 83


@dataclass(frozen=True, slots=True)
class TwoFaults:
    """An invalid payload with two faults: the near misses that are in it, and the places of both.

    `base` is the valid payload that differs from it in these two places only.
    """

    value: Json
    misses: tuple[NearMiss, NearMiss]
    pointers: tuple[Pointer, Pointer]
    base: Json

    @property
    def id(self) -> str:
        """Name both near misses: `$.id!type:null + $.tasks[].state!enum:plural`."""
        return f"{self.misses[0].id} + {self.misses[1].id}"

    @property
    def keywords(self) -> tuple[str, str]:
        """Give the keywords that are broken, in the order of the places."""
        return self.misses[0].keyword, self.misses[1].keyword


def two_faults(plan: Plan, count: int = 64, misses: Misses | None = None) -> Iterator[TwoFaults]:
    """Yield up to `count` payloads with two faults, the same on every run.

    One of the two goes through the sites in turn, the other is picked at random. `misses` are the near misses
    to combine, by default all of the plan. At most some dozen payloads are judged for each one given out.
    """
    singles = near_misses_of(plan) if misses is None else misses
    yield from islice(_pairs(plan, _mixed(singles.payloads)), count)


def _mixed(misses: Sequence[NearMiss]) -> list[NearMiss]:
    """Put one near miss of each site before the second of any."""
    rows: dict[str, list[NearMiss]] = {}
    for miss in misses:
        rows.setdefault(_site(miss), []).append(miss)
    longest = max(map(len, rows.values()), default=0)
    return [have[row] for row in range(longest) for have in rows.values() if row < len(have)]


def _site(miss: NearMiss) -> str:
    return miss.id.partition(":")[0]


def _pairs(plan: Plan, misses: list[NearMiss]) -> Iterator[TwoFaults]:
    pick = turning(_FIRST)
    seen: set[frozenset[str]] = set()
    for first in misses:
        for _ in range(_TRIES):
            second = misses[pick(len(misses))]
            key = frozenset((first.id, second.id))
            if _site(first) == _site(second) or key in seen:
                continue
            found = _joined(plan, first, second) or _joined(plan, second, first)
            if found is not None:
                seen.add(key)
                yield found
                break


def _joined(plan: Plan, one: NearMiss, other: NearMiss) -> TwoFaults | None:
    """Put the second broken value into the payload of the first, where neither hides the other."""
    trail = tuple(None if isinstance(step, int) else step for step in other.place)
    bad = other.place.resolve(other.value)
    for at in places(one.value, trail):
        where = Pointer((*at, *other.pointer[len(other.place) :]))
        if _within(one.place, at) or _within(one.pointer, where) or _within(where, one.pointer):
            continue
        value = put(one.value, at, bad)
        if all(
            {fault.place for fault in engine.told(value)} == {one.pointer, where}
            for engine in (plan.oracle, second_engine(plan))
        ):
            return TwoFaults(copied(value), (one, other), (one.pointer, where), one.base)
    return None


def _within(place: Pointer, at: Pointer) -> bool:
    """Whether a place stands at or below another one."""
    return place[: len(at)] == at
