"""Text normalised once, line by line, so that no reader meets odd spaces, marks or quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import unescape
from typing import Final

_SPACES: Final = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u200a\u3000"), " ")
_NOTHING: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\ufe0f"), "")
_ANCHOR = re.compile(
    r"^(\s{0,3}#{1,6}\s.{0,400}?)\s*(?:\[(?:#|¶|\u200b)?\]\(#?[^)\s]{0,200}(?:\s\"[^\"]{0,200}\")?\)|\{#[\w-]{1,100}\}|¶)\s*$"
)
_LINKED = re.compile(r"^(\s{0,3}#{1,6}\s+)(?:<a\b[^<>]{0,200}>\s*(?:</a>)?|\[\]\(#[^)\s]{0,200}\))\s*")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
# A typographic quote counts as a straight one only where a key, a value or a mapping starts and ends.
_QUOTED = re.compile(r"(^\s*(?:- )?|[\[{:,(]\s*)[“”„‘’]([^“”„‘’\"']{0,300})[“”‘’](?=\s*(?:[:,\]})|]|$))")
_RULE = re.compile(r"\|?(?:\s?:?-{2,60}:?\s?\|){1,40}(?:\s?:?-{2,60}:?)?\s?")
MAX_CELL: Final = 2_000
_TITLED = re.compile(r"Section titled “([^”]{1,80})”")
_TITLE_TAG = re.compile(r"<h([1-6])(?:\s[^<>]*)?>(?:<a\b[^<>]*>(?:</a>)?)?\s*([^<>]+?)\s*(?:</a>)?</h\1>\s*$")
_OPENS = re.compile(r"- \w+ \($")
_NEXT = re.compile(r"\s(- \w+ \()$")
_CLOSE_HASH = re.compile(r"^(#{2,6})(?=[A-Z])")
_ESCAPED = re.compile(r"\\([{}<>_\[\]])")
_COUNTED = re.compile(
    r"^(\s*(?:\"[^\"]{1,100}\"\s*:\s*)?[{\[])\s?\d+ [^\W\d_]{2,20}$"
)  # as viewers of JSON write
_ALL_ESCAPED = re.compile(r'\s*(?:[{\[]\s*)?\\"(?:[^"\\]|\\")*$')
_BLOCK = re.compile(r"\[block:(parameters|code)\]")
_OPTIONAL = re.compile(r"^(\s*\.\. http:\w{3,6}:: )\[[^\]]{0,100}\]")  # a part of a path that may be left out
_ESCAPED_BODY: Final = {"{&quot;", "[&quot;", "[{&quot"}
_MARKS: Final = "“”„‘’"


def normal(lines: Sequence[str]) -> tuple[str, ...]:
    """Give the lines with plain spaces, no invisible marks, straight quotes in code, no common indent."""
    table = {**_SPACES, **_NOTHING}
    found = [line if line.isascii() else line.translate(table) for line in lines]
    found = [_COUNTED.sub(r"\1", line) if line[-1:].isalpha() else line for line in found]
    found = [_OPTIONAL.sub(r"\1", line) if line.lstrip()[:3] == ".. " else line for line in found]
    found = [line.replace('\\"', '"') if _ALL_ESCAPED.match(line) else line for line in found]
    found = _unblocked(found)
    found = [unescape(line) if line.lstrip()[:7] in _ESCAPED_BODY else line for line in found]
    found = [_CLOSE_HASH.sub(r"\1 ", line) if line[:2] == "##" else line for line in found]
    found = [line.replace("http(s)://", "https://") if "http(s)" in line else line for line in found]
    found = [
        _LINKED.sub(r"\1", _ANCHOR.sub(r"\1", line)) if line.lstrip()[:1] == "#" else line for line in found
    ]
    for at, line in enumerate(found):
        if line[:2] == "<h" and (title := _TITLE_TAG.match(line[:400])):
            found[at] = f"{'#' * int(title[1])} {title[2]}"
        if (
            line.endswith("(")
            and _OPENS.match(line)
            and at + 1 < len(found)
            and len(found[at + 1]) < MAX_CELL
        ):
            split = _NEXT.search(found[at + 1])
            behind = found[at + 1][: split.start()] if split else found[at + 1]
            found[at], found[at + 1] = line + behind, split[1] if split else ""
        if (titled := _TITLED.match(line)) and at and found[at - 1].endswith(titled[1]):
            found[at - 1] = found[at - 1].removesuffix(titled[1])
    return tuple(_straight(_rejoined(_unbulleted(_unnumbered(_dedented(found))))))


def _unblocked(lines: list[str]) -> list[str]:
    """Write the tables and the code of ReadMe's stored pages ([block:code] and the like) as Markdown."""
    ends = [n for n, line in enumerate(lines) if line.strip() == "[/block]"]
    found = list(lines)
    at = -1
    for end in ends:
        starts = [n for n in range(max(at + 1, end - 2_000), end) if _BLOCK.fullmatch(found[n].strip())]
        kind = _BLOCK.fullmatch(found[starts[-1]].strip()) if starts else None
        if kind:
            room = end - starts[-1] + 1
            written = _of_block(kind[1], "\n".join(found[starts[-1] + 1 : end]), room)
            if written and len(written) <= room:
                found[starts[-1] : end + 1] = written + [""] * (room - len(written))
        at = end
    return found


