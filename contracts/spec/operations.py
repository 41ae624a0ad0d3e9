"""The operations of a document: parameters merged, references followed, what cannot be used named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from contracts.address import plain_path
from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.spec.aside import SetAside
from contracts.spec.incoming import CALLBACK, is_received, item_place, received
from contracts.spec.keywords import EXTENDED
from contracts.spec.manifest import METHODS, OperationEntry
from contracts.spec.openapi import TEMPLATE, HeaderSpec, Operation, Parameter, ResponseSpec, look, resolve
from contracts.text import safe_text

_WHOLE: Final = re.compile(r"[/+]json\s*(?:;|\Z)")
"""Media types of one JSON value, which has no records."""
IGNORED_HEADERS: Final = frozenset({"authorization", "content-type", "accept"})
"""Header parameters that OpenAPI 3 says shall be ignored (they belong to security and media types)."""


def read_operations(
    document: Json, entries: tuple[OperationEntry, ...], name: str, aside: tuple[SetAside, ...] = ()
) -> tuple[Operation, ...]:
    """Find the manifest's operations in the document; concrete paths come before templates, webhooks last."""
    lost = {str(one.pointer): one.reason for one in aside if one.lost}
    found = [_operation(document, entry, name, lost) for entry in entries]
    return tuple(
        sorted(found, key=lambda o: (o.received, *_vagueness(o.path), o.path, METHODS.index(o.method)))
    )


def _vagueness(path: str) -> tuple[int, int]:
    """Rank a template: fewer holes come first, then more fixed text; OpenAPI: concrete before templated."""
    return path.count("{"), -len(TEMPLATE.sub("", path))


def default_entries(document: Json) -> tuple[OperationEntry, ...]:
    """Name every operation of a document: a short operationId, else method and path in camel case.

    Webhooks and callbacks come after what is asked for; they are called by their own names.
    """
    entries: dict[str, OperationEntry] = {}
    paths = document.get("paths")
    asked = ((path, Pointer(("paths", path))) for path in (paths if isinstance(paths, dict) else ()))
    for path, place in (*asked, *received(document)):
        item = resolve(document, place, "openapi.yaml")[0]
        for method in METHODS:
            operation = item.get(method.lower()) if isinstance(item, dict) else None
            if isinstance(operation, dict):
                alias = _alias(operation.get("operationId"), method, path, place)
                while alias in entries:
                    alias += "2"
                entries[alias] = OperationEntry(alias, method, path)
    return tuple(entries.values())


def _alias(operation_id: Json, method: str, path: str, place: Pointer) -> str:
    if isinstance(operation_id, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9]{1,31}", operation_id):
        return operation_id
    said = str(place[-2 if path.startswith(CALLBACK) else -1])
    words = [
        word
        for word in re.split(r"[^A-Za-z0-9]+", TEMPLATE.sub("", said))
        if not re.fullmatch(r"api|v\d+|", word)
    ]
    stem = "".join(word[:1].upper() + word[1:] for word in words) or "Root"
    if is_received(path):
        return f"on{stem.removeprefix('On')}"[:48]
    last_is_id = path.rstrip("/").endswith("}")
    stem = stem[:-1] if last_is_id and stem.endswith("s") and not stem.endswith("ss") else stem
    stem = stem[:-1] if last_is_id and stem.endswith("tche") else stem
    return f"{method.lower()}{stem}"[:48]


def _operation(document: Json, entry: OperationEntry, name: str, lost: Mapping[str, str]) -> Operation:
    path = item_place(document, entry.path)
    item, item_at = resolve(document, path, name)
    node = look(item, Pointer((entry.method.lower(),)))
    aside = _lost(lost, path, path / entry.method.lower(), item_at / entry.method.lower())
    if not isinstance(node, dict) and aside:
        node = {}
    if not isinstance(node, dict):
        raise SpecError(
            f"{name}: no {entry.method} {safe_text(entry.path)} (operation {entry.alias} of provider.toml)"
        )
    at = item_at / entry.method.lower()
    parameters = _parameters(document, item_at, at, name)
    body, body_at = resolve(document, at / "requestBody", name)
    told = (entry, _pattern(entry.path), aside)
    if is_received(entry.path):
        content = _content(document, body, body_at)
        message = _message(
            body_at if isinstance(body, dict) else at,
            content,
            parameters,
            _lost(lost, at / "requestBody", body_at),
        )
        return Operation(entry.alias, entry.method, entry.path, at, (), {"200": message}, {}, False, *told)
    return Operation(
        entry.alias,
        entry.method,
        entry.path,
        at,
        parameters,
        {
            _status(s): _response(document, at / "responses" / s, _status(s), name, lost)
            for s in _table(node, "responses")
        },
        _content(document, body, body_at),
        isinstance(body, dict) and body.get("required") is True,
        *told,
    )


