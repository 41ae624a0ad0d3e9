"""Bodies of HTML forms as values: the fields by name, files as text, repeated names as lists."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from contracts.model import Json, Pointer
from contracts.schema import property_places
from contracts.spec import Spec
from contracts.validate.reading import coerce

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MAX_FIELDS = 10_000


def read_form(spec: Spec, body: bytes, content_type: str, schema: Pointer) -> Json:
    """Read a form as an object, each field by the schema of its property; ValueError when it is no form."""
    fields = _multipart(body, content_type) if content_type.startswith(MULTIPART) else _urlencoded(body)
    gathered: dict[str, list[str]] = {}
    for name, text in fields:
        gathered.setdefault(name, []).append(text)
    places = dict(coerce.in_place(spec, schema))
    value: dict[str, Json] = {}
    for name, texts in gathered.items():
        found = (place for at, node in places.items() for place in property_places(node, at, name))
        value[name] = _field(spec, texts, next(found, None))
    return value


def _field(spec: Spec, texts: list[str], schema: Pointer | None) -> Json:
    if schema is not None and "array" in coerce.types_of(spec, schema):
        return coerce.items(spec, texts, schema)
    return coerce.one(spec, texts[0], schema) if len(texts) == 1 else list(texts)


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    text = body.decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)


def _multipart(body: bytes, content_type: str) -> list[tuple[str, str]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("utf-8", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise ValueError("no parts")
    fields = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        fields.append((str(name or ""), data.decode("utf-8", "replace") if isinstance(data, bytes) else ""))
    return fields
