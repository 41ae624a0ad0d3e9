"""Rendered Mintlify reference pages as text: method and path in pieces, curl, example bodies, field lists.

Source: the text of pages under docs.matil.ai, developer.surecart.com, docs.bolna.dev and others.
What the field list collapses (children of objects and of lists of objects) is taken from the example body and
marked as inferred; `api.example.com` is the platform's stand-in for "no server declared".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from contracts.vendoring.pages import (
    Curl,
    Extraction,
    Key,
    Listing,
    Members,
    Page,
    Parameter,
    Reading,
    Sample,
    command_at,
    curls,
    document,
    keys,
    origin,
    samples_in,
    server_of,
    unread,
)
from contracts.vendoring.platforms.mintlify.answers import Answers
from contracts.vendoring.platforms.mintlify.fields import SECTIONS, FieldReader, Label, Line
from contracts.vendoring.platforms.mintlify.schema import listed

PLATFORM: Final = "mintlify-rendered"
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "DEL", "HEAD", "OPTIONS")
_FUSED = re.compile(rf"^({'|'.join(_METHODS)})\s*((?:https?://|/|\{{)\S*)$")
_SEGMENT = re.compile(r"^[\w.{}:~%@$*-]+$")
_END = re.compile(
    r"^(?:Was this page helpful\??|Suggest edits|Raise issue|Powered by Mintlify|Previous|Next|⌘I"
    r"|Assistant|Ask a question\.*"
    r"|Responses are generated using AI.*|x github linkedin.*|Yes|No)$"
)  # fmt: skip
_NOISE = re.compile(
    r"^(?:Skip to main content|Try it|Copy|Ask AI|Copy page|Open|> ?#* ?Documentation Index"
    r"|Documentation Index|Search\.*|⌘K"
    r"|.*llms\.txt$|.*Use this file to discover all available pages before exploring further\.)$"
)  # fmt: skip


def recognise(page: Page) -> str:
    """Say why a page is taken for rendered Mintlify, or ""."""
    headings = [n for n, line in enumerate(page.lines, 1) if line.strip() in _HEADS]
    section = next(iter(headings), 0)
    curl = next((n for n, line in enumerate(page.lines, 1) if line.startswith("curl --request")), 0)
    if any(map(_BY_HAND.match, page.lines)) or _stated_as_elsewhere(page, curl):
        return ""  # written by hand in Mintlify's look, or by another platform
    if not section:
        filler = next((n for n, line in enumerate(page.lines, 1) if '": "<string>"' in line), 0)
        return f"line {curl} holds a curl of its form and line {filler} its filler" if curl and filler else ""
    pieces = _pieces(page)
    if curl:
        return f"line {curl} holds a curl of its form and line {section} heads a list of fields"
    if pieces and pieces.end - pieces.start > 2:
        return f"line {pieces.start} starts a path in pieces and line {section} heads a list of fields"
    typed = next((n for n, line in enumerate(page.lines, 1) if _TYPED.match(line.strip())), 0)
    found = pieces and typed
    return (
        f"line {section} heads a list of fields and line {typed} is a type line of its form" if found else ""
    )


def _stated_as_elsewhere(page: Page, curl: int) -> bool:
    """Whether several operations stand there, or one above a command in small letters or on one line."""
    texts = [(n, text) for n, line in enumerate(page.lines, 1) if (text := line.strip())]
    pairs = [(n, one, two) for (n, one), (_, two) in pairwise(texts) if one.upper() in _METHODS]
    small = any(n < curl and not one.isupper() and _FUSED.match(f"GET{two}") for n, one, two in pairs)
    whole = any(n < curl and _WHOLE.fullmatch(text) for n, text in texts)
    return small or whole or len({pair[1:] for pair in pairs if re.fullmatch(r"/\S+", pair[2])}) > 1


_WHOLE = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE) https?://\S+")
_BY_HAND: Final = re.compile(
    r"^\s*(?:Response (?:Fields|Parameters|Properties|Attributes)|(?:Example|Sample) (?:Request|Response)s?"
    r"|(?:Request|Response) Examples?|Request Body|Body Parameters|(?:Success|Error) Responses?"
    r"|(?:Path|Query|Body|Header) Params)\b.{0,12}$"
)
_HEADS: Final = frozenset(
    ("Authorizations", "Headers", "Path Parameters", "Query Parameters", "Cookies", "Body", "Response")
)
_TYPED = re.compile(
    r"^(?:(?:enum|string|integer|number)<[\w-]+>|[^|]{1,80} · object)(?:\[\])?(?: \| null)?(?:required)?$"
)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Method and path as printed in pieces: their first and last line."""

    method: str
    path: str
    start: int
    end: int


