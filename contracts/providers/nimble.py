"""Nimble batches: GET /v1/batches/{batch_id}.

Source: the OpenAPI document on the page "Get batch details" of docs.nimbleway.com. The batch has no word for
its state: `completed` says whether all tasks have ended, well or not, and a batch of which every task failed
still says `status: success, completed: true`. Counts are of type `number`, and a task may be null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from contracts.batch import TERMINAL, Batch, BatchState, Counts, Item, Times, new_failure, new_item, new_times
from contracts.errors import NormalizationError
from contracts.model import Json
from contracts.providers.deriving import concluded, states_of, tallied
from contracts.providers.reading import Part, calm, extra

STATES: Final[Mapping[str, BatchState]] = {
    "pending": BatchState.PENDING,  # queued or at work: the vendor does not tell them apart
    "success": BatchState.COMPLETED,
    "error": BatchState.FAILED,
}
"""The words of a task."""


@calm
def normalize(payload: Json) -> Batch:
    """Read a BatchGetResponse; NormalizationError says where a payload is not one."""
    p = Part(payload)
    if p.word("status") != "success":
        raise _not_success(payload)
    completed, count = p.flag("completed"), p.count("completed_count", "required", whole=False)
    items = _items(p)
    states = states_of(items)
    counts, doubts = _counts(states, count)
    progress = p.share("progress", 1, "required")
    p.keep("completed_count")  # how the tasks' states add up to it is not published
    batch = Batch(
        provider="nimble",
        id=p.word("id"),
        state=_state(states, progress, count, completed=completed),
        counts=counts,
        progress=progress,
        times=Times(created=p.time("created_at", "required"), finished=p.time("completed_at")),
        items=items,
    )
    return concluded(replace(batch, extra=extra(p)), *doubts)


def _not_success(payload: Json) -> NormalizationError:
    return Part(payload).refusal("status", "'success'", payload["status"])


def _state(
    tasks: Sequence[BatchState], progress: float | None, count: int | None, *, completed: bool
) -> BatchState:
    if completed:
        return BatchState.COMPLETED
    begun = count or progress or not TERMINAL.isdisjoint(tasks)
    return BatchState.RUNNING if begun else BatchState.PENDING


def _counts(tasks: Sequence[BatchState], count: int | None) -> tuple[Counts, tuple[str, ...]]:
    """Count the tasks; a `completed_count` that no reading of them gives makes the ended ones unknown."""
    counts = tallied(tasks)
    if count is not None and count > len(tasks):
        return Counts(), ("completed_count is more than there are tasks",)
    if counts.completed is None or counts.failed is None or count is None:
        return counts, ()
    if count in {counts.completed, counts.completed + counts.failed}:
        return counts, ()
    return replace(counts, completed=None), ("completed_count is not what the tasks' states add up to",)


def _items(p: Part) -> tuple[Item, ...]:
    tasks, at = p.values("tasks", "required") or [], (*p.at, "tasks")
    unknown = Item(None, BatchState.UNKNOWN, extra={})
    return tuple(
        [unknown if task is None else _item(Part(task, (*at, i), p.tokens)) for i, task in enumerate(tasks)]
    )


def _item(p: Part) -> Item:
    word, download = p.word("state"), p.text("download_url")
    given = p.left.get("input")
    message, kind = p.text("error"), p.text("error_type")
    output = p.text("output_url")
    if output is not None:
        p.keep("output_url")
    return new_item(
        id=p.word("id"),
        state=STATES.get(word, BatchState.UNKNOWN),
        raw_state=word,
        times=new_times(created=p.time("created_at", "required"), updated=p.time("modified_at")),
        input=given if isinstance(given, str) else None,
        result=output if download is None else download,
        error=None if message is None and kind is None else new_failure(message=message, type=kind),
        extra=extra(p),
    )
