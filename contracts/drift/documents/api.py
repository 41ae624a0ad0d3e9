"""One OpenAPI 3.1 document as the operations it offers: parameters merged, references opened.

Paths are known by their template without parameter names, path parameters by their position, header names
in lower case, security schemes by what they are and not by what they are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from contracts.drift.change import Direction
from contracts.drift.documents.calendar import UNSTABLE
from contracts.drift.schemas import Schemas, canonical
from contracts.model import Json, Pointer
from contracts.schema import HIDDEN, demanded
from contracts.spec import EXTENDED, IGNORED_HEADERS, addresses, callback_path, webhook_path

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_BRACES: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Element:
    """A piece of an operation: where it stands, and what stands there."""

    pointer: str
    raw: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One method of one path (or webhook), with everything that applies to it."""

    method: str
    path: str
    part: Element
    parameters: Mapping[tuple[str, str], Element] = field(default_factory=dict)

    @property
    def promised(self) -> bool:
        """Whether the vendor promises anything: drafts and alphas come without a promise."""
        return self.part.raw.get("x-stability-level") not in UNSTABLE

    @property
    def name(self) -> str:
        """`GET /items/{id}`; of a webhook `POST webhook:name`."""
        return f"{self.method.upper()} {self.path}"

    @property
    def headers(self) -> dict[str, Element]:
        """Its header parameters by name in lower case: those of a webhook the vendor sends."""
        return {name: part for (place, name), part in self.parameters.items() if place == "header"}


Key = tuple[str, str]


