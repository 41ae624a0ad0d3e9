"""provider.toml: who the vendor is, how one signs in, which operations count, where documents came from."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from contracts.errors import ConfigError, UnknownName
from contracts.text import safe_text, show

PROVENANCES: Final = ("published", "derived", "inferred")
METHODS: Final = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")
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
    where = shown or str(path)
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{where}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{where}: {safe_text(str(error), 120)}") from None
    return _Table(data, where).manifest(path.parent.name)


class _Table:
    """A TOML table that knows its place, so that every error can name it."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise ConfigError(f"{where}: expected a table, found {show(data)}")
        self.data: dict[str, Any] = data
        self.where = where

    def only(self, *known: str) -> None:
        for key in self.data:
            if key not in known:
                raise UnknownName("setting", key, sorted(known), self.where)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if isinstance(value, dt.date):
            value = value.isoformat()
        if not isinstance(value, str):
            raise ConfigError(f"{self.where}: {key} must be text, found {show(self.data.get(key))}")
        return value

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise ConfigError(f"{self.where}: {key} must be true or false, found {show(value)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f"{self.where}: {key} must be a list of texts, found {show(value)}")
        return tuple(value)

    def table(self, key: str) -> _Table:
        return _Table(self.data.get(key, {}), f"{self.where}: {key}")

    def tables(self, key: str) -> Iterable[_Table]:
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise ConfigError(f"{self.where}: {key} must be a list of tables, written [[{key}]]")
        return [_Table(item, f"{self.where}: {key} {n}") for n, item in enumerate(value, 1)]

    def strings(self, key: str) -> dict[str, str]:
        table = self.table(key)
        return {name: table.text(name) for name in table.data}

    def manifest(self, name: str) -> Manifest:
        self.only("title", "provenance", "servers", "auth", "upstream", "operations", "notes", "open_states")
        provenance = self.text("provenance")
        if provenance not in PROVENANCES:
            raise UnknownName("provenance", provenance, PROVENANCES, self.where)
        return Manifest(
            id=check_id(name),
            title=self.text("title", name),
            provenance=provenance,
            servers=tuple(map(self.server, self.texts("servers"))),
            auth=self.table("auth").auth(),
            upstream=tuple(t.upstream() for t in self.tables("upstream")),
            operations=tuple(
                self.table("operations").operation(alias) for alias in self.table("operations").data
            ),
            notes=tuple(t.note() for t in self.tables("notes")),
            open_states=self.flag("open_states"),
        )

    def server(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.password:
            raise ConfigError(f"{self.where}: servers: {show(url)} is not a plain http(s) address")
        return url.rstrip("/")

    def auth(self) -> Auth:
        self.only("header", "scheme", "env", "cookie")
        return Auth(
            self.text("header", ""), self.text("scheme", ""), self.text("env", ""), self.text("cookie", "")
        )

    def upstream(self) -> Upstream:
        self.only("file", "sha256", "url", "retrieved", "platform", "operations", "operation")
        return Upstream(
            file=self.text("file"),
            sha256=self.text("sha256"),
            url=self.text("url", ""),
            retrieved=self.text("retrieved", ""),
            platform=self.text("platform", ""),
            operations=self.texts("operations"),
            operation=self.text("operation", ""),
        )

    def operation(self, alias: str) -> OperationEntry:
        entry = self.table(alias)
        entry.only("method", "path", "safe", "live", "query")
        method = entry.text("method").upper()
        if method not in METHODS:
            raise UnknownName("method", method, METHODS, entry.where)
        return OperationEntry(
            alias,
            method,
            entry.text("path"),
            entry.flag("safe"),
            entry.strings("live"),
            entry.strings("query"),
        )

    def note(self) -> Note:
        kind, reason = self.text("kind"), self.text("reason")
        if len(reason.split()) < 3:
            raise ConfigError(f"{self.where}: reason must say why in a few words, found {show(reason)}")
        rest = {k: v for k, v in self.data.items() if k not in {"kind", "reason", "severity"}}
        return Note(kind, reason, self.text("severity", "warning"), rest)
