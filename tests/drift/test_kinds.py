"""What really happened in vendors' documents: each kind found, or silent, as it must be."""

import copy

import pytest
from rewrites import rewritten

from contracts.drift import drift
from contracts.model import Severity
from contracts.spec.document import Document
from contracts.spec.provider import bundled


def load(provider):
    from contracts.drift.report.lines import read_late

    folder = bundled() / provider
    return read_late("openapi.yaml", (folder / "openapi.yaml").read_bytes()).value


def changed(provider, edit):
    """Give the findings after an edit of a vendored document, as (severity, direction, pointer, rule, witness)."""
    base = load(provider)
    revision = copy.deepcopy(base)
    edit(revision)
    found = drift(Document("old", base, {}), Document("new", revision, {}), today="2026-11-22")
    return [(one.severity.value, one.direction, one.pointer, one.rule) for one in found]


def task(document):
    """Give the schema of a nimble task's state, wherever the document keeps it."""
    return document["components"]["schemas"]


def enums(value):
    if isinstance(value, dict):
        if isinstance(value.get("enum"), list) and len(value["enum"]) > 2 and value.get("type") == "string":
            yield value
        for item in value.values():
            yield from enums(item)
    elif isinstance(value, list):
        for item in value:
            yield from enums(item)


def closed(value):
    if isinstance(value, dict):
        if value.get("additionalProperties") is False and isinstance(value.get("properties"), dict):
            yield value
        for item in value.values():
            yield from closed(item)
    elif isinstance(value, list):
        for item in value:
            yield from closed(item)


@pytest.mark.parametrize("provider", ["almanac", "nimble"])
class TestEnums:
    def test_a_value_added(self, provider):
        found = changed(provider, lambda d: next(enums(d["components"]))["enum"].append("archived"))
        assert {rule for *_, rule in found} == {"enum-value-added"}
        assert {severity for severity, direction, *_ in found if direction == "response"} <= {"warning"}

    def test_only_the_order(self, provider):
        assert changed(provider, lambda d: next(enums(d["components"]))["enum"].reverse()) == []

    def test_order_and_addition(self, provider):
        def edit(document):
            enum = next(enums(document["components"]))["enum"]
            enum[:] = ["archived", *reversed(enum)]

        assert {rule for *_, rule in changed(provider, edit)} == {"enum-value-added"}

    def test_a_value_renamed_is_said_once(self, provider):
        def edit(document):
            enum = next(enums(document["components"]))["enum"]
            enum[0] = enum[0] + "_v2"

        found = changed(provider, edit)
        assert {rule for *_, rule in found} == {"enum-value-renamed"}
        assert len(found) <= 2


def edit_schema(**changes):
    """Add to the first object component of a document that answers use."""

    def edit(document):
        schema = document["components"]["schemas"][changes["at"]]
        changes["do"](schema)

    return edit


def api(*, response=None, request=None, path="/v1/batches/{id}", method="get", **more):
    """Build a small document with one operation."""
    operation = {"operationId": "getBatch", "responses": {"200": {"description": "ok"}}, **more}
    if response is not None:
        operation["responses"]["200"]["content"] = {"application/json": {"schema": response}}
    if request is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": request}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {path: {method: operation}}}


def compare(old, new, **options):
    found = drift(Document("old", old, {}), Document("new", new, {}), today="2026-11-22", **options)
    return [(one.severity.value, one.rule, one.pointer, one.message, one.witness) for one in found]


TEXT = {"type": "string"}
OBJECT = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "note": {"type": "string"}},
    "required": ["id"],
}


def with_(**properties):
    return {**OBJECT, "properties": {**OBJECT["properties"], **properties}}


def test_free_text_becomes_an_enum():
    new = with_(note={"type": "string", "enum": ["a", "b"]})
    assert compare(api(response=OBJECT), api(response=new)) == [
        ("note", "enum-added", "/note", "must now be 'a' or 'b'", None)
    ]


def test_an_optional_field_under_a_closed_object():
    old, new = (
        {**schema, "additionalProperties": False} for schema in (OBJECT, with_(size={"type": "integer"}))
    )
    assert compare(api(response=old), api(response=new)) == [
        (
            "warning",
            "property-added-to-closed",
            "/size",
            "is new in an object that was closed",
            '{"id":"","size":0}',
        )
    ]


def test_a_required_field_comes():
    new = {**with_(kind={"type": "string"}), "required": ["id", "kind"]}
    assert compare(api(response=OBJECT), api(response=new)) == [
        ("note", "required-property-added", "/kind", "is new and required", None)
    ]


