"""The same payload told in both versions of a document: what the vendor sent before, in the words of today.

A change of unit, scale, time base, word, name, type, envelope or paging says the same in another way. Where
the two schemas of a place tell which, a promised payload is told anew: a reader should make the same of both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeAlias

from contracts.consumers.contrasts import Pair, Sides, matching
from contracts.consumers.places import GONE, put, value_at
from contracts.generate import Plan, stand
from contracts.instant import instant
from contracts.model import Finding, Json, Pointer
from contracts.spec import resolve

TOLD: Final = 24
"""How many payloads of one finding are told anew."""
_ALTERNATIVES: Final = ("anyOf", "oneOf", "allOf")
_UNITS: Final = (
    ("share", 100.0, re.compile(r"percent|%|\b0(\.0)?\s*(-|–|to|\.\.+)\s*100\b", re.IGNORECASE)),
    ("share", 1.0, re.compile(r"\bratio\b|fraction|\b0(\.0)?\s*(-|–|to|\.\.+)\s*1(\.0)?\b", re.IGNORECASE)),
    ("time", 1e6, re.compile(r"microsecond|_us$", re.IGNORECASE)),
    ("time", 1e3, re.compile(r"millisecond|\bms\b|_ms$|_millis", re.IGNORECASE)),
    ("time", 1 / 60, re.compile(r"minute|_min(s|utes)?$", re.IGNORECASE)),
    ("time", 1 / 3600, re.compile(r"\bhours?\b|_hours?$", re.IGNORECASE)),
    ("time", 1.0, re.compile(r"second|_secs?$|_s$", re.IGNORECASE)),
)
"""How many of a unit make one of its kind, by the words that name it."""
_NEW_NAME: Final = re.compile(r"is now (?:called '([^']+)'|at (/\S+))")
_NEWEST: Final = re.compile(r"newest|latest|most recent|descending|reverse", re.IGNORECASE)
_OLDEST: Final = re.compile(r"oldest|earliest|ascending|chronological|in order of creation", re.IGNORECASE)
_TEXTS: Final = ("text", "message", "value", "name", "title", "id", "code")

Place: TypeAlias = tuple[str | int, ...]
"""The steps to a place, with `*` for each position of a list."""


@dataclass(frozen=True, slots=True)
class Retold(Pair):
    """A payload in both versions. `measure` says that a number is in another unit, and may not pass through.

    `order` says that only the order of a list is another one.
    """

    measure: bool = False
    order: bool = False


def retold(finding: Finding, sides: Sides) -> Iterator[Retold]:
    """Yield payloads that the base promises, with the payload of the revision that says the same."""
    pattern = tuple(Pointer.parse(finding.pointer))
    for count, one in enumerate(_told(finding, sides, pattern)):
        if count >= TOLD:
            return
        yield one


def _told(finding: Finding, sides: Sides, pattern: Place) -> Iterator[Retold]:
    moved = _NEW_NAME.match(finding.message)
    if finding.rule.startswith(("property-renamed", "required-property-renamed")) and moved and moved[1]:
        yield from _renamed(sides, pattern, moved[1])
    elif finding.rule in _ENVELOPE:
        yield from _enveloped(sides, pattern)
    else:
        yield from _converted(sides, pattern)


_ENVELOPE: Final = frozenset(
    (
        "property-moved",
        "required-property-moved",
        "required-property-removed",
        "required-property-added",
    )
)


def described(sides: Sides, pointer: str) -> bool:
    """Whether a schema of either document stands at a place of the answer."""
    pattern = tuple(Pointer.parse(pointer))
    return bool(_said(sides.base, pattern) or _said(sides.revision, pattern))


def _renamed(sides: Sides, pattern: Place, name: str) -> Iterator[Retold]:
    old, new = _said(sides.base, pattern), _said(sides.revision, (*pattern[:-1], name))
    factor = _factor(old, new, str(pattern[-1]), name)
    for payload in sides.old():
        other = payload
        for at in _given(payload, pattern):
            value = _scaled(value_at(payload, at), factor)
            other = put(put(other, at, GONE), Pointer((*at[:-1], name)), value)
        if other is not payload:
            yield Retold(payload, other, measure=factor != 1)


def _given(payload: Json, pattern: Place) -> list[Pointer]:
    return [at for at in matching(payload, pattern) if value_at(payload, at) is not GONE]


def _enveloped(sides: Sides, pattern: Place) -> Iterator[Retold]:
    """Put an object into the new object around it, or take it out of the one that was around it."""
    for depth in range(len(pattern)):
        around = pattern[:depth]
        news = [value_at(new, at) for new in sides.new() for at in _given(new, around)]
        again = partial(_around, news, partial(_envelope, sides, pattern, depth))
        for payload in sides.old():
            told = _everywhere(sides, payload, around, again)
            if told is not GONE:
                yield Retold(payload, told)


def _around(news: Sequence[Json], envelope: Callable[[str, bool], bool], value: Json) -> Iterator[Json]:
    if not isinstance(value, dict):
        return
    for new in news:
        inner = [key for key, one in new.items() if isinstance(one, dict)] if isinstance(new, dict) else []
        kept = {key: value[key] for key in new if key in value} if inner else {}
        yield from ({**new, **kept, key: value} for key in inner if envelope(key, True))
    yield from (one for key, one in value.items() if isinstance(one, dict) and envelope(key, False))


def _envelope(sides: Sides, pattern: Place, depth: int, key: str, put_in: bool) -> bool:
    """Whether the schemas say that a key is what came around an object, or what went from around it.

    It is the property that was added or removed itself, or it describes the property within: an open object
    that describes nothing is no place for one.
    """
    around, rest = pattern[:depth], pattern[depth:]
    plans = (sides.revision, sides.base) if put_in else (sides.base, sides.revision)
    if _said(plans[0], (*around, key, *rest)):
        return True
    itself = rest[0] == key and not _said(plans[1], (*around, key))
    return itself and (len(rest) == 1 or bool(_said(plans[1], (*around, *rest[1:]))))


def _converted(sides: Sides, pattern: Place) -> Iterator[Retold]:
    """Tell the value of one place in the type, unit, order or word that it has now."""
    old, new = _said(sides.base, pattern), _said(sides.revision, pattern)
    name = next((str(token) for token in reversed(pattern) if token != "*"), "")
    factor, turned, words = _factor(old, new, name, name), _turned(old, new), _words(old, new)

    def again(value: Json) -> Iterator[Json]:
        if factor != 1:
            yield _scaled(value, factor)
        elif turned and isinstance(value, list):
            yield value[::-1]
        elif isinstance(value, str) and value in words:
            yield words[value]
        else:
            yield from _retyped(value, new, name)

    same_type = factor != 1 or turned
    for payload in sides.old():
        told = _everywhere(sides, payload, pattern, again, always=same_type)
        if told is not GONE:
            yield Retold(payload, told, measure=factor != 1, order=turned)


def _everywhere(
    sides: Sides,
    payload: Json,
    pattern: Place,
    again: Callable[[Json], Iterator[Json]],
    *,
    always: bool = False,
) -> Json:
    """Tell the values at all places of a pattern anew; GONE where none changes, or one cannot be told.

    Without `always`, only a value that the revision forbids is told anew.
    """
    told = payload
    for at in reversed(_given(payload, pattern)):
        value = value_at(payload, at)
        if value is None or not (always or _faulty(sides.revision, payload, at)):
            continue
        other = next((o for o in again(value) if not _faulty(sides.revision, put(told, at, o), at)), GONE)
        if other is GONE:
            return GONE
        told = put(told, at, other)
    return GONE if json.dumps(told) == json.dumps(payload) else told


def _faulty(plan: Plan, payload: Json, at: Pointer) -> bool:
    """Whether a document forbids what stands at a place, or in it."""
    return any(place[: len(at)] == at for place, _ in plan.oracle.faults(payload))


# --- what the schemas of a place say


def _said(plan: Plan, pattern: Place) -> list[dict[str, Json]]:
    """Give the schemas of a place, through references and alternatives."""
    document = plan.subject.document
    start, _ = resolve(document, Pointer.parse(plan.subject.pointer), "the document")
    found = list(_all(document, start))
    for token in map(str, pattern):
        below = (
            one.get("items") if token == "*" else (one.get("properties") or {}).get(token) for one in found
        )
        found = [inner for one in below for inner in _all(document, one)]
    return found


def _all(document: Json, schema: Json, depth: int = 8) -> Iterator[dict[str, Json]]:
    if not isinstance(schema, dict) or not depth:
        return
    if str(schema.get("$ref", "")).startswith("#"):
        inner, _ = resolve(document, Pointer.parse(schema["$ref"][1:]), "the document")
        yield from _all(document, inner, depth - 1)
    yield schema
    for key in _ALTERNATIVES:
        for one in schema.get(key) or ():
            yield from _all(document, one, depth - 1)


def _texts(schemas: Sequence[dict[str, Json]]) -> str:
    """Give what is said of a place in prose."""
    return " ".join(str(one[key]) for one in schemas for key in ("title", "description") if one.get(key))


def _unit(schemas: Sequence[dict[str, Json]], name: str) -> tuple[str, float] | None:
    """Give the kind and size of the unit of a number, by its bounds, its description or its name."""
    highs = {one["maximum"] for one in schemas if isinstance(one.get("maximum"), (int, float))}
    if highs and highs <= {1, 100}:
        return ("share", float(max(highs)))
    for text in (_texts(schemas), name):
        for kind, size, pattern in _UNITS:
            if pattern.search(text):
                return (kind, size)
    return None


def _factor(old: Sequence[dict[str, Json]], new: Sequence[dict[str, Json]], was: str, now: str) -> float:
    """Give by what a number is to be multiplied; 1 where the unit is the same, or not known on both sides."""
    before, after = _unit(old, was), _unit(new, now)
    numbers = all(_types(one) & {"integer", "number"} for one in (old, new))
    if before is None or after is None or before[0] != after[0] or not numbers:
        return 1.0
    return after[1] / before[1]


def _types(schemas: Sequence[dict[str, Json]]) -> set[str]:
    listed = [one.get("type", ()) for one in schemas]
    return {name for each in listed for name in ([each] if isinstance(each, str) else each)}


def _turned(old: Sequence[dict[str, Json]], new: Sequence[dict[str, Json]]) -> bool:
    """Whether a list is now in the opposite order."""
    texts = _texts(old), _texts(new)
    newest, oldest = ([bool(one.search(text)) for text in texts] for one in (_NEWEST, _OLDEST))
    return "array" in _types(old) & _types(new) and newest[0] != newest[1] and oldest[0] != oldest[1]


def _words(old: Sequence[dict[str, Json]], new: Sequence[dict[str, Json]]) -> dict[str, str]:
    """Give the new word for each that is gone: of the same spelling, of the same sense, or the only one."""
    was, now = (
        [word for one in each for word in one.get("enum") or () if isinstance(word, str)]
        for each in (old, new)
    )
    gone, came = [word for word in was if word not in now], [word for word in now if word not in was]
    if not now:
        return {}
    found = {}
    for word in gone:
        alike = [one for one in came if _bare(one) == _bare(word)]
        akin = [one for one in came if stand(one) is not None and stand(one) is stand(word)]
        only = came if len(came) == len(gone) == 1 else []
        if alike or akin or only:
            found[word] = (alike or akin or only)[0]
    return found


def _bare(word: str) -> str:
    return re.sub(r"[^0-9a-z]", "", word.casefold())


# --- the same value in another form


def _scaled(value: Json, factor: float) -> Json:
    """Multiply a number; whole numbers stay whole where they can."""
    if factor == 1 or isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > _LARGE:
        return value
    scaled = value * factor
    whole = isinstance(value, int) or scaled.is_integer()
    return int(scaled) if whole and float(scaled).is_integer() else scaled


_LARGE: Final = 1e15


def _retyped(value: Json, new: Sequence[dict[str, Json]], name: str) -> Iterator[Json]:
    """Yield what may say the same as a value in the types that a place has now."""
    types, texts = _types(new), f"{name} {_texts(new)}"
    if isinstance(value, str):
        yield from _of_text(value, types, milli=bool(_UNITS[3][2].search(texts)))
    elif isinstance(value, (bool, int, float)):
        yield from _of_number(value)
    elif isinstance(value, list):
        yield from _of_list(value, new)
    elif isinstance(value, dict):
        yield from (value[key] for key in _TEXTS if isinstance(value.get(key), str))
        yield [value]
    if "object" in types and not isinstance(value, (dict, list)):
        known = [key for one in new for key in one.get("properties") or ()]
        yield from ({key: value} for key in sorted(known, key=lambda key: key not in _TEXTS))
        yield from ({key: value} for key in _TEXTS[:1] if not known)
    if not isinstance(value, list):
        yield [value]


def _of_text(value: str, types: set[str], *, milli: bool) -> Iterator[Json]:
    found = instant(value)
    if found and found.moment and types & {"integer", "number"}:
        seconds = (found.moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
        yield int(seconds * 1000) if milli else int(seconds)
    if found and found.moment:
        yield found.moment.date().isoformat()
    if re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", value):
        yield json.loads(f"{float(value):g}") if "." in value else int(value)
    if value in {"true", "false"}:
        yield value == "true"
    yield value.lower()
    yield value.upper()


def _of_number(value: float) -> Iterator[Json]:
    if isinstance(value, bool):
        yield "true" if value else "false"
        yield int(value)
        return
    yield json.dumps(value)
    if isinstance(value, float) and value.is_integer():
        yield int(value)
    if 0 < value < _YEAR_9999:
        moment = datetime.fromtimestamp(value / 1000 if value > _MILLI else value, UTC)
        yield moment.isoformat().replace("+00:00", "Z")


_YEAR_9999: Final = 253_402_300_799
_MILLI: Final = 1e11


def _of_list(value: list[Json], new: Sequence[dict[str, Json]]) -> Iterator[Json]:
    """Yield a list as a page, as a map by the ids of its items, and as its only item."""
    for one in new:
        needed = {name: _plainly(inner) for name, inner in (one.get("properties") or {}).items()}
        for name, inner in (one.get("properties") or {}).items():
            if isinstance(inner, dict) and "array" in _types([inner]):
                rest = {key: made for key, made in needed.items() if key in (one.get("required") or ())}
                yield {**rest, name: value}
    ids = [
        next((str(item[key]) for key in item if key.endswith("id")), "")
        for item in value
        if isinstance(item, dict)
    ]
    if len(set(ids)) == len(value):
        yield dict(zip(ids, value, strict=True))
    if len(value) == 1:
        yield value[0]


def _plainly(schema: Json) -> Json:
    """Give a plain value of a small schema, for what a page says beside its list."""
    types = _types([schema]) if isinstance(schema, dict) else set()
    if "null" in types:
        return None
    plain = {"boolean": False, "integer": 1, "number": 1, "string": "", "array": [], "object": {}}
    return next((plain[name] for name in plain if name in types), None)
