"""The laws that a reader of payloads is held to, as one table: id, sentence, check.

A check meets the consumer with a payload (and its respellings) and yields what is wrong, in words. `valid`
laws hold for payloads that the vendor may send; the rest for any payload.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from contracts.consumers import respell
from contracts.consumers.consumer import Consumer, Manner, Meeting, meet
from contracts.consumers.places import differences, told
from contracts.consumers.respell import without_added
from contracts.model import Json


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, in words, and `where`: the place in the answer, or the signature of a failure."""

    words: str
    where: tuple[str, ...]


Check: TypeAlias = Callable[[Consumer, Json, Meeting], Iterator[Wrong]]


@dataclass(frozen=True, slots=True)
class Law:
    """One law; `valid_only` when it binds only for payloads that the vendor may send."""

    id: str
    sentence: str
    check: Check
    valid_only: bool = True


def _total(_: Consumer, __: Json, met: Meeting) -> Iterator[Wrong]:
    if met.manner is Manner.CRASHED:
        yield Wrong(f"{met.error}{f' at {met.line}' if met.line else ''}: {met.message}", met.signature)


def _accepting(_: Consumer, __: Json, met: Meeting) -> Iterator[Wrong]:
    if met.manner is Manner.REFUSED:
        yield Wrong(f"refused with {met.error}: {met.message}", met.signature)


def _pure(_: Consumer, __: Json, met: Meeting) -> Iterator[Wrong]:
    if met.changed:
        yield Wrong("the payload is not the same after the call", ())


def _deterministic(consumer: Consumer, payload: Json, met: Meeting) -> Iterator[Wrong]:
    yield from _unequal(met, meet(consumer, payload), "called again")
    with _zone("Pacific/Kiritimati"):
        yield from _unequal(met, meet(consumer, payload), "called in another time zone")


def _unknown_field(consumer: Consumer, payload: Json, met: Meeting) -> Iterator[Wrong]:
    """A reader may refuse what its vendor's closed object forbids, but not read the rest in another way."""
    if met.manner is Manner.ANSWERED:
        for other in respell.with_unknown_field(payload):
            again = meet(consumer, other)
            if again.manner is not Manner.REFUSED:
                yield from _unequal(met, again, "")


def _equal_for(
    rewrite: Callable[[Json], Iterator[Json]], form: Callable[[Json], Json] = without_added
) -> Check:
    """Make a check that the answer to a rewritten payload is the answer to the payload, both in one form."""

    def check(consumer: Consumer, payload: Json, met: Meeting) -> Iterator[Wrong]:
        if met.manner is Manner.ANSWERED:
            for other in rewrite(payload):
                yield from _unequal(met, meet(consumer, other), "", form)

    return check


def _order_of_items(consumer: Consumer, payload: Json, met: Meeting) -> Iterator[Wrong]:
    """Only for answers with `items`: what stands in a list may turn with it, and nothing else may change."""
    if met.manner is Manner.ANSWERED and isinstance(met.view, dict) and "items" in met.view:
        for at, other in respell.lists_reversed(payload):
            yield from _unequal(met, meet(consumer, other), f"{at} in reverse", respell.unordered)


def _unequal(
    met: Meeting, again: Meeting, when: str, form: Callable[[Json], Json] = without_added
) -> Iterator[Wrong]:
    start = f"{when}: " if when else ""
    if again.manner is not met.manner:
        how = f"{again.manner} with {again.error}: {again.message}" if again.error else str(again.manner)
        yield Wrong(f"{start}{how}", again.signature)
    elif met.manner is Manner.ANSWERED:
        one, other = form(met.view), form(again.view)
        if one != other and repr(one) != repr(other):
            yield _difference(one, other, start)


def _difference(one: Json, other: Json, start: str) -> Wrong:
    found = [change for change in differences(one, other) if change[1] != change[2]]
    place = found[0][0].wildcard if found else ""
    return Wrong(f"{start}the answer differs: {', '.join(told(found, 3))}", (place,))


@contextmanager
def _zone(name: str) -> Iterator[None]:
    """Move the process to another time zone for a moment, where the platform can."""
    if not hasattr(time, "tzset"):
        yield
        return
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


LAWS: Final[tuple[Law, ...]] = (
    Law("total", "it answers or refuses as declared, and raises nothing else", _total, valid_only=False),
    Law("accepting", "it does not refuse what the vendor may send", _accepting),
    Law("pure", "it leaves the payload as it was", _pure, valid_only=False),
    Law("deterministic", "it answers the same again, and in any time zone", _deterministic),
    Law("key-order", "the order of keys does not matter", _equal_for(respell.keys_reversed)),
    Law("unknown-field", "a field that nobody knows does not matter", _unknown_field),
    Law("whole-number", "1 and 1.0 are the same number", _equal_for(respell.whole_numbers_respelled)),
    Law(
        "same-instant",
        "an instant is the same in every spelling",
        _equal_for(respell.instants_respelled, respell.in_utc),
    ),
    Law("item-order", "the order of items changes nothing but their order", _order_of_items),
)

NO_LIE: Final = Law(
    "no-lie",
    "on what the vendor may not send it refuses or does not know; it makes nothing up",
    lambda _, __, ___: iter(()),
    valid_only=False,
)
"""Checked against the valid payload that the invalid one was made from; see `judging`."""


def broken(consumer: Consumer, payload: Json, met: Meeting, *, valid: bool) -> Iterator[tuple[Law, Wrong]]:
    """Yield the laws that a consumer breaks on a payload, each with the first thing that is wrong.

    A consumer that does not answer the same twice cannot be held to the laws that compare two answers.
    """
    for law in LAWS:
        wrong = next(law.check(consumer, payload, met), None) if valid or not law.valid_only else None
        if wrong is not None:
            yield law, wrong
            if law.id == "deterministic":
                return
