"""Names: a part of an answer that is named like one place, and is taken from another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from contracts.consumers.equations import Learnt, Table, number
from contracts.consumers.places import GONE
from contracts.consumers.suspicions.suspicion import Suspicion, rule, shown, suspect
from contracts.model import Json

SURE: Final = 0.9
"""In what share of the payloads a relation must hold for its source to be known."""
_NOT: Final = frozenset({"no", "not", "missing", "without", "un", "open", "absent", "lacks"})
_LATE: Final = frozenset({"completed", "finished", "ended", "updated", "done", "delivered"})
_EARLY: Final = frozenset({"created", "started", "submitted", "queued"})
_COUNTED: Final = {
    **dict.fromkeys(("total", "all", "size"), "total"),
    **dict.fromkeys(("completed", "done", "succeeded", "success"), "completed"),
    **dict.fromkeys(("failed", "errors", "failures"), "failed"),
    "pending": "pending",
    **dict.fromkeys(("running", "processing"), "running"),
}
"""What a word in the name of a count says is counted."""


def names(table: Table, learnt: Sequence[Learnt]) -> Iterator[Suspicion]:
    """Yield the parts of the answer whose names contradict where they come from."""
    for one in learnt:
        if one.share < SURE:
            continue
        yield from _turned_round(table, one)
        if one.relation.kind in {"copy", "conversion", "scale"}:
            yield from _elsewhere(table, one)
            yield from _otherwise(table, one)
    yield from _twice(table, learnt)


def _turned_round(table: Table, one: Learnt) -> Iterator[Suspicion]:
    """Say of a flag that it is true for what is missing, of a span that it runs backwards."""
    mine, theirs = _tokens(one.where), [_tokens(place) for place in one.relation.sources]
    if one.relation.kind == "absence" and {*mine} & {*theirs[0]} - {"at"} and not {*mine} & _NOT:
        place = one.relation.sources[0]
        yield suspect(0, table, one.where, f"is true where {place} is missing, and false where it is given")
    if one.relation.kind == "span" and {*theirs[0]} & _LATE and {*theirs[1]} & _EARLY:
        yield suspect(0, table, one.where, f"{rule(table, one)}, below 0 for what ends after it began")


def _elsewhere(table: Table, one: Learnt) -> Iterator[Suspicion]:
    """Say that another place has the name, or that the place counts something else."""
    place, mine = one.relation.sources[0], _tokens(one.where)
    counted, theirs = (
        {_COUNTED[word] for word in words if word in _COUNTED} for words in (mine, _tokens(place))
    )
    if counted and theirs and not counted & theirs and any(map(number, one.said)):
        yield suspect(0, table, one.where, f"{rule(table, one)}, which counts something else")
        return
    named = [
        at
        for at, values in table.given.items()
        if at != place and _fits(mine, at) and _alike(values, table.given.get(place, ()))
    ]
    exact = [at for at in named if _stems(_tokens(at)) == _stems(mine) and _beside(at, place)]
    if exact and _stems(_tokens(place)) != _stems(mine):
        yield suspect(1, table, one.where, f"{rule(table, one)}, though {exact[0]} has its name")
    elif named and not _fits(mine, place):
        yield suspect(1, table, one.where, f"{rule(table, one)}, though {named[0]} is named like it")


def _otherwise(table: Table, one: Learnt) -> Iterator[Suspicion]:
    """Say that a value is in another unit under the same name, or that whole numbers become fractions."""
    place = one.relation.sources[0]
    scaled = {repr(value) for value in one.relation.inputs if number(value) and value}
    if one.relation.kind == "scale" and len(scaled) > 2 and _tokens(place)[-1:] == _tokens(one.where)[-1:]:
        yield suspect(2, table, one.where, f"{rule(table, one)}, under the same name")
    given = [value for value in one.relation.inputs if number(value)]
    said = [value for value in one.said if number(value)]
    whole = sum(isinstance(value, int) for value in given)
    floats = len(said) > 3 and all(isinstance(value, float) for value in said)
    if one.relation.kind == "copy" and not table.at and whole > 0.9 * len(given) > 3 and floats:
        yield suspect(3, table, one.where, f"is {place}, but {shown(said[0])} for {shown(given[0])}")


def _twice(table: Table, learnt: Sequence[Learnt]) -> Iterator[Suspicion]:
    """Say that two parts of an answer with nothing in common in their names repeat one place."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in learnt:
        if one.relation.kind == "copy" and one.share >= SURE:
            found[one.relation.sources[0]].append(one.where)
    for place, wheres in found.items():
        if len(wheres) == 2 and not {*_tokens(wheres[0])} & {*_tokens(wheres[1])}:
            yield suspect(2, table, wheres[0], f"is {place}, and so is {wheres[1]}")


def _tokens(place: str) -> list[str]:
    return [one.casefold() for one in re.findall(r"[A-Za-z][a-z]*|[A-Z]+", place.rpartition("/")[2])]


def _fits(mine: list[str], at: str) -> bool:
    """Whether a part of the answer is named like a place: by the same words, or by a telling one of them."""
    theirs, own = _stems(_tokens(at)), _stems(mine)
    return bool(own) and (
        own == theirs or (len(own) == 1 and own[0] in theirs and own[0] not in {"id", "at", "count"})
    )


def _beside(one: str, other: str) -> bool:
    return one.rpartition("/")[0] == other.rpartition("/")[0]


def _stems(words: list[str]) -> list[str]:
    """Take the endings off: start, started and starting are one word."""
    return [re.sub(r"(?:ed|ing|e?s|e)$", "", word) if len(word) > 4 else word for word in words]


def _alike(one: Sequence[Json], other: Sequence[Json]) -> bool:
    """Whether two columns hold values of one type, for the most part."""
    kinds = [
        Counter(type(value) for value in column if value is not None and value is not GONE).most_common(1)
        for column in (one, other)
    ]
    return all(kinds) and kinds[0][0][0] == kinds[1][0][0]
