"""What two schemas say beside their constraints: lifecycle, defaults, prose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contracts.drift.change import Change, Sense
from contracts.drift.shape import Shape

_NOTES: Final = ("deprecated", "x-sunset", "x-stability-level", "default", "discriminator")
_PROSE: Final = ("title", "description", "examples", "externalDocs")


def compare_notes(base: Shape, revision: Shape) -> Iterator[Change]:
    """Yield differences that no validator sees; prose is said apart, it never binds."""
    old, new = base.notes, revision.notes
    if old == new:
        return
    for name in _NOTES:
        before, after = old.get(name), new.get(name)
        if name == "deprecated":
            before, after = before is True, after is True
        if before != after:
            due = str(new.get("x-sunset") or "") if name == "deprecated" else ""
            yield Change(name, Sense.SAME, before, after, due, base_at=base.pointer, revision_at=revision.pointer, trait="schema")
    for name in _PROSE:
        if old.get(name) != new.get(name):
            yield Change(name, Sense.SAME, old.get(name), new.get(name), base_at=base.pointer, revision_at=revision.pointer)
