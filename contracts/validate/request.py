"""What a client sent, held against the spec: path, query, headers, cookies and body.

The part of these findings is "request"; pointers start with the place in the request, such as `/query/limit`
or `/body/urls/0`. Header parameters named authorization, content-type or accept are ignored, as OpenAPI says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from contracts.decode import MAX_BYTES, decode
from contracts.errors import SpecError
from contracts.model import Finding, Json, Pointer, Request
from contracts.schema import Message, Walker, demanded
from contracts.spec import Operation, Parameter, Spec
from contracts.text import either, safe_text, show
from contracts.validate.body import BodyCheck, RawFault, decoded_faults
from contracts.validate.grouping import Where, group
from contracts.validate.reading import (
    MULTIPART,
    URLENCODED,
    Reader,
    choose,
    is_json,
    plain,
    read_form,
    sent,
    unknown_query,
)
from contracts.validate.routing import unknown_operation

_KEPT: Final = frozenset({"undescribed", "read-only"})


class RequestCheck:
    """Judges the requests of one spec; compiled schemas are kept, so make one per spec and run."""

    def __init__(
        self, spec: Spec, provider: str, *, engine: str = "fast", max_bytes: int = MAX_BYTES
    ) -> None:
        self.spec, self.provider, self.engine, self.max_bytes = spec, provider, engine, max_bytes
        self._judged = replace(spec, document=demanded(spec.document, "request", spec.source.name))
        self._walker = Walker(self._judged, engine)
        self._checks: dict[Pointer, BodyCheck] = {}

    def check(self, request: Request) -> tuple[Finding, ...]:
        """Give every finding about a request, grouped and sorted; none when it fits the spec."""
        found = self.spec.find(request.method, request.url)
        operation = found[0] if found else None
        broken = (
            self._broken(operation, request) if operation else iter((unknown_operation(self.spec, request),))
        )
        findings = group(broken, self.spec, Where(self.provider, operation, "", "request"))
        return tuple(sorted(findings, key=lambda f: f.sort_key))

    def _broken(self, operation: Operation, request: Request) -> Iterator[RawFault]:
        carried = sent(self.spec, operation, request)
        reader = Reader(self.spec, carried, self._accepts)
        for parameter in operation.parameters:
            yield from self._parameter(parameter, reader)
        for name in unknown_query(self.spec, operation, carried):
            place = operation.pointer / "parameters"
            words = Message("not in the spec, which knows no such parameter", "absent", "")
            yield RawFault("request-parameter", Pointer(("query", name)), place, words)
        yield from self._body(operation, request)

    def _accepts(self, value: Json, schema: Pointer) -> bool:
        try:
            return self._check(schema).accepts(value)
        except SpecError:
            return True  # said once, when the value is judged

    def _check(self, schema: Pointer) -> BodyCheck:
        if schema not in self._checks:
            self._checks[schema] = BodyCheck(
                self._judged, schema, self._walker, self.engine, direction="request"
            )
        return self._checks[schema]

    def _parameter(self, parameter: Parameter, reader: Reader) -> Iterator[RawFault]:
        at = Pointer((parameter.location, parameter.name))
        there, value = reader.value(parameter)
        if not there:
            if parameter.required:
                words = Message("missing, but required", "present", "")
                yield RawFault("request-parameter", at, parameter.pointer, words)
        elif parameter.schema is not None:
            yield from self._value("request-parameter", value, parameter.schema, at)

    def _body(self, operation: Operation, request: Request) -> Iterator[RawFault]:
        at, place = Pointer(("body",)), operation.pointer / "requestBody"
        if not request.body:
            if operation.body_required:
                yield RawFault("request-body", at, place, Message("missing, but required", "a body", ""))
            return
        if not operation.body:
            found = f"{len(request.body)} bytes"
            words = Message("a body was sent where the spec describes none", "no body", found)
            yield RawFault("request-body", at, operation.pointer, words)
            return
        content_type = next((value for name, value in request.headers if name.lower() == "content-type"), "")
        chosen = choose(operation.body, plain(content_type)) if content_type else next(iter(operation.body))
        if not content_type or chosen is None:
            known = either(operation.body)
            said = (
                f"{show(plain(content_type))} is not {known}" if content_type else "no content type was sent"
            )
            yield RawFault(
                "request-body", at, place / "content", Message(said, known, show(plain(content_type)))
            )
        if chosen is not None:
            yield from self._content(request.body, content_type or chosen, operation.body[chosen], at)

    def _content(
        self, body: bytes, content_type: str, schema: Pointer | None, at: Pointer
    ) -> Iterator[RawFault]:
        media = plain(content_type)
        if is_json(media):
            decoded = decode(body, max_bytes=self.max_bytes)
            for one in decoded_faults(decoded):
                yield RawFault("request-body", _below(at, one.pointer), None, one.words)
            if decoded.usable and schema is not None:
                yield from self._value("request-body", decoded.value, schema, at)
        elif media in {URLENCODED, MULTIPART} and schema is not None:
            yield from self._form(body, content_type, schema, at)
        elif media.startswith("text/") and schema is not None:
            yield from self._value("request-body", body.decode("utf-8", "replace"), schema, at)

    def _form(self, body: bytes, content_type: str, schema: Pointer, at: Pointer) -> Iterator[RawFault]:
        try:
            value = read_form(self.spec, body, content_type, schema)
        except ValueError as error:
            words = Message(f"no form of that content type: {safe_text(str(error), 80)}", "a form", "")
            yield RawFault("request-body", at, schema, words)
            return
        yield from self._value("request-body", value, schema, at)

    def _value(self, rule: str, value: Json, schema: Pointer, at: Pointer) -> Iterator[RawFault]:
        try:
            found = tuple(self._check(schema).broken(value))
        except SpecError as error:
            yield RawFault("unusable-schema", at, schema, Message(str(error)))
            return
        for one in found:
            kept = one.rule if one.rule in _KEPT else rule
            yield RawFault(kept, _below(at, one.pointer), one.spec, one.words)


def _below(at: Pointer, pointer: Pointer) -> Pointer:
    return Pointer((*at, *pointer))
