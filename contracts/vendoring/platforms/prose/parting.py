"""The lines of a page, parted where things are fused; its blocks of code; which lines belong to items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from contracts.vendoring.pages import glued_bodies, unfolded
from contracts.vendoring.platforms.prose.columns import laid

MAX_LINE: Final = 3_000
FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*([^`\s]*)")
_FUSED_BODY = re.compile(r"^(\s*[^\s{}\[\]\"'][^{}\[\]\"]{0,100}?)(\{\s*(?:\".*|\}.*)?|\[\s*\{.*)$")
_FUSED_HEAD = re.compile(
    r"^((?:.{0,250}(?<=[\"'`.)\]\d])|(?:[a-z_]+, )+[a-z_]+?|GET|POST|PUT|PATCH|DELETE|/\S{3,200}[a-z}]))"
    r"((?:Path |Query |Header )[Pp]arameters|Responses?|Re(?:quest|sponse) Body|Authorizations|METHOD)$"
)
_FUSED_EXAMPLE = re.compile(r"^([\w.-]{1,60}?[a-z0-9])(Responses)$")
_FUSED_TABLE = re.compile(r"^([^|]{3,2000}[.:!)])(\|(?:[^|]{1,60}\|){2,20})\s*$")
_TITLED = re.compile(r"Section titled “([^”]{1,80})”(.*)$")
_BUTTON = re.compile(r"ADD (?i:STRING|OBJECT|INTEGER|NUMBER|BOOLEAN|ARRAY|FIELD|FILE|ITEM)")
_ANCHOR = re.compile(
    r"(.*?)[\s\u200b]*Copy link(?: to .{1,200})?$"
)  # what a heading or a field carries for ears
_FUSED_FIELD = re.compile(
    r"[a-z_][\w.]{0,40}?(?:string|integer|number|boolean|object|array|'[^']{1,40}')(?:optional|required)"
)
_ONE_CELL = re.compile(r"\s*\|([^|]+)\|\s*$")
_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*\|")
_CLOSED_STATUS = re.compile(r"^([}\]])\s*([2-5]\d\d(?: [A-Z][\w ]{1,40})?)$")
_CLOSED_TITLE = re.compile(r"^([}\]])(\d{0,2}[A-ZÀ-Ý][^{}\[\]\"]{3,300})$")
_CLOSED_BODY = re.compile(r"^([}\]])([{\[])$")
_CLOSED_COMMAND = re.compile(
    r"^(\s*(?:-{1,2}[A-Za-z]|curl\b).*['\"])\s+((?:(?:Example|Sample) )?Responses?:?)$"
)
_FUSED_STATUS = re.compile(r"^([^{}\"/=]{3,200}[a-z.])([45]\d\d)$")
_GLUED: Final = (_FUSED_HEAD, _CLOSED_STATUS, _CLOSED_TITLE, _FUSED_STATUS, _CLOSED_BODY, _CLOSED_COMMAND)
_LABEL = re.compile(r"(?<!\d)[2-5]\d\d`?[^\w/]{0,6}$")
_CODE_LINE = re.compile(
    r"^\s*(?:curl|-|print|const|let|var|return|data|import|def|for|if|interface|type|export|//|#!)\b|.*[=(`$/]\s*$"
)
_ITEM = re.compile(r"\s*[-*•+◦▪‣]\s")
_TYPED: Final = re.compile(
    r"[A-Za-z_$][\w$]*\?\s*:|\[\w+\s*:\s*string\]\s*:|[A-Za-z_$][\w$]*\s*:\s*[A-Za-z<>\[\]| ]+;"
)
_SDK: Final = {
    "python", "py", "javascript", "js", "node", "nodejs", "typescript", "ts", "tsx", "ruby", "rb", "php",
    "go", "golang",
    "java", "kotlin", "csharp", "cs", "c#", "swift", "rust", "bash", "shell", "sh", "curl", "powershell",
    "dart", "r", "xml", "yaml", "html", "sql",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code: its language, first and last line of code, and the lines."""

    language: str
    first: int
    lines: tuple[str, ...]

    @property
    def typed(self) -> bool:
        """Whether it writes out a type in the way of TypeScript, without a name, and no body."""
        texts = [line.strip() for line in self.lines if line.strip()]
        return texts[:1] == ["{"] and any(map(_TYPED.match, texts))

    @property
    def sdk(self) -> bool:
        """Whether it is a program or a command and no body."""
        texts = (line.strip() for line in self.lines)
        start = next((text for text in texts if text and not text.startswith(("//", "#", "/*"))), "")
        return self.language in _SDK and not (
            start[:1] in "{[" and self.language in {"bash", "shell", "sh", "curl", "js", "javascript"}
        )


