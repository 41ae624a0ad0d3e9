"""Every keyword of JSON Schema 2020-12: what is generated is valid in both engines, and is there at all."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from contracts import generate
from contracts.errors import GenerationError
from contracts.generate.leaves.domains import type_of
from contracts.generate.strategy import strategy_of
from contracts.schema.engine import compile_schema

SCHEMAS = {
    "anything": {},
    "true": True,
    "type": {"type": "string"},
    "types": {"type": ["integer", "null"]},
    "enum": {"enum": ["a", 1, None, {"a": [1]}, [True]]},
    "const": {"const": {"a": [1, 2.5]}},
    "enum narrowed": {"enum": [1, "a", 7, None], "minimum": 5},
    "bounds": {"type": "number", "minimum": -1.5, "exclusiveMaximum": 2},
    "far bounds": {"type": "integer", "minimum": 10**20, "maximum": 10**20 + 3},
    "multiple": {"type": "number", "multipleOf": 0.01, "minimum": 0.05, "maximum": 3},
    "two multiples": {
        "allOf": [{"multipleOf": 4}, {"multipleOf": 6}],
        "type": "integer",
        "exclusiveMinimum": 0,
    },
    "number formats": {"type": "integer", "format": "int32", "minimum": 2**31 - 2},
    "lengths": {"type": "string", "minLength": 3, "maxLength": 4},
    "pattern": {"type": "string", "pattern": "^[A-Z]{2}-\\d{3,5}(x|y)?$"},
    "patterns": {"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "z$"}], "minLength": 4},
    "ecma pattern": {"type": "string", "pattern": "^\\p{Lu}\\u{1F600}[^\\x00-\\x1F]\\cA?\\S\\W$"},
    "look-ahead": {"type": "string", "pattern": "^(?=a)\\w+$"},
    "back-reference": {"type": "string", "pattern": "^(ab|cd)-\\1$"},
    "properties": {"type": "object", "properties": {"a": {"type": "integer"}, "b": False}, "required": ["a"]},
    "closed": {
        "type": "object",
        "properties": {"a": True},
        "additionalProperties": False,
        "minProperties": 1,
    },
    "additional": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3},
    "pattern properties": {
        "type": "object",
        "patternProperties": {"^x-": {"type": "string"}},
        "additionalProperties": False,
        "minProperties": 2,
    },
    "property names": {"type": "object", "propertyNames": {"enum": ["a", "b"]}, "minProperties": 2},
    "names by pattern": {"type": "object", "propertyNames": {"pattern": "^[a-c]{3}$"}, "minProperties": 1},
    "max properties": {"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "maxProperties": 1},
    "dependent required": {
        "type": "object",
        "properties": {"a": {}, "b": {}, "c": {}},
        "dependentRequired": {"a": ["b"], "b": ["c"]},
    },
    "dependent schemas": {
        "type": "object",
        "properties": {"a": {}, "b": {}},
        "dependentSchemas": {"a": {"required": ["b"], "properties": {"b": {"const": 1}}}},
    },
    "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3},
    "prefix": {
        "type": "array",
        "prefixItems": [{"const": 1}, {"type": "string"}],
        "items": False,
        "minItems": 1,
    },
    "unique": {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
    "contains": {
        "type": "array",
        "contains": {"const": "x"},
        "minContains": 2,
        "maxContains": 3,
        "minItems": 4,
    },
    "contains none": {"type": "array", "contains": {"const": "x"}, "minContains": 0},
    "all": {
        "allOf": [
            {"type": "object"},
            {"required": ["a"]},
            {"properties": {"a": {"minimum": 3, "type": "number"}}},
        ]
    },
    "any": {"anyOf": [{"type": "string", "minLength": 2}, {"type": "integer"}]},
    "one": {"oneOf": [{"type": "integer"}, {"minimum": 2}]},
    "one, worked out": {
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        "type": "object",
        "required": ["a"],
    },
    "one, both ways": {
        "oneOf": [{"type": "integer"}, {"type": "number", "multipleOf": 1, "maximum": 5}, {"const": 7.5}]
    },
    "not type": {"not": {"type": ["string", "object", "array", "null", "boolean"]}},
    "not integer": {"type": "number", "not": {"type": "integer"}},
    "not bounds": {"type": "number", "not": {"minimum": 0, "maximum": 10}},
    "not multiple": {"type": "integer", "not": {"multipleOf": 2}},
    "not enum": {"enum": [1, 2, "a", None, True], "not": {"enum": [1, None, True]}},
    "not lengths": {"type": "string", "not": {"minLength": 2}},
    "not long": {"type": "string", "not": {"maxLength": 2}},
    "not pattern": {"type": "string", "not": {"pattern": "^a"}},
    "not format": {"type": "string", "not": {"format": "uuid"}},
    "not required": {"type": "object", "properties": {"a": {}}, "not": {"required": ["a"]}},
    "not properties": {"not": {"properties": {"a": {"type": "string"}}}},
    "not additional": {"not": {"properties": {"a": {}}, "additionalProperties": {"type": "integer"}}},
    "not pattern properties": {"not": {"patternProperties": {"^x": {"type": "integer"}}}},
    "not names": {"not": {"propertyNames": {"maxLength": 2}}},
    "not items": {"not": {"items": {"type": "integer"}}},
    "not prefix": {"not": {"prefixItems": [{"type": "integer"}]}},
    "not contains": {"type": "array", "not": {"contains": {"type": "integer"}}},
    "not many": {
        "type": "array",
        "not": {"contains": {"type": "integer"}, "minContains": 2, "maxContains": 3},
    },
    "not unique": {"not": {"uniqueItems": True}},
    "not few": {"type": "array", "not": {"maxItems": 2}},
    "not sizes": {"type": "object", "not": {"minProperties": 1}},
    "not many properties": {"type": "object", "not": {"maxProperties": 1}},
    "not all": {"not": {"allOf": [{"type": "string"}, {"minLength": 2}]}},
    "not any": {"not": {"anyOf": [{"type": "string"}, {"type": "number"}]}},
    "not one": {"not": {"oneOf": [{"type": "integer"}, {"minimum": 2}]}},
    "not not": {"not": {"not": {"type": "string"}}},
    "not if": {"not": {"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"type": "null"}}},
    "not dependent": {
        "not": {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"required": ["d"]}}}
    },
    "not unevaluated": {"type": "object", "not": {"properties": {"a": {}}, "unevaluatedProperties": False}},
    "not ref": {"$defs": {"s": {"type": "string"}}, "not": {"$ref": "#/$defs/s"}},
    "if": {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "n": {"type": "integer"}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["n"]},
        "else": {"properties": {"n": {"minimum": 100}}},
    },
    "if alone": {"type": "integer", "if": {"minimum": 3}},
    "unevaluated properties": {
        "allOf": [{"properties": {"a": {"type": "string"}}}],
        "anyOf": [{"properties": {"b": True}, "required": ["b"]}, {"patternProperties": {"^c": True}}],
        "type": "object",
        "unevaluatedProperties": False,
    },
    "unevaluated items": {
        "type": "array",
        "allOf": [{"prefixItems": [{"type": "string"}]}],
        "contains": {"const": 7},
        "unevaluatedItems": {"type": "null"},
        "minItems": 2,
    },
    "recursive": {
        "$defs": {
            "tree": {
                "type": "object",
                "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
            }
        },
        "$ref": "#/$defs/tree",
    },
    "anchors": {
        "$id": "https://example.com/root",
        "$defs": {
            "a": {"$anchor": "here", "type": "integer"},
            "b": {"$id": "other", "$defs": {"c": {"const": 5}}},
        },
        "anyOf": [{"$ref": "#here"}, {"$ref": "other#/$defs/c"}],
    },
    "dynamic": {
        "$id": "https://example.com/strings",
        "$ref": "list",
        "$defs": {
            "word": {"$dynamicAnchor": "item", "type": "string"},
            "list": {
                "$id": "list",
                "type": "array",
                "items": {"$dynamicRef": "#item"},
                "$defs": {"any": {"$dynamicAnchor": "item"}},
            },
        },
    },
    "metaschema": {"$ref": "https://json-schema.org/draft/2020-12/schema"},
    "discriminator": {
        "$defs": {
            "Cat": {
                "type": "object",
                "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}},
            },
            "Dog": {"type": "object", "properties": {"kind": {"const": "dog"}}, "required": ["kind"]},
        },
        "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/$defs/Cat", "dog": "Dog"}},
    },
    "examples": {"type": "string", "pattern": "^(?!a)[a-z]+(?<!b)$", "examples": ["zoo"]},
}


def drawn(source, count=12):
    values = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(source)
    def run(value):
        values.append(value)

    run()
    return values


@pytest.mark.parametrize(
    "name",
    [
        *(name for name in SCHEMAS if name != "metaschema"),
        pytest.param("metaschema", marks=pytest.mark.benchmark),
    ],
)
def test_what_is_generated_is_valid_in_both_engines(name):
    schema = SCHEMAS[name]
    plan = generate.plan(schema)
    reference = compile_schema(schema, "reference")
    limit = 4 if name == "metaschema" else 24  # its values are as deep as schemas go, and take their time
    values = [
        *generate.sample(plan, limit // 2),
        *(payload.value for payload in generate.covering(plan, limit=limit)),
        *drawn(strategy_of(plan), limit // 2),
    ]
    assert values
    refused = [value for value in values if not (plan.oracle.valid(value) and reference.is_valid(value))]
    assert refused == []


@pytest.mark.parametrize("name", ["types", "any", "closed", "if", "wickson-like"])
def test_near_misses_are_invalid_in_both_engines(name):
    schema = SCHEMAS.get(name, SCHEMAS["properties"])
    reference = compile_schema(schema, "reference")
    misses = generate.near_misses(schema)
    assert misses.payloads
    assert [miss.id for miss in misses if reference.is_valid(miss.value)] == []


def test_a_schema_without_type_reaches_all_types():
    seen = {type_of(value) for value in drawn(generate.payloads({"maxLength": 2}), 60)}
    assert seen == {"string", "number", "boolean", "object", "array", "null"}


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"enum": []},
        {"not": {}},
        {"type": "integer", "minimum": 3, "maximum": 2},
        {"type": "string", "minLength": 3, "maxLength": 2},
        {"type": "object", "required": ["a"], "properties": {"a": False}},
        {"type": "array", "minItems": 1, "items": False},
        {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]},
        {"type": "array", "minItems": 3, "maxItems": 2},
        {"type": "object", "minProperties": 3, "maxProperties": 2},
        {"allOf": [{"required": ["a"]}, {"not": {"required": ["a"]}}], "type": "object"},
    ],
)
def test_an_impossible_schema_is_named(schema):
    with pytest.raises(GenerationError, match="no JSON value satisfies the schema"):
        generate.payloads(schema)


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ({"$ref": "https://example.com/elsewhere"}, "https://example.com/elsewhere"),
        ({"$ref": "#/nowhere"}, "nowhere"),
        ({"$ref": "#gone"}, "gone"),
        ({"type": "string", "pattern": "("}, "cannot be compiled"),
        ({"type": "string", "pattern": "^(?!x)x$"}, "no string was found for '^(?!x)x$'"),
        ({"oneOf": [True, True]}, "no valid value was found"),
    ],
)
def test_what_cannot_be_modelled_is_named(schema, sentence):
    with pytest.raises(GenerationError) as caught:
        generate.payloads(schema)
    assert sentence in str(caught.value)


def test_what_is_not_asserted_is_noted():
    plan = generate.plan({"type": "string", "format": "colour", "since": "2020"})
    assert list(generate.sample(plan, 3))
    assert plan.notices == (
        "the format 'colour' has no rule and is not asserted",
        "the keyword 'since' says nothing that is generated",
    )


def test_write_only_properties_are_not_in_responses():
    schema = {
        "type": "object",
        "properties": {"a": {}, "secret": {"writeOnly": True}, "id": {"readOnly": True}},
    }
    answer = {key for value in generate.sample(generate.plan(schema), 20) for key in value}
    request = {
        key for value in generate.sample(generate.plan(schema, direction="request"), 20) for key in value
    }
    assert "secret" not in answer
    assert {"a", "id"} <= answer
    assert "id" not in request
    assert {"a", "secret"} <= request


def test_a_schema_in_a_document_resolves_there():
    document = {
        "openapi": "3.1.0",
        "paths": {
            "/b": {
                "get": {
                    "responses": {
                        "200": {
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}
                        }
                    }
                }
            }
        },
        "components": {
            "schemas": {
                "B": {
                    "type": "object",
                    "properties": {"s": {"$ref": "#/components/schemas/S"}},
                    "required": ["s"],
                },
                "S": {"enum": ["x"]},
            }
        },
    }
    pointer = "/paths/~1b/get/responses/200/content/application~1json/schema"
    assert next(generate.sample(generate.plan(root=document, pointer=pointer))) == {"s": "x"}
    assert next(generate.sample(generate.plan({"$ref": "#/components/schemas/B"}, root=document))) == {
        "s": "x"
    }
    assert next(generate.sample(generate.plan(True, root=document))) is not None
    with pytest.raises(GenerationError, match="points nowhere"):
        generate.plan({"$ref": "#/components/schemas/Gone"}, root=document)
