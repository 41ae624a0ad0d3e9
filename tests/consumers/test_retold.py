"""A change that says the same in another way: the reader's answers to the same payload in both versions, side by side."""

from __future__ import annotations

import copy

import pytest

from contracts.consumers.consumer import Consumer
from contracts.consumers.impact import Documents, Verdict, impact_of
from contracts.drift import drift
from contracts.spec.document import Document

OPERATION = "GET /jobs/{id}"
JOB = {
    "type": "object",
    "required": ["id", "status", "progress", "created_at", "took", "rows", "total", "over"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "status": {"type": "string", "enum": ["queued", "running", "completed"]},
        "progress": {"type": "number", "minimum": 0, "maximum": 1},
        "created_at": {"type": "string", "format": "date-time"},
        "took": {"type": "integer", "minimum": 0, "maximum": 5000, "description": "In seconds."},
        "total": {"type": "integer", "minimum": 0, "maximum": 100000},
        "over": {"type": "boolean"},
        "rows": {
            "type": "array",
            "minItems": 2,
            "maxItems": 3,
            "description": "The oldest first.",
            "items": {
                "type": "object",
                "required": ["row_id"],
                "properties": {"row_id": {"type": "string", "minLength": 1}},
            },
        },
    },
}


def document(schema):
    content = {"application/json": {"schema": schema}}
    item = {"get": {"operationId": "getJob", "responses": {"200": {"description": "", "content": content}}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/jobs/{id}": item}}


def read(payload):
    rows = payload.get("rows") or []
    first = rows[0] if isinstance(rows, list) and rows else None
    return {
        "state": {"queued": "waits", "running": "works", "completed": "done"}.get(
            payload.get("status"), "unknown"
        ),
        "progress": payload.get("progress"),
        "created": payload.get("created_at"),
        "took": payload.get("took"),
        "first": first["row_id"] if isinstance(first, dict) else None,
        "total": payload.get("total"),
        "over": payload.get("over") is True,
        "rows": rows if isinstance(rows, list) else None,
    }


def judged(change, function=read):
    revision = copy.deepcopy(JOB)
    revision = change(revision) or revision
    documents = Documents(document(JOB), document(revision))
    findings = drift(Document("b", documents.base, {}), Document("r", documents.revision, {}), full=True)
    one = Consumer(id="mine:read", provider="jobs", function=function)
    found = impact_of(findings, [(one, OPERATION)], documents)
    return max(found, key=lambda each: each.verdict.weight)


def put(name, **new):
    def change(schema):
        schema["properties"][name] = new

    return change


def renamed(old, new, **other):
    def change(schema):
        schema["properties"][new] = schema["properties"].pop(old) | other
        schema["required"] = [new if name == old else name for name in schema["required"]]

    return change


ROWS = JOB["properties"]["rows"]
PAGE = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": ROWS, "next": {"type": ["string", "null"]}},
}


@pytest.mark.parametrize(
    ("change", "verdict", "words"),
    [
        (put("progress", type="number", minimum=0, maximum=100), "fabricates", r"says 100 at /progress; for the same payload told as before it was 1"),
        (put("took", **{**JOB["properties"]["took"], "description": "In milliseconds."}), "fabricates", "says 1000 at /took; for the same payload told as before it was 1"),
        (put("created_at", type="integer", description="Unix time in seconds."), "degrades", "says 1705314600 at /created; for the same payload told as before it was '2024-01-15T10:30:00Z'"),
        (put("status", type="string", enum=["waiting", "running", "completed"]), "degrades", "does not recognise /state any more; for the same payload told as before it was 'waits'"),
        (put("status", type="string", enum=["QUEUED", "RUNNING", "COMPLETED"]), "degrades", "does not recognise /state any more; for the same payload told as before it was '"),
        (put("over", type="string", enum=["true", "false"]), "fabricates", "says false at /over; for the same payload told as before it was true"),
        (put("total", type="string", pattern="^[0-9]+$"), "degrades", "at /total; for the same payload told as before it was "),
        (put("rows", **{**ROWS, "description": "The newest first."}), "fabricates", "at /first; for the same payload told as before it was "),
        (put("rows", **PAGE), "degrades", "does not recognise /first any more; for the same payload told as before it was "),
        (renamed("total", "total_count"), "degrades", "does not recognise /total any more; for the same payload told as before it was "),
        (renamed("took", "took_ms", description=""), "degrades", "does not recognise /took any more; for the same payload told as before it was "),
        (lambda schema: {"type": "object", "required": ["job"], "properties": {"job": schema}}, "fabricates", "for the same payload told as before it was "),
    ],
)  # fmt: skip
def test_the_value_for_the_same_payload_is_told_in_both_versions(change, verdict, words):
    found = judged(change)
    assert (str(found.verdict), words in found.words) == (verdict, True), found.words


def test_a_reader_of_the_new_form_too_is_unaffected():
    def both(payload):
        found = read(payload)
        return found | {"state": found["state"] if payload["status"].islower() else read(
            payload | {"status": payload["status"].lower()})["state"]}  # fmt: skip

    found = judged(put("status", type="string", enum=["QUEUED", "RUNNING", "COMPLETED"]), both)
    assert found.verdict is Verdict.UNAFFECTED


def test_a_list_that_is_handed_on_in_its_new_order_is_unaffected():
    def handed(payload):
        return {"rows": [one["row_id"] for one in payload["rows"]]}

    found = judged(put("rows", **{**ROWS, "description": "The newest first."}), handed)
    assert found.verdict is Verdict.UNAFFECTED
