"""A prose page as lines of plain text under headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.vendoring.pages import Page, Sample, curls, samples_in

MAX_LINE: Final = 3_000
_ANCHOR = re.compile(r"\s*(?:¶|\[#\]\(#[^)]*\)|\[\u200b\]\([^)]*\)|\{#[\w-]+\})\s*$")
_HASH = re.compile(r"^\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_BOLD = re.compile(r"^\s*(?:\*\*|__)([^*_]{2,80})(?:\*\*|__):?\s*$")
_FUSED_BODY = re.compile(r"^(\s*[^\s{}\[\]\"'][^{}\[\]\"]{0,100}?)(\{\s*(?:\".*|\}.*)?|\[\s*\{.*)$")
_LABEL = re.compile(r"(?<!\d)[2-5]\d\d`?[^\w/]{0,6}$")
_CODE_LINE = re.compile(
    r"^\s*(?:curl|-|print|const|let|var|return|data|import|def|for|if|//|#!)\b|.*[=(`$/]\s*$"
)
_KINDS: Final = (
    ("request", (r"^(?:example |sample |curl )?requests?(?: example| body example| sample)?s?$"
                r"|request body|body param|^body$|python|javascript|node"
                r"|curl example|code example|^example request")),
    ("path", r"^(?:url|path|uri|route)[ -]?(?:params?|parameters?|variables?|arguments?)"),
    ("query", (r"^(?:(?:optional |url )?query(?:[ -]?string)?[ -]?(?:params?|parameters?|arguments?)?"
              r"|(?:request |optional |supported )?param(?:eter)?s"
              r"|arguments|filters)$")),
    ("header", r"^(?:request |http |required )?headers?(?: param(?:eter)?s)?$|^authentication$"),
    ("values", (r"\b(?:status|state|statuses|states|stage|phase)(?:es)?\b.*\b(?:values?|meanings?"
               r"|reference|lifecycle|options|list|definitions?|types?)\b"
               r"|^(?:(?:batch|job|task|item|possible|available|run|\w+) )?(?:statuses|states|lifecycle"
               r"|life cycle)$|^(?:possible|allowed|available) \w+ ?values?"
               r"|^values? (?:of|for) |\b\w+ values$|^what the (?:\w+ )?(?:status|state)\w* means?")),
    ("errors", (r"\berrors?\b|^failures?$|^status codes?$|^(?:http )?(?:response )?status codes?$"
               r"|^(?:http )?(?:response|return) codes?$")),
    ("fields", (r"^(?:response|returned|return|result|output|batch|job|object|body) (?:object "
               r"|body )?(?:fields?|attributes?|properties|schema|parameters?|details)"
               r"|^fields$|^attributes$|^properties$|^the \w+ object$|^returns$")),
    ("response", r"\bresponses?\b|^success\b|^returns?$|^example output|^output$|^sample (?:result|output)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page without its Markdown: number, text, and the section it stands in."""

    number: int
    text: str
    raw: str
    kind: str
    title: str
    heading: bool = False
    code: bool = False


