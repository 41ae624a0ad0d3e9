"""Strict JSON: what Python lets through and JSON does not is named with its place, fast, whatever arrives."""

from __future__ import annotations

import json
import math
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.decode import MAX_DEPTH, decode

EXACT = settings(derandomize=True, database=None, max_examples=50, deadline=None)
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
PAD = " " * 70_000  # past the size from which the quick way is taken


def faults(body: bytes, **settings: Any) -> list[str]:
    return [
        f"{fault.pointer or '/'} {fault.rule}: {fault.message}" for fault in decode(body, **settings).faults
    ]


@given(VALUES, st.sampled_from([None, 1]), st.booleans(), st.booleans())
@EXACT
def test_clean_json_is_what_python_reads(value: Any, indent: int | None, ascii_only: bool, big: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only) + (PAD if big else "")
    decoded = decode(text.encode())
    assert decoded.usable
    assert decoded.faults == ()
    assert json.dumps(decoded.value) == json.dumps(json.loads(text))


@given(st.binary(max_size=60) | TEXT.map(str.encode))
@EXACT
def test_any_bytes_give_a_value_or_a_fault(body: bytes) -> None:
    decoded = decode(body)
    assert decoded.usable or decoded.faults


@given(
    st.lists(st.tuples(st.sampled_from("ab:\"'\\ {["), st.integers(0, 9)), max_size=5),
    st.sampled_from(["", " ", "\n"]),
)
@EXACT
def test_a_duplicate_key_is_found_however_it_is_written(pairs: list[tuple[str, int]], space: str) -> None:
    text = "{" + ",".join(f"{json.dumps(key)}{space}:{value}" for key, value in pairs) + "}"
    keys = [key for key, _ in pairs]
    twice = [key for key in dict.fromkeys(keys) if keys.count(key) > 1]
    for body in (text, f"[{text}{PAD}]"):
        found = decode(body.encode())
        assert {fault.pointer[-1] for fault in found.faults} == set(twice)
        assert found.usable


SPACE = st.sampled_from(["", "", "", " ", "\n", "\t\r"])
KEYS = st.sampled_from(
    [*"abc:,{] é", "", "a:", "a,b", r"\u0061", r"\u0022", r"\"", r"\\", r"\":", r"\n"],
).map('"{}"'.format)
LEAVES = KEYS | st.sampled_from(
    ["1", "-0.5", "true", "null", "1e999", "NaN", '": "', '"://"', '"\\ud800"', "x"]
)


def _joined(parts: list[Any], space: str, ends: str) -> str:
    return ends[0] + ",".join(f"{space}{part}{space}" for part in parts) + ends[1]


def _containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.tuples(KEYS, SPACE, SPACE, inner).map("{0[0]}{0[1]}:{0[2]}{0[3]}".format)
    return st.builds(_joined, st.lists(inner, max_size=3), SPACE, st.just("[]")) | st.builds(
        _joined, st.lists(members, max_size=4), SPACE, st.just("{}")
    )


@given(st.recursive(LEAVES, _containers, max_leaves=12))
@settings(EXACT, max_examples=60)
def test_a_big_body_is_read_like_a_small_one(text: str) -> None:
    small, big = decode(text.encode()), decode((text + PAD).encode())
    assert json.dumps(small.value) == json.dumps(big.value)
    assert small.usable is big.usable
    assert [fault[:2] for fault in small.faults] == [fault[:2] for fault in big.faults]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": ":"}',
        '{"a": 1, "a": {"b:": 2}}',
        '{"a" : 1, "b": 2, "b": "\\": "}',
        '{"a": {"b": 1, "b,": 2}, "c": ["", ":", ""], "a": 0}',
        '{"x:y": 1, "x:y": 2}',
    ],
)
def test_what_looks_like_a_key_hides_no_duplicate(text: str) -> None:
    assert [fault.rule for fault in decode((text + PAD).encode()).faults] == ["duplicate-key"]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b'{"a": [{"b": 1, "b": 2}]}', "/a/0/b duplicate-key: the key 'b' is there more than once"),
        (b'{"a": NaN}', "/a not-a-json-number: NaN is not a JSON number"),
        (b"[-Infinity]", "/0 not-a-json-number: -Infinity is not a JSON number"),
        (b"[1e400]", "/0 huge-number: 1e400 is beyond a double, so most readers lose it"),
        (b"[" + b"9" * 4301 + b"]", "/0 huge-integer: an integer of 4,301 digits, over the limit of 4,300"),
        (b"[-" + b"9" * 4301 + b"]", "/0 huge-integer: an integer of 4,302 digits, over the limit of 4,300"),
        (b'{"a": "\\ud800"}', "/a lone-surrogate: half of a surrogate pair stands alone"),
        (b'{"\\udc00": 1}', "/\\udc00 lone-surrogate: half of a surrogate pair stands alone"),
        (b"\xef\xbb\xbf{}", "/ byte-order-mark: starts with a byte order mark"),
        (b'{"a": "\xff"}', "/ bad-utf8: not UTF-8 at byte 7"),
        (b'{"a": "\xed\xa0\x80"}', "/ bad-utf8: not UTF-8 at byte 7"),
        (b"", "/ not-json: an empty body is not JSON"),
        (b" \n ", "/ not-json: an empty body is not JSON"),
        (b"<html>", "/ not-json: not JSON at line 1, column 1; it starts with '<html>'"),
        (b'{"a": 1', "/ not-json: not JSON at line 1, column 8; it starts with '{\"a\": 1'"),
        (b"{'a': 1}", "/ not-json: not JSON at line 1, column 2; it starts with '{'a': 1}'"),
        (b'"a\nb"', "/ not-json: not JSON at line 1, column 3; it starts with '\"a\\nb\"'"),
        (b"1 2", "/ not-json: not JSON at line 1, column 3; it starts with '1 2'"),
        (b"\x00", "/ not-json: not JSON at line 1, column 1; it starts with '\\x00'"),
        (b"[" * 300 + b"]" * 300, "/ json-too-deep: nested deeper than 256 levels"),
        (b"[" * 300, "/ json-too-deep: nested deeper than 256 levels"),
    ],
)
def test_each_departure_from_json_is_named(body: bytes, line: str) -> None:
    shown = [text.encode("ascii", "backslashreplace").decode() for text in faults(body)]
    assert shown == [line]


