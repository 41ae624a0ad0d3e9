"""A page is cut into its operations before anything is read: each is a page, lines keep their numbers."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from contracts.vendoring.pages import Page
from contracts.vendoring.platforms.prose.operations.stated import Address, stated
from contracts.vendoring.platforms.prose.operations.template import bare_path, fills
from contracts.vendoring.platforms.prose.sections import ANSWERED, SENT
from contracts.vendoring.platforms.prose.text import ProsePage, Row, prose_page

MAX_OPERATIONS: Final = 60
_PART = re.compile(  # headings of parts of an operation that are no title
    r"(?:http )?(?:(?:endpoint|request|method|resource) )?(?:method|endpoint|url|uri|route|path|description"
    r"|summary|overview|details|definition|info(?:rmation)?)s?:?",
    re.IGNORECASE,
)
_CODE = re.compile(r"[2-5]\d\d\b")
_METHODS: Final = {"get", "post", "put", "patch", "delete", "head"}
_MARKED: Final = 6  # the levels of headings that the page itself marks
_FOR_ALL: Final = {"key", "errors", "header"}
_SHARED = re.compile(
    r"https?://|\b(?:bearer|basic auth|api[- ]key|authorization)\b|\bheader\b.*\w-\w"
    r"|^#{1,6} (?:authentication|security)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """The lines of one operation, both included; `others` are those that state its neighbours."""

    statement: Address
    start: int
    end: int
    others: frozenset[int] = frozenset()


def segments(page: Page) -> list[tuple[Page, range]]:
    """Cut a page at the lines that state an operation; the page itself when it has one operation or none.

    Beside each part stand the numbers of its own lines.
    """
    prose = prose_page(page)
    spans = [s for s in _spans(prose) if _filled(prose, s)]
    best: dict[tuple[str, str], Span] = {}
    for span in spans:
        key = (span.statement.method, _alike(span.statement, spans))
        if key not in best or _weight(span) > _weight(best[key]):
            best[key] = span
    if len(best) < 2:
        return [(page, range(len(page.lines) + 1))]
    first = min(s.start for s in best.values())
    chosen = list(best.values())[:MAX_OPERATIONS]
    common = _common(prose, list(best.values()))
    return [(_cut(page, span, first, common), range(span.start, span.end + 1)) for span in chosen]


def _common(prose: ProsePage, spans: list[Span]) -> set[int]:
    """Give the lines of no operation that hold for all: keys, errors, and objects that are described once.

    Examples among them are of no operation either, and left out.
    """
    inside = {n for span in spans for n in range(span.start, span.end + 1)}
    inside |= {address.line for address in stated(prose)}  # a list of operations is none of their parts
    found: set[int] = set()
    for section in prose.sections():
        rows = [row for row in section if not row.code]
        lists = any("|" in row.raw for row in rows)
        if rows and rows[0].heading and not inside & {row.number for row in rows}:
            kept = rows[0].kind in _FOR_ALL or (lists and rows[0].kind in {"", "fields"})
            found |= {row.number for row in rows} if kept else set()
    return found


def _weight(span: Span) -> tuple[bool, int]:
    """Order the spans of one operation: one of its own before one that it shares, then the longer one."""
    return not span.others, span.end - span.start


def _alike(address: Address, spans: list[Span]) -> str:
    """Give the bare path of an address; of a whole URL that ends in a path stated alone, that path."""
    mine = bare_path(address.url)
    if not address.url.startswith("http"):
        return mine
    alone = [s.statement for s in spans if s.statement.method == address.method]
    paths = [bare_path(a.url) for a in alone if a.url.startswith("/")]
    return next((p for p in paths if mine.endswith(p) and "{}" not in mine.removesuffix(p)), mine)


def _spans(prose: ProsePage) -> Iterator[Span]:
    found = _without_contents(prose, list(stated(prose)))
    found = [a for i, a in enumerate(found) if not _told_again(a, found[:i], prose)]
    found = [*found, *_commanded(prose, found)] if len(found) < 2 else found
    if len({(a.method, a.url) for a in found}) < 2:
        return
    starts = (
        _after_samples(prose, found)
        if _trails(prose, found[0])
        else [_start(prose, a, found[i - 1].line if i else 0) for i, a in enumerate(found)]
    )
    fences = (prose.numbers[block.first - 2 : block.first] for block in prose.blocks if block.lines)
    opened = {first: fence for fence, first in fences}
    starts = [opened.get(start, start) for start in starts]
    for group in _groups(prose, found):
        last = found[group[-1]].line
        later = [s for s in starts[group[-1] + 1 :] if s > last]
        end = (min(later) - 1) if later else len(prose.page.lines)
        end = _closed(prose, starts[group[0]], last, end)
        lines = frozenset(found[i].line for i in group)
        yield from (Span(found[i], starts[group[0]], end, lines - {found[i].line}) for i in group)


def _commanded(prose: ProsePage, found: list[Address]) -> Iterator[Address]:
    """Yield the operations that only a command shows: another address, with an answer of its own below."""
    known = [*found]
    ends = [*(curl.line for curl in prose.curls[1:]), len(prose.page.lines) + 1]
    for curl, following in zip(prose.curls, ends, strict=False):
        address = Address(curl.method, curl.url, curl.line)
        answered = any(curl.line < sample.line < following for sample in prose.samples)
        told = any(a.method == curl.method and fills(curl.url, a.url) for a in known)
        if told or (found and curl.line < found[0].line):
            continue
        if answered:
            known.append(address)
            yield address


def _closed(prose: ProsePage, start: int, stated: int, end: int) -> int:
    """Tell where an operation ends: before a heading above its own, or beside it if it has sections below."""
    levels = {r.number: r.level for r in prose.rows if r.heading}
    own = levels.get(stated) or levels.get(start, 0)
    deeper = False
    beside = [row for row in prose.rows if row.heading and row.level == own and row.kind]
    for row in prose.rows:
        if not 0 < own <= _MARKED or not row.heading or not stated < row.number <= end:
            continue
        lone = beside == [row] and row.kind in _FOR_ALL
        if row.level < own or (row.level == own and (deeper or lone)):
            return row.number - 1
        deeper = deeper or (own < row.level and bool(row.kind))
    return end


def _groups(prose: ProsePage, found: list[Address]) -> list[list[int]]:
    """Put statements together that follow each other with nothing between: one section is about them all."""
    numbers = [row.number for row in prose.rows if row.text.lower() not in _METHODS]
    groups: list[list[int]] = []
    for index, address in enumerate(found):
        before = found[index - 1].line if index else 0
        if index and bisect_right(numbers, before) >= bisect_left(numbers, address.line):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _told_again(address: Address, before: list[Address], prose: ProsePage) -> bool:
    """Whether an address is an example of an operation that stands above, under no title of its own."""
    alike = [a for a in before if a.method == address.method and fills(address.url, a.url)]
    if not alike:
        return False
    row = next((r for r in prose.rows if r.number == address.line), None)
    if row is None or row.kind in {"request", "response"}:
        return row is not None
    between = [r for r in prose.rows if alike[-1].line < r.number <= address.line and r.heading]
    return row.code and all(r.kind for r in between)


def _without_contents(prose: ProsePage, found: list[Address]) -> list[Address]:
    """Leave out a table of contents: statements that follow each other, all of which stand again below."""
    kept: list[Address] = []
    groups = [[found[i] for i in group] for group in _groups(prose, found)]
    for at, group in enumerate(groups):
        below = {(a.method, bare_path(a.url)) for later in groups[at + 1 :] for a in later}
        listed = len(group) > 1 and all((a.method, bare_path(a.url)) in below for a in group)
        kept += [] if listed else group
    return kept


def _trails(prose: ProsePage, first: Address) -> bool:
    """Whether the fields stand before the line that states the operation, as in Redoc."""
    heads = [r for r in prose.rows if r.number < first.line and r.heading]
    titles = [at for at, row in enumerate(heads) if not row.kind and row.level > 1]
    kinds = {row.kind for row in heads[titles[-1] if titles else 0 :]}
    return bool(kinds & (ANSWERED | (SENT - {"key", "request"})))


def _after_samples(prose: ProsePage, found: list[Address]) -> list[int]:
    starts = [1]
    for here, following in pairwise(found):
        ends = [s.end for s in prose.samples if here.line < s.line < following.line]
        start = (max(ends) if ends else here.line) + 1
        closing = bool(ends) and re.match(r"\s*(?:`{3}|~{3})", prose.page.lines[start - 1]) is not None
        starts.append(start + closing)
    return starts


def _start(prose: ProsePage, address: Address, after: int) -> int:
    """Find the title above a statement: the nearest heading that names no section, else the line before."""
    above = [r for r in prose.rows if after < r.number < address.line]
    if above and not above[-1].heading and any(r.heading for r in prose.rows if r.number == address.line):
        return address.line
    heads = [r for r in above if r.heading and not (r.kind or r.code or _PART.fullmatch(r.text))]
    named = [r for r in heads if address.url in r.text]
    if heads:
        return (named or heads)[-1].number
    code = max((r.number for r in above if r.code), default=0)
    statuses = {below.number for r, below in pairwise(above) if _CODE.fullmatch(r.text)}
    lone = [
        r
        for r in above[-2:]
        if r.number > code
        and not (_CODE.match(r.text) or r.number in statuses)
        and not (r.heading and r.kind)
        and len(r.text) < 80
        and not r.text.endswith((".", ":"))
        and r.raw[:1] not in "|{-*"
    ]
    return lone[0].number if lone and after < lone[0].number else address.line


def _filled(prose: ProsePage, span: Span) -> bool:
    """Whether a statement has a section of its own and is no entry of a list of endpoints."""
    if any(r.heading and not r.kind and r.number == span.start for r in prose.rows):
        return True
    inside: list[Row] = [
        r for r in prose.rows if span.start <= r.number <= span.end and r.number != span.statement.line
    ]
    return any(r.code or r.kind or "|" in r.raw for r in inside)


def _cut(page: Page, span: Span, first: int, common: set[int]) -> Page:
    lines = [
        line
        if (span.start <= n <= span.end and n not in span.others)
        or n in common
        or (n < first and _SHARED.search(line) and not re.match(r"\s*(?:[-*+]\s|\|)", line))
        else ""
        for n, line in enumerate(page.lines, 1)
    ]
    at, url = span.statement.line - 1, span.statement.url
    if not any(url in line for line in lines):  # the heading above holds the path, and stands for others too
        lines[at] = re.sub(r"(?<!\w)[A-Za-z]{3,6}\b", lambda m: f"{m[0].upper()} {url}", lines[at], count=1)
    return Page(page.name, tuple(lines))
