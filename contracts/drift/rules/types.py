"""Rules about what a value is: JSON types, null, the values of enums."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import WARNING, schema
from contracts.model import Json
from contracts.text import either, show

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


def _types(names: Json) -> str:
    return " or ".join(names) if names else "nothing"


def _end(bound: Json) -> str:
    return f"{'' if not bound[1] else 'but not '}{show(bound[0])}"


@schema("type", WIDER)
def type_widened(change: Change) -> str:
    """A value may have a JSON type that it never had.

    Before:
        {type: string}
    After:
        {type: [string, integer]}
    Finds:
        request note /body: may now be integer or string, was string
        response error /: may now be integer or string, was string
    """
    return f"may now be {_types(change.revision)}, was {_types(change.base)}"


@schema("type", NARROWER)
def type_narrowed(change: Change) -> str:
    """A value may no longer have every JSON type it had.

    Before:
        {type: [string, integer]}
    After:
        {type: string}
    Finds:
        request error /body: may now only be string, was integer or string
        response note /: may now only be string, was integer or string
    """
    now = f"may now only be {_types(change.revision)}" if change.revision else "no value is right any more"
    return f"{now}, was {_types(change.base)}"


@schema("type", CROSSED)
def type_changed(change: Change) -> str:
    """A value has another JSON type.

    Before:
        {type: string}
    After:
        {type: integer}
    Finds:
        request error /body: is now integer, was string
        response error /: is now integer, was string
    """
    return f"is now {_types(change.revision)}, was {_types(change.base)}"


@schema("integer", WIDER)
def integer_became_number(change: Change) -> str:
    """A whole number may now have a fraction.

    Before:
        {type: integer}
    After:
        {type: number}
    Finds:
        request note /body: may now have a fraction, was an integer
        response error /: may now have a fraction, was an integer
    """
    return "may now have a fraction, was an integer"


@schema("integer", NARROWER)
def number_became_integer(change: Change) -> str:
    """A number must now be whole.

    Before:
        {type: number}
    After:
        {type: integer}
    Finds:
        request error /body: must now be an integer
        response note /: must now be an integer
    """
    return "must now be an integer"


@schema("null", WIDER, tolerance="null")
def null_added(change: Change) -> str:
    """A value may now be null.

    Before:
        {type: string}
    After:
        {type: [string, "null"]}
    Finds:
        request note /body: may now be null
        response error /: may now be null
    """
    return "may now be null"


@schema("null", NARROWER)
def null_removed(change: Change) -> str:
    """A value may no longer be null.

    Before:
        {type: [string, "null"]}
    After:
        {type: string}
    Finds:
        request error /body: may no longer be null
        response note /: may no longer be null
    """
    return "may no longer be null"


@schema("enum", WIDER, tolerance="enum", at_most=WARNING)
def enum_value_added(change: Change) -> str:
    """A field may hold a value that no reader has seen.

    Before:
        {enum: [queued, done]}
    After:
        {enum: [queued, done, paused]}
    Finds:
        request note /body: may now be 'paused'
        response warning /: may now be 'paused'
    """
    return f"may now be {show(change.revision)}"


@schema("enum", NARROWER)
def enum_value_removed(change: Change) -> str:
    """A field no longer takes, or holds, one of its values.

    Before:
        {enum: [queued, done, paused]}
    After:
        {enum: [queued, done]}
    Finds:
        request error /body: may no longer be 'paused'
        response note /: may no longer be 'paused'
    """
    return f"may no longer be {show(change.base)}"


@schema("enum-renamed", CROSSED, tolerance="enum-renamed")
def enum_value_renamed(change: Change) -> str:
    """One of a field's values is written differently.

    Before:
        {enum: [done, canceled]}
    After:
        {enum: [done, cancelled]}
    Finds:
        request error /body: 'canceled' is now 'cancelled'
        response warning /: 'canceled' is now 'cancelled'
    """
    return f"{show(change.base)} is now {show(change.revision)}"


@schema("enum-set", WIDER)
def enum_removed(change: Change) -> str:
    """A field that held one of a few values may hold any.

    Before:
        {type: string, enum: [queued, done]}
    After:
        {type: string}
    Finds:
        request note /body: may now be anything, was 'queued' or 'done'
        response error /: may now be anything, was 'queued' or 'done'
    """
    return f"may now be anything, was {either(change.base)}"


@schema("enum-set", NARROWER)
def enum_added(change: Change) -> str:
    """A free field is now one of a few values.

    Before:
        {type: string}
    After:
        {type: string, enum: [queued, done]}
    Finds:
        request error /body: must now be 'queued' or 'done'
        response note /: must now be 'queued' or 'done'
    """
    return f"must now be {either(change.revision)}"


@schema("enum-set", CROSSED)
def enum_replaced(change: Change) -> str:
    """No value that a field held before is among those it holds now.

    Before:
        {enum: [on, off]}
    After:
        {enum: [high, low]}
    Finds:
        request error /body: must now be 'high' or 'low', was 'on' or 'off'
        response error /: must now be 'high' or 'low', was 'on' or 'off'
    """
    now = f"must now be {either(change.revision)}" if change.revision else "is now bound otherwise"
    return f"{now}, was {either(change.base)}" if change.base else now
