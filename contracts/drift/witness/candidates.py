"""Values that may show a change: the sender allows them, the receiver does not expect them.

The change says what differs, so most values are built straight from it; a few general probes follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from contracts.drift.change import Change
from contracts.drift.schemas import NEVER, Alt, NormalSchema, SchemaPlace, Schemas, conjoin
from contracts.drift.witness.smallest import SAMPLES, Impossible, Smallest, samples
from contracts.model import Json
from contracts.spec import PARTS, Shape, holding

_TEXTS: Final = ("", "a", " ", "A", "0", "!", "é", "-1", "a b", "aa", *sorted(set(SAMPLES.values())))
_PROBES: Final[tuple[Json, ...]] = (
    None,
    False,
    0,
    -1,
    0.5,
    10**10,
    *_TEXTS,
    [],
    [None],
    [0],
    [""],
    {},
    {"k": None},
    {"k": ""},
    {"k": 0},
)
_KIND_OF: Final = {
    **dict.fromkeys(("minLength", "maxLength", "pattern"), ("string",)),
    "format": ("string", "number"),
    **dict.fromkeys(("low", "high", "multipleOf", "integer"), ("number",)),
    **dict.fromkeys(
        ("minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"), ("array",)
    ),
}


class Parties:
    """The two schemas that a change is between, as sender and receiver."""

    def __init__(self, sender: Schemas, receiver: Schemas, small: Smallest) -> None:
        self.sender, self.receiver, self.small = sender, receiver, small


def candidates_for(
    sides: Parties,
    change: Change,
    sender: NormalSchema,
    receiver: NormalSchema,
    alts: tuple[str, int, int] | None,
) -> Iterator[Json]:
    """Yield values for the place of the change, the most telling first; `alts` if one of several is meant."""
    if change.kind == "alternative":  # a value of another one would show another one
        for alt in sender.kinds.get(change.trait, ()):
            if alt.origin == (change.revision_at or change.base_at):
                yield from sides.small.options(change.trait, alt)
                yield from _full(sides, alt.facts) if change.trait == "object" else ()
        return
    pairs = list(_pairs(change, sender, receiver, alts))
    for kind, alt, other in pairs:
        yield from _built(sides, change, kind, alt, other)
    if change.kind in {
        "type",
        "null",
        "integer",
        "overlap",
        "enum",
        "enum-set",
        "enum-renamed",
    }:
        yield from _by_kind(sides, change, sender, receiver)
    for kind, alt, other in pairs:
        yield from _asked(sides, kind, alt, other)
        if kind == "object":
            yield from _objects(sides, alt, other)
    yield from _PROBES


def _pairs(
    change: Change, sender: NormalSchema, receiver: NormalSchema, alts: tuple[str, int, int] | None
) -> Iterator[tuple[str, Alt, Alt]]:
    nothing = Alt({})
    if alts:
        kind, first, second = alts
        yield kind, sender.kinds[kind][first], receiver.kinds[kind][second]
        return
    for kind in _KIND_OF.get(change.kind, ("object", "string", "number", "array", "boolean")):
        for alt in sender.kinds.get(kind, ()):
            yield kind, alt, next(iter(receiver.kinds.get(kind, ())), nothing)


def _by_kind(sides: Parties, change: Change, sender: NormalSchema, receiver: NormalSchema) -> Iterator[Json]:
    if change.kind in {"enum", "enum-renamed"}:
        yield from (change.revision, change.base)
    for kind, alts in sender.kinds.items():
        if kind not in receiver.kinds:
            for alt in alts:
                yield from sides.small.options(kind, alt)
    yield from _joined(sides, sender.kinds.get("object", ()))
    for kind, alts in sender.kinds.items():
        for alt in alts:
            yield from sides.small.options(kind, alt)
            if kind == "object":
                yield from _full(sides, alt.facts)


def _joined(sides: Parties, alts: tuple[Alt, ...]) -> Iterator[Json]:
    """Build one object that has what each of two alternatives asks for."""
    small = [next(sides.small.options("object", alt), None) for alt in alts[:8]]
    found = [one for one in small if isinstance(one, dict)]
    yield from ({**first, **second} for index, first in enumerate(found) for second in found[index + 1 :])


def _built(sides: Parties, change: Change, kind: str, alt: Alt, other: Alt) -> Iterator[Json]:
    """Build by the kind of change; nothing when the kind is not one of a single fact."""
    build = _BY_FACT.get(change.kind)
    if build is not None:
        try:
            yield from build(sides, change, kind, alt, other.facts)
        except (Impossible, ArithmeticError):
            return


def _short(sides: Parties, _: Change, kind: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    yield from sides.small.options(kind, alt, maxLength=other.get("minLength", 1) - 1)


def _long(sides: Parties, _: Change, kind: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    yield from sides.small.options(kind, alt, minLength=other["maxLength"] + 1 if "maxLength" in other else 1)


def _below(sides: Parties, _: Change, kind: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    end = other["low"]
    yield from sides.small.options(kind, alt, high=(end[0], 0 if end[1] else -1))


def _above(sides: Parties, _: Change, kind: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    end = other["high"]
    yield from sides.small.options(kind, alt, low=(end[0], 0 if end[1] else 1))


def _stepped(sides: Parties, _: Change, kind: str, alt: Alt, __: Mapping[str, Any]) -> Iterator[Json]:
    for low in (None, 1, 2, 3, 5, 7, 11, 0.1, 0.5):
        yield from sides.small.options(kind, alt, **({} if low is None else {"low": (low, 0)}))


def _text(sides: Parties, _: Change, kind: str, alt: Alt, __: Mapping[str, Any]) -> Iterator[Json]:
    yield from sides.small.options(kind, alt)
    for count in (1, 2, 3, 8, 40):
        yield from sides.small.options(kind, alt, minLength=max(count, alt.facts.get("minLength", 0)))
    yield from _TEXTS


def _wide(sides: Parties, change: Change, kind: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    if kind == "number" or change.trait == "width":
        yield from (2**31, 2**63, -(2**31) - 1, 2.0**40 + 0.5, 1e300, 0.1)
        yield from _stepped(sides, change, kind, alt, other)
    yield from _text(sides, change, kind, alt, other)


def _fewer(sides: Parties, _: Change, __: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    yield sides.small.listed(alt.facts, max(other.get("minItems", 1) - 1, alt.facts.get("minItems", 0)))


def _more(sides: Parties, _: Change, __: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    yield sides.small.listed(alt.facts, other["maxItems"] + 1)


def _twice(sides: Parties, _: Change, __: str, alt: Alt, ___: Mapping[str, Any]) -> Iterator[Json]:
    yield sides.small.listed(alt.facts, max(2, alt.facts.get("minItems", 0)))


def _contained(sides: Parties, _: Change, __: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    yield from sides.small.options("array", alt)
    for schemas, facts in ((sides.receiver, other), (sides.sender, alt.facts)):
        wanted = facts.get("contains")
        if wanted:
            item = Smallest(schemas).value(wanted[0])
            for count in range(1, (wanted[2] or wanted[1]) + 3):
                yield [item] * count
    for probe in _PROBES:
        yield [probe]


def _bare(sides: Parties, change: Change, _: str, alt: Alt, __: Mapping[str, Any]) -> Iterator[Json]:
    yield sides.small.whole(alt.facts, {})
    yield sides.small.whole(alt.facts, {}, without=(change.name,))


def _held(sides: Parties, change: Change, _: str, alt: Alt, __: Mapping[str, Any]) -> Iterator[Json]:
    """Send the key that the change is about."""
    yield sides.small.whole(alt.facts, {change.name: _own(sides, alt.facts, change.name)})


def _keyed(sides: Parties, change: Change, _: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    """Send keys that nobody declared, of the form the change is about if it names one."""
    names = [
        "k",
        "K",
        "0",
        "",
        " ",
        "x-k",
        "k k",
        *_named(sides.sender, alt),
        *_named(sides.receiver, Alt(other)),
    ]
    if change.kind == "patternProperties":
        names = [*samples(change.name)[:6], *names]
    for name in names:
        if name in alt.facts.get("properties", {}):
            continue
        for probe in (_own(sides, alt.facts, name), *_PROBES[:12]):
            yield sides.small.whole(alt.facts, {name: probe})


def _named(schemas: Schemas, alt: Alt) -> Iterator[str]:
    """Invent keys around what `propertyNames` says: allowed ones, longer ones."""
    for one in schemas.shape(alt.facts.get("propertyNames", NEVER)).kinds.get("string", ()):
        small = Smallest(schemas)
        yield from small.options("string", one)
        yield "k" * min(one.facts.get("maxLength", 40) + 1, 400)


def _own(sides: Parties, facts: Mapping[str, Any], name: str) -> Json:
    return sides.small.value(sides.small.of(facts, name))


def _one(sides: Parties, facts: Mapping[str, Any], name: str) -> Iterator[Json]:
    """Build a value of a key, if that can be."""
    try:
        yield _own(sides, facts, name)
    except Impossible:
        return


def _many_keys(sides: Parties, _: Change, __: str, alt: Alt, other: Mapping[str, Any]) -> Iterator[Json]:
    yield sides.small.whole({**alt.facts, "minProperties": other["maxProperties"] + 1}, {})


_BY_FACT: Final[dict[str, Any]] = {
    "minLength": _short,
    "maxLength": _long,
    "pattern": _text,
    "format": _wide,
    "low": _below,
    "high": _above,
    "multipleOf": _stepped,
    "integer": _stepped,
    "enum-set": _text,
    "minItems": _fewer,
    "maxItems": _more,
    "uniqueItems": _twice,
    **dict.fromkeys(("contains", "minContains", "maxContains"), _contained),
    **dict.fromkeys(
        (
            "required",
            "required-property",
            "required-property-gone",
            "property-renamed",
            "property-moved",
            "hidden",
            "minProperties",
        ),
        _bare,
    ),
    **dict.fromkeys(("property", "property-gone", "dependentRequired"), _held),
    **dict.fromkeys(("additional", "patternProperties", "propertyNames"), _keyed),
    "maxProperties": _many_keys,
}


def _whole(
    sides: Parties, facts: Mapping[str, Any], given: Mapping[str, Json], without: Iterable[str] = ()
) -> Iterator[Json]:
    """Build one object around given keys, if that can be."""
    try:
        yield sides.small.whole(facts, given, without)
    except Impossible:
        return


def _full(sides: Parties, facts: Mapping[str, Any]) -> Iterator[Json]:
    """Build the object with each optional key alone, and with all of them."""
    every: dict[str, Json] = {}
    for name in sorted(facts.get("properties", {})):
        for value in _one(sides, facts, name):
            every[name] = value
            yield from _whole(sides, facts, {name: value})
    if len(every) > 1:
        yield from _whole(sides, facts, every)


def _objects(sides: Parties, alt: Alt, other: Alt) -> Iterator[Json]:
    """Build objects around the values that conditions on either side mention."""
    yield from _full(sides, alt.facts)
    for schemas, facts in ((sides.sender, alt.facts), (sides.receiver, other.facts)):
        for name, value in _mentioned(schemas, facts):
            for without in ((), alt.facts.get("properties", {}).keys() - {name}):
                yield from _whole(sides, alt.facts, {name: value}, without)
    yield from _dependent(sides, alt, other)


def _asked(sides: Parties, kind: str, alt: Alt, other: Alt) -> Iterator[Json]:
    """Build what is excluded and what conditions ask about on either side, within the sender's bounds."""
    for schemas, facts in ((sides.receiver, other.facts), (sides.sender, alt.facts)):
        small = Smallest(schemas)
        for place in _conditions(schemas, facts):
            for one in schemas.shape(place).kinds.get(kind, ()):
                both = conjoin(kind, alt.facts, one.facts) if kind in {"string", "number"} else one.facts
                for value in islice(small.options(kind, Alt(both or {"enum": {}})), 8):
                    yield value
                    if isinstance(value, dict):
                        yield from _whole(sides, alt.facts, value)


