"""Strings: what a text domain allows, its named boundary classes, and a strategy for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, permutations
from typing import Final

from contracts.errors import GenerationError
from contracts.generate.leaves import matching
from contracts.generate.leaves.domains import Text
from contracts.generate.leaves.strings import FORMATS as NAMED
from contracts.generate.leaves.strings import HINTED, TEXT, Named
from contracts.model import Json
from contracts.patterns import search
from contracts.schema import FORMATS

_LONGEST: Final = 20_000
_HALF: Final = re.compile("[\ud800-\udfff]")


def allows(domain: Text, value: Json) -> bool:
    """Whether a string is in its domain; half a surrogate pair never is, since no JSON text can carry it."""
    return (
        isinstance(value, str)
        and domain.low <= len(value)
        and (domain.high is None or len(value) <= domain.high)
        and not _HALF.search(value)
        and all(_fits(name, value) for name in domain.formats)
        and not any(_fits(name, value) for name in domain.not_formats)
        and all(search(pattern, value) for pattern in domain.patterns)
        and not any(search(pattern, value) for pattern in domain.not_patterns)
        and value not in domain.excluded
    )


def _fits(name: str, value: str) -> bool:
    judge = FORMATS.get(name)
    return judge is None or judge(value)


@lru_cache(maxsize=2048)
def classes(domain: Text, hint: str = "") -> Named:
    """Give the named boundary values that a domain allows, the plainest first."""
    found: dict[str, tuple[str, str]] = {}
    sources = (
        _examples(domain),
        _typical(domain, hint),
        known(domain, hint),
        _matching(domain),
        _joined(domain) if len(domain.patterns) > 1 else (),
        _lengths(domain),
    )
    for source in sources:
        for name, value in source:
            if value not in found and allows(domain, value):
                found[value] = (name, value)
    return tuple(found.values())


def _examples(domain: Text) -> Iterator[tuple[str, str]]:
    yield from (("example", value) for value in domain.examples if isinstance(value, str))


def _typical(domain: Text, hint: str) -> Iterator[tuple[str, str]]:
    formats = [name for name in domain.formats if name in NAMED]
    if formats:
        yield NAMED[formats[0]][0]
    elif hint in HINTED and hint not in ("percent", "number"):
        yield HINTED[hint][0]


def known(domain: Text, hint: str) -> Iterator[tuple[str, str]]:
    """Yield the named boundary values of its formats, or of any text, whether a domain allows them or not."""
    for name in domain.formats:
        yield from NAMED.get(name, ())
    if not domain.formats:
        yield from _TELLING if hint in ("date-time", "uri") else TEXT
        yield from ((f"{hint}-{name}", value) for name, value in HINTED.get(hint, ()))


_FEW: Final = frozenset(
    {"plain", "empty", "blank", "outer-space", "long", "numeric-text", "null-text", "nul", "astral", "emoji"}
    | {"right-to-left", "combining"}
)
_TELLING: Final = tuple(each for each in TEXT if each[0] in _FEW)
"""What is enough of any text where the name already says which values matter."""


def _matching(domain: Text) -> Iterator[tuple[str, str]]:
    for pattern in domain.patterns:
        try:
            made = list(dict.fromkeys(matching.samples(pattern)))
        except GenerationError:
            continue
        short = sorted(made[1:], key=len)[:12] + sorted(made[1:], key=len)[-2:]
        yield from ((f"match-{index}", value) for index, value in enumerate([*made[:1], *short]))
        yield "match-inside", f" {made[0]} "
        yield from (("match-long", value) for value in _grown(pattern, domain.low, domain.high))


def _joined(domain: Text) -> Iterator[tuple[str, str]]:
    """Yield texts that may match several patterns: a match of one, filler, a match of the other."""
    try:
        made = [list(dict.fromkeys(matching.samples(pattern)))[:6] for pattern in domain.patterns]
    except GenerationError:
        return
    filler = "y" * domain.low
    for first, second in permutations(made, 2):
        yield from (
            ("match-both", f"{a}{middle}{b}") for a in first for b in second for middle in ("", filler)
        )


def _grown(pattern: str, low: int, high: int | None) -> Iterator[str]:
    """Yield matches near the length limits, built for the pattern or, where it has an open end, filled up."""
    if low < 2 and high is None:
        return
    try:
        yield from matching.sized(pattern, low, high)
        match = next(matching.samples(pattern))
    except GenerationError:
        return
    for length in (low, high if high is not None and high <= _LONGEST else low):
        filler = "y" * (length - len(match))
        yield from (match + filler, filler + match, " " * len(filler) + match)


def _lengths(domain: Text) -> Iterator[tuple[str, str]]:
    """Yield fillers of exactly the shortest and the longest length, in ASCII and beyond the first plane."""
    limits = [("shortest", domain.low), ("second-shortest", domain.low + 1)]
    if domain.high is not None and domain.high <= _LONGEST:
        limits += [("longest", domain.high), ("second-longest", domain.high - 1)]
    for name, length in limits:
        if 0 <= length <= _LONGEST:
            yield name, "y" * length
            yield f"{name}-astral", "\U0001f680" * length
            yield f"{name}-blank", " " * length


def other_names(allowed: Text, count: int) -> list[str]:
    """Give up to `count` property names out of a text domain, plain ones first."""
    plain = (f"x{index or ''}" for index in range(count * 4 + 40))
    odd = (value for _, value in classes(allowed))
    return list(islice((name for name in (*plain, *odd) if allows(allowed, name)), count))
