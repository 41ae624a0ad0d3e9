"""A summary of traffic as an OpenAPI document: operations, parameters and bodies as they were observed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.text import plural
from contracts.vendoring.observed.asked import BODY, FORM, KEYS, MEDIA, PATH, QUERY
from contracts.vendoring.observed.merge import read_observed, totals
from contracts.vendoring.observed.paths import HOLE, named
from contracts.vendoring.observed.schemas import ENOUGH, Fields, place
from contracts.vendoring.pages import JSON_TYPE, PROVENANCE, Extraction

OBSERVED: Final = "observed-traffic"
_FORM: Final = "application/x-www-form-urlencoded"
_HTTP: Final = re.compile(r"(?:bearer|basic)\Z", re.IGNORECASE)


def is_summary(data: bytes) -> bool:
    """Whether bytes are a summary of traffic."""
    return data.lstrip()[:1] == b"{" and b'"operations"' in data and b'"more_fields"' in data


def read_summary(name: str, data: bytes) -> Extraction:
    """Make the document that a summary bears out; SpecError when no operation in it was answered."""
    summary = read_observed(name, data)
    answered = _by_operation(summary["operations"])
    asked = _by_operation(summary.get("requests", {}))
    paths: dict[str, dict[str, Json]] = {}
    schemes: dict[str, Json] = {}
    evidence = []
    for title, answers in answered.items():
        method, _, path = title.partition(" ")
        if not any(status.startswith("2") for status in answers):
            continue
        shown, holes = named(path)
        requests = asked.get(title, {})
        operation = _operation(answers, requests, holes)
        if keys := _security(requests, schemes):
            operation["security"] = keys
        paths.setdefault(shown, {})[method.lower()] = operation
        evidence.append(_evidence(method, shown, holes, requests, answers))
    if not paths:
        raise SpecError(f"{name}: no operation in it was answered with success; nothing to infer from")
    servers = sorted(summary.get("servers", {}), key=lambda url: (-summary["servers"][url], url))
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": servers[0].partition("://")[2] if servers else "API", "version": "observed"},
        **({"servers": [{"url": url} for url in servers]} if servers else {}),
        "paths": dict(sorted(paths.items())),
    }
    if schemes:
        document["components"] = {"securitySchemes": schemes}
    reason = f"{plural(len(evidence), 'operation')} of {_total(answered)}"
    return Extraction(document, OBSERVED, reason, (), tuple(evidence))


def _total(answered: Mapping[str, Mapping[str, Json]]) -> str:
    times = sum(sum(one["days"].values()) for answers in answered.values() for one in answers.values())
    return plural(times, "answer")


def _by_operation(counted: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    found: dict[str, dict[str, Json]] = {}
    for key, value in counted.items():
        title, _, part = key.rpartition(" ")
        found.setdefault(title, {})[part] = value
    return found


def _operation(
    answers: Mapping[str, Json], requests: Mapping[str, Json], holes: list[str]
) -> dict[str, Json]:
    made: dict[str, Json] = {}
    if parameters := [*_holes(requests, holes), *_queries(requests)]:
        made["parameters"] = parameters
    contents = {
        media: requests[part] for part, media in ((BODY, JSON_TYPE), (FORM, _FORM)) if part in requests
    }
    if contents:
        made["requestBody"] = {
            "content": {media: {"schema": Fields(one["fields"]).schema()} for media, one in contents.items()}
        }
    media = requests.get(MEDIA, {"fields": {}})["fields"]
    made["responses"] = {
        status: _answer(one, [*_medias(media, status)]) for status, one in sorted(answers.items())
    }
    return made


def _medias(fields: Mapping[str, Json], status: str) -> Iterator[str]:
    for pointer in fields:
        keys = Pointer.parse(pointer)
        if len(keys) == 2 and keys[0] == f"status-{status}":
            yield str(keys[1])


def _answer(one: Json, medias: list[str]) -> dict[str, Json]:
    made: dict[str, Json] = {"description": f"Observed in {plural(sum(one['days'].values()), 'answer')}."}
    if "" in one["fields"]:
        schema = Fields(one["fields"]).schema()
        shown = [media for media in medias if "json" in media] or [JSON_TYPE]
        made["content"] = {media: {"schema": schema} for media in sorted(shown)}
    elif medias:
        made["content"] = {media: {} for media in sorted(medias)}
    return made


def _holes(requests: Mapping[str, Json], holes: list[str]) -> Iterator[Json]:
    fields = requests.get(PATH, {"fields": {}})["fields"]
    for index, name in enumerate(holes, 1):
        pointer = f"/segment-{index}/value"
        schema: dict[str, Json] = {"type": "string"}
        if pointer in fields:
            one = place(pointer, fields[pointer])
            if one.formats.get("uuid", 0) == one.found:
                schema = {"type": "string", "format": "uuid"}
            elif set(one.types) == {"integer"}:
                schema = {"type": "integer"}
            marks = {key: one.evidence(one.found, one.found) for key in schema}
            schema = {**schema, PROVENANCE: marks}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _queries(requests: Mapping[str, Json]) -> Iterator[Json]:
    """Yield the query parameters; one that was always there in enough requests is required."""
    fields = requests.get(QUERY, {"fields": {}})["fields"]
    made = Fields(fields)
    for pointer in sorted(fields):
        if pointer and "/" not in pointer[1:] and pointer != f"/{HOLE}":
            count, of = totals(fields, pointer)
            one: dict[str, Json] = {"name": str(Pointer.parse(pointer)[0]), "in": "query"}
            mark = place(pointer, fields[pointer]).evidence(count, of)
            needed = {"required": True} if count == of >= ENOUGH else {}
            schema = {key: value for key, value in made.schema(pointer).items() if key != "enum"}
            yield {
                **one,
                **needed,
                "schema": _without_null(schema),
                PROVENANCE: {"name": mark, "required": mark},
            }


def _without_null(schema: dict[str, Json]) -> dict[str, Json]:
    """Take null out of the types: a query parameter cannot be null."""
    kinds = schema.get("type")
    if not isinstance(kinds, list):
        return schema
    left = [kind for kind in kinds if kind != "null"]
    return {**schema, "type": left[0] if len(left) == 1 else left}


def _security(requests: Mapping[str, Json], schemes: dict[str, Json]) -> list[Json]:
    """Write how the key travelled in requests that were answered with success."""
    used: list[Json] = []
    for pointer in requests.get(KEYS, {"fields": {}})["fields"]:
        keys = [str(key) for key in Pointer.parse(pointer)]
        if len(keys) < 2 or keys[1:] == ["Authorization"]:
            continue
        http = len(keys) == 3 and _HTTP.match(keys[2])
        name = keys[2].lower() if http else re.sub(r"[^A-Za-z0-9]+", "_", keys[1])
        scheme = (
            {"type": "http", "scheme": keys[2].lower()}
            if http
            else {"type": "apiKey", "in": keys[0], "name": keys[1]}
        )
        schemes[name] = scheme
        used.append({name: []})
    return used[:1]


def _evidence(
    method: str, path: str, holes: list[str], requests: Mapping[str, Json], answers: Mapping[str, Json]
) -> str:
    """Say of one operation what it was inferred from."""
    times = ", ".join(f"{status}: {sum(one['days'].values())}" for status, one in sorted(answers.items()))
    fields = requests.get(PATH, {"fields": {}})["fields"]
    said = []
    for index, name in enumerate(holes, 1):
        pointer = f"/segment-{index}/value"
        if pointer in fields:
            one = place(pointer, fields[pointer])
            shapes = {**one.formats, **{kind: n for kind, n in one.types.items() if kind != "string"}}
            kinds = ", ".join(f"{kind} in {count}" for kind, count in sorted(shapes.items())) or "text"
            said.append(f"{name}: {kinds} of {one.found}")
    return f"{method} {path}: {'; '.join([times, *said])}"
