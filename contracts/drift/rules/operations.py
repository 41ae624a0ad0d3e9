"""Rules about operations, parameters, bodies, statuses, headers, security and servers."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, NOTE, WARNING, plain
from contracts.text import either, safe_text, show

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@plain("operation", NARROWER, endpoint=ERROR, trait="")
def operation_removed(change: Change) -> str:
    """An operation is gone without a word before."""
    return "is gone"


@plain("operation", NARROWER, endpoint=WARNING, trait="announced")
def deprecated_operation_removed(change: Change) -> str:
    """An operation is gone that was marked as deprecated."""
    return "is gone, was deprecated"


@plain("operation", NARROWER, endpoint=WARNING, trait="unstable")
def unstable_operation_removed(change: Change) -> str:
    """An operation is gone that was a draft or an alpha: nothing was promised."""
    return "is gone, was not stable yet"


@plain("operation", NARROWER, endpoint=ERROR, trait="early")
def operation_removed_before_sunset(change: Change) -> str:
    """An operation is gone before the date that was announced for its end."""
    return f"is gone, was announced to end on {safe_text(change.name, 40)}"


@plain("operation", WIDER)
def operation_added(change: Change) -> str:
    """There is a new operation."""
    return "is new"


@plain("operation-moved", CROSSED, endpoint=ERROR)
def operation_moved(change: Change) -> str:
    """An operation answers at another path."""
    return f"is now {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("webhook", NARROWER, endpoint=ERROR)
def webhook_removed(change: Change) -> str:
    """The vendor no longer calls a webhook."""
    return "is no longer called"


@plain("webhook", WIDER)
def webhook_added(change: Change) -> str:
    """The vendor may call a new webhook."""
    return "is new"


@plain("webhook", CROSSED, endpoint=ERROR)
def webhook_moved(change: Change) -> str:
    """A webhook has another name."""
    return f"is now {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("parameter", NARROWER, request=ERROR, area="parameter")
def required_parameter_added(change: Change) -> str:
    """A call must send a parameter that it could not send before."""
    return "is new and required"


@plain("parameter", SAME, area="parameter")
def parameter_added(change: Change) -> str:
    """A call may send a new parameter."""
    return "is new"


@plain("parameter", WIDER, request=WARNING, trait="", area="parameter")
def parameter_removed(change: Change) -> str:
    """A parameter is gone: what a call sends there is ignored or refused."""
    return "is gone"


@plain("parameter", WIDER, trait="announced", area="parameter")
def deprecated_parameter_removed(change: Change) -> str:
    """A parameter is gone that was marked as deprecated."""
    return "is gone, was deprecated"


@plain("parameter", WIDER, request=ERROR, trait="early", area="parameter")
def parameter_removed_before_sunset(change: Change) -> str:
    """A parameter is gone before the date that was announced for its end."""
    return "is gone before the date announced for its end"


@plain("parameter-moved", CROSSED, request=ERROR, area="parameter")
def parameter_moved(change: Change) -> str:
    """A parameter is sent at another place of the request."""
    return f"is now sent in the {change.revision}, was in the {change.base}"


@plain("parameter-required", NARROWER, request=ERROR, area="parameter")
def parameter_became_required(change: Change) -> str:
    """A parameter that could be left out must be sent."""
    return "must now be sent"


@plain("parameter-required", WIDER, area="parameter")
def parameter_became_optional(change: Change) -> str:
    """A parameter may be left out."""
    return "may now be left out"


@plain("parameter-default", SAME, request=ERROR, area="parameter")
def parameter_default_changed(change: Change) -> str:
    """A call that leaves the parameter out means something else than before."""
    return f"left out, it now means {show(change.revision)}, was {show(change.base)}"


@plain("style", CROSSED, request=ERROR, area="parameter")
def parameter_style_changed(change: Change) -> str:
    """A list or object is written differently in the request."""
    return f"is now written {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("body", NARROWER, request=ERROR, area="body")
def required_body_added(change: Change) -> str:
    """A call must send a body."""
    return "a body is now required"


@plain("body", SAME, area="body")
def body_added(change: Change) -> str:
    """A call may send a body."""
    return "a body may now be sent"


@plain("body", WIDER, request=ERROR, area="body")
def body_removed(change: Change) -> str:
    """A call no longer sends a body: what it sends is ignored or refused."""
    return "no body is taken any more"


@plain("body-required", NARROWER, request=ERROR, area="body")
def body_became_required(change: Change) -> str:
    """The body may no longer be left out."""
    return "the body must now be sent"


@plain("body-required", WIDER, area="body")
def body_became_optional(change: Change) -> str:
    """The body may be left out."""
    return "the body may now be left out"


@plain("media", NARROWER, response=ERROR, request=ERROR, area="body")
def media_type_removed(change: Change) -> str:
    """A body no longer comes, or is no longer taken, in a format."""
    return f"{safe_text(change.name)} is gone"


@plain("media", WIDER, area="body")
def media_type_added(change: Change) -> str:
    """A body may come, or is taken, in another format."""
    return f"{safe_text(change.name)} is new"


@plain("schema", WIDER, response=WARNING, area="body")
def schema_removed(change: Change) -> str:
    """A body is no longer described at all: nothing is promised of it any more."""
    return f"the body as {safe_text(change.name)} is no longer described"


@plain("media-range", WIDER, response=ERROR, area="body")
def media_type_widened(change: Change) -> str:
    """A body may have any format of a range."""
    return f"may now be {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("media-range", NARROWER, request=ERROR, area="body")
def media_type_narrowed(change: Change) -> str:
    """A body has one format of a range."""
    return f"is now only {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("media-renamed", SAME, area="body")
def media_type_renamed(change: Change) -> str:
    """A JSON body has another name for its format."""
    return f"is now called {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("status", NARROWER, response=ERROR, trait="success", area="response")
def success_status_removed(change: Change) -> str:
    """A status that meant success is no longer described."""
    return f"{safe_text(change.name)} is gone"


@plain("status", NARROWER, trait="", area="response")
def error_status_removed(change: Change) -> str:
    """A status that meant failure is no longer described."""
    return f"{safe_text(change.name)} is gone"


@plain("status", WIDER, response=WARNING, trait="success", tolerance="status", area="response")
def success_status_added(change: Change) -> str:
    """A call may succeed with a status that no reader has seen."""
    return f"{safe_text(change.name)} is new"


@plain("status", WIDER, trait="", tolerance="status", area="response")
def error_status_added(change: Change) -> str:
    """A call may fail with a status that was not described."""
    return f"{safe_text(change.name)} is new"


@plain("header", WIDER, response=ERROR, area="response")
def required_header_removed(change: Change) -> str:
    """A header that was always there is gone."""
    return "is gone, was required"


@plain("header", SAME, area="response")
def header_changed(change: Change) -> str:
    """A header that may be absent comes or goes, or a header is always there."""
    return "is new" if change.revision is not None else "is gone, could be absent"


@plain("header-required", WIDER, response=ERROR, area="response")
def header_became_optional(change: Change) -> str:
    """A header that was always there may be absent."""
    return "may now be absent"


@plain("header-required", NARROWER, area="response")
def header_became_required(change: Change) -> str:
    """A header that could be absent is always there."""
    return "is now always there"


@plain("security", NARROWER, endpoint=ERROR, trait="")
def credentials_changed(change: Change) -> str:
    """What let a caller in no longer does, and nothing that the vendor already asked for elsewhere replaces it."""
    return f"now asks for {_either(change.revision)}, was {_either(change.base)}"


@plain("security", NARROWER, endpoint=WARNING, trait="known")
def credentials_tightened(change: Change) -> str:
    """A call must show more than before, though nothing that other calls do not already show."""
    return f"now asks for {_either(change.revision)}, was {_either(change.base)}"


@plain("security", WIDER)
def credentials_relaxed(change: Change) -> str:
    """There is another way in."""
    return f"now also takes {_either(change.revision)}"


def _either(ways: list[str]) -> str:
    return " or ".join(safe_text(way, 60) for way in ways)


@plain("server", NARROWER, endpoint=WARNING)
def server_removed(change: Change) -> str:
    """An address is no longer named."""
    return f"{safe_text(change.name)} is no longer named" + (f"; {either(change.revision)} is" if change.revision else "")


@plain("server", WIDER)
def server_added(change: Change) -> str:
    """An address is named that was not."""
    return f"{safe_text(change.name)} is new"


_ = NOTE
