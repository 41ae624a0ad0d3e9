"""The smallest value that a schema allows, built straight from its facts.

What cannot be built (a cycle of required keys, a pattern and a length that exclude each other) is
`Impossible`; what is built is checked by an engine before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Final

from contracts.drift.schemas import KINDS, Alt, SchemaPlace, Schemas, slot
from contracts.errors import GenerationError
from contracts.model import Json

MAX_DEPTH: Final = 40
MAX_ITEMS: Final = 2000
MAX_TEXT: Final = 100_000
MAX_NODES: Final = 20_000
SAMPLES: Final = {
    "date-time": "2020-01-01T00:00:00Z",
    "date": "2020-01-01",
    "time": "00:00:00Z",
    "duration": "P1D",
    "email": "a@example.com",
    "idn-email": "a@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com",
    "url": "https://example.com",
    "uri-reference": "/a",
    "iri": "https://example.com",
    "iri-reference": "/a",
    "uri-template": "/{a}",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "json-pointer": "/a",
    "relative-json-pointer": "0",
    "regex": "a",
    "byte": "AAAA",
    "base64": "AAAA",
}


class Impossible(Exception):
    """No value was found."""


class Smallest:
    """Builds small values for the schemas of one document; memoised by place."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self._known: dict[SchemaPlace, Json] = {}
        self._open: set[SchemaPlace] = set()
        self._weights: dict[int, int] = {}

    def value(self, place: SchemaPlace) -> Json:
        """Build a value for the schemas at a place; Impossible when none was found."""
        if place in self._known:
            return self._known[place]
        if place in self._open or len(self._open) > MAX_DEPTH:
            raise Impossible
        self._open.add(place)
        try:
            value = self._any(self.schemas.shape(place).kinds)
        finally:
            self._open.discard(place)
        if self._weigh(value) > MAX_NODES:
            raise Impossible
        self._known[place] = value
        return value

    def _weigh(self, value: Json) -> int:
        """Count the nodes of a value; what was built before is known by identity."""
        if not isinstance(value, dict | list):
            return 1
        known = self._weights.get(id(value))
        if known is None:
            known = 1 + sum(map(self._weigh, value.values() if isinstance(value, dict) else value))
            self._weights[id(value)] = known
        return known

    def _any(self, kinds: Mapping[str, tuple[Alt, ...]]) -> Json:
        untyped = len(kinds) == len(KINDS)  # what is meant is the type that something is said of
        for kind in sorted(KINDS, key=lambda k: untyped and not any(alt.facts for alt in kinds[k])):
            for alt in kinds.get(kind, ()):
                found = next(self.options(kind, alt), _NOTHING)
                if found is not _NOTHING:
                    return found
        raise Impossible

    def options(self, kind: str, alt: Alt, **more: Any) -> Iterator[Json]:
        """Yield small values of one alternative, the smallest first; `more` facts hold too."""
        facts = {**alt.facts, **more}
        if "enum" in facts:
            yield from facts["enum"].values()
            return
        try:
            yield from _BUILDERS[kind](self, facts)
        except Impossible:
            return

    def whole(
        self, facts: Mapping[str, Any], given: Mapping[str, Json], without: Iterable[str] = ()
    ) -> dict[str, Json]:
        """Build an object with the given keys and what else it needs, but for some."""
        found = dict(given)
        needed = list(facts.get("required", ()))
        rules = facts.get("dependentRequired", {})
        for name in given:
            needed += rules.get(name, ())
        needed.sort()
        while needed:
            name = needed.pop(0)
            if name not in found and name not in without:
                found[name] = self.value(self.of(facts, name))
                needed += sorted(rules.get(name, ()))
        self._fill(facts, found, set(without))
        return {name: found[name] for name in sorted(found)}

    def of(self, facts: Mapping[str, Any], name: str) -> SchemaPlace:
        """Give the schemas that bind a key of an object."""
        declared: SchemaPlace | None = facts.get("properties", {}).get(name)
        return slot(facts, name) if declared is None else declared

    def _fill(self, facts: Mapping[str, Any], found: dict[str, Json], without: set[str]) -> None:
        if len(found) >= facts.get("minProperties", 0):
            return
        spare = chain(sorted(facts.get("properties", ())), (f"k{i}" for i in range(MAX_ITEMS)))
        while len(found) < facts.get("minProperties", 0):
            name = next(spare, None)
            if name is None:
                raise Impossible
            if name not in found and name not in without:
                try:
                    found[name] = self.value(self.of(facts, name))
                except Impossible:
                    continue

    def listed(
        self, facts: Mapping[str, Any], count: int, given: Mapping[int, Json] | None = None
    ) -> list[Json]:
        """Build a list of a length, some of its items given."""
        if count > MAX_ITEMS:
            raise Impossible
        prefix, rest = facts.get("prefixItems", ()), facts.get("items", ())
        items: list[Json] = []
        for index in range(count):
            if given and index in given:
                items.append(given[index])
            else:
                items.append(self._item(facts, prefix[index] if index < len(prefix) else rest, items))
        return items

    def _item(self, facts: Mapping[str, Any], place: SchemaPlace, before: list[Json]) -> Json:
        if not facts.get("uniqueItems"):
            return self.value(place)
        for kind, alts in self.schemas.shape(place).kinds.items():
            for alt in alts:
                for value in islice(self.options(kind, alt), 50):
                    if value not in before:
                        return value
                if kind in {"string", "number"}:
                    for value in self._distinct(kind, alt, len(before)):
                        if value not in before:
                            return value
        raise Impossible

    def _distinct(self, kind: str, alt: Alt, size: int) -> Iterator[Json]:
        for step in range(size + 1):
            if kind == "number":
                yield from self.options(kind, alt, low=(step, 0))
            else:
                yield from self.options(kind, alt, minLength=max(step, alt.facts.get("minLength", 0)))


