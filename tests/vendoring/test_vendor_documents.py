"""OpenAPI documents as vendors publish them: recognised by parsing, in several files, of every version."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from contracts.errors import ConfigError
from contracts.model import Pointer
from contracts.spec.document import read_document
from contracts.spec.operations import default_entries, read_operations
from contracts.spec.provider import bundled, load
from contracts.spec.swagger import swagger_to_openapi
from contracts.spec.upgrade import converted, upgraded
from contracts.validate import Checker
from contracts.vendoring import Source, read_source, vendor_add, vendor_check
from contracts.vendoring.documents import kind_of
from contracts.vendoring.selection import select
from tests.validate.specs import interaction

TODAY = dt.date(2026, 1, 2)
LATE = "components:\n  schemas:\n" + "".join(f"    S{n}: {{type: string}}\n" for n in range(4000))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("openapi: 3.1.0\npaths: {}\n", "openapi"),
        ("\ufeffopenapi: 3.1.0\npaths: {}\n", "openapi"),
        ("# Acme\r\n\r\n# (c) 2026\r\nopenapi: 3.1.0\r\npaths: {}\r\n", "openapi"),
        ("%YAML 1.2\n---\nopenapi: 3.1.0\n", "openapi"),
        (LATE + "openapi: 3.1.0\n", "openapi"),
        (
            "info:\n  description: |\n    # Title\n    ```\n    x\n    ```\nopenapi: 3.0.0\npaths: {}\n",
            "openapi",
        ),
        ("swagger: '2.0'\npaths: {}\n", "openapi"),
        (json.dumps({"paths": {}, "x": "y" * 70_000, "openapi": "3.1.0"}), "openapi"),
        ('{"title": "openapi", "properties": {"openapi": {"type": "string"}}}', "json-schema"),
        ("# Get a batch\n\nThe fields:\n\n```yaml\nopenapi: 3.1.0\n```\n", ""),
        ("# Get a batch\n\nopenapi is a word\n", ""),
    ],
)
def test_a_document_is_told_from_a_page_by_its_top_level(text: str, kind: str) -> None:
    assert kind_of(text.encode()) == kind


def test_merge_keys_are_merged_with_the_lines_of_what_they_name() -> None:
    text = "a: &a\n  x: 1\n  y: {z: 2}\nb:\n  <<: *a\n  x: 3\nc:\n  <<: [{p: 1}, {p: 2, q: 3}]\n'<<': text\n"
    found = read_document("f", text.encode())
    assert found.value == {
        "a": {"x": 1, "y": {"z": 2}},
        "b": {"x": 3, "y": {"z": 2}},
        "c": {"p": 1, "q": 3},
        "<<": "text",
    }
    assert found.line("/b/y/z") == 3


TREE = {
    "openapi.yaml": """\
openapi: 3.0.3
servers: [{url: 'https://api.acme.example'}]
paths:
  /jobs: {$ref: paths/jobs.yaml}
  /last: {get: {$ref: 'paths/last.yaml#/get'}}
  /gone: {$ref: paths/gone.yaml}
components:
  schemas:
    Error: {type: object, required: [code], properties: {code: {type: integer}}}
""",
    "paths/jobs.yaml": """\
