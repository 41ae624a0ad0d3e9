"""Two changes in one document: each is judged by a payload of its own, whatever else changed and is open."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from contracts.consumers.consumer import Consumer
from contracts.consumers.impact import Documents, impact_of, lines
from contracts.drift import drift
from contracts.schema import compile_schema
from contracts.spec.document import Document

OPERATION = "GET /jobs/{id}"
COUNTS = {
    "type": "object",
    "required": ["ready", "stage"],
    "properties": {"ready": {"type": "integer"}, "stage": {"type": "string", "enum": ["one", "two"]}},
}
JOB = {
    "type": "object",
    "required": ["id", "status", "done", "counts", "rows"],
    "properties": {
        "id": {"type": "string"},
        "status": {"type": "string", "enum": ["queued", "running", "success"]},
        "metadata": {"anyOf": [{"type": "object", "additionalProperties": True}, {"type": "null"}]},
        "done": {"type": "integer"},
        "counts": COUNTS,
        "rows": {"type": "array", "items": COUNTS},
    },
}


def removed(name):
    def change(schema):
        del schema["properties"][name]
        schema["required"].remove(name)

    return change


def within(inner, *path):
    def change(schema):
        for key in path:
            schema = schema["properties"][key] if key != "*" else schema["items"]
        inner(schema)

    return change


def words(name, *found):
    return lambda schema: schema["properties"][name].update(enum=list(found))


def nullable(name):
    return lambda schema: schema["properties"][name].update(type=["object", "null"])


STATES = {"queued": 1, "running": 2, "success": 3}
STAGES = {"one": 1, "two": 2}
CHANGES = {
    "/status": (words("status", "queued", "running", "succeeded"), lambda job: STATES[job["status"]]),
    "/done": (removed("done"), lambda job: job["done"]),
    "/counts": (nullable("counts"), lambda job: job["counts"].get("nothing")),
    "/counts/ready": (
        within(removed("ready"), "counts"),
        lambda job: (job["counts"] or {"ready": 1})["ready"],
    ),
    "/counts/stage": (
        within(words("stage", "one", "three"), "counts"),
        lambda job: STAGES[(job["counts"] or {"stage": "one"})["stage"]],
    ),
    "/rows/*/ready": (
        within(removed("ready"), "rows", "*"),
        lambda job: [one["ready"] for one in job["rows"] or []],
    ),
}
"""By the place of a change: the change, and a reader of what changes and of nothing else."""


def document(schema):
    content = {"application/json": {"schema": schema}}
    item = {"get": {"operationId": "getJob", "responses": {"200": {"description": "", "content": content}}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/jobs/{id}": item}}


def impacts(readers, *changes, base=JOB):
    """Give by reader and place what the changes, all of them in one document, do."""
    schema = json.loads(json.dumps(base))
    for change in changes:
        change(schema)
    documents = Documents(document(base), document(schema))
    findings = drift(Document("b", documents.base, {}), Document("r", documents.revision, {}), full=True)
    mine = [(Consumer(id=name, provider="jobs", function=one), OPERATION) for name, one in readers.items()]
    return {(one.consumer, one.finding.pointer): one for one in impact_of(findings, mine, documents)}


OLD = compile_schema(JOB)
READERS = {place: reader for place, (_, reader) in CHANGES.items()}


def told(one):
    return f"{one.verdict} {one.words.partition(' ')[0]}"


@pytest.fixture(scope="module")
def alone():
    """Give by reader and change, each in a document of its own, what it does."""
    return {
        (reader, at): told(one)
        for place, (change, _) in CHANGES.items()
        for (reader, at), one in impacts(READERS, change).items()
    }


def test_every_change_alone_breaks_its_reader(alone):
    assert {place: alone[place, place] for place in CHANGES if "breaks" not in alone[place, place]} == {}


def test_each_of_two_changes_is_judged_as_if_it_were_alone(alone):
    wrong = []
    for both in combinations(CHANGES, 2):
        readers = {place: READERS[place] for place in both}
        found = impacts(readers, *(CHANGES[place][0] for place in both))
        assert {at for _, at in found} == {*both}
        shown = [(at, one.payload) for (_, at), one in found.items() if one.payload is not None]
        assert [
            (at, payload)
            for at, payload in shown
            if {fault.pointer.wildcard for fault in OLD.faults(payload)} != {at}
        ] == []
        wrong += [
            f"{at} to the reader of {reader}: {one.verdict}, {one.words}; alone {alone[reader, at]}"
            for (reader, at), one in found.items()
            if told(one) != alone[reader, at]
        ]
    assert not wrong, "\n".join(wrong)


def waits(job):
    return job["status"] != "success"


def done(job):
    return job["done"] + 1


def line_of(function):
    return function.__code__.co_firstlineno + 1


def test_the_report_says_of_each_of_two_changes_what_breaks_by_it():
    found = impacts({"mine:waits": waits, "mine:done": done}, CHANGES["/status"][0], removed("done"))
    said = [line for line in lines(found.values()) if "shown by" not in line]
    assert said == [
        "mine:done",
        "  breaks      /done  is gone, was required",
        f"              KeyError at consumers/test_two_changes.py:{line_of(done)}: 'done'",
        "  unaffected  by 1 change; it does not read /status",
        "mine:waits",
        "  fabricates  /status  'success' is now 'succeeded'",
        "              says true at the answer; for the same payload told as before it was false",
        "  unaffected  by 1 change; it does not read /done",
    ]


NESTED = {"type": "object", "required": ["job"], "properties": {"job": JOB}}


@pytest.mark.parametrize(("base", "revision"), [(JOB, NESTED), (NESTED, JOB)])
def test_what_went_into_an_object_that_describes_it_or_out_of_one_is_told_in_both_versions(base, revision):
    def changed(schema):
        schema.clear()
        schema |= revision

    reader = {"mine": lambda job: {"id": job.get("id"), "inner": (job.get("job") or {}).get("id")}}
    found = impacts(reader, changed, base=base)
    needed = [one for one in found.values() if one.finding.rule.startswith("required-")]
    assert {"for the same payload told as before" in one.words for one in needed} == {True}


def test_a_place_that_an_answer_does_not_have_is_not_judged():
    def both(schema):
        found = document(schema)
        page = {
            "type": "object",
            "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Job"}}},
        }
        found |= {"components": {"schemas": {"Job": schema}}}
        one = {"$ref": "#/components/schemas/Job"}
        found["paths"] = {
            "/jobs/{id}": document(one)["paths"]["/jobs/{id}"],
            "/list": document(page)["paths"]["/jobs/{id}"],
        }
        found["paths"]["/list"]["get"]["operationId"] = "listJobs"
        return found

    newer = json.loads(json.dumps(JOB))
    removed("done")(newer)
    documents = Documents(both(JOB), both(newer))
    findings = drift(Document("b", documents.base, {}), Document("r", documents.revision, {}), full=True)
    readers = {
        "GET /list": lambda page: [one["done"] for one in page.get("data", [])],
        OPERATION: READERS["/done"],
    }
    mine = [(Consumer(id=name, provider="jobs", function=one), name) for name, one in readers.items()]
    assert {one.consumer: str(one.verdict) for one in impact_of(findings, mine, documents)} == {
        "GET /list": "not judged",
        OPERATION: "breaks",
    }
