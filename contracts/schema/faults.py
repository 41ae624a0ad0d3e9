"""What both engines give: a compiled schema, the faults of a value, and the keywords that faults name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from contracts.model import Json, Pointer

ROOT: Final = "urn:contracts:spec"
"""The name by which both engines know the document that a schema stands in."""


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """One broken keyword: where in the payload, which keyword, where in the schema document."""

    pointer: Pointer
    keyword: str
    spec_pointer: Pointer
    branches: tuple[tuple[SchemaFault, ...], ...] = ()


class Engine(Protocol):
    """A compiled schema."""

    def is_valid(self, value: Json) -> bool:
        """Whether the value has no fault."""
        ...

    def faults(self, value: Json) -> Iterator[SchemaFault]:
        """Yield every fault, unions whole with their branches."""
        ...


def keyword_of(place: Pointer) -> str | int:
    """Give the keyword that a schema path ends in; boolean schemas end in the place they stand at."""
    return next(
        (t for t in reversed(place) if isinstance(t, str) and t in KEYWORDS), place[-1] if place else "false"
    )


KEYWORDS: Final = frozenset(
    [
        "type",
        "enum",
        "const",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxContains",
        "minContains",
        "contains",
        "maxProperties",
        "minProperties",
        "required",
        "dependentRequired",
        "dependentSchemas",
        "additionalProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
        "items",
        "prefixItems",
        "properties",
        "patternProperties",
        "propertyNames",
        "anyOf",
        "oneOf",
        "allOf",
        "not",
        "if",
        "then",
        "else",
        "format",
        "contentEncoding",
        "contentMediaType",
        "$ref",
        "$dynamicRef",
    ]
)
