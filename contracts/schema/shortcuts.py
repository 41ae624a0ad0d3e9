"""Copies of a schema document for jsonschema-rs: one to name every fault, one for the same verdicts, faster.

The engine calls our format predicates from Rust, half a microsecond each. The fast copy asks first whether
a value has the plain spelling of its format, in the engine itself, and calls the predicate only if not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from contracts.model import Json
from contracts.patterns import runnable
from contracts.schema.formats import NUMBER_FORMATS, PLAIN
from contracts.spec import NAMED

NUMBER_FORMAT: Final = "x-contracts-number-format"
_DATA: Final = frozenset({"const", "enum"})


def complete(document: Json) -> Json:
    """Copy a schema document, adding what jsonschema-rs needs to judge as the reference engine does.

    It calls format predicates for strings only, so our keyword is put beside int32, int64, float and double.
    It tells too few contained items from too many only where a minimum is said, so one is said wherever
    there is a maximum; so are properties beside a closed rest, which it names only then.
    Patterns are bounded.
    """
    return _copy(document, _complete)


def quick(document: Json) -> Json:
    """Copy a schema document like `complete`, with a shortcut beside each format that has a plain spelling.

    It takes the same values as `complete` takes, but its faults would speak of the shortcuts.
    """
    return _copy(document, _shortened)


def _copy(node: Json, touch: Callable[[dict[str, Any]], None], *, names: bool = False) -> Json:
    """Copy a document; `names` says that the keys of this object are names, not keywords."""
    if isinstance(node, list):
        return [_copy(item, touch) for item in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {name: _copy(schema, touch) for name, schema in node.items()}
    copy = {
        key: value if key in _DATA else _copy(value, touch, names=key in NAMED) for key, value in node.items()
    }
    touch(copy)
    return copy


def _complete(schema: dict[str, Any]) -> None:
    name = schema.get("format")
    if isinstance(name, str) and name in NUMBER_FORMATS:
        schema[NUMBER_FORMAT] = name
    if schema.get("additionalProperties") is False:
        schema.setdefault("properties", {})
    if isinstance(pattern := schema.get("pattern"), str):
        schema["pattern"] = runnable(pattern)
    if isinstance(named := schema.get("patternProperties"), dict):
        schema["patternProperties"] = {runnable(pattern): part for pattern, part in named.items()}
    if "contains" in schema and "maxContains" in schema:
        schema.setdefault("minContains", 1)


def _shortened(schema: dict[str, Any]) -> None:
    _complete(schema)
    name = schema.get("format")
    shortcut = SHORTCUTS.get(name) if isinstance(name, str) else None
    if shortcut is None or "anyOf" in schema:
        return
    asked = {key: schema.pop(key) for key in ("format", NUMBER_FORMAT) if key in schema}
    schema["anyOf"] = [shortcut, asked]


_SAFE: Final = 2**53
SHORTCUTS: Final[Mapping[str, Json]] = MappingProxyType(
    {name: {"pattern": f"^{text}$"} for name, text in PLAIN.items()}
    | {
        "int32": {"minimum": -(2**31), "maximum": 2**31 - 1, "multipleOf": 1},
        "int64": {"minimum": -_SAFE, "maximum": _SAFE, "multipleOf": 1},
        "float": {"minimum": -1e38, "maximum": 1e38},
        "double": {"minimum": -1e300, "maximum": 1e300},
    }
)
"""Schemas that take only values of the format, and all values to which the format does not apply."""
