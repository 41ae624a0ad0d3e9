"""A second opinion: openapi-core on the same interaction, part by part, with our schema class and formats.

openapi-core finds operation, response and media type, casts headers and decodes on its own; only JSON Schema,
formats and strict JSON are ours, so that policy is equal. It is asked to validate, never to unmarshal, and
its errors are sorted by type, never written out: their text holds the whole body. Where it differs from our
pipeline and no row of `KNOWN` says why, that is a note of its own, never the vendor's fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn
from urllib.parse import quote

from jsonschema_path import SchemaPath
from openapi_core import V31ResponseValidator
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.media_types.exceptions import MediaTypeFinderError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.responses.exceptions import ResponseFinderError
from openapi_core.validation.response.exceptions import DataValidationError, HeaderValidationError
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory

from contracts.address import read_address
from contracts.decode import MAX_BYTES, decode
from contracts.errors import SpecError
from contracts.model import Finding, Interaction, Json, Pointer, Response
from contracts.schema import Message, deep, reference_parts, spelled_out
from contracts.spec import Operation, ResponseSpec, Spec, is_received, look
from contracts.text import safe_text
from contracts.validate.body import RawFault
from contracts.validate.reading import choose, is_json, plain

PARTS: Final = ("operation", "status", "media type", "headers", "body")
_OURS: Final[Mapping[str, str]] = {
    "unknown-operation": "operation",
    "undocumented-status": "status",
    "media-type": "media type",
    "missing-header": "headers",
    "header-value": "headers",
}
_NO_OPINION: Final = frozenset({"undescribed", "write-only", "redirect"})
"""Rules of ours that openapi-core has no counterpart for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that exactly one of the two finds fault with, and all there is to explain it by."""

    parts: frozenset[str]
    response: Response
    documented: ResponseSpec | None
    media: str
    schema: Json
    path: str
    part: str = ""
    ours: bool = False
    rules: frozenset[str] = frozenset()


def _read(response: Response) -> bool:
    media = plain(response.header("content-type") or "")
    return is_json(media) or media.startswith("text/")


KNOWN: Final[Mapping[str, Callable[[Difference], bool]]] = {
    # openapi-core has no word for duplicate keys and a byte order mark
    "strict-json": lambda d: d.part == "body" and d.ours and d.rules <= {"duplicate-key", "byte-order-mark"},
    # openapi-core ignores a body where none is described
    "undocumented-body": lambda d: d.part == "body" and d.ours and d.rules == {"undocumented-body"},
    # an answer to HEAD, a 204 or a 304 has no body; openapi-core misses one
    "bare-answer": lambda d: d.part == "body" and not d.ours and not d.response.body,
    # without a content type openapi-core leaves the body alone; we take the first one described
    "media-type-first": lambda d: d.part == "body" and d.ours and "media type" in d.parts,
    # openapi-core drops what stands beside a $ref at the root of a response
    "reference-siblings": lambda d: (
        d.part == "body"
        and d.ours
        and isinstance(d.schema, dict)
        and len(d.schema) > 1
        and "$ref" in d.schema
    ),
    # our schema class leaves discriminators to our own check, which openapi-core does not run
    "discriminator": lambda d: d.part == "body" and d.ours and d.rules == {"discriminator"},
    # openapi-core does not decode a body that is described by a media range
    "media-range": lambda d: d.part == "body" and not d.ours and "*" in d.media,
    # openapi-core compares media types of the spec letter by letter
    "media-type-case": lambda d: d.part == "media type" and not d.ours,
    # openapi-core reads numbers and booleans of headers as Python does, and unions not at all
    "header-spelling": lambda d: d.part == "headers" and "missing-header" not in d.rules,
    # openapi-core lets a path parameter be empty
    "empty-parameter": lambda d: (
        d.part == "operation" and d.ours and ("//" in d.path or d.path.endswith("/"))
    ),
    # openapi-core knows a range of statuses only as 4XX, not as 4xx
    "status-range-case": lambda d: (
        "status" in d.parts and d.documented is not None and d.documented.status.endswith("XX")
    ),
    # we read a text body as the number or boolean its schema asks for
    "plain-text": lambda d: d.part == "body" and not d.ours and d.media.startswith("text/"),
    # openapi-core holds undecoded bytes against the schema; we say that they were not checked
    "no-decoder": lambda d: d.part == "body" and not d.ours and not _read(d.response),
}
"""Disagreements that are none to report, by name, and when each is the one."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request in the shape that openapi-core asks for."""

    host_url: str
    path: str
    method: str
    parameters: RequestParameters
    body: bytes | None = None
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class _Answered:
    """A response in the shape that openapi-core asks for."""

    status_code: int
    headers: Mapping[str, str]
    content_type: str
    data: bytes | None


