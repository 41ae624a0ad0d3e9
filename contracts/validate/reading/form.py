"""Bodies of HTML forms as values: the fields by name, files as text, repeated names as lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from contracts.decode import Decoded, decode
from contracts.model import Json, Pointer
from contracts.schema import property_places
from contracts.spec import Spec, look
from contracts.validate.reading import coerce
from contracts.validate.reading.media import is_json, plain
from contracts.validate.reading.styles import bracketed, nested

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MAX_FIELDS = 10_000


def read_form(spec: Spec, body: bytes, content_type: str, schema: Pointer) -> Json:
    """Read a form as an object, each field by the schema of its property; ValueError when it is no form."""
    fields = _multipart(body, content_type) if content_type.startswith(MULTIPART) else _urlencoded(body)
    places = dict(coerce.in_place(spec, schema))
    gathered: dict[str, list[_Field]] = {}
    for field in fields:
        name, keys = bracketed(field.name)
        known = any(True for _ in _places(places, field.name, named=True))
        parts = (field.name, ()) if known else (name, keys)
        gathered.setdefault(parts[0], []).append(field._replace(name=parts[0], keys=parts[1]))
    encodings: Any = look(spec.document, Pointer(schema[:-1]) / "encoding") or {}
    return {
        name: _value(spec, found, next(_places(places, name), None), encodings.get(name, {}))
        for name, found in gathered.items()
    }


class _Field(NamedTuple):
    """A field as it was sent; `media` is the content type of its part, `keys` what stood in brackets."""

    name: str
    text: str
    media: str = ""
    keys: tuple[str, ...] = ()


def _places(places: Mapping[Pointer, dict[str, Any]], name: str, *, named: bool = False) -> Iterator[Pointer]:
    for at, node in places.items():
        found = property_places(node, at, name)
        yield from (place for place in found if not named or place[-2] == "properties")


def _value(spec: Spec, fields: list[_Field], schema: Pointer | None, encoding: dict[str, Any]) -> Json:
    """Read the fields of one name: as JSON, split by the style of their encoding, or by their brackets."""
    types = coerce.types_of(spec, schema) if schema is not None else frozenset[str]()
    read = [_json(field, types, encoding) for field in fields if not field.keys]
    if read and all(one is not None for one in read):
        values = [one.value for one in read if one is not None]
        return values if len(values) > 1 or ("array" in types and type(values[0]) is not list) else values[0]
    joint = _JOINTS.get(encoding.get("style", ""), ",")
    entries = [(field.keys, field.text) for field in fields]
    if "array" in types and encoding.get("explode") is False and len(fields) == 1:
        entries = [((), text) for text in fields[0].text.split(joint)]
    return nested(spec, entries, schema)


_JOINTS: Final = {"spaceDelimited": " ", "pipeDelimited": "|"}


def _json(field: _Field, types: frozenset[str], encoding: dict[str, Any]) -> Decoded | None:
    """Read a field as JSON where it was sent as JSON, or is an object that no style spells out."""
    declared = plain(field.media or encoding.get("contentType", ""))
    complex_ = types and types <= {"object", "array", "null"} and field.text.lstrip().startswith(("{", "["))
    if not is_json(declared) and (declared not in {"", "text/plain"} or not complex_):
        return None
    decoded = decode(field.text.encode("utf-8", "surrogatepass"))
    return decoded if decoded.usable else None


def _urlencoded(body: bytes) -> list[_Field]:
    text = body.decode("utf-8", "replace")
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    return [_Field(name, value) for name, value in pairs]


def _multipart(body: bytes, content_type: str) -> list[_Field]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("utf-8", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise ValueError("no parts")
    fields = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
        media = part.get_content_type() if "content-type" in part else ""
        fields.append(_Field(str(name or ""), text, media))
    return fields
