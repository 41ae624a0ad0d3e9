"""What each part of redaction does, by example: the smallest text that tells a right answer from a wrong one."""

from __future__ import annotations

import base64
import json

import pytest

from contracts.errors import CassetteError
from contracts.interactions import Cleaner, Known, Tokens, carried, leaks
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.body import exposed, redact_json
from contracts.interactions.redaction.redact import redacted
from contracts.interactions.redaction.text import Inspector, suspicious
from contracts.interactions.redaction.tokens import placeholder, stand_in
from contracts.model import Interaction, Pointer, Request, Response, Source
from contracts.secret import layers, unpacked

KEY = "sk-live-9aBcD3fGh1JkLmN0pQrS"
KNOWN = Known.of([KEY])
TOKEN = "zT4q9LmN2bV8cX1sD6fG3hJ5kP7w"


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("https://ann:pass-word@a.example/x", "https://redacted-1@a.example/x"),
        ("mail ann@corp.io now", "mail redacted-1@example.com now"),
        ("mail ann@example.com now", "mail ann@example.com now"),
        ("from 8.8.8.8 to 10.0.0.1", "from 192.0.2.1 to 10.0.0.1"),
        ("2001:4860:4860::8888", "2001:db8::1"),
        ("/a?sp=rwdlk&se=2026-11-12&other=1", "/a?sp=redacted-1&se=redacted-2&other=1"),
        ("/a?sp=rwdlk&other=1", "/a?sp=rwdlk&other=1"),
        ("/a?se=2026-11-12&other=abcdef12", "/a?se=redacted-1&other=abcdef12"),
        ("/a?token=abcdef12&sp=rwdlkx12", "/a?token=redacted-1&sp=rwdlkx12"),
        ("/a?x-goog-date=2026-11&x-goog-b=k8m1z", "/a?x-goog-date=redacted-1&x-goog-b=redacted-2"),
        ("/a?q=abcdef12&pwd=<your key>", "/a?q=abcdef12&pwd=<your key>"),
        ("'password': 'hunter2hunter2'", "'password': 'redacted-1'"),
        ("'password': '' and 'a': 'b'", "'password': '' and 'a': 'b'"),
        ("'password': 'redacted-7'", "'password': 'redacted-7'"),
        (r'pwd="ab\"cd12ef34" x', 'pwd="redacted-1" x'), (r"'password': 'it\'sxyz12'", "'password': 'redacted-1'"), ("pwd: 'hunter2hunter2', a: 1", "pwd: 'redacted-1', a: 1"),
        (r'x "password": "abcdefgh\"cd12ef34", y', 'x "password": "redacted-1", y'), (r'x \"password\": \"abcdefgh\\\"cd12ef34\" y', r'x \"password\": \"redacted-1\" y'),
        (r'x "password": "a\\", "token": "realsecret1"', r'x "password": "a\\", "token": "redacted-1"'), ("pwd: 'xxxx', token: 'realsecret1'", "pwd: 'xxxx', token: 'redacted-1'"),
        ('{"auth_token": {"now": "hunter2", "old": ["x9", 5]}}', '{"auth_token":{"now":"redacted-1","old":["redacted-2",5]}}'),
        ('{"note": "plain"}', '{"note": "plain"}'),
    ],
)  # fmt: skip
def test_a_text_reads_like_this_afterwards(text: str, cleaned: str) -> None:
    assert Cleaner(KNOWN, Tokens()).clean(text, "note") == cleaned


def test_a_text_that_cannot_be_cleaned_in_part_is_replaced_whole() -> None:
    cleaner = Cleaner(Known(), Tokens())
    hidden = "".join(f"%{ord(char):02x}" for char in f"token={TOKEN}")
    assert cleaner.doubt(hidden, "note") != ""
    assert cleaner.proved(hidden, "note") == "redacted-1"
    assert cleaner.doubt("plain words & 5 %", "note") == ""
    assert cleaner.doubt("plain words", "note") == ""


