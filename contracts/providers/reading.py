"""Reading a payload key by key: every refusal names its place, and what nobody read is kept.

A `Part` is one object of the payload. Reading a key takes it out; what is left at the end is `extra`. The
whole failure policy of the normalizers is here: a wrong type or a missing required key is refused, a value of
the right type that the model cannot hold (half an item, a time without zone) is unknown and stays in `extra`.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Final, Literal, TypeAlias

from contracts.batch import Batch
from contracts.errors import NormalizationError
from contracts.model import Json, Pointer
from contracts.providers.instant import instant
from contracts.text import safe_text, show

Place: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the root of the payload."""

Presence: TypeAlias = Literal["required", "nullable", "optional"]
"""`required`: there, not null; `nullable`: there, or null; `optional`: absent and null are both nothing."""

MAX_DEPTH: Final = 256
"""Levels of nesting that a payload may have; the limit of the strict decoder."""
MAX_BITS: Final = 14_284
"""Bits of the largest integer that Python writes as decimal text (4,300 digits)."""

_ABSENT: Final = object()


def calm(normalize: Callable[[Json], Batch]) -> Callable[[Json], Batch]:
    """Let the garbage collector rest while a payload is read.

    It would walk all items made so far again and again, which costs more than the reading, so that time would
    not be linear; nothing that is made here is garbage.
    """

    @wraps(normalize)
    def calmly(payload: Json) -> Batch:
        if not gc.isenabled():
            return normalize(payload)
        gc.disable()
        try:
            return normalize(payload)
        finally:
            gc.enable()

    return calmly


