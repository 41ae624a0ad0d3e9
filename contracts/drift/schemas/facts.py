"""Facts of a schema object by JSON type, and what two sets of facts say together.

A fact is a keyword in one normal form: bounds of numbers are `low` and `high` as (value, open), lists that
mean sets are sets, sub-schemas are places. What a keyword does not restrict is not there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from contracts.model import Json
from contracts.patterns import usable
from contracts.spec import DECIDING_MAPS

_STRING: Final = (
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
)
_NUMBER: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format")
_ARRAY: Final = (
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "unevaluatedItems",
)
_OBJECT: Final = (
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
)
WORDS: Final = {
    "string": frozenset(_STRING),
    "number": frozenset(_NUMBER),
    "array": frozenset(_ARRAY),
    "object": frozenset(_OBJECT),
}
TYPES: Final = frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))
NUMERIC_FORMATS: Final = frozenset(("int32", "int64", "float", "double"))
_OPAQUE: Final = frozenset(("not", "if"))
_SILENT_FORMATS: Final = frozenset(("", "string"))


_KIND_OF: Final[dict[type, str]] = {str: "string", list: "array", dict: "object"}


def kind_of(value: Json) -> str:
    """Name the JSON type of a value, integers being numbers."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return _KIND_OF.get(type(value), "number")


def canonical(value: Json) -> str:
    """Write a value so that equal values give equal text (1 and 1.0 are equal in JSON Schema)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def local_facts(
    raw: Mapping[str, Json], pointer: str, kinds: tuple[str, ...], alt: Callable[..., Any]
) -> dict[str, tuple[Any, ...]]:
    """Read one schema object, without its unions and allOf: per admitted JSON type one set of facts."""
    listed = _types(raw)
    values = _values(raw)
    shared = _opaque(raw, pointer)
    result: dict[str, tuple[Any, ...]] = {}
    for kind in kinds:
        if listed is not None and kind not in listed and not (kind == "number" and "integer" in listed):
            continue
        facts = dict(shared)
        if kind in WORDS and not WORDS[kind].isdisjoint(raw):
            facts |= _READERS[kind](raw, pointer)
        if kind == "number" and listed is not None and "number" not in listed:
            facts["integer"] = True
        if values is not None:
            mine = {
                key: value for key, value in values.items() if kind_of(value) == kind and fits(facts, value)
            }
            if not mine:
                continue
            if kind != "null":
                facts = {"enum": mine} if not shared else {**shared, "enum": mine}
        result[kind] = (alt(_tidy(kind, facts), pointer if facts else ""),)
    return result


def _types(raw: Mapping[str, Json]) -> frozenset[str] | None:
    types = raw.get("type")
    listed = [types] if isinstance(types, str) else types
    known = isinstance(listed, list) and listed and all(isinstance(t, str) and t in TYPES for t in listed)
    return frozenset(listed) if known else None  # type: ignore[arg-type]


def _values(raw: Mapping[str, Json]) -> dict[str, Json] | None:
    values = raw.get("enum") if isinstance(raw.get("enum"), list) else None
    if "const" in raw:
        values = [raw["const"]] if values is None or raw["const"] in values else []
    return None if values is None else {canonical(value): value for value in values}


def _opaque(raw: Mapping[str, Json], pointer: str) -> dict[str, Any]:
    """Keep what is compared as a whole: `not`, and `if` with a consequence; by place."""
    facts: dict[str, Any] = {}
    if "not" in raw:
        facts["not"] = frozenset((f"{pointer}/not",))
    if "if" in raw and ("then" in raw or "else" in raw):
        facts["if"] = frozenset((pointer,))
    return facts


def _count(value: Json) -> int | None:
    return (
        int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None
    )


def _string(raw: Mapping[str, Json], pointer: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if _count(raw.get("minLength")):
        facts["minLength"] = _count(raw["minLength"])
    if _count(raw.get("maxLength")) is not None:
        facts["maxLength"] = _count(raw["maxLength"])
    pattern = raw.get("pattern")
    if isinstance(pattern, str) and pattern not in {"", ".*", "^.*$"} and usable(pattern):
        facts["pattern"] = frozenset((pattern,))
    name = raw.get("format")
    if isinstance(name, str) and name not in _SILENT_FORMATS and name not in NUMERIC_FORMATS:
        facts["format"] = frozenset((name,))
    for key in ("contentEncoding", "contentMediaType"):
        if isinstance(raw.get(key), str):
            facts[key] = raw[key]
    if "contentSchema" in raw:
        facts["contentSchema"] = (f"{pointer}/contentSchema",)
    return facts


def _number(raw: Mapping[str, Json], _: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for side, plain, strict, tighter in (
        ("low", "minimum", "exclusiveMinimum", max),
        ("high", "maximum", "exclusiveMaximum", min),
    ):
        ends = [
            (raw[key], (1 if side == "low" else -1) * (key == strict))
            for key in (plain, strict)
            if kind_of(raw.get(key)) == "number"
        ]
        if ends:
            facts[side] = tighter(ends)
    step = raw.get("multipleOf")
    if kind_of(step) == "number" and step > 0:  # type: ignore[operator]
        facts["multipleOf"] = frozenset((step,))
    name = raw.get("format")
    if isinstance(name, str) and name not in _SILENT_FORMATS and not _of_texts(name):
        facts["format"] = frozenset((name,))
    return facts


def _of_texts(name: str) -> bool:
    from contracts.schema import FORMATS

    return name in FORMATS


def _array(raw: Mapping[str, Json], pointer: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if _count(raw.get("minItems")):
        facts["minItems"] = _count(raw["minItems"])
    if _count(raw.get("maxItems")) is not None:
        facts["maxItems"] = _count(raw["maxItems"])
    if raw.get("uniqueItems") is True:
        facts["uniqueItems"] = True
    prefix = raw.get("prefixItems")
    if isinstance(prefix, list) and prefix:
        facts["prefixItems"] = tuple((f"{pointer}/prefixItems/{index}",) for index in range(len(prefix)))
    for key in ("items", "unevaluatedItems"):
        if key in raw and raw[key] is not True:
            facts[key] = (f"{pointer}/{key}",)
    if "contains" in raw:
        low, high = _count(raw.get("minContains", 1)), _count(raw.get("maxContains"))
        facts["contains"] = ((f"{pointer}/contains",), 1 if low is None else low, high)
    return facts


def escaped(name: str) -> str:
    """Write a name as one token of a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1") if "~" in name or "/" in name else name


