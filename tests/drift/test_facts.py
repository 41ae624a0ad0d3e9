"""Facts of schemas in their normal form, what two sets of facts say together, and each change of a fact."""

from typing import Any

import pytest

from contracts.drift import drift
from contracts.drift.schemas.facts import canonical, conjoin, escaped, fits, kind_of, local_facts
from contracts.spec.document import Document

KINDS = ("null", "boolean", "number", "string", "array", "object")


def facts(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        kind: alts[0][0]
        for kind, alts in local_facts(raw, "#/p", KINDS, lambda found, at: (found, at)).items()
    }


BARE = {kind: {} for kind in KINDS}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({}, BARE), ({"type": "integer"}, {"number": {"integer": True}}), ({"type": ["integer", "number"]}, {"number": {}}), ({"type": []}, BARE), ({"type": "odd"}, BARE), ({"type": ["string", 5]}, BARE),
        ({"type": "string", "minLength": 0, "maxLength": 0, "pattern": ".*", "format": "string"}, {"string": {"maxLength": 0}}),
        ({"type": "string", "minLength": 2.0, "maxLength": True, "pattern": "^a", "format": "uri", "contentEncoding": "base64", "contentMediaType": "a/b", "contentSchema": {}},
         {"string": {"minLength": 2, "pattern": {"^a"}, "format": {"uri"}, "contentEncoding": "base64", "contentMediaType": "a/b", "contentSchema": ("#/p/contentSchema",)}}),
        ({"type": "string", "format": "int32", "pattern": "(", "minLength": -1, "contentEncoding": 5}, {"string": {}}),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": 1, "maximum": 5, "exclusiveMaximum": 4, "multipleOf": 0.5, "format": "float"}, {"number": {"low": (1, 1), "high": (4, -1), "multipleOf": {0.5}, "format": {"float"}}}),
        ({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 5.0, "multipleOf": 0, "format": "uri"}, {"number": {"integer": True, "low": (2, 0), "high": (4, 0)}}),
        ({"type": "integer", "exclusiveMinimum": 1.5, "minimum": True}, {"number": {"integer": True, "low": (1.5, 1)}}),
        ({"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": True, "prefixItems": [{}, {}], "items": {}, "unevaluatedItems": False},
         {"array": {"minItems": 1, "maxItems": 2, "uniqueItems": True, "prefixItems": (("#/p/prefixItems/0",), ("#/p/prefixItems/1",)), "items": ("#/p/items",), "unevaluatedItems": ("#/p/unevaluatedItems",)}}),
        ({"type": "array", "minItems": 0, "uniqueItems": 1, "prefixItems": [], "items": True, "contains": {}, "minContains": 0}, {"array": {}}),
        ({"type": "array", "contains": {}}, {"array": {"contains": (("#/p/contains",), 1, None)}}), ({"type": "array", "contains": {}, "minContains": "x", "maxContains": 3}, {"array": {"contains": (("#/p/contains",), 1, 3)}}),
        ({"type": "object", "properties": {"a/b": {}}, "patternProperties": {}, "required": ["a", 5], "additionalProperties": False, "unevaluatedProperties": False, "propertyNames": {}, "minProperties": 1, "maxProperties": 0},
         {"object": {"properties": {"a/b": ("#/p/properties/a~1b",)}, "required": {"a"}, "additional": ("#/p/additionalProperties",), "closed": True,
                     "unevaluatedProperties": ("#/p/unevaluatedProperties",), "propertyNames": ("#/p/propertyNames",), "minProperties": 1, "maxProperties": 0}}),
        ({"type": "object", "additionalProperties": {}, "required": [], "dependentRequired": {"a": ["b"], "c": [], "d": [5], "e": 1}}, {"object": {"dependentRequired": {"a": {"b"}}}}),
        ({"type": "object", "additionalProperties": {"type": "string"}, "unevaluatedProperties": True}, {"object": {"additional": ("#/p/additionalProperties",)}}),
        ({"enum": ["a", 1, 1.0, None, True, [1], {"a": 1}]}, {"string": {"enum": {'"a"': "a"}}, "number": {"enum": {"1": 1.0}}, "null": {}, "boolean": {"enum": {"true": True}}, "array": {"enum": {"[1]": [1]}}, "object": {"enum": {'{"a": 1}': {"a": 1}}}}),
        ({"enum": [True, False]}, {"boolean": {}}), ({"enum": ["a", "b"], "const": "a"}, {"string": {"enum": {'"a"': "a"}}}), ({"enum": ["a"], "const": "b"}, {}), ({"const": 5, "type": "string"}, {}),
        ({"enum": ["a", "abc"], "minLength": 2}, {"string": {"enum": {'"abc"': "abc"}}}), ({"enum": 5, "type": "null"}, {"null": {}}),
        ({"type": "null", "not": {}}, {"null": {"not": {"#/p/not"}}}), ({"type": "string", "enum": ["a"], "not": {}}, {"string": {"not": {"#/p/not"}, "enum": {'"a"': "a"}}}),
        ({"type": "null", "if": {}, "then": {}}, {"null": {"if": {"#/p"}}}), ({"type": "null", "if": {}}, {"null": {}}), ({"type": "null", "if": {}, "else": {}}, {"null": {"if": {"#/p"}}}),
    ],
)  # fmt: skip
def test_facts_of_a_schema(raw: dict[str, Any], said: dict[str, Any]) -> None:
    assert facts(raw) == said


