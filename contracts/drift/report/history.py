"""HISTORY.md: what each new document of a vendor brought, written when it is taken in, read back per field.

One section a day, the newest first; one line a finding:
`- error GET /v1/batches/{id} 200 /state: may now be 'paused' (enum-value-added)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from contracts.drift.report.changelog import is_prose
from contracts.model import Finding
from contracts.text import plural, safe_text

HEAD: Final = "# History of "
_SECTION: Final = re.compile(r"## (\d{4}-\d\d-\d\d)\s*\Z")
_LINE: Final = re.compile(r"- (error|warning|note) (.*): (.*) \(([a-z0-9-]+)\)\Z")
_EVENTS: Final = (
    ("introduced", ("added",)),
    ("removed", ("removed", "refused", "no-longer-described", "gone")),
    ("deprecated", ("deprecated", "sunset")),
    ("moved", ("moved", "renamed")),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a history: the day (ISO), the place, what happened in a word, the sentence and the rule."""

    day: str
    place: str
    what: str
    sentence: str
    rule: str
    severity: str


def entry(findings: Iterable[Finding], day: str, source: str) -> Iterator[str]:
    """Yield the section of one day; `source` says which document was taken in."""
    listed = sorted(findings, key=lambda one: one.sort_key)
    bound = [one for one in listed if not is_prose(one)]
    yield f"## {day}"
    yield ""
    yield source
    yield ""
    for one in bound:
        yield f"- {one.severity.value} {place_of(one)}: {one.message} ({one.rule})"
    if not bound:
        yield "- nothing that binds"
    if len(listed) > len(bound):
        yield f"- {plural(len(listed) - len(bound), 'change')} of documentation"


def place_of(one: Finding) -> str:
    """Name the place of a finding on one line."""
    return safe_text(
        " ".join(part for part in (one.operation, one.status, one.pointer) if part) or "the whole API", 200
    )


def add(history: str, provider: str, section: Iterable[str]) -> str:
    """Put a new section on top of a history, which may be empty."""
    head, _, rest = history.partition("\n")
    kept = rest.lstrip("\n") if head.startswith(HEAD) else history
    text = "\n".join((f"{HEAD}{provider}", "", *section))
    return f"{text}\n\n{kept}" if kept.strip() else f"{text}\n"


def events(history: str) -> Iterator[Event]:
    """Read a history back, oldest day first; lines that are not ours are skipped."""
    days: list[tuple[str, list[str]]] = []
    for line in history.splitlines():
        section = _SECTION.match(line)
        if section:
            days.append((section[1], []))
        elif days:
            days[-1][1].append(line)
    for day, lines in sorted(days, key=lambda one: one[0]):
        for line in lines:
            found = _LINE.match(line)
            if found:
                yield Event(day, found[2], what(found[4]), found[3], found[4], found[1])


def what(rule: str) -> str:
    """Say in one word what a rule means for a field: introduced, removed, deprecated, moved or changed."""
    enum = rule.startswith(("enum-", "known-value", "null-"))
    return next(
        (word for word, marks in _EVENTS if not enum and any(mark in rule for mark in marks)), "changed"
    )


def timeline(events_: Iterable[Event], field: str = "") -> Iterator[str]:
    """Yield the history per place: each with its days, oldest first; `field` narrows to places holding it."""
    places: dict[str, list[Event]] = {}
    for event in events_:
        if field in event.place:
            places.setdefault(event.place, []).append(event)
    for place in sorted(places):
        yield safe_text(place, 200)
        yield from (f"  {e.day}  {e.what:<10}  {safe_text(e.sentence)}" for e in places[place])
