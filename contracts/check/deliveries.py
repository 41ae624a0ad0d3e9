"""Deliveries to webhooks: which event came, whether it is signed and new, and whether it is as published."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from contracts.auth import Signature, Wrong, verify
from contracts.check.provider import ProviderCheck
from contracts.decode import decode
from contracts.errors import ConfigError, SpecError, UnknownName
from contracts.interactions import unpacked
from contracts.model import (
    Assessment,
    Finding,
    Headers,
    Interaction,
    Json,
    Pointer,
    Request,
    Response,
    Severity,
    Source,
    Verdict,
)
from contracts.schema import Message
from contracts.secret import Secret
from contracts.spec import Operation, webhook_path
from contracts.text import safe_text
from contracts.validate import RawFault, Where, group

Fields: TypeAlias = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]
REMEMBERED: Final = 10_000
"""Deliveries of one vendor whose ids are remembered, to tell one that comes again."""


class Deliveries:
    """The checks of what one vendor sends; make one per process, since it remembers what it has seen."""

    def __init__(
        self, check: ProviderCheck, environ: Mapping[str, str], *, clock: Callable[[], float] = time.time
    ) -> None:
        self.check, self.clock = check, clock
        self.signature: Signature | None = check.provider.manifest.webhooks
        self.keys: tuple[Secret, ...] = self.signature.keys(environ) if self.signature else ()
        self.operations = tuple(one for one in check.provider.spec.operations if one.received)
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    def judge(self, headers: Fields, body: object, event: str = "") -> Assessment:
        """Judge a delivery as a framework has it; ConfigError where `body` is not the bytes as they came."""
        if not isinstance(body, bytes | bytearray | memoryview):
            kind = type(body).__name__
            raise ConfigError(f"a delivery is judged by the bytes as they came, found a body of type {kind}")
        pairs: Any = headers.items() if hasattr(headers, "items") else headers
        fields = tuple((_text(name), _text(value)) for name, value in pairs)
        plain, problem = unpacked(bytes(body), fields)
        interaction = self._interaction(fields, Response(200, _plain(fields), plain, problem), event)
        return self._assessed(interaction, fields, bytes(body))

    def _interaction(self, headers: Headers, message: Response, event: str) -> Interaction:
        """Give a delivery as an interaction; UnknownName for an event that was named and is not there.

        A recorded answer with status 200 stands for it. The place in the manifest says what happened; without
        one it is the only webhook, or that whose schema takes the body, or that which the body names.
        """
        operation = self.named(event)
        value = None if operation else decode(message.body, max_bytes=self.check.gate.max_bytes).value
        said = self._said(headers, value)
        if said and operation is None:
            operation = self._find(said)
        if operation is None and not said:
            operation = self._meant(value)
        path = operation.path if operation else webhook_path(said)
        return Interaction(
            request=Request(operation.method if operation else "POST", path, headers),
            response=message,
            source=Source.RECORDED,
            name="delivery",
            operation=operation.alias if operation else "",
            recorded_at=datetime.fromtimestamp(self.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )

    def _assessed(self, interaction: Interaction, headers: Headers, body: bytes) -> Assessment:
        """Judge a delivery: signature and time, whether it came before, headers and body by the spec."""
        wrong, unsure = self._signed(headers, body)
        if wrong is None and not unsure:
            wrong = self._again(headers, body)
        one = self.check.glance(interaction) if self.operations else self._silent(interaction)
        told = self.check.settled(self._told(wrong, interaction), interaction)
        findings = tuple(sorted((*one.findings, *told), key=lambda finding: finding.sort_key))
        broken = any(f.severity is Severity.ERROR and not f.waived for f in findings)
        open_ = one.verdict is Verdict.INCONCLUSIVE and bool(unsure)
        verdict = Verdict.VIOLATES if broken else Verdict.INCONCLUSIVE if open_ else Verdict.CONFORMS
        said = (*filter(None, (unsure,)), *one.not_judged)
        return replace(one, findings=findings, verdict=verdict, not_judged=said, not_checked=said)

    def _silent(self, interaction: Interaction) -> Assessment:
        """Say of a vendor whose document has no webhook that the body is not judged."""
        said = ("body: the spec describes no webhook",)
        return Assessment(
            provider=self.check.provider.id,
            operation="",
            interaction=interaction,
            findings=(),
            verdict=Verdict.INCONCLUSIVE,
            not_judged=said,
        )

    def _told(self, wrong: Wrong | None, interaction: Interaction) -> Iterator[Finding]:
        if wrong is not None:
            spec, operation = self.check.provider.spec, self.check.checker.find(interaction)
            where = Where(self.check.provider.id, operation, "200", "header", str(interaction.source))
            place = Pointer(filter(None, (wrong.header,)))
            yield from group([RawFault(wrong.rule, place, None, Message(wrong.words))], spec, where)

    def _signed(self, headers: Headers, body: bytes) -> tuple[Wrong | None, str]:
        """Give what is wrong with the signature, and why it could not be verified."""
        if self.signature is None:
            return None, "signature: provider.toml says nothing of it in [webhooks]"
        wrong = verify(self.signature, self.keys, headers, body, self.clock())
        if not self.keys and (wrong is None or wrong.rule != "webhook-unsigned"):
            return None, f"signature: {self.signature.env} is not set"
        return wrong, ""

    def _again(self, headers: Headers, body: bytes) -> Wrong | None:
        """Say that a delivery came before, by its id; without one by its signature and body."""
        assert self.signature is not None
        place = self.signature.id
        value = decode(body, max_bytes=self.check.gate.max_bytes).value if place.startswith("/") else None
        held = _held(place, headers, value) or f"{_held(self.signature.header, headers, None)} {body!r}"
        key = hashlib.sha256(held.encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            known = key in self._seen
            self._seen[key] = None
            self._seen.move_to_end(key)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        named = "" if place.startswith("/") else place or self.signature.header
        words = "came before: the vendor tried again, or someone else did"
        return Wrong("webhook-replayed", named.lower(), words) if known else None

    def _said(self, headers: Headers, value: Json) -> str:
        return _held(self.signature.event, headers, value) if self.signature and self.signature.event else ""

    def named(self, event: str) -> Operation | None:
        """Find a webhook by name, alias or address; None for "", UnknownName for one that is not there."""
        found = self._find(event)
        if found is None and event:
            known = sorted(map(_called, self.operations))
            raise UnknownName("webhook", safe_text(event, 60), known, self.check.provider.id)
        return found

    def _find(self, event: str) -> Operation | None:
        return next((one for one in self.operations if event in {one.alias, one.path, _called(one)}), None)

    def _meant(self, value: Json) -> Operation | None:
        """Find the webhook whose schema takes a body, else the one that the body names, else the nearest."""
        if len(self.operations) <= 1:
            return next(iter(self.operations), None)
        held = value.values() if isinstance(value, dict) else ()
        words = {text for text in held if isinstance(text, str)}
        named = [one for one in self.operations if words & {one.alias, _called(one)}]
        return min(named or self.operations, key=lambda one: self._faults(one, value))

    def _faults(self, operation: Operation, value: Json) -> int:
        schema = next(filter(None, operation.responses["200"].content.values()), None)
        try:
            return sum(1 for _ in self.check.checker.body_check(schema).broken(value)) if schema else 1
        except SpecError:
            return 1  # said when the body is judged


def _plain(fields: Headers) -> Headers:
    """Give headers without the encoding: it is off the body that is judged, and on the one that is signed."""
    return tuple((name, value) for name, value in fields if name.lower() != "content-encoding")


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _called(operation: Operation) -> str:
    """Give the name of a webhook in the document."""
    return operation.path.partition(":")[2].replace("%20", " ")


def _held(place: str, headers: Headers, value: Json) -> str:
    """Give what a header, or a JSON Pointer into the body, holds; "" when it is not there."""
    if not place.startswith("/"):
        return next((text for name, text in headers if name.lower() == place.lower()), "").strip()
    try:
        found = Pointer.parse(place).resolve(value)
    except (KeyError, IndexError, TypeError, ValueError):
        return ""
    return str(found) if isinstance(found, str | int) else ""
