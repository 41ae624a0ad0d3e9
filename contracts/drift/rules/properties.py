"""Rules about the declared keys of objects."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import WARNING, plain, schema
from contracts.text import safe_text, show

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@schema("property", SAME)
def property_added(change: Change) -> str:
    """A key may be there that was not declared; readers that ignore unknown keys are not touched.

    Before:
        {type: object, properties: {id: {type: string}}}
    After:
        {type: object, properties: {id: {type: string}, note: {type: string}}}
    Finds:
        request note /body/note: is new
        response note /note: is new
    """
    return "is new"


@schema("property-gone", SAME)
def property_no_longer_described(change: Change) -> str:
    """A key that could be absent is not declared any more.

    Before:
        {type: object, properties: {id: {type: string}, note: {type: string}}}
    After:
        {type: object, properties: {id: {type: string}}}
    Finds:
        request note /body/note: is no longer described
        response note /note: is no longer described
    """
    return "is no longer described"


@schema("property", WIDER, tolerance="unknown", at_most=WARNING)
def property_added_to_closed(change: Change) -> str:
    """A key may be there in an object that was closed: a strict reader refuses it.

    Before:
        {type: object, additionalProperties: false, properties: {id: {type: string}}}
    After:
        {type: object, additionalProperties: false, properties: {id: {type: string}, note:
          {type: string}}}
    Finds:
        request note /body/note: is new in an object that was closed
        response warning /note: is new in an object that was closed
    """
    return "is new in an object that was closed"


@schema("property-gone", NARROWER)
def property_refused(change: Change) -> str:
    """A key that could be sent is refused, since the object is closed.

    Before:
        {type: object, additionalProperties: false, properties: {id: {type: string}, note:
          {type: string}}}
    After:
        {type: object, additionalProperties: false, properties: {id: {type: string}}}
    Finds:
        request error /body/note: is gone from an object that is closed
        response note /note: is gone from an object that is closed
    """
    return "is gone from an object that is closed"


@schema("required-property", NARROWER)
def required_property_added(change: Change) -> str:
    """A key that was not declared must be there.

    Before:
        {type: object, properties: {id: {type: string}}}
    After:
        {type: object, properties: {id: {type: string}, kind: {type: string}}, required:
          [kind]}
    Finds:
        request error /body/kind: is new and required
        response note /kind: is new and required
    """
    return "is new and required"


@schema("required-property-gone", WIDER)
def required_property_removed(change: Change) -> str:
    """A key that was always there is gone.

    Before:
        {type: object, properties: {id: {type: string}, kind: {type: string}}, required:
          [kind]}
    After:
        {type: object, properties: {id: {type: string}}}
    Finds:
        request note /body/kind: is gone, was required
        response error /kind: is gone, was required
    """
    return "is gone, was required"


@schema("required-property", CROSSED, tolerance="unknown")
def required_property_added_to_closed(change: Change) -> str:
    """A key must be there in an object that was closed: a strict reader refuses every such object.

    Before:
        {type: object, additionalProperties: false, properties: {id: {type: string}}}
    After:
        {type: object, additionalProperties: false, properties: {id: {type: string}, kind:
          {type: string}}, required: [kind]}
    Finds:
        request error /body/kind: is new and required in an object that was closed
        response warning /kind: is new and required in an object that was closed
    """
    return "is new and required in an object that was closed"


@schema("required-property-gone", CROSSED)
def required_property_refused(change: Change) -> str:
    """A key that was always there is refused, since the object is closed.

    Before:
        {type: object, additionalProperties: false, properties: {id: {type: string}, kind:
          {type: string}}, required: [kind]}
    After:
        {type: object, additionalProperties: false, properties: {id: {type: string}}}
    Finds:
        request error /body/kind: is gone from an object that is closed, was required
        response error /kind: is gone from an object that is closed, was required
    """
    return "is gone from an object that is closed, was required"


@schema("property-renamed", CROSSED)
def required_property_renamed(change: Change) -> str:
    """A key that was always there has another name.

    Before:
        {type: object, properties: {file_name: {type: string}}, required: [file_name]}
    After:
        {type: object, properties: {fileName: {type: string}}, required: [fileName]}
    Finds:
        request error /body/file_name: is now called 'fileName'
        response error /file_name: is now called 'fileName'
    """
    return f"is now called {show(change.revision)}"


@schema("property-renamed", SAME)
def property_renamed(change: Change) -> str:
    """A key that could be absent has another name.

    Before:
        {type: object, properties: {file_name: {type: string}}}
    After:
        {type: object, properties: {fileName: {type: string}}}
    Finds:
        request note /body/file_name: is now called 'fileName'; it could be absent before
        response note /file_name: is now called 'fileName'; it could be absent before
    """
    return f"is now called {show(change.revision)}; it could be absent before"


@schema("property-moved", CROSSED)
def required_property_moved(change: Change) -> str:
    """A key that was always there went to another object of the same payload.

    Before:
        {type: object, required: [id], properties: {data: {type: object}, id: {type: string}}}
    After:
        {type: object, properties: {data: {type: object, required: [id], properties: {id:
          {type: string}}}}}
    Finds:
        request error /body/id: is now at /body/data/id
        response error /id: is now at /data/id
    """
    return f"is now at {safe_text(change.revision)}"


@schema("property-moved", SAME)
def property_moved(change: Change) -> str:
    """A key that could be absent went to another object of the same payload.

    Before:
        {type: object, properties: {data: {type: object}, id: {type: string}}}
    After:
        {type: object, properties: {data: {type: object, properties: {id: {type: string}}}}}
    Finds:
        request note /body/id: is now at /body/data/id; it could be absent before
        response note /id: is now at /data/id; it could be absent before
    """
    return f"is now at {safe_text(change.revision)}; it could be absent before"


@schema("hidden", WIDER)
def required_property_hidden(change: Change) -> str:
    """A property that was always there is sent in the other direction only (writeOnly, readOnly).

    Before:
        {type: object, required: [pin], properties: {pin: {type: string}}}
    After:
        {type: object, required: [pin], properties: {pin: {type: string, writeOnly: true}}}
    Finds:
        response error /pin: is now sent in the other direction only, was required
    """
    return "is now sent in the other direction only, was required"


@schema("hidden", NARROWER)
def required_property_shown(change: Change) -> str:
    """A property that was sent in the other direction only must be sent in this one too.

    Before:
        {type: object, required: [id], properties: {id: {type: string, readOnly: true}}}
    After:
        {type: object, required: [id], properties: {id: {type: string}}}
    Finds:
        request error /body/id: is now sent in this direction too, and required
    """
    return "is now sent in this direction too, and required"


@plain("hidden", SAME, area="schema")
def property_direction_changed(change: Change) -> str:
    """A property is sent in one direction only, or no longer so (readOnly, writeOnly).

    Before:
        {responses: {"200": {content: {application/json: {schema: {type: object, properties:
          {pin: {type: string}}}}}}}}
    After:
        {responses: {"200": {content: {application/json: {schema: {type: object, properties:
          {pin: {type: string, writeOnly: true}}}}}}}}
    Finds:
        response note POST /a 200 /pin: is now sent in the other direction only
    """
    return (
        "is now sent in the other direction only" if change.revision else "is now sent in this direction too"
    )


@plain("hidden-property", SAME, area="schema")
def unsent_property_changed(change: Change) -> str:
    """A property that is not sent in this direction comes or goes.

    Before:
        {responses: {"200": {content: {application/json: {schema: {type: object, properties:
          {id: {type: string}}}}}}}}
    After:
        {responses: {"200": {content: {application/json: {schema: {type: object, properties:
          {id: {type: string}, pin: {type: string, writeOnly: true}}}}}}}}
    Finds:
        response note POST /a 200 /pin: is new, and sent in the other direction only
    """
    return (
        "is new, and sent in the other direction only"
        if change.revision
        else "is gone, was sent in the other direction only"
    )


@schema("required", WIDER)
def property_became_optional(change: Change) -> str:
    """A key that was always there may be absent.

    Before:
        {type: object, properties: {id: {type: string}}, required: [id]}
    After:
        {type: object, properties: {id: {type: string}}}
    Finds:
        request note /body/id: may now be absent
        response error /id: may now be absent
    """
    return "may now be absent"


@schema("required", NARROWER)
def property_became_required(change: Change) -> str:
    """A key that could be absent must be there.

    Before:
        {type: object, properties: {id: {type: string}}}
    After:
        {type: object, properties: {id: {type: string}}, required: [id]}
    Finds:
        request error /body/id: must now be there
        response note /id: must now be there
    """
    return "must now be there"
