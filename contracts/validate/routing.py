"""Requests that met no operation, and answers that send the client elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.address import read_address
from contracts.model import Pointer, Request, Response
from contracts.schema import Message
from contracts.spec import Operation, Spec, is_received
from contracts.text import either, safe_text, show
from contracts.validate.body import RawFault


def unknown_operation(spec: Spec, request: Request) -> RawFault:
    """Say that no operation of the spec takes the request, and what is nearest to it."""
    if is_received(request.url):
        words = Message(f"the spec has no {show(request.url)}")
        return RawFault("unknown-operation", Pointer(), None, words)
    methods = spec.router.methods(request.url)
    path = safe_text(request.url.partition("://")[2].partition("/")[2].partition("?")[0], 80)
    near = f"; the path takes {either(methods)}" if methods else _nearest(spec, request.url)
    words = Message(f"{safe_text(request.method, 12)} /{path} is not in the spec{near}")
    return RawFault("unknown-operation", Pointer(), None, words)


def _nearest(spec: Spec, url: str) -> str:
    path, slash, _ = url.partition("?")[0].rpartition("/")
    without = slash and url.partition("?")[0].endswith("/")
    return "; without the last slash it is" if without and spec.router.methods(path) else ""


def redirect(operation: Operation | None, response: Response) -> Iterator[RawFault]:
    """Yield a fault for a redirect that the spec does not document; its target is never followed."""
    target = response.header("location")
    documented = operation is not None and operation.response(response.status) is not None
    if target is None or documented or not 300 <= response.status < 400:
        return
    place = operation.pointer / "responses" if operation else None
    shown = _without_secrets(target)
    words = Message(f"redirects to {shown}, which was not followed", "no redirect", shown)
    yield RawFault("redirect", Pointer(("location",)), place, words)


def _without_secrets(target: str) -> str:
    """Write a redirect's target without user, query and fragment: signed addresses carry keys there."""
    parts = read_address(target)
    if parts.fault:
        return "an address that cannot be read"
    start = f"{parts.scheme}://{parts.netloc}" if parts.host else ""
    tail = "?…" if parts.query else ""
    return f"'{safe_text(start + parts.path, 200)}{tail}'"
