"""JSON bodies printed on pages: found in text, and read although they are printed carelessly.

Pages print trailing commas, elisions ("...") and comments in their examples, and lose the indentation. What
cannot be read with these allowances is no JSON sample; nothing is repaired by guessing a value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from contracts.decode import decode
from contracts.model import Json
from contracts.vendoring.pages.normal import straight
from contracts.vendoring.pages.typewords import read_type

_STRING = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
_ELISION = r"(?:\.\.\.|…)(?:[ \t]+[^\n\"\[\]{}:,]{1,60})?"  # "... and 14 more"
_PARTS = re.compile(
    rf"{_STRING}|//[^\n]*|#[^\n]*|/\*.*?\*/|{_ELISION}|[{{}}\[\],]|[^\"/#.…{{}}\[\],]+|.", re.DOTALL
)
_START = re.compile(r"^\s*(?:\{|\[)")
_MEMBER = re.compile(
    r"""\s*(?:"[^"\n]*"\s*:|[{}\[\]]+,?\s*$|[{\[]\s*["}\]]|(?:"[^"\n]*"|[\d.-]+|true|false|null),?\s*$)"""
)
_MEMBER_CUT = re.compile(r"""\s*(?:["}\]]|[{\[]\s*["{])""")
MAX_SAMPLE: Final = 256 * 1024
MAX_LOOSE: Final = 12 * 1024
MAX_PLACED: Final = 64 * 1024
MAX_OPEN: Final = 60
_DECODER: Final = json.JSONDecoder()


class Sample(NamedTuple):
    """A JSON body on a page, or a part of one: value, first and last line (1-based).

    `places` maps the pointer of every part of the body to its line; `at` is the pointer of this part; `notes`
    are the comments behind parts, by pointer.
    """

    value: Json
    line: int
    end: int
    places: Mapping[str, int] = MappingProxyType({})
    at: str = ""
    loose: bool = False
    notes: Mapping[str, str] = MappingProxyType({})

    def member(self, name: str) -> Sample:
        """Give a member of an object as a sample of its own line."""
        return self._part(self.value[name], name)

    def items(self) -> list[Sample]:
        """Give the items of a list, none of anything else."""
        found = self.value if isinstance(self.value, list) else []
        return [self._part(item, str(index)) for index, item in enumerate(found)]

    def place(self, path: Sequence[str | int]) -> int:
        """Give the line of a part by the names and indices that lead to it, or of what would hold it."""
        steps = [f"/{token}" for token in path]
        known = ("".join(steps[:n]) for n in range(len(steps), 0, -1))
        return next((self.places[at] for at in known if at in self.places), self.line)

    def _part(self, value: Json, token: str) -> Sample:
        at = f"{self.at}/{token}"
        return Sample(value, self.places.get(at, self.line), self.end, self.places, at)


class Unreadable(ValueError):
    """The text is not JSON, even read kindly."""


def read_json(text: str) -> Json:
    """Read a JSON sample; trailing commas, comments and elided members are skipped. Unreadable otherwise."""
    if len(text) > MAX_SAMPLE:
        raise Unreadable
    for attempt in (text, _mended(text)):
        decoded = decode(attempt.strip().encode("utf-8", "surrogatepass"))
        if decoded.usable and not decoded.faults:
            return decoded.value
    raise Unreadable


def read_loosely(text: str) -> Json:
    """Read what people write for JSON: bare keys, any quotes, `...`, types and `"a" | "b"` as values, no end.

    A value that is no JSON comes as the text that stands there. Own code, because no tolerant parser reads
    elisions, types, alternatives and a body cut short, and once these are written as JSON nothing of JSON5 is
    left to read. Unreadable otherwise.
    """
    if len(text) > MAX_LOOSE or not re.match(r"\s*[{\[]", text):
        raise Unreadable
    loosened = _loosened("\n".join(map(straight, text.rstrip(",; \t\n").split("\n"))))
    decoded = decode(loosened.encode("utf-8", "surrogatepass"))
    if not decoded.usable or decoded.faults or not isinstance(decoded.value, dict | list):
        raise Unreadable
    return decoded.value


