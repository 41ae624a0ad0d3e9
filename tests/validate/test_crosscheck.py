"""The second opinion: openapi-core agrees part by part, but for the written table; one minimal test a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from jsonschema_path import SchemaPath
from referencing.exceptions import Unresolvable

from contracts.model import Headers, Pointer, Response
from contracts.spec import ResponseSpec
from contracts.spec.openapi import Spec
from contracts.validate import Checker
from contracts.validate.crosscheck import KNOWN, Closed, CrossCheck, Difference
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
    assert list(KNOWN) == list(ROWS)


@pytest.mark.parametrize("row", KNOWN)
def test_a_known_disagreement_is_real_and_not_reported(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, answer = ROWS[row]
    assert disagreements(make(), answer) == []
    others = {name: applies for name, applies in KNOWN.items() if name != row}
    monkeypatch.setattr("contracts.validate.crosscheck.KNOWN", others)
    assert disagreements(make(), answer) != []


def difference(**given: Any) -> Difference:
    sent, body = given.pop("sent", "application/json"), given.pop("body", b"x")
    status = given.pop("status", "")
    documented = ResponseSpec(status, Pointer(), {}, ()) if status else None
    response = Response(200, (("content-type", sent),) if sent else (), body)
    usual = {
        "media": "application/json",
        "schema": {"type": "object"},
        "path": "/batch",
        "part": "body",
        "ours": True,
    }
    base: dict[str, Any] = {"parts": frozenset(), "rules": frozenset({"type"}), **usual, **given}
    return Difference(
        response=response,
        documented=documented,
        **{k: frozenset(v) if type(v) is set else v for k, v in base.items()},
    )


OTHER, THEIRS = {"part": "headings"}, {"ours": False}
REF = {"$ref": "#/a", "type": "object"}
# Per row: what it explains, then what each takes out of it again.
EXPLAINED: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "strict-json": ([{"rules": {"duplicate-key"}}, {"rules": {"duplicate-key", "byte-order-mark"}}], [OTHER, THEIRS, {"rules": {"duplicate-key", "type"}}]),
    "undocumented-body": ([{"rules": {"undocumented-body"}}], [OTHER, THEIRS, {"rules": {"undocumented-body", "type"}}]),
    "bare-answer": ([{**THEIRS, "body": b""}], [OTHER, {"ours": True}, {"body": b"x"}]),
    "media-type-first": ([{"parts": {"media type"}}], [OTHER, THEIRS, {"parts": {"body"}}]),
    "reference-siblings": ([{"schema": REF}], [OTHER, THEIRS, {"schema": "$ref beside"}, {"schema": {"$ref": "#/a"}}, {"schema": {"a": 1, "b": 2}}]),
    "discriminator": ([{"rules": {"discriminator"}}], [OTHER, THEIRS, {"rules": {"discriminator", "type"}}]),
    "media-range": ([{**THEIRS, "media": "application/*"}], [OTHER, {"ours": True}, {"media": ""}]),
    "media-type-case": ([{**THEIRS, "part": "media type"}], [{"part": "body"}, {"ours": True}]),
    "header-spelling": (
        [{"part": "headers"}, {"part": "headers", **THEIRS}],
        [{"part": "body"}, {"part": "headers", "rules": frozenset({"missing-header"})}],
    ),
    "empty-parameter": ([{"part": "operation", "path": "/a//b"}, {"part": "operation", "path": "/a/"}], [OTHER, THEIRS, {"path": "/a/b"}]),
    "status-range-case": ([{"parts": {"status"}, "status": "4XX"}], [{"parts": {"body"}}, {"status": ""}, {"status": "404"}]),
    "plain-text": ([{**THEIRS, "media": "text/csv", "sent": "text/csv"}], [OTHER, {"ours": True}, {"media": ""}, {"media": "application/text/"}]),
    "no-decoder": ([{**THEIRS, "sent": "image/png"}, {**THEIRS, "sent": ""}], [OTHER, {"ours": True}, {"sent": "a/b+json"}, {"sent": "text/csv; q=1"}]),
}  # fmt: skip


@pytest.mark.parametrize("row", KNOWN)
def test_a_known_disagreement_explains_nothing_else(row: str) -> None:
    assert not KNOWN[row](difference())
    explained, outside = EXPLAINED[row]
    for one in explained:
        assert KNOWN[row](difference(**one)) is True
        for change in outside:
            assert not KNOWN[row](difference(**{**one, **change}))


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
        ({"body": {"a": 1, "w": 2}, "headers": LEFT}, ["write-only"]),
        ({"body": b"abc", "media": "text/plain; charset=utf-8", "headers": LEFT}, []),
        ({"body": b"abcd", "media": "text/plain", "headers": LEFT}, ["maxLength"]),
        ({"body": {"a": "x"}, "media": "a/b+json; v=1", "headers": LEFT}, ["type"]),
        ({"body": {"a": 1}, "media": "a/b+json; v=1", "headers": LEFT}, []),
        (
            {"body": {"a": 1}, "headers": (("X-Left", "3"), ("x-tags", "a"), ("X-Tags", "bcde"))},
            ["header-value"],
        ),
    ],
)
def test_the_two_agree_on_every_part(
    answer: dict[str, Any], rules: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contracts.validate.crosscheck.KNOWN", {})
    properties = {**OBJECT["properties"], "w": {"writeOnly": True}}
    content = {
        **json_of({**OBJECT, "properties": properties}),
        "text/plain": {"schema": {"type": "string", "maxLength": 3}},
    }
    found = answered({**content, "a/b+json; v=1": {"schema": OBJECT}}, headers=HEADERS)
    findings = Checker(found, "vendor", engine="reference").check(interaction(**answer))
    assert [f.rule for f in findings] == rules


@pytest.mark.parametrize("part", ["operation", "status", "media type", "headers"])
def test_what_no_row_explains_is_a_note_and_never_the_vendors_fault(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contracts.validate.crosscheck._part", lambda _: part)
    monkeypatch.setattr("contracts.validate.crosscheck.KNOWN", {})
    found = Checker(spec_of(OBJECT), "vendor", engine="reference").check(interaction({"a": "x"}))
    assert [(str(f.severity), str(f.pointer), f.message) for f in found if f.rule == "engines-disagree"] == [
        ("note", "/body", "openapi-core finds no fault with the body, this pipeline does"),
        ("note", f"/{part}", f"openapi-core finds fault with the {part}, this pipeline does not"),
    ]


@pytest.mark.parametrize(
    ("rule", "part"),
    [("unknown-operation", "operation"), ("undocumented-status", "status"), ("media-type", "media type"), ("missing-header", "headers"),
     ("header-value", "headers"), ("type", "body")],
)  # fmt: skip
def test_a_rule_of_ours_speaks_of_one_part(rule: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contracts.validate.crosscheck.KNOWN", {})
    found = spec_of(OBJECT)
    finding = Checker(found, "vendor").check(interaction({"a": "x"}))[0]
    compared = CrossCheck(found).compare(
        interaction({"a": 1}), found.operations[0], [replace(finding, rule=rule)]
    )
    assert [str(one.pointer) for one in compared] == [f"/{part}"]


def test_servers_of_operations_are_left_out_and_what_a_vendor_sends_is_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("contracts.validate.crosscheck.KNOWN", {})
    answer = {"200": {"description": "", "content": json_of(OBJECT)}}
    message = {"content": json_of(OBJECT)}
    header = {"name": "X-Try", "in": "header", "required": True, "schema": {"type": "integer"}}
    document = {
        "openapi": "3.1.0", "info": {}, "servers": [{"url": "https://vendor.test/v1"}],
        "paths": {"/batch": {"get": {"servers": [{"url": "https://x.test/y"}], "responses": answer}, "servers": [{"url": "https://x.test/z"}]}},
        "webhooks": {"job.done": {"post": {"requestBody": message, "parameters": [header], "responses": {}}}},
    }  # fmt: skip
    checker = Checker(spec(document), "vendor", engine="reference")
    assert checker.check(interaction({"a": 1})) == ()
    for body, headers, rules in (
        ({"a": 1}, (("X-Try", "1"),), []), ({"a": 1}, (("X-Try", "x"),), ["header-value"]), ({"a": 1}, (("X-No", ""),), ["missing-header"]),
        ({}, (("X-Try", "1"),), ["required"]),
    ):  # fmt: skip
        sent = interaction(body, url="webhook:job.done", method="POST", headers=headers)
        assert [one.rule for one in checker.check(sent)] == rules


@pytest.mark.parametrize(
    "address", ["https://a.test/b", "http://a.test/b", "file:///etc/passwd", "ftp://a.test/b"]
)
def test_openapi_core_fetches_nothing(address: str) -> None:
    path = SchemaPath.from_dict({"a": {"$ref": address}}, handlers=Closed())
    with pytest.raises(Unresolvable) as caught:
        (path / "a" / "b").read_value()
    causes = [caught.value, caught.value.__cause__, getattr(caught.value.__cause__, "__cause__", None)]
    assert f"$ref '{address}' leaves the document; nothing is fetched" in list(map(str, causes))


def test_a_crash_of_the_second_opinion_is_a_note() -> None:
    answer = interaction({"a": 1}, media="application/json; charset")
    found = Checker(spec_of(OBJECT), "vendor", engine="reference").check(answer)
    assert [(f.rule, f.message) for f in found] == [
        ("engines-disagree", "openapi-core cannot judge this: ValueError")
    ]


@pytest.mark.parametrize("url", ["https://vendor.test", "https://vendor.test/", "https://vendor.test?a=1"])
def test_an_address_without_a_path_asks_for_the_root(url: str) -> None:
    root = replace(answered(json_of(OBJECT), path="/"), servers=("https://vendor.test",))
    assert Checker(root, "vendor", engine="reference").check(interaction({"a": 1}, url=url)) == ()


def test_an_error_of_another_kind_is_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    check = CrossCheck(spec_of(OBJECT))
    monkeypatch.setattr(check._validator, "iter_errors", lambda *_: [RuntimeError("what is this")])
    asked = interaction({"a": 1})
    assert [one.words.message for one in check.compare(asked, None, ())] == [
        "openapi-core cannot judge this: RuntimeError"
    ]


def test_no_answer_is_not_compared_and_a_flawed_keyword_is_no_disagreement() -> None:
    check = CrossCheck(spec_of(OBJECT))
    asked = interaction({"a": 1})
    assert list(check.compare(replace(asked, response=None), None, ())) == []
    broken = spec_of({"pattern": "("})
    found = Checker(broken, "vendor", engine="reference").check(interaction("x"))
    assert [f.rule for f in found] == []
    assert [one.reason for one in broken.aside] == [
        "'pattern' is '(', a pattern that the engine here cannot run"
    ]
    assert Difference.__slots__
