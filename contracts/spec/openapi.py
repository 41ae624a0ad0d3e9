"""A vendored OpenAPI 3.1 document as the checker sees it: operations, responses, where each fact stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from contracts.errors import SpecError
from contracts.model import Json, Pointer, SourceLine
from contracts.spec.aside import SetAside
from contracts.spec.document import Document
from contracts.spec.keywords import NAMED, PLACES
from contracts.spec.manifest import RECEIVED, OperationEntry
from contracts.spec.references import nearest, pointed, references_in, step
from contracts.spec.routing import Router, names_operation
from contracts.text import show

TEMPLATE = re.compile(r"\{([^{}]*)\}")
_MAX_REFS: Final = 1_000


ACCEPTED: Final = "accepted"
"""The provenance of a document of which the team decided that its vendor keeps to it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a request; `schema` points at its schema, or is None when it has none."""

    name: str
    location: str
    required: bool
    pointer: Pointer
    schema: Pointer | None


@dataclass(frozen=True, slots=True)
class HeaderSpec:
    """A response header that the spec declares."""

    name: str
    required: bool
    pointer: Pointer
    schema: Pointer | None


@dataclass(frozen=True, slots=True)
class ResponseSpec:
    """What one status promises; `status` is "200", "4XX" or "default".

    `content` maps a media type to the place of its schema; `aside` says why the response is not judged.
    """

    status: str
    pointer: Pointer
    content: Mapping[str, Pointer | None]
    headers: tuple[HeaderSpec, ...]
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path template, which is its identity; the alias is how people call it.

    A webhook or callback is one too: `responses` has what the vendor sends, under 200, and nothing is asked.
    `aside` says why the operation is not judged: its description could not be read.
    """

    alias: str
    method: str
    path: str
    pointer: Pointer
    parameters: tuple[Parameter, ...]
    responses: Mapping[str, ResponseSpec]
    body: Mapping[str, Pointer | None]
    body_required: bool
    entry: OperationEntry
    pattern: re.Pattern[str] = field(compare=False, repr=False)
    aside: str = ""

    @property
    def title(self) -> str:
        """Give `GET /path`, the identity in words."""
        return f"{self.method} {self.path}"

    def captured(self, path: str) -> Mapping[str, str] | None:
        """Give the path parameters of a path, still percent-encoded; None when it is another's."""
        found = self.pattern.fullmatch(path)
        return dict(zip(self.names, found.groups(), strict=True)) if found else None

    @property
    def names(self) -> list[str]:
        """Give the names of the path parameters in the order of the template."""
        return [] if self.received else TEMPLATE.findall(self.path)

    @property
    def received(self) -> bool:
        """Whether the vendor sends the request, to a webhook or as a callback."""
        return self.path.startswith(RECEIVED)

    def response(self, status: int) -> ResponseSpec | None:
        """Find what the spec says of a status: exact, then its range, then default."""
        found = self.responses
        return found.get(str(status)) or found.get(f"{status // 100}XX") or found.get("default")


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec after its overlay; `document` is shared and must not be changed.

    `overlaid` has the lines of what the overlay wrote, `aside` what of the document could not be used.
    """

    document: Any
    source: Document
    provenance: str
    operations: tuple[Operation, ...]
    servers: tuple[str, ...]
    overlaid: Mapping[str, SourceLine] = field(default_factory=dict)
    aside: tuple[SetAside, ...] = ()
    router: Router[Operation] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Make the router of these operations and servers; it builds its index when it is asked."""
        object.__setattr__(self, "router", Router(self.operations, self.servers, self.document))

    def not_judged(self, start: Pointer) -> tuple[SetAside, ...]:
        """Give what was set aside, and decides something, at a place, below it and behind its references."""
        lost = {str(one.pointer): one for one in self.aside if one.lost}
        if not lost:
            return ()
        reached = [f"{place}/" for place in reach(self.document, start)]
        return tuple(one for text, one in lost.items() if text.startswith(tuple(reached)))

    def line(self, pointer: Pointer) -> SourceLine:
        """Give file and line of a place, in the overlay where the overlay put it."""
        text = str(pointer)
        while text not in self.overlaid and text not in self.source.lines and text:
            text = text.rpartition("/")[0]
        return self.overlaid.get(text) or SourceLine(self.source.name, self.source.line(text))

    def fact_provenance(self, pointer: Pointer) -> str:
        """Give the provenance of a fact: its own mark, else the nearest mark above it, else the document's.

        `x-provenance` is one word for all below it, or maps a keyword beside it to `inferred:<line>`
        or `observed: n of m`; of the last the evidence is given too. A document that the team accepted as it
        is has that provenance in every fact.
        """
        mark = provenance_at(self.document, pointer) or self.provenance
        return ACCEPTED if self.provenance == ACCEPTED and mark.startswith("observed:") else mark

    def resolve(self, pointer: Pointer) -> tuple[Json, Pointer]:
        """Follow `$ref`s from a place; give the value and the place where it really stands."""
        return resolve(self.document, pointer, self.source.name)

    def target(self, ref: str) -> Pointer:
        """Give the place a local `$ref` points at; SpecError for one that leaves the document."""
        return local(ref, self.source.name)

    def operation(self, name: str) -> Operation | None:
        """Find an operation by alias, else the only one of that method and path, or operationId."""
        by_alias = next((op for op in self.operations if op.alias == name), None)
        found = [by_alias] if by_alias else [op for op in self.operations if self._is_named(op, name)]
        return found[0] if len(found) == 1 else None

    def _is_named(self, operation: Operation, name: str) -> bool:
        described = look(self.document, operation.pointer)
        own = described.get("operationId", "") if isinstance(described, dict) else ""
        return names_operation(name, operation.method, operation.path, str(own))

    def find(self, method: str, url: str) -> tuple[Operation, Mapping[str, str]] | None:
        """Find the operation that a request met, with its decoded path parameters."""
        met = self.met(method, url)
        if met is None:
            return None
        pairs = zip(met[0].names, met[1].groups(), strict=True)
        return met[0], {name: unquote(text) for name, text in pairs}

    def met(self, method: str, url: str) -> tuple[Operation, re.Match[str]] | None:
        """Find the operation that a request met, with the match of its path.

        The template with the most literal characters wins; the path of a server is taken off first.
        """
        return self.router.met(method, url)

    def captured(self, operation: Operation, url: str) -> Mapping[str, str]:
        """Give the path parameters of an operation as they stand in a URL, still percent-encoded."""
        found = (operation.captured(candidate) for candidate in self.router.paths(url))
        return next((names for names in found if names is not None), {})


