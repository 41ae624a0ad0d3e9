"""Following one batch to its end, and what must hold of the way there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from contracts.batch import Batch, BatchState
from contracts.decode import decode
from contracts.errors import NormalizationError
from contracts.live.client import Live, retry_after
from contracts.live.probes import PROBES, ask
from contracts.model import Finding, Interaction, Json, Pointer, Response
from contracts.rules import severity_of
from contracts.spec import Operation
from contracts.text import show

Reader = Callable[[Json], Batch]
"""Reads a payload as a batch; NormalizationError where it is none."""

CACHE_HINTS: Final = ("/metadata/cache_remaining",)
"""Where an answer says for how many seconds it is cached (Wickson, page "Get Batch Status")."""

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,6})\b")
_COUNTERS: Final = ("completed", "failed")


def poll(
    live: Live,
    operation: Operation,
    values: Mapping[str, str],
    read: Reader,
    *,
    every: float = 5.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Interaction]:
    """Yield one interaction per poll until the batch ends or nothing more can be sent.

    An unknown state is followed on, a passing failure too: three in a row without an answer end it. Between
    two polls lie `every` seconds, or as many as the answer's cache hints ask for.
    """
    end, silent, position = live.clock() + min(live.manners.poll, live.left), 0, 0
    while silent < 3:
        position += 1
        got = ask(live, operation, values, PROBES[0])
        got = replace(got, name=f"poll-{position}", sequence=("poll", position))
        yield got
        silent = silent + 1 if got.response is None or got.response.status >= 500 else 0
        batch = _batch(got, read)
        if got.failure.startswith("not sent") or (batch and batch.state.terminal) or final(got.response):
            return
        wait = max(every, pause(got.response, live.now()))
        if live.clock() + wait > end:
            return
        sleep(wait)


def ended(interaction: Interaction, read: Reader) -> bool:
    """Whether an answer shows a batch that has ended."""
    batch = _batch(interaction, read)
    return batch is not None and batch.state.terminal


def final(response: Response | None) -> bool:
    """Whether asking again cannot help: a client's error other than 429."""
    return response is not None and 300 <= response.status < 500 and response.status != 429


def pause(response: Response | None, now: datetime) -> float:
    """Give the seconds that an answer asks for: Retry-After, max-age, or the cache hint in its body."""
    if response is None:
        return 0.0
    age = _MAX_AGE.search(response.header("cache-control") or "")
    hints = [float(age[1]) if age else 0.0, retry_after(response, now) or 0.0]
    decoded = decode(response.body)
    return max(*hints, cached(decoded.value) if decoded.usable else 0.0)


def cached(payload: Json) -> float:
    """Give the seconds for which a payload says that it is cached, at most 3600; 0 where it is silent."""
    hints = [0.0]
    for place in CACHE_HINTS:
        try:
            value = Pointer.parse(place).resolve(payload)
        except (KeyError, IndexError, TypeError, ValueError):
            continue
        if isinstance(value, int | float) and not isinstance(value, bool):
            hints.append(float(max(0, min(value, 3600))))
    return max(hints)


def _batch(interaction: Interaction, read: Reader) -> Batch | None:
    response = interaction.response
    if response is None or not 200 <= response.status < 300:
        return None
    decoded = decode(response.body)
    try:
        return read(decoded.value) if decoded.usable else None
    except NormalizationError:
        return None


@dataclass(frozen=True, slots=True)
class Step:
    """One poll that could be read: its interaction and the batch it showed."""

    interaction: Interaction
    batch: Batch


def steps(interactions: Iterable[Interaction], read: Reader) -> tuple[Step, ...]:
    """Read the polls of a sequence in its order; what cannot be read is left to the other checks."""
    ordered = sorted((i for i in interactions if i.sequence), key=lambda i: i.sequence or ("", 0))
    return tuple(Step(i, batch) for i in ordered if (batch := _batch(i, read)))


def sequence_findings(
    interactions: Iterable[Interaction], read: Reader, provider: str, *, complete: bool = False
) -> Iterator[Finding]:
    """Yield what must not happen between two polls of one batch, for every sequence among the interactions.

    Rules: `state-regression` (an ended batch goes on, or ends otherwise), `counter-decrease` (completed or
    failed items become fewer), `unknown-state` (a word that the vendor did not publish), `identity-change`
    (another id).
    """
    for name in sorted({i.sequence[0] for i in interactions if i.sequence}):
        walk = steps((i for i in interactions if i.sequence and i.sequence[0] == name), read)
        yield from _unknown(walk, provider)
        for before, after in pairwise(walk):
            yield from _between(before, after, provider)


def _between(before: Step, after: Step, provider: str) -> Iterator[Finding]:
    old, new = before.batch, after.batch
    if old.id != new.id:
        yield _finding(
            "identity-change",
            provider,
            after,
            f"the batch is {show(new.id)}, it was {show(old.id)}",
        )
    if old.state.terminal and new.state is not old.state:
        said = f"the batch is {show(_word(new))} after it was {show(_word(old))}"
        yield _finding("state-regression", provider, after, said)
    for counter in _COUNTERS:
        was, now = getattr(old.counts, counter), getattr(new.counts, counter)
        if was is not None and now is not None and now < was:
            yield _finding(
                "counter-decrease",
                provider,
                after,
                f"{counter} items went from {was} to {now}",
            )


def _unknown(walk: tuple[Step, ...], provider: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for step in walk:
        word = _word(step.batch)
        if step.batch.state is BatchState.UNKNOWN and word not in seen:
            seen.add(word)
            yield _finding("unknown-state", provider, step, f"the state {show(word)} is not published")


def _word(batch: Batch) -> str:
    return batch.raw_state or batch.state.value


def _finding(rule: str, provider: str, step: Step, message: str) -> Finding:
    it = step.interaction
    status = str(it.response.status) if it.response else ""
    return Finding(
        rule=rule,
        severity=severity_of(rule),
        message=message,
        provider=provider,
        operation=it.operation,
        status=status,
        part="body",
        found=f"poll {it.sequence[1]}" if it.sequence else "",
        source=str(it.origin or it.source),
    )
