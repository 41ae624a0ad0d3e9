"""provider.toml: who the vendor is, how one signs in, which operations count, where documents came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from contracts.address import read_address
from contracts.auth import PLACES, SIGNATURES, TOLERANCE, Carrier, Signature, find_keys, secrets_of
from contracts.errors import ConfigError, UnknownName
from contracts.secret import Secret, never_show
from contracts.text import show
from contracts.toml_table import Table, read_table

PROVENANCES: Final = ("published", "derived", "inferred", "observed", "accepted")
METHODS: Final = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY")
RECEIVED: Final = ("webhook:", "callback:")
"""How the address of a request begins that the vendor sends, see `spec.incoming`."""
_KEYS: Final = (
    "title", "provenance", "servers", "auth", "webhooks", "upstream", "operations", "notes",
)  # fmt: skip
_INSIDE = re.compile(r"(?![/\\]|[^/]*:)(?!(?:.*[/\\])?\.\.(?:[/\\]|\Z))[^\x00-\x1f]+\Z")
"""A relative path that stays below its folder, on every system."""
_ID = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")


@dataclass(frozen=True, slots=True)
class Upstream:
    """One vendored document of the vendor's: file in the provider's folder, and where it came from.

    `parts` maps the other files that it is made of, relative to it, to their sha256.
    """

    file: str
    sha256: str
    url: str = ""
    retrieved: str = ""
    platform: str = ""
    operations: tuple[str, ...] = ()
    operation: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the document is called below `upstream/`."""
        return self.file.removeprefix("upstream/")


@dataclass(frozen=True, slots=True)
class OperationEntry:
    """The alias of an operation; `live` maps a parameter to the environment variable that holds it.

    `auth` are the keys that it takes, all at once: its own, else those of the provider.
    """

    alias: str
    method: str
    path: str
    safe: bool = False
    live: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[Carrier, ...] = ()

    @property
    def received(self) -> bool:
        """Whether the vendor sends the request, to a webhook or as a callback."""
        return self.path.startswith(RECEIVED)


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
    auth: tuple[Carrier, ...]
    upstream: tuple[Upstream, ...]
    operations: tuple[OperationEntry, ...]
    notes: tuple[Note, ...] = ()
    webhooks: Signature | None = None

    @property
    def retrieved(self) -> str:
        """Give the newest retrieval date, ISO, or the empty string."""
        return max((u.retrieved for u in self.upstream), default="")

    @property
    def key_variables(self) -> tuple[str, ...]:
        """Give the environment variables that may hold a key, first choice first; none where none is sent."""
        return tuple(dict.fromkeys(name for carrier in self.carriers for name in carrier.variables))

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """Give the environment variables whose values must not be said."""
        return (*self.key_variables, *((self.webhooks.env,) if self.webhooks else ()))

    @property
    def carriers(self) -> tuple[Carrier, ...]:
        """Give the ways in which requests carry keys: the provider's, then those of operations."""
        own = (carrier for entry in self.operations for carrier in entry.auth)
        return tuple(dict.fromkeys((*self.auth, *own)))

    def secrets(self, environ: Mapping[str, str]) -> tuple[Secret, ...]:
        """Give every value of the environment that must not be shown: keys and what signs deliveries.

        ConfigError for one that cannot be used.
        """
        signing = self.webhooks.keys(environ) if self.webhooks else ()
        bare = (Secret(one.reveal().removeprefix("whsec_"), one.name) for one in signing)
        return (*secrets_of(find_keys(self.carriers, environ)), *signing, *bare)


def check_id(name: str) -> str:
    """Give the name back if it can be a provider's id and folder; ConfigError says what it must be."""
    if _ID.match(name) is None:
        raise ConfigError(
            f"{show(name)} cannot be a provider's name: use a-z, 0-9, '-' and '_', at most 32, a letter first"
        )
    if name == "all":
        raise ConfigError("'all' cannot be a provider's name: it means all providers")
    return name


def key_variable(name: str) -> str:
    """Give the environment variable of a provider's key: `MATIL_API_KEY` for matil."""
    return f"{re.sub(r'[^A-Z0-9]', '_', name.upper())}_API_KEY"


def read_manifest(path: Path, shown: str = "") -> Manifest:
    """Read a provider.toml; ConfigError names file and key."""
    return _manifest(read_table(path, shown), path.parent.name)