def test_what_is_packed_is_read_by_its_alphabet() -> None:
    word = "one readable sentence"
    assert unpacked(word.encode().hex()) == word
    assert unpacked(packed(word)) == word
    assert unpacked(base64.urlsafe_b64encode(word.encode()).decode().rstrip("=")) == word
    assert unpacked(base64.b32encode(word.encode()).decode()) == word
    assert unpacked(base64.b32encode(word.encode()).decode().lower().rstrip("=")) == word
    assert unpacked(base64.b64encode(bytes(range(128, 160))).decode()) is None
    assert unpacked(packed("\x01\x02\x03\x04" * 6)) is None
    assert unpacked(packed("twelve bytes")) == "twelve bytes"
    assert unpacked(packed("short")) is None


def test_layers_of_escapes_come_off_one_by_one() -> None:
    assert layers("plain") == ("plain",)
    assert layers("%2541") == ("%2541", "%41", "A")
    assert layers("&#x41;\\u0042") == ("&#x41;\\u0042", "AB")
    assert layers("100% & more") == ("100% & more",)
    assert layers("%u0041\\x42\\u{43}") == ("%u0041\\x42\\u{43}", "ABC")


@pytest.mark.parametrize(
    ("value", "open_"),
    [(True, False), (None, False), (999, False), (-1000, True), (1000, True), ("", False), ("x", True), (12.5, False),
     ("2026-01-31", False), ("2026-01-31T09:00:00Z", False), ("done", False), ("redacted-3", False)],
)  # fmt: skip
def test_what_could_be_a_secret_under_a_secret_name(value: object, open_: bool) -> None:
    assert exposed(value, frozenset({"done"})) is open_


@pytest.mark.parametrize(
    ("value", "stands"),
    [
        ("550E8400-e29b-41d4-a716-446655440000", ("00000000-0000-4000-8000-000000000001", "redacted-1", "000X0000-x00x-00x0-x000-000000000001", "")),
        ("1.2.3.4", ("192.0.2.1", "redacted-1", "1.2.3.1", "0.0.0.1", "")), ("https://x.test/a", ("https://redacted-1.example.com/", "redacted-1", "https://x.xxxx/b", "xxxxx://x.xxxx/b", "")),
        ("deadbeef01", ("redacted-1", "0000000001", "")), ("DEADBEEF", ("redacted-1", "00000001", "")), ("Ab-9.z", ("redacted-1", "Ab-9.b", "Xx-0.b", "")),
        ("sk_live_AAbb12", ("redacted-1", "sk_xxxx_XXxx01", "xx_xxxx_XXxx01", "")), ("x:y", ("redacted-1", "x:b", "")), ("abcdefg-h", ("redacted-1", "xxxxxxx-b", "")),
        ("\u00e91 Z", ("redacted-1", "x0 B", "")), ("a" * 21 + "\n", ("redacted-1", "x" * 20 + "b\n", "")), (10**320, (10**300 + 1, 1, 0)), (-7, (-2, -1, 0)), (0, (2, 1, 0)),
        (0.0, (1.0, 0.001)), ([], ()), (["x"], ()), (False, ()), (None, ()), ("", ()), ("ann@corp.io", ("redacted-1@example.com", "redacted-1", "xxx@xxxx.xb", "")),
        (packed("0123456789"), (packed("redacted-1"), "redacted-1", "XXXxXxX0Xxx0XB==", "")),
    ],
)  # fmt: skip
def test_every_stand_in_of_a_value(value: object, stands: tuple[object, ...]) -> None:
    assert Tokens().whole(value) == stands


def test_numbers_of_tokens_are_written_into_the_last_signs() -> None:
    tokens = Tokens()
    assert [tokens.ordinal(str(n)) for n in range(300)] == list(range(1, 301))
    assert tokens.whole("ab-12")[1:3] == ("ab-01", "xd-01")
    assert tokens.whole("abcd") == ("redacted-302", "xxlq", "")
    other = Tokens()
    assert [other.ordinal(str(n)) for n in range(51)][-1] == 51
    assert other.whole("abcd")[1] == "xxca"
    assert tokens.whole("1.1.1.1")[0] == "192.0.2.47"


URLS = "key code sig se sv sp skoid sktid awsaccesskeyid googleaccessid X-Amz-Date x-goog-y"


