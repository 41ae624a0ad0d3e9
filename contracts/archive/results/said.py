"""A run's total in words: as findings for every format of reports, and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from contracts.archive.results.summary import Kind, Operation, Summary
from contracts.model import Finding, Report, SourceLine
from contracts.report.terminal import Style, plain, rows
from contracts.text import plural, safe_text, wrapped

_MOST: Final = 8
"""How many kinds of fault of an operation, reasons and parts a terminal gets; the rest is counted."""


def finding(kind: Kind, *, dated: bool = False) -> Finding:
    """Give a kind of fault as a finding; with `dated` its message says since when."""
    one = kind.fault
    since = f" since {kind.since}" if kind.since and dated else ""
    file, _, line = one.spec_line.rpartition(":")
    return Finding(
        rule=one.rule,
        severity=kind.severity,
        message=f"{kind.sentence}, in {plural(one.answers, 'answer')} ({_share(kind.share)}){since}",
        provider=one.provider,
        operation=one.operation,
        status=one.status,
        part=one.part,
        pointer=one.pointer,
        spec_line=SourceLine(file, int(line)) if file and line.isdigit() else None,
        provenance=one.provenance,
        expected=one.expected,
        places=tuple(f"{sample.part}:{sample.number}" for sample in one.samples),
        count=one.places,
        since="" if dated else kind.since,
        waived=one.waived,
    )


def _share(share: float) -> str:
    if share in {0.0, 1.0}:
        return "all" if share else "0 %"
    return f"{share:.1%}".replace("%", " %") if share >= 0.001 else "below 0.1 %"


def as_report(summary: Summary) -> Report:
    """Give the findings as a report, for every format that there is."""
    notices = tuple(safe_text(line, 300) for line in notes(summary))
    return Report(findings=tuple(finding(one) for one in summary.kinds), notices=notices)


def report_lines(
    summary: Summary, *, width: int = 80, style: Style = plain, verbose: bool = False
) -> Iterator[str]:
    """Yield what a reader needs: a block an operation, what was not judged, and the sum."""
    for one in summary.operations:
        shown = [kind for kind in one.kinds if verbose or not kind.fault.waived]
        if shown or verbose:
            yield style("heading", _heading(one))
            yield from _kinds(shown, width, style, verbose=verbose)
    if summary.against is not None:
        yield style("heading", "only the newer document finds, on the same answers")
        yield from (
            _kinds(summary.against, width, style, verbose=verbose) if summary.against else ["  nothing"]
        )
        yield style("heading", "only the vendored document finds")
        yield from (
            _kinds(summary.settled, width, style, verbose=verbose) if summary.settled else ["  nothing"]
        )
    if summary.changes:
        yield style("heading", "changed on a day, whatever the document says")
        yield from _changes(summary.changes, width, style, verbose=verbose)
    yield from (style("dim", line) for line in notes(summary))
    yield style(summary.verdict, closing(summary))


def _heading(one: Operation) -> str:
    name = safe_text(one.operation or "unknown operation", 60)
    who = f"{safe_text(one.provider, 40)} {name} {safe_text(one.status, 12)}"
    return f"{who}   {plural(one.answers, 'answer')}, {one.span}"


def _kinds(kinds: Iterable[Kind], width: int, style: Style, *, verbose: bool) -> Iterator[str]:
    found = list(kinds)
    shown = found if verbose else found[:_MOST]
    for kind in shown:
        yield from rows([finding(kind, dated=True)], width, style, verbose=verbose)
        if verbose:
            first = kind.fault.first
            yield f"{'':11}{style('dim', f'first in {safe_text(first.part, 120)}, row {first.number:,}')}"
    if len(found) > len(shown):
        yield f"           {len(found) - len(shown):,} more are in report.json"


def _changes(changes: tuple[Finding, ...], width: int, style: Style, *, verbose: bool) -> Iterator[str]:
    shown = changes if verbose else changes[:_MOST]
    for one in shown:
        where = f"{safe_text(one.provider, 40)} {safe_text(one.operation, 60)} {safe_text(one.status, 12)}"
        text = f"{one.since}  {where} {safe_text(one.pointer or '/', 80)}: {safe_text(one.message, 160)}"
        first, *more = wrapped(text, max(width - 2, 40), " " * 12)
        yield f"  {style('warning', first[:10])}{first[10:]}"
        yield from (f"  {line}" for line in more)
    if len(changes) > len(shown):
        yield f"  {len(changes) - len(shown):,} more are in report.json"


def notes(summary: Summary) -> Iterator[str]:
    """Say what was not judged, not read, or of others; each with a count."""
    total = summary.total
    reasons: dict[str, int] = {}
    for (*_, why), (answers, _) in total.unjudged.items():
        reasons[why] = reasons.get(why, 0) + answers
    yield from _counted("not checked", reasons, "answer")
    yield from _counted("not read", {why: held[0] for why, held in total.unread.items()}, "row")
    for why, (_, part, number) in sorted(total.unread.items())[:1]:
        yield f"the first that was not read: {safe_text(part, 120)}, row {number:,}: {safe_text(why, 120)}"
    if total.others:
        named = sorted(total.others.items(), key=lambda pair: (-pair[1], pair[0]))
        hosts = ", ".join(safe_text(host, 60) for host, _ in named[:3])
        more = f" and {len(named) - 3:,} more" if len(named) > 3 else ""
        yield f"{sum(total.others.values()):,} of other hosts skipped: {hosts}{more}"
    for part, why in sorted(total.failed.items())[:_MOST]:
        yield f"part not counted: {safe_text(part, 160)}: {safe_text(why, 160)}"
    if len(total.failed) > _MOST:
        yield f"part not counted: {len(total.failed) - _MOST:,} more"
    if summary.open_parts:
        yield f"{plural(summary.open_parts, 'part')} not judged yet; the same command goes on"
    if total.more:
        yield f"more than can be kept: {', '.join(sorted(total.more))}; what is kept has whole counts"


def _counted(word: str, reasons: dict[str, int], what: str) -> Iterator[str]:
    ranked = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    for why, count in ranked[:_MOST]:
        yield f"{word}: {safe_text(why, 160)} ({plural(count, what)})"
    if len(ranked) > _MOST:
        yield f"{word}: {plural(len(ranked) - _MOST, 'more reason')}, see report.json"


def closing(summary: Summary) -> str:
    """Sum a run up in a line."""
    kinds = plural(len(summary.open_kinds), "kind") + " of fault"
    read = summary.parts - len(summary.total.failed) - summary.open_parts
    parts = f"{read:,} of {plural(summary.parts, 'part')}"
    judged = plural(summary.judged, "judged answer")
    waived = len(summary.kinds) - len(summary.open_kinds)
    more = f", {waived} waived" if waived else ""
    return f"{summary.verdict}: {kinds} in {judged}{more} · {parts} · {_size(summary.size)}"


def _size(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1000
    return ""
