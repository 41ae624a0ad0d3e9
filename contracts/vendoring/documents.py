"""OpenAPI documents and bare JSON Schemas as sources of a spec: the operations wanted, and what they need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

from contracts.errors import ConfigError, SpecError
from contracts.model import Json, Pointer
from contracts.spec import METHODS, read_document, upgraded
from contracts.text import show
from contracts.vendoring.pages import Extraction

OPENAPI: Final = "openapi"
SCHEMA: Final = "json-schema"
_HEAD = re.compile(rb"""^(?:['"]?openapi['"]?|['"]?swagger['"]?)\s*:""", re.MULTILINE)
_KEPT: Final = ("openapi", "info", "jsonSchemaDialect", "servers", "security")


def kind_of(data: bytes) -> str:
    """Tell a document from a page: "openapi", "json-schema" (any other JSON object) or "" for a page."""
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{":
        return (
            OPENAPI
            if re.search(rb"""['"](?:openapi|swagger)['"]\s*:""", data[:65_536]) or _late(data)
            else SCHEMA
        )
    if _HEAD.search(data[:65_536]) and not re.search(rb"^\s*(?:`{3,}|# |> )", data[:2000], re.MULTILINE):
        return OPENAPI
    return SCHEMA if re.match(rb"""\s*(?:['"]?\$schema['"]?|type)\s*:""", data[:400]) else ""


def _late(data: bytes) -> bool:
    return re.search(rb'"openapi"\s*:\s*"3', data) is not None


def parse_operation(text: str) -> tuple[str, str]:
    """Read "GET /path"; ConfigError says what it must look like."""
    match = re.fullmatch(r"\s*([A-Za-z]+)\s+(/\S*)\s*", text)
    if match is None or match[1].upper() not in METHODS:
        raise ConfigError(f"{show(text)} is no operation; write it as 'GET /v1/batches/{{batch_id}}'")
    return match[1].upper(), match[2]


def read_openapi(name: str, data: bytes, wanted: Iterable[str] = ()) -> Extraction:
    """Read an OpenAPI 3.0 or 3.1 document as 3.1, cut down to the operations wanted, if any is named."""
    value = read_document(name, data, lines=False).value
    if not isinstance(value, dict) or not isinstance(value.get("paths"), dict):
        raise SpecError(f"{name}: an OpenAPI document with paths is wanted")
    try:
        document = value if str(value.get("openapi", "")).startswith("3.1") else upgraded(value)
    except SpecError as error:
        raise SpecError(f"{name}: {error}") from None
    operations = [parse_operation(text) for text in wanted]
    reason = f"it says openapi {value.get('openapi')}"
    return Extraction(cut(document, operations, name) if operations else document, OPENAPI, reason)


def read_schema(name: str, data: bytes, operation: str) -> Extraction:
    """Read a bare JSON Schema as the 200 response of one operation."""
    if not operation:
        raise ConfigError(
            f"{name} is a JSON Schema; say what answers with it: --operation 'GET /v1/batches/{{batch_id}}'"
        )
    schema = read_document(name, data, lines=False).value
    method, path = parse_operation(operation)
    holes = re.findall(r"\{([^{}]+)\}", path)
    title = str(schema.get("title") or f"{method} {path}") if isinstance(schema, dict) else f"{method} {path}"
    schema, components = _hoisted(schema)
    one: dict[str, Json] = {
        "parameters": [
            {"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in holes
        ],
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}},
    }
    document: dict[str, Json] = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "unstated"},
        "paths": {path: {method.lower(): {k: v for k, v in one.items() if v}}},
    }
    return Extraction({**document, **components}, SCHEMA, "it is a JSON object and no OpenAPI document")


