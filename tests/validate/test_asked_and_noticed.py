"""Whole findings of requests, notices of a spec, and answers that are set aside or cut: every field, one row a case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.model import Headers, Request, Source
from contracts.validate import Checker, RequestCheck, spec_notices
from tests.validate.specs import interaction, spec, spec_of

NOTICED = {
    "openapi": "3.1.0", "info": {},
    "paths": {"/a": {"post": {
        "parameters": [{"in": "query", "name": "q", "schema": {"format": "odd", "x-mine": 1}}],
        "requestBody": {"content": {"application/json": {"schema": {"maxlength": 5, "type": "string", "example": None}}}},
        "responses": {"200": {"description": "", "headers": {"H": {"schema": {"zzzzzz": 1}}}, "content": {"application/json": {"schema": {"properties": {
            "a": {"format": "odd"}, "b": {"$ref": "#/components/schemas/B"}, "c": {"pattern": "("}, "d": {"pattern": "["}, "e": {"format": "int32"},
            "f": {"type": "integer", "examples": [None]}, "g": {"type": ["null", "string"], "example": None}, "h": {"example": None},
            "i": {**dict.fromkeys(("$comment", "title", "description"), ""), "deprecated": True, "xml": {}, "externalDocs": {}},
        }}}}}},
    }}},
    "components": {"schemas": {"B": {"minimun": 1, "pattern": "(", "format": "password"}}},
}  # fmt: skip


def test_keywords_that_check_nothing_are_known() -> None:
    words = {
        **dict.fromkeys(("$comment", "title", "description"), ""),
        **{
            name: {}
            for name in ("xml", "externalDocs", "$vocabulary", "$defs", "definitions", "contentSchema")
        },
    }
    words |= {
        "deprecated": True,
        "readOnly": True,
        "writeOnly": False,
        "default": 1,
        "example": 1,
        "examples": [1],
        "$anchor": "a",
        "$dynamicAnchor": "b",
    }
    words |= {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "discriminator": {"propertyName": "k"},
    }
    found = spec_of({"properties": {"one": words}})
    assert spec_notices(found, found.operations) == ()


def test_what_a_spec_says_that_nothing_can_check() -> None:
    found = spec(NOTICED)
    aside = (
        "openapi.yaml:1: /components/schemas/B/pattern: 'pattern' is '(', a pattern that the engine here cannot run; it is not judged (and at 1 further place)",
        "openapi.yaml:1: /paths/~1a/post/responses/200/content/application~1json/schema/properties/d/pattern: 'pattern' is '[', a pattern that the engine here cannot run; it is not judged",
    )  # fmt: skip
    assert spec_notices(found, []) == aside
    assert spec_notices(found, found.operations) == (
        *aside,
        "openapi.yaml: 2 examples: null beside a type without null, taken for a placeholder",
        "openapi.yaml: the format 'odd' is unknown, so it is not checked",
        "openapi.yaml:1: 'maxlength' is no keyword of JSON Schema, so it checks nothing; did the vendor mean 'maxLength'?",
        "openapi.yaml:1: 'minimun' is no keyword of JSON Schema, so it checks nothing; did the vendor mean 'minimum'?",
        "openapi.yaml:1: 'zzzzzz' is no keyword of JSON Schema, so it checks nothing",
    )  # fmt: skip


ASKED = """\
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /t/{p}:
    post:
      operationId: send
      parameters:
        - {in: path, name: p, required: true, schema: {type: integer}}
        - {in: query, name: q, required: true, schema: {type: string, maxLength: 1}}
        - {in: header, name: X-H}
      requestBody:
        required: true
        content:
          application/json: {schema: {required: [a], properties: {a: {type: integer}, r: {readOnly: true}, w: {writeOnly: true}}}}
          multipart/form-data: {schema: {type: object}}
          text/csv: {schema: {maxLength: 3}}
          text/plain: {}
      responses: {}
