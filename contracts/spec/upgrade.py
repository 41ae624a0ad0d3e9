"""OpenAPI 3.0 read as 3.1: one dialect of schemas (JSON Schema 2020-12) for everything above.

The rewrite is driven by a table of where schemas stand in an OpenAPI document, so that an example or a
property that happens to be called `nullable` is never touched. Where authors of 3.0 commonly write
something that the letter of 3.0 ignores but whose meaning is plain, the meaning is kept:

- `nullable` beside `enum`, `allOf`, `anyOf`, `oneOf` or `$ref` lets null in, as 3.0.0 to 3.0.2 have it
  ("allows sending a null value for the defined schema"). 3.0.3 and 3.0.4 give it an effect "only if
  `type` is explicitly defined within the same Schema Object", but who writes the word there sends null;
- other assertions beside a `$ref` are dropped in 3.0, as its text says; annotations stay.

Documents that call themselves 3.1 and still use `nullable` or boolean `exclusiveMinimum` are read alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from contracts.errors import SpecError
from contracts.model import Json
from contracts.spec.keywords import OBJECTS, loud_methods, with_methods
from contracts.text import show

_ANNOTATIONS: Final = frozenset(
    [
        "$ref",
        "title",
        "description",
        "summary",
        "deprecated",
        "example",
        "examples",
        "default",
        "readOnly",
        "writeOnly",
        "externalDocs",
        "xml",
    ]
)


def upgraded(document: Json) -> Json:
    """Give the OpenAPI 3.1 form of a 3.0 or 3.1 document; the argument is not changed.

    Only what is false in 3.1 is rewritten: `nullable`, boolean `exclusiveMinimum` and `exclusiveMaximum`,
    assertions beside `$ref` (3.0 only), and a schema's `example`, which becomes `examples`. Anything of
    unexpected shape is kept as it is. SpecError when the document does not say it is OpenAPI 3.
    """
    version = version_of(document)
    if version == "2.0":
        from contracts.spec.swagger import swagger_to_openapi

        version, document = "3.0", swagger_to_openapi(document)
    schema = upgrade_schema_30 if version == "3.0" else upgrade_schema
    result: dict[str, Json] = _rewrite(document, "document", schema)
    return {**result, "openapi": "3.1.0"} if version == "3.0" else result


def version_of(document: Json) -> str:
    """Give "2.0", "3.0", "3.1" or "3.2" as a document says it, in text or as a number; else SpecError."""
    said = document.get("openapi", document.get("swagger")) if isinstance(document, dict) else None
    found = ".".join(str(said).strip().split(".")[:2])
    known = (
        "2.0" if isinstance(document, dict) and "openapi" not in document and found in {"2", "2.0"} else ""
    )
    known = found if found in {"3.0", "3.1", "3.2"} else known
    if not known:
        raise SpecError(f"not an OpenAPI 3.0, 3.1 or 3.2 nor a Swagger 2.0 document: it says {show(said)}")
    return known


def converted(document: Json) -> Json:
    """Give the OpenAPI 3.1 form of a Swagger 2.0 or OpenAPI 3.0 document, and newer ones as they are."""
    if version_of(document) in {"2.0", "3.0"}:
        return upgraded(document)
    loud = any(loud_methods(item) for _, item in path_items(document))
    return _rewrite(document, "document", lambda schema: schema) if loud else document


def path_items(document: Json) -> Iterator[tuple[str, Json]]:
    """Yield the path items of a document by name: of its paths, webhooks, components and callbacks."""
    components = _map(_map(document).get("components"))
    tables = [_map(document).get("paths"), _map(document).get("webhooks"), components.get("pathItems")]
    tables += _map(components.get("callbacks")).values()
    found = [one for table in tables for one in _map(table).items()]
    for name, item in found:
        yield name, item
        for operation in _map(item).values():
            for callback in _map(_map(operation).get("callbacks")).values():
                found += _map(callback).items()


def _map(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _rewrite(value: Json, kind: str, schema: Callable[[dict[str, Json]], dict[str, Json]]) -> Json:
    if kind.endswith("[]"):
        return [_rewrite(item, kind[:-2], schema) for item in value] if isinstance(value, list) else value
    if not isinstance(value, dict):
        return value
    if kind.endswith("*"):
        return {key: _rewrite(item, kind[:-1], schema) for key, item in value.items()}
    places = OBJECTS[kind]
    value = by_position(value) if kind == "schema" else with_methods(value) if kind == "path" else value
    copied = {
        key: item if place is None else _rewrite(item, place, schema)
        for key, item in value.items()
        for place in (places.get(key, places.get("")),)
    }
    return schema(copied) if kind == "schema" else copied


def upgrade_schema_30(schema: dict[str, Json]) -> dict[str, Json]:
    """Rewrite one 3.0 schema object, not its children: as `upgrade_schema`, and `$ref` stands alone."""
    if "$ref" in schema and len(schema) > 1:
        kept = {key: value for key, value in schema.items() if key in _ANNOTATIONS or key.startswith("x-")}
        schema = {**kept, "nullable": True} if schema.get("nullable") is True else kept
    return upgrade_schema(schema)


def upgrade_schema(schema: dict[str, Json]) -> dict[str, Json]:
    """Rewrite one schema object, not its children, to JSON Schema 2020-12; equal when nothing is old."""
    schema = read_as_meant(schema)
    return _examples(schema) if "example" in schema else schema


def read_as_meant(schema: dict[str, Json]) -> dict[str, Json]:
    """Rewrite the words of OpenAPI 3.0 that a 3.1 document may not use, as 3.0 means them."""
    if "exclusiveMinimum" in schema:
        schema = _bound(schema, "minimum", "exclusiveMinimum")
    if "exclusiveMaximum" in schema:
        schema = _bound(schema, "maximum", "exclusiveMaximum")
    return _nullable(schema) if "nullable" in schema else schema


def by_position(schema: dict[str, Json]) -> dict[str, Json]:
    """Write a list of schemas for `items` as `prefixItems`: JSON Schema had it so before 2020-12.

    2020-12 core, 10.3.1.1: `prefixItems` does what the list form of `items` did, `items` what
    `additionalItems` did beside it.
    """
    first = schema.get("items")
    if not isinstance(first, list) or "prefixItems" in schema:
        return schema
    rest = {key: value for key, value in schema.items() if key not in {"items", "additionalItems"}}
    rest |= {"prefixItems": first} if first else {}
    return rest | ({"items": schema["additionalItems"]} if "additionalItems" in schema else {})


def _bound(schema: dict[str, Json], plain: str, exclusive: str) -> dict[str, Json]:
    strict = schema[exclusive]
    if not isinstance(strict, bool):
        return schema
    result = {key: value for key, value in schema.items() if key != exclusive}
    if strict and plain in result:
        result[exclusive] = result.pop(plain)
    return result


def _examples(schema: dict[str, Json]) -> dict[str, Json]:
    rest = {key: value for key, value in schema.items() if key != "example"}
    return rest if isinstance(schema.get("examples"), list) else {**rest, "examples": [schema["example"]]}


def _nullable(schema: dict[str, Json]) -> dict[str, Json]:
    rest = {key: value for key, value in schema.items() if key != "nullable"}
    if schema["nullable"] is not True:
        return rest
    if not {"$ref", "allOf", "anyOf", "oneOf", "not", "const"}.isdisjoint(rest):
        return _union(rest)
    if "type" in rest:
        rest["type"] = _with_null(rest["type"])
    if isinstance(rest.get("enum"), list) and None not in rest["enum"]:
        rest["enum"] = [*rest["enum"], None]
    return rest


def _with_null(types: Json) -> Json:
    listed = types if isinstance(types, list) else [types]
    return types if "null" in listed else [*listed, "null"]


def _may_be_null(branch: Json) -> bool:
    """Whether a branch may take null by itself, as far as it says; a reference may."""
    return not isinstance(branch, dict) or "type" not in branch or "null" in (branch["type"] or ())


def _union(schema: dict[str, Json]) -> dict[str, Json]:
    """Let null in beside keywords that would refuse it; annotations stay outside, where readers look."""
    for key in ("anyOf", "oneOf"):
        branches = schema.get(key)
        alone = schema.keys() - _ANNOTATIONS <= {key}
        if alone and isinstance(branches, list) and (key == "anyOf" or not any(map(_may_be_null, branches))):
            open_ = any(isinstance(branch, dict) and branch.get("type") == "null" for branch in branches)
            return schema if open_ else {**schema, key: [*branches, {"type": "null"}]}
    outer = {key: value for key, value in schema.items() if key in _ANNOTATIONS and key != "$ref"}
    inner = {key: value for key, value in schema.items() if key not in outer}
    return {**outer, "anyOf": [inner, {"type": "null"}]}
