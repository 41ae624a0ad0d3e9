"""A prose page as lines of plain text under headings, its bodies, and its blocks of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from http import HTTPStatus
from typing import Final

from contracts.vendoring.pages import (
    Page,
    Sample,
    calls,
    command_at,
    curls,
    is_badge_or_type,
    read_facets,
    samples_in,
)
from contracts.vendoring.platforms.prose.parting import FENCE, MAX_LINE, blocks_in, in_items, parted
from contracts.vendoring.platforms.prose.sections import ANSWERED, PUSHED, SENT, Outline, is_title, kind_of

MAX_TITLE: Final = 48
WEAK: Final = 8  # the level of a heading that only its words tell
_ANCHOR = re.compile(r"\s*(?:¶|\[#\]\(#[^)]*\)|\[\]\([^)]*\)|\{#[\w-]+\})\s*$")
_HASH = re.compile(r"^\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_BOLD = re.compile(
    r"^\s*(?:\*{2,3}|__)([^*_]{2,80})(?:\*{2,3}|__):?(?:\s+(?:[-–—]\s+)?[`(]?([2-5]\d\d)\b.{0,40})?\s*$"
)
_PHRASES: Final = {str(s.value): s.phrase.lower() for s in HTTPStatus}
_CHAPTER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+([^\W\d_][^|=<>{}]{2,70})")
_RULE = re.compile(r"[-=~_]{3,}")
_LONE_CODE = re.compile(r"[2-5]\d\d")
_IN_ANSWER = re.compile(r"(?:[-•*]\s+)?(?:[2-5]\d\d$|application/|schema$|[{\[])", re.IGNORECASE)
_MEDIA = re.compile(r"(?:[-*•] )?application/(?:[\w.+-]+\+)?json")
_SCALAR = re.compile(r"required|optional|string|integer|number|boolean")
_MEMBER = re.compile(
    r"[\w$.-]+: (?:optional |array of )*(?:string|integer|number|boolean|object|map|unknown)s?\b.{0,60}"
)
_ROOTS: Final = {"object", "Array<object>"}
_FOUND = re.compile(r"(?:success|returns?\b|ok\b|found\b|retrieved)", re.IGNORECASE)
_FAILED = re.compile(
    r"(?:bad request|unauthori[sz]ed|forbidden|.{0,40}\bnot found|conflict|unprocessable|too many requests"
    r"|internal server error|validation (?:error|failed))\b",
    re.IGNORECASE,
)
_INLINE_TAG = re.compile(
    r"</?(?:span|b|i|mark|code|strong|em|a|p|br|div|font|small|kbd|sup|img|badge)(?: [^<>]{0,300})?/?>",
    re.IGNORECASE,
)
EMPHASIS = re.compile(
    r"(?<![\w*`])\*(?![\s*])([^*|`]{1,60})(?<!\s)\*(?![\w*])|(?<![\w`])_(?![\s_])([^_|`]{1,60})(?<!\s)_(?![\w`])"
)
_FIELD_HEAD = re.compile(
    r"^`[A-Za-z_$][\w.$\[\]-]*`(?:\s+\W?(?:required|optional|deprecated|string|integer|number|boolean|object|array)\b.*)?$",
    re.IGNORECASE,
)
_EMPHASISED_HOLE = re.compile(r"(?<=/)(\*{1,2}|_(?=\{))\{?(\w+)\}?\1(?=[/?\s`]|$)")
_STATES = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE)\b[`*\s]*(?:https?://|/|$)")
_PART = re.compile(
    r"^(?:properties|eigenschaften|propriétés|propiedades):?$"
    r"|\b(?:body|schema|headers?|content|examples?|attributes|samples?)\b",
    re.IGNORECASE,
)
_PART_OF_TAB = re.compile(r"[-*•]\s+(?:application/(?:[\w.+-]+\+)?json|text/plain)")
_OPTIONS = re.compile(
    r"^(?:allowed|possible|available|valid|accepted|enum) (?:enum )?(?:values?|options)$", re.IGNORECASE
)
_STATUS = re.compile(
    r"^(?:[-*•]\s+)?(?:(?:example |sample )?(?:responses?|returns|http|status|code|status code|http"
    r" status)[\s:/1.–—-]*)?`?(?P<code>20\d|226|30[0-8]|[45]\d\d|[2-5]XX|(?-i:default))`?"
    r"(?:$|[\s:|–—-]+(?P<tail>\S.*)?$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page without its Markdown: number, text, the section and the status it stands under."""

    number: int
    text: str
    raw: str
    kind: str
    title: str
    heading: bool = False
    code: bool = False
    indent: int = 0
    status: str = ""
    section: int = 0
    level: int = 0


