"""Specs: operations are found by request, references stay inside, manifests are read strictly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contracts.errors import ConfigError, ContractsError, SpecError, UnknownName
from contracts.model import Pointer, SourceLine
from contracts.spec.document import read_document
from contracts.spec.manifest import read_manifest
from contracts.spec.openapi import resolve
from contracts.spec.operations import default_entries
from contracts.spec.provider import as_31, folders, load, names, shown
from tests.validate.specs import spec

DOCUMENT = """
openapi: 3.1.0
info: {title: t, version: '1'}
servers: [{url: https://a.test/api/v1/}, {url: 7}, 7]
paths:
  /jobs/{id}: {$ref: '#/components/pathItems/Job'}
  /jobs/last: {get: {operationId: lastJob, responses: {'200': {description: ok}}}}
  /jobs/{id}/files/{file}.json: {get: {responses: {'200': {description: ok}, x-more: 1}}}
  /batches/{id}: {get: {operationId: a_very-odd id, responses: {}}, put: {responses: {}}}
components:
  pathItems:
    Job:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      get:
        parameters:
          - {name: id, in: path, required: true, schema: {type: string}}
          - {name: Accept, in: header, schema: {}}
          - {name: X-Own, in: header, schema: {}}
          - 7
        x-provenance: {kind: inferred}
        responses: {'200': {$ref: '#/components/responses/Ok'}}
  responses: {Ok: {description: ok, content: {Application/JSON: {schema: {type: object}}}}}
"""
SPEC = spec(DOCUMENT)


@pytest.mark.parametrize(
    ("method", "url", "path", "names"),
    [
        ("GET", "https://any.test/jobs/7", "/jobs/{id}", {"id": "7"}),
        ("get", "https://a.test/api/v1/jobs/a%2Fb?x=1#y", "/jobs/{id}", {"id": "a/b"}),
        ("GET", "https://a.test/api/v1/jobs/last", "/jobs/last", {}),
        ("GET", "/jobs/last", "/jobs/last", {}),
        (
            "GET",
            "https://vendor.test/v1/jobs/7/files/x.json",
            "/jobs/{id}/files/{file}.json",
            {"id": "7", "file": "x"},
        ),
    ],
)
def test_an_operation_is_found_by_its_request(
    method: str, url: str, path: str, names: dict[str, str]
) -> None:
    found = SPEC.find(method, url)
    assert found is not None
    assert (found[0].path, found[1]) == (path, names)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", "https://a.test/jobs/7"),
        ("GET", "https://a.test/jobs/"),
        ("GET", "https://a.test"),
        ("GET", "http://["),
    ],
)
def test_other_requests_meet_no_operation(method: str, url: str) -> None:
    assert SPEC.find(method, url) is None


def test_operations_have_short_names_and_their_own_facts() -> None:
    assert [(op.alias, op.title) for op in SPEC.operations] == [
        ("lastJob", "GET /jobs/last"),
        ("getBatch", "GET /batches/{id}"),
        ("putBatch", "PUT /batches/{id}"),
        ("getJob", "GET /jobs/{id}"),
        ("getJobsFilesJson", "GET /jobs/{id}/files/{file}.json"),
    ]
    job = SPEC.operation("getJob")
    assert job is not None
    assert [(p.name, p.schema and p.schema.resolve(SPEC.document)) for p in job.parameters] == [
        ("id", {"type": "string"}),
        ("X-Own", {}),
    ]
    answer = job.response(200)
    assert answer is not None
    assert list(answer.content) == ["application/json"]
    assert SPEC.line(answer.pointer) == SourceLine("openapi.yaml", 22)
    assert SPEC.fact_provenance(job.pointer / "responses") == "inferred"
    assert SPEC.operation("nobody") is None
    assert SPEC.servers == ("https://vendor.test/v1", "https://a.test/api/v1")


def test_names_never_collide() -> None:
    document: Any = {
        "paths": {"/a": {"get": {}}, "/v1/a": {"get": {}}, "/": {"get": {}}, "/caches/{id}": {"get": {}}}
    }
    assert [entry.alias for entry in default_entries(document)] == ["getA", "getA2", "getRoot", "getCache"]


@pytest.mark.parametrize(
    ("ref", "sentence"),
    [
        (
            "http://a.test/x",
            "x: $ref 'http://a.test/x' leaves the document; only '#/...' is followed, nothing is fetched",
        ),
        ("#/a/bb", "x: $ref '#/a/bb' points nowhere; nearest is '/a/b'"),
        ("#/zz", "x: $ref '#/zz' points nowhere"),
        ("#/loop", "x: $ref '/loop' refers to itself without end"),
        ("#/l/²", "x: $ref '#/l/²' points nowhere"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_a_sentence(ref: str, sentence: str) -> None:
    document = {"s": {"$ref": ref}, "a": {"b": 1}, "loop": {"$ref": "#/loop"}, "l": [1]}
    with pytest.raises(SpecError) as caught:
        resolve(document, Pointer(("s",)), "x")
    assert str(caught.value) == sentence


def test_3_0_is_read_as_3_1_and_other_versions_are_refused() -> None:
    old = read_document(
        "x",
        b'{"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"A": {"nullable": true, "type": "string"}}}}',
    )
    assert as_31(old)["components"]["schemas"]["A"] == {"type": ["string", "null"]}
    for number in (b'{"openapi": 3.1}', b'{"openapi": "3.2.0"}'):
        assert as_31(read_document("x", number)) == read_document("x", number).value
    for text in (b"[1]", b'{"openapi": 3}', b'{"openapi": "4.0"}', b"{}"):
        with pytest.raises(SpecError, match="not an OpenAPI"):
            as_31(read_document("x", text))


GOOD = 'title = "T"\nprovenance = "published"\nservers = ["https://a.test/"]\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title = ", "provider.toml: cannot be read: Invalid value"),
        (GOOD + 'colour = "x"', "no setting 'colour'"),
        (GOOD.replace("published", "guessed"), "no provenance 'guessed'"),
        (GOOD.replace("https", "ftp"), "is not a plain http(s) address"),
        (GOOD.replace("//a", "//u:p@a"), "is not a plain http(s) address"),
        ("provenance = 7", "provenance is 7; write a text"),
        (GOOD.replace('["https://a.test/"]', '"x"'), "servers is 'x'; write a list of texts"),
        (GOOD + "auth = 7", "provider.toml: auth is not a table"),
        (GOOD + "upstream = 7", "'upstream' is not a list of tables"),
        (GOOD + '[operations.a]\nmethod = "FETCH"\npath = "/a"', "no method 'FETCH'"),
        (GOOD + '[[notes]]\nkind = "order"\nreason = "no"', "reason is 'no'; write why, in a few words"),
    ],
)
def test_a_manifest_is_read_strictly(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "vendor" / "provider.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(ContractsError) as caught:
        read_manifest(path, "provider.toml")
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("provider.toml")


def test_a_manifest_names_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "a-vendor" / "provider.toml"
    path.parent.mkdir()
    path.write_text(
        GOOD
        + '[auth]\nheader = "x-api-key"\nenv = "THEIR_KEY"\n[[upstream]]\nfile = "a"\nsha256 = "b"\nretrieved = 2026-01-02',
        "utf-8",
    )
    manifest = read_manifest(path)
    assert manifest.key_variables == ("A_VENDOR_API_KEY", "THEIR_KEY")
    assert (manifest.retrieved, manifest.servers) == ("2026-01-02", ("https://a.test",))
    with pytest.raises(ConfigError, match="cannot be read"):
        read_manifest(tmp_path / "none.toml")


def test_the_users_specs_lie_over_the_bundled_ones(tmp_path: Path) -> None:
    home = tmp_path / "specs" / "almanac"
    (home / "cassettes").mkdir(parents=True)
    assert names(tmp_path) == names(Path.cwd())
    (home / "overlay.yaml").write_text(
        "overlay: 1.0.0\nactions:\n- target: $.info\n  x-reason: ours\n  update: {title: Ours}\n", "utf-8"
    )
    provider = load("almanac", tmp_path)
    assert provider.spec.document["info"]["title"] == "Ours"
    assert provider.spec.line(Pointer(("info", "title"))) == SourceLine("specs/almanac/overlay.yaml", 5)
    assert provider.home != home.resolve()
    assert folders(tmp_path)[0] == (tmp_path / "specs").resolve()
    assert len(list(provider.files("overlay.yaml"))) == 1
    assert shown(Path("/elsewhere/x.txt"), tmp_path) == "x.txt"
    (tmp_path / "specs" / "mine").mkdir()
    (tmp_path / "specs" / "mine" / "provider.toml").write_text(GOOD, "utf-8")
    with pytest.raises(SpecError, match=r"no openapi\.yaml; make it with: contracts vendor --add mine FILE"):
        load("mine", tmp_path)
    with pytest.raises(UnknownName, match="no provider 'nimbel'; did you mean 'nimble'"):
        load("nimbel", tmp_path)
