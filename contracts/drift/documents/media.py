"""Media types of two bodies, paired by name, by range, or because each side has one JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from contracts.drift.change import Change, Direction, Sense

Paired = tuple[str | None, str | None, Change | None]


def essence(media: str) -> str:
    """Give `type/subtype` in lower case, without parameters."""
    return media.partition(";")[0].strip().lower()


def _meant(media: str) -> frozenset[str]:
    """Give a media type as what tells it from others: JSON in UTF-8 is JSON, a version is not another."""
    parts = [part.strip().lower() for part in media.split(";")]
    return frozenset(part for part in parts if not part.startswith("charset="))


def covers(wide: str, narrow: str) -> bool:
    """Whether a range such as `*/*` or `application/*` includes another media type or range."""
    kind, _, sub = essence(wide).partition("/")
    other, _, inner = essence(narrow).partition("/")
    return kind in {"*", other} and sub in {"*", inner}


def pair_media(old: list[str], new: list[str], direction: Direction) -> Iterator[Paired]:
    """Yield pairs of names with what changed; a name without a partner stands alone."""
    left, right = list(old), list(new)
    for alike in (_meant, essence):
        for first in list(left):
            second = next((name for name in right if alike(name) == alike(first)), None)
            if second is not None:
                left.remove(first)
                right.remove(second)
                yield first, second, None
    for first, second in product(old, new):  # of two names for the same, one may stay alone
        if _meant(first) == _meant(second) and (first in left or second in right):
            left, right = ([n for n in names if n not in {first, second}] for names in (left, right))
            yield first, second, None
    for first in list(left):
        second = next((name for name in right if covers(name, first) or covers(first, name)), None)
        if second is not None:
            left.remove(first)
            sense = Sense.WIDER if covers(second, first) else Sense.NARROWER
            yield first, second, Change("media-range", sense, first, second)
    ranged = {name for name in right if any(covers(name, first) or covers(first, name) for first in old)}
    right = [name for name in right if name not in ranged]
    if len(left) == len(right) == 1 and _json(left[0]) and _json(right[0]):
        yield left[0], right[0], Change("media-renamed", Sense.SAME, left[0], right[0])
        return
    for first in left:
        yield first, None, Change("media", Sense.NARROWER, first, None, first)
    for second in right:
        yield None, second, Change("media", Sense.WIDER, None, second, second)


def _json(media: str) -> bool:
    return essence(media) == "application/json" or essence(media).endswith("+json")