class ProsePage:
    """The rows of a page, its JSON samples, and which lines are code."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines, self.numbers = parted(page.lines)
        self.blocks = list(blocks_in(self.lines))
        commands = curls(page.lines)
        self.curls = commands or calls(page.lines)
        self.commands = {n for c in commands for n in command_at(page.lines, c.line)}
        self.samples = list(self._samples())
        self.rows = list(_with_status(list(_without_pushes(list(self._rows())))))

    def _samples(self) -> Iterator[Sample]:
        """Read the bodies: in blocks that are no programs, and between blocks, commands left out."""
        fenced = {i for b in self.blocks for i in range(b.first - 2, b.first + len(b.lines))}
        between = ["" if i in fenced or self._commands(i) else line for i, line in enumerate(self.lines)]
        found = [s for s in samples_in(between) if not (self._argument(s.line - 1) or self._of_list(s))]
        for block in self.blocks:
            if not (block.sdk or block.typed):
                found += samples_in(block.lines, block.first, whole=True)
        self.spans = [(s.line - 1, s.end) for s in found]
        for sample in sorted(found, key=lambda s: s.line):
            places = {at: self.numbers[line - 1] for at, line in sample.places.items()}
            yield replace_lines(sample, self.numbers[sample.line - 1], self.numbers[sample.end - 1], places)

    def _of_list(self, sample: Sample) -> bool:
        """Whether a list of plain values stands below a type of lists: it is what one field may hold."""
        above = "".join(self.lines[max(sample.line - 2, 0) : sample.line - 1])
        if not isinstance(sample.value, list) or any(isinstance(one, dict | list) for one in sample.value):
            return False
        said = read_facets(plain(above))
        return said.typed and not said.rest and said.schema.get("type") == "array"

    def _rows(self) -> Iterator[Row]:
        self.anchored = sum(1 for line in self.lines if "¶" in line) >= 2
        self.hashed = sum(1 for line in self.lines if _HASH.match(line[:200])) >= 2
        self.chapters = set() if self.anchored or self.hashed else _chapters(self.lines)
        inside = {i for start, end in self.spans for i in range(start, end)}
        fenced = {i for b in self.blocks for i in range(b.first - 1, b.first - 1 + len(b.lines))}
        listed, was_heading = set(in_items(self.lines)), False
        outline, kind, title, section, before = Outline(), "", "", 0, ""
        for index, whole in enumerate(self.lines):
            line = re.sub(r"[ \t]{4,}", "   ", whole[:MAX_LINE].rstrip()) if whole.strip() else ""
            if FENCE.match(line):
                continue
            code = index in fenced or index in inside or self._commands(index)
            level, heading = (0, "") if code or not line else self._headed(index, line, outline)
            if level == WEAK and (index in listed or self._of_field(index, heading, before)):
                heading = ""
            if not (heading or code) and (heading := self._heads_answer(index, line, kind, outline)):
                level = 2 if self.hashed else WEAK
            before = plain(line) or before
            if heading:
                above = (title, kind) if was_heading else ("", "")
                kind, section = outline.enter(level, heading), section + 1
                title = f"{above[0]} {heading}" if kind == above[1] == "fields" else heading
            was_heading = bool(heading) or (was_heading and not line)
            text = plain(line)
            if kind == "aside" and outline.open[-1][0] == WEAK and self._states(index, text):
                kind = title = ""  # the line above was an entry of a menu
            if text:
                yield Row(
                    self.numbers[index],
                    text,
                    line.strip(),
                    kind,
                    title,
                    bool(heading),
                    code,
                    len(whole) - len(whole.lstrip()),
                    "",
                    section,
                    level if heading else 0,
                )

    def _headed(self, index: int, line: str, outline: Outline) -> tuple[int, str]:
        """Give level and text of the heading on a line: a numbered chapter, or another."""
        if outline.flat in SENT and _LONE_CODE.fullmatch(code := plain(line).lstrip("-•* ")):
            level = outline.open[-1][0] if outline.open else WEAK  # beside the section that ends here
            return (level, code) if code[0] == "2" and self._opens_answer(index) else (0, "")
        if index in self.chapters:
            return 2 + line.split(maxsplit=1)[0].strip(".").count("."), plain(line)
        return _heading(line, outline, anchored=self.anchored, hashed=self.hashed)

    def _opens_answer(self, index: int) -> bool:
        """Whether an answer starts below a lone status: another status, a media type, a schema or a body."""
        return _IN_ANSWER.match(self._following(index)) is not None

    def _states(self, index: int, text: str) -> bool:
        """Whether a line is a method whose path stands below it."""
        below = re.match(r"(?:https?:/)?/[\w{:]", self._following(index))
        return below is not None and re.fullmatch(r"GET|POST|PUT|PATCH|DELETE|get|post", text) is not None

    def _following(self, index: int) -> str:
        return next((plain(line) for line in self.lines[index + 1 : index + 3] if line.strip()), "")

    def _of_field(self, index: int, heading: str, before: str) -> bool:
        """Whether a line is no heading but a field called like a section, or prose below a field's type."""
        if " " not in heading and self._typed_below(index):
            return True
        if _MEMBER.fullmatch(before) and (len(heading.split()) > 3 or kind_of(heading) == "aside"):
            return True
        named = " " not in heading and _SCALAR.fullmatch(self._following(index)) is not None
        return named or (len(heading.split()) > 3 and is_badge_or_type(before))

    def _typed_below(self, index: int) -> bool:
        """Whether a labelled type ("Type: String") stands below a word, before the next such word."""
        below = [plain(line) for line in self.lines[index + 1 : index + 8] if line.strip()]
        lone = next((at for at, text in enumerate(below) if " " not in text), len(below))
        return any(re.match(r"(?:data )?type\s*:\s*\S", text, re.IGNORECASE) for text in below[:lone][:4])

    def _heads_answer(self, index: int, line: str, kind: str, outline: Outline) -> str:
        """Give the heading of an answer that has none: behind headers, or above what names its whole body."""
        if kind == "returned headers":
            body = _MEDIA.fullmatch(line.strip()) or line.strip(" *:").lower() in {"data", "body"}
            return "Response" if body else ""
        failed = _FAILED.match(line)
        found = failed or (outline.flat not in ANSWERED and _FOUND.match(line))
        if not found or self._following(index) not in _ROOTS:
            return ""
        return "Errors" if failed else "Response"

    def _argument(self, index: int) -> bool:
        """Whether a bracket opens an argument or a value in a program, by the line above it."""
        above = next((line for line in reversed(self.lines[max(index - 3, 0) : index]) if line.strip()), "")
        return re.search(r"(?:\(|=|=>|[`'\"],)\s*$", above[-200:]) is not None

    def _commands(self, index: int) -> bool:
        """Whether a line belongs to a command; a body glued behind one does not."""
        number = self.numbers[index]
        return number in self.commands and not (index and self.numbers[index - 1] == number)

    def words(self) -> set[str]:
        """All words of the page, lower case."""
        return {w.lower() for row in self.rows for w in re.findall(r"[A-Za-z_]{3,40}", row.text)}

    def sections(self) -> Iterator[list[Row]]:
        """Yield the rows of prose of every section, apart by status too."""
        run: list[Row] = []
        for row in self.rows:
            if run and (row.section, row.status) != (run[-1].section, run[-1].status):
                yield run
                run = []
            run += [row]
        if run:
            yield run


