"""What follows from a vendor's statements, by one rule for all: outcome, counts of items, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from contracts.batch import Batch, BatchState, Counts, Item, Outcome
from contracts.text import plural


def concluded(batch: Batch, *doubts: str) -> Batch:
    """Complete a batch with its outcome and with what contradicts itself in it."""
    found = outcome(batch, doubted=bool(doubts))
    return replace(batch, outcome=found, doubts=(*doubts, *_contradictions(batch)))


def outcome(batch: Batch, *, doubted: bool) -> Outcome:
    """Conclude how a batch ended; only an ended one has an outcome, and only counts or `failed` prove it.

    `doubted` says that the vendor contradicts himself, so that the word `failed` alone proves nothing.
    """
    if not batch.terminal:
        return Outcome.UNKNOWN
    done, lost, total = batch.counts.completed, batch.counts.failed, batch.counts.total
    if total and lost == total:
        return Outcome.FAILED
    if total and done is not None and lost is not None and done + lost == total:
        return _by_counts(batch, lost)
    if batch.state is BatchState.FAILED and not doubted:
        return Outcome.PARTIAL if done else Outcome.FAILED
    return Outcome.UNKNOWN


def _by_counts(batch: Batch, lost: int) -> Outcome:
    if lost:
        return Outcome.PARTIAL
    if batch.state is BatchState.FAILED:
        return Outcome.UNKNOWN
    flawed = any(item.error is not None or item.state is BatchState.FAILED for item in batch.items or ())
    return Outcome.PARTIAL if flawed else Outcome.SUCCEEDED


def states_of(items: Iterable[Item]) -> list[BatchState]:
    """Give the states of items, for questions that a list answers faster than a loop."""
    return [item.state for item in items]


def tallied(states: Sequence[BatchState]) -> Counts:
    """Count items by state; where one item's state is unknown, so is every part, but not the total."""
    if BatchState.UNKNOWN in states:
        return Counts(len(states))
    counted = (BatchState.COMPLETED, BatchState.FAILED, BatchState.PENDING, BatchState.RUNNING)
    return Counts(len(states), *map(states.count, counted))


def _contradictions(batch: Batch) -> Iterator[str]:
    """Say what of a batch cannot all be true.

    None of it is settled by choosing a side: the state is the vendor's word, the outcome follows the counts
    and what items say of themselves, and what is left stays unknown. No contradiction, since answers are
    cached and counted at different moments, is a batch that is still open though all its items have ended,
    or a progress that is not what the counts make it.
    """
    counts, times = batch.counts, batch.times
    open_ = (counts.pending or 0) + (counts.running or 0)
    if batch.state is BatchState.COMPLETED and open_:
        verb = "is" if open_ == 1 else "are"
        yield f"the batch is completed, and {plural(open_, 'item')} {verb} still open"
    if batch.state is BatchState.FAILED and counts.total and counts.completed == counts.total:
        yield "the batch failed, and all its items are counted as completed"
    if times.finished and not batch.terminal and batch.state is not BatchState.UNKNOWN:
        yield f"the batch is {batch.state}, and has a time at which it finished"
    begun = times.started or times.created
    if begun and times.finished and times.finished < begun:
        yield "the batch finished before it began"
    yield from _miscounted(counts, batch.items or ())


def _miscounted(counts: Counts, items: Sequence[Item]) -> Iterator[str]:
    if counts.total is not None and len(items) > counts.total:
        yield f"the list holds {plural(len(items), 'item')}, more than the total of {counts.total}"
    if counts.failed is not None:
        lost = states_of(items).count(BatchState.FAILED)
        if lost > counts.failed:
            yield f"{plural(lost, 'item')} of the list failed, more than the {counts.failed} that are counted"
