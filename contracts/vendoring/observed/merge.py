"""observed.json: one form for any amount of traffic; adding two summaries is associative and commutative.

`operations` maps "GET /path 200" to `days` (bodies by day), `fields` (by payload pointer, list positions
`*`) and `more_fields`. Of more than `OPERATIONS` those that rank lowest are kept, and `more_operations` says
so. A field has `days` (per day: `in` how many values, `types`, `formats`, the ranges
`length`, `items`, `number`; how many objects could have held it is what its parent says), `words` (words of
the API with count, first and last day) and `more_words`, which says that there were more than `WORDS`, so
that none is kept. Ranges of numbers are rounded outwards. A day is ISO, or "undated". Nothing else of a
payload is kept.

A summary that a spec is made of has `requests` besides, of the same form, for what requests show
(`GET /path query`), and `servers` with how often each answered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any, Final

from contracts.atomic import alone, write_whole
from contracts.errors import ContractsError
from contracts.model import Json

VERSION: Final = 1
WORDS: Final = 48
FIELDS: Final = 4000
OPERATIONS: Final = 1000
UNDATED: Final = "undated"
EMPTY: Final[dict[str, Json]] = {"version": VERSION, "operations": {}}


@lru_cache(maxsize=65536)
def rank(text: str) -> bytes:
    """Give the place of a text in an order that no data chooses: what is kept when not all can be."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def merged(summaries: Iterable[Json]) -> Json:
    """Add summaries up, in any order and any grouping, to the summary of all their traffic."""
    return reduce(_add, summaries, EMPTY)


def _add(a: Json, b: Json) -> Json:
    parts: dict[str, Json] = {}
    more = bool(a.get("more_operations") or b.get("more_operations"))
    for part, both in _PARTS.items():
        if part in a or part in b:
            joined = _joined(a.get(part, {}), b.get(part, {}), both)
            parts[part], dropped = smallest(joined, OPERATIONS)
            more = more or dropped
    return {"version": VERSION, **parts, **({"more_operations": True} if more else {})}


def _joined(a: Mapping[str, Json], b: Mapping[str, Json], both: Any) -> dict[str, Json]:
    return {
        key: both(a[key], b[key]) if key in a and key in b else a.get(key, b.get(key))
        for key in sorted({*a, *b})
    }


def _operation(a: Json, b: Json) -> Json:
    fields = _joined(a["fields"], b["fields"], _field)
    kept, more = smallest(fields, FIELDS)
    return {
        "days": _joined(a["days"], b["days"], _sum),
        "fields": kept,
        "more_fields": a["more_fields"] or b["more_fields"] or more,
    }


def smallest(values: Mapping[str, Json], most: int) -> tuple[dict[str, Json], bool]:
    """Keep the `most` entries whose keys rank lowest, and say whether any were dropped.

    A key that is kept here ranked low enough in every part it came from, so its counts are whole.
    """
    if len(values) <= most:
        return dict(values), False
    kept = set(sorted(values, key=rank)[:most])
    return {key: value for key, value in values.items() if key in kept}, True


def _field(a: Json, b: Json) -> Json:
    words = _joined(a["words"], b["words"], _word)
    more = a["more_words"] or b["more_words"] or len(words) > WORDS
    return {
        "days": _joined(a["days"], b["days"], _day),
        "words": {} if more else words,
        "more_words": more,
    }


def _sum(a: int, b: int) -> int:
    return a + b


def _word(a: Json, b: Json) -> Json:
    return [a[0] + b[0], min(a[1], b[1]), max(a[2], b[2])]


_PARTS: Final = {"operations": _operation, "requests": _operation, "servers": _sum}


def _range(a: Json, b: Json) -> Json:
    return [min(a[0], b[0]), max(a[1], b[1])]


def _counts(a: Json, b: Json) -> Json:
    return _joined(a, b, _sum)


_DAY: Final = {
    "in": _sum,
    "types": _counts,
    "formats": _counts,
    "length": _range,
    "items": _range,
    "number": _range,
}


def _day(a: Json, b: Json) -> Json:
    return {
        k: _DAY[k](a[k], b[k]) if k in a and k in b else a.get(k, b.get(k)) for k in _DAY if k in a or k in b
    }


def write(summary: Json) -> bytes:
    """Write a summary; equal summaries give equal bytes."""
    return (json.dumps(summary, sort_keys=True, indent=1) + "\n").encode("ascii")


def read_observed(name: str, data: bytes) -> Json:
    """Read a summary; ContractsError when it is not one of ours."""
    try:
        value = json.loads(data)
        keys = [one.keys() for one in value["operations"].values()]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        keys = [{}.keys()]
    if not all({"days", "fields", "more_fields"} <= one for one in keys):
        raise ContractsError(f"{name}: not a summary of traffic; make it with contracts observe")
    if value.get("version") != VERSION:
        raise ContractsError(f"{name}: version {value.get('version')!r}, this release reads {VERSION}")
    return value


def add_observed(path: Path, summary: Json, shown: str) -> None:
    """Add a summary to the one in a file, `shown` in errors, or begin the file; OSError, ContractsError."""
    with alone(path.parent):
        before = [read_observed(shown, path.read_bytes())] if path.is_file() else []
        write_whole(path, write(merged([*before, summary])))


def presence(fields: Mapping[str, Json], pointer: str) -> dict[str, tuple[int, int]]:
    """Give per day how often a field was there, of how many objects that could hold it."""
    own = fields[pointer]["days"] if pointer in fields else {}
    above = fields.get(pointer.rpartition("/")[0]) if pointer and not pointer.endswith("/*") else None
    if above is None:
        return {day: (counts["in"], counts["in"]) for day, counts in sorted(own.items())}
    objects = {day: counts["types"].get("object", 0) for day, counts in above["days"].items()}
    return {day: (own[day]["in"] if day in own else 0, of) for day, of in sorted(objects.items()) if of}


def totals(fields: Mapping[str, Json], pointer: str) -> tuple[int, int]:
    """Give how often a field was there in all, of how many objects."""
    found = presence(fields, pointer).values()
    return sum(count for count, _ in found), sum(of for _, of in found)
