"""Provider folders: made whole from any kind of source, and any byte of difference is told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from contracts.errors import ConfigError, ContractsError, PageError, SpecError, UnknownName
from contracts.spec.provider import load
from contracts.vendoring import extract, page_to_yaml, vendor_add, vendor_check
from contracts.vendoring.documents import kind_of

PAGES = Path(__file__).parent / "pages"
TODAY = dt.date(2026, 11, 22)

OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "Acme", "version": "1"},
    "servers": [{"url": "https://api.acme.test/v1/"}],
    "security": [{"key": []}],
    "tags": [{"name": "jobs"}],
    "paths": {
        "/jobs/{jobId}": {
            "parameters": [{"$ref": "#/components/parameters/JobId"}],
            "get": {
                "operationId": "getJob",
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}}},
                    }
                },
            },
            "delete": {"responses": {"204": {"description": "gone"}}},
        },
        "/other": {"get": {"responses": {"200": {"description": "ok"}}}},
    },
    "components": {
        "parameters": {
            "JobId": {"name": "jobId", "in": "path", "required": True, "schema": {"type": "string"}}
        },
        "schemas": {
            "Job": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "nullable": True},
                    "next": {"$ref": "#/components/schemas/Job"},
                },
            },
            "Unused": {"type": "object"},
        },
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Acme"},
            "none": {"type": "http", "scheme": "basic"},
        },
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Batch",
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
        "parent": {"$ref": "#"},
    },
    "required": ["id"],
    "$defs": {"Item": {"type": "object", "properties": {"n": {"type": "integer"}}}},
}


def put(folder: Path, name: str, value: object) -> Path:
    path = folder / name
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return path


@pytest.mark.parametrize(
    ("page", "provenance", "auth"),
    [
        ("stainless-markdown/wrapper-object", "derived", ("Authorization", "Bearer")),
        ("mintlify-rendered/fused-badges", "derived", ("X-Harbor-Key", "")),
        ("mintlify-openapi/orders-no-file", "published", ("X-Larkspur-Key", "")),
        ("examples-and-prose/mkdocs-fused", "inferred", ("X-Api-Key", "")),
        ("mintlify-rendered/bare-enum", "derived", None),
    ],
)
def test_a_page_becomes_a_folder_that_loads_and_checks(tmp_path, page, provenance, auth):
    made = vendor_add("acme", PAGES / f"{page}.txt", tmp_path / "specs", today=TODAY)
    assert sorted(p.name for p in made.folder.iterdir()) == [
        ".gitattributes",
        "openapi.yaml",
        "provider.toml",
        "upstream",
    ]
    assert list(vendor_check(made.folder)) == []
    provider = load("acme", tmp_path)
    assert provider.manifest.provenance == provenance
    assert [(one.name, one.word) for one in provider.manifest.auth] == ([auth] if auth else [])
    assert provider.manifest.retrieved == "2026-11-22"
    assert len(provider.spec.operations) == len(made.operations) == 1
    assert not [p for p in (tmp_path / "specs").iterdir() if p.name.startswith(".")]


def test_a_whole_document_becomes_all_its_operations(tmp_path):
    made = vendor_add("acme", put(tmp_path, "api.json", OPENAPI), tmp_path / "specs")
    assert set(made.operations) == {"getJob", "deleteJob", "getOther"}
    provider = load("acme", tmp_path)
    assert provider.spec.document["openapi"] == "3.1.0"
    assert provider.manifest.servers == ("https://api.acme.test/v1",)
    assert [(one.name, one.variables) for one in provider.manifest.auth] == [("X-Acme", ("ACME_API_KEY",))]
    assert dict(provider.spec.operation("getJob").entry.live) == {"jobId": "ACME_JOB_ID"}


def test_one_operation_is_cut_out_with_what_it_needs(tmp_path):
    made = vendor_add(
        "acme", put(tmp_path, "api.json", OPENAPI), tmp_path / "specs", operations=("get /jobs/{jobId}",)
    )
    document = load("acme", tmp_path).spec.document
    assert list(document["paths"]) == ["/jobs/{jobId}"]
    assert list(document["paths"]["/jobs/{jobId}"]) == ["parameters", "get"]
    assert document["components"] == {
        "parameters": OPENAPI["components"]["parameters"],
        "schemas": {
            "Job": {
                "type": "object",
                "properties": {
                    "id": {"type": ["string", "null"]},
                    "next": {"$ref": "#/components/schemas/Job"},
                },
            }
        },
        "securitySchemes": {"key": OPENAPI["components"]["securitySchemes"]["key"]},
    }
    assert list(vendor_check(made.folder)) == []


def test_a_json_schema_needs_its_operation(tmp_path):
    file = put(tmp_path, "batch.schema.json", SCHEMA)
    with pytest.raises(ConfigError, match="--operation"):
        vendor_add("acme", file, tmp_path / "specs")
    with pytest.raises(ConfigError, match="write it as"):
        vendor_add("acme", file, tmp_path / "specs", operations=("FETCH /x",))
    assert not (tmp_path / "specs").exists() or not list((tmp_path / "specs").iterdir())
    made = vendor_add("acme", file, tmp_path / "specs", operations=("GET /batches/{batch_id}",))
    document = load("acme", tmp_path).spec.document
    schema = document["paths"]["/batches/{batch_id}"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]
    assert schema == {"$ref": "#/components/schemas/Root"}
    assert document["components"]["schemas"]["Root"]["properties"] == {
        "id": {"type": "string"},
        "items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
        "parent": {"$ref": "#/components/schemas/Root"},
    }
    assert list(vendor_check(made.folder)) == []


@pytest.mark.parametrize("name", ["", "A", "../x", "a/b", "1a", "a" * 33, "ä", ".x", "a\n"])
def test_names_are_checked(tmp_path, name):
    with pytest.raises(ConfigError):
        vendor_add(name, PAGES / "mintlify-rendered/bare-enum.txt", tmp_path / "specs")
    assert not (tmp_path / "specs").exists()


def test_a_taken_name_and_an_unreadable_file_are_told(tmp_path):
    page = PAGES / "mintlify-rendered/bare-enum.txt"
    vendor_add("acme", page, tmp_path / "specs")
    with pytest.raises(ConfigError, match="is in specs/ already"):
        vendor_add("acme", page, tmp_path / "specs")
    with pytest.raises(ConfigError, match="no such file"):
        vendor_add("beta", tmp_path / "none.txt", tmp_path / "specs")
    (tmp_path / "ro").mkdir()
    (tmp_path / "ro" / "specs").write_text("a file")
    with pytest.raises((ConfigError, OSError)):
        vendor_add("beta", page, tmp_path / "ro" / "specs")


def test_odd_file_names_do_not_reach_the_disk(tmp_path):
    file = put(tmp_path, "a b;$(x).txt", (PAGES / "mintlify-rendered/bare-enum.txt").read_bytes())
    made = vendor_add("acme", file, tmp_path / "specs")
    assert [p.name for p in (made.folder / "upstream").iterdir()] == ["page.txt"]


def edited(folder: Path, name: str, change) -> list[str]:
    path = folder / name
    path.write_bytes(change(path.read_bytes()))
    return [f"{f.rule}: {f.message}" for f in vendor_check(folder)]


def test_any_byte_of_difference_is_an_error_with_its_line(tmp_path):
    folder = vendor_add("acme", PAGES / "stainless-markdown/wrapper-object.txt", tmp_path / "specs").folder
    spec = (folder / "openapi.yaml").read_bytes()
    (found,) = edited(folder, "openapi.yaml", lambda d: d + b"\n")
    assert "is not what the upstream document makes: expected 'the end of the file'" in found
    (found,) = edited(
        folder,
        "openapi.yaml",
        lambda d: spec.replace(b"title: Retrieve Shipment", b"title: Retrieve shipment"),
    )
    assert found == (
        "vendor-differs: specs/acme/openapi.yaml:3 is not what the upstream document makes: "
        "expected '  title: Retrieve Shipment', found '  title: Retrieve shipment'"
    )
    (folder / "openapi.yaml").unlink()
    assert [f.rule for f in vendor_check(folder)] == ["vendor-missing"]
    (folder / "openapi.yaml").write_bytes(spec)
    found = edited(folder, "upstream/wrapper-object.txt", lambda d: d.replace(b"or null", b""))
    assert [f.split(":")[0] for f in found] == ["vendor-digest", "vendor-differs"]
    (folder / "upstream/wrapper-object.txt").unlink()
    assert [f.rule for f in vendor_check(folder)] == ["vendor-missing"]


def test_a_manifest_that_asks_for_what_is_not_there_is_told(tmp_path):
    folder = vendor_add("acme", PAGES / "mintlify-rendered/bare-enum.txt", tmp_path / "specs").folder
    text = (folder / "provider.toml").read_text()
    (folder / "provider.toml").write_text(
        text + '\n[operations.cancel]\nmethod = "POST"\npath = "/v1/cancel"\n'
    )
    assert [f.rule for f in vendor_check(folder)] == ["vendor-operation"]
    (folder / "provider.toml").write_text(text.replace("upstream/", "../../../"))
    assert [f.rule for f in vendor_check(folder)] == ["vendor-unreadable"]
    (folder / "provider.toml").write_text('title = "x"\nprovenance = "derived"\nservers = []\n')
    assert [f.rule for f in vendor_check(folder)] == ["vendor-missing"]
    (folder / "provider.toml").write_text("title = ")
    assert [f.rule for f in vendor_check(folder)] == ["vendor-unreadable"]
    (folder / "provider.toml").write_text(
        text.replace('platform = "mintlify-rendered"', 'platform = "gitbook"')
    )
    assert [f.rule for f in vendor_check(folder)] == ["vendor-unreadable"]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("hello", PageError, "p: nothing on this page looks like a documentation platform we read"),
        (
            "````yaml get /x\nopenapi: 3.1.0\npaths:\n  /x: [\n````",
            PageError,
            "p:5: did not find expected node content",
        ),
        (
            "````yaml get /x\nopenapi: 3.1.0\npaths: {}\n````",
            PageError,
            "p:1: the fenced block holds no OpenAPI paths",
        ),
        (
            "**get** `/x`\n### Returns\n- `a: " + "array of " * 50 + "b`",
            PageError,
            "p:3: a member's type is too long to be read",
        ),
        (
            '{"openapi": "2.0", "paths": {}}',
            SpecError,
            "p: not an OpenAPI 3.0, 3.1 or 3.2 nor a Swagger 2.0 document: it says '2.0'",
        ),
        ('{"swagger": "2.0"}', SpecError, "p: an OpenAPI document with paths is wanted"),
        ('{"openapi": "3.1.0"}', SpecError, "p: an OpenAPI document with paths is wanted"),
        ('{"openapi": ', SpecError, "p"),
    ],
)
def test_errors_are_one_sentence_with_the_line(text, error, message):
    with pytest.raises(error) as caught:
        page_to_yaml(text.encode(), "p")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_unknown_platforms_and_operations_offer_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'mintlify-rendered'"):
        extract(b"x", "p", "mintlify-renderd")
    with pytest.raises(ConfigError, match="nearest is 'GET /jobs/"):
        page_to_yaml(json.dumps(OPENAPI).encode(), "p", operations=("GET /job/{id}",))


def test_kinds_of_sources():
    assert kind_of(b"openapi: 3.1.0\n") == "openapi"
    assert kind_of(b'\xef\xbb\xbf{"openapi": "3.0.0"}') == "openapi"
    assert kind_of(b'{"x": "' + b"y" * 70_000 + b'", "openapi": "3.1.0"}') == "openapi"
    assert kind_of(b'{"type": "object"}') == "json-schema"
    assert kind_of(b"$schema: https://json-schema.org\n") == "json-schema"
    assert kind_of(b"# Page\n\n````yaml\nopenapi: 3.1.0\n````") == ""


@pytest.mark.parametrize(
    "platform", ["mintlify-openapi", "stainless-markdown", "mintlify-rendered", "examples-and-prose"]
)
def test_a_wrong_platform_is_an_error_and_never_a_guess(platform):
    with pytest.raises(ContractsError):
        extract(b"nothing here\n", "p", platform)


def test_a_document_that_is_there_gives_further_operations(tmp_path):
    (tmp_path / "acme.json").write_text(json.dumps(OPENAPI))
    take = lambda *words: vendor_add(  # noqa: E731 -- the same call four times
        "acme", tmp_path / "acme.json", tmp_path / "specs", operations=words, today=TODAY
    )
    take("DELETE /jobs/*")
    added = take("getJob")
    assert added.operations == ("getJob",)
    text = (added.folder / "provider.toml").read_text()
    assert 'operations = ["DELETE /jobs/{jobId}", "GET /jobs/{jobId}"]' in text
    assert text.count("[[upstream]]") == 1
    assert {(o.method, o.path) for o in added.manifest.operations} == {
        ("DELETE", "/jobs/{jobId}"),
        ("GET", "/jobs/{jobId}"),
    }
    with pytest.raises(ConfigError) as refused:
        take("GET /jobs/{id}")
    assert str(refused.value) == "acme.json: GET /jobs/{jobId}: taken from it already; nothing was added"
    with pytest.raises(ConfigError, match="no operation 'PUT /other' is in it; nearest is 'GET /other'"):
        take("PUT /other")
