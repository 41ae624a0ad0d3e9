"""Where each change of a schema stands in both documents, and which alternatives are taken for the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contracts.drift import drift
from contracts.model import Json, Pointer
from contracts.spec.document import Document

SCHEMAS = "/components/schemas/"
BODY = "/paths/~1b/get/responses/200/content/application~1json/schema"
TEXT, INTEGER, WRITTEN = {"type": "string"}, {"type": "integer"}, {"type": "string", "writeOnly": True}
CLOSED: dict[str, Any] = {"additionalProperties": False}


def ob(required: str = "", /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required.split()}


def pointers(value: Json, at: str = "") -> Iterator[str]:
    yield at
    items: Any = (
        enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    )
    for key, item in items:
        yield from pointers(item, at + str(Pointer((str(key),))))


def document(schema: Any, **components: Any) -> tuple[Document, list[str]]:
    """Give a document whose lines are the numbers of its places, and the places."""
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/V"}}}}
    paths = {"/b": {"get": {"responses": {"200": {"description": "", **content}}}}}
    value: Any = {
        "openapi": "3.1.0", "info": {}, "paths": paths, "components": {"schemas": {"V": schema, **components}},
    }  # fmt: skip
    places = list(pointers(value))
    return Document("d", value, {place: number for number, place in enumerate(places)}), places


def told(old: Any, new: Any, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Write rule, place in the payload, and where the change stands before and after; `-` is nowhere."""
    (base, places), (revision, others) = document(old, **before), document(new, **after)
    found = []
    for one in drift(base, revision, today="2026-11-22"):
        where = [
            places[one.base.line] if one.base else "-",
            others[one.revision.line] if one.revision else "-",
        ]
        assert one.spec_pointer == (where[0] if one.revision is None else where[1])
        shown = (at.replace(f"{SCHEMAS}V", "V").replace(BODY, "body").replace(SCHEMAS, "") for at in where)
        found.append(f"{one.rule} {one.pointer or '/'} {' '.join(shown)}")
    return found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (ob(a=TEXT), ob(a=TEXT, b=TEXT), ["property-added /b V V/properties/b"]), (ob(a=TEXT, b=TEXT), ob(a=TEXT), ["property-no-longer-described /b V/properties/b V"]),
        (ob(a=TEXT), ob(a=INTEGER), ["type-changed /a V/properties/a V/properties/a"]), (ob("a", a=TEXT), ob(a=TEXT), ["property-became-optional /a V/properties/a V/properties/a"]),
        (ob("a z", a=TEXT), ob("a", a=TEXT), ["property-became-optional /z V V"]), (ob(**{"a~b": TEXT, "a/b": TEXT}), ob(**{"a~b": INTEGER, "a/b": INTEGER}), [f"type-changed /{name} V/properties/{name} V/properties/{name}" for name in ("a~0b", "a~1b")]),
        (ob(a=TEXT), ob(a=TEXT) | CLOSED, ["object-closed / V V/additionalProperties"]), (ob(a=TEXT) | CLOSED, ob(a=TEXT), ["object-opened / V/additionalProperties V"]),
        (ob(a=TEXT) | {"additionalProperties": TEXT}, ob(a=TEXT) | CLOSED, ["map-removed / V/additionalProperties V/additionalProperties"]),
        (ob(a=TEXT) | {"additionalProperties": TEXT}, ob(a=TEXT), ["type-widened /* V/additionalProperties -"]),
        (ob() | {"patternProperties": {"^x": TEXT}}, ob() | {"patternProperties": {"^x": INTEGER}}, ["type-changed /* V/patternProperties/^x V/patternProperties/^x"]),
        (ob() | {"patternProperties": {"^x": TEXT}}, ob() | CLOSED, ["map-removed / V V/additionalProperties", "pattern-property-added / V/patternProperties/^x V"]),
        (ob() | CLOSED, ob() | CLOSED | {"patternProperties": {"^x": TEXT}}, ["pattern-property-removed / V V/patternProperties/^x"]),
        (ob(a=TEXT) | {"propertyNames": {"maxLength": 2}}, ob(a=TEXT), ["key-names-relaxed / V V"]), (ob(a=TEXT), ob(a=TEXT) | {"dependentSchemas": {"a": {"minProperties": 2}}}, ["dependent-schema-added / V V"]),
        (ob(a=TEXT), ob(a=WRITTEN), ["property-direction-changed /a V/properties/a V/properties/a"]), (ob(a=TEXT), ob(a=TEXT, b=WRITTEN), ["unsent-property-changed /b V V/properties/b"]),
        (ob(a=TEXT, b=WRITTEN), ob(a=TEXT), ["unsent-property-changed /b V/properties/b V"]),
        (ob(a=TEXT, b=TEXT), ob(a=TEXT) | CLOSED, ["object-closed / V V/additionalProperties", "property-refused /b V/properties/b V"]),
        (ob(a=TEXT) | CLOSED, ob(a=TEXT, b=TEXT) | CLOSED, ["property-added-to-closed /b V V/properties/b"]), (ob(a=TEXT) | {"additionalProperties": INTEGER}, ob(a=TEXT, b=INTEGER) | {"additionalProperties": INTEGER}, ["property-added /b V V/properties/b"]),
        ({"type": ["string", "null"]}, TEXT, ["null-removed / body body"]), (TEXT, {"type": ["string", "integer"]}, ["type-widened / body body"]),
        (TEXT, TEXT | {"deprecated": True}, ["deprecated / body body"]), (TEXT | {"deprecated": True}, TEXT | {"deprecated": False}, ["reactivated / body body"]),
        (TEXT | {"x-extensible-enum": ["a"]}, TEXT | {"x-extensible-enum": ["b"]}, ["known-value-added / body body", "known-value-removed / body body"]),
        ({"oneOf": [ob("a", a={"const": "x"}), ob("a", a={"const": "y"})]}, ob("a", a={"const": "x"}), ["alternative-removed / V/oneOf/1 -"]),
    ],
)  # fmt: skip
def test_where_a_change_stands_in_both_documents(old: Any, new: Any, said: list[str]) -> None:
    assert told(old, new, {}, {}) == said


REFS = [{"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog")]


def test_alternatives_of_one_name_are_compared_however_they_look() -> None:
    dog = ob("c d", c=TEXT, d=TEXT)
    before, after = {"Cat": ob("a", a=TEXT), "Dog": dog}, {"Cat": ob("e", e=TEXT), "Dog": dog}
    assert told({"oneOf": REFS}, {"oneOf": REFS}, before, after) == [
        "required-property-removed /a Cat/properties/a Cat", "required-property-added /e Cat Cat/properties/e",
    ]  # fmt: skip
    inner = [{"$ref": f"#/components/schemas/{name}/properties/x"} for name in ("Cat", "Dog")]
    before, after = ({name: ob(x=one) for name, one in side.items()} for side in (before, after))
    assert told({"oneOf": inner}, {"oneOf": inner}, before, after) == [
        "alternative-added / - Cat/properties/x", "alternative-removed / Cat/properties/x -",
    ]  # fmt: skip


def test_unions_that_say_the_same_in_another_order_are_counted_once() -> None:
    branches = [ob(f"k{number}") for number in range(11)]
    orders = [branches, branches[::-1], branches[5:] + branches[:5]]
    old = {"allOf": [{"anyOf": order} for order in orders]}
    found = told(old, old | {"maxProperties": 3}, {}, {})
    assert {line.split()[0] for line in found} == {"max-properties-stated"}
