"""Announced ends: what a date means today, and a list of what ends when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from contracts.drift.change import Change
from contracts.model import Json, Pointer

_LEVELS: Final = ("draft", "alpha", "beta", "stable")
UNSTABLE: Final = _LEVELS[:2]


def read_date(value: Json) -> date | None:
    """Read the day of an RFC 3339 date or date-time; None when it is not one."""
    try:
        return (
            date.fromisoformat(str(value)[:10])
            if len(str(value)) in {10, 20, 25} or "T" in str(value)
            else None
        )
    except ValueError:
        return None


def dated(change: Change, today: str) -> Change:
    """Say what a lifecycle change means on a day (ISO date; empty: every announced date is in the future)."""
    judge = {
        "operation": _removed,
        "parameter": _removed,
        "deprecated": _deprecated,
        "x-sunset": _sunset,
        "x-stability-level": _stability,
    }.get(change.kind)
    return replace(change, trait=judge(change, today)) if judge else change


def _removed(change: Change, today: str) -> str:
    due = change.name if change.kind == "operation" else change.base
    if change.trait != "announced" or not due or due is True:
        return change.trait
    day = read_date(due)
    return "announced" if day and day.isoformat() <= today else "early"


def _deprecated(change: Change, _: str) -> str:
    return "" if change.revision else "reactivated"


def _sunset(change: Change, today: str) -> str:
    old, new = read_date(change.base), read_date(change.revision)
    if change.revision is None:
        return "dropped" if change.trait == "deprecated" else "later"
    if new is None:
        return "unreadable"
    if old is None and change.base is not None:
        return "unknown"
    if old is None or new >= old:
        return "later"
    return "past" if new.isoformat() < today else "earlier"


def _stability(change: Change, _: str) -> str:
    """What is not said to be less is stable; an unknown level promises nothing."""
    old, new = change.base or "stable", change.revision or "stable"
    old = old if old in _LEVELS else "stable"
    return "lower" if new not in _LEVELS or _LEVELS.index(new) < _LEVELS.index(old) else ""


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something that is announced to end: the day (ISO, empty where none is given), and what it is."""

    day: str
    what: str
    pointer: str


def calendar_of(document: Json) -> tuple[Due, ...]:
    """List what a document marks as deprecated, by the day it ends; what has no day comes last."""
    found: list[Due] = []
    stack: list[tuple[str, Json]] = [("", document)]
    while stack:
        at, value = stack.pop()
        if isinstance(value, list):
            stack += [(f"{at}/{index}", item) for index, item in enumerate(value)]
        elif isinstance(value, dict):
            if value.get("deprecated") is True and at.rpartition("/")[2] not in {"example", "default"}:
                day = read_date(value.get("x-sunset"))
                found.append(Due(day.isoformat() if day else "", _what(at, value), at))
            stack += [
                (at + str(Pointer((key,))), item)
                for key, item in value.items()
                if isinstance(item, dict | list) and key not in _PAYLOADS
            ]
    return tuple(sorted(found, key=lambda due: (due.day or "9999-99-99", due.what, due.pointer)))


_PAYLOADS: Final = frozenset(("example", "examples", "default", "enum", "const"))


def _what(at: str, value: Mapping[str, Json]) -> str:
    tokens = Pointer.parse(at)
    if len(tokens) == 3 and tokens[0] == "paths":
        return f"{str(tokens[2]).upper()} {tokens[1]}"
    if "in" in value and "name" in value:
        return f"{value['in']} parameter {value['name']}"
    names = [str(token) for token in tokens if token not in _STRUCTURE]
    return "/".join(names[-2:]) or "/"


_STRUCTURE: Final = frozenset(("components", "schemas", "properties", "items", "content", "schema", "allOf"))
