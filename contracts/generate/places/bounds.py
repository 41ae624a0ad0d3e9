"""Relations of numbers held against their bounds: which no values can have, and values for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from typing import Final, TypeAlias

from contracts.generate.leaves import Array, Number, Values, exact, numbers
from contracts.generate.places import relations
from contracts.generate.places.factors import Factor, Node
from contracts.model import Json

_TRIED: Final = 24
_FEW: Final = 8


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers from `low` to `high` (None: no bound), `whole` or not (None: either)."""

    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool | None = None

    def __add__(self, other: Span) -> Span:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Span(low, high, other.whole if self.whole else self.whole if other.whole else None)

    def __str__(self) -> str:
        low, high = (None if bound is None else numbers.spelled(bound) for bound in (self.low, self.high))
        if low is not None and high is not None:
            return f"from {low} to {high}"
        return (
            f"at least {low}" if low is not None else f"at most {high}" if high is not None else "any number"
        )


def impossible(node: Node) -> Iterator[tuple[str, str]]:
    """Yield the relations of an object that the bounds of its numbers rule out, with the bounds."""
    names = relations.counts(node)
    spans = {name: _span(node.factors[name]) for name in names}
    for a, b in combinations(names, 2):
        yield from _ruled_out(f"{node.path}.{a}{{}}{b}", (a, spans[a]), (b, spans[b]))
    parts = relations.parts(node)
    for total in parts if len(parts) > 2 else ():
        rest = sum(
            (spans[name] for name in parts if name != total), start=Span(Fraction(0), Fraction(0), whole=True)
        )
        yield from _ruled_out(f"{node.path}.sum{{}}{total}", ("the sum", rest), (total, spans[total]))
    for total, a, b in relations.sums(node):
        both = (f"{a}+{b}", spans[a] + spans[b])
        yield from _ruled_out(f"{node.path}.{a}+{b}{{}}{total}", both, (total, spans[total]))
    for total, part in relations.shares(node):
        if not (_allows(node, total, 100) and _allows(node, part, 29)):
            yield f"{node.path}.{part}=29%-of-{total}", f"{part} is {spans[part]}, {total} {spans[total]}"
    for count in names:
        for items in relations.lists(node):
            length = ("the length", _lengths(node.factors[items]))
            yield from _ruled_out(f"{node.path}.len({items}){{}}{count}", length, (count, spans[count]))
            if items == count:
                yield from ((f"{node.path}.len({items}){s}{count}", "a list is no number") for s in "<=>")


def _allows(node: Node, name: str, value: Json) -> bool:
    domain = relations.number(node, name)
    return domain is not None and numbers.allows(domain, value)


def _ruled_out(point: str, left: tuple[str, Span], right: tuple[str, Span]) -> Iterator[tuple[str, str]]:
    (a, x), (b, y) = left, right
    why = f"{a} is {x}, {b} {y}"
    if None not in (x.whole, y.whole) and x.whole != y.whole:
        yield point.format("="), f"{a if x.whole else b} is a whole number, {b if x.whole else a} never"
    if x.low is not None and y.high is not None:
        if x.low >= y.high:
            yield point.format("<"), why
        if x.low > y.high:
            yield point.format("="), why
    if x.high is not None and y.low is not None:
        if x.high <= y.low:
            yield point.format(">"), why
        if x.high < y.low:
            yield point.format("="), why


def _span(factor: Factor) -> Span:
    """Give the least span that holds every number of a place."""
    found: list[Span] = []
    for level in factor.levels:
        if isinstance(level.domain, Number):
            whole = True if level.domain.integer else False if level.domain.fraction else None
            found.append(Span(level.domain.low, level.domain.high, whole))
        elif isinstance(level.domain, Values) and level.domain.kind == "number":
            exacts = [exact(value) for value in level.values]
            found += [Span(value, value, value.denominator == 1) for value in exacts]
    return _around(found)


def _lengths(factor: Factor) -> Span:
    lists = [level for level in factor.levels if isinstance(level.domain, Array)]
    return _around([Span(Fraction(x.least), None if x.most is None else Fraction(x.most)) for x in lists])


def _around(spans: list[Span]) -> Span:
    lows, highs = [each.low for each in spans], [each.high for each in spans]
    return Span(
        min((low for low in lows if low is not None), default=None) if None not in lows else None,
        max((high for high in highs if high is not None), default=None) if None not in highs else None,
        spans[0].whole if len({each.whole for each in spans}) == 1 else None,
    )


def fitting(node: Node, open_: Mapping[str, None]) -> Iterator[relations.Profile]:
    """Yield values for those relations of numbers that are open: of their classes, the first that fit."""
    for a, b in combinations(relations.counts(node), 2):
        pairs = ({a: x, b: y} for x, y in product(_some(node, a), _some(node, b)))
        yield from _fitting(f"{node.path}.{a}{{}}{b}", pairs, _two(a, b), open_)
    for total, a, b in relations.sums(node):
        few = (_some(node, name)[:_FEW] for name in (total, a, b))
        tried = ({total: whole, a: x, b: y} for whole, x, y in product(*few))
        yield from _fitting(f"{node.path}.{a}+{b}{{}}{total}", tried, _halves(total), open_)
    parts = relations.parts(node)
    for total in parts if len(parts) > 2 else ():
        yield from _fitting(f"{node.path}.sum{{}}{total}", _about(node, parts, total), _halves(total), open_)


Halves: TypeAlias = Callable[[Mapping[str, Json]], tuple[float, float]]
"""Gives the two numbers that a relation is between."""


def _two(a: str, b: str) -> Halves:
    return lambda each: (each[a], each[b])


def _halves(total: str) -> Halves:
    return lambda each: (
        relations.added(value for name, value in each.items() if name != total),
        each[total],
    )


def _fitting(
    point: str, tried: Iterable[dict[str, Json]], halves: Halves, open_: Mapping[str, None]
) -> Iterator[relations.Profile]:
    left = [sign for sign in "<=>" if point.format(sign) in open_]
    for values in tried if left else ():
        if (sign := relations.sign(*halves(values))) in left:
            left.remove(sign)
            yield f"numbers-{point.format(sign)}", values
        if not left:
            return


def _about(node: Node, parts: Sequence[str], total: str) -> Iterator[dict[str, Json]]:
    """Yield numbers as small as can be, but for the total and one of its parts."""
    least = {name: next(iter(_some(node, name)), 0) for name in parts}
    for part in parts:
        if part != total:
            for x in _some(node, part):
                made = relations.added({**least, part: x, total: 0}.values())
                for y in (*_some(node, total), *([made] if _allows(node, total, made) else [])):
                    yield {**least, part: x, total: y}


@lru_cache(maxsize=4096)
def _some(node: Node, name: str) -> tuple[Json, ...]:
    """Give values of a number, small ones first."""
    domain = relations.number(node, name)
    known = [value for _, value in numbers.classes(domain)] if domain is not None else []
    return tuple(sorted(known, key=abs)[:_TRIED])