@pytest.mark.parametrize(
    ("kind", "one", "other", "both"),
    [
        ("string", {"minLength": 1, "maxLength": 5, "pattern": {"a"}}, {"minLength": 2, "maxLength": 4, "pattern": {"b"}}, {"minLength": 2, "maxLength": 4, "pattern": {"a", "b"}}),
        ("number", {"low": (1, 0)}, {"high": (0, 0)}, None), ("number", {"low": (1, 0)}, {"high": (1, 0)}, {"low": (1, 0), "high": (1, 0)}),
        ("number", {"low": (1, 1)}, {"low": (1, 0), "integer": True}, {"low": (2, 0), "integer": True}), ("number", {"multipleOf": {2}}, {"multipleOf": {3}}, {"multipleOf": {2, 3}}),
        ("array", {"items": ("a",), "prefixItems": (("x",),)}, {"items": ("b", "a"), "prefixItems": (("y",), ("z",))}, {"items": ("a", "b"), "prefixItems": (("x", "y"), ("z",))}),
        ("array", {"uniqueItems": True}, {"items": ("a",)}, {"uniqueItems": True, "items": ("a",)}),
        ("string", {"enum": {"1": "a", "2": "bb"}}, {"minLength": 2}, {"enum": {"2": "bb"}}), ("string", {"minLength": 3}, {"enum": {"2": "bb"}}, None),
        ("string", {"enum": {"1": "a", "2": "b"}, "not": frozenset("x")}, {"enum": {"2": "b", "3": "c"}, "not": frozenset("y")}, {"enum": {"2": "b"}, "not": frozenset("xy")}),
        ("object", {"properties": {"a": ("x",)}, "required": {"a"}}, {"properties": {"a": ("y",), "b": ("z",)}, "required": {"b"}}, {"properties": {"a": ("x", "y"), "b": ("z",)}, "required": {"a", "b"}}),
        ("object", {"properties": {"a": ("x",)}}, {"additional": ("r",)}, {"properties": {"a": ("x", "r")}, "additional": ("r",)}),
        ("object", {"properties": {"a": ("x",)}}, {"additional": ("r",), "closed": True}, {"properties": {"a": ("x",)}, "additional": ("r",), "closed": True}),
        ("object", {"properties": {"a": ("x",)}}, {"additional": ("r",), "patternProperties": {"^b": ("s",)}}, {"properties": {"a": ("x",)}, "additional": ("r",), "patternProperties": {"^b": ("s",)}}),
        ("object", {"dependentRequired": {"a": {"b"}, "c": {"d"}}}, {"dependentRequired": {"a": {"e"}}}, {"dependentRequired": {"a": {"b", "e"}, "c": {"d"}}}),
        *(("object", {key: ("x",)}, {key: ("y",)}, {key: ("x", "y")}) for key in ("unevaluatedProperties", "additional", "propertyNames")),
        ("array", {"unevaluatedItems": ("x",)}, {"unevaluatedItems": ("x", "y")}, {"unevaluatedItems": ("x", "y")}), ("string", {"contentSchema": ("x",)}, {"contentSchema": ("y",)}, {"contentSchema": ("x", "y")}),
        ("object", {}, {}, {}), ("array", {"contains": (("c",), 0, None)}, {"minItems": 1}, {"minItems": 1}),
    ],
)  # fmt: skip
def test_two_sets_of_facts_together(kind: str, one: Any, other: Any, both: Any) -> None:
    assert conjoin(kind, one, other) == both