def _conditions(schemas: Schemas, facts: Mapping[str, Any]) -> Iterator[SchemaPlace]:
    yield from ((pointer,) for pointer in sorted(facts.get("not", ())))
    for pointer in sorted(facts.get("if", ())):
        yield (f"{pointer}/if",)
        if "then" in schemas.raw(pointer):
            yield (f"{pointer}/if", f"{pointer}/then")


def _dependent(sides: Parties, alt: Alt, other: Alt) -> Iterator[Json]:
    """Send a key that binds the object, beside what either side's schema asks for then."""
    asked: list[tuple[str, Mapping[str, Json]]] = []
    for name, place in sorted(alt.facts.get("dependentSchemas", {}).items()):
        for one in sides.sender.shape(place).kinds.get("object", ()):
            asked += ((name, value) for value in sides.small.options("object", one))
    for name, place in sorted(other.facts.get("dependentSchemas", {}).items()):
        for pointer in place:
            asked += ((name, {key: v}) for key, v in _constants(sides.receiver.raw(pointer), 0))
    for name, beside in asked:
        for value in _one(sides, alt.facts, name):
            yield from _whole(sides, alt.facts, {name: value, **beside})


def _mentioned(schemas: Schemas, facts: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    places: list[SchemaPlace] = [(p,) for fact in ("not", "if") for p in sorted(facts.get(fact, ()))]
    places += [place for _, place in sorted(facts.get("dependentSchemas", {}).items())]
    for place in places:
        for pointer in place:
            yield from _constants(schemas.raw(pointer), 0)
    for name in sorted(facts.get("dependentSchemas", {})):
        yield from ((name, probe) for probe in _PROBES[:12])


def _constants(raw: Json, depth: int) -> Iterator[tuple[str, Json]]:
    """Find the keys, with the values, that a condition looks for."""
    if not isinstance(raw, dict) or depth > 8:
        return
    held = raw.get("properties")
    for name, schema in held.items() if isinstance(held, dict) else ():
        if isinstance(schema, dict):
            values = [schema["const"]] if "const" in schema else schema.get("enum", [])
            yield from ((name, value) for value in (values if isinstance(values, list) else []))
        yield from ((name, probe) for probe in _PROBES[:8])
    for key in holding(Shape.ONE, same=True):
        yield from _constants(raw.get(key), depth + 1)
    for key in PARTS:
        for member in raw.get(key, ()) if isinstance(raw.get(key), list) else ():
            yield from _constants(member, depth + 1)
