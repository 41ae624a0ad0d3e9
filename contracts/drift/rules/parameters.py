"""Rules about parameters."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, WARNING, plain
from contracts.text import safe_text, show

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@plain("parameter", NARROWER, request=ERROR, area="parameter")
def required_parameter_added(change: Change) -> str:
    """A call must send a parameter that it could not send before.

    Before:
        {parameters: []}
    After:
        {parameters: [{name: limit, in: query, required: true}]}
    Finds:
        request error POST /a /query/limit: is new and required
    """
    return "is new and required"


@plain("parameter", SAME, area="parameter")
def parameter_added(change: Change) -> str:
    """A call may send a new parameter.

    Before:
        {parameters: []}
    After:
        {parameters: [{name: limit, in: query, schema: {type: integer}}]}
    Finds:
        request note POST /a /query/limit: is new
    """
    return "is new"


@plain("parameter", WIDER, request=WARNING, trait="", area="parameter")
def parameter_removed(change: Change) -> str:
    """A parameter is gone: what a call sends there is ignored or refused.

    Before:
        {parameters: [{name: limit, in: query, schema: {type: integer}}]}
    After:
        {parameters: []}
    Finds:
        request warning POST /a /query/limit: is gone
    """
    return "is gone"


@plain("parameter", WIDER, trait="announced", area="parameter")
def deprecated_parameter_removed(change: Change) -> str:
    """A parameter is gone that was marked as deprecated.

    Before:
        {parameters: [{name: limit, in: query, deprecated: true}]}
    After:
        {parameters: []}
    Finds:
        request note POST /a /query/limit: is gone, was deprecated
    """
    return "is gone, was deprecated"


@plain("parameter", WIDER, request=ERROR, trait="early", area="parameter")
def parameter_removed_before_sunset(change: Change) -> str:
    """A parameter is gone before the date that was announced for its end.

    Before:
        {parameters: [{name: limit, in: query, deprecated: true, x-sunset: 2030-01-01}]}
    After:
        {parameters: []}
    Finds:
        request error POST /a /query/limit: is gone before the date announced for its end
    """
    return "is gone before the date announced for its end"


@plain("parameter-moved", CROSSED, request=ERROR, area="parameter")
def parameter_moved(change: Change) -> str:
    """A parameter is sent at another place of the request.

    Before:
        {parameters: [{name: limit, in: query, required: true}]}
    After:
        {parameters: [{name: limit, in: header, required: true}]}
    Finds:
        request error POST /a /query/limit: is now sent in the header, was in the query
    """
    return f"is now sent in the {change.revision}, was in the {change.base}"


@plain("parameter-required", NARROWER, request=ERROR, area="parameter")
def parameter_became_required(change: Change) -> str:
    """A parameter that could be left out must be sent.

    Before:
        {parameters: [{name: limit, in: query, required: false}]}
    After:
        {parameters: [{name: limit, in: query, required: true}]}
    Finds:
        request error POST /a /query/limit: must now be sent
    """
    return "must now be sent"


@plain("parameter-required", WIDER, area="parameter")
def parameter_became_optional(change: Change) -> str:
    """A parameter may be left out.

    Before:
        {parameters: [{name: limit, in: query, required: true}]}
    After:
        {parameters: [{name: limit, in: query, required: false}]}
    Finds:
        request note POST /a /query/limit: may now be left out
    """
    return "may now be left out"


@plain("parameter-default", SAME, request=ERROR, area="parameter")
def parameter_default_changed(change: Change) -> str:
    """A call that leaves the parameter out means something else than before.

    Before:
        {parameters: [{name: limit, in: query, schema: {type: integer, default: 10}}]}
    After:
        {parameters: [{name: limit, in: query, schema: {type: integer, default: 20}}]}
    Finds:
        request error POST /a /query/limit: left out, it now means 20, was 10
    """
    if not change.revision:
        return f"left out, it is no longer said to mean {show(change.base[0])}"
    was = f", was {show(change.base[0])}" if change.base else ", which nothing said before"
    return f"left out, it now means {show(change.revision[0])}{was}"


@plain("style", CROSSED, request=ERROR, area="parameter")
def parameter_style_changed(change: Change) -> str:
    """A list or object is written differently in the request.

    Before:
        {parameters: [{name: limit, in: query, schema: {type: array}}]}
    After:
        {parameters: [{name: limit, in: query, schema: {type: array}, explode: false}]}
    Finds:
        request error POST /a /query/limit: is now written form, joined, was form, exploded
    """
    return f"is now written {safe_text(change.revision)}, was {safe_text(change.base)}"
