"""Which alternatives of a union on one side may be meant by one of the other side."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from contracts.drift.change import Direction
from contracts.drift.schemas.alternatives import Alt
from contracts.drift.schemas.edges import Sides
from contracts.drift.schemas.shape import Schemas

ALIKE: Final = 0.5
MAX_TRIED: Final = 24


class Candidates(NamedTuple):
    """Positions of receivers that may cover the sender, best first; `sure` when the first is surely meant."""

    indexes: tuple[int, ...]
    sure: bool


def candidates(sides: Sides, kind: str, index: int, sender: Alt, receivers: tuple[Alt, ...]) -> Candidates:
    """Find by name, else by tag, else by likeness; everything that could cover it is tried."""
    named = tuple(i for i, alt in enumerate(receivers) if sender.label and alt.label == sender.label)
    if named:
        return Candidates(named[:1], sure=True)
    ours, theirs = sides.base, sides.revision
    if sides.direction is Direction.RESPONSE:
        ours, theirs = theirs, ours
    scored = [
        (_likeness(kind, ours, sender, theirs, alt), -abs(i - index), -i) for i, alt in enumerate(receivers)
    ]
    scored = sorted((score for score in scored if score[0] >= 0), reverse=True)[:MAX_TRIED]
    return Candidates(tuple(-score[2] for score in scored), bool(scored) and scored[0][0] > ALIKE)


def _likeness(kind: str, ours: Schemas, sender: Alt, theirs: Schemas, receiver: Alt) -> float:
    """Score 0 to 1; below 0 when their tags exclude each other."""
    if kind != "object":
        return 1.0 if sender.facts.keys() == receiver.facts.keys() else ALIKE
    mine, other = _tags(ours, sender), _tags(theirs, receiver)
    shared = mine.keys() & other.keys()
    if any(mine[key].isdisjoint(other[key]) for key in shared):
        return -1.0
    names, others = _names(sender), _names(receiver)
    overlap = len(names & others) / len(names | others) if names | others else ALIKE
    return 1.0 if shared and overlap else overlap


def _names(alt: Alt) -> set[str]:
    return {*alt.facts.get("properties", ()), *alt.facts.get("required", ())}


def _tags(schemas: Schemas, alt: Alt) -> dict[str, frozenset[str]]:
    """Give the properties that can only be one of a few values: what tells branches apart."""
    found: dict[str, frozenset[str]] = {}
    properties: dict[str, Any] = alt.facts.get("properties", {})
    for name in properties.keys() & alt.facts.get("required", frozenset()):
        kinds = schemas.shape(properties[name]).kinds
        if kinds.keys() == {"string"} and all("enum" in one.facts for one in kinds["string"]):
            values = frozenset(key for one in kinds["string"] for key in one.facts["enum"])
            if len(values) == 1:
                found[name] = values
    return found
