"""The stub vendors over HTTP: one Starlette application, each vendor mounted at `/<provider>`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request as Incoming
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from contracts.model import Request
from contracts.stub.vendor import Reply, Vendor, seed_ids

Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def make_app(vendors: Mapping[str, Vendor]) -> Starlette:
    """Make the application; `/` lists the vendors and the batches that they know from the start."""

    async def index(_: Incoming) -> JSONResponse:
        return JSONResponse(
            {"vendors": {name: f"/{name}" for name in sorted(vendors)}, "batches": seed_ids()}
        )

    mounts = [Mount(f"/{name}", app=_Endpoint(vendors[name])) for name in sorted(vendors)]
    return Starlette(routes=[Route("/", index), *mounts])


class _Endpoint:
    """One vendor as an ASGI application; what is cut off or stalled is so on the wire."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        incoming = Incoming(scope, receive)
        path = scope["raw_path"].decode("latin-1").removeprefix(scope.get("root_path", ""))
        query = scope["query_string"].decode("latin-1")
        url = f"{self.vendor.base}{path}{'?' if query else ''}{query}"
        headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"])
        reply = self.vendor.handle(Request(incoming.method, url, headers, await incoming.body()))
        if reply.stall:
            await _until_gone(receive, reply.stall)
            return
        await _answer(reply, send, bare=incoming.method == "HEAD")


async def _until_gone(receive: Receive, seconds: float) -> None:
    """Wait until the client gives up, or for so long."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(gone(), seconds)


async def _answer(reply: Reply, send: Send, *, bare: bool) -> None:
    got = reply.response
    headers = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in got.headers]
    headers.append((b"content-length", str(len(got.body)).encode()))
    await send({"type": "http.response.start", "status": got.status, "headers": headers})
    body = b"" if bare else got.body if reply.cut is None else got.body[: reply.cut]
    await send({"type": "http.response.body", "body": body, "more_body": reply.cut is not None})


def describe(vendors: Mapping[str, Vendor], base: str) -> str:
    """Give the index as text for a terminal: where each vendor is, and which batches it knows."""
    lines = [f"{name:<12} {base}/{name}" for name in sorted(vendors)]
    return "\n".join([*lines, "batches", *(f"  {name:<10} {ident}" for name, ident in seed_ids().items())])
