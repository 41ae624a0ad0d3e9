"""Which fields a consumer reads: found by changing them, since a C decoder reads past any wrapper.

A field is read when changing it alone changes the answer or the way it is refused. Other values are taken
from the other payloads at the same place first, so that the change stays within the vendor's word where it
can. Fields that do not lie in each other are changed together; only where that tells, they are told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.consumers.consumer import Consumer, meet
from contracts.consumers.places import GONE, places_of, put, same
from contracts.model import Json, Pointer

TRIES: Final = 12
"""In how many payloads, and with how many values of others, a field is changed before it is unread."""
MANY: Final = 200
"""Places in a payload that takes long."""
_STRANGE: Final[tuple[Json, ...]] = (GONE, None, 0, "~", True, [], {})


@dataclass(frozen=True, slots=True)
class Reads:
    """The fields of a payload as pointers with `*` for list positions, sorted: those read and those not.

    `steady` is False for a consumer of which nothing can be known; `why` says so.
    """

    read: tuple[str, ...]
    unread: tuple[str, ...]
    steady: bool = True
    why: str = ""

    def reads(self, pointer: str) -> bool:
        """Whether a field, or something in it, is read; a field that no payload had is not."""
        return not self.steady or any(one == pointer or one.startswith(f"{pointer}/") for one in self.read)


_Edit = tuple[Pointer, Json]


def reads_of(consumer: Consumer, payloads: Sequence[Json], only: str | None = None) -> Reads:
    """Find the fields that a consumer reads, on payloads that the vendor may send.

    With `only`, a pointer with `*`, nothing but that field and what is in it is looked at.
    """
    found = [(payload, _wheres(payload, only)) for payload in payloads]
    if any(_told(consumer, payload) != _told(consumer, payload) for payload in payloads):
        return Reads((), (), steady=False, why="it does not answer the same twice")
    others = _others(found)
    visits, read = dict.fromkeys(sorted(others), 0), set[str]()
    # The payloads with the most fields first; those of very many items last, since they take the longest.
    for payload, wheres in sorted(found, key=lambda one: (_places(one[1]) > MANY, -len(one[1]))):
        here = [place for place in wheres if place not in read and visits[place] < TRIES]
        chosen = {place: wheres[place][visits[place] % len(wheres[place])] for place in here}
        read.update(_read_in(consumer, payload, chosen, others))
        for place in here:
            visits[place] += 1
    return Reads(tuple(sorted(read)), tuple(sorted(place for place in visits if place not in read)))


def _places(wheres: dict[str, list[tuple[Pointer, Json]]]) -> int:
    return sum(map(len, wheres.values()))


def _wheres(payload: Json, only: str | None) -> dict[str, list[tuple[Pointer, Json]]]:
    wheres: dict[str, list[tuple[Pointer, Json]]] = {}
    for at, value in places_of(payload):
        place = at.wildcard
        if at and (only is None or place == only or place.startswith(f"{only}/")):
            wheres.setdefault(place, []).append((at, value))
    return wheres


def _others(found: Sequence[tuple[Json, dict[str, list[tuple[Pointer, Json]]]]]) -> dict[str, list[Json]]:
    """Give what a field is changed to: distinct values of other payloads, evenly taken, and strange ones."""
    seen: dict[str, dict[str, Json]] = {}
    for _, wheres in found:
        for place, listed in wheres.items():
            seen.setdefault(place, {}).update((repr(value), value) for _, value in listed)
    return {place: [*_spread(list(values.values())), *_STRANGE] for place, values in seen.items()}


def _read_in(
    consumer: Consumer, payload: Json, chosen: dict[str, tuple[Pointer, Json]], others: dict[str, list[Json]]
) -> Iterator[str]:
    """Yield the fields that are read in one payload; fields of one depth do not lie in each other."""
    base = _told(consumer, payload) if chosen else ""
    for depth in sorted({len(at) for at, _ in chosen.values()}):
        left = {place: where for place, where in chosen.items() if len(where[0]) == depth}
        for turn in range(TRIES + len(_STRANGE)):
            edits = {
                place: (at, others[place][turn])
                for place, (at, value) in left.items()
                if turn < len(others[place]) and not same(others[place][turn], value)
            }
            for place in _telling(consumer, payload, edits, base):
                del left[place]
                yield place


def _telling(consumer: Consumer, payload: Json, edits: dict[str, _Edit], base: str) -> list[str]:
    """Give the fields of a group that change the answer when changed alone."""
    if not edits:
        return []
    changed = payload
    # From behind, so that taking out of a list moves nothing that is still to be changed.
    for at, new in reversed(edits.values()):
        changed = put(changed, at, new)
    if _told(consumer, changed) == base:
        return []
    if len(edits) == 1:
        return [*edits]
    listed = list(edits.items())
    middle = len(listed) // 2
    halves = (dict(listed[:middle]), dict(listed[middle:]))
    return [place for half in halves for place in _telling(consumer, payload, half, base)]


def _spread(values: Sequence[Json]) -> list[Json]:
    """Take up to TRIES of a sequence, evenly from all of it."""
    step = max(1, len(values) // TRIES)
    return list(values[::step][:TRIES])


def _told(consumer: Consumer, payload: Json) -> str:
    met = meet(consumer, payload)
    return f"{met.manner} {met.error} {met.view!r}"
