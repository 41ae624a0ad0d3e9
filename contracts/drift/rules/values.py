"""Rules about single values: types, null, enums, text, numbers."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import WARNING, schema
from contracts.model import Json
from contracts.text import either, safe_text, show

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


def _types(names: Json) -> str:
    return " or ".join(names) if names else "nothing"


def _end(bound: Json) -> str:
    return f"{'' if not bound[1] else 'but not '}{show(bound[0])}"


@schema("type", WIDER)
def type_widened(change: Change) -> str:
    """A value may have a JSON type that it never had."""
    return f"may now be {_types(change.revision)}, was {_types(change.base)}"


@schema("type", NARROWER)
def type_narrowed(change: Change) -> str:
    """A value may no longer have every JSON type it had."""
    return f"may now only be {_types(change.revision)}, was {_types(change.base)}"


@schema("type", CROSSED)
def type_changed(change: Change) -> str:
    """A value has another JSON type."""
    return f"is now {_types(change.revision)}, was {_types(change.base)}"


@schema("type", SAME)
def type_respelled(change: Change) -> str:
    """A value that travels as text is typed anew, and reads the same."""
    return f"is now {_types(change.revision)}, was {_types(change.base)}; as text they are the same"


@schema("integer", WIDER)
def integer_became_number(change: Change) -> str:
    """A whole number may now have a fraction."""
    return "may now have a fraction, was an integer"


@schema("integer", NARROWER)
def number_became_integer(change: Change) -> str:
    """A number must now be whole."""
    return "must now be an integer"


@schema("null", WIDER, tolerance="null")
def null_added(change: Change) -> str:
    """A value may now be null."""
    return "may now be null"


@schema("null", NARROWER)
def null_removed(change: Change) -> str:
    """A value may no longer be null."""
    return "may no longer be null"


@schema("enum", WIDER, tolerance="enum", at_most=WARNING)
def enum_value_added(change: Change) -> str:
    """A field may hold a value that no reader has seen."""
    return f"may now be {show(change.revision)}"


@schema("enum", NARROWER)
def enum_value_removed(change: Change) -> str:
    """A field no longer takes, or holds, one of its values."""
    return f"may no longer be {show(change.base)}"


@schema("enum-renamed", CROSSED, tolerance="enum-renamed")
def enum_value_renamed(change: Change) -> str:
    """One of a field's values is written differently."""
    return f"{show(change.base)} is now {show(change.revision)}"


@schema("enum-set", WIDER)
def enum_removed(change: Change) -> str:
    """A field that held one of a few values may hold any."""
    return f"may now be anything, was {either(change.base)}"


@schema("enum-set", NARROWER)
def enum_added(change: Change) -> str:
    """A free field is now one of a few values."""
    return f"must now be {either(change.revision)}"


@schema("enum-set", CROSSED)
def enum_replaced(change: Change) -> str:
    """No value that a field held before is among those it holds now."""
    now = f"must now be {either(change.revision)}" if change.revision else "is now bound otherwise"
    return f"{now}, was {either(change.base)}" if change.base else now


@schema("minLength", WIDER)
def min_length_lowered(change: Change) -> str:
    """A text may be shorter than before."""
    return f"may now be {change.revision or 0} characters short, was at least {change.base}"


@schema("minLength", NARROWER)
def min_length_raised(change: Change) -> str:
    """A text must be longer than before."""
    return f"must now have at least {change.revision} characters, was {change.base or 0}"


@schema("maxLength", WIDER)
def max_length_raised(change: Change) -> str:
    """A text may be longer than before."""
    most = "any number of" if change.revision is None else f"up to {change.revision}"
    return f"may now have {most} characters, was at most {change.base}"


@schema("maxLength", NARROWER)
def max_length_lowered(change: Change) -> str:
    """A text must be shorter than before."""
    return f"may now have at most {change.revision} characters, was {change.base}"


@schema("pattern", WIDER)
def pattern_removed(change: Change) -> str:
    """A text need no longer match a pattern."""
    return f"need no longer match {_patterns(set(change.base) - set(change.revision))}"


@schema("pattern", NARROWER)
def pattern_added(change: Change) -> str:
    """A text must match a pattern."""
    return f"must now match {_patterns(set(change.revision) - set(change.base))}"