@lru_cache(maxsize=2)
def prose_page(page: Page) -> ProsePage:
    """Lay a page out once: recognising it, cutting it and reading its one operation ask for the same rows."""
    return ProsePage(page)


def replace_lines(sample: Sample, line: int, end: int, places: dict[str, int]) -> Sample:
    """Give a sample the lines of the page, where parting a line has moved them."""
    return sample._replace(line=line, end=end, places=places)


def _without_pushes(rows: list[Row]) -> Iterator[Row]:
    """Set aside the sections that say what the vendor sends to its user, as a webhook, and no operation."""
    pushed = {r.section for r in rows if r.section and not (r.code or r.kind) and PUSHED.search(r.text)}
    pushed -= {r.section for r in rows if r.level == 1 or (r.section in pushed and _STATES.search(r.text))}
    yield from (replace(row, kind="aside") if row.section in pushed else row for row in rows)


def _with_status(rows: list[Row]) -> Iterator[Row]:
    """Give every row under a status line that status.

    Of tabs in a row the first successful one is shown, or each in turn where as many schemas follow.
    """
    status, last = "", -2
    tabs: list[str] = []
    shown = -1
    for index, row in enumerate(rows):
        if tabs and last == index - 1 and row.text.lower() == _PHRASES.get(tabs[-1]):
            last = index
            yield replace(row, status=status)
            continue
        match = None if row.code else _STATUS.match(row.text)
        plainly = match and (
            _PHRASES.get(match["code"], "-") == (match["tail"] or "").lower() or _in_tabs(rows, index)
        )
        if row.kind not in {"response", "errors", "fields"} and not row.heading and not plainly:
            match = None
        if match and len(row.text) < 120 and "|" not in row.raw and "\t" not in row.raw:
            alone = not match["tail"]
            together = alone and bool(tabs) and last == index - 1
            status = status if together and (status[0] == "2" or match["code"][0] != "2") else match["code"]
            tabs = [*(tabs if together else []), match["code"]] if alone else []
            last, shown = index, -1
        elif len(tabs) > 1 and _PART_OF_TAB.fullmatch(row.text):
            shown += 1
            status = tabs[shown] if shown < len(tabs) else status
        elif row.heading and not (row.kind in {*ANSWERED, "returned headers"} and _PART.search(row.text)):
            status = ""
        yield replace(row, status=status) if status else row


