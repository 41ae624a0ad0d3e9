"""What of a document cannot be used is set aside with its place, and the rest is read as it was written."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from contracts.model import Pointer
from contracts.spec.usable import load_document
from contracts.validate import Checker
from tests.validate.specs import interaction, lines, spec, spec_of

REF = "#/components/schemas/"


def aside(schema: Any, **components: Any) -> list[tuple[str, str]]:
    found = load_document({"openapi": "3.1.0", "components": {"schemas": {"S": schema, **components}}}).aside
    return [(str(one.pointer).removeprefix("/components/schemas/S"), one.reason) for one in found]


SLIPS: list[tuple[Any, list[tuple[str, str]]]] = [
    ({"type": "date"}, [("/type", "'type' is 'date', no type of JSON Schema")]),
    ({"type": None}, [("/type", "'type' is null, no type of JSON Schema")]),
    ({"type": []}, [("/type", "'type' is an empty list of types")]),
    ({"minLength": "3"}, [("/minLength", "'minLength' is '3', not a whole number from 0 on")]),
    ({"maxItems": -1}, [("/maxItems", "'maxItems' is -1, not a whole number from 0 on")]),
    ({"multipleOf": 0}, [("/multipleOf", "'multipleOf' is 0, not above 0")]),
    ({"required": True}, [("/required", "'required' is true, not a list of names")]),
    ({"enum": "a"}, [("/enum", "'enum' is 'a', not a list")]),
    ({"pattern": "("}, [("/pattern", "'pattern' is '(', a pattern that the engine here cannot run")]),
    ({"oneOf": []}, [("/oneOf", "an empty list of schemas")]),
    ({"anyOf": {"type": "string"}}, [("/anyOf", "an object of 1 stands where a list is expected")]),
    ({"items": [{"type": "string"}]}, [("/items", "a list for 'items' is JSON Schema before 2020-12; it is read as there: one a position")]),
    ({"properties": {"a": 5}}, [("/properties/a", "5 stands where a schema is expected")]),
    ({"description": None}, [("/description", "'description' is null, not text")]),
    ({"$ref": "other.json"}, [("/$ref", "$ref 'other.json' leaves the document; nothing is fetched")]),
    ({"$ref": "#"}, [("/$ref", "$ref '#' names the whole document, which is no schema")]),
    ({"$ref": f"{REF}T"}, [("/$ref", f"$ref '{REF}T' points nowhere")]),
    ({"$ref": f"{REF}S"}, [("/$ref", "the schema refers to itself without end")]),
    ({"allOf": [{"anyOf": [{"$ref": f"{REF}S"}]}]}, [("/allOf/0/anyOf/0/$ref", "the schema refers to itself without end")]),
    ({"$dynamicAnchor": True}, [("/$dynamicAnchor", "'$dynamicAnchor' is true, not text")]),
    ({"$recursiveAnchor": True}, [("/$recursiveAnchor", "'$recursiveAnchor' is a word of JSON Schema 2019-09, unknown to 2020-12")]),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "expected"), SLIPS, ids=[json.dumps(one)[:40] for one, _ in SLIPS])
def test_a_slip_costs_its_keyword_and_both_engines_judge_the_rest(schema: Any, expected: Any) -> None:
    assert aside(schema) == expected
    whole = {"type": "object", "properties": {"a": schema, "ok": {"type": "integer"}}, "required": ["ok"]}
    for engine in ("fast", "reference"):
        made = spec_of(whole, S=schema)
        assert lines(made, {"ok": "x"}, engine) == ["error body /ok type: 'x' is not an integer"]
        assert lines(made, {"ok": 1}, engine) == []


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ({"items": [{"type": "integer"}, {"type": "string"}]}, [1, "a", True], [1, 2]),
        ({"items": [{"type": "integer"}], "additionalItems": False}, [1], [1, 2]),
        ({"items": [{"type": "integer"}], "additionalItems": {"type": "string"}}, [1, "a"], [1, 2]),
        ({"items": [], "additionalItems": {"type": "string"}}, ["a"], [1]),
        ({"items": [{"nullable": True, "type": "integer"}]}, [None, 1], ["a"]),
    ],
)
def test_items_of_older_drafts_are_judged_by_position(
    schema: Any, right: Any, wrong: Any, engine: str
) -> None:
    """JSON Schema draft 7 validation, 6.4.1 and 6.4.2, against the engine of that draft."""
    draft = jsonschema.Draft7Validator(schema)
    assert draft.is_valid(right) or None in right
    assert not draft.is_valid(wrong)
    made = spec_of(schema)
    assert lines(made, right, engine) == []
    assert len(lines(made, wrong, engine)) == 1


def test_what_was_set_aside_is_counted_where_it_is_reached() -> None:
    made = spec_of({"properties": {"a": {"$ref": f"{REF}A"}}}, A={"pattern": "("}, B={"pattern": "(("})
    said = Checker(made, "vendor").unchecked(interaction({"a": "x"}))
    assert said == (
        "openapi.yaml:1: /components/schemas/A/pattern: 'pattern' is '(', a pattern that the engine here cannot run",
    )
    assert len(made.aside) == 2


# (schema with a flaw, a value that the vendor may well send): nothing that is left may refuse it
WEAKER: list[tuple[Any, Any]] = [
    ({"not": {"type": "date"}}, 1),
    ({"not": {"properties": {"a": {"pattern": "("}}}}, {"a": "x"}),
    ({"oneOf": [{"type": "string", "pattern": "("}, {"type": "string", "maxLength": 5}]}, "abc"),
    ({"oneOf": [{"$ref": f"{REF}F"}, {"maxLength": 5}]}, "abc"),
    ({"if": {"pattern": "("}, "then": {"maxLength": 1}}, "abc"),
    ({"properties": [], "additionalProperties": False}, {"a": 1}),
    ({"patternProperties": {"(": {}}, "additionalProperties": False}, {"a": 1}),
    ({"prefixItems": 1, "items": False}, [1]),
    ({"contains": {"pattern": "("}, "maxContains": 1}, ["a", "b"]),
    ({"allOf": [{"$ref": "gone.json"}], "unevaluatedProperties": False}, {"a": 1}),
    ({"$ref": f"{REF}G", "unevaluatedProperties": False}, {"a": 1}),
]


@pytest.mark.parametrize(("schema", "value"), WEAKER, ids=[json.dumps(one)[:60] for one, _ in WEAKER])
def test_what_is_left_never_refuses_what_the_vendor_allows(schema: Any, value: Any) -> None:
    made = spec_of(schema, F={"pattern": "("}, G={"allOf": [{"$ref": "gone.json"}]})
    for engine in ("fast", "reference"):
        assert [f.rule for f in Checker(made, "v", engine=engine).check(interaction(value))] == []


def test_references_by_anchor_id_and_blank_are_pointers_after_loading() -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {},
        "x-own": {"T": {"type": "boolean"}},
        "components": {
            "schemas": {
                "A": {"$ref": "#num"},
                "B": {"$anchor": "num", "type": "integer"},
                "C": {"$id": "https://a.test/c.json", "$ref": "#/$defs/d", "$defs": {"d": {"type": "null"}}},
                "D": {"$ref": "https://a.test/c.json#/$defs/d"},
                "Two words": {"type": "string"},
                "E": {"$ref": f"{REF}Two words"},
                "F": {"$ref": "#/x-own/T"},
                "G": {"x-policy": {"$ref": "#/nowhere"}, "example": {"$ref": "#/nowhere"}},
                "H": {"$dynamicRef": "#num"},
            }
        },
    }
    loaded = load_document(document)
    refs = {name: schema.get("$ref") for name, schema in loaded.document["components"]["schemas"].items()}
    assert refs == {
        "A": f"{REF}B",
        "B": None,
        "C": f"{REF}C/$defs/d",
        "D": f"{REF}C/$defs/d",
        "Two words": None,
        "E": f"{REF}Two%20words",
        "F": "#/x-own/T",
        "G": None,
        "H": f"{REF}B",
    }
    assert loaded.aside == ()
    for name, good in {"A": 1, "C": None, "D": None, "E": "x", "F": True, "H": 1}.items():
        root = {"$ref": f"{REF}{name}", **loaded.document}
        jsonschema.Draft202012Validator(root).validate(good)


def test_a_response_that_leads_nowhere_is_not_judged_and_the_others_are() -> None:
    responses = {
        "200": {"$ref": "https://a.test/r.json"},
        "404": {"description": "gone", "content": {"application/json": {"schema": {"type": "object"}}}},
    }
    made = spec({"openapi": "3.1.0", "paths": {"/batch": {"get": {"responses": responses}}}})
    checker = Checker(made, "vendor")
    assert checker.check(interaction({"a": 1})) == ()
    assert checker.unchecked(interaction({"a": 1})) == (
        (
            "the description of the response could not be used: "
            "$ref 'https://a.test/r.json' leaves the document; nothing is fetched"
        ),
    )
    assert [f.rule for f in checker.check(interaction(1, status=404))] == ["type"]


def test_an_operation_that_leads_nowhere_is_not_judged() -> None:
    made = spec({"openapi": "3.1.0", "paths": {"/batch": {"get": {"$ref": "ops/get.yml"}}}})
    assert made.operations[0].aside == "$ref 'ops/get.yml' leaves the document; nothing is fetched"
    assert Checker(made, "vendor").check(interaction({"a": 1})) == ()


@pytest.mark.parametrize("junk", [None, 1, "x", [], {}, [1], True])
def test_no_value_in_place_of_an_object_stops_the_reading(junk: Any) -> None:
    operation = {
        "parameters": [{"name": "a", "in": "query", "schema": {"type": "string"}}],
        "requestBody": {"content": {"application/json": {"schema": {"type": "string"}}}},
        "responses": {
            "200": {
                "description": "ok",
                "headers": {"X": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"type": "object", "properties": {"a": {}}}}},
            }
        },
        "security": [{"key": []}],
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.test"}],
        "paths": {"/batch": {"get": operation}},
        "components": {"schemas": {"A": {}}, "securitySchemes": {"key": {"type": "http"}}},
    }
    for at in _places(document, Pointer()):
        if at[0] != "openapi":
            made = load_document(_with(document, at, junk))
            again = load_document(made.document)
            assert (again.document, again.aside) == (made.document, ()), at


def _places(value: Any, at: Pointer) -> list[Pointer]:
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return ([at] if at else []) + [place for key, child in children for place in _places(child, at / key)]


def _with(document: Any, at: Pointer, junk: Any) -> Any:
    copy = json.loads(json.dumps(document))
    Pointer(at[:-1]).resolve(copy)[at[-1]] = junk
    return copy


def test_null_without_quotes_is_the_type_where_it_can_mean_nothing_else() -> None:
    schema = {
        "properties": {"a": {"type": ["string", None]}, "b": {"anyOf": [{"type": "string"}, {"type": None}]}}
    }
    made = spec_of(schema)
    assert lines(made, {"a": None, "b": None}, "fast") == []
    assert [f.rule for f in Checker(made, "v").check(interaction({"a": 1, "b": 1}))] == ["type", "type"]


def test_server_variables_are_filled_in_and_templates_with_more_fixed_text_win() -> None:
    made = spec(
        {
            "openapi": "3.1.0",
            "servers": [
                {
                    "url": "https://{region}.a.test/{base}",
                    "variables": {
                        "region": {"default": "eu", "enum": ["eu", "us"]},
                        "base": {"default": "v1"},
                    },
                }
            ],
            "paths": {
                "/jobs/{id}": {"get": {"operationId": "job"}},
                "/jobs/{id}.json": {"get": {"operationId": "file"}},
            },
        }
    )
    assert made.servers == ("https://vendor.test/v1", "https://eu.a.test/v1", "https://us.a.test/v1")
    for url, alias in {
        "https://us.a.test/v9/jobs/7": "job",
        "https://eu.a.test/v1/jobs/7.json": "file",
    }.items():
        met = made.met("GET", url)
        assert met is not None
        assert met[0].alias == alias
