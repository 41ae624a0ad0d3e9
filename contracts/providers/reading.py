"""Reading a payload key by key: every refusal names its place, and what nobody read is kept.

A `Part` is one object of the payload. Reading a key takes it out; what is left at the end is `extra`. The
whole failure policy of the normalizers is here: a wrong type or a missing required key is refused, a value of
the right type that the model cannot hold (half an item, a time without zone) is unknown and stays in `extra`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal, TypeAlias

from contracts.errors import NormalizationError
from contracts.model import Json, Pointer
from contracts.providers.instant import instant
from contracts.text import safe_text, show

Presence: TypeAlias = Literal["required", "nullable", "optional"]
"""`required`: there, not null; `nullable`: there, or null; `optional`: absent and null are both nothing."""

MAX_DEPTH: Final = 256
"""Levels of nesting that a payload may have; the limit of the strict decoder."""
MAX_BITS: Final = 14_284
"""Bits of the largest integer that Python writes as decimal text (4,300 digits)."""

_ABSENT: Final = object()


class Part:
    """One object of a payload; `at` is where it stands and `left` what has not been read yet."""

    __slots__ = ("at", "left", "value")

    def __init__(self, value: Json, at: tuple[str | int, ...] = ()) -> None:
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
        self.left.update((key, self.value[key]) for key in keys if key in self.value)

    def refusal(self, key: str, expected: str, found: Json) -> NormalizationError:
        """Say that the value of a key is not what it must be."""
        return refusal((*self.at, key), expected, found)

    def text(self, key: str, presence: Presence = "optional") -> str | None:
        """Read a string."""
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

    def rest(self, base: int = 0) -> Iterator[tuple[str, Json]]:
        """Yield what nobody read, by pointer text, from the `base`-th level of this part's place on."""
        if self.left:
            prefix = str(Pointer(self.at[base:]))
            for key, value in self.left.items():
                yield prefix + _key(key, self.at), copied(value, (*self.at, key))


def _key(key: Json, at: tuple[str | int, ...]) -> str:
    if not isinstance(key, str):
        raise refusal(at, "string keys", key)
    return "/" + (key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key)


def extra(*parts: Part | None, base: int = 0) -> dict[str, Json]:
    """Give what nobody read in these parts of one payload."""
    return {place: value for part in parts if part for place, value in part.rest(base)}


def refusal(at: tuple[str | int, ...], expected: str, found: Json) -> NormalizationError:
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


def copied(value: Json, at: tuple[str | int, ...]) -> Json:
    """Copy a JSON value, so that a batch does not change with the payload it was read from."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)):
        if _finite(value):
            return value
        raise refusal(at, "a JSON number", value)
    if len(at) > MAX_DEPTH:
        raise refusal(at[:8], f"at most {MAX_DEPTH} levels", value)
    if isinstance(value, dict):
        return {_named(key, at): copied(item, (*at, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item, (*at, index)) for index, item in enumerate(value)]
    raise refusal(at, "a JSON value", value)


def _named(key: Json, at: tuple[str | int, ...]) -> str:
    if isinstance(key, str):
        return key
    raise refusal(at, "string keys", key)
