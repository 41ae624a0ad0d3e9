"""Small operations on JSON Schemas that the extractors share: unions, and null let in."""

from __future__ import annotations

from contracts.model import Json


def unique(schemas: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Keep the first of equal schemas."""
    found: list[dict[str, Json]] = []
    for schema in schemas:
        if schema not in found:
            found.append(schema)
    return found


def any_of(schemas: list[dict[str, Json]]) -> dict[str, Json]:
    """Join alternatives; plain types join in one `type`, and a union with anything is anything."""
    if len(schemas) == 1:
        return schemas[0]
    if not schemas or any(not s for s in schemas):
        return {}
    if all(set(s) == {"type"} and isinstance(s["type"], str) for s in schemas):
        return {"type": [s["type"] for s in schemas]}
    if all(
        {"type", "const"} <= set(s) <= {"type", "const", "description"} or {"type", "enum"} == set(s)
        for s in schemas
    ):
        values = [v for s in schemas for v in (s["enum"] if "enum" in s else [s["const"]])]
        kinds = sorted({json_type(v) for v in values})
        return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": values}
    strings = [s for s in schemas if s.get("type") == "string"]
    if len(strings) == len(schemas) and any("enum" not in s and "const" not in s for s in strings):
        known = [v for s in strings for v in _known(s)]
        return {"type": "string"} | ({"x-known-values": merge(known, [])} if known else {})
    return {"anyOf": schemas}


def _known(schema: dict[str, Json]) -> list[Json]:
    """Give the words that a text schema names, closed or not."""
    if "const" in schema:
        return [schema["const"]]
    return list(schema.get("enum") or schema.get("x-known-values") or [])


def nullable(schema: dict[str, Json]) -> bool:
    """Whether a schema lets null in, as far as its own words say."""
    if not schema or schema.get("type") == "null" or ("enum" in schema and None in schema["enum"]):
        return True
    if _silent(schema):
        return True
    kind = schema.get("type")
    return (isinstance(kind, list) and "null" in kind) or any(nullable(s) for s in schema.get("anyOf", []))


def _silent(schema: dict[str, Json]) -> bool:
    """Whether a schema says nothing about the type."""
    return not {"type", "anyOf", "oneOf", "const", "enum", "$ref", "allOf"} & set(schema)


def with_null(schema: dict[str, Json]) -> dict[str, Json]:
    """Let null in as well, and say so."""
    if nullable(schema) and not _silent(schema):
        return schema
    result = dict(schema)
    if _silent(schema):
        return {"anyOf": [result, {"type": "null"}]}
    if "const" in result:
        result["enum"] = [result.pop("const")]
    if "enum" in result:
        result["enum"] = [*result["enum"], None]
    kind = result.get("type")
    if kind is not None:
        result["type"] = [*kind, "null"] if isinstance(kind, list) else [kind, "null"]
        return result
    if "anyOf" in result:
        result["anyOf"] = [*result["anyOf"], {"type": "null"}]
    return result if "anyOf" in result or "enum" in result else {"anyOf": [result, {"type": "null"}]}


def merge(first: list[Json], second: list[Json]) -> list[Json]:
    """Join two lists of words, the first of equal ones kept; 1 and true differ."""
    found: list[Json] = []
    for value in [*first, *second]:
        if not any(value == v and type(value) is type(v) for v in found):
            found.append(value)
    return found


def json_type(value: Json) -> str:
    """Name the JSON type of an allowed word."""
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "number" if isinstance(value, float) else "string"


def kinds_of(schema: Json) -> set[str]:
    """Give the names of the types that a schema lets in, as far as its own words say."""
    if not isinstance(schema, dict):
        return set()
    kind = schema.get("type")
    found = set(kind) if isinstance(kind, list) else {kind} if isinstance(kind, str) else set()
    return found.union(*(kinds_of(s) for s in schema.get("anyOf", [])))
