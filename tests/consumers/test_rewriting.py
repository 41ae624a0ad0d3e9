"""The laws that rewrite payloads: each is broken by one planted consumer, that breaks nothing else, and by none of ours."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import pytest

from contracts.batch import Counts
from contracts.consumers import sources
from contracts.consumers.consumer import Consumer
from contracts.consumers.laws.baseline import ground_of
from contracts.consumers.laws.respell import rounded
from contracts.consumers.laws.rewriting import renamed
from contracts.consumers.laws.table import LAWS, unasked
from contracts.consumers.registry import bundled
from contracts.consumers.samples import Kind
from contracts.consumers.stress.record import stress, stumbles_once
from contracts.consumers.stress.shrink import reduced
from contracts.providers import NORMALIZERS
from contracts.spec.provider import load
from tests.providers.payloads import VENDORS

LONGEST = 150

TEXT, COUNT, MOMENT = {"type": "string"}, {"type": "integer"}, {"type": "string", "format": "date-time"}
TASK = {
    "type": "object",
    "required": ["id", "state"],
    "properties": {
        "id": TEXT, "state": {"enum": ["pending", "success", "error"]},
        "modified_at": MOMENT, "output_url": TEXT, "error": TEXT,
    },
}  # fmt: skip
SMALL = {
    "tasks": {
        "type": "object",
        "required": ["id", "completed", "progress", "tasks"],
        "properties": {
            "id": TEXT, "completed": {"type": "boolean"}, "progress": {"type": "number"}, "completed_at": MOMENT,
            "tasks": {"type": "array", "items": {"anyOf": [TASK, {"type": "null"}]}},
        },
    },
    "items": {
        "type": "object",
        "required": ["batch_id", "status", "total_items", "completed_items"],
        "properties": {"batch_id": TEXT, "status": TEXT, "total_items": COUNT, "completed_items": COUNT},
    },
}  # fmt: skip
"""Two small answers: much like Nimble's, whose counts are those of the items, and Matil's, which counts itself."""


@cache
def answers(name):
    real = load("nimble" if name in SMALL else name)
    found = sources.answers(real)
    return replace(found, plan=sources.planned(SMALL, f"/{name}")) if name in SMALL else found


@cache
def ground(consumer):
    return ground_of(consumer, answers(consumer.provider))


def broken(consumer, step=4):
    """The laws that a consumer breaks on a fourth of the covering set, with the words."""
    found = answers(consumer.provider)
    known = ground(consumer)
    state = stress(consumer, list(sources.covering(found))[::step], known)
    once = stumbles_once(known, next(sources.covering(found)))
    return [(one.law.id, one.words) for one in (*state.stumbles.values(), *once)]


# --- a good reader of Nimble and one of Matil, with a view, and what goes wrong in them -------------------------------

WORDS = {"success": "completed", "error": "failed", "pending": "pending"}


def nimble(payload):
    tasks = [task or {} for task in payload["tasks"]]
    states = [WORDS.get(task.get("state"), "unknown") for task in tasks]
    counts = {name: states.count(name) for name in ("completed", "failed", "pending")}
    return {
        "id": payload["id"],
        "state": "completed" if payload["completed"] else "running",
        "items": [{"id": task.get("id"), "state": state} for task, state in zip(tasks, states, strict=True)],
        "counts": {"total": len(tasks), **counts},
        "finished": payload.get("completed_at"),
        "progress": payload["progress"],
    }


def made_up_finish(payload):
    return nimble(payload) | {"finished": payload.get("completed_at", "1970-01-01T00:00:00Z")}


def stale(payload):
    return nimble(payload) | {"stale": datetime.now(UTC) > datetime(2040, 1, 1, tzinfo=UTC)}


def expired(payload):
    return nimble(payload) | {"expired": time.time() > 2_400_000_000}


def sandbox(payload):
    return nimble(payload) | {"sandbox": payload["id"].startswith(("1", "2", "b", "e"))}


def waiting_is_done(payload):
    seen = nimble(payload)
    done = seen["counts"]["total"] - seen["counts"]["failed"]
    return seen | {"counts": seen["counts"] | {"completed": done}}


def first_page(payload):
    return nimble(payload | {"tasks": payload["tasks"][:LONGEST]})


def done_is_over(payload):
    seen = nimble(payload)
    done = seen["counts"]["completed"] if seen["counts"]["pending"] else 0
    return seen | {"counts": seen["counts"] | {"completed": done}}


def always_done(payload):
    return nimble(payload) | {"state": "completed"}


def bare(payload):
    """Its answer says when no task has any of three optional fields, though it reads none of them."""
    fields = ("modified_at", "output_url", "error")
    tasks = [task for task in payload["tasks"] if task]
    odd = len(tasks) > 1 and sum(field in task for task in tasks for field in fields) < 1
    return nimble(payload) | {"bare": odd}


def matil(payload):
    total, done = payload["total_items"], payload["completed_items"]
    known = 0 <= done <= total and total > 0
    return {
        "id": payload["batch_id"],
        "state": payload["status"],
        "counts": {"total": total},
        "progress": done / total if known else None,
    }


def what_is_left(payload):
    seen = matil(payload)
    return seen | {"progress": None if seen["progress"] is None else 1 - seen["progress"]}


def too_many(payload):
    batch = NORMALIZERS["nimble"](payload)
    return replace(batch, counts=Counts(total=1, completed=2)) if batch.terminal else batch


def elsewhere(payload):
    batch = NORMALIZERS["nimble"](payload)
    created = batch.times.created
    if created is None or created.year < 1970:
        return batch
    zone = timezone(timedelta(hours=2))
    return replace(batch, times=batch.times._replace(created=created.replace(tzinfo=zone)))


def viewed(function, vendor="tasks"):
    return Consumer(id="mine", provider=vendor, function=function, view=dict)


def as_batch(function):
    return Consumer(id="mine", provider="nimble", function=function)


PLANTED = [
    ("left-out", viewed(made_up_finish), "/completed_at is left out, and it says '1970-01-01T00:00:00Z' at /finished"),
    ("clock", viewed(stale), "called 20 years later: the answer differs: /stale = true"),
    ("clock", viewed(expired), "called 20 years later: the answer differs: /expired = true"),
    ("unread", viewed(bare), "are left out together"),
    ("renamed-ids", viewed(sandbox), "more than the ids is different"),
    ("added-item", viewed(waiting_is_done), "with one more 'pending' item, /counts/completed goes from "),
    ("joined-items", viewed(first_page), " others "),
    ("ended-item", viewed(done_is_over), "done instead of open, /counts/completed goes from "),
    ("sensitive", viewed(always_done), "/state is 'completed' for all of "),
    ("raised-total", viewed(what_is_left, "items"), "/progress goes from "),
    ("well-formed", as_batch(too_many), "the counts add up to 2, more than the total of 1"),
    ("round-trip", as_batch(elsewhere), "read back from its JSON it is another Batch"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("law", "consumer", "words"), PLANTED, ids=[f"{law}-{one.function.__name__}" for law, one, _ in PLANTED]
)
def test_a_planted_consumer_breaks_its_law_and_no_other(law, consumer, words):
    # Only one of the payloads has so many items that a second list of them is more than a page.
    found = broken(consumer, step=1 if law == "joined-items" else 4)
    assert {name for name, _ in found} == {law}
    assert any(words in said for _, said in found), found


@pytest.mark.parametrize("consumer", [viewed(nimble), viewed(matil, "items")], ids=["nimble", "matil"])
def test_the_good_readers_break_no_law(consumer):
    assert broken(consumer) == []


# --- who is asked what ------------------------------------------------------------------------------------------------


@pytest.mark.untraced
@pytest.mark.parametrize("vendor", VENDORS)
def test_ours_are_asked_and_break_nothing(vendor):
    # The whole covering set, and all the rest, is the business of tests/benchmarks/normalizer_laws.py.
    (ours,) = bundled(vendor)
    assert broken(ours, step=18) == []
    assert len([name for names in unasked(ground(ours)).values() for name in names]) <= 5


def test_the_reasons_for_not_asking():
    nothing = Consumer(id="mine", provider="almanac", function=lambda _: None)
    assert unasked(ground_of(nothing, answers("almanac"))) == {
        "its answer is no Batch": ("well-formed", "round-trip"),
        "none is confirmed": ("equations",),
        "no `items` in its answer": ("item-order",),
        "no view": ("renamed-ids", "added-item", "joined-items", "ended-item", "raised-total"),
        "it answers nothing that can be compared": ("sensitive",),
    }
    asked_by_name = Consumer(id="mine", provider="almanac", function=lambda _: {"id": "x"}, view=dict)
    assert unasked(ground_of(asked_by_name, answers("almanac"))) == {
        "its answer is no Batch": ("well-formed", "round-trip"),
        "none is confirmed": ("equations",),
        "no `items` in its answer": ("item-order",),
        "no id of the payload stands in its answer": ("renamed-ids",),
        "no items of the payload stand in its answer": ("added-item", "joined-items", "ended-item"),
        "no total of the payload stands in its answer": ("raised-total",),
    }
    moody = Consumer(id="mine", provider="almanac", function=lambda p, seen=[]: seen.append(p) or len(seen))
    reasons = unasked(ground_of(moody, answers("almanac")))
    assert reasons["it does not answer the same twice"][:2] == ("unread", "renamed-ids")
    never = Consumer(id="mine", provider="almanac", function=lambda p: p["nope"])
    (reason, names), *_ = unasked(ground_of(never, answers("almanac"))).items()
    assert reason == "it answers no payload that the vendor may send"
    assert {law.id for law in LAWS} - {*names} == {"total", "accepting", "pure"}


def test_a_law_about_rewritings_reduces_its_payload():
    one, found = viewed(made_up_finish), answers("tasks")
    known = ground(one)
    state = stress(one, list(sources.covering(found))[:12], known)
    stumble = next(stumble for stumble in state.stumbles.values() if stumble.law.id == "left-out")
    small = reduced(one, found, stumble, known)
    assert (small.sample.value["tasks"], small.sample.kind) == ([], Kind.COVERING)
    assert small.words == "/completed_at is left out, and it says '1970-01-01T00:00:00Z' at /finished"


def test_ids_get_other_names_of_their_kind():
    assert renamed("3c90c3cc-0d44-4B50-9999") == "4d01d4dd-1e55-5C61-0000"
    assert renamed("Job_z") == "Kpc_g"


def test_what_is_reckoned_from_whole_numbers_is_the_same_to_twelve_digits():
    assert rounded({"n": [2**53 + 1, 1 / 3, 1, True, 1e308, 10**400]}) == {
        "n": [9007199254740000.0, 0.333333333333, 1, True, 1e308, 10**400]
    }


def test_ids_in_lower_case_are_renamed_as_well():
    lower = viewed(lambda payload: nimble(payload) | {"id": payload["id"].lower()})
    assert [words for law, words in broken(lower) if law == "renamed-ids"] == []
