"""Drifts: every change that vendors make without notice has an operator, a place, and what to expect of a reader."""

from functools import cache

import pytest

from contracts import generate
from contracts.generate.mutations.operators import Outcome
from contracts.model import Pointer

TIME = {"type": "string", "format": "date-time"}
BATCH = {
    "type": "object",
    "required": ["id", "status", "total", "done", "created_at", "items"],
    "properties": {
        "id": {"type": "string"},
        "status": {"enum": ["in_progress", "completed", "failed"]},
        "total": {"type": "integer", "minimum": 0},
        "done": {"type": "integer", "minimum": 0},
        "failed": {"type": "integer", "minimum": 0},
        "progress": {"type": "number"},
        "created_at": TIME,
        "completed_at": {"anyOf": [TIME, {"type": "null"}]},
        "error": {
            "anyOf": [
                {"type": "object", "properties": {"code": {"type": "string"}}, "required": ["code"]},
                {"type": "null"},
            ]
        },
        "live": {"type": "boolean"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "state": {"enum": ["done", "open"]}},
                "required": ["id", "state"],
            },
        },
    },
}
GONE = "absent"

# One row a kind of change: its id, the place that changed, the value there, what a reader should do.
ROWS = (
    ("new-word-expired $.status", "/status", "expired", "UNKNOWN"),
    ("new-word-cancelling $.status", "/status", "cancelling", "UNKNOWN"),
    ("word-other-case $.status", "/status", "COMPLETED", "UNKNOWN"),
    ("word-with-hyphen $.status", "/status", "in-progress", "UNKNOWN"),
    ("word-in-camel-case $.status", "/status", "inProgress", "UNKNOWN"),
    ("word-without-separator $.status", "/status", "inprogress", "UNKNOWN"),
    ("word-in-object $.status", "/status", {"state": "completed"}, "EITHER"),
    ("renamed-camel:completed_at $", "/completedAt", "2024-01-15T10:30:00Z", "EITHER"),
    ("renamed-kebab:completed_at $", "/completed-at", "2024-01-15T10:30:00Z", "EITHER"),
    ("renamed-synonym:completed_at $", "/finished_at", "2024-01-15T10:30:00Z", "EITHER"),
    ("renamed-synonym:status $", "/state", "completed", "EITHER"),
    ("renamed-plural:id $", "/ids", "b-1", "EITHER"),
    ("unwrapped:error $", "/code", "a", "EITHER"),
    ("wrapped:status $", "/status", {"value": "completed"}, "EITHER"),
    ("moved-down:status $", "/attributes", {"status": "completed"}, "EITHER"),
    ("moved-up:error.code $", "/error", {}, "EITHER"),
    ("envelope-gained:data $", "/data/id", "b-1", "EITHER"),
    ("envelope-lost:error $", "/code", "a", "EITHER"),
    ("null-where-never-null $.items", "/items", None, "EITHER"),
    ("list-item-null $.items", "/items", [None], "EITHER"),
    ("list-empty $.items", "/items", [], "FLAGGED"),
    ("absent-where-required $.total", "/total", GONE, "EITHER"),
    ("number-as-text $.total", "/total", "1", "EITHER"),
    ("integer-as-float $.total", "/total", 1.0, "SAME"),
    ("number-with-fraction $.total", "/total", 1.5, "EITHER"),
    ("boolean-as-text $.live", "/live", "true", "EITHER"),
    ("percent-as-ratio $.progress", "/progress", 0.425, "EITHER"),
    ("ratio-as-percent $.progress", "/progress", 42.5, "EITHER"),
    ("percent-over-hundred $.progress", "/progress", 142.5, "FLAGGED"),
    ("time-without-zone $.created_at", "/created_at", "2024-01-15T10:30:00", "EITHER"),
    ("time-with-space $.created_at", "/created_at", "2024-01-15 10:30:00Z", "EITHER"),
    ("time-with-offset $.created_at", "/created_at", "2024-01-15T10:30:00+00:00", "SAME"),
    ("time-in-lower-case $.created_at", "/created_at", "2024-01-15t10:30:00z", "EITHER"),
    ("time-with-nanoseconds $.created_at", "/created_at", "2024-01-15T10:30:00.123456789Z", "EITHER"),
    ("time-as-seconds $.created_at", "/created_at", 1705314600, "EITHER"),
    ("time-as-milliseconds $.created_at", "/created_at", 1705314600000, "EITHER"),
    ("time-as-fractional-seconds $.created_at", "/created_at", 1705314600.5, "EITHER"),
    ("time-as-date $.created_at", "/created_at", "2024-01-15", "EITHER"),
    ("time-in-object $.created_at", "/created_at", {"$date": "2024-01-15T10:30:00Z"}, "EITHER"),
    ("id-as-number $.id", "/id", 12345, "EITHER"),
    ("id-other-case $.id", "/id", "B-1", "COPED"),
    ("number-negative $.total", "/total", -2, "FLAGGED"),
    ("fewer-items-than-counted:items:total $", "/total", 11, "FLAGGED"),
    ("counts-parts-above-total $", "/total", 2, "FLAGGED"),
    ("status=completed-with-completed_at-null $", "/completed_at", None, "COPED"),
    ("status=failed-with-error-null $", "/error", None, "COPED"),
    ("status=in_progress-with-completed_at $", "/completed_at", "2024-01-15T10:30:00Z", "COPED"),
    ("extra-field $.items[]", "/items/0/contracts_new_field", {"a": [1, None]}, "SAME"),
    ("extra-like-case:status $", "/Status", None, "SAME"),
    ("extra-like:status $", "/status_", None, "SAME"),
    ("extra-like-private:status $", "/_status", None, "SAME"),
    ("error-body:success-false $", "/success", False, "REFUSED"),
    ("error-body:detail-list $", "/detail/0/type", "missing", "REFUSED"),
    ("error-body:payment-required $", "/error/code", 402, "REFUSED"),
    ("error-body:not-found $", "/status", 404, "REFUSED"),
    ("error-body:problem $", "/status", 429, "REFUSED"),
    ("error-body:server-error $", "/code", 500, "REFUSED"),
)  # fmt: skip
BODIES = {
    "body-empty", "body-html", "body-cut", "body-with-bom", "duplicate-key", "token-nan", "token-infinity",
    "token-lone-surrogate", "deep-nesting", "huge-integer", "body-not-utf8",
}  # fmt: skip


