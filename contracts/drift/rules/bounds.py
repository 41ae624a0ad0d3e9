"""Rules about least and most: the characters of a text, the items of a list, the keys of an object.

A family of five rules is written alike for each, so that the rules are made from two tables, docs and all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, WARNING, Rule, schema
from contracts.model import Json

WIDER, NARROWER = Sense.WIDER, Sense.NARROWER


class _Family(NamedTuple):
    """What is counted: the end of the keyword, in what, as what, and how a sentence says a count of it."""

    keyword: str
    thing: str
    unit: str
    says: str
    example: str


_FAMILIES: Final = (
    _Family("Length", "A text", "characters", "have {} characters", "type: string"),
    _Family("Items", "A list", "items", "have {} items", "type: array"),
    _Family(
        "Contains",
        "A list",
        "items of a certain kind",
        "contain {} of a certain item",
        "type: array, contains: {type: integer}",
    ),
    _Family("Properties", "An object", "keys", "hold {} keys", "type: object"),
)


class _Bound(NamedTuple):
    """One rule of each family: its name, its docs, the counts of its example, and its sentence."""

    end: str
    does: str
    sense: Sense
    about: str
    example: tuple[int | None, int]
    words: Callable[[Callable[[Json], str], Json, Json], str]


_BOUNDS: Final = (
    _Bound(
        "min",
        "lowered",
        WIDER,
        "{thing} may have fewer {unit} than before.",
        (2, 1),
        lambda say, was, now: f"may now {say(now or 0)}, was at least {was}",
    ),
    _Bound(
        "min",
        "raised",
        NARROWER,
        "{thing} must have more {unit} than before.",
        (1, 2),
        lambda say, was, now: f"must now {say(f'at least {now}')}, was {was or 0}",
    ),
    _Bound(
        "max",
        "raised",
        WIDER,
        "{thing} may have more {unit} than before.",
        (2, 5),
        lambda say, was, now: f"may now {say(_up_to(now))}, was at most {was}",
    ),
    _Bound(
        "max",
        "lowered",
        NARROWER,
        "{thing} may have fewer {unit} at most than before.",
        (5, 2),
        lambda say, was, now: f"may now {say(f'at most {now}')}, was {was or 'without a limit'}",
    ),
    _Bound(
        "max",
        "stated",
        NARROWER,
        "A limit of {unit} is stated where none was; most servers had one before they said so.",
        (None, 2),
        lambda say, _, now: f"may now {say(f'at most {now}')}, no limit was stated",
    ),
)


def _up_to(count: Json) -> str:
    return "any number of" if count is None else f"up to {count}"


def _rule(family: _Family, bound: _Bound) -> Rule:
    keyword, stated = bound.end + family.keyword, bound.does == "stated"

    def words(change: Change) -> str:
        return bound.words(family.says.format, change.base, change.revision)

    words.__name__ = f"{bound.end}_{family.keyword.lower()}_{bound.does}"
    loud = ["note", "warning" if stated else "error"][:: 1 if bound.sense is WIDER else -1]
    before, after = (
        f"{{{family.example}}}" if count is None else f"{{{family.example}, {keyword}: {count}}}"
        for count in bound.example
    )
    said = bound.words(family.says.format, *bound.example)
    words.__doc__ = f"""{bound.about.format(**family._asdict())}

    Before:
        {before}
    After:
        {after}
    Finds:
        request {loud[0]} /body: {said}
        response {loud[1]} /: {said}
    """
    trait, most = ("stated", WARNING) if stated else (None, ERROR)
    return schema(keyword, bound.sense, trait=trait, at_most=most)(words)


BOUNDS: Final = tuple(
    _rule(family, bound)
    for family in _FAMILIES
    for bound in _BOUNDS
    if bound.does != "stated" or family.keyword != "Contains"
)
