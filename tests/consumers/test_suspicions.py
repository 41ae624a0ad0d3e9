"""What answers make suspect: each kind of mistake in a reader of one row, and none in the right one."""

from __future__ import annotations

import itertools

import pytest

from contracts.consumers.suspicions import suspicions

STATES = ("open", "running", "completed", "failed", "cancelled")
NOTES = ("", "a", "bc", "d ", "Éf", "long note")
COUNTS = (0, 1, 2, 3, 7)


def payloads():
    for number, (state, note, total) in enumerate(itertools.product(STATES, NOTES, COUNTS)):
        made = {
            "batch_id": f"b{number}",
            "wiki_id": f"w{number % 17}",
            "state": state,
            "note": note,
            "total": total,
            "done": min(total, number % 4),
            "items": [{"id": f"i{number}-{n}", "state": STATES[(number + n) % 5]} for n in range(total)],
            "finished_at": "2026-01-02T03:04:05Z" if number % 3 else None,
        }
        if number % 7:
            made["version"] = number % 11 + 2
        yield made


def right(p):
    return {
        "id": p["batch_id"],
        "wiki": p["wiki_id"],
        "state": {"open": "pending", "cancelled": "stopped"}.get(p["state"], p["state"]),
        "over": p["state"] not in ("open", "running"),
        "note": p["note"],
        "total": p["total"],
        "share": p["done"] / p["total"] if p["total"] else None,
        "items": [{"name": one["id"], "state": one["state"]} for one in p["items"]],
        "finished": p["finished_at"] is not None,
        "version": p.get("version"),
    }


def told(function):
    pairs, refused = [], []
    for one in payloads():
        try:
            pairs.append((one, function(one)))
        except KeyError:
            refused.append(one)
    return [f"{one.where} {one.words}" for one in suspicions(pairs, refused)]


def test_a_right_reader_is_not_suspected():
    assert told(right) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: {"note": p["note"] or None}, "/note is /note in 125 of 150 payloads, but null where that is ''"),
        (lambda p: {"total": p["total"] or None}, "/total is /total in 120 of 150 payloads, but null where that is 0"),
        (lambda p: {"version": p.get("version", 1)}, "/version is /version in 128 of 150 payloads, but 1 where that is not given"),
        (lambda p: {"state": right(p)["state"] if p["state"] != "failed" else "unknown"}, "/state is 'unknown' for 'failed' of /state, published like the words it knows"),
        (lambda p: {"over": p["state"] in ("completed", "failed")}, "/over is false for 'cancelled' of /state, and true for each other word that ends a batch"),
        (lambda p: {"id": p["wiki_id"]}, "/id is /wiki_id, and so is /wiki"),
        (lambda p: {"total": p["done"]}, "/total is /done, which counts something else"),
        (lambda p: {"share": p["done"] // p["total"] if p["total"] else None}, "/share is /done / /total, and loses the fraction of that"),
        (lambda p: {"items": right(p)["items"][1:]}, "/items is one less than the number of items in /items in 120 of 150 payloads"),
        (lambda p: {"items": right(p)["items"][:1]}, "/items is the number of items in /items in 60 of 150 payloads, but 1 where that is a list of more than one item"),
        (lambda p: {"finished": p["finished_at"] is None}, "/finished is true where /finished_at is missing, and false where it is given"),
        (lambda p: {"note": p["note"].strip()}, "/note is /note in 125 of 150 payloads, but 'd' where that is a text with blanks around it"),
        (lambda p: {"version": p["version"]}, "22 of 150 payloads that the vendor may send have no answer, each where /version is absent"),
    ],
)  # fmt: skip
def test_each_departure_is_told_with_what_sets_it_apart(change, words):
    found = told(lambda p: {**right(p), **change(p)})
    assert words in [one.strip() for one in found]
    assert len(found) <= 3


ERRORS = (None, "no such file", None, "too large", "", None, "broken", None)
OPEN = ("queued", "running", "waiting")


def jobs():
    for number, state in enumerate((*OPEN, "completed", "failed", "cancelled") * 12):
        yield {
            "state": state,
            "created_at": f"2026-01-02T03:04:{number % 60:02d}Z",
            "started_at": f"2026-01-03T03:{number % 60:02d}:05Z",
            "error": f"e{number % 7}",
            "error_type": f"t{number % 5}",
            "jobs": [{"id": f"j{n}", "error": ERRORS[(number + n) % 8]} for n in range(number % 5)],
        }


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (lambda p: {"bad": sum(1 for one in p["jobs"] if one["error"])}, "/bad is the number of items in /jobs whose error is given in 54 of 72 payloads, but counts it otherwise where that is ''"),
        (lambda p: {"open": 1 if p["state"] in OPEN[:2] else 0}, "/open is 0 for 'waiting' of /state, and 1 for each other word that leaves a batch open"),
        (lambda p: {"start": p["created_at"]}, "/start is /created_at, though /started_at is named like it"),
        (lambda p: {"error": p["error_type"]}, "/error is /error_type, though /error has its name"),
    ],
)  # fmt: skip
def test_words_counts_and_names_that_are_taken_otherwise(read, words):
    payloads = list(jobs())
    assert [f"{one.where} {one.words}" for one in suspicions([(one, read(one)) for one in payloads])] == [
        words
    ]


def test_what_is_right_about_jobs_is_not_suspected():
    def read(p):
        return {
            "bad": sum(1 for one in p["jobs"] if one["error"] is not None),
            "open": 1 if p["state"] in OPEN else 0,
            "failed": p["state"] == "failed",
            "start": p["started_at"],
            "by_state": {p["state"]: len(p["jobs"])},
            "text": p["error"],
        }

    assert suspicions([(one, read(one)) for one in jobs()]) == ()
