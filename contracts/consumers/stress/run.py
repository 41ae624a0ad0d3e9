"""One consumer under stress from start to end: kept failures, all payloads, the reduced new failures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from contracts.consumers import sources
from contracts.consumers.consumer import Consumer, Manner, TookTooLong, meet
from contracts.consumers.equations import Proposal, proposal
from contracts.consumers.laws import Baseline, Reads, ground_of
from contracts.consumers.places import GONE, put, value_at
from contracts.consumers.samples import Kind, Sample, nearest
from contracts.consumers.sources import Answers, met_by
from contracts.consumers.stress import replay
from contracts.consumers.stress.record import NO_BATCH, LawBroken, Stress, strain, stumbles_once
from contracts.consumers.stress.report import again_line, stumble_lines
from contracts.consumers.stress.shrink import reduced
from contracts.consumers.suspicions import Suspicion, suspicions
from contracts.model import Json, Pointer
from contracts.providers import NORMALIZERS

Progress = Callable[[str, int], None]
"""Told what is going on (the kind of payload) and how many payloads have been met in it so far."""

PATIENCE: Final = 2
"""How many payloads a consumer may not come back from before it is given no more."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run found: counts, broken laws (payloads reduced), what is read, the files written.

    `suspected` is what its answers make suspect, the surest first.
    """

    state: Stress
    reads: Reads
    replays: dict[tuple[str, ...], str]
    suspected: tuple[Suspicion, ...] = ()


def samples(found: Answers, explore: int = 0, kept: Iterable[replay.Replay] = ()) -> Iterator[Sample]:
    """Yield all payloads: kept failures, covering set, near misses, two faults in one, drift, random ones."""
    for one in kept:
        yield from replayed(found, one)
    yield from sources.covering(found)
    yield from sources.near_misses(found)
    yield from sources.two_faults(found)
    yield from sources.drifted(found)
    if explore:
        yield from sources.explored(found, explore)


BASES: Final = 3
"""Beside how many valid payloads a kept failure out of contract is put."""


def replayed(found: Answers, one: replay.Replay) -> tuple[Sample, ...]:
    """Turn a kept failure into samples; whether the vendor may send it is asked anew: specs move.

    One that it may not send is put beside some valid payloads that differ from it at its fault, since only
    some of them may show what it was kept for.
    """
    valid = found.plan.oracle.valid(one.value)
    made = Sample(
        kind=Kind.REPLAY,
        label=one.file_name,
        value=one.value,
        valid=valid,
        points=one.points,
        refusable=one.note == NO_BATCH,
        words=_words(found, one.value),
    )
    if valid:
        return (made,)
    payloads = [sample.value for sample in sources.covering(found)]
    bases = list(islice(_mended(found, one.value, payloads), BASES)) or [nearest(one.value, payloads)]
    return tuple(replace(made, base=base) for base in bases)


def _words(found: Answers, value: Json) -> tuple[str, ...]:
    """Give the known words at the place of an unknown one, where that is the only fault."""
    faults = [*found.plan.oracle.faults(value)]
    return sources.words_at(found, faults[0][0].wildcard) if [one for _, one in faults] == ["enum"] else ()


def _mended(found: Answers, value: Json, payloads: list[Json]) -> Iterator[Json]:
    """Yield a payload with its faults taken away, with different values that other payloads have there."""
    places = sorted({at for at, _ in found.plan.oracle.faults(value)}, key=str)
    if not places or not all(places):
        return
    offers = {at: _values_at(at, payloads) for at in places}
    for turn in range(max(map(len, offers.values()))):
        mended = value
        for at in reversed(places):
            mended = put(mended, at, offers[at][turn % len(offers[at])])
        if found.plan.oracle.valid(mended):
            yield mended


def _values_at(at: Pointer, payloads: list[Json]) -> list[Json]:
    """Give the different values that payloads have at a place; GONE where none has any."""
    values = {repr(new): new for payload in payloads if (new := value_at(payload, at)) is not GONE}
    return list(values.values()) or [GONE]


def kept(folder: Path | None, consumer: Consumer) -> list[replay.Replay]:
    """Read the failures that were kept for a consumer."""
    if folder is None or not folder.is_dir():
        return []
    return [one for _, one in replay.load(folder) if one.consumer == consumer.id]


def run_consumer(
    consumer: Consumer,
    found: Answers,
    *,
    explore: int = 0,
    folder: Path | None = None,
    write: bool = True,
    progress: Progress = lambda _, __: None,
    first: Callable[[LawBroken], None] = lambda _: None,
) -> Run:
    """Stress a consumer; failures are reduced and, with a `folder`, kept there as replay files.

    `first` is told of the first payload without an answer, or else that shows a broken law, as it is met.
    """
    for early in islice(_early(consumer, found), 1):
        first(early)
    progress("how it answers", 0)
    ground = ground_of(consumer, found)
    state = Stress(consumer, ground)
    state.left = _meet_all(
        state, list(met_by(consumer, samples(found, explore, kept(folder, consumer)))), progress
    )
    for one in stumbles_once(ground, next(sources.covering(found))):
        state.stumbles[one.signature] = one
    for count, (key, one) in enumerate(list(state.stumbles.items())):
        progress("making failures small", count)
        state.stumbles[key] = reduced(consumer, found, one, ground)
    lasting = {key: one for key, one in state.stumbles.items() if _lasts(one)}
    files = {key: keep(folder, consumer, one) for key, one in lasting.items()} if folder and write else {}
    progress("what it learns from", 0)
    suspected = suspected_of(consumer, found, explore) if ground.reads.steady else ()
    return Run(state, ground.reads, files, suspected)


def _early(consumer: Consumer, found: Answers) -> Iterator[LawBroken]:
    """Yield what the covering set shows before the consumer is known: no answers, then broken laws.

    One that hangs ends it: the run says so, once.
    """
    answered = []
    for sample in sources.covering(found):
        met = meet(consumer, sample.value)
        if met.error == TookTooLong.__name__:
            return
        if met.manner is Manner.ANSWERED:
            answered.append(sample)
        else:
            yield from strain(consumer, sample)[2][:1]
    for sample in answered:
        yield from strain(consumer, sample)[2][:1]


def suspected_of(consumer: Consumer, found: Answers, explore: int = 0) -> tuple[Suspicion, ...]:
    """Give what the answers of a consumer to valid payloads make suspect."""
    pairs, refused = answered_of(consumer, (*sources.covering(found), *sources.explored(found, explore)))
    return suspicions(pairs, refused, tuple(word.casefold() for word in consumer.unknown))


def answered_of(
    consumer: Consumer, listed: Iterable[Sample]
) -> tuple[tuple[tuple[Json, Json], ...], tuple[Json, ...]]:
    """Give the payloads that the vendor may send with what is answered, and those that have no answer."""
    met = [(one.value, meet(consumer, one.value)) for one in listed if one.valid and one.body is None]
    pairs = tuple((payload, one.view) for payload, one in met if one.manner is Manner.ANSWERED)
    return pairs, tuple(payload for payload, one in met if one.manner is not Manner.ANSWERED)


def proposed_of(consumer: Consumer, found: Answers, explore: int = 0) -> Proposal:
    """Propose equations for a consumer, from its answers to all payloads that the vendor may send."""
    pairs, _ = answered_of(consumer, samples(found, explore))
    ours = consumer.function is NORMALIZERS.get(consumer.provider)  # it cannot be held against itself
    return proposal(pairs, "" if ours else consumer.provider)


def _meet_all(state: Stress, listed: list[Sample], progress: Progress) -> int:
    """Meet all payloads; give how many are left when the consumer does not come back."""
    patience = PATIENCE - int(bool(state.ground and state.ground.hangs))
    for count, sample in enumerate(listed, 1):
        state.add(sample)
        progress(str(sample.kind), count)
        if hangs(state.stumbles.values()) >= patience:
            return len(listed) - count
    return 0


def hangs(stumbles: Iterable[LawBroken]) -> int:
    """Count the payloads that a consumer did not come back from."""
    return sum(one.count for one in stumbles if TookTooLong.__name__ in one.signature)


def _lasts(one: LawBroken) -> bool:
    """Whether a failure can be kept as a payload that shows it."""
    return one.sample.body is None and not one.law.once


def keep(folder: Path, consumer: Consumer, one: LawBroken) -> str:
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

    Each kept failure and each covering payload is an item of its own; near misses, payloads with two
    faults, drift, the `explore` random payloads and what all answers show together are one item each.
    """
    hearing = _Hearing(consumer, found, folder)
    for each in kept(folder, consumer):
        yield hearing.item(each.file_name, partial(replayed, found, each))
    for one in sources.covering(found):
        yield hearing.item(one.label, partial(iter, (one,)))
    yield "all-answers", hearing.all_answers
    yield hearing.item("near-misses", partial(sources.near_misses, found))
    yield hearing.item("two-faults", partial(sources.two_faults, found))
    yield hearing.item("drift", partial(sources.drifted, found))
    if explore:
        yield hearing.item(f"explore-{explore}", partial(sources.explored, found, explore))


