"""Rules about text: lengths, patterns, formats, encodings."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import schema
from contracts.model import Json
from contracts.text import safe_text

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@schema("minLength", WIDER)
def min_length_lowered(change: Change) -> str:
    """A text may be shorter than before.

    Before:
        {type: string, minLength: 3}
    After:
        {type: string, minLength: 1}
    Finds:
        request note /body: may now be 1 characters short, was at least 3
        response error /: may now be 1 characters short, was at least 3
    """
    return f"may now be {change.revision or 0} characters short, was at least {change.base}"


@schema("minLength", NARROWER)
def min_length_raised(change: Change) -> str:
    """A text must be longer than before.

    Before:
        {type: string}
    After:
        {type: string, minLength: 1}
    Finds:
        request error /body: must now have at least 1 characters, was 0
        response note /: must now have at least 1 characters, was 0
    """
    return f"must now have at least {change.revision} characters, was {change.base or 0}"


@schema("maxLength", WIDER)
def max_length_raised(change: Change) -> str:
    """A text may be longer than before.

    Before:
        {type: string, maxLength: 3}
    After:
        {type: string, maxLength: 9}
    Finds:
        request note /body: may now have up to 9 characters, was at most 3
        response error /: may now have up to 9 characters, was at most 3
    """
    most = "any number of" if change.revision is None else f"up to {change.revision}"
    return f"may now have {most} characters, was at most {change.base}"


@schema("maxLength", NARROWER)
def max_length_lowered(change: Change) -> str:
    """A text must be shorter than before.

    Before:
        {type: string, maxLength: 9}
    After:
        {type: string, maxLength: 3}
    Finds:
        request error /body: may now have at most 3 characters, was 9
        response note /: may now have at most 3 characters, was 9
    """
    return f"may now have at most {change.revision} characters, was {change.base}"


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
