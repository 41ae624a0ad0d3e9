"""Annotations for a GitHub workflow: the worst nine, then one line that counts the rest.

A runner shows ten of a kind in a step and fifty in a job, and drops the others in silence; nine and a count
stay below both however often the report is written in a job.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contracts.model import Report, Severity
from contracts.report.entries import Entry, entries
from contracts.report.tally import not_judged
from contracts.text import plural, safe_text

MOST: Final = 9
_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def lines(report: Report, *, root: Path | None = None) -> Iterator[str]:
    """Yield workflow commands, one a line; every value is escaped as the runner wants it."""
    found = list(entries(report, root=root))
    for entry in found[:MOST]:
        yield _annotation(entry)
    if len(found) > MOST:
        level = _COMMANDS[found[MOST].finding.severity]
        more = plural(len(found) - MOST, "more finding")
        yield f"::{level} title=contracts::{more}; the summary lists them"
    yield from (f"::notice title=contracts::{text}; the summary says why" for text in not_judged(report))


def _annotation(entry: Entry) -> str:
    one = entry.finding
    title = f"{entry.subject}: {safe_text(one.rule, 60)}"
    line = f",line={entry.line.line}" if entry.line.line else ""
    where = f"file={_value(safe_text(entry.line.file, 200))}{line},title={_value(title)}"
    times = f" ({one.count:,} times)" if one.count > 1 else ""
    extra = f"\n{safe_text(entry.command, 1000)}" if entry.command else ""
    return f"::{_COMMANDS[one.severity]} {where}::{_data(entry.sentence + times + extra)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