def test_a_required_field_is_dropped():
    new = {"type": "object", "properties": {"note": {"type": "string"}}}
    assert compare(api(response=OBJECT), api(response=new)) == [
        ("error", "required-property-removed", "/id", "is gone, was required", "{}")
    ]


def test_an_optional_field_becomes_nullable():
    new = with_(note={"type": ["string", "null"]})
    assert compare(api(response=OBJECT), api(response=new)) == [
        ("error", "null-added", "/note", "may now be null", '{"id":"","note":null}')
    ]


def test_a_value_that_was_bound_by_nothing_is_said_once():
    """Null is one of all the types that `{}` admits, and no change beside that of the types."""
    found = compare(api(response={}), api(response={"type": "string"}))
    assert found == [("note", "type-narrowed", "", "may now only be string, was anything", None)]
    found = compare(api(response={"type": "string"}), api(response={}))
    assert [one[:4] for one in found] == [
        ("error", "type-widened", "", "may now be anything, was string"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "body", "parameter"),
    [
        (
            {},
            {"default": 20},
            "its default is now 20, it had none",
            "left out, it now means 20, which nothing said before",
        ),
        ({"default": 10}, {}, "has no default any more, was 10", "left out, it is no longer said to mean 10"),
        (
            {"default": None},
            {"default": 20},
            "its default is now 20, was null",
            "left out, it now means 20, was null",
        ),
    ],
)
def test_a_default_that_was_absent_is_not_null(old, new, body, parameter):
    sides = []
    for default in (old, new):
        schema = {"type": ["integer", "null"], **default}
        sides.append(api(response=schema, parameters=[{"name": "limit", "in": "query", "schema": schema}]))
    assert [(severity, message) for severity, _, _, message, _ in compare(*sides)] == [
        ("error", parameter),
        ("note", body),
    ]


def test_a_key_that_was_asked_for_beside_its_old_name_is_shown_by_the_old_name_alone():
    """A payload that has both names would show that the object was closed, and not that the name has changed."""
    old = {"type": "object", "properties": {"bin_id": {"type": "integer"}}, "required": ["bin_id"]}
    new = {
        "type": "object",
        "properties": {"binId": {"type": "integer"}},
        "required": ["binId"],
        "additionalProperties": False,
    }
    [one] = [row for row in compare(api(request=old), api(request=new)) if row[0] == "error"]
    assert one == (
        "error",
        "required-property-renamed",
        "/body/bin_id",
        "is now called 'binId'",
        '{"bin_id":0}',
    )


def test_a_width_that_no_validator_knows_was_one():
    sides = [api(request={"type": "integer", "format": name}) for name in ("uint64", "int64")]
    [one] = compare(*sides)
    assert one[1:] == (
        "number-width-lowered",
        "/body",
        "must now fit int64, was uint64",
        "9223372036854775808",
    )


def test_a_key_that_could_be_absent_breaks_nobody_where_it_moves():
    """What breaks is beside it: the name of the user."""

    def told(*required, **more):
        user = {"type": "object", "properties": {"name": TEXT, **more}, "required": [*required]}
        return {"type": "object", "properties": {"user": user}}

    old, new = told("name"), told(status=TEXT)
    old["properties"]["status"] = TEXT
    assert [one[:4] for one in compare(api(response=old), api(response=new))] == [
        ("note", "property-moved", "/status", "is now at /user/status; it could be absent before"),
        ("error", "property-became-optional", "/user/name", "may now be absent"),
    ]


def test_what_is_mended_around_a_witness_has_the_keys_that_a_schema_without_a_type_asks_for():
    page = {"properties": {"max": {"type": "integer"}}, "required": ["max"]}
    meta = {"properties": {"page": page}, "required": ["page"]}
    old = {"type": "object", "properties": {"id": TEXT, "meta": meta}, "required": ["id", "meta"]}
    typed = {"type": "object", "properties": {"page": {"type": "object", "properties": page["properties"]}}}
    new = {"type": "object", "properties": {"id": TEXT, "meta": typed}}
    found = {one[2]: one[4] for one in compare(api(response=old), api(response=new)) if one[0] == "error"}
    assert found == {
        "/id": '{"meta":{"page":{"max":0}}}',
        "/meta": '{"id":""}',
        "/meta/page": '{"id":"","meta":{}}',
        "/meta/page/max": '{"id":"","meta":{"page":{}}}',
    }


