"""The fields of a rendered Mintlify page as fields of any page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contracts.model import Json
from contracts.vendoring.pages import Field, value_of, with_null
from contracts.vendoring.platforms.mintlify.fields import Label
from contracts.vendoring.platforms.mintlify.types import schema_of

_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"


def listed(one: Label) -> Field:
    """Write what a field's own lines say."""
    schema = schema_of(one.kind) if one.kind else {}
    target = _innermost(schema)
    if one.options:
        options = [value_of(o, target.get("type")) for o in dict.fromkeys(one.options)]
        _restrict(target, options, "enum" in one.kind)
    if one.default is not None:
        schema["default"] = value_of(one.default, schema.get("type"))
    if "nullable" in one.words:
        schema = with_null(schema)
    for flag, word in (("readOnly", "read-only"), ("writeOnly", "write-only"), ("deprecated", "deprecated")):
        if word in one.words or flag.lower() in one.words:
            schema[flag] = True
    for label, text in one.limits:
        _limit(schema, label.lower(), text)
    if one.example and schema.get("type") not in ("object", "array"):
        schema["examples"] = [value_of(one.example, schema.get("type"))]
    return Field(one.name, schema, one.line, one.required, prose=" ".join(one.prose).strip())


def _innermost(schema: dict[str, Json]) -> dict[str, Json]:
    """The part of a list's schema that allowed values are about."""
    while schema.get("type") in ("array", ["array", "null"]) and isinstance(schema.get("items"), dict):
        schema = schema["items"]
    return schema


def _restrict(target: dict[str, Json], values: list[Json], listed: bool) -> None:
    kind = target.get("type")
    null = isinstance(kind, list) and "null" in kind
    values = [None if v == "null" and null else v for v in values]
    if null and None not in values:
        values.append(None)
    if not target:
        target["type"] = "string"
    if len(values) == 1 and not listed:
        target["const"] = values[0]
    else:
        target["enum"] = values


def _limit(schema: dict[str, Json], label: str, text: str) -> None:
    length = "Length" if "string" in label else "Items" if "array" in label else ""
    if label.startswith("pattern"):
        schema["pattern"] = text.strip("`")
        return
    if label.startswith("min"):
        schema[f"min{length}"] = int(float(text)) if re.fullmatch(_NUMBER, text) else 0
    elif label.startswith("max"):
        schema[f"max{length}"] = int(float(text)) if re.fullmatch(_NUMBER, text) else 0
    else:
        schema.update(_bounds(text, length))


def _bounds(text: str, length: str) -> Iterator[tuple[str, Json]]:
    """Read `1 <= x <= 100`, `x >= 1`, `0 < x`, `1 - 64`, `>= 1 characters`."""
    span = re.fullmatch(rf"({_NUMBER})\s*[-–]\s*({_NUMBER})(?: \w+)?", text.strip())
    if span:
        text = f"{span[1]} <= x <= {span[2]}"
    elif re.match(r"^[<>]", text.strip()):
        text = f"x {text.strip()}"
    low, high = ("minLength", "maxLength") if length == "Length" else ("minItems", "maxItems")
    for number, sign in re.findall(rf"({_NUMBER})\s*(<=?|≤)\s*x", text):
        yield (low if length else "minimum" if sign != "<" else "exclusiveMinimum"), _number(number)
    for sign, number in re.findall(rf"x\s*(<=?|>=?|≤|≥)\s*({_NUMBER})", text):
        upper = sign in {"<", "<=", "≤"}
        strict = sign in {"<", ">"}
        name = "Maximum" if upper else "Minimum"
        yield (
            ((high if upper else low) if length else f"exclusive{name}" if strict else name.lower()),
            _number(number),
        )


def _number(text: str) -> Json:
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
