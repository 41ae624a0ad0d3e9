"""Corrections of a document by what its vendor really answers, as actions of an OpenAPI Overlay 1.0.

A finding names the keyword that an answer breaks, and shows the value by its witness. The correction is the
smallest change after which the document takes that value: a word more, a type more, a field described, a
status described, a name required no longer, or a limit left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from contracts.drift.schemas import kind_of
from contracts.errors import ConfigError
from contracts.model import Finding, Json, Pointer
from contracts.rules import is_guess
from contracts.secret import MASK
from contracts.spec import Shape, holding, look, provenance_at
from contracts.text import safe_text

_WORDS: Final = frozenset({"enum", "const", "observed-word"})
_TYPES: Final = frozenset({"type", "observed-type"})
_FIELDS: Final = frozenset(
    {"undescribed", "additionalProperties", "unevaluatedProperties", "observed-undescribed"}
)
_LIMITS: Final = frozenset(
    {
        *("format", "pattern", "contentEncoding", "contentMediaType", "uniqueItems", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"),
        *("minItems", "maxItems", "minProperties", "maxProperties"),
    }
)
CORRECTABLE: Final = _WORDS | _TYPES | _FIELDS | _LIMITS | {"required", "undocumented-status", "media-type"}
"""The rules whose findings an overlay can correct."""

_FORMATS: Final = (
    ("date-time", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\Z")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d\Z")),
    ("uuid", re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")),
    ("uri", re.compile(r"https?://\S+\Z")),
)
_MEDIA: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+\Z")


class Change(NamedTuple):
    """What an action does at a place: merge `update` into it, or remove it (one `item` of it, if named)."""

    at: Pointer
    update: Json = None
    item: str = ""


def correctable(finding: Finding) -> bool:
    """Whether an overlay can correct what a finding is about."""
    stated = finding.rule in CORRECTABLE and bool(finding.spec_pointer) and finding.part != "request"
    unnamed = finding.rule in _FIELDS and finding.pointer.rpartition("/")[2] in {"", "*", "{}"}
    return stated and not unnamed


def overlay_of(findings: Iterable[Finding], document: Json, evidence: str = "", *, title: str = "") -> Json:
    """Make an overlay that corrects what the findings are about; None when none of them can be corrected.

    Findings about the same keyword become one action, since an overlay replaces what it does not join.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        if correctable(one) and not one.waived:
            name = one.pointer.rpartition("/")[2] if one.rule in _FIELDS | {"required"} else ""
            name = one.status if one.rule == "undocumented-status" else name
            groups.setdefault((one.spec_pointer, name), []).append(one)
    actions = [action for some in groups.values() for action in actions_of(some, document, evidence)]
    if not actions:
        return None
    return {"overlay": "1.0.0", "info": {"title": title or _TITLE, "version": "1.0.0"}, "actions": actions}


_TITLE: Final = "What the vendor answers beyond its document"


def actions_of(findings: list[Finding], document: Json, evidence: str = "") -> Iterator[Json]:
    """Yield the actions for findings about one keyword, each with its reason and its evidence."""
    said = "; ".join(dict.fromkeys(f"{one.pointer or one.status}: {one.message}" for one in findings))
    seen = evidence or ", ".join(dict.fromkeys(one.source for one in findings if one.source))
    head = findings[0]
    reason = safe_text(f"{head.operation} {head.status} {said}", 400)
    for change in _changes(findings, document):
        what = {"remove": True} if change.update is None else {"update": change.update}
        target = _path(change.at) + (f"[?@ == {_quoted(change.item)}]" if change.item else "")
        yield {"target": target, "x-reason": reason, "x-evidence": safe_text(seen, 200), **what}


def acceptance_of(finding: Finding, document: Json, reason: str, evidence: str) -> Json:
    """Make an overlay by which the fact that a finding rests on weighs as published; None where it does so.

    The fact is a keyword that is marked as observed or inferred.
    """
    at = Pointer.parse(finding.spec_pointer) if finding.spec_pointer else Pointer()
    while at and str(at[-1]).isdigit():
        at = Pointer(at[:-1])
    if not at or not is_guess(provenance_at(document, at)):
        return None
    action = {
        "target": _path(Pointer(at[:-1])),
        "x-reason": safe_text(reason or f"{finding.operation}: {finding.pointer} is as it was observed", 400),
        "x-evidence": safe_text(evidence, 200),
        "update": {"x-provenance": {str(at[-1]): "accepted"}},
    }
    return {"overlay": "1.0.0", "info": {"title": _ACCEPTED, "version": "1.0.0"}, "actions": [action]}


_ACCEPTED: Final = "What was observed and is accepted"


def refuses(finding: Finding, document: Json) -> bool:
    """Whether a document still has what a correctable finding says of it."""
    at, name = Pointer.parse(finding.spec_pointer), finding.pointer.rpartition("/")[2]
    stated = look(document, at)
    if finding.rule in _FIELDS:
        return str(Pointer.parse(f"/{name}")[0]) not in (
            look(document, Pointer((*at[:-1], "properties"))) or ()
        )
    if finding.rule == "required":
        return str(Pointer.parse(f"/{name}")[0]) in (stated or ())
    if finding.rule in {"undocumented-status", "media-type"}:
        return (finding.status if at[-1] == "responses" else finding.found.strip("'")) not in (stated or ())
    if stated is None:
        return finding.rule == "observed-type"
    from contracts.schema import compile_schema

    engine = compile_schema(None, root=document, pointer=str(Pointer(at[:-1])))
    faults = (fault for value in _values([finding]) for fault in engine.faults(value))
    return any(str(fault.spec_pointer) == finding.spec_pointer for fault in faults)


