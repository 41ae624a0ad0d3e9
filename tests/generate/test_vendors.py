"""What is generated for real answers: covering sets, near misses, drifts, and that they are the same everywhere."""

import hashlib
import json
import os
import re
import subprocess
import sys

import pytest

from contracts import generate
from contracts.generate.coverage.points import Points
from contracts.generate.mutations.operators import Outcome
from contracts.generate.places.factors import Model
from contracts.model import Pointer
from contracts.schema.engine import compile_schema
from tests.generate.vendors import NAMES, near_misses, plan, schema


@pytest.mark.parametrize("name", NAMES)
def test_a_covering_set_shows_every_point_and_is_valid_in_both_engines(name):
    covering = generate.covering(plan(name))
    reference = compile_schema(schema(name), "reference")
    assert covering.missing == ()
    assert covering.notices == ()
    assert len(covering) <= 128
    assert [
        p.points for p in covering if not (plan(name).oracle.valid(p.value) and reference.is_valid(p.value))
    ] == []
    assert all(payload.points for payload in covering)


@pytest.mark.parametrize("name", NAMES)
def test_all_pairs_of_json_shapes_are_shown_by_64_payloads(name):
    covering = generate.covering(plan(name))
    shown = {
        _coarse(point) for payload in covering.payloads[:64] for point in payload.points if " & " in point
    }
    points = Points(Model(plan(name)))
    assert {_coarse(points.name(pair)) for pair in points.pairs} - shown == set()


def _coarse(pair):
    """Leave out which special value a shape had."""
    return re.sub(r"=(string|number):[a-z-]+", r"=\1", pair)


def test_the_first_payload_is_plain():
    assert generate.covering(plan("nimble")).payloads[0].value == {
        "status": "success",
        "id": "b-1",
        "completed": True,
        "completed_count": 1,
        "progress": 1,
        "created_at": "2024-01-15T10:30:00Z",
        "completed_at": "2024-01-15T10:30:00Z",
        "tasks": [
            {
                "id": "b-1",
                "state": "success",
                "output_url": "https://example.com/a",
                "status_url": "https://example.com/a",
                "download_url": "https://example.com/a",
                "error": "a",
                "error_type": "a",
                "created_at": "2024-01-15T10:30:00Z",
                "modified_at": "2024-01-15T10:30:00Z",
                "account_name": "a",
                "input": "a",
                "_query": "a",
                "batch_id": "b-1",
                "status_code": 1,
                "api_type": "web",
            }
        ],
    }


def test_points_are_told_by_name():
    points = {point for payload in generate.covering(plan("matil")) for point in payload.points}
    assert {
        "$.completed_at=absent",
        "$.completed_at=null",
        "$.created_at~first-year-offset+14:00",
        "$.items=len0 & $.failed_webhooks=absent",
        "$.items[].errors~ten",
        "$.total_items<completed_items",
        "$.sum=total_items",
        "$.len(items)<total_items",
        "$?only:items",
    } <= points


def test_a_smaller_limit_says_what_is_missing():
    covering = generate.covering(plan("matil"), limit=5)
    assert len(covering) == 5
    assert ("$.items~hundred", "no room within 5 payloads") in covering.missing


def test_a_point_that_cannot_be_shown_is_listed():
    either = {"type": "object", "required": ["a", "b"], "additionalProperties": False}
    one = either | {"properties": {"a": {"enum": [1, 2]}, "b": {"enum": [1, 2]}}}
    both = either | {"properties": {"a": {"const": 2}, "b": {"const": 2}}}
    covering = generate.covering({"oneOf": [one, both]})
    assert {(payload.value["a"], payload.value["b"]) for payload in covering} == {(1, 1), (1, 2), (2, 1)}
    assert ("$.a=2 & $.b=2", "the oracle refuses every payload built for it") in covering.missing


def test_what_the_schema_rules_out_is_no_point():
    ruled_out = {"properties": {"a": {"const": 2}, "b": {"const": 2}}}
    members = {"properties": {"a": {"enum": [1, 2]}, "b": {"enum": [1, 2]}}, "required": ["a", "b"]}
    covering = generate.covering({"type": "object", **members, "not": ruled_out})
    assert {(payload.value["a"], payload.value["b"]) for payload in covering} == {(1, 1), (1, 2), (2, 1)}
    assert covering.missing == ()


