"""Make a failing payload small: delete and simplify while it still fails in the same way.

A failure is told by its signature, which is worked out anew on every candidate: what is left at the end
really fails like the first payload did. Bounded by checks, so that it ends in time on any payload.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from contracts.generate.canonical import Builder, Place, Plan, Policy, Stuck, named_values
from contracts.generate.coverage import copied
from contracts.generate.leaves import Array, Domain, Object, key_of, type_of
from contracts.generate.places import Factor, model_of
from contracts.model import GONE, Json, Pointer, put

Signature = Callable[[Json], Hashable | None]
"""Tells how a payload fails, or None when it does not; must not change the payload."""
Simpler = Callable[[Pointer, Json], Sequence[Json]]
"""Gives simpler values for a place, the simplest first."""

CHECKS: Final = 3000


@dataclass(frozen=True, slots=True)
class Reduced:
    """The smallest payload found, and how many candidates were tried."""

    value: Json
    checks: int


def reduce(
    value: Json, signature: Signature, *, simpler: Simpler | None = None, checks: int = CHECKS
) -> Reduced:
    """Shrink a payload that fails; the signature of what comes back equals that of what went in.

    `simpler` may know simpler legal values (see `simpler_values_of`). A payload that does not fail comes
    back as it is.
    """
    wanted = signature(value)
    if wanted is None:
        return Reduced(value, 1)
    search = _Search(value, lambda candidate: signature(candidate) == wanted, simpler or _plainly, checks)
    search.run()
    return Reduced(copied(search.value), search.checks)


def size_of(value: Json) -> tuple[int, int, str]:
    """Order payloads: shorter JSON text first, then the one with fewer odd characters and extreme years."""
    text = json.dumps(value, ensure_ascii=False)
    return len(text), len(_ODD.findall(text)), text


_ODD: Final = re.compile(r"[^ -~]|\\|\"[^\w\"{}\[\]]|0000-|0001-|9999-")


class _Search:
    """One reduction: keeps the best value, tries edits from coarse to fine until none helps."""

    def __init__(self, value: Json, fails: Callable[[Json], bool], simpler: Simpler, most: int) -> None:
        self.value, self.fails, self.simpler, self.most = value, fails, simpler, most
        self.checks = 0
        self.tried: set[str] = set()

    def run(self) -> None:
        self.whole()
        moved = True
        while moved and self.checks < self.most:
            moved = self.lists() | self.deletions() | self.simplified()
            if not moved:
                moved = self.pairs()

    def take(self, candidate: Json) -> bool:
        """Keep a candidate that is smaller and still fails."""
        if self.checks >= self.most or size_of(candidate) >= size_of(self.value):
            return False
        key = key_of(candidate) + ("f" if isinstance(candidate, float) else "")
        if key in self.tried:
            return False
        self.tried.add(key)
        self.checks += 1
        if not self.fails(candidate):
            return False
        self.value = candidate
        return True

    def whole(self) -> None:
        """Try the simplest payloads of all first."""
        for candidate in self.simpler(Pointer(), self.value):
            if self.take(candidate):
                return

    def lists(self) -> bool:
        """Halve long lists, front or back, down to single items."""
        moved = False
        for at in sorted(_lists(self.value, Pointer()), key=len):
            part = _at(self.value, at)
            step = len(part) // 2 if isinstance(part, list) else 0
            while step:
                start = 0
                while isinstance(part := _at(self.value, at), list) and start < len(part):
                    if self.take(put(self.value, at, [*part[:start], *part[start + step :]])):
                        moved = True
                    else:
                        start += step
                step //= 2
        return moved

    def deletions(self) -> bool:
        """Delete one property or item after the other, those nearest the root first."""
        moved = False
        for at in sorted(_places(self.value, Pointer()), key=len):
            if at and _there(self.value, at):
                moved |= self.take(put(self.value, at, GONE))
        return moved

    def simplified(self) -> bool:
        """Put a simpler value in each place."""
        moved = False
        for at in sorted(_places(self.value, Pointer()), key=len):
            if not _there(self.value, at):
                continue
            for offer in self.simpler(at, _at(self.value, at)):
                if _there(self.value, at) and self.take(put(self.value, at, offer)):
                    moved = True
                    break
        return moved

    def pairs(self) -> bool:
        """Delete or empty two places at once: what hangs together goes together."""
        places = [at for at in _places(self.value, Pointer()) if at][:40]
        for index, first in enumerate(places):
            for second in places[index + 1 :]:
                if second[: len(first)] == first or not (
                    _there(self.value, first) and _there(self.value, second)
                ):
                    continue
                less = put(self.value, second, GONE)
                if _there(less, first) and self.take(put(less, first, GONE)):
                    return True
        return False


def _plainly(at: Pointer, value: Json) -> Sequence[Json]:
    """Offer plain values of each type, that of the value itself first."""
    own: Mapping[str, tuple[Json, ...]] = {
        "string": ("", "a", "0"),
        "number": (0, 1),
        "array": ([],),
        "object": ({},),
        "boolean": (False,),
        "null": (),
    }
    shorter: tuple[Json, ...] = (
        (value[: len(value) // 2],) if isinstance(value, str) and len(value) > 3 else ()
    )
    if isinstance(value, float) and abs(value) < 1e15:
        shorter = (int(value), round(value, 1))
    elif isinstance(value, int) and abs(value) > 1:
        shorter = (value // 10, value // 2, value - 1)
    return (*own[type_of(value)], *shorter, None, 0, "")


def _places(value: Json, at: Pointer) -> Iterator[Pointer]:
    stack = [(value, at)]
    while stack:
        value, at = stack.pop()
        yield at
        if isinstance(value, dict):
            stack.extend((item, at / key) for key, item in value.items())
        elif isinstance(value, list):
            stack.extend((item, at / index) for index, item in enumerate(value[:64]))


def _lists(value: Json, at: Pointer) -> Iterator[Pointer]:
    return (
        place
        for place in _places(value, at)
        if isinstance(_at(value, place), list) and len(_at(value, place)) > 1
    )


def _at(value: Json, at: Pointer) -> Json:
    try:
        return at.resolve(value)
    except (KeyError, IndexError, TypeError, ValueError):
        return GONE


def _there(value: Json, at: Pointer) -> bool:
    return _at(value, at) is not GONE


def simpler_values_of(plan: Plan) -> Callable[[Pointer, Json], Sequence[Json]]:
    """Give a function that simpler the smallest legal values for a place of a payload, then plain ones."""
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

    def simpler(at: Pointer, value: Json) -> Sequence[Json]:
        legal = known(_general(at))
        own = [each for each in legal if type_of(each) == type_of(value)]
        return (*own, *_plainly(at, value), *(each for each in legal if type_of(each) != type_of(value)))

    return simpler


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
