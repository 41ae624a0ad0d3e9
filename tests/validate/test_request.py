"""What a client sent, held against a spec: every location, style and body kind, by both engines."""

from __future__ import annotations

import pytest

from contracts.model import Headers, Request
from contracts.validate.request import RequestCheck
from tests.validate.specs import spec

DOCUMENT = """
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /jobs/{id}:
    get:
      parameters:
        - {in: path, name: id, required: true, schema: {type: integer}}
        - {in: query, name: limit, schema: {$ref: '#/components/schemas/Limit'}}
        - {in: query, name: ids, schema: {type: array, items: {type: integer}}}
        - {in: query, name: csv, explode: false, schema: {type: array, items: {type: string}}}
        - {in: query, name: piped, style: pipeDelimited, explode: false, schema: {type: array, items: {type: integer}}}
        - {in: query, name: spaced, style: spaceDelimited, explode: false, schema: {type: array}}
        - in: query
          name: filter
          style: deepObject
          schema: {type: object, properties: {state: {enum: [open, done]}}, additionalProperties: false}
        - {in: query, name: page, schema: {type: object, properties: {from: {type: integer}, to: {type: integer}}}}
        - {in: query, name: at, content: {application/json: {schema: {type: object, required: [x]}}}}
        - {in: query, name: free}
        - {in: query, name: which, schema: {anyOf: [{type: integer, maximum: 9}, {type: string, pattern: '^a'}]}}
        - {in: query, name: either, schema: {type: [integer, string], maximum: 9}}
        - {in: header, name: X-Flag, required: true, schema: {type: boolean}}
        - {in: header, name: Authorization, required: true, schema: {type: integer}}
        - {in: cookie, name: session, schema: {type: string, minLength: 3}}
      responses: {'200': {description: ok}}
    post:
      parameters:
        - {in: path, name: id, required: true, schema: {type: integer}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [urls, id]
              properties:
                id: {type: string, readOnly: true}
                urls: {type: array, items: {type: string, format: uri}}
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {n: {type: integer}, tags: {type: array, items: {type: string}}}}
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties: {n: {type: integer}, file: {type: string, format: binary}}
          text/plain: {schema: {type: string, maxLength: 4}}
          application/pdf: {}
      responses: {'200': {description: ok}}
  /jobs:
    delete:
      parameters:
        - {in: query, name: broken, schema: {$ref: '#/components/schemas/RawFault'}}
      responses: {'204': {description: ok}}
components:
  schemas: {Limit: {type: [integer, 'null'], maximum: 10}, RawFault: {type: string, pattern: '('}}
  securitySchemes: {key: {type: apiKey, in: query, name: api_key}}
"""
SPEC = spec(DOCUMENT)
FLAG = (("X-Flag", "true"),)


def sent(
    method: str,
    url: str,
    headers: Headers = FLAG,
    body: bytes = b"",
    media: str = "",
    *,
    engine: str = "fast",
) -> list[str]:
    headers = (*headers, ("Content-Type", media)) if media else headers
    request = Request(method, f"https://vendor.test/v1{url}", headers, body)
    found = RequestCheck(SPEC, "vendor", engine=engine).check(request)
    assert all(f.part == "request" for f in found)
    return [f"{f.severity} {f.pointer or '/'} {f.rule}: {f.message}" for f in found]


GOOD = [
    "/jobs/7",
    "/jobs/7?limit=5&api_key=secret",
    "/jobs/7?limit=",
    "/jobs/7?ids=1&ids=2",
    "/jobs/7?ids=1",
    "/jobs/7?csv=a,b%2Cc&piped=1|2&spaced=a%20b",
    "/jobs/7?piped=1%7C2&spaced=",
    "/jobs/7?filter[state]=open",
    "/jobs/7?filter%5Bstate%5D=done",
    "/jobs/7?from=1&to=2",
    "/jobs/7?at=%7B%22x%22%3A1%7D",
    "/jobs/7?free=anything&which=3&which",
    "/jobs/7?which=a99",
    "/jobs/7?either=12",
]


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize("url", [u for u in GOOD if not u.endswith("&which")])
def test_what_the_spec_allows_is_not_spoken_of(url: str, engine: str) -> None:
    assert sent("GET", url, (*FLAG, ("Cookie", "a=1; session=abc")), engine=engine) == []


