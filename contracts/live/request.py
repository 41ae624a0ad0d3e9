"""What may be sent, whereto and with which key: decided before any connection exists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from contracts.address import read_address
from contracts.auth import Sent, refusal
from contracts.errors import ConfigError
from contracts.live.failure import Failure
from contracts.live.transport import loopback
from contracts.model import Request
from contracts.spec import Operation, Provider
from contracts.text import safe_text, show

SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_TEMPLATE = re.compile(r"\{([^{}]*)\}")


def need_keys(operation: Operation, keys: Sent) -> None:
    """Let a request with all keys of its operation pass; Failure when one is missing or cannot be sent."""
    if said := refusal(operation.entry.auth):
        raise Failure("refused", f"not sent: {said}")
    held = [carrier for carrier, _ in keys]
    lacking = [one.variables[0] for one in operation.entry.auth if one not in held]
    if lacking:
        raise Failure("refused", f"not sent: {' and '.join(lacking)} must be set")


def base_url(provider: Provider, override: str = "") -> str:
    """Give the address to send to: the override or the manifest's first; https, or http to this machine.

    Keys go there and nowhere else: to the vendor's own server, or to the one that the user named instead.
    Redirects are not followed, and a link in an answer that leads to another host is not asked.
    """
    url = (override or next(iter(provider.manifest.servers), "")).rstrip("/")
    if not url:
        raise ConfigError(f"{provider.id}: provider.toml names no server")
    parts = read_address(url)
    if parts.user:
        raise ConfigError(
            f"{provider.id}: an address with a user or a password is not asked; keys have variables"
        )
    if parts.fault or not parts.host or parts.query or parts.fragment or "%" in parts.host:
        why = parts.fault or ("zones of IPv6 are not asked" if "%" in parts.host else "")
        raise ConfigError(f"{provider.id}: {show(url)} is not a plain address{f': {why}' if why else ''}")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback(url)):
        raise ConfigError(f"{provider.id}: {show(url)} is not https; only this machine is asked without")
    return url


def parameters(operation: Operation, given: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Collect the operation's parameters: given ones first, then the manifest's environment variables."""
    found = {
        name: environ[var].strip()
        for name, var in operation.entry.live.items()
        if environ.get(var, "").strip()
    }
    known = names_taken(operation)
    return {
        **operation.entry.query,
        **found,
        **{name: value for name, value in given.items() if name in known},
    }


def names_taken(operation: Operation) -> frozenset[str]:
    """Give the names of the parameters that an operation takes, of its path and others."""
    return frozenset((*_TEMPLATE.findall(operation.path), *(p.name for p in operation.parameters)))


def missing(operation: Operation, values: Mapping[str, str], prefix: str = "--") -> str:
    """Say which path parameter has no value and where it could come from; '' when none lacks.

    `prefix` is that of the options of the door that the user came through.
    """
    for name in _TEMPLATE.findall(operation.path):
        if not values.get(name):
            variable = operation.entry.live.get(name)
            hint = f"set {variable} or " if variable else ""
            return f"not sent: no {name}; {hint}give {prefix}param {name}=VALUE"
    return ""


def build(operation: Operation, values: Mapping[str, str], base: str) -> Request:
    """Build the request of an operation, path and query percent-encoded, below the base address."""
    path = _TEMPLATE.sub(lambda m: quote(values.get(m[1], ""), safe=""), operation.path)
    query = [
        (p.name, values[p.name]) for p in operation.parameters if p.location == "query" and p.name in values
    ]
    extra = [(name, value) for name, value in operation.entry.query.items() if name not in dict(query)]
    text = urlencode([*query, *extra])
    return Request(
        operation.method, f"{base}{path}{'?' if text else ''}{text}", (("Accept", "application/json"),)
    )


def identifier(operation: Operation) -> str:
    """Give the path parameter that names the thing asked for, the last of the path; '' when there is none."""
    found = operation.names
    return found[-1] if found else ""


def refuse_unsafe(operation: Operation, *, allow_unsafe: bool) -> None:
    """Let GET and HEAD pass; others only where the manifest says `safe` and the user allows it."""
    if operation.method not in SAFE_METHODS and not (operation.entry.safe and allow_unsafe):
        raise Failure("refused", f"not sent: {operation.title} may change something")


def refuse_elsewhere(url: str, base: str) -> None:
    """Let only the chosen host pass; Failure for any other, whatever put it into a link."""
    asked, known = read_address(url), read_address(base)
    if asked.fault or (asked.scheme, asked.netloc, asked.user) != (known.scheme, known.netloc, ""):
        raise Failure("refused", f"not sent: {safe_text(asked.host, 80)} is not the provider's host")
