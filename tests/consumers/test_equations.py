"""Equations: proposed from the answers of a right reader, confirmed as they are, broken by each mistake."""

from __future__ import annotations

import json
import tomllib
from functools import lru_cache

import pytest
from click.testing import CliRunner

from contracts.cli.stress import stress
from contracts.consumers import answers, sources
from contracts.consumers import run as running
from contracts.consumers.consumer import Consumer
from contracts.consumers.equations import departures, proposal, proposed, read_equations
from contracts.consumers.equations.equation import batch_places
from contracts.consumers.equations.forms import UNJUDGED, formula, held
from contracts.errors import ConfigError
from contracts.spec import load
from contracts.toml_table import Table

ROW = {
    "/total": 8,
    "/done": 5,
    "/lost": 1,
    "/note": None,
    "/word": "Late",
    "/begun": "2026-01-02T03:04:05+01:00",
    "/ended": "2026-01-02T02:05:05.5Z",
    "/leap": "2016-12-31T23:59:60Z",
    "/rows": [{"id": "a", "how": "bad", "n": 2}, {"id": "b", "how": "good"}, None],
}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("/total", 8),
        ("/total - /done - /lost", 2),
        ("/total - /done", 3),
        ("(/done + /lost) / /total", 0.75),
        ("/done / /total", 0.625),
        ("100 times /total", 800),
        ("a hundredth of /total", 0.08),
        ("/total, from 0 to 1", 1.0),
        ("/note, or 'x' where that is not given", None),
        ('/note, or "x" where that is not given', "x"),
        ("/lost - /total, at least 0", 0.0),
        ("/word in lower case", "late"),
        ('the value for /word in {"Late": true, "*": false}', True),
        ('the value for /word in {"Early": true}', UNJUDGED),
        ("/begun as an instant", "2026-01-02T02:04:05+00:00"),
        ("/leap as an instant", UNJUDGED),
        ("the seconds from /begun to /ended", 60.5),
        ("whether /note is given", False),
        ("whether /note is missing", True),
        ("the number of items in /rows", 3),
        ("one less than the number of items in /rows", 2),
        ("the number of null items in /rows", 1),
        ("the number of items in /rows whose how is 'bad'", 1),
        ("the number of items in /rows whose n is missing", 1),
        ("every id in /rows", ["a", "b"]),
        ("every id in /rows where n is given", ["a"]),
        ("the sum of n in /rows", 2),
        ("/total where /note is missing", 8),
        ("/total where /word is 'Early'", None),
        ("/note, else /word", "Late"),
        ("a text with /word and /total", ["Late", 8]),
    ],
)
def test_a_formula_is_read_back_from_its_words(words, value):
    found = formula(words)
    if found is None:
        assert value is None  # the default is written as JSON
        return
    assert found.words == words
    assert found.value(ROW) == value


def test_a_tolerance_is_for_numbers_only():
    found = formula("100 times /total, within 0.5")
    assert (found.words, found.allows(799.6, 800), found.allows(799.4, 800)) == (
        "100 times /total, within 0.5",
        True,
        False,
    )
    assert not found.allows(True, 1)
    assert not found.allows(None, 800)


@pytest.mark.parametrize("words", ["", "total of it all", "whether it is given now", "/a + /b + /c + /d", "the value for /a in {x}"])  # fmt: skip
def test_what_is_no_formula(words):
    assert formula(words) is None


# --- proposed and held ------------------------------------------------------------------------------------------------


def right(payload):
    total, done, failed = payload["total_items"], payload["completed_items"], payload["failed_items"]
    return {
        "id": payload["batch_id"],
        "state": {"completed": "done", "failed": "lost", "pending": "waits"}.get(payload["status"], "?"),
        "left": total - done - failed,
        "percent": round(100 * done / total, 1) if total > 0 else None,
        "kind": payload.get("resource_type", "structure"),
        "version": payload.get("resource_version_number"),
        "over": payload.get("completed_at") is not None,
        "due": payload["created_at"] if payload.get("completed_at") is None else None,
        "since": payload["completed_at"]
        if payload.get("completed_at") is not None
        else payload["created_at"],
        "line": f"{payload['batch_id']}: {payload['status']}, {total} in all",
        "rows": [
            {"name": one.get("entry_id"), "how": one.get("status")} for one in payload.get("items") or []
        ],
    }


def met(function):
    one = Consumer(id="m:f", provider="matil", function=function, refuses=(KeyError,))
    return running.answered_of(one, payloads())[0]


@lru_cache(maxsize=1)
def payloads():
    found = answers(load("matil"))
    return (*sources.covering(found), *sources.explored(found, 40))


@pytest.fixture(scope="module")
def confirmed():
    return proposed(met(right), "matil")


