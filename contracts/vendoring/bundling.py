"""A document in several files as one: what it refers to in other files moves into its components.

Only files that were handed over are read, and nothing outside the folder of the document ever is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.spec import (
    OBJECTS,
    Upstream,
    anchors_in,
    fragment,
    ids_in,
    joined,
    look,
    read_document,
    references_in,
    with_methods,
)

MAX_FILES: Final = 2_000
MAX_GUESSED: Final = 5
"""From how many last parts of an address a file's path may be made."""
_HOMES: Final = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "header": "headers",
    "body": "requestBodies",
    "example": "examples",
    "scheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
}
_SWAGGER_HOMES: Final = {"schema": "definitions", "response": "responses", "parameter": "parameters"}
_SWAGGER: Final[Mapping[str, Mapping[str, str]]] = {
    **OBJECTS,
    "document": {
        **OBJECTS["document"],
        "definitions": "schema*",
        "parameters": "parameter*",
        "responses": "response*",
    },
    "response": {"schema": "schema", "headers": "parameter*"},
}
"""Where schemas and references stand in Swagger 2.0."""
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}\Z")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/")
_REFERRING: Final = ("$ref", "mapping")
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SUFFIXES: Final = (".json", ".yaml", ".yml")


def part_files(folder: Path, upstream: Upstream) -> dict[str, bytes]:
    """Read the other files of an upstream document that are there, by their path relative to it."""
    home = (folder / upstream.file).resolve().parent
    paths = {other: (home / other).resolve() for other in upstream.parts}
    return {o: p.read_bytes() for o, p in paths.items() if p.is_relative_to(folder.resolve()) and p.is_file()}


@dataclass(frozen=True, slots=True)
class Files:
    """The other files of a document: bytes by relative path; `left` says which could not be read, and why."""

    held: Mapping[str, bytes]
    left: tuple[str, ...] = ()


def inside(name: str, ref: str) -> str:
    """Give the file that a reference in a file names, relative to the document; "" for none inside."""
    base = unquote(ref.partition("#")[0])
    if not base or _URI.match(base) or "\\" in base:
        return ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), base))
    return path if all(_SEGMENT.match(part) for part in path.split("/")) else ""


