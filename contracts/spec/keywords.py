"""Where schemas stand in a schema: one table for everything that walks or rewrites a document."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple


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
    """How schemas stand at a keyword."""

    shape: Shape
    role: Role


PLACES: Final[Mapping[str, Place]] = MappingProxyType(
    {
        "items": Place(Shape.ONE, Role.CHILD),
        "additionalProperties": Place(Shape.ONE, Role.CHILD),
        "propertyNames": Place(Shape.ONE, Role.CONDITION),
        "contains": Place(Shape.ONE, Role.CONDITION),
        "not": Place(Shape.ONE, Role.CONDITION),
        "if": Place(Shape.ONE, Role.CONDITION),
        "then": Place(Shape.ONE, Role.PART),
        "else": Place(Shape.ONE, Role.PART),
        "unevaluatedItems": Place(Shape.ONE, Role.CHILD),
        "unevaluatedProperties": Place(Shape.ONE, Role.CHILD),
        "contentSchema": Place(Shape.ONE, Role.ASIDE),
        "allOf": Place(Shape.LIST, Role.PART),
        "anyOf": Place(Shape.LIST, Role.PART),
        "oneOf": Place(Shape.LIST, Role.PART),
        "prefixItems": Place(Shape.LIST, Role.CHILD),
        "properties": Place(Shape.MAP, Role.CHILD),
        "patternProperties": Place(Shape.MAP, Role.CHILD),
        "dependentSchemas": Place(Shape.MAP, Role.PART),
        "$defs": Place(Shape.MAP, Role.ASIDE),
        "definitions": Place(Shape.MAP, Role.ASIDE),
    }
)
"""Every keyword of JSON Schema 2020-12 that holds schemas, and `definitions`, which older documents use."""


def holding(shape: Shape) -> tuple[str, ...]:
    """Give the keywords that hold schemas in one shape, in the order of the table."""
    return tuple(key for key, place in PLACES.items() if place.shape is shape)


NAMED: Final = frozenset({*holding(Shape.MAP), "schemas", "responses"})
"""Maps of an OpenAPI document whose keys are names, whatever keyword they look like."""
