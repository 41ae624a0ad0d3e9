"""Payloads that exercise exactly one change: a promised one, and the same with only that place as it is now.

The new values of a place come from payloads of the revision; they are put into payloads of the base. A pair
counts when the base's document forbids the second payload and the revision's finds no fault at the place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from contracts import generate
from contracts.consumers.places import GONE, put, value_at
from contracts.consumers.samples import nearest
from contracts.errors import GenerationError
from contracts.generate import Plan
from contracts.model import Finding, Json, Pointer

PAYLOADS = 64
"""Payloads of each document that are made."""
VALUES = 8
"""New values of one place that are tried."""
BASES = 40
"""Promised payloads that a new value is put into."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A payload that the base promises, and the one that the revision may send in its place."""

    base: Json
    value: Json


@dataclass(slots=True, eq=False)
class Sides:
    """The answer before and after, and the places that changed; payloads are made when first needed."""

    base: Plan
    revision: Plan
    changed: frozenset[str] = frozenset()
    _offers: Callable[[Pointer, Json], Sequence[Json]] | None = None

    def old(self) -> tuple[Json, ...]:
        """Give payloads of the base, the plain one first."""
        return _made(self.base)

    def new(self) -> tuple[Json, ...]:
        """Give payloads of the revision."""
        return _made(self.revision)

    def offers(self) -> Callable[[Pointer, Json], Sequence[Json]]:
        """Give the smallest legal values of a place of the base."""
        if self._offers is None:
            self._offers = generate.simpler_values_of(self.base)
        return self._offers


@lru_cache(maxsize=16)
def _made(plan: Plan) -> tuple[Json, ...]:
    try:
        return tuple(payload.value for payload in generate.covering(plan, limit=PAYLOADS))
    except GenerationError:
        return ()


def pairs(finding: Finding, sides: Sides) -> Iterator[Pair]:
    """Yield the pairs that exercise a finding, the witness first."""
    yield from _witnessed(finding, sides)
    pattern = tuple(Pointer.parse(finding.pointer))
    found = [(old, at) for old in sides.old() for at in matching(old, pattern)]
    values = list(_values(finding.pointer, sides))
    vanished = bool(values) and all(value is GONE for value in values)
    step = max(1, len(found) // BASES)
    for old, at in found[::step]:
        for value in values[:VALUES]:
            if vanished and value_at(old, at) is GONE:
                continue
            new = put(old, at, value)
            if _changed(sides, new, at, finding.pointer, vanished=vanished):
                yield Pair(old, new)


def _witnessed(finding: Finding, sides: Sides) -> Iterator[Pair]:
    if finding.witness is None:
        return
    # The smallest body that the revision allows may show other changes as well: those are taken back.
    value = _mended(json.loads(finding.witness), sides, but=finding.pointer)
    value = _alone(value, sides, finding.pointer)
    if sides.base.oracle.valid(value):
        return
    base = _mended(value, sides)
    yield Pair(base if sides.base.oracle.valid(base) else nearest(value, sides.old()), value)


def _mended(value: Json, sides: Sides, but: str | None = None) -> Json:
    """Put old values where the base finds fault, as little as possible; `but` names a place to leave."""
    mended = value
    for at, keyword in sorted(sides.base.oracle.faults(value), key=str):
        if but is not None and _within(at, but):
            continue
        if keyword in {"additionalProperties", "unevaluatedProperties"}:
            mended = put(mended, at, GONE)
            continue
        tried = (put(mended, at, old) for old in _values_of(tuple(at), sides.old()))
        mended = next((one for one in tried if _fits(sides.base, one, at)), put(mended, at, GONE))
    return mended


def _within(at: Pointer, pointer: str) -> bool:
    """Whether a place is what a pointer with `*` names, or something in it or around it."""
    here = at.wildcard
    return here == pointer or here.startswith(f"{pointer}/") or pointer.startswith(f"{here}/")


def _fits(plan: Plan, payload: Json, at: Pointer) -> bool:
    """Whether a document finds no fault in what stands at a place."""
    return not any(place[: len(at)] == at for place, _ in plan.oracle.faults(payload))


def _alone(payload: Json, sides: Sides, own: str) -> Json:
    """Put old values where changes of their own below a place show, those first that both documents allow."""
    refused = sides.base.oracle.faults(payload)
    for pattern in _below(sides, own) if refused else ():
        for at in matching(payload, pattern):
            if any(place[: len(at)] == at for place, _ in refused):
                payload = _as_before(payload, sides, pattern, at)
                refused = sides.base.oracle.faults(payload)
    return payload


def _as_before(payload: Json, sides: Sides, pattern: Pointer, at: Pointer) -> Json:
    """Put a value of the base at a place; the payload as it is where none fits there."""
    known = {_key(old): old for old in _values_of(pattern, sides.old())}.values()
    tried = [put(payload, at, old) for old in islice(known, BASES)]
    fitting = [one for one in tried if _fits(sides.base, one, at)]
    return next((one for one in fitting if _fits(sides.revision, one, at)), (*fitting, payload)[0])


def _below(sides: Sides, own: str) -> list[Pointer]:
    """Give the places of other changes within the place of one."""
    return [Pointer.parse(one) for one in sorted(sides.changed) if one.startswith(f"{own}/")]


def _changed(sides: Sides, new: Json, at: Pointer, own: str, *, vanished: bool) -> bool:
    if not vanished and sides.base.oracle.valid(new):
        return False
    others = [place for pattern in _below(sides, own) for place in matching(new, pattern)]
    refused = [place for place, _ in sides.revision.oracle.faults(new) if place[: len(at)] == at]
    return all(any(place[: len(other)] == other for other in others) for place in refused)


def _values(own: str, sides: Sides) -> Iterator[Json]:
    """Yield the distinct values that the revision has at a place, those that the base never has first."""
    pattern = tuple(Pointer.parse(own))
    news = [_alone(new, sides, own) for new in sides.new()]
    new = {_key(value): value for value in _values_of(pattern, news)}
    old = {_key(value) for value in _values_of(pattern, sides.old())}
    yield from (value for key, value in new.items() if key not in old)
    yield from (value for key, value in new.items() if key in old)


def _values_of(pattern: tuple[str | int, ...], payloads: Sequence[Json]) -> Iterator[Json]:
    for payload in payloads:
        for at in matching(payload, pattern):
            yield value_at(payload, at)


def _key(value: Json) -> str:
    return "" if value is GONE else json.dumps(value, sort_keys=True)


def matching(payload: Json, pattern: tuple[str | int, ...], at: Pointer | None = None) -> Iterator[Pointer]:
    """Yield the places of a payload that a pointer with `*` names; the last step may be missing."""
    here = Pointer() if at is None else at
    if not pattern:
        yield here
        return
    token, rest = pattern[0], pattern[1:]
    for key, inner in _steps(payload, token):
        if inner is not GONE or not rest:
            yield from matching(inner, rest, here / key)


def _steps(payload: Json, token: str | int) -> Iterator[tuple[str | int, Json]]:
    if isinstance(payload, list):
        wanted = range(len(payload)) if token == "*" else [int(token)] if str(token).isdigit() else []
        yield from ((index, payload[index]) for index in wanted if index < len(payload))
    elif isinstance(payload, dict):
        if token == "*" and "*" not in payload:
            yield from payload.items()
        else:
            yield str(token), payload.get(str(token), GONE)


def size(payload: Json) -> int:
    """Give the length of a payload as JSON text."""
    return len(json.dumps(payload))
