"""The five checks of a response: operation, status, media type, headers, body; both engines share them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from contracts.decode import MAX_BYTES, SMALL, uncollected
from contracts.errors import SpecError, need
from contracts.model import Finding, Interaction, Json, Pointer, Response
from contracts.patterns import LONGEST
from contracts.schema import Message, Walker, demanded
from contracts.spec import Operation, ResponseSpec, Spec, look
from contracts.text import either, plural, safe_text, show
from contracts.validate.answered import Answered
from contracts.validate.body import BodyCheck, Gate, RawFault, decoded_faults
from contracts.validate.columns import Columns
from contracts.validate.grouping import Where, group
from contracts.validate.headers import HeaderCheck
from contracts.validate.reading import (
    is_json,
    is_stream,
    plain,
    read_text,
    record_schema,
    records,
    says_something,
)
from contracts.validate.routing import redirect, unknown_operation

if TYPE_CHECKING:
    from contracts.validate.crosscheck import CrossCheck


class Unjudged(NamedTuple):
    """What could not be judged of an answer, as `place: reason`; `whole` when nothing else was judged."""

    said: tuple[str, ...] = ()
    whole: bool = False


class Checker:
    """Judges the responses of one spec; compiled schemas are kept, so make one per spec and run.

    `judged` is the spec as responses are held against it: `required` without what is only ever written.
    """

    def __init__(
        self, spec: Spec, provider: str, *, engine: str = "fast", max_bytes: int = MAX_BYTES
    ) -> None:
        self.spec, self.provider, self.engine, self.max_bytes = spec, provider, engine, max_bytes
        self.judged = replace(spec, document=demanded(spec.document, "response", spec.source.name))
        self.walker = Walker(self.judged, engine)
        self.columns = Columns(self.walker)
        self._second = _second_opinion(self.judged, max_bytes) if engine == "reference" else None
        self._bodies: dict[Pointer, BodyCheck] = {}
        self._made: dict[tuple[object, ...], Finding] = {}
        self._headers = HeaderCheck(
            self.judged, self._accepts, lambda value, at: tuple(self._value(value, at))
        )

    def met(self, interaction: Interaction) -> Answered:
        """Hold an interaction against the spec once; every other method takes what comes back."""
        return Answered(self.spec, interaction, self.max_bytes)

    def find(self, interaction: Interaction) -> Operation | None:
        """Find the operation that an interaction's request met."""
        met = self.spec.met(interaction.request.method, interaction.request.url)
        return met[0] if met else None

    def check(self, interaction: Interaction | Answered) -> tuple[Finding, ...]:
        """Give every finding about the response of an interaction, grouped and sorted."""
        answered = interaction if isinstance(interaction, Answered) else self.met(interaction)
        response = answered.response
        if response is None or answered.aside:
            return ()
        if len(response.body) < SMALL:
            return self._check(answered, response)
        with uncollected():
            return self._check(answered, response)

    def _check(self, answered: Answered, response: Response) -> tuple[Finding, ...]:
        findings: list[Finding] = []
        if not self._clean(answered, response):
            findings += self._findings(answered, response)
        elif self._second is None:
            return ()
        if self._second is not None and not answered.cut:
            broken = self._second.compare(answered.interaction, answered.operation, findings)
            findings += group(broken, self.spec, self._where(answered, response, ""))
        return tuple(sorted(findings, key=lambda f: f.sort_key))

    def _where(self, answered: Answered, response: Response, part: str) -> Where:
        source = str(answered.interaction.origin or answered.interaction.source)
        return Where(self.provider, answered.operation, str(response.status), part, source, self._made)

    def body_check(self, schema: Pointer) -> BodyCheck:
        """Give the compiled check of a schema of the spec; SpecError when it cannot be compiled."""
        check = self._bodies.get(schema)
        if check is None:
            check = self._of_target(schema) or BodyCheck(self.judged, schema, self.walker, self.engine)
            self._bodies[schema] = check
        return check

    def _of_target(self, schema: Pointer) -> BodyCheck | None:
        """Give the check of the schema that another one only refers to: many answers share one."""
        node = look(self.judged.document, schema)
        ref = node.get("$ref") if isinstance(node, dict) and len(node) == 1 else None
        if not isinstance(ref, str) or not ref.startswith("#/components/"):
            return None
        target = self.judged.target(ref)
        if target not in self._bodies:
            try:
                self._bodies[target] = BodyCheck(self.judged, target, self.walker, self.engine)
            except SpecError:
                return None  # the fault is told of the place that was asked for
        return self._bodies[target]

    def relaxed(self, document: Json, schema: Pointer) -> Gate:
        """Compile the strict gate of a schema in a changed copy of `judged.document`; SpecError as above."""
        spec = replace(self.judged, document=document)
        return BodyCheck(spec, schema, Walker(spec, self.engine), self.engine).is_clean

    def headers_fit(self, response: Response, documented: ResponseSpec) -> bool:
        """Whether nothing is to be said of the declared headers of a response."""
        return not any(True for _ in self._headers.broken(response, documented))

    def _clean(self, answered: Answered, response: Response) -> bool:
        """The short way: a documented JSON body without fault; False sends it the long way."""
        documented, media = answered.documented, answered.sent
        schema = documented.content.get(media) if documented else None
        if documented is None or schema is None or not is_json(media) or is_stream(media):
            return False
        if answered.decoded.faults:
            return False
        told = documented.headers and not answered.without_headers
        if told and not self.headers_fit(response, documented):
            return False
        try:
            return self.body_check(schema).is_clean(answered.decoded.value)
        except SpecError:
            return False

    def _findings(self, answered: Answered, response: Response) -> Iterator[Finding]:
        operation, documented = answered.operation, answered.documented
        parts: list[tuple[str, Iterable[RawFault]]]
        if operation is None:
            parts = [("request", (unknown_operation(self.spec, answered.interaction.request),))]
        elif operation.aside or (documented and documented.aside):
            parts = []
        elif documented is None:
            parts = [("status", self._undocumented(operation, response))]
        else:
            parts = [
                ("header", () if answered.without_headers else self._headers.broken(response, documented)),
                ("body", self._body(answered, response, documented)),
            ]
        parts.append(("header", redirect(operation, response)))
        for part, broken in parts:
            yield from group(broken, self.spec, self._where(answered, response, part))

    def _accepts(self, value: Json, schema: Pointer) -> bool:
        try:
            return self.body_check(schema).accepts(value)
        except SpecError:
            return True  # said once, when the value is judged

    def _undocumented(self, operation: Operation, response: Response) -> Iterator[RawFault]:
        known = either([int(s) if s.isdigit() else s for s in operation.responses], 12)
        words = Message(f"{response.status} is not documented", known, str(response.status))
        yield RawFault("undocumented-status", Pointer(), operation.pointer / "responses", words)

    def _body(self, answered: Answered, response: Response, documented: ResponseSpec) -> Iterator[RawFault]:
        content, chosen = documented.content, answered.chosen
        if answered.bare and not response.body:
            return
        if not content:
            if response.body:
                words = Message(
                    "a body came where the spec describes none", "no body", f"{len(response.body)} bytes"
                )
                yield RawFault("undocumented-body", Pointer(), documented.pointer, words)
            return
        if not answered.without_headers and (not answered.sent or chosen is None):
            yield self._media_type(answered.sent, content, documented)
        if answered.cut:
            return
        if chosen is not None:
            yield from self._content(answered, response.body)
        elif all(is_json(plain(key)) for key in content) and not answered.decoded.usable:
            yield from decoded_faults(answered.decoded)  # a page of a proxy, say: worse than its name

    def _media_type(self, sent: str, content: object, documented: ResponseSpec) -> RawFault:
        known = either(documented.content)
        words = Message(f"{show(sent)} is not {known}" if sent else "no content type came", known, show(sent))
        return RawFault("media-type", Pointer(), documented.pointer / "content", words)

    def _content(self, answered: Answered, body: bytes) -> Iterator[RawFault]:
        schema, media = answered.schema, plain(answered.media)
        if is_stream(media):
            yield from self._records(body, media, schema) if schema is not None else ()
        elif is_json(media):
            yield from decoded_faults(answered.decoded)
            if answered.decoded.usable and schema is not None:
                yield from self._value(answered.decoded.value, schema)
        elif schema is not None and says_something(self.judged, media, schema):
            text = body.decode("utf-8", "replace")
            read = read_text(self.judged, text, schema, lambda value: self._accepts(value, schema))
            yield from self._value(read, schema)

    def _records(self, body: bytes, media: str, schema: Pointer) -> Iterator[RawFault]:
        described = record_schema(self.judged, schema)
        for one in records(self.judged, media, body, described, self.max_bytes):
            if not one.unjudged:
                faults = list(decoded_faults(one.decoded))
                faults += self._value(one.decoded.value, described) if one.decoded.usable else ()
                yield from (replace(f, pointer=Pointer((one.position, *f.pointer))) for f in faults)

    def _value(self, value: Json, schema: Pointer) -> Iterator[RawFault]:
        try:
            check = self.body_check(schema)
            yield from () if check.is_clean(value) else check.broken(value)
        except SpecError as error:
            yield RawFault("unusable-schema", Pointer(), schema, Message(str(error)))

    def unjudged(self, interaction: Interaction | Answered) -> Unjudged:
        """Say what of an answer could not be judged, where and why; nothing passes in silence."""
        answered = interaction if isinstance(interaction, Answered) else self.met(interaction)
        reason = _barrier(answered) or self._undecoded(answered)
        if reason:
            return Unjudged((reason,), whole=True)
        unread = self._unread(answered)
        said = (*self._set_aside(answered), *self._overlong(answered), *_unlogged(answered), *unread.said)
        return Unjudged(said, whole=unread.whole)

    def _set_aside(self, answered: Answered) -> Iterator[str]:
        """Name the keywords of the body's schema that could not be used, each with its place."""
        schema = answered.schema
        if schema is not None and answered.response is not None and answered.response.body:
            for one in self.spec.not_judged(schema):
                yield f"{self.spec.line(one.pointer)}: {safe_text(str(one.pointer), 200)}: {one.reason}"

    def _overlong(self, answered: Answered) -> tuple[str, ...]:
        """Name the patterns of the body's schema that are not looked for in its long texts."""
        schema, response = answered.schema, answered.response
        if schema is None or response is None or len(response.body) <= LONGEST:
            return ()
        try:
            said = self.body_check(schema).overlong.said
        except SpecError:
            return ()  # a finding
        values = self._values(answered, response.body, schema)
        return tuple(dict.fromkeys(one for value in values for one in said(value)))

    def _values(self, answered: Answered, body: bytes, schema: Pointer) -> Iterator[Json]:
        """Yield what of a body is held against its schema: its value, its records, or its text."""
        media = plain(answered.media)
        if is_stream(media):
            described = record_schema(self.judged, schema)
            found = records(self.judged, media, body, described, self.max_bytes)
            yield from (one.decoded.value for one in found if not one.unjudged and one.decoded.usable)
        elif not is_json(media):
            yield body.decode("utf-8", "replace")
        elif answered.decoded.usable:
            yield answered.decoded.value

    def _undecoded(self, answered: Answered) -> str:
        """Say why the body of a documented answer is not judged; "" when it is."""
        response, chosen, schema = answered.response, answered.chosen, answered.schema
        if not response or not answered.documented or not answered.documented.content:
            return ""
        if not response.body and not response.missing:
            return ""
        media = plain(answered.media)
        if answered.cut or chosen is None:
            return answered.cut  # a content type that is not described is a finding
        if schema is None:
            return f"body: the spec gives no schema for {safe_text(chosen, 60)}"
        if is_json(media) and not is_stream(media):
            return ""  # what is no JSON is a finding
        read = is_stream(media) or says_something(self.judged, media, schema)
        return "" if read else f"body: {safe_text(media, 60)} has no decoder"

    def _unread(self, answered: Answered) -> Unjudged:
        """Give the records of a stream that are not judged: all of them, or some."""
        response, schema, media = answered.response, answered.schema, plain(answered.media)
        if response is None or schema is None or not is_stream(media):
            return Unjudged()
        described = record_schema(self.judged, schema)
        found = list(records(self.judged, media, response.body, described, self.max_bytes))
        open_ = [one for one in found if one.unjudged]
        if not open_:
            return Unjudged(() if found else ("body: the stream holds no record",), whole=not found)
        more = f" (first of {plural(len(open_), 'record')})" if len(open_) > 1 else ""
        said = f"body: /{open_[0].position}: {open_[0].unjudged}{more}"
        return Unjudged((said,), whole=len(open_) == len(found))

    def vacuous(self, answered: Answered) -> tuple[str, ...]:
        """Say what was judged without showing anything: items of empty lists, a body that is refused."""
        response, schema, media = answered.response, answered.schema, answered.media
        if (
            response is None
            or not response.body
            or not answered.documented
            or not answered.documented.content
        ):
            return ()
        if answered.chosen is None:
            return (f"body: {safe_text(media, 60)} is not described",)
        if schema is None or not is_json(media) or is_stream(media):
            return ()
        if not answered.decoded.usable:
            return ("body: there is no JSON value to judge",)
        if b"[]" not in response.body.replace(b" ", b"").replace(b"\n", b""):
            return ()
        counts = self.empty_lists(answered.decoded.value, schema)
        return tuple(f"{without_items(place)}" + f" ({n} times)" * (n > 1) for place, n in counts.items())

    def empty_lists(self, value: Json, schema: Pointer) -> dict[str, int]:
        """Count the empty lists of a body whose items some schema describes, by their place."""
        counts: dict[str, int] = {}
        for column in self.columns.of(value, schema):
            empty = column.values.count([])
            if empty and any("items" in node or "prefixItems" in node for _, node in column.schemas):
                counts[column.place] = counts.get(column.place, 0) + empty
        return counts

    def unchecked(self, interaction: Interaction) -> tuple[str, ...]:
        """Say everything that was not checked of an answer: what could not be judged, and empty lists."""
        answered = self.met(interaction)
        return self.unjudged(answered).said or self.vacuous(answered)


