"""Traits of a value that set the payloads apart in which a reader does otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from contracts.consumers.equations import number
from contracts.instant import instant
from contracts.model import Json

TRAITS: Final[tuple[tuple[str, Callable[[Json], bool]], ...]] = (
    ("''", lambda value: value == "" and isinstance(value, str)),
    ("0", lambda value: number(value) and value == 0),
    ("false", lambda value: value is False),
    ("an empty list", lambda value: value == [] and isinstance(value, list)),
    ("a text with blanks around it", lambda value: isinstance(value, str) and value != value.strip()),
    (
        "an instant with a fraction of a second",
        lambda value: isinstance(value, str) and bool(re.search(r":\d\d\.\d", value)),
    ),
    (
        "an instant that is not in UTC",
        lambda value: (
            isinstance(value, str)
            and bool(re.search(r"T.*[+-]\d\d:\d\d$", value))
            and not value.endswith("00:00")
        ),
    ),
    ("an instant on a leap second", lambda value: isinstance(value, str) and ":60" in value),
    (
        "an instant with small letters",
        lambda value: (
            isinstance(value, str) and bool(re.search(r"\d(t|z)", value)) and instant(value) is not None
        ),
    ),
    ("a text beyond ASCII", lambda value: isinstance(value, str) and not value.isascii()),
    ("a number below 0", lambda value: number(value) and value < 0),
    ("a number with a fraction", lambda value: isinstance(value, float) and not value.is_integer()),
    ("a number above 2^31", lambda value: number(value) and abs(value) >= 2**31),
    ("a list of more than one item", lambda value: isinstance(value, list) and len(value) > 1),
    ("a list with a null item", lambda value: isinstance(value, list) and None in value),
    ("a list with two items of one id", lambda value: isinstance(value, list) and _twice(value)),
)
SWALLOWED: Final = frozenset({"''", "0", "false", "an empty list"})


def _twice(items: list[Json]) -> bool:
    ids = [
        str(value)
        for item in items
        if isinstance(item, dict)
        for key, value in item.items()
        if key.endswith("id")
    ]
    return len(ids) != len(set(ids))
