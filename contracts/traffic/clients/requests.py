"""requests: `Session.send` is where every answer comes back, redirects on the way too."""

from __future__ import annotations

from functools import wraps
from typing import Any

from contracts.traffic.clients.tap import Tap
from contracts.traffic.clients.urllib3 import tee


def watch_requests(owner: Any, tap: Tap) -> None:
    """Watch a session, or the class."""
    original = owner.send

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
    for one in (*response.history, response):
        if tap.fresh(one):
            _look(tap, one)


def _look(tap: Tap, response: Any) -> None:
    request = response.request
    sent, headers = tuple(request.headers.items()), tuple(response.headers.items())
    facts = (request.method, request.url, sent, response.status_code, headers)
    if getattr(response, "_content_consumed", True):
        tap.watcher.take(tap.passed(*facts, response.content or b""))
    else:
        tee(response.raw, tap.watcher.stream(tap.passed(*facts)), tap)
