"""Pages of examples and prose: schemas from listed fields and JSON bodies, the rest from sentences.

Source: the page docs.wickson.ai/api-reference/batch/status and its like (MkDocs, GitBook, ReadMe, Redoc,
Sphinx, hand-written tables). All of it is inferred, and marked so; a platform with a grammar of its own is
tried first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from contracts.errors import AnswerUnread, PageError
from contracts.model import Json
from contracts.vendoring.pages import (
    Answer,
    Extraction,
    Field,
    Key,
    Listing,
    Page,
    Parameter,
    Reading,
    document,
    secret,
    unlisted,
    unread,
)
from contracts.vendoring.platforms.prose.answers import Statuses, Told
from contracts.vendoring.platforms.prose.assign import Assigned
from contracts.vendoring.platforms.prose.composer import Composer
from contracts.vendoring.platforms.prose.credentials import credentials
from contracts.vendoring.platforms.prose.grammars import tagged
from contracts.vendoring.platforms.prose.operations import Operation, bare_name, find, segments
from contracts.vendoring.platforms.prose.text import Row, prose_page
from contracts.vendoring.platforms.prose.words import words

PLATFORM: Final = "examples-and-prose"
_STATES = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s*(?:https?://|/)")
_OF_CONNECTION: Final = {"host", "content-length", "connection"}  # every client sends them
_EMPTY: Final = {"204", "205", "304"}


def recognise(page: Page) -> str:
    """Say why a page can be read as examples and prose, or ""."""
    prose = prose_page(tagged(page).page)
    if prose.samples:
        return f"no other platform's form is there, and line {prose.samples[0].line} starts a JSON example"
    found = find(prose, [])
    return f"no other platform's form is there, and line {found.line} names method and path" if found else ""


def extract(page: Page, reason: str) -> Extraction:
    """Read the page's operations; PageError names the line that cannot be read."""
    tags = tagged(page)
    parts = segments(tags.page)
    read: list[_Prose] = []
    notices: list[str] = []
    for part, own in parts:
        one = _Prose(part, tags.within(own), own)
        try:
            one.read()
        except PageError as error:
            if len(parts) == 1:
                raise
            notices.append(str(error))
            continue
        read.append(one)
    if not read:
        raise page.fail(0, "no operation of this page could be read")
    _share_keys(read)
    notices += [n for one in read for n in one.notices]
    left = sorted(set.intersection(*(one.left for one in read)))
    value = document([one.reading for one in read], read[0].reading.title)
    return Extraction(value, PLATFORM, reason, unread(page, left), tuple(dict.fromkeys(notices)))


def _share_keys(read: list[_Prose]) -> None:
    """Give the key of the page to an operation that lists one and does not say again what it is."""
    keys = {one.keys for one in read if one.keys}
    for one in read:
        if len(keys) == 1 and not one.keys and any(row.kind == "key" for row in one.prose.rows):
            one.reading = replace(one.reading, keys=next(iter(keys)))


