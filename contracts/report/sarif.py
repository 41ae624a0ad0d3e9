"""The report as SARIF 2.1.0, for code scanning: own fingerprints, real lines, requests that can be run.

Code hosts take at most 25,000 results of a run; beyond that the least severe are left out and said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from contracts.model import Finding, Report
from contracts.policy import all_rules
from contracts.report.entries import Entry, entries, facts, place
from contracts.report.json import dump
from contracts.report.tally import not_judged
from contracts.rules import RULES
from contracts.text import plural, safe_text

MOST: Final = 25_000
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def lines(report: Report, *, root: Path | None = None) -> Iterator[str]:
    """Yield a SARIF log with one run, one result a line, the worst first."""
    found = list(entries(report, waived=True, root=root))
    shown = found[:MOST]
    names = sorted({safe_text(entry.finding.rule, 60) for entry in shown})
    rules = {name: number for number, name in enumerate(names)}
    yield "{"
    yield f' "$schema": "{_SCHEMA}",'
    yield ' "version": "2.1.0",'
    yield ' "runs": [{'
    yield f'  "tool": {dump(_tool(rules))},'
    yield f'  "invocations": [{dump(_invocation(report, len(found) - len(shown)))}],'
    yield '  "columnKind": "unicodeCodePoints",'
    yield '  "results": ['
    for number, entry in enumerate(shown, 1):
        yield f"   {dump(_result(entry, rules))}{',' if number < len(shown) else ''}"
    yield "  ]"
    yield " }]"
    yield "}"


def _tool(rules: Iterable[str]) -> dict[str, Any]:
    return {"driver": {"name": "pytest-contracts", "rules": [_rule(rule) for rule in rules]}}


def _rule(rule: str) -> dict[str, Any]:
    known = (RULES if rule in RULES else all_rules()).get(rule)
    if known is None:
        return {"id": rule}
    command = f"contracts explain {rule}"
    return {
        "id": rule,
        "shortDescription": {"text": known.summary},
        "fullDescription": {"text": f"{known.summary} {known.advice}"},
        "defaultConfiguration": {"level": known.severity.value},
        "help": {"text": f"{known.advice} {command}", "markdown": f"{known.advice} `{command}`"},
    }


def _invocation(report: Report, left: int) -> dict[str, Any]:
    notices = [safe_text(notice, 400) for notice in report.notices]
    notices += [f"{text}; the JSON report names the reasons" for text in not_judged(report)]
    if left:
        notices.append(f"not in this file, being the least severe: {plural(left, 'finding')}")
    notifications = [{"level": "note", "message": {"text": notice}} for notice in notices]
    return {"executionSuccessful": True, "toolExecutionNotifications": notifications}


def _result(entry: Entry, rules: Mapping[str, int]) -> dict[str, Any]:
    one = entry.finding
    rule = safe_text(one.rule, 60)
    result = {
        "ruleId": rule,
        "ruleIndex": rules[rule],
        "level": one.severity.value,
        "message": {"text": entry.sentence},
        "locations": [_location(entry)],
        "partialFingerprints": {"contractsFinding/v1": one.fingerprint},
        "occurrenceCount": one.count,
        "properties": {"request": entry.command, **dict(facts(one))},
    }
    if one.waived:
        result["suppressions"] = [{"kind": "external", "justification": safe_text(one.waived, 200)}]
    return result


def _location(entry: Entry) -> dict[str, Any]:
    uri = quote(entry.line.file.replace("\\", "/"), safe="/-._~", errors="replace")
    region = {"region": {"startLine": max(entry.line.line, 1)}}
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}, **region},
        "logicalLocations": [{"fullyQualifiedName": _name(entry.finding), "kind": "member"}],
    }


def _name(one: Finding) -> str:
    parts = (one.provider, one.operation, one.status, place(one).removeprefix("/"))
    return "/".join(safe_text(part, 120) for part in parts if part)
