"""One whole interaction before and after redaction: addresses, fields, bodies, credentials and what a spec prints."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from contracts.decode import decode
from contracts.errors import CassetteError
from contracts.interactions import Known, carried, leaks
from contracts.interactions.formats import Redaction
from contracts.interactions.redaction.allowance import Allowance, _target, allowance_of, published
from contracts.interactions.redaction.headers import split, storable
from contracts.interactions.redaction.redact import redacted
from contracts.interactions.redaction.text import texts
from contracts.model import Headers, Interaction, Request, Response, Source
from tests.validate.specs import spec

DRAWN = "aB3dE5gH7jK9mN1pQ3sT5vW7"


def asked(
    url: str = "https://h.test/a", sent: Headers = (), got: Headers = (), body: bytes = b"x"
) -> Interaction:
    return Interaction(
        request=Request("GET", url, sent, b"secret body"), response=Response(200, got, body), source=Source.RECORDED, name="a",
    )  # fmt: skip


URL = "https://h.test:1/a/ann%40corp.io/b?q=1&z=2&Q=x&token=&token=abc&q=ann@corp.io&a%20b=5#f"
SENT = (
    ("Content-Type", "a/b"),
    ("X-Count", "5"),
    ("X-Count", "-5.5"),
    ("X-Flag", "TRUE"),
    ("X-Other", "hello world"),
    ("X-Day", "2026-01-01"),
    ("X-Printed", "word"),
)
GOT = (("Location", "/a?token=abcdefgh1"), ("Retry-After", "hello"), ("RateLimit", "x"), ("x-ratelimit-y", "hello"), ("X-N", "1234567890123"),
       ("X-Api-Key", "k1"), ("X-Api-Key", "true"), ("Server", "y"), ("X-" + DRAWN, "z"))  # fmt: skip


def test_every_place_of_an_interaction() -> None:
    allowance = Allowance(
        query=frozenset({"q", "token"}), request_headers=frozenset({"x-count", "x-flag", "x-other", "x-day", "x-printed"}),
        response_headers=frozenset({"x-n", "x-api-key"}), published=frozenset({"word"}),
    )  # fmt: skip
    given = asked(URL, SENT, GOT)
    kept = redacted(given, "acme", allowance, note="why")
    assert (kept.provider, kept.note) == ("acme", "why")
    request, response = kept.interaction.request, kept.interaction.response
    assert response is not None
    assert request == Request(
        "GET", "https://h.test:1/a/redacted-1%40example.com/b?q=1&Q=x&token=&token=redacted-2&q=redacted-1%40example.com",
        (*SENT[:4], ("X-Other", "redacted-3"), *SENT[5:]),
    )  # fmt: skip
    assert response.headers == (
        ("Location", "/a?token=redacted-4"), *GOT[1:4], ("X-N", "redacted-5"), ("X-Api-Key", "redacted-6"), ("X-Api-Key", "redacted-7"),
    )  # fmt: skip
    assert [(one.pointer, one.rule) for one in kept.redacted] == [
        ("header location", "header"), ("header x-api-key", "header"), ("header x-n", "header"), ("header x-other", "header"),
        ("query q", "query"), ("query token", "query"), ("url", "path"),
    ]  # fmt: skip
    assert kept.dropped == ("?unnamed", "?z", "server", "unnamed")
    assert redacted(asked("https://u:pw@h.test/a"), "acme", Allowance()).redacted == (
        Redaction("url", "user"),
    )
    for url in ("webhook:x", "/a"):
        assert redacted(asked(url), "acme", Allowance()).interaction.request.url == url
    with pytest.raises(CassetteError, match="a: nothing came back, so there is nothing to store"):
        redacted(replace(given, response=None), "acme", Allowance())


def test_names_of_what_was_dropped() -> None:
    names = {
        "X-Thing": "x-thing",
        "a b": "unnamed",
        "\u00e9": "unnamed",
        "x" * 41: "unnamed",
        "x" * 40: "x" * 40,
        DRAWN: "unnamed",
        "-_.": "unnamed",
        "A.b_c-1": "a.b_c-1",
    }
    for name, told in names.items():
        assert redacted(asked(sent=((name, "v"),)), "acme", Allowance()).dropped == (told,)
    for name, told in {
        "page": "?page",
        "Api.Key_x": "?api.key_x",
        "": "?unnamed",
        "y" * 40: "?" + "y" * 40,
    }.items():
        assert redacted(asked(f"https://h.test/a?{name}=1"), "acme", Allowance()).dropped == (told,)


BASIC = {text: base64.b64encode(text.encode()).decode() for text in ("ann123:pass:w", "ann:passw")}


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("Cookie", "a=123456789012; b=short; c = 1234567890123 ", ["123456789012", "1234567890123"]), ("set-cookie", "a=123456789012; b=1234567890123", ["123456789012"]),
        ("cookie", "123456789012;x=1", ["123456789012"]), ("cookie", "a=123456789012;bare12345678;", ["123456789012", "bare12345678", "123456789012;bare12345678;"]),
        ("authorization", "Bearer abcdef", ["abcdef"]), ("authorization", "Bearer abcde", []), ("x-token", " abcdef ", ["abcdef"]), ("x-other", "abcdef", []),
        ("authorization", f"basic {BASIC['ann123:pass:w']}", [BASIC["ann123:pass:w"], "ann123", "pass:w"]), ("authorization", f"Basic {BASIC['ann:passw']}", [BASIC["ann:passw"]]),
        ("authorization", "Basic !!!!!!", ["!!!!!!"]), ("authorization", "Digest u=1 abcdef", ["abcdef"]), ("x-token", "<secret from X_KEY>", []),
    ],
)  # fmt: skip
def test_credentials_of_a_field(name: str, value: str, found: list[str]) -> None:
    assert list(carried(asked(sent=((name, value),)))) == found
    assert list(carried(asked(got=((name, value),)))) == found
    assert list(carried(replace(asked(sent=((name, value),)), response=None))) == found
    assert list(carried(asked("https://us%40er1:short@h.test/a?pwd=abcde&pwd=abcdef&q=abcdef"))) == [
        "us@er1",
        "abcdef",
    ]


@pytest.mark.parametrize(
    ("text", "clean", "rule"),
    [
        ("plain", "plain", ""), ('{"a":1,"a":"ann@corp.io"}', '{"a":1,"a":"redacted-1@example.com"}', "e-mail"), ('\ufeff{"password": "hunter2"}', '\ufeff{"password": "redacted-1"}', "name"),
        ('[1e400, "ann@corp.io"', '[1e400, "redacted-1@example.com"', "e-mail"), ('[NaN, "ann@corp.io"]', '[NaN, "redacted-1@example.com"]', "e-mail"),
        ('{"password" : "hunter2", "n": "a\\u0041", "pwd": 5, "token" : ["x1","x2"]} x', '{"password" : "redacted-1", "n": "a\\u0041", "pwd": 5, "token" : ["redacted-2","redacted-3"]} x', "name"),
        ('{"token":["x1"],"n":"\\z"}', '{"token":["redacted-1"],"n":"\\z"}', "name"),
        ('"\\z" ann@corp.io', '"\\z" redacted-1@example.com', "e-mail"), ('{"a":"%61nn@corp.io","a":1}', '{"a":"redacted-1@example.com","a":1}', "e-mail"),
        ('{"a": "\u00e9 ann@corp.io", "a": 1}', '{"a": "\u00e9 redacted-1@example.com", "a": 1}', "e-mail"), ('{"ann@corp.io": 1, "a": 2} x', '{"redacted-1@example.com": 1, "a": 2} x', "e-mail"),
    ],
)  # fmt: skip
def test_text_that_is_no_json_keeps_its_faults(text: str, clean: str, rule: str) -> None:
    kept = redacted(asked(body=text.encode()), "acme", Allowance())
    assert kept.interaction.response is not None
    assert kept.interaction.response.body.decode() == clean
    assert [one.rule for one in kept.redacted] == ([rule] if rule else [])


NUMBER = "1234567890123456"
HIDDEN = "".join(f"%{ord(char):02x}" for char in f"token={DRAWN}")


@pytest.mark.parametrize(
    ("text", "clean", "rule"),
    [
        (f'\ufeff{{"a": {NUMBER}, "a": 1}}', '\ufeff["redacted-2",{"a":1,"a":1}]', "whole"), (f"[1e400, {NUMBER}, NaN]", '["redacted-2",1e400,NaN]', "whole"),
        (f'["\\ud800", {NUMBER}]', '["redacted-2","\\ud800"]', "whole"), (f"[{'7' * 4301}, {NUMBER}]", f'["redacted-2",{"9" * 4301}]', "whole"),
        ("[" * 257 + HIDDEN + "]" * 257, f'["redacted-1",{"[" * 256}{"]" * 256}]', "whole"),
        (f"x {HIDDEN}", "redacted-1", "whole"), (f'{{"a": "{HIDDEN}", "a": 1}}', '{"a": "redacted-1", "a": 1}', "name"),
        ('{"token":["a%20b"],"a":1,"a":2}', '{"token":["redacted-1"],"a":1,"a":2}', "name"), ('{"a":"\\ud800 ann@corp.io","a":1}', '{"a":"\\ud800 redacted-1@example.com","a":1}', "e-mail"),
    ],
)  # fmt: skip
def test_text_that_cannot_be_cleaned_in_part_has_its_faults_afterwards(
    text: str, clean: str, rule: str
) -> None:
    kept = redacted(asked(body=text.encode()), "acme", Allowance(), [NUMBER])
    assert kept.interaction.response is not None
    assert kept.interaction.response.body.decode() == clean
    assert [one.rule for one in kept.redacted] == [rule]
    assert [one.rule for one in decode(text.encode()).faults] == [
        one.rule for one in decode(clean.encode()).faults
    ]


def test_bytes_that_hold_no_secret_are_kept() -> None:
    for body in (b"\xff\xfe\x00 plain", b"", b'{"a": 1.0}\n', b"plain"):
        kept = redacted(asked(body=body), "acme", Allowance())
        assert kept.interaction.response is not None
        assert (kept.interaction.response.body, kept.redacted) == (body, ())
    kept = redacted(asked(body=b"\xff mail ann@corp.io"), "acme", Allowance())
    assert kept.interaction.response == Response(200, (), b"\xffredacted-1")


def test_fields_that_may_be_stored() -> None:
    names = (
        "accept",
        "Allow",
        "content-type",
        "deprecation",
        "link",
        "location",
        "retry-after",
        "sunset",
        "ratelimit",
        "RateLimit-Limit",
        "x-ratelimit-reset",
    )
    assert all(map(storable, names))
    assert not any(map(storable, ("x-ratelimit", "server", "ratelimits", "")))
    assert split(
        (("B", "1"), ("Link", "2"), *((name, "3") for name in "ZYXWVA"), ("b", "4"), ("C", "5")), {"c"}
    ) == (
        (("Link", "2"), ("C", "5")),
        tuple("abvwxyz"),
    )


PRINTED = {
    "a": {
        "enum": ["x", 1, None], "const": "k", "properties": {"p": {"$ref": "#/d"}, "q": {"patternProperties": {"^z": {}}}},
        "example": {"enum": ["ex"]}, "examples": [{"const": "ey"}], "default": {"const": "ez"}, "items": [{"const": "it"}, {"$ref": "#/a"}],
    },
    "d": {"const": "dd", "$defs": {"n": {"const": "nn"}}, "dependentSchemas": {"ds": {"const": "cc"}}},
}  # fmt: skip


def test_the_words_that_a_schema_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sorted(published(PRINTED, PRINTED["a"])) == [
        "^z",
        "cc",
        "dd",
        "ds",
        "it",
        "k",
        "n",
        "nn",
        "p",
        "q",
        "x",
    ]
    monkeypatch.setattr("contracts.interactions.redaction.allowance._MAX_NODES", 2)
    assert list(published({}, {"const": "a", "b": {"const": "b", "c": {"const": "c"}}})) == ["a", "b"]
    assert list(published({}, {"enum": 5, "properties": 5, "$ref": 5})) == []
    assert [
        _target({"a": [1]}, ref) for ref in ("#/a/0", "#/b", "#/a/x", "#/a/5", "x#/a", 5, "#/a/0/b", "")
    ] == [1, *[None] * 7]


def test_what_a_spec_lets_a_recording_keep() -> None:
    parameters = [
        {"in": "query", "name": "Page", "schema": {"enum": ["all"]}},
        {"in": "header", "name": "X-Run"},
        {"in": "query", "name": "key"},
    ]
    headers = {"X-Left": {"schema": {"const": "many"}}}
    responses = {
        "200": {"description": "", "headers": headers, "content": {"application/json": {"schema": {"properties": {"id": {}}}}}},
        "404": {"description": "", "content": {"text/plain": {"schema": {"const": "gone"}}}},
    }  # fmt: skip
    document = {
        "openapi": "3.1.0",
        "info": {},
        "paths": {"/a": {"get": {"parameters": parameters, "responses": responses}}},
    }
    found = spec(document)
    allowance = allowance_of(found, found.operations[0], 200, places=["/a"])
    assert (allowance.query, allowance.request_headers, allowance.response_headers) == (
        {"page", "key"},
        {"x-run"},
        {"x-left"},
    )
    assert allowance.published == {"Page", "X-Run", "key", "all", "many", "id", "gone"}
    assert (allowance.places, allowance.faults) == ({"/a"}, None)
    assert allowance_of(found, found.operations[0], 500).response_headers == frozenset()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (json.dumps({"a": [{"note": f"\u00e9 {DRAWN}"}], "token": "hunter2"}).encode(), ["/a/0/note: entropy, 26 characters", "/token: name, 7 characters"]),
        (b'{"ann@corp.io": {"b": "8.8.8.8"}}', ["/: e-mail in a key, 11 characters", "/[hidden]/b: address, 7 characters"]),
        (f"first\nx {DRAWN}\n8.8.8.8".encode(), ["line 2: entropy, 26 characters", "line 3: address, 7 characters"]),
        (b'{"token": [1234, {"x": "y1z2w"}], "pwd": true, "a": 5}', ["/token/0: name, 4 characters", "/token/1/x: name, 5 characters"]),
        (b'{"token": -1000, "pwd": "xxxx", "passwd": ""}', []), (f'{{"request": {{"url": "/{DRAWN}"}}, "url": "/{DRAWN}"}}'.encode(), ["/url: entropy, 25 characters"]),
        (b'{"response": {"base64": "' + base64.b64encode(b"\xff mail ann@corp.io") + b'"}}', ["/response/base64: e-mail, 24 characters"]),
        (b'{"response": {"base64": "ann@corp.io"}}', ["/response/base64: e-mail, 11 characters"]), (b'{"a": 1, "a": "8.8.8.8"}', ["line 1: address, 24 characters"]),
    ],
)  # fmt: skip
def test_a_scan_says_place_rule_and_length(data: bytes, said: list[str]) -> None:
    assert [str(one) for one in leaks(data)] == said


def test_a_known_secret_of_other_letters_is_found_in_json() -> None:
    secret = "gr\u00fc\u00dfe-\u00f6l"
    for ascii_only in (True, False):
        data = json.dumps({"n": f"x {secret}"}, ensure_ascii=ascii_only).encode()
        assert next(str(one) for one in leaks(data, Known.of([secret]))) == "/n: known, 10 characters"
    assert list(leaks(b'{"n": "x"}', Known.of([secret]))) == []


def test_texts_of_a_document() -> None:
    assert list(texts({"a": ["b", 1, {"c": None, "d": "e"}], "f": True})) == ["a", "b", "c", "d", "e", "f"]