@schema("pattern", CROSSED)
def pattern_changed(change: Change) -> str:
    """A text must match another pattern."""
    return f"must now match {_patterns(change.revision)}, was {_patterns(change.base)}"


def _patterns(patterns: set[str] | list[str]) -> str:
    return " and ".join(f"/{safe_text(pattern, 60)}/" for pattern in sorted(patterns))


def _formats(names: Json) -> str:
    return " and ".join(safe_text(name, 30) for name in names) or "free"


@schema("format", WIDER, trait="")
def format_relaxed(change: Change) -> str:
    """A value need no longer have its format."""
    return f"has the format {_formats(change.revision)}, was {_formats(change.base)}"


@schema("format", NARROWER, trait="")
def format_tightened(change: Change) -> str:
    """A value must have a format."""
    return f"must now have the format {_formats(change.revision)}, was {_formats(change.base)}"


@schema("format", CROSSED)
def format_changed(change: Change) -> str:
    """A value has another format."""
    return f"now has the format {_formats(change.revision)}, was {_formats(change.base)}"


@schema("format", WIDER, trait="width", tolerance="width")
def number_width_raised(change: Change) -> str:
    """A number may need more bits than before."""
    return f"may now need {_formats(change.revision)}, was {_formats(change.base)}"


@schema("format", NARROWER, trait="width", tolerance="width")
def number_width_lowered(change: Change) -> str:
    """A number must fit fewer bits than before."""
    return f"must now fit {_formats(change.revision)}, was {_formats(change.base)}"


@schema("format", SAME)
def format_renamed(change: Change) -> str:
    """A format that nobody checks is added, dropped or changed."""
    return f"has the format {_formats(change.revision)}, was {_formats(change.base)}, which no validator checks"


@schema("content", SAME)
def content_changed(change: Change) -> str:
    """What a text encodes changes; a validator does not look into it."""
    return f"{change.name} is now {show(change.revision)}, was {show(change.base)}"


@schema("low", WIDER)
def minimum_lowered(change: Change) -> str:
    """A number may be lower than before."""
    least = "as low as it likes" if change.revision is None else f"down to {_end(change.revision)}"
    return f"may now be {least}, was at least {_end(change.base)}"


@schema("low", NARROWER)
def minimum_raised(change: Change) -> str:
    """A number must be higher than before."""
    return f"must now be at least {_end(change.revision)}, was {_end(change.base)}"


@schema("high", WIDER)
def maximum_raised(change: Change) -> str:
    """A number may be higher than before."""
    most = "as high as it likes" if change.revision is None else f"up to {_end(change.revision)}"
    return f"may now be {most}, was at most {_end(change.base)}"


@schema("high", NARROWER)
def maximum_lowered(change: Change) -> str:
    """A number must be lower than before."""
    return f"must now be at most {_end(change.revision)}, was {_end(change.base)}"


def _numbers(steps: Json) -> str:
    return " and ".join(map(show, steps)) or "anything"


@schema("maxLength", NARROWER, trait="stated", at_most=WARNING)
def max_length_stated(change: Change) -> str:
    """A limit of length is stated where none was; most servers had one before they said so."""
    return f"may now have at most {change.revision} characters, no limit was stated"


@schema("low", NARROWER, trait="stated", at_most=WARNING)
def minimum_stated(change: Change) -> str:
    """A lower end is stated where none was; most servers had one before they said so."""
    return f"must now be at least {_end(change.revision)}, no limit was stated"


@schema("high", NARROWER, trait="stated", at_most=WARNING)
def maximum_stated(change: Change) -> str:
    """An upper end is stated where none was; most servers had one before they said so."""
    return f"must now be at most {_end(change.revision)}, no limit was stated"


@schema("multipleOf", WIDER)
def step_relaxed(change: Change) -> str:
    """A number need no longer be a multiple of what it was."""
    return f"is now a multiple of {_numbers(change.revision)}, was {_numbers(change.base)}"


@schema("multipleOf", NARROWER)
def step_tightened(change: Change) -> str:
    """A number must be a multiple of something."""
    return f"must now be a multiple of {_numbers(change.revision)}, was {_numbers(change.base)}"


@schema("multipleOf", CROSSED)
def step_changed(change: Change) -> str:
    """A number must be a multiple of something else."""
    return f"must now be a multiple of {_numbers(change.revision)}, was of {_numbers(change.base)}"
