"""Whole findings: every field of what is said of an answer, one row a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.model import Finding, Headers, Pointer, Source, SourceLine
from contracts.validate import Checker, example_findings
from tests.validate.specs import interaction, spec

DOCUMENT = """\
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /batch:
    get:
      operationId: getBatch
      responses:
        '200':
          description: ok
          headers:
            X-Left: {required: true, schema: {type: integer, maximum: 9}}
            X-Tags: {content: {application/json: {schema: {type: array, maxItems: 1}}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Job'}}
            text/plain: {schema: {type: integer}}
            application/pdf: {schema: {type: string, maxLength: 1}}
        '204': {description: none}
        4XX: {description: gone, content: {application/json: {}}}
  /batch/{id}:
    delete: {responses: {'202': {description: ok}}}
components:
  schemas:
    Job:
      type: object
      required: [id]
      properties:
        id: {type: [integer, 'null'], example: x}
        secret: {writeOnly: true}
        either: {oneOf: [{type: integer}, {type: number}, {type: string}]}
        any: {anyOf: [{type: integer}, {type: [boolean, 'null']}]}
        names: {propertyNames: {pattern: '^a'}, additionalProperties: true}
        rows: {type: array, items: {enum: [1, 2]}, default: [1, 5]}
        pet: {$ref: '#/components/schemas/Pet'}
        whole: {allOf: [{properties: {n: {type: integer}}}], unevaluatedProperties: false}
        blank: {type: string, example: null}
        word: {type: string, maxLength: 2, examples: [abc, ab]}
    Pet:
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {dog: '#/components/schemas/Dog'}}
    Dog:
      allOf: [{$ref: '#/components/schemas/Pet'}]
      required: [bark]
      properties: {bark: {type: integer}}
"""
FOUND = spec(DOCUMENT)
LEFT: Headers = (("X-Left", "3"),)


def told(one: Finding) -> str:
    """Write every field that a check sets; the rest is asserted to be as it is for all."""
    assert (one.provider, one.provenance, one.source) == ("vendor", "published", "recorded")
    assert isinstance(one.spec_line, SourceLine)
    assert isinstance(one.places, tuple)
    head = f"{one.severity} {one.operation or '-'} {one.status} {one.part} {one.rule} {one.pointer or '/'}"
    place = f"{one.spec_pointer or '-'}:{one.spec_line.line}"
    return f"{head} | {place} | {one.expected} | {one.found} | {one.count} {' '.join(one.places)} | {one.message}"


JOB = "| /components/schemas/Job/"
HEAD = "| /paths/~1batch/get/responses"
KINDS = "'application/json', 'text/plain' or 'application/pdf'"
LOCATION = (("Location", "https://u:p@x.test/a?sig=1#f"),)


@pytest.mark.parametrize(
    ("body", "answer", "said"),
    [
        ({"id": 1}, {}, [
        ]),
        ({"id": "x", "secret": 1, "other": 2}, {}, [
            "error getBatch 200 body type /id | /components/schemas/Job/properties/id/type:27 | an integer or null | 'x' | 1 /id | 'x' is not an integer or null",
            "warning getBatch 200 body undescribed /other | /components/schemas/Job/properties:26 | absent |  | 1 /other | not in the spec",
            "warning getBatch 200 body write-only /secret | /components/schemas/Job/properties/secret/writeOnly:28 | absent |  | 1 /secret | write-only in the spec, but came back",
        ]),
        ({"id": 1, "either": 1}, {}, [
            "error getBatch 200 body oneOf /either | /components/schemas/Job/properties/either/oneOf:29 | exactly one alternative | 2 alternatives | 1 /either | 1 fits 2 of the 3 alternatives, where exactly one is allowed",
        ]),
        ({"id": 1, "either": [], "any": "x"}, {}, [
            "error getBatch 200 body type /any | /components/schemas/Job/properties/any/anyOf:30 | an integer, a boolean or null | 'x' | 1 /any | 'x' is not an integer, a boolean or null",
            "error getBatch 200 body type /either | /components/schemas/Job/properties/either/oneOf:29 | an integer, a number or a string | an empty list | 1 /either | an empty list is not an integer, a number or a string",
        ]),
        ({"id": 1, "names": {"b": 1}}, {}, [
            "error getBatch 200 body propertyNames /names/b | /components/schemas/Job/properties/names/propertyNames/pattern:31 | ^a | 'b' | 1 /names/b | as a name: 'b' does not match ^a",
        ]),
        ({"id": 1, "rows": [3, 1, 4, 5, 6]}, {}, [
            "error getBatch 200 body enum /rows/* | /components/schemas/Job/properties/rows/items/enum:32 | 1 or 2 | 3 | 4 /rows/0 /rows/2 /rows/3 | 3 is not 1 or 2",
        ]),
        ({"id": 1, "rows": [1, 4]}, {}, [
            "error getBatch 200 body enum /rows/1 | /components/schemas/Job/properties/rows/items/enum:32 | 1 or 2 | 4 | 1 /rows/1 | 4 is not 1 or 2",
        ]),
        ({"id": 1, "pet": {"kind": "dog", "x": 1}}, {}, [
            "error getBatch 200 body required /pet/bark | /components/schemas/Dog/required:43 | required |  | 1 /pet/bark | missing, but required",
            "warning getBatch 200 body undescribed /pet/x | /components/schemas/Dog/properties:44 | absent |  | 1 /pet/x | not in the spec",
        ]),
        ({"id": 1, "pet": {"kind": "cat"}}, {}, [
            "warning getBatch 200 body discriminator /pet/kind | /components/schemas/Pet/discriminator:40 | 'dog' | 'cat' | 1 /pet/kind | 'cat' is not 'dog'",
        ]),
        ({"id": 1, "pet": {"kind": "dog", "bark": 1}}, {}, [
        ]),
        ({"id": 1, "whole": {"n": "x"}}, {}, [
            "error getBatch 200 body type /whole/n | /components/schemas/Job/properties/whole/allOf/0/properties/n/type:34 | an integer | 'x' | 1 /whole/n | 'x' is not an integer",
        ]),
        ({"id": 1, "whole": {"n": 1, "m": 2}}, {}, [
            "error getBatch 200 body unevaluatedProperties /whole/m | /components/schemas/Job/properties/whole/unevaluatedProperties:34 | absent | 2 | 1 /whole/m | not in the spec, which closes this object",
        ]),
        ({}, {}, [
            "error getBatch 200 body required /id | /components/schemas/Job/required:25 | required |  | 1 /id | missing, but required",
        ]),
        ([], {}, [
            "error getBatch 200 body type / | /components/schemas/Job/type:24 | an object | an empty list | 1  | an empty list is not an object",
        ]),
        ({"id": 1}, {"headers": ()}, [
            "error getBatch 200 header missing-header /x-left | /paths/~1batch/get/responses/200/headers/X-Left:11 | present |  | 1 /x-left | missing, but required",
        ]),
        ({"id": 1}, {"headers": (("x-left", "30"),)}, [
            "error getBatch 200 header header-value /x-left | /paths/~1batch/get/responses/200/headers/X-Left/schema/maximum:11 | not more than 9 | 30 | 1 /x-left | 30 is more than 9",
        ]),
        ({"id": 1}, {"headers": (("X-Left", "3"), ("X-Tags", "[1,2]"))}, [
            "error getBatch 200 header header-value /x-tags | /paths/~1batch/get/responses/200/headers/X-Tags/content/application~1json/schema/maxItems:12 | at most 1 | 2 items | 1 /x-tags | 2 items, at most 1 allowed",
        ]),
        ({"id": 1}, {"headers": (("X-Left", "3"), ("X-Tags", "x"))}, [
            "error getBatch 200 header header-value /x-tags | /paths/~1batch/get/responses/200/headers/X-Tags/content/application~1json/schema/type:12 | a list | 'x' | 1 /x-tags | 'x' is not a list",
        ]),
        ({"id": 1}, {"headers": (("X-Left", "3"), ("x-left", "4"))}, [
            "error getBatch 200 header header-value /x-left | /paths/~1batch/get/responses/200/headers/X-Left/schema/type:11 | an integer | '3, 4' | 1 /x-left | '3, 4' is not an integer",
        ]),
        (b"{", {}, [
            "error getBatch 200 body not-json / | -:5 |  |  | 1  | not JSON at line 1, column 2; it starts with '{'",
        ]),
        (b"12", {"media": "text/plain"}, [
        ]),
        (b"x", {"media": "text/plain"}, [
            "error getBatch 200 body type / | /paths/~1batch/get/responses/200/content/text~1plain/schema/type:15 | an integer | 'x' | 1  | 'x' is not an integer",
        ]),
        (b"%PDF", {"media": "application/pdf"}, [
        ]),
        (b"<p>", {"media": "text/html"}, [
            "error getBatch 200 body media-type / | /paths/~1batch/get/responses/200/content:13 | 'application/json', 'text/plain' or 'application/pdf' | 'text/html' | 1  | 'text/html' is not 'application/json', 'text/plain' or 'application/pdf'",
        ]),
        ({"id": "x"}, {"media": ""}, [
            "error getBatch 200 body media-type / | /paths/~1batch/get/responses/200/content:13 | 'application/json', 'text/plain' or 'application/pdf' | '' | 1  | no content type came",
            "error getBatch 200 body type /id | /components/schemas/Job/properties/id/type:27 | an integer or null | 'x' | 1 /id | 'x' is not an integer or null",
        ]),
        (b"", {"media": ""}, [
            "error getBatch 200 body media-type / | /paths/~1batch/get/responses/200/content:13 | 'application/json', 'text/plain' or 'application/pdf' | '' | 1  | no content type came",
            "error getBatch 200 body not-json / | -:5 |  |  | 1  | an empty body is not JSON",
        ]),
        (b"x", {"headers": (), "status": 204}, [
            "warning getBatch 204 body undocumented-body / | /paths/~1batch/get/responses/204:17 | no body | 1 bytes | 1  | a body came where the spec describes none",
        ]),
        (b"", {"headers": (), "status": 204, "media": ""}, [
        ]),
        ({}, {"headers": (), "status": 500}, [
            "warning getBatch 500 status undocumented-status / | /paths/~1batch/get/responses:7 | 200, 204 or '4XX' | 500 | 1  | 500 is not documented",
        ]),
        ({}, {"headers": (), "status": 404}, [
        ]),
        (b"x", {"headers": (), "status": 404}, [
            "error getBatch 404 body not-json / | -:5 |  |  | 1  | not JSON at line 1, column 1; it starts with 'x'",
        ]),
        ({}, {"headers": (), "method": "PUT"}, [
            "warning - 200 request unknown-operation / | -:3 |  |  | 1  | PUT /v1/batch is not in the spec; the path takes 'GET'",
        ]),
        ({}, {"headers": (), "url": "https://vendor.test/v1/batch/"}, [
            "warning - 200 request unknown-operation / | -:3 |  |  | 1  | GET /v1/batch/ is not in the spec; without the last slash it is",
        ]),
        ({}, {"headers": (), "url": "https://vendor.test/v1/other?a=b"}, [
            "warning - 200 request unknown-operation / | -:3 |  |  | 1  | GET /v1/other is not in the spec",
        ]),
        (b"", {"headers": (("Location", "https://u:p@x.test/a?sig=1#f"),), "status": 302, "media": ""}, [
            "error getBatch 302 header redirect /location | /paths/~1batch/get/responses:7 | no redirect | 'https://x.test/a?…' | 1 /location | redirects to 'https://x.test/a?…', which was not followed",
            "error getBatch 302 status undocumented-status / | /paths/~1batch/get/responses:7 | 200, 204 or '4XX' | 302 | 1  | 302 is not documented",
        ]),
        (b"", {"headers": (("Location", "/a"),), "status": 302, "media": ""}, [
            "error getBatch 302 header redirect /location | /paths/~1batch/get/responses:7 | no redirect | '/a' | 1 /location | redirects to '/a', which was not followed",
            "error getBatch 302 status undocumented-status / | /paths/~1batch/get/responses:7 | 200, 204 or '4XX' | 302 | 1  | 302 is not documented",
        ]),
        (b"", {"headers": (("Location", "http://[::1"),), "status": 302, "media": "", "url": "https://vendor.test/v1/zz"}, [
            "error - 302 header redirect /location | -:3 | no redirect | an address that cannot be read | 1 /location | redirects to an address that cannot be read, which was not followed",
            "warning - 302 request unknown-operation / | -:3 |  |  | 1  | GET /v1/zz is not in the spec",
        ]),
        ({"id": 1, "id2": 1}, {"method": "HEAD"}, [
            "warning - 200 request unknown-operation / | -:3 |  |  | 1  | HEAD /v1/batch is not in the spec; the path takes 'GET'",
        ]),
        (b"", {"method": "HEAD"}, [
            "warning - 200 request unknown-operation / | -:3 |  |  | 1  | HEAD /v1/batch is not in the spec; the path takes 'GET'",
        ]),
    ],
)  # fmt: skip
def test_every_field_of_a_finding(body: Any, answer: dict[str, Any], said: list[str]) -> None:
    given = interaction(body, **{"headers": LEFT, **answer})
    for engine in ("fast", "reference"):
        found = Checker(FOUND, "vendor", engine=engine).check(given)
        assert [told(one) for one in found if one.rule != "engines-disagree"] == said


def test_examples_of_a_spec_are_told_where_they_stand() -> None:
    seen: set[Pointer] = set()
    checker = Checker(FOUND, "vendor")
    found = example_findings(checker, FOUND.operations[0], (), seen)
    assert [(one.rule, str(one.severity), one.part, one.spec_pointer, one.expected, one.found, one.message) for one in found] == [
        ("example-mismatch", "warning", "spec", "/components/schemas/Job/properties/id/example", "an integer or null", "'x'", "the example does not fit: 'x' is not an integer or null"),
        ("example-mismatch", "warning", "spec", "/components/schemas/Job/properties/rows/default", "1 or 2", "5", "the example does not fit: /1: 5 is not 1 or 2"),
        ("example-mismatch", "warning", "spec", "/components/schemas/Job/properties/word/examples/0", "at most 2", "3 characters", "the example does not fit: 3 characters, at most 2 allowed"),
    ]  # fmt: skip
    assert len(seen) == 27
    assert example_findings(checker, FOUND.operations[0], (), seen) == ()
    job = Pointer(("components", "schemas", "Job", "properties"))
    places = {job / "id" / "example", job / "rows" / "default", job / "word" / "examples" / 0}
    assert example_findings(checker, FOUND.operations[0], places) == ()


def test_nothing_is_said_of_what_did_not_come() -> None:
    given = interaction({"id": "x"}, headers=LEFT)
    checker = Checker(FOUND, "vendor")
    assert checker.check(replace(given, response=None)) == ()
    example = replace(given, source=Source.DOCUMENTATION, response=replace(given.response, headers=()))
    assert [(one.rule, one.source) for one in checker.check(example)] == [("type", "documentation")]
    assert checker.find(given) is FOUND.operations[0]
    assert checker.find(interaction(b"", method="PUT")) is None


TRUE: list[tuple[Any, dict[str, Any], tuple[str, ...], bool, tuple[str, ...]]] = [
    ({"id": 1, "rows": []}, {}, (), False, ("the items of /rows: the list is empty",)),
    ({"id": 1, "rows": [[]], "x": [[]]}, {}, (), False, ()),
    ({"id": 1}, {}, (), False, ()),
    (b"{", {}, (), False, ("body: there is no JSON value to judge",)),
    (b"", {}, (), False, ()),
    (b"<p>", {"media": "text/html"}, (), False, ("body: text/html is not described",)),
    (b"%PDF", {"media": "application/pdf"}, ("body: application/pdf has no decoder",), True, ()),
    (b"12", {"media": "text/plain"}, (), False, ()),
    ({}, {"status": 404}, ("body: the spec gives no schema for application/json",), True, ()),
    ({"a": []}, {"status": 404}, ("body: the spec gives no schema for application/json",), True, ()),
    ({}, {"status": 500}, ("500 is not documented, and a failure says nothing of other answers",), True, ()),
    ({}, {"status": 300}, (), False, ()),
    ({}, {"method": "PUT"}, ("no operation of the spec matches the request",), True, ()),
    ({"id": 1}, {"headers": (), "media": ""}, ("header X-Left: no header was recorded",), False, ()),
]


@pytest.mark.parametrize(("body", "answer", "open_", "whole", "empty"), TRUE)
def test_what_was_not_judged_and_what_shows_nothing(
    body: Any, answer: dict[str, Any], open_: Any, whole: bool, empty: Any
) -> None:
    given = interaction(body, **{"headers": LEFT, **answer})
    checker = Checker(FOUND, "vendor")
    assert checker.unjudged(given) == (open_, whole)
    assert checker.vacuous(checker.met(given)) == empty
    assert checker.unchecked(given) == (open_ or empty)
    for failure, said in (("timed out", "timed out"), ("", "no response")):
        assert checker.unjudged(replace(given, response=None, failure=failure)) == ((said,), True)