@pytest.mark.untraced
def test_what_is_proposed_of_a_right_reader_holds_for_it(confirmed):
    told = {one.where: one.words for one in confirmed}
    assert told["/id"] == "id"
    assert told["/left"] == "/total_items - /completed_items - /failed_items"
    assert told["/kind"] == '/resource_type, or "structure" where that is not given'
    assert told["/over"] == "whether /completed_at is given"
    assert told["/rows/*/name"] == "/entry_id of each item of /items"
    assert told["/state"].startswith("the value for ")
    assert told["/due"] == "/created_at where /completed_at is missing"
    assert told["/since"] == "/completed_at, else /created_at"
    assert told["/line"] == "a text with /batch_id and /status and /total_items"
    assert {*told} >= {"/version", "/rows/*/how"}
    for payload, view in met(right):
        assert list(departures(confirmed, payload, view, "matil")) == []
    table = Table(told, "pyproject.toml: [x]")
    assert read_equations(table, "matil") == confirmed


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda p: {"left": p["total_items"] - p["completed_items"]}, ": /total_items - /completed_items - /failed_items"),
        (lambda p: {"version": p.get("resource_version_number") or None}, "/version is null, not 0: /resource_version_number"),
        (lambda p: {"kind": p.get("resource_type") or "structure"}, "/kind is 'structure', not '': /resource_type, or"),
        (lambda p: {"id": p.get("resource_id")}, ": id"),
        (lambda p: {"over": not right(p)["over"]}, "/over is true, not false: whether /completed_at is given"),
        (lambda p: {"state": right(p)["state"].upper()}, "/state is 'DONE', not 'done': the value for "),
        (lambda p: {"due": p["created_at"]}, ", not null: /created_at where /completed_at is missing"),
        (lambda p: {"since": p["created_at"]}, ": /completed_at, else /created_at"),
        (lambda p: {"line": f"{p['batch_id']}: {p['status']}, {p['completed_items']} in all"}, ": a text with /batch_id and /status"),
        (lambda p: {"rows": right(p)["rows"][1:]}, "the number of items in /rows is 0, not 1: "),
        (lambda p: {"rows": right(p)["rows"][::-1]}, "of each item of /items"),
    ],
)  # fmt: skip
def test_each_mistake_departs_from_what_was_confirmed(confirmed, mistake, words):
    told = [
        each.words
        for payload, view in met(lambda p: right(p) | mistake(p))
        for each in departures(confirmed, payload, view, "matil")
    ]
    assert any(words in each for each in told), told[:3]


def test_nothing_is_proposed_for_keys_of_a_map_and_for_sentences_without_values():
    found = proposal(
        met(lambda p: {"by": {str(p): 1}, "text": f"{len(p)} fields of {p['status'][:1]}"}), "matil"
    )
    assert (found.texts, found.left) == ({}, ("/by", "/text"))


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("3 of 13", 3, True),
        ("13 of 30", 3, False),
        ("1.3 s", 3, False),
        ("3.5 s", 3, False),
        ("2 files", 2.0, True),
        ("2.0 files", 2.0, True),
        ("-3", -3, True),
        ("done", "done", True),
        ("Done", "done", False),
        ("", None, True),
    ],
)
def test_what_a_text_holds(text, value, holds):
    assert held(text, value) is holds


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "words", "provider", "message"),
    [
        ("/a", "what it says", "matil", "x '/a': 'what it says' is no formula; contracts stress --equations writes some"),
        ("/a/*/b", "/id", "matil", "x '/a/*/b': 'of each item of' a list belongs to a place with one '*', and to no other"),
        ("/a", "counts.totl", "matil", "x '/a': no part of a Batch 'counts.totl'; did you mean 'counts.total'?"),
        ("/a/*/b", "stat of each item of items", "matil", "x '/a/*/b': no part of a Batch 'stat'; did you mean 'state'?"),
        ("/a", "state", "parcel", "x '/a': 'state' is a part of a Batch, and none is read from parcel; start with /"),
    ],
)  # fmt: skip
def test_an_equation_that_says_nothing_is_refused(where, words, provider, message):
    with pytest.raises(ConfigError) as caught:
        read_equations(Table({where: words}, "x"), provider)
    assert str(caught.value).startswith(message)


def test_the_parts_of_a_batch_are_those_of_its_json():
    assert {"id", "state", "counts.total", "times.finished", "progress", "items"} <= {*batch_places()}
    assert {"id", "state", "error.message", "times.started"} <= {*batch_places("items")}


# --- the command ------------------------------------------------------------------------------------------------------

APP = """
def read(payload):
    return {"id": payload["batch_id"], "version": payload.get("resource_version_number")%s}
"""


def test_equations_are_proposed_confirmed_and_then_a_law(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "equated_app.py").write_text(APP % "", "utf-8")
    asked = ["equated_app:read", "--provider", "matil", "--refuses", "KeyError", "--explore", "0"]
    done = CliRunner().invoke(stress, [*asked, "--equations"], catch_exceptions=False)
    table = tomllib.loads(done.stdout)["tool"]["contracts"]["consumers"]["equated_app:read"]["equations"]
    assert table == {"/id": "id", "/version": "/resource_version_number"}
    one = Consumer(
        id="equated_app:read",
        provider="matil",
        function=lambda p: {"id": p["batch_id"], "version": p.get("resource_version_number") or None},
        equations=read_equations(Table(table, "x"), "matil"),
    )
    checks = dict(running.items(one, answers(load("matil"))))
    told = []
    for label, check in checks.items():
        if label.startswith("covering"):
            try:
                check()
            except running.Stumbled as failure:
                told.append(str(failure))
    assert "equations     each part of the answer is what was confirmed of it" in told[0]
    assert "/version is null, not 0: /resource_version_number" in told[0]
    assert "differs from the plainest payload in: /resource_version_number = 0" in told[0]


@pytest.mark.untraced
def test_our_own_normalizer_is_not_held_against_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = ["--provider", "matil", "--explore", "0", "--equations", "--format", "json"]
    (document,) = json.loads(CliRunner().invoke(stress, asked, catch_exceptions=False).stdout)
    assert document["consumer"] == "contracts.providers.matil:normalize"
    assert document["equations"]["/id"] == "/batch_id"
