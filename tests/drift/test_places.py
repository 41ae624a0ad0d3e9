"""Where each change of a schema stands in both documents, and which alternatives are taken for the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contracts.drift import drift
from contracts.drift.schemas.objects import described
from contracts.drift.schemas.shape import Schemas
from contracts.drift.schemas.unchanged import beside
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


def test_an_alternative_that_nothing_covers_is_not_taken_for_the_same() -> None:
    """Of two equally alike only the other is right: what is within the first of its unions has changed."""

    def either(kind: Any, **more: Any) -> Any:
        return ob("x", x={"anyOf": [ob("a", a=kind), ob("b", b=TEXT)]}, **more)

    old, new = [either(INTEGER), either(TEXT)], [either(TEXT, z=TEXT), either(INTEGER, z=TEXT)]
    assert told({"anyOf": old}, {"anyOf": new}, {}, {}) == [
        "property-added /z V/anyOf/1 V/anyOf/0/properties/z", "property-added /z V/anyOf/0 V/anyOf/1/properties/z",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "pointer", "places"),
    [
        (ob(a=TEXT), ["a"], ["/properties/a"]), (ob(a=TEXT), ["b"], []), (ob(), ["b"], [""]), ({}, ["b", 0], [""]), (ob() | CLOSED, ["b"], []),
        (ob(a=TEXT) | {"additionalProperties": INTEGER}, ["b"], ["/additionalProperties"]), (ob() | {"patternProperties": {"^x": TEXT}}, ["xa"], ["/patternProperties/^x"]),
        ({"type": "array", "items": TEXT}, ["*"], ["/items"]), ({"type": "array", "prefixItems": [TEXT, ob(a=TEXT)], "items": INTEGER}, [1], ["/items", "/prefixItems/0", "/prefixItems/1"]),
        ({"type": "array", "prefixItems": [ob(a=TEXT)], "items": INTEGER}, ["*", "a"], ["/prefixItems/0/properties/a"]), (TEXT, ["a"], []), ({"anyOf": [ob(a=TEXT), ob(a=INTEGER)]}, ["a"], ["/anyOf/0/properties/a", "/anyOf/1/properties/a"]),
    ],
)  # fmt: skip
def test_the_schemas_that_speak_of_a_place(schema: Any, pointer: list[str | int], places: list[str]) -> None:
    found = described(Schemas(schema), [("",)], pointer)
    assert ["".join(place) for place in found] == places


REF = {"$ref": "b.yaml#/a"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"a": 1}, {"a": 2}, "1 place is written otherwise: /a"), ({"a": 1, "b": 2}, {"b": 3, "c": 4}, "3 places are written otherwise: first /a"), ({"a": [1, 2]}, {"a": [2, 1]}, ""),
        ({"a": [1]}, {"a": [1, 2]}, "1 place is written otherwise: /a"), ({"a": [{"b": 1}, 5]}, {"a": [{"b": 2}, 5]}, "1 place is written otherwise: /a/0/b"),
        (dict.fromkeys("ab", REF), dict.fromkeys("ab", REF), "1 reference to another file was not followed"), ({"a": REF, "b": 1}, {"a": REF, "b": 2}, "1 reference to another file was not followed, 1 place is written otherwise: /b"),
        ({"a": REF, "b": {"$ref": "c"}, "c": {"$ref": "#/x"}, "d": {"$ref": "#/y"}}, {"a": REF, "b": {"$ref": "c"}, "c": {"$ref": "#/x"}, "d": {"$ref": "#/y"}}, "2 references to other files were not followed, 2 references lead nowhere"),
        ({"a": {"$ref": "#/x"}}, {"a": {"$ref": "#/x"}}, "1 reference leads nowhere"),
        ({str(n): 0 for n in range(1001)}, {}, "1,000 or more places are written otherwise: first /0"), ({str(n): 0 for n in range(999)}, {}, "999 places are written otherwise: first /0"),
    ],
)  # fmt: skip
def test_what_a_comparison_says_nothing_of(old: Any, new: Any, said: str) -> None:
    assert beside(old, new, found=False) == said
    assert beside(old, new, found=True) == ", ".join(
        part for part in said.split(", ") if "otherwise" not in part and "000" not in part
    )
