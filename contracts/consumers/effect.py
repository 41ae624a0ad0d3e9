"""What a consumer makes of a payload that it was not promised, measured against the promised one beside it.

Both payloads differ in one place. The answers are compared leaf by leaf: equal, unknown, passed through
(what the vendor sent stands in the answer, though the contract forbids it) or fabricated (a value that the
payload does not support).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final

from contracts.consumers.consumer import Consumer, Manner, Meeting, meet
from contracts.consumers.equations import equal
from contracts.consumers.laws import in_utc, rounded, unordered, without_added
from contracts.consumers.places import GONE, differences, places_of, put, value_at
from contracts.consumers.retold import Retold
from contracts.model import Json, Pointer
from contracts.text import show


class Effect(StrEnum):
    """What a payload out of contract does to a consumer, from harmless to worst."""

    SAME = "tolerates"
    UNKNOWN = "does not recognise"
    HANDED_ON = "passes through"
    REFUSED = "refuses"
    MADE_UP = "fabricates"
    CRASHED = "crashes"

    @property
    def weight(self) -> int:
        """0 for the harmless one, 5 for the worst."""
        return list(Effect).index(self)


@dataclass(frozen=True, slots=True)
class Judgement:
    """An effect with the words for it, what happened, and `where` in the answer (`*` for positions).

    `denied` says that the answer denies what the payload gives: an unknown word is taken for a known one, or
    a value that stood in both is another one now that the payload has none. `retyped` says that something
    known in the answer is now of another JSON type.
    """

    effect: Effect
    words: str
    met: Meeting
    where: str = ""
    retyped: bool = False
    denied: bool = False


def judge(
    consumer: Consumer,
    base: Json,
    value: Json,
    *,
    words: Iterable[str] = (),
    body: bytes | None = None,
    before: Meeting | None = None,
) -> Judgement:
    """Meet a consumer with a payload out of contract and compare with the promised payload `base`.

    `words` are the members of the enum at the place where the two differ, if there is one; `body` is sent
    in place of `value`; `before` is the meeting with `base`, where it is known already.
    """
    met = meet(consumer, value, body)
    if met.manner is Manner.CRASHED:
        return Judgement(
            Effect.CRASHED, f"{met.error}{f' at {met.line}' if met.line else ''}: {met.message}", met
        )
    if met.manner is Manner.REFUSED:
        return Judgement(Effect.REFUSED, f"{met.error}: {met.message}", met)
    before = before or meet(consumer, base)
    if before.manner is not Manner.ANSWERED:
        return Judgement(Effect.SAME, "the promised payload has no answer to compare with", met)
    changes = list(differences(base, value))
    taken = _taken_for(consumer, base, changes, tuple(words), met)
    if taken:
        return Judgement(Effect.MADE_UP, taken, met, changes[0][0].wildcard, denied=True)
    return _compared(consumer, value, changes, before.view, met)


def judge_retold(consumer: Consumer, retold: Retold, before: Meeting) -> Judgement:
    """Say what a consumer makes of a payload that says the same as a promised one in today's form.

    Both answers should say the same. What is known no more degrades; another known value is fabricated, but
    for a text that the vendor now sends in its place, and for lists that only have the vendor's new order.
    """
    met = meet(consumer, retold.value)
    if met.manner is Manner.CRASHED:
        return Judgement(
            Effect.CRASHED, f"{met.error}{f' at {met.line}' if met.line else ''}: {met.message}", met
        )
    if met.manner is Manner.REFUSED:
        return Judgement(Effect.REFUSED, f"{met.error}: {met.message}", met)
    sent = {item for _, item in places_of(retold.value) if isinstance(item, str)}
    seen = Judgement(Effect.SAME, "the answer is the same", met)
    for at, old, new in _told_otherwise(retold, before.view, met.view):
        if _unknown(consumer, old):
            continue
        handed = isinstance(new, str) and (new in sent or any(word and word in new for word in _new(retold)))
        same = f"; for the same payload told as before it was {show(old)}"
        if _unknown(consumer, new):
            words = f"does not recognise {_place(at)} any more{same}"
            seen = (
                seen if seen.effect is Effect.UNKNOWN else Judgement(Effect.UNKNOWN, words, met, at.wildcard)
            )
        elif retold.measure or retold.order or (not handed and type(old) is type(new)):
            words = f"says {show(new)} at {_place(at)}{same}"
            return Judgement(Effect.MADE_UP, words, met, at.wildcard, denied=True)
        elif seen.effect is Effect.SAME:
            words = f"says {show(new)} at {_place(at)}{same}"
            seen = Judgement(Effect.HANDED_ON, words, met, at.wildcard, retyped=type(old) is not type(new))
    return seen


def _told_otherwise(retold: Retold, before: Json, now: Json) -> Iterator[tuple[Pointer, Json, Json]]:
    """Yield where two answers do not say the same, with both values as they stand there."""
    form = unordered if retold.order else without_added
    one, other = form(_plainly(before)), form(_plainly(now))
    for at, old, new in differences(one, other):
        if not equal(old, new):
            yield (at, old, new) if retold.order else (at, value_at(before, at), value_at(now, at))


def _plainly(view: Json) -> Json:
    """Give an answer with instants in one spelling, and numbers to twelve digits."""
    return rounded(in_utc(without_added(view)))


def _new(retold: Retold) -> Iterator[str]:
    """Yield the words that only the payload of today has."""
    for _, _, new in differences(retold.base, retold.value):
        if isinstance(new, str):
            yield new


def _compared(
    consumer: Consumer, value: Json, changes: list[tuple[Pointer, Json, Json]], view: Json, met: Meeting
) -> Judgement:
    found = [one for one in differences(without_added(view), without_added(met.view)) if one[1] != one[2]]
    told = [one for one in found if not _unknown(consumer, one[2])]
    if not found:
        return Judgement(Effect.SAME, "the answer is the same", met)
    if not told:
        at, old, _ = found[0]
        was = "" if old is GONE else f"; it was {show(old)}"
        return Judgement(Effect.UNKNOWN, f"does not recognise {_place(at)} any more{was}", met, at.wildcard)
    if all(new is GONE or new is None for _, old, new in changes if old is not GONE):
        sent = {item for _, item in places_of(value) if isinstance(item, str)}
        # A text that stands elsewhere in the payload is a fallback to other words of the vendor's; what was
        # not known before may have been kept back by a contradiction that is now gone.
        for at, old, new in told:
            if not (isinstance(new, str) and new in sent) and not _unknown(consumer, old):
                where = f"says {show(new)} at {_place(at)}, where nothing was given"
                return Judgement(Effect.MADE_UP, where, met, at.wildcard, denied=_replaced(old, new, changes))
    retyped = any(not _unknown(consumer, old) and type(old) is not type(new) for _, old, new in told)
    words = f"says {show(told[0][2])} at {_place(told[0][0])}"
    return Judgement(Effect.HANDED_ON, words, met, told[0][0].wildcard, retyped)


_NOTHING_SPELLED: Final = ("None", "null", "nan", "NaN")
"""What `str()` and its like make of a value that is not there."""


def _replaced(old: Json, new: Json, changes: list[tuple[Pointer, Json, Json]]) -> bool:
    """Whether a value of the payload that the answer repeats is another value, of its type, without it.

    False and "" may stand for nothing, and 0 for null, but no text that spells it; a sentence, a row or a
    rate that holds the value is no repetition.
    """
    if isinstance(old, (bool, dict, list)) or type(old) is not type(new):
        return False
    gaps = [left for _, was, left in changes if was == old]
    other = bool(old) and (bool(new) or (new == 0 and GONE in gaps))
    return bool(gaps) and (other or new in _NOTHING_SPELLED)


def _place(at: Pointer) -> str:
    return str(at) or "the answer"


def says(consumer: Consumer, leaf: Json) -> bool:
    """Whether a part of an answer says something: it is not unknown, empty, 0 or false."""
    return not isinstance(leaf, (dict, list)) and bool(leaf) and not _unknown(consumer, leaf)


def _unknown(consumer: Consumer, value: Json) -> bool:
    if value is None or value is GONE:
        return True
    return isinstance(value, str) and value.casefold() in {word.casefold() for word in consumer.unknown}


def _taken_for(
    consumer: Consumer,
    base: Json,
    changes: list[tuple[Pointer, Json, Json]],
    words: tuple[str, ...],
    met: Meeting,
) -> str:
    """Say for which known word an unknown one is taken, if it is; a mere respelling may be.

    Telling leaves are those of the answer that differ from known word to known word, and are not the word
    itself. Where there are none, the word is not read; where the unknown word gives what a known one gives,
    it is a guess.
    """
    if len(changes) != 1 or len(words) < 2:
        return ""
    at, _, odd = changes[0]
    if not isinstance(odd, str) or odd in words or any(_alike(odd, word) for word in words):
        return ""
    answers = {word: _leaves(view) for word, view in _answers(consumer, base, at, words)}
    telling = sorted(place for place in {*chain(*answers.values())} if _tells(place, answers))
    odd_leaves = _leaves(without_added(met.view))
    for word, leaves in answers.items():
        if telling and all(leaves.get(place) == odd_leaves.get(place) for place in telling):
            return (
                "" if _unknown(consumer, _first(met.view, telling)) else f"takes {show(odd)} for {show(word)}"
            )
    return ""


def _tells(place: str, answers: dict[str, dict[str, str]]) -> bool:
    values = {word: leaves.get(place) for word, leaves in answers.items()}
    return len(set(values.values())) > 1 and any(value != repr(word) for word, value in values.items())


def _leaves(view: Json) -> dict[str, str]:
    return {str(at): repr(item) for at, item in places_of(view) if not isinstance(item, (dict, list))}


def _first(view: Json, telling: list[str]) -> Json:
    return next((item for at, item in places_of(view) if str(at) == telling[0]), None)


def _answers(
    consumer: Consumer, base: Json, at: Pointer, words: tuple[str, ...]
) -> Iterator[tuple[str, Json]]:
    for word in words:
        met = meet(consumer, put(base, at, word))
        if met.manner is Manner.ANSWERED:
            yield word, without_added(met.view)


def _alike(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(word: str) -> str:
    return re.sub(r"[^0-9a-z]", "", word.casefold()).rstrip("s")
