"""The ways in which a value of one JSON type may be right: joined where schemas hold together, and tidied."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from contracts.drift.schemas.facts import conjoin
from contracts.model import Json

Facts = Mapping[str, Any]
KINDS: Final = ("null", "boolean", "number", "string", "array", "object")


@dataclass(frozen=True, slots=True, eq=False)
class Alt:
    """One way for a value of one JSON type to be right: facts by keyword, their place and name."""

    facts: Facts
    origin: str = ""
    label: str = ""
    component: str = ""
    exclusive: bool = False


FREE: Final = {kind: (Alt({}),) for kind in KINDS}


def product(
    left: Mapping[str, tuple[Alt, ...]], right: Mapping[str, tuple[Alt, ...]]
) -> Mapping[str, tuple[Alt, ...]]:
    """Hold both: every pair of alternatives of one type that does not exclude itself."""
    if left is FREE:
        return right
    if right is FREE:
        return left
    kinds: dict[str, tuple[Alt, ...]] = {}
    for kind, alts in left.items():
        others = right.get(kind)
        if others is None:
            continue
        kept = tuple(alt for a in alts for b in others if (alt := _meet(kind, a, b)) is not None)
        if kept:
            kinds[kind] = kept
    return kinds


def _meet(kind: str, a: Alt, b: Alt) -> Alt | None:
    if not a.facts or not b.facts:
        a, b = (b, a) if not a.facts else (a, b)
        facts: Facts | None = a.facts
    else:
        facts = conjoin(kind, a.facts, b.facts)
    if facts is None:
        return None
    return Alt(
        facts,
        a.origin or b.origin,
        a.label or b.label,
        a.component or b.component,
        a.exclusive or b.exclusive,
    )


def settled(alt: Alt) -> Alt:
    """Turn `unevaluated*` into what it means once everything beside it is known."""
    facts = dict(alt.facts)
    for hidden, plain in (("unevaluatedProperties", "additional"), ("unevaluatedItems", "items")):
        if hidden in facts:
            place = facts.pop(hidden)
            facts.setdefault(plain, place)
    return replace(alt, facts=facts) if len(facts) != len(alt.facts) or "additional" in facts else alt


def distinct(alts: tuple[Alt, ...]) -> tuple[Alt, ...]:
    """Drop alternatives that another one already admits, as far as that is plain to see; join enums."""
    if len(alts) == 1:
        return alts
    free = next((alt for alt in alts if not alt.facts), None)
    if free is not None:
        return (free,)
    enums = [alt for alt in alts if alt.facts.keys() == {"enum"}]
    if len(enums) > 1:
        joined: dict[str, Json] = {}
        for alt in enums:
            joined.update(alt.facts["enum"])
        alts = (Alt({"enum": joined}, enums[0].origin), *(alt for alt in alts if alt not in enums))
    seen: dict[str, Alt] = {}
    for alt in alts:
        seen.setdefault(json.dumps(alt.facts, sort_keys=True, default=sorted), alt)
    return tuple(seen.values())
