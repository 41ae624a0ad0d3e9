"""OpenAPI documents and bare JSON Schemas as sources of a spec: the operations wanted, and what they need."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

import yaml

from contracts.errors import ConfigError, SpecError
from contracts.model import Json, Pointer
from contracts.spec import (
    METHODS,
    VERBS,
    as_utf8,
    converted,
    item_place,
    look,
    loud_methods,
    path_items,
    read_document,
    received,
    references_in,
    resolve,
    version_of,
)
from contracts.text import safe_text, show
from contracts.vendoring.bundling import Files, bundled_document, collect
from contracts.vendoring.pages import Extraction
from contracts.vendoring.variants import address_of, with_variants

OPENAPI: Final = "openapi"
SCHEMA: Final = "json-schema"
_KEY: Final = re.compile(rb"""^['"]?(?:openapi|swagger)['"]?\s*:""", re.MULTILINE)
_BEFORE: Final = re.compile(rb"""(?:[ \t]*(?:#[^\n]*)?\r?\n|---[^\n]*\n|%YAML[^\n]*\n)*\Z""")
_TEMPLATED: Final = re.compile(rb"\s*\{[%{:#]")  # a tag of Liquid or Jinja, as some pages start with
_COMMENTED: Final = re.compile(rb"(?:\s*(?://[^\n]*\n|/\*.*?\*/))+\s*\{", re.DOTALL)
_DEFINED: Final = re.compile(r"^#/(?:\$defs|definitions)/")
_ROOTED: Final = re.compile(r"#(?:/(?!(?:\$defs|definitions)/).*)?\Z", re.DOTALL)
_KEPT: Final = ("openapi", "swagger", "info", "jsonSchemaDialect", "servers", "security")


def kind_of(data: bytes) -> str:
    """Tell a document from a page: "openapi", "json-schema" (any other JSON object) or "" for a page.

    A document says `openapi` or `swagger` at its top level, wherever that stands; comments before it, a byte
    order mark and the order of keys say nothing.
    """
    data = as_utf8(data).removeprefix(b"\xef\xbb\xbf")
    if (data.lstrip()[:1] == b"{" and not _TEMPLATED.match(data)) or _COMMENTED.match(data):
        return OPENAPI if _says_openapi(data) else SCHEMA
    found = _KEY.search(data)
    if found and (_BEFORE.match(data[: found.start()]) or _is_mapping(data)):
        return OPENAPI
    return SCHEMA if re.match(rb"""\s*(?:['"]?\$schema['"]?|type)\s*:""", data[:400]) else ""


def _says_openapi(data: bytes) -> bool:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return re.search(rb"""[{,]\s*(['"]?)(?:openapi|swagger)\1\s*:""", data) is not None
    return isinstance(value, dict) and not value.keys().isdisjoint({"openapi", "swagger"})


