"""The words of a vendor of the user's own for the states of a batch, found in its spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from contracts.batch import BatchState
from contracts.model import Json

NAMES: Final = ("status", "state")
"""The properties that hold a state."""
WORDS: Final = {
    BatchState.PENDING: "pending queued submitted created waiting scheduled new accepted validating",
    BatchState.RUNNING: "running processing in_progress in-progress started active executing working",
    BatchState.PAUSED: "paused suspended on_hold",
    BatchState.COMPLETED: "completed complete done finished succeeded success ended ready",
    BatchState.FAILED: "failed failure error errored",
    BatchState.CANCELLED: "cancelled canceled aborted stopped",
}
_NEXT: Final = {
    BatchState.PENDING: BatchState.RUNNING,
    BatchState.RUNNING: BatchState.PENDING,
    BatchState.PAUSED: BatchState.RUNNING,
}
"""Where a vendor has one word for two states that are no end."""


def _spelled(state: BatchState) -> Iterator[str]:
    for word in WORDS.get(state, state.value).split():
        yield from (word, word.upper(), word.capitalize())


def worded(payload: Json, state: BatchState, fits: Callable[[Json], bool]) -> Json | None:
    """Give the payload with the spec's word for a state; None where the spec has none for it.

    A payload without a place for a state is given as it is.
    """
    places = [name for name in NAMES if isinstance(payload, dict) and isinstance(payload.get(name), str)]
    for name in places:
        for one in filter(None, (state, _NEXT.get(state))):
            for word in _spelled(one):
                if fits(payload | {name: word}):
                    payload = payload | {name: word}
                    break
            else:
                continue
            break
        else:
            return None
    return payload
