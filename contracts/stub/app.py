"""The stub vendors over HTTP: one Starlette application, each vendor mounted at `/<provider>`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request as Incoming
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from contracts.model import Request
from contracts.stub.calls import Delivery
from contracts.stub.vendor import Reply, Vendor, seed_ids

EVERY: Final = 0.1
"""Seconds between two looks at what is due."""
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def make_app(vendors: Mapping[str, Vendor], hooks: str = "") -> Starlette:
    """Make the application; `/` lists the vendors and the batches that they know from the start.

    `hooks` is the address to which deliveries are posted; nothing is sent without one.
    """

    async def index(_: Incoming) -> JSONResponse:
        return JSONResponse(
            {"vendors": {name: f"/{name}" for name in sorted(vendors)}, "batches": seed_ids()}
        )

    mounts = [Mount(f"/{name}", app=_Endpoint(vendors[name])) for name in sorted(vendors)]
    return Starlette(
        routes=[Route("/", index), *mounts], lifespan=_calling(vendors, hooks) if hooks else None
    )


def _calling(
    vendors: Mapping[str, Vendor], hooks: str
) -> Callable[[Any], contextlib.AbstractAsyncContextManager[None]]:
    """Give the lifespan in which what is due is posted."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        import httpx2

        async with httpx2.AsyncClient(timeout=10, trust_env=False) as client:
            task = asyncio.create_task(_post(client, vendors, hooks))
            yield
            task.cancel()

    return lifespan


async def _post(client: Any, vendors: Mapping[str, Vendor], hooks: str) -> None:
    """Post what is due, again and again; a receiver that is not there, or refuses, is said and left alone."""
    while True:
        for name, vendor in vendors.items():
            for one in vendor.due():
                said = await _posted(client, f"{hooks.rstrip('/')}/{name}", one)
                print(f"{name} {one.operation}: {said}", flush=True)  # noqa: T201
        await asyncio.sleep(EVERY)


async def _posted(client: Any, url: str, one: Delivery) -> str:
    try:
        answer = await client.post(url, content=one.body, headers=list(one.headers))
    except Exception as problem:  # noqa: BLE001 -- the stand-in goes on, whatever the receiver does
        return f"not delivered ({type(problem).__name__})"
    return f"delivered, answered {answer.status_code}"


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
