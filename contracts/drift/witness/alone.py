"""A witness that shows its own finding and no other: what stands around the place of the change is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from itertools import islice
from typing import Any, Final

from contracts.drift.schemas import SchemaPlace, described
from contracts.drift.witness.smallest import Impossible, Smallest
from contracts.model import Json, Pointer

MAX_MENDED: Final = 40
MAX_VALUES: Final = 8
_GONE: Final = object()
Judge = Callable[[Json], Iterable[Pointer] | None]
"""Says where the receiver refuses a payload; None for one that does not show the finding."""


def alone(
    payload: Json, tokens: tuple[str, ...], judge: Judge, sides: Iterable[tuple[Smallest, SchemaPlace]]
) -> Json:
    """Mend a payload until the receiver refuses nothing but what stands at `tokens`, as far as that goes.

    `sides` build values of both documents from the schemas of the whole body.
    """
    listed = list(sides)
    left = _elsewhere(judge(payload), tokens)
    together = payload
    for at in left:  # most often the first value will do everywhere
        changed = _put(together, at, next(_values(at, listed)))
        together = together if changed is _GONE else changed
    faults = judge(together) if left else None
    if faults is not None and len(rest := _elsewhere(faults, tokens)) < len(left):
        payload, left = together, rest
    for _ in range(MAX_MENDED):
        better = next(_mended(payload, left, tokens, judge, listed), None) if left else None
        if better is None:
            return payload
        payload, left = better
    return payload


def _mended(
    payload: Json,
    left: list[Pointer],
    tokens: tuple[str, ...],
    judge: Judge,
    sides: list[tuple[Smallest, SchemaPlace]],
) -> Iterator[tuple[Json, list[Pointer]]]:
    """Yield payloads of which the receiver refuses less elsewhere, with what it still refuses."""
    for at in left:
        for value in _values(at, sides):
            changed = _put(payload, at, value)
            faults = None if changed is _GONE else judge(changed)
            if faults is not None and len(rest := _elsewhere(faults, tokens)) < len(left):
                yield changed, rest


def _values(at: Pointer, sides: list[tuple[Smallest, SchemaPlace]]) -> Iterator[Json]:
    for small, root in sides:
        for place in described(small.schemas, [root], at):
            yield from islice(_small(small, place), MAX_VALUES)
    yield _GONE


def _small(small: Smallest, place: SchemaPlace) -> Iterator[Json]:
    try:
        yield small.value(place)
        for kind, alts in small.schemas.shape(place).kinds.items():
            for alt in alts:
                yield from small.options(kind, alt)
    except Impossible:
        return


def _elsewhere(faults: Iterable[Pointer] | None, tokens: tuple[str, ...]) -> list[Pointer]:
    """Give the places that are neither on the way to the place of the change nor below it."""
    return [
        at
        for at in dict.fromkeys(faults or ())
        if any(known not in {"*", str(token)} for token, known in zip(at, tokens, strict=False))
    ]


def _put(payload: Json, at: Pointer, value: Json) -> Json:
    """Copy a payload with another value at a place, or without it; `_GONE` where nothing can stand."""
    if not at:
        return value
    changed = deepcopy(payload)
    holder: Any = Pointer(at[:-1]).resolve(changed)
    fits = isinstance(holder, dict | list) and isinstance(holder, dict) == isinstance(at[-1], str)
    if not fits:
        return _GONE
    if value is _GONE:
        if isinstance(holder, dict):
            holder.pop(at[-1], None)
        else:
            del holder[at[-1]]
    else:
        holder[at[-1]] = deepcopy(value)
    return changed