def _of_block(kind: str, text: str, room: int) -> list[str]:
    """Give the lines of one block, code on one line where there is no room; [] for one not understood."""
    try:
        value = json.loads(text)
        if kind == "code":
            whole = [line for one in value["codes"] for line in ["```json", *one["code"].split("\n"), "```"]]
            short = [
                line for one in value["codes"] for line in ["```json", " ".join(one["code"].split()), "```"]
            ]
            return whole if len(whole) <= room else short
        cells, columns = value["data"], range(int(value["cols"]))
        heads = ["h", *range(int(value["rows"]))]
        rows = [" | ".join(str(cells.get(f"{row}-{n}", "")) for n in columns) for row in heads]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    table = [f"| {' '.join(row.split())} |" for row in rows]
    return ["", table[0], f"|{'---|' * len(columns)}", *table[1:], ""]


def _unbulleted(lines: list[str]) -> list[str]:
    """Drop the marks of a folding tree (- or •) that stand before the lines of a body."""
    before = ""
    for at, line in enumerate(lines):
        text = line.strip()
        if text[:1] in "•-" and before[-1:] in {"{", "[", ","} and re.match(r'[•-]\s+(?:"|[{\[]$)', text):
            lines[at] = line.replace(text[0], " ", 1)
        elif text[:1] in {"{", "[", "}", "]"} and len(text) < MAX_CELL:
            lines[at] = re.sub(r'([{\[,])\s?[•-]\s+(?=["{\[])', r"\1 ", line)
        before = text or before
    return lines


def _unnumbered(lines: list[str]) -> list[str]:
    """Drop the numbers that stand before the lines of a body: 1{, 2 "id": …, up to the closing bracket."""
    at = 0
    while at < len(lines):
        end = at
        if re.match(r"1\s?[{\[]\s*$", lines[at]):
            while end < len(lines) and re.match(rf"{end - at + 1}(?:\s|[{{}}\[\]\"])", lines[end]):
                end += 1
        if end - at > 2:
            lines[at:end] = [re.sub(r"^\d+", "", line) for line in lines[at:end]]
        at = max(end, at + 1)
    return lines


def _dedented(lines: list[str]) -> list[str]:
    """Remove the indentation that every line of a pasted page has, and quote marks before every line."""
    full = [line for line in lines if line.strip()]
    width = min((len(line) - len(line.lstrip(" ")) for line in full), default=0)
    return [line[width:] for line in lines] if width else lines


def _rejoined(lines: list[str]) -> list[str]:
    """Put the cells of a table's row on one line again, where each has a line behind a lone bar."""
    at, led = 0, True
    while at < len(lines):
        end = at + 1
        if _RULE.fullmatch(lines[at].strip()):
            led = end < len(lines) and lines[end].strip()[:1] == "|"
        while (
            led
            and lines[at].strip() == "|"
            and end < len(lines)
            and end - at < 12
            and re.match(r"[^|]+\|$", lines[end].strip())
        ):
            end += 1
        if end - at > 2:
            lines[at] = "| " + " ".join(line.strip() for line in lines[at + 1 : end])
            lines[at + 1 : end] = [""] * (end - at - 1)
        at = end
    return _completed(lines)


def _completed(lines: list[str]) -> list[str]:
    """Join a table's row that is broken behind a cell until it has as many cells as the table's head."""
    columns, row = 0, -1
    for at, line in enumerate(lines):
        text = line.strip()
        if _RULE.fullmatch(text):
            columns, row = text.strip("|").count("|") + 1, -1
        elif row >= 0 and _goes_on(lines, row, at, columns):
            lines[row], lines[at] = f"{lines[row].rstrip()} {text}", ""
        elif not columns or not text.endswith("|") or len(text) > MAX_CELL:
            columns = columns if columns and not text else 0
        elif row >= 0 and (text[0] != "|" or text == "|") and _open(lines[row], columns):
            lines[row], lines[at] = f"{lines[row].rstrip()} {text}", ""
        else:
            row = at
    return lines


def _goes_on(lines: list[str], row: int, at: int, columns: int) -> bool:
    """Whether a line without a bar is a part of the cell that is open: a bar ends it within three lines."""
    if not lines[at].strip() or "|" in lines[at] or not _open(lines[row], columns):
        return False
    below = next((line.strip() for line in lines[at + 1 : at + 4] if "|" in line), "")
    return below.endswith("|") and below.count("|") == 1


def _open(line: str, columns: int) -> bool:
    """Whether a row lacks cells, or the end of its last one."""
    return len(line) < MAX_CELL and (_cells(line) < columns or not line.rstrip().endswith("|"))


def _cells(line: str) -> int:
    return line.strip().strip("|").count("|") + 1


def _straight(lines: list[str]) -> list[str]:
    """Write typographic quotes inside fenced code as straight ones, where they quote a whole key or value.

    Outside of code, marks that are escaped for MDX stand as themselves.
    """
    result: list[str] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if fence:
            result.append(straight(line) if any(c in line for c in _MARKS) else line)
        else:
            result.append(_ESCAPED.sub(r"\1", line) if "\\" in line and '"' not in line else line)
    return result


def straight(line: str) -> str:
    """Write the typographic quotes of a line of code as straight ones."""
    if len(line) > 2000:
        return line
    for _ in range(2):  # neighbours share the mark between them
        line = _QUOTED.sub(lambda m: f"{m[1]}{_mark(m[0])}{m[2]}{_mark(m[0])}", line)
    return line


def _mark(text: str) -> str:
    return "'" if re.search("[‘’]", text) else '"'
