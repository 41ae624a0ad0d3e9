"""Paths that differ behind `#` alone: no request tells them apart, so that what one says holds for all.

Some vendors describe what one address does in several operations, `/items#folders` beside `/items`. Each
stays in the document; the operation of the address takes the answers of all of them.
"""

from __future__ import annotations

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.spec import VERBS, resolve


def address_of(path: str) -> str:
    """Give the path that requests of a variant have; "" for a path that is none.

    Where a name and a value stand behind `#`, they are part of the request, such as `#Action=ListItems`.
    """
    base, mark, rest = path.partition("#")
    return base if mark and base.startswith("/") and "=" not in rest else ""


def with_variants(document: dict[str, Json]) -> dict[str, Json]:
    """Give the paths of a document, each operation with what its variants answer too."""
    paths: dict[str, Json] = dict(document["paths"])
    for path, item in document["paths"].items():
        base = address_of(path)
        if not base or not isinstance(item, dict) or not isinstance(paths.get(base, {}), dict):
            continue
        own = dict(paths.get(base) or {key: value for key, value in item.items() if key not in VERBS})
        for method in VERBS:
            other = item.get(method)
            if isinstance(other, dict) and isinstance(own.get(method), dict):
                own[method] = _joined(document, own[method], other)
            elif isinstance(other, dict):
                own[method] = {key: value for key, value in other.items() if key != "operationId"}
        paths[base] = own
    return paths


def _joined(document: dict[str, Json], one: dict[str, Json], two: dict[str, Json]) -> dict[str, Json]:
    """Give an operation that takes what either of two takes, and answers what either does."""
    made = {**one, "responses": {**_dict(two.get("responses")), **_dict(one.get("responses"))}}
    for status in _dict(one.get("responses")).keys() & _dict(two.get("responses")).keys():
        made["responses"][status] = _either(document, one["responses"][status], two["responses"][status])
    if "requestBody" in one or "requestBody" in two:
        bodies = [side["requestBody"] for side in (one, two) if "requestBody" in side]
        made["requestBody"] = _either(document, bodies[0], bodies[-1], always=len(bodies) > 1)
    listed = [_listed(document, side) for side in (one, two)]
    if listed[0] or listed[1]:
        shared = listed[0].keys() & listed[1].keys()
        made["parameters"] = [
            held if key in shared or key[0] == "path" else {**held, "required": False}
            for key, held in {**listed[1], **listed[0]}.items()
        ]
    return made


def _either(document: dict[str, Json], one: Json, two: Json, *, always: bool = True) -> Json:
    """Give a response or a body that may be one of two."""
    if one == two and always:
        return one
    first, second = (_dict(_opened(document, side)) for side in (one, two))
    content = {**_dict(second.get("content")), **_dict(first.get("content"))}
    for media in _dict(first.get("content")).keys() & _dict(second.get("content")).keys():
        content[media] = _media(_dict(first["content"][media]), _dict(second["content"][media]))
    made = {**first, "content": content} if content else dict(first)
    if "required" in made:
        made["required"] = always and first.get("required") is True and second.get("required") is True
    if "headers" in made:
        known = _dict(second.get("headers"))
        made["headers"] = {name: held for name, held in _dict(made["headers"]).items() if name in known}
    return made


def _media(one: dict[str, Json], two: dict[str, Json]) -> dict[str, Json]:
    rest = {key: value for key, value in one.items() if key != "schema"}
    if "schema" not in one or "schema" not in two:
        return rest
    branches: list[Json] = []
    for schema in (one["schema"], two["schema"]):
        made = isinstance(schema, dict) and schema.keys() == {"anyOf"}
        branches += [one for one in (schema["anyOf"] if made else [schema]) if one not in branches]
    return {**rest, "schema": branches[0] if len(branches) == 1 else {"anyOf": branches}}


def _listed(document: dict[str, Json], operation: dict[str, Json]) -> dict[tuple[str, str], Json]:
    listed = operation.get("parameters")
    found = [_opened(document, one) for one in (listed if isinstance(listed, list) else ())]
    return {(str(one.get("in")), str(one.get("name"))): one for one in found if isinstance(one, dict)}


def _opened(document: dict[str, Json], part: Json) -> Json:
    try:
        return resolve({"": part, **document}, Pointer(("",)), "")[0]
    except SpecError:
        return part  # named where the document is judged


def _dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