def test_a_witness_of_a_width_is_too_wide():
    """What is refused beside it, here for a key that is missing, shows nothing of the width."""
    old = {
        "type": "object",
        "properties": {"n": {"type": "integer", "format": "int64"}, "page": {"type": "string"}},
        "required": ["n", "page"],
    }
    new = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    found = {
        rule: (pointer, witness)
        for _, rule, pointer, _, witness in compare(api(response=old), api(response=new))
    }
    assert found["number-width-raised"] == ("/n", '{"n":9223372036854775808,"page":""}')


@pytest.mark.parametrize(
    ("old", "new", "rule", "witness"),
    [
        (
            {"type": "integer", "minimum": 200, "maximum": 999},
            {"type": "integer", "minimum": 200, "maximum": 999, "not": {"minimum": 800, "maximum": 899}},
            "exclusion-added",
            "800",
        ),
        (
            {"type": "object", "if": {"required": ["card"]}, "then": {"required": ["name"]}},
            {"type": "object", "if": {"required": ["card"]}, "then": {"required": ["owner"]}},
            "condition-changed",
            '{"card":null,"name":null}',
        ),
    ],
)
def test_what_a_condition_or_an_exclusion_refuses_is_an_error(old, new, rule, witness):
    [one] = compare(api(request=old), api(request=new))
    assert (one[0], one[1], one[4]) == ("error", rule, witness)


def test_a_new_branch_is_shown_by_a_value_of_its_own():
    """The branch beside it has changed too; its value would be refused and show nothing of the new one."""

    def branch(kind, **more):
        return {
            "type": "object",
            "required": ["kind", *more],
            "properties": {"kind": {"type": "string", "enum": [kind]}, **more},
        }

    old = [branch("a", mode={"type": "string", "enum": ["x"]}), branch("b")]
    new = [branch("a", mode={"type": "string"}), branch("b"), {**branch("c"), "title": "Third"}]
    found = compare(api(response={"oneOf": old}), api(response={"oneOf": new}))
    assert [(one[1], one[3], one[4]) for one in found] == [
        ("alternative-added", "may now be Third", '{"kind":"c"}'),
        ("enum-removed", "may now be anything, was 'x'", '{"kind":"a","mode":""}'),
    ]


def test_a_key_is_renamed():
    old = {"type": "object", "properties": {"file_name": {"type": "string"}}, "required": ["file_name"]}
    new = {"type": "object", "properties": {"fileName": {"type": "string"}}, "required": ["fileName"]}
    assert compare(api(response=old), api(response=new)) == [
        ("error", "required-property-renamed", "/file_name", "is now called 'fileName'", '{"fileName":""}')
    ]


def test_a_path_moves_to_another_version():
    found = compare(api(response=OBJECT), api(response=OBJECT, path="/v2/batches/{batch}"))
    moved = "is now GET /v2/batches/{batch}, was GET /v1/batches/{id}"
    assert found == [("error", "operation-moved", "", moved, None)]


def test_an_endpoint_is_removed():
    new = {**api(), "paths": {}}
    assert compare(api(), new) == [("error", "operation-removed", "", "is gone", None)]


def test_an_endpoint_comes_beside_an_old_one():
    new = api(response=OBJECT)
    new["paths"]["/v1/batches"] = {"post": {"responses": {}}}
    assert compare(api(response=OBJECT), new) == [("note", "operation-added", "", "is new", None)]


def test_prose_is_a_class_of_its_own():
    from contracts.drift.report.changelog import changelog_lines, is_prose

    new = api(response={**OBJECT, "description": "An id is now kept for a year."}, description="New words.")
    found = drift(Document("old", api(response=OBJECT), {}), Document("new", new, {}))
    assert len(found) == 2
    assert all(is_prose(one) and one.severity is Severity.NOTE for one in found)
    assert list(changelog_lines(found, "old → new")) == ["old → new", "\n2 changes of documentation"]


def test_types_move_and_the_wire_is_equal():
    document = load("nimble")
    for seed in range(2):
        other = Document("new", rewritten(document, seed), {})
        assert drift(Document("old", document, {}), other) == ()


def test_two_apis_with_other_conventions_are_never_mixed_up():
    """Same idea, other case of keys, other paths: everything is gone and new, nothing is called a rename."""
    old = api(
        response={
            "type": "object",
            "properties": {"created_at": {"type": "string"}},
            "required": ["created_at"],
        }
    )
    new = api(
        response={
            "type": "object",
            "properties": {"createdAt": {"type": "integer"}},
            "required": ["createdAt"],
        },
        path="/batch/{uid}/state",
    )
    new["paths"]["/batch/{uid}/state"]["get"]["operationId"] = "batchState"
    rules = [rule for _, rule, *_ in compare(old, new)]
    assert sorted(rules) == ["operation-added", "operation-removed"]
