"""The report for a terminal: plain lines, coloured only through the caller's `style`.

    nimble getBatch 200   specs/nimble/cassettes/getBatch/200-running.json
      error    /completed_count  '0' is not a number  type  openapi.yaml:61

When a line does not fit, columns shrink first, then the message wraps beneath its place; a finding never
takes more than six lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import repeat
from typing import Final, NamedTuple, TypeAlias

from contracts.model import Assessment, Finding, Report, Source, Verdict
from contracts.policy import verdict
from contracts.report.curl import commands
from contracts.report.entries import answers, place
from contracts.report.tally import choices, closing
from contracts.text import safe_text, wrapped

Style: TypeAlias = Callable[[str, str], str]
"""Colour text by its role: error, warning, note, heading, place, dim, or a verdict."""

DEEPEST: Final = 28
"""Columns that a narrow terminal gives to the pointer before it takes a line of its own."""
_LAID: Final = 256


def plain(_role: str, text: str) -> str:
    """Leave the text as it is: the style of pipes and of NO_COLOR."""
    return text


def lines(report: Report, *, width: int = 80, style: Style = plain, verbose: bool = False) -> Iterator[str]:
    """Yield what a reader needs: one block a troubled interaction, then the sum and the next command.

    `verbose` adds conforming interactions, waived findings and the request of every block; without it a
    request is shown for live interactions only.
    """
    width = max(width, 40)
    table = _Table(width, style, verbose)
    shown = replace(report, assessments=tuple(one for one in report.assessments if table.shows(one)))
    asked = verbose or any(one.interaction.source is Source.LIVE for one in shown.assessments)
    for assessment, command in zip(shown.assessments, commands(shown) if asked else repeat(""), strict=False):
        yield from _block(assessment, command, table)
    yield from _others(report.findings, width, style, verbose=verbose)
    yield from _not_checked(report, width, style)
    yield from (
        style("dim", line) for notice in report.notices for line in _wrapped(safe_text(notice, 400), width)
    )
    yield style(verdict(report), closing(report))
    yield from (style("dim", line) for line in choices(report))


class _Table:
    """The rows of the findings of one answer after the other; equal findings are laid out once."""

    def __init__(self, width: int, style: Style, verbose: bool) -> None:
        self.width, self.style, self.verbose = width, style, verbose
        self._laid: dict[tuple[Finding, ...], list[str]] = {}

    def of(self, one: Assessment) -> list[Finding]:
        """Give the findings of an answer that are shown."""
        return [finding for finding in one.findings if self.verbose or not finding.waived]

    def shows(self, one: Assessment) -> bool:
        """Whether there is anything to say of an answer."""
        return self.verbose or one.verdict != Verdict.CONFORMS or any(not f.waived for f in one.findings)

    def rows(self, one: Assessment) -> list[str]:
        """Give the lines of an answer's findings."""
        if one.findings not in self._laid:
            if len(self._laid) >= _LAID:
                self._laid.clear()
            laid = rows(self.of(one), self.width, self.style, verbose=self.verbose)
            self._laid[one.findings] = list(laid)
        return self._laid[one.findings]


def _block(one: Assessment, command: str, table: _Table) -> Iterator[str]:
    shown, style = table.rows(one), table.style
    yield style("heading", heading(one))
    if one.verdict == Verdict.INCONCLUSIVE:
        yield from _inconclusive(one, table.width, style)
    yield from shown
    if shown and command and (table.verbose or one.interaction.source == Source.LIVE):
        yield "  " + style("dim", safe_text(command, 2400))
    if one.verdict == Verdict.CONFORMS and not shown:
        yield "  " + style("conforms", "conforms")


def heading(one: Assessment) -> str:
    """Name an interaction: provider, operation, status, and where it was read."""
    response = one.interaction.response
    status = str(response.status) if response else "no answer"
    origin = (
        safe_text(one.interaction.origin.file) if one.interaction.origin else one.interaction.source.value
    )
    operation = safe_text(one.operation or "unknown operation", 60)
    return f"{safe_text(one.provider, 40)} {operation} {status}   {origin}"


def _inconclusive(one: Assessment, width: int, style: Style) -> Iterator[str]:
    why = one.interaction.failure or "; ".join(one.not_checked) or "nothing could be judged"
    first, *more = _wrapped(safe_text(why, 400), width - 16)[:4]
    yield f"  {style('inconclusive', 'inconclusive')}  {first}"
    yield from (f"{'':16}{line}" for line in more)


