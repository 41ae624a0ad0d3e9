"""One edit that shows as several differences is recognised and said once.

What is not recognised stays as it is: a rule that nobody thought of errs on the side of reporting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from contracts.drift.change import Change, Sense
from contracts.drift.documents.api import ApiOperation
from contracts.drift.documents.met import ReachedChange
from contracts.drift.documents.spots import Location
from contracts.drift.schemas import Sides
from contracts.model import Json

_VERSION: Final = re.compile(r"/v\d+[a-z0-9.]*(?=/|$)|/(?:alpha|beta)\d*(?=/|$)")
_LETTERS: Final = re.compile(r"[^a-z0-9]+")
ALIKE: Final = 0.6
MAX_PAIRS: Final = 10_000
"""So many pairs of names are held against each other; of more only those are that differ in case or marks."""
Key = tuple[str, str]


def moved_operations(
    gone: Mapping[Key, ApiOperation], come: Mapping[Key, ApiOperation]
) -> dict[Key, ApiOperation]:
    """Find operations that went to another path: same method, and same id or path but for its version."""
    moves: dict[Key, ApiOperation] = {}
    free = dict(come)
    called: dict[Key, list[Key]] = {}
    for key, operation in come.items():
        for name in _names(key, operation):
            called.setdefault((key[0], name), []).append(key)
    for key, operation in gone.items():
        names = ((key[0], name) for name in _names(key, operation))
        found = {other for name in names for other in called.get(name, ()) if other in free}
        if len(found) == 1:
            moves[key] = free.pop(found.pop())
    return moves


def _names(key: Key, operation: ApiOperation) -> Iterator[str]:
    """Yield by what an operation is known again: its id, its path but for the version, its path."""
    name, bare = operation.part.raw.get("operationId"), _VERSION.sub("", key[1])
    if name:
        yield f"id {name}"
    if bare:
        yield f"bare {bare}"
    yield f"path {key[1].rstrip('/')}"


def claim(changes: list[Change], sides: Sides) -> list[Change]:
    """Join removals with the additions they belong to: renamed properties, renamed enum values."""
    return _renamed_values(_renamed_properties(changes, sides))


def _renamed_properties(changes: list[Change], sides: Sides) -> list[Change]:
    gone = [c for c in changes if c.kind in {"property-gone", "required-property-gone"}]
    come = [c for c in changes if c.kind in {"property", "required-property"}]
    joined: dict[int, Change | None] = {}
    for old, near in _candidates(gone, come, lambda one: one.name):
        found = [new for new in near if id(new) not in joined and _renamed(old, new, sides)]
        if len(found) == 1:
            new = found[0]
            sense = Sense.CROSSED if old.kind[:4] == "requ" or new.kind[:4] == "requ" else Sense.SAME
            joined[id(new)] = None
            joined[id(old)] = replace(
                old,
                kind="property-renamed",
                sense=sense,
                base=old.name,
                revision=new.name,
                revision_at=new.revision_at,
            )
    return [one for c in changes if (one := joined.get(id(c), c)) is not None]


def _candidates(
    gone: list[Change], come: list[Change], name: Callable[[Change], str]
) -> Iterator[tuple[Change, list[Change]]]:
    """Yield each removal with the additions that it may belong to: of many, those with the same letters."""
    lettered: dict[str, list[Change]] = {}
    for new in come:
        lettered.setdefault(_letters(name(new)), []).append(new)
    for old in gone:
        few = len(gone) * len(come) <= MAX_PAIRS
        yield old, come if few else lettered.get(_letters(name(old)), [])


def _renamed(old: Change, new: Change, sides: Sides) -> bool:
    return alike(old.name, new.name) and sides.base.signature((old.base_at,)) == sides.revision.signature(
        (new.revision_at,)
    )


def _renamed_values(changes: list[Change]) -> list[Change]:
    gone = [c for c in changes if c.kind == "enum" and c.sense is Sense.NARROWER]
    come = [c for c in changes if c.kind == "enum" and c.sense is Sense.WIDER]
    joined: dict[int, Change | None] = {}
    lone = len(gone) == len(come) == 1
    for old, near in _candidates(gone, come, lambda one: str(one.revision if one.base is None else one.base)):
        found = [n for n in near if id(n) not in joined and _same_value(old.base, n.revision, lone)]
        if len(found) == 1:
            new = found[0]
            joined[id(new)] = None
            joined[id(old)] = replace(
                old,
                kind="enum-renamed",
                sense=Sense.CROSSED,
                revision=new.revision,
                revision_at=new.revision_at,
            )
    return [one for c in changes if (one := joined.get(id(c), c)) is not None]


def _same_value(old: Json, new: Json, lone: bool) -> bool:
    return (
        isinstance(old, str)
        and isinstance(new, str)
        and (alike(old, new) if lone else _letters(old) == _letters(new))
    )


def moved_properties(met: Iterable[ReachedChange], sides: Sides) -> Iterator[ReachedChange]:
    """Join a key that is gone with the same key, of the same schema, that is new elsewhere in the body."""
    listed = list(met)
    gone: dict[tuple[Location, str], list[ReachedChange]] = {}
    come: dict[tuple[Location, str], list[ReachedChange]] = {}
    for one in listed:
        table = _TABLES.get(one.change.kind)
        if table is not None:
            (gone if table == "gone" else come).setdefault((one.root.spot, one.change.name), []).append(one)
    moves = {
        id(old[0]): come[key][0]
        for key, old in gone.items()
        if len(old) == len(come.get(key, ())) == 1 and _moved(old[0], come[key][0], sides)
    }
    taken = {id(new) for new in moves.values()}
    for one in listed:
        if id(one) in moves:
            new = moves[id(one)]
            sense = Sense.CROSSED if one.change.kind == "required-property-gone" else Sense.SAME
            where = "".join(f"/{token}" for token in new.tokens)
            change = replace(
                one.change,
                kind="property-moved",
                sense=sense,
                revision=where,
                revision_at=new.change.revision_at,
            )
            yield replace(one, change=change)
        elif id(one) not in taken:
            yield one


_TABLES: Final = {
    "property-gone": "gone",
    "required-property-gone": "gone",
    "property": "come",
    "required-property": "come",
}


def _moved(old: ReachedChange, new: ReachedChange, sides: Sides) -> bool:
    return old.tokens != new.tokens and sides.base.signature(
        (old.change.base_at,)
    ) == sides.revision.signature((new.change.revision_at,))


def alike(old: str, new: str) -> bool:
    """Whether two names may be one name written anew."""
    first, second = _letters(old), _letters(new)
    return first == second or SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _letters(name: str) -> str:
    return _LETTERS.sub("", name.lower())