class Part:
    """One object of a payload; `at` is where it stands and `left` what has not been read yet."""

    __slots__ = ("at", "left", "value")

    def __init__(self, value: Json, at: Place = ()) -> None:
        if not isinstance(value, dict):
            raise refusal(at, "an object", value)
        self.value, self.at, self.left = value, at, dict(value)

    def take(self, key: str, presence: Presence, expected: str) -> Json:
        """Take a key out; None for nothing. Refuses absence and null where `presence` does."""
        value = self.left.pop(key, _ABSENT)
        if value is _ABSENT:
            if presence == "optional":
                return None
            raise self.refusal(key, expected, _ABSENT)
        if value is None and presence == "required":
            raise self.refusal(key, expected, None)
        return value

    def keep(self, *keys: str) -> None:
        """Put keys back, word for word, because the model could not hold them."""
        for key in keys:
            if key in self.value:
                self.left[key] = self.value[key]

    def refusal(self, key: str, expected: str, found: Json) -> NormalizationError:
        """Say that the value of a key is not what it must be."""
        return refusal((*self.at, key), expected, found)

    def text(self, key: str, presence: Presence = "optional") -> str | None:
        """Read a string."""
        value = self.left.get(key)
        if type(value) is str:  # the way of nearly all strings, and of most of the time
            del self.left[key]
            return value
        value = self.take(key, presence, "a string")
        if value is None or isinstance(value, str):
            return value
        raise self.refusal(key, "a string", value)

    def word(self, key: str) -> str:
        """Read a string that must be there."""
        return self.text(key, "required") or ""

    def flag(self, key: str) -> bool:
        """Read a boolean that must be there."""
        value = self.take(key, "required", "a boolean")
        if isinstance(value, bool):
            return value
        raise self.refusal(key, "a boolean", value)

    def count(self, key: str, presence: Presence = "optional", *, whole: bool = True) -> int | None:
        """Read how many: 1.0 is 1; a negative count is unknown and kept; so is a fraction, unless `whole`."""
        value = self.number(key, presence, "an integer" if whole else "a number")
        if value is None:
            return None
        if isinstance(value, float) and not value.is_integer():
            if whole:
                raise self.refusal(key, "an integer", value)
        elif value >= 0:
            return int(value)
        self.keep(key)
        return None

    def number(
        self, key: str, presence: Presence = "optional", expected: str = "a number"
    ) -> int | float | None:
        """Read a finite number; a boolean is none."""
        value = self.take(key, presence, expected)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not _finite(value):
            raise self.refusal(key, expected, value)
        return value

    def share(self, key: str, of: int, presence: Presence = "optional") -> float | None:
        """Read progress on a scale of 0 to `of` as 0..1; what is off the scale is unknown and kept."""
        value = self.number(key, presence)
        if value is None or 0 <= value <= of:
            return None if value is None else value / of + 0.0
        self.keep(key)
        return None

    def time(self, key: str, presence: Presence = "optional", *, dated: bool = False) -> datetime | None:
        """Read an instant; what no datetime holds exactly is kept as well.

        `dated` says that the vendor promises the format date-time, so that any other text is refused;
        without that promise, any other text is unknown.
        """
        text = self.text(key, presence)
        if text is None:
            return None
        found = instant(text)
        if found is None:
            if dated:
                raise self.refusal(key, "an RFC 3339 date-time", text)
            self.keep(key)
            return None
        if not found.exact:
            self.keep(key)
        return found.moment

    def given(self, key: str, presence: Presence = "optional") -> Part | None:
        """Read an object; None for nothing."""
        value = self.take(key, presence, "an object")
        return None if value is None else Part(value, (*self.at, key))

    def part(self, key: str, presence: Presence = "optional") -> Part:
        """Read an object; an empty part for nothing."""
        return self.given(key, presence) or Part({}, (*self.at, key))

    def values(self, key: str, presence: Presence = "optional") -> list[Json] | None:
        """Read a list as it is."""
        value = self.take(key, presence, "a list")
        if value is None or isinstance(value, list):
            return value
        raise self.refusal(key, "a list", value)

    def parts(self, key: str, presence: Presence = "optional") -> list[Part] | None:
        """Read a list of objects."""
        values = self.values(key, presence)
        if values is None:
            return None
        at = (*self.at, key)
        return [Part(value, (*at, index)) for index, value in enumerate(values)]

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of strings; () where nothing is given."""
        values = self.values(key) or []
        for index, value in enumerate(values):
            if not isinstance(value, str):
                raise refusal((*self.at, key, index), "a string", value)
        return tuple(values)

    def rest(self, found: dict[str, Json], base: int) -> None:
        """Add what nobody read to `found`, by pointer text from the `base`-th level of this place on."""
        prefix = str(Pointer(self.at[base:])) if len(self.at) > base else ""
        for key, value in self.left.items():
            place = prefix + _key(key, self.at)
            found[place] = value if type(value) in _ATOMS else copied(value, (*self.at, key))


def _key(key: Json, at: Place) -> str:
    if not isinstance(key, str):
        raise refusal(at, "string keys", key)
    return f"/{key.replace('~', '~0').replace('/', '~1')}" if "~" in key or "/" in key else f"/{key}"


def extra(*parts: Part | None, base: int = 0) -> dict[str, Json]:
    """Give what nobody read in these parts of one payload."""
    found: dict[str, Json] = {}
    for part in parts:
        if part is not None and part.left:
            part.rest(found, base)
    return found


def refusal(at: Place, expected: str, found: Json) -> NormalizationError:
    """Say that a place does not hold what it must."""
    return NormalizationError(safe_text(str(Pointer(at)), 200), expected, _shown(found))


def _shown(found: Json) -> str:
    if found is _ABSENT:
        return "nothing"
    if found is None or isinstance(found, (str, bool, int, float, list, dict)):
        return show(found)
    return f"a Python {type(found).__name__}"


def _finite(value: float) -> bool:
    return math.isfinite(value) if isinstance(value, float) else value.bit_length() <= MAX_BITS


def copied(value: Json, at: Place) -> Json:
    """Copy a JSON value, so that a batch does not change with the payload it was read from."""
    if type(value) in _ATOMS:
        return value
    try:
        return _copy(value, MAX_DEPTH - len(at))
    except _NotJsonError:
        raise _located(value, at) from None


_ATOMS: Final = frozenset({str, bool, type(None)})


class _NotJsonError(Exception):
    """Something in a value is not JSON; where is only worked out then, since paths cost more than copies."""


def _copy(value: Json, depth: int) -> Json:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is dict and depth > 0:
        for key in value:
            if type(key) is not str:
                raise _NotJsonError
        return {key: item if type(item) in _ATOMS else _copy(item, depth - 1) for key, item in value.items()}
    if kind is list and depth > 0:
        return [item if type(item) in _ATOMS else _copy(item, depth - 1) for item in value]
    if (kind is int or kind is float) and _finite(value):
        return value
    raise _NotJsonError


def _located(value: Json, at: Place) -> NormalizationError:
    """Find what is not JSON in a value, and say so with its place."""
    stack: list[tuple[Place, Json]] = [(at, value)]
    while stack:
        place, item = stack.pop()
        if len(place) >= MAX_DEPTH and isinstance(item, (dict, list)):
            return refusal(place[:8], f"at most {MAX_DEPTH} levels", item)
        if type(item) is dict:
            if any(type(key) is not str for key in item):
                return refusal(place, "string keys", item)
            stack.extend(((*place, key), inner) for key, inner in item.items())
        elif type(item) is list:
            stack.extend(((*place, index), inner) for index, inner in enumerate(item))
        elif type(item) not in _ATOMS and not (type(item) in (int, float) and _finite(item)):
            return refusal(place, "a JSON value", item)
    return refusal(at, "a JSON value", value)