class _Prose:
    """One operation of a page being read."""

    reading: Reading
    left: set[int]
    sent: dict[str, list[Field]]
    body: list[Listing]
    listed: dict[str, list[Listing]]
    refused: set[int]
    keys: tuple[Key, ...]

    def __init__(self, page: Page, tags: dict[str, Listing], own: range) -> None:
        self.page, self.own = page, own
        self.prose = prose_page(page)
        self.notices: list[str] = []
        self.used: set[int] = set()
        self.tags = tags

    def read(self) -> None:
        """Read everything; PageError when method and path are not on the page or no answer could be read."""
        first = find(self.prose, [])
        method, path = (first.method, first.path) if first else ("GET", "")
        placed = Assigned(self.prose, self.tags, method, path, self.own)
        self.sent, self.body, self.listed = placed.sent, placed.body, placed.answers
        self.used |= placed.used
        self.notices += placed.notices
        self.refused = placed.refused
        self.keys = credentials(self.prose, self.sent)
        names = [e.name for e in self.sent["path"]]
        operation = find(self.prose, [*names, *self._misfiled(self.sent["query"])])
        if operation is None:
            raise self.page.fail(0, "neither a method with a path nor an address is on this page")
        statuses = Statuses(self.prose, operation.method)
        told = statuses.sort()
        composer = Composer(self.page.name, self.listed, words(self.prose), self.prose.samples)
        composer.marked = any(
            row.text.lower() == "required" for row in self.prose.rows
        )  # badges, line by line
        answers = list(composer.answers(told, statuses.success()))
        self._demand(operation, told, answers)
        for sample in statuses.skipped:
            self.notices.append(f"{self.page.name}:{sample.line}: no status says whose example body this is")
        self.reading = Reading(
            method=operation.method,
            path=operation.path,
            title=self._title(),
            server=operation.server,
            parameters=tuple(self._parameters(operation)),
            body=self._body(operation, statuses, composer),
            answers=tuple(answers),
            keys=self.keys,
        )
        self.notices += composer.notices
        self.used |= composer.used
        self._unused(statuses)
        self.left = set(self._left(operation, told, statuses))

    def _title(self) -> str:
        heads = [r.text for r in self.prose.rows if r.heading]
        first = next(
            (
                r.text
                for r in self.prose.rows
                if not r.code
                and len(r.text) < 80
                and not _STATES.match(r.text)
                and not r.raw.startswith(("{", "curl", "-", "*", "|", "<", "`", "[", ">", "!"))
            ),
            "",
        )
        return first or next(iter(heads), "")

    # -- parameters

    def _misfiled(self, listed: list[Field]) -> list[str]:
        """Names listed under Query that may belong to the path: required ids that no address queries."""
        used = {n for c in self.prose.curls for n, _ in c.query}
        return [
            e.name
            for e in listed
            if e.required and e.name not in used and re.search(r"(?:^|_|-)id$|[a-z]Id$|uuid", e.name)
        ]

    def _parameters(self, operation: Operation) -> Iterator[Parameter]:
        """Give the parameters of the path, the listed ones, and those that a request shows; each once."""
        seen: set[tuple[str, str]] = set()
        for one in (*self._in_path(operation), *self._listed(operation), *self._shown(operation)):
            if (key := (one.where, one.name if one.where == "path" else one.name.lower())) not in seen:
                seen.add(key)
                yield one

    def _described(self) -> dict[str, Field]:
        return {bare_name(e.name): e for where in ("header", "query", "path") for e in self.sent[where]}

    def _in_path(self, operation: Operation) -> Iterator[Parameter]:
        described, rows = self._described(), self.sent["path"]
        for name in operation.holes:
            entry = described.get(bare_name(name)) or (
                rows[0] if len(operation.holes) == len(rows) == 1 else None
            )
            yield (
                self._parameter(replace(entry, name=name), "path")
                if entry
                else _bare(name, "path", operation)
            )

    def _listed(self, operation: Operation) -> Iterator[Parameter]:
        stated = next((r.raw for r in self.prose.rows if r.number == operation.line), "")
        sent = [key for key in self.keys if key.kind in {"bearer", "basic"} or _is_authorization(key)]
        needless = {*_OF_CONNECTION, *(["authorization"] if sent else [])}
        in_path = {bare_name(name) for name in operation.holes}
        beside = [("header", one) for one in self.sent["key"] if not secret(one.name)]
        for where, entry in [(w, e) for w in ("query", "header", "cookie") for e in self.sent[w]] + beside:
            base = rf"(?:[{{<$]{re.escape(entry.name)}[}}>]*|\s{re.escape(entry.name.upper())})/"
            unsent = (where == "header" and entry.name.lower() in needless) or any(
                where != "header" and (key.kind, key.name) == (where, entry.name) for key in self.keys
            )
            if not (unsent or re.search(base, stated) or bare_name(entry.name) in in_path):
                yield self._parameter(entry, where)

    def _shown(self, operation: Operation) -> Iterator[Parameter]:
        described = self._described()
        carried = {*operation.holes, *(key.name for key in self.keys if key.kind == "query")}
        for name in operation.query:
            entry = described.get(bare_name(name))
            if name not in carried:
                yield self._parameter(entry, "query") if entry else _bare(name, "query", operation)
        for name, _ in unlisted(self.prose.curls[0]) if self.prose.curls else ():
            yield _bare(name, "header", operation)

    @staticmethod
    def _parameter(entry: Field, where: str) -> Parameter:
        schema = dict(entry.schema)
        marks = dict.fromkeys(("schema",), entry.line)
        if not schema.get("type"):
            schema = {"type": "string", **schema} if where == "path" else schema
        required = True if where == "path" else bool(entry.required)
        if entry.required is None and where != "path":
            marks["required"] = entry.line
        return Parameter(entry.name, where, schema, required, entry.prose, marks)

    def _body(self, operation: Operation, statuses: Statuses, composer: Composer) -> dict[str, Json] | None:
        if operation.method not in {"POST", "PUT", "PATCH"}:
            return None
        return composer.schema(statuses.requests, self.body)[0]

    # -- answers

    def _demand(self, operation: Operation, told: list[Told], answers: list[Answer]) -> None:
        """Refuse a page whose answer is there and could not be read; say so of one that shows none."""
        if any(a.status[0] == "2" and a.schema is not None for a in answers):
            return
        if operation.method in {"DELETE", "HEAD"} or any(t.status in _EMPTY for t in told):
            return
        within = [r for r in self.prose.rows if r.kind in {"response", "fields"}]
        statuses = {r.section for r in within if self._of_statuses([r])}
        said = any(r.code or not (r.heading or r.section in statuses) for r in within)
        row = next((r for r in within if said and (r.code or r.heading)), None)
        if row is not None:
            text = "no body of a successful answer could be read here"
            raise AnswerUnread(f"{self.page.name}:{row.number}: {text}")
        self.notices.append(f"{self.page.name}: no body of a successful answer is on this page")

    def _unused(self, statuses: Statuses) -> None:
        """Name every block that looks like JSON and could not be read."""
        taken = (
            {n for s in (*self.prose.samples, *statuses.skipped) for n in range(s.line, s.end + 1)}
            | self.used
            | self.refused
        )
        for block in self.prose.blocks:
            start = next((i for i, line in enumerate(block.lines) if line.strip()), 0)
            line = self.prose.numbers[min(block.first - 1 + start, len(self.prose.numbers) - 1)]
            if (
                not block.sdk
                and block.lines
                and block.lines[start].strip()[:1] in {"{", "["}
                and line not in taken
            ):
                self.notices.append(
                    f"{self.page.name}:{line}: this block looks like JSON and could not be read"
                )

    @staticmethod
    def _of_statuses(table: list[Row]) -> bool:
        return any(re.match(r"\|?\s*`?[2-5]\d\d\b", r.raw) for r in table)

    def _left(self, operation: Operation, told: list[Told], statuses: Statuses) -> list[int]:
        """List the lines that nothing was taken from."""
        bodies = {n for t in told for s in t.bodies for n in range(s.line, s.end + 1)}
        bodies |= {n for s in statuses.requests for n in range(s.line, s.end + 1)}
        used = {t.line for t in told} | {operation.line} | self.used | bodies
        return [n for n in range(1, len(self.page.lines) + 1) if n not in used]


def _is_authorization(key: Key) -> bool:
    return key.name.lower() == "authorization"


def _bare(name: str, where: str, operation: Operation) -> Parameter:
    marks = {"schema": operation.line} | ({} if where == "path" else {"required": operation.line})
    return Parameter(name, where, {"type": "string"}, where == "path", guessed=marks)
