"""Matil batches: GET /v3/batches/{batch_id}.

Source: the reference page "Get Batch" of docs.matil.ai; words from "Process batch" and the webhooks page.
The vendor publishes no list of states, so a new word is expected and reads as unknown, unless the batch has a
time of completion and all its items are counted as completed or failed: then it has ended. A batch of which
some items failed is `completed`; it is `failed` only when all items failed (event batch.failed).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from contracts.batch import Batch, BatchState, Counts, Failure, Item, Times, WebhookDelivery, new_item
from contracts.model import Json
from contracts.providers.deriving import concluded
from contracts.providers.reading import Part, calm, extra

STATES: Final[Mapping[str, BatchState]] = {
    "pending": BatchState.PENDING,  # the default of the create answer
    "completed": BatchState.COMPLETED,  # event batch.completed
    "failed": BatchState.FAILED,  # event batch.failed
}

ITEM_STATES: Final[Mapping[str, BatchState]] = {
    "completed": BatchState.COMPLETED,
    "completed_with_errors": BatchState.COMPLETED,
    "failed": BatchState.FAILED,
}
"""The words of an entry on the guide page "Entries"."""

_COUNTS = ("total_items", "completed_items", "failed_items")


@calm
def normalize(payload: Json) -> Batch:
    """Read the answer of a batch query; NormalizationError says where a payload is not one."""
    p = Part(payload)
    word = p.word("status")
    counts, doubts = _counts(p)
    times = Times(
        created=p.time("created_at", "required", dated=True),
        finished=p.time("completed_at", dated=True),
    )
    batch = Batch(
        provider="matil",
        id=p.word("batch_id"),
        state=STATES.get(word) or _ended(counts, times),
        raw_state=word,
        counts=counts,
        times=times,
        items=p.each("items", _item),
        failed_webhooks=p.each("failed_webhooks", _delivery),
        extra=extra(p),
    )
    return concluded(batch, *doubts)


def _ended(counts: Counts, times: Times) -> BatchState:
    """Give the state of a batch whose word is not known: ended where time and counts say so."""
    if not counts.total or times.finished is None or counts.parts != counts.total:
        return BatchState.UNKNOWN
    return BatchState.FAILED if counts.failed == counts.total else BatchState.COMPLETED


def _counts(p: Part) -> tuple[Counts, tuple[str, ...]]:
    counts = Counts(*(p.count(key, "required") for key in _COUNTS))
    if counts.coherent:
        return counts, ()
    p.keep("completed_items", "failed_items")
    return Counts(counts.total), ("the completed and failed items are more than the total",)


def _item(p: Part) -> Item:
    word, entry = p.text("status"), p.text("entry_id")
    errors = p.values("errors", left=True)  # objects of a shape that the vendor does not publish
    return new_item(
        id=entry,
        state=ITEM_STATES.get(word or "", BatchState.UNKNOWN),
        raw_state=word,
        result=entry,  # GET /v3/entries/{entry_id} gives it
        error=Failure() if errors or word == "completed_with_errors" else None,
        extra=extra(p),
    )


def _delivery(p: Part) -> WebhookDelivery:
    return WebhookDelivery(
        id=p.text("webhook_id"),
        event=p.text("event"),
        status=p.text("status"),
        attempts=p.count("attempt_count"),
        created=p.time("created_at", dated=True),
        delivered=p.time("delivered_at", dated=True),
        http_status=p.count("http_status"),
        message=p.text("error_message"),
        extra=extra(p),
    )