def _others(findings: Iterable[Finding], width: int, style: Style, *, verbose: bool) -> Iterator[str]:
    """Yield what is said of documents, waivers and drift, by provider and operation."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if verbose or not finding.waived:
            parts = (finding.provider, finding.operation, finding.status)
            groups.setdefault(" ".join(safe_text(part, 60) for part in parts if part), []).append(finding)
    for name, members in groups.items():
        yield style("heading", name or "setup")
        yield from rows(members, width, style, verbose=verbose)


class Row(NamedTuple):
    """A finding cut into columns of safe text."""

    severity: str
    place: str
    message: str
    rule: str
    line: str
    places: str
    extra: tuple[str, ...]


def rows(findings: Iterable[Finding], width: int, style: Style, *, verbose: bool = False) -> Iterator[str]:
    """Yield findings as columns when all of them fit into the width, else as wrapped entries.

    `verbose` adds the fingerprint, by which `contracts waive` finds a finding.
    """
    table = [row(finding, verbose=verbose) for finding in findings]
    if not table:
        return
    sizes = [max(len(one[column]) for one in table) for column in range(1, 5)]
    wide = all(len(_wide(one, sizes, plain)) <= width for one in table)
    narrow = min(sizes[0], DEEPEST)
    for one in table:
        if wide:
            yield _wide(one, sizes, style)
        else:
            yield from _narrow(one, narrow, width, style)
        yield from (f"{'':11}{style('dim', _middle(text, width - 11))}" for text in one.extra[:2])


def row(finding: Finding, *, verbose: bool = False) -> Row:
    """Cut a finding into columns; everything that came from outside is made safe here."""
    return Row(
        severity="waived" if finding.waived else finding.severity.value,
        place=place(finding),
        message=safe_text(finding.sentence, 240),
        rule=safe_text(finding.rule, 60),
        line=safe_text(_short(finding), 80),
        places=_places(finding),
        extra=tuple(_extra(finding, verbose=verbose)),
    )


def _short(finding: Finding) -> str:
    """Give the spec's line by the file's name alone; the folder follows from the provider."""
    line = finding.spec_line or finding.revision or finding.base
    return str(line).rpartition("/")[2] if line else ""


def _places(finding: Finding) -> str:
    if finding.count < 2:
        return ""
    first = ", ".join(filter(None, (_differs(place, finding.pointer) for place in finding.places[:3])))
    return f"×{finding.count:,}" + (f", first at {first}" if first else "")


def _differs(place: str, pattern: str) -> str:
    """Give the list positions with which a place fills the pattern's stars: `4`, or `4/0`."""
    pairs = zip(place.split("/"), pattern.split("/"), strict=False)
    return safe_text("/".join(token for token, star in pairs if star == "*"), 24)


def _extra(finding: Finding, *, verbose: bool) -> Iterator[str]:
    name = f"fingerprint {finding.fingerprint}" if verbose and not finding.waived else ""
    since = f"since {safe_text(finding.since, 40)}" if finding.since else ""
    impact = "; ".join(safe_text(text, 100) for text in finding.impact[:3])
    waived = f"waived: {safe_text(finding.waived, 120)}" if finding.waived else ""
    facts = " · ".join(filter(None, (name, waived, since, impact)))
    if facts:
        yield safe_text(facts, 160)
    if finding.witness is not None and not answers(finding):  # of an answer, the message says enough
        yield f"witness {safe_text(finding.witness, 120)}"


def _wide(one: Row, sizes: list[int], style: Style) -> str:
    place, message, rule, line = sizes
    cells = (
        _cell(one.severity, 7, style, one.severity),
        _cell(one.place, place, style, "place"),
        _cell(one.message, message, style, ""),
        _cell(one.rule, rule, style, "dim"),
        _cell(one.line, line, style, "dim"),
    )
    return f"  {'  '.join(cells)}   {style('dim', one.places) if one.places else ''}".rstrip()


def _cell(text: str, size: int, style: Style, role: str) -> str:
    pad = " " * max(size - len(text), 0)
    return (style(role, text) if role and text else text) + pad


def _narrow(one: Row, size: int, width: int, style: Style) -> Iterator[str]:
    """Severity, place and message on the first line if the place fits, the rule and line beneath."""
    start = f"  {_cell(one.severity, 7, style, one.severity)}  "
    fits = len(one.place) <= size
    indent = 11 + size + 2 if fits else 11
    message = _clipped(one.message, width - indent, 3 if fits else 2)
    if fits:
        yield start + _cell(one.place, size, style, "place") + "  " + message[0]
        message = message[1:]
    else:
        yield start + style("place", _middle(one.place, width - 11))
    yield from (" " * indent + text for text in message)
    tail = "  ".join(filter(None, (one.rule, one.line, one.places)))
    yield " " * indent + style("dim", _middle(tail, width - indent))


def _clipped(text: str, width: int, most: int) -> list[str]:
    lines = _wrapped(text, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][: width - 1] + "…"]
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    return wrapped(text, max(width, 20))


def _middle(text: str, width: int) -> str:
    """Cut in the middle, since both ends of a place tell something."""
    if len(text) <= width:
        return text
    head = (width - 1) // 2
    return f"{text[:head]}…{text[-(width - 1 - head) :]}"


def _not_checked(report: Report, width: int, style: Style) -> Iterator[str]:
    """Say once, with a count, what could not be judged, and what was judged without showing anything."""
    reasons = Counter(
        ("not judged" if reason in one.not_judged else "not checked", reason)
        for one in report.assessments
        if one.verdict != Verdict.INCONCLUSIVE
        for reason in one.not_checked
    )
    for (word, reason), count in sorted(reasons.items()):
        times = f" (×{count:,})" if count > 1 else ""
        text = f"{word}: {safe_text(reason, 200)}{times}"
        yield from (style("dim", line) for line in _wrapped(text, width))
