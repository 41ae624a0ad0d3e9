"""Numbers: what a number domain allows, its named boundary classes, and a strategy for the rest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Final

from contracts.generate.leaves.domains import Number, exact, key_of
from contracts.model import Json
from contracts.schema import NUMBER_FORMATS, number_fits

Classes = tuple[tuple[str, Json], ...]

_POOL: Final[Classes] = (
    ("one", 1), ("zero", 0), ("seven", 7), ("negative", -1), ("minus-zero", -0.0), ("whole-float", 1.0),
    ("whole-float-zero", 0.0), ("whole-float-many", 12.0), ("hundred", 100), ("over-hundred", 101),
    ("int32-max", 2**31 - 1), ("over-int32", 2**31 + 1), ("odd-over-double", 2**53 + 1),
    ("over-int64", 2**63 + 1), ("over-uint64", 2**64 + 1), ("huge-integer", 10**30 + 1),
    ("below-int32", -(2**31) - 1), ("half", 0.5), ("near-one", 0.999), ("two-decimals", 42.25),
    ("ninety-nine-nine", 99.99), ("sum-of-tenths", 0.1 + 0.2), ("negative-fraction", -0.5),
    ("largest-decade", 1e308), ("subnormal", 5e-324), ("exponent", 1e21),
)  # fmt: skip


def allows(domain: Number, value: Json) -> bool:
    """Whether a number is in its domain; floats count as their decimal text."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or (isinstance(value, float) and not math.isfinite(value))
    ):
        return False
    number = exact(value)
    if domain.integer and number.denominator != 1:
        return False
    return (
        not (domain.fraction and number.denominator == 1)
        and _above(domain, number)
        and _below(domain, number)
        and (domain.step is None or divides(value, domain.step))
        and all(number % step for step in domain.not_steps)
        and all(number_fits(name, value) for name in domain.formats)
        and key_of(value) not in {key_of(each) for each in domain.excluded}
    )


def divides(value: Json, step: Fraction) -> bool:
    """Whether a value is a multiple, also to validators that divide binary doubles."""
    if exact(value) % step:
        return False
    if isinstance(value, int) and step.denominator == 1:
        return True
    try:
        return float(value / float(step)).is_integer()
    except OverflowError:
        return False


def _above(domain: Number, number: Fraction) -> bool:
    return domain.low is None or number > domain.low or (number == domain.low and not domain.low_open)


def _below(domain: Number, number: Fraction) -> bool:
    return domain.high is None or number < domain.high or (number == domain.high and not domain.high_open)


def known(usual: Classes = ()) -> Classes:
    """Give the named boundary values of numbers, whether a domain allows them or not."""
    return (*_POOL, *usual)


@lru_cache(maxsize=2048)
def classes(domain: Number, usual: Classes = ()) -> Classes:
    """Give the named boundary values that a domain allows, the plainest first; `usual` are of its name."""
    found: dict[str, tuple[str, Json]] = {}
    named = (*_examples(domain), *_first(domain), *known(usual), *_edges(domain), *_steps(domain))
    for name, value in named:
        if allows(domain, value):
            found.setdefault(f"{value!r}", (name, value))
    return tuple(found.values())


def _examples(domain: Number) -> Iterator[tuple[str, Json]]:
    yield from (("example", value) for value in domain.examples if isinstance(value, int | float))


def _first(domain: Number) -> Iterator[tuple[str, Json]]:
    """Put a small value inside both bounds first where 1 and 0 are not allowed."""
    for bound in (domain.low, domain.high):
        if bound is not None:
            yield from (("typical", spelled(bound + move)) for move in (1, -1) if not allows(domain, 1))


def spelled(number: Fraction) -> Json:
    """Write an exact number as JSON holds it: an int when whole, else the nearest double."""
    if number.denominator == 1:
        return int(number)
    try:
        return float(number)
    except OverflowError:
        return int(number)


def _edges(domain: Number) -> Iterator[tuple[str, Json]]:
    limits = [("minimum", domain.low, 1), ("maximum", domain.high, -1)]
    for name in domain.formats:
        low, high = NUMBER_FORMATS[name]
        limits += [(f"{name}-minimum", exact(low), 1), (f"{name}-maximum", exact(high), -1)]
    for name, bound, inward in limits:
        if bound is None:
            continue
        value = spelled(bound)
        yield name, value
        yield f"{name}-as-float", _float(value)
        yield f"{name}-inside", spelled(bound + inward)
        yield f"{name}-just-inside", next_to(value, inward)
    if domain.low is not None and domain.high is not None:
        yield "middle", spelled(Fraction(domain.low + domain.high) / 2)


def _float(value: Json) -> Json:
    try:
        return float(value)
    except OverflowError:
        return value


def next_to(value: Json, inward: int) -> Json:
    """Give the next number above (1) or below (-1) that JSON readers tell apart."""
    return (
        value + inward
        if isinstance(value, int) and abs(value) > 2**53
        else math.nextafter(value, math.inf * inward)
    )


def _steps(domain: Number) -> Iterator[tuple[str, Json]]:
    step = domain.step
    if step is None:
        return
    for name, factor in (("step", 1), ("two-steps", 2), ("many-steps", 1001), ("back-step", -1)):
        yield name, spelled(step * factor)
    if domain.low is not None:
        start = math.ceil(domain.low / step)
        yield from (("first-step", spelled(step * (start + more))) for more in (0, 1))
    if domain.high is not None:
        end = math.floor(domain.high / step)
        yield from (("last-step", spelled(step * (end - less))) for less in (0, 1))
