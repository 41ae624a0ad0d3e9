"""Rules about lists."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import schema

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@schema("uniqueItems", WIDER)
def items_may_repeat(change: Change) -> str:
    """A list of different items may now hold one twice.

    Before:
        {type: array, uniqueItems: true}
    After:
        {type: array}
    Finds:
        request note /body: may now hold an item twice
        response error /: may now hold an item twice
    """
    return "may now hold an item twice"


@schema("uniqueItems", NARROWER)
def items_must_differ(change: Change) -> str:
    """No item of a list may be there twice.

    Before:
        {type: array}
    After:
        {type: array, uniqueItems: true}
    Finds:
        request error /body: may no longer hold an item twice
        response note /: may no longer hold an item twice
    """
    return "may no longer hold an item twice"


@schema("contains", WIDER)
def contains_removed(change: Change) -> str:
    """A list need no longer hold an item of a certain kind.

    Before:
        {type: array, contains: {type: integer}}
    After:
        {type: array}
    Finds:
        request note /body: need no longer contain a certain item
        response error /: need no longer contain a certain item
    """
    return "need no longer contain a certain item"


@schema("contains", NARROWER)
def contains_added(change: Change) -> str:
    """A list must hold an item of a certain kind.

    Before:
        {type: array}
    After:
        {type: array, contains: {type: integer}}
    Finds:
        request error /body: must now contain a certain item
        response note /: must now contain a certain item
    """
    return "must now contain a certain item"


@schema("contains", CROSSED)
def contains_changed(change: Change) -> str:
    """A list must hold an item of another kind.

    Before:
        {type: array, contains: {type: integer}}
    After:
        {type: array, contains: {type: string}}
    Finds:
        request error /body: must now contain another item
        response error /: must now contain another item
    """
    return "must now contain another item"
