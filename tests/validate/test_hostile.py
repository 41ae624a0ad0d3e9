"""Hostile specs and bodies: a finding or one sentence, within a second, nothing fetched, no traceback."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import ContractsError, SpecError
from contracts.model import Request
from contracts.spec.document import read_document
from contracts.validate import Checker
from contracts.validate.notices import spec_notices
from contracts.validate.request import RequestCheck
from tests.validate.specs import interaction, spec, spec_of

ENGINES = ("fast", "reference")
EVIL = "a" * 30 + "!"


@pytest.fixture(autouse=True)
def within_a_second() -> Iterator[None]:
    start = time.process_time()
    yield
    assert (
        time.process_time() - start < 2.5
    )  # a second, the import of an engine, and what measuring coverage costs


def told(schema: Any, body: Any, engine: str, **components: Any) -> list[tuple[str, str]]:
    checker = Checker(spec_of(schema, **components), "vendor", engine=engine)
    answer = interaction(body)
    checker.unchecked(answer)
    return [(f.rule, f.message) for f in checker.check(answer)]


@pytest.mark.untraced
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("pattern", ["(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*a){20}$", r"^(\w+\s?)*$"])
def test_an_evil_pattern_is_answered_in_time(pattern: str, engine: str) -> None:
    start = time.process_time()
    found = told({"type": "string", "pattern": pattern}, EVIL * 3, engine)
    told({"patternProperties": {pattern: {"type": "string"}}}, {EVIL: 1}, engine)
    assert time.process_time() - start < 1.2
    assert {rule for rule, _ in found} <= {"pattern"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_pattern_beyond_the_bound_is_a_finding_and_no_hang(engine: str) -> None:
    found = told({"type": "string", "pattern": r"^(a+)+\1(?!b)$"}, "a" * 1_900 + "!", engine)
    assert [rule for rule, _ in found] == ["pattern"]


SQUARE = r"(?=.*\d)(?=.*[a-z]).{8,}"
AT = "openapi.yaml:1: /paths/~1batch/get/responses/200/content/application~1json/schema"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"properties": {"a": {"pattern": SQUARE}}}, "/properties/a"),
        ({"properties": {"a": {"pattern": "^((?!.*foo).)*$"}}}, "/properties/a"),
        ({"patternProperties": {SQUARE: {"type": "string"}}}, ""),
    ],
)
def test_a_pattern_that_would_take_the_square_of_a_long_text_is_named_as_not_looked_for(
    schema: Any, place: str, engine: str
) -> None:
    checker = Checker(
        spec_of({**schema, "additionalProperties": {"type": "string"}}), "vendor", engine=engine
    )
    answer = interaction({"a": "x" * 200_000, "x" * 2_001: ""})
    assert checker.check(answer) == ()
    words = "its pattern is not looked for in a text of more than 2,000 characters"
    assert checker.unjudged(answer).said == (f"{AT}{place}: {words}: /a",)
    assert checker.unjudged(interaction({"x" * 2_001: "b"})).said == (f"{AT}{place}: {words}: /",)
    assert checker.unjudged(interaction({"a": "x" * 1_999 + "1"})).said == ()


@pytest.mark.parametrize("schema", [{"not": {"pattern": SQUARE}}, {"oneOf": [{"pattern": SQUARE}, {}]}])
def test_where_a_pattern_was_not_looked_for_nothing_is_refused_because_it_would_match(schema: Any) -> None:
    checker = Checker(spec_of({"type": "string", **schema}), "vendor")
    assert checker.check(interaction("x" * 3_000)) == ()
    assert len(checker.unjudged(interaction("x" * 3_000)).said) == 1
    assert len(checker.check(interaction("abcdefgh1"))) == 1
    both = {"properties": {"a": {"not": {"pattern": SQUARE}}, "b": {"not": {"pattern": "x"}}}}
    found = Checker(spec_of(both), "vendor").check(interaction({"a": "x" * 3_000, "b": "x"}))
    assert [(one.rule, one.pointer) for one in found] == [("not", "/b")]


@pytest.mark.parametrize("engine", ENGINES)
def test_short_texts_and_what_looks_ahead_at_the_start_alone_are_judged(engine: str) -> None:
    for pattern, text in (
        (SQUARE, "x" * 1_000),
        (f"^{SQUARE}", "x" * 100_000),
        ("^(?!.*x)", "y" * 9_000 + "x"),
    ):
        found = told({"type": "string", "pattern": pattern}, text, engine)
        assert [(rule, pattern in words) for rule, words in found] == [("pattern", True)]
        assert told({"type": "string", "pattern": pattern}, "abcdefgh1", engine) == []
    named = {"patternProperties": {SQUARE: {"type": "integer"}}}
    assert [rule for rule, _ in told(named, {"abcdefgh1": "a"}, engine)] == ["type"]


class Canary(socketserver.BaseRequestHandler):
    hits: int = 0

    def handle(self) -> None:
        Canary.hits += 1


@pytest.fixture
def server() -> Iterator[str]:
    Canary.hits = 0
    with socketserver.TCPServer(("127.0.0.1", 0), Canary) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ["http", "file", "relative"])
def test_a_reference_out_of_the_document_is_never_fetched(
    kind: str, engine: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "canary.json").write_text('{"type": "string"}', "utf-8")
    monkeypatch.chdir(tmp_path)
    target = {
        "http": f"{server}/canary.json",
        "file": (tmp_path / "canary.json").as_uri(),
        "relative": "canary.json",
    }
    for schema in ({"$ref": target[kind]}, {"properties": {"a": {"items": {"$ref": f"{target[kind]}#/x"}}}}):
        spec = spec_of(schema)
        assert Checker(spec, "vendor", engine=engine).check(interaction({"a": [1]})) == ()
        assert ["nothing is fetched" in one.reason for one in spec.aside] == [True]
    assert Canary.hits == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$ref": "#/components/schemas/D0"}, "refers on more than 64 times"),
        ({"$ref": "#/components/schemas/E0"}, "says one thing in more than 100,000 ways"),
    ],
)
def test_schemas_that_never_end_are_said_in_a_sentence(schema: Any, words: str, engine: str) -> None:
    reference = "#/components/schemas/"
    components = {
        **{f"D{n}": {"allOf": [{"$ref": f"{reference}D{n + 1}"}]} for n in range(200)},
        "D200": {},
        **{
            f"E{n}": {"allOf": [{"$ref": f"{reference}E{n + 1}"}, {"$ref": f"{reference}E{n + 1}"}]}
            for n in range(30)
        },
        "E30": {},
    }
    found = told(schema, {"a": 1}, engine, **components)
    assert [rule for rule, _ in found] == ["unusable-schema"]
    assert words in found[0][1]


def test_headers_and_parameters_of_schemas_that_never_end_are_said_once() -> None:
    reference = "#/components/schemas/"
    components = {f"E{n}": {"allOf": [{"$ref": f"{reference}E{n + 1}"}] * 2} for n in range(30)}
    schema = {"anyOf": [{"$ref": f"{reference}E0"}, {"type": ["integer", "string"]}]}
    answer = {"200": {"description": "", "headers": {"X-A": {"schema": schema}}}}
    paths = {
        "/t": {"get": {"parameters": [{"in": "query", "name": "q", "schema": schema}], "responses": answer}}
    }
    found = spec(
        {"openapi": "3.1.0", "info": {}, "paths": paths, "components": {"schemas": {**components, "E30": {}}}}
    )
    url = "https://vendor.test/v1/t?q=1"
    sent = RequestCheck(found, "v").check(Request("GET", url, ()))
    got = Checker(found, "v").check(interaction(b"", url=url, media="", headers=(("X-A", "1"),)))
    for (one,), rule in ((sent, "unusable-schema"), (got, "header-value")):
        assert one.rule == rule
        assert "says one thing in more than 100,000 ways" in one.message


@pytest.mark.parametrize("engine", ENGINES)
def test_a_recursive_schema_holds_to_the_depth_that_bodies_may_have(engine: str) -> None:
    tree = {
        "type": "object",
        "properties": {"a": {"$ref": "#/components/schemas/Tree"}, "n": {"type": "integer"}},
    }
    body: Any = {"n": "deep"}
    for _ in range(254):
        body = {"a": body}
    found = told({"$ref": "#/components/schemas/Tree"}, body, engine, Tree=tree)
    assert [rule for rule, _ in found] == ["type"]


BODIES = {
    "duplicate-key": b'{"a": 1, "a": 2}',
    "bad-utf8": b'{"a": "\xff"}',
    "not-a-json-number": b'{"a": NaN}',
    "huge-number": b'{"a": 1e400}',
    "lone-surrogate": b'{"a": "\\ud800"}',
    "huge-integer": b'{"a": ' + b"9" * 5000 + b"}",
    "json-too-deep": b"[" * 100_000,
    "not-json": b'{"a": 1, "b": "cut off',
    "byte-order-mark": b'\xef\xbb\xbf{"a": 1}',
    "body-too-large": b'"' + b"a" * (5 * 1024 * 1024) + b'"',
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rule", BODIES)
def test_a_hostile_body_is_a_finding(rule: str, engine: str) -> None:
    found = told({}, BODIES[rule], engine)
    assert [name for name, _ in found] == [rule]


def test_hostile_words_of_a_vendor_are_harmless_in_findings() -> None:
    body = {"\x1b[31m::error::": 1, "a": "\u202e\x1b]0;owned\x07", "b": "::warning::x"}
    schema = {
        "properties": {"a": {"enum": ["\x1b[2J"]}, "b": {"maxLength": 2}},
        "additionalProperties": False,
    }
    for engine in ENGINES:
        for finding in Checker(spec_of(schema), "vendor", engine=engine).check(interaction(body)):
            shown = f"{finding.pointer}{finding.message}{finding.expected}{finding.found}{finding.places}"
            assert not set(shown) & set("\x1b\x07\u202e")


LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (LAUGHS, "aliases expand to more than 100,000 nodes"),
        ("a: &a {b: *a}", "an alias holds itself"),
        ("a: " + "[" * 250 + "]" * 250, "nested deeper than 200 levels"),
        ("[" * 100_000, "nested deeper than 256 levels"),
        ("a: 1\na: 2", "x.yaml:2: the key 'a' is there more than once"),
        ('{"a": 1, "a": 2}', "the key 'a' is there more than once"),
        ("? [1]\n: 2", "a key is not plain text"),
        ("a: b: c", "mapping values are not allowed"),
        ("", "the document is empty"),
        ("--- 1\n--- 2", "but found another document"),
        ("\x00", "not allowed"),
    ],
)
def test_a_hostile_document_is_one_sentence(text: str, sentence: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(SpecError) as caught:
        read_document("x.yaml", text.encode())
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


MISSHAPEN: list[Any] = [
    [],
    {"openapi": "3.1.0"},
    {"openapi": "3.1.0", "paths": 7},
    {"openapi": "3.1.0", "paths": {"/a": 7}},
    {"openapi": "3.1.0", "paths": {"/a": {"get": 7}}},
    {"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": 7, "parameters": 7, "requestBody": 7}}}},
    {
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": 7}}}}}},
    },
    {"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/nowhere"}}}}}},
    {
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"responses": {"200": {"headers": {"x": 7}}}}}},
        "servers": 7,
    },
    {"openapi": "3.1.0", "components": 7, "paths": {"/a": {"get": {"responses": {"200": {}}}}}},
    {"swagger": "2.0", "paths": {}},
]


@pytest.mark.parametrize("document", MISSHAPEN, ids=[str(n) for n in range(len(MISSHAPEN))])
def test_a_misshapen_document_is_one_sentence_or_judged(document: Any) -> None:
    try:
        found = spec(json.dumps(document))
        spec_notices(found, found.operations)
        for engine in ENGINES:
            Checker(found, "vendor", engine=engine).check(interaction({}, url="https://vendor.test/v1/a"))
    except ContractsError as error:
        sentence = str(error)
    else:
        return
    assert "\n" not in sentence


WRONG: list[Any] = [
    7,
    {"type": 7},
    {"type": "strin"},
    {"properties": 7},
    {"items": 7},
    {"required": 7},
    {"allOf": 7},
    {"enum": 7},
    {"anyOf": []},
    {"minimum": "x"},
    {"$ref": 7},
    {"discriminator": 7},
    {"format": 7},
    {"pattern": 7},
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("schema", WRONG, ids=str)
def test_a_misshapen_schema_is_a_finding(schema: Any, engine: str) -> None:
    for body in ({"a": [1]}, [1], "x"):
        assert len(told({"properties": {"a": schema}}, body, engine)) <= 1
        told(schema, body, engine)