def _in_tabs(rows: list[Row], index: int) -> bool:
    """Whether a line holds a status and nothing else, and the line above or below another."""
    around = rows[max(index - 1, 0) : index] + rows[index : index + 2]
    return sum(1 for row in around if _LONE_CODE.fullmatch(row.text)) > 1


def _chapters(lines: list[str]) -> set[int]:
    """Give the indexes of numbered headings ("2.1 Query parameters"): short, alone, two of them known."""
    found = {
        index
        for index, line in enumerate(lines)
        if (title := _CHAPTER.fullmatch(line[:100].rstrip()))
        and not title[1].endswith((".", ",", ";", ":"))
        and all(
            not around.strip() or _RULE.fullmatch(around.strip()) for around in lines[index + 1 : index + 2]
        )
        and (index == 0 or not lines[index - 1].strip())
    }
    known = [i for i in found if (title := _CHAPTER.fullmatch(lines[i].rstrip())) and kind_of(title[1])]
    return found if len(known) > 1 else set()


def _heading(line: str, outline: Outline, *, anchored: bool, hashed: bool) -> tuple[int, str]:
    """Give level and text of the heading a line is: by its mark if the page marks headings, else by words."""
    line = line[:200]
    hash_, anchor, bold = _HASH.match(line), _ANCHOR.search(line), _BOLD.match(line)
    if hash_:
        title = plain(_ANCHOR.sub("", hash_[2]))
        listed = bool(outline.open) and _FIELD_HEAD.match(title) is not None
        return (0, "") if listed else (len(hash_[1]), title)
    if anchor and line.strip() != "¶":
        return 6, plain(_ANCHOR.sub("", line))
    text = plain(line).rstrip(":： ")
    if line.lstrip()[:1] == "•" and kind_of(text.lstrip("• ")) in {"request", "response"}:
        line = text = text.lstrip("• ")
    if _OPTIONS.match(text):
        return 0, ""
    if bold and kind_of(text):
        return 7, text
    colon = line.rstrip().endswith((":", "："))
    if (anchored or (hashed and not bold)) and not colon:
        return 0, ""
    short = len(re.sub(r"\s*\([^)]*\)", "", text)) <= MAX_TITLE
    known = short and not text.endswith(".") and is_title(text) and _titled(line, colon=colon)
    return (WEAK, text) if known else (0, "")


def _titled(line: str, *, colon: bool) -> bool:
    text = line.strip()
    lower = re.match(
        r"^(?:path|query|header|cookie) [Pp]arameters\b|^[a-z]+ responses?$|^[a-z_]+ objects?:?$", text
    )
    if line[:1] == " " and text.endswith(("object", "objects")):
        lower = None  # a field of that type
    if re.match(r"^[-*|•{\[`\"(<]|^\d|^(?:Hide|Show)\b", text) or not (
        text[:1].isupper() or text[:1] > "\x7f" or lower
    ):
        return False
    return (
        re.search(
            r"[=<>|;]|: \S| [-–—] ",
            "" if re.match(r"(?:response|request body) schema\s*:", text, re.IGNORECASE) else text,
        )
        is None
    )


def plain(line: str) -> str:
    """Drop Markdown's marks and odd spaces from a line."""
    text = _ANCHOR.sub("", line).strip()
    text = re.sub(r"^#{1,6}\s+", "", text)
    text = _INLINE_TAG.sub("", text) if "<" in text else text
    text = re.sub(r"\[([^\]]+)\]\([^)\s]*\)", r"\1", text)
    text = unescape(text) if "&" in text and ";" in text else text
    text = _EMPHASISED_HOLE.sub(r"{\2}", text) if "/*" in text or "/_" in text else text
    text = re.sub(r"(?<![\w?&])__(?=\S)([^_].*?)__(?!\w)", r"\1", text.replace("**", ""))
    return EMPHASIS.sub(lambda m: m[1] or m[2], text).strip()
