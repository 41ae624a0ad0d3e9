"""The second opinion: openapi-core agrees part by part, but for the written table; one minimal test a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contracts.model import Headers
from contracts.spec.openapi import Spec
from contracts.validate import Checker
from contracts.validate.crosscheck import KNOWN, CrossCheck, Difference, Known
from tests.validate.specs import interaction, spec, spec_of

OBJECT = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
UNION = {
    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
    "discriminator": {"propertyName": "kind"},
}
PET = {"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]}
CAT = {
    **PET,
    "properties": {"kind": {"type": "string"}, "meow": {"type": "integer"}},
    "required": ["kind", "meow"],
}
DOG = {
    **PET,
    "properties": {"kind": {"type": "string"}, "bark": {"type": "integer"}},
    "required": ["kind", "bark"],
}


def answered(content: Any = None, status: str = "200", headers: Any = None, path: str = "/batch") -> Spec:
    response: dict[str, Any] = {"description": "answer"}
    response |= {"content": content} if content is not None else {}
    response |= {"headers": headers} if headers is not None else {}
    parameters = (
        [{"in": "path", "name": "id", "required": True, "schema": {"type": "string"}}] if "{" in path else []
    )
    operation = {"parameters": parameters, "responses": {status: response}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {"get": operation}},
    }
    return spec(document)


def json_of(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def number_header(schema: Any) -> Spec:
    return answered(json_of({}), headers={"X-Left": {"schema": schema}})


# Per row: a spec and an answer on which the two differ for exactly the reason of the row.
ROWS: dict[str, tuple[Callable[[], Spec], dict[str, Any]]] = {
    "strict-json": (lambda: spec_of(OBJECT), {"body": b'{"a": 1, "a": 2}'}),
    "undocumented-body": (answered, {"body": b"x"}),
    "bare-answer": (lambda: answered(json_of(OBJECT), status="204"), {"body": b"", "status": 204}),
    "media-type-first": (lambda: spec_of(OBJECT), {"body": {"a": "x"}, "media": ""}),
    "reference-siblings": (
        lambda: spec_of({"$ref": "#/components/schemas/O", "required": ["b"]}, O=OBJECT),
        {"body": {"a": 1}},
    ),
    "discriminator": (lambda: spec_of(UNION, Cat=CAT, Dog=DOG), {"body": {"kind": "Dog", "meow": 1}}),
    "media-range": (lambda: answered({"application/*": {"schema": OBJECT}}), {"body": {"a": 1}}),
    "media-type-case": (lambda: answered({"Application/JSON": {"schema": OBJECT}}), {"body": {"a": 1}}),
    "header-spelling": (
        lambda: number_header({"type": "boolean"}),
        {"body": {}, "headers": (("X-Left", "yes"),)},
    ),
    "empty-parameter": (
        lambda: answered(json_of({}), path="/batch/{id}"),
        {"body": {}, "url": "https://vendor.test/v1/batch/"},
    ),
    "status-range-case": (lambda: answered(json_of({}), status="4xx"), {"body": {}, "status": 404}),
    "plain-text": (
        lambda: answered({"text/plain": {"schema": {"type": "integer"}}}),
        {"body": b"12", "media": "text/plain"},
    ),
    "no-decoder": (
        lambda: answered({"application/pdf": {"schema": {"type": "string"}}}),
        {"body": b"%PDF", "media": "application/pdf"},
    ),
}


def disagreements(found: Spec, answer: dict[str, Any]) -> list[str]:
    findings = Checker(found, "vendor", engine="reference").check(interaction(**answer))
    return [f.message for f in findings if f.rule == "engines-disagree"]


def test_the_table_is_short_and_every_row_has_its_test() -> None:
    assert len(KNOWN) <= 15
    assert [known.name for known in KNOWN] == list(ROWS)


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: row.name)
def test_a_known_disagreement_is_real_and_not_reported(row: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    make, answer = ROWS[row.name]
    assert disagreements(make(), answer) == []
    monkeypatch.setattr("contracts.validate.crosscheck.KNOWN", tuple(k for k in KNOWN if k is not row))
    assert disagreements(make(), answer) != []


HEADERS = {
    "X-Left": {"required": True, "schema": {"type": "integer", "minimum": 0}},
    "X-Id": {"schema": {"type": "string", "format": "uuid"}},
    "X-Tags": {"schema": {"type": "array", "items": {"type": "string", "maxLength": 3}}},
}
LEFT: Headers = (("X-Left", "3"),)


@pytest.mark.parametrize(
    ("answer", "rules"),
    [
        ({"body": {"a": 1}, "headers": LEFT}, []),
        ({"body": {"a": "1"}, "headers": LEFT}, ["type"]),
        ({"body": b"{", "headers": LEFT}, ["not-json"]),
        ({"body": b"", "headers": LEFT}, ["not-json"]),
        ({"body": b'{"a": 1e400}', "headers": LEFT}, ["huge-number"]),
        ({"body": {"a": 1}, "headers": LEFT, "media": "application/json; charset=utf-8"}, []),
        ({"body": {"a": 1}, "headers": LEFT, "media": "text/html"}, ["media-type"]),
        ({"body": {"a": 1}, "headers": LEFT, "media": ""}, ["media-type"]),
        ({"body": {"a": 1}, "headers": LEFT, "status": 404}, ["undocumented-status"]),
        ({"body": {"a": 1}, "headers": ()}, ["missing-header"]),
        ({"body": {"a": 1}, "headers": (("x-left", "-1"),)}, ["header-value"]),
        ({"body": {"a": 1}, "headers": (*LEFT, ("X-Id", "no"))}, ["header-value"]),
        ({"body": {"a": 1}, "headers": (*LEFT, ("X-Tags", "a,b"))}, []),
        ({"body": {"a": 1}, "headers": (*LEFT, ("X-Tags", "a,bcde"))}, ["header-value"]),
        ({"body": {"a": 1}, "headers": LEFT, "url": "https://vendor.test/v1/other"}, ["unknown-operation"]),
        ({"body": {"a": 1}, "headers": LEFT, "method": "POST"}, ["unknown-operation"]),
        ({"body": {"a": 1}, "headers": LEFT, "url": "https://proxy.test/v1/batch"}, []),
        ({"body": {"a": 1, "b": 2}, "headers": LEFT}, ["undescribed"]),
    ],
)
def test_the_two_agree_on_every_part(
    answer: dict[str, Any], rules: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contracts.validate.crosscheck.KNOWN", ())
    found = answered(json_of(OBJECT), headers=HEADERS)
    findings = Checker(found, "vendor", engine="reference").check(interaction(**answer))
    assert [f.rule for f in findings] == rules


def test_what_no_row_explains_is_a_note_and_never_the_vendors_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contracts.validate.crosscheck._part", lambda _: "headers")
    found = Checker(spec_of(OBJECT), "vendor", engine="reference").check(interaction({"a": "x"}))
    monkeypatch.setattr("contracts.validate.crosscheck.KNOWN", ())
    found = Checker(spec_of(OBJECT), "vendor", engine="reference").check(interaction({"a": "x"}))
    assert [(str(f.severity), f.message) for f in found if f.rule == "engines-disagree"] == [
        ("note", "openapi-core finds no fault with the body, this pipeline does"),
        ("note", "openapi-core finds fault with the headers, this pipeline does not"),
    ]


def test_a_crash_of_the_second_opinion_is_a_note() -> None:
    answer = interaction({"a": 1}, media="application/json; charset")
    found = Checker(spec_of(OBJECT), "vendor", engine="reference").check(answer)
    assert [(f.rule, f.message) for f in found] == [
        ("engines-disagree", "openapi-core cannot judge this: ValueError")
    ]


def test_no_answer_is_not_compared_and_a_flawed_keyword_is_no_disagreement() -> None:
    check = CrossCheck(spec_of(OBJECT))
    asked = interaction({"a": 1})
    import dataclasses

    assert list(check.compare(dataclasses.replace(asked, response=None), None, ())) == []
    broken = spec_of({"pattern": "("})
    found = Checker(broken, "vendor", engine="reference").check(interaction("x"))
    assert [f.rule for f in found] == []
    assert [one.reason for one in broken.aside] == [
        "'pattern' is '(', a pattern that the engine here cannot run"
    ]
    assert Difference.__slots__
