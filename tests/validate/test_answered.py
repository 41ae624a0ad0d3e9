"""An interaction met once: one decode, coverage by columns, and what could not be judged said and counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from contracts.check.provider import CheckOptions, ProviderCheck
from contracts.decode import decode
from contracts.model import Headers, Verdict
from contracts.schema import Walker
from contracts.spec.provider import load
from contracts.validate import Checker, answered, response
from contracts.validate.columns import Columns
from contracts.validate.coverage import MAX_FACTS, tally
from tests.validate.mutations import subjects
from tests.validate.specs import interaction, lines, spec, spec_of

ITEM = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


def documented(media: str, schema: Any, **more: Any) -> Any:
    responses = {"200": {"description": "", "content": {media: {"schema": schema, **more}}}}
    return spec({"openapi": "3.1.0", "info": {}, "paths": {"/batch": {"get": {"responses": responses}}}})


def test_a_body_is_decoded_once_for_verdict_coverage_and_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = load("matil")
    subject = next(s for s in subjects(provider) if s.interaction.response.status == 200)
    calls: Counter[str] = Counter()

    def counted(body: bytes, **limits: int) -> Any:
        calls["decode"] += 1
        return decode(body, **limits)

    for module in (answered, response):
        if hasattr(module, "decode"):
            monkeypatch.setattr(module, "decode", counted)
    check = ProviderCheck(provider, CheckOptions())
    assert check.assess(subject.interaction).verdict is Verdict.CONFORMS
    assert check.shown(subject.operation, subject.interaction)
    assert calls["decode"] == 1


@pytest.mark.parametrize("name", ["almanac", "llamacloud", "matil", "nimble", "wickson"])
def test_columns_say_of_each_place_what_visits_say(name: str) -> None:
    """Both walks agree on schemas and values for everything that was recorded."""
    provider = load(name)
    walker = Walker(provider.spec)
    for subject in subjects(provider):
        documented_ = subject.operation.response(subject.interaction.response.status)
        for schema in filter(None, documented_.content.values() if documented_ else ()):
            visits = Counter(
                (tuple(at for at, _ in visit.schemas), repr(visit.value))
                for visit in walker.visits(subject.payload, schema)
            )
            columns = Counter(
                (tuple(at for at, _ in column.schemas), repr(value))
                for column in Columns(walker).of(subject.payload, schema)
                for value in column.values
            )
            assert visits == columns


def test_columns_part_the_values_of_a_union_by_branch() -> None:
    kinds = {
        "items": {
            "anyOf": [
                {"required": ["k"], "properties": {"k": {"const": "a"}, "x": {"type": "integer"}}},
                {"required": ["k"], "properties": {"k": {"const": "b"}, "x": {"type": "string"}}},
                {"type": "null"},
            ]
        }
    }
    found = spec_of(kinds)
    schema = found.operations[0].responses["200"].content["application/json"]
    body = [{"k": "a", "x": 1}, {"k": "b", "x": "2"}, None, {"k": "a", "x": 3}]
    columns = {
        (column.place, str(column.schemas[0][0]).rpartition("/schema")[2]): column.values
        for column in Columns(Walker(found)).of(body, schema)
        if column.place.endswith("/x")
    }
    assert columns == {
        ("/*/x", "/items/anyOf/0/properties/x"): [1, 3],
        ("/*/x", "/items/anyOf/1/properties/x"): ["2"],
    }


def test_coverage_of_schemas_that_refer_to_each_other_ends() -> None:
    names = [f"C{n}" for n in range(12)]
    refs = {name: {"$ref": f"#/components/schemas/{name}"} for name in names}
    components = {name: {"type": "object", "properties": refs} for name in names}
    found = spec_of({"$ref": "#/components/schemas/C0"}, **components)
    counted = tally(Checker(found, "vendor"), found.operations[0], ())
    assert len(counted.unseen) == MAX_FACTS
    assert counted.cut
    assert counted.unseen[:3] == ("200 answered", "200 /C0 present", "200 /C0 absent")


LINES = b'{"id": 1}\n\n{"n": 2}\r\n{"id": "x"}\n'
EVENTS = b'event: a\ndata: {"id": 1}\n\n: comment\ndata: {"id":\ndata: "x"}\n\ndata: [DONE]\n\n'
WHOLE = {"properties": {"event": {"enum": ["a"]}, "data": ITEM}}


@pytest.mark.parametrize(
    ("found", "body", "media", "said"),
    [
        (documented("application/x-ndjson", ITEM), LINES, "application/x-ndjson", ["/1/id", "/1/n", "/2/id"]),
        (documented("application/jsonl", {"type": "array", "items": ITEM}), LINES, "application/jsonl", ["/1/id", "/1/n", "/2/id"]),
        (documented("application/json-seq", ITEM), b'\x1e{"id": 1}\n\x1e{"id": ', "application/json-seq", ["/1"]),
        (documented("text/event-stream", ITEM), EVENTS, "text/event-stream; charset=utf-8", ["/1/id"]),
        (documented("text/event-stream", WHOLE), EVENTS, "text/event-stream", ["/1/data/id", "/2/data"]),
        (documented("text/event-stream", {}, itemSchema=WHOLE), EVENTS, "text/event-stream", ["/1/data/id", "/2/data"]),
        (documented("text/event-stream", ITEM), b'data: {"id": 1', "text/event-stream", ["/0"]),
    ],
)  # fmt: skip
def test_streams_are_judged_record_by_record(found: Any, body: bytes, media: str, said: list[str]) -> None:
    findings = Checker(found, "vendor").check(interaction(body, media=media))
    assert sorted(place for finding in findings for place in finding.places) == said


CSV = documented("text/csv", {"type": "string"})
JSON = documented("application/json", ITEM)
CUT: Headers = (("content-length", "900"),)


@pytest.mark.parametrize(
    ("found", "answer", "said"),
    [
        (CSV, {"body": b"a,b", "media": "text/csv"}, "body: text/csv has no decoder"),
        (documented("application/octet-stream", {"type": "string", "format": "binary"}), {"body": b"\0", "media": "application/octet-stream"}, "body: application/octet-stream has no decoder"),
        (documented("text/html", {"type": "string"}), {"body": b"<p>", "media": "text/html"}, "body: text/html has no decoder"),
        (documented("text/csv", {"type": "string", "pattern": "^a"}), {"body": b"a,b", "media": "text/csv"}, ""),
        (documented("text/event-stream", ITEM), {"body": b"data: ping\n\n", "media": "text/event-stream"}, "body: /0: the data of the event is not JSON"),
        (documented("text/event-stream", ITEM), {"body": b": quiet\n\n", "media": "text/event-stream"}, "body: the stream holds no record"),
        (JSON, {"body": b'{"id": 1, "na', "headers": CUT}, "body: cut, 13 of 900 bytes were recorded"),
        (JSON, {"body": b'{"id": 1}', "headers": CUT}, ""),
        (JSON, {"body": b"", "status": 304, "media": ""}, "304 is an answer of HTTP itself, which the spec need not document"),
        (JSON, {"body": b"", "status": 103, "media": ""}, "103 is an answer of HTTP itself, which the spec need not document"),
        (JSON, {"body": b'{"id": 1}', "media": ""}, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_no_finding_and_never_conforms(
    found: Any, answer: dict[str, Any], said: str
) -> None:
    checker, given = Checker(found, "vendor"), interaction(**answer)
    assert checker.check(given) == ()
    assert checker.unjudged(given) == (((said,), True) if said else ((), False))


def test_a_stream_that_is_judged_in_part_says_how_much_is_open() -> None:
    checker = Checker(documented("text/event-stream", ITEM), "vendor")
    body = b'data: {"id": 1}\n\ndata: ping\n\ndata: pong\n\n'
    given = interaction(body, media="text/event-stream")
    assert checker.unjudged(given).said == (
        "body: /1: the data of the event is not JSON (first of 2 records)",
    )
    assert not checker.unjudged(given).whole


def test_a_log_without_headers_misses_no_content_type() -> None:
    assert lines(JSON, {"id": "x"}, media="") == ["error body /id type: 'x' is not an integer"]


def test_a_preflight_is_no_operation_of_the_vendor() -> None:
    asked = interaction(b"", method="OPTIONS", media="")
    request = type(asked.request)("OPTIONS", asked.request.url, (("Access-Control-Request-Method", "GET"),))
    given = type(asked)(request=request, response=asked.response, source=asked.source)
    assert Checker(JSON, "vendor").check(given) == ()
    assert Checker(JSON, "vendor").unjudged(given).whole