def _hoisted(schema: Json) -> tuple[Json, dict[str, Json]]:
    """Move `$defs` and `definitions` to the components, where the schema's references can reach them."""
    if not isinstance(schema, dict):
        return schema, {}
    found = {n: s for key in ("$defs", "definitions") for n, s in (schema.get(key) or {}).items()}
    rest = {k: v for k, v in schema.items() if k not in {"$defs", "definitions", "$schema", "$id"}}
    root = "Root" if "Root" not in found else "RootSchema"
    if _refers(rest, "#") or _refers(list(found.values()), "#"):
        found, rest = {root: rest, **found}, {"$ref": f"#/components/schemas/{root}"}
    moved = {name: _moved(s, root) for name, s in found.items()}
    return _moved(rest, root), ({"components": {"schemas": moved}} if moved else {})


def _refers(value: Json, target: str) -> bool:
    if isinstance(value, dict):
        return value.get("$ref") == target or any(_refers(v, target) for v in value.values())
    return isinstance(value, list) and any(_refers(v, target) for v in value)


def _moved(value: Json, root: str) -> Json:
    if isinstance(value, list):
        return [_moved(v, root) for v in value]
    if not isinstance(value, dict):
        return value
    result = {k: _moved(v, root) for k, v in value.items()}
    if isinstance(value.get("$ref"), str):
        ref = re.sub(r"^#/(?:\$defs|definitions)/", "#/components/schemas/", value["$ref"])
        result["$ref"] = f"#/components/schemas/{root}" if ref == "#" else ref
    return result


def cut(document: dict[str, Json], wanted: list[tuple[str, str]], name: str) -> dict[str, Json]:
    """Keep some operations of a document and the components they need, in the document's order."""
    paths: dict[str, Json] = {}
    for method, path in wanted:
        item = document["paths"].get(path)
        if not isinstance(item, dict) or not isinstance(item.get(method.lower()), dict):
            raise SpecError(f"{name}: no {method} {path} in it{_near(document, path)}")
    for path, item in document["paths"].items():
        methods = {m.lower() for m, p in wanted if p == path}
        if methods:
            others = {m.lower() for m in METHODS} - methods
            paths[path] = {k: v for k, v in item.items() if k not in others}
    result = {key: document[key] for key in _KEPT if key in document} | {"paths": paths}
    components = _needed(document, result)
    return result | ({"components": components} if components else {})


def _near(document: dict[str, Json], path: str) -> str:
    import difflib

    near = difflib.get_close_matches(path, document["paths"], n=1)
    return f"; nearest is {near[0]}" if near else ""


def _needed(document: dict[str, Json], result: dict[str, Json]) -> dict[str, Json]:
    """Collect the components that are referred to, directly or not, and the security schemes named."""
    wanted: set[tuple[str, str]] = set()
    todo: list[Json] = [result]
    source = document.get("components") or {}
    while todo:
        for reference in _references(todo.pop()):
            if reference not in wanted and reference[1] in (source.get(reference[0]) or {}):
                wanted.add(reference)
                todo.append(source[reference[0]][reference[1]])
    wanted |= {("securitySchemes", scheme) for scheme in _schemes(result)}
    kept = {
        kind: {n: v for n, v in parts.items() if (kind, n) in wanted}
        for kind, parts in source.items()
        if isinstance(parts, dict)
    }
    return {kind: parts for kind, parts in kept.items() if parts}


def _references(value: Json) -> Iterator[tuple[str, str]]:
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            texts = [one["$ref"]] if isinstance(one.get("$ref"), str) else []
            mapping = (
                one["discriminator"].get("mapping") if isinstance(one.get("discriminator"), dict) else None
            )
            texts += [t for t in mapping.values() if isinstance(t, str)] if isinstance(mapping, dict) else []
            for text in texts:
                tokens = Pointer.parse(unquote(text[1:])) if text.startswith("#/") else ()
                if len(tokens) >= 3 and tokens[0] == "components":
                    yield str(tokens[1]), str(tokens[2])
            todo.extend(one.values())
        elif isinstance(one, list):
            todo.extend(one)


def _schemes(result: dict[str, Json]) -> Iterator[str]:
    operations = [op for item in result["paths"].values() for op in item.values() if isinstance(op, dict)]
    for holder in (result, *operations):
        for need in holder.get("security") or ():
            yield from need if isinstance(need, dict) else ()
