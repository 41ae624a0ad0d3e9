"""Rules about text: lengths, patterns, formats, encodings."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import schema
from contracts.model import Json
from contracts.text import safe_text

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@schema("pattern", WIDER)
def pattern_removed(change: Change) -> str:
    """A text need no longer match a pattern.

    Before:
        {type: string, pattern: "^[a-z]*$"}
    After:
        {type: string}
    Finds:
        request note /body: need no longer match /^[a-z]*$/
        response error /: need no longer match /^[a-z]*$/
    """
    return f"need no longer match {_patterns(set(change.base) - set(change.revision))}"


@schema("pattern", NARROWER)
def pattern_added(change: Change) -> str:
    """A text must match a pattern.

    Before:
        {type: string}
    After:
        {type: string, pattern: "^[a-z]*$"}
    Finds:
        request error /body: must now match /^[a-z]*$/
        response note /: must now match /^[a-z]*$/
    """
    return f"must now match {_patterns(set(change.revision) - set(change.base))}"


@schema("pattern", CROSSED)
def pattern_changed(change: Change) -> str:
    """A text must match another pattern.

    Before:
        {type: string, pattern: "^[a-z]*$"}
    After:
        {type: string, pattern: "^[0-9]*$"}
    Finds:
        request error /body: must now match /^[0-9]*$/, was /^[a-z]*$/
        response error /: must now match /^[0-9]*$/, was /^[a-z]*$/
    """
    return f"must now match {_patterns(change.revision)}, was {_patterns(change.base)}"


def _patterns(patterns: set[str] | list[str]) -> str:
    return " and ".join(f"/{safe_text(pattern, 60)}/" for pattern in sorted(patterns))


def _formats(names: Json) -> str:
    return " and ".join(safe_text(name, 30) for name in names) or "free"


@schema("format", WIDER, trait="")
def format_relaxed(change: Change) -> str:
    """A value need no longer have its format.

    Before:
        {type: string, format: date-time}
    After:
        {type: string}
    Finds:
        request note /body: has the format free, was date-time
        response error /: has the format free, was date-time
    """
    return f"has the format {_formats(change.revision)}, was {_formats(change.base)}"


@schema("format", NARROWER, trait="")
def format_tightened(change: Change) -> str:
    """A value must have a format.

    Before:
        {type: string}
    After:
        {type: string, format: uuid}
    Finds:
        request error /body: must now have the format uuid, was free
        response note /: must now have the format uuid, was free
    """
    return f"must now have the format {_formats(change.revision)}, was {_formats(change.base)}"


@schema("format", CROSSED)
def format_changed(change: Change) -> str:
    """A value has another format.

    Before:
        {type: string, format: date}
    After:
        {type: string, format: date-time}
    Finds:
        request error /body: now has the format date-time, was date
        response error /: now has the format date-time, was date
    """
    return f"now has the format {_formats(change.revision)}, was {_formats(change.base)}"
