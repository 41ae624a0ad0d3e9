"""Two alternatives for one JSON type, fact by fact: what differs, and which sub-schemas to compare next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from contracts.drift.change import Change, Sense
from contracts.drift.schemas.alternatives import Alt
from contracts.drift.schemas.edges import ANY, Edge, Sides
from contracts.drift.schemas.facts import fits
from contracts.drift.schemas.objects import compare_objects
from contracts.drift.schemas.shape import Schemas

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME
# Formats whose values all belong to the other one too (RFC 3986, 3987, 5890, 6531).
WITHIN: Final = {
    "int32": ("int64", "double"),
    "float": ("double",),
    "uri": ("uri-reference", "iri", "iri-reference"),
    "uri-reference": ("iri-reference",),
    "iri": ("iri-reference",),
    "email": ("idn-email",),
    "hostname": ("idn-hostname",),
}


def compare_alts(sides: Sides, kind: str, base: Alt, revision: Alt) -> Iterator[Change | Edge]:
    """Yield the differences of two alternatives for one type, and the sub-schemas to compare next."""
    b, r = base.facts, revision.facts
    where = (base.origin, revision.origin)
    if "enum" in b or "enum" in r:
        yield from (_at(change, where) for change in _enum(b, r))
    else:
        said = b.keys() | r.keys()
        for fact in [fact for fact in _DIFFER if fact in said]:
            old, new = b.get(fact), r.get(fact)
            if old != new:
                yield from (_at(change, where) for change in _DIFFER[fact](fact, old, new))
        if kind == "object":
            yield from compare_objects(sides, base, revision)
        elif kind == "array":
            yield from _array(b, r)
            yield from (_at(change, where) for change in _contains(sides, b, r))
    for fact in ("not", "if"):
        if fact in b or fact in r:
            yield from (_at(change, where) for change in _opaque(sides, fact, b, r))


def _at(change: Change, where: tuple[str, str]) -> Change:
    return change.between(*where)


def _enum(b: Mapping[str, Any], r: Mapping[str, Any]) -> Iterator[Change]:
    old, new = b.get("enum"), r.get("enum")
    if old is None and new is not None:
        crossed = not all(fits(b, value) for value in new.values())
        yield Change("enum-set", CROSSED if crossed else NARROWER, revision=list(new.values()))
    elif old is None or new is None:
        crossed = not all(fits(r, value) for value in (old or {}).values())
        yield Change("enum-set", CROSSED if crossed else WIDER, base=list((old or {}).values()))
    elif old.keys().isdisjoint(new):
        yield Change("enum-set", CROSSED, list(old.values()), list(new.values()))
    else:
        for key, value in old.items():
            if key not in new:
                yield Change("enum", NARROWER, base=value, name=key)
        for key, value in new.items():
            if key not in old:
                yield Change("enum", WIDER, revision=value, name=key)


def _least(fact: str, old: Any, new: Any) -> Iterator[Change]:
    if (old or 0) != (new or 0):
        yield Change(fact, NARROWER if (new or 0) > (old or 0) else WIDER, old, new)


def _most(fact: str, old: Any, new: Any) -> Iterator[Change]:
    wider = new is None or (old is not None and new > old)
    yield Change(fact, WIDER if wider else NARROWER, old, new, trait="stated" if old is None else "")


def _low(fact: str, old: Any, new: Any) -> Iterator[Change]:
    wider = new is None or (old is not None and new < old)
    trait = "stated" if old is None else ""
    yield Change(fact, WIDER if wider else NARROWER, old and list(old), new and list(new), trait=trait)


def _high(fact: str, old: Any, new: Any) -> Iterator[Change]:
    wider = new is None or (old is not None and new > old)
    trait = "stated" if old is None else ""
    yield Change(fact, WIDER if wider else NARROWER, old and list(old), new and list(new), trait=trait)


def _flag(fact: str, old: Any, _: Any) -> Iterator[Change]:
    yield Change(fact, WIDER if old else NARROWER)


def _sets(fact: str, old: Any, new: Any) -> Iterator[Change]:
    """Compare what must all hold: fewer of them is wider."""
    b, r = old or frozenset(), new or frozenset()
    sense = WIDER if r < b else NARROWER if b < r else CROSSED
    yield Change(fact, sense, sorted(b, key=str), sorted(r, key=str))


def _steps(fact: str, old: Any, new: Any) -> Iterator[Change]:
    b, r = old or frozenset(), new or frozenset()
    wider = all(any(_divides(step, s) for s in b) for step in r)
    narrower = all(any(_divides(step, s) for s in r) for step in b)
    if not (wider and narrower):
        yield Change(fact, WIDER if wider else NARROWER if narrower else CROSSED, sorted(b), sorted(r))


def _divides(small: float, large: float) -> bool:
    ratio = large / small
    return ratio == int(ratio)


def _format(fact: str, old: Any, new: Any) -> Iterator[Change]:
    from contracts.schema import FORMATS, NUMBER_FORMATS

    b, r = old or frozenset(), new or frozenset()
    asserted = {name for name in b | r if name in FORMATS or name in NUMBER_FORMATS}
    wider = all(any(name == f or f in WITHIN.get(name, ()) for name in b & asserted) for f in r & asserted)
    narrower = all(any(name == f or f in WITHIN.get(name, ()) for name in r & asserted) for f in b & asserted)
    sense = SAME if wider and narrower else WIDER if wider else NARROWER if narrower else CROSSED
    trait = "unasserted" if sense is SAME else "width" if asserted <= NUMBER_FORMATS.keys() else ""
    yield Change(fact, sense, sorted(b), sorted(r), trait=trait)


def _content(fact: str, old: Any, new: Any) -> Iterator[Change]:
    yield Change("content", SAME, old, new, name=fact)


def _needs(fact: str, old: Any, new: Any) -> Iterator[Change]:
    b, r = old or {}, new or {}
    for name in sorted(b.keys() | r.keys()):
        before, after = b.get(name, frozenset()), r.get(name, frozenset())
        if before != after:
            sense = WIDER if after < before else NARROWER if before < after else CROSSED
            yield Change(fact, sense, sorted(before), sorted(after), name=name)


Differ = Callable[[str, Any, Any], Iterator[Change]]
_DIFFER: Final[dict[str, Differ]] = {
    "minLength": _least,
    "maxLength": _most,
    "pattern": _sets,
    "format": _format,
    "contentEncoding": _content,
    "contentMediaType": _content,
    "integer": _flag,
    "low": _low,
    "high": _high,
    "multipleOf": _steps,
    "minItems": _least,
    "maxItems": _most,
    "uniqueItems": _flag,
    "minProperties": _least,
    "maxProperties": _most,
    "dependentRequired": _needs,
}


def _array(b: Mapping[str, Any], r: Mapping[str, Any]) -> Iterator[Edge]:
    first, second = b.get("prefixItems", ()), r.get("prefixItems", ())
    rest = (b.get("items", ANY), r.get("items", ANY))
    for index in range(max(len(first), len(second))):
        old = first[index] if index < len(first) else rest[0]
        new = second[index] if index < len(second) else rest[1]
        yield Edge(str(index), old, new)
    if rest != (ANY, ANY):
        yield Edge("*", *rest)


def _contains(sides: Sides, b: Mapping[str, Any], r: Mapping[str, Any]) -> Iterator[Change]:
    old, new = b.get("contains"), r.get("contains")
    if old is None or new is None:
        if old or new:
            yield Change("contains", WIDER if old else NARROWER)
        return
    if sides.base.signature(old[0]) != sides.revision.signature(new[0]):
        yield Change("contains", CROSSED)
    if old[1] != new[1]:
        yield Change("minContains", NARROWER if new[1] > old[1] else WIDER, old[1], new[1])
    if old[2] != new[2]:
        yield from _most("maxContains", old[2], new[2])


def _opaque(sides: Sides, fact: str, b: Mapping[str, Any], r: Mapping[str, Any]) -> Iterator[Change]:
    old, new = _said(sides.base, fact, b), _said(sides.revision, fact, r)
    if old != new:
        yield Change(fact, WIDER if new < old else NARROWER if old < new else CROSSED)


def _said(schemas: Schemas, fact: str, facts: Mapping[str, Any]) -> set[str]:
    """Write each exclusion or condition by what its schemas allow."""
    if fact == "not":
        return {schemas.signature((pointer,)) for pointer in facts.get(fact, ())}
    return {
        "|".join(
            schemas.signature((f"{pointer}/{key}",))
            for key in ("if", "then", "else")
            if key in schemas.raw(pointer)
        )
        for pointer in facts.get(fact, ())
    }
