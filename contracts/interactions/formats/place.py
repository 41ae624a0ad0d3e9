"""A value inside a file being read, with the words to refuse it: file, place, what was wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NoReturn

from contracts.errors import CassetteError
from contracts.model import Headers, Json, Pointer
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


def headers_of(place: Place | None) -> Headers:
    """Read headers in any form: an object or its text, pairs, `{name, value}`, lines, or alternating texts.

    Names of HTTP/2 pseudo headers are left out; a value that is no text is, too.
    """
    if place is None:
        return ()
    value = place.value
    if isinstance(value, str):
        value = _object(value) or value.splitlines()
    if isinstance(value, list) and len(value) % 2 == 0 and _by_turns(value):
        value = list(zip(value[::2], value[1::2], strict=True))
    if not isinstance(value, dict | list):
        place.fail(f"expected headers, found {show(value)}")
    found = (pair for item in (value.items() if isinstance(value, dict) else value) for pair in _pairs(item))
    return tuple((name, text) for name, text in found if name and not name.startswith(":"))


def _object(text: str) -> dict[str, Json] | None:
    """Read headers that were written as the text of an object of JSON."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _by_turns(items: list[Json]) -> bool:
    return all(isinstance(one, str) for one in items) and not any(":" in one for one in items[::2])


def _pairs(item: Json) -> Iterator[tuple[str, str]]:
    if isinstance(item, dict):
        name = next((item[key] for key in ("name", "key", "Name", "Key") if key in item), None)
        item = (name, next((item[key] for key in ("value", "values", "Value") if key in item), None))
    if isinstance(item, str):
        name, _, value = item.partition(":")
        item = (name.strip(), value.strip())
    if not isinstance(item, list | tuple) or len(item) != 2:
        return
    name = _word(item[0])
    if isinstance(item[1], dict):  # a matcher of WireMock: {"equalTo": "text"}
        item = (name, next(iter(item[1].values()), None))
    for one in item[1] if isinstance(item[1], list) else (item[1],):
        text = _word(one)
        if name is not None and text is not None:
            yield name, text


def _word(value: Json) -> str | None:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)
