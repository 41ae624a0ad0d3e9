"""The laws that a reader of payloads is held to, as one table: id, sentence, check.

A check meets the consumer with a payload (and its rewritings) and yields what is wrong, in words. Most laws
hold for payloads that the vendor may send; the rest for any payload.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Final

from contracts.consumers.consumer import Manner, Meeting, TookTooLong, meet
from contracts.consumers.laws import form as forms
from contracts.consumers.laws import respell, rewriting
from contracts.consumers.laws.baseline import Baseline
from contracts.consumers.laws.clock import ahead, clocks
from contracts.consumers.laws.leaks import leaking
from contracts.consumers.laws.respell import without_added
from contracts.consumers.laws.trial import Check, Law, Trial, Wrong
from contracts.consumers.places import differences, told
from contracts.model import Json


def _total(trial: Trial) -> Iterator[Wrong]:
    met = trial.met
    if met.manner is Manner.CRASHED:
        yield Wrong(f"{met.error}{f' at {met.line}' if met.line else ''}: {met.message}", met.signature)


def _accepting(trial: Trial) -> Iterator[Wrong]:
    """Only where the payload itself is refused, and not the spelling 1.0 of a whole number."""
    met = trial.met
    if met.manner is not Manner.REFUSED:
        return
    plain = respell.whole_numbers_plain(trial.payload)
    if repr(plain) == repr(trial.payload) or meet(trial.consumer, plain).manner is not Manner.ANSWERED:
        yield Wrong(f"refused with {met.error}: {met.message}", met.signature)


def _pure(trial: Trial) -> Iterator[Wrong]:
    if trial.met.changed:
        yield Wrong("the payload is not the same after the call", ())


def _deterministic(trial: Trial) -> Iterator[Wrong]:
    if trial.met.error == TookTooLong.__name__:
        return
    yield from _unequal(trial.met, meet(trial.consumer, trial.payload), "called again")
    with _zone("Pacific/Kiritimati"):
        yield from _unequal(trial.met, meet(trial.consumer, trial.payload), "called in another time zone")


def _clock(trial: Trial) -> Iterator[Wrong]:
    """Only where the other clock tells, and standing in for the clock alone does not."""
    names = clocks(trial.consumer)
    if not names or trial.met.manner is not Manner.ANSWERED:
        return
    with ahead(names):
        found = list(_unequal(trial.met, meet(trial.consumer, trial.payload), "called 20 years later"))
    if found:
        with ahead(names, 0.0):
            same = meet(trial.consumer, trial.payload)
        if not list(_unequal(trial.met, same, "")):
            yield from found


def _unknown_field(trial: Trial) -> Iterator[Wrong]:
    """A reader may refuse what its vendor's closed object forbids, but not read the rest in another way."""
    if trial.met.manner is Manner.ANSWERED:
        for other in respell.with_unknown_field(trial.payload):
            again = meet(trial.consumer, other)
            repeats = again.manner is Manner.ANSWERED and not respell.differs_beside_added(
                trial.met.view, again.view
            )
            if again.manner is not Manner.REFUSED and not repeats:
                yield from _unequal(trial.met, again, "")


def _equal_for(
    rewrite: Callable[[Json], Iterator[Json]],
    form: Callable[[Json], Json] = without_added,
    *,
    refusable: bool = False,
) -> Check:
    """Make a check that the answer to a rewritten payload is the answer to the payload, both in one form.

    With `refusable` a reader may refuse the rewritten payload, as declared, instead of answering it.
    """

    def check(trial: Trial) -> Iterator[Wrong]:
        if trial.met.manner is Manner.ANSWERED:
            for other in rewrite(trial.payload):
                again = meet(trial.consumer, other)
                if again.manner is not Manner.REFUSED or not refusable:
                    yield from _unequal(trial.met, again, "", form)

    return check


def _order_of_items(trial: Trial) -> Iterator[Wrong]:
    """Only for answers with `items`: what stands in a list may turn with it, and nothing else may change."""
    met = trial.met
    if met.manner is Manner.ANSWERED and _has_items(met):
        for at, other in respell.lists_reversed(trial.payload):
            yield from _unequal(met, meet(trial.consumer, other), f"{at} in reverse", respell.unordered)


def _has_items(met: Meeting) -> bool:
    return isinstance(met.view, dict) and "items" in met.view


def _no_items(ground: Baseline) -> str:
    return "" if any(_has_items(met) for _, met in ground.answered) else "no `items` in its answer"


def _unequal(
    met: Meeting, again: Meeting, when: str, form: Callable[[Json], Json] = without_added
) -> Iterator[Wrong]:
    start = f"{when}: " if when else ""
    if again.manner is not met.manner:
        how = f"{again.manner} with {again.error}: {again.message}" if again.error else str(again.manner)
        yield Wrong(f"{start}{how}", again.signature)
    elif met.manner is Manner.ANSWERED and met.view != again.view:
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


