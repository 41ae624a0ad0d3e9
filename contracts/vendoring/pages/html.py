"""HTML pages become text before anything reads them: once as Markdown, once with every label on its own line.

Own scanner: Python's html.parser takes quadratic time for some malformed pages in the versions we support,
and reads others differently from version to version. This one looks at every character a bounded number of
times and builds no tree, so that depth costs nothing. Scripts, styles, navigation and footers are left out.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from contracts.errors import PageError

MAX_TAGS: Final = 40_000
_TAG = re.compile(r"""</?([a-zA-Z][\w:-]{0,40})((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_CLASS = re.compile(r"""\b(?:class|lang|language|data-language)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_RAW: Final = {
    name: re.compile(rf"</{name}", re.IGNORECASE)
    for name in ("script", "style", "noscript", "template", "svg", "textarea")
}
_SKIP: Final = {"nav", "footer", "select", "iframe", "head"}
_BLOCK: Final = {
    "p", "div", "section", "article", "main", "header", "ul", "ol", "li", "dl", "dt", "dd", "table",
    "thead", "tbody", "tr", "pre",
    "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "br", "details", "summary", "form", "figure",
    "label", "body", "aside", "button",
}  # fmt: skip
_JOINED: Final = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "pre", "summary"}
_VOID: Final = {
    "br",
    "hr",
    "img",
    "input",
    "meta",
    "link",
    "source",
    "wbr",
    "col",
    "area",
    "base",
    "embed",
    "track",
    "param",
}

# A table or a list of terms inside a Markdown page, and its parts.
_OPENS: Final = re.compile(r"^\s{0,12}(?:<div[^<>]*>\s*)?<(table|dl)(?=[\s>])", re.IGNORECASE)
_FENCE: Final = re.compile(r"^\s*(?:`{3,}|~{3,})")
_PIECE: Final = re.compile(r"<(/?)(table|dl|tr|dt|dd)(?=[\s>/])", re.IGNORECASE)
MAX_SPAN: Final = 2_000


class Token(NamedTuple):
    """A piece of HTML: kind "text", "open" or "close"; text or name of the tag; its attributes as written."""

    kind: str
    value: str
    attributes: str = ""


# A label by its class, which its style sets apart from the one before: name, type and badge of a field.
_LABEL = re.compile(
    r"\bclass\s*=\s*[\"'][^\"']*(?:name|type|required|optional|badge|method|url|path)\b", re.IGNORECASE
)


def is_html(text: str) -> bool:
    """Whether a page is HTML and not Markdown that quotes some, or starts with some."""
    start = text[:20_000].lower()
    if not start.lstrip().startswith("<"):
        return False
    if re.search(r"<!doctype html|<html\b|<head\b|<body\b", start):
        return True
    marked = len(re.findall(r"^#{1,6} \S", text[:20_000], re.MULTILINE)) > 1
    return not marked and re.search(r"</(?:div|p|h1|h2|pre|main|article)>", start) is not None


def tokens(text: str, name: str) -> Iterator[Token]:
    """Cut HTML into tokens; PageError when it has more tags than any reference page."""
    at, left = 0, MAX_TAGS
    text_before = ""  # comments and places to break a line part no text
    while at < len(text):
        start = text.find("<", at)
        start = len(text) if start < 0 else start
        text_before += html.unescape(text[at:start])
        at = start
        if at >= len(text):
            break
        left -= 1
        if left < 0:
            raise PageError(f"{name}: more than {MAX_TAGS:,} tags, over the limit for a page")
        token, at = _tag(text, at)
        if token is None or token.value == "wbr":
            continue
        if token.kind == "text":
            text_before += token.value
            continue
        if text_before:
            yield Token("text", text_before)
            text_before = ""
        yield token
        if token.kind == "open" and token.value in _RAW:
            end = _RAW[token.value].search(text, at)
            at = end.start() if end else len(text)
    if text_before:
        yield Token("text", text_before)


def _tag(text: str, at: int) -> tuple[Token | None, int]:
    """Read what stands at a `<`; gives the token, if any, and where to go on."""
    if text.startswith("<!--", at):
        end = text.find("-->", at)
        return None, len(text) if end < 0 else end + 3
    match = _TAG.match(text, at, min(len(text), at + 1500))
    if match:
        kind = "close" if text[at + 1] == "/" else "open"
        return Token(kind, match[1].lower(), match[2]), match.end()
    if text[at + 1 : at + 2].isalpha() or text[at + 1 : at + 2] in {"/", "!", "?"}:
        end = text.find(">", at, at + 5_000)
        name = re.match(r"</?([a-zA-Z][\w:-]{0,40})", text[at : at + 44])
        kind = "close" if text[at + 1] == "/" else "open"
        return (Token(kind, name[1].lower()) if name and end >= 0 else None), (at + 1 if end < 0 else end + 1)
    return Token("text", "<"), at + 1


def markdown(text: str, name: str) -> str:
    """Write a page as Markdown: headings, nested bullets, code, tables."""
    writer = _Markdown()
    for token in _shown(tokens(text, name)):
        writer.take(token)
    return writer.text()


def lines(text: str, name: str) -> str:
    """Write a page with every label on a line of its own, paragraphs and code in one piece."""
    writer = _Lines()
    for token in _shown(tokens(text, name)):
        writer.take(token)
    return "\n".join(writer.done())


def _shown(found: Iterator[Token]) -> Iterator[Token]:
    """Leave out what is no content."""
    skipped: list[str] = []
    for token in found:
        if (
            token.kind == "open"
            and (token.value in _SKIP or token.value in _RAW)
            and token.value not in _VOID
        ):
            skipped.append(token.value)
        elif token.kind == "close" and skipped and token.value in skipped:
            while skipped.pop() != token.value:
                pass
        elif not skipped:
            yield token


class _Lines:
    """Writes labels line by line."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.now: list[str] = []
        self.joined: list[str] = []
        self.open: Counter[str] = Counter()

    def take(self, token: Token) -> None:
        pre = self.open["pre"] > 0
        if token.kind == "text":
            self.now.append(token.value if pre else re.sub(r"\s+", " ", token.value))
            if not self.joined:
                self.flush()
            return
        if token.kind == "open" and token.value in _JOINED:
            self.flush()
            self.joined.append(token.value)
            self.open[token.value] += 1
        elif token.kind == "close" and self.open[token.value]:
            self.flush()
            self._close(token.value)
        elif token.value in _BLOCK and not (pre and token.value != "br"):
            self.flush()
        elif pre and token.value == "br":
            self.now.append("\n")

    def _close(self, name: str) -> None:
        while self.joined:
            last = self.joined.pop()
            self.open[last] -= 1
            if last == name:
                return

    def flush(self) -> None:
        text = "".join(self.now)
        self.now = []
        if self.open["pre"]:
            self.out += text.strip("\n").split("\n")
        elif text.strip():
            self.out += [text.strip(), ""] if self.joined else [text.strip()]

    def done(self) -> list[str]:
        self.flush()
        return self.out


class _Markdown:
    """Writes Markdown."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.now: list[str] = []
        self.lists = 0
        self.bullet = False
        self.pre: list[str] | None = None
        self.ends = "pre"
        self.code = False
        self.info = ""
        self.cells: list[str] | None = None
        self.tables = 0
        self.outer: list[str] | None = None  # the text of a cell around the row of a table inside it
        self.row: list[str] = []
        self.heading = 0

    def take(self, token: Token) -> None:
        if self.pre is not None:
            self._code(token)
        elif token.kind == "text":
            self.now.append(re.sub(r"\s+", " ", token.value))
        elif token.value in {"strong", "b"}:
            self.now.append("**")
        elif token.value == "code":
            self.code = token.kind == "open"
            self.now.append("`")
        elif self.code and token.value in {"ul", "ol", "li", "div"}:
            self.pre, self.ends = [*"".join(self.now).rpartition("`")[2::2], "\n"], "code"
            self.now = ["".join(self.now).rpartition("`")[0]]
        elif token.value in {"td", "th"}:
            self._cell(token)
        elif token.value in _BLOCK:
            self._block(token)
        elif not self.code and token.kind == "open" and _LABEL.search(token.attributes):
            self.now.append(" " if self.now and not self.now[-1].endswith(" ") else "")

    def _code(self, token: Token) -> None:
        assert self.pre is not None
        if token.kind == "text":
            self.pre.append(token.value)
        elif token.value == "br":
            self.pre.append("\n")
        elif token.value == "code" and token.kind == "open":
            self.info = self.info or _language(token.attributes)
        elif self.ends == "code" and token.value in {"li", "div", "ul", "ol"}:
            self.pre.append("\n")
        elif token.value == self.ends and token.kind == "close":
            self.ends, self.code = "pre", False
            body = (
                re.sub(r"\n\s*\n", "\n", "".join(self.pre)).strip("\n")
                if token.value == "code"
                else "".join(self.pre).strip("\n")
            )
            fence = "````" if "```" in body else "```"
            indent = "  " * self.lists
            self.out += [
                "",
                f"{indent}{fence}{self.info}",
                *(f"{indent}{line}" for line in body.split("\n")),
                f"{indent}{fence}",
                "",
            ]
            self.pre = None

    def _cell(self, token: Token) -> None:
        if self.cells is not None:
            text = "".join(self.now).strip()
            if token.kind == "close" and self.outer is None:
                self.cells.append(text)
            elif token.kind == "close" and token.value == "td":
                self.row.append(text)
            self.now = []

    def _inner(self, *, opens: bool) -> None:
        """Write the row of a table inside a cell as a bullet: its cells, apart by dots, without its head."""
        if opens:
            self.outer, self.now, self.row = self.now, [], []
        elif self.outer is not None:
            self.now, self.outer = [*self.outer, f"<br>- {' · '.join(self.row)} " if self.row else ""], None

    def _block(self, token: Token) -> None:
        name = token.value
        self._flush()
        if self.cells is not None and name in {"li", "br"}:
            self.now += [{"li": "<br>- ", "br": "<br>"}[name]] if token.kind == "open" else []
        elif name == "table":
            self.tables = max(self.tables + (1 if token.kind == "open" else -1), 0)
        elif name == "tr" and self.tables > 1 and self.cells is not None:
            self._inner(opens=token.kind == "open")
        elif name in {"ul", "ol"}:
            self.lists = max(self.lists + (1 if token.kind == "open" else -1), 0)
        elif name == "li":
            self.bullet = token.kind == "open"
        elif name == "pre" and token.kind == "open":
            self.pre, self.info = [], _language(token.attributes)
        elif name == "tr":
            if token.kind == "open":
                self.cells = []
            elif self.cells is not None:
                self.out.append(f"| {' | '.join(self.cells)} |")
                self.cells = None
        elif re.fullmatch(r"h[1-6]", name):
            self.heading = int(name[1]) if token.kind == "open" else 0

    def _flush(self) -> None:
        text = "".join(self.now).strip()
        self.now = []
        if not text or text == "**":
            return
        if self.cells is not None:
            self.now = [text + " "]
            return
        indent = "  " * min(max(self.lists - 1, 0), 200)
        if self.heading:
            self.out += ["", "#" * self.heading + " " + text, ""]
        elif self.lists and self.bullet:
            self.out += [f"{indent}- {text}", ""]
            self.bullet = False
        else:
            self.out += [f"{indent}  {text}" if self.lists else text, ""]

    def text(self) -> str:
        self._flush()
        return "\n".join(self.out)


def _language(attributes: str) -> str:
    found = _CLASS.search(attributes[:2000])
    words = (found[1] or found[2] or "") if found else ""
    named = re.search(r"(?:language-|lang-|highlight-source-)(\w+)", words)
    return named[1] if named else words if words in {"json", "yaml", "bash", "http", "python"} else ""


def unfolded(lines: Sequence[str]) -> list[str]:
    """Give the lines of a Markdown page with its HTML tables as rows between bars, and its terms alone.

    The meaning of a term stands behind ": ". What stands on one line stays on it, with line ends between, so
    that every row keeps its number.
    """
    found = list(lines)
    at, fenced = 0, False
    while at < len(found):
        fenced ^= _FENCE.match(found[at][:80]) is not None
        opens = None if fenced else _OPENS.match(found[at][:200])
        end = _end(found, at, opens[1].lower()) if opens else 0
        if end:
            found[at:end] = _written(found[at:end])
        at = max(end, at + 1)
    return found


def _end(lines: Sequence[str], start: int, name: str) -> int:
    """Tell behind which line an element ends; 0 where it never does."""
    depth = 0
    for at in range(start, min(start + MAX_SPAN, len(lines))):
        low = lines[at].lower()
        depth += len(re.findall(rf"<{name}[\s>]", low)) - low.count(f"</{name}>")
        if depth <= 0:
            return at + 1
    return 0


def _written(lines: Sequence[str]) -> list[str]:
    """Write the rows and terms of one element, each on the line where it starts."""
    text = "\n".join(lines)
    found = [""] * len(lines)
    for start, end, name in _pieces(text):
        shown = " ".join(markdown(f"<table>{text[start:end]}</{name}></table>", "").split())
        line = text.count("\n", 0, start)
        one = f": {shown}" if name == "dd" else f"\n{shown}" if name == "dt" else shown
        found[line] = f"{found[line]}\n{one}" if found[line] else one
    return found


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where the outermost rows, terms and meanings start and end."""
    depth, start, name = 0, -1, ""
    for mark in _PIECE.finditer(text):
        kind = mark[2].lower()
        if depth == 1 and start >= 0 and (kind not in {"table", "dl"} or mark[1]):
            yield start, mark.start(), name
            start = -1
        if kind in {"table", "dl"}:
            depth += -1 if mark[1] else 1
        elif depth == 1 and not mark[1]:
            start, name = mark.start(), kind
