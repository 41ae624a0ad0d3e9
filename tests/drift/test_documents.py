"""What differs around the schemas, both ways, with the exact words; the changelog; the readers' tolerance."""

import json

import pytest

from contracts.drift import drift
from contracts.drift.documents.calendar import Due, calendar_of, read_date
from contracts.drift.report.changelog import changelog_lines
from contracts.drift.report.lines import lines_of, read_late
from contracts.drift.tolerance import CLASSES, STRICT, TOLERANT, tolerance_of
from contracts.errors import ConfigError, SpecError, UnknownName
from contracts.model import Severity
from contracts.spec.document import Document

OLD = b"""openapi: 3.0.3
info: {title: Batches, version: "1"}
servers: [{url: https://api.example/v1}]
security: [{key: []}]
components:
  securitySchemes: {key: {type: http, scheme: bearer}}
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer, default: 10}}
  schemas:
    Task:
      type: object
      required: [id, state]
      properties:
        id: {type: string}
        state: {type: string, enum: [queued, done]}
        size: {type: integer, format: int32}
        secret: {type: string, writeOnly: true}
paths:
  /batches/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      operationId: getBatch
      parameters: [{$ref: "#/components/parameters/Limit"}]
      responses:
        "200":
          description: ok
          headers: {X-Left: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Task"}}}}
        4XX: {description: no}
    delete: {deprecated: true, x-sunset: 2027-01-01, responses: {"204": {description: gone}}}
  /batches:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Task"}}}}
"""
NEW = (
    OLD.replace(b"3.0.3", b"3.1.0")
    .replace(b"enum: [queued, done]", b"enum: [queued, done, paused]")
    .replace(b"format: int32", b"format: int64")
    .replace(b"{id}", b"{batch}")
    .replace(b"{name: id,", b"{name: batch,")
    .replace(b"required: true, schema: {type: integer}", b"schema: {type: integer}")
    .replace(b"default: 10", b"default: 20")
    .replace(b"https://api.example/v1", b"https://api.example/v2")
    .replace(b"4XX: {description: no}", b'"404": {description: no}')
)


def found(**options):
    return drift(read_late("old.yaml", OLD), read_late("new.yaml", NEW), today="2026-11-22", **options)


def test_a_report_for_people():
    due = calendar_of(read_late("new.yaml", NEW).value)
    assert list(changelog_lines(found(), "old.yaml → new.yaml", due=due, today="2026-11-22")) == [
        "old.yaml → new.yaml",
        "",
        "GET /batches 200",
        "  error    /size   may now need int64, was int32   number-width-raised  ×2 operations",
        '           {"id":"","size":2147483648,"state":"queued"}',
        "  warning  /state  may now be 'paused'   enum-value-added  ×2 operations",
        '           {"id":"","state":"paused"}',
        "",
        "GET /batches/{batch}",
        "  error    request /query/limit  left out, it now means 20, was 10   parameter-default-changed",
        "",
        "GET /batches/{batch} 200",
        "  error    header /x-left  may now be absent   header-became-optional",
        "",
        "GET /batches/{batch} 4XX",
        "  note     status  4XX is gone   error-status-removed",
        "",
        "the whole API",
        "  warning    https://api.example/v1 is no longer named; 'https://api.example/v2' is   server-removed",
        "  note       https://api.example/v2 is new   server-added",
        "",
        "announced ends",
        "  2027-01-01, in 40 days  DELETE /batches/{batch}",
        "\n3 errors, 2 warnings, 2 notes · contracts explain number-width-raised",
    ]


def test_findings_name_both_documents_and_carry_whole_payloads():
    one = next(one for one in found() if one.rule == "enum-value-added")
    assert (str(one.base), str(one.revision)) == ("old.yaml:15", "new.yaml:15")
    assert one.places == ("GET /batches 200", "GET /batches/{batch} 200")
    assert (one.count, one.direction, one.part, one.status) == (2, "response", "body", "200")
    assert json.loads(one.witness) == {"id": "", "state": "paused"}


def test_the_same_twice_and_equal_documents_say_nothing():
    assert found() == found()
    assert drift(read_late("a", OLD), read_late("b", OLD)) == ()
    assert list(changelog_lines((), "a → b")) == ["a → b", "no drift: the two documents say the same"]


def test_many_notes_are_counted_and_listed_on_demand():
    keys = {f"k{n}": {"type": "string"} for n in range(80)}
    old, new = (
        {
            "openapi": "3.1.0",
            "info": {},
            "paths": {
                "/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}}
            },
        }
        for schema in (
            {"type": "object", "properties": {"id": {}}},
            {"type": "object", "properties": {"id": {}, **keys}},
        )
    )
    some = drift(Document("old", old, {}), Document("new", new, {}))
    assert list(changelog_lines(some, "a → b"))[2:4] == [
        "80 notes, listed with --full",
        "      80  property-added: A key may be there that was not declared; readers that ignore unknown keys are not touched.",
    ]
    assert len(list(changelog_lines(some, "a → b", full=True))) == 84


def test_many_new_words_are_one_line():
    old, new = (
        {
            "openapi": "3.1.0",
            "info": {},
            "paths": {
                "/a": {
                    "get": {
                        "responses": {"200": {"content": {"application/json": {"schema": {"enum": words}}}}}
                    }
                }
            },
        }
        for words in (["a"], ["a", *(f"w{n}" for n in range(9))])
    )
    lines = list(changelog_lines(drift(Document("old", old, {}), Document("new", new, {})), "a → b"))
    assert lines[3:5] == [
        "  warning  /  may now be 'w0', 'w1', 'w2', 'w3' or 5 more   enum-value-added",
        '           "w0"',
    ]


