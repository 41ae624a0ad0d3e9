"""From single faults to findings: one per rule, spec place and payload place with wildcarded positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from sys import intern
from typing import Final

from contracts.model import Finding, Pointer, SourceLine
from contracts.rules import severity_of
from contracts.spec import Operation, Spec
from contracts.text import plural, safe_pointer
from contracts.validate.body import RawFault

FIRST_PLACES: Final = 3
MOST_GROUPS: Final = 1_000
"""Findings of one part of an answer that are listed; what more there is, is counted in one finding."""

MOST_KEPT: Final = 4_096
"""Findings that are kept to be given again."""


@dataclass(frozen=True, slots=True)
class Where:
    """What all findings of one check share; `part` and `source` as in Finding.

    `made` takes the findings of one spec that were made: one that comes again is the same object, so that
    thousands of equal findings take the time and the memory of one.
    """

    provider: str
    operation: Operation | None
    status: str
    part: str
    source: str = ""
    made: dict[tuple[object, ...], Finding] = field(default_factory=dict, compare=False, repr=False)


def group(broken: Iterable[RawFault], spec: Spec, where: Where) -> Iterator[Finding]:
    """Yield findings, one per group, with count and first places; the first place words the message.

    Only the first faults of a group are kept, and only so many groups: of each rule the rest is one finding.
    """
    groups: dict[_Key, list[RawFault]] = {}
    counts: dict[_Key, int] = {}
    for one in broken:
        key: _Key = (one.rule, one.spec, one.pointer.wildcard)
        if key not in groups and len(groups) >= MOST_GROUPS:
            key = (one.rule, None, severity_of(one.rule, _provenance(one, spec), status=where.status))
        counts[key] = counts.get(key, 0) + 1
        if len(held := groups.setdefault(key, [])) < FIRST_PLACES:
            held.append(one)
    for number, (key, members) in enumerate(groups.items()):
        made = _known(members, key[2], counts[key], spec, where)
        yield made if number < MOST_GROUPS else _rest(made)


_Key = tuple[str, Pointer | None, str]


def _rest(made: Finding) -> Finding:
    """Say in a finding that it stands for all that is not listed."""
    words = (
        f"{plural(made.count, 'place')} more, not listed; the first, {made.places[0] or '/'}: {made.message}"
    )
    return replace(made, pointer="", message=words)


def _provenance(one: RawFault, spec: Spec) -> str:
    return spec.fact_provenance(one.spec) if one.spec is not None else spec.provenance


def _known(members: list[RawFault], wildcard: str, count: int, spec: Spec, where: Where) -> Finding:
    """Give the finding of a group, made once for all groups that say the same."""
    alias = where.operation.alias if where.operation else ""
    said = (members[0].rule, members[0].spec, members[0].words, wildcard, count)
    places = tuple(one.pointer for one in members)
    key = (where.provider, alias, where.status, where.part, where.source, said, places)
    found = where.made.get(key)
    if found is None:
        if len(where.made) >= MOST_KEPT:
            where.made.clear()
        found = where.made[key] = _finding(members, wildcard, count, spec, where)
    return found


def _finding(members: list[RawFault], wildcard: str, count: int, spec: Spec, where: Where) -> Finding:
    first, words = members[0], members[0].words
    provenance = _provenance(first, spec)
    return Finding(
        rule=first.rule,
        severity=severity_of(first.rule, provenance, status=where.status),
        message=f"{words.message} ({provenance})" if provenance.startswith("observed:") else words.message,
        provider=where.provider,
        operation=where.operation.alias if where.operation else "",
        status=where.status,
        part=where.part,
        pointer=intern(safe_pointer(str(first.pointer) if count == 1 else wildcard)),
        spec_pointer=intern(str(first.spec)) if first.spec is not None else "",
        spec_line=_line(spec, first.spec, where.operation),
        provenance=provenance,
        expected=intern(words.expected),
        found=words.found,
        places=tuple(intern(safe_pointer(str(one.pointer))) for one in members),
        count=count,
        source=where.source,
    )


def _line(spec: Spec, place: Pointer | None, operation: Operation | None) -> SourceLine:
    if place is not None:
        return spec.line(place)
    return spec.line(operation.pointer if operation else Pointer(("paths",)))
