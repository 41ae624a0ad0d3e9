"""A value inside a file being read, with the words to refuse it: file, place, what was wanted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NoReturn

from contracts.errors import CassetteError
from contracts.model import Json, Pointer
from contracts.text import safe_text, show


@dataclass(frozen=True, slots=True)
class Place:
    """A value, the file it is in and its pointer there; every check raises CassetteError with both."""

    file: str
    pointer: str
    value: Json

    def fail(self, problem: str) -> NoReturn:
        """Refuse what is here, in one sentence."""
        where = f" at {safe_text(self.pointer, 80)}" if self.pointer else ""
        raise CassetteError(f"{safe_text(self.file)}{where}: {problem}")

    def __getitem__(self, key: str) -> Place:
        """Descend; a member that is not there has the value None."""
        return Place(self.file, self.pointer + str(Pointer((key,))), self.value.get(key))

    def __contains__(self, key: str) -> bool:
        """Whether the object has this member."""
        return key in self.value

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def names(self) -> tuple[str, ...]:
        """Give the keys of the object in the order written."""
        return tuple(self.value)

    def keys(self, known: Collection[str] = (), optional: Collection[str] | None = ()) -> None:
        """Require an object with these keys; `optional=None` allows any."""
        if not isinstance(self.value, dict):
            self.fail(f"expected an object, found {show(self.value)}")
        if optional is None:
            return
        for key in self.value:
            if key not in known:
                self[key].fail("no such key in this format")
        for key in known:
            if key not in self.value and key not in optional:
                self[key].fail("missing")

    def items(self) -> tuple[Place, ...]:
        """Require a list and give its elements."""
        if not isinstance(self.value, list):
            self.fail(f"expected a list, found {show(self.value)}")
        return tuple(Place(self.file, f"{self.pointer}/{i}", item) for i, item in enumerate(self.value))

    def text(self) -> str:
        """Require a string."""
        if not isinstance(self.value, str):
            self.fail(f"expected text, found {show(self.value)}")
        return self.value

    def match(self, pattern: re.Pattern[str], wanted: str) -> str:
        """Require a string of this form."""
        if not pattern.match(self.text()):
            self.fail(f"expected {wanted}, found {show(self.value)}")
        return self.text()

    def one_of(self, *allowed: str) -> str:
        """Require one of a few words."""
        if self.value not in allowed:
            self.fail(f"expected {' or '.join(allowed)}, found {show(self.value)}")
        return str(self.value)

    def integer(self, low: int, high: int) -> int:
        """Require an integer within bounds, both allowed."""
        if type(self.value) is not int or not low <= self.value <= high:
            self.fail(f"expected an integer from {low} to {high}, found {show(self.value)}")
        return self.value
