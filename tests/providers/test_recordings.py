"""Every recorded answer, and what it reads as: the vendors' own situations in one table."""

from __future__ import annotations

import pytest

from contracts.providers.files import read_path
from contracts.spec.provider import load
from tests.providers.payloads import VENDORS

TABLE = """
almanac completed-finished-at-null: completed succeeded ?+? of 2
almanac completed-finished-at-set: completed succeeded ?+? of 2
almanac completed-no-change: completed succeeded ?+? of 2
almanac failed-dispatch: failed failed ?+? of 2
almanac failed-error-null: failed failed ?+? of 2
almanac failed-upload: failed failed ?+? of 2
almanac failed-worker-error: failed failed ?+? of 2
almanac poll-queued-to-failed-1: running unknown ?+? of 2
almanac poll-queued-to-failed-2: failed failed ?+? of 2
almanac poll-uploading-to-completed-1: running unknown ?+? of 2
almanac poll-uploading-to-completed-2: running unknown ?+? of 2
almanac poll-uploading-to-completed-3: running unknown ?+? of 2
almanac poll-uploading-to-completed-4: completed succeeded ?+? of 2
almanac queued-worker-running: running unknown ?+? of 2
almanac queued: running unknown ?+? of 2
almanac uploading: running unknown ?+? of 2
llamacloud cancelled: cancelled unknown ?+? of ?
llamacloud completed-expanded: completed unknown ?+? of 3
llamacloud completed-extract: completed unknown ?+? of 1
llamacloud completed-with-unmapped-file: completed unknown ?+? of 3
llamacloud failed: failed failed ?+? of ?
llamacloud pending: pending unknown ?+? of ?
llamacloud running: running unknown ?+? of ?
llamacloud throttled: pending unknown ?+? of ?
matil completed-with-failed-item: completed partial 2+1 of 3
matil completed: completed partial 3+0 of 3
matil failed-webhook: completed succeeded 1+0 of 1
matil failed: failed failed 0+2 of 2
matil no-version: pending unknown 0+0 of 1
matil pending: pending unknown 0+0 of 3
nimble all-tasks-failed: completed failed 0+2 of 2
nimble completed-with-errors: completed partial 1+1 of 2
nimble completed: completed succeeded 2+0 of 2
nimble no-tasks: pending unknown 0+0 of 0
nimble running: running unknown ?+? of 4
nimble task-error: completed failed 0+1 of 1
nimble task-pending: pending unknown 0+0 of 1
nimble task-success: completed succeeded 1+0 of 1
wickson cancelled: cancelled unknown 40+0 of 200
wickson completed-without-rate-limit-headers: completed partial 197+3 of 200
wickson completed: completed succeeded 200+0 of 200
wickson created: pending unknown 0+0 of 200
wickson failed: failed failed 0+200 of 200
wickson paused: paused unknown 85+3 of 200
wickson running-items-in-process-are-pending: running unknown 85+3 of 200
wickson running-with-jobs: running unknown 2+1 of 10
"""


def told(vendor):
    """One line a recorded success: name, state, outcome, completed and failed of all."""
    provider = load(vendor)
    for folder in provider.folders:
        for one in read_path(folder / "cassettes", "", {vendor: provider}):
            if one.batch is not None:
                assert one.batch.doubts == ()
                counts = one.batch.counts
                done, lost, total = (
                    "?" if n is None else n for n in (counts.completed, counts.failed, counts.total)
                )
                name = one.name.removeprefix("200-").removesuffix(".json")
                yield f"{vendor} {name}: {one.batch.state} {one.batch.outcome} {done}+{lost} of {total}"
            else:
                assert one.problem.endswith("not an answer with a batch in it"), one


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_was_recorded_reads_as_it_was_meant(vendor):
    assert list(told(vendor)) == [line for line in TABLE.splitlines() if line.startswith(f"{vendor} ")]
