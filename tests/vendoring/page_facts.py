"""What a page says, as a set of small facts: read from a hand-written list, or from an extracted document.

A list looks like this (`!` required, `?` null allowed, then format, `enum(...)`, `=default`):

    op GET /v1/batches/{id}
    server https://api.example.dev
    auth header X-Key
    param query limit integer =20
    200
    /id string! uuid
    /items array!
    /items/*/state string! enum(queued, done)
    /meta/{} string
    example
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from contracts.model import Json
from contracts.vendoring.platforms import extract

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
Fact = tuple[Any, ...]


def written(text: str) -> set[Fact]:
    """Read a hand-written list."""
    found: set[Fact] = set()
    status = ""
    for line in (raw.strip() for raw in text.splitlines()):
        if not line or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if re.fullmatch(r"[1-5](\d\d|XX)|default", line):
            status = line
            found |= {("status", status)}
        elif word == "op":
            found |= {("op", *rest.split())}
        elif word in {"server", "auth"}:
            found |= {(word, *rest.split())}
        elif word == "param":
            where, name, *kind = rest.split(" ", 2)
            found |= {("param", where, name), *_typed(("param", where, name), kind[0] if kind else "any")}
        elif line == "example":
            found |= {("example", status)}
        else:
            pointer = "" if word == "." else word
            found |= {("prop", status, pointer), *_typed(("prop", status, pointer), rest or "any")}
    roots = {f[1] for f in found if f[0] == "prop"} - {f[1] for f in found if f[0] == "prop" and f[2] == ""}
    return found | {f for s in roots for f in (("prop", s, ""), ("prop", s, "", "type", ("object",)))}


def _typed(at: Fact, text: str) -> Iterator[Fact]:
    match = re.match(r"([a-z|]+)([!?]*)\s*(.*)$", text)
    assert match, text
    kinds, flags, rest = match.groups()
    if kinds != "any":
        yield (*at, "type", tuple(sorted(kinds.split("|"))))
    if "!" in flags:
        yield (*at, "required")
    if "?" in flags:
        yield (*at, "nullable")
    listed = re.search(r"enum\((.*?)\)", rest)
    if listed:
        yield (*at, "enum", tuple(sorted(v.strip() for v in listed[1].split(","))))
        rest = rest.replace(listed[0], "")
    default = re.search(r"=(\S.*)$", rest)
    if default:
        yield (*at, "default", default[1].strip())
        rest = rest.replace(default[0], "")
    if rest.strip():
        yield (*at, "format", rest.strip())


def extracted(document: Any) -> set[Fact]:
    """Read the facts of an OpenAPI document."""
    found: set[Fact] = {("server", s["url"]) for s in document.get("servers", []) if s.get("url", "/") != "/"}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                found |= {("op", method.upper(), path)}
                found |= set(_operation(document, item, item[method]))
    return _merged(found)


def _merged(found: set[Fact]) -> set[Fact]:
    """Join the words that the branches of a union allow at one place."""
    enums: dict[Fact, set[str]] = {}
    for fact in found:
        if fact[-2] == "enum":
            enums.setdefault(fact[:-1], set()).update(fact[-1])
    return {f for f in found if f[-2] != "enum"} | {(*at, tuple(sorted(v))) for at, v in enums.items()}


def _operation(document: Any, item: Any, operation: Any) -> Iterator[Fact]:
    for parameter in [*item.get("parameters", []), *operation.get("parameters", [])]:
        one = _resolve(document, parameter)
        at = ("param", one["in"], one["name"])
        yield at
        yield from (
            f for f in _schema(document, one.get("schema", {}), at, False) if len(f) > 3 and f[:3] == at
        )
        if one.get("required"):
            yield (*at, "required")
    for need in operation.get("security", document.get("security", [])):
        for name in need:
            scheme = document["components"]["securitySchemes"][name]
            yield (
                ("auth", scheme["scheme"])
                if scheme["type"] == "http"
                else ("auth", scheme["in"], scheme["name"])
            )
    for status, shown in operation["responses"].items():
        answer = _resolve(document, shown)
        yield ("status", status)
        for media in answer.get("content", {}).values():
            yield from (
                _schema(document, media["schema"], ("prop", status, ""), False) if "schema" in media else ()
            )
            if "example" in media or "examples" in media:
                yield ("example", status)


def _resolve(document: Any, value: Any) -> Any:
    while "$ref" in value:
        node = document
        for token in value["$ref"].removeprefix("#/").split("/"):
            node = node[token.replace("~1", "/").replace("~0", "~")]
        value = {**node, **{k: v for k, v in value.items() if k != "$ref"}}
    return value


def _branches(document: Any, schema: Any) -> list[Any]:
    schema = _resolve(document, schema)
    found = [b for key in ("anyOf", "oneOf") for one in schema.get(key, []) for b in _branches(document, one)]
    for one in schema.get("allOf", []):
        for b in _branches(document, one):
            properties = {**schema.get("properties", {}), **b.get("properties", {})}
            required = [*schema.get("required", []), *b.get("required", [])]
            schema = {
                **schema,
                **b,
                **({"properties": properties} if properties else {}),
                "required": required,
            }
    rest = {k: v for k, v in schema.items() if k not in {"anyOf", "oneOf", "allOf"}}
    return [{**rest, **b} for b in found] or [rest]


def _schema(document: Any, schema: Any, at: Fact, required: bool, depth: int = 0) -> Iterator[Fact]:
    branches = _branches(document, schema)
    yield at
    kinds = {k for b in branches for k in _kinds(b)}
    if kinds - {"null"} and all(_kinds(b) for b in branches):
        yield (*at, "type", tuple(sorted(kinds - {"null"})))
    if "null" in kinds:
        yield (*at, "nullable")
    if required:
        yield (*at, "required")
    values = [v for b in branches for v in b.get("enum", [b["const"]] if "const" in b else [])]
    if values and all("enum" in b or "const" in b or _kinds(b) == ["null"] for b in branches):
        yield (*at, "enum", tuple(sorted({_plain(v) for v in values if v is not None})))
    yield from ((*at, "default", _plain(b["default"])) for b in branches if "default" in b)
    yield from ((*at, "format", b["format"]) for b in branches if "format" in b)
    if depth < 12:
        yield from _below(document, branches, at, depth)


def _below(document: Any, branches: list[Any], at: Fact, depth: int) -> Iterator[Fact]:
    objects = [b for b in branches if "properties" in b]
    for branch in branches:
        for name, child in branch.get("properties", {}).items():
            needed = all(name in b.get("required", []) for b in objects)
            yield from _schema(document, child, (*at[:2], f"{at[2]}/{name}"), needed, depth + 1)
        if isinstance(branch.get("items"), dict) and branch["items"]:
            yield from _schema(document, branch["items"], (*at[:2], f"{at[2]}/*"), False, depth + 1)
        if isinstance(branch.get("additionalProperties"), dict) and branch["additionalProperties"]:
            yield from _schema(
                document, branch["additionalProperties"], (*at[:2], f"{at[2]}/{{}}"), False, depth + 1
            )


def plain(facts: set[Fact], listed: frozenset[Fact] | set[Fact] = frozenset()) -> set[Fact]:
    """Leave out the examples, and which fields must be there unless a list says it of one: examples only suggest it."""
    told = any(f[0] == "prop" and f[3:4] == ("required",) for f in listed)
    return {f for f in facts if f[0] != "example" and (told or f[3:4] != ("required",) or f[0] != "prop")}


def _kinds(schema: Any) -> list[str]:
    kind = schema.get("type")
    return kind if isinstance(kind, list) else [kind] if kind else []


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def members(rows: str, title: str = "Response") -> list[str]:
    """Read a page with these rows; gives a line a member: path, types, @format, =values, ? null, ! required."""
    page = f"# Get a batch\n\n`GET https://api.acme.dev/v1/batches/{{batch_id}}`\n\n## {title}\n\n{rows}\n"
    document = extract(page.encode(), "page.md").document
    operation = document["paths"]["/v1/batches/{batch_id}"]["get"]
    return list(lines_of(operation["responses"]["200"]["content"]["application/json"]["schema"], ""))


def lines_of(schema: Json, at: str) -> Iterator[str]:
    for name, member in schema.get("properties", {}).items():
        path = f"{at}.{name}" if at else name
        yield f"{path} {_said(member)}{' !' if name in schema.get('required', []) else ''}"
        yield from lines_of(member, path)
    if schema.get("items"):
        yield f"{at}[] {_said(schema['items'])}"
        yield from lines_of(schema["items"], f"{at}[]")


def _said(schema: Json) -> str:
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    text = "|".join(kind for kind in kinds if kind != "null") or "any"
    text += f" @{schema['format']}" if "format" in schema else ""
    words = [str(word) for word in schema.get("enum", []) if word is not None]
    text += f" ={','.join(words)}" if words else ""
    return text + (" ?" if "null" in kinds else "")
