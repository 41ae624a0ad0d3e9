"""The safe questions that are put to a live vendor, in an order that does the least harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.auth import WRONG_KEY, refusal
from contracts.live.client import Live
from contracts.live.request import build, identifier, missing
from contracts.model import Interaction, Request, Source
from contracts.secret import Secret
from contracts.spec import Operation

UNKNOWN_ID: Final = "00000000-0000-4000-8000-000000000000"
MALFORMED_ID: Final = "not!an!id"


@dataclass(frozen=True, slots=True)
class Probe:
    """A deliberate question: `name` is "" for the real batch; `value` replaces the identifier."""

    name: str
    situation: str
    value: str = ""
    plain: bool = False
    key: Secret | None = None


PROBES: Final = (
    Probe("", "live"),
    Probe("unknown-id", "unknown-id", UNKNOWN_ID),
    Probe("malformed-id", "malformed-id", MALFORMED_ID),
    Probe("no-credentials", "no-credentials", plain=True),
    Probe("wrong-credential", "wrong-credential", key=WRONG_KEY),
)
"""The last two come last, since a wrong key can trip a lock-out; they do not stop the provider."""


def chosen(operation: Operation, *, credentials: bool = True) -> tuple[Probe, ...]:
    """Give the probes that make sense: where no id or key is asked for, none can be wrong."""
    named = bool(identifier(operation))
    keyed = credentials and bool(operation.entry.auth) and not refusal(operation.entry.auth)
    return tuple(p for p in PROBES if (named or not p.value) and (keyed or not (p.plain or p.key)))


def ask(live: Live, operation: Operation, values: Mapping[str, str], probe: Probe) -> Interaction:
    """Put one probe; what cannot be sent says why in `failure`."""
    name = identifier(operation)
    if probe.value and not name:
        return _unsent(operation, probe, "not sent: the path has no identifier")
    known = {**values, name: probe.value} if probe.value else dict(values)
    if (probe.plain or probe.key) and name and not known.get(name):
        known[name] = UNKNOWN_ID
    if reason := missing(operation, known, live.ledger.prefix):
        return _unsent(operation, probe, reason)
    request = build(operation, known, live.base)
    return live.ask(
        operation, request, name=probe.situation, probe=probe.name, key=probe.key, plain=probe.plain
    )


def _unsent(operation: Operation, probe: Probe, reason: str) -> Interaction:
    return Interaction(
        request=Request(operation.method, operation.path),
        response=None,
        source=Source.LIVE,
        name=probe.situation,
        operation=operation.alias,
        probe=probe.name,
        failure=reason,
    )
