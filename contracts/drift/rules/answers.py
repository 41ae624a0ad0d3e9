"""Rules about statuses and headers."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, WARNING, plain
from contracts.text import safe_text

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@plain("status", NARROWER, response=ERROR, trait="success", area="response")
def success_status_removed(change: Change) -> str:
    """A status that meant success is no longer described.

    Before:
        {responses: {"200": {}, "202": {}}}
    After:
        {responses: {"200": {}}}
    Finds:
        response error POST /a 202: 202 is gone
    """
    return f"{safe_text(change.name)} is gone"


@plain("status", NARROWER, trait="", area="response")
def error_status_removed(change: Change) -> str:
    """A status that meant failure is no longer described.

    Before:
        {responses: {"200": {}, "404": {}}}
    After:
        {responses: {"200": {}}}
    Finds:
        response note POST /a 404: 404 is gone
    """
    return f"{safe_text(change.name)} is gone"


@plain("status-changed", CROSSED, response=ERROR, area="response")
def success_status_changed(change: Change) -> str:
    """A call succeeds with another status than before.

    Before:
        {responses: {"201": {}}}
    After:
        {responses: {"200": {}}}
    Finds:
        response error POST /a 200: is now 200, was 201
    """
    return f"is now {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("status", WIDER, response=WARNING, trait="success", tolerance="status", area="response")
def success_status_added(change: Change) -> str:
    """A call may succeed with a status that no reader has seen.

    Before:
        {responses: {"200": {}}}
    After:
        {responses: {"200": {}, "202": {}}}
    Finds:
        response warning POST /a 202: 202 is new
    """
    return f"{safe_text(change.name)} is new"


@plain("status", WIDER, trait="", tolerance="status", area="response")
def error_status_added(change: Change) -> str:
    """A call may fail with a status that was not described.

    Before:
        {responses: {"200": {}}}
    After:
        {responses: {"200": {}, "404": {}}}
    Finds:
        response note POST /a 404: 404 is new
    """
    return f"{safe_text(change.name)} is new"


@plain("header-gone", WIDER, response=ERROR, area="response")
def required_header_removed(change: Change) -> str:
    """A header that was always there is gone.

    Before:
        {responses: {"200": {headers: {X-Left: {required: true}}}}}
    After:
        {responses: {"200": {}}}
    Finds:
        response error POST /a 200 /x-left: is gone, was required
    """
    return "is gone, was required"


@plain("header-gone", SAME, area="response")
def header_removed(change: Change) -> str:
    """A header that could be absent is no longer described.

    Before:
        {responses: {"200": {headers: {X-Left: {schema: {type: string}}}}}}
    After:
        {responses: {"200": {}}}
    Finds:
        response note POST /a 200 /x-left: is gone, could be absent
    """
    return "is gone, could be absent"


@plain("header", SAME, area="response")
def header_added(change: Change) -> str:
    """A header may be there that was not described.

    Before:
        {responses: {"200": {}}}
    After:
        {responses: {"200": {headers: {X-Left: {schema: {type: string}}}}}}
    Finds:
        response note POST /a 200 /x-left: is new
    """
    return "is new"


@plain("header-required", WIDER, response=ERROR, area="response")
def header_became_optional(change: Change) -> str:
    """A header that was always there may be absent.

    Before:
        {responses: {"200": {headers: {X-Left: {required: true}}}}}
    After:
        {responses: {"200": {headers: {X-Left: {required: false}}}}}
    Finds:
        response error POST /a 200 /x-left: may now be absent
    """
    return "may now be absent"


@plain("header-required", NARROWER, area="response")
def header_became_required(change: Change) -> str:
    """A header that could be absent is always there.

    Before:
        {responses: {"200": {headers: {X-Left: {required: false}}}}}
    After:
        {responses: {"200": {headers: {X-Left: {required: true}}}}}
    Finds:
        response note POST /a 200 /x-left: is now always there
    """
    return "is now always there"
