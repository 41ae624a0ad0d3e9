"""Values of one place taken together: parted by type and by keys, texts classified as one joined text.

What is said of a column is what would be said of each of its values; where that cannot be proved at once, the
texts are asked one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from contracts.model import Json
from contracts.schema import FORMATS, PLAIN

SAMPLED: Final = 200
"""Longer texts have no shape."""
_FEW: Final = 32
"""Fewer texts, or fewer different ones among the first, are cheaper one by one."""

_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("date-time", re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[zZ]|[+-]\d\d:?\d\d)?\Z")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d\Z")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")),
    ("uri", re.compile(r"[a-z][a-z0-9+.-]*://\S+\Z")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")),
    ("digits", re.compile(r"-?\d+(?:\.\d+)?\Z")),
)


@lru_cache(maxsize=65536)
def shape_of(value: str) -> str:
    """Name the format that a text has, `like date-time` where it breaks the rules of it; "" for none."""
    found = next((name for name, pattern in _SHAPES if pattern.match(value)), "")
    return found if found not in FORMATS or FORMATS[found](value) else f"like {found}"


_KINDS: Final = {
    type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string", list: "array",
    dict: "object",
}  # fmt: skip


def _kind(kind: type) -> str:
    """Name the JSON type of a class of values; the strict decoder gives some of its own."""
    return _KINDS.get(kind) or next(name for base, name in _KINDS.items() if issubclass(kind, base))


def by_kind(values: list[Json]) -> Iterator[tuple[str, list[Json]]]:
    """Part values by their class, each with its JSON type."""
    kinds = set(map(type, values))
    if len(kinds) == 1:
        yield _kind(*kinds), values
        return
    for kind in kinds:
        yield _kind(kind), [value for value in values if type(value) is kind]


def by_keys(objects: list[dict[str, Json]]) -> Iterator[tuple[tuple[str, ...], list[dict[str, Json]]]]:
    """Part objects by their keys, in the order written."""
    shapes = list(map(tuple, objects))
    if shapes.count(shapes[0]) == len(objects):
        yield shapes[0], objects
        return
    groups: dict[tuple[str, ...], list[dict[str, Json]]] = {}
    for keys, value in zip(shapes, objects, strict=True):
        groups.setdefault(keys, []).append(value)
    yield from groups.items()


def _each(pattern: str) -> re.Pattern[str]:
    """Match lines that all are of a pattern, which takes no line end."""
    return re.compile(rf"(?:{pattern}\n)*+\Z")


_ALL: Final = {name: _each(PLAIN[name]) for name in ("date-time", "date", "uuid")} | {
    "uri": _each(rf"(?=[a-z]){PLAIN['uri']}"),
    "digits": _each(r"-?[0-9]+(?:\.[0-9]+)?"),
}
"""Patterns of texts that all have one shape, and break no rule of its format."""
_ANY_SHAPE: Final = re.compile(
    r"^(?:\d{4}-\d\d-\d\d|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$|-?\d+(?:\.\d+)?$)",
    re.MULTILINE,
)
"""The shapes of texts that hold neither a colon nor an at sign, and a little more."""
_IDS: Final = _each(r"(?=(?:[^\n\d]*\d){4})[A-Za-z0-9_-]{12,}")
_WORDY: Final = re.compile(r"^[A-Za-z][A-Za-z0-9]*(?:[_.:/+-][A-Za-z0-9]+)*$", re.MULTILINE)


def alike(texts: list[str], published: frozenset[str], *, wordless: bool) -> str | None:
    """Give the shape that all texts of a column have, "" for none, if none of them is a word to keep.

    None where the texts must be asked one by one. `wordless` says that the place keeps no words anyway.
    """
    if len(texts) < _FEW or len(set(texts[: 2 * _FEW])) < _FEW or len(texts[0]) > SAMPLED:
        return None
    if not published.isdisjoint(texts):
        return None
    joined = "\n".join(texts) + "\n"
    if joined.count("\n") != len(texts):
        return None
    shape = shape_of(texts[0])
    if shape:
        proof = _ALL.get(shape)
        short = proof is not None and max(map(len, texts)) <= SAMPLED
        return shape if short and proof is not None and proof.match(joined) else None
    if ":" in joined or "@" in joined or _ANY_SHAPE.search(joined):
        return None
    return "" if wordless or _IDS.match(joined) or not _WORDY.search(joined) else None