class _Names:
    """What the files of a document call themselves, by `$self` and `$id`: the place of each address."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[str, Pointer]] = {}
        self._bases: dict[str, str] = {}

    def enter(self, file: str, value: Json) -> None:
        said = _object(value)
        base = said.get("$self", said.get("$id"))
        self._bases[file] = base = base if isinstance(base, str) else ""
        for name, at in ids_in(value, base).items():
            self.places.setdefault(name, (file, at))

    def address(self, file: str, ref: str) -> str:
        """Give the address that a reference in a file means; "" where nothing says one."""
        found = joined(self._bases.get(file, ""), ref.partition("#")[0])
        return found if _ADDRESS.match(found) else ""

    def file(self, file: str, ref: str) -> str:
        """Give the file that a reference in a file names, relative to the document; "" for none inside.

        An address below that of the document, which is the first file here, is one beside it.
        """
        home = next(iter(self._bases.values()), "").rpartition("/")[0]
        address = self.address(file, ref)
        below = home and address.startswith(f"{home}/")
        return inside(file, ref) or (inside("", address[len(home) + 1 :]) if below else "")

    def files(self, address: str) -> Iterator[str]:
        """Yield where the file with an address may be, relative to the document: at the end of its path."""
        parts = [
            part for part in unquote(address.partition("://")[2].partition("?")[0]).split("/")[1:] if part
        ]
        for start in range(max(0, len(parts) - MAX_GUESSED), len(parts)):
            name = "/".join(parts[start:])
            yield from (f"{name}{suffix}" for suffix in ("", *_SUFFIXES) if inside("", name))


def collect(name: str, value: Json, read: Callable[[str], bytes | None], *, guess: bool = False) -> Files:
    """Find every file that a document leads to; `read` gives the bytes of one, None where there is none.

    With `guess`, a file that a reference names by the `$id` in it is looked for by the end of that address.
    """
    return _Collection(name, read).collected(value, guess=guess)


class _Collection:
    """One search for the files of a document: those found, and what was asked for."""

    def __init__(self, name: str, read: Callable[[str], bytes | None]) -> None:
        self.name, self.read = name, read
        self.held: dict[str, bytes] = {}
        self.left: dict[str, str] = {}
        self.names = _Names()
        self.todo: list[tuple[str, Json]] = []
        self.asked: dict[str, str] = {}
        """Addresses that no file has yet, each with the file that was not there in its stead."""

    def collected(self, value: Json, *, guess: bool) -> Files:
        self.enter(self.name, value)
        while self.todo:
            while self.todo:
                self.follow(*self.todo.pop())
            for address in self.asked if guess else ():
                self.look_for(address)
            self.asked.clear()
        return Files(self.held, tuple(f"{other}: referred to, but {why}" for other, why in self.left.items()))

    def enter(self, file: str, value: Json) -> None:
        self.names.enter(file, value)
        self.todo.append((file, value))

    def follow(self, file: str, part: Json) -> None:
        for ref in {ref: None for word, ref in references_in(part) if word in _REFERRING}:
            other, address = self.names.file(file, ref), self.names.address(file, ref)
            known = address in self.names.places or other in self.held or other in self.left
            if other and not known and other != self.name:
                self.take(other, lambda _: True)
            if address and (not other or other in self.left) and len(self.asked) < MAX_FILES:
                self.asked[address] = other

    def take(self, other: str, wanted: Callable[[Json], bool]) -> None:
        """Read a file and follow it too; one that is not there, or cannot be read, is told."""
        data = self.read(other) if len(self.held) < MAX_FILES else None
        if data is None:
            self.left[other] = "not there" if len(self.held) < MAX_FILES else f"beyond {MAX_FILES:,} files"
            return
        try:
            value = read_document(other, data, lines=False).value
        except SpecError as error:
            self.left[other] = f"it cannot be read: {error}"
            return
        if wanted(value):
            self.held[other] = data
            self.enter(other, value)

    def look_for(self, address: str) -> None:
        """Read the file that calls itself by an address, where one is at the end of its path."""
        known = dict(self.left)
        for other in self.names.files(address):
            if address in self.names.places:
                break
            if other not in self.held and other not in known and other != self.name:
                self.take(other, lambda value: address in ids_in(value))
        if address in self.names.places:
            known.pop(self.asked[address], None)
        self.left = known


def _value(name: str, data: bytes) -> Json:
    try:
        return read_document(name, data, lines=False).value
    except SpecError:
        return None


def bundled_document(name: str, value: dict[str, Json], files: Mapping[str, bytes]) -> dict[str, Json]:
    """Give the document with what its files hold moved into it; the argument is not changed.

    A reference to the document by its own name, or by what a schema in it calls itself, stays in it.
    """
    outward = any(word in _REFERRING and not ref.startswith("#") for word, ref in references_in(value))
    return _Bundle(name, value, files).whole() if outward else value


class _Bundle:
    """One bundling: parsed files, and the component that each place of another file became."""

    def __init__(self, name: str, value: dict[str, Json], files: Mapping[str, bytes]) -> None:
        self.name, self.value = name, value
        self.parsed: dict[str, Json] = {name: value, **{o: _value(o, data) for o, data in files.items()}}
        self.names = _Names()
        for other, part in self.parsed.items():
            self.names.enter(other, part)
        self.anchors: dict[str, dict[str, Pointer]] = {}
        self.moved: dict[tuple[str, str, str], str] = {}
        self.added: dict[str, dict[str, Json]] = {}
        self.open: list[tuple[str, str]] = []
        old = "swagger" in value
        self.objects, self.homes = (_SWAGGER, _SWAGGER_HOMES) if old else (OBJECTS, _HOMES)
        self.above: tuple[str, ...] = () if old else ("components",)

    def whole(self) -> dict[str, Json]:
        made: dict[str, Json] = self.walk(self.value, "document", self.name)
        if not self.above:
            return {**made, **{home: {**_object(made.get(home)), **new} for home, new in self.added.items()}}
        components = dict(_object(made.get("components")))
        for home, parts in self.added.items():
            components[home] = {**_object(components.get(home)), **parts}
        return {**made, "components": components} if components else made

    def walk(self, value: Json, kind: str, file: str) -> Any:
        if kind.endswith("[]"):
            return [self.walk(item, kind[:-2], file) for item in value] if isinstance(value, list) else value
        if not isinstance(value, dict):
            return value
        if kind.endswith("*") and not isinstance(value.get("$ref"), str):
            return {key: self.walk(item, kind[:-1], file) for key, item in value.items()}
        if kind.endswith("*"):
            return self.inlined(value, kind, file)
        places = self.objects[kind]
        value = with_methods(value) if kind == "path" else value
        made = {
            key: self.walk(item, place, file) if place else item
            for key, item in value.items()
            for place in (places.get(key, "" if key.startswith("x-") else places.get("", "")),)
        }
        if isinstance(value.get("discriminator"), dict):
            made["discriminator"] = self.mapping(value["discriminator"], file)
        return self.referred(made, kind, file) if isinstance(value.get("$ref"), str) else made

    def mapping(self, discriminator: dict[str, Json], file: str) -> Json:
        mapping = discriminator.get("mapping")
        if not isinstance(mapping, dict):
            return discriminator
        moved = {
            word: self.target(ref, "schema", file) if isinstance(ref, str) and "/" in ref else ref
            for word, ref in mapping.items()
        }
        return {**discriminator, "mapping": moved}

    def referred(self, made: dict[str, Json], kind: str, file: str) -> dict[str, Json]:
        if kind in self.homes:
            return {**made, "$ref": self.target(made["$ref"], kind, file)}
        return self.inlined(made, kind, file)

    def inlined(self, made: dict[str, Json], kind: str, file: str) -> dict[str, Json]:
        """Put what a path or an operation refers to in its place: components have no home for it in 3.0."""
        place = self.place(made["$ref"], file)
        if place is None or place in self.open or (place[0] == file == self.name and kind == "path"):
            return made
        held = look(self.parsed[place[0]], Pointer.parse(place[1]))
        if not isinstance(held, dict):
            return made
        self.open.append(place)
        found = self.walk(held, kind, place[0])
        self.open.pop()
        return {**found, **{key: item for key, item in made.items() if key != "$ref"}}

    def place(self, ref: str, file: str) -> tuple[str, str] | None:
        """Give file and pointer of a reference; None when it is not among the files, or names no place."""
        base, _, fragment_ = ref.partition("#")
        other, above = (self.names.file(file, ref) if base else file), Pointer()
        if other not in self.parsed:
            found = self.names.places.get(self.names.address(file, ref))
            if found is None:
                return None
            other, above = found
        at = unquote(fragment_)
        if not at or at.startswith("/"):
            return other, f"{above}{at}"
        if other not in self.anchors:
            self.anchors[other] = anchors_in(self.parsed[other])
        anchor = self.anchors[other].get(at)
        return None if anchor is None else (other, str(anchor))

    def target(self, ref: str, kind: str, file: str) -> str:
        """Give what a reference becomes: a component of the one document."""
        place = self.place(ref, file)
        if place is None:
            return ref
        if place[0] == self.name:
            return f"#{fragment(place[1])}"
        key = (kind, *place)
        if key not in self.moved:
            held = look(self.parsed[place[0]], Pointer.parse(place[1]))
            if held is None:
                return ref
            home = self.homes[kind]
            name = self.free(home, place)
            self.moved[key] = f"#{Pointer((*self.above, home))}/{name}"
            self.added.setdefault(home, {})[name] = None
            self.added[home][name] = self.walk(held, kind, place[0])
        return self.moved[key]

    def free(self, home: str, place: tuple[str, str]) -> str:
        """Name a component after the last word of its place, or after its file."""
        last = place[1].rpartition("/")[2] or posixpath.basename(place[0]).partition(".")[0]
        stem = re.sub(r"[^A-Za-z0-9._-]", "_", last.replace("~1", "/").replace("~0", "~")) or "Part"
        held = _object(look(self.value, Pointer((*self.above, home))))
        taken = {*held, *self.added.get(home, ())}
        return next(n for n in (stem, *(f"{stem}_{k}" for k in range(2, 100_000))) if n not in taken)


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
