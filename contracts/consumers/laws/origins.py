"""Where in a payload the fields of an answer come from, found by comparing many payloads with their answers.

A field comes from the place whose value it repeats in nine of ten payloads. Nothing is told of readers that
repeat nothing: then the laws that would need it are not asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from contracts.consumers.places import places_of
from contracts.model import Json, Pointer

Seen: TypeAlias = Sequence[tuple[Json, Json]]
"""Payloads with the answers to them as plain data."""

SHARE: Final = 0.9
"""In how many of the payloads an answer must repeat a place to come from there: one may be an edge."""
LEAST: Final = 3
"""How many payloads, and different values, make more than a coincidence."""


def part(view: Json, *keys: str) -> Json:
    """Give what stands in an answer under some keys, or None."""
    for key in keys:
        view = view.get(key) if isinstance(view, dict) else None
    return view


def items_in(view: Json) -> list[dict[str, Json]] | None:
    """Give the items of an answer, where it has a list of objects called `items`."""
    listed = part(view, "items")
    return listed if isinstance(listed, list) and all(isinstance(item, dict) for item in listed) else None


def counts_in(view: Json) -> dict[str, int]:
    """Give the known counts of an answer, by the word for what they count."""
    counts = part(view, "counts")
    found = counts.items() if isinstance(counts, dict) else ()
    return {name: one for name, one in found if isinstance(one, int) and not isinstance(one, bool)}


def list_place(seen: Seen) -> str:
    """Find the list of the payload that is as long as the answer's `items`; "" when there is none."""
    found: list[tuple[Json, list[str]]] = []
    for payload, view in seen:
        items = items_in(view)
        if items:
            lists = _listed(payload, lambda value: isinstance(value, list))
            found.append((len(items), [at for at, value in lists if len(value) == len(items)]))
    return _agreed(found, different=2)


Told: TypeAlias = Sequence[tuple[Sequence[tuple[str, Json]], Json]]
"""The places of payloads outside lists that have a plain value, with the answers."""


def told(seen: Seen) -> Told:
    """List the places of each payload once, for several questions."""
    return [(tuple(_listed(payload, _scalar)), view) for payload, view in seen]


def scalar_place(seen: Told, pick: Callable[[Json], Json]) -> str:
    """Find the place, outside lists, whose value a field of the answer repeats; "" when there is none."""
    found: list[tuple[Json, list[str]]] = []
    for scalars, view in seen:
        wanted = pick(view)
        if _scalar(wanted):
            found.append((wanted, [at for at, value in scalars if value == wanted]))
    return _agreed(found)


def item_place(seen: Seen, at: str, pick: Callable[[Json], Json]) -> str:
    """Find the place in each item of the list `at` whose value a field of the answer's item repeats."""
    pairs = [pair for payload, view in seen for pair in rows(payload, view, at)]
    return scalar_place(told([pair for pair in pairs if isinstance(pair[0], dict)]), pick)


def rows(payload: Json, view: Json, at: str) -> Iterator[tuple[Json, dict[str, Json]]]:
    """Yield each item of the payload's list with the item of the answer, where both are as many."""
    items, listed = items_in(view), resolved(payload, at)
    if items is not None and isinstance(listed, list) and len(items) == len(listed):
        yield from zip(listed, items, strict=True)


def resolved(payload: Json, at: str) -> Json:
    """Give the value at a place outside lists, or None."""
    return part(payload, *map(str, Pointer.parse(at)))


def _listed(payload: Json, wanted: Callable[[Json], bool]) -> Iterator[tuple[str, Json]]:
    for at, value in places_of(payload):
        if at and wanted(value) and not any(isinstance(token, int) for token in at):
            yield str(at), value


def _scalar(value: Json) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _agreed(found: Iterable[tuple[Json, list[str]]], different: int = LEAST) -> str:
    """Give the place that nearly all payloads agree on."""
    listed = list(found)
    if len(listed) < LEAST or len({repr(value) for value, _ in listed}) < different:
        return ""
    votes = Counter(place for _, agreeing in listed for place in agreeing)
    best = sorted(votes, key=lambda place: (-votes[place], place))
    return best[0] if best and votes[best[0]] >= SHARE * len(listed) else ""


def tallied(seen: Seen) -> frozenset[str]:
    """Give the counts of an answer that are those of its items in every payload: `total`, and states."""
    values: dict[str, set[int]] = {}
    wrong: set[str] = set()
    for _, view in seen:
        items = items_in(view)
        if items is None:
            continue
        states = Counter(str(item.get("state")) for item in items)
        for name, count in counts_in(view).items():
            values.setdefault(name, set()).add(count)
            if count != (len(items) if name == "total" else states[name]):
                wrong.add(name)
    return frozenset(name for name, found in values.items() if name not in wrong and len(found) > 1)