def _changes(findings: list[Finding], document: Json) -> Iterator[Change]:
    one = findings[0]
    at = Pointer.parse(one.spec_pointer)
    above = Pointer(at[:-1])
    if one.rule in _WORDS:
        yield from _words(above, look(document, above), _values(findings))
    elif one.rule in _TYPES:
        yield from _types(at, document, _values(findings))
    elif one.rule in _FIELDS:
        name = _name(one)
        yield Change(above, {"properties": {name: schema_of(_values(findings))}})
    elif one.rule == "required":
        yield Change(at, item=_name(one))
    elif one.rule == "undocumented-status":
        content: Json = {"application/json": {"schema": {}}}
        yield Change(at, {one.status: {"description": "Not described by the vendor.", "content": content}})
    elif one.rule == "media-type":
        name = one.found.strip("'")
        if not _MEDIA.match(name):
            raise ConfigError("no content type came, and an overlay cannot describe that")
        yield Change(at, {name: {"schema": {}}})
    else:
        yield Change(at)


def _name(finding: Finding) -> str:
    """Give the name of the field that a finding is about; ConfigError where it is not shown as it is."""
    name = str(Pointer.parse(finding.pointer)[-1])
    if MASK in name or "redacted-" in name or name.endswith("…"):
        raise ConfigError("the name of the field holds a secret or was cut; write the overlay by hand")
    return name


def _words(schema: Pointer, node: Json, values: list[Json]) -> Iterator[Change]:
    """Add words to an enum; a const becomes one, since it has room for a single value."""
    alone = [node["const"]] if "const" in node else []
    if alone:
        yield Change(schema / "const")
    new = [value for value in values if value not in [*alone, *node.get("enum", ())]]
    yield Change(schema, {"enum": [*(alone if "enum" not in node else ()), *new]})


def _types(at: Pointer, document: Json, values: list[Json]) -> Iterator[Change]:
    above = Pointer(at[:-1])
    node, kinds = look(document, above) or {}, list(dict.fromkeys(_kind(value) for value in values))
    union = next((word for word in ("anyOf", "oneOf") if word in {at[-1], *node}), "")
    if at[-1] != "type" or ("type" not in node and union):  # alternatives, none of which takes the type
        yield Change(above, {union: [{"type": kind} for kind in kinds]})
        return
    if "type" not in node and not {"enum", "const"} & node.keys():
        raise ConfigError(f"{at}: the type is stated in several places; write the overlay by hand")
    old = node.get("type")
    update = {"type": kinds if isinstance(old, list) else [old, *kinds]} if old else {}
    words = [change for change in _words(above, node, values) if {"enum", "const"} & node.keys()]
    yield from words[:-1]
    if words and words[-1].update["enum"]:
        update |= words[-1].update
    yield Change(above, update)


def _values(findings: Iterable[Finding]) -> list[Json]:
    """Give the values at the places of findings, as their witnesses show them, each once."""
    found: list[Json] = []
    for one in findings:
        if one.witness is None:
            raise ConfigError(f"{one.fingerprint}: the value was not kept; write the overlay by hand")
        here = [json.loads(one.witness)]
        for token in Pointer.parse(one.pointer):
            here = [below for value in here for below in _below(value, str(token))]
        found += [value for value in here if not any(_same(value, known) for known in found)]
    if any(isinstance(value, str) and "redacted-" in value for value in found):
        raise ConfigError("the value looks like a secret and was not kept; write the overlay by hand")
    if not found:
        raise ConfigError("the value was not kept; write the overlay by hand")
    return found


def _kind(value: Json) -> str:
    return "integer" if type(value) is int else kind_of(value)


def _below(value: Json, token: str) -> Iterator[Json]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict) and token in value:
        yield value[token]


def _same(one: Json, other: Json) -> bool:
    return type(one) is type(other) and bool(one == other)


def schema_of(values: list[Json]) -> Json:
    """Describe values by their types, and texts by a format that all of them have; nothing is required."""
    kinds = list(dict.fromkeys(_kind(value) for value in values))
    if "number" in kinds:
        kinds = [kind for kind in kinds if kind != "integer"]
    made: dict[str, Json] = {"type": kinds[0] if len(kinds) == 1 else sorted(kinds)}
    texts = [value for value in values if isinstance(value, str)]
    named = next((name for name, shape in _FORMATS if texts and all(map(shape.match, texts))), "")
    objects = [value for value in values if isinstance(value, dict)]
    names = list(dict.fromkeys(name for one in objects for name in one))
    items = [item for value in values if isinstance(value, list) for item in value]
    if named:
        made["format"] = named
    if names:
        made["properties"] = {
            name: schema_of([one[name] for one in objects if name in one]) for name in names
        }
    if items:
        made["items"] = schema_of(items)
    return made


def _path(pointer: Pointer) -> str:
    """Write a pointer as the JSONPath of an overlay's target."""
    path, above = "$", ""
    for token in map(str, pointer):
        path += f"[{token}]" if above in holding(Shape.LIST) else f"[{_quoted(token)}]"
        above = token
    return path


def _quoted(text: str) -> str:
    escaped = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{escaped}'"
