"""Laws that rewrite a payload and know what must become of the answer: ids, items, counts, optional fields.

They need to know where the answer comes from (`ground`), and are asked only of consumers whose answers have
the fields by name: `id`, `state`, `counts`, `progress`, and `items` with `id` and `state`.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Final

from contracts.consumers.consumer import Manner, meet
from contracts.consumers.contrasts import matching
from contracts.consumers.laws.baseline import DONE, Baseline, Shape, waits
from contracts.consumers.laws.gaps import said_without
from contracts.consumers.laws.origins import counts_in, part, resolved, rows
from contracts.consumers.laws.respell import unordered
from contracts.consumers.laws.trial import Trial, Wrong
from contracts.consumers.places import GONE, places_of, put, value_at
from contracts.model import Json, Pointer
from contracts.text import show

MOST: Final = 3
"""How many items of a payload are rewritten, one at a time."""
LONG: Final = 200
"""Longer lists are joined with no other."""
DROPS: Final = 60
"""How many fields of a payload are left out together."""


def _turned(letters: str) -> str:
    return letters[1:] + letters[:1]


_HEX, _REST = "abcdef", "ghijklmnopqrstuvwxyz"
_OTHER: Final = str.maketrans(
    string.digits + _HEX + _REST + _HEX.upper() + _REST.upper(),
    "".join(map(_turned, (string.digits, _HEX, _REST, _HEX.upper(), _REST.upper()))),
)
"""One letter for another, and back: ids stay different, as long, and hexadecimal where they were."""


def renamed(text: str) -> str:
    """Give the other name of an id; different ids have different ones."""
    return text.translate(_OTHER)


def renamed_ids(trial: Trial) -> Iterator[Wrong]:
    """Other ids give the same answer with the other ids."""
    ground, payload = _ground(trial), trial.payload
    wheres = [at for place in ground.ids for at in matching(payload, tuple(Pointer.parse(place)))]
    ids = {value for at in wheres if isinstance(value := value_at(payload, at), str)}
    folded = {one.casefold() for one in ids}
    elsewhere = {
        one.casefold() for at, one in places_of(payload) if isinstance(one, str) and at not in wheres
    }
    plain = all(one.isascii() for one in ids)
    if not plain or folded & elsewhere or all(renamed(one) == one for one in ids):
        return
    other = payload
    for at in wheres:
        value = value_at(payload, at)
        other = put(other, at, renamed(value)) if isinstance(value, str) else other
    if not ground.valid(other):
        return
    again = meet(trial.consumer, other)
    if again.manner is not Manner.ANSWERED:
        yield Wrong(f"with other ids: {again.manner} with {again.error}: {again.message}", again.signature)
    elif unordered(_with_other_ids(trial.met.view, folded)) != unordered(again.view):
        sample = min(sorted(ids), key=len)
        yield Wrong(
            f"with other ids ({show(renamed(sample))} for {show(sample)}) more than the ids is different", ()
        )


def _with_other_ids(view: Json, ids: set[str]) -> Json:
    """Rename the ids in an answer, also where it has them in other case."""
    if isinstance(view, dict):
        return {key: _with_other_ids(item, ids) for key, item in view.items()}
    if isinstance(view, list):
        return [_with_other_ids(item, ids) for item in view]
    return renamed(view) if isinstance(view, str) and view.casefold() in ids else view


# --- items and counts


def added_item(trial: Trial) -> Iterator[Wrong]:
    """One more item of a state is counted once, as one of that state."""
    ground, at = _ground(trial), Pointer.parse(_ground(trial).items)
    before, listed = counts_in(trial.met.view), resolved(trial.payload, str(at))
    for row, item in _one_of_each(trial):
        state = str(item.get("state"))
        other = next(
            filter(ground.valid, (put(trial.payload, at, [*listed, one]) for one in _twins(ground, row))),
            GONE,
        )
        again = None if other is GONE or state not in before else meet(trial.consumer, other)
        if again is None or again.manner is not Manner.ANSWERED or _last_state(again.view) != state:
            continue
        after = counts_in(again.view)
        for name in sorted(before.keys() & after.keys()):
            if after[name] not in _allowed(ground, name, state, before[name]):
                change = f"/counts/{name} goes from {before[name]} to {after[name]}"
                yield Wrong(f"with one more {show(state)} item, {change}", (f"/counts/{name}", state))


def _one_of_each(trial: Trial) -> list[tuple[Json, dict[str, Json]]]:
    """Take one item of each state, of the payload and of the answer."""
    found: dict[str, tuple[Json, dict[str, Json]]] = {}
    for row, item in rows(trial.payload, trial.met.view, _ground(trial).items):
        found.setdefault(str(item.get("state")), (row, item))
    return list(found.values())[:MOST]


def _twins(ground: Baseline, row: Json) -> Iterator[Json]:
    """Yield an item again under another id, then as it is."""
    twin = row
    for at in _id_places(ground):
        value = value_at(row, at)
        if isinstance(value, str):
            twin = put(twin, at, renamed(value))
    yield twin
    yield row


def _id_places(ground: Baseline) -> list[Pointer]:
    start = f"{ground.items}/*"
    return [Pointer.parse(one.removeprefix(start)) for one in ground.ids if one.startswith(f"{start}/")]


def _last_state(view: Json) -> str:
    items = part(view, "items") or [{}]
    return str(part(items[-1], "state"))


def _allowed(ground: Baseline, name: str, state: str, before: int) -> tuple[int, ...]:
    if name not in {"total", state}:
        return (before,)
    return (before + 1,) if name in ground.tallied else (before, before + 1)


def ended_item(trial: Trial) -> Iterator[Wrong]:
    """An item that is done now, and was not, never makes fewer done."""
    ground, before = _ground(trial), counts_in(trial.met.view).get(DONE)
    if before is None:
        return
    for index, other in _with_one_done(trial):
        again = meet(trial.consumer, other) if ground.valid(other) else trial.met
        after = counts_in(again.view).get(DONE, before)
        if after < before:
            words = f"with item {index} done instead of open, /counts/{DONE} goes from {before} to {after}"
            yield Wrong(words, (f"/counts/{DONE}",))


def _with_one_done(trial: Trial) -> Iterator[tuple[int, Json]]:
    """Yield the payload with one item that is still open as one that is done, under its own id."""
    ground, at = _ground(trial), Pointer.parse(_ground(trial).items)
    listed = list(rows(trial.payload, trial.met.view, ground.items))
    for index in [index for index, (_, item) in enumerate(listed) if waits(item)][:MOST]:
        for row in ground.done:
            done = row
            for place in _id_places(ground):
                done = put(done, place, value_at(listed[index][0], place))
            yield index, put(trial.payload, Pointer((*at, index)), done)


def joined_items(trial: Trial) -> Iterator[Wrong]:
    """The counts of two lists of items together are the sums of both."""
    ground, at = _ground(trial), Pointer.parse(_ground(trial).items)
    own = resolved(trial.payload, str(at))
    if not isinstance(own, list):
        return
    one = counts_in(trial.met.view)
    for partner in _partners(ground, own):
        two, both = (_counted(trial, put(trial.payload, at, rows)) for rows in (partner, [*own, *partner]))
        for name in sorted(one.keys() & two.keys() & both.keys()):
            if one[name] + two[name] != both[name]:
                yield Wrong(
                    f"/counts/{name} of {len(own)} items is {one[name]}, of {len(partner)} others "
                    f"{two[name]}, and of all together {both[name]}",
                    (f"/counts/{name}",),
                )


def _partners(ground: Baseline, own: list[Json]) -> list[list[Json]]:
    """Give the list itself, under other ids, and another one, of few items."""
    found = [resolved(payload, ground.items) for payload, _ in ground.answered]
    listed = sorted((one for one in found if isinstance(one, list) and len(one) > 1), key=len)
    twins = [next(_twins(ground, row)) for row in own]
    return [one for one in (twins, *listed[:1]) if one and len(own) <= LONG]


def _counted(trial: Trial, payload: Json) -> dict[str, int]:
    ground = _ground(trial)
    if not ground.valid(payload):
        return {}
    met = meet(trial.consumer, payload)
    found = counts_in(met.view) if met.manner is Manner.ANSWERED else {}
    return {name: count for name, count in found.items() if name in ground.tallied}


def raised_total(trial: Trial) -> Iterator[Wrong]:
    """More items in all, and nothing else changed, is no progress."""
    ground = _ground(trial)
    at, before = Pointer.parse(ground.total), part(trial.met.view, "progress")
    total = value_at(trial.payload, at)
    if not _number(before) or not _number(total) or not (0 <= before <= 1 and total > 0):
        return
    for more in (total + 1, 2 * total + 10):
        other = put(trial.payload, at, more)
        again = meet(trial.consumer, other) if ground.valid(other) else trial.met
        after = part(again.view, "progress")
        if _number(after) and after > before:
            words = (
                f"with {ground.total} {show(more)} for {show(total)}, /progress goes from {before} to {after}"
            )
            yield Wrong(words, ("/progress",))


def _number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# --- optional fields


def left_out(trial: Trial) -> Iterator[Wrong]:
    """An optional field that is not there is not known."""
    ground, met = _ground(trial), trial.met
    for one in ground.inventions:
        for at in matching(trial.payload, tuple(Pointer.parse(one.place))):
            value = value_at(trial.payload, at)
            if value is GONE or value is None or isinstance(value, (dict, list)):
                continue
            for said in said_without(trial.consumer, trial.payload, met, at, one.gap, ground.valid):
                if said.where == one.where and repr(said.new) == repr(one.value):
                    words = f"{at} {one.words}, and it says {show(one.value)} at {said.where or 'the answer'}"
                    yield Wrong(words, (one.place, one.where))


def unread_fields(trial: Trial) -> Iterator[Wrong]:
    """Optional fields that are not read do not matter, not even when all of them are left out."""
    ground = _ground(trial)
    dropped, other = _without_unread(trial.payload, ground)
    if not dropped:
        return
    again = meet(trial.consumer, other)
    if again.view == trial.met.view and again.manner is trial.met.manner:
        return
    alone = (meet(trial.consumer, put(trial.payload, at, GONE)) for at in dropped)
    if all(one.view == trial.met.view and one.manner is trial.met.manner for one in alone):
        names = ", ".join(str(at) for at in dropped[:4])
        yield Wrong(
            f"another answer when {names}{' and others' if dropped[4:] else ''} are left out together", ()
        )


def _without_unread(payload: Json, ground: Baseline) -> tuple[list[Pointer], Json]:
    unread, dropped, other = {*ground.reads.unread}, list[Pointer](), payload
    for at, _ in places_of(payload):
        if at and isinstance(at[-1], str) and at.wildcard in unread and len(dropped) < DROPS:
            fewer = put(other, at, GONE)
            if value_at(other, at) is not GONE and ground.valid(fewer):
                dropped.append(at)
                other = fewer
    return dropped, other


# --- who is asked


def _ground(trial: Trial) -> Baseline:
    assert trial.ground is not None, "a thorough law is asked on ground only"
    return trial.ground


def no_view(ground: Baseline) -> str:
    """Say that an answer declares no fields, where it does not, or nothing steady."""
    return not_steady(ground) or ("no view" if ground.shape is Shape.OWN else "")


def no_ids(ground: Baseline) -> str:
    """Say why ids cannot be renamed."""
    return no_view(ground) or ("" if ground.ids else "no id of the payload stands in its answer")


def no_items(ground: Baseline) -> str:
    """Say why items cannot be followed from the payload into the answer."""
    return no_view(ground) or ("" if ground.items else "no items of the payload stand in its answer")


def no_tally(ground: Baseline) -> str:
    """Say why an added item cannot be expected in the counts."""
    if no_items(ground) or (ground.tallied and not ground.given):
        return no_items(ground)
    return "its counts are the vendor's own"


def no_done(ground: Baseline) -> str:
    """Say why no item can be ended."""
    both = ground.done and ground.waits
    return no_items(ground) or ("" if both else f"none of its items is {DONE!r}, or none is still open")


def no_total(ground: Baseline) -> str:
    """Say why the total cannot be raised."""
    if no_view(ground) or (
        ground.total and any(_number(part(met.view, "progress")) for _, met in ground.answered)
    ):
        return no_view(ground)
    return "no total of the payload stands in its answer" if not ground.total else "it tells no progress"


def not_steady(ground: Baseline) -> str:
    """Say why nothing is known of what is read."""
    return ground.reads.why
