"""`report.json`: all that a run says, bounded."""

from __future__ import annotations

from typing import Final

from contracts.archive.results.summary import Kind, Operation, Summary
from contracts.model import Finding, Json

FORMAT: Final = "contracts-archive-report/1"
MOST: Final = 1_000
"""How many kinds of fault, reasons and parts the document names, each; what is left is counted."""


def report_json(summary: Summary) -> Json:
    """Give the report; texts in it hold no value of an answer."""
    total = summary.total
    newer = (
        {}
        if summary.against is None
        else {
            "only_in_newer": [_kind(one) for one in summary.against[:MOST]],
            "settled_by_newer": [_kind(one) for one in summary.settled[:MOST]],
        }
    )
    return {
        "format": FORMAT,
        "verdict": summary.verdict,
        "exit_code": summary.code,
        "parts": {"all": summary.parts, "failed": len(total.failed), "open": summary.open_parts},
        "bytes": summary.size,
        "rows": total.rows,
        "cpu_seconds": round(summary.cpu, 1),
        "operations": [_operation(one) for one in summary.operations],
        "findings": [_kind(one) for one in summary.kinds[:MOST]],
        "findings_left": max(len(summary.kinds) - MOST, 0),
        **newer,
        "changes": [_change(one) for one in summary.changes[:MOST]],
        "not_judged": _not_judged(summary),
        "unread": [
            {"why": why, "rows": rows, "first": f"{part}:{number}"}
            for why, (rows, part, number) in _most(total.unread)
        ],
        "other_hosts": dict(_most(total.others)),
        "failed_parts": dict(sorted(total.failed.items())[:MOST]),
        "too_many": sorted(total.more),
    }


def _operation(one: Operation) -> Json:
    good, bad, open_ = (sum(counts[index] for counts in one.days.values()) for index in range(3))
    return {
        "provider": one.provider, "operation": one.operation, "status": one.status,
        "conforms": good, "violates": bad, "inconclusive": open_,
        "days": dict(sorted(one.days.items())),
    }  # fmt: skip


def _kind(kind: Kind) -> Json:
    one = kind.fault
    return {
        "fingerprint": kind.fingerprint, "severity": kind.severity.value, "rule": one.rule,
        "provider": one.provider, "operation": one.operation, "status": one.status,
        "part": one.part, "pointer": one.pointer, "expected": one.expected,
        "spec_line": one.spec_line, "provenance": one.provenance, "waived": one.waived,
        "answers": one.answers, "places": one.places, "share": round(kind.share, 6),
        "first": _sighting(one.first), "last": _sighting(one.last),
        "days": dict(sorted(one.days.items())),
        "samples": [{"part": s.part, "row": s.number, "offset": s.offset} for s in one.samples],
    }  # fmt: skip


def _change(one: Finding) -> Json:
    return {
        "since": one.since, "provider": one.provider, "operation": one.operation, "status": one.status,
        "pointer": one.pointer, "message": one.message,
    }  # fmt: skip


def _sighting(one: tuple[str, str, int]) -> Json:
    time, part, number = one
    return {"time": time, "part": part, "row": number}


def _not_judged(summary: Summary) -> Json:
    found = sorted(summary.total.unjudged.items(), key=lambda pair: (-pair[1][0], pair[0]))
    return [
        {"provider": who[0], "operation": who[1], "status": who[2], "why": who[3], "answers": counts[0]}
        for who, counts in found[:MOST]
    ]


def _most(counts: dict[str, Json]) -> list[tuple[str, Json]]:
    """Give the entries with the greatest counts first, as many as are named."""

    def rank(pair: tuple[str, Json]) -> tuple[int, str]:
        count = pair[1]
        return -(count[0] if isinstance(count, list) else count), pair[0]

    return sorted(counts.items(), key=rank)[:MOST]
