"""Pages of examples and prose: schemas from every JSON body, the rest from sentences, lists and tables.

Source: the page docs.wickson.ai/api-reference/batch/status and its like (MkDocs, GitBook, ReadMe). All of
it is inferred, and marked so; a platform with a grammar of its own is tried first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages import (
    Answer,
    Extraction,
    Page,
    Parameter,
    Reading,
    document,
    guess,
    inferred,
    keys,
    nullable,
    unlisted,
    unread,
    with_null,
)
from contracts.vendoring.platforms.prose.answers import Statuses, Told
from contracts.vendoring.platforms.prose.operation import Operation, bare_name, find
from contracts.vendoring.platforms.prose.parameters import Entry, entries, tables
from contracts.vendoring.platforms.prose.text import ProsePage
from contracts.vendoring.platforms.prose.words import Words, words

PLATFORM: Final = "examples-and-prose"
_MARKS = re.compile(r"^\s*(?:`{3,}.{0,40}|~{3,}.{0,40}|[|\s:-]+)$")
_NULLABLE = re.compile(
    r"\bnull(?:able)?\b (?:if|when|until|unless|while|before|for|otherwise)|\b(?:or|be|is) `?null`?\b"
    r"|\bnullable\b",
    re.IGNORECASE,
)


def recognise(page: Page) -> str:
    """Say why a page can be read as examples and prose, or ""."""
    prose = ProsePage(page)
    if prose.samples:
        return f"no other platform's form is there, and line {prose.samples[0].line} starts a JSON example"
    found = find(prose, [])
    return f"no other platform's form is there, and line {found.line} names method and path" if found else ""


def extract(page: Page, reason: str) -> Extraction:
    """Read the page's operation; PageError names the line that cannot be read."""
    return _Prose(page).extraction(reason)


