"""Documents as few vendors write them: added, compared with themselves, and judged by, each a kind of its own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner

from contracts.cli import group
from contracts.model import Interaction, Request, Response, Source
from contracts.spec import load, load_document
from contracts.validate import Checker
from contracts.vendoring.bundling import collect
from contracts.vendoring.documents import read_openapi

HEAD = "info: {title: T, version: '1'}\nservers: [{url: https://a.io}]\n"
OBJECT = "{type: object, required: [id], properties: {id: {type: integer}}}"
ITEMS = '{"id": 1}\n{"id": %s}\n'
PET = '{"$id": "https://a.io/schemas/pet.json", "properties": {"id": {"$ref": "owner.json"}}}'


def document(
    schema: str,
    more: str = "",
    *,
    version: str = "3.1.0",
    method: str = "get",
    media: str = "application/json",
    key: str = "schema",
) -> str:
    answer = f"{{description: ok, content: {{{media}: {{{key}: {schema}}}}}}}"
    return f"openapi: {version}\n{HEAD}{more}paths:\n  /a:\n    {method}:\n      responses:\n        200: {answer}\n"  # fmt: skip


def parted(ref: str, more: str = "", **answer: str) -> str:
    return document(f"{{$ref: '{ref}'}}", more, **answer)


COMPONENTS = f"components: {{schemas: {{P: {OBJECT}}}}}\n"
ANSWER = {
    "description": "",
    "content": {"application/json": {"schema": {"properties": {"id": {"type": "integer"}}}}},
}
WHOLE = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "servers": [{"url": "https://a.io"}], "paths": {"/a": {"get": {"responses": {"200": ANSWER}}}}}  # fmt: skip
FLOW = re.sub(r'"([a-z/]+)":', r"\1:", json.dumps(WHOLE))
KINDS: dict[str, tuple[dict[str, str | bytes], str, str]] = {
    # files; what is said when they are added; the media type of the answer
    "a method in capitals": ({"a.yaml": parted("p.yaml#/P", method="GET"), "p.yaml": f"P: {OBJECT}"}, "GET /a: the method is read as get", ""),
    "a path of another file in capitals": ({"a.yaml": f"openapi: 3.1.0\n{HEAD}paths: {{/a: {{$ref: p.yaml}}}}\n", "p.yaml": f"GET: {{responses: {{'200': {{description: ok, content: {{application/json: {{schema: {OBJECT}}}}}}}}}}}"}, "GET /a", ""),
    "capitals in Swagger": ({"a.yaml": f"swagger: '2.0'\ninfo: {{title: T, version: '1'}}\nhost: a.io\nschemes: [https]\npaths: {{/a: {{GET: {{responses: {{200: {{description: ok, schema: {OBJECT}}}}}}}}}}}\n"}, "GET /a", ""),
    "tags": ({"a.yaml": document(OBJECT.replace("{type: integer}", "!mine {type: integer, default: !!binary QUJD}"))}, "the tag !mine is none of JSON", ""),
    "numbers beyond JSON": ({"a.json": json.dumps(WHOLE).replace('"integer"', '"integer", "minimum": NaN, "maximum": 1e400')}, "NaN is not a JSON number", ""),
    "UTF-16": ({"a.yaml": document(OBJECT).encode("utf-16")}, "GET /a", ""),
    "flow style": ({"a.yaml": FLOW}, "GET /a", ""),
    "its own name": ({"a.yaml": parted("a.yaml#/components/schemas/P", COMPONENTS)}, "GET /a", ""),
    "its own address": ({"a.yaml": parted("https://a.io/x/a.yaml#/components/schemas/P", f"$self: https://a.io/x/a.yaml\n{COMPONENTS}", version="3.2.0")}, "GET /a", ""),
    "an address below its own": ({"a.yaml": parted("https://a.io/x/s/p.yaml", "$self: https://a.io/x/openapi.yaml\n", version="3.2.0"), "s/p.yaml": "{properties: {id: {$ref: '../q.yaml'}}}", "q.yaml": "type: integer"}, "GET /a", ""),
    "the address of a file": ({"a.yaml": parted("https://a.io/schemas/pet.json"), "schemas/pet.json": PET, "schemas/owner.json": '{"$id": "https://a.io/schemas/owner.json", "type": "integer"}'}, "GET /a", ""),
    "an address without a suffix": ({"a.yaml": parted("https://a.io/s/pet#/$defs/P"), "s/pet.yaml": f"$id: https://a.io/s/pet\n$defs: {{P: {OBJECT}}}"}, "GET /a", ""),
    "an anchor behind an address": ({"a.yaml": parted("https://a.io/s/pet#p"), "s/pet.yaml": f"$id: https://a.io/s/pet\n$defs: {{P: {{$anchor: p, allOf: [{OBJECT}]}}}}"}, "GET /a", ""),
    "a table of schemas in a file": ({"a.yaml": parted("#/components/schemas/P", "components: {schemas: {$ref: s.yaml}}\n"), "s.yaml": f"P: {OBJECT}"}, "GET /a", ""),
    "half a surrogate pair": ({"a.json": json.dumps(WHOLE).replace('"T"', '"T \\ud83d"')}, "half of a surrogate pair stands alone", ""),
    "a port that is usual": ({"a.yaml": document(OBJECT).replace("https://a.io", "'https://a.io:{port}', variables: {port: {default: 443}}")}, "GET /a", ""),
    "null alone beside a reference": ({"a.yaml": document("{type: object, properties: {id: {type: ['null'], allOf: [{type: integer}]}}}")}, "GET /a", ""),
    "records described alone": ({"a.yaml": document(OBJECT, media="application/x-ndjson", key="itemSchema", version="3.2.0")}, "GET /a", "application/x-ndjson"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_unusual_document_is_judged_by(kind: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files, said, media = KINDS[kind]
    for name, text in files.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    source = f"in/{next(iter(files))}"
    done = CliRunner().invoke(group, ["vendor", "--add", "acme", source])
    assert said in done.output
    assert ("not judged" in done.output) is (kind == "numbers beyond JSON")
    assert "no drift" in CliRunner().invoke(group, ["drift", "acme", "--against", source]).output
    checker = Checker(load("acme", tmp_path).spec, "acme")
    assert [rules(checker, value, media) for value in ("1", '"x"')] == [[], ["type"]]


def rules(checker: Checker, value: str, media: str) -> list[str]:
    body = ITEMS % value if media else f'{{"id": {value}}}'
    sent = (("content-type", media or "application/json"),)
    answer = Response(200, sent, body.encode())
    found = checker.check(
        Interaction(request=Request("GET", "https://a.io/a"), response=answer, source=Source.RECORDED)
    )
    return [one.rule for one in found]


def test_a_file_is_found_by_its_address_where_its_name_leads_elsewhere() -> None:
    files = {
        "sub/pet.json": b'{"$id": "https://a.io/x/pet.json", "items": {"$ref": "owner.json"}, "not": {"$ref": "gone.json"}}',
        "x/owner.json": b'{"$id": "https://a.io/x/owner.json"}',
    }
    found = collect("a.json", {"$ref": "sub/pet.json"}, files.get, guess=True)
    assert (dict(found.held), found.left) == (files, ("sub/gone.json: referred to, but not there",))


def test_a_file_that_only_a_mapping_names_is_found() -> None:
    named = {"discriminator": {"propertyName": "k", "mapping": {"x": "./p.json", "y": "Name", "z": "#/a/b"}}}
    found = collect("a.json", {"components": {"schemas": {"Q": named}}}, {"p.json": b"{}"}.get)
    assert (found.held, found.left) == ({"p.json": b"{}"}, ())


def test_null_alone_beside_other_schemas_lets_null_in() -> None:
    document = {
        "openapi": "3.1.0",
        "components": {
            "schemas": {"A": {"type": "null", "$ref": "#b"}, "B": {"$anchor": "b", "type": "object"}}
        },
    }
    loaded = load_document(document)
    assert loaded.document["components"]["schemas"]["A"] == {
        "anyOf": [{"$ref": "#/components/schemas/B"}, {"type": "null"}]
    }
    assert [(str(one.pointer), one.lost) for one in loaded.aside] == [("/components/schemas/A/type", False)]


def test_methods_in_capitals_are_read_wherever_a_path_stands() -> None:
    item = {"POST": {"requestBody": {"content": {}}, "callbacks": {"c": {"{$url}": {"PUT": {}}}}}}
    document = {
        "openapi": "3.1.0",
        "paths": {},
        "webhooks": {"done": item},
        "components": {"pathItems": {"p": item}},
    }
    read = read_openapi("a.json", json.dumps(document).encode())
    assert [one.rpartition(": ")[2] for one in read.notices] == ["the method is read as post"] * 2 + [
        "the method is read as put"
    ] * 2
    assert '"POST"' not in json.dumps(read.document)
    assert '"PUT"' not in json.dumps(read.document)


def test_a_schema_of_several_files_is_judged_by(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text(
        '{"$id": "https://a.io/a.json", "properties": {"id": {"$ref": "b.json#/$defs/N"}}}'
    )
    (tmp_path / "b.json").write_text('{"$defs": {"N": {"type": "integer"}}}')
    operation = ("--operation", "GET /a")
    assert (
        "not judged"
        not in CliRunner().invoke(group, ["vendor", "--add", "acme", "a.json", *operation]).output
    )
    checker = Checker(load("acme", tmp_path).spec, "acme")
    assert [rules(checker, value, "") for value in ("1", '"x"')] == [[], ["type"]]
    assert CliRunner().invoke(group, ["vendor", "--check", "acme"]).exit_code == 0
    (tmp_path / "b.json").write_text('{"$defs": {"N": {"type": "string"}}}')
    assert "type" in CliRunner().invoke(group, ["drift", "acme", "--against", "a.json"]).output


def test_what_stands_behind_a_fragment_counts_for_the_address(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def item(method: str, kind: str, *required: str) -> dict[str, Any]:
        schema = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}}
        listed = [{"name": name, "in": "query", "required": True, "schema": {}} for name in required]
        answer = {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}
        return {method: {"operationId": kind, "parameters": listed, "responses": answer}}

    paths = {"/a": item("get", "file", "q"), "/a#folders": item("get", "folder"), "/a#links": item("get", "link"),
             "/b#x": item("put", "x"), "/c#Action=y": item("get", "y")}  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps({**WHOLE, "paths": paths}))
    done = CliRunner().invoke(group, ["vendor", "--add", "acme", "a.json"])
    assert (
        "note: a.json: /a#folders: the path is none of a request, what it answers counts for /a\n"
        in done.output
    )
    assert "note: a.json: /c#Action=y: the path is none of a request, so nothing matches it\n" in done.output
    spec = load("acme", tmp_path).spec
    assert {one.title for one in spec.operations} == {
        "GET /a",
        "GET /a#folders",
        "GET /a#links",
        "PUT /b",
        "PUT /b#x",
        "GET /c#Action=y",
    }
    assert [one.required for one in spec.operation("GET /a").parameters] == [False]  # type: ignore[union-attr]
    checker = Checker(spec, "acme")
    for kind, found in (("file", []), ("folder", []), ("link", []), ("x", ["anyOf"])):
        answer = Response(200, (("content-type", "application/json"),), json.dumps({"kind": kind}).encode())
        request = Request("GET", "https://a.io/a?q=1")
        judged = checker.check(Interaction(request=request, response=answer, source=Source.RECORDED))
        assert [one.rule for one in judged] == found, kind
    assert CliRunner().invoke(group, ["vendor", "--check", "acme"]).exit_code == 0


@pytest.mark.parametrize(
    ("part", "said"),
    [(None, "p.yaml: referred to, but not there"), ("a: [", "p.yaml: referred to, but it cannot be read: p.yaml:2: ")],
)  # fmt: skip
def test_a_part_that_is_not_read_is_said_with_why(part: str | None, said: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(parted("p.yaml"))
    if part is not None:
        (tmp_path / "p.yaml").write_text(part)
    assert said in CliRunner().invoke(group, ["vendor", "--add", "acme", "a.yaml"]).output


def test_all_files_of_an_address_share_a_deadline(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from contracts.errors import ConfigError
    from contracts.vendoring import fetching

    ticks = iter((0.0, 1.0, fetching.PATIENCE + 1.0))
    monkeypatch.setattr("contracts.vendoring.fetching.time.monotonic", lambda: next(ticks))
    data = document("{allOf: [{$ref: p.yaml}, {$ref: q.yaml}]}").encode()
    with pytest.raises(ConfigError, match=r"https://a\.io/a\.yaml: its other files took longer than 300 s"):
        fetching.parts_at("https://a.io/a.yaml", data, lambda _: b"type: object")
