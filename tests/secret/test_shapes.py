"""What looks like a credential by shape, entropy or name: the exact stretch, or nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.secret import (
    entropic_spans,
    high_entropy,
    identity,
    mask,
    replace_spans,
    secret_members,
    secret_name,
    shape_spans,
)
from contracts.secret.entropy import bits, without_blobs
from contracts.secret.names import may_name
from contracts.secret.shapes import _merged, _met, _sought

DRAWN = "aB3dE5gH7jK9mN1pQ3sT5vW7"
GH = "gh" + "p_" + "a1B2" * 9
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0"


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("x -----BEGIN RSA KEY-----\nabc", [(2, 29)]), ("sk" + "-aaaaaaaaaaaa x", [(0, 15)]), ("sk-aaaaaaaaaaa", []), ("gho" + "_aaaaaaaaaaaa", [(0, 16)]),
        *((f"{word}_{'a' * 12}", [(0, len(word) + 13)]) for word in ("pk", "rk", "ghs", "ghu", "glpat", "llx", "whsec", "npm", "pypi", "hf", "github" + "_pat")),
        ("xo" + "xb-aaaaaaaaaaaa", [(0, 17)]), ("AI" + "za" + "a" * 13, [(0, 17)]), ("Bearer abcdefgh", [(0, 15)]), ("bearer abcdefgh", []),
        ("bearer abcdefgh12345678", [(0, 23)]), ("basic abcdefgh1234567", []), ("Basic abcdefgh", [(0, 14)]), ("https://u:p@h/x", [(8, 11)]), ("https://u@h", []),
        ("/a?sig=x&b", [(3, 8)]), ("/a?b=1&X-Amz-Date=2", [(7, 19)]), ("/a?tokens=1", []), ("/a?api_key=1&access_token=2", [(3, 12), (13, 27)]),
        ("token is 550e8400-e29b-41d4-a716-446655440000", []), ("token: 'zT4q9LmN2bV8cX1sD6'", [(8, 26)]), ("the key a-b-c-d-e-f-g-h-1", []),
        ("secret aaaaaaaaaaaaaaa1", []), ("password is zT4q9LmN2bV8cX1sD6.", [(12, 31)]), (f"{JWT}.abc", [(0, 40)]), (f"xx{JWT}", [(2, 38)]), ("eyJhbGciOi.eyJzdWIiOiIxIn0", []),
        (f"a.b {JWT} eyJ", [(4, 40)]), ("hubspot: 0A1B2C3D-1111-2222-3333-0123456789AB", [(9, 45)]), (f"{GH} and {GH}", [(0, 40), (45, 85)]),
        ("sk" + "-aaaaaaaaaaaabearer sk" + "-abcdefgh1234", [(0, 21), (22, 37)]), (f"x{GH}", []), ("plain words only", []),
        ("xdop" + "_v1_" + "a1b2c3d4" * 8, [(1, 72)]), ("dap" + "i" + "a1b2c3d4" * 4, [(0, 36)]), ("xdap" + "i" + "a1b2c3d4" * 4, []), ("token: a1b2c3d4a1b2c3d4", [(7, 23)]),
        ("\u0130\u0130 token: zT4q9LmN2bV8cX1sD6", [(10, 28)]),
    ],
)  # fmt: skip
def test_a_shape_is_taken_from_its_first_to_its_last_sign(text: str, spans: list[tuple[int, int]]) -> None:
    assert shape_spans(text) == spans


def test_a_name_announces_the_shape_of_a_service() -> None:
    value = "0A1B2C3D-1111-2222-3333-0123456789AB"
    assert shape_spans(value, "hubspot_value") == [(0, 36)]
    assert shape_spans(f"x {value}", "hubspot") == []
    assert shape_spans(value, "batch") == shape_spans(value) == []


@pytest.mark.parametrize(
    ("word", "drawn"),
    [
        (DRAWN, True), (DRAWN[:-1], False), ("aB3" * 8, False), ("0123456789abcdef" * 2, True), ("0123456789ABCDEF" * 2, True), ("a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6", True),
        ("550e8400-e29b-41d4-a716-446655440000", False), ("550e8400e29b41d4a716446655440000", False), ("550e8400-e29b-41d4-a716-446655440000" + DRAWN, True), ("550e8400-e29b-41d4-a716-446655440000" + DRAWN[:20], False),
        ("get_batch_results_by_identifier_2", False), ("/v1/GetBatchResults/ListUsers2/a", False), ("abcdefghijklmnopqrstuvwxyz", False), ("ABCDEFGHIJKLMNOPQRSTUVWXYZ12", True),
        ("a" * 27 + "1", False), ("0" * 31 + "a", False), ("k_0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d_", True), ("a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5dZ", False),
    ],
)  # fmt: skip
def test_a_word_that_is_drawn_at_random(word: str, drawn: bool) -> None:
    assert high_entropy(word) is drawn


def test_bits_of_a_sign() -> None:
    assert [bits(word) for word in ("aaaa", "abab", "abcd", "aaab")] == [
        0,
        1,
        2,
        pytest.approx(0.811, abs=0.001),
    ]


@pytest.mark.parametrize(
    ("text", "name", "spans"),
    [
        (DRAWN, "", [(0, 24)]), (DRAWN, "id", []), (f"x {DRAWN} y", "", [(2, 26)]), (f"sha256:{DRAWN}", "", []), (f"sha256-{DRAWN}", "", []), (f"etag={DRAWN}", "", []),
        (f"etag: {DRAWN}", "", []), (f"note: {DRAWN}", "", [(6, 30)]), (f'"batchId": "{DRAWN}"', "", []), (f"--{DRAWN}", "", []), (f"--{DRAWN}--\r\n", "", []),
        (f"a\n--{DRAWN}\nb", "", []), (f"a --{DRAWN}", "", [(2, 28)]), ("iVBORw0KGgo" + "A1b2" * 30, "", []), (f"x/9j/{DRAWN * 3}", "", [(0, 77)]), (f" /9j/{DRAWN * 3}", "", []),
        (f"id==x{DRAWN}", "", [(0, 29)]), (f"a=b={DRAWN}", "", [(0, 28)]), (f"id=x{DRAWN}", "", []), (f"trace {DRAWN}", "", []), (f"id  :  '{DRAWN}", "", []),
        (f"id: a {DRAWN}", "", [(6, 30)]), (f"{DRAWN}\n{DRAWN}", "token", [(0, 24), (25, 49)]), (f"id {'-' * 50} {DRAWN}", "", [(54, 78)]),
    ],
)  # fmt: skip
def test_where_words_of_high_entropy_stand(text: str, name: str, spans: list[tuple[int, int]]) -> None:
    assert list(entropic_spans(text, name)) == spans


@given(st.text(alphabet="abcdefgh01", max_size=40))
@settings(derandomize=True, database=None, max_examples=200, deadline=None)
def test_bits_are_the_entropy_of_a_word(word: str) -> None:
    shares = [word.count(char) / len(word) for char in set(word)]
    assert bits(word) == pytest.approx(-sum(share * math.log2(share) for share in shares))
    assert bits(word * 3) == pytest.approx(bits(word))


@given(st.sampled_from(range(len(_sought()))), st.text(alphabet="ab -._", max_size=8))
@settings(derandomize=True, database=None, max_examples=200, deadline=None)
def test_a_long_text_is_asked_for_the_same_rules_as_a_short_one(number: int, other: str) -> None:
    word, _, _ = _sought()[number]
    short = other + word + other
    assert _met(short)
    assert _met(short + "~" * 1_000) == _met(short)
    assert not _met("~" * 1_000)


def test_blobs_become_blanks_of_the_same_length() -> None:
    for text in ("iVBORw0KGgo" + "A" * 40, "R0lGOD" + "A" * 44 + "=="):
        assert without_blobs(f"{text} x") == " " * len(text) + " x"
    assert without_blobs("/9j/" + "A" * 40) == " " * 44
    for text in ("aiVBORw0KGgo" + "A" * 40, "iVBORw0KGgo" + "A" * 38):
        assert without_blobs(text) == text


SECRET = """token session authorization auth otp sig x-amz-date X-Goog-A private_key licence-key licensekey passwd pwd jwt
id_token passphrase passcode apikey signature credential set-cookie bearer csrf XSRF accesskey signing_key encryptionkey
subscriptionkey accountkey masterkey sharedkey servicekey clientkey webhookkey"""
PLAIN = """tokens tokenCount max_tokens sessions session_count author authenticated otps sign primary_key pass total_tokens
tokens_used numTokens token_limit token_type tokensize token_length token_budget tokentotal"""
IDENTITIES = """id sha256sum hashes uuid guid oid crc32 blake2b cursor spans traceparent ids etag checksums Fingerprint x_hash_y
commitId md5 digest integrity boundary revision trace sha md5sum uid"""


def test_names_by_what_they_promise() -> None:
    assert [name for name in SECRET.split() if not secret_name(name)] == []
    assert [
        name for name in (*PLAIN.split(), *IDENTITIES.split(), "a" * 201 + "token") if secret_name(name)
    ] == []
    assert [name for name in SECRET.split() if not may_name(f"a {name}=b")] == []
    assert not may_name("plain words: only")
    assert may_name("\u00e9 to-ken")
    assert [name for name in IDENTITIES.split() if not identity(name)] == []
    assert [
        name for name in (*PLAIN.split(), *SECRET.split(), "grid", "URLid", "idea") if identity(name)
    ] == []


def test_a_value_beside_the_name_of_a_secret() -> None:
    for said in ("name", "key", "header", "field", "parameter", "param", "Name"):
        assert secret_members({said: "token", "value": 1, "VAL": 2, "content": 3, "v": 4}) == {
            "value",
            "VAL",
            "content",
            "v",
        }
    assert (
        secret_members({"parameters": "token", "value": 1})
        == secret_members({"name": 5, "value": 1})
        == set()
    )
    assert secret_members({"name": "region", "value": 1, "password": 2}) == {"password"}
    assert secret_members({"name": "a", "key": "pwd", "value": 1}) == {"value"}


def test_stretches_are_merged_and_replaced() -> None:
    assert _merged([(5, 7), (1, 3), (2, 4), (4, 5), (5, 6)]) == [(1, 4), (4, 5), (5, 7)]
    assert replace_spans("abcdef", [(1, 2), (3, 5)], str.upper) == "aBcDEf"
    assert replace_spans("ab", [], str.upper) == "ab"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("password: http://x.test/a", "password: [hidden]"), ("password://longvalue1", "password://longvalue1"), ("pwd=abc", "pwd=abc"), ("pwd=a1b2c3d4", "pwd=[hidden]"),
        ("password = Basic abcdefgh1", "password = Basic [hidden]"), ("api_key: token=abcdefgh1", "api_key: [hidden]"), ("token=wonderful token=a1b2c3d4", "token=wonderful token=[hidden]"),
        ("token='abcdefgh1' x", "token='[hidden] x"), (f"say {DRAWN} twice", "say [hidden] twice"), (f"see {GH}!", "see [hidden]!"), ('pw=\\"a1b2c3d4', 'pw=\\"a1b2c3d4'),
        ('pwd=\\"a1b2c3d4', 'pwd=\\"[hidden]'), ("a.password: don't-panic.", "a.password: don't-panic."), ("password: ABCDEFGHIJ", "password: ABCDEFGHIJ"),
    ],
)  # fmt: skip
def test_a_message_is_masked_like_this(text: str, masked: str) -> None:
    assert mask(text) == masked
