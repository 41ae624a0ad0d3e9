"""The reference engine: jsonschema with our formats, patterns and decimal arithmetic.

jsonschema's own keywords are replaced only where they read Python's `re`, divide binary floats, or name the
parent of what is missing or too much; everything else is jsonschema's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, localcontext
from typing import Any, Final
from urllib.parse import unquote

import referencing
import referencing.exceptions
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import FormatError, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from jsonschema_specifications import REGISTRY as SPECIFICATIONS  # type: ignore[import-untyped]
from referencing.jsonschema import DRAFT202012, SchemaRegistry

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.patterns import search
from contracts.schema.faults import ROOT, SchemaFault, keyword_of
from contracts.schema.formats import FORMATS, NUMBER_FORMATS, number_fits
from contracts.spec import DATA, LISTS, NAMED, PARTS, SINGLE, fragment, look
from contracts.text import safe_text

STACK: Final = 12_000
"""Python frames that jsonschema may use: some ten for each of 256 levels, and as many again for unions."""

Errors = Iterator[ValidationError]
_METASCHEMAS = [(uri, SPECIFICATIONS[uri]) for uri in SPECIFICATIONS]


class _Formats(FormatChecker):
    """Our format policy in the shape that jsonschema asks for."""

    def __init__(self) -> None:
        super().__init__(formats=())

    def check(self, instance: object, format: str) -> None:  # noqa: A002 -- jsonschema's name
        """Raise FormatError for a value that its format forbids; unknown formats say nothing."""
        known = FORMATS.get(format)
        fits = number_fits(format, instance) if format in NUMBER_FORMATS else True
        if not fits or (known and isinstance(instance, str) and not known(instance)):
            raise FormatError(format)


def _required(validator: Validator, required: Json, instance: Json, schema: Json) -> Errors:
    if validator.is_type(instance, "object"):
        for name in required:
            if name not in instance:
                yield ValidationError("missing", path=[name])


def _dependent_required(validator: Validator, dependent: Json, instance: Json, schema: Json) -> Errors:
    if validator.is_type(instance, "object"):
        for name, needed in dependent.items():
            if name in instance:
                yield from (
                    ValidationError("missing", path=[other]) for other in needed if other not in instance
                )


def _additional(validator: Validator, additional: Json, instance: Json, schema: Json) -> Errors:
    if not validator.is_type(instance, "object"):
        return
    known, patterns = schema.get("properties", {}), tuple(schema.get("patternProperties", {}))
    for name, value in instance.items():
        if name in known or any(search(pattern, name) for pattern in patterns):
            continue
        if additional is False:
            yield ValidationError("too much", path=[name])
        else:
            yield from validator.descend(value, additional, path=name)  # type: ignore[attr-defined]


def _property_names(validator: Validator, names: Json, instance: Json, schema: Json) -> Errors:
    """Say which name does not fit, at the property that bears it."""
    if validator.is_type(instance, "object"):
        for name in instance:
            for error in validator.descend(name, names, path=name):  # type: ignore[attr-defined]
                error.validator = "propertyNames"
                yield error


def _pattern_properties(validator: Validator, patterns: Json, instance: Json, schema: Json) -> Errors:
    if validator.is_type(instance, "object"):
        for pattern, sub in patterns.items():
            for name, value in instance.items():
                if search(pattern, name):
                    yield from validator.descend(value, sub, path=name, schema_path=pattern)  # type: ignore[attr-defined]


def _pattern(validator: Validator, pattern: Json, instance: Json, schema: Json) -> Errors:
    if validator.is_type(instance, "string") and not search(pattern, instance):
        yield ValidationError("no match")


def _multiple_of(validator: Validator, step: Json, instance: Json, schema: Json) -> Errors:
    if validator.is_type(instance, "number") and not _is_multiple(instance, step):
        yield ValidationError("no multiple")


def _is_multiple(value: float, step: float) -> bool:
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    with localcontext() as context:
        context.prec = 700  # enough for any two doubles side by side
        return Decimal(repr(value)) % Decimal(repr(step)) == 0


def _unevaluated_properties(validator: Validator, unevaluated: Json, instance: Json, schema: Json) -> Errors:
    if not validator.is_type(instance, "object"):
        return
    beside = {key: sub for key, sub in schema.items() if key != "unevaluatedProperties"}
    known = _evaluated(validator, instance, beside)
    for name, value in instance.items():
        if name not in known and not validator.evolve(schema=unevaluated).is_valid(value):
            yield ValidationError("too much", path=[name])


def _items(validator: Validator, items: Json, instance: Json, schema: Json) -> Errors:
    if validator.is_type(instance, "array"):
        for index in range(len(schema.get("prefixItems", ())), len(instance)):
            yield from validator.descend(instance[index], items, path=index)  # type: ignore[attr-defined]


def _ref(validator: Any, ref: Json, instance: Json, schema: Json) -> Errors:
    """Follow a `$ref`, and leave it in the path: the place of a fault is found again by walking it."""
    for error in validator._validate_reference(ref=ref, instance=instance):  # noqa: SLF001
        error.schema_path.appendleft("$ref")
        yield error


def _evaluated(validator: Any, instance: Mapping[str, Json], schema: Json) -> set[str]:
    """Collect the property names that the schema and its in-place applicators evaluate."""
    if not isinstance(schema, dict):
        return set()
    names = {name for name in schema.get("properties", ()) if name in instance}
    names.update(n for p in schema.get("patternProperties", ()) for n in instance if search(p, n))
    if any(key in schema for key in ("additionalProperties", "unevaluatedProperties")):
        closed = (
            schema.get("additionalProperties", True) is False
            or schema.get("unevaluatedProperties", True) is False
        )
        names.update(() if closed else instance)
    for sub, resolver in _in_place(validator, instance, schema):
        names |= _evaluated(validator.evolve(schema=sub, _resolver=resolver), instance, sub)
    return names


def _in_place(validator: Any, instance: Json, schema: Mapping[str, Json]) -> Iterator[tuple[Json, Any]]:
    """Yield the subschemas that speak of the same instance and accept it, with the scope they stand in."""
    here = validator._resolver  # noqa: SLF001 -- jsonschema offers no public view of the dynamic scope
    for key in ("$ref", "$dynamicRef"):
        if key in schema:
            found = here.lookup(schema[key])
            yield found.contents, found.resolver
    branches = [sub for key in PARTS for sub in schema.get(key, ())]
    branches += [sub for name, sub in schema.get("dependentSchemas", {}).items() if name in instance]
    if "if" in schema:
        holds = validator.evolve(schema=schema["if"]).is_valid(instance)
        branches += [schema["if"]] if holds else []
        branches += [schema[key] for key in (("then",) if holds else ("else",)) if key in schema]
    for sub in branches:
        if validator.evolve(schema=sub).is_valid(instance):
            yield sub, here


_Reference: Final[Any] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "required": _required,
        "dependentRequired": _dependent_required,
        "additionalProperties": _additional,
        "patternProperties": _pattern_properties,
        "propertyNames": _property_names,
        "pattern": _pattern,
        "multipleOf": _multiple_of,
        "unevaluatedProperties": _unevaluated_properties,
        "items": _items,
        "$ref": _ref,
    },
)


def reference_parts() -> tuple[Any, FormatChecker]:
    """Give the jsonschema class and the format checker of this engine, for pipelines that take both."""
    return _Reference, _Formats()


@contextmanager
def deep() -> Iterator[None]:
    """Let jsonschema recurse as deep as a body may nest; SpecError where even that does not do."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(usual, STACK))
    try:
        yield
    except referencing.exceptions.Unresolvable as error:
        raise SpecError(f"a $ref points nowhere: {safe_text(str(error), 120)}") from None
    except RecursionError:
        raise SpecError("the schema nests too deeply for the reference engine") from None
    finally:
        sys.setrecursionlimit(usual)


