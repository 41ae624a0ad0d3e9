"""Taps of Envoy: a request and its answer with headers as a list, the body as text or base64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.model import Json


def is_tap(value: Json) -> bool:
    """Whether it is a buffered trace of HTTP."""
    return isinstance(value, dict) and isinstance(_first(value, "http_buffered_trace"), dict)


def entries(value: Json) -> Iterator[Json]:
    """Yield the one entry of a tap."""
    trace = _first(value, "http_buffered_trace")
    asked, answer = _side(trace, "request"), _side(trace, "response")
    wanted, got = _headers(asked), _headers(answer)
    yield {
        "method": wanted.get(":method"),
        "scheme": wanted.get(":scheme") or wanted.get("x-forwarded-proto"),
        "host": wanted.get(":authority"),
        "path": wanted.get(":path"),
        "request_headers": asked.get("headers"),
        "status": got.get(":status"),
        "response_headers": answer.get("headers"),
        "recorded_at": _first(asked, "headers_received_time") or _first(answer, "headers_received_time"),
        **_body(_side(answer, "body")),
    }


def _body(body: dict[str, Any]) -> dict[str, Json]:
    said = {"truncated": body.get("truncated")}
    text, packed = _first(body, "as_string"), _first(body, "as_bytes")
    return said | ({"body": text} if isinstance(text, str) else {"body_base64": packed} if packed else {})


def _side(value: Any, name: str) -> dict[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _headers(message: dict[str, Any]) -> dict[str, str]:
    listed = message.get("headers")
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return {str(one.get("key", "")).lower(): str(one.get("value", "")) for one in found}


def _first(value: dict[str, Any], name: str) -> Any:
    """Give a member by the name of the protocol, or as JSON of protocol buffers spells it."""
    head, *rest = name.split("_")
    return value.get(name, value.get(head + "".join(map(str.capitalize, rest))))
