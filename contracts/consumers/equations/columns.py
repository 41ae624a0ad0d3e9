"""Answers and payloads as columns: the values of one place over many payloads, side by side.

A list of the answer that is as long as a list of the payload is read item by item, as a table of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from contracts.consumers.places import GONE
from contracts.model import Json

Pairs: TypeAlias = Sequence[tuple[Json, Json]]
"""Payloads, or items of them, with what was answered."""

SHARE: Final = 0.9
"""In how many payloads two lists must be as long for one to be made of the other."""
LONGEST: Final = 40
"""Items of one payload that are looked at."""
FIXED: Final = 2
"""From how many values on a row of always the same length is read by position."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal length: `given` of the payload, `said` of the answer; GONE where there is nothing.

    `at` and `where` are the lists whose items are the rows, "" for whole payloads and answers. `lists` has
    the lists of the payload, in the rows of `given`.
    """

    at: str
    where: str
    given: dict[str, list[Json]]
    said: dict[str, list[Json]]
    lists: dict[str, list[Json]]


def tables(pairs: Pairs) -> Iterator[Table]:
    """Yield the table of whole answers, then one for each list of the answer made of one of the payload."""
    yield _table("", "", pairs)
    lists = _columns([payload for payload, _ in pairs], _lists)
    answers, rows_of = _columns([view for _, view in pairs], _lists), fixed_rows(pairs)
    for where, rows in answers.items():
        for at, items in lists.items():
            if where not in rows_of and _as_long(items, rows):
                inner = [
                    pair
                    for left, right in zip(items, rows, strict=True)
                    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right)
                    for pair in zip(left[:LONGEST], right[:LONGEST], strict=True)
                ]
                yield _table(at, where, inner)


def _table(at: str, where: str, pairs: Pairs) -> Table:
    payloads = [payload for payload, _ in pairs]
    return Table(
        at,
        where,
        _columns(payloads, _scalars),
        _columns([view for _, view in pairs], _said),
        _columns(payloads, _lists),
    )


def _as_long(items: list[Json], rows: list[Json]) -> bool:
    both = [(a, b) for a, b in zip(items, rows, strict=True) if isinstance(a, list) and isinstance(b, list)]
    lengths = {len(a) for a, b in both if len(a) == len(b)}
    return len(lengths) > 2 and sum(len(a) == len(b) for a, b in both) >= SHARE * len(both)


def _columns(values: Sequence[Json], read: object) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for index, value in enumerate(values):
        for place, item in read(value):  # type: ignore[operator]
            found.setdefault(place, [GONE] * len(values))[index] = item
    return found


def _scalars(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _scalars(item, f"{at}/{key}")
    elif not isinstance(value, list):
        yield at, value


def _lists(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _lists(item, f"{at}/{key}")
    elif isinstance(value, list):
        yield at, value


def _said(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Yield the plain parts of an answer, and its lists; short rows are read by position too."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _said(item, f"{at}/{key}")
        return
    yield at, value
    if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
        yield from ((f"{at}/{index}", item) for index, item in enumerate(value[:12]) if len(value) >= FIXED)


def fixed_rows(pairs: Pairs) -> set[str]:
    """Give the lists of the answer that are always of one length: rows, not lists of things."""
    lengths: dict[str, Counter[int]] = {}
    for _, view in pairs:
        for at, value in _lists(view):
            lengths.setdefault(at, Counter())[len(value)] += 1
    return {at for at, seen in lengths.items() if len(seen) == 1 and min(seen) >= FIXED}
