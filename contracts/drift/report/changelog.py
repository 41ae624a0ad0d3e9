"""A drift report for people: what changed, place by place, the worst first, prose apart.

A generator of lines; every word of a vendor's went through safe_text when the finding was made, names of
operations and pointers go through it here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final

from contracts.drift.documents import Due
from contracts.drift.rules import RULES
from contracts.drift.schemas import OTHERWISE
from contracts.model import Finding, Severity
from contracts.text import plural, safe_text

WITNESS: Final = 120
SHOWN: Final = 60
MANY: Final = 4


def is_prose(finding: Finding) -> bool:
    """Whether a finding is of the documentation class, which never binds."""
    rule = RULES.get(finding.rule)
    return rule is not None and rule.area == "prose"


def changelog_lines(
    findings: Iterable[Finding],
    title: str,
    *,
    full: bool = False,
    due: tuple[Due, ...] = (),
    today: str = "",
    apart: str = "",
) -> Iterator[str]:
    """Yield the report; notes are counted by rule where they are many, and listed with `full`.

    `apart` says what was not compared and is no finding, since both documents say it alike.
    """
    every = list(findings)
    listed = [finding for finding in every if full or not finding.waived]
    yield safe_text(title)
    bound = [finding for finding in listed if full or not is_prose(finding)]
    loud = [finding for finding in bound if full or finding.severity is not Severity.NOTE]
    quiet = [] if full else [finding for finding in bound if finding.severity is Severity.NOTE]
    shown = loud + quiet if len(quiet) <= SHOWN else loud
    for place, group in groupby(sorted(shown, key=_order), key=_place):
        yield from _group(place, list(group))
    if quiet and len(quiet) > SHOWN:
        yield from _folded(quiet)
    yield from _calendar(due, today, full=full)
    yield _closing(every, apart)


def _order(finding: Finding) -> tuple[str, ...]:
    return (_place(finding), str(2 - finding.severity.weight), finding.pointer, finding.rule, finding.message)


def _place(finding: Finding) -> str:
    return f"{finding.operation} {finding.status}".strip() or "the whole API"


def _group(place: str, findings: list[Finding]) -> Iterator[str]:
    yield ""
    yield safe_text(place)
    width = min(max(len(safe_text(_where(f), 60)) for f in findings), 40)
    for finding in _joined(findings):
        where = safe_text(_where(finding), 60)
        times = f"  ×{finding.count} operations" if finding.count > 1 else ""
        level = "waived" if finding.waived else finding.severity.value
        yield f"  {level:<8} {where:<{width}}  {finding.sentence}   {finding.rule}{times}"
        if finding.witness is not None:
            sent = "" if finding.direction == "response" else "sent "
            yield f"           {sent}{safe_text(finding.witness, WITNESS)}"
        if finding.found:
            yield f"           {finding.found}"
        yield from (f"           {safe_text(line)}" for line in finding.impact)


def _joined(findings: list[Finding]) -> Iterator[Finding]:
    """Say many new words of one field on one line; the first keeps its witness."""
    for _, group in groupby(findings, key=lambda one: (one.rule, one.pointer, one.direction, one.severity)):
        some = list(group)
        if len(some) <= MANY or not some[0].rule.startswith("enum-value-"):
            yield from some
            continue
        words = [one.message.removeprefix("may now be ").removeprefix("may no longer be ") for one in some]
        start = some[0].message.removesuffix(words[0])
        yield replace(some[0], message=f"{start}{', '.join(words[:MANY])} or {len(words) - MANY} more")


def _where(finding: Finding) -> str:
    part = {"request": "request", "header": "header", "status": "status"}.get(finding.part, "")
    return f"{part} {finding.pointer}".strip() or ("/" if finding.part == "body" else "")


def _folded(findings: list[Finding]) -> Iterator[str]:
    yield ""
    yield f"{plural(len(findings), 'note')}, listed with --full"
    for rule, count in sorted(
        Counter(finding.rule for finding in findings).items(), key=lambda one: (-one[1], one[0])
    ):
        yield f"  {count:>6,}  {rule}: {RULES[rule].summary if rule in RULES else ''}"


def _calendar(due: tuple[Due, ...], today: str, *, full: bool) -> Iterator[str]:
    dated = [one for one in due if one.day]
    if not due:
        return
    yield ""
    yield "announced ends"
    for one in dated:
        yield f"  {one.day}{_days(one.day, today)}  {safe_text(one.what, 80)}"
    rest = [one for one in due if not one.day]
    if full:
        yield from (f"  no date     {safe_text(one.what, 80)}" for one in rest)
    elif rest:
        yield f"  {plural(len(rest), 'deprecated place')} without a date, listed with --full"


def _days(day: str, today: str) -> str:
    if not today:
        return ""
    left = (date.fromisoformat(day) - date.fromisoformat(today)).days
    return (
        f", in {plural(left, 'day')}"
        if left > 0
        else ", today"
        if not left
        else f", {plural(-left, 'day')} ago"
    )


def _closing(findings: list[Finding], apart: str) -> str:
    left = [finding for finding in findings if not finding.waived]
    counts = Counter(f.severity for f in left if not is_prose(f))
    prose = sum(is_prose(f) for f in left)
    if not findings:
        alike = "what is compared says" if OTHERWISE in apart else "the two documents say"
        return f"no drift: {alike} the same{apart and f'; {apart}'}"
    parts = [
        plural(counts[s], s.value) for s in (Severity.ERROR, Severity.WARNING, Severity.NOTE) if counts[s]
    ]
    parts += [f"{plural(prose, 'change')} of documentation"] * bool(prose)
    parts += [f"{len(findings) - len(left)} waived"] * (len(left) < len(findings))
    parts += [apart] * bool(apart)
    worst = max(left, key=lambda one: one.severity.weight, default=None)
    hint = f" · contracts explain {worst.rule}" if worst and worst.severity is not Severity.NOTE else ""
    return f"\n{', '.join(parts)}{hint}"
