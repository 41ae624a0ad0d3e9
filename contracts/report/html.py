"""The report as one HTML file without scripts, under a strict content security policy.

Summary first, then the findings grouped by place, the coverage as a picture, the timeline. The page stays
below `LIMIT` bytes: the worst findings get a card, the others a line, and what is left is counted.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from contracts.model import Assessment, Coverage, Finding, Report, Severity, Verdict
from contracts.policy.gate import verdict
from contracts.report.curl import commands
from contracts.report.entries import again, facts, place
from contracts.report.excerpt import Excerpt, nothing
from contracts.report.picture import ORDER, cells, timeline
from contracts.report.tally import counts, headline, next_command, tally
from contracts.text import plural, safe_text

LIMIT: Final = 1_950_000
"""Bytes of the page, whatever the report holds."""

_MOST_OPERATIONS: Final = 300
_MOST_PICTURES: Final = 20
_MOST_INTERACTIONS: Final = 250
_MOST_UNSEEN: Final = 60


def lines(report: Report, *, excerpt: Excerpt = nothing) -> Iterator[str]:
    """Yield the page line by line; `excerpt` shows the lines of a spec around a finding."""
    groups = _groups(report)
    head = _part("head.html", **_head(report, any_findings=bool(groups)))
    tail = _part("tail.html", **_tail(report))
    left = LIMIT - sum(map(_size, (*head, *tail)))
    room = _Room(left // 6, left * 5 // 6)
    yield from head
    if groups:
        for group in groups:
            yield from _group(group, room, excerpt)
        yield from _waived([item for group in groups for item in group.items if item.finding.waived], room)
        if room.left:
            yield f"<p>{plural(room.left, 'more finding')} are in the JSON report.</p>"
        yield "</section>"
    yield from tail


def _size(line: str) -> int:
    return len(line.encode("utf-8", "replace")) + 1


@lru_cache(maxsize=1)
def _pages() -> Environment:
    loader = PackageLoader("contracts.report", "page")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _part(name: str, **values: Any) -> list[str]:
    return _pages().get_template(name).render(**values).split("\n")


@dataclass(slots=True)
class _Room:
    """How many bytes are left for cards and for rows, and how many findings found no room."""

    cards: int
    rows: int
    left: int = 0
    shown: int = 0

    def take(self, row: str) -> bool:
        """Claim the room of a row with its surroundings; False when it does not fit."""
        self.rows -= _size(row)
        return self.rows > 0


@dataclass(slots=True)
class _Item:
    """One finding with all the interactions that showed it."""

    finding: Finding
    command: str
    origins: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """The findings about one provider, operation and status."""

    key: tuple[str, str, str]
    items: list[_Item]

    @property
    def rank(self) -> tuple[int, tuple[str, str, str]]:
        return (
            -max((i.finding.severity.weight for i in self.items if not i.finding.waived), default=-1),
            self.key,
        )


def _groups(report: Report) -> list[_Group]:
    """Gather equal findings of several interactions into one item; the worst groups first."""
    found: dict[tuple[str, str, str], dict[tuple[str, str], _Item]] = {}
    for finding, command, origin in _sources(report):
        group = found.setdefault((finding.provider, finding.operation, finding.status), {})
        item = group.setdefault((finding.fingerprint, finding.waived), _Item(finding, command))
        if origin:
            item.origins.append(origin)
    return sorted((_Group(key, list(items.values())) for key, items in found.items()), key=lambda g: g.rank)


def _sources(report: Report) -> Iterator[tuple[Finding, str, str]]:
    for one, command in zip(report.assessments, commands(report), strict=True):
        origin = one.interaction.origin
        name = safe_text(origin.file if origin else f"{one.interaction.source} {one.id}", 160)
        yield from ((finding, command, name) for finding in one.findings)
    yield from ((finding, again(finding), "") for finding in report.findings)


def _group(group: _Group, room: _Room, excerpt: Excerpt) -> Iterator[str]:
    items = [item for item in group.items if not item.finding.waived]
    if not items:
        return
    heading = _heading(group.key, len(items))
    if not room.take(heading):
        room.left += len(items)
        return
    yield heading
    for severity in ORDER:
        same = [item for item in items if item.finding.severity == severity]
        yield from _same(same, room, excerpt)


def _heading(key: tuple[str, str, str], count: int) -> str:
    provider, operation, status = (safe_text(part, 60) for part in key)
    code = Markup("<code>{}</code>").format(operation) if operation else ""
    small = Markup("<small>{}</small>").format(plural(count, "finding"))
    return str(
        Markup("<h3><span>{}</span>{}<span>{}</span>{}</h3>").format(provider or "setup", code, status, small)
    )


def _same(items: list[_Item], room: _Room, excerpt: Excerpt) -> Iterator[str]:
    """Write findings of one severity: cards while there is room, then one line each."""
    rest = iter(items)
    for item in rest:
        card = _pages().get_template("card.html").render(card=_card(item, excerpt, opened=room.shown < 3))
        if _size(card) > room.cards:
            yield from _short([item, *rest], room)
            return
        room.cards -= _size(card)
        room.shown += 1
        yield from card.split("\n")


def _short(items: list[_Item], room: _Room) -> Iterator[str]:
    opening = f'<ul class="short finding {items[0].finding.severity}">'
    room.take(f"{opening}</ul>")
    yield opening
    for number, item in enumerate(items):
        row = _row(item.finding)
        if not room.take(row):
            room.left += len(items) - number
            break
        yield row
    yield "</ul>"


def _row(one: Finding) -> str:
    line = str(one.spec_line).rpartition("/")[2] if one.spec_line else ""
    what = escape(safe_text(one.message, 160))
    rule = escape(safe_text(one.rule, 60))
    tail = f" {escape(safe_text(line, 60))}" if line else ""
    return f"<li><code>{escape(place(one))}</code> {what} <span class=rule>{rule}{tail}</span>"


def _waived(items: list[_Item], room: _Room) -> Iterator[str]:
    if not items:
        return
    yield f"<h3>waived<small>{plural(len(items), 'finding')}</small></h3>"
    yield '<ul class="short">'
    for item in items[:500]:
        row = f"{_row(item.finding)} · {escape(safe_text(item.finding.waived, 160))}"
        if not room.take(row):
            break
        yield row
    yield "</ul>"


def _card(item: _Item, excerpt: Excerpt, *, opened: bool) -> dict[str, Any]:
    one = item.finding
    drift = one.base or one.revision
    said = list(facts(one))
    return {
        "severity": one.severity.value,
        "open": opened,
        "place": place(one),
        "message": safe_text(one.message, 240),
        "times": f"{one.count:,}" if one.count > 1 else "",
        "rule": safe_text(one.rule, 60),
        "line": safe_text(str(one.spec_line), 120) if one.spec_line else "",
        "expected": safe_text(one.expected, 200),
        "excerpt": excerpt(one.spec_line) if one.spec_line and not drift else (),
        "before": excerpt(one.base) if one.base else (),
        "after": excerpt(one.revision) if one.revision else (),
        "before_name": safe_text(str(one.base), 120) if one.base else "",
        "after_name": safe_text(str(one.revision), 120) if one.revision else "",
        "came": [*(pair for pair in said if pair[0] in {"found", "first at", "times"}), *_origins(item)],
        "known": [
            *(pair for pair in said if pair[0] in {"since", "impact", "witness", "provenance"}),
            ("fingerprint", one.fingerprint),
        ],
        "command": safe_text(item.command, 2400),
    }


def _origins(item: _Item) -> Iterator[tuple[str, str]]:
    names = list(dict.fromkeys(item.origins))
    if names:
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        yield "in", ", ".join(names[:3]) + more


def _head(report: Report, *, any_findings: bool) -> dict[str, Any]:
    style = files("contracts.report").joinpath("page", "page.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    total = tally(report)
    rows = list(_rows(report))
    return {
        "style": Markup(style),  # noqa: S704 -- our own file, never a vendor's text
        "style_hash": Markup(f"sha256-{digest}"),  # noqa: S704 -- base64 of a digest
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
    dated = any(finding.since for finding in report.all_findings())
    sections = (
        ("operations", "Operations", bool(report.assessments or report.coverage) or not any_findings),
        ("findings", "Findings", any_findings),
        ("coverage", "Coverage", bool(report.coverage)),
        ("timeline", "Since when", dated and timeline(report.all_findings()) is not None),
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


def _tail(report: Report) -> dict[str, Any]:
    shown = report.assessments[:_MOST_INTERACTIONS]
    return {
        "pictures": [_picture(one) for one in report.coverage[:_MOST_PICTURES]],
        "time": timeline(report.all_findings()),
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
