"""What a finding says is so: alternatives counted, places spelled as sent, inherited fields described."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.model import Pointer
from contracts.validate import Checker, example_findings, spec_notices
from tests.validate.specs import interaction, lines, spec, spec_of

REF = "#/components/schemas/"
PET = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"type": "string"}},
    "discriminator": {"propertyName": "kind"},
}
CAT = {"allOf": [{"$ref": f"{REF}Pet"}, {"properties": {"lives": {"type": "integer"}}}]}
MAPPED = {**PET, "discriminator": {"propertyName": "kind", "mapping": {"cat": f"{REF}Cat"}}}


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "1 fits 2 of the 3 alternatives, where exactly one is allowed"),
        (1.5, None),
        ("x", "'x' is not an integer or a number"),
    ],
)
def test_a_value_that_fits_two_alternatives_is_said_to(value: Any, words: str | None, engine: str) -> None:
    found = spec_of({"oneOf": [{"type": "integer"}, {"type": "number"}, {"type": "integer", "minimum": 5}]})
    said = [finding.message for finding in Checker(found, "v", engine=engine).check(interaction(value))]
    assert said == ([words] if words else []) or (words is not None and said and "fits none" not in said[0])


@pytest.mark.parametrize("base", [PET, MAPPED])
def test_the_fields_of_a_subtype_are_described_and_judged(base: dict[str, Any]) -> None:
    word = "cat" if base is MAPPED else "Cat"
    found = spec_of({"type": "array", "items": {"$ref": f"{REF}Pet"}}, Pet=base, Cat=CAT)
    assert lines(found, [{"kind": word, "lives": 9}]) == []
    assert lines(found, [{"kind": word, "lives": "x"}]) == ["error body /0/lives type: 'x' is not an integer"]
    assert lines(found, [{"kind": word, "tail": 1}]) == ["warning body /0/tail undescribed: not in the spec"]


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"$ref": f"{REF}Base"}, {"required": ["password"]}]},
        {"allOf": [{"required": ["id", "password"]}, {"allOf": [{"$ref": f"{REF}Base"}]}]},
        {"allOf": [{"$ref": f"{REF}Asking"}, {"properties": {"password": {"writeOnly": True}}}]},
        {"$ref": f"{REF}Base", "required": ["password"]},
    ],
)
def test_what_is_only_written_is_required_of_no_answer_wherever_it_is_said(schema: Any) -> None:
    properties = {"id": {"type": "string"}, "password": {"type": "string", "writeOnly": True}}
    base = {"type": "object", "required": ["id"], "properties": properties}
    asking = {"type": "object", "required": ["id", "password"], "properties": {"id": {"type": "string"}}}
    found = spec_of(schema, Base=base, Asking=asking)
    assert lines(found, {"id": "x"}) == []
    assert set(lines(found, {})) == {"error body /id required: missing, but required"}
    plain = spec_of({"$ref": f"{REF}Asking"}, Base=base, Asking=asking)
    assert lines(plain, {"id": "x"}) == ["error body /password required: missing, but required"]


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_a_name_with_leading_zeros_is_told_as_it_is_spelled(engine: str) -> None:
    properties = {"1": {"type": "string"}, "01": {"type": "integer"}, "001": {"type": "null"}}
    checker = Checker(spec_of({"type": "object", "properties": properties}), "v", engine=engine)
    (finding,) = checker.check(interaction({"1": "a", "01": "x"}))
    assert (finding.pointer, finding.message) == ("/01", "'x' is not an integer")
    assert finding.spec_pointer.endswith("/properties/01/type")


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize(
    ("schema", "value", "place", "rule", "words"),
    [
        ({"propertyNames": {"maxLength": 2}}, {"abc": 1, "a": 1}, "/abc", "propertyNames", "as a name: 3 characters, at most 2 allowed"),
        ({"properties": {"a": {"propertyNames": {"pattern": "^b"}}}}, {"a": {"x": None}}, "/a/x", "propertyNames", "as a name: 'x' does not match ^b"),
        ({"properties": {"": {"type": "integer"}}}, {"": "x"}, "/", "type", "'x' is not an integer"),
        ({"properties": {"a": {"items": {"properties": {"": {"minimum": 2}}}}}}, {"a": [{"": 1}]}, "/a/0/", "minimum", "1 is less than 2"),
        ({"additionalProperties": {"type": "null"}}, {"": 1}, "/", "type", "1 is not null"),
    ],
)  # fmt: skip
def test_a_fault_of_a_name_stands_at_its_property(
    engine: str, schema: Any, value: Any, place: str, rule: str, words: str
) -> None:
    checker = Checker(spec_of({"type": "object", **schema}), "v", engine=engine)
    (finding,) = (one for one in checker.check(interaction(value)) if one.rule != "undescribed")
    assert (finding.pointer, finding.rule, finding.message) == (place, rule, words)


def test_an_example_that_operations_share_is_told_once_and_a_null_one_is_a_placeholder() -> None:
    shared = {"type": "object", "properties": {"a": {"type": "integer", "example": "x"}, "b": {"type": "string", "example": None}, "c": {"type": "string", "examples": [None]}}}  # fmt: skip
    answer = {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": f"{REF}S"}}}}}
    paths = {f"/p{n}": {"get": {"responses": answer}} for n in range(3)}
    found = spec({"openapi": "3.1.0", "info": {}, "paths": paths, "components": {"schemas": {"S": shared}}})
    checker, seen = Checker(found, "v"), set[Pointer]()
    told = [len(example_findings(checker, operation, (), seen)) for operation in found.operations]
    assert told == [1, 0, 0]
    (notice,) = spec_notices(found, found.operations)
    assert "2 examples: null beside a type without null" in notice


@pytest.mark.parametrize("version", ["2.0", "3.1.0"])
def test_a_header_whose_name_begins_as_an_extension_does_is_a_header(version: str) -> None:
    answer: dict[str, Any] = {
        "description": "",
        "headers": {"x-left": {"$ref": "#/components/headers/x-left"}},
    }
    if version == "2.0":
        answer["headers"] = {"x-left": {"type": "integer"}}
    found = spec(
        {
            ("swagger" if version == "2.0" else "openapi"): version,
            "info": {"title": "t", "version": "1"},
            "paths": {"/batch": {"get": {"responses": {"200": answer, "x-more": {"description": ""}}}}},
            "components": {
                "headers": {"x-left": {"required": True, "schema": {"$ref": f"{REF}x-count"}}},
                "schemas": {"x-count": {"type": "integer"}},
            },
        }
    )
    assert list(found.operations[0].responses) == ["200"]
    (finding,) = Checker(found, "v").check(interaction(b"", media="", headers=(("X-Left", "many"),)))
    assert (finding.rule, finding.message) == ("header-value", "'many' is not an integer")