@dataclass(slots=True, eq=False)
class _Hearing:
    """What the items of one consumer share.

    Its ground is made when the first is run; `hung` counts the payloads that it did not come back from;
    `known` has the item in which each stumble was told in full.
    """

    consumer: Consumer
    found: Answers
    folder: Path | None
    _ground: Baseline | None = None
    hung: int = 0
    known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def ground(self) -> Baseline:
        if self._ground is None:
            self._ground = ground_of(self.consumer, self.found)
            self.hung += self._ground.hangs
        return self._ground

    def item(self, label: str, payloads: Callable[[], Iterable[Sample]]) -> tuple[str, Callable[[], None]]:
        return label, lambda: self._meet(label, payloads())

    def all_answers(self) -> None:
        """Ask the laws about all answers together."""
        self._raise("all-answers", list(stumbles_once(self.ground(), next(sources.covering(self.found)))))

    def _meet(self, label: str, payloads: Iterable[Sample]) -> None:
        stumbles: dict[tuple[str, ...], LawBroken] = {}
        for sample in met_by(self.consumer, payloads):
            ground = self.ground()
            if self.hung >= PATIENCE:
                raise Stumbled(f"{self.consumer.id} does not come back from other payloads, and is not asked")
            for one in strain(self.consumer, sample, ground)[2]:
                stumbles.setdefault(one.signature, one)
                self.hung += hangs([one])
        self._raise(label, stumbles.values())

    def _raise(self, label: str, stumbles: Collection[LawBroken]) -> None:
        if stumbles:
            names = ", ".join(dict.fromkeys(one.law.id for one in stumbles))
            raise Stumbled(
                "\n".join((f"{names}: {self.consumer.id} on {self.found.name}", *self._told(label, stumbles)))
            )

    def _told(self, label: str, stumbles: Iterable[LawBroken]) -> Iterator[str]:
        """Tell each stumble in full once; later items name the one that told it."""
        plain: Json = sources.plainest(self.found)
        for one in stumbles:
            first = self.known.setdefault(one.signature, label)
            if first != label:
                yield again_line(one, first)
                continue
            small = reduced(self.consumer, self.found, one, self.ground())
            kept_as = keep(self.folder, self.consumer, small) if self.folder and _lasts(small) else ""
            yield from stumble_lines(small, plain, kept_as)
