"""What two schemas say beside their constraints: lifecycle, defaults, prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from contracts.drift.change import Change, Sense
from contracts.drift.schemas.shape import NormalSchema
from contracts.model import Json

_NOTES: Final = ("deprecated", "x-sunset", "x-stability-level", "default", "discriminator")
_PROSE: Final = ("title", "description", "examples", "externalDocs")


def compare_notes(base: NormalSchema, revision: NormalSchema) -> Iterator[Change]:
    """Yield differences that no validator sees; prose is said apart, it never binds."""
    old, new = base.notes, revision.notes
    if old == new:
        return
    for name in _NOTES:
        before, after = old.get(name), new.get(name)
        if name == "default":
            before, after = default_of(old), default_of(new)
        if name == "discriminator":
            before, after = _tag(before), _tag(after)
        if name == "deprecated":
            before, after = before is True, after is True
        if before != after:
            due = str(new.get("x-sunset") or "") if name == "deprecated" else ""
            yield Change(
                name,
                Sense.SAME,
                before,
                after,
                due,
                base_at=base.pointer,
                revision_at=revision.pointer,
                trait="deprecated" if new.get("deprecated") is True else "",
            )
    yield from _known_values(base, revision)
    for name in _PROSE:
        if old.get(name) != new.get(name):
            yield Change(
                name,
                Sense.SAME,
                old.get(name),
                new.get(name),
                base_at=base.pointer,
                revision_at=revision.pointer,
            )


def default_of(notes: Mapping[str, Json]) -> list[Json]:
    """Give the default in a list, which is empty where there is none: null is a default too."""
    return [notes["default"]] if "default" in notes else []


def _tag(discriminator: Json) -> Json:
    """Give what a discriminator says on the wire: the key and its words, not the names of components."""
    if not isinstance(discriminator, dict):
        return None
    mapping = discriminator.get("mapping")
    return [discriminator.get("propertyName"), sorted(mapping) if isinstance(mapping, dict) else []]


def _known_values(base: NormalSchema, revision: NormalSchema) -> Iterator[Change]:
    """Compare `x-extensible-enum`: values that are known today, without closing the list."""
    old, new = base.notes.get("x-extensible-enum"), revision.notes.get("x-extensible-enum")
    if not isinstance(old, list) or not isinstance(new, list):
        return
    where = (base.pointer, revision.pointer)
    for value in old:
        if value not in new:
            yield Change("known-value", Sense.NARROWER, value, None, str(value)).between(*where)
    for value in new:
        if value not in old:
            yield Change("known-value", Sense.SAME, None, value, str(value)).between(*where)