@pytest.mark.parametrize("name", NAMES)
def test_near_misses_have_one_fault_at_the_place_meant(name):
    misses = near_misses(name)
    oracle = plan(name).oracle
    assert misses.missing == ()
    for miss in misses:
        assert {place for place, _ in oracle.faults(miss.value)} == {miss.pointer}, miss.id


def test_near_misses_in_the_reference_engine():
    reference = compile_schema(schema("nimble"), "reference")
    assert [miss.id for miss in near_misses("nimble") if reference.is_valid(miss.value)] == []


def test_near_misses_are_named_and_placed():
    found = {miss.id: miss for miss in near_misses("nimble")}
    assert {
        "$.tasks[].state!enum:upper-case",
        "$.tasks[].id!minLength:one-short",
        "$.tasks[].status_url!format:relative",
        "$.tasks[]!required:id",
        "$.tasks!type:numbered-object",
        "$!additionalProperties:new-field",
        "$.completed!type:boolean-as-text",
    } <= found.keys()
    assert found["$.tasks[]!required:id"].pointer == Pointer(("tasks", 0, "id"))


def test_keywords_of_arrays_objects_and_numbers_are_broken_alone():
    schema = {
        "type": "object",
        "properties": {
            "a": {
                "type": "array",
                "items": {"type": "integer"},
                "minItems": 2,
                "maxItems": 3,
                "uniqueItems": True,
            },
            "b": {"type": "number", "multipleOf": 0.5, "exclusiveMinimum": 0, "maximum": 10},
            "c": {"type": "array", "contains": {"const": "x"}, "maxContains": 2},
            "d": {"type": "string", "pattern": "^[a-z]*$", "minLength": 2, "maxLength": 4},
            "e": {"type": "object", "minProperties": 2, "maxProperties": 3},
            "f": {"type": "integer", "format": "int32"},
            "g": {"enum": [1, 2]},
        },
        "dependentRequired": {"a": ["b"]},
        "additionalProperties": False,
    }
    misses = generate.near_misses(schema)
    broken = {miss.id.partition("!")[2].partition(":")[0] for miss in misses}
    assert broken == {
        "additionalProperties", "contains", "dependentRequired", "enum", "exclusiveMinimum", "format", "maxContains",
        "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "multipleOf",
        "pattern", "type", "uniqueItems",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_drifts_are_named_once_and_bodies_are_bytes(name):
    drifted = list(generate.drifted(plan(name)))
    assert len({each.id for each in drifted}) == len(drifted)
    assert {each.operator for each in drifted} >= {
        "extra-field",
        "envelope-gained:data",
        "body-cut",
        "error-body:detail-list",
    }
    for each in drifted:
        assert each.body is not None or json.dumps(each.value) != json.dumps(each.base), each.id


def test_drifts_change_what_they_say():
    found = {each.id: each for each in generate.drifted(plan("matil"))}
    assert found["time-as-seconds $.created_at"].value["created_at"] == 1705314600
    assert found["renamed-camel:batch_id $"].value["batchId"] == "123e4567-e89b-42d3-a456-426614174000"
    assert "batch_id" not in found["renamed-camel:batch_id $"].value
    assert found["extra-field $.items[]"].expected is Outcome.SAME
    assert found["absent-where-required $.total_items"].expected is Outcome.EITHER
    assert "total_items" not in found["absent-where-required $.total_items"].value
    assert found["new-word-expired $.status"].expected is Outcome.UNKNOWN
    assert len(found["list-of-many $.items"].value["items"]) == 2000
    assert found["integer-as-float $.total_items"].value["total_items"] == 1.0
    assert found["duplicate-key $"].body.endswith(b', "batch_id": null}')


DIGEST = """
import hashlib, json
from contracts import generate
from tests.generate.vendors import schema
plan = generate.plan(schema("llamacloud"))
text = [[p.value, p.points] for p in generate.covering(plan)]
text += [[m.id, m.value] for m in generate.near_misses(plan)] + [[d.id, d.value] for d in generate.drifted(plan)]
print(hashlib.sha256(json.dumps(text).encode()).hexdigest())
"""


def test_everything_is_the_same_under_any_hash_seed():
    digests = set()
    for seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Kathmandu", "LC_ALL": "C"}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2