_NOTHING: Final = object()


def _null(_: Smallest, __: Mapping[str, Any]) -> Iterator[Json]:
    yield None


def _boolean(_: Smallest, __: Mapping[str, Any]) -> Iterator[Json]:
    yield from (False, True)


def _number(_: Smallest, facts: Mapping[str, Any]) -> Iterator[Json]:
    low, high = facts.get("low"), facts.get("high")
    starts: list[Json] = [0, 1, -1, 0.5]
    for end, sign in ((low, 1), (high, -1)):
        if end:
            starts += [end[0], end[0] + sign, end[0] + sign / 2]
    if low and high:
        starts.append((low[0] + high[0]) / 2)
    for step in sorted(facts.get("multipleOf", ())):
        near = (low or high or (0, 0))[0]
        starts += [step * round(near / step + offset) for offset in (0, 1, -1)]
    for value in starts:
        plain = int(value) if isinstance(value, float) and value.is_integer() else value
        if _inside(facts, plain):
            yield plain


def _inside(facts: Mapping[str, Any], value: float) -> bool:
    from contracts.drift.schemas import fits

    return fits(facts, value) and all((value / step).is_integer() for step in facts.get("multipleOf", ()))


def _string(_: Smallest, facts: Mapping[str, Any]) -> Iterator[Json]:
    least, most = facts.get("minLength", 0), facts.get("maxLength", MAX_TEXT)
    if least > MAX_TEXT or least > most:
        return
    patterns, formats = sorted(facts.get("pattern", ())), sorted(facts.get("format", ()))
    for text in _texts(patterns, formats, least):
        if least <= len(text) <= most and matches(text, patterns, formats):
            yield text


def _texts(patterns: list[str], formats: list[str], least: int) -> Iterator[str]:
    if not patterns:
        yield "" if not formats and not least else "a" * least
    for name in formats:
        sample = SAMPLES.get(name, "")
        yield sample
        if name in {"uri", "url", "iri", "uri-reference", "iri-reference"}:
            yield sample + "/" + "a" * max(least - len(sample) - 1, 0)
        if name in {"email", "idn-email"}:
            yield "a@" + "a." * max((least - 9) // 2, 0) + "example.com"
        if name == "date-time":
            yield "2020-01-01T00:00:00." + "0" * max(least - 21, 1) + "Z"
    for pattern in patterns:
        made = samples(pattern)
        yield from made
        for text in made:
            yield from (
                text + text[-1:] * max(least - len(text), 0),
                text[:1] * max(least - len(text), 0) + text,
            )
    yield from ("a" * max(least, 1), "A" * max(least, 1), "0" * max(least, 1))


@lru_cache(maxsize=1024)
def samples(pattern: str) -> tuple[str, ...]:
    """Give some texts that a pattern describes, the shortest first; none if it cannot be read."""
    from contracts.generate import pattern_samples

    try:
        made = list(islice(pattern_samples(pattern, rounds=8), 24))
    except GenerationError:
        return ()
    return tuple(sorted(dict.fromkeys(made), key=lambda text: (len(text), text)))


def matches(text: str, patterns: Iterable[str], formats: Iterable[str]) -> bool:
    """Whether a text has these patterns and, as far as they are checked, these formats."""
    if patterns:
        from contracts.patterns import search, usable

        if not all(usable(pattern) and search(pattern, text) for pattern in patterns):
            return False
    if formats:
        from contracts.schema import FORMATS

        return all(name not in FORMATS or FORMATS[name](text) for name in formats)
    return True


def _array(small: Smallest, facts: Mapping[str, Any]) -> Iterator[Json]:
    wanted = facts.get("contains")
    given = {i: small.value(wanted[0]) for i in range(wanted[1])} if wanted else {}
    yield small.listed(facts, max(facts.get("minItems", 0), len(given)), given)


def _object(small: Smallest, facts: Mapping[str, Any]) -> Iterator[Json]:
    yield small.whole(facts, {})


_BUILDERS: Final[dict[str, Any]] = {
    "null": _null,
    "boolean": _boolean,
    "number": _number,
    "string": _string,
    "array": _array,
    "object": _object,
}
