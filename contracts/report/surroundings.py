"""What stands around the findings of a page: summary, operations, coverage, timeline, interactions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from contracts.model import Assessment, Coverage, Report, Severity, Verdict
from contracts.policy import verdict
from contracts.report.frame import style
from contracts.report.picture import cells, timeline
from contracts.report.tally import counts, headline, next_command, tally
from contracts.text import safe_text

_MOST_OPERATIONS: Final = 300
_MOST_PICTURES: Final = 20
_MOST_INTERACTIONS: Final = 250
_MOST_UNSEEN: Final = 60


def above(report: Report, *, any_findings: bool) -> dict[str, Any]:
    """Give what stands above the findings; all text from outside is safe and short."""
    look, digest = style()
    total = tally(report)
    rows = list(_rows(report))
    return {
        "style": look,
        "style_hash": digest,
        "verdict": verdict(report).value if report.assessments else _colour(report),
        "headline": headline(report),
        "names": safe_text(", ".join(facts_.title or facts_.id for facts_ in report.providers), 120),
        "counts": counts(report),
        "standing": _standing(report),
        "tiles": (
            ("errors", total.errors, "error"),
            ("warnings", total.warnings, "warning"),
            ("notes", total.notes, "note"),
            ("waived", total.waived, "waived"),
            ("inconclusive", total.inconclusive, "warning"),
        ),
        "contents": _contents(report, any_findings=any_findings),
        "rows": rows[:_MOST_OPERATIONS],
        "rows_left": max(len(rows) - _MOST_OPERATIONS, 0),
        "any_findings": any_findings,
        "not_checked": _not_checked(report),
        "notices": [safe_text(notice, 300) for notice in report.notices[:50]],
    }


def _colour(report: Report) -> str:
    """Name the look of a report without interactions by its worst finding."""
    looks = {Severity.ERROR: "violates", Severity.WARNING: "inconclusive"}
    return looks.get(report.worst or Severity.NOTE, "conforms")


def _standing(report: Report) -> str:
    if len(report.providers) != 1 or not report.providers[0].retrieved:
        return ""
    known = report.providers[0]
    return f"The spec is {safe_text(known.provenance, 24)}, retrieved {safe_text(known.retrieved, 24)}"


def _contents(report: Report, *, any_findings: bool) -> list[tuple[str, str]]:
    dated = any(finding.since for finding in report.weighed())
    sections = (
        ("operations", "Operations", bool(report.assessments or report.coverage) or not any_findings),
        ("findings", "Findings", any_findings),
        ("coverage", "Coverage", bool(report.coverage)),
        ("timeline", "Since when", dated and timeline(report.weighed()) is not None),
        ("interactions", "Interactions", bool(report.assessments)),
    )
    return [(anchor, name) for anchor, name, there in sections if there]


def _rows(report: Report) -> Iterator[dict[str, Any]]:
    verdicts = Counter((one.provider, one.operation, one.verdict) for one in report.assessments)
    shares = {(one.provider, one.operation): one.share for one in report.coverage}
    pairs = {(one.provider, one.operation) for one in report.assessments} | shares.keys()
    for provider, operation in sorted(pairs):
        numbers = {str(one): verdicts[(provider, operation, one)] for one in Verdict}
        name = safe_text(operation, 60) or "unknown"
        share = shares.get((provider, operation))
        yield {"provider": safe_text(provider, 40), "operation": name, "share": share, **numbers}


def _not_checked(report: Report) -> list[tuple[str, int]]:
    reasons = Counter(safe_text(reason, 200) for one in report.assessments for reason in one.not_checked)
    return sorted(reasons.items())[:50]


def below(report: Report) -> dict[str, Any]:
    """Give what stands below the findings; long lists are cut and counted."""
    shown = report.assessments[:_MOST_INTERACTIONS]
    return {
        "pictures": [_picture(one) for one in report.coverage[:_MOST_PICTURES]],
        "time": timeline(report.weighed()),
        "interactions": [_interaction(one) for one in shown],
        "interactions_left": len(report.assessments) - len(shown),
        "command": next_command(report),
    }


def _picture(one: Coverage) -> dict[str, Any]:
    return {
        "provider": safe_text(one.provider, 40),
        "operation": safe_text(one.operation, 60),
        "seen": len(one.seen),
        "total": len(one.seen) + len(one.unseen),
        "rows": cells(one),
        "missing": len(one.unseen),
        "unseen": [safe_text(fact, 160) for fact in one.unseen[:_MOST_UNSEEN]],
    }


def _interaction(one: Assessment) -> dict[str, str]:
    seen = one.interaction
    why = seen.failure or "; ".join(one.not_checked) if one.verdict == Verdict.INCONCLUSIVE else ""
    return {
        "provider": safe_text(one.provider, 40),
        "name": safe_text(f"{one.operation} {one.id}", 120),
        "verdict": one.verdict.value,
        "source": seen.source.value,
        "recorded": safe_text(seen.recorded_at[:10], 10),
        "took": f"{seen.elapsed_ms:,} ms" if seen.elapsed_ms is not None else "",
        "why": safe_text(why, 200),
    }
