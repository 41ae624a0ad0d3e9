"""Cross-field notes of a manifest: what two fields of one payload must have to do with each other.

Each note is a table in provider.toml with a written reason. Kinds: `counts` (parts against a total),
`order` (one instant not after another), `pairs` (a word that implies another), `range` (bounds that only
prose gives). A place may end in `#`, which means the length of the list there. A field that is missing or
null says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from contracts.errors import ConfigError, UnknownName
from contracts.model import Json, Pointer
from contracts.schema import Message, is_date_time
from contracts.spec import Note
from contracts.text import show
from contracts.validate.body import RawFault

Said = tuple[tuple[Pointer, str], ...]
Ask = Callable[[Json], Said]
"""What is said of a body: places with a message, nothing where the note holds."""
_RULES: Final = {"counts": "counts", "order": "time-order", "pairs": "state-fields", "range": "counts"}


class Asked(NamedTuple):
    """A note with its places looked up once."""

    note: Note
    ask: Ask


def notes_of(notes: tuple[Note, ...], operation: str, status: str) -> tuple[Asked, ...]:
    """Give the notes of an operation and status (200 and every operation by default).

    ConfigError and UnknownName for a note that cannot be used.
    """
    return tuple(
        Asked(note, _kind(note)(note.settings))
        for note in notes
        if note.settings.get("status", "200") == status
        and note.settings.get("operation", operation) == operation
    )


def check_notes(notes: tuple[Asked, ...], value: Json) -> Iterator[RawFault]:
    """Yield what breaks notes in a body."""
    for note, ask in notes:
        for place, message in ask(value):
            words = Message(f"{message}: {note.reason}", note.reason, "")
            yield RawFault(_RULES[note.kind], place, None, words)


def consistent(notes: tuple[Asked, ...], value: Json) -> bool:
    """Whether a body breaks no note."""
    return not any(ask(value) for _, ask in notes)


def _kind(note: Note) -> Callable[[Mapping[str, Any]], Ask]:
    if note.kind not in _CHECKS:
        raise UnknownName("kind of note", note.kind, _CHECKS)
    return _CHECKS[note.kind]


def _text(settings: Mapping[str, Any], key: str) -> str:
    value = settings.get(key)
    if not isinstance(value, str):
        raise ConfigError(f"provider.toml: a note needs {key}, a pointer in text")
    return value


def _finder(place: str) -> Callable[[Json], Json]:
    """Give what looks a place up, None where there is nothing."""
    tokens, length = tuple(map(str, Pointer.parse(place.removesuffix("#")))), place.endswith("#")

    def find(value: Json) -> Json:
        for token in tokens:
            if isinstance(value, dict):
                value = value.get(token)
            elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
                value = value[int(token)]
            else:
                return None
        return (len(value) if isinstance(value, list) else None) if length else value

    return find


def _at(place: str) -> Pointer:
    return Pointer.parse(place.removesuffix("#"))


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _counts(settings: Mapping[str, Any]) -> Ask:
    place, exact = _text(settings, "total"), settings.get("relation", "at-most") == "equal"
    whole, finders = _finder(place), [_finder(str(part)) for part in settings.get("parts", [])]

    def ask(value: Json) -> Said:
        total, parts = whole(value), [find(value) for find in finders]
        if not parts or not _number(total) or not all(map(_number, parts)):
            return ()
        found = sum(parts)
        if found <= total and not (exact and found != total):
            return ()
        return ((_at(place), f"{show(found)} {'is not' if exact else 'is more than'} {show(total)}"),)

    return ask


def _order(settings: Mapping[str, Any]) -> Ask:
    before, after = _text(settings, "before"), _text(settings, "after")
    begin, end = _finder(before), _finder(after)

    def ask(value: Json) -> Said:
        texts = begin(value), end(value)
        if None in texts or texts[0] == texts[1]:
            return ()
        first, last = map(_instant, texts)
        return ((_at(after), f"is before {before}"),) if first and last and last < first else ()

    return ask


def _instant(text: Json) -> datetime | None:
    if not isinstance(text, str) or not is_date_time(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None  # a leap second or the year 0: legal, but nothing Python can order


def _pairs(settings: Mapping[str, Any]) -> Ask:
    when, then = _finder(_text(settings, "when")), _finder(_text(settings, "then"))
    pairs = settings.get("pairs", {})

    def ask(value: Json) -> Said:
        word, other = when(value), then(value)
        implied = pairs.get(word) if isinstance(word, str) else None
        if implied is None or other is None or other == implied:
            return ()
        said = f"{show(other)} beside {show(word)}, which goes with {show(implied)}"
        return ((_at(settings["then"]), said),)

    return ask


def _range(settings: Mapping[str, Any]) -> Ask:
    find = _finder(_text(settings, "field"))
    low, high = settings.get("minimum"), settings.get("maximum")

    def ask(value: Json) -> Said:
        number = find(value)
        within = not _number(number) or ((low is None or number >= low) and (high is None or number <= high))
        said = f"{show(number)} is not within {show(low)} and {show(high)}" if not within else ""
        return ((_at(settings["field"]), said),) if said else ()

    return ask


_CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any]], Ask]]] = {
    "counts": _counts, "order": _order, "pairs": _pairs, "range": _range,
}  # fmt: skip
