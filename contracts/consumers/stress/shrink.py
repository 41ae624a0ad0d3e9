"""Making the payload of a broken law small: a valid one stays valid, an invalid one keeps its one fault."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from contracts import generate
from contracts.consumers.consumer import Consumer, Manner, TookTooLong, meet
from contracts.consumers.effect import Effect, judge
from contracts.consumers.laws import LAWS, NO_LIE, Baseline, Trial
from contracts.consumers.places import GONE, differences, edited
from contracts.consumers.samples import Sample
from contracts.consumers.sources import Answers, offers
from contracts.consumers.stress.record import LawBroken, expected, strain
from contracts.model import Json


def reduced(
    consumer: Consumer, found: Answers, stumble: LawBroken, ground: Baseline | None = None
) -> LawBroken:
    """Give the broken law with the smallest payload that still shows it, judged anew on every candidate.

    A payload out of contract is reduced through the valid one beside it: the fault is put into each candidate
    again. What a payload does not show alone, or after a long wait only, stays as it is.
    """
    sample = stumble.sample
    if sample.body is not None or stumble.law.once or TookTooLong.__name__ in stumble.signature:
        return stumble
    edits = () if sample.valid else tuple((at, new) for at, _, new in differences(sample.base, sample.value))
    start = sample.value if sample.valid else sample.base

    def signature(candidate: Json) -> Hashable | None:
        if not found.plan.oracle.valid(candidate):
            return None
        value = edited(candidate, edits)
        if value is GONE:
            return None
        return (
            stumble.signature if shows(consumer, _sample(sample, candidate, value), stumble, ground) else None
        )

    base = generate.reduce(start, signature, simpler=offers(found)).value
    value = edited(base, edits)
    if value is GONE:
        return stumble
    small = _sample(sample, base, value)
    again = next(
        (one for one in strain(consumer, small, ground)[2] if one.signature == stumble.signature), stumble
    )
    return replace(again, sample=small, count=stumble.count)


def _sample(sample: Sample, base: Json, value: Json) -> Sample:
    return replace(sample, value=value, base=None if sample.valid else base)


def shows(consumer: Consumer, sample: Sample, stumble: LawBroken, ground: Baseline | None = None) -> bool:
    """Whether a payload still breaks the same law in the same way; only the one law is asked."""
    law, *where = stumble.signature
    if law == NO_LIE.id:
        seen = expected(
            consumer, sample, judge(consumer, sample.base, sample.value, words=sample.words, body=sample.body)
        )
        return seen.effect is Effect.MADE_UP and [seen.where] == where
    met = meet(consumer, sample.value)
    check = next(one.check for one in LAWS if one.id == law)
    if stumble.law.thorough and met.manner is not Manner.ANSWERED:
        return False
    return any([*wrong.where] == where for wrong in check(Trial(consumer, sample.value, met, ground)))
