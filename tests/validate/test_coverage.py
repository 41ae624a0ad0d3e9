"""Which facts a spec has and which of them answers show: the whole list, in order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.model import Source
from contracts.validate import Checker, coverage_of
from contracts.validate.coverage import shown, shown_by, tally
from tests.validate.specs import interaction, spec, spec_of

JOB = {
    "allOf": [
        {"$ref": "#/components/schemas/Named"},
        {"required": ["state"], "properties": {"at": {}, "state": {"enum": ["open"]}}},
    ],
    "properties": {
        "state": {"enum": ["open", 2, None, [3]]},
        "paid": {"type": ["boolean", "null"]},
        "free": {"type": "boolean", "const": True},
        "kept": {"type": "boolean", "enum": [True]},
        "tags": {"type": "array", "items": {"$ref": "#/components/schemas/Tag"}},
        "parent": {"$ref": "#/components/schemas/Job"},
        "a/b": {"items": True},
        "odd": {"$ref": 5, "allOf": [{"$ref": "#/components/schemas/Endless"}]},
    },
}
NAMED = {"required": ["id"], "properties": {"id": {"type": "string"}, "note": {"type": "null"}}}
TAG = {"anyOf": [{"enum": ["a", "b"]}, {"oneOf": [{"const": 5}, {"properties": {"deep": {"enum": [1.5]}}}]}]}
JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}}}
SPEC = spec(
    {
        "openapi": "3.1.0",
        "info": {},
        "paths": {
            "/batch": {
                "get": {
                    "responses": {
                        "200": {"description": "", "content": {**JSON, "text/plain": {"schema": {"enum": ["x"]}}}},
                        "404": {"description": ""},
                        "4XX": {"description": "", "content": {"application/problem+json": {"schema": TAG}, "application/json": {}}},
                        "default": {"description": "", "content": {"application/json": {"schema": {"items": {"$ref": "https://x.test/"}}}}},
                    }
                }
            }
        },
        "components": {"schemas": {"Job": JOB, "Named": NAMED, "Tag": TAG, "Endless": {"allOf": [{"$ref": "#/components/schemas/Endless"}], "type": "null"}}},
    }
)  # fmt: skip
CHECKER = Checker(SPEC, "vendor")
OPERATION = SPEC.operations[0]
FACTS = """\
200 answered, 404 answered, 4XX answered, default answered
200 /state present, 200 /paid present, 200 /paid absent, 200 /free present, 200 /free absent
200 /kept present, 200 /kept absent, 200 /tags present, 200 /tags absent, 200 /parent present, 200 /parent absent
200 /a~1b present, 200 /a~1b absent, 200 /odd present, 200 /odd absent, 200 /id present, 200 /note present
200 /note absent, 200 /at present, 200 /at absent, 4XX  = 'a', 4XX  = 'b', 4XX /deep present, 4XX /deep absent, default  empty, default  items
200 /state = 'open', 200 /state = 2, 200 /paid null, 200 /paid = true, 200 /paid = false, 200 /kept = true
200 /tags empty, 200 /tags items, 200 /odd null, 200 /note null, 4XX /deep = 1.5
200 /tags/* = 'a', 200 /tags/* = 'b', 200 /tags/*/deep present, 200 /tags/*/deep absent, 200 /tags/*/deep = 1.5
"""
"""The outer levels first; below itself a schema is not listed again."""


def test_the_facts_of_an_operation_level_by_level(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = tuple(FACTS.strip().replace("\n", ", ").split(", "))
    counted = coverage_of(CHECKER, OPERATION, ())
    assert (counted.provider, counted.operation, counted.seen) == ("vendor", OPERATION.alias, ())
    assert counted.unseen == facts
    assert not counted.cut
    for most, cut in ((len(facts), False), (7, True)):
        monkeypatch.setattr("contracts.validate.coverage.MAX_FACTS", most)
        counted = tally(CHECKER, OPERATION, {"200 /paid absent", "404 answered", "200 answered"})
        assert counted.seen == ("200 answered", "404 answered", "200 /paid absent")
        assert counted.unseen == tuple(fact for fact in facts[:most] if fact not in counted.seen)
        assert counted.cut is cut


ONE = {
    "id": "j", "state": "open", "paid": None, "tags": [], "a/b": [1],
    "parent": {"id": "k", "state": 2, "at": 7, "paid": False},
}  # fmt: skip
OTHER = {"tags": ["a", {"deep": 1.5}, {"deep": 2}, 5, {}], "id": 1, "free": True, "note": None}
SHOWN = """\
200  present, 200 /at absent, 200 /a~1b items, 200 /a~1b present, 200 /a~1b/* present, 200 /free absent
200 /id present, 200 /kept absent, 200 /note absent, 200 /paid null, 200 /paid present, 200 /parent present
200 /parent/at present, 200 /parent/a~1b absent, 200 /parent/free absent, 200 /parent/id present
200 /odd absent, 200 /parent/odd absent, 200 /parent/kept absent, 200 /parent/note absent, 200 /parent/paid = false, 200 /parent/paid present
200 /parent/parent absent, 200 /parent/state = 2, 200 /parent/state present, 200 /parent/tags absent
200 /state = 'open', 200 /state present, 200 /tags empty, 200 /tags present
"""
MORE = """\
200  null, 200 /a~1b absent, 200 /free present, 200 /note null, 200 /note present, 200 /paid absent
200 /parent absent, 200 /state absent, 200 /tags items, 200 /tags/* = 'a', 200 /tags/* = 5, 200 /tags/* present
200 /tags/*/deep = 1.5, 200 /tags/*/deep = 2, 200 /tags/*/deep absent, 200 /tags/*/deep present
"""


def test_what_bodies_show_of_every_place() -> None:
    one, more = (set(text.strip().replace("\n", ", ").split(", ")) for text in (SHOWN, MORE))
    assert set(shown(CHECKER, OPERATION, interaction(ONE))) == {"200 answered", *one}
    schema = OPERATION.responses["200"].content["application/json"]
    assert schema is not None
    assert set(shown_by(CHECKER, "200", schema, [ONE, OTHER, None, "x"])) == one | more


def test_equal_values_of_other_types_are_facts_of_their_own() -> None:
    found = spec_of({"items": {"enum": [1, True, 0]}})
    schema = found.operations[0].responses["200"].content["application/json"]
    assert schema is not None
    facts = set(shown_by(Checker(found, "vendor"), "200", schema, [[1], [True], [False]]))
    assert {fact for fact in facts if "=" in fact} == {"200 /* = 1", "200 /* = true", "200 /* = false"}


@pytest.mark.parametrize(
    ("body", "answer", "facts"),
    [
        ({}, {"media": ""}, ["200 answered"]),
        ("x", {"media": "text/plain"}, ["200 answered"]),
        (b"{", {}, ["200 answered"]),
        (["a"], {"media": "application/problem+json; charset=utf-8", "status": 499}, ["4XX answered", "4XX  present", "4XX  items"]),
        ({}, {"status": 404}, ["404 answered"]),
        ({}, {"status": 500}, ["default answered", "default  present"]),
        ([], {"status": 500}, ["default answered", "default  present", "default  empty"]),
        ([[], 1], {"status": 500}, ["default answered", "default  present", "default  items", "default /* present", "default /* empty"]),
    ],
)  # fmt: skip
def test_what_an_answer_shows(body: Any, answer: dict[str, Any], facts: list[str]) -> None:
    given = interaction(body, **answer)
    assert list(shown(CHECKER, OPERATION, given)) == facts
    assert list(shown(CHECKER, OPERATION, CHECKER.met(given))) == facts
    assert list(shown(CHECKER, OPERATION, replace(given, source=Source.DOCUMENTATION))) == []
    assert list(shown(CHECKER, OPERATION, replace(given, response=None))) == []
