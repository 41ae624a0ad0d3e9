"""Leaves as Hypothesis strategies: the named values of a domain, and whatever else it allows."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from contracts.errors import GenerationError
from contracts.generate.leaves import matching, numbers, regex, texts
from contracts.generate.leaves.domains import Number, Text, exact
from contracts.model import Json
from contracts.schema import NUMBER_FORMATS


def number(domain: Number, usual: numbers.Classes = ()) -> st.SearchStrategy[Json]:
    """Draw a named value (`usual` are of the property's name), or any allowed number."""
    named = [value for _, value in numbers.classes(domain, usual)]
    free = _any_number(_narrowed(domain))
    if domain.formats or domain.not_steps or domain.excluded or domain.fraction:
        free = free.filter(lambda value: numbers.allows(domain, value))
    small = [value for value in range(8) if numbers.allows(domain, value)]
    ways = [st.sampled_from(each) for each in (small, named) if each]
    return st.one_of(*ways, free) if ways else free


def _narrowed(domain: Number) -> Number:
    """Take the bounds of formats for bounds, so that hardly a number has to be drawn again."""
    for low, high in (NUMBER_FORMATS[name] for name in domain.formats):
        if domain.low is None or domain.low < exact(low):
            domain = replace(domain, low=exact(low), low_open=False)
        if domain.high is None or domain.high > exact(high):
            domain = replace(domain, high=exact(high), high_open=False)
    return domain


def _any_number(domain: Number) -> st.SearchStrategy[Json]:
    step = domain.step
    if step is not None:
        low = None if domain.low is None else math.ceil(domain.low / step)
        high = None if domain.high is None else math.floor(domain.high / step)
        if _empty(low, high):
            return st.nothing()
        made = st.integers(low, high).map(lambda n: numbers.spelled(step * n))
        return made.filter(lambda value: numbers.divides(value, step))
    low, high = _whole(domain)
    whole = st.nothing() if _empty(low, high) or domain.fraction else st.integers(low, high)
    return whole if domain.integer else st.one_of(whole, _floats(domain))


def _whole(domain: Number) -> tuple[int | None, int | None]:
    low = None if domain.low is None else math.ceil(domain.low)
    high = None if domain.high is None else math.floor(domain.high)
    low = low + 1 if low is not None and domain.low_open and low == domain.low else low
    high = high - 1 if high is not None and domain.high_open and high == domain.high else high
    return low, high


def _empty(low: int | None, high: int | None) -> bool:
    return low is not None and high is not None and low > high


def _floats(domain: Number) -> st.SearchStrategy[Json]:
    low = _double(domain.low, 1, outside=domain.low_open)
    high = _double(domain.high, -1, outside=domain.high_open)
    if low is not None and high is not None and low > high:
        return st.nothing()
    if low == math.inf or high == -math.inf:
        return st.nothing()
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


def _double(bound: Fraction | None, inward: int, *, outside: bool) -> float | None:
    """Give the double nearest to a bound and inside it; with `outside` the bound itself is not inside."""
    if bound is None:
        return None
    try:
        value = float(bound)
    except OverflowError:
        return math.inf * inward if bound * inward > 0 else None
    out = (exact(value) - bound) * inward < 0 or (outside and exact(value) == bound)
    return math.nextafter(value, math.inf * inward) if out else value


def text(domain: Text, hint: str = "") -> st.SearchStrategy[Json]:
    """Draw a named value, or any allowed string."""
    named = [value for _, value in texts.classes(domain, hint)]
    free = _text(domain)
    if free is None:
        return st.sampled_from(named) if named else st.nothing()
    return st.one_of(st.sampled_from(named), free) if named else free


def _text(domain: Text) -> st.SearchStrategy[Json] | None:
    if domain.patterns:
        return _from_patterns(domain)
    if domain.formats or domain.not_formats or domain.not_patterns:
        return None
    free = st.text(st.characters(exclude_categories=["Cs"]), min_size=domain.low, max_size=_most(domain))
    return free.filter(lambda value: value not in domain.excluded) if domain.excluded else free


def _most(domain: Text) -> int:
    return max(domain.low, min(domain.low + 24, domain.high if domain.high is not None else domain.low + 24))


def _from_patterns(domain: Text) -> st.SearchStrategy[Json] | None:
    """Write strings along the first pattern; what the others refuse is replaced by a named value."""
    named = [value for _, value in texts.classes(domain)]
    try:
        node = regex.parse(domain.patterns[0])
    except GenerationError:
        return None
    if not named:
        return None

    @st.composite
    def written(draw: st.DrawFn) -> str:
        seed = draw(st.integers(0, 2**31))
        turn = matching.turning(seed)
        for extra in (draw(st.integers(0, 12)), 2, 0):
            value = matching.write(node, turn, extra)
            if texts.allows(domain, value):
                return value
        return named[seed % len(named)]

    return written()
