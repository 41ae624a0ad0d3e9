"""What the items of one list have in common: all alike, only the first or the last different, ids that clash.

Readers that look at the first item only, stop at the first error, or key a table by id go wrong on such
lists.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import Final, NamedTuple

from contracts.generate.leaves import Text, key_of
from contracts.generate.places.factors import Factor, Level
from contracts.model import Json

ALIKE: Final = ("a", "A", "a ", "007", "7", "\u00e9", "e\u0301", "\uff41")
"""Ids that are different texts and look or compare alike after trimming, folding or normalizing."""


_WORDS: Final = 7


class Pattern(NamedTuple):
    """What to do to the items: which property ("" is the item itself), which level, and where it holds."""

    name: str
    level: str
    where: str


@lru_cache(maxsize=1024)
def steady(factor: Factor) -> tuple[Factor, ...]:
    """Give the properties of a list's objects."""
    rest = factor.items.get(f"{factor.path}[]")
    nodes = [node for nodes in rest.nodes.values() for node in nodes] if rest is not None else []
    return tuple(each for node in nodes for each in node.factors.values())


def _is_id(factor: Factor) -> bool:
    return factor.name.lower().endswith("id") and any(
        isinstance(level.domain, Text) for level in factor.levels
    )


def word(level: Level) -> bool:
    """Whether a level is one word of a state: a member of an enumeration, or a usual word in open text."""
    return level.name.startswith("=") or (level.special and "status-word" in level.name)


@lru_cache(maxsize=1024)
def patterns(factor: Factor) -> dict[str, Pattern]:
    """Give the points of a list with what they ask of its items."""
    found: dict[str, Pattern] = {}
    for each in steady(factor):
        if _is_id(each):
            found[f"{factor.path}~same:{each.name}"] = Pattern(each.name, "", "same")
            if any(isinstance(level.domain, Text) and plain(level.domain) for level in each.levels):
                found[f"{factor.path}~alike:{each.name}"] = Pattern(each.name, "", "alike")
        words = [level for level in each.levels if word(level)]
        for level in words if len(each.levels) > 1 else ():
            for where in ("all", "first", "last"):
                found[f"{factor.path}~{where}:{each.name}{_said(level)}"] = Pattern(
                    each.name, level.name, where
                )
        for one, other in combinations(words, 2) if len(words) <= _WORDS else ():
            point = f"{factor.path}~mix:{each.name}{_said(one)}+{other.name.lstrip('=')}"
            found[point] = Pattern(each.name, f"{one.name}\n{other.name}", "mix")
    rest = factor.items.get(f"{factor.path}[]")
    if rest is not None and len(rest.levels) > 1 and any(level.name == "null" for level in rest.levels):
        for where in ("all", "first", "last"):
            found[f"{factor.path}~{where}:null"] = Pattern("", "null", where)
    return found


def _said(level: Level) -> str:
    return level.name if level.name.startswith("=") else f"={level.name}"


def plain(domain: Text) -> bool:
    """Whether a domain allows any text that an id may be."""
    return not domain.patterns and not domain.formats and domain.low < 2 and domain.high is None


def seen(factor: Factor, items: list[Json]) -> Iterator[str]:
    """Yield the points that a list of two or more items shows."""
    known = patterns(factor)
    if not known:
        return
    yield from _spread(f"{factor.path}~", "null", [item is None for item in items], known)
    objects = [item if isinstance(item, dict) else {} for item in items[:200]]
    for each in steady(factor):
        values = [item[each.name] for item in objects if each.name in item]
        if _is_id(each):
            yield from _ids(factor, each, values)
        yield from _mixed(factor, each, objects, known)
        for level in each.levels if len(each.levels) > 1 else ():
            if word(level):
                holds = [each.name in item and level.holds(item[each.name]) for item in objects]
                yield from _spread(f"{factor.path}~", f"{each.name}{_said(level)}", holds, known)


def _mixed(
    factor: Factor, each: Factor, objects: list[dict[str, Json]], known: dict[str, Pattern]
) -> Iterator[str]:
    """Tell a list that holds exactly two words, both of them, and nothing else."""
    words = [level for level in each.levels if word(level)]
    if not 1 < len(words) <= _WORDS or not all(each.name in item for item in objects):
        return
    shown = [level for level in words if any(level.holds(item[each.name]) for item in objects)]
    if len(shown) == 2 and all(any(level.holds(item[each.name]) for level in shown) for item in objects):
        point = f"{factor.path}~mix:{each.name}{_said(shown[0])}+{shown[1].name.lstrip('=')}"
        yield from (point,) if point in known else ()


def _spread(start: str, label: str, holds: list[bool], known: dict[str, Pattern]) -> Iterator[str]:
    count = sum(holds)
    for where, there in (
        ("all", count == len(holds)),
        ("first", count == 1 and holds[0]),
        ("last", count == 1 and holds[-1]),
    ):
        if there and (point := f"{start}{where}:{label}") in known:
            yield point


def _ids(factor: Factor, each: Factor, values: list[Json]) -> Iterator[str]:
    keys = [key_of(value) for value in values]
    if len(set(keys)) < len(keys):
        yield f"{factor.path}~same:{each.name}"
    texts = {value for value in values if isinstance(value, str)}
    if len({_folded(text) for text in texts}) < len(texts) - 2:
        yield f"{factor.path}~alike:{each.name}"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip().lstrip("0")