def _is_mapping(data: bytes) -> bool:
    """Whether a text is YAML whose top level says `openapi` or `swagger`; read only as far as that key."""
    depth = 0
    try:
        for event in yaml.parse(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            said = isinstance(event, yaml.ScalarEvent) and event.value in {"openapi", "swagger"}
            if said and depth == 1:
                return True
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
    except yaml.YAMLError:
        pass
    return False


def parse_operation(text: str) -> tuple[str, str]:
    """Read "GET /path"; ConfigError says what it must look like."""
    match = re.fullmatch(r"\s*([A-Za-z]+)\s+(/\S*)\s*", text)
    if match is None or match[1].upper() not in METHODS:
        raise ConfigError(f"{show(text)} is no operation; write it as 'GET /v1/batches/{{batch_id}}'")
    return match[1].upper(), match[2]


def read_openapi(name: str, data: bytes, files: Mapping[str, bytes] = MappingProxyType({})) -> Extraction:
    """Read an OpenAPI 3.x or Swagger 2.0 document as 3.1.

    `files` are the other files of the document by their path relative to it; they are bundled into it.
    """
    source = read_document(name, data, lines=False)
    value = source.value
    try:
        version = version_of(value)
        document = converted(bundled_document(name.rpartition("/")[2], value, files))
    except SpecError as error:
        raise SpecError(f"{name}: {error}") from None
    if not isinstance(document.get("paths"), dict) and not isinstance(document.get("webhooks"), dict):
        raise SpecError(f"{name}: an OpenAPI document with paths is wanted")
    document["paths"] = {
        path: _followed(document, item) for path, item in _dict(document.get("paths")).items()
    }
    document["paths"] = with_variants(document)
    if version == "2.0":
        document["info"] = _provenance(document["info"], name)
    word = "swagger" if "swagger" in value else "openapi"
    said = f"it says {word} {safe_text(str(value[word]), 20)}"
    told = (*source.told, *_loud(name, value), *_unread(name, document["paths"]))
    return Extraction(document, OPENAPI, said, notices=told)


def parts_of(name: str, data: bytes, read: Callable[[str], bytes | None], *, guess: bool = False) -> Files:
    """Find the other files of a document by their path relative to it, as `collect` does; a page has none."""
    kind = kind_of(data)
    try:
        value = read_document(name, data, lines=False).value if kind else None
    except SpecError:
        if kind == OPENAPI:
            raise
        return Files({})  # told where it is read
    return collect(name, value, read, guess=guess)


def _followed(document: Json, item: Json) -> Json:
    """Give a path that is a reference to another path of the document as what it refers to."""
    if not isinstance(item, dict) or not isinstance(item.get("$ref"), str):
        return item
    try:
        found = resolve({"": item, **document}, Pointer(("",)), "")[0]
    except SpecError:
        return item  # named where the document is judged
    rest = {key: value for key, value in item.items() if key != "$ref"}
    return {**found, **rest} if isinstance(found, dict) else item


def _loud(name: str, document: Json) -> Iterator[str]:
    """Say which methods are written otherwise than OpenAPI writes them."""
    for path, item in path_items(document):
        for key in loud_methods(item):
            yield f"{name}: {safe_text(f'{key} {path}', 200)}: the method is read as {key.lower()}"


def _unread(name: str, paths: dict[str, Json]) -> Iterator[str]:
    """Say which operations are written so that they are none: nothing of a document is lost in silence."""
    for path, item in paths.items():
        own = [key for key in _dict(item) if key.lower() in VERBS and key not in VERBS]
        more = list(_dict(_dict(item).get("additionalOperations")))
        for method in (*own, *more):
            yield f"{name}: {safe_text(f'{method} {path}', 200)}: the method is none that is read"
        odd = not path.startswith("/") or "?" in path or "#" in path
        if odd and not path.startswith("x-") and any(key in VERBS for key in _dict(item)):
            base = address_of(path)
            so = f"what it answers counts for {safe_text(base, 200)}" if base else "so nothing matches it"
            yield f"{name}: {safe_text(path, 200)}: the path is none of a request, {so}"


def _provenance(info: Json, name: str) -> Json:
    note = f"converted from the Swagger 2.0 document {name}"
    return {**info, "x-converted": note} if isinstance(info, dict) else info


def read_schema(
    name: str, data: bytes, operation: str, files: Mapping[str, bytes] = MappingProxyType({})
) -> Extraction:
    """Read a bare JSON Schema as the 200 response of one operation; `files` are as for a document."""
    schema = read_document(name, data, lines=False).value
    if not operation:
        raise ConfigError(f"{name} {_no_document(schema)}")
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
    document = bundled_document(name.rpartition("/")[2], {**document, **components}, files)
    return Extraction(document, SCHEMA, "it is a JSON object and no OpenAPI document")


_KEYWORDS: Final = {
    "$schema",
    "$ref",
    "type",
    "properties",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "enum",
    "const",
}


def _no_document(value: Json) -> str:
    """Say what a JSON value is that is no OpenAPI document, and what to do with it."""
    keys = set(value) if isinstance(value, dict) else set()
    if keys & _KEYWORDS:
        return "is a JSON Schema; say what answers with it: --operation 'GET /v1/batches/{batch_id}'"
    return "is neither an OpenAPI document, a JSON Schema nor a recording"


def _hoisted(schema: Json) -> tuple[Json, dict[str, Json]]:
    """Move `$defs` and `definitions` to the components, where the schema's references can reach them."""
    if not isinstance(schema, dict):
        return schema, {}
    found = {n: s for key in ("$defs", "definitions") for n, s in _dict(schema.get(key)).items()}
    rest = {k: v for k, v in schema.items() if k not in {"$defs", "definitions", "$schema", "$id"}}
    root = "Root" if "Root" not in found else "RootSchema"
    if any(_ROOTED.match(ref) for word, ref in references_in(schema) if word == "$ref"):
        found, rest = {root: rest, **found}, {"$ref": "#"}
    moved = {name: _moved(s, root) for name, s in found.items()}
    return _moved(rest, root), ({"components": {"schemas": moved}} if moved else {})


def _dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _moved(value: Json, root: str) -> Json:
    if isinstance(value, list):
        return [_moved(v, root) for v in value]
    if not isinstance(value, dict):
        return value
    result = {k: _moved(v, root) for k, v in value.items()}
    if isinstance(value.get("$ref"), str):
        inside = _ROOTED.match(value["$ref"]) is not None
        home = f"#/components/schemas/{root}{value['$ref'][1:]}"
        result["$ref"] = home if inside else _DEFINED.sub("#/components/schemas/", value["$ref"])
    return result


def cut(document: dict[str, Json], wanted: list[tuple[str, str]], name: str) -> dict[str, Json]:
    """Keep some operations of a document and the components they need, in the document's order."""
    for method, path in wanted:
        item = look(document, item_place(document, path))
        if not isinstance(item, dict) or not isinstance(item.get(method.lower()), dict):
            raise SpecError(f"{name}: no {method} {path} in it{_near(document, path)}")
    kept: dict[str, dict[str, Json]] = {"paths": {}, "webhooks": {}}
    hooks = [(path, at) for path, at in received(document) if at[0] == "webhooks"]
    for path, at in (*((path, Pointer(("paths", path))) for path in document["paths"]), *hooks):
        methods = {m.lower() for m, p in wanted if p == path}
        item = look(document, at)
        if methods and isinstance(item, dict):
            others = {m.lower() for m in METHODS} - methods
            kept[str(at[0])][str(at[1])] = {k: v for k, v in item.items() if k not in others}
    result = {key: document[key] for key in _KEPT if key in document} | {"paths": kept["paths"]}
    result |= {"webhooks": kept["webhooks"]} if kept["webhooks"] else {}
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
    source = document.get("components")
    source = source if isinstance(source, dict) else {}
    while todo:
        for reference in _references(todo.pop()):
            held = source.get(reference[0])
            if reference not in wanted and isinstance(held, dict) and reference[1] in held:
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
    items = [item for item in result["paths"].values() if isinstance(item, dict)]
    operations = [op for item in items for op in item.values() if isinstance(op, dict)]
    for holder in (result, *operations):
        security = holder.get("security")
        for need in security if isinstance(security, list) else ():
            yield from need if isinstance(need, dict) else ()
