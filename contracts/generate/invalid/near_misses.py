"""Near misses: payloads with exactly one fault, at a known place, confirmed by both engines.

Every site of the schema (see `near_sites.py`) is broken in the good payloads of the covering set: by edits,
and where no edit does it alone, by a value built for it. An edit counts only if both engines find fault at
that place with that keyword and nowhere else. A site without a near miss is listed with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

from contracts.generate.canonical import Fault, Oracle, Plan, oracle_of, samples
from contracts.generate.coverage import LIMIT, copied, cover
from contracts.generate.invalid.built import holding, rescues
from contracts.generate.invalid.edits import edits_at
from contracts.generate.invalid.sites import MOST, Here, Site, Survey, survey
from contracts.generate.invalid.values import Break, breaks
from contracts.generate.leaves import Domain, type_of
from contracts.generate.places import Factor, Model, Steps, model_of, places, trimmed
from contracts.model import Json, Pointer, put

TRIES: Final = 12_000
"""How many payloads are judged for one schema at most; many faults or sites at one place count more."""

_SHAPE: Final = frozenset({"type", "enum", "const", "anyOf", "oneOf", "false"})
_CONTAINS: Final = frozenset({"contains", "minContains"})
_RESCUED: Final = frozenset({"not", "oneOf"})
_FAILED: Final = (TypeError, AttributeError, LookupError, ValueError, OverflowError)


_ROOT: Final = Pointer()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An invalid payload: where its one fault is, which keyword is broken, and how it was made.

    `id` is `<path>!<keyword>:<variant>`, for instance `$.tasks[].state!enum:upper-case`. `base` is the valid
    payload that was edited, `place` where: for what is missing or too much, one step above `pointer`.
    """

    value: Json
    id: str
    pointer: Pointer
    keyword: str
    variant: str
    base: Json = None
    place: Pointer = _ROOT


@dataclass(frozen=True, slots=True)
class Misses:
    """All near misses of a schema; `missing` are the sites (`<path>!<keyword>`) without one, and why."""

    payloads: tuple[NearMiss, ...]
    sites: int
    missing: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[NearMiss]:
        return iter(self.payloads)

    def __len__(self) -> int:
        return len(self.payloads)


def near_misses_of(plan: Plan) -> Misses:
    """Break the payloads of a plan's covering set wherever that can be done."""
    large = len(model_of(plan).factors) > LARGE
    good = [payload.value for payload in cover(plan, 1 if large else LIMIT)]
    apart, found = _survey(plan)
    return _Search(plan, apart, found, Bases(plan, apart, found, good, large=large)).run()


@lru_cache(maxsize=16)
def second_engine(plan: Plan) -> Oracle:
    """Give the other engine's judge of a plan."""
    return oracle_of(plan.subject, "reference")


@lru_cache(maxsize=16)
def _survey(plan: Plan) -> tuple[Plan, Survey]:
    """Walk the schema in a plan of its own: what is denied to find values is no news of the first plan."""
    apart = Plan(plan.subject, direction=plan.direction)
    return apart, survey(apart)


@dataclass(frozen=True, slots=True)
class _Group:
    """One place of the schema: its sites, and the good payloads that have it."""

    path: str
    steps: Steps
    domains: tuple[Domain, ...]
    heres: tuple[Here, ...]
    sites: tuple[Site, ...]


