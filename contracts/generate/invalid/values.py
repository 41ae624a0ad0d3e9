"""Values that break one keyword: what is just outside a domain, with the keyword that should object."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from types import EllipsisType
from typing import Final, NamedTuple

from contracts.errors import GenerationError
from contracts.generate.leaves import (
    BROKEN,
    TEXT,
    TYPES,
    Array,
    Domain,
    Number,
    Object,
    Text,
    Values,
    exact,
    numbers,
    samples,
    type_of,
)
from contracts.model import Json
from contracts.schema import NUMBER_FORMATS

Edit = Callable[[Json], Json]


class Break(NamedTuple):
    """One way to break a value: the keyword meant, the variant, and the broken value made from the good one.

    `key` names the property or item that is missing or too much; the fault is expected there. `...`
    stands for whichever one it is.
    """

    keyword: str
    variant: str
    edit: Edit
    key: str | int | EllipsisType | None = None


def to(value: Json) -> Edit:
    """Give an edit that ignores what was there."""
    return lambda _: value


_OTHER: Final[tuple[tuple[str, Json], ...]] = (
    ("null", None),
    ("boolean", True),
    ("number", 7),
    ("string", "7"),
    ("array", []),
    ("object", {}),
)


def breaks(domains: tuple[Domain, ...], words: frozenset[str], *, root: bool = False) -> Iterator[Break]:
    """Yield the ways to break a place that allows these domains; `words` are the keywords said of it."""
    kinds = {domain.kind for domain in domains}
    if "any" not in kinds and kinds != set(TYPES):
        yield from _types(domains, kinds)
    members = [value for domain in domains if isinstance(domain, Values) for value in domain.values]
    if "enum" in words and not any(isinstance(domain, Number | Text) for domain in domains):
        yield from others("enum", members)
    for domain in domains:
        yield from _inside(domain)
    if root:
        yield from (
            Break("type", name, to(value))
            for name, value in (("empty-text", ""), ("page", "<!doctype html><title>502</title>"))
        )


def _types(domains: tuple[Domain, ...], kinds: set[str]) -> Iterator[Break]:
    for kind, value in _OTHER:
        if kind not in kinds:
            yield Break("type", kind, to(value))
    if "array" in kinds and "object" not in kinds:
        yield Break(
            "type",
            "numbered-object",
            lambda good: {str(n): item for n, item in enumerate(good)} if good else {"0": 1},
        )
        yield Break(
            "type", "unwrapped-item", lambda good: good[0] if isinstance(good, list) and good else "x"
        )
    if "object" in kinds and "array" not in kinds:
        yield Break("type", "wrapped-in-list", lambda good: [good])
    if "number" in kinds and "string" not in kinds:
        yield Break("type", "number-as-text", lambda good: str(good) if type_of(good) == "number" else "1")
    if "boolean" in kinds and "string" not in kinds:
        yield Break("type", "boolean-as-text", to("true"))
    if "boolean" in kinds and "number" not in kinds:
        yield from (Break("type", name, to(value)) for name, value in (("zero", 0), ("one", 1)))
    whole = [domain for domain in domains if isinstance(domain, Number)]
    if whole and all(domain.integer for domain in whole):
        yield from (
            Break("type", name, to(value))
            for name, value in (("half", 1.5), ("tenth", 0.1), ("half-many", 50.5))
        )


def others(keyword: str, values: list[Json]) -> Iterator[Break]:
    """Yield values beside the only ones allowed: words that look alike, numbers next to them, respellings."""
    words = [value for value in values if isinstance(value, str)]
    numbers_ = [value for value in values if type_of(value) == "number"]
    if words:
        yield from (Break(keyword, variant, to(value)) for variant, value in _words(words))
    if numbers_:
        yield from (Break(keyword, variant, to(value)) for variant, value in _next_to(numbers_))
    if len(values) == 1:
        yield from (Break(keyword, variant, to(value)) for variant, value in _respelled(values[0]))


def _words(words: list[str]) -> Iterator[tuple[str, Json]]:
    yield "unknown-word", "contracts_unknown"
    for word in words[:2]:
        yield "upper-case", word.upper()
        yield "lower-case", word.lower()
        yield "title-case", word.title()
        yield "trailing-space", f"{word} "
        yield "plural", f"{word}s"
        yield "hyphen", word.replace("_", "-") if "_" in word else f"{word}-"
        yield "similar-glyph", word.translate(_GLYPHS)
    yield "empty", ""
    yield "null-text", "null"


def _next_to(values: list[Json]) -> Iterator[tuple[str, Json]]:
    yield from ((f"number-{n}", n) for n in (-7919, 7919))
    yield "one-above", max(values) + 1
    yield "one-below", min(values) - 1
    yield "half-above", numbers.spelled(exact(max(values)) + Fraction(1, 2))
    yield "number-as-text", json.dumps(values[0])


def _respelled(value: Json) -> Iterator[tuple[str, Json]]:
    """Give what reads like a constant and is another JSON value."""
    if isinstance(value, str):
        for known, read in (("null", None), ("true", True), ("false", False)):
            if value.lower() == known:
                yield "text-as-value", read
        if re.fullmatch(r"-?(0|[1-9]\d{0,15})", value):
            yield "text-as-number", int(value)
        yield "in-list", [value]
    elif isinstance(value, bool):
        yield "opposite", not value
        yield "boolean-as-number", int(value)
        yield "boolean-as-text", json.dumps(value)
    elif value is None:
        yield "null-text", "null"
    elif isinstance(value, list):
        yield from (("one-more", [*value, None]), ("one-fewer", value[:-1]), ("reversed", value[::-1]))
    elif isinstance(value, dict):
        yield "one-more", {**value, "contracts_new_field": None}
        yield "one-fewer", dict(list(value.items())[:-1])


_GLYPHS: Final = str.maketrans(
    {"a": "\u0430", "e": "\u0435", "o": "\u043e", "c": "\u0441", "p": "\u0440", "A": "\u0410", "E": "\u0415"}
)


def _inside(domain: Domain) -> Iterator[Break]:
    if isinstance(domain, Number):
        yield from _numbers(domain)
    elif isinstance(domain, Text):
        yield from _texts(domain)
    elif isinstance(domain, Array):
        yield from _arrays(domain)
    elif isinstance(domain, Object):
        yield from _objects(domain)


def _numbers(domain: Number) -> Iterator[Break]:
    for bound, word, outward, is_open in (
        (domain.low, "inimum", -1, domain.low_open),
        (domain.high, "aximum", 1, domain.high_open),
    ):
        if bound is None:
            continue
        keyword = f"exclusiveM{word}" if is_open else f"m{word}"
        if is_open:
            yield Break(keyword, "at-bound", to(numbers.spelled(bound)))
        step = domain.step or 1
        beyond = (math.floor if outward < 0 else math.ceil)(bound / step) * step
        first = beyond if beyond != bound else beyond + outward * step
        yield Break(keyword, "one-beyond", to(numbers.spelled(Fraction(first))))
        yield Break(keyword, "far-beyond", to(numbers.spelled(Fraction(beyond + outward * step * 10**6))))
        if not domain.integer and domain.step is None:
            yield Break(keyword, "just-beyond", to(numbers.next_to(numbers.spelled(bound), outward)))
    if domain.step is not None:
        for value in [value for _, value in numbers.classes(domain)][:4]:
            for variant, part in (("one-off", Fraction(1)), ("half-step", domain.step / 2)):
                yield Break("multipleOf", variant, to(numbers.spelled(exact(value) + part)))
            yield Break("multipleOf", "just-off", to(numbers.next_to(value, 1)))
    for name in domain.formats:
        yield from (Break("format", variant, to(value)) for variant, value in _out_of_range(name))


def _out_of_range(name: str) -> Iterator[tuple[str, Json]]:
    low, high = NUMBER_FORMATS[name]
    whole = name.startswith("int")
    yield f"below-{name}", int(low) - 1 if whole else int(low) * 10
    yield f"above-{name}", int(high) + 1 if whole else int(high) * 10
    if whole:
        yield f"half-{name}", 1.5
        yield f"unsigned-{name}", int(high) * 2 + 1
    elif name == "float":
        yield f"just-above-{name}", math.nextafter(high, math.inf)


def _texts(domain: Text) -> Iterator[Break]:
    if domain.low:
        for filler in ("y", "1", "A", "-"):
            yield Break("minLength", "one-short", to(filler * (domain.low - 1)))
        yield from (Break("minLength", "one-short", to(made)) for made in _sized(domain, domain.low - 1))
    if domain.high is not None and domain.high < 100_000:
        for filler in ("y", "1", "A", "-", "\U0001f680"):
            yield Break("maxLength", "one-long", to(filler * (domain.high + 1)))
        yield from (Break("maxLength", "one-long", to(made)) for made in _sized(domain, domain.high + 1))
    for name in domain.formats:
        yield from (Break("format", variant, to(value)) for variant, value in BROKEN.get(name, ()))
    if domain.patterns:
        yield from _patterns(domain)


def _sized(domain: Text, length: int) -> Iterator[str]:
    for pattern in domain.patterns:
        try:
            yield from (value for value in samples(pattern) if len(value) == length)
            yield from (value[:length] for value in samples(pattern) if len(value) > length)
        except GenerationError:
            continue


def _patterns(domain: Text) -> Iterator[Break]:
    good: list[str] = []
    for pattern in domain.patterns:
        try:
            good += [value for value in samples(pattern) if domain.low <= len(value)][:6]
        except GenerationError:
            continue
    for value in good:
        for variant, broken in _altered(value):
            yield Break("pattern", variant, to(broken))
    yield from (Break("pattern", variant, to(value)) for variant, value in TEXT)


def _altered(value: str) -> Iterator[tuple[str, str]]:
    yield "trailing-newline", f"{value}\n"
    yield "trailing-space", f"{value} "
    yield "leading-space", f" {value}"
    yield "other-case", value.swapcase()
    yield "cut", value[:-1]
    yield "inner-space", f"{value[:1]} {value[2:]}"
    yield "foreign-letter", f"{value[:-1]}\u00e9"
    yield "foreign-digit", f"{value[:-1]}\u0661"


def _arrays(domain: Array) -> Iterator[Break]:
    if domain.low:
        yield Break("minItems", "one-short", lambda good: good[: domain.low - 1])
    if domain.high is not None:
        yield Break("maxItems", "one-long", lambda good: _stretched(good, (domain.high or 0) + 1))
        yield Break(
            "maxItems", "one-long", lambda good: [*good, *range(7919, 7920 + (domain.high or 0) - len(good))]
        )
        yield Break(
            "maxItems", "one-long", lambda good: [*good, *map(str, range((domain.high or 0) + 1 - len(good)))]
        )
    if domain.unique:
        yield from (Break("uniqueItems", variant, edit) for variant, edit in _TWICE)


def _stretched(good: list[Json], length: int) -> list[Json]:
    return (good * (length // len(good) + 1))[:length] if good else [None] * length


def _twice(good: list[Json]) -> list[Json]:
    return [*good[:-1], good[0]] if len(good) > 1 else [*good, *good[:1]]


def _twice_respelled(good: list[Json]) -> list[Json]:
    """Repeat an item that JSON takes for equal though it is not written the same."""
    for item in good:
        if isinstance(item, dict) and len(item) > 1:
            return [*good, dict(reversed(item.items()))]
        if type_of(item) == "number" and abs(item) < 2**53 and item == int(item):
            return [*good, int(item) if isinstance(item, float) else float(item)]
    raise IndexError


_TWICE: Final[tuple[tuple[str, Edit], ...]] = (
    ("repeated", _twice),
    ("one-more", lambda good: [*good, good[-1]]),
    ("other-spelling", _twice_respelled),
)


def _objects(domain: Object) -> Iterator[Break]:
    for name in sorted(domain.required):
        yield Break("required", name, _lacking(name), name)
    for name, implied in domain.implied:
        for other in implied:
            yield Break("dependentRequired", f"{name}-without-{other}", _lacking(other), other)
    if domain.low > len(domain.required):
        yield Break("minProperties", "one-short", lambda good: _fewer(good, domain))
    if domain.high is not None:
        yield Break("maxProperties", "one-more", lambda good: _fuller(good, domain.high or 0))


def _fewer(good: dict[str, Json], domain: Object) -> dict[str, Json]:
    """Keep one property fewer than must be there, the required ones among them."""
    kept = sorted(good, key=lambda name: name not in domain.required)[: domain.low - 1]
    return {name: value for name, value in good.items() if name in kept}


def _fuller(good: dict[str, Json], high: int) -> dict[str, Json]:
    return {**good, **{f"contracts_{n}": n for n in range(high + 1 - len(good))}}


def _lacking(name: str) -> Edit:
    return lambda good: {key: value for key, value in good.items() if key != name}
