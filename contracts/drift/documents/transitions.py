"""One edit that shows as several differences is recognised and said once.

What is not recognised stays as it is: a rule that nobody thought of errs on the side of reporting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
Key = tuple[str, str]


def moved_operations(
    gone: Mapping[Key, ApiOperation], come: Mapping[Key, ApiOperation]
) -> dict[Key, ApiOperation]:
    """Find operations that went to another path: same method, and same id or path but for its version."""
    moves: dict[Key, ApiOperation] = {}
    free = dict(come)
    for key, operation in gone.items():
        found = [
            other
            for other, after in free.items()
            if other[0] == key[0] and _same(operation, after, key[1], other[1])
        ]
        if len(found) == 1:
            moves[key] = free.pop(found[0])
    return moves


def _same(old: ApiOperation, new: ApiOperation, before: str, after: str) -> bool:
    ids = old.part.raw.get("operationId"), new.part.raw.get("operationId")
    if ids[0] and ids[0] == ids[1]:
        return True
    bare = _VERSION.sub("", before), _VERSION.sub("", after)
    return bare[0] == bare[1] != "" or before.rstrip("/") == after.rstrip("/")


def claim(changes: list[Change], sides: Sides) -> list[Change]:
    """Join removals with the additions they belong to: renamed properties, renamed enum values."""
    return _renamed_values(_renamed_properties(changes, sides))


def _renamed_properties(changes: list[Change], sides: Sides) -> list[Change]:
    gone = [c for c in changes if c.kind in {"property-gone", "required-property-gone"}]
    come = [c for c in changes if c.kind in {"property", "required-property"}]
    for old in gone:
        found = [new for new in come if _renamed(old, new, sides)]
        if len(found) == 1:
            new = found[0]
            come.remove(new)
            sense = Sense.CROSSED if old.kind[:4] == "requ" or new.kind[:4] == "requ" else Sense.SAME
            joined = replace(
                old,
                kind="property-renamed",
                sense=sense,
                base=old.name,
                revision=new.name,
                revision_at=new.revision_at,
            )
            changes = [joined if c is old else c for c in changes if c is not new]
    return changes


def _renamed(old: Change, new: Change, sides: Sides) -> bool:
    return alike(old.name, new.name) and sides.base.signature((old.base_at,)) == sides.revision.signature(
        (new.revision_at,)
    )


def _renamed_values(changes: list[Change]) -> list[Change]:
    gone = [c for c in changes if c.kind == "enum" and c.sense is Sense.NARROWER]
    come = [c for c in changes if c.kind == "enum" and c.sense is Sense.WIDER]
    for old in gone:
        found = [new for new in come if _same_value(old.base, new.revision, len(gone) == len(come) == 1)]
        if len(found) == 1:
            new = found[0]
            come.remove(new)
            joined = replace(
                old,
                kind="enum-renamed",
                sense=Sense.CROSSED,
                revision=new.revision,
                revision_at=new.revision_at,
            )
            changes = [joined if c is old else c for c in changes if c is not new]
    return changes


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
