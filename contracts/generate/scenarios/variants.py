"""Scenarios in which one state, count, error, time or list does not fit the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final

from contracts.generate.canonical import named_values
from contracts.generate.leaves import Values, allows, exact, numbers
from contracts.generate.places import Factor, Model, Progress, Role, meaning, roles
from contracts.generate.scenarios.consistent import SCENARIOS, apply
from contracts.model import GONE, Json, Pointer, put

_EARLY: Final = "2024-01-14T10:30:00Z"
_ORDER: Final = ("state", "error", "count", "list", "result", "end", "flag", "share")
_STANDS: Final = (Progress.FAILED, Progress.FLAWED, Progress.RUNNING, Progress.OPEN, Progress.DONE)
_DUPLICATES: Final = 3
_CORE: Final = 9
_COMMON: Final = ("all-done", "one-failed", "under-way", "ended-all-failed")
"""The scenarios that are varied: most readers tell them apart."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One change: of what kind, what it is called, where, and the new value (GONE: left out)."""

    kind: str
    label: str
    at: Pointer
    value: Json

    def of(self, payload: Json) -> Json:
        """Give the payload with this change."""
        return put(payload, self.at, self.value)


def scenario_payloads(model: Model, plain: Json) -> Iterator[tuple[str, Json]]:
    """Yield (name, payload), what few readers survive first: scenarios, near duplicates, variants.

    Nothing is said of their validity: names promise nothing.
    """
    told = {scenario.name: apply(model, plain, scenario) for scenario in SCENARIOS}
    same = near_duplicates(model, told["one-failed"])
    others = {name: _varied(model, plain, name, told[name]) for name in _COMMON}
    yield from ((f"scenario:{name}", payload) for name, payload in islice(told.items(), _CORE))
    yield from same[:_DUPLICATES]
    yield from others[_COMMON[0]][:_CORE]
    yield from ((f"scenario:{name}", payload) for name, payload in islice(told.items(), _CORE, None))
    rest = (others[name][_CORE if name == _COMMON[0] else 0 :] for name in _COMMON)
    yield from (one for one in chain.from_iterable(zip_longest(*rest)) if one is not None)
    yield from same[_DUPLICATES:]


def _varied(model: Model, plain: Json, name: str, payload: Json) -> list[tuple[str, Json]]:
    return [
        (f"scenario:{name} but {each.at}:{each.label}", each.of(payload))
        for each in variants_of(model, plain, payload)
    ]


def variants_of(model: Model, plain: Json, payload: Json) -> list[Variant]:
    """Give the changes of a told payload, those first that most readers compare with others."""
    known = _first_values(model, plain)
    found = [
        each
        for factor, value, at in meaning.walk(model.root, payload, ends=True)
        for each in _here(factor, value, at, known)
    ]
    return [each for _, each in sorted(_ranked(found), key=lambda pair: pair[0])]


def _ranked(found: list[Variant]) -> Iterator[tuple[tuple[int, int, int], Variant]]:
    """Rank changes so that each kind, in items and in the batch, has two turns before any has a third."""
    turns: Counter[tuple[str, int]] = Counter()
    for each in found:
        turns[each.kind, len(each.at)] += 1
        turn = (turns[each.kind, len(each.at)] - 1) // 2
        yield (turn, _ORDER.index(each.kind), -len(each.at)), each


def _here(factor: Factor, value: Json, at: Pointer, known: dict[str, Json]) -> Iterator[Variant]:
    """Yield the changes of one place; `known` has a value for each path, to fill what is empty."""
    if roles.tells_error(factor.name):
        yield from _filled("error", factor, value, at, known)
    elif roles.tells_result(factor.name):
        yield from _filled("result", factor, value, at, known)
    elif meaning.is_time(factor) and roles.moment(factor.name) >= roles.END:
        yield from _end(factor, value, at, known)
    elif isinstance(value, list) and value and meaning.is_main(factor):
        yield from _list(factor, value, at)
    elif isinstance(value, str):
        yield from _state(factor, value, at)
    elif isinstance(value, bool):
        yield from _flag(factor, value, at)
    elif isinstance(value, int | float):
        yield from _number(factor, value, at)


def _filled(kind: str, factor: Factor, value: Json, at: Pointer, known: dict[str, Json]) -> Iterator[Variant]:
    if value is GONE or not value:
        if known.get(factor.path):
            yield Variant(kind, "filled", at, known[factor.path])
        return
    if (none := meaning.nothing(factor, value)) is not value:
        yield Variant(kind, "empty", at, none)
    if isinstance(value, str) and (text := meaning.text_of(factor)) is not None:
        yield Variant(kind, "blank", at, meaning.fitting(text, [" ", ""], value))


def _end(factor: Factor, value: Json, at: Pointer, known: dict[str, Json]) -> Iterator[Variant]:
    domain = meaning.text_of(factor)
    if isinstance(value, str) and domain is not None:
        yield Variant("end", "missing", at, meaning.nothing(factor, value))
        yield Variant("end", "before-start", at, meaning.fitting(domain, [_EARLY], value))
    elif factor.path in known:
        yield Variant("end", "known", at, known[factor.path])


def _state(factor: Factor, value: str, at: Pointer) -> Iterator[Variant]:
    open_ = meaning.text_of(factor) is not None
    now = roles.stand(value)
    order = _STANDS if now is None or now.ended else _STANDS[::-1]
    for said, words in sorted(meaning.state_words(factor).items(), key=lambda each: order.index(each[0])):
        if said is not now:
            few = words[:1] if open_ and said is not Progress.FLAWED else words
            yield from (Variant("state", word, at, word) for word in few)


