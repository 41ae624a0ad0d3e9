"""The report as one HTML file without scripts, under a strict content security policy.

Summary first, then the findings grouped by place, the coverage as a picture, the timeline. The page stays
below `LIMIT` bytes: the worst findings get a card, the others a line, and what is left is counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from markupsafe import Markup, escape

from contracts.model import Finding, Report
from contracts.report.curl import commands
from contracts.report.entries import again, answers, facts, place
from contracts.report.excerpt import Excerpt, nothing
from contracts.report.frame import pages, part
from contracts.report.picture import ORDER
from contracts.report.surroundings import above, below
from contracts.report.tally import next_steps
from contracts.text import plural, safe_text

LIMIT: Final = 1_950_000
"""Bytes of the page, whatever the report holds."""
_ANSWER: Final = 24
"""Lines of an answer beside those of the spec."""


def lines(report: Report, *, excerpt: Excerpt = nothing) -> Iterator[str]:
    """Yield the page line by line; `excerpt` shows the lines of a spec around a finding."""
    groups = _groups(report)
    head = part("head.html", **above(report, any_findings=bool(groups)))
    tail = part("tail.html", **below(report))
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
        if item.finding.witness is None and finding.witness is not None:
            item.finding, item.command = finding, command  # only the first of many show their answer
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
        card = pages().get_template("card.html").render(card=_card(item, excerpt, opened=room.shown < 3))
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
    what = escape(safe_text(one.sentence, 160))
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
        "message": safe_text(one.sentence, 240),
        "times": f"{one.count:,}" if one.count > 1 else "",
        "rule": safe_text(one.rule, 60),
        "line": safe_text(str(one.spec_line), 120) if one.spec_line else "",
        "expected": safe_text(one.expected, 200),
        "excerpt": excerpt(one.spec_line) if one.spec_line and not drift else (),
        "answer": _answer(one),
        "next": [] if one.waived else list(next_steps(one)),
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


def _answer(one: Finding) -> str:
    """Give the part of an answer that shows a finding, over several lines."""
    if one.witness is None or not answers(one):
        return ""
    try:
        text = json.dumps(json.loads(one.witness), indent=2)
    except ValueError:
        return safe_text(one.witness, 240)
    return "\n".join(safe_text(line, 120) for line in text.split("\n")[:_ANSWER])


def _origins(item: _Item) -> Iterator[tuple[str, str]]:
    names = list(dict.fromkeys(item.origins))
    if names:
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        yield "in", ", ".join(names[:3]) + more
