"""Wickson batches: GET /v1/batches/{batch_id}, in an envelope {success, message, data, metadata}.

Source: the page "Get Batch Status" of docs.wickson.ai; examples and prose, nothing marked as required.
Queries with `fields` or `metrics_only` shrink `data`, so that only its id and status are asked for here.
Progress is a percentage of completed items, in which failed ones take no part (85 of 200 is 42.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from contracts.batch import Batch, BatchState, Counts, Failure, Item, Times, new_failure, new_item, new_times
from contracts.model import Json
from contracts.providers.deriving import concluded
from contracts.providers.reading import Part, calm, extra

STATES: Final[Mapping[str, BatchState]] = {
    "created": BatchState.PENDING,
    "running": BatchState.RUNNING,
    "paused": BatchState.PAUSED,
    "completed": BatchState.COMPLETED,  # all items have been processed, well or not
    "failed": BatchState.FAILED,
    "cancelled": BatchState.CANCELLED,
}

ITEM_STATES: Final[Mapping[str, BatchState]] = {
    "pending": BatchState.PENDING,
    "processing": BatchState.RUNNING,
    "completed": BatchState.COMPLETED,
    "failed": BatchState.FAILED,
}
"""The states that `progress` counts items by; the example shows jobs that are completed and failed."""

_COUNTS = ("total", "completed", "failed", "pending", "processing")


@calm
def normalize(payload: Json) -> Batch:
    """Read the envelope of a batch status; NormalizationError says where a payload is not one."""
    p = Part(payload)
    if not p.flag("success"):
        raise p.refusal("success", "true", payload["success"])
    data = p.part("data", "required")
    progress, timing, word = data.part("progress"), data.part("timing"), data.word("status")
    share = progress.share("percentage", 100)
    counts, doubts = _counts(progress)
    errors = data.parts("error_summary")
    batch = Batch(
        provider="wickson",
        id=data.word("batch_id"),
        name=data.text("batch_name"),
        state=STATES.get(word, BatchState.UNKNOWN),
        raw_state=word,
        counts=counts,
        progress=share,
        times=_times(timing),
        items=data.each("job_details", _item),
        errors=None if errors is None else tuple(map(_summary, errors)),
        extra=extra(p, data, progress, timing, *(errors or ())),
    )
    return concluded(batch, *doubts)


def _counts(p: Part) -> tuple[Counts, tuple[str, ...]]:
    """Read the counts; on the page `pending` includes `processing` (85 + 3 + 112 of 200, with 5 processing).

    Where they make the total only when both are added, the vendor counts them apart.
    """
    total, done, lost, waiting, active = (p.count(key) for key in _COUNTS)
    pending = None if waiting is None or active is None else waiting - active
    if pending is not None and Counts(total, done, lost, waiting, active).parts == total:
        pending = waiting
    if pending is None:
        p.keep("pending")
    counts = Counts(total, done, lost, pending, active)
    if counts.coherent and (pending is None or pending >= 0):
        return counts, ()
    p.keep(*_COUNTS[1:])
    return Counts(total), ("the counts of the items in each state do not fit into the total",)


def _times(p: Part) -> Times:
    return Times(
        created=p.time("created_at"),
        started=p.time("started_at"),
        updated=p.time("updated_at"),
        finished=p.time("completed_at"),
        estimated_finish=p.time("estimated_completion"),
    )


def _item(p: Part) -> Item:
    word, error = p.text("status"), p.given("error")
    return new_item(
        id=p.text("job_id"),
        state=ITEM_STATES.get(word or "", BatchState.UNKNOWN),
        raw_state=word,
        progress=p.share("progress", 100),
        times=new_times(started=p.time("started_at"), finished=p.time("completed_at")),
        input=p.text("file_path"),
        error=new_failure(message=error.text("message"), code=error.text("code")) if error else None,
        extra=extra(p, error),
    )


def _summary(p: Part) -> Failure:
    return new_failure(
        type=p.text("error_type"),
        count=p.count("count"),
        affected=p.texts("affected_files"),
        resolution=p.text("resolution"),
    )
