"""aiohttp: the content of a response is replaced by a reader that shows what the caller reads of it."""

from __future__ import annotations

import time
from functools import cache, partial, wraps
from typing import Any

from contracts.traffic.clients.tap import Tap
from contracts.traffic.passed import Passed

HELD = "_contracts_reader"


def watch_aiohttp(owner: Any, tap: Tap) -> None:
    """Watch a session, or the class."""
    original = owner._request  # noqa: SLF001 -- every method of a session goes through it

    @wraps(original)
    async def request(*args: Any, **more: Any) -> Any:
        try:
            response = await original(*args, **more)
        except Exception as problem:
            tap.guarded(_unanswered, tap, owner, args, more, problem)
            raise
        tap.guarded(_answered, tap, response)
        return response

    owner._request = request  # noqa: SLF001


def _unanswered(tap: Tap, owner: Any, args: Any, more: Any, problem: Exception) -> None:
    session, given = (args[0], args[1:]) if isinstance(owner, type) else (owner, args)
    method, url = (*given, more.get("method"), more.get("str_or_url"))[:2] if len(given) < 2 else given[:2]
    tap.unanswered(method, session._build_url(more.get("str_or_url", url)), problem)  # noqa: SLF001


def _answered(tap: Tap, response: Any) -> None:
    if not tap.fresh(response):
        return
    facts = (response.method, response.url, response.request_info, response.status, response.raw_headers)
    made = partial(_passed, tap, time.time(), facts)
    watched = response.content = _reader()(response.content, made, tap)
    kind: Any = type(response)
    response.__class__ = _whole(kind)
    setattr(response, HELD, watched)


def _passed(tap: Tap, at: float, facts: Any, body: bytes = b"") -> Passed:
    """Put an answer into plain values; this is done after the caller has gone on."""
    method, url, asked, status, headers = facts
    return tap.passed(method, url, tuple(asked.headers.items()), status, headers, body)._replace(at=at)


@cache
def _reader() -> Any:
    """Import the reader when aiohttp is there, once."""
    from contracts.traffic.clients.aiohttp_reader import WatchedReader

    return WatchedReader


@cache
def _whole(kind: Any) -> Any:
    """Make the class of responses that are read whole, as most are: seeing each piece costs more.

    It goes by the name of the class that it stands for, and holds nothing that would keep a response alive.
    """

    async def read(self: Any) -> Any:
        watched: Any = self.content
        if watched is not getattr(self, HELD, self) or watched.begun:
            return await kind.read(self)
        self.content = watched.inner
        body = await kind.read(self)
        watched.tap.guarded(watched.tap.watcher.later, partial(watched.made, body), len(body))
        return body

    named = {"__module__": kind.__module__, "__qualname__": kind.__qualname__, "__slots__": ()}
    return type(kind.__name__, (kind,), {"read": read, **named})
