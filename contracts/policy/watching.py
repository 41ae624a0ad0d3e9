"""`[tool.contracts.watch]`: what is done with the answers that pass through a production client.

[tool.contracts.watch]
vendors = ["matil"]                # for contracts.watch() without names; default: the project's providers
hosts = {"gateway.example" = "matil"}   # addresses of a vendor that its spec does not name
sample = 1.0                       # share of the answers that are judged
queue = 1000                       # answers that may wait; more are dropped and counted
interval = 3600                    # seconds until a finding is said again, with how often it was seen
sinks = ["log"]                    # log, otel, observed, jsonl
folder = "contracts-traffic"       # where observed and jsonl write
mode = "log"                       # or "raise", for staging: judged in the call, which raises
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from contracts.errors import UnknownName
from contracts.text import safe_text
from contracts.toml_table import Table

SINKS: Final = ("log", "otel", "observed", "jsonl")
MODES: Final = ("log", "raise")
_KEYS: Final = ("vendors", "hosts", "sample", "queue", "interval", "sinks", "folder", "mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """How traffic is watched; `sample` is a share 0..1, `interval` in seconds, `folder` below the root."""

    vendors: tuple[str, ...] = ()
    hosts: tuple[tuple[str, str], ...] = ()
    sample: float = 1.0
    queue: int = 1000
    interval: int = 3600
    sinks: tuple[str, ...] = ("log",)
    folder: str = "contracts-traffic"
    mode: str = "log"


def read_watch(table: Table, providers: Collection[str] = ()) -> WatchSettings:
    """Read the table; ConfigError and UnknownName for what cannot be used as written."""
    table.only(_KEYS)
    vendors, hosts = table.texts("vendors", 'a list of names, such as ["matil"]'), table.pairs("hosts")
    for name in (*vendors, *hosts.values()):
        if providers and name not in providers:
            raise UnknownName("provider", safe_text(name, 60), sorted(providers), table.where)
    sinks = table.texts("sinks", f"a list of {', '.join(SINKS)}") if "sinks" in table.values else ("log",)
    for name in sinks:
        if name not in SINKS:
            raise UnknownName("sink", safe_text(name, 60), SINKS, table.where)
    return WatchSettings(
        vendors=vendors,
        hosts=tuple((host.lower(), name) for host, name in hosts.items()),
        sample=table.share("sample", 1.0),
        queue=table.count("queue", 1000, "answers"),
        interval=table.count("interval", 3600, "seconds"),
        sinks=sinks,
        folder=table.text("folder", "contracts-traffic"),
        mode=table.word("mode", {one: one for one in MODES}, "log"),
    )
