"""Which texts of real traffic are words of the API, and which are somebody's: only the first are kept.

A text is a word of the API when the spec prints it, or when it has the shape of one, stands at no place whose
name is a secret's or a person's, and is one of few over many answers (`few`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from contracts.model import Json, Pointer
from contracts.secret import mask, secret_name

MANY: Final = 10
"""So many answers, at least, tell a word of the API from a value that a few of them happen to hold."""

_WORD: Final = re.compile(r"(?=.{1,40}\Z)[A-Za-z][A-Za-z0-9]*(?:[_.:/+-][A-Za-z0-9]+)*\Z")
_NAME: Final = re.compile(r"(?=.{1,80}\Z)[A-Za-z_$@][\w.$@:/+-]*\Z")
_ID: Final = re.compile(
    r"(?=.*\d)[0-9a-fA-F-]{8,}\Z|\d{3,}\Z|(?=(?:.*\d){4})[A-Za-z0-9_-]{12,}\Z|(?:.*\d){6}|.*[@%].*"
)
_LONG, _MANY_PARTS, _SHORTEST = 16, 5, 3
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PERSONAL = re.compile(
    r"(?:names?|(?:first|last|full|sur|nick|user)name|users?|login|person|people|patient|customer|client|contact"
    r"|employee|author|owner|recipient|sender|member|guest|holder|beneficiary|e?mails?|phone|mobile|telephone|fax"
    r"|address|street|city|town|zip|postal|postcode|birth(?:day|date)?|dob|age|gender|sex|religion|ethnicity"
    r"|nationality|orientation|marital|ssn|nif|nie|dni|cif|tax(?:id)?|vat|iban|bic|swift|account|card|pan|passport"
    r"|licen[cs]e|plate|diagnos[ie]s|disease|illness|condition|medication|treatment|health|blood|allerg(?:y|ies)"
    r"|salary|income|wage|balance|signature|ip|latitude|longitude|lat|lon|lng|geo|location|pin)\Z"
)
"""Parts of names that promise somebody's data; below them, everything is somebody's."""

_FREE = re.compile(
    r"(?:comments?|notes?|text|message|description|title|subject|query|prompt|key|label|value)\Z"
)
"""Last parts of names that promise text that somebody wrote."""


@lru_cache(maxsize=4096)
def personal(place: str) -> bool:
    """Whether a name on the way to a place promises a secret, somebody's data or free text."""
    names = [name for name in place.split("/") if name not in {"", "*", "{}"}]
    parts = [[part.lower() for part in (name, *_PARTS.findall(name))] for name in names]
    return (
        any(map(secret_name, names))
        or any(_PERSONAL.match(part) for found in parts for part in found)
        or any(map(_FREE.match, parts[-1] if parts else ()))
    )


@lru_cache(maxsize=65536)
def plain_word(text: str) -> bool:
    """Whether a text has the shape of a word of an API: `in_progress`, `video/mp4`; no id, no secret."""
    return _WORD.match(text) is not None and not _ID.match(text) and mask(text) == text


@lru_cache(maxsize=65536)
def plain_name(text: str) -> bool:
    """Whether a key or a part of a path has the shape of a name of an API and not that of a thing's id."""
    known = _NAME.match(text) is not None and not _ID.match(text) and not _drawn(text)
    return known and mask(text) == text


def _drawn(text: str) -> bool:
    """Whether letters change their case as if they were drawn, as in an id of base 62 without a digit."""
    parts = _PARTS.findall(text) if text.isalpha() and len(text) >= _LONG else []
    return len(parts) >= _MANY_PARTS and len(text) < _SHORTEST * len(parts)


_TELLING: Final = re.compile(
    r"(?:status|state|stage|phase|kind|type|mode|level|format|object|currency|unit|method|reason|role|priority|result)\Z"
)


def telling(place: str) -> bool:
    """Whether the last name on the way to a place promises words of an API: `status`, `job_type`."""
    last = next((name for name in reversed(place.split("/")) if name not in {"*", "{}"}), "")
    parts = _PARTS.findall(last)
    return bool(parts) and _TELLING.match(parts[-1].lower()) is not None


def few(words: Mapping[str, Json]) -> bool:
    """Whether the words of a place, each with its count first, are few over many answers."""
    total = sum(count for count, *_ in words.values())
    return bool(total >= MANY and total >= 4 * len(words))


def token(key: str, published: frozenset[str]) -> str:
    """Write a key as a pointer token; keys that are ids or texts of somebody share one token."""
    return str(Pointer((key,)))[1:] if key in published or plain_name(key) else "{}"
