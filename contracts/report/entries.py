"""Findings with what belongs to them: where an editor finds them, and the request that shows them again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from contracts.model import Finding, Report, SourceLine
from contracts.report.curl import commands
from contracts.text import safe_text


class Entry(NamedTuple):
    """A finding, the file and line to show it at, and the command that asks the vendor again (or "").

    `beside` is the line of the spec where that stands in another file than `line`: that of a bundled vendor.
    """

    finding: Finding
    line: SourceLine
    command: str
    beside: str = ""

    @property
    def sentence(self) -> str:
        """Say the place in the message, what is wrong, and the line of the spec where it is elsewhere."""
        one = self.finding
        return f"{place(one)}: {safe_text(one.sentence, 240)}{f' ({self.beside})' if self.beside else ''}"

    @property
    def subject(self) -> str:
        """Say what it is about: provider, operation, status."""
        one = self.finding
        return " ".join(safe_text(part, 60) for part in (one.provider, one.operation, one.status) if part)


def entries(report: Report, *, waived: bool = False, root: Path | None = None) -> Iterator[Entry]:
    """Yield the findings, the worst first and else in the report's order; waived ones on request.

    With `root` every line is in a file of that folder, as code hosts need it.
    """
    found = [entry for entry in _all(report) if waived or not entry.finding.waived]
    found.sort(key=lambda entry: -entry.finding.severity.weight)
    yield from (_below(root, entry) if root else entry for entry in found)


def _below(root: Path, entry: Entry) -> Entry:
    """Show a finding in a file of the project: its own, the recording, one about the vendor, the settings."""
    if own := _inside(root, entry.line.file):
        return entry._replace(line=SourceLine(own, entry.line.line))
    folder = f"specs/{entry.finding.provider}"
    recording = re.sub(r":\d+$", "", entry.finding.source)
    near = (_inside(root, name) for name in (recording, f"{folder}/provider.toml", f"{folder}/waivers.toml"))
    file = next(filter(None, near), "pyproject.toml")
    return entry._replace(line=SourceLine(file, 1), beside=safe_text(str(entry.line), 200))


def _inside(root: Path, name: str) -> str:
    """Give the name of a file relative to the folder that holds it; "" for any other name."""
    try:
        path = root / name
        found = path.is_file() and path.resolve().is_relative_to(root.resolve())
        return path.relative_to(root).as_posix() if name and found else ""
    except (OSError, ValueError):  # too long, or with a null byte
        return ""


def _all(report: Report) -> Iterator[Entry]:
    files = {facts.id: SourceLine(facts.spec_file, 1) for facts in report.providers}
    nowhere = SourceLine("pyproject.toml", 1)
    for one, command in zip(report.assessments, commands(report), strict=True):
        fallback = one.interaction.origin or files.get(one.provider, nowhere)
        yield from (Entry(finding, _line(finding) or fallback, command) for finding in one.told)
    for finding in report.findings:
        yield Entry(finding, _line(finding) or files.get(finding.provider, nowhere), again(finding))


def _line(finding: Finding) -> SourceLine | None:
    return finding.spec_line or finding.revision or finding.base


def again(finding: Finding) -> str:
    """Name the command that shows a finding again which belongs to no request."""
    if finding.rule.startswith("waiver-"):
        return "contracts waivers"
    word = "drift" if finding.direction else "check"
    return f"contracts {word} {safe_text(finding.provider, 40)}".rstrip()


def place(finding: Finding) -> str:
    """Write where in the message a finding is: `/tasks/*/state`, `body`, or `header retry-after`."""
    if finding.part in {"", "body", "spec"}:
        return safe_text(finding.pointer or finding.part or finding.spec_pointer or "/", 120)
    return safe_text(f"{finding.part} {finding.pointer.removeprefix('/')}".rstrip(), 120)


def answers(finding: Finding) -> bool:
    """Whether a finding is about an answer, so that its witness is a part of that; else about a change."""
    return not (finding.direction or finding.base or finding.revision)


def facts(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what else is known, as (word, safe text): expected, found, places, since, impact, witness."""
    if finding.expected:
        yield "expected", safe_text(finding.expected, 200)
    if finding.found:
        yield "found", safe_text(finding.found, 200)
    if finding.count > 1:
        yield "times", f"{finding.count:,}"
    if finding.places and finding.places != (finding.pointer,):
        yield "first at", safe_text(", ".join(finding.places[:3]), 200)
    if finding.since:
        yield "since", safe_text(finding.since, 60)
    if finding.impact:
        yield "impact", safe_text("; ".join(finding.impact[:3]), 240)
    if finding.witness is not None:
        yield "answer" if answers(finding) else "witness", safe_text(finding.witness, 240)
    if finding.provenance:
        yield "provenance", safe_text(finding.provenance, 40)
    if finding.waived:
        yield "waived", safe_text(finding.waived, 200)