BAD = [
    ("/jobs/x", "/path/id request-parameter: 'x' is not an integer"),
    ("/jobs/7?limit=50", "/query/limit request-parameter: 50 is more than 10"),
    ("/jobs/7?limit=5&limit=6", "/query/limit request-parameter: a list of 2 is not an integer or null"),
    ("/jobs/7?ids=1&ids=z", "/query/ids/1 request-parameter: 'z' is not an integer"),
    ("/jobs/7?piped=1|z", "/query/piped/1 request-parameter: 'z' is not an integer"),
    ("/jobs/7?filter[state]=gone", "/query/filter/state request-parameter: 'gone' is not 'open' or 'done'"),
    ("/jobs/7?filter[x]=1", "/query/filter/x request-parameter: not in the spec, which closes this object"),
    ("/jobs/7?from=now", "/query/page/from request-parameter: 'now' is not an integer"),
    ("/jobs/7?at=%7B%7D", "/query/at/x request-parameter: missing, but required"),
    ("/jobs/7?at=nonsense", "/query/at request-parameter: 'nonsense' is not an object"),
    (
        "/jobs/7?lmit=5&lmit=6",
        "/query/lmit request-parameter: not in the spec, which knows no such parameter",
    ),
]


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize(("url", "line"), BAD)
def test_a_parameter_that_does_not_fit_is_named_by_its_place(url: str, line: str, engine: str) -> None:
    assert sent("GET", url, engine=engine) == [f"error {line}"]


def test_headers_and_cookies() -> None:
    assert sent("GET", "/jobs/7", ()) == ["error /header/X-Flag request-parameter: missing, but required"]
    assert sent("GET", "/jobs/7", (("x-flag", "maybe"), ("Cookie", "session=a"))) == [
        "error /cookie/session request-parameter: 1 character, at least 3 allowed",
        "error /header/X-Flag request-parameter: 'maybe' is not a boolean",
    ]


JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=AA"
PART = b'--AA\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'


@pytest.mark.parametrize(
    ("media", "body"),
    [
        (JSON, b'{"urls": ["https://a.test/"]}'),
        ("application/json; charset=utf-8", b'{"urls": []}'),
        (FORM, b"n=5&tags=a&tags=b"),
        (MULTIPART, PART % (b"file", b"%PDF") + PART % (b"n", b"5") + b"--AA--\r\n"),
        ("text/plain", b"abcd"),
        ("application/pdf", b"%PDF"),
    ],
)
def test_bodies_of_every_described_kind_pass(media: str, body: bytes) -> None:
    assert sent("POST", "/jobs/7", (), body, media) == []


@pytest.mark.parametrize(
    ("media", "body", "lines"),
    [
        (
            JSON,
            b'{"urls": ["a b"], "id": "1", "x": 2}',
            [
                "warning /body/id read-only: read-only in the spec, but was sent",
                "error /body/urls/0 request-body: 'a b' is no uri",
                "warning /body/x undescribed: not in the spec",
            ],
        ),
        (
            JSON,
            b'{"urls": [], "urls": []}',
            ["error /body/urls request-body: the key 'urls' is there more than once"],
        ),
        (JSON, b"{", ["error /body request-body: not JSON at line 1, column 2; it starts with '{'"]),
        (FORM, b"n=x", ["error /body/n request-body: 'x' is not an integer"]),
        (FORM, b"n=1&n=2", ["error /body/n request-body: a list of 2 is not an integer"]),
        (
            MULTIPART,
            PART % (b"n", b"5") + b"--AA--\r\n",
            ["error /body/file request-body: missing, but required"],
        ),
        ("multipart/form-data", b"x", ["error /body request-body: no form of that content type: no parts"]),
        ("text/plain", b"abcde", ["error /body request-body: 5 characters, at most 4 allowed"]),
        (
            "text/csv",
            b"a,b",
            [
                "error /body request-body: 'text/csv' is not 'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain' or 'application/pdf'"
            ],
        ),
        (
            "",
            b"{}",
            [
                "error /body request-body: no content type was sent",
                "error /body/urls request-body: missing, but required",
            ],
        ),
        (JSON, b"", ["error /body request-body: missing, but required"]),
    ],
)
def test_a_body_that_does_not_fit_is_named_by_its_place(media: str, body: bytes, lines: list[str]) -> None:
    assert sent("POST", "/jobs/7", (), body, media) == lines


def test_a_body_where_none_is_described() -> None:
    assert sent("GET", "/jobs/7", FLAG, b"{}", JSON) == [
        "error /body request-body: a body was sent where the spec describes none"
    ]


def test_a_request_that_no_operation_takes() -> None:
    assert sent("PUT", "/jobs/7?a=1") == [
        "warning / unknown-operation: PUT /v1/jobs/7 is not in the spec; the path takes 'GET' or 'POST'"
    ]
    assert sent("GET", "/jobs/7/") == [
        "warning / unknown-operation: GET /v1/jobs/7/ is not in the spec; without the last slash it is"
    ]
    found = RequestCheck(SPEC, "vendor").check(Request("GET", "http://[::1"))
    assert [f.message for f in found] == ["GET / is not in the spec"]


def test_a_keyword_that_cannot_be_compiled_is_set_aside_once() -> None:
    check = RequestCheck(SPEC, "vendor")
    found = check.check(Request("DELETE", "https://vendor.test/v1/jobs?broken=x"))
    assert [f.rule for f in found] == []
    assert len(SPEC.aside) == 1
