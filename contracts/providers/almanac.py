"""Almanac source batches: GET /v1/wikis/{wiki_id}/sources/batches/{batch_id}.

Sources: the OpenAPI document on the page "Source Batch" of docs.usealmanac.com (0.1.11), and answers recorded
from the vendor's published server package the-almanac 0.2.0. A batch tells no items and no counts but its
sources. `completed` with a null `finished_at`, and `failed` with a null `error`, are what the server sends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from contracts.batch import Batch, BatchState, Counts, Failure, Outcome, Times
from contracts.model import Json
from contracts.providers.deriving import concluded
from contracts.providers.reading import Part, calm, extra

STATES: Final[Mapping[str, BatchState]] = {
    # There is no running status: a recorded answer says `queued` while the worker runs. The vendor's own
    # coarser word for both, `status_state`, is `running`.
    "uploading": BatchState.RUNNING,
    "queued": BatchState.RUNNING,
    "completed": BatchState.COMPLETED,
    "failed": BatchState.FAILED,
}

COARSE: Final[Mapping[str, str]] = {
    "uploading": "running",
    "queued": "running",
    "completed": "ready",
    "failed": "failed",
}
"""The `status_state` that the server derives from each `status` (almanac_api/dto/hosted/status.py, 0.2.0)."""


@calm
def normalize(payload: Json) -> Batch:
    """Read a HostedSourceBatchDTO; NormalizationError says where a payload is not one."""
    p = Part(payload)
    word, coarse, error = p.word("status"), p.word("status_state"), p.text("error", "nullable")
    batch = Batch(
        provider="almanac",
        id=p.word("batch_id"),
        state=STATES.get(word, BatchState.UNKNOWN),
        raw_state=word,
        counts=Counts(total=p.count("source_count", "required")),
        # None of these has a format: a text that is no date-time is within the vendor's word.
        times=Times(
            created=p.time("created_at", "required"),
            updated=p.time("updated_at", "required"),
            finished=p.time("finished_at", "nullable"),
        ),
        errors=None if error is None else (Failure(message=error),),
    )
    if word not in COARSE or COARSE[word] != coarse:
        p.keep("status_state")
    doubts = tuple(_doubts(word, coarse, error))
    batch = concluded(replace(batch, extra=extra(p)), *doubts)
    # One job works on the whole batch, and `ready` is the vendor's word for its good end.
    good = batch.state is BatchState.COMPLETED and not doubts
    return replace(batch, outcome=Outcome.SUCCEEDED) if good else batch


def _doubts(word: str, coarse: str, error: str | None) -> Iterator[str]:
    if word in COARSE and COARSE[word] != coarse:
        yield f"status is '{word}', and status_state is not '{COARSE[word]}'"
    if word == "completed" and error is not None:
        yield "status is 'completed', and there is an error"
