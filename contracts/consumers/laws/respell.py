"""The same payload told in another way: what must not matter to a reader, one rewriting a law."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta, timezone
from functools import partial
from math import copysign
from typing import Final

from contracts.consumers.places import differences, places_of, put
from contracts.instant import instant
from contracts.model import Json, Pointer

ADDED: Final = "x_contracts_added"
"""The unknown field that is put into every object; it is taken out of answers before they are compared."""

_ADDED: Final = (ADDED, "contracts_new_field")
_EXACT: Final = 2**50
_WHOLE: Final = 2**53
"""Up to here every whole number is a float as well."""
_LARGEST: Final = 1e300
_ELSEWHERE: Final = timezone(timedelta(hours=-3, minutes=-30))


def keys_reversed(payload: Json) -> Iterator[Json]:
    """Yield the payload with the keys of every object in reverse."""
    yield _rebuilt(payload, lambda value: dict(reversed(value.items())) if isinstance(value, dict) else value)


def with_unknown_field(payload: Json) -> Iterator[Json]:
    """Yield the payload with a field that nobody knows in every object."""
    yield _rebuilt(payload, lambda value: {**value, ADDED: "new"} if isinstance(value, dict) else value)


def whole_numbers_respelled(payload: Json) -> Iterator[Json]:
    """Yield the payload with 1 written 1.0, and the other way round; -0.0 has a sign that 0 has not."""
    other = _rebuilt(payload, _number)
    if repr(other) != repr(payload):
        yield other


def whole_numbers_plain(payload: Json) -> Json:
    """Give the payload with 1.0 written 1, as nearly every vendor writes it; 1e308 becomes 2^53 - 1."""
    return _rebuilt(payload, _plainly)


def _plainly(value: Json) -> Json:
    if type(value) is not float or not value.is_integer():
        return value
    return int(value) if abs(value) < _WHOLE else int(copysign(_WHOLE - 1, value))


def instants_respelled(payload: Json) -> Iterator[Json]:
    """Yield the payload with every exact instant written in another offset, and with lower-case letters."""
    for write in (_in_another_zone, str.lower):
        other = _rebuilt(payload, partial(_instant, write))
        if other != payload:
            yield other


def lists_reversed(payload: Json) -> Iterator[tuple[Pointer, Json]]:
    """Yield, for every list of two or more objects, its place and the payload with it in reverse."""
    for at, value in list(places_of(payload)):
        if (
            isinstance(value, list)
            and len(value) > 1
            and all(isinstance(item, (dict, type(None))) for item in value)
        ):
            yield at, put(payload, at, value[::-1])


def _number(value: Json) -> Json:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _WHOLE and repr(value) != "-0.0"
        return int(value) if whole else value
    return float(value) if abs(value) < _WHOLE else value


def _instant(write: Callable[[str], str], value: Json) -> Json:
    if not isinstance(value, str) or len(value) < 20:
        return value
    found = instant(value)
    return write(value) if found and found.exact and found.moment else value


def _in_another_zone(text: str) -> str:
    found = instant(text)
    try:
        return found.moment.astimezone(_ELSEWHERE).isoformat() if found and found.moment else text
    except OverflowError:
        return text


def _rebuilt(value: Json, change: Callable[[Json], Json]) -> Json:
    """Copy a payload bottom up with every value changed; depth is bounded by what the decoder lets in."""
    if isinstance(value, dict):
        return change({key: _rebuilt(item, change) for key, item in value.items()})
    if isinstance(value, list):
        return change([_rebuilt(item, change) for item in value])
    return change(value)


def without_added(view: Json) -> Json:
    """Take the unknown field out of an answer, wherever a reader that keeps everything has put it."""
    if isinstance(view, dict):
        return {
            key: without_added(item) for key, item in view.items() if not any(one in key for one in _ADDED)
        }
    if isinstance(view, list):
        return [without_added(item) for item in view]
    return view


def differs_beside_added(one: Json, other: Json, names: tuple[str, ...] = ()) -> bool:
    """Whether two answers differ in more than fields that were added, also where a text repeats them."""
    found = differences(without_added(one), without_added(other))
    return any(
        old != new and not (isinstance(new, str) and any(name in new for name in (*_ADDED, *names)))
        for _, old, new in found
    )


def rounded(view: Json) -> Json:
    """Give an answer with numbers to twelve digits: reckoned from 1.0 they are not those from 1."""
    if isinstance(view, dict):
        return {key: rounded(item) for key, item in view.items()}
    if isinstance(view, list):
        return [rounded(item) for item in view]
    if isinstance(view, str):
        return _repeated(view)
    fraction = isinstance(view, float) and not (view.is_integer() and abs(view) <= _EXACT)
    inexact = fraction or (isinstance(view, int) and abs(view) > _EXACT)
    return float(f"{float(view):.12g}") if inexact and abs(view) < _LARGEST else view


def _repeated(text: str) -> Json:
    """Read a text that repeats a part of the payload as JSON: there 1 and 1.0 are the vendor's spelling."""
    if text[:1] not in {"{", "["}:
        return text
    try:
        return rounded(json.loads(text))
    except (ValueError, RecursionError):
        return text


def in_utc(view: Json) -> Json:
    """Give an answer with every text that is an instant in one spelling, for readers that keep it as text."""
    if isinstance(view, dict):
        return {key: in_utc(item) for key, item in view.items()}
    if isinstance(view, list):
        return [in_utc(item) for item in view]
    return _instant(_in_utc, view.upper() if _is_instant(view) else view)


def _is_instant(value: Json) -> bool:
    return isinstance(value, str) and len(value) >= 20 and instant(value) is not None


def _in_utc(text: str) -> str:
    found = instant(text)
    return found.moment.isoformat() if found and found.moment else text


def unordered(view: Json) -> Json:
    """Give an answer with its lists sorted, so that only what is in them counts."""
    if isinstance(view, dict):
        return {key: unordered(item) for key, item in view.items()}
    if isinstance(view, list):
        return sorted(map(unordered, view), key=repr)
    return view
