"""The bank of planted faults against the payloads: the covering set alone finds nearly all of them."""

from __future__ import annotations

import pytest

from contracts.consumers import sources
from contracts.consumers.registry import bundled
from contracts.consumers.stress.record import stress
from contracts.spec.provider import load
from tests.benchmarks.normalizer_faults import missed
from tests.consumers.fault_bank import BANK
from tests.providers.payloads import VENDORS


def test_the_bank_is_large_and_each_fault_has_a_name():
    assert len({one.id for one in BANK}) == len(BANK) >= 80
    assert all(one.id.startswith(one.vendor) for one in BANK)


@pytest.mark.untraced
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_covering_set_finds_planted_faults(vendor):
    faults = [one for one in BANK if (one.vendor, one.needs) == (vendor, "valid")]
    payloads = [sample.value for sample in sources.covering(sources.answers(load(vendor)))]
    left = [one.id for one in missed(vendor, payloads, faults)]
    assert len(left) <= 0.05 * len(faults) + 1, left


@pytest.mark.untraced
@pytest.mark.parametrize("vendor", VENDORS)
def test_ours_keep_all_laws_on_what_covers_nearly_fits_or_drifts(vendor):
    found = sources.answers(load(vendor))
    # All of them, and random payloads, are the business of tests/benchmarks/normalizer_laws.py.
    samples = [
        *list(sources.covering(found))[::6],
        *list(sources.near_misses(found))[::8],
        *list(sources.drifted(found))[::32],
    ]
    state = stress(bundled(vendor)[0], samples)
    assert [(one.law.id, one.words) for one in state.stumbles.values()] == []