class _Prose:
    """One page being read."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.prose = ProsePage(page)
        self.notices: list[str] = []
        self.read: set[int] = set()
        loose = [
            r
            for r in self.prose.rows
            if not r.code and r.kind not in {"path", "query", "header", "fields", "values"}
        ]
        self.tables = list(tables(loose))

    def extraction(self, reason: str) -> Extraction:
        listed = {where: self._entries(where) for where in ("path", "query", "header")}
        names = [e.name for e in listed["path"]]
        operation = find(self.prose, [*names, *self._misfiled(listed["query"])])
        if operation is None:
            raise self.page.fail(0, "neither a method with a path nor an address is on this page")
        statuses = Statuses(self.prose)
        told = statuses.sort()
        answers = self._answers(told)
        reading = Reading(
            method=operation.method,
            path=operation.path,
            title=self._title(),
            server=operation.server,
            parameters=tuple(self._parameters(operation, listed)),
            body=self._body(operation, statuses),
            answers=tuple(answers),
            keys=keys(self.prose.curls[0]) if self.prose.curls else (),
        )
        for sample in statuses.skipped:
            self.notices.append(f"{self.page.name}:{sample.line}: no status says whose example body this is")
        left = self._left(operation, told, statuses)
        return Extraction(
            document([reading], reading.title), PLATFORM, reason, unread(self.page, left), tuple(self.notices)
        )

    def _title(self) -> str:
        heads = [r.text for r in self.prose.rows if r.heading]
        first = next(
            (
                r.text
                for r in self.prose.rows
                if not r.code and len(r.text) < 80 and not r.text.startswith(("{", "curl"))
            ),
            "",
        )
        return first or next(iter(heads), "")

    # -- parameters

    def _entries(self, kind: str) -> list[Entry]:
        found = entries(self.prose.of(kind))
        known = {e.name for e in found}
        found += [e for k, e in self.tables if k == kind and e.name not in known]
        self.read |= {e.line for e in found}
        return found

    def _misfiled(self, listed: list[Entry]) -> list[str]:
        """Names listed under Query that may belong to the path: required ids that no address queries."""
        used = {n for c in self.prose.curls for n, _ in c.query}
        return [
            e.name
            for e in listed
            if e.required and e.name not in used and re.search(r"(?:^|_|-)id$|[a-z]Id$|uuid", e.name)
        ]

    def _parameters(self, operation: Operation, listed: dict[str, list[Entry]]) -> Iterator[Parameter]:
        holes = re.findall(r"\{([^{}]+)\}", operation.path)
        seen: set[tuple[str, str]] = set()
        described = {bare_name(e.name): e for e in (*listed["query"], *listed["path"])}
        in_path = {bare_name(name) for name in holes}
        for name in holes:
            entry = described.get(bare_name(name))
            yield (
                self._parameter(replace(entry, name=name), "path")
                if entry
                else _bare(name, "path", operation)
            )
        for where, entry in ((w, e) for w in ("query", "header") for e in listed[w]):
            place = "header" if re.search(r"\bheader\b", entry.kind) else where
            known = bare_name(entry.name) in in_path or (place, entry.name.lower()) in seen
            if not known and not self._is_body(operation, place):
                seen.add((place, entry.name.lower()))
                yield self._parameter(entry, place)
        for name in operation.query:
            if ("query", name.lower()) not in seen and name not in holes:
                seen.add(("query", name.lower()))
                yield _bare(name, "query", operation)
        for name, _ in unlisted(self.prose.curls[0]) if self.prose.curls else ():
            if ("header", name.lower()) not in seen:
                yield _bare(name, "header", operation)

    @staticmethod
    def _is_body(operation: Operation, where: str) -> bool:
        return where == "query" and operation.method in {"POST", "PUT", "PATCH"}

    @staticmethod
    def _parameter(entry: Entry, where: str) -> Parameter:
        schema = entry.schema()
        marks = dict.fromkeys(("schema",), entry.line)
        if not schema.get("type"):
            schema = {"type": "string", **schema} if where == "path" else schema
        required = True if where == "path" else bool(entry.required)
        if entry.required is None and where != "path":
            marks["required"] = entry.line
        return Parameter(entry.name, where, schema, required, entry.prose, marks)

    def _body(self, operation: Operation, statuses: Statuses) -> dict[str, Json] | None:
        if operation.method not in {"POST", "PUT", "PATCH"} or not statuses.requests:
            return None
        return inferred(statuses.requests)

    # -- answers

    def _answers(self, told: list[Told]) -> list[Answer]:
        lists = words(self.prose)
        fields = self._entries("fields")
        answers = []
        for one in told:
            schema = inferred(one.bodies) if one.bodies else None
            if schema is not None and one.status.startswith("2"):
                for entry in fields:
                    _described(schema, entry)
                for found in lists:
                    self._restrict(schema, found, one)
            guessed = {} if one.stated else {"status": one.line}
            answers.append(
                Answer(
                    one.status, one.description, schema, tuple(s.value for s in one.bodies), guessed=guessed
                )
            )
        return answers

    def _restrict(self, schema: dict[str, Json], found: Words, told: Told) -> None:
        """Close a field over its allowed words, unless the examples use another word."""
        place = _place(schema, found.names)
        if place is None:
            return
        target, path = place
        used = {v for s in told.bodies for v in _values(s.value, path) if isinstance(v, str)}
        fits = {v.lower(): v for v in found.values}
        if any(u.lower() in fits and u not in found.values for u in used) and all(
            v.islower() for v in found.values
        ):
            return
        self.read.add(found.line)
        if used - set(found.values) or not found.full:
            target.setdefault("x-known-values", sorted({*found.values, *used}))
            if used - set(found.values):
                self.notices.append(
                    f"{self.page.name}:{found.line}: the words listed for {path[-1]} "
                    "do not hold the example's; the list is left open"
                )
            return
        if "enum" not in target:
            null = isinstance(target.get("type"), list)
            target["enum"] = [*found.values, *([None] if null else [])]
            guess(target, found.line, "enum")

    def _left(self, operation: Operation, told: list[Told], statuses: Statuses) -> list[int]:
        """List what no rule read: prose outside the known sections, bodies without a status."""
        bodies = {n for t in told for s in t.bodies for n in range(s.line, s.end + 1)}
        bodies |= {n for s in statuses.requests for n in range(s.line, s.end + 1)}
        known = {r.number for r in self.prose.rows if r.heading or r.code}
        lines = {t.line for t in told} | {operation.line} | self.read | bodies | known
        spans = {r.number for r in self.prose.rows if r.kind == "values"}
        marks = {n for n, line in enumerate(self.page.lines, 1) if _MARKS.match(line)}
        return [n for n in range(1, len(self.page.lines) + 1) if n not in lines | spans | marks]


def _bare(name: str, where: str, operation: Operation) -> Parameter:
    marks = {"schema": operation.line} | ({} if where == "path" else {"required": operation.line})
    return Parameter(name, where, {"type": "string"}, where == "path", guessed=marks)


def _described(schema: dict[str, Json], entry: Entry) -> None:
    """Put a described field's words to the member the examples show; add it when they never do."""
    found = _find(schema, entry.name.replace("[]", "").split("."))
    if found is None and "." in entry.name and entry.kind:
        parent = _find(schema, entry.name.replace("[]", "").split(".")[:-1])
        parent = parent.get("items", parent) if parent else None
        if not isinstance(parent, dict) or "properties" not in parent:
            return
        last = entry.name.rpartition(".")[2]
        found = parent["properties"].setdefault(last, guess(entry.schema(), entry.line, "type"))
    if found is None:
        root = schema if schema.get("type") == "object" else schema.get("items", {})
        if "." in entry.name or not isinstance(root, dict) or root.get("type") != "object" or not entry.kind:
            return
        found = root.setdefault("properties", {}).setdefault(
            entry.name, guess(entry.schema(), entry.line, "type")
        )
    if entry.prose and "description" not in found:
        found["description"] = entry.prose
    typed = entry.schema()
    if "enum" in typed and "enum" not in found and found.get("type") == "string":
        found["enum"] = typed["enum"]
        guess(found, entry.line, "enum")
    if typed and "type" not in found:
        found.update(guess({k: v for k, v in typed.items() if k != "description"}, entry.line, "type"))
    if _NULLABLE.search(f"{entry.kind} {entry.prose}") and not nullable(found):
        changed = guess(with_null(found), entry.line, "nullable")
        found.clear()
        found.update(changed)


