"""From the counts of fields to a JSON Schema: only what the traffic bears out, each fact with its evidence.

`x-provenance` maps a keyword to `observed: n of m`; once it was so in `SURE` values on `DAYS` days without
exception, to `confirmed: n of m`. That something never was (absent, null, a fraction) is said from `ENOUGH`
values on, that a text is one of a list only where every word came more than once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.model import Json, Pointer
from contracts.vendoring.observed.collect import OTHER_URI
from contracts.vendoring.observed.merge import UNDATED, totals
from contracts.vendoring.observed.words import few
from contracts.vendoring.pages import PROVENANCE

ENOUGH: Final = 5
SURE: Final = 200
DAYS: Final = 3
MANY_KEYS: Final = 12
"""So many members of one type, none of them always there, are a map from somebody's words to values."""

MANY_TYPES: Final = 2
_SELDOM: Final = 50
_NAMED: Final = frozenset({"date-time", "date", "uuid", "uri", "email"})
_TYPES: Final = ("object", "array", "string", "integer", "number", "boolean", "null")


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a payload: what was counted of it, over all days."""

    pointer: str
    found: int
    types: Mapping[str, int]
    formats: Mapping[str, int]
    words: Mapping[str, Json]
    days: int

    def evidence(self, count: int, of: int) -> str:
        """Say how often something was so: the words of a mark."""
        sure = count == of >= SURE and self.days >= DAYS
        return f"{'confirmed' if sure else 'observed'}: {count} of {of}"


def place(pointer: str, counted: Json) -> Place:
    """Add the days of a field up."""
    days = counted["days"]
    return Place(
        pointer,
        sum(day["in"] for day in days.values()),
        _added(day["types"] for day in days.values()),
        _added(day["formats"] for day in days.values()),
        {} if counted["more_words"] else counted["words"],
        sum(day != UNDATED for day in days),
    )


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for key, count in one.items():
            total[key] = total.get(key, 0) + count
    return total


class Fields:
    """The fields of one payload, by pointer; `required` says whether members can be promised."""

    def __init__(self, counted: Mapping[str, Json], *, required: bool = True) -> None:
        self._counted, self._required = counted, required
        self._below: dict[str, list[str]] = {}
        for pointer in counted:
            if pointer:
                self._below.setdefault(pointer.rpartition("/")[0], []).append(pointer)

    def schema(self, pointer: str = "") -> dict[str, Json]:
        """Give the schema of a place and of all below it."""
        if pointer not in self._counted:
            return {}
        one = place(pointer, self._counted[pointer])
        if _many(one.types) > MANY_TYPES or self._too_seldom(pointer):
            return {}
        made, marks = _typed(one)
        if one.types.get("string"):
            _texts(one, made, marks)
        if one.types.get("array") and f"{pointer}/*" in self._counted:
            made["items"] = self.schema(f"{pointer}/*")
        if one.types.get("object"):
            self._members(one, made, marks)
        return {**made, PROVENANCE: marks} if marks else made

    def _too_seldom(self, pointer: str) -> bool:
        """Whether a member came so seldom, among so many objects, that its types are chance."""
        count, of = totals(self._counted, pointer)
        return count < ENOUGH and of >= _SELDOM

    def _members(self, one: Place, made: dict[str, Json], marks: dict[str, str]) -> None:
        below = [child for child in self._below.get(one.pointer, ()) if child != f"{one.pointer}/*"]
        objects = one.types["object"]
        counts = {child: totals(self._counted, child)[0] for child in below}
        many = [child for child in below if not child.endswith("/{}")]
        if _is_map(many, counts, objects) and len({_kinds(self._counted[child]) for child in many}) == 1:
            below = [child for child in below if child.endswith("/{}")] or many[:1]
            made["additionalProperties"] = self.schema(below[0])
            return
        loose = {child for child in many if self._is_loose(child)}
        loose |= {child for child in many if loose and counts[child] * 10 < objects}
        named = [child for child in many if child not in loose]
        if named:
            made["properties"] = {_key(child): self.schema(child) for child in sorted(named)}
        if len(named) < len(many):
            made["additionalProperties"] = {}
        always = sorted(_key(child) for child in named if counts[child] == objects)
        if always and self._required and objects >= ENOUGH:
            made["required"] = always
            marks["required"] = one.evidence(objects, objects)
        if f"{one.pointer}/{{}}" in below:
            made["additionalProperties"] = self.schema(f"{one.pointer}/{{}}")

    def _is_loose(self, pointer: str) -> bool:
        """Whether a member comes and goes, and changes its type: what a caller once sent, most likely."""
        count, of = totals(self._counted, pointer)
        kinds = _kinds(self._counted[pointer])
        return count < of and (_many(kinds) > 1 or (count * 10 < of >= _SELDOM and len(kinds) > 1))


def _many(kinds: Iterable[str]) -> int:
    """Count kinds of values, null apart; a whole number is a number."""
    return len({"number" if kind == "integer" else kind for kind in kinds} - {"null"})


def _is_map(children: list[str], counts: Mapping[str, int], objects: int) -> bool:
    return len(children) >= MANY_KEYS and all(
        counts[child] * 2 < objects or objects < 2 for child in children
    )


def _kinds(counted: Json) -> tuple[str, ...]:
    return tuple(sorted({kind for day in counted["days"].values() for kind in day["types"]}))


def _key(pointer: str) -> str:
    return str(Pointer.parse(f"/{pointer.rpartition('/')[2]}")[0])


def _typed(one: Place) -> tuple[dict[str, Json], dict[str, str]]:
    """Give the types of a place; null is left open, and a fraction, until there was none in enough values."""
    kinds = set(one.types)
    if kinds == {"null"}:
        return {}, {}
    counted = one.found - one.types.get("null", 0)
    if "number" in kinds or counted < ENOUGH:
        kinds = {"number" if kind == "integer" else kind for kind in kinds}
    if one.found < ENOUGH and one.pointer:
        kinds.add("null")
    listed = [kind for kind in _TYPES if kind in kinds]
    made = {"type": listed[0] if len(listed) == 1 else listed}
    return made, {"type": one.evidence(one.found, one.found)}


def _texts(one: Place, made: dict[str, Json], marks: dict[str, str]) -> None:
    """Say the format that all texts had, or the few words that they were."""
    texts = one.types["string"]
    formats = dict(one.formats)
    if formats.get("uri", 0) * 2 >= texts:  # most of them say where something is: so do the others
        formats["uri"] += formats.get(OTHER_URI, 0)
    for name, count in formats.items():
        if name in _NAMED and count == texts >= ENOUGH:
            made["format"] = name
            marks["format"] = one.evidence(count, texts)
    counts = [count for count, *_ in one.words.values()]
    only_texts = set(one.types) <= {"string", "null"}
    if counts and only_texts and sum(counts) == texts and few(one.words) and min(counts) > 1:
        words = sorted(one.words)
        made["enum"] = [*words, None] if "null" in made["type"] else words
        marks["enum"] = one.evidence(texts, texts)
