"""The YAML writer: every value comes back as it was, by YAML 1.1 and 1.2 readers alike, and reads well."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import SpecError
from contracts.spec.document import MAX_DEPTH, read_document
from contracts.vendoring import dump

ODD = ["no", "1_000", "0o7", "12:30", "2024-01-01", "1e3", ".5", "-", "---", "...", "? a", "<<", "null", "%a", "a: b",
       "a #b", "x" * 200, "word " * 60, "lorem ipsum " * 20 + "x", "a\n\n b\n", "\n", "a\n\n\n", " x\ny", "a \nb",
       "\x85", "\u2028", "\ufeff", "\u202e", "~", "=", "0x1F", "+1", "1.", "é", "日本", "🙂", "a\tb", "'", '"', "\\"]  # fmt: skip
TEXT = (
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
    | st.text("aA1.-:# \n'\"{}[]&*!|>%@`,?~=\t", max_size=14)
    | st.sampled_from(ODD)
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
KEYS = TEXT | st.text("ab", min_size=1000, max_size=1100)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(VALUES)
def test_what_is_written_is_read_back(value):
    data = dump(value)
    assert repr(read_document("x", data).value) == repr(value)
    assert yaml.safe_load(data) == value


def test_it_reads_as_a_person_would_write_it():
    value = {
        "openapi": "3.1.0",
        "paths": {"/v1/{id}": {"get": {"responses": {"200": {"description": "All fine: yes"}}}}},
        "list": ["a", {"b": 1, "c": [True, None]}, [], {}, [["x"]]],
        "text": "two\n\nparagraphs\n",
        "long": "word " * 30 + "end",
        "odd": ["no", "1.0", "2024-01-01", "a\x1b[2J"],
        "number": 1e21,
    }
    assert dump(value).decode() == (
        "openapi: 3.1.0\npaths:\n  /v1/{id}:\n    get:\n      responses:\n        '200':\n"
        "          description: 'All fine: yes'\n"
        "list:\n  - a\n  - b: 1\n    c:\n      - true\n      - null\n  - []\n  - {}\n  - - - x\n"
        "text: |\n  two\n\n  paragraphs\n"
        "long: >-\n  " + "word " * 17 + "word\n  " + "word " * 12 + "end\n"
        "odd:\n  - 'no'\n  - '1.0'\n  - '2024-01-01'\n  - \"a\\e[2J\"\nnumber: 1.0e+21\n"
    )


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), "\ud800", {"\udfff": 1}, 10**5000],
    ids=["nan", "inf", "half", "half-key", "huge"],
)
def test_what_yaml_cannot_carry_is_refused(value):
    with pytest.raises(SpecError):
        dump(value)


def test_depth_is_bounded():
    value = None
    for _ in range(MAX_DEPTH):
        value = [value] if isinstance(value, dict) else {"a": value}
    assert read_document("x", dump(value)).value == value
    with pytest.raises(SpecError, match="deep"):
        dump([value])


def test_what_an_editor_does_not_show_is_written_out():
    assert dump(["a\u202eb", "\u2066\n", {"\u200b": 1}]) == (
        b'- "a\\u202eb"\n- "\\u2066\\n"\n- "\\u200b": 1\n'
    )
