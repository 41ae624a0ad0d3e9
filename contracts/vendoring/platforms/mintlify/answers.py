"""The Response section of a rendered Mintlify page: statuses, media types, fields, bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from contracts.model import Json
from contracts.vendoring.pages import JSON_TYPE, Answer, Field, Listing, Members, Page, Sample, kinds_of
from contracts.vendoring.platforms.mintlify.fields import FieldReader, Label, Line
from contracts.vendoring.platforms.mintlify.schema import listed
from contracts.vendoring.platforms.mintlify.types import schema_of, split_type

_STATUS = re.compile(r"^([1-5](?:\d\d|XX)|default)(?:\s*[-–·:]?\s*([a-z]+/[\w.+*-]+(?:;.*)?))?$")
_MEDIA = re.compile(r"^((?:application|text|image|audio|video|multipart|\*)/[\w.+*-]+)(?:;.*)?$")
_OF_TYPE = re.compile(r"The response is of type[:\s]*`?([^`\n]+?)`?\s*\.?\s*$")


@dataclass(slots=True)
class Part:
    """The lines of one status."""

    status: str
    media: str = JSON_TYPE
    stated: bool = True
    line: int = 0
    lines: list[Line] = field(default_factory=list)


class Answers:
    """Reads the responses of one page."""

    def __init__(
        self, page: Page, lines: list[Line], bodies: list[Sample], tabs: list[tuple[int, str]]
    ) -> None:
        self.page, self.lines, self.bodies, self.tabs = page, lines, bodies, tabs
        self.notices: list[str] = []
        self.loose: list[int] = []

    def read(self) -> Iterator[Answer]:
        """Yield one answer for every status that the page names, the success first."""
        parts = self._parts()
        bodies = self._by_status(parts)
        for part in parts:
            yield self._answer(part, bodies.pop(part.status, []))
        for status, samples in bodies.items():
            yield self._answer(Part(status, line=samples[0].line if samples else 0), samples)

    def _parts(self) -> list[Part]:
        """Cut the section at its status lines; statuses in a row are tabs, whose first has the fields."""
        parts: list[Part] = []
        head = True
        for line in self.lines:
            status, media = _STATUS.match(line.text), _MEDIA.match(line.text)
            if status and (head or self._new_part(line, parts)):
                parts.append(Part(status[1], status[2] or JSON_TYPE, line=line.number))
            elif media and parts and not parts[-1].lines:
                parts[0 if head else -1].media = media[1]
            elif media and not parts:
                parts.append(Part(self._success(), media[1], stated=False, line=line.number))
            else:
                if not parts:
                    parts.append(Part(self._success(), stated=False, line=line.number))
                if head:
                    parts = self._first_filled(parts)
                head = False
                self._target(parts).lines.append(line)
        return parts

    def _first_filled(self, parts: list[Part]) -> list[Part]:
        """Mark that the tabs are over: what follows belongs to the first of them."""
        self.filled = parts[0]
        return parts

    def _target(self, parts: list[Part]) -> Part:
        last = parts[-1]
        return last if last.lines or (last is not parts[0] and self._later(parts)) else self.filled

    def _later(self, parts: list[Part]) -> bool:
        return bool(parts[0].lines) and parts[-1].line > parts[0].lines[-1].number

    def _new_part(self, line: Line, parts: list[Part]) -> bool:
        """Whether a status line inside the fields heads a further response: a gap or media type says so."""
        index = self.lines.index(line)
        after = self.lines[index + 1].text if index + 1 < len(self.lines) else ""
        stated = {p.status for p in parts}
        status = _STATUS.match(line.text)
        return (
            status is not None
            and status[1] not in stated
            and bool(status[2] or _MEDIA.match(after) or line.gap)
        )

    def _success(self) -> str:
        return next((t for _, t in self.tabs if t.startswith("2")), "200")

    def _by_status(self, parts: list[Part]) -> dict[str, list[Sample]]:
        """Give every example body its status: from the tab above it, else by order, else the success."""
        found: dict[str, list[Sample]] = {}
        tabs = [status for _, status in self.tabs]
        strip = bool(self.tabs and self.bodies) and self.tabs[-1][0] < self.bodies[0].line
        direct = {s.line: self._above(s) for s in self.bodies}
        if strip and len(tabs) > 1 and len(self.bodies) <= len(tabs):
            for status, sample in zip(tabs, self.bodies, strict=False):
                found.setdefault(status, []).append(sample)
        elif self.bodies and len(set(direct.values()) - {""}) == len(self.bodies):
            for sample in self.bodies:
                found.setdefault(direct[sample.line], []).append(sample)
        elif tabs and len(tabs) == len(self.bodies):
            for status, sample in zip(tabs, self.bodies, strict=True):
                found.setdefault(status, []).append(sample)
        elif self.bodies:
            found[parts[0].status if parts else self._success()] = self._successes(parts)
        for status in tabs:
            found.setdefault(status, [])
        return found

    def _successes(self, parts: list[Part]) -> list[Sample]:
        """Bodies that no tab speaks for: the first, and others only when they look like it."""
        first = self.bodies[0]
        alike = [s for s in self.bodies[1:] if _alike(first.value, s.value)]
        for sample in self.bodies[1:]:
            if sample not in alike:
                self.loose += range(sample.line, sample.end + 1)
                self.notices.append(
                    f"{self.page.name}:{sample.line}: no status says whose example body this is"
                )
        return [first, *alike]

    def _above(self, sample: Sample) -> str:
        number = sample.line - 1
        while number > 0 and not self.page.lines[number - 1].strip():
            number -= 1
        return next((status for n, status in self.tabs if n == number), "")

    def _answer(self, part: Part, found: list[Sample]) -> Answer:
        keys = [k for s in found[:1] for k in (_keys(s.value))]
        reader = FieldReader(list(part.lines), keys)
        labels = reader.read()
        if not any(one.name for one in labels):
            reader, labels = self._nameless(part, keys)
        root, head = self._root(reader, labels)
        fields = _nested([listed(one) for one in labels if one.name], found)
        members = Members(self.page.name, found, [Listing(fields)] if fields else [], root, stated=True)
        schema = members.schema()
        self.notices += members.notices
        description = head[0] if head else ""
        guessed = {} if part.stated else {"status": part.line}
        return Answer(part.status, description, schema, members.examples, part.media, guessed)

    def _nameless(self, part: Part, keys: list[str]) -> tuple[FieldReader, list[Label]]:
        """Read a list whose names were dropped: by position, when the example has as many members."""
        reader = FieldReader(list(part.lines), nameless=True)
        fields = reader.read()
        if len(fields) == len(keys):
            for one, name in zip(fields, keys, strict=True):
                one.name = name
            return reader, fields
        if len(fields) > 1:
            self.notices.append(
                f"{self.page.name}:{part.line}: the names of {len(fields)} fields are not on the page"
            )
        return reader, fields if len(fields) == 1 else []

    @staticmethod
    def _root(reader: FieldReader, labels: list[Label]) -> tuple[dict[str, Json], list[str]]:
        """Find the type of the whole body: "The response is of type …", or a type line before the fields."""
        head = [line.text for line in reader.head]
        said = _OF_TYPE.search("\n".join(head).replace("\n.", "."))
        lone = next((t for t in head if (typed := split_type(t)) and not typed[1].words), "")
        typed = split_type(said[1] if said else lone)
        root = listed(labels[0]).schema if len(labels) == 1 and not labels[0].name else {}
        root = root or (schema_of(typed[0]) if typed else {})
        return root, [t for t in head if t != lone and not t.startswith("The response is of")]


def _alike(first: Json, second: Json) -> bool:
    mine, yours = set(_keys(first)), set(_keys(second))
    return bool(mine & yours) and len(mine & yours) * 2 >= min(len(mine), len(yours))


def _keys(value: Json) -> list[str]:
    if isinstance(value, list):
        return _keys(value[0]) if value else []
    return list(value) if isinstance(value, dict) else []


def _nested(fields: list[Field], found: list[Sample]) -> list[Field]:
    """Name in full the members that stand on one level below their object, as only the example tells."""
    full = any("." in one.name and "{" not in one.name for one in fields)
    top = {k for s in found for k in _keys(s.value)}
    owner, inside = "", set[str]()
    for one in fields:
        if (
            owner
            and "." not in one.name
            and one.name not in top
            and (one.name[0] in "{<" or (one.name in inside and not full))
        ):
            one.name = f"{owner}.{one.name}"
        else:
            opens = "object" in kinds_of(one.schema) | kinds_of(one.schema.get("items"))
            owner, inside = (one.name, _under(found, one.name)) if opens else ("", set())
    return fields


def _under(found: list[Sample], name: str) -> set[str]:
    """Collect the members that examples show of a member, or of its items."""
    bodies = [b for s in found for b in (s.value if isinstance(s.value, list) else [s.value])]
    values = [b[name] for b in bodies if isinstance(b, dict) and name in b]
    return {k for v in values for one in (v if isinstance(v, list) else [v]) for k in _keys(one)}
