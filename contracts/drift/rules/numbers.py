"""Rules about numbers: width, ends, steps."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import WARNING, schema
from contracts.model import Json
from contracts.text import safe_text, show

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


def _end(bound: Json) -> str:
    return f"{'' if not bound[1] else 'but not '}{show(bound[0])}"


def _formats(names: Json) -> str:
    return " and ".join(safe_text(name, 30) for name in names) or "free"


@schema("format", WIDER, trait="width", tolerance="width")
def number_width_raised(change: Change) -> str:
    """A number may need more bits than before.

    Before:
        {type: integer, format: int32}
    After:
        {type: integer, format: int64}
    Finds:
        request note /body: may now need int64, was int32
        response error /: may now need int64, was int32
    """
    return f"may now need {_formats(change.revision)}, was {_formats(change.base)}"


@schema("format", NARROWER, trait="width")
def number_width_lowered(change: Change) -> str:
    """A number must fit fewer bits than before.

    Before:
        {type: integer, format: int64}
    After:
        {type: integer, format: int32}
    Finds:
        request error /body: must now fit int32, was int64
        response note /: must now fit int32, was int64
    """
    return f"must now fit {_formats(change.revision)}, was {_formats(change.base)}"


@schema("format", SAME)
def format_renamed(change: Change) -> str:
    """A format that nobody checks is added, dropped or changed.

    Before:
        {type: string, format: batch-id}
    After:
        {type: string}
    Finds:
        request note /body: has the format free, was batch-id, which no validator checks
        response note /: has the format free, was batch-id, which no validator checks
    """
    return (
        f"has the format {_formats(change.revision)}, was {_formats(change.base)}, which no validator checks"
    )


@schema("content", SAME)
def content_changed(change: Change) -> str:
    """What a text encodes changes; a validator does not look into it.

    Before:
        {type: string, contentEncoding: base64}
    After:
        {type: string, contentEncoding: base16}
    Finds:
        request note /body: contentEncoding is now 'base16', was 'base64'
        response note /: contentEncoding is now 'base16', was 'base64'
    """
    return f"{change.name} is now {show(change.revision)}, was {show(change.base)}"


@schema("low", WIDER)
def minimum_lowered(change: Change) -> str:
    """A number may be lower than before.

    Before:
        {type: integer, minimum: 1}
    After:
        {type: integer, minimum: 0}
    Finds:
        request note /body: may now be down to 0, was at least 1
        response error /: may now be down to 0, was at least 1
    """
    least = "as low as it likes" if change.revision is None else f"down to {_end(change.revision)}"
    return f"may now be {least}, was at least {_end(change.base)}"


@schema("low", NARROWER)
def minimum_raised(change: Change) -> str:
    """A number must be higher than before.

    Before:
        {type: integer, minimum: 0}
    After:
        {type: integer, minimum: 1}
    Finds:
        request error /body: must now be at least 1, was 0
        response note /: must now be at least 1, was 0
    """
    return f"must now be at least {_end(change.revision)}, was {_end(change.base)}"


@schema("high", WIDER)
def maximum_raised(change: Change) -> str:
    """A number may be higher than before.

    Before:
        {type: integer, maximum: 10}
    After:
        {type: integer, maximum: 100}
    Finds:
        request note /body: may now be up to 100, was at most 10
        response error /: may now be up to 100, was at most 10
    """
    most = "as high as it likes" if change.revision is None else f"up to {_end(change.revision)}"
    return f"may now be {most}, was at most {_end(change.base)}"


@schema("high", NARROWER)
def maximum_lowered(change: Change) -> str:
    """A number must be lower than before.

    Before:
        {type: integer, maximum: 100}
    After:
        {type: integer, maximum: 10}
    Finds:
        request error /body: must now be at most 10, was 100
        response note /: must now be at most 10, was 100
    """
    return f"must now be at most {_end(change.revision)}, was {_end(change.base)}"


def _numbers(steps: Json) -> str:
    return " and ".join(map(show, steps)) or "anything"


@schema("low", NARROWER, trait="stated", at_most=WARNING)
def minimum_stated(change: Change) -> str:
    """A lower end is stated where none was; most servers had one before they said so.

    Before:
        {type: integer}
    After:
        {type: integer, minimum: 0}
    Finds:
        request warning /body: must now be at least 0, no limit was stated
        response note /: must now be at least 0, no limit was stated
    """
    return f"must now be at least {_end(change.revision)}, no limit was stated"


@schema("high", NARROWER, trait="stated", at_most=WARNING)
def maximum_stated(change: Change) -> str:
    """An upper end is stated where none was; most servers had one before they said so.

    Before:
        {type: integer}
    After:
        {type: integer, maximum: 100}
    Finds:
        request warning /body: must now be at most 100, no limit was stated
        response note /: must now be at most 100, no limit was stated
    """
    return f"must now be at most {_end(change.revision)}, no limit was stated"


@schema("multipleOf", WIDER)
def step_relaxed(change: Change) -> str:
    """A number need no longer be a multiple of what it was.

    Before:
        {type: integer, multipleOf: 10}
    After:
        {type: integer, multipleOf: 5}
    Finds:
        request note /body: is now a multiple of 5, was 10
        response error /: is now a multiple of 5, was 10
    """
    return f"is now a multiple of {_numbers(change.revision)}, was {_numbers(change.base)}"


@schema("multipleOf", NARROWER)
def step_tightened(change: Change) -> str:
    """A number must be a multiple of something.

    Before:
        {type: integer}
    After:
        {type: integer, multipleOf: 5}
    Finds:
        request error /body: must now be a multiple of 5, was anything
        response note /: must now be a multiple of 5, was anything
    """
    return f"must now be a multiple of {_numbers(change.revision)}, was {_numbers(change.base)}"


@schema("multipleOf", CROSSED)
def step_changed(change: Change) -> str:
    """A number must be a multiple of something else.

    Before:
        {type: integer, multipleOf: 3}
    After:
        {type: integer, multipleOf: 5}
    Finds:
        request error /body: must now be a multiple of 5, was of 3
        response error /: must now be a multiple of 5, was of 3
    """
    return f"must now be a multiple of {_numbers(change.revision)}, was of {_numbers(change.base)}"