class _Search:
    """One run."""

    def __init__(self, plan: Plan, apart: Plan, found: Survey, bases: Bases) -> None:
        self.plan, self.apart, self.survey, self.bases = plan, apart, found, bases
        self.model, self.second = model_of(plan), second_engine(plan)
        self.found: dict[str, NearMiss] = {}
        self.done: set[Site] = set()
        self.reasons: dict[Site, str] = {}
        self.tries = 0

    def run(self) -> Misses:
        sites = 0
        missing: dict[str, str] = {}
        for group in self._groups():
            self._break(group)
            sites += len(group.sites)
            for site in group.sites:
                if site not in self.done:
                    missing[self._named(site, group)] = self._why(site)
        if self.survey.cut:
            missing["$"] = f"the schema has more than {MOST} sites; the others are not looked for"
        return Misses(tuple(self.found.values()), sites, tuple(sorted(missing.items())), self.plan.notices)

    def _named(self, site: Site, group: _Group) -> str:
        twice = sum(other.name == site.name for other in group.sites) > 1
        return f"{site.name} at {site.spec}" if twice else site.name

    def _why(self, site: Site) -> str:
        if self.tries >= TRIES:
            return f"no room within {TRIES} payloads"
        return self.reasons.get(site, "no value was found that breaks it alone")

    def _groups(self) -> Iterator[_Group]:
        factors = {factor.path: factor for factor in _factors(self.model)}
        for path in dict.fromkeys((*factors, *self.survey.heres)):
            heres, factor = self.survey.heres.get(path, ()), factors.get(path)
            steps = heres[0].steps if heres else factor.trail if factor else ()
            repeated = self.bases.large and not heres  # below itself: the sites are the same as above
            if not repeated:
                domains = _domains(factor) if factor else self._asked(heres)
                yield _Group(path, steps, domains, heres, self.survey.sites.get(path, ()))

    def _asked(self, heres: tuple[Here, ...]) -> tuple[Domain, ...]:
        """Give the domains of a place that takes no part in the combinations."""
        found = [self.apart.domains(self.apart.goal([here.lit])) for here in heres if not here.mine]
        return tuple(domain for domains in found for domain in domains)

    def _break(self, group: _Group) -> None:
        bases = self.bases.of(group.steps, group.heres)
        words = frozenset(site.keyword for site in group.sites)
        plain = list(breaks(group.domains, words, root=not group.steps))
        for each in plain:
            self._attempt(each, bases, group)
        for site in group.sites:
            for each in edits_at(self.apart, site):
                self._attempt(each, bases, group, site)
        for site in group.sites:
            if site not in self.done or site.keyword in _RESCUED:
                self._rescue(site, bases, group, plain)

    def _rescue(self, site: Site, bases: list[Base], group: _Group, plain: list[Break]) -> None:
        """Try payloads on the very branch of the site, then values that are built to break it."""
        mine = [each for each in plain if (each.keyword, each.key) == (site.keyword, site.key)]
        mine += edits_at(self.apart, site)
        own: list[Base] = []
        if site not in self.done:
            own = self.bases.built(group.steps, (site.here,))
        for each in mine:
            if site not in self.done:
                self._attempt(each, own, group, site)
        own = own or ([] if bases else self.bases.lacking(group.steps))
        if self.bases.affords():
            for each in rescues(self.apart, site, (*group.heres, *self.survey.named(group.steps))):
                self._attempt(each, [*own, *bases], group, site)
        else:
            self.reasons[site] = "no edit breaks it alone, and building values for it takes too long"
        if not bases and not own:
            self.reasons.setdefault(site, "no payload was found that has the place")

    def _attempt(
        self, each: Break, bases: list[tuple[Json, Pointer]], group: _Group, site: Site | None = None
    ) -> None:
        """Try one break on the payloads until one of them has no other fault."""
        name = f"{group.path}!{each.keyword}:{each.variant}"
        if name in self.found and (site is None or site in self.done):
            return
        for base, at in bases:
            bad = _edited(each, base, at)
            if bad is _SAME or self.tries >= TRIES:
                continue
            self.tries += 1
            value = put(base, at, bad)
            where = self._judged(each, value, at, group, site)
            if where is not None:
                name = name if name not in self.found else f"{name} at {site.spec if site else ''}"
                self.found[name] = NearMiss(
                    copied(value), name, where, each.keyword, each.variant, copied(base), at
                )
                return

    def _judged(
        self, each: Break, value: Json, at: Pointer, group: _Group, site: Site | None
    ) -> Pointer | None:
        """Give the place of the one fault, if it is the one meant; take note of what was broken."""
        faults = self.plan.oracle.told(value)
        self.tries += sum(len(fault.inside) for fault in faults) // 4 + len(faults) * len(group.sites) // 50
        where = _where(each, at, faults)
        if where is None or not (_said(each, faults) or (site is not None and _stands(site, faults))):
            self._note(faults, group)
            return None
        if {fault.place for fault in self.second.told(value)} != {where}:
            self._note((), group, "the two engines tell it differently")
            return None
        specs = {spec for fault in faults for spec in (fault.spec, *fault.beside)}
        hit = [one for one in group.sites if _hit(one, specs, where)]
        self.done.update(hit or [one for one in group.sites if one.keyword in {f.keyword for f in faults}])
        if site is not None and (site.key in (None, *where[-1:]) or site.keyword == "discriminator"):
            self.done.add(site)
        return where

    def _note(self, faults: tuple[Fault, ...], group: _Group, why: str = "") -> None:
        """Keep the first thing that is known of why a site was not broken alone."""
        for site in group.sites:
            others = [fault for fault in faults if not _stands(site, (fault,))]
            around = next((fault for fault in faults if site.spec in fault.inside), None)
            if others and len(others) < len(faults):
                words = sorted({f"{fault.keyword} at {fault.place or '/'}" for fault in others})
                self.reasons.setdefault(site, f"broken only together with {', '.join(words[:2])}")
            elif around is not None:
                self.reasons.setdefault(
                    site, f"told only by {around.keyword}: any of its branches could be meant"
                )
            elif why:
                self.reasons.setdefault(site, why)


_SAME: Final = object()


def _edited(each: Break, base: Json, at: Pointer) -> Json:
    """Break the value at a place; where there is none, only what does not build on it can be put there."""
    good: Json = _SAME
    with suppress(*_FAILED):
        good = at.resolve(base)
    try:
        bad = each.edit(good)
    except _FAILED:
        return _SAME
    return _SAME if type(bad) is type(good) and bad == good else bad


def _where(each: Break, at: Pointer, faults: tuple[Fault, ...]) -> Pointer | None:
    """Give the place of all faults, if there is only one and it is the one expected."""
    found = {fault.place for fault in faults}
    if len(found) != 1:
        return None
    place = found.pop()
    if isinstance(each.key, str | int):
        return place if place == at / each.key else None
    return place if (place == at if each.key is None else place[:-1] == at) else None


def _said(each: Break, faults: tuple[Fault, ...]) -> bool:
    """Whether the keywords that object were meant; a wrong type breaks an enumeration as well."""
    words = {fault.keyword for fault in faults}
    if each.keyword in ("type", "enum", "const"):
        return words <= _SHAPE
    if each.keyword in _CONTAINS:
        return words <= _CONTAINS
    return words == {each.keyword} or each.keyword == "discriminator"


def _stands(site: Site, faults: tuple[Fault, ...]) -> bool:
    """Whether every fault is the site's keyword, or part of it."""
    spec = site.spec
    return spec is not None and all(fault.spec[: len(spec)] == spec for fault in faults)


def _hit(site: Site, specs: set[Pointer], where: Pointer) -> bool:
    if site.keyword == "propertyNames" and site.spec is not None:
        return any(spec[: len(site.spec)] == site.spec for spec in specs)
    return site.spec in specs and (site.key is None or where[-1:] == (site.key,))


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
