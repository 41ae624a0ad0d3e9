"""What a consumer says of an optional field that is left out: nothing, or something that it fabricates.

A known value that stands where the field's own value stood, and is the same whatever the rest of the payload
says, is fabricated. What the document names as the default is not, nor is what stands elsewhere in the
payload.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.consumers.consumer import Consumer, Manner, Meeting, meet
from contracts.consumers.equations import number
from contracts.consumers.laws.respell import in_utc
from contracts.consumers.places import GONE, differences, places_of, put
from contracts.consumers.sources import Answers
from contracts.model import Json, Pointer

TRIES: Final = 6
LEAST: Final = 3
"""In how many payloads, of those tried, a made-up value must show before it counts as one."""

Answered = Sequence[tuple[Json, Meeting]]


@dataclass(frozen=True, slots=True)
class Invention:
    """At `where` of the answer stands `value` when the optional at `place` is absent (`gap` GONE) or null."""

    place: str
    where: str
    value: Json
    gap: Json

    @property
    def words(self) -> str:
        """Say what was done to the field."""
        return "is left out" if self.gap is GONE else "is null"


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says of a field in one payload, and what it says without it."""

    where: str
    old: Json
    new: Json


def invented(
    consumer: Consumer, answered: Answered, valid: Callable[[Json], bool], found: Answers
) -> Iterator[Invention]:
    """Yield what a consumer fabricates for the optional fields of a few payloads each."""
    defaults = frozenset(_defaults(found.plan.subject.document))
    for place, wheres in sorted(_optionals(answered, valid).items()):
        for gap in (GONE, None):
            said: dict[str, list[Said]] = {}
            for payload, met, at in wheres[:TRIES]:
                for one in said_without(consumer, payload, met, at, gap, valid):
                    if "*" in place and "*" not in one.where and number(one.new) and one.new == 0:
                        continue  # the sum of what the items give, where none gives anything
                    said.setdefault(one.where, []).append(one)
            for where, listed in sorted(said.items()):
                if _made_up(listed) and (place.rpartition("/")[2], repr(listed[0].new)) not in defaults:
                    yield Invention(place, where, listed[0].new, gap)


def _made_up(listed: list[Said]) -> bool:
    olds, news = (
        {repr(value) for value in values} for values in zip(*((s.old, s.new) for s in listed), strict=True)
    )
    return len(listed) >= LEAST and len(news) == 1 and (len(olds) > 1 or isinstance(listed[0].old, bool))


def _optionals(
    answered: Answered, valid: Callable[[Json], bool]
) -> dict[str, list[tuple[Json, Meeting, Pointer]]]:
    """Give the places that the answer repeats, and that may be left out or null, each in a few payloads."""
    found: dict[str, list[tuple[Json, Meeting, Pointer]]] = {}
    seen: set[tuple[str, str]] = set()
    needed = Counter[str]()
    for payload, met in answered:
        said = {_plain(leaf) for _, leaf in places_of(met.view) if _scalar(leaf)}
        for at, value in places_of(payload):
            key = (at.wildcard, repr(value))
            if not at or not isinstance(at[-1], str) or not _scalar(value) or key in seen:
                continue
            if _plain(value) not in said or needed[key[0]] >= LEAST or len(found.get(key[0], ())) == TRIES:
                continue
            seen.add(key)
            if _may_lack(payload, at, valid):
                found.setdefault(key[0], []).append((payload, met, at))
            else:
                needed[key[0]] += 1
    return found


def _may_lack(payload: Json, at: Pointer, valid: Callable[[Json], bool]) -> bool:
    return valid(put(payload, at, GONE)) or valid(put(payload, at, None))


def said_without(
    consumer: Consumer, payload: Json, met: Meeting, at: Pointer, gap: Json, valid: Callable[[Json], bool]
) -> Iterator[Said]:
    """Yield where the answer repeats a field, and says something else without it that nothing supports."""
    value, other = at.resolve(payload), put(payload, at, gap)
    if not valid(other):
        return
    again = meet(consumer, other)
    if again.manner is not Manner.ANSWERED:
        return
    left = {_plain(item) for _, item in places_of(other) if _scalar(item)}
    for where, old, new in differences(met.view, again.view):
        if _plain(old) == _plain(value) and _known(consumer, new) and _plain(new) not in left:
            yield Said(where.wildcard, old, new)


def _known(consumer: Consumer, value: Json) -> bool:
    if value is GONE or value is None or value in ("", [], {}):
        return False
    return not (isinstance(value, str) and value.casefold() in {word.casefold() for word in consumer.unknown})


def _scalar(value: Json) -> bool:
    return value is not None and not isinstance(value, (dict, list))


def _plain(value: Json) -> str:
    return repr(
        float(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
        else in_utc(value)
    )


def _defaults(document: Json) -> Iterable[tuple[str, str]]:
    """Yield (name, default) of every property of a document that names one."""
    for at, value in places_of(document):
        if isinstance(value, dict) and "default" in value and len(at) > 1 and at[-2] == "properties":
            yield str(at[-1]), repr(value["default"])