def _find(schema: dict[str, Json], path: list[str]) -> dict[str, Json] | None:
    """Find a member by its path, or by a lone name that only one place has."""
    if len(path) > 1:
        here: Json = schema
        for name in path:
            here = here.get("items", here) if isinstance(here, dict) and "properties" not in here else here
            here = here.get("properties", {}).get(name) if isinstance(here, dict) else None
            if not isinstance(here, dict):
                return None
        return here  # type: ignore[no-any-return]
    places = [s for p, s in _members(schema, ()) if p[-1] == path[0]]
    return places[0] if places and (len(places) == 1 or path[0] in _shallow(schema)) else None


def _shallow(schema: dict[str, Json]) -> set[str]:
    return set(schema.get("properties", {}))


def _members(schema: Json, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Json]]]:
    """Yield all members with their paths, the shallow ones first."""
    level = [(path, schema)]
    while level:
        following: list[tuple[tuple[str, ...], Json]] = []
        for at, one in level:
            for name, child in one.get("properties", {}).items() if isinstance(one, dict) else ():
                yield (*at, name), child
                following.append(((*at, name), child))
            if isinstance(one, dict) and isinstance(one.get("items"), dict):
                following.append(((*at, "*"), one["items"]))
        level = following


def _place(schema: dict[str, Json], names: tuple[str, ...]) -> tuple[dict[str, Json], tuple[str, ...]] | None:
    """Find the shallowest text member with one of the names, nearest name first."""
    members = [(p, s) for p, s in _members(schema, ()) if s.get("type") in ("string", ["string", "null"])]
    for name in names:
        last = name.rpartition(".")[2].lower()
        for path, member in members:
            plain = path[-1].lower()
            if plain == last or (plain.endswith(("_" + last,)) and last in {"status", "state"}):
                return member, path
    return None


def _values(value: Json, path: tuple[str, ...]) -> Iterator[Json]:
    if not path:
        yield value
    elif path[0] == "*" and isinstance(value, list):
        for item in value:
            yield from _values(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _values(value[path[0]], path[1:])
