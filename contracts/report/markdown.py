"""The report as Markdown, for step summaries, pull-request comments and issues.

Everything from outside stands in code spans or code blocks, where neither HTML nor mentions nor references
mean anything. The text is cut between rows before `limit` bytes, and says how much is missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from contracts.model import Report, Verdict
from contracts.report.entries import Entry, entries, facts, place
from contracts.report.tally import counts, headline, next_command
from contracts.text import plural, safe_text

LIMIT: Final = 900 * 1024
"""Bytes of a step summary; the host's own limit is 1 MiB a step."""

COMMENT_LIMIT: Final = 60_000
"""Bytes of a comment or an issue; the host's own limit is 65,536 characters."""

_WAIVE: Final = "`contracts waive FINGERPRINT --reason REASON --until DAY`"
_RESERVE: Final = 8_000
_COMMANDS: Final = 10


def lines(report: Report, *, limit: int = LIMIT, title: str = "") -> Iterator[str]:
    """Yield headline, table of operations, findings worst first, requests to run again, next command."""
    used = 0
    for line in _head(report, title):
        used += size(line)
        yield line
    found = list(entries(report))
    room = limit - used - _RESERVE
    yield from _findings(found, room)
    yield from _requests(found)
    yield from _foot(report)


def size(line: str) -> int:
    """Count a line's bytes with its end."""
    return len(line.encode("utf-8", "replace")) + 1


def code(text: str, limit: int = 240) -> str:
    """Write outside text as a code span that also survives in a table."""
    shown = safe_text(text, limit)
    ticks = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    pad = " " if "`" in shown or not shown.strip() else ""
    return f"{ticks}{pad}{shown or ' '}{pad}{ticks}".replace("|", "\\|")


def fenced(rows: Iterable[str], language: str = "") -> Iterator[str]:
    """Write outside lines as a code block whose fence is longer than any run of backticks inside."""
    shown = [safe_text(row, 4000) for row in rows]
    ticks = max((len(run) for row in shown for run in re.findall("`+", row)), default=0)
    fence = "`" * max(ticks + 1, 3)
    yield f"{fence}{language}"
    yield from shown
    yield fence


def _head(report: Report, title: str) -> Iterator[str]:
    yield f"### {title or 'Contracts'}: {headline(report)}"
    yield ""
    if report.assessments or report.findings:
        yield f"{counts(report)}."
        yield ""
    if report.assessments:
        yield from _operations(report)


def _operations(report: Report) -> Iterator[str]:
    shares = {(one.provider, one.operation): one.share for one in report.coverage}
    verdicts = Counter((one.provider, one.operation, one.verdict) for one in report.assessments)
    pairs = list(dict.fromkeys((one.provider, one.operation) for one in report.assessments))
    yield "| provider | operation | conforms | violates | inconclusive | of the spec seen |"
    yield "|---|---|--:|--:|--:|--:|"
    for pair in pairs[:100]:
        cells = [
            str(verdicts[(*pair, one)]) for one in (Verdict.CONFORMS, Verdict.VIOLATES, Verdict.INCONCLUSIVE)
        ]
        share = f"{shares[pair]:.0%}" if pair in shares else "–"
        yield f"| {code(pair[0], 40)} | {code(pair[1] or 'unknown', 60)} | {' | '.join(cells)} | {share} |"
    if len(pairs) > 100:
        yield f"| {plural(len(pairs) - 100, 'more operation')} | | | | | |"
    yield ""


def _findings(found: list[Entry], room: int) -> Iterator[str]:
    if not found:
        return
    yield "| | where | what | rule | spec |"
    yield "|---|---|---|---|---|"
    for number, entry in enumerate(found):
        row = _row(entry)
        room -= size(row)
        if room < 0:
            yield f"| | **{len(found) - number:,} more**, in the JSON report | | | |"
            break
        yield row
    yield ""


def _row(entry: Entry) -> str:
    one = entry.finding
    what = code(one.sentence)
    what += f" ×{one.count:,}" if one.count > 1 else ""
    more = (
        f"{word} {code(text, 160)}" for word, text in facts(one) if word in {"since", "impact", "witness"}
    )
    what = "<br>".join((what, *more))
    where = f"{code(entry.subject or 'setup', 160)} {code(place(one), 120)}"
    rule = f"{code(one.rule, 60)}<br>{code(one.fingerprint)}"
    return f"| {one.severity} | {where} | {what} | {rule} | {code(str(entry.line), 120)} |"


def _requests(found: list[Entry]) -> Iterator[str]:
    """Yield the first few commands, each once, inside the reserve that the table left free."""
    commands = list(dict.fromkeys(entry.command for entry in found if entry.command))
    if not commands:
        return
    yield "<details><summary>Ask again</summary>"
    yield ""
    yield from fenced((safe_text(command, 600) for command in commands[:_COMMANDS]), "sh")
    yield ""
    yield "</details>"
    yield ""


def _foot(report: Report) -> Iterator[str]:
    for notice in report.notices[:5]:
        yield f"- {code(notice, 160)}"
    command = next_command(report)
    if command:
        yield f"Next: {code(command)}, or {_WAIVE} to accept one on purpose."
