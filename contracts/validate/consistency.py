"""Cross-field notes of a manifest: what two fields of one payload must have to do with each other.

Each note is a table in provider.toml with a written reason. Kinds: `counts` (parts against a total),
`order` (one instant not after another), `pairs` (a word that implies another), `range` (bounds that only
prose gives). A place may end in `#`, which means the length of the list there. A field that is missing or
null says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from contracts.errors import ConfigError, UnknownName
from contracts.model import Json, Pointer
from contracts.schema import Message, is_date_time
from contracts.spec import Note
from contracts.text import show
from contracts.validate.body import RawFault

Check = Callable[[Mapping[str, Any], Json], Iterator[tuple[Pointer, str]]]
_RULES: Final = {"counts": "counts", "order": "time-order", "pairs": "state-fields", "range": "counts"}


def check_notes(notes: tuple[Note, ...], value: Json, operation: str, status: str) -> Iterator[RawFault]:
    """Yield what breaks the notes of an operation and status (200 and every operation by default)."""
    for note in notes:
        if (
            note.settings.get("status", "200") == status
            and note.settings.get("operation", operation) == operation
        ):
            for place, message in _kind(note)(note.settings, value):
                yield RawFault(
                    _RULES[note.kind], place, None, Message(f"{message}: {note.reason}", note.reason, "")
                )


def _kind(note: Note) -> Check:
    if note.kind not in _CHECKS:
        raise UnknownName("kind of note", note.kind, _CHECKS)
    return _CHECKS[note.kind]


def _text(settings: Mapping[str, Any], key: str) -> str:
    value = settings.get(key)
    if not isinstance(value, str):
        raise ConfigError(f"provider.toml: a note needs {key}, a pointer in text")
    return value


def _find(value: Json, place: str) -> Json:
    """Look a place up; None where there is nothing."""
    for token in Pointer.parse(place.removesuffix("#")):
        if isinstance(value, dict):
            value = value.get(str(token))
        elif isinstance(value, list) and str(token).isdigit() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    if place.endswith("#"):
        return len(value) if isinstance(value, list) else None
    return value


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _counts(settings: Mapping[str, Any], value: Json) -> Iterator[tuple[Pointer, str]]:
    total, places = _find(value, _text(settings, "total")), settings.get("parts", [])
    parts = [_find(value, str(place)) for place in places]
    if not _number(total) or not parts or not all(map(_number, parts)):
        return
    exact = settings.get("relation", "at-most") == "equal"
    if sum(parts) > total or (exact and sum(parts) != total):
        sign = "is not" if exact else "is more than"
        yield (
            Pointer.parse(_text(settings, "total").removesuffix("#")),
            f"{show(sum(parts))} {sign} {show(total)}",
        )


def _order(settings: Mapping[str, Any], value: Json) -> Iterator[tuple[Pointer, str]]:
    first, last = (_instant(_find(value, _text(settings, key))) for key in ("before", "after"))
    if first and last and last < first:
        yield Pointer.parse(_text(settings, "after")), f"is before {_text(settings, 'before')}"


def _instant(text: Json) -> datetime | None:
    if not isinstance(text, str) or not is_date_time(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None  # a leap second or the year 0: legal, but nothing Python can order


def _pairs(settings: Mapping[str, Any], value: Json) -> Iterator[tuple[Pointer, str]]:
    word, other = _find(value, _text(settings, "when")), _find(value, _text(settings, "then"))
    implied = settings.get("pairs", {}).get(word) if isinstance(word, str) else None
    if implied is not None and other is not None and other != implied:
        yield (
            Pointer.parse(_text(settings, "then")),
            f"{show(other)} beside {show(word)}, which goes with {show(implied)}",
        )


def _range(settings: Mapping[str, Any], value: Json) -> Iterator[tuple[Pointer, str]]:
    number = _find(value, _text(settings, "field"))
    low, high = settings.get("minimum"), settings.get("maximum")
    if _number(number) and ((low is not None and number < low) or (high is not None and number > high)):
        yield (
            Pointer.parse(_text(settings, "field")),
            f"{show(number)} is not within {show(low)} and {show(high)}",
        )


_CHECKS: Final[Mapping[str, Check]] = {"counts": _counts, "order": _order, "pairs": _pairs, "range": _range}
