"""What each keyword must hold to be usable, whatever it means: one table for schemas, one for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from contracts.model import Json
from contracts.spec.keywords import PLACES, Shape
from contracts.text import show

TYPES: Final = ("null", "boolean", "object", "array", "number", "string", "integer")
Ask = Callable[[Json], str]
"""Says what is wrong with a value, in a few words; the empty string when nothing is."""


def _kind(value: Json) -> str:
    return f"{show(value, 40)}"


def _text(value: Json) -> str:
    return "" if isinstance(value, str) else f"{_kind(value)}, not text"


def _flag(value: Json) -> str:
    return "" if isinstance(value, bool) else f"{_kind(value)}, not true or false"


def _number(value: Json) -> str:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return "" if good else f"{_kind(value)}, not a number"


def _step(value: Json) -> str:
    return _number(value) or ("" if value > 0 else f"{_kind(value)}, not above 0")


def _count(value: Json) -> str:
    whole = _number(value) == "" and value >= 0 and value == int(value)
    return "" if whole else f"{_kind(value)}, not a whole number from 0 on"


def _list(value: Json) -> str:
    return "" if isinstance(value, list) else f"{_kind(value)}, not a list"


def _object(value: Json) -> str:
    return "" if isinstance(value, dict) else f"{_kind(value)}, not an object"


def _names(value: Json) -> str:
    good = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return "" if good else f"{_kind(value)}, not a list of names"


def _dependents(value: Json) -> str:
    good = isinstance(value, dict) and not any(map(_names, value.values()))
    return "" if good else f"{_kind(value)}, not an object of lists of names"


def _type(value: Json) -> str:
    listed = value if isinstance(value, list) else [value]
    strange = [item for item in listed if item not in TYPES or not isinstance(item, str)]
    if strange:
        return f"{_kind(strange[0])}, no type of JSON Schema"
    return "" if listed else "an empty list of types"


def _pattern(value: Json) -> str:
    if not isinstance(value, str):
        return _text(value)
    from contracts.patterns import usable

    return "" if usable(value) else f"{_kind(value)}, a pattern that the engine here cannot run"


SCHEMA: Final[Mapping[str, Ask]] = MappingProxyType(
    {
        "type": _type,
        "enum": _list,
        "required": _names,
        "dependentRequired": _dependents,
        "pattern": _pattern,
        "multipleOf": _step,
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _number),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _count),
        **dict.fromkeys(("minProperties", "maxProperties", "minContains", "maxContains"), _count),
        "uniqueItems": _flag,
        **dict.fromkeys(("format", "contentEncoding", "contentMediaType"), _text),
        **dict.fromkeys(("$ref", "$dynamicRef"), _text),
        "nullable": _flag,
    }
)
"""Keywords that decide, beside those that hold schemas."""

TOLD: Final[Mapping[str, Ask]] = MappingProxyType(
    {
        **dict.fromkeys(("title", "description", "$comment"), _text),
        **dict.fromkeys(("$id", "$anchor", "$dynamicAnchor", "$schema"), _text),
        **dict.fromkeys(("deprecated", "readOnly", "writeOnly"), _flag),
        "examples": _list,
        **dict.fromkeys(("discriminator", "xml", "externalDocs", "$vocabulary"), _object),
    }
)
"""Keywords of a schema that decide nothing by themselves."""

FIELDS: Final[Mapping[str, Ask]] = MappingProxyType(
    {
        **dict.fromkeys(("title", "version", "description", "summary", "operationId", "name", "in"), _text),
        **dict.fromkeys(("url", "style", "$ref", "contentType", "scheme", "type", "default"), _text),
        **dict.fromkeys(("required", "deprecated", "explode", "allowReserved", "allowEmptyValue"), _flag),
        **dict.fromkeys(("security", "enum"), _list),
        "jsonSchemaDialect": _text,
    }
)
"""Fields of the other objects of an OpenAPI document, wherever they stand."""


def unusable(schema: Mapping[str, Json]) -> Iterator[str]:
    """Say of each deciding keyword of one schema object what keeps it from being used; children apart."""
    for key, value in schema.items():
        wrong = (
            _held(value, PLACES[key].shape) if key in PLACES else SCHEMA[key](value) if key in SCHEMA else ""
        )
        if wrong:
            yield f"'{key}' is {wrong}"


def _held(value: Json, shape: Shape) -> str:
    if shape is Shape.LIST:
        return "" if isinstance(value, list) and value else f"{_kind(value)}, not a list of schemas"
    kinds = dict if shape is Shape.MAP else dict | bool
    return "" if isinstance(value, kinds) else f"{_kind(value)}, not an object"