def parted(whole: Sequence[str]) -> tuple[list[str], list[int]]:
    """Put what is fused behind words on a line of its own; keep each line's number."""
    lines: list[str] = []
    numbers: list[int] = []
    fenced = {
        n for block in blocks_in(list(whole)) for n in range(block.first, block.first + len(block.lines))
    }
    rows = laid([_branch(line) for line in unfolded(whole)])
    for number, line in enumerate(rows, 1):
        below = rows[number][:200] if number < len(rows) else ""
        shown = number > 1 and whole[number - 2].rstrip().endswith("Example:")
        pieces = [line] if number in fenced else _pieces(line, below, shown=shown)
        lines += pieces
        numbers += [number] * len(pieces)
    return lines, numbers


def _fused_fields(line: str) -> list[str]:
    """Part fields that run together on one line: `bytesintegeroptionalnamestringrequired`."""
    found = list(_FUSED_FIELD.finditer(line)) if "optional" in line or "required" in line else []
    starts = [two.start() for one, two in pairwise(found) if one.end() == two.start()]
    if not starts:
        return []
    return [line[a:b] for a, b in pairwise([0, *starts, len(line)])]


def _pieces(line: str, below: str, *, shown: bool) -> list[str]:
    """Part a line before a body, a heading, a status or a table's head that is fused behind its words."""
    if "\n" in line:
        return line.split("\n")
    if titled := _TITLED.match(line[:200]):
        rest = line[titled.start(2) :]
        return [f"## {titled[1]}", *(_pieces(rest, below, shown=False) if rest.strip() else [])]
    if _BUTTON.fullmatch(line[:40].strip()):
        return [""]
    if anchor := _ANCHOR.match(line[:300]):
        return [anchor[1]]
    if (cell := _ONE_CELL.match(line[:MAX_LINE])) and cell[1].strip()[:1] not in {"{", "["}:
        return re.split(r"<br\s*/?>", cell[1].strip()) if set(cell[1]) - set("-: ") else [""]
    if len(fields := _fused_fields(line[:MAX_LINE])) > 1:
        return fields
    if len(bodies := glued_bodies(line)) > 1:
        return bodies
    if _RULE.match(below) and (glued := _FUSED_TABLE.match(line)):
        return [glued[1], glued[2]]
    if below[:1] == "|" and _RULE.match(below) and line[:1].isalpha() and line.count("|") == below.count("|"):
        return [line[: line.index("|")], line[line.index("|") :]]  # a caption before the head
    patterns = (*_GLUED, _FUSED_EXAMPLE) if shown else _GLUED
    if glued := next((m for p in patterns if (m := p.match(line[:300]))), None):
        return [glued[1], glued[2]]
    opens = "{" in line[:200] or "[" in line[:200]
    match = _FUSED_BODY.match(line[:MAX_LINE]) if opens else None
    if match is None or not match[2] or line.lstrip().startswith(("<", "{%")):
        return [line]
    if (
        re.match(
            r"\s+(?:examples?|beispiel|ejemplo|exemple|exemplo|default|e\.g\.):\s*$", match[1], re.IGNORECASE
        )
        and line.rstrip()[-1:] in "]}"
    ):
        return [line]  # the example of a field
    stands = _LABEL.search(match[1]) or not _CODE_LINE.match(match[1])
    return [match[1], line[len(match[1]) :]] if stands else [line]


def in_items(lines: list[str]) -> Iterator[int]:
    """Yield the indexes of the lines that belong to a bullet above: they stand deeper than its mark."""
    item = -1
    for index, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if _ITEM.match(line[:200]):
            item = indent
        elif line.strip() and item >= 0:
            item = item if indent > item else -1
            if item >= 0:
                yield index


def _branch(line: str) -> str:
    """Write a line of a tree (├─ name) as an indented bullet."""
    tree = (
        re.match(r"\s*([│├└][│├└─\s]*)(?=[A-Za-z_`])", line) if line.lstrip()[:1] in {"│", "├", "└"} else None
    )
    return f"{'  ' * len(re.findall('[│├└]', tree[1]))}- {line[tree.end() :]}" if tree else line


def blocks_in(lines: list[str]) -> Iterator[Block]:
    """Yield the fenced blocks; one that is never closed runs to the end."""
    start, mark, language = 0, "", ""
    for number, line in enumerate(lines, 1):
        match = FENCE.match(line[:200])
        if not match:
            continue
        if not start:
            start, mark, language = number, match[1], match[2].strip("{}.:").lower()
        elif match[1].startswith(mark) and not match[2]:
            yield Block(language, start + 1, tuple(lines[start : number - 1]))
            start = 0
    if start:
        yield Block(language, start + 1, tuple(lines[start:]))
