"""Which library a client is of, and putting the watch into it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from contracts.errors import ConfigError
from contracts.text import safe_text
from contracts.traffic.clients.aiohttp import watch_aiohttp
from contracts.traffic.clients.httpx import watch_httpx
from contracts.traffic.clients.requests import watch_requests
from contracts.traffic.clients.tap import Tap, Watcher
from contracts.traffic.clients.urllib3 import watch_urllib3

_CLIENTS: Final[dict[str, tuple[tuple[str, ...], Callable[[Any, Tap], None]]]] = {
    "httpx": (("Client", "AsyncClient"), watch_httpx),
    "httpx2": (("Client", "AsyncClient"), watch_httpx),
    "requests": (("Session",), watch_requests),
    "aiohttp": (("ClientSession",), watch_aiohttp),
    "urllib3": (("PoolManager",), watch_urllib3),
}
"""Library to its classes of clients and the function that watches one of them, or the class itself."""


def attach(client: Any, watcher: Watcher, vendor: str) -> None:
    """Watch one client; ConfigError when it is of no library that is known here."""
    for library, (kinds, put) in _CLIENTS.items():
        module = sys.modules.get(library)
        if module and isinstance(client, tuple(getattr(module, kind) for kind in kinds)):
            put(client, Tap(watcher, vendor))
            return
    kind = safe_text(type(client).__name__, 60)
    raise ConfigError(f"contracts.watch takes a client of {', '.join(_CLIENTS)}, found {kind}")


def attach_everywhere(watcher: Watcher, vendor: str) -> None:
    """Watch every client of the libraries that are installed, those that exist already too."""
    for library, (kinds, put) in _CLIENTS.items():
        if find_spec(library) is not None:
            for kind in kinds:
                put(getattr(import_module(library), kind), Tap(watcher, vendor))