def _mended(text: str) -> str:
    """Drop comments, elisions and the commas that they or a careless author leave behind."""
    kept: list[str] = []
    for match in _PARTS.finditer(text):
        part = match[0]
        elided = part.startswith(("...", "…"))
        if elided and kept and kept[-1].rstrip().endswith(":"):
            part, elided = '"<any>"', False
        if elided or part.startswith(("//", "#", "/*")) or not part.strip():
            continue
        if part in "}]" and kept and kept[-1] == ",":
            kept.pop()
        if part != "," or (kept and kept[-1] not in "{[,"):
            kept.append(part)
    while kept and kept[-1] == ",":
        kept.pop()
    return "".join(kept)


_SINGLE: Final = r"'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
_LOOSE = re.compile(
    rf"""{_STRING}|{_SINGLE}|//[^\n]*|\#[^\n]*|/\*.*?\*/|[A-Za-z]+\[[A-Za-z]\w*\]|[{{}}\[\]:,\n]"""
    r"""|[^\s"'{}\[\]:,]+|[ \t\r]+|.""",
    re.DOTALL,
)
_VALUES: Final = re.compile(r"(?:true|false|null|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\Z")
_PYTHON: Final = {"True": "true", "False": "false", "None": "null", "undefined": "null", "NaN": "null"}


def _loosened(text: str) -> str:
    """Quote every value that is no JSON, drop elisions, and close the brackets that are open at the end."""
    writer = _Loosened()
    for match in _LOOSE.finditer(text.replace("…", "...")):
        writer.take(match[0])
    return writer.done()


class _Loosened:
    """Writes as JSON what people write for it, part by part; `run` is the value or key being collected."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.open: list[str] = []
        self.run: list[str] = []

    def take(self, part: str) -> None:
        """Take the next part: a string, a comment, a mark, or a piece of a bare word."""
        inside = bool("".join(self.run).strip())
        if part.startswith(("//", "/*")) or (part[0] == "#" and not inside):
            return
        if inside and (part == "[" or (part == "]" and self.run[-1] == "[")):  # string[]
            self.run.append(part)
        elif part in "{[":
            self._flush()
            self.open.append(part)
            self.out.append(part)
        elif part in "}]":
            self._flush()
            if self.open:
                self.open.pop()
                self.out.append(part)
        elif part == ":" and self.open[-1:] == ["{"] and self.out[-1:] != [":"]:
            self._flush(key=True)
            self.out.append(":")
        elif part in ",\n":
            self._end(part, inside=inside)
        else:
            self.run.append(part)

    def _end(self, part: str, *, inside: bool) -> None:
        """End a member at a comma, or at a line's end where a value stands before it."""
        if (self.out[-1:] == [":"] and not inside) or "".join(self.run).rstrip().endswith("|"):
            return
        before = len(self.out)
        self._flush()
        if (part == "," or len(self.out) > before) and self.out and self.out[-1] not in "{[,:":
            self.out.append(",")

    def _flush(self, *, key: bool = False) -> None:
        value = "".join(self.run).strip()
        self.run.clear()
        value = _PYTHON.get(value, value)
        if not value or (value == "..." and not key and self.out[-1:] != [":"]):
            return
        if re.fullmatch(_SINGLE, value):
            value = json.dumps(re.sub(r"\\(.)", r"\1", value[1:-1]), ensure_ascii=False)
        elif not re.fullmatch(_STRING, value) and (key or not _VALUES.match(value)):
            kind = None if key or '"' in value else read_type(value)
            value = f"<{value}>" if kind is not None and kind.end == len(value) else value
            value = json.dumps(value, ensure_ascii=False)
        elif number := re.fullmatch(r"\+?(-?)0*(\d*)(?:\.(\d*))?", value):  # 00001, +5, .5 and 5.
            value = f"{number[1]}{number[2] or '0'}" + ("" if number[3] is None else f".{number[3] or '0'}")
        self.out.append(value)

    def done(self) -> str:
        """Give the text, brackets closed and commas between members only."""
        self._flush()
        out = [*self.out, '"<any>"'] if self.out[-1:] == [":"] else self.out
        out = [*out, *("}" if mark == "{" else "]" for mark in reversed(self.open))]
        kept: list[str] = []
        for part in out:
            if part in "}]" and kept and kept[-1] == ",":
                kept.pop()
            if part != "," or (kept and kept[-1] not in ",{[:"):
                kept.append(part)
        return "".join(kept)


