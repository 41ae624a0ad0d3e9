"""The laws that a reader of payloads is held to, as one table: id, sentence, check.

A check meets the consumer with a payload (and its respellings) and yields what is wrong, in words. `valid` laws
hold for payloads that the vendor may send; the rest for any payload.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from contracts.consumers import respell
from contracts.consumers.consumer import Consumer, Manner, Meeting, meet
from contracts.consumers.places import differences, told
from contracts.model import Json

Check = Callable[[Consumer, Json, Meeting], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Law:
    """One law; `valid_only` when it binds only for payloads that the vendor may send."""

    id: str
    sentence: str
    check: Check
    valid_only: bool = True


def _total(_: Consumer, __: Json, met: Meeting) -> Iterator[str]:
    if met.manner is Manner.CRASHED:
        yield f"{met.error}{f' at {met.line}' if met.line else ''}: {met.message}"


def _accepting(_: Consumer, __: Json, met: Meeting) -> Iterator[str]:
    if met.manner is Manner.REFUSED:
        yield f"refused with {met.error}: {met.message}"


def _pure(_: Consumer, __: Json, met: Meeting) -> Iterator[str]:
    if met.changed:
        yield "the payload is not the same after the call"


def _deterministic(consumer: Consumer, payload: Json, met: Meeting) -> Iterator[str]:
    yield from _unequal(met, meet(consumer, payload), "called again")
    with _zone("Pacific/Kiritimati"):
        yield from _unequal(met, meet(consumer, payload), "called in another time zone")


def _equal_for(rewrite: Callable[[Json], Iterator[Json]]) -> Check:
    def check(consumer: Consumer, payload: Json, met: Meeting) -> Iterator[str]:
        if met.manner is Manner.ANSWERED:
            for other in rewrite(payload):
                yield from _unequal(met, meet(consumer, other), "")

    return check


def _order_of_items(consumer: Consumer, payload: Json, met: Meeting) -> Iterator[str]:
    """Which list holds the items is seen by what happens: the view's own list of items turns around with it."""
    if met.manner is not Manner.ANSWERED or not isinstance(met.view, dict) or "items" not in met.view:
        return
    for at, other in respell.lists_reversed(payload):
        again = meet(consumer, other)
        if again.manner is not Manner.ANSWERED:
            yield f"{at} in reverse: {_manner(again)}"
        elif respell.unordered(again.view) != respell.unordered(met.view):
            yield f"{at} in reverse: {_difference(respell.unordered(met.view), respell.unordered(again.view))}"


def _unequal(met: Meeting, again: Meeting, when: str) -> Iterator[str]:
    start = f"{when}: " if when else ""
    if again.manner is not met.manner:
        yield f"{start}{_manner(again)}"
    elif met.manner is Manner.ANSWERED:
        view = respell.without_added(again.view)
        if not _same(respell.without_added(met.view), view):
            yield f"{start}{_difference(respell.without_added(met.view), view)}"


def _manner(met: Meeting) -> str:
    return f"{met.manner} with {met.error}: {met.message}" if met.error else str(met.manner)


def _same(one: Json, other: Json) -> bool:
    return bool(one == other) or repr(one) == repr(other)


def _difference(one: Json, other: Json) -> str:
    return f"the answer differs: {', '.join(told(differences(one, other), 3)) or 'in spelling only'}"


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
    Law("unknown-field", "a field that nobody knows does not matter", _equal_for(respell.with_unknown_field)),
    Law("whole-number", "1 and 1.0 are the same number", _equal_for(respell.whole_numbers_respelled)),
    Law("same-instant", "an instant is the same in every spelling", _equal_for(respell.instants_respelled)),
    Law("item-order", "the order of items changes nothing but their order", _order_of_items),
)

NO_LIE: Final = Law(
    "no-lie",
    "on what the vendor may not send it refuses or does not know; it makes nothing up",
    lambda _, __, ___: iter(()),
    valid_only=False,
)
"""Checked against the valid payload that the invalid one was made from; see `judging`."""


def broken(consumer: Consumer, payload: Json, met: Meeting, *, valid: bool) -> Iterator[tuple[Law, str]]:
    """Yield the laws that a consumer breaks on a payload, each with what is wrong."""
    for law in LAWS:
        if valid or not law.valid_only:
            for wrong in law.check(consumer, payload, met):
                yield law, wrong
                break
