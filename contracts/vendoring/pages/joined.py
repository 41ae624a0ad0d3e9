"""One schema of what is listed for a value and what its examples show: the list wins, examples fill its gaps.

Where the two contradict each other, a notice names the line of either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.schema import compile_schema
from contracts.spec import look
from contracts.text import safe_text, show
from contracts.vendoring.pages.infer import is_filler, kind_of
from contracts.vendoring.pages.reading import PROVENANCE, guess
from contracts.vendoring.pages.samples import Sample
from contracts.vendoring.pages.shapes import kinds_of, nullable, with_null

Schema = dict[str, Json]
Line = Callable[[str], int]
MAX_FAULTS: Final = 20
_CLOSING: Final = {"enum", "const", "format"}
_ORDER: Final = ("string", "integer", "number", "boolean", "array", "object")


class Joiner:
    """Joins listed schemas with shown ones; a `stated` page lists types, formats and presence in full."""

    def __init__(self, name: str, *, stated: bool = False) -> None:
        self.name, self.stated = name, stated
        self.notices: list[str] = []
        self.lines: dict[int, int] = {}  # the line that lists a value first, by the identity of its schema

    def join(self, said: Schema, shown: Schema, at: str, line: Line) -> Schema:
        """Join what is said of a value with what is shown of it, in the place of the latter.

        `at` is the dotted name of the value, and `line` gives the line of the page that lists a dotted name.
        """
        self.lines.setdefault(id(shown), line(at))
        null = {"null"} & (kinds_of(said) | kinds_of(shown))
        result = self._joined(said, shown, at, line)
        if null and not nullable(result):
            told = _line(shown) if "null" in kinds_of(shown) else line(at)
            result = guess(with_null(result), told, "nullable")
        shown.clear()  # others may hold it already as the owner of its members
        shown.update(result)
        return shown

    def _joined(self, said: Schema, shown: Schema, at: str, line: Line) -> Schema:
        mine, theirs = kinds_of(said) - {"null"}, kinds_of(shown) - {"null"}
        if not mine:
            return self._untyped(said, shown, line(at))
        if not theirs:
            result = {**said, **_described(shown)}
            return result if self.stated else guess(result, line(at), "type")
        if not _covers(mine, theirs):
            return self._contradicted(said, shown, at, line)
        return (self._branched if "anyOf" in said else self._agreed)(said, shown, at, line)

    def _untyped(self, said: Schema, shown: Schema, line: int) -> Schema:
        """Take the type from the examples, unless the page says that anything may come."""
        if self.stated and "title" not in said:
            return dict(said)
        types = kinds_of(shown)
        unfit = {"enum", "format"} if {"object", "array", "boolean"} & types else set()
        kept = {k: v for k, v in said.items() if k not in unfit and not (types and k == "anyOf")}
        return guess({**kept, **shown}, line, *({"enum"} & set(kept)))

    def _agreed(self, said: Schema, shown: Schema, at: str, line: Line) -> Schema:
        if "format" in said:  # the listed one is kept
            marks = {k: v for k, v in shown.get(PROVENANCE, {}).items() if k != "format"}
            shown = {k: v for k, v in shown.items() if k not in {"format", PROVENANCE}}
            shown |= {PROVENANCE: marks} if marks else {}
        result = {**said, **({} if self.stated else shown), "type": said["type"]}
        members, items = shown.get("properties"), shown.get("items")
        if members and "additionalProperties" not in said:
            result = self._members(result, said.get("properties", {}), shown, at, line)
        if items:
            result["items"] = self.join(said["items"], items, f"{at}[]", line) if "items" in said else items
        return result

    def _members(self, result: Schema, listed: Schema, shown: Schema, at: str, line: Line) -> Schema:
        """Put in the members that either side knows, the listed ones first."""
        found = shown["properties"]
        both = {
            n: self.join(s, found[n], f"{at}.{n}".lstrip("."), line) if n in found else s
            for n, s in listed.items()
        }
        result["properties"] = {**both, **{n: s for n, s in found.items() if n not in listed}}
        return result if listed else guess(result, _line(shown), "properties")

    def _branched(self, said: Schema, shown: Schema, at: str, line: Line) -> Schema:
        """Fill the one alternative that the examples are of."""
        fits = [b for b in said["anyOf"] if _covers(kinds_of(b), kinds_of(shown) - {"null"})]
        if len(fits) != 1:
            return dict(said)
        joined = [self._joined(b, shown, at, line) if b is fits[0] else b for b in said["anyOf"]]
        return {**said, "anyOf": joined}

    def _contradicted(self, said: Schema, shown: Schema, at: str, line: Line) -> Schema:
        """Keep what is listed; where only prose lists it, objects and lists that are shown may come too."""
        mine, theirs = kinds_of(said) - {"null"}, kinds_of(shown) - {"null"}
        first, here = self.lines[id(shown)], line(at)
        empty = mine | theirs <= {"object", "array"} and not {"properties", "items"} & set(shown)
        widened = not (self.stated or empty) and bool({"object", "array"} & (mine | theirs))
        if first != here or widened:  # else the whole example tells it, once it does not fit
            seen = (
                f"line {first} lists it as" if first != here else f"the example at line {_line(shown)} shows"
            )
            self.notices.append(
                _contradiction(self.name, here, at, f"as {_named(mine)}", f"{seen} {_named(theirs)}")
            )
        if not widened:
            return {**said, **_described(shown)}
        both = [k for k in _ORDER if k in mine | theirs]
        return {**{k: v for k, v in said.items() if k not in _CLOSING}, **shown, "type": both}


def misfits(
    name: str, schema: Schema, bodies: Sequence[Sample], line: Callable[[Pointer], int]
) -> Iterator[str]:
    """Yield what examples show otherwise than it is listed and, so, joined.

    `line` gives the line of the page that lists the value at a place of an example.
    """
    try:
        engine = compile_schema(schema)
    except SpecError:
        return  # told where the schema is used
    for body in bodies:
        for fault in islice(engine.faults(body.value), MAX_FAULTS):
            value, words = look(body.value, fault.pointer), look(schema, fault.spec_pointer)
            if is_filler(value):
                continue
            types = kinds_of(look(schema, Pointer(fault.spec_pointer[:-1]))) - {"null"}
            told, seen = f"with {fault.keyword} {safe_text(str(words), 80)}", f"shows {show(value)}"
            if fault.keyword == "required":
                told, seen = "as required", "lacks it"
            elif types and not _covers(types, {kind_of(value)}):
                told, seen = f"as {_named(types)}", f"shows {kind_of(value)}"
            seen = f"the example at line {body.place(fault.pointer)} {seen}"
            yield _contradiction(name, line(fault.pointer), dotted(fault.pointer), told, seen)


def _contradiction(name: str, line: int, at: str, told: str, other: str) -> str:
    """Say in one sentence that the page lists a value in one way and shows or lists it in another."""
    return f"{name}:{line}: {safe_text(at, 80) or 'the body'} is listed {told}, and {other}"


def _named(types: set[str]) -> str:
    """Name types in a fixed order."""
    return "/".join(sorted(types))


def dotted(path: Sequence[str | int]) -> str:
    """Write the names and indices that lead to a value as a dotted name: `items[].id`."""
    return "".join("[]" if isinstance(token, int) else f".{token}" for token in path).removeprefix(".")


def _described(shown: Schema) -> Schema:
    return {k: v for k, v in shown.items() if k == "description"}


def _covers(listed: set[str], shown: set[str]) -> bool:
    """Whether what is listed lets all in that is shown."""
    return shown <= listed | ({"integer"} if "number" in listed else set())


def _line(shown: Schema) -> int:
    """Give the line of the example that a schema was inferred from."""
    marks = shown.get(PROVENANCE) or {}
    return int(re.sub(r"\D", "", str(next(iter(marks.values()), ""))) or 0)
