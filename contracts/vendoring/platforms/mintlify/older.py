"""The older dialect of Mintlify's embedded block: no OpenAPI, but one operation taken apart.

    paths: {path, method, servers, request: {security, parameters, body}, response}
    components: {schemas}

Every property is wrapped in a one-item `allOf`; `schemaArray` lists alternatives; `requiredProperties`,
`refIdentifier` and `required: true` beside the schema are the dialect's own.
Source: the `.md` pages that Mintlify served in 2024 and 2025.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from contracts.model import Json
from contracts.vendoring.pages import Page

_DROPPED: Final = {"requiredProperties", "refIdentifier", "isOneOf", "isAnyOf"}
_PLACEHOLDER: Final = "_mintlify/placeholder"


def is_older(value: Json) -> bool:
    """Whether a block is of this dialect."""
    paths = value.get("paths") if isinstance(value, dict) else None
    return (
        isinstance(paths, dict)
        and isinstance(paths.get("path"), str)
        and isinstance(paths.get("method"), str)
    )


def convert(value: dict[str, Json], page: Page, title: str) -> dict[str, Json]:
    """Write the block as an OpenAPI 3.1 document."""
    paths = value["paths"]
    request = paths.get("request") or {}
    schemes, security = _security(request.get("security") or [])
    operation: dict[str, Json] = {
        "summary": title,
        "parameters": list(_parameters(request.get("parameters") or {})),
        "requestBody": _body(request.get("body") or {}),
        "responses": {str(code): _response(r) for code, r in (paths.get("response") or {}).items()},
        "security": security,
        "deprecated": paths.get("deprecated") is True,
    }
    components = value.get("components") or {}
    parts = {**({"schemas": _plain(components["schemas"])} if components.get("schemas") else {})}
    parts |= {"securitySchemes": schemes} if schemes else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": title or page.name, "version": "unstated"},
        **({"servers": paths["servers"]} if paths.get("servers") else {}),
        "paths": {
            paths["path"]: {
                paths["method"].lower(): {k: v for k, v in operation.items() if v or k == "responses"}
            }
        },
        **({"components": parts} if parts else {}),
    }


def _parameters(found: dict[str, Json]) -> Iterator[dict[str, Json]]:
    for where in ("path", "query", "header", "cookie"):
        for name, one in (found.get(where) or {}).items():
            schemas = [s for s in one.get("schema") or [{}] if isinstance(s, dict)]
            required = any(s.get("required") is True for s in schemas)
            value: dict[str, Json] = {"name": name, "in": where, "required": required or where == "path"}
            description = next((s["description"] for s in schemas if s.get("description")), "")
            value |= {"description": description} if description else {}
            yield value | {"schema": _alternatives([_bare(s) for s in schemas])}


def _bare(schema: dict[str, Json]) -> dict[str, Json]:
    """Drop what the dialect puts beside a parameter's or body's schema."""
    return {
        k: v
        for k, v in schema.items()
        if not (k == "required" and isinstance(v, bool)) and k != "description"
    }


def _security(found: list[Json]) -> tuple[dict[str, Json], list[Json]]:
    """Read alternatives (list items) of credentials; several headers in one item go together."""
    schemes: dict[str, Json] = {}
    needs: list[Json] = []
    for one in found:
        title = str(one.get("title") or "auth")
        parts = [
            (w, n, s) for w, names in (one.get("parameters") or {}).items() for n, s in (names or {}).items()
        ]
        need: dict[str, Json] = {}
        for index, (where, name, scheme) in enumerate(parts):
            key = title if len(parts) == 1 else f"{title.split(' & ')[min(index, title.count(' & '))]}"
            schemes[key] = _scheme(where, name, scheme if isinstance(scheme, dict) else {})
            need[key] = []
        needs.append(need)
    return schemes, needs


def _scheme(where: str, name: str, scheme: dict[str, Json]) -> dict[str, Any]:
    kind = scheme.get("type")
    if kind == "http":
        return {"type": "http", "scheme": str(scheme.get("scheme") or "bearer")}
    if kind == "oauth2":
        return {"type": "http", "scheme": "bearer"}
    return {"type": "apiKey", "in": where, "name": name}


def _body(found: dict[str, Json]) -> dict[str, Json] | None:
    content = {media: _media(one) for media, one in found.items() if isinstance(one, dict)}
    return {"content": content} if content else None


def _response(found: dict[str, Json]) -> dict[str, Json]:
    description = next(
        (
            str(one["description"])
            for one in found.values()
            if isinstance(one, dict) and one.get("description")
        ),
        "",
    )
    content = {m: _media(one) for m, one in found.items() if isinstance(one, dict) and m != _PLACEHOLDER}
    return {"description": description, **({"content": content} if content else {})}


def _media(one: dict[str, Json]) -> dict[str, Json]:
    schemas = [_bare_body(s) for s in one.get("schemaArray") or [] if isinstance(s, dict)]
    examples = {n: e for n, e in (one.get("examples") or {}).items() if isinstance(e, dict) and "value" in e}
    value: dict[str, Json] = {}
    if schemas:
        value["schema"] = _alternatives(schemas)
    if len(examples) == 1:
        value["example"] = next(iter(examples.values()))["value"]
    elif examples:
        value["examples"] = examples
    return value


def _bare_body(schema: dict[str, Json]) -> dict[str, Json]:
    return {k: v for k, v in schema.items() if not (k == "required" and isinstance(v, bool))}


def _alternatives(schemas: list[dict[str, Json]]) -> dict[str, Json]:
    found = [_plain(s) for s in schemas]
    return found[0] if len(found) == 1 else {"anyOf": found}


def _plain(schema: Json, depth: int = 0) -> Json:
    """Unwrap one-item `allOf`s and rename the dialect's own words, all the way down."""
    if isinstance(schema, list):
        return [_plain(s, depth + 1) for s in schema]
    if not isinstance(schema, dict):
        return schema
    if set(schema) == {"allOf"} and isinstance(schema["allOf"], list) and len(schema["allOf"]) == 1:
        return _plain(schema["allOf"][0], depth + 1)
    result = {
        k: (v if k in {"example", "examples", "default", "enum", "const"} else _plain(v, depth + 1))
        for k, v in schema.items()
        if k not in _DROPPED
    }
    if "requiredProperties" in schema and isinstance(schema["requiredProperties"], list):
        result["required"] = schema["requiredProperties"]
    if result.get("type") == "any":
        del result["type"]
    elif result.get("type") == "file":
        result["type"] = "string"
    elif isinstance(result.get("type"), str) and re.match(r"^enum<(\w+)>$", result["type"]):
        result["type"] = result["type"][5:-1]
    return result
