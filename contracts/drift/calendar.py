"""Announced ends: what a date means today, and a list of what ends when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from contracts.drift.change import Change
from contracts.model import Json

_LEVELS: Final = ("draft", "alpha", "beta", "stable")
UNSTABLE: Final = _LEVELS[:2]


def read_date(value: Json) -> date | None:
    """Read the day of an RFC 3339 date or date-time; None when it is not one."""
    try:
        return date.fromisoformat(str(value)[:10]) if len(str(value)) in {10, 20, 25} or "T" in str(value) else None
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
    if old is None or new >= old:
        return "later"
    return "past" if new.isoformat() < today else "earlier"


def _stability(change: Change, _: str) -> str:
    """What is not said to be less is stable; an unknown level promises nothing."""
    old, new = change.base or "stable", change.revision or "stable"
    old = old if old in _LEVELS else "stable"
    return "lower" if new not in _LEVELS or _LEVELS.index(new) < _LEVELS.index(old) else ""