def test_scalars_that_keep_bounds() -> None:
    bounds = {"low": (1, 1), "high": (3, 0), "integer": True, "minLength": 1, "maxLength": 2}
    assert [fits(bounds, value) for value in (1, 1.5, 2, 2.0, 3, 3.5, 4)] == [
        False,
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert [fits(bounds, value) for value in ("", "a", "ab", "abc", None, True, [0])] == [
        False,
        True,
        True,
        False,
        True,
        True,
        True,
    ]
    assert fits({}, "")
    assert [fits({"high": (3, -1)}, value) for value in (2.9, 3)] == [True, False]
    assert [fits({"low": (3, 0)}, value) for value in (2.9, 3)] == [False, True]
    assert [kind_of(value) for value in (None, True, 1, 1.5, "", [], {})] == [
        "null",
        "boolean",
        "number",
        "number",
        "string",
        "array",
        "object",
    ]
    assert [canonical(value) for value in (1.0, 1.5, {"b": "\u00e9", "a": None})] == [
        "1",
        "1.5",
        '{"a": null, "b": "\u00e9"}',
    ]
    assert [escaped(name) for name in ("a", "a~b", "a/b", "~/")] == ["a", "a~0b", "a~1b", "~0~1"]


def document(schema: dict[str, Any]) -> Document:
    content = {"content": {"application/json": {"schema": {"properties": {"v": schema}}}}}
    operation = {"requestBody": content, "responses": {"200": {"description": "", **content}}}
    return Document(
        "openapi.yaml", {"openapi": "3.1.0", "info": {}, "paths": {"/b": {"post": operation}}}, {}
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"minLength": 1}, {"minLength": 2}, ["min-length-raised /v error note: must now have at least 2 characters, was 1"]),
        ({"maxLength": 3}, {}, ["max-length-raised /v note error: may now have any number of characters, was at most 3"]),
        ({"maxLength": 3}, {"maxLength": 5}, ["max-length-raised /v note error: may now have up to 5 characters, was at most 3"]),
        ({"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^b"}, ["pattern-changed /v error error: must now match /^b/, was /^a/"]),
        ({"pattern": "^a"}, {}, ["pattern-removed /v note error: need no longer match /^a/"]),
        ({"format": "uri"}, {"format": "iri"}, ["format-relaxed /v note note: has the format iri, was uri"]),
        ({"type": "integer"}, {"type": "number"}, ["integer-became-number /v note error: may now have a fraction, was an integer"]),
        ({"type": "integer", "minimum": 1}, {"type": "integer", "exclusiveMinimum": 0}, []),
        ({"minimum": 1}, {"minimum": 0}, ["minimum-lowered /v note error: may now be down to 0, was at least 1"]),
        ({"maximum": 5}, {"exclusiveMaximum": 5}, ["maximum-lowered /v error note: must now be at most but not 5, was 5"]),
        ({"multipleOf": 2}, {"multipleOf": 4}, ["step-tightened /v error note: must now be a multiple of 4, was 2"]),
        ({"multipleOf": 2}, {"multipleOf": 3}, ["step-changed /v error error: must now be a multiple of 3, was of 2"]),
        ({"uniqueItems": True}, {}, ["items-may-repeat /v note error: may now hold an item twice"]),
        ({"minItems": 1}, {"minItems": 3}, ["min-items-raised /v error note: must now have at least 3 items, was 1"]),
        ({"maxItems": 1}, {"maxItems": 0}, ["max-items-lowered /v error note: may now have at most 0 items, was 1"]),
        ({"minProperties": 1}, {}, ["min-properties-lowered /v note error: may now hold 0 keys, was at least 1"]),
        ({"dependentRequired": {"a": ["b"]}}, {"dependentRequired": {"a": ["b", "c"]}}, ["dependent-required-tightened /v error note: with 'a' there, 'c' must now be there too"]),
        ({"contains": {"type": "integer"}}, {}, ["contains-removed /v note error: need no longer contain a certain item"]),
        ({"contains": {}, "minContains": 2}, {"contains": {}, "minContains": 1, "maxContains": 3}, ["max-contains-lowered /v error note: may now contain at most 3 of a certain item, was without a limit", "min-contains-lowered /v note error: may now contain 1 of a certain item, was at least 2"]),
        ({"not": {"type": "string"}}, {}, ["exclusion-removed /v note error: may now be what `not` excluded"]),
        ({"enum": ["a", "b"]}, {"enum": ["b", "c"]}, ["enum-value-removed /v error note: may no longer be 'a'", "enum-value-added /v note warning: may now be 'c'"]),
        ({"enum": ["a"]}, {"enum": ["b"]}, ["enum-replaced /v error error: must now be 'b', was 'a'"]),
        ({"enum": ["a"]}, {"type": "string"}, ["enum-removed /v note error: may now be anything, was 'a'"]),
        ({"type": ["string", "null"]}, {"type": "string"}, ["null-removed /v error note: may no longer be null"]),
        ({"prefixItems": [{"type": "integer"}]}, {"prefixItems": [{"type": "integer"}, {"type": "string"}]}, ["type-narrowed /v/1 error note: may now only be string, was anything"]),
        ({"items": {"type": "integer"}}, {"items": {"type": "string"}}, ["type-changed /v/* error error: is now string, was integer"]),
        ({"type": "string", "contentEncoding": "base64"}, {"type": "string", "contentEncoding": "base32"}, ["content-changed /v note note: contentEncoding is now 'base32', was 'base64'"]),
        ({"if": {"type": "string"}, "then": {"minLength": 1}}, {}, ["condition-removed /v note error: is no longer bound by `if`"]),
        ({"minLength": 1}, {}, ["min-length-lowered /v note error: may now have 0 characters, was at least 1"]),
        ({}, {"maxLength": 3}, ["max-length-stated /v warning note: may now have at most 3 characters, no limit was stated"]),
        ({"maximum": 5}, {}, ["maximum-raised /v note error: may now be as high as it likes, was at most 5"]),
        ({}, {"minimum": 5}, ["minimum-stated /v warning note: must now be at least 5, no limit was stated"]),
        ({"maximum": 5}, {"maximum": 6}, ["maximum-raised /v note error: may now be up to 6, was at most 5"]),
        ({"exclusiveMinimum": 1}, {"minimum": 1}, ["minimum-lowered /v note error: may now be down to 1, was at least but not 1"]),
        ({}, {"multipleOf": 2}, ["step-tightened /v error note: must now be a multiple of 2, was anything"]),
        ({"multipleOf": 4}, {"multipleOf": 2}, ["step-relaxed /v note error: is now a multiple of 2, was 4"]),
        ({"format": "int64"}, {"format": "int32"}, ["number-width-lowered /v error note: must now fit int32, was int64"]),
        ({"format": "email"}, {"format": "idn-email"}, ["format-relaxed /v note note: has the format idn-email, was email"]),
        ({"format": "date"}, {"format": "date-time"}, ["format-changed /v error error: now has the format date-time, was date"]),
        ({"format": "mine"}, {}, ["format-renamed /v note note: has the format free, was mine, which no validator checks"]),
        ({"contains": {}}, {"contains": {"type": "string"}}, ["contains-changed /v error note: must now contain another item"]),
        ({}, {"contains": {}}, ["contains-added /v error note: must now contain a certain item"]),
        ({}, {"not": {"type": "string"}}, ["exclusion-added /v error note: may no longer be what `not` excludes"]),
        ({"not": {"type": "string"}}, {"not": {"type": "integer"}}, ["exclusion-changed /v error error: `not` now excludes something else"]),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, ["enum-value-added /v note warning: may now be 'b'"]),
        ({"type": "string"}, {"enum": ["a"]}, ["enum-added /v error note: must now be 'a'"]),
        ({"type": "string", "maxLength": 1}, {"enum": ["a", "bb"]}, ["enum-replaced /v error error: must now be 'a' or 'bb'"]),
        ({"type": "string"}, {"type": ["string", "null"]}, ["null-added /v note error: may now be null"]),
        ({"type": "string"}, {"type": "integer"}, ["type-changed /v error error: is now integer, was string"]),
        ({"type": "string"}, {}, ["type-widened /v note error: may now be anything, was string"]),
        ({"type": "string"}, {"type": ["string", "integer"]}, ["type-widened /v note error: may now be integer or string, was string"]),
        ({"items": {"type": "integer"}}, {}, ["integer-became-number /v/* note error: may now have a fraction, was an integer", "type-widened /v/* note error: may now be anything, was integer"]),
        ({"prefixItems": [{"type": "integer"}, {"type": "integer"}], "items": {"type": "string"}}, {"prefixItems": [{"type": "integer"}], "items": {"type": "string"}}, ["type-changed /v/1 error error: is now string, was integer"]),
        ({"properties": {"a": {"readOnly": True, "type": "string"}}}, {"properties": {"a": {"readOnly": True, "type": "integer"}}}, ["type-changed /v/a - error: is now integer, was string"]),
        ({"properties": {"a": {"writeOnly": True, "type": "string"}}}, {"properties": {"a": {"writeOnly": True, "type": "integer"}}}, ["type-changed /v/a error -: is now integer, was string"]),
        ({"x-sunset": "2030-01-01"}, {}, ["sunset-set /v note note: is no longer announced to end, was 2030-01-01"]),
        ({"deprecated": True, "x-sunset": "2030-01-01"}, {"deprecated": True}, ["sunset-dropped /v error error: is deprecated and no longer says when it ends, was 2030-01-01"]),
        ({"dependentRequired": {"a": ["b"]}}, {}, ["dependent-required-relaxed /v note error: with 'a' there, 'b' may now be absent"]),
        ({"dependentRequired": {"a": ["b"]}}, {"dependentRequired": {"a": ["c"]}}, ["dependent-required-changed /v error error: with 'a' there, 'c' must now be there, was 'b'"]),
    ],
)  # fmt: skip
def test_each_change_of_a_fact_is_told_with_its_severity_in_requests_and_responses(
    old: Any, new: Any, said: list[str]
) -> None:
    """Per row: rule, place, severity in a request and in a response (`-` for none), and the words."""
    told: dict[str, dict[str, str]] = {}
    for one in drift(document(old), document(new), today="2026-11-22"):
        told.setdefault(f"{one.rule} {one.pointer.removeprefix('/body')} {{}} {{}}: {one.message}", {})[
            str(one.direction)
        ] = str(one.severity)
    assert sorted(
        text.format(by.get("request", "-"), by.get("response", "-")) for text, by in told.items()
    ) == sorted(said)
