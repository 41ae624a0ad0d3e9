"""Two summaries of traffic of one service, an older and a newer one: what the newer one shows differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from contracts.drift.observed.shifts import over_time
from contracts.model import Finding, Json
from contracts.vendoring import UNDATED, merged, named, read_observed

_THEN, _NOW = "then", "today"


def shifted(old: bytes, new: bytes) -> Iterator[Finding]:
    """Yield what behaves differently in the newer summary, by operation as the document names it.

    Where their days overlap, all of the older one is `then` and all of the newer one `today`.
    """
    before, since = read_observed("the vendored traffic", old), read_observed("the newer traffic", new)
    days = [_days(one) for one in (before, since)]
    if not all(days) or UNDATED in days[0] | days[1] or max(days[0]) >= min(days[1]):
        before, since = _dated(before, _THEN), _dated(since, _NOW)
    for one in over_time(merged([before, since])):
        method, _, path = one.operation.partition(" ")
        title = f"{method} {named(path)[0]}"
        yield replace(one, operation=title, places=(f"{title} {one.status}",))


def _days(summary: Json) -> set[str]:
    return {day for seen in summary["operations"].values() for day in seen["days"]}


def _dated(summary: Json, day: str) -> Json:
    """Put everything that a summary counted on one day."""
    operations = {}
    for name, seen in summary["operations"].items():
        fields = {at: {**field, "days": _one(field["days"], day)} for at, field in seen["fields"].items()}
        operations[name] = {
            **seen,
            "days": {day: sum(seen["days"].values())},
            "fields": _reworded(fields, day),
        }
    return {**summary, "operations": operations}


def _reworded(fields: dict[str, Any], day: str) -> dict[str, Any]:
    words = {
        at: {word: [count, day, day] for word, (count, *_) in field["words"].items()}
        for at, field in fields.items()
    }
    return {at: {**field, "words": words[at]} for at, field in fields.items()}


def _one(days: Mapping[str, Json], day: str) -> Json:
    """Add the counts of several days up as those of one."""
    total: Json = {}
    for counts in days.values():
        total = _joined(total, {day: counts})
    return total


def _joined(*both: Mapping[str, Json]) -> Json:
    """Add the days of a field up, as those of two summaries are."""
    title = "GET / 200"
    fields = ({"": {"days": days, "words": {}, "more_words": False}} for days in both)
    parts = [{"operations": {title: {"days": {}, "fields": one, "more_fields": False}}} for one in fields]
    return merged(parts)["operations"][title]["fields"][""]["days"]


def in_common(old: Json, new: Json) -> Json:
    """Give the older document with the operations and statuses alone that the newer traffic showed too."""
    paths: dict[str, Json] = {}
    for path, item in old["paths"].items():
        shown = new["paths"].get(path, {})
        for method, operation in item.items():
            if method in shown:
                both = {s: a for s, a in operation["responses"].items() if s in shown[method]["responses"]}
                paths.setdefault(path, {})[method] = {**operation, "responses": both}
    return {**old, "paths": paths}


def beside(found: Iterable[Finding], shifts: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what was found by the schemas of answers that the shifts do not say already, place by place."""
    told = {(one.operation, one.pointer) for one in shifts}
    for one in found:
        at = one.pointer
        while at and (one.operation, at) not in told:
            at = at.rpartition("/")[0]
        if not at or one.direction == "request":
            yield one
