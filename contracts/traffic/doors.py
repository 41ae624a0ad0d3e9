"""`contracts.watch` and `contracts.webhook`: answers and deliveries held against the contract where they are.

client = contracts.watch(httpx.Client(), "matil")
contracts.watch()                                         # every client of this process, vendors by host
app = contracts.watch(app, routes={"/hooks/acme": "acme"})
assessment = contracts.webhook("acme", request.headers, body)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any, TypeVar

from contracts.check import Deliveries, ProviderCheck, find_root, read_options
from contracts.errors import ConfigError
from contracts.model import Assessment, Finding
from contracts.spec import load
from contracts.traffic.clients import attach, attach_everywhere
from contracts.traffic.receiving import Received, Routes, WatchedASGI, WatchedWSGI
from contracts.traffic.watching import watch_of

C = TypeVar("C")


def watch(
    client: C | None = None,
    vendor: str = "",
    *,
    routes: Routes | None = None,
    mode: str = "",
    sinks: tuple[str, ...] | None = None,
    sample: float | None = None,
    interval: int | None = None,
    on_finding: Callable[[Finding, int], object] | None = None,
    root: Path | None = None,
) -> C | None:
    """Watch a client (of httpx, httpx2, requests, aiohttp or urllib3) and give the same one back.

    With `routes`, an app of ASGI or WSGI is watched where vendors call it, and what to serve in its place is
    given: `{"/hooks/acme": "acme"}`, or `("acme", "batch.done")` for the webhook of a path.

    Without a vendor the host of each request says whose answer it is; without a client every client of these
    libraries is watched. What is not named here says `[tool.contracts.watch]`. `on_finding` is called with
    each finding and how often it was seen since the last call, from another thread. With `mode="raise"`
    answers are judged within the call, which raises ContractViolation.
    ConfigError and UnknownName for what cannot be used.
    """
    if routes is not None:
        if vendor or mode:
            raise ConfigError(
                "contracts.watch: with routes, which name the vendors, it takes no vendor and no mode"
            )
        told = {"sinks": sinks, "sample": sample, "interval": interval}
        app: C = _receiving(client, routes, root, on_finding, **told)
        return app
    given: dict[str, Any] = {"mode": mode or None, "sinks": sinks, "sample": sample, "interval": interval}
    found = watch_of(root, (vendor,) if vendor else (), on_finding, **given)
    if client is None:
        attach_everywhere(found, vendor)
    else:
        attach(client, found, vendor)
    return client


def _receiving(
    app: Any, routes: Routes, root: Path | None, on_finding: Callable[..., object] | None, **given: Any
) -> Any:
    """Wrap an app; its kind shows in whether it is called or awaited."""
    if not callable(app):
        raise ConfigError("contracts.watch: with routes it takes an app of ASGI or WSGI")
    received = Received(routes, lambda vendors: watch_of(root, vendors, on_finding, mode="log", **given))
    awaited = iscoroutinefunction(app) or iscoroutinefunction(type(app).__call__)
    return WatchedASGI(app, received) if awaited else WatchedWSGI(app, received)


def webhook(
    vendor: str,
    headers: Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]],
    body: bytes,
    *,
    event: str = "",
    root: Path | None = None,
) -> Assessment:
    """Judge a delivery to a webhook: its signature, its age, whether it came before, headers and body.

    `body` are the bytes as they came. `event` names the webhook; without it the manifest says where its name
    stands, or the body shows it. What came before is known for this process. UnknownName and ConfigError for
    what cannot be used; nothing is raised for what a delivery holds.
    """
    return _deliveries(vendor, find_root((root or Path.cwd()).resolve())).judge(headers, body, event)


@lru_cache(maxsize=64)
def _deliveries(vendor: str, root: Path) -> Deliveries:
    return Deliveries(ProviderCheck(load(vendor, root), read_options(root)), os.environ)