@cache
def drifted():
    return {each.id: each for each in generate.drifted(BATCH)}


@pytest.mark.parametrize(("label", "place", "value", "outcome"), ROWS, ids=[row[0] for row in ROWS])
def test_a_change_has_an_operator(label, place, value, outcome):
    one = drifted()[label]
    assert one.expected is Outcome[outcome]
    at = Pointer.parse(place)
    if value == GONE:
        assert at[-1] not in Pointer(at[:-1]).resolve(one.value)
    else:
        found = at.resolve(one.value)
        assert (found, type(found)) == (value, type(value))


def test_a_change_changes_one_thing():
    for one in drifted().values():
        if one.operator.startswith("renamed-"):
            assert (
                len(one.value) == len(one.base) if one.place == "$" else one.value.keys() == one.base.keys()
            )
    moved = drifted()["moved-down:status $"]
    assert {**moved.base, "attributes": {"status": "completed"}} == {**moved.value, "status": "completed"}


def test_lists_change_as_lists():
    turned = drifted()["list-reversed $.items"]
    assert turned.value["items"] == turned.base["items"][::-1] != turned.base["items"]
    twice = drifted()["list-ids-repeated $.items"].value["items"]
    assert len({item["id"] for item in twice if isinstance(item, dict)}) == 1
    assert len(drifted()["list-of-many $.items"].value["items"]) == 2000


def test_the_order_of_keys_is_all_that_changes():
    one = drifted()["keys-reversed $"]
    assert (one.expected, one.value) == (Outcome.SAME, one.base)
    assert list(one.value) == list(one.base)[::-1]


def test_an_extra_field_may_be_deep():
    value, depth = drifted()["extra-field-deep $"].value["contracts_new_field"], 0
    while isinstance(value, list):
        value, depth = value[0], depth + 1
    assert depth == 100


def test_bodies_that_are_no_json_are_bytes():
    sent = {one.operator: one for one in drifted().values() if one.body is not None}
    assert sent.keys() >= BODIES
    assert {one.expected for one in sent.values()} == {Outcome.REFUSED}


def test_words_of_known_states_are_not_called_new():
    words = {"type": "object", "properties": {"status": {"enum": ["EXPIRED", "DONE"]}}}
    found = {each.id for each in generate.drifted(words)}
    assert "new-word-expired $.status" not in found
    assert "new-word-paused $.status" in found
