"""What a summary of traffic says against itself over time: since which day a field behaves differently.

What a type cannot say is said too: a date that became seconds, a number that left its quotes, an id that no
longer fits into 32 bits, a list that is empty since, a field that moved into another object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from contracts.drift.observed.judge import found_in
from contracts.model import Finding, Json, Severity
from contracts.text import plural, show
from contracts.vendoring import UNDATED, presence

ENOUGH: Final = 5
SINCE: Final = 3
_EPOCH: Final = ((10**9, 4 * 10**9, "seconds"), (10**12, 4 * 10**12, "milliseconds"))
_LIMITS: Final = ((2**31 - 1, "a whole number of 32 bits"), (2**53, "the exact whole numbers of a double"))
Days = Mapping[str, Json]


def over_time(summary: Json) -> Iterator[Finding]:
    """Yield fields that behave differently since some day: absent, null, of another type or size, moved."""
    for name, seen in summary["operations"].items():
        found: list[Finding] = []
        for pointer, field in seen["fields"].items():
            days = {day: counts for day, counts in sorted(field["days"].items()) if day != UNDATED}
            if pointer and not pointer.endswith("/*"):
                there = presence(seen["fields"], pointer)
                absent = {day: (of - count, of) for day, (count, of) in there.items() if day != UNDATED}
                found += _shift(name, pointer, "absent", absent)
            found += _kind_shift(name, pointer, days)
            found += _format_shift(name, pointer, days)
            found += _sizes(name, pointer, days)
            found += _new_words(name, pointer, field, days)
        yield from _moved(found, seen["fields"])


def _kind_shift(name: str, pointer: str, days: Days) -> Iterator[Finding]:
    """Say the first type, null before the others, that comes or goes on a day."""
    kinds = sorted(
        {kind for counts in days.values() for kind in counts["types"]},
        key=lambda kind: (kind != "null", kind),
    )
    for kind in kinds if len(kinds) > 1 else ():
        of = {day: (counts["types"].get(kind, 0), counts["in"]) for day, counts in days.items()}
        for one in _shift(name, pointer, kind, of):
            before = [counts for day, counts in days.items() if day < one.since]
            since = [counts for day, counts in days.items() if day >= one.since]
            meant = _meant(before, since)
            yield replace(one, message=f"{one.message}; {meant}") if meant else one
            return


def _meant(before: list[Json], since: list[Json]) -> str:
    """Say what a text that became a number was, and what it is now."""
    numbers = [day["number"] for day in since if day.get("number")]
    if not numbers or any(not {"integer", "number"} & set(day["types"]) for day in since):
        return ""
    if all(day["formats"].get("date-time") or day["formats"].get("date") for day in before):
        least, most = min(low for low, _ in numbers), max(high for _, high in numbers)
        unit = next((word for low, high, word in _EPOCH if low <= least and most <= high), "")
        return f"a date in text became {unit} since 1970" if unit else "a date in text became a number"
    if all(day["formats"].get("digits") for day in before):
        return "a number in text became a number"
    return ""


def _format_shift(name: str, pointer: str, days: Days) -> Iterator[Finding]:
    """Say the first format of texts that comes or goes on a day, where texts stay texts."""
    texts = {day: counts for day, counts in days.items() if set(counts["types"]) <= {"string", "null"}}
    if len(texts) < len(days):
        return
    for form in sorted({form for counts in texts.values() for form in counts["formats"]}):
        of = {
            day: (counts["formats"].get(form, 0), counts["types"].get("string", 0))
            for day, counts in texts.items()
        }
        for one in _shift(name, pointer, f"a text of the form {form}", of, whole=True):
            yield one
            return


def _sizes(name: str, pointer: str, days: Days) -> Iterator[Finding]:
    """Say since when a list is empty, a number is larger than its type, a text longer than it ever was."""
    yield from _outgrown(name, pointer, days, "items", _emptied)
    yield from _outgrown(name, pointer, days, "number", _larger)
    yield from _outgrown(name, pointer, days, "length", _longer)


def _outgrown(
    name: str, pointer: str, days: Days, key: str, told: Callable[[list[Json], list[Json]], str]
) -> Iterator[Finding]:
    """Find the first day since when the ranges of `key` are others, as `told` says it."""
    ranges = [(day, counts[key], counts["in"]) for day, counts in days.items() if counts.get(key)]
    for index in range(1, len(ranges)):
        before, since = ranges[:index], ranges[index:]
        if sum(count for *_, count in before) < ENOUGH or sum(count for *_, count in since) < SINCE:
            continue
        if said := told([span for _, span, _ in before], [span for _, span, _ in since]):
            day = since[0][0]
            yield found_in("observed-shift", name, pointer, f"{said} since {day}", since=day)
            return


def _emptied(before: list[Json], since: list[Json]) -> str:
    full = all(most > 0 for _, most in before)
    return "an empty list" if full and all(most == 0 for _, most in since) else ""


def _larger(before: list[Json], since: list[Json]) -> str:
    were, are = max(most for _, most in before), max(most for _, most in since)
    return next(
        (f"larger than {what}" for limit, what in _LIMITS if were <= limit < are and since[0][1] > limit), ""
    )


def _longer(before: list[Json], since: list[Json]) -> str:
    """Say that texts which always had one length have another one."""
    lengths = {length for span in before for length in span}
    if len(lengths) != 1 or any(least <= max(lengths) for least, _ in since):
        return ""
    return f"texts of {since[0][0]} characters, always {max(lengths)} before,"


def _shift(
    name: str, pointer: str, what: str, counts: Mapping[str, tuple[int, int]], *, whole: bool = False
) -> Iterator[Finding]:
    """Find the day since when something is always so and never was before, or the other way round.

    It is also said when something never was and has started; not with `whole`.
    """
    days = [day for day, (_, of) in counts.items() if of]
    for index in range(1, len(days)):
        before = [sum(counts[day][part] for day in days[:index]) for part in (0, 1)]
        since = [sum(counts[day][part] for day in days[index:]) for part in (0, 1)]
        clear = (
            before[0] in {0, before[1]} and since[0] in {0, since[1]} and (before[0] == 0) != (since[0] == 0)
        )
        started = not whole and before[0] == 0 and counts[days[index]][0] > 0 and since[0] > 0
        if before[1] >= ENOUGH and since[1] >= SINCE and (clear or started):
            then, now = f"{before[0]} of {before[1]}", f"{since[0]} of {since[1]}"
            said = f"{what} in {then} until {days[index - 1]}, in {now} since {days[index]}"
            yield found_in("observed-shift", name, pointer, said, since=days[index])
            return


def _new_words(name: str, pointer: str, field: Json, days: Days) -> Iterator[Finding]:
    """Name words that came late to a field that only ever held few: a new state is the commonest drift."""
    if field["more_words"] or len(field["words"]) > 24:
        return
    total = sum(count for count, *_ in field["words"].values())
    if total < 4 * len(field["words"]):
        return
    for word, (count, first, _) in field["words"].items():
        before = sum(counts["in"] for day, counts in days.items() if day < first)
        if first != UNDATED and before >= ENOUGH * 2:
            said = f"{show(word)} in 0 of {before} before {first}, {plural(count, 'time')} since"
            yield found_in("observed-shift", name, pointer, said, severity=Severity.NOTE, since=first)


def _moved(found: Iterable[Finding], fields: Mapping[str, Json]) -> Iterator[Finding]:
    """Say of a field that is gone where the one of its name stands that came on the same day."""
    listed = list(found)
    gone = {one.pointer: at for one in listed if _gone(fields, one) and (at := _elsewhere(fields, one))}
    for one in listed:
        if one.pointer in gone:
            yield replace(one, message=f"moved to {gone[one.pointer]} on {one.since}")
        elif one.pointer not in gone.values():
            yield one


def _gone(fields: Mapping[str, Json], one: Finding) -> bool:
    """Whether a field that is said to be absent since a day was in every answer before, and in none since."""
    there = presence(fields, one.pointer) if one.message.startswith("absent in 0 ") else {}
    return bool(there) and not any(count for day, (count, _) in there.items() if day >= one.since)


def _elsewhere(fields: Mapping[str, Json], one: Finding) -> str:
    """Give the one place where a field of the same name was first seen on the day of a finding; else ""."""
    name = one.pointer.rpartition("/")[2]
    same = [at for at in fields if at.rpartition("/")[2] == name and at != one.pointer]
    came = [at for at in same if min(fields[at]["days"], default="") == one.since]
    return came[0] if len(came) == 1 else ""