class ReferenceEngine:
    """A schema judged by jsonschema; nothing is fetched."""

    __slots__ = ("_root", "_schema", "_validator")

    def __init__(self, schema: Json, root: Json, pointer: str, *, formats: bool = True) -> None:
        registry: SchemaRegistry = referencing.Registry().with_resources(_METASCHEMAS)
        self._root = spelled_out(root if root is not None else schema)
        schema = self._root
        if root is not None:
            registry = registry.with_resource(ROOT, DRAFT202012.create_resource(self._root))
            schema = {"$ref": f"{ROOT}#{fragment(pointer)}"}
        self._schema = schema
        self._validator: Any = _Reference(
            schema, registry=registry, format_checker=_Formats() if formats else None
        )

    def is_valid(self, value: Json) -> bool:
        """Whether the value has no fault."""
        with deep():
            return bool(self._validator.is_valid(value))

    def faults(self, value: Json) -> Iterator[SchemaFault]:
        """Yield every fault of a value."""
        with deep():
            errors = list(self._validator.iter_errors(value))
        yield from (self._fault(error, ()) for error in errors)

    def _fault(self, error: ValidationError, above: tuple[str | int, ...]) -> SchemaFault:
        path = (
            tuple(error.absolute_schema_path)
            if error.parent is None
            else (*above, *error.relative_schema_path)
        )
        place = self._place(path)
        keyword = str(error.validator) if error.validator in _TOLD else str(keyword_of(place))
        if keyword == "contains" and look(self._root, Pointer((*place[:-1], "minContains"))) is not None:
            keyword = "minContains"
        if keyword in _RENAMED:
            place = Pointer((*place[:-1], keyword))
        elif keyword == "not" and error.validator_value is _NOTHING:
            place = Pointer(place[:-1])
            keyword = str(keyword_of(place))
        return SchemaFault(Pointer(error.absolute_path), keyword, place, self._branches(error, path))

    def _branches(
        self, error: ValidationError, path: tuple[str | int, ...]
    ) -> tuple[tuple[SchemaFault, ...], ...]:
        if error.validator not in {"anyOf", "oneOf"}:
            return ()
        count = len(error.validator_value)  # type: ignore[arg-type]
        inner = [(e.relative_schema_path[0], self._fault(e, path)) for e in error.context]
        return tuple(tuple(fault for index, fault in inner if index == n) for n in range(count))

    def _place(self, path: tuple[str | int, ...]) -> Pointer:
        """Walk a schema path with its `$ref`s to the place in the document where the keyword stands."""
        at, node = Pointer(), self._schema
        for token in path:
            target = node.get("$ref") if token == "$ref" and isinstance(node, dict) else None
            if isinstance(target, str) and target.removeprefix(ROOT).startswith("#/"):
                at = Pointer.parse(unquote(target.removeprefix(ROOT)[1:]))
                node = _find(self._root, at)
            else:
                at, node = at / token, _step(node, token)
        return at


