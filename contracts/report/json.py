"""The report as JSON, after specs/report.schema.json: keys in the schema's order, one finding a line.

ASCII only, so that no byte of a vendor's can steer a terminal; `##` never appears, so that no CI runner
takes a vendor's text for a command.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from contracts.model import Assessment, Coverage, Finding, ProviderFacts, Report, SourceLine
from contracts.policy import verdict
from contracts.report.curl import commands
from contracts.report.tally import tally

_HASH: Final = re.compile("#(?=#)")

VERSION: Final = 1
"""Version of the published schema; a change that could break a reader raises it."""


def lines(report: Report) -> Iterator[str]:
    """Yield the document line by line; equal reports give equal bytes."""
    yield "{"
    yield f' "version": {VERSION},'
    yield f' "summary": {dump(summary(report))},'
    yield from _array("providers", map(provider, report.providers))
    yield from _assessments(report)
    yield from _array("findings", map(finding, report.findings))
    yield from _array("coverage", map(coverage, report.coverage))
    yield f' "notices": {dump(list(report.notices))}'
    yield "}"


def dump(value: Any) -> str:
    """Write one value on one line of inert ASCII."""
    return _HASH.sub(r"\\u0023", json.dumps(value))


def _array(name: str, values: Iterator[dict[str, Any]]) -> Iterator[str]:
    rows = [dump(value) for value in values]
    yield f' "{name}": [' + ("" if rows else "],")
    for number, row in enumerate(rows, 1):
        yield f"  {row}{',' if number < len(rows) else ''}"
    if rows:
        yield " ],"


def _assessments(report: Report) -> Iterator[str]:
    left = len(report.assessments)
    yield ' "assessments": [' + ("" if left else "],")
    for one, command in zip(report.assessments, commands(report), strict=True):
        left -= 1
        yield from _assessment(one, command, "," if left else "")
    if report.assessments:
        yield " ],"


def _assessment(one: Assessment, command: str, comma: str) -> Iterator[str]:
    head = dump(assessment(one, command))[:-1]
    rows = [dump(finding(each)) for each in one.told]
    yield f'  {head}, "findings": [' + ("" if rows else f"]}}{comma}")
    for number, row in enumerate(rows, 1):
        yield f"   {row}{',' if number < len(rows) else ''}"
    if rows:
        yield f"  ]}}{comma}"


def summary(report: Report) -> dict[str, Any]:
    """Give the verdict and the counts of the whole report."""
    total = tally(report)
    return {
        "verdict": verdict(report).value,
        "interactions": total.interactions,
        "conforms": total.conforms,
        "violates": total.violates,
        "inconclusive": total.inconclusive,
        "not_judged": total.not_judged,
        "errors": total.errors,
        "warnings": total.warnings,
        "notes": total.notes,
        "waived": total.waived,
    }


def provider(facts: ProviderFacts) -> dict[str, Any]:
    """Give a provider's facts."""
    return {
        "id": facts.id,
        "title": facts.title,
        "provenance": facts.provenance,
        "retrieved": facts.retrieved,
        "spec_file": facts.spec_file,
        "auth": facts.auth,
    }


def assessment(one: Assessment, command: str) -> dict[str, Any]:
    """Give everything about one interaction but its findings; bodies are never part of a report."""
    seen = one.interaction
    return {
        "provider": one.provider,
        "operation": one.operation,
        "id": one.id,
        "verdict": one.verdict.value,
        "source": seen.source.value,
        "status": seen.response.status if seen.response else None,
        "origin": _line(seen.origin),
        "recorded_at": seen.recorded_at,
        "probe": seen.probe,
        "failure": seen.failure,
        "sequence": list(seen.sequence) if seen.sequence else None,
        "elapsed_ms": seen.elapsed_ms,
        "not_checked": list(one.not_checked),
        "not_judged": list(one.not_judged),
        "curl": command,
    }


def finding(one: Finding) -> dict[str, Any]:
    """Give a finding with its fingerprint; every key is always there."""
    return {
        "fingerprint": one.fingerprint,
        "rule": one.rule,
        "severity": one.severity.value,
        "message": one.message,
        "provider": one.provider,
        "operation": one.operation,
        "status": one.status,
        "part": one.part,
        "pointer": one.pointer,
        "spec_pointer": one.spec_pointer,
        "spec_line": _line(one.spec_line),
        "provenance": one.provenance,
        "expected": one.expected,
        "found": one.found,
        "places": list(one.places),
        "count": one.count,
        "source": one.source,
        "direction": one.direction,
        "base": _line(one.base),
        "revision": _line(one.revision),
        "witness": one.witness,
        "impact": list(one.impact),
        "since": one.since,
        "waived": one.waived,
        "waiver_ended": one.waiver_ended,
    }


def _line(place: SourceLine | None) -> dict[str, Any] | None:
    return {"file": place.file, "line": place.line} if place else None


def coverage(one: Coverage) -> dict[str, Any]:
    """Give an operation's coverage; the share is rounded to four places."""
    return {
        "provider": one.provider,
        "operation": one.operation,
        "share": round(one.share, 4),
        "seen": list(one.seen),
        "unseen": list(one.unseen),
        "cut": one.cut,
    }
