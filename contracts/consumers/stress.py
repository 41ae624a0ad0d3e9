"""Stress: a consumer meets many payloads, and every law it breaks is said once, with how often and an example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from contracts.consumers.consumer import Consumer, Manner, meet
from contracts.consumers.judging import Effect, Judgement, judge
from contracts.consumers.laws import NO_LIE, Law, broken
from contracts.consumers.samples import Kind, Sample


@dataclass(frozen=True, slots=True)
class Stumble:
    """A law that a consumer breaks; `signature` tells one mistake from another, `count` how many payloads show it.

    `sample` is the first payload that shows it, or the reduced one.
    """

    law: Law
    words: str
    sample: Sample
    signature: tuple[str, ...]
    count: int = 1


@dataclass(slots=True)
class Stress:
    """What is known so far of one consumer: how it met each kind of payload, and where it stumbled."""

    consumer: Consumer
    met: Counter[tuple[Kind, Effect]] = field(default_factory=Counter)
    stumbles: dict[tuple[str, ...], Stumble] = field(default_factory=dict)
    examples: dict[tuple[Kind, Effect], tuple[Sample, str]] = field(default_factory=dict)

    def add(self, sample: Sample) -> tuple[Stumble, ...]:
        """Meet the consumer with one payload and give the stumbles it shows, known ones too."""
        effect, words, found = strain(self.consumer, sample)
        self.met[sample.kind, effect] += 1
        self.examples.setdefault((sample.kind, effect), (sample, words))
        for one in found:
            known = self.stumbles.get(one.signature)
            self.stumbles[one.signature] = one if known is None else replace(known, count=known.count + 1)
        return found

    def of(self, kind: Kind) -> Mapping[Effect, int]:
        """Give how often each effect was seen with one kind of payload."""
        return {effect: self.met[kind, effect] for effect in Effect if self.met[kind, effect]}


def stress(consumer: Consumer, samples: Iterable[Sample]) -> Stress:
    """Meet a consumer with all payloads."""
    state = Stress(consumer)
    for sample in samples:
        state.add(sample)
    return state


def strain(consumer: Consumer, sample: Sample) -> tuple[Effect, str, tuple[Stumble, ...]]:
    """Meet a consumer with one payload: the effect, the words for it, and the laws that break."""
    if sample.valid:
        met = meet(consumer, sample.value)
        effect = {Manner.ANSWERED: Effect.SAME, Manner.REFUSED: Effect.REFUSED, Manner.CRASHED: Effect.CRASHED}[met.manner]
        seen = Judgement(effect, met.message or "answers", met)
    else:
        seen = judge(consumer, sample.base, sample.value, sample.words)
    return seen.effect, seen.words, tuple(_stumbles(consumer, sample, seen))


def _stumbles(consumer: Consumer, sample: Sample, seen: Judgement) -> Iterator[Stumble]:
    for law, words in broken(consumer, sample.value, seen.met, valid=sample.valid):
        yield Stumble(law, words, sample, (law.id, *_where(law, seen, words)))
    if seen.effect is Effect.MADE_UP:
        yield Stumble(NO_LIE, seen.words, sample, (NO_LIE.id, seen.words))


def _where(law: Law, seen: Judgement, words: str) -> tuple[str, ...]:
    """Tell mistakes apart: failures by exception and line, unequal answers by the place that differs."""
    if law.id in {"total", "accepting"}:
        return seen.met.signature
    return (words.split(" = ")[0].split(" is absent")[0][:80],)


def still(consumer: Consumer, sample: Sample, stumble: Stumble) -> bool:
    """Whether a payload still shows the same stumble: the verdict is always recomputed, never carried along."""
    return any(one.signature == stumble.signature for one in strain(consumer, sample)[2])
