"""From a union that failed to the branch that was meant, so that the finding stands at the mutated place."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.model import Pointer
from contracts.schema.faults import SchemaFault

_UNIONS = frozenset({"anyOf", "oneOf"})
_TAGS = frozenset({"const", "enum"})


def descend(fault: SchemaFault) -> Iterator[SchemaFault]:
    """Yield the faults of the branch that was meant, or the union itself where no branch stands out.

    Branches that fail by type at the union's own place are out. Of the others, those whose tag (a const or
    an enum directly below) fits win, then the one with the fewest faults, then the one that got deepest.
    """
    if fault.keyword not in _UNIONS or not any(fault.branches):
        yield fault
        return
    live = [branch for branch in fault.branches if branch and not _wrong_type(branch, fault.pointer)]
    if not live:
        yield SchemaFault(fault.pointer, "type", fault.spec_pointer, fault.branches)
        return
    meant = _meant(live, fault.pointer)
    if meant is None:
        yield fault
        return
    for inner in meant:
        yield from descend(inner)


def _wrong_type(branch: tuple[SchemaFault, ...], at: Pointer) -> bool:
    return any(f.pointer == at and f.keyword == "type" for f in branch)


def _meant(live: list[tuple[SchemaFault, ...]], at: Pointer) -> tuple[SchemaFault, ...] | None:
    if len(live) == 1:
        return live[0]
    tagged = [branch for branch in live if not any(_is_tag(f, at) for f in branch)]
    live = tagged or live
    ranked = sorted(live, key=lambda branch: (len(branch), -max(len(f.pointer) for f in branch)))
    if len(ranked) > 1 and _rank(ranked[0]) == _rank(ranked[1]):
        return None
    return ranked[0] if max(len(f.pointer) for f in ranked[0]) > len(at) else None


def _rank(branch: tuple[SchemaFault, ...]) -> tuple[int, int]:
    return len(branch), max(len(f.pointer) for f in branch)


def _is_tag(fault: SchemaFault, at: Pointer) -> bool:
    return fault.keyword in _TAGS and len(fault.pointer) == len(at) + 1
