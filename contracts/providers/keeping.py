"""What of a payload is kept word for word, by pointer text; and refusals, with place and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from contracts.errors import NormalizationError
from contracts.model import Json, Pointer
from contracts.text import safe_text, show

Place: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the root of the payload."""

MAX_DEPTH: Final = 256
"""Levels of nesting that a payload may have; the limit of the strict decoder."""
HIGH: Final = 10**4_300
"""The least integer that Python does not write as decimal text; infinity and NaN are not below it."""
LOW: Final = -HIGH
ABSENT: Final = object()
"""What is found where nothing is."""

_ATOMS: Final = frozenset({str, bool, type(None)})


def refusal(at: Place, expected: str, found: Json) -> NormalizationError:
    """Say that a place does not hold what it must."""
    return NormalizationError(safe_text(str(Pointer(at)), 200), expected, _shown(found))


def _shown(found: Json) -> str:
    if found is ABSENT:
        return "nothing"
    if found is None or isinstance(found, (str, bool, int, float, list, dict)):
        return show(found)
    return f"a Python {type(found).__name__}"


def kept(values: Mapping[str, Json], at: Place, prefix: str, tokens: dict[str, str]) -> dict[str, Json]:
    """Copy the values of an object, by pointer text that begins with `prefix`.

    `tokens` are the keys as pointers write them, made once for all objects that share it.
    """
    found: dict[str, Json] = {}
    depth = MAX_DEPTH - len(at) - 1
    try:
        for key, value in values.items():
            place = prefix + (tokens.get(key) or _token(key, tokens))
            found[place] = value if type(value) in _ATOMS else _copy(value, depth)
    except _NotJsonError:
        raise _located(values, at) from None
    return found


def _token(key: Json, tokens: dict[str, str]) -> str:
    if not isinstance(key, str):
        raise _NotJsonError
    return tokens.setdefault(key, f"/{key.replace('~', '~0').replace('/', '~1')}")


def copied(value: Json, at: Place) -> Json:
    """Copy a JSON value, so that a batch does not change with the payload it was read from."""
    if type(value) in _ATOMS:
        return value
    try:
        return _copy(value, MAX_DEPTH - len(at))
    except _NotJsonError:
        raise _located(value, at) from None


class _NotJsonError(Exception):
    """Something in a value is not JSON; where is only worked out then, since paths cost more than copies."""


def _copy(value: Json, depth: int) -> Json:
    kind = type(value)
    if kind is int or kind is float:
        if LOW < value < HIGH:
            return value
    elif kind is list and depth > 0:
        return [item if type(item) in _ATOMS else _copy(item, depth - 1) for item in value] if value else []
    elif kind is dict and depth > 0:
        for key in value:
            if type(key) is not str:
                raise _NotJsonError
        return {key: item if type(item) in _ATOMS else _copy(item, depth - 1) for key, item in value.items()}
    raise _NotJsonError


def _located(value: Json, at: Place) -> NormalizationError:
    """Find what is not JSON in a value, and say so with its place."""
    stack: list[tuple[Place, Json]] = [(at, value)]
    while stack:
        place, item = stack.pop()
        if len(place) >= MAX_DEPTH and isinstance(item, (dict, list)):
            return refusal(place[:8], f"at most {MAX_DEPTH} levels", item)
        if type(item) is dict:
            odd = [key for key in item if type(key) is not str]
            if odd:
                return refusal(place, "string keys", odd[0])
            stack.extend(((*place, key), inner) for key, inner in item.items())
        elif type(item) is list:
            stack.extend(((*place, index), inner) for index, inner in enumerate(item))
        elif type(item) not in _ATOMS and not (type(item) in (int, float) and LOW < item < HIGH):
            return refusal(place, "a JSON value", item)
    return refusal(at, "a JSON value", value)
