"""Formulas for what no plain one explains: a part that hangs on another place, and what a text holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from contracts.consumers.equations.columns import Table
from contracts.consumers.equations.forms import JOIN, Formula, given, held, made, number
from contracts.consumers.equations.relations import WORDS
from contracts.model import Json

ROWS: Final = 3
"""In how many rows each side of a condition must show, and how many different values a text must hold."""
MOST: Final = 6
"""How many places a formula of a text names."""


def conditional(said: Sequence[Json], table: Table) -> Formula | None:
    """Give the first formula with a condition that holds in every row; None where there is none."""
    rows = [dict(zip(table.given, values, strict=True)) for values in zip(*table.given.values(), strict=True)]
    for one in _conditions(said, table):
        wanted = [one.value(row) for row in rows]
        if all(one.allows(value, want) for value, want in zip(said, wanted, strict=True)):
            return one
    return None


def _conditions(said: Sequence[Json], table: Table) -> Iterator[Formula]:
    """Yield what shows both sides: a place's value in some rows, and nothing, or another's, in others."""
    filled = {value for value in map(repr, said) if value != "None"}
    if len(filled) < ROWS:
        return
    same_as = {at: list(map(_same, values, said)) for at, values in table.given.items()}
    likely = [at for at, same in same_as.items() if sum(same) >= ROWS]
    for at in likely:
        off = [given(one) and not same for one, same in zip(table.given[at], same_as[at], strict=True)]
        for other, values in table.given.items():
            if other != at and sum(off) >= ROWS:
                yield from (made("where", at, other, is_) for is_ in _sides(values))
        missing = [not given(one) for one in table.given[at]]
        for other in likely:
            if sum(gone and same for gone, same in zip(missing, same_as[other], strict=True)) >= ROWS:
                yield made("either", at, other)


def _same(one: Json, said: Json) -> bool:
    return given(one) and type(one) is type(said) and bool(one == said)


def _sides(values: Sequence[Json]) -> Iterator[str]:
    there = sum(map(given, values))
    if ROWS <= there <= len(values) - ROWS:
        yield from ("given", "missing")
    words = dict.fromkeys(value for value in values if isinstance(value, str))
    if 1 < len(words) <= WORDS:
        yield from (f"'{word}'" for word in words)


def text_with(said: Sequence[Json], table: Table) -> Formula | None:
    """Give a formula of the places whose values a text holds in every row; None where it holds none."""
    if sum(isinstance(value, str) for value in said) < len(said) / 2:
        return None
    found = [at for at, values in table.given.items() if " " not in at and _told(said, values)]
    return made("text", JOIN.join(found[:MOST])) if found else None


def _told(said: Sequence[Json], values: Sequence[Json]) -> bool:
    rows = [
        (text, one) for text, one in zip(said, values, strict=True) if isinstance(text, str) and given(one)
    ]
    telling = {repr(one) for _, one in rows if number(one) or (isinstance(one, str) and len(one) > 1)}
    return len(telling) >= ROWS and all(not isinstance(one, bool) and held(text, one) for text, one in rows)
