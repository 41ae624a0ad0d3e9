"""A comparison of two versions as lines and as data: old and new answer side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from contracts.consumers.behaviour.compare import Behaviour, Difference
from contracts.consumers.places import GONE, differences, told
from contracts.consumers.process import Outcome
from contracts.model import Json, Pointer
from contracts.text import mask, plural, safe_text, show

SHOWN = 5
"""How many places of two answers are set side by side."""
KINDS = 12
"""How many kinds of payload have lines of their own."""
FACTS = 4
"""How many differences to the plainest payload are named."""
WIDE = 60
"""Characters of an object or a list that is written out."""
_INDENT = " " * 16


def _plain(_: str, text: str) -> str:
    return text


def lines(
    found: Behaviour, approved: Sequence[bool] = (), paint: Callable[[str, str], str] = _plain
) -> Iterator[str]:
    """Yield the differences, the smallest payload first, then one line for all that is the same."""
    open_ones = _open(found, approved)
    for one in open_ones[:KINDS]:
        yield f"  {paint('warning', 'differs'.ljust(13))} {cause_words(one)}{_times(one)}"
        yield from (f"{_INDENT}{words}" for words in side_by_side(one.old, one.new))
    if open_ones[KINDS:]:
        more = plural(len(open_ones) - KINDS, "more kind")
        yield f"  {'differs':<13} for {more} of payload (--format json has them)"
    if found.left:
        yield f"  {'stopped':<13} {plural(found.left, 'payload')} not met: {_why_stopped(found)}"
    if found.unsteady:
        parts = plural(found.unsteady, "part")
        yield f"  {'unsteady':<13} {parts} of the answer differ when the base is asked twice"
    accepted = len(found.differences) - len(open_ones)
    if accepted:
        yield f"  {'approved':<13} {plural(accepted, 'kind')} of payload that differ as approved"
    same = found.met - sum(one.count for one in found.differences)
    yield f"  {'same':<13} {same:,} of {plural(found.met, 'payload')}"


def _why_stopped(found: Behaviour) -> str:
    if any(one.after for one in found.differences):
        return "a version keeps something from one payload to the next"
    return "a version does not come back"


def closing(found: Behaviour, approved: Sequence[bool] = ()) -> str:
    """Say the sum in one sentence."""
    open_ones = _open(found, approved)
    if not open_ones:
        return "all that differs is approved" if found.differences else "both answer the same"
    sent = sum(one.sample.valid for one in open_ones)
    kinds = plural(sent, "kind") + " of payload" if sent else "no payload that the vendor may send"
    beyond = len(open_ones) - sent
    more = f", and of {plural(beyond, 'kind')} that it may not send" if beyond else ""
    return f"your change alters what you make of {kinds}{more}"


def _open(found: Behaviour, approved: Sequence[bool]) -> list[Difference]:
    flags = approved or [False] * len(found.differences)
    return [one for one, known in zip(found.differences, flags, strict=True) if not known]


def _times(one: Difference) -> str:
    return f"   ×{one.count:,}" if one.count > 1 else ""


def cause_words(one: Difference) -> str:
    """Say for which payload: what it has that the plainest has not."""
    if one.sample.body is not None:
        return f"for the body {show(one.sample.body.decode('utf-8', 'backslashreplace'), 80)}"
    if one.after:
        words = "payload" if one.after == 1 else "payloads"
        return f"after {one.after} other {words}: an answer depends on what was met before"
    if not one.cause:
        return "for the plainest payload, and so for every one"
    facts = [_fact(at, new) for at, new in one.cause]
    more = f", and {len(facts) - FACTS} more" if facts[FACTS:] else ""
    return f"where {', '.join(facts[:FACTS])}{more}"


def _fact(at: Pointer, new: Json) -> str:
    if isinstance(new, (dict, list)):
        text = json.dumps(new)
        if len(text) <= WIDE:
            return f"{at or '/'} = {safe_text(mask(text), WIDE)}"
    return next(told([(at, None, new)]))


def side_by_side(old: Outcome, new: Outcome) -> Iterator[str]:
    """Yield `place   was OLD   is NEW` for each place of the answer that differs."""
    if not (old.answered and new.answered):
        yield f"was {_outcome(old)}"
        yield f"is  {_outcome(new)}"
        return
    found = list(differences(old.view, new.view))
    for at, before, after in islice(found, SHOWN):
        yield f"{safe_text(str(at), 60) or 'the answer'}: was {_value(before)}, is {_value(after)}"
    if found[SHOWN:]:
        yield f"and {len(found) - SHOWN} more places"


def _value(value: Json) -> str:
    return "absent" if value is GONE else show(value, 80)


def _outcome(one: Outcome) -> str:
    if one.answered:
        return f"answered: {show(one.view, 100)}"
    at = f" at {safe_text(one.line, 80)}" if one.line else ""
    return f"{one.manner} with {safe_text(one.error, 60)}{at}: {safe_text(one.message, 120)}"


def data(found: Behaviour, approved: Sequence[bool] = ()) -> dict[str, Json]:
    """Give a comparison as one JSON document."""
    flags = approved or [False] * len(found.differences)
    return {
        "met": found.met,
        "not_met": found.left,
        "unsteady": found.unsteady,
        "differences": [_datum(one, flag) for one, flag in zip(found.differences, flags, strict=True)],
    }


def _datum(one: Difference, approved: bool) -> dict[str, Json]:
    return {
        "payload": one.sample.value,
        "cause": {str(at): None if new is GONE else new for at, new in one.cause},
        "old": _told(one.old),
        "new": _told(one.new),
        "count": one.count,
        "after": one.after,
        "approved": approved,
    }


def _told(one: Outcome) -> dict[str, Json]:
    return {"manner": one.manner, "answer": one.view, "error": one.error, "message": one.message}
