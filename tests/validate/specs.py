"""Small specs for tests: an OpenAPI document written as YAML or a value, ready to be checked against."""

from __future__ import annotations

import json
from typing import Any

from contracts.model import Headers, Interaction, Request, Response, Source
from contracts.spec.document import read_document
from contracts.spec.manifest import Manifest
from contracts.spec.openapi import Spec
from contracts.spec.provider import read_spec
from contracts.validate import Checker


def manifest(
    provenance: str = "published", servers: tuple[str, ...] = ("https://vendor.test/v1",)
) -> Manifest:
    return Manifest(
        id="vendor",
        title="Vendor",
        provenance=provenance,
        servers=servers,
        auth=(),
        upstream=(),
        operations=(),
    )


def spec(document: str | dict[str, Any], provenance: str = "published") -> Spec:
    text = document if isinstance(document, str) else json.dumps(document)
    return read_spec(read_document("openapi.yaml", text.encode()), manifest(provenance), [])


def spec_of(schema: Any, provenance: str = "published", status: str = "200", **components: Any) -> Spec:
    """A spec whose GET /batch answers one JSON schema."""
    content = {"application/json": {"schema": schema}}
    responses = {status: {"description": "answer", "content": content}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/batch": {"get": {"responses": responses}}},
        "components": {"schemas": components},
    }
    return spec(document, provenance)


def interaction(
    body: Any,
    *,
    status: int = 200,
    media: str = "application/json",
    headers: Headers = (),
    method: str = "GET",
    url: str = "https://vendor.test/v1/batch",
) -> Interaction:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = (("content-type", media), *headers) if media else headers
    return Interaction(
        request=Request(method, url), response=Response(status, sent, raw), source=Source.RECORDED
    )


def lines(found: Spec, body: Any, engine: str = "fast", **settings: Any) -> list[str]:
    """`severity part pointer rule: message` for every finding, in order."""
    findings = Checker(found, "vendor", engine=engine).check(interaction(body, **settings))
    return [f"{f.severity} {f.part} {f.pointer or '/'} {f.rule}: {f.message}" for f in findings]
