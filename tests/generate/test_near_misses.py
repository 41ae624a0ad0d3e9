"""Near misses: every keyword broken alone at its place, told alike by both engines; two of them in one payload."""

from functools import cache

import pytest

from contracts import generate
from contracts.generate.canonical.oracle import oracle_of
from contracts.generate.invalid.built import rescues
from contracts.generate.invalid.sites import survey
from contracts.generate.leaves.domains import key_of
from tests.generate.vendors import NAMES, near_misses, plan

OBJECT = {"type": "object"}
TAGGED = {
    "$defs": {
        "Cat": {
            "type": "object",
            "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
            "required": ["lives"],
        },
        "Dog": {
            "type": "object",
            "properties": {"kind": {"const": "dog"}, "name": {"type": "string"}},
            "required": ["name"],
        },
    },
    "type": "object",
    "required": ["kind"],
    "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
    "discriminator": {
        "propertyName": "kind",
        "mapping": {"cat": "#/$defs/Cat", "dog": "#/$defs/Dog"},
    },
}

BROKEN = {
    "not": ({"type": "string", "not": {"pattern": "^x"}}, {"$!not:fits": "x"}),
    "not a type": ({"not": {"type": ["string", "null"]}}, {"$!not:fits": "a"}),
    "forbidden properties": (
        {**OBJECT, "properties": {"a": False, "b": {"not": {}}}},
        {"$!false:present": {"a": 1}, "$.b!not:fits": {"b": "a"}},
    ),
    "forbidden names": (
        {**OBJECT, "patternProperties": {"^x_": False, "^n_": {"minimum": 0}}},
        {"$!false:present": {"x_": 1}, "$./^n_/!minimum:one-beyond": {"n_": -1}},
    ),
    "property names": (
        {**OBJECT, "propertyNames": {"pattern": "^[a-z]*$"}},
        {
            "$!propertyNames:new-field": {"contracts_new_field": 1},
            "$!propertyNames:odd-name": {"x y\u00e9": 1},
            "$!propertyNames:refused-name": {"x1": 1},
        },
    ),
    "unevaluated properties": (
        {**OBJECT, "allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False},
        {
            "$!unevaluatedProperties:new-field": {"contracts_new_field": 1},
            "$!unevaluatedProperties:empty-name": {"": 1},
            "$!unevaluatedProperties:odd-name": {"x y\u00e9": 1},
        },
    ),
    "unevaluated items": (
        {"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": False},
        {"$!unevaluatedItems:one-more": ["", 7919]},
    ),
    "if": (
        {
            **OBJECT,
            "required": ["k"],
            "properties": {"k": {"enum": ["a", "b"]}},
            "if": {"properties": {"k": {"const": "a"}}},
            "then": {"required": ["n"]},
            "else": {"properties": {"n": {"maximum": 9, "type": "integer"}}},
        },
        {"$!required:n": {"k": "a"}, "$.n!maximum:one-beyond": {"k": "b", "n": 10}},
    ),
    "never then": ({"type": "integer", "if": {"minimum": 10}, "then": False}, {"$!then:reached": 11}),
    "never else": ({"type": "integer", "if": {"minimum": 10}, "else": False}, {"$!else:reached": 1}),
    "dependent schemas": (
        {
            **OBJECT,
            "properties": {"a": {"const": 1}},
            "dependentSchemas": {"a": {"required": ["b"]}, "c": False},
        },
        {"$!required:b": {"a": 1}, "$!dependentSchemas:with-c": {"c": 1}},
    ),
    "dependent required": (
        {**OBJECT, "dependentRequired": {"a": ["b", "c"]}},
        {
            "$!dependentRequired:a-without-b": {"a": "a", "c": "a"},
            "$!dependentRequired:a-without-c": {"a": "a", "b": "a"},
        },
    ),
    "contains": ({"type": "array", "contains": {"const": "x"}}, {"$!contains:none": []}),
    "counts": (
        {"type": "array", "contains": {"type": "integer"}, "minContains": 2, "maxContains": 3},
        {"$!minContains:none": [], "$!minContains:one-short": [1], "$!maxContains:one-more": [1, 1, 1, 1]},
    ),
    "map": (
        {**OBJECT, "properties": {"id": {}}, "additionalProperties": {"type": "integer", "maximum": 9}},
        {"$.*!maximum:one-beyond": {"x": 10}, "$.*!maximum:far-beyond": {"x": 1000009}},
    ),
    "one of": (
        {"oneOf": [{"type": "integer", "maximum": 5}, {"type": "number", "minimum": 3}]},
        {"$!oneOf:none": "a", "$!oneOf:both-0-1": 4, "$!minimum:just-beyond": 2.9999999999999996},
    ),
    "tagged": (
        TAGGED,
        {
            "$!discriminator:unknown-word": {"kind": "contracts_unknown", "lives": 1},
            "$!discriminator:other-case": {"kind": "CAT", "lives": 1},
            "$!discriminator:word-of-dog": {"kind": "dog", "lives": 1},
            "$!discriminator:absent": {"lives": 1},
            "$.lives!type:half": {"kind": "cat", "lives": 1.5},
            "$!required:name": {"kind": "dog"},
        },
    ),
    "tuple": (
        {"type": "array", "prefixItems": [{"type": "string"}, {"enum": [1, 2]}], "items": False},
        {"$!items:one-more": ["", 1, 1], "$[1]!enum:one-above": ["", 3], "$[1]!enum:half-above": ["", 2.5]},
    ),
    "rest": (
        {"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}},
        {"$[]!type:half": ["", 1.5], "$[0]!type:number": [7]},
    ),
    "sizes": (
        {
            **OBJECT,
            "minProperties": 2,
            "maxProperties": 3,
            "required": ["b"],
            "properties": {"b": {"const": 1}},
        },
        {"$!minProperties:one-short": {"b": 1}},
    ),
    "closed sizes": (
        {
            **OBJECT,
            "properties": {"a": {}, "b": {}, "c": {}},
            "additionalProperties": False,
            "maxProperties": 2,
        },
        {
            "$!maxProperties:denied": {"a": "a", "b": "a", "c": "a"},
            "$!additionalProperties:plural": {"as": 1},
        },
    ),
    "int32": (
        {"type": "integer", "format": "int32"},
        {
            "$!format:below-int32": -(2**31) - 1,
            "$!format:above-int32": 2**31,
            "$!format:unsigned-int32": 2**32 - 1,
        },
    ),
    "int64 of numbers": (
        {"type": "number", "format": "int64"},
        {
            "$!format:below-int64": -(2**63) - 1,
            "$!format:above-int64": 2**63,
            "$!format:unsigned-int64": 2**64 - 1,
            "$!format:half-int64": 1.5,
        },
    ),
    "float": (
        {"type": "number", "format": "float"},
        {"$!format:just-above-float": 3.402823466385289e38},
    ),
    "double": (
        {"type": "number", "format": "double"},
        {"$!format:above-double": int(1.7976931348623157e308) * 10},
    ),
    "constant text": ({"const": "7"}, {"$!const:text-as-number": 7, "$!const:in-list": ["7"]}),
    "constant word": ({"const": "null"}, {"$!const:text-as-value": None, "$!const:upper-case": "NULL"}),
    "constant number": (
        {"const": 1},
        {
            "$!const:number-as-text": "1",
            "$!const:one-above": 2,
            "$!const:half-above": 1.5,
            "$!type:boolean": True,
        },
    ),
    "constant true": (
        {"const": True},
        {"$!const:opposite": False, "$!const:boolean-as-number": 1, "$!const:boolean-as-text": "true"},
    ),
    "constant null": ({"const": None}, {"$!const:null-text": "null"}),
    "constant list": (
        {"const": ["a", "b"]},
        {"$!const:one-more": ["a", "b", None], "$!const:one-fewer": ["a"], "$!const:reversed": ["b", "a"]},
    ),
    "constant object": (
        {"const": {"a": 1, "b": 2}},
        {"$!const:one-fewer": {"a": 1}, "$!const:one-more": {"a": 1, "b": 2, "contracts_new_field": None}},
    ),
    "steps": (
        {"type": "number", "multipleOf": 0.5},
        {"$!multipleOf:half-step": 1.25, "$!multipleOf:just-off": 1.0000000000000002},
    ),
    "bounds": (
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        {
            "$!minimum:just-beyond": -5e-324,
            "$!exclusiveMaximum:at-bound": 1,
            "$!exclusiveMaximum:just-beyond": 1.0000000000000002,
        },
    ),
    "unique": (
        {"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "minItems": 2},
        {"$!uniqueItems:repeated": [1, 1], "$!uniqueItems:other-spelling": [1, 0, 1.0]},
    ),
    "boolean": ({"type": "boolean"}, {"$!type:zero": 0, "$!type:one": 1, "$!type:boolean-as-text": "true"}),
    "list": (
        {"type": "array", "items": {"type": "integer"}, "minItems": 1},
        {
            "$!type:numbered-object": {"0": 1},
            "$!type:unwrapped-item": 1,
            "$[]!type:null": [None],
            "$[]!type:boolean": [True],
        },
    ),
    "words": (
        {"enum": ["in_progress", "done"]},
        {
            "$!enum:upper-case": "IN_PROGRESS",
            "$!enum:trailing-space": "in_progress ",
            "$!enum:plural": "in_progresss",
            "$!enum:hyphen": "in-progress",
            "$!enum:similar-glyph": "in_\u0440r\u043egr\u0435ss",
        },
    ),
    "root": (
        {**OBJECT, "required": ["a"], "additionalProperties": False, "properties": {"a": {"const": "a"}}},
        {
            "$!type:null": None,
            "$!type:array": [],
            "$!type:empty-text": "",
            "$!type:page": "<!doctype html><title>502</title>",
            "$!type:wrapped-in-list": [{"a": "a"}],
            "$!required:a": {},
            "$!additionalProperties:other-case": {"a": "a", "A": 1},
        },
    ),
}
MISSING = {
    "not": (("$!type", "broken only together with not at /"),),
    "one of": (("$!maximum", "no value was found that breaks it alone"),),
}


@cache
def broken(name):
    return generate.near_misses(BROKEN[name][0])


@pytest.mark.parametrize("name", BROKEN)
def test_a_keyword_is_broken_alone(name):
    found = {miss.id: miss.value for miss in broken(name)}
    expected = BROKEN[name][1]
    assert {label: found.get(label, "missing") for label in expected} == expected
    assert broken(name).missing == MISSING.get(name, ())


@pytest.mark.parametrize("name", BROKEN)
def test_both_engines_tell_one_fault_at_the_place_meant(name):
    apart = generate.plan(BROKEN[name][0])
    for engine in (apart.oracle, oracle_of(apart.subject, "reference")):
        for miss in broken(name):
            assert not engine.valid(miss.value), miss.id
            assert {fault.place for fault in engine.told(miss.value)} == {miss.pointer}, miss.id
    assert all(apart.oracle.valid(miss.base) for miss in broken(name))


@pytest.mark.parametrize(
    ("schema", "missing"),
    [
        (
            {"type": "integer", "anyOf": [{"minimum": 3}, {"minimum": 2}]},
            (
                ("$!minimum at /anyOf/0/minimum", "told only by anyOf: any of its branches could be meant"),
                ("$!minimum at /anyOf/1/minimum", "told only by anyOf: any of its branches could be meant"),
            ),
        ),
        ({"type": "integer", "allOf": [{"minimum": 3}, {"minimum": 3}]}, ()),
        (
            {"type": "object", "not": {"not": {"required": ["a"]}}, "minProperties": 1},
            (("$!minProperties", "broken only together with not at /"),),
        ),
        ({"type": "integer", "multipleOf": 0.5}, (("$!multipleOf", "broken only together with type at /"),)),
        (
            {"properties": {"a": {"properties": {"b": {"type": "null"}}}}, "maxProperties": 0},
            (
                ("$.a.b!type", "no payload was found that has the place"),
            ),
        ),
        (
            {
                "anyOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}],
                "$defs": {name: {"type": "object", "properties": {"kind": {}}} for name in "AB"},
                "discriminator": {"propertyName": "kind"},
            },
            (("$.kind!discriminator", "no value was found that breaks it alone"),),
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_broken_alone_is_listed_with_the_reason(schema, missing):
    assert generate.near_misses(schema).missing == missing


def test_what_asks_nothing_is_no_site():
    schema = {
        "minLength": 0, "minItems": 0, "required": [], "uniqueItems": False, "not": False, "contains": {}, "minContains": 0,
        "additionalProperties": True, "unevaluatedItems": {}, "format": "colour", "anyOf": [{"type": "null"}, {}],
        "if": {"type": "string"}, "type": ["string", "number", "boolean", "object", "array", "null"],
    }  # fmt: skip
    misses = generate.near_misses(schema)
    assert (misses.sites, misses.missing, misses.payloads) == (0, (), ())


def test_a_recursive_schema_is_broken_once():
    tree = {
        "$defs": {
            "tree": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
                },
                "required": ["name"],
            }
        },
        "$ref": "#/$defs/tree",
    }
    misses = generate.near_misses(tree)
    assert misses.missing == ()
    assert misses.sites == 5
    assert {"$.name!minLength:one-short", "$!required:name", "$.kids!type:unwrapped-item"} <= {
        m.id for m in misses
    }


def test_schemas_of_two_places_that_hold_at_once_are_both_kept():
    schema = {
        "type": "object",
        "allOf": [
            {"properties": {"n": {"type": "integer", "maximum": 50}}},
            {"properties": {"n": {"multipleOf": 7}}},
        ],
        "additionalProperties": {"type": "null"},
        "patternProperties": {"^n$": {"minimum": 7}},
        "required": ["n"],
    }
    found = {miss.id: miss.value for miss in generate.near_misses(schema)}
    assert found["$.n!maximum:one-beyond"] == {"n": 56}
    assert found["$.n!multipleOf:one-off"]["n"] % 7 == 1
    assert generate.near_misses(schema).missing == ()


@pytest.mark.benchmark
def test_a_very_large_schema_is_broken_in_small_payloads():
    many = {f"p{number}": {"type": "integer", "minimum": number} for number in range(410)}
    misses = generate.near_misses({"type": "object", "properties": many})
    assert misses.missing == ()
    assert misses.sites == 821
    assert max(len(miss.value) for miss in misses if isinstance(miss.value, dict)) <= 450


@pytest.mark.untraced
@pytest.mark.parametrize("name", NAMES)
def test_the_sites_of_five_vendors_are_all_broken_alone_in_both_engines(name):
    misses, reference = near_misses(name), oracle_of(plan(name).subject, "reference")
    assert misses.missing == ()
    assert misses.sites > 20
    for miss in list(misses)[::3]:  # all of them in tests/benchmarks/near_misses.py
        assert {place for place, _ in reference.faults(miss.value)} == {miss.pointer}, miss.id
        assert plan(name).oracle.valid(miss.base), miss.id


@pytest.mark.untraced
@pytest.mark.parametrize("name", NAMES)
def test_two_faults_stand_at_two_known_places(name):
    reference = oracle_of(plan(name).subject, "reference")
    pairs = list(generate.two_faults(plan(name), count=48, misses=near_misses(name)))
    assert len(pairs) == 48
    assert len({pair.id for pair in pairs}) == 48
    for pair in pairs:
        for engine in (plan(name).oracle, reference):
            assert {fault.place for fault in engine.told(pair.value)} == set(pair.pointers), pair.id
        assert plan(name).oracle.valid(pair.base)
        assert pair.misses[0].id.partition(":")[0] != pair.misses[1].id.partition(":")[0]


def test_two_faults_are_named_by_both_and_the_same_on_every_run():
    schema = {
        "type": "object",
        "properties": {"a": {"type": "integer", "maximum": 3}, "b": {"enum": ["x"]}},
        "required": ["a", "b"],
    }
    pairs = list(generate.two_faults(schema, count=4))
    assert [(pair.id, pair.value, pair.keywords) for pair in pairs] == [
        (pair.id, pair.value, pair.keywords) for pair in generate.two_faults(schema, count=4)
    ]
    by_id = {pair.id: pair for pair in generate.two_faults(schema, count=400)}
    one = by_id["$.a!maximum:one-beyond + $.b!enum:upper-case"]
    assert one.value == {"a": 4, "b": "X"}
    assert [str(place) for place in one.pointers] == ["/a", "/b"]
    assert one.keywords == ("maximum", "enum")
    assert any(pair.keywords == ("required", "enum") and "a" not in pair.value for pair in by_id.values())


def test_a_schema_with_one_site_has_no_two_faults():
    assert list(generate.two_faults({"type": "integer"})) == []


def test_near_misses_of_one_site_are_different_values():
    for miss_of in (broken("words"), broken("bounds"), broken("constant text")):
        values = [key_of(miss.value) for miss in miss_of if miss.keyword != "type"]
        assert len(set(values)) == len(values)


BUILT = {
    "unevaluatedProperties": {**OBJECT, "properties": {"a": {}}, "unevaluatedProperties": False},
    "unevaluatedItems": {"type": "array", "prefixItems": [{}], "unevaluatedItems": {"type": "null"}},
    "additionalProperties": {**OBJECT, "patternProperties": {"^a": {}}, "additionalProperties": False},
    "items": {"type": "array", "prefixItems": [{}], "items": False},
    "contains": {"type": "array", "contains": {"type": "integer"}, "minItems": 1},
    "minContains": {"type": "array", "contains": {"type": "integer"}, "minContains": 2, "maxContains": 3},
    "maxContains": {"type": "array", "contains": {"type": "integer"}, "maxContains": 2},
    "not": {"type": "integer", "not": {"multipleOf": 3}},
    "anyOf": {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 2}]},
    "oneOf": {"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]},
    "then": {"type": "integer", "if": {"minimum": 3}, "then": False},
    "else": {"type": "integer", "if": {"minimum": 3}, "else": False},
    "dependentSchemas": {**OBJECT, "dependentSchemas": {"a": False}},
    "dependentRequired": {**OBJECT, "dependentRequired": {"a": ["b"]}},
    "required": {**OBJECT, "required": ["a", "b"]},
    "false": {**OBJECT, "properties": {"a": False}},
    "maxProperties": {**OBJECT, "maxProperties": 1},
    "uniqueItems": {"type": "array", "uniqueItems": True},
    "pattern": {"type": "string", "pattern": "^a"},
    "enum": {"enum": [{"a": 1}, [2]]},
}


@pytest.mark.parametrize("keyword", BUILT)
def test_values_are_built_that_break_a_keyword(keyword):
    apart = generate.plan(BUILT[keyword])
    found = survey(apart)
    refused = {
        site.keyword
        for site in found.sites["$"]
        for each in rescues(apart, site, found.heres["$"])
        if not apart.oracle.valid(each.edit(None))
    }
    assert keyword in refused


def test_items_and_patterns_that_are_never_allowed():
    tuple_ = generate.near_misses({"type": "array", "prefixItems": [{"const": 1}, False]})
    assert {m.id: m.value for m in tuple_}["$!false:present"] == [1, 1]
    assert tuple_.missing == ()
    nested = {"type": "array", "prefixItems": [{}, {}], "items": {"patternProperties": {"^a": {"const": 1}}}}
    above = {m.id: m for m in generate.near_misses(nested)}["$[]./^a/!const:one-above"]
    assert above.pointer.resolve(above.value) == 2
    assert above.pointer[0] >= 2


def test_building_from_scratch_has_an_end(monkeypatch):
    monkeypatch.setattr("contracts.generate.invalid.near_misses.EFFORT", 0)
    misses = generate.near_misses({"type": "integer", "if": {"minimum": 10}, "then": False})
    assert misses.missing == (
        ("$!then", "no edit breaks it alone, and building values for it takes too long"),
    )  # fmt: skip
    monkeypatch.setattr("contracts.generate.invalid.near_misses.TRIES", 0)
    assert generate.near_misses({"type": "integer"}).missing == (("$!type", "no room within 0 payloads"),)
