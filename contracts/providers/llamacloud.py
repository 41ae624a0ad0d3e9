"""LlamaCloud batches: GET /api/v2/batches/{batch_id}.

Sources: the reference page "Get Batch", and the BatchResponse of the vendor's OpenAPI document. COMPLETED
means that every file was mapped to a job, not that the jobs succeeded; FAILED that the orchestration failed;
`results` is null unless asked for with expand=results, and may be null while the batch runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from contracts.batch import Batch, BatchState, Counts, Item, Times, new_failure, new_item
from contracts.model import Json
from contracts.providers.deriving import concluded
from contracts.providers.reading import Part, calm, extra

STATES: Final[Mapping[str, BatchState]] = {
    "PENDING": BatchState.PENDING,
    "THROTTLED": BatchState.PENDING,  # waits for capacity; nothing says that work has begun
    "RUNNING": BatchState.RUNNING,
    "COMPLETED": BatchState.COMPLETED,
    "FAILED": BatchState.FAILED,
    "CANCELLED": BatchState.CANCELLED,
}


@calm
def normalize(payload: Json) -> Batch:
    """Read a BatchResponse; NormalizationError says where a payload is not one."""
    p = Part(payload)
    word = p.word("status")
    state = STATES.get(word, BatchState.UNKNOWN)
    config = p.part("config", "required")
    items = p.each("results", _item)
    batch = Batch(
        provider="llamacloud",
        id=p.word("id"),
        state=state,
        raw_state=word,
        counts=_counts(state, items),
        times=Times(created=p.time("created_at", dated=True), updated=p.time("updated_at", dated=True)),
        items=items,
        extra=extra(p, config),
    )
    return concluded(batch)


def _item(p: Part) -> Item:
    file, message = p.word("source_directory_file_id"), p.text("error_message")
    job = p.given("job_reference")
    # A job exists or not; how it stands is only told by the job's own endpoint.
    mapped = job.text("id", "required") if job else None
    lost = message is not None and mapped is None
    return new_item(
        id=file,
        state=BatchState.FAILED if lost else BatchState.UNKNOWN,
        input=file,
        result=mapped,
        error=None if message is None else new_failure(message=message),
        extra=extra(p, job),
    )


def _counts(state: BatchState, items: tuple[Item, ...] | None) -> Counts:
    """Count the files once all are mapped; how many jobs ended well is never told."""
    if items is None or state is not BatchState.COMPLETED:
        return Counts()
    failed = sum(item.state is BatchState.FAILED for item in items)
    return Counts(len(items), 0, failed, 0, 0) if failed == len(items) else Counts(len(items))
