"""What a law is, and what it is asked about: one payload that a consumer has met."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from contracts.consumers.consumer import Consumer, Meeting
from contracts.consumers.laws.baseline import Baseline
from contracts.model import Json


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, in words, and `where`: the place in the answer, or the signature of a failure."""

    words: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A payload, how the consumer met it, and what is known of the consumer beforehand, if anything is."""

    consumer: Consumer
    payload: Json
    met: Meeting
    ground: Baseline | None = None


Check: TypeAlias = Callable[[Trial], Iterator[Wrong]]


def _always(_: Baseline) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Law:
    """One law: its id and sentence, an example of what breaks it, and the check that yields what is wrong.

    A `valid_only` law binds only for payloads that the vendor may send. A `thorough` one rewrites a payload
    in many ways: it needs the ground, and is asked on the covering set and kept failures only; a `once` one
    looks at all answers together; of an `every` one all that is
    wrong with an answer is told; one that is not about `answers` is asked of those, too, who have none.
    `unasked` says why a consumer cannot be asked, or "".
    """

    id: str
    sentence: str
    example: str
    check: Check
    valid_only: bool = True
    thorough: bool = False
    once: bool = False
    every: bool = False
    answers: bool = True
    unasked: Callable[[Baseline], str] = _always

    def why_not(self, ground: Baseline) -> str:
        """Say why a consumer is not asked; "" when it is."""
        if self.answers and not ground.answered:
            return ground.reads.why or "it answers no payload that the vendor may send"
        return self.unasked(ground)
