"""Malformed, cyclic, huge and hostile documents: a finding or one clear error, soon, and nothing is fetched."""

import time

import pytest

from contracts.drift import changelog_lines, drift
from contracts.errors import SpecError
from contracts.schema.effort import bearable
from contracts.spec.document import Document


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def api(schema, components=None):
    media = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"content": media}, "responses": {"200": {"content": media}}}
    return {
        "openapi": "3.1.0",
        "info": {},
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": components or {}},
    }


def rules(old, new, direction="response"):
    started = time.process_time()
    found = drift(Document("old", old, {}), Document("new", new, {}))
    assert time.process_time() - started < 20
    return [(one.rule, one.witness) for one in found if one.direction in {direction, "endpoint"}]


def linked(count, link, last):
    """Make components S0 … Sn, each linked to the next."""
    return {f"S{i}": link(ref(f"S{i + 1}"), i) if i < count else last for i in range(count + 1)}


TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def test_a_reference_to_itself_allows_anything():
    assert rules(api(ref("A"), {"A": ref("A")}), api(TEXT)) == [("type-narrowed", None)]


def test_references_in_a_ring():
    ring = {"A": ref("B"), "B": ref("A")}
    assert rules(api(ref("A"), ring), api(ref("A"), ring)) == []


def test_an_all_of_that_holds_itself():
    old = api(ref("A"), {"A": {"allOf": [ref("A")], "type": "string"}})
    new = api(ref("A"), {"A": {"allOf": [ref("A")], "type": "integer"}})
    assert rules(old, new)[0][0] == "type-changed"


def test_a_key_that_needs_itself_has_no_value():
    def node(**more):
        return {"type": "object", "required": ["a"], "properties": {"a": ref("A"), **more}}

    found = rules(api(ref("A"), {"A": node(b=TEXT)}), api(ref("A"), {"A": node(b=NUMBER)}))
    assert found == [("type-changed", None)]


def test_references_out_of_the_document_are_never_fetched():
    found = rules(api({"$ref": "https://a.example/x.json"}), api({"$ref": "file:///etc/passwd"}))
    assert found == [("not-compared", None)]
    assert rules(api(TEXT), api({"$ref": "#/nowhere"}))[0][0] in {"not-compared", "null-added"}


@pytest.mark.untraced
@pytest.mark.parametrize("count", [150, 2500])
def test_long_chains_of_references(count):
    old, new = (
        linked(count, lambda to, i: {"type": "object", "properties": {"n": to}}, last)
        for last in (TEXT, NUMBER)
    )
    found = rules(api(ref("S0"), old), api(ref("S0"), new))
    assert [rule for rule, _ in found] == ["type-changed"]
    assert (found[0][1] is None) == (count > 200)  # deeper than any payload that is read


@pytest.mark.untraced
def test_chains_that_are_only_names():
    old, new = (linked(2000, lambda to, i: to, last) for last in (TEXT, NUMBER))
    assert rules(api(ref("S0"), old), api(ref("S0"), new)) == [("type-changed", "0")]


def test_unions_nested_beyond_reason_are_said():
    old, new = (
        linked(200, lambda to, i: {"anyOf": [to, {"required": [f"p{i}"]}]}, last) for last in (TEXT, NUMBER)
    )
    assert {rule for rule, _ in rules(api(ref("S0"), old), api(ref("S0"), new))} >= {"not-compared"}


@pytest.mark.parametrize("word", ["allOf", "anyOf", "oneOf"])
def test_schemas_that_multiply(word):
    old, new = (linked(60, lambda to, i: {word: [to, to]}, last) for last in (TEXT, NUMBER))
    document = api(ref("S0"), old)
    assert not bearable(document)
    found = rules(document, api(ref("S0"), new))
    assert found == [("type-changed", None)]


def test_payloads_that_multiply():
    def node(to, _):
        return {"type": "object", "required": ["a", "b"], "properties": {"a": to, "b": to}}

    old, new = (linked(60, node, last) for last in (TEXT, NUMBER))
    assert rules(api(ref("S0"), old), api(ref("S0"), new)) == [("type-changed", None)]


@pytest.mark.untraced
def test_a_wide_union():
    branches = [{"type": "object", "properties": {f"p{j}": TEXT}, "required": [f"p{j}"]} for j in range(200)]
    found = rules(api({"anyOf": branches[1:]}), api({"anyOf": branches}))
    assert [rule for rule, _ in found].count("alternative-added") <= 1


def test_patterns_that_backtrack_and_limits_beyond_reason():
    old, new = {"type": "string", "pattern": "^(a+)+$"}, {"type": "string", "enum": ["a" * 5000 + "!"]}
    assert rules(api(old), api(new))
    far = {"type": "array", "minItems": 10**9, "items": {"type": "string", "maxLength": 10**12}}
    near = {"type": "array", "minItems": 10**8, "items": {"type": "string", "maxLength": 10**11}}
    assert {witness for _, witness in rules(api(near), api(far))} == {None}


