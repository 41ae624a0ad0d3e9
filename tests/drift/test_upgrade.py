"""OpenAPI 3.0 becomes 3.1, and only what 3.1 reads otherwise is touched."""

import copy

import pytest

from contracts.errors import SpecError
from contracts.spec.upgrade import upgraded

NULL = {"type": "null"}
FORMS = [
    ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    ({"type": "string", "nullable": False}, {"type": "string"}),
    ({"nullable": True, "description": "any"}, {"description": "any"}),
    ({"type": "string", "nullable": True, "enum": ["a"]}, {"type": ["string", "null"], "enum": ["a", None]}),
    ({"type": ["string", "null"], "nullable": True}, {"type": ["string", "null"]}),
    ({"$ref": "#/x", "nullable": True, "minLength": 3}, {"anyOf": [{"$ref": "#/x"}, NULL]}),
    ({"$ref": "#/x", "description": "d", "type": "object"}, {"$ref": "#/x", "description": "d"}),
    ({"allOf": [{"$ref": "#/x"}], "nullable": True}, {"anyOf": [{"allOf": [{"$ref": "#/x"}]}, NULL]}),
    (
        {"oneOf": [{"$ref": "#/x"}], "nullable": True, "title": "t"},
        {"anyOf": [{"oneOf": [{"$ref": "#/x"}]}, NULL], "title": "t"},  # null may fit the branch as well
    ),
    ({"anyOf": [{"$ref": "#/x"}, NULL], "nullable": True}, {"anyOf": [{"$ref": "#/x"}, NULL]}),
    ({"minimum": 3, "exclusiveMinimum": True}, {"exclusiveMinimum": 3}),
    ({"maximum": 3, "exclusiveMaximum": False}, {"maximum": 3}),
    ({"exclusiveMaximum": 3}, {"exclusiveMaximum": 3}),
    ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
    ({"examples": ["b"], "example": "a"}, {"examples": ["b"]}),
    (
        {"properties": {"nullable": {"type": "string", "nullable": True}}},
        {"properties": {"nullable": {"type": ["string", "null"]}}},
    ),
    ({"items": True, "default": {"nullable": True}}, {"items": True, "default": {"nullable": True}}),
]


@pytest.mark.parametrize(("old", "new"), FORMS)
def test_a_schema_of_3_0(old, new):
    document = {"openapi": "3.0.3", "components": {"schemas": {"A": old}}}
    before = copy.deepcopy(document)
    assert upgraded(document) == {"openapi": "3.1.0", "components": {"schemas": {"A": new}}}
    assert document == before


def test_schemas_are_found_wherever_they_stand_and_nothing_else_is():
    old, new = {"type": "string", "nullable": True}, {"type": ["string", "null"]}

    def tree(schema, version):
        media = {"application/json": {"schema": schema, "example": {"nullable": True, "example": 1}}}
        operation = {
            "parameters": [{"name": "a", "in": "query", "schema": schema}],
            "requestBody": {"content": media},
            "responses": {"200": {"content": media, "headers": {"X": {"schema": schema}}}},
            "callbacks": {"done": {"{$url}": {"post": {"requestBody": {"content": media}}}}},
        }
        return {
            "openapi": version,
            "paths": {"/nullable": {"get": operation}},
            "webhooks": {"w": {"post": operation}},
        }

    assert upgraded(tree(old, "3.0.0")) == tree(new, "3.1.0")
    assert upgraded(tree(old, "3.1.1")) == tree(new, "3.1.1")
    assert upgraded(upgraded(tree(old, "3.0.0"))) == upgraded(tree(old, "3.0.0"))


def test_a_ref_of_3_1_keeps_what_stands_beside_it():
    document = {"openapi": "3.1.0", "components": {"schemas": {"A": {"$ref": "#/x", "minLength": 3}}}}
    assert upgraded(document) == document


def test_odd_shapes_are_kept():
    document = {
        "openapi": "3.0.0",
        "paths": None,
        "components": {"schemas": {"A": {"allOf": 3, "nullable": True}}, "responses": []},
    }
    assert upgraded(document)["paths"] is None
    assert upgraded(document)["components"]["schemas"]["A"] == {"anyOf": [{"allOf": 3}, NULL]}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"swagger": "1.2"}, "not an OpenAPI 3.0, 3.1 or 3.2 nor a Swagger 2.0 document: it says '1.2'"),
        ({}, "not an OpenAPI 3.0, 3.1 or 3.2 nor a Swagger 2.0 document: it says null"),
        ([], "not an OpenAPI 3.0, 3.1 or 3.2 nor a Swagger 2.0 document: it says null"),
    ],
)
def test_other_documents_are_refused(document, said):
    with pytest.raises(SpecError) as caught:
        upgraded(document)
    assert str(caught.value) == said