def _pieces(page: Page) -> Pieces | None:
    """Find the method line that a path follows."""
    texts = [(n, line.strip()) for n, line in enumerate(page.lines, 1) if line.strip()]
    for index, (number, text) in enumerate(texts):
        fused = _FUSED.match(text)
        if fused:
            return Pieces(_method(fused[1]), fused[2], number, number)
        if text in _METHODS:
            path, used = _path([t for _, t in texts[index + 1 : index + 80]])
            if path:
                return Pieces(_method(text), path, number, texts[index + used][0])
    return None


def _method(text: str) -> str:
    return "DELETE" if text == "DEL" else text


def _path(texts: list[str]) -> tuple[str, int]:
    """Join path pieces; gives the path and how many lines it took."""
    if texts and re.match(r"^(?:https?://\S+|/\S+)$", texts[0]) and len(texts[0]) > 1 and texts[1:2] != ["/"]:
        return texts[0], 1
    used = 1 if texts[1:2] == ["/"] and re.match(r"^(?:\{[\w.-]+\}|https?://\S+)$", texts[0]) else 0
    path = ""
    while (
        texts[used : used + 1] == ["/"]
        and used + 1 < len(texts)
        and _SEGMENT.match(texts[used + 1])
        and texts[used + 1] not in _HEADS
    ):
        path += "/" + texts[used + 1]
        used += 2
    return path, used


def extract(page: Page, reason: str) -> Extraction:
    """Read the page's operation; PageError names the line that cannot be read."""
    return _Rendered(page).extraction(reason)


