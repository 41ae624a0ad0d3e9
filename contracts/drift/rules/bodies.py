"""Rules about bodies and their media types."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, WARNING, plain
from contracts.text import safe_text

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@plain("body", NARROWER, request=ERROR, area="body")
def required_body_added(change: Change) -> str:
    """A call must send a body.

    Before:
        {summary: a}
    After:
        {summary: a, requestBody: {required: true, content: {}}}
    Finds:
        request error POST /a /body: a body is now required
    """
    return "a body is now required"


@plain("body", SAME, area="body")
def body_added(change: Change) -> str:
    """A call may send a body.

    Before:
        {summary: a}
    After:
        {summary: a, requestBody: {content: {}}}
    Finds:
        request note POST /a /body: a body may now be sent
    """
    return "a body may now be sent"


@plain("body", WIDER, request=ERROR, area="body")
def body_removed(change: Change) -> str:
    """A call no longer sends a body: what it sends is ignored or refused.

    Before:
        {summary: a, requestBody: {content: {}}}
    After:
        {summary: a}
    Finds:
        request error POST /a /body: no body is taken any more
    """
    return "no body is taken any more"


@plain("body-required", NARROWER, request=ERROR, area="body")
def body_became_required(change: Change) -> str:
    """The body may no longer be left out.

    Before:
        {requestBody: {content: {}}}
    After:
        {requestBody: {required: true, content: {}}}
    Finds:
        request error POST /a /body: the body must now be sent
    """
    return "the body must now be sent"


@plain("body-required", WIDER, area="body")
def body_became_optional(change: Change) -> str:
    """The body may be left out.

    Before:
        {requestBody: {required: true, content: {}}}
    After:
        {requestBody: {content: {}}}
    Finds:
        request note POST /a /body: the body may now be left out
    """
    return "the body may now be left out"


@plain("media", NARROWER, response=ERROR, request=ERROR, area="body")
def media_type_removed(change: Change) -> str:
    """A body no longer comes, or is no longer taken, in a format.

    Before:
        {responses: {"200": {content: {application/json: {}, text/csv: {}}}}}
    After:
        {responses: {"200": {content: {application/json: {}}}}}
    Finds:
        response error POST /a 200: text/csv is gone
    """
    return f"{safe_text(change.name)} is gone"


@plain("media", WIDER, area="body")
def media_type_added(change: Change) -> str:
    """A body may come, or is taken, in another format.

    Before:
        {responses: {"200": {content: {application/json: {}}}}}
    After:
        {responses: {"200": {content: {application/json: {}, text/csv: {}}}}}
    Finds:
        response note POST /a 200: text/csv is new
    """
    return f"{safe_text(change.name)} is new"


@plain("schema", WIDER, response=WARNING, area="body")
def schema_removed(change: Change) -> str:
    """A body is no longer described at all: nothing is promised of it any more.

    Before:
        {responses: {"200": {content: {application/json: {schema: {type: string}}}}}}
    After:
        {responses: {"200": {content: {application/json: {}}}}}
    Finds:
        response warning POST /a 200: the body as application/json is no longer described
    """
    return f"the body as {safe_text(change.name)} is no longer described"


@plain("media-range", WIDER, response=ERROR, area="body")
def media_type_widened(change: Change) -> str:
    """A body may have any format of a range.

    Before:
        {responses: {"200": {content: {image/png: {}}}}}
    After:
        {responses: {"200": {content: {"image/*": {}}}}}
    Finds:
        response error POST /a 200: may now be image/*, was image/png
    """
    return f"may now be {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("media-range", NARROWER, request=ERROR, area="body")
def media_type_narrowed(change: Change) -> str:
    """A body has one format of a range.

    Before:
        {requestBody: {content: {"image/*": {}}}}
    After:
        {requestBody: {content: {image/png: {}}}}
    Finds:
        request error POST /a /body: is now only image/png, was image/*
    """
    return f"is now only {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("media-renamed", SAME, area="body")
def media_type_renamed(change: Change) -> str:
    """A JSON body has another name for its format.

    Before:
        {responses: {"200": {content: {application/json: {}}}}}
    After:
        {responses: {"200": {content: {application/hal+json: {}}}}}
    Finds:
        response note POST /a 200: is now called application/hal+json, was application/json
    """
    return f"is now called {safe_text(change.revision)}, was {safe_text(change.base)}"