class ProsePage:
    """The rows of a page, its JSON samples, and which lines are code."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines, self.numbers = _parted(page)
        self.curls = curls(page.lines)
        found = list(samples_in(self.lines))
        self.samples = [self._numbered(s) for s in found]
        self.spans = [(s.line - 1, s.end) for s in found]
        self.rows = list(self._rows())

    def _numbered(self, sample: Sample) -> Sample:
        """Give a sample the lines of the page, where parting a line has moved them."""
        places = {at: self.numbers[line - 1] for at, line in sample.places.items()}
        return Sample(sample.value, self.numbers[sample.line - 1], self.numbers[sample.end - 1], places)

    def _rows(self) -> Iterator[Row]:
        anchored = sum(1 for line in self.lines if "¶" in line) >= 2
        hashed = sum(1 for line in self.lines if _HASH.match(line[:200])) >= 2
        inside = {i for start, end in self.spans for i in range(start, end)}
        commands = {n for c in self.curls for n in self._command(c.line)}
        fence, kind, title = False, "", ""
        for index, whole in enumerate(self.lines):
            line = re.sub(r"[ \t\u00a0]{4,}", "   ", whole[:MAX_LINE])
            if re.match(r"^\s*(?:```|~~~)", line):
                fence = not fence
                continue
            code = fence or index in inside or self.numbers[index] in commands
            heading = "" if code else _heading(line, anchored, hashed)
            if heading:
                title, kind = heading, kind_of(heading)
            text = plain(line)
            if text:
                yield Row(self.numbers[index], text, line.strip(), kind, title, bool(heading), code)

    def _command(self, line: int) -> range:
        end = line
        while end < len(self.page.lines) and (
            self.page.lines[end - 1].rstrip().endswith("\\")
            or re.match(r"^\s*-{1,2}[A-Za-z]", self.page.lines[end])
        ):
            end += 1
        return range(line, end + 1)

    def words(self) -> set[str]:
        """All words of the page, lower case."""
        return {w.lower() for row in self.rows for w in re.findall(r"[A-Za-z_]{3,40}", row.text)}

    def of(self, *kinds: str) -> list[Row]:
        """The rows of prose in sections of these kinds."""
        return [r for r in self.rows if r.kind in kinds and not r.heading and not r.code]


def _parted(page: Page) -> tuple[list[str], list[int]]:
    """Put a body that is fused behind words on a line of its own; keep each line's number."""
    lines: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(page.lines, 1):
        match = _FUSED_BODY.match(line[:MAX_LINE]) if "{" in line[:200] or "[" in line[:200] else None
        if match and match[2] and (_LABEL.search(match[1]) or not _CODE_LINE.match(match[1])):
            lines += [match[1], line[len(match[1]) :]]
            numbers += [number, number]
        else:
            lines.append(line)
            numbers.append(number)
    return lines, numbers


def _heading(line: str, anchored: bool, hashed: bool) -> str:
    """Give the heading a line is: by its mark where the page marks headings, else by its words."""
    line = line[:200]
    hash_, anchor, bold = _HASH.match(line), _ANCHOR.search(line), _BOLD.match(line)
    if hash_:
        return plain(_ANCHOR.sub("", hash_[2]))
    if anchor and line.strip() != "¶":
        return plain(_ANCHOR.sub("", line))
    text = plain(line).rstrip(":")
    if bold and kind_of(text):
        return text
    if anchored or (hashed and not bold):
        return ""
    return text if len(text) <= 48 and not text.endswith(".") and kind_of(text) and _titled(line) else ""


def _titled(line: str) -> bool:
    text = line.strip()
    if re.match(r"^[-*|•{\[`\"(]|^\d", text) or not text[:1].isupper():
        return False
    return re.search(r"[=<>|;]|: \S| [-–—] ", text) is None


def kind_of(title: str) -> str:
    """Tell what a section is about by its heading; "" when nothing is known of it."""
    lower = re.sub(r"[^\w\s&-]", " ", re.sub(r"\([^)]*\)", " ", title.lower()))
    lower = re.sub(r"\s+", " ", lower).strip()
    for kind, pattern in _KINDS:
        if re.search(pattern, lower):
            return kind
    return (
        "response"
        if re.search(r"\b2\d\d\b", title)
        else "errors"
        if re.search(r"\b[45]\d\d\b", title)
        else ""
    )


def plain(line: str) -> str:
    """Drop Markdown's marks and odd spaces from a line."""
    text = _ANCHOR.sub("", line.replace("\u00a0", " ").replace("\u200b", "")).strip()
    text = re.sub(r"^#{1,6}\s+", "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)\s]*\)", r"\1", text)
    return re.sub(r"\*\*|__(?=\w)|(?<=\w)__", "", text).strip()
