"""The dialogue of `contracts vendor`: renamed, removed, added to, and every odd thing that is typed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from contracts.cli.drift import drift
from contracts.cli.vendor import vendor
from contracts.model import Response

SETTINGS = """\
[project]
name = "acme"
[tool.contracts]
providers = ["acme", 'matil']
[tool.contracts.provider.acme.severity]
enum = "warning"
[tool.contracts.consumers]
"app:read" = "acme"  # the short form
"app:other" = { provider = "acme" }
[tool.contracts.watch]
vendors = ["acme"]
hosts = { "gateway.example" = "acme" }
[tool.other]
vendor = "acme"
"""
WAIVER = """\
[[waiver]]
rule = "enum"
place = "acme/getJob/200/state"
reason = "acme/getJob says so"
owner = "o"
until = 2027-01-01
"""


def document(*paths, title="Acme", **more):
    """Write a document with a GET at each path."""
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}}
    items = {path: {"get": {"operationId": f"op{n}", "responses": answer}} for n, path in enumerate(paths)}
    return json.dumps({"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": items, **more})


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "api.json").write_text(document("/jobs", "/jobs/{id}"))
    (tmp_path / "other.json").write_text(document("/things", title="Other"))
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(vendor, [str(a) for a in args])


def refused(done):
    """Give the one sentence of a refusal."""
    return (
        str(done.exception) if "Error: " not in done.output else done.output.partition("Error: ")[2].strip()
    )


def test_renaming_changes_all_that_speaks_of_the_vendor(run, tmp_path):
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    run("--add", "acme", "api.json")
    (tmp_path / "specs/acme/waivers.toml").write_text(WAIVER)
    done = run("--rename", "acme", "parcel")
    assert done.stdout == "renamed acme: specs/parcel\nnext: pytest --provider=parcel\n"
    assert (
        done.stderr.splitlines()
        == [
            "note: PARCEL_API_KEY is read in place of ACME_API_KEY",
            "note: PARCEL_ID is read in place of ACME_ID",
            "note: pyproject.toml says parcel in lines 4, 5, 8, 9, 11 and 12 now",
        ][1:]
    )
    changed = (tmp_path / "pyproject.toml").read_text().splitlines()
    before = SETTINGS.splitlines()
    assert [n for n, line in enumerate(changed, 1) if line != before[n - 1]] == [4, 5, 8, 9, 11, 12]
    assert "\n".join(changed).replace("parcel", "acme") == SETTINGS.strip()
    assert 'place = "parcel/getJob/200/state"\nreason = "acme/getJob says so"' in (
        (tmp_path / "specs/parcel/waivers.toml").read_text()
    )


@pytest.mark.parametrize(
    ("settings", "other"),
    [
        ('[tool.contracts]\nproviders = ["acme", "parcel"]\n', "parcel"),
        ('[tool]\ncontracts = { providers = ["acme"] }\n', "parcel"),
    ],
)
def test_settings_that_cannot_be_changed_line_by_line_are_named(run, tmp_path, settings, other):
    (tmp_path / "pyproject.toml").write_text(settings)
    run("--add", "acme", "api.json")
    done = run("--rename", "acme", other)
    assert "note: pyproject.toml names acme in line " in done.stderr
    assert done.stderr.endswith("; write parcel there\n")
    assert (tmp_path / "pyproject.toml").read_text() == settings


def test_a_name_of_the_package_is_said_so_when_renaming_too(run):
    run("--add", "acme", "api.json")
    assert "note: specs/matil stands before the matil that comes with this package\n" in (
        run("--rename", "acme", "matil").stderr
    )


def test_removing_says_what_goes_and_waits_for_a_yes(run, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["acme"]\n')
    run("--add", "acme", "api.json")
    home = tmp_path / "specs/acme"
    (home / "waivers.toml").write_text("")
    (home / "cassettes/getJob").mkdir(parents=True)
    (home / "cassettes/getJob/200.json").write_text("{}")
    done = run("--remove", "acme")
    assert done.stdout == "specs/acme holds 1 document, 1 recording, waivers.toml\n"
    assert refused(done) == "nothing was removed; --yes removes it"
    assert (home / "waivers.toml").exists()
    done = run("--remove", "acme", "--yes")
    assert done.stdout.splitlines()[1] == "removed specs/acme"
    assert done.stderr == "note: pyproject.toml names acme in line 2; take it out there\n"
    assert not home.exists()
    assert run("--check", "--yes").exit_code == 2


def test_a_whole_document_follows_a_part_of_it(run):
    run("--add", "acme", "api.json", "--operation", "GET /jobs")
    done = run("--add", "acme", "api.json")
    assert done.stdout.splitlines()[:2] == ["added to specs/acme: 1 operation", "  GET /jobs/{id}"]
    assert refused(run("--add", "acme", "api.json")).endswith("taken from it already; nothing was added")


def test_a_document_that_is_there_does_not_stop_another(run):
    run("--add", "acme", "api.json")
    done = run("--add", "acme", "api.json", "other.json")
    assert "added to specs/acme: 1 operation\n  GET /things\n" in done.stdout
    assert (
        "note: api.json: this document is in specs/ already, as upstream/api.json; nothing was added\n"
        in (done.stderr)
    )
    assert run("--add", "acme", "api.json", "other.json").exit_code != 0


def test_each_file_of_several_says_what_it_was_read_as(run):
    done = run("--add", "acme", "api.json", "other.json")
    said = "read as openapi: it says openapi 3.1.0"
    assert done.stderr.splitlines()[:2] == [f"api.json: {said}", f"other.json: {said}"]


def test_a_newer_version_of_a_document_is_told_of_update(run, tmp_path):
    run("--add", "acme", "api.json")
    newer = json.loads((tmp_path / "api.json").read_text())
    newer["paths"]["/jobs"]["get"]["responses"]["404"] = {"description": "gone"}
    (tmp_path / "api.json").write_text(json.dumps(newer))
    assert (
        "note: api-2.json: it says otherwise in 1 place than the documents before it, which win; list them with:"
        " contracts vendor --check acme; for a newer version of one of them: contracts vendor --update acme FILE\n"
    ) in run("--add", "acme", "api.json").stderr


def test_what_somebody_wrote_into_the_folder_is_kept(run, tmp_path):
    run("--add", "acme", "api.json")
    home = tmp_path / "specs/acme"
    edited = (home / "openapi.yaml").read_text() + "# mine\n"
    (home / "openapi.yaml").write_text(edited)
    (home / ".gitattributes").write_text("# mine\n")
    done = run("--add", "acme", "other.json")
    assert "note: openapi.yaml was not what its documents make; what it was is openapi.yaml.before now\n" in (
        done.stderr
    )
    assert (home / "openapi.yaml.before").read_text() == edited
    assert (home / ".gitattributes").read_text() == "# mine\n"
    assert run("--check", "acme").stdout == "acme: as vendored\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--alias", "a=op0", "--alias", "a=op1"), "--alias a is given twice; an alias means one operation"),
        (
            ("--alias", "a=op1", "--alias", "b=op1"),
            "--alias b: GET /jobs/{id} is called a already; it has one alias",
        ),
        (
            ("--operation", "GET /jobs/7"),
            "api.json: no operation 'GET /jobs/7' is in it; nearest is 'GET /jobs/{id}'",
        ),
    ],
)
def test_a_wrong_word_is_said_with_what_is_there(run, words, said):
    assert refused(run("--add", "acme", "api.json", *words)).startswith(said)


@pytest.mark.parametrize(
    ("alias", "said"),
    [
        ("op0=op5", "--alias op0: GET /jobs is called so already"),
        (
            "one=op0",
            "--alias one: GET /jobs is there already, as op0; leave the files out to call it otherwise",
        ),
    ],
)
def test_an_alias_that_is_there_is_not_given_again(run, alias, said):
    run("--add", "acme", "api.json")
    assert refused(run("--add", "acme", "other.json", "--alias", alias)) == said


@pytest.mark.parametrize("at_once", [True, False])
def test_documents_with_files_of_one_name_keep_them_apart(run, tmp_path, at_once):
    for name, kind in (("a", "integer"), ("b", "string")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "p.yaml").write_text(
            f"P: {{type: {kind}}}\nQ: {{$ref: 'api.json#/components/schemas/R'}}\n"
        )
        parts = {"schemas": {"R": {"type": kind}, "P": {"$ref": "p.yaml#/P"}, "Q": {"$ref": "p.yaml#/Q"}}}
        (tmp_path / name / "api.json").write_text(document(f"/{name}", components=parts))
    if at_once:
        run("--add", "acme", "a/api.json", "b/api.json")
    else:
        run("--add", "acme", "a/api.json")
        run("--add", "acme", "b/api.json")
    home = tmp_path / "specs/acme"
    for kept, given in (("upstream", "a"), ("upstream/b", "b")):
        assert (home / kept / "p.yaml").read_bytes() == (tmp_path / given / "p.yaml").read_bytes()
    assert run("--check", "acme").stdout == "acme: as vendored\n"
    (tmp_path / "b/p.yaml").write_text("P: {type: number}\nQ: {}\n")
    assert run("--update", "acme", "b/api.json").stdout.startswith("took upstream/b/api.json into")
    assert run("--check", "acme").stdout == "acme: as vendored\n"


def test_an_operation_that_is_there_is_called_otherwise(run, tmp_path):
    run("--add", "acme", "api.json")
    home = tmp_path / "specs/acme"
    (home / "waivers.toml").write_text(WAIVER.replace("getJob", "op1"))
    kept = home / "cassettes/op1/200-done.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{\n  "operation": "op1"\n}')
    (tmp_path / "pyproject.toml").write_text('[tool.other]\nx = "acme/op1"\n')
    done = run("--add", "acme", "--alias", "getJob=op1")
    assert done.stdout == "called op1 getJob in specs/acme\n"
    assert done.stderr == "note: pyproject.toml names op1 in line 2; write getJob there\n"
    assert "[operations.getJob]\n" in (home / "provider.toml").read_text()
    assert (
        'place = "acme/getJob/200/state"\nreason = "acme/op1 says so"' in (home / "waivers.toml").read_text()
    )
    assert [p.name for p in home.glob("cassettes/*")] == ["getJob"]
    assert (home / "cassettes/getJob/200-done.json").read_text() == '{\n  "operation": "getJob"\n}'
    assert run("--check", "acme").exit_code == 0
    assert run("--add", "acme", "--alias", "getIt").stdout == "called getJob getIt in specs/acme\n"


@pytest.mark.parametrize(
    ("alias", "said"),
    [
        ("op0=op1", "--alias op0: GET /jobs is called so already"),
        ("a=op7", "--alias a: no 'op7'; write a=NAME with one of op0 (GET /jobs), op1 (GET /jobs/{id})"),
        ("a/b=op1", "--alias 'a/b': use letters, digits, '-' and '_', a letter first"),
    ],
)
def test_an_operation_is_not_called_otherwise(run, alias, said):
    run("--add", "acme", "api.json")
    assert refused(run("--add", "acme", "--alias", alias)) == said
    assert refused(run("--add", "acne", "--alias", "a=op0")).startswith("your specs/: no provider 'acne'")


def test_a_chosen_alias_is_kept_where_another_operation_is_called_so(run):
    done = run("--add", "acme", "api.json", "--alias", "op0=op1")
    assert "  GET /jobs/{id}  as op0\n" in done.stdout


def test_all_is_no_name_of_a_vendor(run):
    assert (
        refused(run("--add", "all", "api.json"))
        == "'all' cannot be a provider's name: it means all providers"
    )


PAGE = "; add the vendor's OpenAPI document, a reference page as HTML or Markdown, or recordings with --from"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b" \n", " is empty"),
        (b"PK\x03\x04\0\0", " is a ZIP archive; unpack it and name the files in it"),
        (b"\x1f\x8b\x08\0", " is compressed; unpack it and name the files in it"),
        (b"%PDF-1.7\n", f" is a PDF{PAGE}"),
        (
            b'{"asyncapi": "2.6.0", "info": {}, "channels": {}}',
            f" is an AsyncAPI document, which is not read{PAGE}",
        ),
        (b"# events\nasyncapi: 3.0.0\n", f" is an AsyncAPI document, which is not read{PAGE}"),
        (b'{"swaggerVersion": "1.2", "apis": []}', f" is a Swagger 1 document, which is not read{PAGE}"),
        (b'{"info": {"name": "x"}, "item": []}', f" is a Postman collection, which is not read{PAGE}"),
        (b'{"data": {"__schema": {}}}', f" is a GraphQL schema, which is not read{PAGE}"),
        (b'"""All."""\ntype Query {\n  a: String\n}\n', f" is a GraphQL schema, which is not read{PAGE}"),
        (b'// v1\nsyntax = "proto3";\n', f" is a Protocol Buffers file, which is not read{PAGE}"),
        (
            b'<?xml version="1.0"?>\n<wsdl:definitions xmlns:wsdl="http://x/wsdl/">',
            f" is a WSDL document, which is not read{PAGE}",
        ),
        (b"#%RAML 1.0\ntitle: x\n", f" is a RAML document, which is not read{PAGE}"),
        (b"[1, 2]", f" is a JSON list{PAGE}"),
        (document().encode(), ": no operation is in it; nothing was added"),
        (
            b'<html><body><div id="root"></div><script src="a.js"></script></body></html>',
            (
                ": nothing on this page looks like a documentation platform we read; a script fills it in: save it"
                " from the browser once it shows, or copy it as Markdown"
            ),
        ),
    ],
)
def test_a_file_that_is_not_read_is_told_by_what_it_is(run, tmp_path, data, said):
    (tmp_path / "given").write_bytes(data)
    assert refused(run("--add", "acme", "given")) == f"given{said}"
    assert not (tmp_path / "specs").exists()


ROOT = b"""\
openapi: 3.1.0
info: {title: M, version: "1"}
servers: [{url: /v2}]
paths:
  /a: {$ref: paths/a.yaml}
