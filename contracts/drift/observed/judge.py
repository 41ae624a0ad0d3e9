"""What a summary of traffic says against a spec, and about a vendor's changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from contracts.drift.documents import Api, Element
from contracts.drift.schemas import SchemaPlace, Schemas, canonical, described
from contracts.model import Finding, Json, Pointer, Severity
from contracts.rules import severity_of
from contracts.spec import look
from contracts.text import either, plural, show
from contracts.vendoring import totals

_EXAMPLES: Final[Mapping[str, Json]] = {
    "null": None,
    "boolean": False,
    "integer": 0,
    "number": 0.5,
    "string": "",
    "array": [],
    "object": {},
}
_FORMATS: Final[Mapping[str, str]] = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "uri": "https://example.com/",
}


def against_spec(summary: Json, document: Mapping[str, Json]) -> Iterator[Finding]:
    """Yield what was observed and is not described, and what is described and was never observed."""
    api = Api(document)
    bodies = dict(bodies_by_operation(api))
    for name, seen in summary["operations"].items():
        operation, _, status = name.rpartition(" ")
        place = place_of(bodies, operation, status)
        if place is None:
            total = sum(seen["days"].values())
            known = any(key.startswith(f"{operation} ") for key in bodies)
            rule = "observed-status" if known else "observed-operation"
            yield found_in(rule, name, "", f"answered {plural(total, 'time')} and is not described")
            continue
        yield from _fields(api.schemas, place, name, seen["fields"])
        yield from _never(api.schemas, place, name, seen["fields"])


def bodies_by_operation(api: Api) -> Iterator[tuple[str, SchemaPlace]]:
    """Yield `GET /path 200` with the schema of its JSON answer; `()` where the answer has none.

    What a vendor sends to a webhook stands under 200.
    """
    for operation in api.webhooks.values():
        body = api.child(operation.part, "requestBody")
        yield f"{operation.name} 200", _schema(api, body) if body else ()
    for operation in api.operations.values():
        for status, part in api.children(operation.part, "responses"):
            yield f"{operation.name} {status}", _schema(api, part)


def _schema(api: Api, part: Element) -> SchemaPlace:
    for media, content in api.children(part, "content"):
        if "json" in media and "schema" in content.raw:
            return (f"{content.pointer}/schema",)
    return ()


def place_of(bodies: Mapping[str, SchemaPlace], operation: str, status: str) -> SchemaPlace | None:
    """Give the schema of an answer: of its status, the range of that, or the default; None without one."""
    for key in (status, f"{status[:1]}XX", "default"):
        if f"{operation} {key}" in bodies:
            return bodies[f"{operation} {key}"]
    return None


def _fields(schemas: Schemas, root: SchemaPlace, name: str, fields: Mapping[str, Json]) -> Iterator[Finding]:
    unknown: list[str] = []
    for pointer, field in fields.items():
        if any(pointer.startswith(f"{above}/") for above in unknown):
            continue
        places = described(schemas, [root], Pointer.parse(pointer))
        days = field["days"].values()
        times, of = totals(fields, pointer)
        if not places:
            unknown.append(pointer)
            if times:
                types = " or ".join(sorted({kind for day in days for kind in day["types"]}))
                said = f"was there in {times} of {of} and is not described; {types}"
                yield replace(
                    found_in("observed-undescribed", name, pointer, said),
                    spec_pointer=_stated(schemas, _holders(schemas, root, pointer), "properties"),
                    witness=nested(pointer, *examples(field)),
                )
            continue
        yield from _types(schemas, places, name, pointer, field)


def _holders(schemas: Schemas, root: SchemaPlace, pointer: str) -> list[SchemaPlace]:
    """Give the schemas of the object in which a place is."""
    above = pointer.rpartition("/")[0]
    return [place for place in described(schemas, [root], Pointer.parse(above)) if place]


def _stated(schemas: Schemas, places: Iterable[SchemaPlace], keyword: str) -> str:
    """Point at a keyword of a schema that speaks of a place, one that has it first; "" without a schema."""
    named = [pointer for place in places for pointer in schemas.aim(place)]
    having = (one for one in named if keyword in (look(schemas.document, Pointer.parse(one)) or {}))
    return f"{next(having, named[0])}/{keyword}" if named else ""


def nested(pointer: str, *values: Json) -> str:
    """Write the smallest payload with a value at a place, or a list of them, as canonical JSON."""
    made = list(values)
    for token in reversed(Pointer.parse(pointer)):
        made = [[one] if token == "*" else {str(token): one} for one in made]
    return json.dumps(made if len(made) > 1 else made[0], ensure_ascii=False, separators=(",", ":"))


def examples(field: Json) -> Iterator[Json]:
    """Yield a value of each type that a field had; a text has the format that all its texts had."""
    days = field["days"].values()
    texts = sum(day["types"].get("string", 0) for day in days)
    for kind in sorted({kind for day in days for kind in day["types"]}):
        names = {name for day in days for name, count in day["formats"].items() if count}
        alone = next(iter(names)) if len(names) == 1 else ""
        whole = alone in _FORMATS and texts == sum(day["formats"].get(alone, 0) for day in days)
        yield _FORMATS[alone] if kind == "string" and whole else _EXAMPLES[kind]


def _types(
    schemas: Schemas, places: list[SchemaPlace], name: str, pointer: str, field: Json
) -> Iterator[Finding]:
    kinds = {kind for place in places for kind in schemas.shape(place).kinds}
    days = field["days"].values()
    times = sum(day["in"] for day in days)
    for kind in sorted({kind for day in days for kind in day["types"]}):
        if ("number" if kind == "integer" else kind) not in kinds:
            count = sum(day["types"].get(kind, 0) for day in days)
            said = f"was {kind} in {count} of {times}, which is not described"
            yield replace(
                found_in("observed-type", name, pointer, said),
                spec_pointer=_stated(schemas, places, "type"),
                witness=nested(pointer, _EXAMPLES[kind]),
            )
    known = _listed(schemas, places)
    if known:
        for word, (count, first, _) in field["words"].items():
            if canonical(word) not in known:
                said = f"was {show(word)} in {count} of {times}, first on {first}, which is not described"
                yield replace(
                    found_in("observed-word", name, pointer, said),
                    spec_pointer=_stated(schemas, places, "enum"),
                    witness=nested(pointer, word),
                )


def _listed(schemas: Schemas, places: Iterable[SchemaPlace]) -> set[str]:
    """Give the texts that an enum lists, canonical, where nothing but an enum speaks of texts."""
    alts = [alt for place in places for alt in schemas.shape(place).kinds.get("string", ())]
    closed = alts and all("enum" in alt.facts for alt in alts)
    return {key for alt in alts for key in alt.facts["enum"]} if closed else set()


def enumerated(schemas: Schemas, root: SchemaPlace, pointer: str) -> bool:
    """Whether the spec lists the texts that a place in a payload may hold."""
    return bool(_listed(schemas, described(schemas, [root], Pointer.parse(pointer))))


def _never(schemas: Schemas, root: SchemaPlace, name: str, fields: Mapping[str, Json]) -> Iterator[Finding]:
    """Yield declared keys that no answer held, of objects that answers did hold."""
    for pointer, field in fields.items():
        objects = sum(day["types"].get("object", 0) for day in field["days"].values())
        for place in described(schemas, [root], Pointer.parse(pointer)) if objects else ():
            for alt in schemas.shape(place).kinds.get("object", ()):
                for key in sorted(alt.facts.get("properties", {})):
                    at = pointer + str(Pointer((key,)))
                    if at not in fields:
                        yield found_in(
                            "described-unobserved",
                            name,
                            at,
                            f"is described and was in none of {plural(objects, 'object')}",
                        )


def found_in(
    rule: str, name: str, pointer: str, message: str, *, severity: Severity | None = None, since: str = ""
) -> Finding:
    """Make a finding about a place in the answers of an operation and status."""
    operation, _, status = name.rpartition(" ")
    return Finding(
        rule=rule,
        severity=severity or severity_of(rule),
        message=message,
        operation=operation,
        status=status,
        part="body",
        pointer=pointer,
        direction="response",
        source="observed",
        since=since,
        provenance="observed",
    )


def three_way(findings: Iterable[Finding], summary: Json) -> Iterator[Finding]:
    """Say of each change of an answer what traffic already showed: a correction of the spec, or news.

    The sentence goes into `found`: `correction: it was null in 3 of 31 recordings already`. A field that is
    gone and that traffic still held is a warning.
    """
    for one in findings:
        seen = summary["operations"].get(f"{one.operation} {one.status}")
        said = (
            _already(one, seen["fields"])
            if seen and one.direction == "response" and one.part == "body"
            else ""
        )
        told = missed(one, "stands in recordings") if said and one.rule in GONE else one
        yield replace(told, found=said) if said else one


GONE: Final = frozenset(("property-no-longer-described", "property-refused", "property-renamed"))
"""Rules about a field of an answer that could be absent, and that is there no more under its name."""


def missed(one: Finding, why: str) -> Finding:
    """Raise the note of a field that is gone to a warning, since somebody read it: `why` says who."""
    joint = ", but" if one.severity is Severity.NOTE else " and"
    return replace(one, severity=Severity.WARNING, message=f"{one.message}{joint} {why}")


def _already(one: Finding, fields: Mapping[str, Json]) -> str:
    field = fields.get(one.pointer)
    days = field["days"].values() if field else ()
    times, of = totals(fields, one.pointer)
    if one.rule == "null-added":
        return _told("it was null", sum(day["types"].get("null", 0) for day in days), times)
    if one.rule in {"property-became-optional", "required-property-removed"} and of:
        return _told("it was absent", of - times, of)
    if one.rule.startswith(("property-added", "required-property-added")):
        return _told("it was there", times, of)
    if one.rule == "enum-value-added":
        known = [
            (word, count)
            for word, (count, *_) in (field["words"] if field else {}).items()
            if show(word) in one.message
        ]
        return (
            _told(f"it was {either([word for word, _ in known])}", sum(count for _, count in known), times)
            if times
            else ""
        )
    if one.rule in GONE and field and times:
        last = max(day for day, counts in field["days"].items() if counts["in"])
        return f"still observed: in {times} of {of}, last on {last}"
    return ""


def _told(what: str, count: int, of: int) -> str:
    if count:
        return f"correction: {what} in {count} of {plural(of, 'recording')} already"
    return f"news: not yet so in {plural(of, 'recording')}" if of else ""
