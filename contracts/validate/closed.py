"""The strict twin of a schema: valid under it means no fault, no undescribed field, nothing to look at twice.

The twin closes every object that declares properties, forbids write-only properties, and refuses what needs a
second look (discriminators). One pass of the compiled twin is the whole check of a clean response.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from contracts.model import Json, Pointer
from contracts.spec.openapi import local, resolve

IN_PLACE_LISTS: Final = ("allOf", "anyOf", "oneOf")
_IN_PLACE: Final = ("if", "then", "else", "not")
_CHILD: Final = (
    "items",
    "contains",
    "additionalProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_CHILD_MAPS: Final = ("properties", "patternProperties")


def is_open(value: Json) -> bool:
    """Whether an additionalProperties says no more than `anything`."""
    return value is True or value == {}


class Twin:
    """Builds the twin of one schema of a document; `differs` tells whether it says more than the schema."""

    def __init__(self, document: Json, pointer: Pointer, name: str) -> None:
        self._document, self._name = document, name
        self._ids: dict[tuple[Pointer, bool], str] = {}
        self._todo: list[tuple[Pointer, bool]] = []
        self._defs: dict[str, Json] = {}
        self.differs = False
        start = self._ref(pointer, instance=True)
        while self._todo:
            place, instance = self._todo.pop()
            self._defs[self._ids[place, instance]] = self._schema(place, instance=instance)
        self.schema: Json = {**start, "$defs": self._defs}

    def _ref(self, pointer: Pointer, *, instance: bool) -> dict[str, str]:
        key = (pointer, instance)
        if key not in self._ids:
            self._ids[key] = str(len(self._ids))
            self._todo.append(key)
        return {"$ref": f"#/$defs/{self._ids[key]}"}

    def _schema(self, at: Pointer, *, instance: bool) -> Json:
        node = at.resolve(self._document)
        if not isinstance(node, dict):
            return node
        copy: dict[str, Json] = {key: value for key, value in node.items() if key not in {"$ref", *_SCHEMAS}}
        if isinstance(node.get("$ref"), str):
            copy["$ref"] = self._ref(self._target(node["$ref"]), instance=False)["$ref"]
        self._applicators(node, at, copy)
        if "discriminator" in node:
            self.differs = True
            return False
        if isinstance(node.get("properties"), dict) and is_open(node.get("additionalProperties")):
            del copy["additionalProperties"]
        if instance and "unevaluatedProperties" not in node and self._opens(at, frozenset()):
            copy["unevaluatedProperties"] = False
            self.differs = True
        return copy

    def _target(self, ref: str) -> Pointer:
        return local(ref, self._name)

    def _applicators(self, node: Mapping[str, Any], at: Pointer, copy: dict[str, Json]) -> None:
        for key in (*_IN_PLACE, *_CHILD):
            if key in node:
                copy[key] = self._sub(node[key], at / key, instance=key in _CHILD and key != "propertyNames")
        for key in (*IN_PLACE_LISTS, "prefixItems"):
            if isinstance(node.get(key), list):
                copy[key] = [
                    self._ref(at / key / n, instance=key == "prefixItems") for n in range(len(node[key]))
                ]
        for key in (*_CHILD_MAPS, "dependentSchemas"):
            if isinstance(node.get(key), dict):
                copy[key] = {
                    name: self._property(sub, at / key / name, key) for name, sub in node[key].items()
                }

    def _property(self, sub: Json, at: Pointer, key: str) -> Json:
        if key == "properties" and _write_only(resolve(self._document, at, self._name)[0]):
            self.differs = True
            return False
        return self._sub(sub, at, instance=key != "dependentSchemas")

    def _sub(self, sub: Json, at: Pointer, *, instance: bool) -> Json:
        return sub if isinstance(sub, bool) else self._ref(at, instance=instance)

    def _opens(self, at: Pointer, above: frozenset[Pointer]) -> bool:
        """Whether the schema or an in-place part declares properties that nothing closes or types the rest of."""
        node = at.resolve(self._document)
        if not isinstance(node, dict) or at in above or self._settles(at, frozenset()):
            return False
        if isinstance(node.get("properties"), dict) and node["properties"]:
            return True
        return any(self._opens(place, above | {at}) for place in self._parts(node, at))

    def _settles(self, at: Pointer, above: frozenset[Pointer]) -> bool:
        node = at.resolve(self._document)
        if not isinstance(node, dict) or at in above:
            return False
        additional = node.get("additionalProperties", True)
        if not is_open(additional) or (
            is_open(node.get("additionalProperties")) and not node.get("properties")
        ):
            return True
        return any(self._settles(place, above | {at}) for place in self._parts(node, at, ("allOf",)))

    def _parts(
        self, node: Mapping[str, Any], at: Pointer, keys: tuple[str, ...] = IN_PLACE_LISTS
    ) -> list[Pointer]:
        parts = [self._target(node["$ref"])] if isinstance(node.get("$ref"), str) else []
        for key in keys:
            parts += [at / key / n for n in range(len(node.get(key) or ()))]
        return parts


_SCHEMAS: Final = frozenset(
    {*_IN_PLACE, *_CHILD, *IN_PLACE_LISTS, *_CHILD_MAPS, "prefixItems", "dependentSchemas", "$defs"}
)


def _write_only(node: Json) -> bool:
    return isinstance(node, dict) and node.get("writeOnly") is True
