"""What is kept word for word, what is refused because it is no JSON, and where the limits are."""

from __future__ import annotations

import json

import pytest

from contracts.batch import to_json
from contracts.decode import MAX_DEPTH, decode
from contracts.errors import NormalizationError
from contracts.providers import canonical, matil
from contracts.providers.keeping import copied
from tests.providers.payloads import plain


def refused(payload):
    with pytest.raises(NormalizationError) as caught:
        matil.normalize(payload)
    return str(caught.value)


HUGE = 10**4_300


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "/x: expected a JSON value, found NaN"),
        (float("inf"), "/x: expected a JSON value, found Infinity"),
        (float("-inf"), "/x: expected a JSON value, found -Infinity"),
        ([{"y": float("nan")}], "/x/0/y: expected a JSON value, found NaN"),
        (
            [1, True, None, 2.5, "a", {"y/z": [()]}],
            "/x/5/y~1z/0: expected a JSON value, found a Python tuple",
        ),
        ((), "/x: expected a JSON value, found a Python tuple"),
        (b"", "/x: expected a JSON value, found a Python bytes"),
        ({1: 2}, "/x: expected string keys, found 1"),
        ([{"a": {None: 2}}], "/x/0/a: expected string keys, found null"),
        (HUGE, "/x: expected a JSON value, found an integer of 3572 hexadecimal digits"),
        (-HUGE, "/x: expected a JSON value, found an integer of 3572 hexadecimal digits"),
    ],
    ids=[f"value-{number}" for number in range(11)],  # one of them is too large to be written
)
def test_what_is_no_json_is_refused_with_its_place(value, text):
    assert refused(plain("matil", x=value)) == text


def test_keys_are_text_everywhere():
    assert refused(plain("matil") | {1: 2}) == "/: expected string keys, found 1"
    assert refused(plain("matil", items=[{"status": "a", 2: 3}])) == (
        "/items/0: expected string keys, found 2"
    )


def test_the_largest_numbers_are_kept_and_can_be_written():
    numbers = [HUGE - 1, 1 - HUGE, 1.7976931348623157e308, -1.7976931348623157e308, 5e-324, 0]
    batch = matil.normalize(plain("matil", x=numbers, y=HUGE - 1))
    assert batch.extra["/x"] == numbers
    assert canonical.normalize(json.loads(json.dumps(to_json(batch)))) == batch
    for number in (HUGE, -HUGE, float("inf"), float("nan")):
        assert refused(plain("matil", total_items=number)).startswith(
            "/total_items: expected an integer, found "
        )


def nested(levels, innermost, kind):
    """A value of that many levels."""
    for _ in range(levels - 1):
        innermost = [innermost] if kind is list else {"a": innermost}
    return innermost


@pytest.mark.parametrize("kind", [list, dict])
@pytest.mark.parametrize("at", ["payload", "item"])
def test_what_the_decoder_lets_through_is_deep_enough(kind, at):
    """The payload is a level of its own, an item is three."""
    taken = []
    for levels in range(MAX_DEPTH - 5, MAX_DEPTH + 3):
        deep = nested(levels, kind(), kind)
        payload = plain("matil", x=deep) if at == "payload" else plain("matil", items=[{"x": deep}])
        usable = decode(json.dumps(payload).encode()).usable
        taken.append(usable)
        if usable:
            assert matil.normalize(payload)
        else:
            assert "expected at most 256 levels, found " in refused(payload)
    assert set(taken) == {True, False}


def test_extra_is_by_pointer_text():
    odd = {"a/b": 1, "m~n": 2, "~1": 3, "": 4, "é": 5, "a b": 6}
    batch = matil.normalize(plain("matil", items=[odd, odd], **odd))
    told = {"/a~1b": 1, "/m~0n": 2, "/~01": 3, "/": 4, "/é": 5, "/a b": 6}
    assert {key: value for key, value in batch.extra.items() if key in told} == told
    assert [item.extra for item in batch.items] == [told, told]


def test_empty_items_share_what_they_read_as():
    items = matil.normalize(plain("matil", items=[{"status": "failed"}, {}, {"status": ""}, {}])).items
    assert items[1] is items[3]
    assert [item.raw_state for item in items] == ["failed", None, "", None]


@pytest.mark.parametrize("nothing", [0, "", None, False, [], 0.0])
def test_an_item_that_is_nothing_is_no_empty_object(nothing):
    for items in ([nothing], [{}, nothing], [{}, {"status": "a"}, nothing]):
        assert refused(plain("matil", items=items)).startswith(
            f"/items/{len(items) - 1}: expected an object, "
        )


def test_a_copy_is_equal_and_another():
    value = {"a": [1, {"b": []}, [[]], {}], "c": None}
    copy = copied(value, ())
    assert copy == value
    assert copy is not value
    assert copy["a"] is not value["a"]
    assert copy["a"][1]["b"] is not value["a"][1]["b"]
    assert [copied(atom, ()) for atom in (None, True, 1, 1.5, "x")] == [None, True, 1, 1.5, "x"]


def test_what_is_no_json_is_named_in_the_deepest_level_too():
    deep = nested(MAX_DEPTH - 1, [float("nan"), None], list)
    assert refused(plain("matil", x=deep)).endswith(": expected a JSON value, found NaN")


def test_a_place_is_told_in_200_characters():
    pointer = refused(plain("matil", **{"k" * 500: float("nan")})).partition(":")[0]
    assert pointer == "/" + "k" * 198 + "…"
