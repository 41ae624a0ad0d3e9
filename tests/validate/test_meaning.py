"""What OpenAPI says beside JSON Schema, by the text of the specification; both engines and jsonschema agree."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from contracts.schema.direction import demanded
from contracts.spec.upgrade import upgraded
from contracts.validate import Checker
from tests.validate.specs import interaction, lines, spec_of

REF = "#/components/schemas/"
ENGINES = ("fast", "reference")
CAT = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"enum": ["cat"]}, "n": {"type": "integer"}},
}
DOG = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"enum": ["dog"]}, "n": {"type": "integer"}},
}
UNION = {"oneOf": [{"$ref": f"{REF}CatObject"}, {"$ref": f"{REF}DogObject"}]}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_discriminator_does_not_change_the_outcome_of_validation(engine: str) -> None:
    """OpenAPI 3.0.4 and 3.1.1, Discriminator Object: it MUST NOT change the validation outcome of the schema."""
    implied = {**UNION, "discriminator": {"propertyName": "kind"}}
    mapped = {**UNION, "discriminator": {"propertyName": "kind", "mapping": {"cat": "DogObject"}}}
    parts: dict[str, Any] = {"CatObject": CAT, "DogObject": DOG}
    assert lines(spec_of(implied, **parts), {"kind": "cat", "n": 1}, engine) == []
    found = Checker(spec_of(mapped, **parts), "v", engine=engine).check(interaction({"kind": "cat", "n": 1}))
    assert [(f.severity, f.rule) for f in found] == [("warning", "discriminator")]
    jsonschema.Draft202012Validator({**implied, "components": {"schemas": parts}}).validate(
        {"kind": "cat", "n": 1}
    )


PARENT = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("mapping", [{}, {"cat": f"{REF}Cat", "lion": "Lion"}], ids=["names", "mapping"])
def test_the_subtype_that_a_parent_discriminates_is_judged_and_describes(mapping: Any, engine: str) -> None:
    """OpenAPI 3.1.1, Composition and Inheritance: the discriminator hints which schema validates the model."""
    settings = {"propertyName": "kind"} | ({"mapping": mapping} if mapping else {})
    cat = {"allOf": [{"$ref": f"{REF}Pet"}, {"type": "object", "properties": {"lives": {"type": "integer"}}}]}
    lion = {"allOf": [{"$ref": f"{REF}Cat"}, {"type": "object", "properties": {"mane": {"type": "boolean"}}}]}
    words = ("cat", "lion") if mapping else ("Cat", "Lion")
    made = spec_of(
        {"items": {"$ref": f"{REF}Pet"}}, Pet={**PARENT, "discriminator": settings}, Cat=cat, Lion=lion
    )
    assert (
        lines(made, [{"kind": words[0], "lives": 9}, {"kind": words[1], "lives": 9, "mane": True}], engine)
        == []
    )
    broken = lines(made, [{"kind": words[1], "lives": "x", "mane": 1}], engine)
    # openapi-core reads the discriminators of unions only, so it has no opinion here, and says so
    assert [line for line in broken if "engines-disagree" not in line] == [
        "error body /0/lives type: 'x' is not an integer",
        "error body /0/mane type: 1 is not a boolean",
    ]
    strange = lines(made, [{"kind": "bird", "wings": 2}], engine)
    assert strange[-1] == "warning body /0/wings undescribed: not in the spec"
    assert not any(line.startswith("error") for line in strange)


WRITTEN = {"type": "object", "properties": {"id": {}, "password": {"type": "string", "writeOnly": True}}}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"$ref": f"{REF}Base"}, {"required": ["password"]}]},
        {"allOf": [{"$ref": f"{REF}Base"}, {"$ref": f"{REF}Asks"}]},
        {"allOf": [{"allOf": [{"$ref": f"{REF}Base"}]}, {"allOf": [{"required": ["password", "id"]}]}]},
    ],
)
def test_required_and_write_only_holds_for_the_request_only(schema: Any, engine: str) -> None:
    """OpenAPI 3.0.3, Schema Object, writeOnly: if required, it takes effect on the request only."""
    made = spec_of(schema, Base=WRITTEN, Asks={"required": ["password"]})
    assert lines(made, {"id": "1"}, engine) == []
    asked = demanded(made.document, "request", "f")
    assert asked is made.document


def test_a_mark_beside_a_reference_hides_the_property_as_well() -> None:
    """OpenAPI 3.1.1, Schema Object: `$ref` is a keyword beside others, so `writeOnly` beside it counts."""
    secret = {"$ref": f"{REF}Secret", "writeOnly": True}
    schema = {"properties": {"id": {}, "key": secret}, "required": ["key", "id"]}
    made = spec_of(schema, Secret={"type": "string"})
    assert lines(made, {"id": "1"}, "fast") == []
    assert lines(made, {"id": "1", "key": "x"}, "fast") == [
        "warning body /key write-only: write-only in the spec, but came back"
    ]


def test_nullable_beside_a_union_lets_null_in_once() -> None:
    """OpenAPI 3.0.3 proposal of 2019-10-31 (clarify nullable): null is allowed, and a oneOf still counts one."""
    union = {"nullable": True, "oneOf": [{"$ref": f"{REF}Kind"}, {"$ref": f"{REF}Null"}]}
    document = {
        "openapi": "3.0.3",
        "components": {"schemas": {"U": union, "Kind": {"type": "string"}, "Null": {"enum": [None]}}},
    }
    new = upgraded(document)
    judge = jsonschema.Draft202012Validator({"$ref": f"{REF}U", **new})
    assert [judge.is_valid(value) for value in (None, "x", 1)] == [True, True, False]
