"""`report.html`: one page without scripts; a small picture of its days for each kind of fault."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from contracts.archive.results.said import closing, finding, notes
from contracts.archive.results.summary import Kind, Operation, Summary
from contracts.model import Severity
from contracts.report.frame import part, style
from contracts.text import plural, safe_text

MOST: Final = 240
"""How many pictures the page has, the worst first; what is left is counted."""
_OPERATIONS: Final = 300
_WIDTH, _HEIGHT = 248, 40
_HEADLINES: Final = {
    "conforms": "Everything conforms",
    "violates": "The contract is violated",
    "inconclusive": "Not everything was judged",
}


def report_html(summary: Summary) -> str:
    """Give the page; it holds no value of an answer."""
    look, digest = style()
    kinds = summary.kinds
    names = sorted({one.provider for one in summary.operations})
    groups = [one for one in _groups(summary) if one["blocks"] or one["quiet"]]
    values: dict[str, Any] = {
        "style": look,
        "style_hash": digest,
        "verdict": summary.verdict,
        "headline": _HEADLINES[summary.verdict],
        "names": safe_text(", ".join(names), 120),
        "counts": closing(summary).partition(": ")[2],
        "tiles": [
            *(
                (f"{one.value}s", sum(k.severity is one and not k.fault.waived for k in kinds), one.value)
                for one in reversed(Severity)
            ),
            ("waived", sum(bool(k.fault.waived) for k in kinds), "waived"),
            ("parts not counted", len(summary.total.failed) + summary.open_parts, "warning"),
        ],
        "contents": [
            ("operations", "Operations"),
            *((one["anchor"], one["title"]) for one in groups),
            *([("changes", "Changed on a day")] if summary.changes else []),
        ],
        "rows": [_row(one) for one in summary.operations[:_OPERATIONS]],
        "rows_left": max(len(summary.operations) - _OPERATIONS, 0),
        "changes": [
            {
                "since": one.since,
                "what": safe_text(f"{one.provider} {one.operation} {one.status}", 120),
                "place": safe_text(one.pointer or "/", 120),
                "text": safe_text(one.message, 200),
            }
            for one in summary.changes[:_OPERATIONS]
        ],
        "notes": [safe_text(one, 300) for one in notes(summary)],
        "groups": groups,
    }
    return "\n".join(part("archive.html", **values))


def _row(one: Operation) -> dict[str, Any]:
    sums = [sum(counts[index] for counts in one.days.values()) for index in range(3)]
    return {
        "provider": safe_text(one.provider, 40),
        "operation": safe_text(one.operation or "unknown operation", 60),
        "status": safe_text(one.status, 12),
        "span": one.span,
        "counts": list(zip(("conforms", "violates", "inconclusive"), sums, strict=True)),
    }


def _groups(summary: Summary) -> list[dict[str, Any]]:
    found = [_group("findings", "Since when", summary, summary.open_kinds)]
    if summary.against is not None:
        found.append(_group("newer", "Only the newer document finds", summary, summary.against))
        found.append(_group("settled", "Only the vendored document finds", summary, summary.settled))
        for one in found[1:]:
            one["quiet"] = "" if one["blocks"] else "Nothing."
    return found


def _group(anchor: str, title: str, summary: Summary, kinds: Iterable[Kind]) -> dict[str, Any]:
    shown, blocks, left = 0, [], 0
    by_operation: dict[tuple[str, str, str], list[Kind]] = {}
    for kind in kinds:
        by_operation.setdefault((kind.fault.provider, kind.fault.operation, kind.fault.status), []).append(
            kind
        )
    for one in summary.operations:
        mine = by_operation.pop((one.provider, one.operation, one.status), [])
        taken = mine[: max(MOST - shown, 0)]
        shown, left = shown + len(taken), left + len(mine) - len(taken)
        if taken:
            blocks.append({**_row(one), "charts": [_chart(kind, one) for kind in taken]})
    return {"anchor": anchor, "title": title, "blocks": blocks, "left": left, "quiet": ""}


def _chart(kind: Kind, operation: Operation) -> dict[str, Any]:
    days = operation.dated
    shares = {
        day: counts[0] / max(sum(operation.days.get(day, ())), counts[0], 1)
        for day, counts in kind.dated.items()
    }
    one, first = kind.fault, kind.fault.first
    told, most = finding(kind), max(shares.values(), default=0.0)
    return {
        "severity": kind.severity.value,
        "place": safe_text(one.pointer or one.part or "/", 120),
        "sentence": safe_text(f"{told.message}, {one.rule}", 240),
        "small": safe_text(" · ".join(filter(None, (
            f"since {kind.since}" if kind.since else "undated",
            plural(one.places, "place"),
            one.spec_line.rpartition("/")[2],
            f"first in {first.part.rpartition('/')[2]} row {first.number:,}",
        ))), 200),
        "label": safe_text(f"share of answers a day, {kind.since or 'undated'}, at most {most:.0%}", 120),
        "bars": _bars(days, shares),
        "ticks": _ticks(days),
    }  # fmt: skip


def _bars(days: list[str], shares: dict[str, float]) -> str:
    """Draw a bar a day, on an axis on which days without answers have their room too."""
    if not days:
        return ""
    first, step, width = _axis(days)
    bars = []
    for day, share in shares.items():
        x = (date.fromisoformat(day) - first).days * step
        height = max(share * _HEIGHT, 1)
        bars.append(f"M{x:.1f} {_HEIGHT}v-{height:.1f}h{width:.1f}v{height:.1f}z")
    return "".join(bars)


def _axis(days: list[str]) -> tuple[date, float, float]:
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    count = (last - first + timedelta(days=1)).days
    step = min(_WIDTH / count, 24)
    return first, step, max(step * 0.8, 0.4)


def _ticks(days: list[str]) -> list[tuple[int, str, str]]:
    if not days:
        return []
    first, step, _ = _axis(days)
    last = date.fromisoformat(days[-1])
    end = round((last - first).days * step + step)
    return [(0, "start", days[0])] if end < 130 else [(0, "start", days[0]), (end, "end", days[-1])]