_RENAMED = {"minContains", "maxContains"}
_TOLD = {*_RENAMED, "propertyNames"}
"""What jsonschema says better than the end of the path."""
_NOTHING: Final[dict[str, Json]] = {}
_PLACED: Final = tuple(key for key in SINGLE if key not in {"additionalProperties", "unevaluatedProperties"})


def spelled_out(node: Json, *, named: bool = False) -> Json:
    """Copy a document, the schema False written `{"not": {}}`: jsonschema loses the place of a bare False.

    `named` says that the keys of the object are names of the vendor's, such as those of properties.
    """
    if isinstance(node, list):
        return [spelled_out(item) for item in node]
    if not isinstance(node, dict):
        return node
    if named:
        return {name: _never(spelled_out(item)) for name, item in node.items()}
    copy = {
        key: item if key in DATA else spelled_out(item, named=key in NAMED)
        for key, item in node.items()
        if key != "$schema"  # jsonschema would go over to its own class for what stands below
    }
    for key in LISTS:
        if isinstance(copy.get(key), list):
            copy[key] = [_never(sub) for sub in copy[key]]
    return copy | {key: _never(copy[key]) for key in (*_PLACED, "schema") if key in copy}


def _never(schema: Json) -> Json:
    return {"not": _NOTHING} if schema is False else schema


def _find(document: Json, at: Pointer) -> Json:
    """Look a pointer up; None where the schema is reached by its own `$id` instead."""
    for token in at:
        document = _step(
            document, int(token) if isinstance(document, list) and str(token).isdigit() else token
        )
    return document


def _step(node: Json, token: str | int) -> Json:
    try:
        return node[token]
    except (KeyError, IndexError, TypeError):
        return None
