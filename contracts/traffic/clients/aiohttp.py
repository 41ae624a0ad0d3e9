"""aiohttp: the content of a response is replaced by a reader that shows what the caller reads of it."""

from __future__ import annotations

from functools import wraps
from typing import Any

from contracts.traffic.clients.tap import Tap


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
    sent, headers = tuple(response.request_info.headers.items()), tuple(response.headers.items())
    facts = (response.method, response.url, sent, response.status, headers)
    stream = tap.watcher.stream(tap.passed(*facts))
    from contracts.traffic.clients.aiohttp_reader import WatchedReader

    response.content = WatchedReader(response.content, stream, tap)
