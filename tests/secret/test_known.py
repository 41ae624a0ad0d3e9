"""Known secrets are found in every spelling: the exact stretches, one row a spelling."""

from __future__ import annotations

import base64
import codecs
import gzip
import html
import json
import zlib
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.interactions import Cleaner, Tokens
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.body import redact_json
from contracts.secret import Known, holds, layers, may_name, secret_name, spelled
from contracts.secret.known import halves

VALUE = 'Zq/9+k "w&<é>\\7'
SOME = ("abcdefghij", "ghijklmnop", "Qw12", "xyz", "https://long.example/abc")


@pytest.mark.parametrize(
    "form",
    [
        VALUE, VALUE[::-1], VALUE.upper(), quote(VALUE, safe=""), quote(quote(VALUE, safe=""), safe=""), quote_plus(VALUE),
        json.dumps(VALUE)[1:-1], html.escape(VALUE), VALUE.encode().hex(), VALUE.encode().hex().upper(),
    ],
)  # fmt: skip
def test_a_spelling_is_covered_from_its_first_to_its_last_sign(form: str) -> None:
    known = Known.of([VALUE])
    assert list(known.spans(f"<<{form}>>")) == [(2, 2 + len(form))]
    assert known.within(f"<<{form}>>")


@pytest.mark.parametrize(
    ("pack", "spans"),
    [
        (base64.b64encode, [(0, 21), (2, 22), (3, 24), (4, 25), (6, 26)]),
        (base64.urlsafe_b64encode, [(0, 21), (2, 22), (3, 24), (4, 25), (6, 26)]),
        (base64.b32encode, [(0, 25), (2, 27), (4, 28), (5, 30), (7, 32)]),
    ],
)
def test_what_is_packed_is_covered_but_for_shared_digits(
    pack: Callable[[bytes], bytes], spans: list[tuple[int, int]]
) -> None:
    """From 0 to 4 bytes stand before the value."""
    known = Known.of([VALUE])
    for before, span in enumerate(spans):
        assert list(known.spans(pack(b"\0" * before + VALUE.encode() + b"~~").decode())) == [span]


@pytest.mark.parametrize(
    ("text", "spans", "within"),
    [
        ("--abcdefghijklmnop--", [(2, 18)], True), ("abcdefgh ijklmnop", [(0, 8), (9, 17)], True), ("abcdefghijghijklmnop", [(0, 20)], True),
        ("..qW12qw12..", [(2, 10)], True), ("qw1 xyz https://", [], False), ("LONG.EXAMPLE", [(0, 12)], True), ("", [], False),
        ("\u0130abcdefghij", [(1, 11)], True), ("\u0130 nothing", [], False), ("a" * 500 + "abcdefghij", [(500, 510)], True), ("b" * 500, [], False),
        ("a b c d e f g h i j", [], True), ("a-b.c_d/e:f g,h i;j", [], True), ("abcd\u200befgh\u00adij", [], True), ("ab\u00e2\x80\x83cdef\u4e2dghij", [], True), ("ab\ncd\nef\ngh", [], True),
        ("\u00e4abcdefghij", [(1, 11)], True), ("a.b.c.d.e.f.g.h.\u00e4", [], True), ("61:62:63:64:65:66:67:68:69:6a", [], True),
        ("0x610x620x630x640x650x660x670x68", [], True), ("\\x61\\x62\\x63\\x64\\x65\\x66\\x67\\x68", [], True), ("abcdefg", [], False), ("\\X61\\X62\\X63\\X64\\X65\\X66\\X67\\X68", [], True),
        ("YWJj-ZGVm_Z2hp.ag", [], True), ("abc%2564efgh", [], True), ("abc+defgh%69", [], True),
    ],
)  # fmt: skip
def test_pieces_are_found_where_they_stand(text: str, spans: list[tuple[int, int]], within: bool) -> None:
    known = Known.of(SOME)
    assert list(known.spans(text)) == spans
    assert known.within(text) is within
    assert not Known().within(text)


def test_a_secret_that_is_no_utf_8_is_found_too() -> None:
    """What the environment holds of other bytes, Python shows as halves of surrogate pairs."""
    secret = "abcd\udcff efgh"
    known = Known.of([secret])
    for form in (
        secret,
        quote(secret, safe="", errors="surrogatepass"),
        secret.encode("utf-8", "surrogatepass").hex(),
    ):
        assert list(known.spans(f"<{form}>")) == [(1, 1 + len(form))]