ODD = {
    "type": ["x", 3],
    "minimum": None,
    "maxLength": -4,
    "required": [1],
    "properties": {"a": 3},
    "enum": {},
    "pattern": "[",
    "items": [{}],
    "oneOf": "x",
    "anyOf": [3, None],
    "not": 5,
    "multipleOf": 0,
    "dependentRequired": {"a": "b"},
    "patternProperties": {"(": {}},
}


def test_keywords_of_odd_shapes():
    assert rules(api(ODD), api(ODD)) == []
    assert [rule for rule, _ in rules(api(TEXT), api(ODD))]


def test_documents_of_odd_shapes():
    odd = {
        "openapi": "3.1.0",
        "paths": {
            "/a": {
                "get": [],
                "post": {"parameters": {"a": 1}, "responses": [1], "requestBody": "x", "security": 3},
                "put": None,
                "delete": {
                    "parameters": [1, None, {"name": 3, "in": []}],
                    "responses": {"200": "x", "zz": {}},
                },
                "patch": {"callbacks": {"c": {"{$u}": 3}}, "servers": "x", "tags": 3, "x-sunset": 3},
            },
            "/b": None,
        },
        "components": [],
        "servers": {},
        "security": "x",
        "webhooks": [],
        "info": [],
    }
    plain = api(TEXT)
    assert rules(odd, odd) == []
    assert rules(odd, plain)
    assert rules(plain, odd)


@pytest.mark.parametrize("value", [[], {}, {"swagger": "1.2"}, None, "openapi"])
def test_what_is_no_openapi_is_one_clear_error(value):
    with pytest.raises(SpecError, match=r"^new: not an OpenAPI "):
        drift(Document("old", api(TEXT), {}), Document("new", value, {}))


def test_parts_of_odd_shape_beside_what_is_sent_one_way():
    odd = {"type": "object", "allOf": 3, "required": ["a"], "properties": {"a": {"writeOnly": True}}}
    assert rules(api(odd), api(odd)) == []
    assert {rule for rule, _ in rules(api(odd), api({**odd, "type": "string"}))} >= {"type-changed"}


@pytest.mark.parametrize("odd", [[], {}, [None], {"a": [{}]}, {"a": [1, "b"]}, 0, None])
def test_words_that_cannot_be_compared_or_sorted(odd):
    operation = {
        "x-stability-level": odd,
        "responses": {"200": {"content": {"application/json": {"schema": {"dependentRequired": odd}}}}},
    }
    swagger = {
        "parameters": [{"name": "q", "in": "query", "type": "array", "collectionFormat": odd}, {"in": odd}]
    }
    for version, one in (("openapi", operation), ("swagger", swagger)):
        base, revision = (
            Document(
                "d", {version: "3.1.0" if version == "openapi" else "2.0", "paths": {"/a": {"get": part}}}, {}
            )
            for part in ({"responses": {}}, one)
        )
        assert drift(revision, revision) == ()
        assert isinstance(drift(base, revision), tuple)
        assert isinstance(drift(revision, base), tuple)


def names(count, kind):
    """Make names of which each is like many others."""
    return [f"{kind}_{number * 7919 % 99991:05}_of_the_batch" for number in range(count)]


def operations(count, kind):
    made = {"responses": {"200": {"description": "ok"}}}
    document = api({})
    document["paths"] = {f"/{name}": {"get": made | {"operationId": name}} for name in names(count, kind)}
    return document


def changed(count, kind):
    return dict.fromkeys(names(count, kind), TEXT)


MANY = {
    "words": lambda kind: api({"enum": names(3000, kind)}),
    "properties": lambda kind: api({"type": "object", "properties": changed(1500, kind)}),
    "required": lambda kind: api({"type": "object", "required": names(600, kind)}),
    "operations": lambda kind: operations(2500, kind),
}


@pytest.mark.untraced
@pytest.mark.parametrize("what", MANY)
def test_many_things_replaced_by_as_many_cost_no_square(what):
    """Each pair of names held against each other, or each fault told apart of each payload, took minutes."""
    old, new = (Document(kind, MANY[what](kind), {}) for kind in ("first", "other"))
    started = time.process_time()
    list(changelog_lines(drift(old, new), "t"))
    assert time.process_time() - started < 10


def test_of_many_names_those_that_differ_in_case_alone_are_renamed():
    old = api({"type": "object", "properties": changed(150, "first") | {"created_at": TEXT}})
    new = api({"type": "object", "properties": changed(150, "other") | {"createdAt": TEXT}})
    assert ("property-renamed", None) in rules(old, new)
