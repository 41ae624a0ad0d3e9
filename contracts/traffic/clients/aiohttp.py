"""aiohttp: the content of a response is replaced by a reader that shows what the caller reads of it."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import cache, wraps
from typing import Any

from contracts.traffic.clients.tap import Tap
from contracts.traffic.passed import Stream


def watch_aiohttp(owner: Any, tap: Tap) -> None:
    """Watch a session, or the class."""
    original = owner._request  # noqa: SLF001 -- every method of a session goes through it

    @wraps(original)
    async def request(*args: Any, **more: Any) -> Any:
        response = await original(*args, **more)
        tap.guarded(_answered, tap, response)
        return response

    owner._request = request  # noqa: SLF001


def _answered(tap: Tap, response: Any) -> None:
    if not tap.fresh(response):
        return
    facts = (response.method, response.url, response.request_info.headers, response.status, response.headers)
    stream = tap.watcher.stream(tap.passed(*facts))
    response.content = _reader()(response.content, stream, tap)


@cache
def _reader() -> Any:
    """Make the class of readers; aiohttp is imported, since a session of it is there."""
    from aiohttp.streams import AsyncStreamIterator, ChunkTupleAsyncStreamIterator, StreamReader

    class WatchedReader(StreamReader):
        """A StreamReader in front of another one, which does all the work."""

        __slots__ = ("_inner", "_stream", "_tap")

        def __init__(self, inner: Any, stream: Stream, tap: Tap) -> None:
            self._inner, self._stream, self._tap = inner, stream, tap

        def __getattribute__(self, name: str) -> Any:
            mine = name in _OWN or name.startswith("__")
            return object.__getattribute__(self, name) if mine else getattr(self._inner, name)

        def _seen(self, piece: bytes, *, over: bool) -> bytes:
            self._tap.guarded(self._stream.take, piece)
            if over:
                self._tap.guarded(lambda: self._stream.end(whole=True))
            return piece

        async def _reading(self, read: Awaitable[bytes]) -> bytes:
            piece = await read
            return self._seen(piece, over=self._inner.at_eof())

        async def read(self, n: int = -1) -> bytes:
            return await self._reading(self._inner.read(n))

        async def readany(self) -> bytes:
            return await self._reading(self._inner.readany())

        async def readexactly(self, n: int) -> bytes:
            return await self._reading(self._inner.readexactly(n))

        async def readline(self, **more: Any) -> bytes:
            return await self._reading(self._inner.readline(**more))

        async def readuntil(self, separator: bytes = b"\n", **more: Any) -> bytes:
            return await self._reading(self._inner.readuntil(separator, **more))

        async def readchunk(self) -> tuple[bytes, bool]:
            piece, end = await self._inner.readchunk()
            return self._seen(piece, over=self._inner.at_eof()), end

        def read_nowait(self, n: int = -1) -> bytes:
            return self._seen(self._inner.read_nowait(n), over=self._inner.at_eof())

        def iter_chunked(self, n: int) -> Any:
            return AsyncStreamIterator(lambda: self.read(n))

        def iter_any(self) -> Any:
            return AsyncStreamIterator(self.readany)

        def iter_chunks(self) -> Any:
            return ChunkTupleAsyncStreamIterator(self)

        def __aiter__(self) -> Any:
            return AsyncStreamIterator(self.readline)

        async def __anext__(self) -> bytes:
            piece = await self.readline()
            if piece == b"":
                raise StopAsyncIteration
            return piece

    return WatchedReader


_OWN = frozenset({
    "_inner", "_stream", "_tap", "_seen", "_reading", "read", "readany", "readexactly", "readline",
    "readuntil", "readchunk", "read_nowait", "iter_chunked", "iter_any", "iter_chunks",
})  # fmt: skip
