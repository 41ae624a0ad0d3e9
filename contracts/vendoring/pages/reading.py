"""What a text page says, in the words of OpenAPI, and its writing as a document.

Every fact that was guessed (from an example, from prose, from the platform's habits) is marked beside it:
`x-provenance` maps the keyword to `inferred:<line>`, the line of the page that led to the guess. A keyword
without such a mark stands on the page. What the page does not say is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.model import Json

PROVENANCE: Final = "x-provenance"
JSON_TYPE: Final = "application/json"
_VERSION: Final = "unstated"
_REASONS: Final = {
    "200": "OK", "201": "Created", "202": "Accepted", "204": "No Content", "400": "Bad Request",
    "401": "Unauthorized", "402": "Payment Required", "403": "Forbidden", "404": "Not Found",
    "405": "Method Not Allowed",
    "409": "Conflict", "410": "Gone", "413": "Content Too Large", "415": "Unsupported Media Type",
    "422": "Unprocessable Content", "425": "Too Early", "429": "Too Many Requests",
    "500": "Internal Server Error",
    "501": "Not Implemented", "502": "Bad Gateway", "503": "Service Unavailable", "504": "Gateway Timeout",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: name, place ("path", "query", "header", "cookie"), schema, whether it must be sent."""

    name: str
    where: str
    schema: Mapping[str, Json]
    required: bool = False
    description: str = ""
    guessed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: status, description, JSON Schema or None, example bodies, media type, guessed facts."""

    status: str
    description: str = ""
    schema: Mapping[str, Json] | None = None
    examples: tuple[Json, ...] = ()
    media: str = JSON_TYPE
    guessed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Key:
    """How a request carries a credential: "bearer", "basic", or a key in a header, query or cookie."""

    kind: str
    name: str = ""
    line: int = 0
    stated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One operation as a page describes it; "" and None mean that the page does not say."""

    method: str
    path: str
    title: str = ""
    description: str = ""
    server: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Json] | None = None
    answers: tuple[Answer, ...] = ()
    keys: tuple[Key, ...] = ()


def guess(schema: dict[str, Json], line: int, *keywords: str) -> dict[str, Json]:
    """Mark keywords of a schema as guessed from a line of the page; gives the schema back."""
    marks = dict(schema.get(PROVENANCE, {}))
    marks.update(dict.fromkeys(keywords, f"inferred:{line}"))
    schema.pop(PROVENANCE, None)
    if marks:
        schema[PROVENANCE] = marks
    return schema


def document(readings: Iterable[Reading], title: str) -> Json:
    """Write what was read as an OpenAPI 3.1 document; operations of one path share its entry."""
    found = tuple(readings)
    paths: dict[str, Json] = {}
    for reading in found:
        paths.setdefault(reading.path, {})[reading.method.lower()] = _operation(reading)
    servers = tuple(dict.fromkeys(r.server for r in found if r.server))
    schemes = {_scheme_name(key): _scheme(key) for r in found for key in r.keys}
    result: dict[str, Json] = {
        "openapi": "3.1.0",
        "info": {"title": title or "untitled", "version": _VERSION},
        **({"servers": [{"url": url} for url in servers]} if servers else {}),
        "paths": paths,
        **({"components": {"securitySchemes": schemes}} if schemes else {}),
    }
    return result


def _operation(reading: Reading) -> dict[str, Json]:
    parameters = [_parameter(p) for p in reading.parameters]
    body = {"content": {JSON_TYPE: {"schema": dict(reading.body)}}} if reading.body is not None else None
    values: dict[str, Json] = {
        "summary": reading.title,
        "description": reading.description,
        "parameters": parameters,
        "requestBody": body,
        "security": [{_scheme_name(key): [] for key in reading.keys}] if reading.keys else None,
        "responses": {a.status: _answer(a) for a in reading.answers},
    }
    return {key: value for key, value in values.items() if value or key == "responses"}


def _parameter(parameter: Parameter) -> dict[str, Json]:
    value: dict[str, Json] = {"name": parameter.name, "in": parameter.where}
    value["required"] = parameter.required
    if parameter.description:
        value["description"] = parameter.description
    value["schema"] = dict(parameter.schema)
    return _marked(value, parameter.guessed)


def _answer(answer: Answer) -> dict[str, Json]:
    value: dict[str, Json] = {"description": answer.description or _REASONS.get(answer.status, "")}
    content: dict[str, Json] = {}
    if answer.schema is not None:
        content["schema"] = dict(answer.schema)
    if len(answer.examples) == 1:
        content["example"] = answer.examples[0]
    elif answer.examples:
        content["examples"] = {f"example-{n}": {"value": v} for n, v in enumerate(answer.examples, 1)}
    if content:
        value["content"] = {answer.media: content}
    return _marked(value, answer.guessed)


def _marked(value: dict[str, Json], guessed: Mapping[str, int]) -> dict[str, Json]:
    for keyword, line in guessed.items():
        guess(value, line, keyword)
    return value


def _scheme_name(key: Key) -> str:
    return f"{key.kind}Auth" if key.kind in {"bearer", "basic"} else re.sub(r"[^\w.-]", "-", key.name)


def _scheme(key: Key) -> dict[str, Any]:
    if key.kind in {"bearer", "basic"}:
        value: dict[str, Any] = {"type": "http", "scheme": key.kind}
    else:
        value = {"type": "apiKey", "in": key.kind, "name": key.name}
    return value if key.stated else guess(value, key.line, "type")
