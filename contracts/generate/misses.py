"""Near misses: payloads with exactly one fault, at a known place, confirmed by the oracle.

For every place and every keyword that can be broken there, the good payloads of the covering set are edited
once; an edit counts only if the oracle finds fault at that place with that keyword and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from contracts.generate.breaks import Break, breaks
from contracts.generate.cover import copied, cover
from contracts.generate.domains import Domain, type_of
from contracts.generate.edits import places, replaced
from contracts.generate.model import Factor, Model
from contracts.generate.plan import Plan
from contracts.model import Json, Pointer

_SHAPE: Final = frozenset({"type", "enum", "const", "anyOf", "oneOf", "false", "not"})
_CLOSING: Final = frozenset(
    {"additionalProperties", "unevaluatedProperties", "propertyNames", "maxProperties", "false", "not"}
)
_BASES: Final = 8


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An invalid payload: where its one fault is, which keyword says so, and how it was made.

    `id` is `<path>!<keyword>:<variant>`, for instance `$.tasks[].state!enum:upper-case`.
    """

    value: Json
    id: str
    pointer: Pointer
    keyword: str
    variant: str


@dataclass(frozen=True, slots=True)
class Misses:
    """All near misses of a schema; `missing` are the (path, keyword) sites for which there is none alone."""

    payloads: tuple[NearMiss, ...]
    sites: int
    missing: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[NearMiss]:
        return iter(self.payloads)

    def __len__(self) -> int:
        return len(self.payloads)


def near_misses(plan: Plan, bases: Sequence[Json] = (), at: str = "") -> Misses:
    """Break a plan's valid payloads (`bases`, by default its covering set) wherever that can be done.

    With `at` (`/tasks/*/state`), only there and below.
    """
    bases = sorted(bases or [payload.value for payload in cover(plan)], key=_size)
    found: dict[str, NearMiss] = {}
    sites: dict[str, bool] = {}
    for factor in _factors(Model(plan)):
        if not _below(factor, at):
            continue
        here = _bases(factor, bases)
        for each in breaks(_domains(factor), root=not factor.trail):
            site = _site(factor, each)
            name = f"{factor.path}!{each.keyword}:{each.variant}"
            if name in found:
                continue
            miss, tried = _broken(plan, each, here, name)
            if tried:
                sites[site] = sites.get(site, False) or miss is not None
            if miss is not None:
                found[name] = miss
    missing = tuple(sorted(site for site, done in sites.items() if not done))
    return Misses(tuple(found.values()), len(sites), missing, plan.notices)


def _below(factor: Factor, at: str) -> bool:
    wanted = tuple(str(step) for step in Pointer.parse(at))
    return tuple("*" if step is None else str(step) for step in factor.trail)[: len(wanted)] == wanted


def _size(value: Json) -> int:
    return len(json.dumps(value))


def _factors(model: Model) -> Iterator[Factor]:
    """Merge the factors of one path: the branches of a union share their place."""
    seen: dict[str, Factor] = {}
    for factor in model.factors:
        known = seen[factor.path].levels if factor.path in seen else ()
        seen[factor.path] = Factor(factor.path, factor.name, (*known, *factor.levels), factor.trail)
    yield from seen.values()


def _domains(factor: Factor) -> tuple[Domain, ...]:
    return tuple(
        {id(level.domain): level.domain for level in factor.levels if level.domain is not None}.values()
    )


def _site(factor: Factor, each: Break) -> str:
    place = f"{factor.path}.{each.key}" if each.keyword in ("required", "dependentRequired") else factor.path
    return f"{place}!{each.keyword}"


def _bases(factor: Factor, bases: Sequence[Json]) -> list[tuple[Json, Pointer]]:
    """Pick payloads that have the place, with different kinds of value there, small ones first."""
    found: dict[str, list[tuple[Json, Pointer]]] = {}
    for base in bases:
        for at in places(base, factor.trail, 2):
            kind = type_of(inside := at.resolve(base))
            kind += str(min(len(inside), 3)) if isinstance(inside, list) else ""
            found.setdefault(kind, []).append((base, at))
    spread = [[have[len(have) * part // 8] for part in (0, 2, 4, 6)] + have[-1:] for have in found.values()]
    mixed = (pair for row in range(5) for have in spread for pair in have[row : row + 1])
    return list(islice(mixed, _BASES))


def _broken(
    plan: Plan, each: Break, bases: list[tuple[Json, Pointer]], name: str
) -> tuple[NearMiss | None, bool]:
    """Try one break on the bases: give the near miss, and whether it was a fault at all."""
    tried = False
    for base, at in bases:
        good = at.resolve(base)
        try:
            bad = each.edit(good)
        except (TypeError, AttributeError, IndexError):
            continue
        if type(bad) is type(good) and bad == good:
            continue
        value = replaced(base, at, bad)
        faults = plan.oracle.faults(value)
        where = at if each.key is None else at / each.key
        tried = tried or any(place == where for place, _ in faults)
        if faults and {place for place, _ in faults} == {where} and _said(each, {word for _, word in faults}):
            return NearMiss(copied(value), name, where, each.keyword, each.variant), True
    return None, tried


def _said(each: Break, words: set[str]) -> bool:
    """Whether the keywords that object were meant; a wrong type breaks an enumeration as well."""
    if each.keyword in ("type", "enum"):
        return words <= _SHAPE
    if each.keyword == "additionalProperties":
        return words <= _CLOSING and len(words) == 1
    if each.keyword in ("contains", "minContains"):
        return words <= {"contains", "minContains"}
    return words == {each.keyword}
