"""Strings that match a pattern, written along its parse rather than found by search.

Look-around adds nothing to a string (the caller asks the pattern engine afterwards), a back-reference
repeats its group. A string of a wanted length is built: for every part of the pattern it is known which
lengths it can have, as the bits of one integer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Final

from contracts.errors import GenerationError
from contracts.generate.leaves.regex import Again, Back, Chain, Chars, Either, Group, Node, Ranges, parse

LONGEST: Final = 20_000
"""How many characters are written for a pattern at most, and how long strings of a wanted length may be."""

Pick = Callable[[int], int]
"""Choose one of n ways, 0 to n - 1."""


def write(node: Node, pick: Pick, extra: int) -> str:
    """Write a string that a node matches; repeats take their least plus up to `extra` rounds.

    Rounds inside of rounds share the extra ones. GenerationError when the string would be very long.
    """
    return _Writer(pick).write(node, extra)


class _Writer:
    """One string being written: what its groups matched, and how many more parts may be written."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        self.groups: dict[int, str] = {}
        self.left = 5 * LONGEST

    def write(self, node: Node, extra: int) -> str:
        self.left -= 1
        if self.left < 0:
            raise GenerationError("a match is too long to be written")
        if isinstance(node, Chars):
            return _char(node.ranges, self.pick)
        if isinstance(node, Chain):
            return "".join(self.write(part, extra) for part in node.parts)
        if isinstance(node, Either):
            return self.write(node.ways[self.pick(len(node.ways))], extra)
        if isinstance(node, Again):
            most = node.low + extra if node.high is None else min(node.high, node.low + extra)
            rounds = node.low + self.pick(most - node.low + 1)
            inner = extra // max(1, rounds) if extra > 17 else extra
            return "".join(self.write(node.part, inner) for _ in range(rounds))
        if isinstance(node, Group):
            self.groups[node.number] = self.write(node.part, extra)
            return self.groups[node.number]
        return self.groups.get(node.number, "") if isinstance(node, Back) else ""


_PREFERRED: Final = tuple(map(ord, "aA0-_. x1é中🚀"))


@lru_cache(maxsize=512)
def _some(ranges: Ranges) -> tuple[int, ...]:
    """Give some code points of the ranges, those that read best first."""
    nice = [n for n in _PREFERRED if any(low <= n <= high for low, high in ranges)]
    return tuple(dict.fromkeys((*nice, *[n for low, high in ranges for n in (low, high)][:24])))


def _char(ranges: Ranges, pick: Pick) -> str:
    some = _some(ranges)
    return chr(some[pick(len(some))]) if some else ""


def samples(pattern: str, *, rounds: int = 24) -> Iterator[str]:
    """Yield strings for a pattern, shortest first, then longer ones that take its ways in turn.

    Not all need to match: look-around and anchors in the middle are left to the pattern engine. A
    GenerationError names a pattern that cannot be read, or whose matches are all very long.
    """
    node = parse(pattern)
    yield write(node, lambda _: 0, 0)
    for extra in (0, 1, 2, 5, 17, 64, 300):
        with suppress(GenerationError):
            yield write(node, lambda n: n - 1, extra)
            yield write(node, lambda n, extra=extra: min(extra, n - 1), extra)  # type: ignore[misc]
    for start in range(rounds):
        with suppress(GenerationError):
            yield write(node, turning(start), 3)


def turning(start: int) -> Pick:
    """Make a chooser that takes the ways in turn, the same on every run."""
    state = [start * 7919 + 13]

    def pick(count: int) -> int:
        state[0] = (state[0] * 1103515245 + 12345) % 2**31
        return (state[0] >> 8) % count

    return pick


# ---- strings of a wanted length


def sized(pattern: str, low: int, high: int | None) -> Iterator[str]:
    """Yield the shortest and the longest match with `low` to `high` characters (None: no limit).

    None when no match has such a length; of open ends the shortest only.
    """
    node = parse(pattern)
    most = min(LONGEST, low + 64 if high is None else high)
    fitting = _lengths(node, most) >> low << low
    if fitting:
        yield _of_length(node, (fitting & -fitting).bit_length() - 1, most)
        if high is not None:
            yield _of_length(node, fitting.bit_length() - 1, most)


@lru_cache(maxsize=4096)
def _lengths(node: Node, most: int) -> int:
    """Give the lengths that a part can have, up to `most`, as bits."""
    if isinstance(node, Chars):
        return 2
    if isinstance(node, Chain):
        return _joined([_lengths(part, most) for part in node.parts], most)
    if isinstance(node, Either):
        both = 0
        for way in node.ways:
            both |= _lengths(way, most)
        return both
    if isinstance(node, Again):
        part = _lengths(node.part, most)
        more = most if node.high is None else node.high - node.low
        return _sum(_power(part, node.low, most), _power(part | 1, more, most), most)
    return _lengths(node.part, most) if isinstance(node, Group) else 1


def _sum(one: int, other: int, most: int) -> int:
    """Give the sums of two lengths."""
    few, many = sorted((one, other), key=int.bit_count)
    found = 0
    while few:
        found |= many << (few & -few).bit_length() - 1
        few &= few - 1
    return found & (2 << most) - 1


def _joined(masks: list[int], most: int) -> int:
    total = 1
    for mask in masks:
        total = _sum(total, mask, most)
    return total


@lru_cache(maxsize=4096)
def _power(mask: int, rounds: int, most: int) -> int:
    """Give the sums of so many lengths."""
    if rounds < 2 or mask == 1:
        return mask if rounds else 1
    half = _power(mask, rounds // 2, most)
    both = half if half == _power(mask, rounds // 4, most) and mask & 1 else _sum(half, half, most)
    return _sum(both, mask, most) if rounds % 2 else both


def _of_length(node: Node, length: int, most: int) -> str:
    """Write a match of exactly this length, one that the part is known to have."""
    if isinstance(node, Chars):
        return _char(node.ranges, lambda _: 0)
    if isinstance(node, Either):
        return _of_length(next(way for way in node.ways if _has(way, length, most)), length, most)
    if isinstance(node, Group):
        return _of_length(node.part, length, most)
    if isinstance(node, Again):
        return _rounds(node.part, _count(node, length, most), length, most)
    out = ""
    parts = node.parts if isinstance(node, Chain) else ()
    for index, part in enumerate(parts):
        rest = _joined([_lengths(other, most) for other in parts[index + 1 :]], most)
        here = _first_of(_lengths(part, most), rest, length - len(out))
        out += _of_length(part, here, most)
    return out


def _has(node: Node, length: int, most: int) -> bool:
    return bool(_lengths(node, most) >> length & 1)


def _first_of(one: int, other: int, length: int) -> int:
    """Give the least of the first lengths with which one of the others makes the length."""
    return next(n for n in range(length + 1) if one >> n & 1 and other >> length - n & 1)


def _count(node: Again, length: int, most: int) -> int:
    """Say how many rounds make a length."""
    part = _lengths(node.part, most)
    start = max(node.low, -(-length // max(1, part.bit_length() - 1)))
    return next(n for n in range(start, length + node.low + 1) if _power(part, n, most) >> length & 1)


def _rounds(part: Node, count: int, length: int, most: int) -> str:
    """Write so many rounds, halved until there is one."""
    if count < 2:
        return _of_length(part, length, most) if count else ""
    mask = _lengths(part, most)
    first = _first_of(_power(mask, count // 2, most), _power(mask, count - count // 2, most), length)
    return _rounds(part, count // 2, first, most) + _rounds(part, count - count // 2, length - first, most)
