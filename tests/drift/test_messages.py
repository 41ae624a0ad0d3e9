"""What a URL, a header and a status mean: what only looks like a change is silent, what is one is told once."""

import pytest

from contracts.drift import drift
from contracts.spec.document import Document

OK = {"200": {"description": ""}}
TEXT = {"type": "string"}


def api(paths, **more):
    return {"openapi": "3.1.0", "info": {}, "paths": paths, **more}


def findings(old, new):
    found = drift(Document("old", old, {}), Document("new", new, {}))
    return [(one.rule, one.severity.value, one.pointer) for one in found]


def get(*parameters, **more):
    return {"get": {"parameters": list(parameters), "responses": OK, **more}}


def param(name, where="query", **schema):
    return {"name": name, "in": where, "required": where == "path", "schema": schema or TEXT}


def at(url, **variables):
    return [{"url": url, "variables": {name: {"default": value} for name, value in variables.items()}}]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("https://a.example/v1", "/t"), ("https://a.example", "/v1/t")),
        (("https://a.example", "/v1/t/{id}"), ("https://a.example/v1/", "/t/{key}")),
        (("/", "/v1/t"), ("/v1", "/t")),
    ],
)
def test_a_base_path_that_moved_is_no_change(old, new):
    sides = [api({path: get()}, servers=at(url)) for url, path in (old, new)]
    assert findings(*sides) == findings(*sides[::-1]) == []


def test_a_base_path_in_a_server_variable():
    old = api({"/t": get()}, servers=at("https://a.example/{base}", base="v1"))
    assert findings(old, api({"/v1/t": get()}, servers=at("https://a.example"))) == []


def test_another_base_path_is_a_change():
    old = api({"/t": get()}, servers=at("https://a.example/v1"))
    assert ("server-removed", "warning", "") in findings(
        old, api({"/t": get()}, servers=at("https://a.example/v2"))
    )


def test_a_change_below_a_base_path_that_moved_is_told():
    old = api({"/v1/t": get()}, servers=at("https://a.example"))
    new = api({"/t": get({**param("q"), "required": True})}, servers=at("https://a.example/v1"))
    assert findings(old, new) == [("required-parameter-added", "error", "/query/q")]


@pytest.mark.parametrize("name", ["Authorization", "accept", "Content-Type"])
def test_header_parameters_that_openapi_ignores(name):
    assert findings(api({"/t": get()}), api({"/t": get({**param(name, "header"), "required": True})})) == []


def test_a_path_parameter_whose_name_is_corrected():
    old, new = (api({"/t/{id}": get(param(name, "path"))}) for name in ("ID", "id"))
    assert findings(old, new) == findings(new, old) == []


def test_null_is_not_said_of_a_query():
    old, new = (api({"/t": get(param("q", type=kind))}) for kind in (["string", "null"], "string"))
    assert findings(old, new) == findings(new, old) == []


def test_what_reads_the_same_as_text_is_silent():
    old, new = api({"/t": get({"name": "q", "in": "query", "schema": {}})}), api({"/t": get(param("q"))})
    assert findings(old, new) == findings(new, old) == []


def answer(media, schema):
    return {"200": {"content": {media: {"schema": schema}}}}


@pytest.mark.parametrize("media", ["application/octet-stream", "image/png", "application/pdf"])
def test_bytes_have_no_json_type(media):
    old, new = (
        api({"/t": {"get": {"responses": answer(media, schema)}}})
        for schema in ({}, {"type": "string", "format": "binary"})
    )
    assert findings(old, new) == findings(new, old) == []


def test_another_success_status_is_told_once_and_its_body_compared():
    old, new = (
        api({"/t": {"get": {"responses": {status: answer("application/json", {"type": kind})["200"]}}}})
        for status, kind in (("201", "string"), ("200", "integer"))
    )
    assert findings(old, new) == [
        ("type-changed", "error", ""),
        ("success-status-changed", "error", ""),
    ]


def answered(name, **header):
    return api({"/t": get(responses={"200": {"description": "", "headers": {name: header}}})})


@pytest.mark.parametrize("name", ["X-Left", "x-left"])
@pytest.mark.parametrize("wrap", [lambda kind: {"schema": {"type": kind}}, lambda kind: {"content": {"application/json": {"schema": {"type": kind}}}}])  # fmt: skip
def test_a_header_is_compared_however_it_is_named_and_described(name, wrap):
    sides = [answered(name, required=True, **wrap(kind)) for kind in ("integer", "boolean")]
    assert ("type-changed", "error", "/x-left") in findings(*sides)


def test_an_extension_is_no_answer_and_no_path():
    old = api({"/t": get(responses={**OK, "x-more": {"description": ""}}), "x-note": get()})
    assert findings(old, api({"/t": get(responses=OK)})) == []


def test_one_name_for_another_key_says_where_the_key_goes():
    def keyed(header):
        scheme = {"type": "apiKey", "in": "header", "name": header}
        return api({"/t": get()}, security=[{"k": []}], components={"securitySchemes": {"k": scheme}})

    sides = [Document(name, keyed(name), {}) for name in ("X-Key", "X-Api-Key")]
    (found,) = drift(*sides)
    assert found.message == "now asks for k (header X-Api-Key), was k (header X-Key)"


def test_a_server_that_its_variables_no_longer_give_is_gone():
    def served(*words):
        variables = {"r": {"default": "eu", "enum": list(words)}}
        return api({"/t": get()}, servers=[{"url": "https://{r}.a.example", "variables": variables}])

    assert findings(served("eu", "us"), served("us", "eu")) == []
    assert [rule for rule, *_ in findings(served("eu", "us"), served("eu"))] == ["server-removed"]


def bodies(*media):
    content = {name: {"schema": {"type": kind}} for name, kind in media}
    return api({"/t": {"get": {"responses": {"200": {"content": content}}}}})


def test_json_with_a_charset_is_json():
    """RFC 8259: the parameter has no effect; who dropped the second name still sends what it stood for."""
    both = [("application/json", "object"), ("application/json; charset=utf-8", "object")]
    for one in both:
        assert findings(bodies(*both), bodies(one)) == findings(bodies(one), bodies(*both)) == []
    changed = bodies(("application/json", "array"))
    assert findings(bodies(*both), changed) == [("type-changed", "error", "")]


def test_a_version_of_a_media_type_is_another_one():
    old = bodies(("application/json;v=1", "object"), ("application/json;v=2", "object"))
    assert findings(old, bodies(("application/json;v=2", "object"))) == [("media-type-removed", "error", "")]
