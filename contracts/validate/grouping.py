"""From single faults to findings: one per rule, spec place and payload place with wildcarded positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.model import Finding, Pointer, SourceLine
from contracts.rules import severity_of
from contracts.spec import Operation, Spec
from contracts.text import safe_pointer
from contracts.validate.body import RawFault

FIRST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Where:
    """What all findings of one check share; `part` and `source` as in Finding."""

    provider: str
    operation: Operation | None
    status: str
    part: str
    source: str = ""


def group(broken: Iterable[RawFault], spec: Spec, where: Where) -> Iterator[Finding]:
    """Yield findings, one per group, with count and first places; the first place words the message."""
    groups: dict[tuple[str, Pointer | None, str], list[RawFault]] = {}
    for one in broken:
        groups.setdefault((one.rule, one.spec, one.pointer.wildcard), []).append(one)
    for (rule, place, wildcard), members in groups.items():
        first, words = members[0], members[0].words
        provenance = spec.fact_provenance(place) if place is not None else spec.provenance
        yield Finding(
            rule=rule,
            severity=severity_of(rule, provenance, status=where.status),
            message=f"{words.message} ({provenance})"
            if provenance.startswith("observed:")
            else words.message,
            provider=where.provider,
            operation=where.operation.alias if where.operation else "",
            status=where.status,
            part=where.part,
            pointer=safe_pointer(str(first.pointer) if len(members) == 1 else wildcard),
            spec_pointer=str(place) if place is not None else "",
            spec_line=_line(spec, place, where.operation),
            provenance=provenance,
            expected=words.expected,
            found=words.found,
            places=tuple(safe_pointer(str(one.pointer)) for one in members[:FIRST_PLACES]),
            count=len(members),
            source=where.source,
        )


def _line(spec: Spec, place: Pointer | None, operation: Operation | None) -> SourceLine:
    if place is not None:
        return spec.line(place)
    return spec.line(operation.pointer if operation else Pointer(("paths",)))
