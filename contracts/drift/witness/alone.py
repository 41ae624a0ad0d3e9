"""A witness that shows its own finding and no other: what stands around the place of the change is mended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Final

from contracts.drift.schemas import SchemaPlace, described
from contracts.drift.witness.smallest import Impossible, Smallest
from contracts.model import GONE, Json, Pointer, put

MAX_MENDED: Final = 40
MAX_VALUES: Final = 12
MAX_OF_A_KIND: Final = 3
Judge = Callable[[Json], Iterable[Pointer] | None]
"""Says where the receiver refuses a payload; None for one that does not show the finding."""


def alone(
    payload: Json,
    own: Pointer,
    judge: Judge,
    sides: Iterable[tuple[Smallest, SchemaPlace]],
    claim: Callable[[Json], bool],
) -> str | None:
    """Mend a payload until the receiver refuses nothing but what stands at `own`, as far as that goes.

    Give it as canonical JSON; None when only other places are refused, so that it shows nothing. `sides`
    build values of both documents from the schemas of the whole body; what is mended must still have what
    the `claim` asks for.
    """
    listed = list(sides)
    found = _elsewhere(judge(payload), own)
    if found is None:
        return None
    left = found

    def less(changed: Json) -> tuple[Json, list[Pointer]] | None:
        now = _elsewhere(judge(changed), own) if claim(changed) else None
        return (changed, now) if now is not None and len(now) < len(left) else None

    together = payload
    for at in left:  # most often the first value will do everywhere
        together = put(together, at, next(_values(at, listed)))
    tried: Iterable[Json] = [together]
    for _ in range(MAX_MENDED if left else 0):
        each = (put(payload, at, value) for at in left for value in _values(at, listed))
        better = next(filter(None, map(less, chain(tried, each))), None)
        if better is None:
            break
        (payload, left), tried = better, ()
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _values(at: Pointer, sides: list[tuple[Smallest, SchemaPlace]]) -> Iterator[Json]:
    for small, root in sides:
        for place in described(small.schemas, [root], at):
            yield from islice(_small(small, place), MAX_VALUES)
    yield GONE


def _small(small: Smallest, place: SchemaPlace) -> Iterator[Json]:
    """Build small values; where the type is not said, objects and lists before what others write as well."""
    try:
        yield small.value(place)
        kinds = small.schemas.shape(place).kinds
        for kind in reversed(list(kinds)):
            for alt in kinds[kind]:
                yield from islice(small.options(kind, alt), MAX_OF_A_KIND)
    except Impossible:
        return


def _elsewhere(faults: Iterable[Pointer] | None, own: Pointer) -> list[Pointer] | None:
    """Give the places that are neither on the way to a place nor below it; None if no other is at fault."""
    places = list(dict.fromkeys(faults or ()))
    beside = [at for at in places if any(known != token for token, known in zip(at, own, strict=False))]
    return beside if len(beside) < len(places) else None
