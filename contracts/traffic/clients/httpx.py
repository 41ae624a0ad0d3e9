"""httpx and httpx2, with and without async: `send` is where every answer comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache, wraps
from importlib import import_module
from inspect import iscoroutinefunction
from typing import Any

from contracts.traffic.clients.tap import Tap
from contracts.traffic.passed import Stream


def watch_httpx(owner: Any, tap: Tap) -> None:
    """Watch a client, or a class of clients."""
    original = owner.send

    if iscoroutinefunction(original):

        @wraps(original)
        async def send_async(*args: Any, **more: Any) -> Any:
            try:
                response = await original(*args, **more)
            except Exception as problem:
                tap.guarded(_unanswered, tap, args, more, problem)
                raise
            tap.guarded(_answered, tap, response)
            return response

        owner.send = send_async
        return

    @wraps(original)
    def send(*args: Any, **more: Any) -> Any:
        try:
            response = original(*args, **more)
        except Exception as problem:
            tap.guarded(_unanswered, tap, args, more, problem)
            raise
        tap.guarded(_answered, tap, response)
        return response

    owner.send = send


def _unanswered(tap: Tap, args: Any, more: Any, problem: Exception) -> None:
    request = more.get("request", args[-1] if args else None)
    tap.unanswered(request.method, request.url, problem)


def _answered(tap: Tap, response: Any) -> None:
    for one in (*response.history, response) if response.history else (response,):
        if tap.fresh(one):
            _look(tap, one)


def _look(tap: Tap, response: Any) -> None:
    request = response.request
    facts = (request.method, request.url, request.headers.raw, response.status_code)
    headers = response.headers.raw
    try:
        body = response.content
    except RuntimeError:  # of both libraries: the caller reads it himself
        stream = tap.watcher.stream(tap.passed(*facts, headers, packed=True))
        kind: Any = type(response.stream)
        response.stream = _tee(kind)(response.stream, stream, tap)
        return
    tap.watcher.take(tap.passed(*facts, headers, body))


@cache
def _tee(kind: Any) -> Any:
    """Make the class of streams that let a library's own pass and show each piece to a `Stream`."""
    library = import_module(kind.__module__.partition(".")[0])
    bases = (library.AsyncByteStream, library.SyncByteStream)
    name = next((one.__name__ for one in bases if issubclass(kind, one)), "AsyncByteStream")
    body = {"SyncByteStream": _Sync, "AsyncByteStream": _Async}[name]
    return type("WatchedStream", (body, getattr(library, name)), {})


class _Passing:
    def __init__(self, inner: Any, stream: Stream, tap: Tap) -> None:
        self.inner, self.stream, self.tap = inner, stream, tap

    def over(self, *, whole: bool) -> None:
        self.tap.guarded(lambda: self.stream.end(whole=whole))


class _Sync(_Passing):
    def __iter__(self) -> Iterator[bytes]:
        for piece in self.inner:
            self.tap.guarded(self.stream.take, piece)
            yield piece
        self.over(whole=True)

    def close(self) -> None:
        self.inner.close()
        self.over(whole=False)


class _Async(_Passing):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self.inner:
            self.tap.guarded(self.stream.take, piece)
            yield piece
        self.over(whole=True)

    async def aclose(self) -> None:
        await self.inner.aclose()
        self.over(whole=False)
