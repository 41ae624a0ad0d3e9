"""What of an answer a finding is about: the answer cut down to its places, without secrets."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, Final

from contracts.interactions import Cleaner, Known, Tokens, leaks
from contracts.model import Finding, Json, Pointer

_MOST: Final = 1200
"""Characters of an excerpt; what is longer is shown with less depth."""
_ITEMS: Final = 3


def witnessed(
    findings: Iterable[Finding],
    value: Json,
    known: Known,
    published: frozenset[str],
    chosen: Collection[int],
) -> tuple[Finding, ...]:
    """Give the findings about a body with their witness: the part of the answer that shows each.

    `known` are secrets, `published` the words that the spec prints, which are none. A part that cannot be
    shown without what looks like a secret is left out. `chosen` are the ids of those that get one.
    """
    return tuple(
        replace(one, witness=_shown(value, one.places, Cleaner(known, Tokens(), published)))
        if id(one) in chosen and one.part == "body" and one.places
        else one
        for one in findings
    )


def _shown(value: Json, places: Iterable[str], cleaner: Cleaner) -> str | None:
    wanted = [part for place in places if (part := _tokens(place)) is not None]
    for depth in (6, 3, 1, 0):
        cut = cleaner.tree(_cut(value, wanted, depth), "", 0)
        text = json.dumps(cut, ensure_ascii=False, separators=(",", ":"))
        if len(text) <= _MOST:
            break
    else:
        return None
    data = text.encode("utf-8", "surrogatepass")
    return None if any(leaks(data, cleaner.known, cleaner.published)) else text


def _tokens(place: str) -> tuple[str, ...] | None:
    try:
        return tuple(map(str, Pointer.parse(place)))
    except ValueError:
        return None


def _cut(value: Json, wanted: list[tuple[str, ...]], depth: int) -> Any:
    """Keep what lies on the way to the places; an object that lacks a member keeps the others beside it."""
    inside: dict[str, list[tuple[str, ...]]] = {}
    for part in wanted:
        if not part or not _has(value, part[0]):
            return _outline(value, depth)
        inside.setdefault(part[0], []).append(part[1:])
    if isinstance(value, list):
        return [_cut(value[int(name)], parts, depth) for name, parts in inside.items()]
    return {name: _cut(value[name], parts, depth) for name, parts in inside.items()}


def _has(value: Json, name: str) -> bool:
    if isinstance(value, list):
        return name.isdecimal() and int(name) < len(value)
    return isinstance(value, dict) and name in value


def _outline(value: Json, depth: int) -> Any:
    """Give a value down to a depth; below it, and after some items, lists and objects are empty."""
    if isinstance(value, dict):
        return {name: _outline(one, depth - 1) for name, one in value.items()} if depth > 0 else {}
    if isinstance(value, list):
        return [_outline(one, depth - 1) for one in value[:_ITEMS]] if depth > 0 else []
    return value