def _manifest(table: Table, name: str) -> Manifest:
    table.only(_KEYS)
    provenance = table.text("provenance")
    if provenance not in PROVENANCES:
        raise UnknownName("provenance", provenance, PROVENANCES, table.where)
    entries = table.table("operations")
    variable = key_variable(name)
    auth = _auth(table, variable)
    made = Manifest(
        id=check_id(name),
        title=table.text("title", name),
        provenance=provenance,
        servers=tuple(_server(table.where, url) for url in table.texts("servers")),
        auth=auth,
        upstream=tuple(map(_upstream, table.tables("upstream"))),
        operations=tuple(_operation(alias, entries.table(alias), auth, variable) for alias in entries.values),
        notes=tuple(map(_note, table.tables("notes"))),
        webhooks=_webhooks(table.table("webhooks"), name) if "webhooks" in table.values else None,
    )
    never_show(made.secret_variables)
    return made


def _webhooks(table: Table, name: str) -> Signature:
    """Read how deliveries are signed: `signature` is a scheme, and what is not its usual way beside it."""
    table.only(("signature", "header", "time", "id", "event", "env", "tolerance"), "setting")
    scheme = table.word("signature", SIGNATURES)
    header = table.text("header", scheme.header) or table.text("header")
    variable = re.sub(r"[^A-Z0-9]", "_", name.upper())
    return Signature(
        scheme=scheme,
        env=table.text("env", f"{variable}_WEBHOOK_SECRET"),
        header=header,
        time=table.text("time", scheme.time),
        id=table.text("id", scheme.id),
        event=table.text("event", ""),
        tolerance=table.count("tolerance", TOLERANCE, "seconds"),
    )


def _server(where: str, url: str) -> str:
    parts = read_address(url)
    if parts.scheme not in {"https", "http"} or parts.fault or parts.user:
        raise ConfigError(f"{where}: servers: {show(url)} is not a plain http(s) address")
    return url.rstrip("/")


def _auth(holder: Table, variable: str, *, own: bool = False) -> tuple[Carrier, ...]:
    """Read `auth`, a table or a list of them; none is no key.

    `variable` may hold the first key: always the provider's, an operation's `own` where no other is named.
    """
    value = holder.values.get("auth", [])
    if value in ({}, []):
        return ()
    listed = holder.tables("auth") if isinstance(value, list) else [holder.table("auth")]
    found = list(map(_carrier, listed))
    if not own or not found[0].variables:
        found[0] = replace(found[0], variables=tuple(dict.fromkeys((variable, *found[0].variables))))
    for one, table in zip(found, listed, strict=True):
        if not one.variables:
            table.fail("env", "the variable that holds this key")
    return tuple(found)


def _carrier(table: Table) -> Carrier:
    """Read how one key travels: `header`, `query` or `cookie`, with `scheme` and `env`."""
    table.only((*PLACES, "scheme", "env"))
    named = [place for place in PLACES if table.text(place, "")]
    env, place = table.text("env", ""), named[0] if named else ""
    one = Carrier(place, table.text(place, ""), table.text("scheme", ""), (env,) if env else ())
    if len(named) != 1 and not (one.word and one.scheme.refused):
        raise ConfigError(f"{table.where}: name one of {', '.join(PLACES)}: where the key is put")
    return one


def _upstream(table: Table) -> Upstream:
    table.only(("file", "sha256", "url", "retrieved", "platform", "operations", "operation", "parts"))
    for name in (table.text("file"), *table.pairs("parts")):
        if not _INSIDE.match(name):
            raise ConfigError(f"{table.where}: {show(name)} leads out of the vendor's folder")
    return Upstream(
        file=table.text("file"),
        sha256=table.text("sha256"),
        url=table.text("url", ""),
        retrieved=table.text("retrieved", ""),
        platform=table.text("platform", ""),
        operations=table.texts("operations"),
        operation=table.text("operation", ""),
        parts=table.pairs("parts"),
    )


def _operation(alias: str, table: Table, auth: tuple[Carrier, ...], variable: str) -> OperationEntry:
    table.only(("method", "path", "safe", "live", "query", "auth"))
    method = table.text("method").upper()
    if method not in METHODS:
        raise UnknownName("method", method, METHODS, table.where)
    path = table.text("path")
    usual = () if path.startswith(RECEIVED) else auth  # a delivery is signed, it carries no key of ours
    return OperationEntry(
        alias,
        method,
        path,
        table.flag("safe"),
        table.pairs("live"),
        table.pairs("query"),
        _auth(table, variable, own=True) if "auth" in table.values else usual,
    )


def _note(table: Table) -> Note:
    kind, reason = table.text("kind"), table.text("reason")
    if len(reason.split()) < 3:
        table.fail("reason", "why, in a few words")
    rest = {key: value for key, value in table.values.items() if key not in {"kind", "reason", "severity"}}
    return Note(kind, reason, table.text("severity", "warning"), rest)