class Api:
    """The operations of a document, by method and nameless path template."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self.schemas = Schemas(document)
        self.document = document
        self._sides: dict[str, Schemas] = {}
        self.gaps: dict[str, str] = {}
        """References outside schemas that lead to nothing in this document, and why."""
        self.operations: dict[Key, ApiOperation] = {}
        self.webhooks: dict[Key, ApiOperation] = {}
        for path, item in self.children(Element("", document), "paths"):
            self._add(self.operations, _BRACES.sub("{}", path), path, item)
        for name, item in self.children(Element("", document), "webhooks"):
            self._add(self.webhooks, name, webhook_path(name), item)

    def _add(self, found: dict[Key, ApiOperation], template: str, path: str, item: Element) -> None:
        for method in METHODS:
            part = self.child(item, method)
            if part is not None:
                key = (method, template if (method, template) not in found else path)
                parameters = self._parameters(path, item, part)
                found[key] = ApiOperation(method, path, part, parameters)
                self._callbacks(found[key])

    def _callbacks(self, operation: ApiOperation) -> None:
        for name, callback in self.children(operation.part, "callbacks"):
            for expression in callback.raw:
                item = self.child(callback, expression)
                if item is not None:
                    path = callback_path(operation.method, operation.path, name, expression)
                    self._add(self.webhooks, _BRACES.sub("{}", path), path, item)

    def _parameters(self, path: str, *parts: Element) -> dict[tuple[str, str], Element]:
        """Merge parameters of the path and the operation; what OpenAPI says is ignored is left out.

        A path parameter that no brace of the template names stands for the one that nothing else names.
        """
        listed = [one for part in parts for one in self._listed(part)]
        names = _BRACES.findall(path)
        said = {name for place, name, _ in listed if place == "path"}
        spare = [name for name in names if name not in said]
        found: dict[tuple[str, str], Element] = {}
        for place, name, one in listed:
            if place == "path":
                meant = spare[0] if name not in names and len(spare) == 1 else name
                found[place, str(names.index(meant)) if meant in names else name] = one
            elif place != "header" or name.lower() not in IGNORED_HEADERS:
                found[place, name.lower() if place == "header" else name] = one
        return found

    def _listed(self, part: Element) -> Iterator[tuple[str, str, Element]]:
        listed = part.raw.get("parameters")
        for index in range(len(listed) if isinstance(listed, list) else 0):
            one = self.open(f"{part.pointer}/parameters/{index}")
            yield str(one.raw.get("in", "")), str(one.raw.get("name", "")), one

    def open(self, pointer: str) -> Element:
        """Give what stands at a pointer with its `$ref` followed; an empty part where nothing stands."""
        for _ in range(32):
            raw = self.schemas.raw(pointer)
            if pointer in self.schemas.lost:
                self.gaps[pointer] = self.schemas.lost[pointer]
            if not isinstance(raw, dict):
                return Element(pointer, {})
            if not isinstance(raw.get("$ref"), str):
                return Element(pointer, raw)
            pointer = self.schemas.local(raw["$ref"])
        self.gaps[pointer] = "is a chain of more than 32 references"
        return Element(pointer, {})

    def side(self, direction: Direction) -> Schemas:
        """Give the schemas as one direction means them: what it does not send is not required either."""
        if HIDDEN.get(direction) not in self.schemas.words:
            return self.schemas
        if direction not in self._sides:
            meant = demanded(self.document, direction, "the document")
            self._sides[direction] = Schemas(meant, self.schemas.words)
        return self._sides[direction]

    def child(self, part: Element, *keys: str) -> Element | None:
        """Give what stands under keys of a part, references followed; None when there is nothing."""
        for key in keys:
            if not isinstance(part.raw.get(key), dict):
                return None
            part = self.open(part.pointer + str(Pointer((key,))))
        return part

    def children(self, part: Element, key: str) -> Iterator[tuple[str, Element]]:
        """Yield the named children of a map; extensions of the vendor's are none."""
        held = self.child(part, key)
        for name, value in held.raw.items() if held else ():
            if isinstance(value, dict) and (key not in EXTENDED or not str(name).startswith("x-")):
                yield name, self.open(held.pointer + str(Pointer((name,))))  # type: ignore[union-attr]

    def security(self, operation: ApiOperation, *, whole: bool = False) -> dict[str, frozenset[str]]:
        """Give the ways to be let in: what to show, by name for the reader -> the needs, each canonical text.

        An operation that lets anyone in has one way with no needs. With `whole` a name is followed by what
        it stands for, for where one name stands for two things.
        """
        stated = operation.part.raw.get("security", self.document.get("security"))
        ways = [way for way in stated if isinstance(way, dict)] if isinstance(stated, list) else []
        named = {self._way(way, whole=whole): frozenset(self._needs(way)) for way in ways}
        return named or {"nothing": frozenset()}

    def _way(self, way: Mapping[str, Json], *, whole: bool) -> str:
        shown = [
            (f"{name} ({', '.join(map(str, scopes))})" if isinstance(scopes, list) and scopes else name)
            + f" ({self.shown(name)})" * whole
            for name, scopes in way.items()
        ]
        return " and ".join(sorted(shown)) or "nothing"

    def shown(self, name: str) -> str:
        """Say in a few words where a security scheme has its key: `header X-Key`, `http bearer`."""
        raw = self._scheme(name)
        words = ("in", "name") if raw.get("type") == "apiKey" else ("type", "scheme")
        return " ".join(str(raw[key]) for key in words if key in raw) or "undefined"

    def _scheme(self, name: str) -> Mapping[str, Json]:
        return self.open(f"/components/securitySchemes/{str(Pointer((name,)))[1:]}").raw

    def _needs(self, way: Mapping[str, Json]) -> Iterator[str]:
        for name, scopes in way.items():
            scheme = self.scheme(name)
            yield scheme
            for scope in scopes if isinstance(scopes, list) else ():
                yield f"{scheme} {scope}"

    def scheme(self, name: str) -> str:
        """Say what a security scheme is, whatever it is called: type, and place or kind."""
        raw = self._scheme(name)
        parts = {key: raw[key] for key in ("type", "in", "name", "scheme") if key in raw}
        return canonical(parts or name).lower()

    def schemes(self) -> frozenset[str]:
        """Give all schemes of the document."""
        held = self.child(Element("", self.document), "components", "securitySchemes")
        return frozenset(self.scheme(name) for name in (held.raw if held else ()))

    def servers(self, operation: ApiOperation | None = None) -> tuple[str, ...]:
        """Give the addresses where an operation, or the whole API, is served."""
        raw = (operation.part.raw.get("servers") if operation else None) or self.document.get("servers")
        held = raw if isinstance(raw, list) else []
        return tuple(dict.fromkeys(url for one in held if isinstance(one, dict) for url in addresses(one)))

    def urls(self, key: Key, operation: ApiOperation) -> frozenset[str]:
        """Give every URL of an operation, braces without names."""
        return frozenset(server + key[1] for server in self.servers(operation) or ("",))
