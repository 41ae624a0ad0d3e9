"""Rules about objects as a whole: free keys, their names and number, what one key asks of others."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import NOTE, WARNING, schema
from contracts.text import either, safe_text, show

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@schema("additional", WIDER, trait="", tolerance="unknown", at_most=NOTE)
def object_opened(change: Change) -> str:
    """An object that was closed may hold keys that nobody declared.

    Before:
        {type: object, additionalProperties: false, properties: {id: {type: string}}}
    After:
        {type: object, properties: {id: {type: string}}}
    Finds:
        request note /body: may now hold keys that are not declared
        response warning /: may now hold keys that are not declared
    """
    return "may now hold keys that are not declared"


@schema("additional", NARROWER, trait="", at_most=NOTE)
def object_closed(change: Change) -> str:
    """An object may no longer hold keys that nobody declared; who sends only declared keys is not touched.

    Before:
        {type: object, properties: {id: {type: string}}}
    After:
        {type: object, additionalProperties: false, properties: {id: {type: string}}}
    Finds:
        request note /body: may no longer hold keys that are not declared
        response note /: may no longer hold keys that are not declared
    """
    return "may no longer hold keys that are not declared"


@schema("additional", WIDER, trait="map", tolerance="unknown", at_most=WARNING)
def map_added(change: Change) -> str:
    """An object that held no free keys is now a map of them.

    Before:
        {type: object, additionalProperties: false}
    After:
        {type: object, additionalProperties: {type: string}}
    Finds:
        request note /body: may now hold any keys
        response warning /: may now hold any keys
    """
    return "may now hold any keys"


@schema("additional", NARROWER, trait="map")
def map_removed(change: Change) -> str:
    """A map may no longer hold any keys but the declared ones.

    Before:
        {type: object, additionalProperties: {type: string}}
    After:
        {type: object, additionalProperties: false}
    Finds:
        request error /body: may no longer hold any keys but the declared ones
        response note /: may no longer hold any keys but the declared ones
    """
    return "may no longer hold any keys but the declared ones"


@schema("patternProperties", WIDER)
def pattern_property_removed(change: Change) -> str:
    """Keys of a certain form are no longer bound to a schema.

    Before:
        {type: object, patternProperties: {"^x-": {type: string}}}
    After:
        {type: object}
    Finds:
        request note /body: keys that match ^x- may now hold anything
        response error /: keys that match ^x- may now hold anything
    """
    return (
        f"keys that match {safe_text(change.name, 60)} may now hold anything"
        if change.base
        else f"may now hold keys that match {safe_text(change.name, 60)}"
    )


@schema("patternProperties", NARROWER)
def pattern_property_added(change: Change) -> str:
    """Keys of a certain form are bound to a schema, or refused.

    Before:
        {type: object}
    After:
        {type: object, patternProperties: {"^x-": {type: string}}}
    Finds:
        request error /body: keys that match ^x- are now bound to a schema
        response note /: keys that match ^x- are now bound to a schema
    """
    return (
        f"keys that match {safe_text(change.name, 60)} are now bound to a schema"
        if change.revision
        else f"may no longer hold keys that match {safe_text(change.name, 60)}"
    )


@schema("propertyNames", WIDER)
def key_names_relaxed(change: Change) -> str:
    """Keys need no longer have a certain form.

    Before:
        {type: object, propertyNames: {maxLength: 3}}
    After:
        {type: object}
    Finds:
        request note /body: keys may now have any name
        response error /: keys may now have any name
    """
    return "keys may now have any name"


@schema("propertyNames", NARROWER)
def key_names_tightened(change: Change) -> str:
    """Keys must have a certain form.

    Before:
        {type: object}
    After:
        {type: object, propertyNames: {maxLength: 3}}
    Finds:
        request error /body: keys must now have a certain form
        response note /: keys must now have a certain form
    """
    return "keys must now have a certain form"


@schema("propertyNames", CROSSED)
def key_names_changed(change: Change) -> str:
    """Keys must have another form.

    Before:
        {type: object, propertyNames: {enum: [a]}}
    After:
        {type: object, propertyNames: {enum: [k]}}
    Finds:
        request error /body: keys must now have another form
        response error /: keys must now have another form
    """
    return "keys must now have another form"


@schema("dependentRequired", WIDER)
def dependent_required_relaxed(change: Change) -> str:
    """A key asks for fewer other keys.

    Before:
        {type: object, dependentRequired: {card: [name]}}
    After:
        {type: object}
    Finds:
        request note /body: with 'card' there, 'name' may now be absent
        response error /: with 'card' there, 'name' may now be absent
    """
    return f"with {show(change.name)} there, {_lost(change)} may now be absent"


@schema("dependentRequired", NARROWER)
def dependent_required_tightened(change: Change) -> str:
    """A key asks for more other keys.

    Before:
        {type: object}
    After:
        {type: object, dependentRequired: {card: [name]}}
    Finds:
        request error /body: with 'card' there, 'name' must now be there too
        response note /: with 'card' there, 'name' must now be there too
    """
    return f"with {show(change.name)} there, {_lost(change)} must now be there too"


@schema("dependentRequired", CROSSED)
def dependent_required_changed(change: Change) -> str:
    """A key asks for other keys than before.

    Before:
        {type: object, dependentRequired: {card: [name]}}
    After:
        {type: object, dependentRequired: {card: [owner]}}
    Finds:
        request error /body: with 'card' there, 'owner' must now be there, was 'name'
        response error /: with 'card' there, 'owner' must now be there, was 'name'
    """
    key, now, was = show(change.name), either(change.revision), either(change.base)
    return f"with {key} there, {now} must now be there, was {was}"


def _lost(change: Change) -> str:
    return either(sorted(set(change.base) ^ set(change.revision)))


@schema("dependentSchemas", WIDER)
def dependent_schema_removed(change: Change) -> str:
    """A key no longer binds the object to a schema.

    Before:
        {type: object, dependentSchemas: {card: {required: [name]}}}
    After:
        {type: object}
    Finds:
        request note /body: 'card' no longer binds the object to a schema
        response error /: 'card' no longer binds the object to a schema
    """
    return f"{show(change.name)} no longer binds the object to a schema"


@schema("dependentSchemas", NARROWER)
def dependent_schema_added(change: Change) -> str:
    """A key binds the object to a schema.

    Before:
        {type: object}
    After:
        {type: object, dependentSchemas: {card: {required: [name]}}}
    Finds:
        request error /body: 'card' now binds the object to a schema
        response note /: 'card' now binds the object to a schema
    """
    return f"{show(change.name)} now binds the object to a schema"


@schema("dependentSchemas", CROSSED)
def dependent_schema_changed(change: Change) -> str:
    """A key binds the object to another schema.

    Before:
        {type: object, dependentSchemas: {card: {required: [name]}}}
    After:
        {type: object, dependentSchemas: {card: {required: [owner]}}}
    Finds:
        request error /body: 'card' now binds the object to another schema
        response error /: 'card' now binds the object to another schema
    """
    return f"{show(change.name)} now binds the object to another schema"
