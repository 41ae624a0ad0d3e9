"""What stands where in an OpenAPI document and in a schema: one table for all that walks or rewrites one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple

from contracts.model import Json


class Shape(Enum):
    """What a keyword holds: one schema, a list of them, or a map from names to them."""

    ONE = ""
    LIST = "[]"
    MAP = "*"


class Role(Enum):
    """What the schemas of a keyword speak of.

    A child speaks of a value inside, a part of the same value. A condition decides something other than
    whether its value is right; definitions and schemas of encoded content decide nothing where they stand.
    """

    CHILD = "child"
    PART = "part"
    CONDITION = "condition"
    ASIDE = "aside"


class Place(NamedTuple):
    """How schemas stand at a keyword; `same` says that they speak of the value that the keyword judges."""

    shape: Shape
    role: Role
    same: bool = False


PLACES: Final[Mapping[str, Place]] = MappingProxyType(
    {
        "items": Place(Shape.ONE, Role.CHILD),
        "additionalProperties": Place(Shape.ONE, Role.CHILD),
        "propertyNames": Place(Shape.ONE, Role.CONDITION),
        "contains": Place(Shape.ONE, Role.CONDITION),
        "not": Place(Shape.ONE, Role.CONDITION, same=True),
        "if": Place(Shape.ONE, Role.CONDITION, same=True),
        "then": Place(Shape.ONE, Role.PART, same=True),
        "else": Place(Shape.ONE, Role.PART, same=True),
        "unevaluatedItems": Place(Shape.ONE, Role.CHILD),
        "unevaluatedProperties": Place(Shape.ONE, Role.CHILD),
        "contentSchema": Place(Shape.ONE, Role.ASIDE),
        "allOf": Place(Shape.LIST, Role.PART, same=True),
        "anyOf": Place(Shape.LIST, Role.PART, same=True),
        "oneOf": Place(Shape.LIST, Role.PART, same=True),
        "prefixItems": Place(Shape.LIST, Role.CHILD),
        "properties": Place(Shape.MAP, Role.CHILD),
        "patternProperties": Place(Shape.MAP, Role.CHILD),
        "dependentSchemas": Place(Shape.MAP, Role.PART, same=True),
        "$defs": Place(Shape.MAP, Role.ASIDE),
        "definitions": Place(Shape.MAP, Role.ASIDE),
    }
)
"""Every keyword of JSON Schema 2020-12 that holds schemas, and `definitions`, which older documents use."""


def holding(shape: Shape, *, same: bool = False) -> tuple[str, ...]:
    """Give the keywords that hold schemas in one shape, in the order of the table; `same` as in `Place`."""
    return tuple(key for key, place in PLACES.items() if place.shape is shape and place.same >= same)


SINGLE: Final = holding(Shape.ONE)
LISTS: Final = holding(Shape.LIST)
MAPS: Final = holding(Shape.MAP)
PARTS: Final = holding(Shape.LIST, same=True)
"""The keywords whose lists of schemas speak of the same value: allOf, anyOf, oneOf."""
DECIDING_MAPS: Final = tuple(key for key in MAPS if PLACES[key].role is not Role.ASIDE)
SAME_VALUE: Final = frozenset(key for key, place in PLACES.items() if place.same)

NAMED: Final = frozenset({*MAPS, "schemas", "responses", "headers"})
"""Maps of an OpenAPI document whose keys are names, whatever keyword they look like."""
EXTENDED: Final = frozenset({"paths", "responses"})
"""Maps in which a key that begins with `x-` is an extension; elsewhere it is a name, such as of a header."""

DATA: Final = frozenset({"enum", "const", "example", "examples", "default"})
"""Keywords that hold values of the vendor's: whatever stands in them is no schema and no reference."""

_MEDIA: Final = {
    "schema": "schema",
    "itemSchema": "schema",
    "encoding": "encoding*",
    "itemEncoding": "encoding",
    "prefixEncoding": "encoding[]",
    "examples": "example*",
}
_PARAMETER: Final = {"schema": "schema", "content": "media*", "examples": "example*"}
VERBS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

OBJECTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "document": {
            "info": "info",
            "servers": "server[]",
            "paths": "path*",
            "webhooks": "path*",
            "components": "components",
            "tags": "tag[]",
            "externalDocs": "link",
        },
        "info": {"contact": "link", "license": "link"},
        "server": {"variables": "variable*"},
        "variable": {},
        "tag": {"externalDocs": "link"},
        "link": {},
        "example": {},
        "scheme": {"flows": "link*"},
        "components": {
            "schemas": "schema*",
            "responses": "response*",
            "parameters": "parameter*",
            "examples": "example*",
            "requestBodies": "body*",
            "headers": "header*",
            "securitySchemes": "scheme*",
            "links": "link*",
            "callbacks": "callback*",
            "pathItems": "path*",
            "mediaTypes": "media*",
        },
        "path": {
            "servers": "server[]",
            "parameters": "parameter[]",
            "additionalOperations": "operation*",
            **dict.fromkeys(VERBS, "operation"),
        },
        "operation": {
            "servers": "server[]",
            "parameters": "parameter[]",
            "requestBody": "body",
            "responses": "response*",
            "callbacks": "callback*",
            "externalDocs": "link",
        },
        "callback": {"": "path"},
        "parameter": _PARAMETER,
        "header": _PARAMETER,
        "body": {"content": "media*"},
        "response": {"content": "media*", "headers": "header*", "links": "link*"},
        "media": _MEDIA,
        "encoding": {"headers": "header*", "encoding": "encoding*"},
        "schema": {key: f"schema{place.shape.value}" for key, place in PLACES.items()},
    }
)
"""Kind of object -> key -> kind of child; `x*` is a map of x, `x[]` a list of x, key "" any."""


def with_methods(item: Json) -> Json:
    """Give a path item with its methods as OpenAPI writes them: `GET` means `get`, unless both are there."""
    loud = loud_methods(item)
    return {key.lower() if key in loud else key: value for key, value in item.items()} if loud else item


def loud_methods(item: Json) -> list[str]:
    """Give the keys of a path item that are methods, but not in lower case."""
    keys = item if isinstance(item, dict) else {}
    return [key for key in keys if key not in VERBS and key.lower() in VERBS and key.lower() not in keys]
