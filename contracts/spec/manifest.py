"""provider.toml: who the vendor is, how one signs in, which operations count, where documents came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from contracts.errors import ConfigError, UnknownName
from contracts.text import show
from contracts.toml_table import Table, read_table

PROVENANCES: Final = ("published", "derived", "inferred")
METHODS: Final = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")
_KEYS: Final = (
    "title", "provenance", "servers", "auth", "upstream", "operations", "notes", "open_states",
)  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")


@dataclass(frozen=True, slots=True)
class Auth:
    """How a request carries the key: header or cookie name, prefix word or "", environment variable."""

    header: str = ""
    scheme: str = ""
    env: str = ""
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Upstream:
    """One vendored document of the vendor's: file in the provider's folder, and where it came from."""

    file: str
    sha256: str
    url: str = ""
    retrieved: str = ""
    platform: str = ""
    operations: tuple[str, ...] = ()
    operation: str = ""


@dataclass(frozen=True, slots=True)
class OperationEntry:
    """The alias of an operation; `live` maps a parameter to the environment variable that holds it."""

    alias: str
    method: str
    path: str
    safe: bool = False
    live: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A cross-field rule with its written reason; see `validate.notes` for the kinds."""

    kind: str
    reason: str
    severity: str = "warning"
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A provider.toml as read; `retrieved` is the newest retrieval date of its documents, ISO or ""."""

    id: str
    title: str
    provenance: str
    servers: tuple[str, ...]
    auth: Auth
    upstream: tuple[Upstream, ...]
    operations: tuple[OperationEntry, ...]
    notes: tuple[Note, ...] = ()
    open_states: bool = False

    @property
    def retrieved(self) -> str:
        """Give the newest retrieval date, ISO, or the empty string."""
        return max((u.retrieved for u in self.upstream), default="")

    @property
    def key_variables(self) -> tuple[str, ...]:
        """Give the environment variables that may hold the key, first choice first."""
        ours = f"{re.sub(r'[^A-Z0-9]', '_', self.id.upper())}_API_KEY"
        return tuple(dict.fromkeys((ours, self.auth.env))) if self.auth.env else (ours,)


def check_id(name: str) -> str:
    """Give the name back if it can be a provider's id and folder; ConfigError says what it must be."""
    if _ID.match(name) is None:
        raise ConfigError(
            f"{show(name)} cannot be a provider's name: use a-z, 0-9, '-' and '_', at most 32, a letter first"
        )
    return name


def read_manifest(path: Path, shown: str = "") -> Manifest:
    """Read a provider.toml; ConfigError names file and key."""
    return _manifest(read_table(path, shown), path.parent.name)


def _manifest(table: Table, name: str) -> Manifest:
    table.only(_KEYS)
    provenance = table.text("provenance")
    if provenance not in PROVENANCES:
        raise UnknownName("provenance", provenance, PROVENANCES, table.where)
    entries = table.table("operations")
    return Manifest(
        id=check_id(name),
        title=table.text("title", name),
        provenance=provenance,
        servers=tuple(_server(table.where, url) for url in table.texts("servers")),
        auth=_auth(table.table("auth")),
        upstream=tuple(map(_upstream, table.tables("upstream"))),
        operations=tuple(_operation(alias, entries.table(alias)) for alias in entries.values),
        notes=tuple(map(_note, table.tables("notes"))),
        open_states=table.flag("open_states"),
    )


def _server(where: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.password:
        raise ConfigError(f"{where}: servers: {show(url)} is not a plain http(s) address")
    return url.rstrip("/")


def _auth(table: Table) -> Auth:
    keys = ("header", "scheme", "env", "cookie")
    table.only(keys)
    return Auth(*(table.text(key, "") for key in keys))


def _upstream(table: Table) -> Upstream:
    table.only(("file", "sha256", "url", "retrieved", "platform", "operations", "operation"))
    return Upstream(
        file=table.text("file"),
        sha256=table.text("sha256"),
        url=table.text("url", ""),
        retrieved=table.text("retrieved", ""),
        platform=table.text("platform", ""),
        operations=table.texts("operations"),
        operation=table.text("operation", ""),
    )


def _operation(alias: str, table: Table) -> OperationEntry:
    table.only(("method", "path", "safe", "live", "query"))
    method = table.text("method").upper()
    if method not in METHODS:
        raise UnknownName("method", method, METHODS, table.where)
    return OperationEntry(
        alias, method, table.text("path"), table.flag("safe"), table.pairs("live"), table.pairs("query")
    )


def _note(table: Table) -> Note:
    kind, reason = table.text("kind"), table.text("reason")
    if len(reason.split()) < 3:
        table.fail("reason", "why, in a few words")
    rest = {key: value for key, value in table.values.items() if key not in {"kind", "reason", "severity"}}
    return Note(kind, reason, table.text("severity", "warning"), rest)