@pytest.mark.parametrize("name", URLS.split())
def test_a_signed_address_keeps_none_of_its_parameters(name: str) -> None:
    cleaned = Cleaner(Known(), Tokens()).clean(f"/a?se=2026-01-01&{name}=zz11yy&other=1")
    assert cleaned == f"/a?se=redacted-1&{name}=redacted-2&other=1"
    alone = Cleaner(Known(), Tokens()).clean(f"/a?q=2026-01-01&{name}=zz11yy")
    assert ("zz11yy" in alone) is (name in {"code", "sp", "skoid", "sktid", "googleaccessid"})
    signs = ("x-amz-q", "X-Goog-q", "sig", "signature", "se", "sv")
    assert all(
        "redacted" in Cleaner(Known(), Tokens()).clean(f"/a?b=1&{sign}=zz&sp=zz11yy")[-10:] for sign in signs
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("https://ann:pass-word@a.example/x", "url"), ("mail ann@corp.io", "e-mail"), ("8.8.8.8", "address"), ("'password': 'hunter2hunter2'", "name"),
        ("pwd: hunter2hunter2", "name"), ("gh" + "p_" + "a1B2" * 9, "shape"), (TOKEN, "entropy"), (KEY, "known"), ("/a?pwd=abcdef12", "url"), ("plain", ""),
        (packed("mail ann@corp.io"), "e-mail"), ('{"token": "hunter2"}', "name"), ("", ""), ("abc", ""), ("mail ann%40corp.io", "e-mail"), ("mail x@y.example.org", ""),
    ],
)  # fmt: skip
def test_what_is_suspicious_has_a_rule(text: str, rule: str) -> None:
    assert suspicious(text, "", KNOWN) == rule
    assert suspicious(text, "", KNOWN, frozenset({text})) == ("known" if rule == "known" else "")
    cleaner = Cleaner(KNOWN, Tokens())
    assert (cleaner.clean(text) == text) is (cleaner.rules == [])
    assert cleaner.rules[:1] == ([rule] if rule and "%" not in text else [])


def test_texts_are_unpacked_four_times() -> None:
    for times in range(7):
        text = "mail ann@corp.io"
        for _ in range(times):
            text = packed(text)
        cleaner = Cleaner(Known(), Tokens())
        cleaner.clean(text)
        assert cleaner.rules[0] == ("e-mail" if times <= 4 else "entropy")


def test_a_known_secret_of_four_signs_is_found_alone() -> None:
    assert Cleaner(Known.of(["Qw12"]), Tokens()).clean("Qw12") == "redacted-1"


def test_equal_parts_get_equal_tokens() -> None:
    cleaner = Cleaner(Known(), Tokens())
    cleaned = [
        cleaner.clean(text)
        for text in ("a@corp.io b@corp.io a@corp.io", "8.8.8.8 9.9.9.9 8.8.8.8", "redacted-1 8.8.4.4")
    ]
    assert cleaned == [
        "redacted-1@example.com redacted-2@example.com redacted-1@example.com", "192.0.2.3 192.0.2.4 192.0.2.3", "redacted-1 192.0.2.5",
    ]  # fmt: skip
    assert cleaner.rules == ["e-mail"] * 3 + ["address"] * 4
    for text in ("256.1.1.1 1.2.3", "::1 fe80::1", "a:b:c", "1.2.3.4.5", "redacted-1"):
        assert cleaner.clean(text) == text


STAND_INS = ("redacted-1", "[hidden]", "00000000-0000-4000-8000-000000000001", "x@example.com", "redacted-1@example.com", "redacted-1.example.com",
             "https://redacted-1.example.com/", "redacted-1 redacted-2", "XX0_redacted-3")  # fmt: skip
PLACEHOLDERS = (
    "",
    ".",
    "string",
    "your_key here",
    "YOUR-KEY",
    "${TOKEN_A}",
    "{token}",
    "<Your-Key>",
    "$API_KEY",
    "xxxxabc",
    "abcd" + "x" * 12,
    packed("redacted-12"),
)


def test_placeholders_and_stand_ins() -> None:
    assert [text for text in STAND_INS if not (stand_in(text) and placeholder(text))] == []
    assert [text for text in PLACEHOLDERS if stand_in(text) or not placeholder(text)] == []
    words = (
        "xxxxabcd",
        "abcde" + "x" * 11,
        "your",
        "redactedx",
        "abcd" + "x" * 11,
        "Bearer redacted-12",
        packed("0123456789"),
    )
    assert [text for text in words if stand_in(text) or placeholder(text)] == []


