"""The normalizers take time in proportion to the items, and little of it beside the decoding."""

from __future__ import annotations

import pytest

from tests.benchmarks.normalizer_speed import measure
from tests.providers.payloads import ITEMS


@pytest.mark.benchmark
@pytest.mark.parametrize("vendor", sorted(ITEMS))
def test_normalizing_costs_at_most_five_times_the_strict_decode(vendor):
    decoding, normalizing = measure(vendor, 2_000)
    assert normalizing <= 5 * decoding
    assert measure(vendor, 8_000)[1] <= 10 * normalizing
