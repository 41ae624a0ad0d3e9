"""Values that break one keyword: what lies just outside a domain, with the keyword that should object."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from contracts.errors import GenerationError
from contracts.generate import numbers
from contracts.generate.broken import BROKEN
from contracts.generate.domains import TYPES, Array, Domain, Number, Object, Text, Values, exact, type_of
from contracts.generate.ecma import samples
from contracts.generate.words import TEXT
from contracts.model import Json
from contracts.validate.formats import NUMBER_FORMATS

Edit = Callable[[Json], Json]
_MISSING: Final = object()


class Break(NamedTuple):
    """One way to break a value: the keyword meant, the variant, and the broken value made from the good one.

    `key` names the property that is missing or too much; the fault is expected there.
    """

    keyword: str
    variant: str
    edit: Edit
    key: str | None = None


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


def breaks(domains: tuple[Domain, ...], *, root: bool = False) -> Iterator[Break]:
    """Yield every way to break a place that allows these domains."""
    kinds = {domain.kind for domain in domains}
    if "any" not in kinds and kinds != set(TYPES):
        yield from _types(domains, kinds)
    members = [value for domain in domains if isinstance(domain, Values) for value in domain.values]
    if any(isinstance(value, str) for value in members) and not any(
        isinstance(domain, Text) for domain in domains
    ):
        yield from _members([value for value in members if isinstance(value, str)])
    elif any(isinstance(value, int | float) and not isinstance(value, bool) for value in members):
        yield from (Break("enum", f"number-{n}", to(n)) for n in (-7919, 7919))
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
    whole = [domain for domain in domains if isinstance(domain, Number)]
    if whole and all(domain.integer for domain in whole):
        yield from (
            Break("type", name, to(value))
            for name, value in (("half", 1.5), ("tenth", 0.1), ("half-many", 50.5))
        )


def _members(words: list[str]) -> Iterator[Break]:
    yield Break("enum", "unknown-word", to("contracts_unknown"))
    for word in words[:2]:
        yield Break("enum", "upper-case", to(word.upper()))
        yield Break("enum", "lower-case", to(word.lower()))
        yield Break("enum", "title-case", to(word.title()))
        yield Break("enum", "trailing-space", to(f"{word} "))
        yield Break("enum", "plural", to(f"{word}s"))
        yield Break("enum", "hyphen", to(word.replace("_", "-") if "_" in word else f"{word}-"))
        yield Break("enum", "similar-glyph", to(word.translate(_GLYPHS)))
    yield Break("enum", "empty", to(""))
    yield Break("enum", "null-text", to("null"))


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
        yield Break(keyword, "one-beyond", to(numbers.spelled(Fraction(beyond + outward * step))))
        yield Break(keyword, "far-beyond", to(numbers.spelled(Fraction(beyond + outward * step * 10**6))))
        if not domain.integer and domain.step is None:
            yield Break(keyword, "just-beyond", to(math.nextafter(float(bound), math.inf * outward)))
    if domain.step is not None:
        inside = [value for _, value in numbers.classes(domain)][:4]
        for value in inside:
            for part in (Fraction(1), domain.step / 2, domain.step / 4):
                yield Break("multipleOf", "between-steps", to(numbers.spelled(exact(value) + part)))
    for name in domain.formats:
        low, high = NUMBER_FORMATS[name]
        yield Break("format", f"below-{name}", to(int(low) - 1 if name.startswith("int") else int(low) * 10))
        yield Break(
            "format", f"above-{name}", to(int(high) + 1 if name.startswith("int") else int(high) * 10)
        )


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
        for variant, broken in _bent(value):
            yield Break("pattern", variant, to(broken))
    yield from (Break("pattern", variant, to(value)) for variant, value in TEXT)


def _bent(value: str) -> Iterator[tuple[str, str]]:
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
        yield Break(
            "uniqueItems",
            "repeated",
            lambda good: [*good[:-1], good[0]] if len(good) > 1 else [*good, *good[:1]],
        )
    for rule in domain.contains:
        if rule.low:
            yield Break("contains", "none", to([None, 7919, "contracts_unknown"][: max(1, domain.low)]))
        if rule.low > 1:
            yield Break("minContains", "one-short", lambda good, low=rule.low: good[: low - 1])  # type: ignore[misc]
        if rule.high is not None:
            yield Break("maxContains", "one-more", lambda good: good * 4)


def _stretched(good: list[Json], length: int) -> list[Json]:
    return (good * (length // len(good) + 1))[:length] if good else [None] * length


def _objects(domain: Object) -> Iterator[Break]:
    for name in sorted(domain.required):
        yield Break("required", name, _lacking(name), name)
    for variant, name in (
        ("new-field", "contracts_new_field"),
        ("empty-name", ""),
        ("odd-name", "x y\u00e9"),
    ):
        yield Break("additionalProperties", variant, lambda good, name=name: {**good, name: 1}, name)  # type: ignore[misc]
    for name, others in domain.implied:
        for other in others:
            yield Break("dependentRequired", f"{name}-without-{other}", _lacking(other), other)
    if domain.low > len(domain.required):
        yield Break("minProperties", "one-short", lambda good: dict(list(good.items())[: domain.low - 1]))
    if domain.high is not None:
        yield Break(
            "maxProperties",
            "one-more",
            lambda good: {**good, **{f"contracts_{n}": n for n in range((domain.high or 0) + 1 - len(good))}},
        )


def _lacking(name: str) -> Edit:
    return lambda good: {key: value for key, value in good.items() if key != name}
