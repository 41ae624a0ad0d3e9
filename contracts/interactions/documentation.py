"""The examples of a vendor's own document as interactions: free test data, never counted as observed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from contracts.model import Interaction, Json, Pointer, Request, Response, Source
from contracts.spec import Operation, ResponseSpec, Spec

_RANGES = {"1XX": 100, "2XX": 200, "3XX": 300, "4XX": 400, "5XX": 500, "default": 500}
_SLUG = re.compile(r"[^a-z0-9]+")


def documented(spec: Spec, operation: Operation) -> Iterator[Interaction]:
    """Yield an interaction per example of the operation's responses, in document order."""
    request = Request(operation.method, example_url(spec, operation))
    for documented_response in operation.responses.values():
        status = documented_response.status
        code = int(status) if status.isdigit() else _RANGES.get(status, 0)
        for name, media, at in _examples(spec, documented_response):
            value = at.resolve(spec.document)
            yield Interaction(
                request=request,
                response=Response(code, (("content-type", media),), _body(value, media)),
                source=Source.DOCUMENTATION,
                name=name,
                operation=operation.alias,
                origin=spec.line(at),
            )


def places(spec: Spec, operation: Operation) -> frozenset[Pointer]:
    """Give where the examples stand that become interactions."""
    return frozenset(
        at for response in operation.responses.values() for _, _, at in _examples(spec, response)
    )


def _body(value: Json, media: str) -> bytes:
    text = value if isinstance(value, str) and "json" not in media else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _examples(spec: Spec, response: ResponseSpec) -> Iterator[tuple[str, str, Pointer]]:
    """Yield (situation, media type, place): the media type's own examples, else those of its schema."""
    for media, schema in response.content.items():
        at = schema and Pointer(schema[:-1])
        place = at or _media_place(spec, response, media)
        found = list(_of_media(spec, place)) or (list(_of_schema(spec, schema)) if schema else [])
        suffix = "" if len(response.content) == 1 else f"-{_SLUG.sub('-', media).strip('-')}"
        for name, where in found:
            yield f"documentation{suffix}{name}", media, where


def _media_place(spec: Spec, response: ResponseSpec, media: str) -> Pointer:
    content: dict[str, Json] = (response.pointer / "content").resolve(spec.document)
    return response.pointer / "content" / next(key for key in content if key.lower() == media)


def _of_media(spec: Spec, at: Pointer) -> Iterator[tuple[str, Pointer]]:
    node = at.resolve(spec.document)
    if "example" in node:
        yield "", at / "example"
    named = node.get("examples")
    for name in named if isinstance(named, dict) else ():
        value, place = spec.resolve(at / "examples" / name)
        if isinstance(value, dict) and "value" in value:
            yield f"-{_SLUG.sub('-', name.lower()).strip('-')[:40]}", place / "value"


def _of_schema(spec: Spec, at: Pointer) -> Iterator[tuple[str, Pointer]]:
    node, place = spec.resolve(at)
    if not isinstance(node, dict):
        return
    if "example" in node:
        yield "", place / "example"
    elif isinstance(node.get("examples"), list):
        for index in range(len(node["examples"])):
            yield f"-{index + 1}" if index else "", place / "examples" / index


def example_url(spec: Spec, operation: Operation) -> str:
    """Write a URL of the operation from the first server and the examples of its path parameters.

    That of a webhook or callback is its own address.
    """
    path = operation.path
    if operation.received:
        return path
    for parameter in operation.parameters:
        if parameter.location == "path":
            path = path.replace(
                f"{{{parameter.name}}}", quote(_example(spec, parameter.pointer, parameter.name), safe="")
            )
    return f"{spec.servers[0] if spec.servers else 'https://server.invalid'}{path}"


def _example(spec: Spec, at: Pointer, name: str) -> str:
    """Find an example of a parameter: its own, its schema's, else its name."""
    for place in (at, at / "schema"):
        node = spec.resolve(place)[0]
        if isinstance(node, dict):
            listed = node.get("examples")
            found = node.get("example", listed[0] if isinstance(listed, list) and listed else None)
            if isinstance(found, str | int) and str(found):
                return str(found)
    return name
