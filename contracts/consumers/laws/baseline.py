"""What is known of a consumer before it is held to the laws: how it answers the covering set.

Some laws need to know which field of the payload a part of the answer comes from, and what they may rewrite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import partial
from typing import Final

from contracts.batch import Batch
from contracts.consumers import sources
from contracts.consumers.consumer import Consumer, Manner, Meeting, TookTooLong, meet
from contracts.consumers.laws import origins
from contracts.consumers.laws.gaps import Invention, invented
from contracts.consumers.laws.origins import Seen, Told, items_in, part, resolved, rows
from contracts.consumers.laws.reads import Reads, reads_of
from contracts.consumers.places import put
from contracts.consumers.sources import Answers
from contracts.model import Json, Pointer

DOCUMENT: Final = frozenset(one.name for one in fields(Batch))
"""The keys by which a mapping is known as the JSON form of a Batch."""
DONE: Final = "completed"
_OPEN: Final = frozenset({"pending", "running"})


class Shape(StrEnum):
    """What a consumer's answers are, as far as fields are declared by name."""

    BATCH = "batch"
    VIEW = "view"
    OWN = "own"


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """How a consumer answers the covering set, and where in the payload its answer comes from.

    Places are pointers into the payload, "" where none was found: `items` of the list that the items are made
    from, in their order; `ids` of the ids, with `*` in that list; `total` of the count of all items.
    `tallied` are the counts that the consumer makes of the items, `given` those it takes from the payload.
    `done` are a few items of payloads that it calls completed; `waits` says that it calls others open.
    `hangs` says that it did not come back from a payload.
    """

    consumer: Consumer
    valid: Callable[[Json], bool]
    answered: tuple[tuple[Json, Meeting], ...]
    shape: Shape
    reads: Reads
    items: str = ""
    ids: tuple[str, ...] = ()
    total: str = ""
    tallied: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    done: tuple[Json, ...] = ()
    waits: bool = False
    inventions: tuple[Invention, ...] = ()
    hangs: bool = False


def ground_of(consumer: Consumer, found: Answers) -> Baseline:
    """Meet a consumer with the covering set, and with a few rewritings of it."""
    payloads = [sample.value for sample in sources.covering(found)]
    valid = found.plan.oracle.valid
    answered: list[tuple[Json, Meeting]] = []
    for payload in payloads:
        met = meet(consumer, payload)
        if met.error == TookTooLong.__name__:
            unknown = Reads((), (), steady=False, why="it does not come back")
            return Baseline(consumer, valid, (), Shape.OWN, unknown, hangs=True)
        if met.manner is Manner.ANSWERED:
            answered.append((payload, met))
    known = reads_of(consumer, payloads)
    bare = Baseline(consumer, valid, tuple(answered), _shape(consumer, answered), known)
    return _grounded(bare, found) if known.steady else bare


def _shape(consumer: Consumer, answered: Sequence[tuple[Json, Meeting]]) -> Shape:
    if answered and all(document_like(met) for _, met in answered):
        return Shape.BATCH
    return Shape.VIEW if consumer.view else Shape.OWN


def document_like(met: Meeting) -> bool:
    """Whether an answer is a Batch, or a mapping in the JSON form of one."""
    return isinstance(met.answer, Batch) or (isinstance(met.answer, dict) and {*met.answer} >= DOCUMENT)


def _grounded(bare: Baseline, found: Answers) -> Baseline:
    seen = [(payload, met.view) for payload, met in bare.answered]
    inventions = tuple(invented(bare.consumer, bare.answered, bare.valid, found))
    if bare.shape is Shape.OWN:
        return Baseline(
            bare.consumer, bare.valid, bare.answered, bare.shape, bare.reads, inventions=inventions
        )
    told, items = origins.told(seen), origins.list_place(seen)
    items = items if items and _in_order(bare.consumer, seen, items) else ""
    tallied = origins.tallied(seen) if items else frozenset[str]()
    return Baseline(
        bare.consumer,
        bare.valid,
        bare.answered,
        bare.shape,
        bare.reads,
        items=items,
        ids=tuple(_ids(seen, told, items)),
        total=origins.scalar_place(told, lambda view: part(view, "counts", "total")),
        tallied=tallied,
        given=_given(told) - tallied,
        done=tuple(_done(seen, items)) if items else (),
        waits=any(waits(item) for payload, view in seen for _, item in rows(payload, view, items)),
        inventions=inventions,
    )


def waits(item: Json) -> bool:
    """Whether an item of an answer is still open."""
    return part(item, "state") in _OPEN


def _in_order(consumer: Consumer, seen: Seen, at: str) -> bool:
    """Whether items stand in the answer as they do in the payload: turned with it, on a few payloads."""
    tried = 0
    for payload, view in seen:
        items, listed = items_in(view), resolved(payload, at)
        if items is None or not isinstance(listed, list) or items == items[::-1] or len(items) != len(listed):
            continue
        again = meet(consumer, put(payload, Pointer.parse(at), listed[::-1]))
        if again.manner is Manner.ANSWERED and items_in(again.view) != items[::-1]:
            return False
        tried += 1
        if tried == origins.LEAST:
            return True
    return tried > 0


def _ids(seen: Seen, told: Told, items: str) -> Iterator[str]:
    own = origins.scalar_place(told, _id)
    if own:
        yield own
    each = origins.item_place(seen, items, _id) if items else ""
    if each:
        yield f"{items}/*{each}"


def _id(view: Json) -> str | None:
    found = part(view, "id")
    return found if isinstance(found, str) else None


def _given(seen: Told) -> frozenset[str]:
    names = sorted({name for _, view in seen for name in origins.counts_in(view)})
    return frozenset(name for name in names if origins.scalar_place(seen, partial(_count, name)))


def _count(name: str, view: Json) -> int | None:
    return origins.counts_in(view).get(name)


def _done(seen: Seen, items: str) -> list[Json]:
    found = [
        row for payload, view in seen for row, item in rows(payload, view, items) if item.get("state") == DONE
    ]
    return found[:2]
