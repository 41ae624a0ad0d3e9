"""The report as a GitLab code quality artifact: one entry a fingerprint, since GitLab drops repeated ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from contracts.model import Report, Severity
from contracts.report.entries import Entry, entries
from contracts.report.json import dump
from contracts.text import safe_text

_LEVELS: Final = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def lines(report: Report, *, root: Path | None = None) -> Iterator[str]:
    """Yield a JSON array, one finding a line, the worst first."""
    unique = {entry.finding.fingerprint: entry for entry in reversed(list(entries(report, root=root)))}
    rows = list(reversed(unique.values()))
    yield "["
    for number, entry in enumerate(rows, 1):
        yield f" {dump(_entry(entry))}{',' if number < len(rows) else ''}"
    yield "]"


def _entry(entry: Entry) -> dict[str, Any]:
    one = entry.finding
    return {
        "description": f"{entry.subject} {entry.sentence}".lstrip(),
        "check_name": safe_text(one.rule, 60),
        "fingerprint": one.fingerprint,
        "severity": _LEVELS[one.severity],
        "location": {"path": safe_text(entry.line.file, 200), "lines": {"begin": max(entry.line.line, 1)}},
    }
