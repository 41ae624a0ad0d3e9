"""What a spec says that nothing can check: format names and keywords that nobody knows, once per spec."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Final

from contracts.model import Json, Pointer
from contracts.schema import FORMATS, KEYWORDS, NUMBER_FORMATS, SILENT, reachable
from contracts.spec import Operation, Spec
from contracts.text import plural, safe_text, show
from contracts.validate.examples import is_placeholder

_KNOWN: Final = KEYWORDS | frozenset(
    {
        "$comment",
        "$defs",
        "definitions",
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "example",
        "examples",
        "contentSchema",
        "discriminator",
        "xml",
        "externalDocs",
    }
)


def spec_notices(spec: Spec, operations: Iterable[Operation]) -> tuple[str, ...]:
    """Give one sentence per unknown format and per misspelt keyword of the schemas in use, sorted.

    What of the document was set aside is told first, once for each reason, with the first place of it.
    """
    found: set[str] = set()
    seen: set[Pointer] = set()
    empty = 0
    for operation in operations:
        for start in _starts(operation):
            for at, node in reachable(spec, start, seen):
                found.update(_of_schema(spec, at, node))
                empty += is_placeholder(node)
    if empty:
        said = f"{plural(empty, 'example')}: null beside a type without null"
        found.add(f"{spec.source.name}: {said}, taken for a placeholder")
    return (*_set_aside(spec), *sorted(found))


def _set_aside(spec: Spec) -> Iterator[str]:
    places: dict[tuple[str, bool], list[Pointer]] = {}
    for one in spec.aside:
        places.setdefault((one.reason, one.lost), []).append(one.pointer)
    for (reason, lost), found in places.items():
        more = f" (and at {plural(len(found) - 1, 'further place')})" if len(found) > 1 else ""
        tail = "; it is not judged" if lost else ""
        at = safe_text(str(found[0]), 200)
        yield f"{spec.line(found[0])}: {at}: {reason}{tail}{more}"


def _starts(operation: Operation) -> Iterator[Pointer]:
    for response in operation.responses.values():
        yield from (schema for schema in response.content.values() if schema is not None)
        yield from (header.schema for header in response.headers if header.schema is not None)
    yield from (schema for schema in operation.body.values() if schema is not None)
    yield from (parameter.schema for parameter in operation.parameters if parameter.schema is not None)


def _of_schema(spec: Spec, at: Pointer, node: dict[str, Json]) -> Iterator[str]:
    name = node.get("format")
    if isinstance(name, str) and name not in FORMATS and name not in NUMBER_FORMATS and name not in SILENT:
        yield f"{spec.source.name}: the format {show(name)} is unknown, so it is not checked"
    for key in node:
        if key not in _KNOWN and not key.startswith("x-"):
            near = difflib.get_close_matches(key, sorted(_KNOWN), n=1, cutoff=0.75)
            hint = f"; did the vendor mean {show(near[0])}?" if near else ""
            word = safe_text(key, 40)
            yield f"{spec.line(at)}: '{word}' is no keyword of JSON Schema, so it checks nothing{hint}"