def without_items(place: str) -> str:
    """Say that the items of a list were not seen."""
    return f"the items of {safe_text(place or '/', 120)}: the list is empty"


def _unlogged(answered: Answered) -> Iterator[str]:
    """Name the headers that the spec requires and that nobody recorded, as nothing of the kind was."""
    headers = answered.documented.headers if answered.documented else ()
    if answered.without_headers:
        yield from (
            f"header {safe_text(one.name, 60)}: no header was recorded" for one in headers if one.required
        )


def _barrier(answered: Answered) -> str:
    """Say why nothing of an interaction can be judged; "" when something can."""
    if answered.response is None:
        return answered.interaction.failure or "no response"
    if answered.aside:
        return answered.aside
    if answered.operation is None:
        return "no operation of the spec matches the request"
    if answered.documented is None and answered.response.status >= 500:
        return f"{answered.response.status} is not documented, and a failure says nothing of other answers"
    unread = answered.operation.aside or (answered.documented.aside if answered.documented else "")
    return f"the description of the response could not be used: {unread}" if unread else ""


def _second_opinion(spec: Spec, max_bytes: int) -> CrossCheck:
    need("openapi_core", "reference", "the reference engine needs openapi-core")
    from contracts.validate.crosscheck import CrossCheck

    return CrossCheck(spec, max_bytes)
