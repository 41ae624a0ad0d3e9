"""A value cut out of JSON text as it was written, where reading it would change it."""

from __future__ import annotations

import json
import re
from typing import Final

from contracts.model import Pointer

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_ODD: Final = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


def cut_out(text: str, at: Pointer) -> str:
    """Give the text of the value at a place; of a key that comes twice the last counts.

    `text` is JSON that was decoded before; ValueError or RecursionError when it is none.
    """
    start, end = _span(text, 0)
    for token in at:
        start, end = _member(text, start, str(token))
    return text[start:end]


def _span(text: str, start: int) -> tuple[int, int]:
    start = _skip(text, start)
    return start, _ODD.raw_decode(text, start)[1]


def _skip(text: str, start: int) -> int:
    blank = _BLANK.match(text, start)
    return blank.end() if blank else start


def _member(text: str, start: int, token: str) -> tuple[int, int]:
    """Find a member of the object, or an element of the list, that starts here."""
    found, index, listed = (start, start), 0, text[start] == "["
    at = _skip(text, start + 1)
    while text[at] not in "]}":
        key: str = str(index)
        if not listed:
            key, at = _ODD.raw_decode(text, at)
            at = _skip(text, at) + 1  # the colon
        span = _span(text, at)
        found = span if key == token else found
        at, index = _skip(text, span[1]), index + 1
        at = _skip(text, at + 1) if text[at] == "," else at
    return found