"""


@pytest.mark.parametrize(
    ("body", "media", "url", "said"),
    [
        (b'{"a": 1, "w": 2}', "application/json", "1?q=a", []),
        (b'{"a": "x", "r": 1, "o": 2}', "APPLICATION/json", "x?q=ab&z=1", [
            "warning /body/o undescribed | /paths/~1t~1{p}/post/requestBody/content/application~1json/schema/properties:14 | absent |  | not in the spec",
            "warning /body/r read-only | /paths/~1t~1{p}/post/requestBody/content/application~1json/schema/properties/r/readOnly:14 | absent |  | read-only in the spec, but was sent",
            "error /body/a request-body | /paths/~1t~1{p}/post/requestBody/content/application~1json/schema/properties/a/type:14 | an integer | 'x' | 'x' is not an integer",
            "error /path/p request-parameter | /paths/~1t~1{p}/post/parameters/0/schema/type:8 | an integer | 'x' | 'x' is not an integer",
            "error /query/q request-parameter | /paths/~1t~1{p}/post/parameters/1/schema/maxLength:9 | at most 1 | 2 characters | 2 characters, at most 1 allowed",
            "error /query/z request-parameter | /paths/~1t~1{p}/post/parameters:7 | absent |  | not in the spec, which knows no such parameter",
        ]),
        (b"", "application/json", "1", [
            "error /body request-body | /paths/~1t~1{p}/post/requestBody:11 | a body |  | missing, but required",
            "error /query/q request-parameter | /paths/~1t~1{p}/post/parameters/1:9 | present |  | missing, but required",
        ]),
        (b"{", "application/json", "1?q=a", ["error /body request-body | -:5 |  |  | not JSON at line 1, column 2; it starts with '{'"]),
        (b"x", "multipart/form-data", "1?q=a", ["error /body request-body | /paths/~1t~1{p}/post/requestBody/content/multipart~1form-data/schema:15 | a form |  | no form of that content type: no parts"]),
        (b"\xffabc", "text/csv; q=1", "1?q=a", ["error /body request-body | /paths/~1t~1{p}/post/requestBody/content/text~1csv/schema/maxLength:16 | at most 3 | 4 characters | 4 characters, at most 3 allowed"]),
        (b"abcde", "text/plain", "1?q=a", []),
        (b"<a/>", "text/Xml; q=1", "1?q=a", ["error /body request-body | /paths/~1t~1{p}/post/requestBody/content:13 | 'application/json', 'multipart/form-data', 'text/csv' or 'text/plain' | 'text/xml' | 'text/xml' is not 'application/json', 'multipart/form-data', 'text/csv' or 'text/plain'"]),
        (b'{"a": 1}', "", "1?q=a", ["error /body request-body | /paths/~1t~1{p}/post/requestBody/content:13 | 'application/json', 'multipart/form-data', 'text/csv' or 'text/plain' | '' | no content type was sent"]),
    ],
)  # fmt: skip
def test_every_field_of_what_is_said_of_a_request(body: bytes, media: str, url: str, said: list[str]) -> None:
    headers = (("content-type", media),) if media else ()
    found = RequestCheck(spec(ASKED), "vendor").check(
        Request("POST", f"https://vendor.test/v1/t/{url}", headers, body)
    )
    assert {(one.provider, one.operation, one.status, one.part, one.source) for one in found} <= {
        ("vendor", "send", "", "request", "")
    }
    assert sorted(
        f"{one.severity} {one.pointer} {one.rule} | {one.spec_pointer or '-'}:{one.spec_line.line} | {one.expected} | {one.found} | {one.message}"
        for one in found if one.spec_line
    ) == sorted(said)  # fmt: skip


def test_a_body_larger_than_the_limit_is_not_read() -> None:
    request = Request(
        "POST", "https://vendor.test/v1/t/1?q=a", (("content-type", "application/json"),), b'{"a": 1}'
    )
    assert [one.message for one in RequestCheck(spec(ASKED), "vendor", max_bytes=5).check(request)] == [
        "8 bytes of body, over the limit of 5"
    ]


BROWSER = "a browser asked whether it may send a request; the spec need not document that"


@pytest.mark.parametrize(
    ("method", "sent", "status", "got", "aside"),
    [
        ("GET", (), 103, (), "103 is an answer of HTTP itself, which the spec need not document"), ("GET", (), 304, (), "304 is an answer of HTTP itself, which the spec need not document"),
        ("GET", (), 200, (), ""), ("OPTIONS", (("Access-Control-Request-METHOD", "x"),), 204, (), BROWSER), ("OPTIONS", (), 204, (), ""),
        ("PUT", (("access-control-request-method", "x"),), 204, (), ""), ("GET", (), 307, (("Non-Authoritative-Reason", "HSTS"),), "a redirect of the browser's own"),
        ("GET", (), 307, (), ""), ("GET", (), 200, (("Non-Authoritative-Reason", "HSTS"),), ""),
    ],
)  # fmt: skip
def test_answers_that_are_not_the_vendors(
    method: str, sent: Headers, status: int, got: Headers, aside: str
) -> None:
    given = interaction(b"", method=method, status=status, headers=got)
    given = replace(given, request=replace(given.request, headers=sent))
    assert Checker(spec_of({}), "vendor").met(given).aside == aside


@pytest.mark.parametrize(
    ("body", "answer", "cut"),
    [
        (b"[1", {"headers": (("content-length", "1000"),)}, "body: cut, 2 of 1,000 bytes were recorded"), (b"[1]", {"headers": (("content-length", "1000"),)}, ""),
        (b"[1", {"headers": (("content-length", "2"),)}, ""), (b"[1", {"headers": (("content-length", "x"),)}, ""), (b"[1", {"headers": (("content-length", "1" * 16),)}, ""),
        (b"[1", {"headers": (("content-length", "1" * 15),)}, "body: cut, 2 of 111,111,111,111,111 bytes were recorded"), (b"[1", {}, ""),
        (b"[1", {"headers": (("content-length", "9"), ("content-encoding", "gzip"))}, ""), (b"[1", {"headers": (("content-length", "9"),), "method": "head"}, ""),
        *((b"[1", {"headers": (("content-length", "9"),), "status": status}, "") for status in (204, 205, 304)),
    ],
)  # fmt: skip
def test_a_body_that_was_cut(body: bytes, answer: dict[str, Any], cut: str) -> None:
    checker = Checker(spec_of({}), "vendor")
    met = checker.met(interaction(body, url="https://vendor.test/other", **answer))
    assert met.cut == cut
    assert met.response is not None
    whole = replace(met.interaction, response=replace(met.response, missing="not kept"))
    assert checker.met(whole).cut == ("" if met.bare else "body: not kept")
    bare = replace(met.interaction, response=replace(met.response, headers=()))
    assert [
        checker.met(replace(bare, source=source)).without_headers for source in (Source.RECORDED, Source.LIVE)
    ] == [True, False]
    gone = checker.met(replace(met.interaction, response=None))
    assert (gone.cut, gone.aside, gone.sent, gone.documented, gone.chosen, gone.media) == (
        "",
        "",
        "",
        None,
        None,
        "",
    )
    assert (gone.schema, gone.decoded.usable, gone.without_headers) == (None, False, False)