class CrossCheck:
    """openapi-core with one validator for one spec; make one per spec and run."""

    def __init__(self, spec: Spec, max_bytes: int = MAX_BYTES) -> None:
        self._spec, self._max_bytes = spec, max_bytes
        schema_class, formats = reference_parts()
        path = SchemaPath.from_dict(_narrowed(spec), handlers=Closed(), resolved_cache_maxsize=4096)
        self._validator = V31ResponseValidator(
            path,
            schema_validators_factory=SchemaValidatorsFactory(schema_class, formats),
            extra_media_type_deserializers=dict(self._decoders()),
        )

    def _decoders(self) -> Iterator[tuple[str, Callable[..., Json]]]:
        for operation in self._spec.operations:
            for response in operation.responses.values():
                for media in response.content:
                    if is_json(plain(media)):
                        yield plain(media), self._json
                    elif media.startswith("text/"):
                        yield plain(media), _text

    def _json(self, body: bytes, **_: str) -> Json:
        decoded = decode(body, max_bytes=self._max_bytes)
        if not decoded.usable or any(fault.rule == "huge-number" for fault in decoded.faults):
            raise ValueError
        return decoded.value

    def compare(
        self, interaction: Interaction, operation: Operation | None, findings: Iterable[Finding]
    ) -> Iterator[RawFault]:
        """Yield a fault per part that exactly one of the two finds fault with, unless `KNOWN` explains it."""
        rules = frozenset(f.rule for f in findings) - _NO_OPINION
        if interaction.response is None or any(f.rule == "unusable-schema" for f in findings):
            return
        ours = frozenset(_OURS.get(rule, "body") for rule in rules)
        try:
            with deep():
                theirs = self._asked(interaction)
        except Exception as error:  # noqa: BLE001 -- whatever openapi-core raises, it is its opinion that is missing
            words = Message(f"openapi-core cannot judge this: {safe_text(type(error).__name__, 60)}")
            yield RawFault("engines-disagree", Pointer(), None, words)
            return
        base = self._difference(interaction, interaction.response, operation, ours | theirs)
        for part in PARTS:
            if (part in ours) != (part in theirs):
                told = frozenset(rule for rule in rules if _OURS.get(rule, "body") == part)
                difference = replace(base, part=part, ours=part in ours, rules=told)
                if not any(applies(difference) for applies in KNOWN.values()):
                    words = Message(_SENTENCES[part in ours].format(part))
                    yield RawFault("engines-disagree", Pointer((part,)), None, words)

    def _difference(
        self, interaction: Interaction, response: Response, operation: Operation | None, parts: frozenset[str]
    ) -> Difference:
        documented = operation.response(response.status) if operation else None
        content = documented.content if documented else {}
        media = choose(content, plain(response.header("content-type") or ""))
        place = content.get(media) if media else None
        return Difference(
            parts=parts,
            response=response,
            documented=documented,
            media=media or "",
            schema=look(self._spec.document, place) if place else None,
            path=read_address(interaction.request.url).path,
        )

    def _asked(self, interaction: Interaction) -> frozenset[str]:
        request, response = interaction.request, interaction.response
        assert response is not None
        parts = read_address(request.url)
        path = f"/{quote(request.url)}" if is_received(request.url) else parts.path or "/"
        asked: Any = _Asked(
            f"{parts.scheme}://{parts.netloc}", path, request.method.lower(), RequestParameters()
        )
        headers: dict[str, str] = {}
        for name, value in response.headers:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        sent = response.header("content-type") or ""
        answered = _Answered(response.status, _AnyCase(headers), sent, response.body)
        return frozenset(_part(error) for error in self._validator.iter_errors(asked, answered))


_SENTENCES: Final = {
    True: "openapi-core finds no fault with the {}, this pipeline does",
    False: "openapi-core finds fault with the {}, this pipeline does not",
}


class _AnyCase(dict[str, str]):
    """Headers that are found whatever the case of their names."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in headers.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())


def _part(error: Exception) -> str:
    if isinstance(error, PathError):
        return "operation"
    if isinstance(error, ResponseFinderError):
        return "status"
    if isinstance(error, HeaderValidationError):
        return "headers"
    if isinstance(error, DataValidationError):
        return "media type" if isinstance(error.__cause__, MediaTypeFinderError) else "body"
    raise error


def _text(body: bytes, **_: str) -> str:
    return body.decode("utf-8", "replace")


def _refuse(uri: str) -> NoReturn:
    raise SpecError(f"$ref '{safe_text(uri, 80)}' leaves the document; nothing is fetched")


class Closed(dict[str, Callable[[str], NoReturn]]):
    """Handlers of references, one for every scheme: nothing is fetched."""

    def __contains__(self, scheme: object) -> bool:
        return True

    def __missing__(self, scheme: str) -> Callable[[str], NoReturn]:
        return _refuse


def _narrowed(spec: Spec) -> dict[str, Any]:
    """Give the document with the operations in use only, and its servers without their hosts."""
    document: dict[str, Any] = spelled_out(spec.document)
    asked = {op.path: _item(spec, op.path) for op in spec.operations if not op.received}
    sent = {f"/{quote(op.path)}": _sent(document, op) for op in spec.operations if op.received}
    document["paths"] = {**asked, **sent}
    prefixes = dict.fromkeys(["", *(read_address(server).path for server in spec.servers)])
    document["servers"] = [{"url": prefix} for prefix in prefixes]
    return document


def _sent(document: dict[str, Any], operation: Operation) -> dict[str, Any]:
    """Write what a vendor sends to a webhook as an answer, which is how it is judged."""
    message = operation.responses["200"]
    headers = {
        one.name: {
            "required": one.required,
            **({"schema": {"$ref": f"#{one.schema}"}} if one.schema is not None else {}),
        }
        for one in message.headers
    }
    body: Any = look(document, message.pointer)
    answer = {"headers": headers, "content": body.get("content", {})}
    return {operation.method.lower(): {"responses": {"200": answer}}}


def _item(spec: Spec, path: str) -> dict[str, Any]:
    item: dict[str, Any] = spelled_out(spec.resolve(Pointer(("paths", path)))[0])
    methods = {op.method.lower() for op in spec.operations if op.path == path}
    kept = {key: value for key, value in item.items() if key in methods or key == "parameters"}
    return {
        key: {k: v for k, v in value.items() if k != "servers"} if key in methods else value
        for key, value in kept.items()
    }
