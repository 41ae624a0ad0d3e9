from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.batch import to_json
from contracts.errors import NormalizationError
from contracts.providers import NORMALIZERS, canonical
from tests.providers.payloads import VENDORS, plain

SCHEMA = json.loads((Path(__file__).parents[2] / "specs" / "batch.schema.json").read_text("utf-8"))
MODEL = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())

ODD = (
    None, True, False, 0, 1, -1, 1.0, 1.5, -0.0, 1e308, 2**63, 10**400, "", "string", "completed", "\ud800", "\x00",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:60Z", [], [None], [{}], [[]], {}, {"": None}, {"id": {}},
)  # fmt: skip
json_values = st.recursive(
    st.sampled_from([v for v in ODD if not isinstance(v, (list, dict))])
    | st.text()
    | st.integers()
    | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
quiet = settings(derandomize=True, database=None, max_examples=30, deadline=None)


def read(vendor, payload):
    """Normalize, or give None for the one refusal that is allowed; check every law of the model on the way."""
    before = copy.deepcopy(payload)
    try:
        batch = NORMALIZERS[vendor](payload)
    except NormalizationError as error:
        check_sentence(error)
        return None
    finally:
        assert repr(before) == repr(payload)
    document = to_json(batch)
    json.dumps(document)
    MODEL.validate(document)
    assert canonical.normalize(document) == batch
    assert batch.counts.coherent
    return batch


def check_sentence(error):
    assert error.expected
    assert error.found
    assert all(31 < ord(char) < 127 or ord(char) >= 160 for char in str(error))


def places(value, at=()):
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*at, key))


def put(payload, at, value):
    if not at:
        return value
    holder = payload
    for key in at[:-1]:
        holder = holder[key]
    holder[at[-1]] = value
    return payload


@pytest.mark.parametrize("vendor", VENDORS)
@quiet
@given(json_values)
def test_any_json_value_is_read_or_refused(vendor, value):
    read(vendor, value)


@pytest.mark.untraced
@pytest.mark.parametrize("vendor", VENDORS)
def test_any_place_may_hold_anything(vendor):
    for at in places(plain(vendor)):
        for value in ODD:
            read(vendor, put(plain(vendor), at, copy.deepcopy(value)))


@pytest.mark.parametrize("vendor", VENDORS)
@quiet
@given(st.data())
def test_several_places_may_hold_anything(vendor, data):
    payload = plain(vendor)
    for _ in range(3):
        at = data.draw(st.sampled_from(sorted(places(payload), key=repr)))
        payload = put(payload, at, data.draw(json_values))
    read(vendor, payload)


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_place_may_be_missing(vendor):
    for at in list(places(plain(vendor)))[1:]:
        payload = plain(vendor)
        holder = payload
        for key in at[:-1]:
            holder = holder[key]
        del holder[at[-1]]
        read(vendor, payload)


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_not_json_is_refused_too(vendor):
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    for odd in (deep, float("nan"), float("inf"), 10**5000, (), b"x", {1: 2}, object()):
        payload = plain(vendor)
        payload["x"] = odd
        with pytest.raises(NormalizationError):
            NORMALIZERS[vendor](payload)


@pytest.mark.untraced
@pytest.mark.parametrize("vendor", VENDORS)
def test_nothing_that_the_vendor_sends_is_lost(vendor):
    """Any change of any leaf changes the batch."""
    whole = NORMALIZERS[vendor](plain(vendor))
    for at in places(plain(vendor)):
        value = plain(vendor)
        for key in at:
            value = value[key]
        if isinstance(value, (dict, list)):
            continue
        for other in (0.5, 1, 17, "zz", "2001-02-03T04:05:06Z", not value):
            try:
                changed = read(vendor, put(plain(vendor), at, other))
            except TypeError:
                continue
            if type(other) is type(value) and other != value:
                assert changed is None or changed != whole, (at, value, other)


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_batch_does_not_change_with_the_payload(vendor):
    payload = plain(vendor)
    batch = NORMALIZERS[vendor](payload)
    stand = json.dumps(to_json(batch))
    for at in reversed(list(places(payload))):
        holder = payload
        for key in at[:-1]:
            holder = holder[key]
        if at:
            del holder[at[-1]]
    assert json.dumps(to_json(batch)) == stand