def samples_in(lines: Sequence[str], first: int = 1, *, whole: bool = False) -> Iterator[Sample]:
    """Yield the JSON objects and lists that start on a line of their own and end at a balanced bracket.

    `first` is the page's number of `lines[0]`. A block that never balances is skipped from its first line;
    with `whole`, the lines are one block of code, and its end closes what is open, as the end of a page does
    where nothing but members stands before it. What is no JSON is read loosely.
    """
    tail = _tail(lines)
    lines = _ended(lines) if tail else lines
    index, budget, left = 0, 30 * len(lines) + 2000, 8 * MAX_LOOSE
    while index < len(lines):
        if not _START.match(lines[index]):
            index += 1
            continue
        end, visited = _balanced(lines, index, budget)
        budget -= visited
        if end < 0 and (whole or index in tail):
            end = len(lines) - 1
        sample = _sample(lines, index, end, first, left) if end >= 0 else None
        if left > 0 and (sample is None or sample.loose):
            left -= sum(map(len, lines[index : end + 1]))
        if sample is not None:
            yield sample
        index = end + 1 if sample is not None else index + 1


def _ended(lines: Sequence[str]) -> list[str]:
    """Close the string that is open on the last line, if one is."""
    last = next(at for at in range(len(lines) - 1, -1, -1) if lines[at].strip() or not at)
    whole = re.sub(_STRING, "", lines[last]).count('"') != 1
    return [*lines[:last], lines[last] + ("" if whole else '"'), *lines[last + 1 :]]


def _tail(lines: Sequence[str]) -> range:
    """Give where a body may start that the end of the lines cuts: parts of JSON, two or more, follow it."""
    last = next((i for i in range(len(lines) - 1, -1, -1) if lines[i].strip()), -1)
    at = last if last >= 0 and _MEMBER_CUT.match(lines[last]) else last + 1
    while at > 0 and (not lines[at - 1].strip() or _MEMBER.match(lines[at - 1])):
        at -= 1
    return range(at, last - 1)


_GLUED = re.compile(r"^(.*https?://[^\s{\[]*(?:\{[^\s{}]*\}[^\s{\[]*)*['\"]?)([{\[]+)\s*$")


_BUTTON = re.compile(r"^(\s*(?:GET|POST|PUT|PATCH|DEL|DELETE)\s*[/h{]\S*?)Try it!?\s*$")


_OPTION = re.compile(r"^(\s*(?:-{1,2}[A-Za-z]|curl\b).*['\"])([{\[]+)\s*$")


def unglued(lines: Sequence[str]) -> tuple[str, ...]:
    """Part what is glued to an address: the button behind it, and the bracket of a body, put a line lower."""
    result = [_BUTTON.sub(r"\1", line) if "Try it" in line[-9:] else line for line in lines]
    for index in range(len(result) - 1):
        line = (
            result[index] if len(result[index]) < 2000 and result[index].rstrip()[-1:] in {"{", "["} else ""
        )
        match = _GLUED.match(line) if "http" in line else None
        option = None if match else _OPTION.match(line)
        if option and option[1].count(option[1][-1]) % 2 == 0:
            match = option
        if match:
            result[index], result[index + 1] = match[1], match[2] + result[index + 1]
    return tuple(result)


