"""Which fields a consumer reads: found by changing them, since a C decoder reads past any wrapper.

A field is read when changing it alone changes the answer or the way it is refused. Other values are taken
from the other payloads at the same place first, so that the change stays within the vendor's word where it
can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts.consumers.consumer import Consumer, Meeting, meet
from contracts.consumers.places import GONE, places, put, same
from contracts.consumers.respell import without_added
from contracts.model import Json, Pointer

TRIES: Final = 12
"""How many payloads are tried for one field before it counts as unread."""
_STRANGE: Final[tuple[Json, ...]] = (GONE, None, 0, "~", True, [], {})


@dataclass(frozen=True, slots=True)
class Reads:
    """The fields of a payload as pointers with `*` for list positions, sorted: those read and those not.

    `steady` is False for a consumer that does not answer the same twice: then nothing is known.
    """

    read: tuple[str, ...]
    unread: tuple[str, ...]
    steady: bool = True

    def reads(self, pointer: str) -> bool:
        """Whether a field, or something in it, is read; a field that no payload had is not."""
        return not self.steady or any(one == pointer or one.startswith(f"{pointer}/") for one in self.read)


def reads(consumer: Consumer, payloads: Sequence[Json], only: str | None = None) -> Reads:
    """Find the fields that a consumer reads, on payloads that the vendor may send.

    With `only`, a pointer with `*`, nothing but that field and what is in it is looked at.
    """
    wheres: dict[str, list[tuple[Json, Pointer, Json]]] = {}
    for payload in payloads:
        for at, value in places(payload):
            place = at.wildcard
            if only is None or place == only or place.startswith(f"{only}/"):
                wheres.setdefault(place, []).append((payload, at, value))
    base = {id(payload): _told(meet(consumer, payload)) for payload in payloads}
    if any(_told(meet(consumer, payload)) != base[id(payload)] for payload in payloads):
        return Reads((), (), steady=False)
    read = {place for place, found in wheres.items() if place and _is_read(consumer, found, base)}
    return Reads(tuple(sorted(read)), tuple(sorted(place for place in wheres if place and place not in read)))


def _is_read(consumer: Consumer, found: list[tuple[Json, Pointer, Json]], base: dict[int, str]) -> bool:
    others = _spread([value for _, _, value in found])
    for payload, at, value in _spread(found):
        for other in (*others, *_STRANGE):
            if not same(other, value) and _told(meet(consumer, put(payload, at, other))) != base[id(payload)]:
                return True
    return False


def _spread(values: Sequence[Json]) -> list[Json]:
    """Take up to TRIES of a sequence, evenly from all of it."""
    step = max(1, len(values) // TRIES)
    return list(values[::step][:TRIES])


def _told(met: Meeting) -> str:
    return f"{met.manner} {met.error} {without_added(met.view)!r}"
