"""Rules about unions, exclusions and conditions."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import schema
from contracts.text import safe_text

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@schema("alternative", WIDER)
def alternative_added(change: Change) -> str:
    """A union has a branch that no other branch covered.

    Before:
        {anyOf: [{title: File, required: [path]}, {title: Text, required: [text]}]}
    After:
        {anyOf: [{title: File, required: [path]}, {title: Text, required: [text]}, {title:
          Link, required: [url]}]}
    Finds:
        request note /body: may now be Link
        response error /: may now be Link
    """
    return f"may now be {safe_text(change.name, 60)}"


@schema("alternative", NARROWER)
def alternative_removed(change: Change) -> str:
    """A union has lost a branch.

    Before:
        {anyOf: [{title: File, required: [path]}, {title: Text, required: [text]}, {title:
          Link, required: [url]}]}
    After:
        {anyOf: [{title: File, required: [path]}, {title: Text, required: [text]}]}
    Finds:
        request error /body: may no longer be Link
        response note /: may no longer be Link
    """
    return f"may no longer be {safe_text(change.name, 60)}"


@schema("overlap", CROSSED)
def alternatives_overlap(change: Change) -> str:
    """A value fits several branches of a `oneOf`, which lets in what fits exactly one.

    Before:
        {anyOf: [{type: object, required: [path]}, {type: object, required: [url]}]}
    After:
        {oneOf: [{type: object, required: [path]}, {type: object, required: [url]}]}
    Finds:
        request error /body: may now fit several branches of oneOf, where it must fit exactly one
    """
    return "may now fit several branches of oneOf, where it must fit exactly one"


@schema("not", WIDER)
def exclusion_removed(change: Change) -> str:
    """Values that were excluded may be there.

    Before:
        {type: string, not: {const: ""}}
    After:
        {type: string}
    Finds:
        request note /body: may now be what `not` excluded
        response error /: may now be what `not` excluded
    """
    return "may now be what `not` excluded"


@schema("not", NARROWER)
def exclusion_added(change: Change) -> str:
    """Values are excluded by `not`.

    Before:
        {type: string}
    After:
        {type: string, not: {const: ""}}
    Finds:
        request error /body: may no longer be what `not` excludes
        response note /: may no longer be what `not` excludes
    """
    return "may no longer be what `not` excludes"


@schema("not", CROSSED)
def exclusion_changed(change: Change) -> str:
    """Other values than before are excluded.

    Before:
        {type: string, not: {const: a}}
    After:
        {type: string, not: {const: b}}
    Finds:
        request error /body: `not` now excludes something else
        response error /: `not` now excludes something else
    """
    return "`not` now excludes something else"


@schema("if", WIDER)
def condition_removed(change: Change) -> str:
    """A condition no longer binds the value.

    Before:
        {type: object, if: {required: [card]}, then: {required: [name]}}
    After:
        {type: object}
    Finds:
        request note /body: is no longer bound by `if`
        response error /: is no longer bound by `if`
    """
    return "is no longer bound by `if`"


@schema("if", NARROWER)
def condition_added(change: Change) -> str:
    """A condition binds the value.

    Before:
        {type: object}
    After:
        {type: object, if: {required: [card]}, then: {required: [name]}}
    Finds:
        request error /body: is now bound by `if`
        response note /: is now bound by `if`
    """
    return "is now bound by `if`"


@schema("if", CROSSED)
def condition_changed(change: Change) -> str:
    """A condition binds the value differently.

    Before:
        {type: object, if: {required: [card]}, then: {required: [name]}}
    After:
        {type: object, if: {required: [card]}, then: {required: [owner]}}
    Finds:
        request error /body: is now bound by another `if`
        response error /: is now bound by another `if`
    """
    return "is now bound by another `if`"