def _flag(factor: Factor, value: bool, at: Pointer) -> Iterator[Variant]:
    if any(isinstance(level.domain, Values) and (not value) in level.values for level in factor.levels):
        yield Variant("flag", str(not value).lower(), at, not value)


def _number(factor: Factor, value: float, at: Pointer) -> Iterator[Variant]:
    role, domain = roles.number_role(factor.name), meaning.number_of(factor)
    if role is Role.NONE or domain is None:
        return
    others = (
        (value + 1, value - 1, 0)
        if role is Role.COUNT
        else (0, 100, 1, 0.996, 99.6, numbers.spelled(exact(value) / 2))
    )
    for other in dict.fromkeys(others):
        if other != value and numbers.allows(domain, other):
            yield Variant(str(role), str(other), at, other)


def _list(factor: Factor, value: list[Json], at: Pointer) -> Iterator[Variant]:
    yield Variant("list", "missing", at, meaning.nothing(factor, value))
    yield Variant("list", "empty", at, [])
    yield Variant("list", "one-less", at, value[:-1])
    yield Variant("list", "reversed", at, value[::-1])


def _first_values(model: Model, plain: Json) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for factor, value, _ in meaning.walk(model.root, plain):
        if value is not GONE:
            found.setdefault(factor.path, value)
    return found


ALIKE: Final = ("a", "A", "a ", "007", "7", "\u00e9", "e\u0301", "\uff41")
"""Texts that differ and look or compare alike after trimming, folding or normalizing."""


def near_duplicates(model: Model, payload: Json) -> list[tuple[str, Json]]:
    """Give (what, payload) with lists of items that are equal but for one property, or in one only.

    Also the same item before and after another; the list of the batch's items comes first.
    """
    found = [
        *_alike(model, payload),
        *_of_objects(model, payload),
    ]
    return [(label, made) for _, label, made in sorted(found, key=lambda each: each[0])]


def _alike(model: Model, payload: Json) -> Iterator[tuple[bool, str, Json]]:
    """Give lists of texts such as compare alike after trimming or folding."""
    for factor, value, at in meaning.walk(model.root, payload):
        below = factor.items.get(f"{factor.path}[]")
        domain = meaning.text_of(below) if below is not None and isinstance(value, list) and value else None
        texts = [text for text in ALIKE if domain is not None and allows(domain, text)]
        if len(texts) > 1:
            yield True, f"{factor.path}~texts-alike", put(payload, at, texts)


def _of_objects(model: Model, payload: Json) -> Iterator[tuple[bool, str, Json]]:
    for factor, items, at in _lists(model, payload):
        for label, made in _duplicates_of(factor.items[f"{factor.path}[]"], items):
            yield (
                not meaning.is_main(factor),
                f"{factor.path}~duplicates-{label}",
                put(payload, at, made),
            )


def _duplicates_of(factor: Factor, items: list[Json]) -> Iterator[tuple[str, list[Json]]]:
    first, last = items[0], items[-1]
    others = list(_others(factor, first, Pointer()))
    if not others:
        return
    strange = _strange(factor, first)
    but_for = [first, *(put(first, place, other) for place, other in others)]
    only_in = [first, *(put(strange, place, place.resolve(first)) for place, _ in others)]
    yield "but-for", but_for
    yield "only-in", only_in
    yield "apart", [last, _strange(factor, last), first, last]
    yield "but-for-reversed", but_for[::-1]
    yield "only-in-reversed", only_in[::-1]


def _strange(factor: Factor, item: Json) -> Json:
    """Give an item that is equal in nothing."""
    for place, other in _others(factor, item, Pointer()):
        item = put(item, place, other)
    return item


def _lists(model: Model, payload: Json) -> Iterator[tuple[Factor, list[Json], Pointer]]:
    for factor, value, at in meaning.walk(model.root, payload):
        known = f"{factor.path}[]" in factor.items
        if known and isinstance(value, list) and value and isinstance(value[0], dict):
            yield factor, value, at


def _others(factor: Factor, value: Json, at: Pointer) -> Iterator[tuple[Pointer, Json]]:
    """Yield every leaf of an item with another value; one with a single value has none."""
    if isinstance(value, dict):
        for below, name, inner in meaning.inside(factor, value):
            yield from _others(below, inner, at / name)
    elif (other := _other(factor, value)) is not GONE:
        yield at, other


def _other(factor: Factor, value: Json) -> Json:
    """Give another value of the same kind if there is one, else of another; GONE when there is none."""
    text, number = meaning.text_of(factor), meaning.number_of(factor)
    finite = [each for level in factor.levels for each in level.values if isinstance(level.domain, Values)]
    others = [each for each in finite if type(each) is type(value) and each != value]
    if isinstance(value, str) and text is not None:
        return meaning.fitting(text, (*others, f"{value}2", f"{value[:-1]}9", f"2025{value[4:]}"), GONE)
    if others:
        return others[0]
    if value is None and text is not None:
        return named_values(text, factor.name)[0][1]
    known = isinstance(value, int | float) and not isinstance(value, bool) and number is not None
    return value + 1 if known and number is not None and numbers.allows(number, value + 1) else GONE
