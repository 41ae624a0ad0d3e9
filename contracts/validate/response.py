"""The five checks of a response: operation, status, media type, headers, body; both engines share them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contracts.decode import MAX_BYTES, SMALL, Decoded, decode, uncollected
from contracts.errors import SpecError
from contracts.model import Finding, Interaction, Json, Pointer, Response
from contracts.schema import Message, Walker, demanded
from contracts.spec import Operation, ResponseSpec, Spec
from contracts.text import either, safe_text, show
from contracts.validate import coerce
from contracts.validate.body import BodyCheck, RawFault, decoded_faults
from contracts.validate.grouping import Where, group
from contracts.validate.headers import HeaderCheck
from contracts.validate.media import choose, is_json, plain
from contracts.validate.routing import redirect, unknown_operation

if TYPE_CHECKING:
    from contracts.validate.crosscheck import CrossCheck

NO_BODY: Final = frozenset({204, 205, 304})


class Checker:
    """Judges the responses of one spec; compiled schemas are kept, so make one per spec and run."""

    def __init__(
        self, spec: Spec, provider: str, *, engine: str = "fast", max_bytes: int = MAX_BYTES
    ) -> None:
        self.spec, self.provider, self.engine, self.max_bytes = spec, provider, engine, max_bytes
        self._judged = replace(spec, document=demanded(spec.document, "response", spec.source.name))
        self.walker = Walker(self._judged, engine)
        self._second = _second_opinion(self._judged, max_bytes) if engine == "reference" else None
        self._bodies: dict[Pointer, BodyCheck] = {}
        self._headers = HeaderCheck(self._judged, self._accepts, self._value)

    def find(self, interaction: Interaction) -> Operation | None:
        """Find the operation that an interaction's request met."""
        met = self.spec.met(interaction.request.method, interaction.request.url)
        return met[0] if met else None

    def check(self, interaction: Interaction) -> tuple[Finding, ...]:
        """Give every finding about the response of an interaction, grouped and sorted."""
        response = interaction.response
        if response is None:
            return ()
        if len(response.body) < SMALL:
            return self._check(interaction, response)
        with uncollected():
            return self._check(interaction, response)

    def _check(self, interaction: Interaction, response: Response) -> tuple[Finding, ...]:
        operation = self.find(interaction)
        documented = operation.response(response.status) if operation else None
        schema = _promised(interaction, response, documented) if documented else None
        decoded = None if schema is None else decode(response.body, max_bytes=self.max_bytes)
        findings: list[Finding] = []
        if not (documented and schema and decoded and self._clean(response, documented, schema, decoded)):
            findings += self._findings(interaction, response, operation, documented, decoded)
        elif self._second is None:
            return ()
        if self._second is not None:
            broken = self._second.compare(interaction, operation, findings)
            findings += group(broken, self.spec, self._where(interaction, response, operation, ""))
        return tuple(sorted(findings, key=lambda f: f.sort_key))

    def _where(
        self, interaction: Interaction, response: Response, operation: Operation | None, part: str
    ) -> Where:
        source = str(interaction.origin or interaction.source)
        return Where(self.provider, operation, str(response.status), part, source)

    def body_check(self, schema: Pointer) -> BodyCheck:
        """Give the compiled check of a schema of the spec; SpecError when it cannot be compiled."""
        check = self._bodies.get(schema)
        if check is None:
            check = self._bodies[schema] = BodyCheck(self._judged, schema, self.walker, self.engine)
        return check

    def _clean(self, response: Response, documented: ResponseSpec, schema: Pointer, decoded: Decoded) -> bool:
        """The short way: a documented JSON body without fault; False sends it the long way."""
        if decoded.faults:
            return False
        if documented.headers and any(True for _ in self._headers.broken(response, documented)):
            return False
        try:
            return self.body_check(schema).is_clean(decoded.value)
        except SpecError:
            return False

    def _findings(
        self,
        interaction: Interaction,
        response: Response,
        operation: Operation | None,
        documented: ResponseSpec | None,
        decoded: Decoded | None,
    ) -> Iterator[Finding]:
        parts: list[tuple[str, Iterable[RawFault]]]
        if operation is None:
            parts = [("request", (unknown_operation(self.spec, interaction.request),))]
        elif documented is None:
            parts = [("status", self._undocumented(operation, response))]
        else:
            bare = interaction.request.method == "HEAD" or response.status in NO_BODY
            parts = [
                ("header", self._headers.broken(response, documented)),
                ("body", () if bare and not response.body else self._body(response, documented, decoded)),
            ]
        parts.append(("header", redirect(operation, response)))
        for part, broken in parts:
            yield from group(broken, self.spec, self._where(interaction, response, operation, part))

    def _accepts(self, value: Json, schema: Pointer) -> bool:
        try:
            return self.body_check(schema).accepts(value)
        except SpecError:
            return True  # said once, when the value is judged

    def _undocumented(self, operation: Operation, response: Response) -> Iterator[RawFault]:
        known = either([int(s) if s.isdigit() else s for s in operation.responses], 12)
        words = Message(f"{response.status} is not documented", known, str(response.status))
        yield RawFault("undocumented-status", Pointer(), operation.pointer / "responses", words)

    def _body(
        self, response: Response, documented: ResponseSpec, decoded: Decoded | None
    ) -> Iterator[RawFault]:
        content = documented.content
        if not content:
            if response.body:
                words = Message(
                    "a body came where the spec describes none", "no body", f"{len(response.body)} bytes"
                )
                yield RawFault("undocumented-body", Pointer(), documented.pointer, words)
            return
        sent = response.header("content-type")
        media = plain(sent or "")
        chosen = choose(content, media) if sent else next(iter(content))
        if sent is None or chosen is None:
            yield self._media_type(sent, content, documented)
        if chosen is not None:
            yield from self._content(response.body, media or chosen, content[chosen], decoded)
        elif all(is_json(plain(key)) for key in content):
            read = decode(response.body, max_bytes=self.max_bytes)
            yield from (
                () if read.usable else decoded_faults(read)
            )  # a page of a proxy, say: worse than its name

    def _media_type(self, sent: str | None, content: object, documented: ResponseSpec) -> RawFault:
        known = either(documented.content)
        words = Message(
            f"{show(plain(sent))} is not {known}" if sent else "no content type came", known, show(sent or "")
        )
        return RawFault("media-type", Pointer(), documented.pointer / "content", words)

    def _content(
        self, body: bytes, media: str, schema: Pointer | None, decoded: Decoded | None
    ) -> Iterator[RawFault]:
        if is_json(media):
            decoded = decoded or decode(body, max_bytes=self.max_bytes)
            yield from decoded_faults(decoded)
            if decoded.usable and schema is not None:
                yield from self._value(decoded.value, schema)
        elif media.startswith("text/") and schema is not None:
            text = body.decode("utf-8", "replace")
            yield from self._value(
                coerce.read(self._judged, text, schema, lambda v: self._accepts(v, schema)), schema
            )

    def _value(self, value: Json, schema: Pointer) -> tuple[RawFault, ...]:
        try:
            check = self.body_check(schema)
            return () if check.is_clean(value) else tuple(check.broken(value))
        except SpecError as error:
            return (RawFault("unusable-schema", Pointer(), schema, Message(str(error))),)

    def unchecked(self, interaction: Interaction) -> tuple[str, ...]:
        """Say what of a response was not checked, and why; nothing passes in silence."""
        response = interaction.response
        operation = self.find(interaction)
        if response is None:
            return (interaction.failure or "no response",)
        if operation is None:
            return ("no operation of the spec matches the request",)
        documented = operation.response(response.status)
        if documented is None or not response.body or not documented.content:
            return ()
        media = plain(response.header("content-type") or next(iter(documented.content)))
        chosen = choose(documented.content, media)
        if chosen is None:
            return (f"body: {safe_text(media, 60)} is not described",)
        schema = documented.content[chosen]
        if schema is None:
            return (f"body: the spec gives no schema for {safe_text(chosen, 60)}",)
        if not is_json(media):
            return () if media.startswith("text/") else (f"body: {safe_text(media, 60)} has no decoder",)
        return tuple(self._empty_lists(response.body, schema))

    def _empty_lists(self, body: bytes, schema: Pointer) -> Iterator[str]:
        decoded = decode(body, max_bytes=self.max_bytes)
        if not decoded.usable:
            yield "body: there is no JSON value to judge"
        elif b"[]" in body.replace(b" ", b"").replace(b"\n", b""):
            seen = [
                v.pointer.wildcard
                for v in self.walker.visits(decoded.value, schema)
                if v.value == [] and _has_items(v.schemas)
            ]
            for place, count in {place: seen.count(place) for place in seen}.items():
                times = f" ({count} times)" if count > 1 else ""
                yield f"the items of {safe_text(place or '/', 120)}: the list is empty{times}"


def _promised(interaction: Interaction, response: Response, documented: ResponseSpec) -> Pointer | None:
    """Give the schema of a body that is documented as JSON under its very media type; None for any other."""
    media = plain(response.header("content-type") or "")
    bare = interaction.request.method == "HEAD" or not is_json(media)
    return None if bare else documented.content.get(media)


def _second_opinion(spec: Spec, max_bytes: int) -> CrossCheck:
    from contracts.validate.crosscheck import CrossCheck

    return CrossCheck(spec, max_bytes)


def _has_items(schemas: tuple[tuple[Pointer, dict[str, Json]], ...]) -> bool:
    return any("items" in node or "prefixItems" in node for _, node in schemas)