class _Rendered:
    """One page being read."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pieces = _pieces(page)
        self.curls = curls(page.lines)
        sent = [command_at(page.lines, c.line) for c in self.curls]
        self.samples = [s for s in samples_in(page.lines) if not any(s.line in command for command in sent)]
        self.requests = [s for s in samples_in(page.lines) if sent and s.line in sent[0]]
        self.sections = self._sections()
        self.bodies = self._bodies()
        self.notices: list[str] = []

    def extraction(self, reason: str) -> Extraction:
        method, path, server = self._operation()
        answers = Answers(self.page, self._part("response"), self.bodies, self._status_lines())
        parameters = [
            p for where in ("path", "query", "header", "cookie") for p in self._parameters(where, path)
        ]
        told = _told_keys(parameters)
        parameters = [p for p in parameters if not (told and p.name.lower() == "authorization")]
        reading = Reading(
            method=method,
            path=path,
            title=self._title(),
            server=server,
            parameters=(*self._undeclared(path, parameters), *parameters),
            body=self._request_body(method),
            answers=tuple(answers.read()),
            keys=told or self._keys(parameters),
        )
        read = self._read_lines(answers)
        left = [n for n in range(1, len(self.page.lines) + 1) if n not in read]
        notices = (*self.notices, *answers.notices)
        return Extraction(
            document([reading], reading.title), PLATFORM, reason, unread(self.page, left), notices
        )

    # -- operation

    def _operation(self) -> tuple[str, str, str]:
        curl = self._curl()
        if self.pieces is None and curl is None:
            raise self.page.fail(0, "neither a method with a path nor a curl command is on this page")
        if self.pieces is None:
            assert curl is not None
            server, path = origin(curl.url)
            return curl.method, path, server
        full = re.match(r"(https?://[^/]+)(/.*)", self.pieces.path)
        path = full[2] if full else re.sub(r"^\{[\w.-]+\}(?=/)", "", self.pieces.path)
        if full:
            return self.pieces.method, path, origin(self.pieces.path)[0]
        return self.pieces.method, path, server_of(curl.url, path) if curl else ""

    def _curl(self) -> Curl | None:
        return self.curls[0] if self.curls else None

    def _title(self) -> str:
        """The line behind the path, else the line before the method; both are prose, and may be missing."""
        first = self.pieces.end if self.pieces else 0
        stop = min(
            [n for n, _, _ in self.sections]
            + [c.line for c in self.curls if c.line > first]
            + [len(self.page.lines) + 1]
        )
        behind = [t for t in self._texts(first + 1, stop - 1) if not _NOISE.match(t)]
        if (
            behind
            and len(behind[0]) < 80
            and not behind[0].startswith(("{", "[", "curl", "import ", "Error"))
        ):
            return behind[0]
        before = [
            t for t in self._texts(1, (self.pieces.start if self.pieces else stop) - 1) if not _NOISE.match(t)
        ]
        return next((t for t in reversed(before) if len(t) < 60), "")

    def _texts(self, start: int, end: int) -> list[str]:
        return [line.strip() for line in self.page.lines[max(start - 1, 0) : max(end, 0)] if line.strip()]

    # -- sections

    def _sections(self) -> list[tuple[int, int, str]]:
        """Find the section headings behind the method: (line, last line, kind)."""
        first = self.pieces.end if self.pieces else 0
        inside = {n for s in self.samples for n in range(s.line, s.end + 1)}
        found = [
            (n, SECTIONS[line.strip().lower()])
            for n, line in enumerate(self.page.lines, 1)
            if n > first and n not in inside and line.strip().lower() in SECTIONS and self._heads(n)
        ]
        shown = next((c.line for c in self.curls if c.line > first), 0)
        found = [f for f in found if f[0] > shown] or found  # a list of contents may stand before the command
        stop = self._stop(found[0][0] if found else first)
        found = [f for f in found if f[0] < stop]
        ends = [*(n - 1 for n, _ in found[1:]), stop - 1] if found else []
        return [(n, end, kind) for (n, kind), end in zip(found, ends, strict=True)]

    def _heads(self, number: int) -> bool:
        """Whether a line heads a section and is not a field's name ("body", "headers") above its type."""
        if self.page.lines[number - 1].strip()[0].islower():
            return False
        after = next((t for t in self._texts(number + 1, number + 3)), "")
        return (
            not re.match(r"^(?:string|integer|boolean|object|number)(?:\[\])?$", after)
            or "<" in after
            or after == "object"
        )

    def _stop(self, first: int) -> int:
        for number in range(first + 1, len(self.page.lines) + 1):
            text = self.page.lines[number - 1].strip()
            if _END.match(text) and text not in {"Yes", "No"}:
                return number
            if re.match(r"^curl\b", text):
                return number
        return len(self.page.lines) + 1

    def _part(self, kind: str) -> list[Line]:
        return [line for start, end, k in self.sections if k == kind for line in self._lines(start + 1, end)]

    def _lines(self, start: int, end: int) -> list[Line]:
        skip = {n for s in self.bodies for n in range(s.line, s.end + 1)}
        found: list[Line] = []
        gap = True
        for number in range(start, end + 1):
            text = self.page.lines[number - 1][:2000].strip().strip("\u200b").strip()
            if text and number not in skip and not _NOISE.match(text):
                found.append(Line(number, text, gap))
            gap = not text
        return found

    # -- parameters and keys

    def _parameters(self, where: str, path: str) -> list[Parameter]:
        lines = self._part(where)
        names = re.findall(r"\{([^{}]+)\}", path) if where == "path" else []
        fields = FieldReader(lines, names).read()
        if not fields and lines:
            fields = FieldReader(list(self._part(where)), names, nameless=True).read()
        fields = _named(fields, names)
        return [self._parameter(f, where) for f in fields if f.name]

    def _parameter(self, one: Label, where: str) -> Parameter:
        told = listed(one)
        return Parameter(one.name, where, told.schema, where == "path" or one.required, told.prose)

    def _undeclared(self, path: str, parameters: list[Parameter]) -> list[Parameter]:
        declared = {p.name for p in parameters if p.where == "path"}
        line = self.pieces.start if self.pieces else 0
        names = [n for n in re.findall(r"\{([^{}]+)\}", path) if n not in declared]
        return [Parameter(n, "path", {"type": "string"}, True, guessed={"schema": line}) for n in names]

    def _keys(self, parameters: list[Parameter]) -> tuple[Key, ...]:
        fields = FieldReader(self._part("keys")).read()
        found = [_key(f) for f in fields if f.name]
        if found:
            return tuple(found)
        listed = {p.name.lower() for p in parameters if p.where == "header"}
        curl = self._curl()
        return (
            tuple(k for k in keys(curl) if (k.name or "authorization").lower() not in listed) if curl else ()
        )

    def _request_body(self, method: str) -> dict[str, object] | None:
        lines = [
            line
            for line in self._part("body")
            if not re.match(r"^(?:application|multipart|text)/", line.text)
        ]
        fields = FieldReader(lines).read() if method != "GET" else []
        if not fields:
            return None
        listings = [Listing([listed(one) for one in fields])]
        members = Members(self.page.name, self.requests, listings, stated=True)
        schema = members.schema()
        self.notices += members.notices
        return schema

    # -- examples

    def _bodies(self) -> list[Sample]:
        """Example bodies outside code: each value once, none inside a field's `Example:`."""
        found: list[Sample] = []
        inside = [(start, end) for start, end, _ in self.sections]
        for sample in self.samples:
            labelled = re.match(
                r"^Examples?:", next(iter(self._texts(max(sample.line - 2, 1), sample.line - 1)[-1:]), "")
            )
            listed = any(start <= sample.line <= end for start, end in inside)
            if (
                not labelled
                and sample.value not in [s.value for s in found]
                and not (listed and self._small(sample))
            ):
                found.append(sample)
        return found

    @staticmethod
    def _small(sample: Sample) -> bool:
        return sample.line == sample.end and not sample.value

    def _status_lines(self) -> list[tuple[int, str]]:
        """The status tabs of the example, before the first section."""
        first = self.sections[0][0] if self.sections else len(self.page.lines) + 1
        found = [(n, self.page.lines[n - 1].strip()) for n in range(1, first)]
        return [(n, t) for n, t in found if re.match(r"^(?:[1-5](?:\d\d|XX)|default)$", t)]

    def _read_lines(self, answers: Answers) -> set[int]:
        """Lines that some rule has read: in sections, examples and commands, and the furniture."""
        found = {n for start, end, _ in self.sections for n in range(start, end + 1)}
        found |= {n for s in (*self.samples, *self.requests) for n in range(s.line, s.end + 1)}
        found |= set(range(self.pieces.start, self.pieces.end + 1)) if self.pieces else set()
        found |= {
            n
            for n, line in enumerate(self.page.lines, 1)
            if _NOISE.match(line.strip()) or _END.match(line.strip())
        }
        for curl in self.curls:
            found.add(curl.line)
            found |= {n for n in range(curl.line, min(curl.line + 20, len(self.page.lines) + 1))
                      if self.page.lines[n - 1].lstrip().startswith("-")}  # fmt: skip
        found |= {n for n, _ in self._status_lines()}
        title = self._title()
        found |= {n for n, line in enumerate(self.page.lines, 1) if line.strip() == title}
        return found - set(answers.loose)


def _told_keys(parameters: list[Parameter]) -> tuple[Key, ...]:
    """Give the scheme of a header Authorization whose prose names it."""
    listed = (p for p in parameters if p.where == "header" and p.name.lower() == "authorization")
    schemes = (re.search(r"\b(bearer|basic)\b", p.description, re.IGNORECASE) for p in listed)
    return tuple(Key(scheme[1].lower()) for scheme in schemes if scheme)


def _named(fields: list[Label], names: list[str]) -> list[Label]:
    """Give dropped names back by position, when there are as many fields as names."""
    if fields and all(not f.name for f in fields) and len(fields) == len(names):
        for one, name in zip(fields, names, strict=True):
            one.name = name
    return fields


def _key(one: Label) -> Key:
    where = next((w for w in ("header", "query", "cookie") if w in one.words), "header")
    prose = " ".join(one.prose)
    if where == "header" and one.name.lower() == "authorization":
        scheme = re.search(r"\b(bearer|basic)\b", prose, re.IGNORECASE)
        if scheme:
            return Key(scheme[1].lower(), "", one.line)
    return Key(where, one.name, one.line)
