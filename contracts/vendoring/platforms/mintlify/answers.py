"""The Response section of a rendered Mintlify page: statuses, media types, fields, bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages import JSON_TYPE, Answer, Page, Sample, Settings, guess, inferred
from contracts.vendoring.platforms.mintlify.fields import Field, FieldReader, Line
from contracts.vendoring.platforms.mintlify.schema import field_schema, object_schema
from contracts.vendoring.platforms.mintlify.types import split_type

_STATUS = re.compile(r"^([1-5](?:\d\d|XX)|default)(?:\s*[-–·:]?\s*([a-z]+/[\w.+*-]+(?:;.*)?))?$")
_MEDIA = re.compile(r"^((?:application|text|image|audio|video|multipart|\*)/[\w.+*-]+)(?:;.*)?$")
_OF_TYPE = re.compile(r"The response is of type[:\s]*`?([^`\n]+?)`?\s*\.?\s*$")
_FROM_EXAMPLE: Final = Settings(required=False)


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
        fields = reader.read()
        if not any(f.name for f in fields):
            reader, fields = self._nameless(part, keys)
        root, head = self._root(reader, fields)
        schema = self._schema(fields, found, root)
        description = head[0] if head else ""
        guessed = {} if part.stated else {"status": part.line}
        return Answer(part.status, description, schema, tuple(s.value for s in found), part.media, guessed)

    def _nameless(self, part: Part, keys: list[str]) -> tuple[FieldReader, list[Field]]:
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

    def _root(self, reader: FieldReader, fields: list[Field]) -> tuple[str, list[str]]:
        """Find the type of the whole body: "The response is of type …", or a type line before the fields."""
        head = [line.text for line in reader.head]
        text = "\n".join(head)
        said = _OF_TYPE.search(text.replace("\n.", "."))
        lone = next((t for t in head if split_type(t) and not split_type(t)[1].words), "")  # type: ignore[index]
        return (said[1] if said else lone), [
            t for t in head if t != lone and not t.startswith("The response is of")
        ]

    def _schema(self, fields: list[Field], found: list[Sample], root: str) -> dict[str, Json] | None:
        if len(fields) == 1 and not fields[0].name:
            return self._whole(fields[0], found)
        if not fields:
            return self._from_example(found, root)
        listed = any(isinstance(s.value, list) for s in found) or root.endswith("[]")
        if not listed:
            return nested(fields, found)
        items = [i for s in found for i in s.items()]
        return {"type": "array", "items": nested(fields, items)}

    def _whole(self, one: Field, found: list[Sample]) -> dict[str, Json]:
        schema = field_schema(one)
        if schema.get("type") in ("object", "array") and found:
            return self._from_example(found, one.kind) or schema
        return schema

    @staticmethod
    def _from_example(found: list[Sample], root: str) -> dict[str, Json] | None:
        """Take the whole schema from the bodies; the type of the root may be stated."""
        if not found:
            typed = split_type(root) if root else None
            return field_schema(Field("", typed[0], 0)) if typed and typed[0] != "any" else None
        schema = inferred(found, _FROM_EXAMPLE)
        return guess(schema, found[0].line, "properties") if "properties" in schema else schema


def _alike(first: Json, second: Json) -> bool:
    mine, yours = set(_keys(first)), set(_keys(second))
    return bool(mine & yours) and len(mine & yours) * 2 >= min(len(mine), len(yours))


def _keys(value: Json) -> list[str]:
    if isinstance(value, list):
        return _keys(value[0]) if value else []
    return list(value) if isinstance(value, dict) else []


def nested(fields: list[Field], found: list[Sample]) -> dict[str, Json]:
    """Write fields as an object; `items.status` and names only the parent's example knows are children."""
    roots: list[Field] = []
    children: dict[str, list[Field]] = {}
    top = {k for s in found for k in _keys(s.value)}
    for one in fields:
        parent, _, rest = one.name.partition(".")
        owner = next((f for f in roots if f.name == parent.removesuffix("[]")), None) if rest else None
        if owner is not None:
            one.name = rest
        elif roots and one.name not in top and _inside(roots[-1], one.name, found):
            owner = roots[-1]
        if owner is None:
            roots.append(one)
        else:
            children.setdefault(owner.name, []).append(one)
    schema = object_schema(roots, found)
    for name, listed in children.items():
        _adopt(schema["properties"][name], listed, _under(found, name))
    return schema


def _inside(owner: Field, name: str, found: list[Sample]) -> bool:
    if "object" in owner.kind and name.startswith(("{", "<")):
        return True
    return "object" in owner.kind and any(name in _keys(s.value) for s in _under(found, owner.name))


def _under(found: list[Sample], name: str) -> list[Sample]:
    values = [s.member(name) for s in found if isinstance(s.value, dict) and name in s.value]
    items = [i for s in values for i in s.items()]
    return [s for s in [*values, *items] if isinstance(s.value, dict)]


def _adopt(schema: dict[str, Json], listed: list[Field], found: list[Sample]) -> None:
    """Put listed children in the place of those that the example lent."""
    target = schema["items"] if isinstance(schema.get("items"), dict) else schema
    full = nested(listed, found)
    target.pop("x-provenance", None)
    target.update({k: v for k, v in full.items() if k != "type"})
