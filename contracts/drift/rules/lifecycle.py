"""Rules about what is announced: deprecation, ends, stability."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, WARNING, plain
from contracts.text import safe_text, show

SAME = Sense.SAME


def _due(change: Change) -> str:
    return f", ends on {safe_text(change.name, 40)}" if change.name else ""


@plain("deprecated", SAME, area="lifecycle", trait="reactivated")
def reactivated(change: Change) -> str:
    """Something that was deprecated is not any more.

    Before:
        {deprecated: true}
    After:
        {deprecated: false}
    Finds:
        endpoint note POST /a: is no longer deprecated
    """
    return "is no longer deprecated"


@plain("deprecated", SAME, area="lifecycle")
def deprecated(change: Change) -> str:
    """Something is announced to end; a date is given where the vendor gives one.

    Before:
        {deprecated: false}
    After:
        {deprecated: true}
    Finds:
        endpoint note POST /a: is now deprecated
    """
    return f"is now deprecated{_due(change)}"


@plain("x-sunset", SAME, area="lifecycle", trait="later")
def sunset_set(change: Change) -> str:
    """A date is given for the end of something, or a later one.

    Before:
        {deprecated: true}
    After:
        {deprecated: true, x-sunset: 2030-01-01}
    Finds:
        endpoint note POST /a: now ends on 2030-01-01
    """
    was = f", was {safe_text(str(change.base), 40)}" if change.base else ""
    if change.revision is None:
        return f"is no longer announced to end{was}"
    return f"now ends on {safe_text(str(change.revision), 40)}{was}"


@plain(
    "x-sunset", SAME, area="lifecycle", trait="earlier", endpoint=WARNING, request=WARNING, response=WARNING
)
def sunset_brought_forward(change: Change) -> str:
    """Something ends earlier than announced.

    Before:
        {deprecated: true, x-sunset: 2030-01-01}
    After:
        {deprecated: true, x-sunset: 2028-01-01}
    Finds:
        endpoint warning POST /a: now ends on 2028-01-01, was 2030-01-01
    """
    return f"now ends on {safe_text(str(change.revision), 40)}, was {safe_text(str(change.base), 40)}"


@plain("x-sunset", SAME, area="lifecycle", trait="past", endpoint=ERROR, request=ERROR, response=ERROR)
def sunset_already_past(change: Change) -> str:
    """The date of an end is brought forward to a day that has passed.

    Before:
        {deprecated: true, x-sunset: 2030-01-01}
    After:
        {deprecated: true, x-sunset: 2020-01-01}
    Finds:
        endpoint error POST /a: ended on 2020-01-01, was to end on 2030-01-01
    """
    return f"ended on {safe_text(str(change.revision), 40)}, was to end on {safe_text(str(change.base), 40)}"


@plain("x-sunset", SAME, area="lifecycle", trait="dropped", endpoint=ERROR, request=ERROR, response=ERROR)
def sunset_dropped(change: Change) -> str:
    """Something stays deprecated while the date of its end is gone: it may end any day.

    Before:
        {deprecated: true, x-sunset: 2030-01-01}
    After:
        {deprecated: true}
    Finds:
        endpoint error POST /a: is deprecated and no longer says when it ends, was 2030-01-01
    """
    return f"is deprecated and no longer says when it ends, was {safe_text(str(change.base), 40)}"


@plain("x-sunset", SAME, area="lifecycle", trait="unreadable", endpoint=ERROR, request=ERROR, response=ERROR)
def sunset_unreadable(change: Change) -> str:
    """Something is announced to end on what is not a date: the document is at fault.

    Before:
        {deprecated: true, x-sunset: 2030-01-01}
    After:
        {deprecated: true, x-sunset: soon}
    Finds:
        endpoint error POST /a: is announced to end on 'soon', which is not a date
    """
    return f"is announced to end on {show(change.revision)}, which is not a date"


@plain("x-sunset", SAME, area="lifecycle", trait="unknown", endpoint=ERROR, request=ERROR, response=ERROR)
def sunset_not_compared(change: Change) -> str:
    """The end was announced for what is not a date: whether it was brought forward is unknown.

    Before:
        {deprecated: true, x-sunset: soon}
    After:
        {deprecated: true, x-sunset: 2030-01-01}
    Finds:
        endpoint error POST /a: now ends on 2030-01-01, was 'soon', which is not a date to compare with
    """
    now, was = safe_text(str(change.revision), 40), show(change.base)
    return f"now ends on {now}, was {was}, which is not a date to compare with"


@plain("x-stability-level", SAME, area="lifecycle")
def stability_raised(change: Change) -> str:
    """The vendor promises more stability than it did.

    Before:
        {summary: a, x-stability-level: beta}
    After:
        {summary: a, x-stability-level: stable}
    Finds:
        endpoint note POST /a: its stability is now 'stable', was 'beta'
    """
    return f"its stability is now {show(change.revision)}, was {show(change.base)}"


@plain(
    "x-stability-level", SAME, area="lifecycle", trait="lower", endpoint=ERROR, request=ERROR, response=ERROR
)
def stability_lowered(change: Change) -> str:
    """The vendor promises less stability than it did: what was promised no longer holds.

    Before:
        {summary: a, x-stability-level: stable}
    After:
        {summary: a, x-stability-level: beta}
    Finds:
        endpoint error POST /a: its stability is now 'beta', was 'stable'
    """
    return f"its stability is now {show(change.revision)}, was {show(change.base)}"
