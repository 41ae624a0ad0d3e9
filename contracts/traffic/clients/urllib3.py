"""urllib3, on its own and below requests: a response that is read in pieces shows them as they are read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any

from contracts.traffic.clients.tap import Tap
from contracts.traffic.passed import Stream


def watch_urllib3(owner: Any, tap: Tap) -> None:
    """Watch a PoolManager, or the class."""
    original = owner.urlopen

    @wraps(original)
    def urlopen(*args: Any, **more: Any) -> Any:
        try:
            response = original(*args, **more)
        except Exception as problem:
            tap.guarded(_unanswered, tap, owner, args, more, problem)
            raise
        tap.guarded(_answered, tap, owner, args, more, response)
        return response

    owner.urlopen = urlopen


def _asked(owner: Any, args: Any, more: Any) -> tuple[Any, Any, Any]:
    """Give the pool of a call, its method and its address, however they were handed over."""
    pool, rest = (args[0], args[1:]) if isinstance(owner, type) else (owner, args)
    method, url = (*rest, more.get("method"), more.get("url"))[:2] if len(rest) < 2 else rest[:2]
    return pool, method, more.get("url", url)


def _unanswered(tap: Tap, owner: Any, args: Any, more: Any, problem: Exception) -> None:
    _, method, url = _asked(owner, args, more)
    tap.unanswered(method, url, problem)


def _answered(tap: Tap, owner: Any, args: Any, more: Any, response: Any) -> None:
    if not tap.fresh(response):
        return
    pool, method, url = _asked(owner, args, more)
    sent = more.get("headers") or pool.headers
    fields = tuple(sent.items()), tuple(response.headers.items())
    passed = tap.passed(method, url, fields[0], response.status, fields[1])
    if more.get("preload_content", True):
        tap.watcher.take(passed._replace(body=response.data))
    else:
        tee(response, tap.watcher.stream(passed), tap)


def tee(raw: Any, stream: Stream, tap: Tap) -> None:
    """Show what is read of a urllib3 response to a stream, by whatever method it is read."""
    state = _Reading(stream, tap)
    for name in ("read", "read1"):
        if hasattr(raw, name):
            setattr(raw, name, state.reading(getattr(raw, name)))
    if hasattr(raw, "read_chunked"):
        raw.read_chunked = state.chunks(raw.read_chunked)
    if hasattr(raw, "stream"):
        raw.stream = state.to_the_end(raw.stream)


class _Reading:
    """Pieces as they come out; a call within a call is not shown twice."""

    def __init__(self, stream: Stream, tap: Tap) -> None:
        self.stream, self.tap, self.depth = stream, tap, 0

    def show(self, piece: bytes) -> None:
        self.tap.guarded(self.stream.take, piece)

    def over(self) -> None:
        self.tap.guarded(lambda: self.stream.end(whole=True))

    def reading(self, original: Any) -> Any:
        def read(*args: Any, **more: Any) -> Any:
            self.depth += 1
            try:
                piece = original(*args, **more)
            finally:
                self.depth -= 1
            if self.depth == 0:
                amount = args[0] if args else more.get("amt")
                self.show(piece)
                if amount is None or (not piece and amount != 0):
                    self.over()
            return piece

        return read

    def to_the_end(self, original: Any) -> Any:
        def stream(*args: Any, **more: Any) -> Iterator[bytes]:
            yield from original(*args, **more)  # by `read` and `read_chunked`, which show the pieces
            self.over()

        return stream

    def chunks(self, original: Any) -> Any:
        def read_chunked(*args: Any, **more: Any) -> Iterator[bytes]:
            for piece in original(*args, **more):
                self.show(piece)
                yield piece
            self.over()

        return read_chunked
