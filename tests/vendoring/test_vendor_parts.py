"""Parts of the reader of pages and of bundling, each by the smallest text that tells right from wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.vendoring.bundling import bundled_document
from contracts.vendoring.pages import curl, html
from contracts.vendoring.pages.allowed import words_in
from contracts.vendoring.pages.normal import normal
from contracts.vendoring.pages.samples import samples_in, unglued
from contracts.vendoring.pages.shapes import with_null


def test_credentials_of_a_command_are_told_by_the_names_of_its_headers() -> None:
    headers = {
        "Authorization": "Bearer x", "authorization": "Basic abc", "AUTHORIZATION": "Token t", "Cookie": "sid=1; b=2",
        "X-Api-Key": "k", "Accept": "a/b", "X-Request-Id": "1",
    }  # fmt: skip
    command = curl.Curl("GET", "https://a.io/b", (), tuple(headers.items()), 7)
    assert [(one.kind, one.name, one.line, one.stated) for one in curl.keys(command)] == [
        ("bearer", "", 7, False), ("basic", "", 7, False), ("header", "Authorization", 7, False), ("cookie", "sid", 7, False), ("header", "X-Api-Key", 7, False),
    ]  # fmt: skip
    assert curl.unlisted(command) == (("X-Request-Id", "1"),)


@pytest.mark.parametrize(
    ("url", "stands_in"),
    [
        ("https://api.example.com/a", True), ("http://localhost:8080", True), ("https://{host}/x", True), ("https://your-domain.com/a", True), ("https://<host>/a", True),
        ("https://127.0.0.1/a", True), ("/a", True), ("", True), ("http://[::1", True), ("http://a.io:99999", True), ("https://api.acme.io", False), ("https://acme.io/example.com", False),
    ],
)  # fmt: skip
def test_an_address_that_names_no_server(url: str, stands_in: bool) -> None:
    assert curl.stand_in(url) is stands_in


def test_an_address_is_parted_into_server_and_path() -> None:
    urls = ("https://a.io/v1?x#y", "https://a.io", "https://api.example.com/v1", "ftp://a.io", "/a")
    assert [curl.origin(url) for url in urls] == [
        ("https://a.io", "/v1"), ("https://a.io", "/"), ("", "/v1"), ("", ""), ("", ""),
    ]  # fmt: skip
    for url, path, server in (
        ("https://a.io/v1/batches/7", "/batches/{id}", "https://a.io/v1"), ("https://a.io/v1/batches/7/", "/batches/{id}", "https://a.io/v1"),
        ("https://a.io/v1/other", "/batches/{id}", ""), ("https://api.example.com/batches/7", "/batches/{id}", ""), ("https://a.io/b/7/8", "/b/{id}", ""),
    ):  # fmt: skip
        assert curl.server_of(url, path) == server


@pytest.mark.parametrize(
    ("page", "lines", "markdown"),
    [
        ("<nav>n</nav><p>a</p><script>var b</script><p>c</p>", "a\n\nc\n", "a\n\nc\n"), ("<nav><div>a</div></nav>b<select><option>o</option></select>", "b", "b\n"),
        ("<style>p{}</style><head><title>t</title></head><footer>f</footer>k<br>l", "k\nl", "k\n\nl\n"), *((f"<h{n}>T</h{n}><p>a</p>", "T\n\na\n", f"\n{'#' * n} T\n\na\n") for n in range(1, 7)),
        ("<p>a<b>b</b> c</p><ul><li>x</li><li>y<ul><li>z</li></ul></li></ul>", "ab c\n\nx\n\ny\n\nz\n", "a**b** c\n\n- x\n\n- y\n\n  - z\n"), ("<p>a < b & c</p>", "a < b & c\n", "a < b & c\n"),
    ],
)  # fmt: skip
def test_html_becomes_lines_and_markdown(page: str, lines: str, markdown: str) -> None:
    assert html.lines(page, "x") == lines
    assert html.markdown(page, "x") == markdown


@pytest.mark.parametrize(
    ("lines", "plain"),
    [
        (["\u00a0a\u200bb"], ["ab"]), (["  a", "   b"], ["a", " b"]), (["##Title", "#x", "###### A"], ["## Title", "#x", "###### A"]), (["see http(s)://a.io"], ["see https://a.io"]),
        (["## Title [#](#title)", "## [](#a)B", "### C {#c}", "# D \u00b6"], ["## Title", "## B", "### C", "# D"]), (["<h2 id=x>Batch</h2>"], ["## Batch"]),
        (["1{", '2 "a": 1', "3}"], ["{", ' "a": 1', "}"]), (["1{", "3}"], ["1{", "3}"]), (["- {", '- "a": 1', "}"], ["- {", '  "a": 1', "}"]),
        (["| A | B |", "|---|---|", "| a |", "b |"], ["| A | B |", "|---|---|", "| a | b |", ""]), (["- id (", "string - name (", "int)"], ["- id (string", "- name (int)", ""]),
        (["| A | B |", "|---|---|", "|", "a |", "b |"], ["| A | B |", "|---|---|", "| a | b |", "", ""]), (["Batch", "Section titled \u201cBatch\u201d"], ["", "Section titled \u201cBatch\u201d"]),
    ],
)  # fmt: skip
def test_lines_are_written_plainly(lines: list[str], plain: list[str]) -> None:
    assert list(normal(lines)) == plain


@pytest.mark.parametrize(
    ("lines", "parted"),
    [
        (["curl https://a.io/b{", '"a": 1}'], ["curl https://a.io/b", '{"a": 1}']), (["curl -d '{", "x"], ["curl -d '{", "x"]), (["a https://a.io/{id}/x[", "1]"], ["a https://a.io/{id}/x", "[1]"]),
        (["--data 'a'{", "x"], ["--data 'a'", "{x"]), (["plain {", "x"], ["plain {", "x"]), (["https://a.io{"], ["https://a.io{"]), (["a", "https://a.io{", "x", "y"], ["a", "https://a.io", "{x", "y"]),
    ],
)  # fmt: skip
def test_a_bracket_goes_to_the_body_that_it_opens(lines: list[str], parted: list[str]) -> None:
    assert list(unglued(lines)) == parted


@pytest.mark.parametrize(
    ("text", "values", "loose"),
    [
        ('{"a": 1}', [{"a": 1}], False), ("{\n  a: 1,\n  b: 'x',\n  c: True\n}", [{"a": 1, "b": "x", "c": True}], True), ('{"a": string, "b": [1, 2, ...], }', [{"a": "<string>", "b": [1, 2]}], True),
        ('{\n  // note\n  "a": 1\n  "b": 2\n}', [{"a": 1, "b": 2}], True), ('{"a": {"b": 1', [{"a": {"b": 1}}], True), ("[\n1\n2\n]", [[1, 2]], True), ('{"a":\n1,\n\n"b": None}', [{"a": 1, "b": None}], True),
        ('{"a": 1}\ntext\n[2]', [{"a": 1}, [2]], False), ("text", [], False),
        ('{"a": [1, … 14 more], "b": [\n  2,\n  ... and so on\n]}', [{"a": [1], "b": [2]}], False), ('{"a": ..., "b": { ... }}', [{"a": "<any>", "b": {}}], False),
    ],
)  # fmt: skip
def test_what_people_write_for_json_is_read(text: str, values: list[Any], loose: bool) -> None:
    found = list(samples_in(text.split("\n"), whole=True))
    assert [one.value for one in found] == values
    assert any(one.loose for one in found) is loose


NULL = {"type": "null"}


@pytest.mark.parametrize(
    ("schema", "with_it"),
    [
        ({}, {"anyOf": [{}, NULL]}), ({"type": "string"}, {"type": ["string", "null"]}), ({"type": ["string", "integer"]}, {"type": ["string", "integer", "null"]}),
        ({"enum": ["a"]}, {"enum": ["a", None]}), ({"type": "string", "enum": ["a"]}, {"type": ["string", "null"], "enum": ["a", None]}), ({"const": "a"}, {"enum": ["a", None]}),
        ({"anyOf": [{"type": "string"}]}, {"anyOf": [{"type": "string"}, NULL]}), *(({key: value}, {"anyOf": [{key: value}, NULL]}) for key, value in (("$ref", "#/a"), ("allOf", [{"type": "string"}]), ("oneOf", [{"type": "string"}]))),
        *((same, same) for same in (NULL, {"type": ["string", "null"]}, {"enum": ["a", None]}, {"anyOf": [NULL]})),
    ],
)  # fmt: skip
def test_null_is_let_in_once(schema: dict[str, Any], with_it: dict[str, Any]) -> None:
    assert with_null(schema) == with_it


@pytest.mark.parametrize(
    ("prose", "schema", "words"),
    [
        ("One of `open`, `done`.", {"type": "string"}, ["open", "done"]), ("Can be open, done or failed", {"type": "string"}, ["open", "done", "failed"]), ("`open` | `done`", {"type": ["string", "null"]}, ["open", "done"]),
        ("Possible values: open, done", {}, ["open", "done"]), ('Allowed values are "open" and "done"', {"type": "array"}, ["open", "done"]), ("One of 1, 2 or 3", {"type": "integer"}, ["1", "2", "3"]),
        *(("One of `open`, `done`.", schema, []) for schema in ({"type": "integer"}, {"type": "object"}, {"type": "string", "format": "date"})), ("The name of the job.", {"type": "string"}, []), ("e.g. open, done", {"type": "string"}, []),
    ],
)  # fmt: skip
def test_words_that_prose_lists(prose: str, schema: dict[str, Any], words: list[str]) -> None:
    assert words_in(prose, schema) == words


def whole(schema: Any, components: Any = None, **files: Any) -> tuple[Any, Any]:
    """Bundle a document whose one answer has a schema; give the schema and the components afterwards."""
    content = {"application/json": {"schema": schema}}
    value = {"paths": {"/a": {"get": {"responses": {"200": {"content": content}}}}}}
    value |= {"components": components} if components else {}
    data = {f"{name}.json": json.dumps(held).encode() for name, held in files.items()}
    made = bundled_document("root.yaml", value, data)
    answer = made["paths"]["/a"]["get"]["responses"]["200"]  # type: ignore[index,call-overload]
    return answer["content"]["application/json"]["schema"], made.get("components")  # type: ignore[index,call-overload]


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "files", "made", "schemas"),
    [
        ({"$ref": "p.json#/Pet"}, {"p": {"Pet": TEXT}}, {"$ref": "#/components/schemas/Pet"}, {"Pet": TEXT}), ({"$ref": "p.json"}, {"p": TEXT}, {"$ref": "#/components/schemas/p"}, {"p": TEXT}),
        ({"$ref": "p.json#/a~1b"}, {"p": {"a/b": TEXT}}, {"$ref": "#/components/schemas/a_b"}, {"a_b": TEXT}), ({"$ref": "p.json#/a~0b"}, {"p": {"a~b": TEXT}}, {"$ref": "#/components/schemas/a_b"}, {"a_b": TEXT}),
        ({"$ref": "p.json#/a~01"}, {"p": {"a~1": TEXT}}, {"$ref": "#/components/schemas/a_1"}, {"a_1": TEXT}),
        ({"$ref": "p.json#/N"}, {"p": {"N": {"not": {"$ref": "#/N"}}}}, {"$ref": "#/components/schemas/N"}, {"N": {"not": {"$ref": "#/components/schemas/N"}}}),
        ({"$ref": "q.json#/A"}, {"p": {"B": TEXT}, "q": {"A": {"items": {"$ref": "p.json#/B"}}}}, {"$ref": "#/components/schemas/A"}, {"A": {"items": {"$ref": "#/components/schemas/B"}}, "B": TEXT}),
        ({"discriminator": {"propertyName": "k", "mapping": {"x": "p.json#/Pet", "y": "Name"}}}, {"p": {"Pet": TEXT}}, {"discriminator": {"propertyName": "k", "mapping": {"x": "#/components/schemas/Pet", "y": "Name"}}}, {"Pet": TEXT}),
        ({"$ref": "p.json#pet"}, {"p": {"example": {"$anchor": "pet"}, "a": {"X": {"$anchor": "pet"}}}}, {"$ref": "#/components/schemas/X"}, {"X": {"$anchor": "pet"}}),
        ({"$ref": "p.json#/N"}, {"p": {"N": {"items": {"$ref": "#pet"}}, "M": {"$anchor": "pet"}}}, {"$ref": "#/components/schemas/N"}, {"N": {"items": {"$ref": "#/components/schemas/M"}}, "M": {"$anchor": "pet"}}),
        *(({"$ref": ref}, {"p": {}}, {"$ref": ref}, None) for ref in ("gone.json#/A", "p.json#/No", "p.json#anchor")), ({"example": {"$ref": "p.json#/A"}, "x-a": {"$ref": "p.json#/A"}}, {"p": {"A": 1}}, {"example": {"$ref": "p.json#/A"}, "x-a": {"$ref": "p.json#/A"}}, None),
    ],
)  # fmt: skip
def test_schemas_of_other_files_become_components(schema: Any, files: Any, made: Any, schemas: Any) -> None:
    assert whole(schema, **files) == (made, {"schemas": schemas} if schemas else None)


def test_every_kind_of_part_goes_to_its_home() -> None:
    taken = whole({"$ref": "p.json#/Pet"}, {"schemas": {"Pet": {}}}, p={"Pet": TEXT})
    assert taken == ({"$ref": "#/components/schemas/Pet_2"}, {"schemas": {"Pet": {}, "Pet_2": TEXT}})
    files = {
        "p.json": {"Q": {"in": "query", "name": "q"}, "R": {"headers": {"H": {"$ref": "#/H"}}}, "H": {"schema": TEXT}, "B": {"content": {}}, "I": {"post": {"requestBody": {"$ref": "#/B"}}}},
    }  # fmt: skip
    operation = {"parameters": [{"$ref": "p.json#/Q"}], "responses": {"200": {"$ref": "p.json#/R"}}}
    value = {"paths": {"/a": {"get": operation}, "/b": {"$ref": "p.json#/I", "summary": "s"}}}
    made = bundled_document(
        "root.yaml", value, {name: json.dumps(held).encode() for name, held in files.items()}
    )
    to = "#/components/"
    assert made["paths"] == {
        "/a": {"get": {"parameters": [{"$ref": f"{to}parameters/Q"}], "responses": {"200": {"$ref": f"{to}responses/R"}}}},
        "/b": {"post": {"requestBody": {"$ref": f"{to}requestBodies/B"}}, "summary": "s"},
    }  # fmt: skip
    assert made["components"] == {
        "parameters": {"Q": files["p.json"]["Q"]}, "responses": {"R": {"headers": {"H": {"$ref": f"{to}headers/H"}}}},
        "headers": {"H": {"schema": TEXT}}, "requestBodies": {"B": {"content": {}}},
    }  # fmt: skip
