"""What a vendor sends is in the batch: no leaf of any payload of the covering set can change or go unseen."""

from __future__ import annotations

import copy
from collections import Counter

import pytest

from contracts.consumers import sources
from contracts.errors import NormalizationError
from contracts.providers import NORMALIZERS
from contracts.spec.provider import load
from tests.providers.payloads import VENDORS
from tests.providers.test_totality import places, put

OTHERS = ("another text", "2001-02-03T04:05:06.789Z", 17, 0.25, True, False, None, ["x"], {"x": 1})
"""What a leaf is changed to: all that is not the value itself."""


def read(vendor, payload):
    """The batch, or None for a refusal."""
    try:
        return NORMALIZERS[vendor](payload)
    except NormalizationError:
        return None


def value_at(payload, at):
    for key in at:
        payload = payload[key]
    return payload


def leaves(payload):
    """Places of what has nothing in it: words, numbers, null, and empty lists and objects."""
    return [
        at
        for at in places(payload)
        if at and not (isinstance(held := value_at(payload, at), (dict, list)) and held)
    ]


def probed(vendor, often):
    """Payloads of the covering set with their leaves; the same kind of leaf at the same kind of place not too often."""
    met = Counter()
    for sample in sources.covering(sources.answers(load(vendor))):
        for at in leaves(sample.value):
            held = value_at(sample.value, at)
            kind = (tuple("*" if isinstance(key, int) else key for key in at), type(held), bool(held))
            met[kind] += 1
            if met[kind] <= often:
                yield sample.value, at, held


def same(one, other):
    """Whether two values are one JSON value: 1 and 1.0 are, 1 and true are not."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


@pytest.mark.untraced
@pytest.mark.parametrize("vendor", VENDORS)
def test_every_leaf_is_mapped_or_kept(vendor):
    """Any other value at any leaf is refused, or makes another batch."""
    for payload, at, held in probed(vendor, 1):
        whole = read(vendor, payload)
        for other in OTHERS:
            if not same(held, other):
                changed = read(vendor, put(copy.deepcopy(payload), at, copy.deepcopy(other)))
                assert changed is None or repr(changed) != repr(whole), (at, held, other)


@pytest.mark.untraced
@pytest.mark.parametrize("vendor", VENDORS)
def test_no_leaf_may_be_left_out_unseen(vendor):
    """Leaving out any leaf but null is refused, or makes another batch; absent and null are both nothing."""
    for payload, at, held in probed(vendor, 2):
        if isinstance(at[-1], str) and held is not None:
            less = copy.deepcopy(payload)
            del value_at(less, at[:-1])[at[-1]]
            changed = read(vendor, less)
            assert changed is None or repr(changed) != repr(read(vendor, payload)), (at, held)
