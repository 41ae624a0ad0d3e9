"""Reading a payload key by key: every refusal names its place, and what nobody read is kept.

A `Part` is one object of the payload. Reading a key takes it out; what is left at the end is `extra`. The
whole failure policy of the normalizers is here: a wrong type or a missing required key is refused, a value of
the right type that the model cannot hold (half an item, a time without zone) is unknown and stays in `extra`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Literal, TypeAlias, TypeVar

from contracts.batch import Batch
from contracts.decode import uncollected
from contracts.errors import NormalizationError
from contracts.instant import instant
from contracts.model import Json, Pointer
from contracts.providers.keeping import ABSENT, HIGH, LOW, Place, kept, refusal

Presence: TypeAlias = Literal["required", "nullable", "optional"]
"""`required`: there, not null; `nullable`: there, or null; `optional`: absent and null are both nothing."""

_T = TypeVar("_T")


def calm(normalize: Callable[[Json], Batch]) -> Callable[[Json], Batch]:
    """Let the garbage collector rest while a payload is read, so that time is linear in its items."""

    @wraps(normalize)
    def calmly(payload: Json) -> Batch:
        with uncollected():
            return normalize(payload)

    return calmly


class Part:
    """One object of a payload; `at` is where it stands and `left` what has not been read yet.

    `tokens` are the keys as pointers write them, shared by all parts of a payload since items repeat them.
    """

    __slots__ = ("at", "left", "tokens", "value")

    def __init__(self, value: Json, at: Place = (), tokens: dict[str, str] | None = None) -> None:
        if not isinstance(value, dict):
            raise refusal(at, "an object", value)
        self.value, self.at, self.left = value, at, value.copy()
        self.tokens = {} if tokens is None else tokens

    def take(self, key: str, presence: Presence, expected: str) -> Json:
        """Take a key out; None for nothing. Refuses absence and null where `presence` does."""
        value = self.left.pop(key, None)
        if value is None and presence != "optional":
            self._need(key, presence, expected)
        return value

    def _need(self, key: str, presence: Presence, expected: str) -> None:
        if presence == "required" or key not in self.value:
            raise self.refusal(key, expected, self.value.get(key, ABSENT))

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
        value = self.left.pop(key, None)
        if isinstance(value, str):
            return value
        if value is not None:
            raise self.refusal(key, "a string", value)
        if presence != "optional":
            self._need(key, presence, "a string")
        return None

    def word(self, key: str) -> str:
        """Read a string that must be there."""
        value = self.left.pop(key, None)
        if isinstance(value, str):
            return value
        raise self.refusal(key, "a string", self.value.get(key, ABSENT))

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
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not LOW < value < HIGH:
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
        return None if value is None else Part(value, (*self.at, key), self.tokens)

    def part(self, key: str, presence: Presence = "optional") -> Part:
        """Read an object; an empty part for nothing."""
        return self.given(key, presence) or Part({}, (*self.at, key), self.tokens)

    def values(self, key: str, presence: Presence = "optional", *, left: bool = False) -> list[Json] | None:
        """Read a list as it is; `left` leaves it in its place, where nothing of it is lost."""
        value = self.left.get(key) if left else self.left.pop(key, None)
        if isinstance(value, list):
            return value
        if value is not None:
            raise self.refusal(key, "a list", value)
        if presence != "optional":
            self._need(key, presence, "a list")
        return None

    def parts(self, key: str, presence: Presence = "optional") -> list[Part] | None:
        """Read a list of objects."""
        values = self.values(key, presence)
        if values is None:
            return None
        at = (*self.at, key)
        return [Part(value, (*at, index), self.tokens) for index, value in enumerate(values)]

    def each(
        self, key: str, read: Callable[[Part], _T], presence: Presence = "optional"
    ) -> tuple[_T, ...] | None:
        """Read a list of objects one by one; what an empty object reads as is made once, and shared."""
        values = self.values(key, presence)
        if values is None:
            return None
        at = (*self.at, key)
        found: list[_T] = []
        blank: _T | None = None
        for index, value in enumerate(values):
            if value or blank is None or value != {}:
                found.append(read(Part(value, (*at, index), self.tokens)))
                blank = blank if value else found[-1]
            else:
                found.append(blank)
        return tuple(found)

    def texts(self, key: str, presence: Presence = "optional") -> tuple[str, ...] | None:
        """Read a list of strings."""
        values = self.values(key, presence)
        for index, value in enumerate(values or ()):
            if not isinstance(value, str):
                raise refusal((*self.at, key, index), "a string", value)
        return None if values is None else tuple(values)


def extra(whole: Part, *inner: Part | None) -> dict[str, Json]:
    """Give what nobody read in an object and in these parts of it, by pointer text from the object on."""
    found = kept(whole.left, whole.at, "", whole.tokens) if whole.left else {}
    for part in inner:
        if part is not None and part.left:
            prefix = str(Pointer(part.at[len(whole.at) :]))
            found |= kept(part.left, part.at, prefix, part.tokens)
    return found