def test_several_faults_of_one_body_come_together() -> None:
    body = b'\xef\xbb\xbf{"a": 1e999, "a": NaN, "b": "\\udfff"}'
    assert [line.split(":")[0].split(" ", 1)[1] for line in faults(body)] == [
        "byte-order-mark",
        "duplicate-key",
        "not-a-json-number",
        "lone-surrogate",
    ]
    assert not decode(body).usable


def test_the_limit_on_bytes_can_be_raised() -> None:
    assert faults(b'"' + b"a" * 10 + b'"', max_bytes=11) == [
        "/ body-too-large: 12 bytes of body, over the limit of 11"
    ]
    assert faults(b'"' + b"a" * 10 + b'"', max_bytes=12) == []


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("pad", ["", PAD])
@pytest.mark.parametrize("trap", ["1", '"]}[{"', '"a\\"[["', '"\\\\"', '"[", "]"'])
def test_the_depth_limit_is_exact(opening: str, closing: str, pad: str, trap: str) -> None:
    if "," in trap and opening != "[":
        trap = '"["'
    for depth, fine in ((MAX_DEPTH, True), (MAX_DEPTH + 1, False)):
        decoded = decode((opening * depth + trap + closing * depth + pad).encode())
        assert decoded.usable is fine
        assert [fault.rule for fault in decoded.faults] == ([] if fine else ["json-too-deep"])


def test_surrogate_pairs_are_no_fault_and_escaped_backslashes_hide_none() -> None:
    assert decode(b'["\\ud83d\\ude00", "\\\\ud83d", "\\u00e9"]').value == ["\U0001f600", "\\ud83d", "é"]
    assert faults(b'["\\\\ud83d"]') == []
    assert len(faults(b'["\\\\ud83d\\ude00"]')) == 1
    assert len(faults(b'["\\ude00\\ud83d"]')) == 1


HOSTILE = {
    "unclosed quote with escapes": b'"' + b'\\"' * 2_400_000,
    "only quotes": b'"' * 5_000_000,
    "only openings": b"[" * 5_000_000,
    "deep and wide": b"[" + b",".join([b"[" * 300 + b"]" * 300] * 8000) + b"]",
    "many strings then rubbish": b"[" + b'"a",' * 1_200_000 + b"x]",
    "escapes": b'"' + b"\\u0041" * 800_000 + b'"',
    "surrogates": b'"' + b"\\ud83d\\ude00" * 400_000 + b'"',
    "a number without end": b"1" * 5_000_000,
    "a fraction without end": b"1." + b"1" * 5_000_000,
    "spaces": b" " * 5_000_000,
    "half a surrogate at the end": b'"' + b"\\u0041" * 800_000 + b'\\ud800"',
}


@pytest.mark.untraced
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_costs_less_than_a_second(name: str) -> None:
    start = time.process_time()
    decoded = decode(HOSTILE[name])
    assert time.process_time() - start < 1
    assert decoded.usable or decoded.faults


def test_numbers_keep_their_kind_and_size() -> None:
    value = decode(b"[1, 1.0, 1e2, -0, 18446744073709551616, 0.1, 5e-324]").value
    assert [type(number) for number in value] == [int, float, float, int, int, float, float]
    assert value[4] == 2**64
    assert math.isclose(value[6], 5e-324)


@pytest.mark.parametrize(("token", "sign"), [("1e400", 1), ("-2.5E+999", -1)])
def test_all_else_is_judged_where_a_number_is_beyond_a_double(token: str, sign: int) -> None:
    found = decode(f'{{"a": "x", "n": [{token}]}}'.encode())
    assert found.usable
    assert found.value == {"a": "x", "n": [sign * sys.float_info.max]}


def test_what_is_decoded_is_plain_json_whatever_was_wrong_with_it():
    decoded = decode(b'{"a": {"b": 1, "b": 2}, "c": [{"d": 1, "d": 1e400}]}')
    assert type(decoded.value) is dict
    assert type(decoded.value["a"]) is dict
    assert type(decoded.value["c"][0]) is dict
    assert decoded.usable


def test_a_body_that_is_no_json_shows_no_part_of_a_token():
    decoded = decode(b"  gl" + b"pat-" + b"a1B2" * 8 + b" was refused")
    assert decoded.faults[0].message == "not JSON at line 1, column 3; it starts with '[hidden] was refused'"
