"""Where schemas stand in a document, and what `$ref`, `$anchor`, `$id` and `$dynamicRef` point at.

Nothing is fetched: a reference resolves inside the document or to the JSON Schema metaschemas, which ship
with jsonschema; any other target is a GenerationError that names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin

from contracts.errors import GenerationError
from contracts.model import Json, Pointer
from contracts.schema import children
from contracts.text import safe_text


@dataclass(frozen=True, slots=True, eq=False)
class ScopedSchema:
    """A schema with the base URI it stands under and the resources entered on the way (outermost first)."""

    schema: Json
    base: str
    scope: tuple[str, ...]


class Lookup:
    """The index of one document."""

    def __init__(self, document: Json) -> None:
        self._resources: dict[str, Json] = {}
        self._anchors: dict[tuple[str, str], Json] = {}
        self._dynamic: set[tuple[str, str]] = set()
        self._bases: dict[int, str] = {}
        self._scoped = False
        self._add(document, "")

    def _add(self, document: Json, base: str) -> None:
        self._resources[base] = document
        todo = [(document, base)]
        while todo:
            node, base = todo.pop()
            if isinstance(node, dict):
                base = self._enter(node, base)
                todo.extend((child, base) for child in _children(node))

    def _enter(self, node: dict[str, Json], base: str) -> str:
        name = node.get("$id")
        if isinstance(name, str):
            base = urljoin(base, name).rstrip("#") if not name.startswith("urn:") else name
            self._resources.setdefault(base, node)
        self._bases[id(node)] = base
        for key in ("$anchor", "$dynamicAnchor"):
            if isinstance(node.get(key), str):
                self._anchors.setdefault((base, node[key]), node)
        if isinstance(node.get("$dynamicAnchor"), str):
            self._dynamic.add((base, node["$dynamicAnchor"]))
        self._scoped = self._scoped or "$dynamicRef" in node
        return base

    def spot(self, pointer: str) -> ScopedSchema:
        """Give the schema at an RFC 6901 pointer of the document."""
        schema, base = self._walk(self._resources[""], "", pointer)
        return ScopedSchema(schema, base, (base,) if self._scoped else ())

    def child(self, spot: ScopedSchema, schema: Json) -> ScopedSchema:
        """Give a subschema of a spot."""
        return self._at(schema, self._bases.get(id(schema), spot.base), spot.scope)

    def _at(self, schema: Json, base: str, scope: tuple[str, ...]) -> ScopedSchema:
        if self._scoped and base not in scope:
            scope = (*scope, base)
        return ScopedSchema(schema, base, scope)

    def target(self, spot: ScopedSchema, reference: str, *, dynamic: bool = False) -> ScopedSchema:
        """Give what a `$ref` or `$dynamicRef` points at; GenerationError when nothing is there."""
        url, _, fragment = reference.partition("#")
        base = spot.base if not url else url if url.startswith("urn:") else urljoin(spot.base, url)
        self._load(base, reference)
        schema, at = self._fragment(base, unquote(fragment), reference)
        if dynamic and (at, fragment) in self._dynamic:
            found = next((b for b in spot.scope if (b, fragment) in self._dynamic), at)
            schema, at = self._anchors[found, fragment], found
        return self._at(schema, at, spot.scope)

    def _fragment(self, base: str, fragment: str, reference: str) -> tuple[Json, str]:
        if fragment and not fragment.startswith("/"):
            if (base, fragment) not in self._anchors:
                raise GenerationError(
                    f"the reference '{safe_text(reference, 80)}' names an anchor that is not there"
                )
            return self._anchors[base, fragment], base
        try:
            return self._walk(self._resources[base], base, fragment)
        except (KeyError, IndexError, TypeError, ValueError):
            raise GenerationError(f"the reference '{safe_text(reference, 80)}' points nowhere") from None

    def _walk(self, node: Json, base: str, pointer: str) -> tuple[Json, str]:
        base = self._bases.get(id(node), base)
        for token in Pointer.parse(pointer):
            node = node[int(token)] if isinstance(node, list) else node[str(token)]
            base = self._bases.get(id(node), base)
        if not isinstance(node, dict | bool):
            raise TypeError(pointer)
        return node, base

    def _load(self, base: str, reference: str) -> None:
        if base in self._resources:
            return
        from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

        if base.startswith("https://json-schema.org/draft/2020-12/") and base in REGISTRY:
            self._add(REGISTRY.contents(base), base)
            return
        raise GenerationError(
            f"the reference '{safe_text(reference, 80)}' leaves the document, and nothing is fetched"
        )


def _children(node: dict[str, Json]) -> Iterator[Json]:
    """Yield the schemas in a schema, and those of the components of an OpenAPI document."""
    yield from (schema for _, schema in children(node, Pointer()))
    for name in ("components", "schemas"):
        if isinstance(node.get(name), dict):
            yield from (node[name],) if name == "components" else node[name].values()
