"""A reader of aiohttp in front of another one: the caller reads, and what came is shown to a stream."""

from __future__ import annotations

from collections.abc import Awaitable
from importlib import import_module
from typing import Any

from contracts.traffic.clients.tap import Tap
from contracts.traffic.passed import Stream

_streams: Any = import_module("aiohttp.streams")
_OWN = frozenset({
    "_inner", "_stream", "_tap", "_seen", "_reading", "read", "readany", "readexactly", "readline",
    "readuntil", "readchunk", "read_nowait", "iter_chunked", "iter_any", "iter_chunks",
})  # fmt: skip


class WatchedReader(_streams.StreamReader):  # type: ignore[misc]
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
        """Read up to `n` bytes."""
        return await self._reading(self._inner.read(n))

    async def readany(self) -> bytes:
        """Read what is there."""
        return await self._reading(self._inner.readany())

    async def readexactly(self, n: int) -> bytes:
        """Read `n` bytes."""
        return await self._reading(self._inner.readexactly(n))

    async def readline(self, **more: Any) -> bytes:
        """Read a line."""
        return await self._reading(self._inner.readline(**more))

    async def readuntil(self, separator: bytes = b"\n", **more: Any) -> bytes:
        """Read until a separator."""
        return await self._reading(self._inner.readuntil(separator, **more))

    async def readchunk(self) -> tuple[bytes, bool]:
        """Read a chunk, and whether it ends one of HTTP's."""
        piece, end = await self._inner.readchunk()
        return self._seen(piece, over=self._inner.at_eof()), end

    def read_nowait(self, n: int = -1) -> bytes:
        """Read what is buffered."""
        return self._seen(self._inner.read_nowait(n), over=self._inner.at_eof())

    def iter_chunked(self, n: int) -> Any:
        """Iterate over pieces of at most `n` bytes."""
        return _streams.AsyncStreamIterator(lambda: self.read(n))

    def iter_any(self) -> Any:
        """Iterate over what comes."""
        return _streams.AsyncStreamIterator(self.readany)

    def iter_chunks(self) -> Any:
        """Iterate over the chunks of HTTP."""
        return _streams.ChunkTupleAsyncStreamIterator(self)

    def __aiter__(self) -> Any:
        return _streams.AsyncStreamIterator(self.readline)

    async def __anext__(self) -> bytes:
        piece = await self.readline()
        if piece == b"":
            raise StopAsyncIteration
        return piece
