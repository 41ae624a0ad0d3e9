"""Points that no value can show, each with what forbids it: proved, not merely not reached.

The classes of a leaf's kind are tried against its domains; the sizes of lists and the relations of numbers
are held against their bounds. A leaf with a finite set of values has those for classes, and no others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias

from contracts.decode import decode
from contracts.generate.coverage.points import Points
from contracts.generate.leaves import Array, Number, Text, exact, hint, numbers, numbers_for, texts
from contracts.generate.places import Level
from contracts.model import Json
from contracts.patterns import search
from contracts.schema import FORMATS, number_fits
from contracts.text import plural, show

Reasons: TypeAlias = tuple[tuple[str, str], ...]
"""Points or classes, each with what forbids it."""

_UNSPOKEN: Final[tuple[tuple[str, Json], ...]] = (
    ("lone-surrogate", "\ud800"),
    ("not-a-number", float("nan")),
    ("infinity", float("inf")),
)
"""What programs hold and JSON has no text for."""


def infeasible_points(points: Points) -> Reasons:
    """Give the points of a model that no value shows, sorted, each with what forbids it."""
    found: dict[str, str] = {}
    for path, factors in points.places.items():
        levels = [(factor, level) for factor in factors for level in factor.levels]
        for kind in (Number, Text):
            found.update(
                _of_leaves(path, {(f.name, x.domain): None for f, x in levels if isinstance(x.domain, kind)})
            )
        found.update(_of_lists(path, [level for _, level in levels]))
    for impossible in points.impossible.values():
        found.update(impossible)
    return tuple(sorted((point, why) for point, why in found.items() if point not in points.singles))


def _of_leaves(path: str, leaves: Iterable[tuple[str, Number | Text]]) -> Iterator[tuple[str, str]]:
    """Yield the classes that every alternative of a place forbids, with the reason of the first."""
    refused = [dict(_refused(domain, name)) for name, domain in leaves]
    for label, why in refused[0].items() if refused else ():
        if all(label in each for each in refused):
            yield f"{path}~{label}", why


@lru_cache(maxsize=2048)
def _refused(domain: Number | Text, name: str) -> Reasons:
    """Give the classes of a leaf's kind that its domain forbids."""
    kind = str if isinstance(domain, Text) else float
    named: Iterable[tuple[str, Json]] = (
        texts.known(domain, hint(name)) if isinstance(domain, Text) else numbers.known(numbers_for(name))
    )
    tried = (*named, *((label, value) for label, value in _UNSPOKEN if isinstance(value, kind)))
    return tuple((label, why) for label, value in tried if (why := refusal(domain, value)))


def refusal(domain: Number | Text, value: Json) -> str:
    """Say what keeps a value out of a domain of its kind; the empty string when it is in it."""
    if isinstance(domain, Text):
        return "" if texts.allows(domain, value) else next(_against_text(domain, value), _LISTED)
    return "" if numbers.allows(domain, value) else next(_against_number(domain, value), _LISTED)


_LISTED: Final = "the schema leaves this value out"


def _unspoken(value: Json) -> Iterator[str]:
    yield from (
        f"no JSON text carries it: {fault.message}" for fault in decode(json.dumps(value).encode()).faults
    )


def _against_text(domain: Text, value: str) -> Iterator[str]:
    yield from _unspoken(value)
    if len(value) < domain.low:
        yield f"shorter than {plural(domain.low, 'character')}"
    if domain.high is not None and len(value) > domain.high:
        yield f"longer than {plural(domain.high, 'character')}"
    yield from (f"not in the format '{name}'" for name in domain.formats if not FORMATS[name](value))
    yield from (
        f"does not match {show(pattern)}" for pattern in domain.patterns if not search(pattern, value)
    )
    yield from (f"in the format '{name}'" for name in domain.not_formats if FORMATS[name](value))
    yield from (f"matches {show(pattern)}" for pattern in domain.not_patterns if search(pattern, value))


def _against_number(domain: Number, value: float) -> Iterator[str]:
    yield from _unspoken(value)
    number = exact(value)
    if domain.integer and number.denominator != 1:
        yield "not a whole number"
    if domain.fraction and number.denominator == 1:
        yield "a whole number"
    yield from _beyond(domain, number)
    if domain.step is not None and not numbers.divides(value, domain.step):
        yield f"not a multiple of {numbers.spelled(domain.step)}"
    yield from (f"a multiple of {numbers.spelled(step)}" for step in domain.not_steps if number % step == 0)
    yield from (f"outside {name}" for name in domain.formats if not number_fits(name, value))


def _beyond(domain: Number, number: Fraction) -> Iterator[str]:
    low, high = domain.low, domain.high
    if low is not None and (number < low or (number == low and domain.low_open)):
        yield f"not above {numbers.spelled(low)}" if domain.low_open else f"below {numbers.spelled(low)}"
    if high is not None and (number > high or (number == high and domain.high_open)):
        yield f"not below {numbers.spelled(high)}" if domain.high_open else f"above {numbers.spelled(high)}"


# ---- lists


def _of_lists(path: str, levels: list[Level]) -> Iterator[tuple[str, str]]:
    """Yield the sizes that every kind of list at a place forbids."""
    lists = {
        id(x.domain): x.domain for x in levels if isinstance(x.domain, Array) and x.name.startswith("len")
    }
    if not lists:
        return
    shown = {level.name for level in levels}
    least = min(level.least for level in levels if id(level.domain) in lists)
    tops = [level.most for level in levels if id(level.domain) in lists]
    most = None if None in tops else max(top for top in tops if top is not None)
    for name, size in (("len0", 0), ("len1", 1), ("len2+", 2)):
        if not any(each.startswith(name) for each in shown):
            yield f"{path}={name}", _sized(size, least, most)
    for name, size in (("ten", 10), ("hundred", 101)):
        if most is not None and most < size:
            yield f"{path}~{name}", _sized(size, least, most)
    if (most is None or most > 1) and all(domain.unique for domain in lists.values()):
        yield f"{path}~repeated", "no two items are equal"


def _sized(size: int, least: int, most: int | None) -> str:
    return f"at least {plural(least, 'item')}" if size < least else f"at most {plural(most or 0, 'item')}"
