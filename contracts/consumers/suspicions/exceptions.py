"""Rules that nearly all answers keep, and the one kind of value for which they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import floor, trunc
from typing import Final

from contracts.consumers.equations import Learnt, Table, number
from contracts.consumers.places import GONE
from contracts.consumers.suspicions.suspicion import ENOUGH, Suspicion, kept, rule, shown, suspect
from contracts.consumers.suspicions.traits import SWALLOWED, TRAITS
from contracts.model import Json

EXACT: Final = 2**53
"""Below this a float holds every whole number."""
CUT: Final = 0.8
"""In what share of the rows with a fraction the whole part must stand in the answer for it to be lost."""


def exceptions(table: Table, learnt: Iterable[Learnt]) -> Iterator[Suspicion]:
    """Yield what departs from the relation that was learnt of each part of the answer."""
    for one in learnt:
        kind = one.relation.kind
        if kind == "off":
            yield from _off_by_one(table, one)
            continue
        if kind in {"span", "copy", "conversion"}:
            yield from _filled(table, one)
        if kind in {"ratio", "scale"}:
            yield from _cut(table, one)
        if kind == "count":
            yield from _by_item(table, one)
        yield from _by_trait(table, one)


def _by_trait(table: Table, one: Learnt) -> Iterator[Suspicion]:
    """Yield the first trait that values have where the rule does not hold, and none where it does."""
    rows = list(zip(one.holds, one.said, one.relation.inputs, strict=True))
    keeping = [value for good, _, value in rows if good and value is not GONE and value is not None]
    broken = [(said, value) for good, said, value in rows if not good]
    if not broken or len(keeping) < ENOUGH:
        return
    for trait, has in TRAITS:
        with_it = [said for said, value in broken if has(value)]
        # A value that stands for nothing may by chance be answered with itself.
        by_chance = len(with_it) / 2 if trait in SWALLOWED else 0
        most = len(with_it) >= len(broken) * 0.8
        sure = one.share >= (0.2 if len(with_it) == len(broken) else 0.5)
        if with_it and sure and (most or len(with_it) > 1) and sum(map(has, keeping)) <= by_chance:
            rank = 0 if most and trait in SWALLOWED else 1 if most else 2
            words = f"{rule(table, one)} {kept(one)}, but {shown(with_it[0])} where that is {trait}"
            yield suspect(rank, table, one.where, words)
            return


def _off_by_one(table: Table, one: Learnt) -> Iterator[Suspicion]:
    """Say that a count is one too few or too many wherever there is something to count."""
    rows = [
        (good, len(value))
        for good, value in zip(one.holds, one.relation.inputs, strict=True)
        if isinstance(value, list) and value
    ]
    sizes = {size for good, size in rows if good}
    if len(sizes) > 2 and sum(good for good, _ in rows) >= 0.9 * len(rows):
        yield suspect(0, table, one.where, f"{rule(table, one)} {kept(one)}")


def _filled(table: Table, one: Learnt) -> Iterator[Suspicion]:
    """Say what stands in the answer where the payload gives nothing: always the same known value."""
    rows = zip(one.holds, one.said, one.relation.wanted, strict=True)
    filled = [said for good, said, wanted in rows if not good and (wanted is None or wanted is GONE)]
    if len(filled) < 3 or len(filled) < 0.8 * (len(one.holds) - sum(one.holds)):
        return
    value = filled[0]
    known = not isinstance(value, (list, dict)) and value not in (None, GONE, "")
    if known and len({repr(said) for said in filled}) == 1:
        words = f"{rule(table, one)} {kept(one)}, but {shown(value)} where that is not given"
        yield suspect(2, table, one.where, words)


def _cut(table: Table, one: Learnt) -> Iterator[Suspicion]:
    """Say that a ratio loses its fraction: elsewhere than for whole numbers, the whole part is said."""
    rows = [
        (said, wanted)
        for said, wanted in zip(one.said, one.relation.wanted, strict=True)
        if number(said) and number(wanted) and abs(wanted) < EXACT
    ]
    whole = sum(said == wanted for said, wanted in rows if wanted % 1 == 0)
    rest = [(said, wanted) for said, wanted in rows if wanted % 1 != 0]
    bounds = (min(said for said, _ in rest), max(said for said, _ in rest)) if rest else (0, 0)
    cut = sum(
        said in {min(max(part(wanted), bounds[0]), bounds[1]) for part in (floor, trunc, round)}
        for said, wanted in rest
    )
    if len(rest) >= 3 and whole >= 3 and cut >= CUT * len(rest):
        yield suspect(0, table, one.where, f"{rule(table, one)}, and loses the fraction of that")


def _by_item(table: Table, one: Learnt) -> Iterator[Suspicion]:
    """Say which value of a field, that stands for nothing, is not counted as one that is given."""
    formula = dict(one.relation.formula.args)
    key, is_ = formula.get("by", ""), formula.get("is_", "")
    if is_ not in {"given", "missing"} or all(one.holds):
        return
    for trait, has in TRAITS:
        if trait not in SWALLOWED:
            continue
        with_it = [_among(lists, key, has) for lists in one.relation.inputs]
        broken = [some for some, good in zip(with_it, one.holds, strict=True) if not good]
        keeping = [some for some, good in zip(with_it, one.holds, strict=True) if good]
        if sum(broken) >= max(2, 0.8 * len(broken)) and len(keeping) >= ENOUGH and not any(keeping):
            words = f"{rule(table, one)} {kept(one)}, but counts it otherwise where that is {trait}"
            yield suspect(0, table, one.where, words)
            return


def _among(items: Json, key: str, has: Callable[[Json], bool]) -> bool:
    rows = items if isinstance(items, list) else ()
    return any(has(item.get(key)) for item in rows if isinstance(item, dict))
