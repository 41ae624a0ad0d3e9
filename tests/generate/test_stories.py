"""Scenarios agree with themselves, variants differ in one thing, near duplicates in one property; all of them are legal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from contracts import generate
from contracts.generate.places.factors import Model
from contracts.generate.places.roles import Progress, Role, moment, number_role, stand, tells_error
from contracts.generate.scenarios.consistent import SCENARIOS, apply
from contracts.generate.scenarios.variants import near_duplicates, scenario_payloads, variants_of
from contracts.generate.strategy import told
from contracts.model import Pointer, put
from tests.generate.vendors import NAMES
from tests.generate.vendors import plan as planned

TIME = {"type": "string", "format": "date-time"}
TEXT = {"type": ["string", "null"]}
ITEM = {
    "type": "object",
    "required": ["id", "state", "error"],
    "properties": {"id": {"type": "string"}, "state": {"enum": ["waiting", "done", "failed"]}, "error": TEXT},
    "additionalProperties": False,
}
BATCH = {
    "type": "object",
    "required": ["status", "finished", "total", "done", "failed", "percent", "created_at"],
    "properties": {
        "status": {"enum": ["queued", "running", "completed", "failed"]},
        "finished": {"type": "boolean"},
        "total": {"type": "integer", "minimum": 0},
        "done": {"type": "integer", "minimum": 0},
        "failed": {"type": "integer", "minimum": 0},
        "percent": {"type": "number", "minimum": 0, "maximum": 100},
        "created_at": TIME,
        "finished_at": {"anyOf": [TIME, {"type": "null"}]},
        "items": {"type": "array", "items": ITEM},
    },
    "additionalProperties": False,
}


def scene(schema):
    plan = generate.plan(schema)
    return plan, Model(plan), next(iter(generate.covering(plan))).value


def scenario(name):
    return next(each for each in SCENARIOS if each.name == name)


def item(number, state, error):
    return {"id": f"b-{number}", "state": state, "error": error}


def test_one_failed_of_three_is_told_by_every_field():
    _, model, plain = scene(BATCH)
    assert apply(model, plain, scenario("one-failed")) == {
        "status": "completed",
        "finished": True,
        "total": 3,
        "done": 2,
        "failed": 1,
        "percent": 100,
        "created_at": "2024-01-15T10:30:00Z",
        "finished_at": "2024-01-15T11:30:00Z",
        "items": [item(1, "done", None), item(2, "done", None), item(3, "failed", "a")],
    }


def test_what_is_under_way_has_not_ended_and_counts_what_has():
    _, model, plain = scene(BATCH)
    told_ = apply(model, plain, scenario("under-way"))
    assert (told_["status"], told_["finished"], told_["finished_at"]) == ("running", False, None)
    assert [each["state"] for each in told_["items"]] == ["done", "waiting", "waiting"]
    assert (told_["total"], told_["done"], told_["failed"], told_["percent"]) == (3, 1, 0, 33.3333)


def test_a_variant_changes_one_place_and_each_kind_has_its_turn():
    plan, model, plain = scene(BATCH)
    payload = apply(model, plain, scenario("all-done"))
    found = variants_of(model, plain, payload)
    assert [(str(each.at), each.label) for each in found[:6]] == [
        ("/items/0/state", "failed"),
        ("/items/0/state", "waiting"),
        ("/status", "failed"),
        ("/status", "running"),
        ("/items/0/error", "filled"),
        ("/items/2/error", "filled"),
    ]
    assert found[0].of(payload)["items"][0] == item(1, "failed", None)
    assert {each.kind for each in found} == {"state", "error", "count", "share", "list", "end", "flag"}
    assert all(each.of(payload) != payload for each in found if plan.oracle.valid(each.of(payload)))


def test_twins_are_equal_but_for_one_property_or_in_one_only():
    _, model, plain = scene(BATCH)
    found = dict(near_duplicates(model, apply(model, plain, scenario("all-done"))))
    assert found["$.items~duplicates-but-for"]["items"] == [
        item(1, "done", None),
        {**item(1, "done", None), "id": "b-12"},
        item(1, "waiting", None),
        item(1, "done", "a"),
    ]
    assert [one["id"] for one in found["$.items~duplicates-only-in"]["items"]] == [
        "b-1",
        "b-1",
        "b-12",
        "b-12",
    ]
    first, _, _, last = found["$.items~duplicates-apart"]["items"]
    assert first == last


def test_a_schema_without_states_has_its_plain_payload_for_a_story():
    _, model, plain = scene({"type": "array", "items": {"type": "integer"}})
    assert apply(model, plain, scenario("one-failed")) == plain
    assert near_duplicates(model, plain) == []


@pytest.mark.parametrize("vendor", NAMES)
def test_stories_of_the_vendors_are_legal_and_in_the_covering_set(vendor):
    plan = planned(vendor)
    model, covering = Model(plan), generate.covering(plan)
    named = dict(scenario_payloads(model, covering.payloads[0].value))
    assert all(plan.oracle.valid(named[f"scenario:{each.name}"]) for each in SCENARIOS)
    shown = {each.points[0] for each in covering if each.points and each.points[0].startswith("scenario:")}
    assert len(shown & set(named)) >= 6


def test_many_random_payloads_stay_near_a_story():
    plan, model, _ = scene(BATCH)
    known = [set(_leaves(scenario)) for scenario in told(plan, model)]
    near = []

    @settings(max_examples=45, derandomize=True, database=None, deadline=None)
    @given(generate.payloads(plan))
    def one(value):
        assert plan.oracle.valid(value)
        mine = set(_leaves(value))
        near.append(max(len(mine & scenario) / len(mine | scenario) for scenario in known) > 0.5)

    one()
    assert 15 <= sum(near) <= 70


def _leaves(value, at=""):
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in _leaves(inner, f"{at}/{key}")]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in _leaves(inner, f"{at}/{index}")]
    return [(at, json.dumps(value))]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("COMPLETED", Progress.DONE),
        ("completed_with_errors", Progress.FLAWED),
        ("in-progress", Progress.RUNNING),
        ("PENDING", Progress.OPEN),
        ("cancelled", Progress.FAILED),
        ("timed out", Progress.FAILED),
        ("purple", None),
    ],
)
def test_a_word_says_how_something_stands(word, meaning):
    assert stand(word) is meaning


def test_names_say_what_numbers_errors_and_times_are():
    assert [number_role(name) for name in ("failed_items", "total", "percentage", "http_status")] == [
        Role.COUNT,
        Role.COUNT,
        Role.SHARE,
        Role.NONE,
    ]
    assert tells_error("error_message")
    assert not tells_error("error_count")
    names = ("created_at", "started_at", "updated_at", "finished_at", "estimated_completion")
    assert [moment(name) for name in names] == [0, 1, 3, 5, 6]


def test_a_change_shares_what_is_not_on_the_way():
    payload = {"a": [{"b": 1}], "c": {}}
    changed = put(payload, Pointer(("a", 0, "b")), 2)
    assert (changed, payload["a"]) == ({"a": [{"b": 2}], "c": {}}, [{"b": 1}])
    assert changed["c"] is payload["c"]
