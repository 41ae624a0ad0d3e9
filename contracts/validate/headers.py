"""Headers and parameters arrive as text; they are read as the type their schema asks for, then checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from contracts.model import Json, Pointer, Response
from contracts.spec.openapi import ResponseSpec, Spec
from contracts.validate.body import Broken
from contracts.validate.words import Words

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?\Z")
Check = Callable[[Json, Pointer], Iterator[Broken]]


def coerce(text: str, schema: Json) -> Json:
    """Read a text as the JSON type that its schema names; the text itself when it cannot be read so."""
    types = _types(schema)
    if types & {"integer", "number"} and len(text) <= 400 and _NUMBER.match(text):
        return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    if "array" in types:
        items = schema.get("items") if isinstance(schema, dict) else None
        return [coerce(part.strip(), items) for part in text.split(",")] if text else []
    return None if "null" in types and text == "null" else text


def _types(schema: Json) -> set[str]:
    if not isinstance(schema, dict):
        return set()
    listed: Any = schema.get("type", [])
    found = set(listed if isinstance(listed, list) else [listed])
    for key in ("anyOf", "oneOf", "allOf"):
        found |= {t for branch in schema.get(key) or () for t in _types(branch)}
    return found


def check_headers(spec: Spec, response: Response, documented: ResponseSpec, check: Check) -> Iterator[Broken]:
    """Yield what is wrong with the declared response headers; the pointer is the header's name."""
    for header in documented.headers:
        at = Pointer((header.name.lower(),))
        value = response.header(header.name)
        if value is None:
            if header.required:
                yield Broken(
                    "missing-header", at, header.pointer, Words("missing, but required", "present", "")
                )
        elif header.schema is not None:
            schema = spec.resolve(header.schema)[0]
            for broken in check(coerce(value, schema), header.schema):
                yield Broken("header-value", at, broken.spec, broken.words)
