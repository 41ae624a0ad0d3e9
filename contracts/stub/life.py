"""One batch of the stub vendor and how far it has come: a value, moved on by polls or by time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from contracts.batch import BatchState
from contracts.model import Json

EPOCH: Final = datetime(2026, 1, 31, 9, tzinfo=UTC)
ENDS: Final = (BatchState.COMPLETED, BatchState.FAILED, BatchState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A batch: `steps` polls, or `seconds` when above 0, take it from pending to `ending`.

    `failing` of its `items` end badly. `pinned` holds it in one state for ever.
    """

    id: str
    items: int = 4
    failing: int = 0
    steps: int = 3
    seconds: float = 0.0
    ending: BatchState = BatchState.COMPLETED
    pinned: BatchState | None = None
    polls: int = 0
    created: datetime = EPOCH
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: Json = None

    def share(self, now: datetime) -> float:
        """Give how far it has come, 0..1."""
        if self.pinned is not None:
            return {BatchState.PENDING: 0.0, BatchState.RUNNING: 0.5, BatchState.PAUSED: 0.5}.get(
                self.pinned, 1.0
            )
        if self.seconds > 0:
            return min(1.0, max(0.0, (now - self.created).total_seconds() / self.seconds))
        return min(1.0, self.polls / self.steps) if self.steps else 1.0

    def state(self, now: datetime) -> BatchState:
        """Give its state: pending, then running, then its ending."""
        if self.pinned is not None:
            return self.pinned
        share = self.share(now)
        return BatchState.PENDING if share == 0 else BatchState.RUNNING if share < 1 else self.ending

    def item_states(self, now: datetime) -> tuple[BatchState, ...]:
        """Give the state of every item; the failing ones are the first to be done."""
        end = self.pinned or self.ending
        most = self.items // 2 if end is BatchState.CANCELLED else self.items
        bad = self.items if end is BatchState.FAILED else self.failing
        done = min(most, int(self.share(now) * self.items))
        ended = [BatchState.FAILED if n < bad else BatchState.COMPLETED for n in range(done)]
        return (*ended, *[BatchState.PENDING] * (self.items - len(ended)))

    def moments(self, now: datetime) -> tuple[datetime, datetime, datetime | None]:
        """Give when it was created, last changed and finished (None while it lives)."""
        if self.seconds > 0:
            changed = min(now, self.created + timedelta(seconds=self.seconds))
        else:
            changed = self.created + timedelta(minutes=round(self.share(now) * 60))
        return self.created, changed, changed if self.state(now).terminal else None
