"""The words of a finding: what was expected, what was found, in one lower-case sentence; an interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from contracts.model import Json
from contracts.text import either, plural, safe_text, show

_ARTICLES: Final = {"array": "a list", "object": "an object", "integer": "an integer", "null": "null"}


class Message(NamedTuple):
    """A sentence with its two halves; all three are safe text."""

    message: str
    expected: str = ""
    found: str = ""


def kinds(types: Json) -> str:
    """Name one JSON type or several: `a number`, `a string or null`."""
    listed = types if isinstance(types, list) else [types]
    named = [_ARTICLES.get(str(t), f"a {safe_text(str(t), 20)}") for t in listed]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def describe(keyword: str, limit: Json, value: Json) -> Message:
    """Put a broken keyword into words; `limit` is the keyword's value in the spec, `value` what was there."""
    maker = _WORDS.get(keyword)
    if maker is None:
        return Message(f"{show(value)} breaks {keyword}", keyword, show(value))
    return maker(limit, value)


def _type(limit: Json, value: Json) -> Message:
    return Message(f"{show(value)} is not {kinds(limit)}", kinds(limit), show(value))


def _enum(limit: Json, value: Json) -> Message:
    allowed = either(limit if isinstance(limit, list) else [limit])
    return Message(f"{show(value)} is not {allowed}", allowed, show(value))


def _format(limit: Json, value: Json) -> Message:
    name = safe_text(str(limit), 30)
    return Message(f"{show(value)} is no {name}", name, show(value))


def _compared(words: str) -> Callable[[Json, Json], Message]:
    def make(limit: Json, value: Json) -> Message:
        return Message(f"{show(value)} is {words} {show(limit)}", f"not {words} {show(limit)}", show(value))

    return make


def _sized(noun: str, adverb: str) -> Callable[[Json, Json], Message]:
    def make(limit: Json, value: Json) -> Message:
        size = len(value) if isinstance(value, str | list | dict) else 0
        return Message(
            f"{plural(size, noun)}, {adverb} {limit} allowed", f"{adverb} {limit}", plural(size, noun)
        )

    return make


def _fixed(message: str, expected: str) -> Callable[[Json, Json], Message]:
    def make(_: Json, value: Json) -> Message:
        return Message(message, expected, "" if message.startswith("missing") else show(value))

    return make


def _pattern(limit: Json, value: Json) -> Message:
    wanted = safe_text(str(limit), 60)
    return Message(f"{show(value)} does not match {wanted}", wanted, show(value))


def _none_fits(limit: Json, value: Json) -> Message:
    count = plural(len(limit), "alternative") if isinstance(limit, list) else "alternatives"
    return Message(f"{show(value)} fits none of the {count}", f"one of {count}", show(value))


def fits_several(value: Json, fitting: int, count: int) -> Message:
    """Say that a value fits more than one alternative of a oneOf."""
    words = (
        f"{show(value)} fits {fitting} of the {plural(count, 'alternative')}, where exactly one is allowed"
    )
    return Message(words, "exactly one alternative", f"{fitting} alternatives")


_WORDS: Final[Mapping[str, Callable[[Json, Json], Message]]] = {
    "type": _type,
    "enum": _enum,
    "const": _enum,
    "format": _format,
    "pattern": _pattern,
    "required": _fixed("missing, but required", "required"),
    "dependentRequired": _fixed("missing, but required beside another property", "required"),
    "additionalProperties": _fixed("not in the spec, which closes this object", "absent"),
    "unevaluatedProperties": _fixed("not in the spec, which closes this object", "absent"),
    "unevaluatedItems": _fixed("holds more items than the spec describes", "fewer items"),
    "minimum": _compared("less than"),
    "exclusiveMinimum": _compared("not more than"),
    "maximum": _compared("more than"),
    "exclusiveMaximum": _compared("not less than"),
    "multipleOf": _compared("no multiple of"),
    "minLength": _sized("character", "at least"),
    "maxLength": _sized("character", "at most"),
    "minItems": _sized("item", "at least"),
    "maxItems": _sized("item", "at most"),
    "minProperties": _sized("property", "at least"),
    "maxProperties": _sized("property", "at most"),
    "uniqueItems": _fixed("holds the same item twice", "unique items"),
    "contains": _fixed("holds no item of the kind it must contain", "such an item"),
    "minContains": _fixed("holds too few items of the kind it must contain", "more such items"),
    "maxContains": _fixed("holds too many items of one kind", "fewer such items"),
    "not": _fixed("is what the spec rules out", "anything else"),
    "anyOf": _none_fits,
    "oneOf": _none_fits,
    "properties": _fixed("stands where the spec allows nothing", "nothing"),
    "items": _fixed("stands where the spec allows nothing", "nothing"),
    "prefixItems": _fixed("stands where the spec allows nothing", "nothing"),
}
