"""Rules about what a schema remarks beside its constraints."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, plain
from contracts.text import show

SAME = Sense.SAME


@plain("known-value", Sense.NARROWER, area="schema", request=ERROR)
def known_value_removed(change: Change) -> str:
    """A value that was listed as known (x-extensible-enum) is not any more; no validator sees it.

    Before:
        {schema: {type: string, x-extensible-enum: [a, b]}}
    After:
        {schema: {type: string, x-extensible-enum: [a]}}
    Finds:
        request error POST /a /body: 'b' is no longer among the known values
        response note POST /a 200: 'b' is no longer among the known values
    """
    return f"{show(change.base)} is no longer among the known values"


@plain("known-value", SAME, area="schema")
def known_value_added(change: Change) -> str:
    """A value is now listed as known (x-extensible-enum).

    Before:
        {schema: {type: string, x-extensible-enum: [a]}}
    After:
        {schema: {type: string, x-extensible-enum: [a, b]}}
    Finds:
        request note POST /a /body: 'b' is now among the known values
        response note POST /a 200: 'b' is now among the known values
    """
    return f"{show(change.revision)} is now among the known values"


@plain("default", SAME, area="schema")
def default_changed(change: Change) -> str:
    """A property left out of a body means something else.

    Before:
        {schema: {type: integer, default: 10}}
    After:
        {schema: {type: integer, default: 20}}
    Finds:
        request note POST /a /body: its default is now 20, was 10
        response note POST /a 200: its default is now 20, was 10
    """
    now = f"its default is now {show(change.revision[0])}" if change.revision else "has no default any more"
    return f"{now}, was {show(change.base[0])}" if change.base else f"{now}, it had none"


@plain("discriminator", SAME, area="schema")
def discriminator_changed(change: Change) -> str:
    """What tells the branches of a union apart is described differently.

    Before:
        {schema: {type: object, discriminator: {propertyName: kind}}}
    After:
        {schema: {type: object, discriminator: {propertyName: type}}}
    Finds:
        request note POST /a /body: its discriminator is described differently
        response note POST /a 200: its discriminator is described differently
    """
    return "its discriminator is described differently"
