"""Rules about lists."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import WARNING, schema
from contracts.model import Json

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


def _limit(count: Json) -> str:
    return "without a limit" if count is None else str(count)


@schema("minItems", WIDER)
def min_items_lowered(change: Change) -> str:
    """A list may be shorter than before.

    Before:
        {type: array, minItems: 1}
    After:
        {type: array}
    Finds:
        request note /body: may now have 0 items, was at least 1
        response error /: may now have 0 items, was at least 1
    """
    return f"may now have {change.revision or 0} items, was at least {change.base}"


@schema("minItems", NARROWER)
def min_items_raised(change: Change) -> str:
    """A list must be longer than before.

    Before:
        {type: array}
    After:
        {type: array, minItems: 1}
    Finds:
        request error /body: must now have at least 1 items, was 0
        response note /: must now have at least 1 items, was 0
    """
    return f"must now have at least {change.revision} items, was {change.base or 0}"


@schema("maxItems", WIDER)
def max_items_raised(change: Change) -> str:
    """A list may be longer than before.

    Before:
        {type: array, maxItems: 2}
    After:
        {type: array, maxItems: 5}
    Finds:
        request note /body: may now have more than 2 items, up to 5
        response error /: may now have more than 2 items, up to 5
    """
    return f"may now have more than {change.base} items, up to {_limit(change.revision)}"


@schema("maxItems", NARROWER)
def max_items_lowered(change: Change) -> str:
    """A list must be shorter than before.

    Before:
        {type: array, maxItems: 5}
    After:
        {type: array, maxItems: 2}
    Finds:
        request error /body: may now have at most 2 items, was 5
        response note /: may now have at most 2 items, was 5
    """
    return f"may now have at most {change.revision} items, was {change.base}"


@schema("maxItems", NARROWER, trait="stated", at_most=WARNING)
def max_items_stated(change: Change) -> str:
    """A limit of items is stated where none was; most servers had one before they said so.

    Before:
        {type: array}
    After:
        {type: array, maxItems: 2}
    Finds:
        request warning /body: may now have at most 2 items, no limit was stated
        response note /: may now have at most 2 items, no limit was stated
    """
    return f"may now have at most {change.revision} items, no limit was stated"


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


@schema("minContains", WIDER)
def min_contains_lowered(change: Change) -> str:
    """A list may hold fewer items of a certain kind.

    Before:
        {type: array, contains: {type: integer}, minContains: 2}
    After:
        {type: array, contains: {type: integer}}
    Finds:
        request note /body: may now contain 1 of a certain item, was at least 2
        response error /: may now contain 1 of a certain item, was at least 2
    """
    return f"may now contain {change.revision} of a certain item, was at least {change.base}"


@schema("minContains", NARROWER)
def min_contains_raised(change: Change) -> str:
    """A list must hold more items of a certain kind.

    Before:
        {type: array, contains: {type: integer}}
    After:
        {type: array, contains: {type: integer}, minContains: 2}
    Finds:
        request error /body: must now contain at least 2 of a certain item, was 1
        response note /: must now contain at least 2 of a certain item, was 1
    """
    return f"must now contain at least {change.revision} of a certain item, was {change.base}"


@schema("maxContains", WIDER)
def max_contains_raised(change: Change) -> str:
    """A list may hold more items of a certain kind.

    Before:
        {type: array, contains: {type: integer}, maxContains: 2}
    After:
        {type: array, contains: {type: integer}, maxContains: 3}
    Finds:
        request note /body: may now contain more than 2 of a certain item, up to 3
        response error /: may now contain more than 2 of a certain item, up to 3
    """
    return f"may now contain more than {change.base} of a certain item, up to {_limit(change.revision)}"


@schema("maxContains", NARROWER)
def max_contains_lowered(change: Change) -> str:
    """A list may hold fewer items of a certain kind than before.

    Before:
        {type: array, contains: {type: integer}, maxContains: 3}
    After:
        {type: array, contains: {type: integer}, maxContains: 2}
    Finds:
        request error /body: may now contain at most 2 of a certain item, was 3
        response note /: may now contain at most 2 of a certain item, was 3
    """
    return f"may now contain at most {change.revision} of a certain item, was {_limit(change.base)}"
