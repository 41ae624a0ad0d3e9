"""One consumer under stress from start to end: kept failures, all payloads, the reduced new failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.consumers import sources
from contracts.consumers.consumer import Consumer
from contracts.consumers.reads import Reads, reads
from contracts.consumers.reducing import reduced
from contracts.consumers.samples import Kind, Sample, nearest
from contracts.consumers.sources import Answers
from contracts.consumers.stress import Stress, Stumble, met_by, strain
from contracts.consumers.telling import stumble_lines
from contracts.generate import replay
from contracts.model import Json

Progress = Callable[[str, int], None]
"""Told the kind of payload and how many have been met so far."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run found: counts and stumbles (their payloads reduced), what is read, and the files written."""

    state: Stress
    reads: Reads
    replays: dict[tuple[str, ...], str]


def samples(found: Answers, explore: int = 0, kept: Iterable[replay.Replay] = ()) -> Iterator[Sample]:
    """Yield all payloads for a consumer: kept failures, covering set, near misses, drift, random ones."""
    yield from (replayed(found, one) for one in kept)
    yield from sources.covering(found)
    yield from sources.near_misses(found)
    yield from sources.drifted(found)
    if explore:
        yield from sources.explored(found, explore)


def replayed(found: Answers, one: replay.Replay) -> Sample:
    """Turn a kept failure into a sample; whether the vendor may send it is asked anew: specs move."""
    valid = found.plan.oracle.valid(one.value)
    base = None if valid else nearest(one.value, [sample.value for sample in sources.covering(found)])
    return Sample(
        kind=Kind.REPLAY, label=one.file_name, value=one.value, valid=valid, points=one.points, base=base
    )


def kept(folder: Path | None, consumer: Consumer) -> list[replay.Replay]:
    """Read the failures that were kept for a consumer."""
    if folder is None or not folder.is_dir():
        return []
    return [one for _, one in replay.load(folder) if one.consumer == consumer.id]


def run(
    consumer: Consumer,
    found: Answers,
    *,
    explore: int = 0,
    folder: Path | None = None,
    write: bool = True,
    progress: Progress = lambda _, __: None,
) -> Run:
    """Stress a consumer; failures are reduced and, with a `folder`, kept there as replay files."""
    state = Stress(consumer)
    for count, sample in enumerate(met_by(consumer, samples(found, explore, kept(folder, consumer))), 1):
        state.add(sample)
        progress(str(sample.kind), count)
    for key, one in list(state.stumbles.items()):
        state.stumbles[key] = reduced(consumer, found, one)
    lasting = {key: one for key, one in state.stumbles.items() if one.sample.body is None}
    files = {key: keep(folder, consumer, one) for key, one in lasting.items()} if folder and write else {}
    return Run(state, reads(consumer, [sample.value for sample in sources.covering(found)]), files)


def keep(folder: Path, consumer: Consumer, one: Stumble) -> str:
    """Write a failure as a replay file and give its name."""
    kept_one = replay.Replay(
        consumer.id, consumer.provider, one.law.id, one.sample.value, one.sample.points[:8], one.words
    )
    return replay.save(folder, kept_one).name


class Stumbled(AssertionError):
    """A consumer broke a law; the text says which, on what, and how the payload differs from the plainest."""


def items(
    consumer: Consumer, found: Answers, *, explore: int = 0, folder: Path | None = None
) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield (id, check) for a test runner; a check raises Stumbled and keeps the payload in `folder`.

    Each kept failure and each covering payload is an item of its own; near misses, drift and the `explore`
    random payloads are one item each.
    """
    for one in (*(replayed(found, each) for each in kept(folder, consumer)), *sources.covering(found)):
        yield one.label, _check(consumer, found, folder, [one])
    yield "near-misses", _check(consumer, found, folder, sources.near_misses(found))
    yield "drift", _check(consumer, found, folder, sources.drifted(found))
    if explore:
        yield f"explore-{explore}", _check(consumer, found, folder, sources.explored(found, explore))


def _check(
    consumer: Consumer, found: Answers, folder: Path | None, payloads: Iterable[Sample]
) -> Callable[[], None]:
    def check() -> None:
        stumbles: dict[tuple[str, ...], Stumble] = {}
        for sample in met_by(consumer, payloads):
            for one in strain(consumer, sample)[2]:
                stumbles.setdefault(one.signature, one)
        if stumbles:
            raise Stumbled("\n".join(_told(consumer, found, folder, stumbles.values())))

    return check


def _told(
    consumer: Consumer, found: Answers, folder: Path | None, stumbles: Iterable[Stumble]
) -> Iterator[str]:
    plain: Json = sources.plainest(found)
    yield f"{consumer.id} on {found.name}"
    for one in stumbles:
        small = reduced(consumer, found, one)
        kept_as = keep(folder, consumer, small) if folder and small.sample.body is None else ""
        yield from stumble_lines(small, plain, kept_as)
