"""A reader of aiohttp in front of another one: the caller reads, and what came is shown to a stream."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from contracts.traffic.clients.tap import Tap
from contracts.traffic.passed import Passed, Stream

_streams: Any = import_module("aiohttp.streams")
_OWN = frozenset({
    "inner", "made", "tap", "begun", "stream", "_seen", "_show", "_reading", "read", "readany", "readexactly",
    "readline", "readuntil", "readchunk", "read_nowait", "iter_chunked", "iter_any", "iter_chunks",
})  # fmt: skip


class WatchedReader(_streams.StreamReader):  # type: ignore[misc]
    """A StreamReader in front of another, which does all the work; `made` gives the answer, no body."""

    __slots__ = ("inner", "made", "stream", "tap")

    def __init__(self, inner: Any, made: Callable[[], Passed], tap: Tap) -> None:
        self.inner, self.made, self.tap = inner, made, tap
        self.stream: Stream | None = None

    @property
    def begun(self) -> bool:
        """Whether anything was read through it."""
        return self.stream is not None

    def __getattribute__(self, name: str) -> Any:
        mine = name in _OWN or name.startswith("__")
        return object.__getattribute__(self, name) if mine else getattr(self.inner, name)

    def _seen(self, piece: bytes, *, over: bool) -> bytes:
        self.tap.guarded(self._show, piece, over)
        return piece

    def _show(self, piece: bytes, over: bool) -> None:
        if self.stream is None:
            self.stream = self.tap.watcher.stream(self.made())
        self.stream.take(piece)
        if over:
            self.stream.end(whole=True)

    async def _reading(self, read: Awaitable[bytes]) -> bytes:
        piece = await read
        return self._seen(piece, over=self.inner.at_eof())

    async def read(self, n: int = -1) -> bytes:
        """Read up to `n` bytes."""
        return await self._reading(self.inner.read(n))

    async def readany(self) -> bytes:
        """Read what is there."""
        return await self._reading(self.inner.readany())

    async def readexactly(self, n: int) -> bytes:
        """Read `n` bytes."""
        return await self._reading(self.inner.readexactly(n))

    async def readline(self, **more: Any) -> bytes:
        """Read a line."""
        return await self._reading(self.inner.readline(**more))

    async def readuntil(self, separator: bytes = b"\n", **more: Any) -> bytes:
        """Read until a separator."""
        return await self._reading(self.inner.readuntil(separator, **more))

    async def readchunk(self) -> tuple[bytes, bool]:
        """Read a chunk, and whether it ends one of HTTP's."""
        piece, end = await self.inner.readchunk()
        return self._seen(piece, over=self.inner.at_eof()), end

    def read_nowait(self, n: int = -1) -> bytes:
        """Read what is buffered."""
        return self._seen(self.inner.read_nowait(n), over=self.inner.at_eof())

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
