"""Redaction of a JSON body that stays as valid, or as invalid, as it was.

Every secret leaf gets candidates; all take their first, the contract judges once, and only the places where
the judgement changed move to their next candidate. What runs out of them is refused by its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.errors import CassetteError
from contracts.interactions.formats import Redaction
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.text import Cleaner, texts
from contracts.interactions.redaction.tokens import stand_in
from contracts.model import Json, Pointer
from contracts.secret import PIECE, secret_items, secret_members, spelled
from contracts.text import safe_text

_ROUNDS: Final = 12
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\Z")


@dataclass(slots=True)
class _Slot:
    """A leaf to be replaced: what it was, what may stand for it, and which of these it has now."""

    pointer: Pointer
    rule: str
    candidates: tuple[Json, ...]
    choice: int = 0


@dataclass(slots=True)
class _Walk:
    """One pass over a body: the slots found and the keys that had to be renamed."""

    cleaner: Cleaner
    allowance: Allowance
    slots: list[_Slot] = field(default_factory=list)
    renamed: dict[str | int, str] = field(default_factory=dict)
    keys: list[Pointer] = field(default_factory=list)

    def visit(self, value: Json, at: Pointer, name: str, *, whole: str) -> Any:
        """Give a copy with a slot in place of every secret leaf; `whole` is the rule that takes all of it."""
        whole = whole or ("place" if at.wildcard in self.allowance.places else "")
        if isinstance(value, dict):
            secret = secret_members(value)
            return {
                self._key(k, at): self.visit(v, at / k, k, whole=whole or ("name" if k in secret else ""))
                for k, v in value.items()
            }
        if isinstance(value, list):
            items = secret_items(value)
            whole = whole or ("known" if self._spells(value) else "")
            return [
                self.visit(item, at / i, name, whole=whole or ("name" if i in items else ""))
                for i, item in enumerate(value)
            ]
        slot = self._leaf(value, at, name, whole)
        if slot is None:
            return value
        self.slots.append(slot)
        return slot

    def _spells(self, value: list[Json]) -> bool:
        """Whether a list holds the bytes of a known secret as numbers."""
        known = self.cleaner.known
        return len(value) >= PIECE and type(value[0]) is int and known.filled and known.within(spelled(value))

    def _key(self, key: str, at: Pointer) -> str:
        clean = self.cleaner.clean(key)
        if clean != key:
            self.renamed[key] = clean
            self.keys.append(at / clean)
        return clean

    def _leaf(self, value: Json, at: Pointer, name: str, whole: str) -> _Slot | None:
        tokens, known = self.cleaner.tokens, self.cleaner.known
        if (
            whole
            and (whole == "known" or exposed(value, self.allowance.published))
            and (stands := tokens.whole(value))
        ):
            return _Slot(at, whole, stands)
        if not isinstance(value, str):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return _Slot(at, "known", tokens.whole(value)) if number and known.within(repr(value)) else None
        before = len(self.cleaner.rules)
        clean = self.cleaner.clean(value, name)
        rules = self.cleaner.rules[before:]
        doubt = self.cleaner.doubt(clean, name)
        if clean == value and not doubt:
            return None
        rule = next(iter((*rules, doubt)), "") or "known"
        return _Slot(at, rule, (*(() if doubt else (clean,)), *tokens.whole(value)))


def exposed(value: Json, published: frozenset[str]) -> bool:
    """Whether a leaf under a secret's name could be one: not a flag, a moment, a printed word or a token."""
    if isinstance(value, int | float):  # a flag is 0 or 1
        return abs(value) >= 1000
    return (
        isinstance(value, str)
        and value != ""
        and not (value in published or _MOMENT.match(value) or stand_in(value))
    )


def redact_json(value: Json, cleaner: Cleaner, allowance: Allowance) -> tuple[Json, tuple[Redaction, ...]]:
    """Give the body without secrets and what was done; CassetteError where it could not stay as valid."""
    walk = _Walk(cleaner, allowance)
    cleaner.absent = not cleaner.known.within("\n".join(texts(value)))
    template = walk.visit(value, Pointer(), "", whole="")
    cleaner.absent = False
    _settle(value, template, walk, allowance)
    rename = walk.renamed.get
    places = [(at, "key") for at in walk.keys] + [(slot.pointer, slot.rule) for slot in walk.slots]
    return _filled(template), tuple(Redaction(str(_renamed(at, rename)), rule) for at, rule in places)


def _settle(value: Json, template: Json, walk: _Walk, allowance: Allowance) -> None:
    if allowance.faults is None or not (walk.slots or walk.keys):
        return
    wanted = {(_renamed(p, walk.renamed.get), keyword) for p, keyword in allowance.faults(value)}
    for _ in range(_ROUNDS):
        found = {(Pointer(p), keyword) for p, keyword in allowance.faults(_filled(template))}
        if found == wanted:
            return
        guilty = list(_guilty(walk, {pointer for pointer, _ in found ^ wanted}))
        if not guilty:
            break
        for slot in guilty:
            _next(slot)
    raise CassetteError("the body cannot be redacted so that it stays as valid as it was")


def _next(slot: _Slot) -> None:
    slot.choice += 1
    if slot.choice == len(slot.candidates):
        place = safe_text(str(slot.pointer) or "/", 80)
        raise CassetteError(f"{place}: a secret ({slot.rule}) cannot be replaced by a value that is as valid")


def _guilty(walk: _Walk, places: set[Pointer]) -> Iterator[_Slot]:
    """Yield the slots at, below or above the places where the judgement changed; nearest kind first."""
    renamed = [(slot, _renamed(slot.pointer, walk.renamed.get)) for slot in walk.slots]
    exact = [slot for slot, at in renamed if at in places]
    yield from exact or [
        s for s, at in renamed if any(at[: len(p)] == p or p[: len(at)] == at for p in places)
    ]


def _renamed(pointer: Pointer, rename: Callable[[str | int], str | None]) -> Pointer:
    return Pointer(rename(token) or token for token in pointer)


def _filled(node: Any) -> Json:
    if isinstance(node, _Slot):
        return node.candidates[node.choice]
    if isinstance(node, dict):
        return {key: _filled(item) for key, item in node.items()}
    return [_filled(item) for item in node] if isinstance(node, list) else node