"""
ITEM = b"get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: ../x.yaml}}}}}}\n"
SERVED = {
    "/api/root.yaml": ROOT,
    "/api/paths/a.yaml": ITEM,
    "/api/x.yaml": b"type: object\n",
    "/plain": document("/jobs").encode(),
    "/docs": b"<html><div id='ui'></div><script>SwaggerUIBundle({url: '/plain.json'})</script></html>",
}


@pytest.fixture
def served(monkeypatch):
    """Let the addresses of https://acme.example be asked, of the files that are served there."""

    def fetch(self, outgoing, limits):
        body = files.get(outgoing.url.removeprefix("https://acme.example"))
        return Response(200 if body else 404, (), body or b"no")

    files = dict(SERVED)
    monkeypatch.setattr("contracts.live.transport.HttpTransport.fetch", fetch)
    return files


def test_a_document_is_added_by_its_address_with_its_files(run, served, tmp_path):
    done = run("--add", "acme", "https://acme.example/api/root.yaml")
    assert done.stderr.splitlines()[0] == "fetched https://acme.example/api/root.yaml: 102 bytes"
    home = tmp_path / "specs/acme"
    assert (home / "upstream/paths/a.yaml").read_bytes() == ITEM
    text = (home / "provider.toml").read_text()
    assert 'url = "https://acme.example/api/root.yaml"\n' in text
    assert 'servers = ["https://acme.example/v2"]\n' in text
    assert run("--check", "acme").exit_code == 0