@pytest.mark.parametrize(
    ("reader", "severity"),
    [
        (TOLERANT, "warning"),
        (STRICT, "error"),
        (tolerance_of("enum=note"), "note"),
        (tolerance_of("width=note"), "warning"),
    ],
)
def test_the_reader_sets_what_he_can_stand(reader, severity):
    assert {one.severity.value for one in found(tolerance=reader) if one.rule == "enum-value-added"} == {
        severity
    }


def test_a_tolerance_is_read_strictly():
    assert tolerance_of("strict") is STRICT
    own = tolerance_of("enum=error, null=note")
    assert (own.levels["enum"], own.levels["null"], own.levels["enum-renamed"]) == (
        Severity.ERROR,
        Severity.NOTE,
        Severity.ERROR,
    )
    with pytest.raises(UnknownName, match="tolerance"):
        tolerance_of("tolerent")
    with pytest.raises(UnknownName, match="tolerance class"):
        tolerance_of("enums=error")
    with pytest.raises(ConfigError, match="the level is error, warning or note"):
        tolerance_of("enum=bad")
    assert set(CLASSES) == {"enum", "unknown", "null", "width", "status"}


def test_witnesses_hold_with_the_second_engine_too():
    assert found(verify=True) == found()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-01-01", "2027-01-01"),
        ("2027-01-01T00:00:00Z", "2027-01-01"),
        ("soon", None),
        ("2027-13-01", None),
        (None, None),
        (20270101, None),
    ],
)
def test_dates_are_read_strictly(text, day):
    assert (read_date(text) and read_date(text).isoformat()) == day


def test_a_calendar_lists_dated_ends_first():
    document = {
        "paths": {
            "/a": {
                "get": {
                    "deprecated": True,
                    "parameters": [
                        {"name": "x", "in": "query", "deprecated": True, "x-sunset": "2027-01-02"}
                    ],
                }
            }
        },
        "components": {"schemas": {"A": {"properties": {"b": {"deprecated": True}}}}},
    }
    assert calendar_of(document) == (
        Due("2027-01-02", "query parameter x", "/paths/~1a/get/parameters/0"),
        Due("", "A/b", "/components/schemas/A/properties/b"),
        Due("", "GET /a", "/paths/~1a/get"),
    )
    past = list(changelog_lines((), "t", full=True, due=calendar_of(document), today="2027-01-03"))
    assert past[2:5] == ["announced ends", "  2027-01-02, 1 day ago  query parameter x", "  no date     A/b"]


def test_an_end_that_has_come_is_judged_by_the_day():
    old = {
        "openapi": "3.1.0",
        "info": {},
        "paths": {"/a": {"get": {"deprecated": True, "x-sunset": "2026-12-01"}}},
    }
    new = {**old, "paths": {}}

    def rule(today):
        return [one.rule for one in drift(Document("old", old, {}), Document("new", new, {}), today=today)]

    assert rule("2026-11-22") == ["operation-removed-before-sunset"]
    assert rule("2026-12-01") == ["deprecated-operation-removed"]


def test_drafts_promise_nothing():
    def document(schema):
        operation = {
            "x-stability-level": "draft",
            "responses": {"200": {"content": {"application/json": {"schema": schema}}}},
        }
        return {"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": operation}}}

    some = drift(
        Document("old", document({"type": "string"}), {}), Document("new", document({"type": "integer"}), {})
    )
    assert [(one.severity.value, one.rule) for one in some] == [("warning", "type-changed")]


def test_lines_of_json_are_those_of_the_strict_reader():
    text = '{\n "a~/": [1,\n  {"b": {}, "c\\u0041": [[2]]}\n ],\n "d": "x{[,:", "e":":",\n"f" : ["i","j:"], "h":0\n}'
    assert lines_of('{\n"a"\n: 1}') == {"": 1, "/a": 2}
    exact = read_late("x.yaml", b"---\n" + text.encode()).lines
    mine = lines_of(text)
    assert mine
    assert {pointer: line + 1 for pointer, line in mine.items() if pointer} == {
        p: exact[p] for p in mine if p
    }
    late = read_late("x.json", text.encode()).lines
    assert (late["/d"], len(late), list(late)[:2]) == (5, len(mine), ["", "/a~0~1"])


def test_a_document_that_cannot_be_read_is_one_sentence():
    with pytest.raises(SpecError, match=r"^old\.yaml: not an OpenAPI "):
        drift(read_late("old.yaml", b"swagger: '1.2'"), read_late("new.yaml", NEW))


def described(media):
    answer = {"200": {"content": {"application/json": media}}}
    value = {"openapi": "3.1.0", "paths": {"/b": {"get": {"responses": answer}}}}
    return Document("a.json", value, {})


@pytest.mark.parametrize("schema", [{}, True, {"paths": None}, {"allOf": [{}]}, {"minLength": 0}])
def test_a_schema_that_promises_nothing_is_as_good_as_none(schema):
    assert list(drift(described({"schema": schema}), described({}))) == []
    assert list(drift(described({}), described({"schema": schema}))) == []


def test_what_is_only_said_of_a_schema_is_compared_though_the_schema_is_gone():
    [found] = drift(described({"schema": {"description": "The batch."}}), described({}))
    assert (found.rule, found.severity.value) == ("description-changed", "note")
