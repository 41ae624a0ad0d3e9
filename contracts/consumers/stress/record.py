"""Stress: a consumer meets many payloads, and each law it breaks is said once, with count and example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from contracts.consumers.consumer import Consumer, Manner, meet
from contracts.consumers.effect import Effect, Judgement, judge, says
from contracts.consumers.laws import (
    NO_LIE,
    Baseline,
    Law,
    Trial,
    broken,
    broken_once,
    differs_beside_added,
    in_utc,
)
from contracts.consumers.places import GONE, differences, places_of
from contracts.consumers.samples import Kind, Sample
from contracts.consumers.sources import met_by
from contracts.model import Json

NO_BATCH: Final = "answers a body that is no batch"
THOROUGH: Final = frozenset({Kind.REPLAY, Kind.COVERING})
"""The payloads on which the laws are asked that rewrite them in many ways."""


@dataclass(frozen=True, slots=True)
class LawBroken:
    """A law that a consumer breaks; `signature` tells mistakes apart, `count` how many payloads show it.

    `sample` is the first payload that shows it, or the reduced one.
    """

    law: Law
    words: str
    sample: Sample
    signature: tuple[str, ...]
    count: int = 1


@dataclass(slots=True)
class Stress:
    """What is known so far of one consumer: how it met each kind of payload, and which laws it broke.

    With `ground` the laws are asked, too, that need to know where its answers come from. `left` counts the
    payloads that were not met, since it did not come back from others.
    """

    consumer: Consumer
    ground: Baseline | None = None
    met: Counter[tuple[Kind, Effect]] = field(default_factory=Counter)
    stumbles: dict[tuple[str, ...], LawBroken] = field(default_factory=dict)
    examples: dict[tuple[Kind, Effect], tuple[Sample, str]] = field(default_factory=dict)
    left: int = 0

    def add(self, sample: Sample) -> tuple[LawBroken, ...]:
        """Meet the consumer with one payload and give the broken laws it shows, known ones too."""
        effect, words, found = strain(self.consumer, sample, self.ground)
        self.met[sample.kind, effect] += 1
        self.examples.setdefault((sample.kind, effect), (sample, words))
        for one in found:
            known = self.stumbles.get(one.signature)
            self.stumbles[one.signature] = one if known is None else replace(known, count=known.count + 1)
        return found

    def of(self, kind: Kind) -> Mapping[Effect, int]:
        """Give how often each effect was seen with one kind of payload."""
        return {effect: self.met[kind, effect] for effect in Effect if self.met[kind, effect]}


def stress(consumer: Consumer, samples: Iterable[Sample], ground: Baseline | None = None) -> Stress:
    """Meet a consumer with all payloads."""
    state = Stress(consumer, ground)
    for sample in met_by(consumer, samples):
        state.add(sample)
    return state


def strain(
    consumer: Consumer, sample: Sample, ground: Baseline | None = None
) -> tuple[Effect, str, tuple[LawBroken, ...]]:
    """Meet a consumer with one payload: the effect, the words for it, and the laws that break."""
    if sample.valid:
        met = meet(consumer, sample.value)
        effect = {
            Manner.ANSWERED: Effect.SAME,
            Manner.REFUSED: Effect.REFUSED,
            Manner.CRASHED: Effect.CRASHED,
        }[met.manner]
        seen = Judgement(effect, met.message or "answers", met)
    else:
        seen = judge(consumer, sample.base, sample.value, words=sample.words, body=sample.body)
    seen = expected(consumer, sample, seen)
    return seen.effect, seen.words, tuple(_stumbles(consumer, sample, seen, ground))


def expected(consumer: Consumer, sample: Sample, seen: Judgement) -> Judgement:
    """Call it fabricated when a body that is no batch has an answer, or an irrelevant change another one."""
    if seen.met.manner is not Manner.ANSWERED:
        return seen
    if sample.refusable and not sample.valid:
        return _no_batch(consumer, sample, seen)
    if sample.same:
        base = meet(consumer, sample.base)
        if base.manner is Manner.ANSWERED and _differs(sample, base.view, seen.met.view):
            words = "the answer is not that to the same payload, written in another way"
            return Judgement(Effect.MADE_UP, words, seen.met, denied=True)
    if seen.effect is Effect.MADE_UP and not seen.denied:
        return replace(seen, effect=Effect.HANDED_ON)
    return seen


def _differs(sample: Sample, one: Json, other: Json) -> bool:
    """Whether two answers differ in more than the fields that were added to the payload."""
    added = (str(at[-1]) for at, old, _ in differences(sample.base, sample.value) if at and old is GONE)
    return differs_beside_added(in_utc(one), in_utc(other), tuple(added))


def _no_batch(consumer: Consumer, sample: Sample, seen: Judgement) -> Judgement:
    """Accuse of an answer that says something; reading less than the whole body is no fault."""
    if sample.body is not None and meet(consumer, sample.base).view == seen.met.view:
        return replace(seen, effect=Effect.SAME)
    if not any(says(consumer, leaf) for _, leaf in places_of(seen.met.view)):
        return replace(seen, effect=Effect.UNKNOWN)
    return Judgement(Effect.MADE_UP, NO_BATCH, seen.met, denied=True)


def _stumbles(
    consumer: Consumer, sample: Sample, seen: Judgement, ground: Baseline | None
) -> Iterator[LawBroken]:
    trial = Trial(consumer, sample.value, seen.met, ground)
    for law, wrong in broken(trial, valid=sample.valid, thorough=sample.kind in THOROUGH):
        yield LawBroken(law, wrong.words, sample, (law.id, *wrong.where))
    if seen.effect is Effect.MADE_UP:
        yield LawBroken(NO_LIE, seen.words, sample, (NO_LIE.id, seen.where))


def stumbles_once(ground: Baseline, sample: Sample) -> Iterator[LawBroken]:
    """Yield the broken laws that all answers show together; `sample` stands for them."""
    for law, wrong in broken_once(ground):
        yield LawBroken(law, wrong.words, sample, (law.id, *wrong.where))