get:
  responses:
    '200': {$ref: ../answers.yaml#/Jobs}
    '400': {description: no, content: {application/json: {schema: {$ref: '../openapi.yaml#/components/schemas/Error'}}}}
""",
    "paths/last.yaml": "get: {responses: {'200': {$ref: '../answers.yaml#/Jobs'}}}\n",
    "answers.yaml": """\
Jobs:
  description: ok
  content:
    application/json:
      schema: {type: array, items: {$ref: 'schemas/Job.json'}}
""",
    "schemas/Job.json": json.dumps(
        {
            "type": "object",
            "properties": {"id": {"type": "integer"}, "next": {"$ref": "#"}, "kind": {"$ref": "#/x/kind"}},
            "x": {"kind": {"type": "string", "nullable": True}},
        }
    ),
}


def test_a_document_of_several_files_is_bundled_and_its_files_are_kept(tmp_path: Path) -> None:
    for name, text in TREE.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text, "utf-8")
    (tmp_path / "secret.yaml").write_text("a: 1", "utf-8")
    made = vendor_add("acme", tmp_path / "in" / "openapi.yaml", tmp_path / "specs", today=TODAY)
    for name, text in TREE.items():
        assert (made.folder / "upstream" / name).read_text("utf-8") == text
    assert made.extraction.notices[0] == "paths/gone.yaml: referred to, but not there"
    assert list(vendor_check(made.folder)) == []
    spec = load("acme", tmp_path).spec
    assert [op.title for op in spec.operations] == ["GET /jobs", "GET /last"]
    assert [one.reason for one in spec.aside] == [
        "$ref 'paths/gone.yaml' leaves the document; nothing is fetched"
    ]
    checker = Checker(spec, "acme")
    for path in ("jobs", "last"):
        url = f"https://api.acme.example/{path}"
        found = checker.check(interaction([{"id": "x", "kind": None, "next": {"id": "y"}}], url=url))
        assert [f.rule for f in found] == ["type", "type"]
    (made.folder / "upstream" / "answers.yaml").write_text("Jobs: {description: ok}\n", "utf-8")
    assert {f.rule for f in vendor_check(made.folder)} == {"vendor-digest", "vendor-differs"}


def test_no_file_outside_the_folder_of_the_document_is_taken(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("type: string\n", "utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    refs = [
        "../secret.yaml",
        (tmp_path / "secret.yaml").as_posix(),
        "link.yaml",
        "file:secret.yaml",
        "a%2f..%2f..%2fsecret.yaml",
    ]
    schemas = {f"S{n}": {"$ref": ref} for n, ref in enumerate(refs)}
    document = {"openapi": "3.1.0", "paths": {"/a": {"get": {}}}, "components": {"schemas": schemas}}
    (tmp_path / "in" / "a.json").write_text(json.dumps(document), "utf-8")
    made = vendor_add("acme", tmp_path / "in" / "a.json", tmp_path / "specs", today=TODAY)
    assert [path.name for path in (made.folder / "upstream").rglob("*")] == ["a.json"]
    assert len(load("acme", tmp_path).spec.aside) == len(refs)


SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Acme", "version": "1"},
    "host": "api.acme.example",
    "basePath": "/v1",
    "schemes": ["http", "https"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "securityDefinitions": {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "user": {"type": "basic"},
        "app": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a/", "tokenUrl": "https://t/", "scopes": {"r": "read"}},
    },
    "parameters": {
        "Limit": {"name": "limit", "in": "query", "type": "integer", "maximum": 9},
        "Job": {"name": "job", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Job"}},
    },
    "responses": {"Gone": {"description": "gone", "schema": {"$ref": "#/definitions/Error"}}},
    "paths": {
        "/jobs": {
            "parameters": [{"$ref": "#/parameters/Limit"}],
            "get": {
                "parameters": [{"name": "tag", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"}],
                "responses": {
                    "200": {
                        "description": "ok",
                        "schema": {"type": "array", "items": {"$ref": "#/definitions/Job"}},
                        "headers": {"X-Left": {"type": "integer"}},
                        "examples": {"application/json": [{"id": 1}]},
                    },
                    "404": {"$ref": "#/responses/Gone"},
                },
            },
            "post": {"parameters": [{"$ref": "#/parameters/Job"}], "responses": {"201": {"description": "ok"}}},
            "put": {
                "consumes": ["multipart/form-data"],
                "parameters": [
                    {"name": "file", "in": "formData", "type": "file", "required": True},
                    {"name": "note", "in": "formData", "type": "string"},
                ],
                "produces": ["application/pdf"],
                "responses": {"200": {"description": "ok", "schema": {"type": "file"}}},
            },
        }
    },
    "definitions": {
        "Job": {
            "type": "object",
            "discriminator": "kind",
            "required": ["id"],
            "properties": {"id": {"type": "integer", "minimum": 0, "exclusiveMinimum": True}, "end": {"type": "string", "x-nullable": True}},
        },
        "Error": {"type": "object"},
    },
}  # fmt: skip


def test_swagger_2_is_said_in_the_words_of_openapi_3() -> None:
    made = swagger_to_openapi(SWAGGER)
    job = {"$ref": "#/components/schemas/Job"}
    assert made["servers"] == [{"url": "https://api.acme.example/v1"}, {"url": "http://api.acme.example/v1"}]
    item = made["paths"]["/jobs"]
    assert item["parameters"] == [{"$ref": "#/components/parameters/Limit"}]
    assert item["get"]["parameters"] == [
        {
            "name": "tag",
            "in": "query",
            "schema": {"type": "array", "items": {"type": "string"}},
            "explode": True,
        }
    ]
    assert item["get"]["responses"] == {
        "200": {
            "description": "ok",
            "headers": {"X-Left": {"schema": {"type": "integer"}}},
            "content": {
                "application/json": {"schema": {"type": "array", "items": job}, "example": [{"id": 1}]}
            },
        },
        "404": {"$ref": "#/components/responses/Gone"},
    }
    assert item["post"]["requestBody"] == {"required": True, "content": {"application/json": {"schema": job}}}
    assert item["put"]["requestBody"] == {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "note": {"type": "string"},
                    },
                    "required": ["file"],
                }
            }
        },
    }
    assert item["put"]["responses"]["200"]["content"] == {
        "application/pdf": {"schema": {"type": "string", "format": "binary"}}
    }
    schemes = made["components"]["securitySchemes"]
    assert schemes["user"] == {"type": "http", "scheme": "basic"}
    assert list(schemes["app"]["flows"]) == ["authorizationCode"]
    newest = upgraded(SWAGGER)["components"]["schemas"]["Job"]
    assert newest["properties"] == {
        "id": {"type": "integer", "exclusiveMinimum": 0},
        "end": {"type": ["string", "null"], "x-nullable": True},
    }
    assert newest["discriminator"] == {"propertyName": "kind"}


def test_a_swagger_document_is_added_and_judged(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(SWAGGER), "utf-8")
    made = vendor_add("acme", tmp_path / "a.json", tmp_path / "specs", today=TODAY)
    assert made.extraction.reason == "it says swagger 2.0"
    assert list(vendor_check(made.folder)) == []
    provider = load("acme", tmp_path)
    assert provider.spec.document["info"]["x-converted"] == "converted from the Swagger 2.0 document a.json"
    assert provider.manifest.servers == ("https://api.acme.example/v1",)
    found = Checker(provider.spec, "acme").check(
        interaction([{"id": 0}], url="https://api.acme.example/v1/jobs")
    )
    assert [str(f.pointer) for f in found] == ["/0/id"]


def test_a_server_address_that_cannot_be_read_is_left_out_of_the_manifest(tmp_path: Path) -> None:
    servers = [
        {"url": "https://#anchor/x"},
        {"url": "https://u:p@a.test"},
        {"url": "https://a.test:8443/v1/"},
    ]
    document = {"openapi": "3.1.0", "servers": servers, "paths": {"/a": {"get": {}}}}
    (tmp_path / "a.json").write_text(json.dumps(document), "utf-8")
    made = vendor_add("acme", tmp_path / "a.json", tmp_path / "specs", today=TODAY)
    assert list(vendor_check(made.folder)) == []
    assert load("acme", tmp_path).manifest.servers == ("https://a.test:8443/v1",)


def test_a_copy_of_a_bundled_vendor_has_its_overlay_once(tmp_path: Path) -> None:
    shutil.copytree(bundled() / "almanac", tmp_path / "specs" / "almanac")
    ours, copied = load("almanac", tmp_path), load("almanac", tmp_path.parent)
    assert ours.spec.document == copied.spec.document


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "a.json is neither an OpenAPI document, a JSON Schema nor a recording"),
        (
            '{"type": "object"}',
            "a.json is a JSON Schema; say what answers with it: --operation 'GET /v1/batches/{batch_id}'",
        ),
    ],
)
def test_a_json_value_that_is_no_document_is_called_by_its_name(text, said):
    with pytest.raises(ConfigError) as error:
        read_source(Source("a.json", text.encode()))
    assert str(error.value) == said


def test_what_a_parameter_of_a_path_is_called_does_not_matter():
    document = {"paths": {"/v1/reefs/{reef_id}": {"get": {"operationId": "getReef"}}}}
    assert select(document, ["GET /v1/reefs/{id}"], "a.json") == [("GET", "/v1/reefs/{reef_id}")]


ONE_FIELD = {"type": "object", "properties": {"a": {"type": "string"}}}


def _paths(**items):
    return {"openapi": "3.2.0", "info": {"title": "t", "version": "1"}, "paths": items}


def _get(**more):
    content = {"application/json": {"schema": ONE_FIELD}}
    return {
        "get": {"operationId": "getA", "responses": {"200": {"description": "ok", "content": content}}},
        **more,
    }


def test_json_with_comments_and_last_commas_is_a_document():
    text = (
        "// by hand\n" + json.dumps(_paths(**{"/a": _get()})).replace("}}}}", "},/* x */}}}", 1) + " // end"
    )
    assert kind_of(text.encode()) == "openapi"
    assert list(read_source(Source("a.json", text.encode())).document["paths"]) == ["/a"]


def test_a_swagger_document_in_several_files_is_one():
    root = b'swagger: "2.0"\ninfo: {title: t, version: "1"}\npaths: {/a: {$ref: a.yaml}}\n'
    files = {
        "a.yaml": b"get: {responses: {200: {description: ok, schema: {$ref: 'd.yaml#/A'}}}}\n",
        "d.yaml": b"A: {type: object, properties: {a: {type: string}}}\n",
    }
    read = read_source(Source("root.yaml", root, files=files)).document
    schema = read["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/A"}
    assert read["components"]["schemas"] == {"A": ONE_FIELD}


def test_a_path_that_refers_to_another_is_as_that_one(tmp_path):
    (tmp_path / "api.json").write_text(json.dumps(_paths(**{"/a": _get(), "/b": {"$ref": "#/paths/~1a"}})))
    added = vendor_add("acme", tmp_path / "api.json", tmp_path / "specs", operations=("GET /b",))
    assert [(one.method, one.path) for one in added.manifest.operations] == [("GET", "/b")]
    assert not list(vendor_check(added.folder))


def test_a_media_type_may_be_a_reference():
    document = _paths(**{"/a": _get()})
    answer = document["paths"]["/a"]["get"]["responses"]["200"]
    document["components"] = {"mediaTypes": {"J": answer["content"]["application/json"]}}
    answer["content"]["application/json"] = {"$ref": "#/components/mediaTypes/J"}
    (operation,) = read_operations(document, default_entries(document), "a.json")
    assert operation.responses["200"].content == {
        "application/json": Pointer(("components", "mediaTypes", "J", "schema"))
    }


def test_operations_that_are_not_read_are_said():
    odd = {
        "/a": {**_get(), "POST": {"responses": {}}, "query": {"responses": {}}},
        "/b": {"additionalOperations": {"PURGE": {"responses": {}}}},
        "c": _get(),
        "/d?e={f}": _get(),
    }
    read = read_source(Source("a.json", json.dumps(_paths(**odd)).encode()))
    assert read.notices == (
        "a.json: POST /a: the method is read as post",
        "a.json: PURGE /b: the method is none that is read",
        "a.json: c: the path is none of a request, so nothing matches it",
        "a.json: /d?e={f}: the path is none of a request, so nothing matches it",
    )
    known = [(one.method, one.path) for one in default_entries(read.document)]
    assert {("QUERY", "/a"), ("POST", "/a")} <= set(known)


def test_an_example_of_swagger_stands_at_its_media_type_whatever_its_parameters():
    answer = {"description": "ok", "schema": ONE_FIELD, "examples": {"application/json": {"a": "x"}}}
    document = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "produces": ["application/json; charset=utf-8"],
        "paths": {"/a": {"get": {"responses": {"200": answer}}}},
    }
    made = converted(document)["paths"]["/a"]["get"]["responses"]["200"]["content"]
    assert made == {"application/json; charset=utf-8": {"schema": ONE_FIELD, "example": {"a": "x"}}}
