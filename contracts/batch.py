"""The canonical model: one `Batch` for every vendor, and its JSON form.

A value that the vendor did not give is None, never 0, "" or now; an empty tuple means that the vendor gave
an empty list. `state` is what the vendor says, `outcome` what the evidence allows to conclude, `extra` what
the vendor sent and the model has no place for, word for word. specs/batch.schema.json has the JSON form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple

from contracts.model import Json


class BatchState(StrEnum):
    """Where a batch or an item stands; `unknown` for a word that the vendor did not publish."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def terminal(self) -> bool:
        """Whether nothing more happens; False for unknown, since nothing says that it ended."""
        return self in TERMINAL


TERMINAL: Final = frozenset({BatchState.COMPLETED, BatchState.FAILED, BatchState.CANCELLED})
"""The states after which nothing more happens."""


class Outcome(StrEnum):
    """How a batch ended, as far as there is evidence for it."""

    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items there are and in which state; the parts do not overlap, None is unknown.

    `completed` counts items that ended well. A count is a whole number of at least 0.
    """

    total: int | None = None
    completed: int | None = None
    failed: int | None = None
    pending: int | None = None
    running: int | None = None

    @property
    def parts(self) -> int:
        """The sum of the parts that are known."""
        return sum(part or 0 for part in (self.completed, self.failed, self.pending, self.running))

    @property
    def coherent(self) -> bool:
        """Whether the known parts fit into the total."""
        return self.total is None or self.parts <= self.total


class Times(NamedTuple):
    """Instants in UTC, always aware; None where the vendor gave none that a datetime can hold."""

    created: datetime | None = None
    started: datetime | None = None
    updated: datetime | None = None
    finished: datetime | None = None
    estimated_finish: datetime | None = None


NO_TIMES: Final = Times()
"""All times unknown."""


class Failure(NamedTuple):
    """What the vendor says went wrong; `count` and `affected` only where it sums up several items."""

    message: str | None = None
    code: str | None = None
    type: str | None = None
    resolution: str | None = None
    count: int | None = None  # type: ignore[assignment]  # nobody counts what a tuple of words holds
    affected: tuple[str, ...] | None = None


class WebhookDelivery(NamedTuple):
    """A webhook that the vendor could not deliver."""

    id: str | None = None
    event: str | None = None
    status: str | None = None
    attempts: int | None = None
    created: datetime | None = None
    delivered: datetime | None = None
    http_status: int | None = None
    message: str | None = None
    extra: Mapping[str, Json] = MappingProxyType({})


class Item(NamedTuple):
    """One unit of work: a file, a job, a task. A tuple, since a batch may have 100,000 of them.

    `input` and `result` are references (an id, a path, a URL), not contents. `progress` is 0..1.
    `extra` maps JSON Pointer text, relative to the item, to what the vendor sent there.
    """

    id: str | None
    state: BatchState
    raw_state: str | None = None
    progress: float | None = None
    times: Times = NO_TIMES
    input: str | None = None
    result: str | None = None
    error: Failure | None = None
    extra: Mapping[str, Json] = MappingProxyType({})


new_item: Final = partial(Item.__new__, Item)
"""`Item(...)` in half the time: a call of the class itself takes its keywords through a dict."""
new_times: Final = partial(Times.__new__, Times)
"""`Times(...)` likewise."""
new_failure: Final = partial(Failure.__new__, Failure)
"""`Failure(...)` likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a vendor says about a batch at one moment.

    `raw_state` is the vendor's own word, None where the vendor has none. `progress` is 0..1, as the vendor
    counts it. `items` is None when the vendor gave none, which is not the empty list. `doubts` are short
    sentences about statements of the vendor that contradict each other; what they touch is unknown rather
    than chosen. `extra` maps JSON Pointer text to what the vendor sent there.
    """

    provider: str
    id: str
    state: BatchState
    name: str | None = None
    raw_state: str | None = None
    outcome: Outcome = Outcome.UNKNOWN
    counts: Counts = Counts()
    progress: float | None = None
    times: Times = NO_TIMES
    items: tuple[Item, ...] | None = field(default=None, hash=False)
    errors: tuple[Failure, ...] | None = None
    failed_webhooks: tuple[WebhookDelivery, ...] | None = field(default=None, hash=False)
    doubts: tuple[str, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict, hash=False)

    @property
    def terminal(self) -> bool:
        """Whether polling can stop."""
        return self.state.terminal

    def roll_up(self) -> tuple[Failure, ...] | None:
        """Group the errors of the items by code and message, the most frequent first.

        `count` is the number of items, `affected` has the ids of those that have one; an item that failed
        without an error counts under no code and no message. None when the vendor gave no items.
        """
        if self.items is None:
            return None
        groups: dict[tuple[str | None, str | None], list[Item]] = {}
        for item in self.items:
            if item.error is not None or item.state is BatchState.FAILED:
                error = item.error or Failure()
                groups.setdefault((error.code, error.message), []).append(item)
        return tuple(_rolled(group) for group in sorted(groups.values(), key=len, reverse=True))


def _rolled(items: list[Item]) -> Failure:
    affected = tuple(item.id for item in items if item.id is not None)
    return (items[0].error or Failure())._replace(count=len(items), affected=affected)


def to_json(batch: Batch) -> dict[str, Json]:
    """Give the JSON form of a batch; `contracts.providers.canonical.normalize` reads it back."""
    return {
        "provider": batch.provider,
        "id": batch.id,
        "name": batch.name,
        "state": str(batch.state),
        "raw_state": batch.raw_state,
        "terminal": batch.terminal,
        "outcome": str(batch.outcome),
        "counts": {name: getattr(batch.counts, name) for name in COUNTS},
        "progress": batch.progress,
        "times": _times(batch.times),
        "items": _each(batch.items, _item),
        "errors": _each(batch.errors, _failure),
        "failed_webhooks": _each(batch.failed_webhooks, _delivery),
        "doubts": list(batch.doubts),
        "extra": dict(batch.extra),
    }


COUNTS: Final = ("total", "completed", "failed", "pending", "running")
TIMES: Final = ("created", "started", "updated", "finished", "estimated_finish")


def _each(values: tuple[Json, ...] | None, render: Json) -> list[Json] | None:
    return None if values is None else [render(value) for value in values]


def _item(item: Item) -> dict[str, Json]:
    return {
        "id": item.id,
        "state": str(item.state),
        "raw_state": item.raw_state,
        "progress": item.progress,
        "times": _times(item.times),
        "input": item.input,
        "result": item.result,
        "error": None if item.error is None else _failure(item.error),
        "extra": dict(item.extra),
    }


def _failure(failure: Failure) -> dict[str, Json]:
    names = ("message", "code", "type", "resolution", "count")
    affected = None if failure.affected is None else list(failure.affected)
    return {name: getattr(failure, name) for name in names} | {"affected": affected}


def _delivery(delivery: WebhookDelivery) -> dict[str, Json]:
    names = ("id", "event", "status", "attempts", "http_status", "message")
    times = {"created": _instant(delivery.created), "delivered": _instant(delivery.delivered)}
    return {name: getattr(delivery, name) for name in names} | times | {"extra": dict(delivery.extra)}


def _times(times: Times) -> dict[str, str | None]:
    return {name: _instant(getattr(times, name)) for name in TIMES}


def _instant(moment: datetime | None) -> str | None:
    # strftime("%Y") does not pad years below 1000 everywhere; isoformat does.
    return None if moment is None else moment.replace(tzinfo=None).isoformat() + "Z"
