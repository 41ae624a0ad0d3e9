"""The parameters of a request: found in path, query, headers and cookies, and read by style and schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, unquote_plus

from contracts.address import read_address
from contracts.decode import decode
from contracts.model import Json, Pointer, Request
from contracts.spec import Operation, Parameter, Spec
from contracts.validate.reading import coerce
from contracts.validate.reading.styles import bracketed, nested, path_parts

_SEPARATORS: Final = {
    "spaceDelimited": ("%20", "+", " "),
    "pipeDelimited": ("|", "%7C", "%7c"),
}
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a request carries, still encoded: path texts by name, query pairs, headers and cookies by name."""

    path: Mapping[str, str]
    query: Pairs
    header: Mapping[str, str]
    cookie: Mapping[str, str]


def sent(spec: Spec, operation: Operation, request: Request) -> Sent:
    """Take a request apart; names are decoded, values are left as they were sent."""
    query = read_address(request.url).query
    parts = (part.partition("=") for part in query.split("&") if part)
    headers: dict[str, str] = {}
    for name, value in ((name.lower(), value) for name, value in request.headers):
        joint = ";" if name == "cookie" else ","  # RFC 9113 lets HTTP/2 send each cookie by itself
        headers[name] = f"{headers[name]}{joint}{value}" if name in headers else value
    return Sent(
        spec.captured(operation, request.url),
        tuple((unquote_plus(name), value) for name, _, value in parts),
        headers,
        _cookies(headers.get("cookie", "")),
    )


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, sep, value in pairs if sep}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the parameters of one request; `accepts` says whether a schema takes a value."""

    spec: Spec
    carried: Sent
    accepts: Callable[[Json, Pointer], bool]

    def value(self, parameter: Parameter) -> tuple[bool, Json]:
        """Give (whether it was sent, its value); an array or object is put together from its parts."""
        node: dict[str, Any] = self.spec.resolve(parameter.pointer)[0]
        if parameter.location == "query":
            return self._query(parameter, node)
        held: Mapping[str, str] = getattr(self.carried, parameter.location, {})
        name = parameter.name.lower() if parameter.location == "header" else parameter.name
        if name not in held:
            return False, None
        if parameter.location == "path" and "content" not in node:
            return True, self._path(held[name], parameter, node)
        text = held[name] if parameter.location == "header" else unquote(held[name])
        return True, self._content(text) if "content" in node else self._scalar(text, parameter)

    def _path(self, text: str, parameter: Parameter, node: dict[str, Any]) -> Json:
        kinds = coerce.types_of(self.spec, parameter.schema) if parameter.schema else frozenset[str]()
        style, explode = node.get("style", ""), node.get("explode") is True
        parts = path_parts(text, parameter.name, style, kinds, explode=explode)
        if isinstance(parts, str) or parameter.schema is None:
            return self._scalar(parts, parameter) if isinstance(parts, str) else text
        if isinstance(parts, list):
            return coerce.items(self.spec, parts, parameter.schema)
        return coerce.members(self.spec, parts, parameter.schema)

    def _query(self, parameter: Parameter, node: dict[str, Any]) -> tuple[bool, Json]:
        style = node.get("style", "form")
        explode = node.get("explode", style == "form")
        texts = [value for name, value in self.carried.query if name == parameter.name]
        kinds = coerce.types_of(self.spec, parameter.schema) if parameter.schema else frozenset[str]()
        if "content" in node:
            return bool(texts), self._content(unquote_plus(texts[0])) if texts else None
        if "object" in kinds and (style == "deepObject" or explode):
            return self._members(parameter, deep=style == "deepObject")
        if not texts:
            return False, None
        if "array" in kinds and parameter.schema and (len(texts) > 1 or "string" not in kinds):
            parts = texts if explode else _split(texts[0], style)
            return True, coerce.items(self.spec, [unquote_plus(part) for part in parts], parameter.schema)
        if len(texts) > 1:
            return True, [unquote_plus(text) for text in texts]
        return True, self._scalar(unquote_plus(texts[0]), parameter)

    def _members(self, parameter: Parameter, *, deep: bool) -> tuple[bool, Json]:
        """Gather an object spread over the query: `name[key]=…`, or its properties by their own names."""
        assert parameter.schema is not None
        if deep:
            split = ((bracketed(name), unquote_plus(text)) for name, text in self.carried.query)
            mine = [(keys, text) for (name, keys), text in split if name == parameter.name and keys]
            return bool(mine), nested(self.spec, mine, parameter.schema) if mine else None
        known = set(property_names(self.spec, parameter.schema))
        texts = {key: unquote_plus(value) for key, value in self.carried.query if key in known}
        return bool(texts), coerce.members(self.spec, texts, parameter.schema)

    def _content(self, text: str) -> Json:
        decoded = decode(text.encode("utf-8", "surrogatepass"))
        return decoded.value if decoded.usable else text

    def _scalar(self, text: str, parameter: Parameter) -> Json:
        schema = parameter.schema
        if schema is None:
            return text
        return coerce.read_text(self.spec, text, schema, lambda value: self.accepts(value, schema))


def _split(text: str, style: str) -> list[str]:
    for separator in _SEPARATORS.get(style, (",",)):
        if separator in text:
            return text.split(separator)
    return [text] if text else []


def property_names(spec: Spec, schema: Pointer) -> Iterator[str]:
    """Yield the property names that a schema declares, `$ref`s and in-place parts included."""
    for _, node in coerce.in_place(spec, schema):
        properties = node.get("properties")
        yield from properties if isinstance(properties, dict) else ()


def unknown_query(spec: Spec, operation: Operation, carried: Sent) -> Iterator[str]:
    """Yield the query names, each once, that no parameter and no security scheme of the spec takes."""
    known, starts = set(_security_names(spec)), []
    for parameter in operation.parameters:
        if parameter.location == "query":
            node = spec.resolve(parameter.pointer)[0]
            known.add(parameter.name)
            starts += [f"{parameter.name}["] if node.get("style") == "deepObject" else []
            known |= set(property_names(spec, parameter.schema)) if parameter.schema else set()
    for name in dict.fromkeys(name for name, _ in carried.query):
        if name not in known and not name.startswith(tuple(starts)):
            yield name


def _security_names(spec: Spec) -> Iterator[str]:
    schemes = (spec.document.get("components") or {}).get("securitySchemes") or {}
    for name in schemes:
        scheme = spec.resolve(Pointer(("components", "securitySchemes", name)))[0]
        if isinstance(scheme, dict) and scheme.get("in") == "query" and isinstance(scheme.get("name"), str):
            yield scheme["name"]