# ruff: noqa: E501 -- one law a line
_THOROUGH: Final = (
    Law("left-out", "without an optional field its value is unknown", "ended_at is left out, and the answer names an end", rewriting.left_out),
    Law("unread", "fields that it does not read do not matter, not even all together", "all unread fields change, and the answer does too", rewriting.unread_fields, unasked=rewriting.not_steady),
    Law("renamed-ids", "other ids give the same answer with the other ids", "task a becomes z, and its result is lost", rewriting.renamed_ids, unasked=rewriting.no_ids),
    Law("added-item", "one more item counts once, as one of its state", "one more failed task, and failed grows by two", rewriting.added_item, unasked=rewriting.no_tally),
    Law("joined-items", "the counts of two lists together are the sums", "lists of 2 and 3 tasks give 4 together", rewriting.joined_items, unasked=rewriting.no_tally),
    Law("ended-item", "an item that gets done never makes fewer done", "a task ends, and completed goes from 3 to 2", rewriting.ended_item, unasked=rewriting.no_done),
    Law("raised-total", "a larger total alone is no progress", "total goes from 5 to 9, and completed grows", rewriting.raised_total, unasked=rewriting.no_total),
)  # fmt: skip

LAWS: Final[tuple[Law, ...]] = (
    Law("total", "it answers or refuses as declared, and raises nothing else", "a null field raises TypeError", _total, valid_only=False, answers=False),
    Law("accepting", "it does not refuse what the vendor may send", "an empty list of tasks is refused", _accepting, answers=False),
    Law("pure", "it leaves the payload as it was", "the function removes a key from the payload", _pure, valid_only=False, answers=False),
    Law("deterministic", "it answers the same again, and in any time zone", "a local time is read without its zone", _deterministic),
    Law("clock", "it answers the same years later", "the answer holds the seconds since the start", _clock),
    Law("well-formed", "a Batch fits its schema", "completed is -1", forms.well_formed, valid_only=False, unasked=forms.no_batch),
    Law("round-trip", "a Batch is the same written as JSON and read back", "a count is a Decimal, and comes back as a string", forms.round_trip, valid_only=False, unasked=forms.no_batch),
    Law("equations", "each part of the answer is what was confirmed of it", "failed is 3, not 2: /failed_items", forms.equations, unasked=forms.no_equations, every=True),
    Law("key-order", "the order of keys does not matter", "the first key is taken for the id", _equal_for(respell.keys_reversed)),
    Law("unknown-field", "a field that no spec names does not matter", "a new field makes the answer another one", _unknown_field),
    Law("whole-number", "1 and 1.0 are the same number", "1.0 becomes the text 1.0", _equal_for(respell.whole_numbers_respelled, respell.rounded, refusable=True)),
    Law("same-instant", "an instant is the same in every spelling", "12:00Z and 14:00+02:00 differ in the answer", _equal_for(respell.instants_respelled, respell.in_utc)),
    Law("item-order", "the order of items changes nothing but their order", "the state of the first task becomes the batch's", _order_of_items, unasked=_no_items),
    *(replace(law, thorough=True) for law in _THOROUGH),
    Law("sensitive", "what it declares is not the same for every payload", "state is running, whatever the payload says", forms.sensitive, once=True, unasked=forms.no_answers),
)  # fmt: skip

NO_LIE: Final = Law("no-lie", "for what the vendor may not send it refuses or gives unknown; it fabricates nothing", "the unknown state paused becomes completed", lambda _: iter(()), valid_only=False, answers=False)  # fmt: skip
"""Checked against the valid payload that the invalid one was made from; see `judging`."""

LEAK: Final = replace(next(law for law in LAWS if law.id == "deterministic"), once=True)
"""The same law, asked of all answers together: what it makes of a payload does not depend on those before."""

ALL_LAWS: Final = (*LAWS, NO_LIE)


def broken(trial: Trial, *, valid: bool, thorough: bool = False) -> Iterator[tuple[Law, Wrong]]:
    """Yield the laws that a consumer breaks on a payload, each with the first thing that is wrong, or all.

    A consumer that does not answer the same twice cannot be held to the laws that compare two answers.
    """
    for law in LAWS:
        if law.once or not (valid or not law.valid_only) or not _is_asked(law, trial, thorough=thorough):
            continue
        for wrong in islice(law.check(trial), None if law.every else 1):
            yield law, wrong
            if law.id == "deterministic":
                return


def _is_asked(law: Law, trial: Trial, *, thorough: bool) -> bool:
    ground = trial.ground
    if law.thorough and not (thorough and ground and trial.met.manner is Manner.ANSWERED):
        return False
    return ground is None or not law.why_not(ground)


def broken_once(ground: Baseline) -> Iterator[tuple[Law, Wrong]]:
    """Yield the laws about all answers together that a consumer breaks, each with all that is wrong."""
    if ground.answered and ground.reads.steady:
        trial = Trial(ground.consumer, *ground.answered[0], ground)
        for law in LAWS:
            if law.once and not law.why_not(ground):
                yield from ((law, wrong) for wrong in law.check(trial))
        words = leaking(ground.consumer, [payload for payload, _ in ground.answered])
        if words:
            yield LEAK, Wrong(words, ("after",))


def unasked(ground: Baseline) -> dict[str, tuple[str, ...]]:
    """Give the laws that a consumer cannot be asked, by the reason."""
    found: dict[str, tuple[str, ...]] = {}
    for law in LAWS:
        reason = law.why_not(ground)
        if reason:
            found[reason] = (*found.get(reason, ()), law.id)
    return found
