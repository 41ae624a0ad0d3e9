"""Swagger 2.0 read as OpenAPI 3.0, so that the one upgrade to 3.1 does the rest.

Sources: the Swagger 2.0 specification (https://swagger.io/specification/v2/) for what the words mean, and the
OpenAPI 3.0.3 specification for where the same is said there. What 3.0 cannot say is kept as `x-swagger-…`.
Nothing is invented: a body without `consumes` is JSON, as is an answer without `produces`, since that is what
Swagger's schemas describe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from contracts.model import Json
from contracts.spec.keywords import VERBS, with_methods

_MOVED: Final = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
}
_SCHEMA: Final = (
    *("type", "format", "items", "default", "enum", "multipleOf", "pattern", "uniqueItems"),
    *("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"),
    *("maxLength", "minLength", "maxItems", "minItems"),
)
_OWN: Final = frozenset({"consumes", "produces", "schemes"})
_FLOWS: Final = {
    "accessCode": "authorizationCode",
    "application": "clientCredentials",
    "implicit": "implicit",
    "password": "password",
}
_DATA: Final = frozenset({"example", "examples", "default", "enum"})
_STYLES: Final = {"ssv": "spaceDelimited", "pipes": "pipeDelimited"}


def swagger_to_openapi(document: Mapping[str, Json]) -> dict[str, Json]:
    """Give the OpenAPI 3.0 form of a Swagger 2.0 document; the argument is not changed.

    Values of an unexpected shape are kept as they are: the guard at loading names them.
    """
    return _Conversion(document).document()


class _Conversion:
    """One document; media types and shared bodies are looked up in it."""

    def __init__(self, source: Mapping[str, Json]) -> None:
        self.source = source
        self.parameters = _object(source.get("parameters"))

    def document(self) -> dict[str, Json]:
        source = self.source
        made: dict[str, Json] = {"openapi": "3.0.3", "info": source.get("info", {})}
        made |= {key: source[key] for key in ("tags", "externalDocs", "security") if key in source}
        if servers := _servers(source, source.get("schemes")):
            made["servers"] = servers
        made["paths"] = _each(source.get("paths"), self.path)
        made |= {key: value for key, value in source.items() if key.startswith("x-")}
        if components := self.components():
            made["components"] = components
        return made

    def components(self) -> dict[str, Json]:
        source = self.source
        consumes, produces = _texts(source.get("consumes")), _texts(source.get("produces"))
        plain = {n: p for n, p in self.parameters.items() if _place(p) not in {"body", "formData"}}
        bodies = {n: p for n, p in self.parameters.items() if _place(p) == "body"}
        found = {
            "schemas": _each(source.get("definitions"), _schema),
            "parameters": _each(plain, _parameter),
            "requestBodies": {name: _body(one, consumes) for name, one in bodies.items()},
            "responses": _each(source.get("responses"), lambda one: _response(one, produces)),
            "securitySchemes": _each(source.get("securityDefinitions"), _scheme),
        }
        return {key: value for key, value in found.items() if value or (value != {} and value is not None)}

    def path(self, item: Json) -> Json:
        if not isinstance(item, dict):
            return item
        item = with_methods(item)
        shared = item.get("parameters")
        own = [one for one in _list(shared) if self.place(one) not in {"body", "formData"}]
        carried = [one for one in _list(shared) if self.place(one) in {"body", "formData"}]
        made = {key: self.operation(value, carried) if key in VERBS else value for key, value in item.items()}
        if "parameters" in made:
            made["parameters"] = [_parameter(one) for one in own] if isinstance(shared, list) else shared
        return made

    def operation(self, operation: Json, carried: list[Json]) -> Json:
        if not isinstance(operation, dict):
            return operation
        consumes = _texts(operation.get("consumes", self.source.get("consumes")))
        produces = _texts(operation.get("produces", self.source.get("produces")))
        made = {
            key: value for key, value in operation.items() if key not in {"consumes", "produces", "schemes"}
        }
        listed = [*carried, *_list(operation.get("parameters"))]
        if isinstance(operation.get("parameters", []), list):
            made["parameters"] = [
                _parameter(one) for one in listed if self.place(one) not in {"body", "formData"}
            ]
            if not made["parameters"]:
                del made["parameters"]
        if body := self.request_body(listed, consumes):
            made["requestBody"] = body
        made["responses"] = _each(operation.get("responses", {}), lambda r: _response(r, produces))
        if "schemes" in operation and (servers := _servers(self.source, operation["schemes"])):
            made["servers"] = servers
        return made

    def place(self, parameter: Json) -> str:
        """Say where a parameter stands, its reference followed."""
        return _place(self.opened(parameter))

    def opened(self, parameter: Json) -> Json:
        ref = parameter.get("$ref") if isinstance(parameter, dict) else None
        if isinstance(ref, str) and ref.startswith("#/parameters/"):
            return self.parameters.get(
                ref.removeprefix("#/parameters/").replace("~1", "/").replace("~0", "~")
            )
        return parameter

    def request_body(self, parameters: list[Json], consumes: list[str]) -> Json:
        bodies = [self.opened(one) for one in parameters if self.place(one) == "body"]
        if bodies:
            return _body(bodies[-1], consumes)
        fields = [self.opened(one) for one in parameters if self.place(one) == "formData"]
        return _form(fields, consumes) if fields else None


def _object(value: Json) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _texts(value: Json) -> list[str]:
    return [one for one in _list(value) if isinstance(one, str)]


def _place(parameter: Json) -> str:
    return str(_object(parameter).get("in", ""))


def _each(held: Json, make: Any) -> Json:
    """Convert the values of a map; extensions and what is no map stay."""
    if not isinstance(held, dict):
        return held
    return {key: value if key.startswith("x-") else make(value) for key, value in held.items()}


def _servers(source: Mapping[str, Json], schemes: Json) -> list[Json]:
    """Give the addresses: each scheme with host and base path; without a host, the base path alone."""
    host, base = source.get("host"), source.get("basePath", "")
    base = base if isinstance(base, str) and base != "/" else ""
    if not isinstance(host, str) or not host:
        return [{"url": base}] if base else []
    named = sorted(_texts(schemes) or ["https"], key=lambda scheme: scheme != "https")
    return [{"url": f"{scheme}://{host}{base}"} for scheme in named]


def _schema(value: Json) -> Json:
    """Convert a schema: references, the discriminator, `x-nullable`, and the type `file`."""
    if isinstance(value, list):
        return [_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Json] = {}
    for key, item in value.items():
        named = key in {"properties", "definitions"} and isinstance(item, dict)
        data = key in _DATA or key.startswith("x-")
        made[key] = {k: _schema(v) for k, v in item.items()} if named else item if data else _schema(item)
    if isinstance(value.get("$ref"), str):
        made["$ref"] = _moved(value["$ref"])
    if isinstance(value.get("discriminator"), str):
        made["discriminator"] = {"propertyName": value["discriminator"]}
    if value.get("x-nullable") is True or value.get("x-isnullable") is True:
        made["nullable"] = True
    if value.get("type") == "file":
        made |= {"type": "string", "format": "binary"}
    return made


def _moved(ref: str) -> str:
    file, _, name = ref.partition("#")
    start = next((old for old in _MOVED if f"#{name}".startswith(old)), "")
    return f"{file}{_MOVED[start]}{f'#{name}'[len(start) :]}" if start else ref


def _parameter(value: Json) -> Json:
    """Convert a parameter that is no body: its type becomes a schema, `collectionFormat` a style."""
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {**value, "$ref": _moved(value["$ref"])}
    made = {
        key: item for key, item in value.items() if key not in {*_SCHEMA, "collectionFormat", "x-nullable"}
    }
    made["schema"] = _items(value)
    return made | _style(value)


def _items(value: dict[str, Json]) -> dict[str, Json]:
    held = {key: value[key] for key in (*_SCHEMA, "x-nullable") if key in value}
    if isinstance(held.get("items"), dict):
        held["items"] = _items(held["items"])
    return _schema(held)  # type: ignore[no-any-return]


def _style(value: dict[str, Json]) -> dict[str, Json]:
    written = value.get("collectionFormat", "csv" if value.get("type") == "array" else None)
    if value.get("type") != "array" or value.get("in") not in ("query", "formData"):
        return {}
    if written == "multi":
        return {"explode": True}
    return {"explode": False} | (
        {"style": _STYLES[written]} if isinstance(written, str) and written in _STYLES else {}
    )


def _body(value: Json, consumes: Iterable[str]) -> Json:
    if not isinstance(value, dict):
        return value
    made = {
        key: item for key, item in value.items() if key in {"description", "required"} or key.startswith("x-")
    }
    media = {"schema": _schema(value["schema"])} if "schema" in value else {}
    names = [one for one in consumes if one not in _FORMS] or ["application/json"]
    return {**made, "content": dict.fromkeys(names, media)}


_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")


def _form(fields: list[Json], consumes: Iterable[str]) -> dict[str, Json]:
    """Convert form fields: one object with a property a field; files are sent as multipart."""
    given = [one for one in fields if isinstance(one, dict) and isinstance(one.get("name"), str)]
    schema: dict[str, Json] = {
        "type": "object",
        "properties": {
            one["name"]: _items(one) | ({"description": one["description"]} if "description" in one else {})
            for one in given
        },
    }
    if required := [one["name"] for one in given if one.get("required") is True]:
        schema["required"] = required
    files = any(one.get("type") == "file" for one in given)
    names = [one for one in consumes if one in _FORMS] or [_FORMS[0] if files else _FORMS[1]]
    encoding = {one["name"]: style for one in given if (style := _style(one))}
    media = {"schema": schema} | ({"encoding": encoding} if encoding else {})
    return {"content": dict.fromkeys(names, media)} | ({"required": True} if required else {})


def _response(value: Json, produces: list[str]) -> Json:
    """Convert a response; examples stand under their media types."""
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {**value, "$ref": _moved(value["$ref"])}
    made = {key: item for key, item in value.items() if key not in {"schema", "examples", "headers"}}
    made.setdefault("description", "")
    if "headers" in value:
        held = value["headers"]
        made["headers"] = {k: _header(v) for k, v in held.items()} if isinstance(held, dict) else held
    examples = _object(value.get("examples"))
    if "schema" in value:
        schema = _schema(value["schema"])
        file = _object(value["schema"]).get("type") == "file"
        names = produces or ["application/octet-stream" if file else "application/json"]
        content: dict[str, dict[str, Json]] = {name: {"schema": schema} for name in names}
    else:
        content = {}
    for name, example in examples.items():
        alike = next((one for one in content if _plain(one) == _plain(name)), name)
        content.setdefault(alike, {})["example"] = example
    return made | ({"content": content} if content else {})


def _plain(media: str) -> str:
    return media.partition(";")[0].strip().lower()


def _header(value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    made = {key: item for key, item in value.items() if key not in {*_SCHEMA, "collectionFormat"}}
    return {**made, "schema": _items(value)}


def _scheme(value: Json) -> Json:
    """Convert a security definition: `basic` is a scheme of HTTP, an OAuth flow has its name in 3.0."""
    if not isinstance(value, dict):
        return value
    kept = {key: item for key, item in value.items() if key == "description" or key.startswith("x-")}
    if value.get("type") == "basic":
        return {"type": "http", "scheme": "basic", **kept}
    if value.get("type") != "oauth2":
        return value
    flow = {key: value[key] for key in ("authorizationUrl", "tokenUrl") if key in value}
    name = _FLOWS.get(str(value.get("flow")), "implicit")
    return {"type": "oauth2", "flows": {name: {**flow, "scopes": value.get("scopes", {})}}, **kept}
