"""What the stand-in of a vendor sends to webhooks: made by the spec, signed as the vendor signs."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from contracts.auth import Signature, sign
from contracts.batch import BatchState
from contracts.errors import UnknownName
from contracts.live import identifier
from contracts.model import Json, Pointer
from contracts.secret import Secret
from contracts.spec import Operation, Provider
from contracts.stub.bent import Drift, bend
from contracts.stub.bodies import Bodies
from contracts.stub.life import Life
from contracts.stub.states import WORDS, worded
from contracts.text import safe_text

SECRET: Final = "contracts-stub-webhook-secret"
_PARTS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


class Delivery(NamedTuple):
    """One delivery as it is sent: the alias of its webhook, headers, and the bytes that are signed."""

    operation: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def signing_key(signature: Signature, environ: Mapping[str, str]) -> Secret:
    """Give the secret that the environment holds for a vendor, else that of the stand-ins."""
    own = f"whsec_{base64.b64encode(SECRET.encode()).decode()}"
    stub = own if signature.scheme.name == "standard-webhooks" else SECRET
    return next(iter(signature.keys(environ)), Secret(stub, "the stand-in"))


class Caller:
    """Writes the deliveries of one vendor; which of its webhooks tells a state, their names show."""

    def __init__(
        self, provider: Provider, bodies: Bodies, drifts: tuple[Drift, ...], environ: Mapping[str, str]
    ) -> None:
        self.operations = tuple(one for one in provider.spec.operations if one.received)
        self._provider, self._bodies, self._drifts = provider, bodies, drifts
        self._signature, self._environ = provider.manifest.webhooks, environ
        asked = filter(None, map(identifier, provider.spec.operations))
        self._ids = tuple(dict.fromkeys((*asked, "id")))
        self.sent = 0

    @property
    def _key(self) -> Secret | None:
        """What signs; ConfigError, once something is to be signed, for a secret that cannot be used."""
        return signing_key(self._signature, self._environ) if self._signature else None

    def told(self, hooks: str) -> str:
        """Say where deliveries go, and what signs them."""
        if not self.operations:
            return "its document describes none"
        where = f"to {safe_text(hooks.rstrip('/'), 200)}/{self._provider.id}"
        key = self._key
        if not self._signature or not key:
            return f"{where}, unsigned: provider.toml says nothing of it in [webhooks]"
        own = key.name == self._signature.env
        with_ = f"the secret in {self._signature.env}" if own else f"the secret {key.reveal()}"
        return f"{where}, signed ({self._signature.scheme.name}) with {with_}"

    def named(self, event: str) -> Operation:
        """Find a webhook by its name or alias; UnknownName for one that is not there."""
        for one in self.operations:
            if event in {one.alias, one.path, one.path.partition(":")[2]}:
                return one
        raise UnknownName("webhook", event, [one.alias for one in self.operations], self._provider.id)

    def telling(self, state: BatchState) -> Iterator[Operation]:
        """Yield the webhooks that are called for a state: those named after it, and those after none."""
        for one in self.operations:
            told = _states(one)
            if state in told or not told:
                yield one

    def delivery(self, operation: Operation, life: Life, now: datetime) -> Delivery:
        """Write one delivery about a batch."""
        self.sent += 1
        media, at = self._bodies.schema(operation, 200)
        payload = self._payload(operation, at, life, now)
        for drift in self._drifts:
            payload = bend(payload, drift)
        body = json.dumps(payload, separators=(",", ":")).encode("utf-8", "surrogatepass")
        headers = {"Content-Type": media or "application/json", **self._declared(operation)}
        key = self._key
        if self._signature and key:
            ident = f"{life.id}-{self.sent}"
            made = dict(sign(self._signature, key, body, ident=ident, now=now.timestamp()))
            if self._signature.event and not self._signature.event.startswith("/"):
                made[self._signature.event] = operation.path.partition(":")[2]
            replaced = {name.lower() for name in made}
            headers = {k: v for k, v in headers.items() if k.lower() not in replaced} | made
        return Delivery(operation.alias, tuple(headers.items()), body)

    def _declared(self, operation: Operation) -> dict[str, str]:
        """Give the headers that the spec declares, each with a value of its schema."""
        samples = {
            one.name: next(iter(self._bodies.samples(one.schema)), "1") if one.schema else "1"
            for one in operation.responses["200"].headers
            if one.required
        }
        return {name: str(value) for name, value in samples.items()}

    def _payload(self, operation: Operation, at: Pointer | None, life: Life, now: datetime) -> Json:
        """Give an example of the document, or a generated body, with the batch's id and state in it."""
        if at is None:
            return {}
        payload = self._bodies.likeliest(at, operation.responses["200"].pointer)
        held = payload.items() if isinstance(payload, dict) else ()
        for way in ((), *((name,) for name, value in held if isinstance(value, dict))):
            payload = self._filled(payload, way, life, at, now)
        return payload

    def _filled(self, payload: Json, way: tuple[str, ...], life: Life, at: Pointer, now: datetime) -> Json:
        """Put id and state of a batch into the object at the end of a way, where its schema takes them."""

        def fits(part: Json) -> bool:
            return self._bodies.fits(at, _put(payload, way, part))

        part = payload[way[0]] if way else payload
        for name in self._ids if isinstance(part, dict) else ():
            if name in part and fits(part | {name: life.id}):
                part = part | {name: life.id}
        said = worded(part, life.state(now), fits)
        return _put(payload, way, part if said is None else said)


def _put(payload: Json, way: tuple[str, ...], part: Json) -> Json:
    return payload | {way[0]: part} if way else part


def _states(operation: Operation) -> frozenset[BatchState]:
    """Give the states that the name of a webhook speaks of."""
    name = operation.path.partition(":")[2] if operation.path.startswith("webhook:") else operation.alias
    words = {word.lower() for word in _PARTS.findall(name)}
    return frozenset(state for state, known in WORDS.items() if words & {*known.split()})
