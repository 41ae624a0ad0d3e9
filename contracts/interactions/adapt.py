"""Responses of the clients people use, as interactions: httpx, httpx2, requests, respx, Flask, Starlette.

Read by shape, not by class: none of these libraries is imported. The body is the decoded content as received.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.errors import ContractsError
from contracts.model import Headers, Interaction, Json, Request, Response, Source
from contracts.text import show


def interaction_of(response: Any, *, method: str = "", url: str = "", name: str = "response") -> Interaction:
    """Turn a client's response into an Interaction.

    `method` and `url` say what was asked where the response does not hold that (a test client, a tuple).
    ContractsError when the object is no response.
    """
    if isinstance(response, Interaction):
        return response
    if isinstance(response, tuple) and len(response) == 3:
        status, headers, body = response
        answer = Response(int(status), _headers(headers), _bytes(body))
    else:
        answer = Response(_status(response), _headers(getattr(response, "headers", ())), _body(response))
    return Interaction(
        request=_request(response, method, url), response=answer, source=Source.CONSTRUCTED, name=name
    )


def _status(response: Any) -> int:
    status = getattr(response, "status_code", None)
    if not isinstance(status, int):
        kind = show(type(response).__name__)
        raise ContractsError(f"a response of type {kind} has no status_code; pass (status, headers, bytes)")
    return status


def _headers(headers: Any) -> Headers:
    items: Iterable[Any] = (
        headers.items() if isinstance(headers, Mapping) or hasattr(headers, "items") else headers
    )
    return tuple((str(name), str(value)) for name, value in items if str(name).lower() != "content-encoding")


def _body(response: Any) -> bytes:
    """Read the decoded bytes: `content` of the HTTP clients, `data` of Flask's and Werkzeug's responses."""
    kind = show(type(response).__name__)
    for attribute in ("content", "data", "body"):
        try:
            value = getattr(response, attribute, None)
        except RuntimeError:  # httpx and httpx2: a streamed response that was not read
            raise ContractsError(f"a response of type {kind} was not read yet; call read() first") from None
        if isinstance(value, bytes | bytearray | memoryview):
            return bytes(value)
    raise ContractsError(f"a response of type {kind} has no bytes to judge; pass (status, headers, bytes)")


def _bytes(body: Json) -> bytes:
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    raise ContractsError(f"a body must be bytes or text, found {show(type(body).__name__)}")


def _request(response: Any, method: str, url: str) -> Request:
    """Read what was asked from the response's own request, where it has one."""
    try:
        asked = getattr(response, "request", None)
        known = getattr(asked, "url", "") or getattr(response, "url", "")
    except RuntimeError:  # httpx: a response that was built by hand has no request
        return Request(method or "GET", url)
    return Request(method or str(getattr(asked, "method", "") or "GET"), url or str(known or ""))
