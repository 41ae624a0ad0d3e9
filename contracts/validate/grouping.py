"""From single faults to findings: one per (rule, spec place, payload place with list positions wildcarded)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contracts.model import Finding, Pointer, SourceLine
from contracts.spec.openapi import Operation, Spec
from contracts.text import safe_text
from contracts.validate.body import Broken
from contracts.validate.rules import default_severity

FIRST_PLACES = 3


def group(
    broken: Iterable[Broken],
    spec: Spec,
    provider: str,
    operation: Operation | None,
    status: str,
    part: str,
    source: str,
) -> Iterator[Finding]:
    """Yield findings, one per group, with count and first places; the first place words the message."""
    groups: dict[tuple[str, Pointer | None, str], list[Broken]] = {}
    for one in broken:
        groups.setdefault((one.rule, one.spec, one.pointer.wildcard), []).append(one)
    for (rule, place, wildcard), members in groups.items():
        first = members[0]
        provenance = spec.fact_provenance(place) if place is not None else spec.provenance
        yield Finding(
            rule=rule,
            severity=default_severity(rule, provenance),
            message=first.words.message,
            provider=provider,
            operation=operation.alias if operation else "",
            status=status,
            part=part,
            pointer=safe_text(str(first.pointer) if len(members) == 1 else wildcard, 400),
            spec_pointer=str(place) if place is not None else "",
            spec_line=_line(spec, place, operation),
            provenance=provenance,
            expected=first.words.expected,
            found=first.words.found,
            places=tuple(safe_text(str(one.pointer), 400) for one in members[:FIRST_PLACES]),
            count=len(members),
            source=source,
        )


def _line(spec: Spec, place: Pointer | None, operation: Operation | None) -> SourceLine:
    if place is not None:
        return spec.line(place)
    return spec.line(operation.pointer if operation else Pointer(("paths",)))
