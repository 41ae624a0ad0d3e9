"""Two engines that judge a value by a JSON Schema 2020-12, and give the same faults.

`fast` is jsonschema-rs, compiled, offline. `reference` is jsonschema (see `reference.py`). Both use our
formats and our pattern engine, fetch nothing, and name each fault by (pointer at the empty chair, keyword,
spec pointer); a union fault carries the faults of its branches.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import jsonschema_rs

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.patterns import OPTIONS, original
from contracts.schema.faults import ROOT, Engine, SchemaFault, keyword_of
from contracts.schema.formats import FORMATS, NUMBER_FORMATS, number_fits
from contracts.schema.shortcuts import NUMBER_FORMAT, complete, quick
from contracts.spec import fragment, look
from contracts.text import safe_text

Mark = Callable[[Json], Json]


def compile_schema(
    schema: Json, engine: str = "fast", *, root: Json = None, pointer: str = "", formats: bool = True
) -> Engine:
    """Compile a schema; with `root`, the schema at `pointer` in that document, `$ref`s resolved in it.

    `schema` is ignored when `root` is given; `formats=False` leaves formats as annotations, as JSON Schema
    does by default. SpecError when a `$ref` or a pattern cannot be used.
    """
    if engine == "reference":
        from contracts.schema.reference import ReferenceEngine

        _compile(schema, root, pointer, formats=formats)  # what one engine cannot read, neither may judge by
        return ReferenceEngine(schema, root, pointer, formats=formats)
    return FastEngine(schema, root, pointer, formats=formats)


class FastEngine:
    """A schema compiled by jsonschema-rs, twice: for verdicts, and once a value is wrong for its faults."""

    __slots__ = ("_asked", "_document", "_exact", "_source", "is_valid")

    def __init__(self, schema: Json, root: Json, pointer: str, *, formats: bool = True) -> None:
        self._document = schema if root is None else root
        self._asked = (schema, root, pointer)
        self._source = partial(_compile, schema, root, pointer, formats=formats)
        self._exact: jsonschema_rs.Draft202012Validator | None = None
        self.is_valid: Callable[[Json], bool] = self._source(mark=quick if formats else complete).is_valid

    def faults(self, value: Json) -> Iterator[SchemaFault]:
        """Yield every fault of a value."""
        self._exact = self._exact or self._source()
        found: list[SchemaFault] = []
        places: dict[Pointer, Pointer] = {}
        errors = _first(self._exact, value) if crowded(value) else self._exact.iter_errors(value)
        for error in errors:  # each holds the value that it is about: none is kept
            if _misspelt(error.instance_path, value) or (not found and _unnamed(value)):
                from contracts.schema.reference import ReferenceEngine

                yield from ReferenceEngine(*self._asked).faults(value)
                return
            found += (
                replace(one, spec_pointer=places.setdefault(one.spec_pointer, one.spec_pointer))
                for one in _faults(error, value)
            )
        for fault in found:
            unsaid = fault.keyword == "minContains" and look(self._document, fault.spec_pointer) is None
            yield _few(fault) if unsaid else fault


CROWD: Final = 200_000
"""Values in a value from which on only the first fault is named: the engine takes 3 KB for each at once."""


def crowded(value: Json) -> bool:
    """Whether a value holds so many others that to name every fault could take gigabytes."""
    seen, todo = 0, [value]
    while todo and seen <= CROWD:
        one = todo.pop()
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        seen += len(inner)
        todo += [child for child in inner if isinstance(child, dict | list)]
    return seen > CROWD


def _first(validator: Any, value: Json) -> Iterator[jsonschema_rs.ValidationError]:
    try:
        validator.validate(value)
    except jsonschema_rs.ValidationError as error:
        yield error


def _few(fault: SchemaFault) -> SchemaFault:
    """Say by `contains` itself that items are missing, where the schema has no minimum of its own."""
    return replace(fault, keyword="contains", spec_pointer=Pointer((*fault.spec_pointer[:-1], "contains")))


def _compile(
    schema: Json, root: Json, pointer: str, *, formats: bool, mark: Mark = complete
) -> jsonschema_rs.Draft202012Validator:
    options: dict[str, Any] = {
        "formats": dict(FORMATS),
        "validate_formats": formats,
        "ignore_unknown_formats": True,
        "pattern_options": OPTIONS,
        "keywords": {NUMBER_FORMAT: _NumberFormat},
        "offline": True,
    }
    try:
        if root is None:
            return jsonschema_rs.Draft202012Validator(mark(schema), **options)
        reference = {"$ref": f"{ROOT}#{fragment(pointer)}"}
        return jsonschema_rs.Draft202012Validator(reference, registry=_registry(root, mark), **options)
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        reason = safe_text(str(error).splitlines()[0], 160)
        raise SpecError(f"the schema at '{pointer or '/'}' cannot be compiled: {reason}") from None


_REGISTRIES: Final[deque[tuple[Json, Mark, jsonschema_rs.Registry]]] = deque(maxlen=16)


def _registry(root: Json, mark: Mark) -> jsonschema_rs.Registry:
    """Give the registry of a document, built once: the documents in use are few, their schemas many."""
    for known, marked_by, registry in _REGISTRIES:
        if known is root and marked_by is mark:
            return registry
    registry = jsonschema_rs.Registry([(ROOT, mark(root))], draft=jsonschema_rs.Draft202012)
    _REGISTRIES.append((root, mark, registry))
    return registry


class _NumberFormat:
    """The keyword behind int32, int64, float and double."""

    __slots__ = ("name",)

    def __init__(self, parent_schema: Mapping[str, Json], value: Json, schema_path: list[str | int]) -> None:
        self.name = str(value) if value in NUMBER_FORMATS else ""

    def validate(self, instance: Json) -> None:
        """Refuse a number outside the range by raising, as jsonschema-rs asks."""
        if self.name and not number_fits(self.name, instance):
            raise ValueError(self.name)


def _place(path: list[str | int], value: Json) -> Pointer:
    """Give a place as the value spells it: jsonschema-rs tells a property named `00` as the position 0.

    Of several names that are one number the plainest is told, and names that it cannot tell apart stay so.
    """
    spelled: list[str | int] = []
    for step in path:
        if isinstance(step, int) and isinstance(value, dict):
            names = [name for name in value if name.isascii() and name.isdigit() and int(name) == step]
            spelled.append(min(names, key=len, default=str(step)))
        else:
            spelled.append(step)
        value = _inner(value, spelled[-1])
    return Pointer(spelled)


def _misspelt(path: list[str | int], value: Json) -> bool:
    """Whether a place holds a number for a name that is spelled otherwise, such as `01`."""
    for step in path:
        if isinstance(step, int) and isinstance(value, dict):
            names = [name for name in value if name.isascii() and name.isdigit() and int(name) == step]
            if names != [str(step)]:
                return True
        value = _inner(value, step)
    return False


def _unnamed(value: Json) -> bool:
    """Whether an object has a property of the empty name, which jsonschema-rs leaves out of its places."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            if "" in one:
                return True
            todo += one.values()
        elif isinstance(one, list):
            todo += one
    return False


