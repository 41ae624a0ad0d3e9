"""The five checks on small specs: what each finding says, and what stays unsaid; by both engines alike."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from contracts.check.provider import CheckOptions, ProviderCheck
from contracts.interactions.formats.read import read_recording
from contracts.model import Headers, Source, Verdict
from contracts.spec.provider import load
from contracts.validate import Checker
from contracts.validate.notices import spec_notices
from tests.validate.specs import interaction, lines, spec, spec_of

ENGINES = ("fast", "reference")
COMPONENTS: dict[str, Any] = {
    "Base": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
    "Cat": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "meow": {"type": "integer"}},
    },
    "Dog": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "bark": {"type": "integer"}},
    },
    "Secret": {"type": "string", "writeOnly": True},
}
REF = "#/components/schemas/"
PETS = {"oneOf": [{"$ref": f"{REF}Cat"}, {"$ref": f"{REF}Dog"}]}
STRICT_PETS = {
    "anyOf": [
        {
            "type": "object",
            "required": ["kind", "meow"],
            "properties": {"kind": {"const": "cat"}, "meow": {"type": "integer"}},
        },
        {
            "type": "object",
            "required": ["kind", "bark"],
            "properties": {"kind": {"const": "dog"}, "bark": {"type": "integer"}},
        },
    ]
}
TAGGED = {
    "anyOf": PETS["oneOf"],
    "discriminator": {"propertyName": "kind", "mapping": {"c": f"{REF}Cat", "d": "Dog"}},
}

# (schema, body, lines)
BODIES: list[tuple[Any, Any, list[str]]] = [
    # nullable of 3.0 in a 3.1 document is read as its author meant
    (
        {"properties": {"a": {"type": "string", "nullable": True}}},
        {"a": None},
        [],
    ),
    ({"type": ["string", "null"]}, None, []),
    # what stands beside a $ref at the root of the response counts
    ({"$ref": f"{REF}Base", "required": ["b"]}, {"id": "1"}, ["error body /b required: missing, but required"]),
    # prefixItems, with the rest closed, open and typed
    ({"prefixItems": [{"type": "integer"}], "items": False}, [1], []),
    (
        {"prefixItems": [{"type": "integer"}], "items": False},
        ["x", 2, 3],
        [
            "error body /* items: stands where the spec allows nothing",
            "error body /0 type: 'x' is not an integer",
        ],
    ),
    # closed, open and free objects
    ({"properties": {"a": {}}}, {"b": 1, "c": 2}, ["warning body /b undescribed: not in the spec", "warning body /c undescribed: not in the spec"]),
    ({"properties": {"a": {}}, "additionalProperties": True}, {"b": 1}, ["warning body /b undescribed: not in the spec"]),
    ({"properties": {"a": {}}, "additionalProperties": {"type": "integer"}}, {"b": 1}, []),
    ({"properties": {"a": {}}, "patternProperties": {"^x": {}}}, {"x1": 1, "y": 2}, ["warning body /y undescribed: not in the spec"]),
    ({"type": "object"}, {"b": 1}, []),
    ({"additionalProperties": True}, {"b": 1}, []),
    (
        {"properties": {"a": {}}, "additionalProperties": False},
        {"b": 1},
        ["error body /b additionalProperties: not in the spec, which closes this object"],
    ),
    # allOf is one object: its parts describe each other's fields
    ({"allOf": [{"$ref": f"{REF}Base"}, {"properties": {"b": {}}}]}, {"id": "1", "b": 1}, []),
    (
        {"allOf": [{"$ref": f"{REF}Base"}, {"properties": {"b": {}}}]},
        {"id": "1", "c": 1},
        ["warning body /c undescribed: not in the spec"],
    ),
    ({"allOf": [{"$ref": f"{REF}Base"}], "unevaluatedProperties": False}, {"id": "1", "c": 1},
     ["error body /c unevaluatedProperties: not in the spec, which closes this object"]),
    # unions: the branch that was meant
    (STRICT_PETS, {"kind": "cat", "meow": "loud"}, ["error body /meow type: 'loud' is not an integer"]),
    (STRICT_PETS, {"kind": "cat", "meow": 1, "x": 1}, ["warning body /x undescribed: not in the spec"]),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 7, ["error body / type: 7 is not a string or null"]),
    ({"oneOf": [{"type": "integer"}, {"minimum": 5}]}, 7, ["error body / oneOf: 7 fits 2 of the 2 alternatives, where exactly one is allowed"]),
    # a stricter branch must not hide that two branches take the value
    (
        {"oneOf": [{"properties": {"x": {"properties": {"a": {}, "b": {}}}}}, {"properties": {"x": {"properties": {"a": {}}}}}]},
        {"x": {"a": 1, "b": 2}},
        ["error body / oneOf: an object of 1 fits 2 of the 2 alternatives, where exactly one is allowed"],
    ),
    # a condition is no description of its own
    ({"not": {"properties": {"a": {"properties": {"b": {"type": "string"}}, "required": ["b"]}}, "required": ["a"]}},
     {"a": {"b": "x", "c": 1}}, ["error body / not: is what the spec rules out"]),
    ({"properties": {"k": {}}, "if": {"properties": {"k": {"const": 1}}}, "then": {"properties": {"a": {}}}, "else": {"properties": {"b": {}}}},
     {"k": 1, "b": 2}, ["warning body /b undescribed: not in the spec"]),
    ({"properties": {"k": {}}, "dependentSchemas": {"k": {"properties": {"a": {}}}}}, {"k": 1, "a": 2}, []),
    # discriminators
    ({**TAGGED}, {"kind": "c", "meow": 1}, []),
    ({**TAGGED}, {"kind": "x", "meow": 1}, ["warning body /kind discriminator: 'x' is not 'c' or 'd'"]),
    ({**TAGGED}, {"kind": "d", "bark": "w"}, ["warning body /bark undescribed: not in the spec", "warning body /kind discriminator: 'd' names a branch that the rest does not fit"]),
    # writeOnly: may not come back, and need not
    ({"properties": {"p": {"$ref": f"{REF}Secret"}}, "required": ["p"]}, {}, []),
    ({"properties": {"p": {"$ref": f"{REF}Secret"}}}, {"p": "x"}, ["warning body /p write-only: write-only in the spec, but came back"]),
    ({"properties": {"p": {"type": "string", "readOnly": True}}, "required": ["p"]}, {}, ["error body /p required: missing, but required"]),
    # numbers
    ({"format": "int32"}, 2**31, ["error body / format: 2147483648 is no int32"]),
    ({"format": "int64"}, 2**63, ["error body / format: an integer of 16 hexadecimal digits is no int64"]),
    ({"type": "integer"}, 3.0, []),
    ({"format": "no-such-format"}, "x", []),
]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("schema", "body", "expected"), BODIES, ids=[str(n) for n in range(len(BODIES))])
def test_bodies(schema: Any, body: Any, expected: list[str], engine: str) -> None:
    assert lines(spec_of(schema, **COMPONENTS), body, engine) == expected


def answered(responses: dict[str, Any], method: str = "get") -> Any:
    document = {"openapi": "3.1.0", "info": {}, "paths": {"/batch": {method: {"responses": responses}}}}
    return spec(document)


JSON = {"application/json": {"schema": {"type": "object", "required": ["a"]}}}
MEDIA: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"200": {"content": JSON}}, {"body": {"a": 1}, "media": "Application/JSON; charset=UTF-8"}, []),
    ({"200": {"content": {"application/json; charset=utf-8": JSON["application/json"]}}}, {"body": {"a": 1}}, []),
    ({"200": {"content": {"application/*": JSON["application/json"]}}}, {"body": {}}, ["error body /a required: missing, but required"]),
    ({"200": {"content": {"*/*": JSON["application/json"]}}}, {"body": {}}, ["error body /a required: missing, but required"]),
    ({"200": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}}, {"body": [], "media": "application/problem+json"}, ["error body / type: an empty list is not an object"]),
    ({"200": {"content": JSON}}, {"body": b"<html>", "media": "text/html"},
     ["error body / media-type: 'text/html' is not 'application/json'", "error body / not-json: not JSON at line 1, column 1; it starts with '<html>'"]),
    ({"200": {"content": JSON}}, {"body": {}, "media": "text/html"}, ["error body / media-type: 'text/html' is not 'application/json'"]),
    ({"200": {"content": JSON | {"application/pdf": {}}}}, {"body": b"<html>", "media": "text/html"},
     ["error body / media-type: 'text/html' is not 'application/json' or 'application/pdf'"]),
    ({"200": {"content": JSON}}, {"body": {}, "media": "", "headers": (("date", "x"),)}, ["error body / media-type: no content type came", "error body /a required: missing, but required"]),
    ({"200": {"content": {"text/plain": {"schema": {"type": "string", "maxLength": 2}}}}}, {"body": b"abc", "media": "text/plain"}, ["error body / maxLength: 3 characters, at most 2 allowed"]),
    ({"200": {"content": {"text/plain": {"schema": {"type": "integer"}}}}}, {"body": b"12", "media": "text/plain"}, []),
    ({"200": {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}, {"body": b"%PDF", "media": "application/pdf"}, []),
    ({"204": {}}, {"body": b"", "status": 204, "media": ""}, []),
    ({"204": {}}, {"body": b"x", "status": 204}, ["warning body / undocumented-body: a body came where the spec describes none"]),
    ({"304": {"content": JSON}}, {"body": b"", "status": 304, "media": ""}, []),
    ({"4XX": {"content": JSON}}, {"body": {}, "status": 418}, ["error body /a required: missing, but required"]),
    ({"4xx": {"content": JSON}}, {"body": {}, "status": 418}, ["error body /a required: missing, but required"]),
    ({"default": {"content": JSON}}, {"body": {}, "status": 503}, ["error body /a required: missing, but required"]),
    ({"404": {}, "4XX": {"content": JSON}}, {"body": b"", "status": 404, "media": ""}, []),
    ({"200": {}, "default": {}}, {"body": b"", "status": 302, "headers": (("Location", "https://a.test/"),)}, []),
    ({"200": {}, "4XX": {}}, {"body": b"", "status": 500}, ["warning status / undocumented-status: 500 is not documented"]),
    ({"200": {}}, {"body": b"", "status": 302, "headers": (("location", "https://u:p@a.test/x?sig=1#f"),)},
     ["error header /location redirect: redirects to 'https://a.test/x?…', which was not followed",
      "error status / undocumented-status: 302 is not documented"]),
    ({"200": {}}, {"body": b"", "status": 302, "headers": (("location", "http://[x"),)},
     ["error header /location redirect: redirects to an address that cannot be read, which was not followed",
      "error status / undocumented-status: 302 is not documented"]),
    ({"200": {}}, {"body": b"", "status": 308, "media": "", "headers": (("location", "/v1/batch"),), "url": "https://vendor.test/v1/batch/"},
     ["error header /location redirect: redirects to '/v1/batch', which was not followed",
      "warning request / unknown-operation: GET /v1/batch/ is not in the spec; without the last slash it is"]),
]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("responses", "answer", "expected"), MEDIA, ids=[str(n) for n in range(len(MEDIA))])
def test_status_and_media_types(
    responses: dict[str, Any], answer: dict[str, Any], expected: list[str], engine: str
) -> None:
    rest = {key: value for key, value in answer.items() if key != "body"}
    assert lines(answered(responses), answer["body"], engine, **rest) == expected


def test_head_has_no_body() -> None:
    found = answered({"200": {"content": JSON}}, "head")
    assert lines(found, b"", method="HEAD") == []
    assert lines(found, {}, method="HEAD") == ["error body /a required: missing, but required"]


HEADERS = {
    "X-Left": {"required": True, "schema": {"type": "integer", "minimum": 0}},
    "X-Until": {"schema": {"type": ["string", "null"], "format": "date-time"}},
    "X-Info": {"content": {"application/json": {"schema": {"type": "object"}}}},
    "X-List": {"schema": {"type": "array", "items": {"type": "integer"}}},
    "X-Pair": {
        "schema": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False}
    },
    "X-Free": {},
    "X-Either": {"schema": {"type": ["integer", "string"], "maximum": 9}},
    "Content-Type": {"required": True, "schema": {"type": "integer"}},
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((("x-left", "3"),), []),
        ((("X-Left", " 3 "), ("X-Until", "2024-01-15T10:30:00Z"), ("X-Info", "{}"), ("X-Free", "y")), []),
        ((("X-Left", "3"), ("X-List", "1,2"), ("X-List", "3"), ("X-Pair", "a,1")), []),
        ((), ["error header /x-left missing-header: missing, but required"]),
        ((("X-Left", "many"),), ["error header /x-left header-value: 'many' is not an integer"]),
        ((("X-Left", "-1"),), ["error header /x-left header-value: -1 is less than 0"]),
        (
            (("X-Left", "3"), ("X-Until", "soon")),
            ["error header /x-until header-value: 'soon' is no date-time"],
        ),
        ((("X-Left", "3"), ("X-Info", "{")), ["error header /x-info header-value: '{' is not an object"]),
        ((("X-Left", "3"), ("X-Either", "12")), []),
        ((("X-Left", "3"), ("X-List", "1,b")), ["error header /x-list header-value: 'b' is not an integer"]),
    ],
)
def test_headers_are_read_by_their_schema(headers: Headers, expected: list[str], engine: str) -> None:
    found = answered({"200": {"headers": HEADERS, "content": {"application/json": {}}}})
    assert [line for line in lines(found, {}, engine, headers=headers) if "engines" not in line] == expected


def test_a_body_is_clean_where_the_schema_and_its_strict_twin_take_it() -> None:
    found = spec_of({"oneOf": [{"required": ["a"], "properties": {"a": {}}}, {"properties": {"b": {}}}]})
    schema = found.operations[0].responses["200"].content["application/json"]
    assert schema is not None
    check = Checker(found, "vendor").body_check(schema)
    told = [(check.accepts(value), check.is_clean(value)) for value in ({"b": 1}, {"b": 1, "c": 1}, {"a": 1})]
    assert told == [(True, True), (True, False), (False, False)]


def test_a_thousand_equal_faults_are_one_finding_with_their_first_places() -> None:
    found = spec_of({"type": "array", "items": {"type": "object", "required": ["id"]}})
    finding = Checker(found, "vendor").check(interaction([{}] * 1000))[0]
    assert (finding.pointer, finding.count, finding.places) == ("/*/id", 1000, ("/0/id", "/1/id", "/2/id"))
    assert str(finding.spec_line) == "openapi.yaml:1"


def test_a_big_body_is_judged_like_a_small_one_and_leaves_the_collector_on() -> None:
    checker = Checker(spec_of({"items": {"properties": {"id": {"type": "integer"}}}}), "vendor")
    assert checker.check(interaction([{"id": 1}] * 10_000)) == ()
    found = checker.check(interaction([{"id": 1}] * 9_999 + [{"id": "1"}]))
    assert [(f.rule, f.pointer) for f in found] == [("type", "/9999/id")]
    assert gc.isenabled()


def test_an_inferred_fact_never_makes_an_error() -> None:
    checker = Checker(spec_of({"type": "string"}, provenance="inferred"), "vendor")
    assert [str(f.severity) for f in checker.check(interaction(7))] == ["warning"]


def test_a_page_where_json_was_inferred_is_an_error_for_nothing_was_judged() -> None:
    checker = Checker(spec_of({"type": "object"}, provenance="inferred"), "vendor")
    found = {
        media: checker.check(interaction(b"<html>", media=media))
        for media in ("text/html", "application/json")
    }
    assert {media: [f"{f.severity} {f.rule}" for f in findings] for media, findings in found.items()} == {
        "text/html": ["error not-json", "warning media-type"],
        "application/json": ["error not-json"],
    }


@pytest.mark.parametrize(
    ("schema", "answer", "said"),
    [
        ({"type": "array", "items": {"type": "string"}}, {"body": []}, ["the items of /: the list is empty"]),
        (
            {"items": {"properties": {"b": {"items": {}}}}},
            {"body": b'[{"b": []}, {"b": [ ]}]'},
            ["the items of /*/b: the list is empty (2 times)"],
        ),
        ({}, {"body": b"{"}, ["body: there is no JSON value to judge"]),
        ({}, {"body": {}, "media": "text/html"}, ["body: text/html is not described"]),
        ({}, {"body": {}, "status": 404}, []),
        (
            {},
            {"body": {}, "status": 503},
            ["503 is not documented, and a failure says nothing of other answers"],
        ),
        (
            {},
            {"body": {}, "url": "https://vendor.test/other"},
            ["no operation of the spec matches the request"],
        ),
    ],
)
def test_what_was_not_checked_is_said(schema: Any, answer: dict[str, Any], said: list[str]) -> None:
    checker = Checker(spec_of(schema), "vendor")
    assert list(checker.unchecked(interaction(**answer))) == said


def test_the_media_type_of_the_spec_is_read_without_its_parameters() -> None:
    found = answered({"200": {"content": {"application/json; v=1": {"schema": {"type": "object"}}}}})
    assert Checker(found, "vendor").unchecked(interaction({}, media="")) == ()


def test_a_failure_that_is_documented_is_judged() -> None:
    found = answered({"503": {"content": {"application/json": {"schema": {"type": "array"}}}}})
    assert lines(found, {}, status=503) == ["error body / type: an empty object is not a list"]
    assert Checker(found, "vendor").unchecked(interaction({}, status=503)) == ()


def test_what_has_no_schema_or_decoder_is_said() -> None:
    found = answered(
        {
            "200": {
                "content": {
                    "application/json": {},
                    "application/pdf": {"schema": {}},
                    "text/csv": {"schema": {}},
                    "text/plain": {},
                }
            }
        }
    )
    checker = Checker(found, "vendor")
    assert checker.check(interaction(b"x", media="text/plain")) == ()
    said = [
        checker.unchecked(interaction(b"x", media=m))
        for m in ("application/json", "application/pdf", "text/csv")
    ]
    assert said == [
        ("body: the spec gives no schema for application/json",),
        ("body: application/pdf has no decoder",),
        ("body: text/csv has no decoder",),
    ]


def test_unknown_words_of_a_spec_are_noticed_once() -> None:
    found = spec_of(
        {
            "properties": {
                "a": {"format": "colour", "minLenght": 2},
                "b": {"format": "colour", "nullable": True, "x-own": 1},
                "c": {"example": {"nullable": 1, "foo": 2}, "properties": {"nullable": {}}},
                "d": {"sellable": 1, "format": "binary"},
            }
        }
    )
    assert spec_notices(found, found.operations) == (
        (
            "openapi.yaml:1: /paths/~1batch/get/responses/200/content/application~1json/schema/properties/b/nullable: "
            "'nullable' is a word of OpenAPI 3.0; it is read as there: null is allowed"
        ),
        "openapi.yaml: the format 'colour' is unknown, so it is not checked",
        "openapi.yaml:1: 'minLenght' is no keyword of JSON Schema, so it checks nothing; did the vendor mean 'minLength'?",
        "openapi.yaml:1: 'sellable' is no keyword of JSON Schema, so it checks nothing",
    )


def test_a_recorded_redirect_of_a_vendor_violates(tmp_path: Path) -> None:
    """The vendor's server answers a path with a trailing slash by sending the client to plain http."""
    base = "almanac-backend-83vc.onrender.com/v1/wikis/w/sources/batches/b"
    entry = {
        "startedDateTime": "2026-11-22T00:20:43.144Z",
        "request": {"method": "GET", "url": f"https://{base}/", "headers": []},
        "response": {
            "status": 307,
            "headers": [{"name": "location", "value": f"http://{base}"}],
            "content": {"text": ""},
        },
    }
    path = tmp_path / "a.har"
    path.write_text(
        json.dumps({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [entry]}})
    )
    recorded = next(iter(read_recording(path, "a.har")))
    assert recorded.source is Source.RECORDED
    said = ProviderCheck(load("almanac"), CheckOptions()).assess(recorded)
    assert said.verdict is Verdict.VIOLATES
    assert [(str(f.severity), f.rule, f.message) for f in said.findings] == [
        ("error", "redirect", f"redirects to 'http://{base}', which was not followed"),
        (
            "warning",
            "unknown-operation",
            "GET /v1/wikis/w/sources/batches/b/ is not in the spec; without the last slash it is",
        ),
    ]