def _object(raw: Mapping[str, Json], pointer: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for key in DECIDING_MAPS:
        if isinstance(raw.get(key), dict) and raw[key]:
            facts[key] = {name: (f"{pointer}/{key}/{escaped(name)}",) for name in raw[key]}
    required = raw.get("required")
    if isinstance(required, list) and required:
        facts["required"] = frozenset(name for name in required if isinstance(name, str))
    if raw.get("additionalProperties", True) is not True and raw["additionalProperties"] != {}:
        facts["additional"] = (f"{pointer}/additionalProperties",)
        facts |= {"closed": True} if raw["additionalProperties"] is False else {}
    if raw.get("unevaluatedProperties", True) is not True:
        facts["unevaluatedProperties"] = (f"{pointer}/unevaluatedProperties",)
    if "propertyNames" in raw:
        facts["propertyNames"] = (f"{pointer}/propertyNames",)
    if _count(raw.get("minProperties")):
        facts["minProperties"] = _count(raw["minProperties"])
    if _count(raw.get("maxProperties")) is not None:
        facts["maxProperties"] = _count(raw["maxProperties"])
    needs = raw.get("dependentRequired")
    if isinstance(needs, dict):
        facts["dependentRequired"] = {
            name: frozenset(others)
            for name, others in needs.items()
            if isinstance(others, list) and others and all(isinstance(one, str) for one in others)
        }
    return facts


_READERS: Final[dict[str, Callable[[Mapping[str, Json], str], dict[str, Any]]]] = {
    "string": _string,
    "number": _number,
    "array": _array,
    "object": _object,
}


def fits(facts: Mapping[str, Any], value: Json) -> bool:
    """Whether a scalar keeps the bounds among the facts; patterns and formats are left to an engine."""
    if isinstance(value, str):
        return bool(facts.get("minLength", 0) <= len(value) <= facts.get("maxLength", len(value)))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    low, high = facts.get("low"), facts.get("high")
    if low and (value < low[0] or (value == low[0] and low[1])):
        return False
    if high and (value > high[0] or (value == high[0] and high[1])):
        return False
    return not facts.get("integer") or value == int(value)


def _tidy(kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Say the same in fewer words: integers have closed whole bounds, prefix and count speak once."""
    if kind == "boolean" and len(facts.get("enum", ())) == 2:
        facts = {key: value for key, value in facts.items() if key != "enum"}
    if kind == "number" and facts.get("integer"):
        for side, step in (("low", 1), ("high", -1)):
            end = facts.get(side)
            if end and end[1] and float(end[0]).is_integer():
                facts[side] = (int(end[0]) + step, 0)
    if kind == "array" and facts.get("contains") and facts["contains"][1:] == (0, None):
        facts = {key: value for key, value in facts.items() if key != "contains"}
    return facts


def conjoin(kind: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the facts of both, or None when no value can satisfy both, as far as that is plain to see."""
    if "enum" in a or "enum" in b:
        return _conjoin_enum(a, b)
    merged = {**a, **b}
    for key in a.keys() & b.keys():
        merged[key] = _MERGE.get(key, _first)(a[key], b[key])
    if kind == "object":
        _merge_objects(merged, a, b)
    low, high = merged.get("low"), merged.get("high")
    if low and high and low[0] > high[0]:
        return None
    return _tidy(kind, merged)


def _conjoin_enum(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any] | None:
    listed, other = (a, b) if "enum" in a else (b, a)
    values = {key: value for key, value in listed["enum"].items() if fits(other, value)}
    if "enum" in other:
        values = {key: value for key, value in values.items() if key in other["enum"]}
    opaque = {
        key: a.get(key, frozenset()) | b.get(key, frozenset()) for key in _OPAQUE & (a.keys() | b.keys())
    }
    return {**opaque, "enum": values} if values else None


def _merge_objects(merged: dict[str, Any], a: Mapping[str, Any], b: Mapping[str, Any]) -> None:
    """A key that one side declares and the other only types obeys both.

    Closed objects that hold together allow no key that not all of them declare. Vendors write them and send
    such keys all the same, so that what is declared goes on being compared.
    """
    properties = dict(merged.get("properties", ()))
    for mine, other in ((a, b), (b, a)):
        for name in mine.get("properties", {}).keys() - other.get("properties", {}).keys():
            rest = other.get("additional")
            if rest and not other.get("patternProperties") and "closed" not in other:
                properties[name] = (*properties[name], *rest)
    if properties:
        merged["properties"] = properties


def _first(a: Any, _: Any) -> Any:
    return a


def _both(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return a if a == b else (*a, *(pointer for pointer in b if pointer not in a))


def _maps(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    return {**a, **b, **{key: _both(a[key], b[key]) for key in a.keys() & b.keys()}}


def _needs(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    return {**a, **b, **{key: a[key] | b[key] for key in a.keys() & b.keys()}}


def _prefix(a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Any, ...]:
    longer = a if len(a) >= len(b) else b
    return (*(_both(x, y) for x, y in zip(a, b, strict=False)), *longer[min(len(a), len(b)) :])


def _union(a: frozenset[Any], b: frozenset[Any]) -> frozenset[Any]:
    return a | b


_MERGE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties", "low"), max),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties", "high"), min),
    **dict.fromkeys(("pattern", "format", "multipleOf", "required", "not", "if"), _union),
    **dict.fromkeys(
        (
            "items",
            "additional",
            "propertyNames",
            "contentSchema",
            "unevaluatedProperties",
            "unevaluatedItems",
        ),
        _both,
    ),
    **dict.fromkeys(DECIDING_MAPS, _maps),
    "dependentRequired": _needs,
    "prefixItems": _prefix,
}
