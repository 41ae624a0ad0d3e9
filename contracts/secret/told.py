"""Keys that stand in the environment: nothing that leaves may say them, whichever door it leaves by.

A manifest names the variables that may hold a key; their values are looked up when something is said.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.secret.known import Known

_KEY = 12
_variables: set[str] = set()


def never_show(variables: Iterable[str]) -> None:
    """Remember variables of the environment whose values must not be said by this process."""
    _variables.update(variables)


def told() -> Known | None:
    """Give the values of these variables as they are now, compiled; None when none is set."""
    if not _variables:
        return None
    values = {value.strip() for name in _variables if (value := os.environ.get(name))}
    return _compiled(tuple(sorted(filter(None, values)))) if values else None


@lru_cache(maxsize=2)
def _compiled(values: tuple[str, ...]) -> Known:
    from contracts.secret.known import Known  # late: a run without a key needs none of it

    return Known.of_keys(values)


def held_in(text: str) -> str:
    """Name a variable whose value stands in a text, in any spelling; else "".

    Values that are plain words or short are none: documents print such examples.
    """
    from contracts.secret.known import Known, plain_words
    from contracts.secret.packed import holds

    given = {name: os.environ.get(name, "").strip() for name in sorted(_variables)}
    keys = {name: value for name, value in given.items() if len(value) >= _KEY and not plain_words(value)}
    if not keys or not holds(text, Known.of(keys.values())):
        return ""
    return next(name for name, value in keys.items() if holds(text, Known.of([value])))


def hide(text: str, by: str) -> str:
    """Replace what a text says of these values in any spelling; the same text when that is nothing."""
    known = told() if len(text) >= 4 else None
    if known is None or not known.filled:
        return text
    from contracts.secret.packed import PACKED, holds

    shown = text
    for start, end in reversed(list(known.spans(text))):
        shown = shown[:start] + by + shown[end:]
    shown = by if known.within(shown) else shown
    return PACKED.sub(lambda m: by if holds(m[0], known) else m[0], shown)