def glued_bodies(line: str) -> list[str]:
    """Part a line into what stands before its bodies, and the bodies that are glued together behind it."""
    start = re.search(r"(?<=['\"}>])\{(?= ?\")", line)
    if start is None or len(line) > MAX_SAMPLE or line.lstrip()[:1] == "|":
        return [line]
    at = 0 if line.lstrip()[:1] == "{" else start.start()
    pieces = [line[:at]] if at else []
    while at < len(line) and len(pieces) < MAX_OPEN:
        try:
            end = _DECODER.raw_decode(line, at)[1]
        except (ValueError, RecursionError):
            return [line]
        pieces.append(line[at:end])
        at = len(line) - len(line[end:].lstrip())
    return pieces


_LIST = re.compile(r"\s*\[\s*(?:[\"'{\[]|<|\.\.\.|…|//|#)")  # how a list of what is no mere word starts


def _sample(lines: Sequence[str], start: int, end: int, first: int, left: int) -> Sample | None:
    text = "\n".join(lines[start : end + 1])
    loose = False
    try:
        value = read_json(_cut(text))
    except Unreadable:
        if len(text) > left:
            return None
        try:
            value, loose = read_loosely(text), True
        except Unreadable:
            return None
        words = isinstance(value, list) and any(isinstance(one, str) for one in value)
        if words and not _LIST.match(text):
            return None  # allowed words in brackets, a link, or a mark of the page's own markup
    placed = len(text) < MAX_PLACED
    places, notes = _places(lines[start : end + 1], first + start) if placed else ({}, {})
    return Sample(value, first + start, first + end, places, loose=loose, notes=notes)


_TOKENS = re.compile(rf"{_STRING}|(?://|\#|/\*)[^\n]*|[{{}}\[\],:]|[\w.+-]+")


def _places(lines: Sequence[str], first: int) -> tuple[dict[str, int], dict[str, str]]:
    """Find the line of every part of a body, and the comment behind it; keys are told by their place."""
    found: dict[str, int] = {}
    notes: dict[str, str] = {}
    open_: list[
        list[str | int | None]
    ] = []  # the token of each open bracket: a key, an index, or None before a key
    for number, line in enumerate(lines, first):
        last = ""
        for match in _TOKENS.finditer(line):
            token = match[0]
            if token[0] in "/#":
                notes.setdefault(last, token.strip("/#* ")) if last else None
            elif token in "}]":
                open_ = open_[:-1]
            elif token == ",":
                _step(open_)
            elif open_ and open_[-1][0] is None and token[0] == '"':
                open_[-1][0] = token[1:-1]
            elif token != ":":
                last = "".join(f"/{frame[0]}" for frame in open_)
                found.setdefault(last, number)
                if token in "{[":
                    open_.append([None if token == "{" else 0])
            if len(open_) > MAX_OPEN:
                return found, notes
    return found, notes


def _step(open_: list[list[str | int | None]]) -> None:
    """Go on to the next member or item of the innermost bracket."""
    if open_:
        here = open_[-1][0]
        open_[-1][0] = here + 1 if isinstance(here, int) else None


def _cut(text: str) -> str:
    """Cut what follows the last bracket on the last line."""
    return text[: max(text.rfind("}"), text.rfind("]")) + 1]


_MARKS = re.compile(rf"{_STRING}|[{{}}\[\]]")


def _balanced(lines: Sequence[str], start: int, budget: int) -> tuple[int, int]:
    """Give the index of the line that closes the bracket of line `start`, or -1, and the lines looked at."""
    depth = 0
    for index in range(start, min(len(lines), start + max(budget, 0))):
        for mark in _MARKS.finditer(lines[index]):
            if mark[0] in "{[":
                depth += 1
            elif mark[0] in "}]":
                depth -= 1
                if depth == 0:
                    return index, index - start + 1
    return -1, len(lines) - start