def _message(
    place: Pointer, content: Mapping[str, Pointer | None], parameters: tuple[Parameter, ...], aside: str
) -> ResponseSpec:
    """Give what a vendor sends to a webhook as what it promises, as an answer is; 200 stands for it."""
    headers = tuple(
        HeaderSpec(one.name, one.required, one.pointer, one.schema)
        for one in parameters
        if one.location == "header"
    )
    return ResponseSpec("200", place, content, headers, aside)


def _lost(lost: Mapping[str, str], *places: Pointer) -> str:
    """Say why a part is not judged: it was set aside itself, or the reference that it was."""
    return next((lost[text] for at in places for text in (str(at), f"{at}/$ref") if text in lost), "")


def _pattern(path: str) -> re.Pattern[str]:
    if is_received(path):
        return re.compile(re.escape(path))
    parts = TEMPLATE.split(path)
    texts = ("([^/]+)" if n % 2 else re.escape(plain_path(part)) for n, part in enumerate(parts))
    return re.compile("".join(texts))


def _table(node: Json, key: str) -> dict[str, Json]:
    value = node.get(key) if isinstance(node, dict) else None
    if not isinstance(value, dict):
        return {}
    return {k: v for k, v in value.items() if key not in EXTENDED or not k.startswith("x-")}


def _parameters(document: Json, item_at: Pointer, at: Pointer, name: str) -> tuple[Parameter, ...]:
    found: dict[tuple[str, str], Parameter] = {}
    for place in (item_at / "parameters", at / "parameters"):
        listed = resolve(document, place, name)[0]
        for index in range(len(listed) if isinstance(listed, list) else 0):
            node, here = resolve(document, place / index, name)
            if (
                isinstance(node, dict)
                and isinstance(node.get("name"), str)
                and isinstance(node.get("in"), str)
            ):
                parameter = Parameter(
                    node["name"],
                    node["in"],
                    node.get("required") is True,
                    here,
                    _schema(document, node, here),
                )
                found[parameter.location, parameter.name] = parameter
    return tuple(
        p for p in found.values() if not (p.location == "header" and p.name.lower() in IGNORED_HEADERS)
    )


def _schema(document: Json, node: Json, at: Pointer) -> Pointer | None:
    if "schema" in node:
        return at / "schema"
    content = _content(document, node, at)
    return next(iter(content.values()), None)


def _content(document: Json, node: Json, at: Pointer) -> Mapping[str, Pointer | None]:
    """Give the place of each media type's schema; OpenAPI 3.2 lets one be a reference.

    A sequence of records may be described by the schema of one record alone.
    """
    found: dict[str, Pointer | None] = {}
    for media, written in _table(node, "content").items():
        value, place = written, at / "content" / media
        if isinstance(written, dict) and "$ref" in written:
            with suppress(SpecError):
                value, place = resolve(document, place, "")
        said = value if isinstance(value, dict) else {}
        key = "itemSchema" if "schema" not in said and not _WHOLE.search(media.lower()) else "schema"
        found[media.lower()] = place / key if key in said else None
    return found


def _status(key: str) -> str:
    """Write a range of statuses as OpenAPI does, `4XX`; many documents say `4xx`."""
    return key.upper() if key.endswith(("x", "X")) else key


def _response(document: Json, at: Pointer, status: str, name: str, lost: Mapping[str, str]) -> ResponseSpec:
    node, here = resolve(document, at, name)
    headers = []
    for header in _table(node, "headers"):
        value, place = resolve(document, here / "headers" / header, name)
        if isinstance(value, dict) and header.lower() != "content-type":
            headers.append(
                HeaderSpec(header, value.get("required") is True, place, _schema(document, value, place))
            )
    aside = _lost(lost, at, here, here / "content")
    return ResponseSpec(status, here, _content(document, node, here), tuple(headers), aside)
