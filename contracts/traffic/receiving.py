"""An app that vendors call, watched: what comes is passed on byte by byte, and judged where a watch judges.

Nothing is raised, changed or held up for what a delivery holds, whatever the mode of the settings.
"""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, Final, TypeAlias

from contracts.check import Deliveries, ProviderCheck
from contracts.errors import ConfigError
from contracts.spec import load, webhook_path
from contracts.traffic.passed import Fields, Passed, Stream
from contracts.traffic.watching import Watch

_ASKED: Final = frozenset({"GET", "HEAD", "OPTIONS"})
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Routes: TypeAlias = Mapping[str, str | tuple[str, str]]
"""Paths of an app to the vendor that calls there, or to vendor and webhook."""


class Received:
    """Which paths belong to whom, and the watch that takes what comes there."""

    def __init__(self, routes: Routes, watch: Callable[[tuple[str, ...]], Watch]) -> None:
        given = {path: (one, "") if isinstance(one, str) else one for path, one in routes.items()}
        if not given:
            raise ConfigError("contracts.watch needs routes of an app, such as {'/hooks/acme': 'acme'}")
        self.watch = watch(tuple(vendor for vendor, _ in given.values()))
        self.by_path = {path.rstrip("/"): (one[0], self._address(*one)) for path, one in given.items()}

    def _address(self, vendor: str, event: str) -> str:
        """Give the address of the webhook that was named, or of none."""
        check = ProviderCheck(load(vendor, self.watch.root), self.watch.options)
        found = Deliveries(check, os.environ).named(event)
        return found.path if found else webhook_path("")

    def stream(self, method: str, paths: Iterable[str], fields: Fields) -> Stream | None:
        """Give what takes the body of a delivery; None for what is no delivery."""
        found = next((self.by_path[one] for path in paths if (one := path.rstrip("/")) in self.by_path), None)
        if found is None or method.upper() in _ASKED or not self.watch.wants():
            return None
        vendor, address = found
        passed = Passed(vendor, method, address, (), 0, fields, b"", time.time())
        return self.watch.stream(passed)


class WatchedASGI:
    """An ASGI middleware: the app receives, and answers, as if it were not there."""

    def __init__(
        self,
        app: Callable[..., Awaitable[None]],
        routes: Received,
    ) -> None:
        self.app, self._routes = app, routes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a call on, with its body kept as the app receives it."""
        stream = self._stream(scope) if scope["type"] == "http" else None
        if stream is None:
            await self.app(scope, receive, send)
            return

        async def tee() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                stream.take(message.get("body", b""))
                if not message.get("more_body", False):
                    stream.end(whole=True)
            return message

        try:
            await self.app(scope, tee, send)
        finally:
            stream.end(whole=False)

    def _stream(self, scope: Message) -> Stream | None:
        path, mounted = scope["path"], scope.get("root_path", "")
        paths = (path, mounted + path, path.removeprefix(mounted))
        return self._routes.stream(scope["method"], paths, tuple(scope["headers"]))


class WatchedWSGI:
    """A WSGI middleware: the app reads, and answers, as if it were not there."""

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        routes: Received,
    ) -> None:
        self.app, self._routes = app, routes

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass a call on, with its body kept as the app reads it."""
        path, mounted = environ.get("PATH_INFO", ""), environ.get("SCRIPT_NAME", "")
        method = environ.get("REQUEST_METHOD", "")
        stream = self._routes.stream(method, (path, mounted + path), tuple(_sent(environ)))
        if stream is None:
            return self.app(environ, start_response)
        size = environ.get("CONTENT_LENGTH") or ("" if environ.get("HTTP_TRANSFER_ENCODING") else "0")
        body = _Tee(environ["wsgi.input"], stream, int(size) if size.isdecimal() else None)
        environ["wsgi.input"] = body
        try:
            answer = self.app(environ, start_response)
        except BaseException:
            stream.end(whole=False)
            raise
        if isinstance(answer, list | tuple):  # whose length servers send as the content length
            stream.end(whole=False)
            return answer
        return _Closing(answer, stream)


def _sent(environ: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        name = key.removeprefix("HTTP_") if key.startswith("HTTP_") else key
        if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            yield name.replace("_", "-").lower(), value


class _Tee:
    """The input of a WSGI app; what is read of it is kept, and handed over when it was read whole."""

    def __init__(self, source: Any, stream: Stream, size: int | None) -> None:
        self._source, self._stream, self._left = source, stream, size
        self._passed(b"", ended=False)

    def _passed(self, data: bytes, *, ended: bool) -> bytes:
        self._stream.take(data)
        if self._left is not None:
            self._left -= len(data)
            ended = self._left <= 0
        if ended:
            self._stream.end(whole=True)
        return data

    def read(self, *size: int) -> bytes:
        data: bytes = self._source.read(*size)
        whole = not size or size[0] is None or size[0] < 0
        return self._passed(data, ended=whole or (not data and size[0] > 0))

    def readinto(self, room: Any) -> int:
        data = self.read(len(room))
        room[: len(data)] = data
        return len(data)

    def readline(self, *size: int) -> bytes:
        data: bytes = self._source.readline(*size)
        return self._passed(data, ended=not data and size[:1] != (0,))

    def readlines(self, *hint: int) -> list[bytes]:
        lines = list(self._source.readlines(*hint))
        self._passed(b"".join(lines), ended=not hint or not lines)
        return lines

    def __iter__(self) -> Iterator[bytes]:
        for line in self._source:
            yield self._passed(line, ended=False)
        self._passed(b"", ended=True)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)


class _Closing:
    """The answer of a WSGI app; at its end it is known whether the app read its input."""

    def __init__(self, answer: Iterable[bytes], stream: Stream) -> None:
        self._answer, self._stream = answer, stream

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            self._stream.end(whole=False)
