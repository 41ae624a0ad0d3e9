"""A place where two documents differ, said without opinion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from contracts.model import Json

T = TypeVar("T")


class Direction(StrEnum):
    """Who sends the value: the vendor (response), the client (request), or nobody (endpoint)."""

    RESPONSE = "response"
    REQUEST = "request"
    ENDPOINT = "endpoint"


class Sense(StrEnum):
    """How the revision's set of allowed values relates to the base's."""

    WIDER = "wider"
    NARROWER = "narrower"
    CROSSED = "crossed"
    SAME = "same"

    def escapes(self, direction: Direction) -> bool:
        """Whether the receiver can meet a value that its side of the contract does not allow."""
        if direction is Direction.RESPONSE:
            return self in {Sense.WIDER, Sense.CROSSED}
        return direction is Direction.REQUEST and self in {Sense.NARROWER, Sense.CROSSED}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what kind, how the sets lie, what stood there and what stands there now.

    `name` is the property, status, header or value the change is about; `tokens` is where it is below the
    node that was compared; `base_at` and `revision_at` are pointers into the two documents. `trait` narrows
    the kind where a rule needs it ("closed", "unasserted", "text").
    """

    kind: str
    sense: Sense
    base: Json = None
    revision: Json = None
    name: str = ""
    tokens: tuple[str, ...] = ()
    base_at: str = ""
    revision_at: str = ""
    trait: str = ""

    def between(self, base_at: str, revision_at: str) -> Change:
        """Say where it stands in the two documents."""
        return replace(self, base_at=base_at, revision_at=revision_at)


def turned(both: tuple[T, T], over: bool) -> tuple[T, T]:
    """Give two things of base and revision the other way round if that is asked."""
    return (both[1], both[0]) if over else both
