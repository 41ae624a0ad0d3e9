"""Documents: JSON and YAML twins load equal, lines are those of the file, YAML 1.1's traps are closed."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.errors import SpecError
from contracts.spec.document import MAX_DOCUMENT, read_document
from contracts.vendoring.documents import kind_of

EXACT = settings(derandomize=True, database=None, max_examples=100, deadline=None)
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=4), st.sampled_from([None, 2]))
@example({"\\uD800": "\\\\ud83d\U0001f600"}, None)
@EXACT
def test_json_and_yaml_twins_load_equal(value: Any, indent: int | None) -> None:
    as_json = json.dumps(value, indent=indent, ensure_ascii=False)
    as_yaml = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    twins = [read_document("x", text.encode()).value for text in (as_json, as_yaml)]
    assert json.dumps(twins[0]) == json.dumps(value)
    assert json.dumps(twins[1]) == json.dumps(value)


def test_every_place_knows_its_line() -> None:
    text = "a:\n  b:\n  - 1\n  -\n    c: x\n'd/e': null\n"
    document = read_document("x.yaml", text.encode())
    assert dict(document.lines) == {
        "": 1,
        "/a": 1,
        "/a/b": 2,
        "/a/b/0": 3,
        "/a/b/1": 5,
        "/a/b/1/c": 5,
        "/d~1e": 6,
    }
    assert document.line("/a/b/1/c/deeper/still") == 5
    as_json = '{\n\t"a": {"b": [1,\n\t\t{"c": "\\ud83d\\ude00"}]}\n}'
    twin = read_document("x.json", as_json.encode())
    assert [twin.line(place) for place in ("", "/a", "/a/b/0", "/a/b/1/c")] == [1, 2, 2, 3]
    assert read_document("x.json", as_json.encode(), lines=False).line("/a") == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: NO", "NO"),
        ("a: yes", "yes"),
        ("a: 2024-01-01", "2024-01-01"),
        ("a: 012", 12),
        ("a: 0o14", "0o14"),
        ("a: 12:30:00", "12:30:00"),
        ("a: 1_000", "1_000"),
        ("a: .inf", ".inf"),
        ("a: ~", None),
        ("a:", None),
        ("a: True", True),
        ("a: '1'", "1"),
        ("a: +1.5e3", 1500.0),
    ],
)
def test_a_plain_word_means_what_yaml_1_2_says(text: str, value: Any) -> None:
    assert read_document("x.yaml", text.encode()).value == {"a": value}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a: \xff", "x: not UTF-8 at byte 3"),
        (b"{", "x: /: not JSON at line 1, column 2; it starts with '{'"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(data: bytes, sentence: str) -> None:
    with pytest.raises(SpecError, match="x") as caught:
        read_document("x", data)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("data", "value", "note"),
    [
        (b"a: !!binary abc", "abc", "the tag !!binary is none of JSON; what it marks is read as a text"),
        (b"a: !!set {x, y}", {"x": None, "y": None}, "the tag !!set is none of JSON; what it marks is read as an object"),
        (b"a: !own 'x'", "x", "the tag !own is none of JSON; what it marks is read as a text"),
        (b"a: !own [x]", ["x"], "the tag !own is none of JSON; what it marks is read as a list"),
        (b"a: !!python/object/apply:os.system [ls]", ["ls"], "the tag !!python/object/apply:os.system is none of JSON; what it marks is read as a list"),
        (b"a: !!int x", "x", "the tag !!int is none of JSON; what it marks is read as a text"),
        (b"a: 1e400", sys.float_info.max, "1e400 is beyond a double, so most readers lose it"),
        (b'{"a": -1e400}', -sys.float_info.max, "-1e400 is beyond a double, so most readers lose it"),
        (b'{"a": NaN}', "NaN", "NaN is not a JSON number"),
        (b"a: " + b"9" * 5000, "9" * 5000, "an integer of 5,000 digits is read as a text"),
    ],
)  # fmt: skip
def test_what_json_has_no_value_for_costs_itself_alone(data: bytes, value: Any, note: str) -> None:
    found = read_document("x", data)
    assert (found.value, found.notes) == ({"a": value}, (("/a", note),))


@pytest.mark.parametrize(
    ("text", "value"),
    [("a: !!float 3", 3.0), ("a: !!int '3'", 3), ("a: !!str 3", "3"), ("a: !!null ''", None), ("a: <<", "<<"), ("a: !!bool 'true'", True)],
)  # fmt: skip
def test_a_tag_of_json_says_what_a_word_is(text: str, value: Any) -> None:
    found = read_document("x", text.encode())
    assert (found.value, type(found.value["a"]), found.notes) == ({"a": value}, type(value), ())


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_a_document_in_utf_16_is_read(code: str, mark: str) -> None:
    text = f"{mark}openapi: 3.1.0\ninfo: {{title: é}}\n".encode(code)
    assert (read_document("x", text).value["info"], kind_of(text)) == ({"title": "é"}, "openapi")


def test_a_document_over_the_limit_is_refused() -> None:
    with pytest.raises(SpecError, match="over the limit"):
        read_document("x", b" " * (MAX_DOCUMENT + 1))


def test_a_byte_order_mark_is_no_part_of_a_document() -> None:
    assert read_document("x", b"\xef\xbb\xbfa: 1").value == {"a": 1}
