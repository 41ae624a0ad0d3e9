"""The findings of the latest runs in a project, so that a fingerprint read in any of them can be used.

They are kept below the user's cache folder as a JSON report, one file a project, readable by its owner only.
A finding holds no body and no secret; what a run found last stands first.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Final

from contracts.atomic import alone, cache_folder, write_whole
from contracts.errors import ConfigError
from contracts.interactions import Cleaner, Known, Tokens
from contracts.model import Assessment, Finding, Report
from contracts.report.json import lines
from contracts.report.reading import read_report

_MOST: Final = 500
_DAYS: Final = 90


def _file(root: Path) -> Path:
    return cache_folder() / f"{hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:16]}.json"


def remember(root: Path, report: Report) -> None:
    """Keep the open findings of a run beside earlier ones; nothing where nothing can be written."""
    found = _first_of_each(report)
    if not found:
        return
    with contextlib.suppress(OSError):
        with alone(cache_folder(), timeout=5):  # the workers of pytest-xdist each have their own
            kept: dict[str, Finding] = {}
            for one in (*map(cleaned, found), *recall(root)):
                kept.setdefault(one.fingerprint, one)
            newest = Report(findings=tuple(kept.values())[:_MOST])
            text = "".join(f"{line}\n" for line in lines(newest))
            write_whole(_file(root), text.encode(), mode=0o600)
        _forget(_file(root).stat().st_mtime)


def _first_of_each(report: Report) -> list[Finding]:
    """Give the first open finding of each fingerprint; one that shows its answer before one that does not."""
    first: dict[str, tuple[Finding, Assessment | None]] = {}
    for owner in (*report.assessments, None):
        for one in owner.findings if owner else report.findings:
            if one.waived or not one.provider:
                continue
            held = first.get(one.fingerprint)
            if held is None or (held[0].witness is None and one.witness is not None):
                first[one.fingerprint] = one, owner
    return [owner.sourced(one) if owner else one for one, owner in first.values()]


def cleaned(finding: Finding) -> Finding:
    """Give a finding whose texts hold no e-mail address and nothing else that recordings may not hold."""
    cleaner = Cleaner(Known(), Tokens())
    return replace(finding, message=cleaner.clean(finding.message), found=cleaner.clean(finding.found))


def recall(root: Path) -> tuple[Finding, ...]:
    """Give the findings that are kept, the newest first; none where no file can be read."""
    try:
        return read_report(_file(root).read_text("utf-8")).findings
    except (OSError, UnicodeDecodeError, ConfigError):
        return ()


def _forget(now: float) -> None:
    """Remove the files of projects in which nothing was found for a long time.

    `now` is when the last one was written: the clock of this process may be another, or a test's.
    """
    for one in cache_folder().glob("*.json*"):
        if one.stat().st_mtime < now - _DAYS * 86400:
            one.unlink()