def test_a_body_is_refused_where_no_stand_in_is_as_valid() -> None:
    def faults(value: object) -> list[tuple[Pointer, str]]:
        bad = isinstance(value, dict) and value.get("token") != KEY
        return [(Pointer(("token",)), "const")] if bad else []

    with pytest.raises(
        CassetteError, match=r"/token: a secret \(name\) cannot be replaced by a value that is as valid"
    ):
        redact_json({"token": KEY}, Cleaner(KNOWN, Tokens()), Allowance(faults=faults))

    def strange(value: object) -> list[tuple[Pointer, str]]:
        return (
            []
            if "token" in json.dumps(value) and KEY in json.dumps(value)
            else [(Pointer(("far",)), "const")]
        )

    with pytest.raises(CassetteError, match="cannot be redacted so that it stays as valid as it was"):
        redact_json({"token": KEY, "far": 1}, Cleaner(KNOWN, Tokens()), Allowance(faults=strange))


def test_what_was_done_is_told_by_place_and_rule() -> None:
    value = {KEY: 1, "token": "hunter2", "n": 5, "note": f"x {KEY}", "flag": True, "api_key": False}
    clean, done = redact_json(value, Cleaner(KNOWN, Tokens()), Allowance())
    assert clean == {
        "redacted-1": 1,
        "token": "redacted-2",
        "n": 5,
        "note": "x redacted-1",
        "flag": True,
        "api_key": False,
    }
    assert {(one.pointer, one.rule) for one in done} == {
        ("/redacted-1", "key"),
        ("/token", "name"),
        ("/note", "known"),
    }


def answer(body: bytes, url: str = "https://a.example/b", **headers: str) -> Interaction:
    return Interaction(
        request=Request("GET", url, tuple(headers.items())),
        response=Response(200, (("content-type", "text/plain"),), body),
        source=Source.RECORDED, name="a", operation="get", recorded_at="2026-01-31T09:00:00Z",
    )  # fmt: skip


def test_credentials_that_an_interaction_shows_itself() -> None:
    basic = base64.b64encode(b"annabel:pass:word").decode()
    it = answer(
        b"", "https://us%40er1:pa%2Fss22@a.example/b?pwd=abcdef&q=ghijkl", authorization=f"Basic {basic}"
    )
    assert set(carried(it)) == {basic, "annabel", "pass:word", "us@er1", "pa/ss22", "abcdef"}


def test_a_path_is_kept_as_it_was_written() -> None:
    it = answer(b"x", "https://a.example/a%20b/c%2Fd/e:f;g/ann%40corp.io")
    assert redacted(it, "acme", Allowance()).interaction.request.url == (
        "https://a.example/a%20b/c%2Fd/e:f;g/redacted-1%40example.com"
    )


def test_strings_of_broken_json_are_cleaned_by_their_names() -> None:
    raw = b'{"a": 1, "a": "caf\\u00e9", "password": "hunter2", "b": "hunter2", "note": "plain \\u0041"}'
    body = redacted(answer(raw), "acme", Allowance()).interaction.response.body
    assert (
        body
        == b'{"a": 1, "a": "caf\\u00e9", "password": "redacted-1", "b": "hunter2", "note": "plain \\u0041"}'
    )


def test_a_body_that_is_no_text_is_told_as_replaced_whole() -> None:
    kept = redacted(answer(b"\xff\xfe" + KEY.encode()), "acme", Allowance(), [KEY])
    assert [(one.pointer, one.rule) for one in kept.redacted] == [("", "whole")]


def test_a_scan_finds_a_known_secret_behind_escapes() -> None:
    assert [one.rule for one in leaks(json.dumps({"n": KEY}, ensure_ascii=True).encode(), KNOWN)] == [
        "known",
        "known",
    ]
    spelled = '{"n": "' + "".join(f"\\u{ord(char):04x}" for char in KEY) + '"}'
    assert "known" in {one.rule for one in leaks(spelled.encode(), KNOWN)}
    assert list(leaks(json.dumps({"request": {"url": f"/v1/{'0a1b' * 8}"}}).encode())) == []


def test_an_inspector_that_was_told_of_absence_looks_for_no_known_secret() -> None:
    plain = Known.of(["correct horse battery"])
    assert Inspector(plain).rule("the correct horse battery") == "known"
    assert Inspector(plain, absent=True).rule("the correct horse battery") == ""
    assert Inspector(plain, published=frozenset({"correct horse"})).rule("plain") == ""
