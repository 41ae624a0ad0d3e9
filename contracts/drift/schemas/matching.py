"""Which alternatives of a union on one side may be meant by one of the other side."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from contracts.drift.change import Direction
from contracts.drift.schemas.alternatives import Alt
from contracts.drift.schemas.edges import Sides
from contracts.drift.schemas.shape import Schemas

ALIKE: Final = 0.5
MAX_TRIED: Final = 24


class Candidate(NamedTuple):
    """The position of a receiver that may cover the sender, and how alike the two are, 0 to 2."""

    position: int
    score: float


def candidates(
    sides: Sides, kind: str, index: int, senders: tuple[Alt, ...], receivers: tuple[Alt, ...]
) -> tuple[Candidate, ...]:
    """Find by the name of a component, else by what tells branches apart, else by likeness; best first."""
    sender = senders[index]
    named = [i for i, alt in enumerate(receivers) if sender.component and alt.component == sender.component]
    if len(named) == 1 and [alt.component for alt in senders].count(sender.component) == 1:
        return (Candidate(named[0], 2.0),)
    ours, theirs = sides.base, sides.revision
    if sides.direction is Direction.RESPONSE:
        ours, theirs = theirs, ours
    scored = [
        (_likeness(kind, ours, sender, theirs, alt), -abs(i - index), -i) for i, alt in enumerate(receivers)
    ]
    scored = sorted((score for score in scored if score[0] >= 0), reverse=True)[:MAX_TRIED]
    return tuple(Candidate(-score[2], score[0]) for score in scored)


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
    titled = 0.25 if sender.label and sender.label == receiver.label else 0.0
    return max(overlap, 1.0 if shared and overlap else 0.0) + titled


def _names(alt: Alt) -> set[str]:
    return {*alt.facts.get("properties", ()), *alt.facts.get("required", ())}


def _tags(schemas: Schemas, alt: Alt) -> dict[str, frozenset[str]]:
    """Give the required properties that can only be one of a few values: what tells branches apart."""
    found: dict[str, frozenset[str]] = {}
    properties: dict[str, Any] = alt.facts.get("properties", {})
    for name in properties.keys() & alt.facts.get("required", frozenset()):
        kinds = schemas.shape(properties[name]).kinds
        if kinds.keys() == {"string"} and all("enum" in one.facts for one in kinds["string"]):
            values = frozenset(key for one in kinds["string"] for key in one.facts["enum"])
            found[name] = values
    return found