def _inner(value: Json, step: str | int) -> Json:
    if isinstance(value, dict):
        return value.get(str(step))
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def _faults(error: jsonschema_rs.ValidationError, value: Json) -> Iterator[SchemaFault]:
    at, place = _place(error.instance_path, value), Pointer(map(original, error.schema_path))
    kind: Any = error.kind
    name = kind.name
    if name == "required":
        yield SchemaFault(at / kind.property, str(keyword_of(place)), place)
    elif name in {"additionalProperties", "unevaluatedProperties"}:
        yield from (SchemaFault(at / key, name, place) for key in kind.unexpected)
    elif name == "propertyNames":
        yield SchemaFault(at / kind.error.instance, name, place)
    elif name in _UNIONS:
        branches = _branches(kind, value)
        fitting = not all(branches)  # a oneOf that several take: no branch is at fault
        yield SchemaFault(at, str(keyword_of(place)), place, () if fitting else branches)
    elif name == NUMBER_FORMAT or place[-1:] == (NUMBER_FORMAT,):
        yield SchemaFault(at, "format", Pointer((*place[:-1], "format")))
    else:
        yield SchemaFault(at, str(keyword_of(place)), place)


_UNIONS = {"anyOf", "oneOf"}


def _branches(kind: Any, value: Json) -> tuple[tuple[SchemaFault, ...], ...]:
    context = getattr(kind, "context", None) or ()
    return tuple(tuple(fault for error in branch for fault in _faults(error, value)) for branch in context)
