"""The canonical form, read back: what is not in its words is refused."""

from __future__ import annotations

import copy
import pickle

import pytest

from contracts.batch import to_json
from contracts.errors import NormalizationError
from contracts.providers import NORMALIZERS, canonical
from tests.providers.payloads import VENDORS, plain

STATES = "'pending', 'running', 'paused', 'completed', 'failed', 'cancelled' or 'unknown'"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"state": "done"}, f"/state: expected {STATES}, found 'done'"),
        ({"outcome": "good"}, "/outcome: expected 'succeeded', 'partial', 'failed' or 'unknown', found 'good'"),
        ({"items": [{"id": None, "state": "?"}]}, f"/items/0/state: expected {STATES}, found '?'"),
        ({"times": {"created": "2024-01-15"}}, "/times/created: expected an RFC 3339 date-time, found '2024-01-15'"),
        ({"counts": None}, "/counts: expected an object, found null"),
        ({"doubts": [1]}, "/doubts/0: expected a string, found 1"),
    ],
)  # fmt: skip
def test_other_words_are_refused_with_their_place(change, text):
    with pytest.raises(NormalizationError) as caught:
        canonical.normalize(to_json(NORMALIZERS["matil"](plain("matil"))) | change)
    assert str(caught.value) == text


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_batch_can_be_copied_and_sent_to_another_process(vendor):
    batch = NORMALIZERS[vendor](plain(vendor))
    assert canonical.normalize(to_json(batch)) == batch
    assert pickle.loads(pickle.dumps(batch)) == batch
    assert copy.deepcopy(batch) == batch


def test_an_empty_list_of_files_is_not_one_that_was_not_given():
    def affected(**error):
        return NORMALIZERS["wickson"](plain("wickson", error_summary=[error])).errors[0].affected

    assert (affected(), affected(affected_files=None), affected(affected_files=[])) == (None, None, ())
    assert affected(affected_files=["a"]) == ("a",)