def test_an_address_without_a_file_name_and_without_servers(run, served, tmp_path):
    run("--add", "acme", "https://acme.example/plain")
    assert (tmp_path / "specs/acme/upstream/plain.json").read_bytes() == SERVED["/plain"]
    assert 'servers = ["https://acme.example"]\n' in (tmp_path / "specs/acme/provider.toml").read_text()
    assert run("--page", "https://acme.example/plain").exit_code == 0
    assert "the document is the same" in run("--update", "acme", "https://acme.example/plain").stdout


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://acme.example/gone", "https://acme.example/gone: answered 404"),
        ("https://acme.example/plain?api_key=1", "https://acme.example/plain: its query may hold a key; save it and name the file"),
        ("https://acme.example/docs", "docs.html: nothing on this page looks like a documentation platform we read; it shows the document at '/plain.json': add that"),
    ],
)  # fmt: skip
def test_an_address_that_gives_no_document(run, served, tmp_path, url, said):
    assert refused(run("--add", "acme", url)) == said
    assert not (tmp_path / "specs").exists()


def test_what_of_a_document_is_not_judged_is_said_when_it_is_added(run, tmp_path):
    lost = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Gone"}}}
    text = document("/jobs", "/things").replace('{"type": "object"}', json.dumps(lost))
    (tmp_path / "odd.json").write_text(text)
    assert [line for line in run("--add", "acme", "odd.json").stderr.splitlines() if "Gone" in line] == [
        (
            "note: /paths/~1jobs/get/responses/200/content/application~1json/schema/properties/a/$ref: $ref"
            " '#/components/schemas/Gone' points nowhere; it is not judged (and at 1 further place)"
        )
    ]


NEWER = {
    "/api/x.yaml": b"type: object\nproperties: {t: {$ref: t.yaml}}\n",
    "/api/t.yaml": b"type: boolean\n",
}


def test_a_document_in_several_files_is_compared_and_updated_with_them(run, served, tmp_path):
    url = "https://acme.example/api/root.yaml"
    run("--add", "acme", url)
    run("--add", "acme", "other.json")
    served |= NEWER
    newer = CliRunner().invoke(drift, ["acme", "--live"])
    assert "  note     /t  is new   property-added\n" in newer.stdout
    assert (
        run("--update", "acme", url).stdout
        == "took upstream/root.yaml into specs/acme: 1 finding, see HISTORY.md\n"
    )
    assert (tmp_path / "specs/acme/upstream/t.yaml").read_bytes() == b"type: boolean\n"
    assert run("--check", "acme").stdout == "acme: as vendored\n"
    (tmp_path / "other.json").write_text(document("/things", "/more", title="Other"))
    run("--update", "acme", "other.json")
    assert run("--check", "acme").stdout == "acme: as vendored\n"
    assert "boolean" in (tmp_path / "specs/acme/openapi.yaml").read_text()