def test_plain_words_of_keys_count_as_a_whole() -> None:
    keys = Known.of_keys(["test-api-key", "sk1live9KEY", "plain words", "short"])
    for text in ("test-api-key", "TEST-API-KEY", "sk1live9", "plain words"):
        assert list(keys.spans(text)) == [(0, len(text))]
    for text in ("test-api", "plain wo", "short", "a.test.api.key", "sk1live"):
        assert not keys.within(text)
    assert Known.of_keys(["a1b2c3d4"]).within("a1b2c3d4")
    assert Known.of_keys(["llx-ypQuQzqdvFNb"]).within(b"llx-ypQuQz".hex(":"))
    assert [Known.of([value]).filled for value in ("abcd", "abc", "")] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "below"),
    [
        (r"a\\b", (r"a\b", "ab")), (r"a\\\\b", (r"a\b", "ab")), (r"\n\"x", ('n"x',)), ("%u0041", ("A",)), (r"\U00000041", ("A",)),
        (r"\u{41}", ("A",)), (r"\x41\x4", ("Ax4",)), ("%zz&amp", ()), ("&amp;lt;", ("&lt;", "<")), ("&#65;&#x42", ("AB",)), ("%e4%41", ("\ufffdA",)),
        ("100%", ()), ("a\\", ("a",)), ("%25%32%35%32%35", ("%2525", "%25", "%")), ("a&#65b;", ("aAb;",)),
        ("%25252525252541", ("%252525252541", "%2525252541", "%25252541", "%252541")),
    ],
)  # fmt: skip
def test_escapes_come_off_layer_by_layer(text: str, below: tuple[str, ...]) -> None:
    assert layers(text) == (text, *below)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a+b", []), ("a%41b", []), ("a%41+b", ["aA+b", "a%41+b", "a%41+b", "aA b"]), (r"%41\x42", [r"A\x42", "%41B", r"%41\x42"]),
        ("a&amp;%41+c", ["a&amp;A+c", "a&amp;%41+c", "a&%41+c", "a&amp;A c"]), (r"\u0041&lt;", [r"\u0041&lt;", "A&lt;", r"\u0041<"]),
    ],
)  # fmt: skip
def test_escapes_of_one_kind_come_off_alone(text: str, found: list[str]) -> None:
    assert list(halves(text)) == found


def test_a_secret_with_marks_of_its_own_is_found_when_another_kind_is_taken_off() -> None:
    known = Known.of(["zz%41yy&lt;kk"])
    assert known.within(r"\u007az%41y\u0079&lt;\u006bk")
    assert not known.within(r"\u007az%41y\u0078&lt;\u006bk")


@given(
    st.sampled_from(["access-key", "X-Auth", "otp", "licenseKey", "sig", "api_key", "pwd", "\u0130token"]),
    st.text(),
    st.text(),
)
def test_a_text_that_holds_a_secret_name_is_known_to_hold_one(name: str, before: str, after: str):
    assert secret_name(name)
    assert may_name(before + name + after)


KEY = "kq7Zp2Xw9vBd4Fh6Jm8N"
EMITTED = {
    "base64 of UTF-16": base64.b64encode(KEY.encode("utf-16-le")).decode(),
    "base64 of UTF-16 that says so": base64.b64encode(codecs.BOM_UTF16_BE + KEY.encode("utf-16-be")).decode(),
    "hexadecimal of UTF-16": KEY.encode("utf-16-le").hex(),
    "base64 of gzip": base64.b64encode(gzip.compress(KEY.encode())).decode(),
    "base64 of zlib": base64.b64encode(zlib.compress(KEY.encode())).decode(),
    "octal": "".join(f"\\{ord(c):03o}" for c in KEY),
    "numbers": str(list(KEY.encode())),
    "numbers alone": " ".join(str(b) for b in KEY.encode()),
    "letters of full width": "".join(chr(ord(c) + 0xFEE0) for c in KEY),
}


@pytest.mark.parametrize("spelling", EMITTED)
def test_a_value_is_found_as_systems_emit_bytes(spelling: str) -> None:
    known = Known.of([KEY])
    assert holds(f"say {EMITTED[spelling]} now", known)
    body = {
        "note": EMITTED[spelling],
        "data": [list(KEY.encode())],
        "sizes": [115, 107, 45, 1, 2, 3, 4, 5, 6],
    }
    clean, _ = redact_json(body, Cleaner(known, Tokens()), Allowance())
    assert not holds(str(clean), known)
    assert clean["sizes"] == body["sizes"]


def test_numbers_that_are_no_bytes_are_left_alone() -> None:
    assert spelled([300, 1]) == spelled(["a"]) == spelled([-1]) == spelled([1.5]) == ""
    assert spelled([107, 49]) == spelled("107, 49") == "k1"
    text = "scores 12, 250, 3, 4, 5, 6, 7, 8, 9, 99"
    assert Cleaner(Known.of([KEY]), Tokens()).clean(text) == text
