"""Spans of OpenTelemetry in OTLP/JSON: HTTP facts as attributes, bodies only where an agent records them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from contracts.model import Json

_REQUEST_HEADER, _RESPONSE_HEADER = "http.request.header.", "http.response.header."
_NAMES: Final = {
    "method": ("http.request.method", "http.method"),
    "url": ("url.full", "http.url"),
    "scheme": ("url.scheme", "http.scheme"),
    "host": ("server.address", "net.peer.name", "http.host"),
    "port": ("server.port", "net.peer.port"),
    "path": ("url.path", "http.target"),
    "query": ("url.query",),
    "status": ("http.response.status_code", "http.status_code"),
    "body": ("http.response.body.content", "http.response.body"),
}
"""The attributes of each fact, those of today's conventions first."""


def is_spans(value: Json) -> bool:
    """Whether it is an export of spans."""
    return isinstance(value, dict) and isinstance(
        value.get("resourceSpans", value.get("resource_spans")), list
    )


def entries(value: Json) -> Iterator[Json]:
    """Yield an entry for each span of HTTP; others are no matter of ours."""
    for resource in _listed(value, "resourceSpans", "resource_spans"):
        for scope in _listed(resource, "scopeSpans", "scope_spans", "instrumentationLibrarySpans"):
            for span in _listed(scope, "spans"):
                known = {str(one.get("key")): _plain(one.get("value")) for one in _listed(span, "attributes")}
                entry = _entry(known, span)
                if entry.get("status") is not None and (entry.get("url") or entry.get("path")):
                    yield entry


def _entry(known: dict[str, Json], span: dict[str, Any]) -> dict[str, Json]:
    found = {
        fact: next((known[name] for name in names if known.get(name) is not None), None)
        for fact, names in _NAMES.items()
    }
    return {
        **found,
        "request_headers": _headers(known, _REQUEST_HEADER),
        "response_headers": _headers(known, _RESPONSE_HEADER),
        "recorded_at": span.get("endTimeUnixNano", span.get("end_time_unix_nano")),
        "may_be_cut": True,  # the conventions expect that bodies are limited in size
    }


def _headers(known: dict[str, Json], prefix: str) -> dict[str, Json]:
    return {name.removeprefix(prefix): value for name, value in known.items() if name.startswith(prefix)}


def _plain(value: Json) -> Json:
    """Give the value of an attribute: OTLP says its type beside it."""
    if not isinstance(value, dict) or not value:
        return None
    kind, held = next(iter(value.items()))
    if kind in {"arrayValue", "array_value"}:
        return [_plain(one) for one in _listed(held, "values")]
    return held


def _listed(value: Json, *names: str) -> list[dict[str, Any]]:
    found = next((value[name] for name in names if name in value), None) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