def provenance_at(document: Json, pointer: Pointer) -> str:
    """Give the provenance that a document marks a fact with, by the nearest mark; "" where it marks none."""
    found, node = "", document
    for position, token in enumerate((None, *pointer)):
        node = step(node, token) if token is not None else node
        mark = node.get("x-provenance") if isinstance(node, dict) else None
        if isinstance(mark, dict):
            beside = pointer[position] if position < len(pointer) else None
            own = position == len(pointer) - 1 or beside not in PLACES  # below which other facts stand
            mark = mark.get("kind", mark.get(beside) if own else None)
        if isinstance(mark, str):
            word = mark.partition(":")[0]
            found = mark if word == "observed" else word
    return found


def look(document: Json, pointer: Pointer) -> Json:
    """Give the value at a place; None where there is none, such as behind a `$ref` that points nowhere."""
    for token in pointer:
        plain = type(token) is str and type(document) is dict
        document = document.get(token) if plain else step(document, token)
    return document


def reach(document: Json, start: Pointer) -> Iterator[Pointer]:
    """Yield a place and every place that it refers to, each once; data of the vendor's refers to nothing."""
    seen: set[Pointer] = set()
    todo = [start]
    while todo:
        at = todo.pop()
        if at in seen:
            continue
        seen.add(at)
        yield at
        named = bool(at) and at[-1] in NAMED
        said = references_in(look(document, at), named=named)
        todo += [pointed(ref) for word, ref in said if word == "$ref" and ref.startswith("#/")]


def resolve(document: Json, pointer: Pointer, name: str) -> tuple[Json, Pointer]:
    """Follow local `$ref`s; SpecError for one that leaves the document, points nowhere or is circular."""
    for _ in range(_MAX_REFS):
        node = look(document, pointer)
        target = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(target, str):
            return node, pointer
        pointer = local(target, name)
        _exists(document, pointer, target, name)
    raise SpecError(f"{name}: $ref {show(str(pointer))} refers to itself without end")


def local(ref: str, name: str) -> Pointer:
    """Read a local `$ref`; SpecError for one that leaves the document: nothing is ever fetched."""
    if not ref.startswith("#/"):
        raise SpecError(
            f"{name}: $ref {show(ref)} leaves the document; only '#/...' is followed, nothing is fetched"
        )
    return Pointer.parse(unquote(ref[1:]))


def _exists(document: Json, pointer: Pointer, ref: str, name: str) -> None:
    node: Json = document
    for token in pointer:
        above, node = node, step(node, token)
        if node is None and not (isinstance(above, dict) and str(token) in above):
            raise SpecError(f"{name}: $ref {show(ref)} points nowhere{nearest(document, pointer)}")
