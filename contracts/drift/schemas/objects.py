"""Two objects: properties, what is required, and what becomes of keys that nobody declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from contracts.drift.change import Change, Sense, turned
from contracts.drift.schemas.alternatives import Alt
from contracts.drift.schemas.edges import ANY, Edge, Sides
from contracts.drift.schemas.shape import SchemaPlace, Schemas

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


def compare_objects(sides: Sides, base: Alt, revision: Alt) -> Iterator[Change | Edge]:
    """Yield the differences of two objects; keys that are not sent in this direction are notes at most."""
    b, r = base.facts, revision.facts
    old, new = b.get("properties", {}), r.get("properties", {})
    for name in old:
        if name in new:
            yield from _kept(sides, base, revision, name)
        else:
            yield from _lone(sides, base, revision, name, new=False)
    for name in new:
        if name not in old:
            yield from _lone(sides, base, revision, name, new=True)
    loose = (b.get("required", frozenset()) ^ r.get("required", frozenset())) - old.keys() - new.keys()
    for name in sorted(loose):
        yield _required(base, revision, name)
    yield from _additional(sides, base, revision)
    yield from _patterns(sides, base, revision)
    yield from _names(sides, base, revision)


def _kept(sides: Sides, base: Alt, revision: Alt, name: str) -> Iterator[Change | Edge]:
    old, new = base.facts["properties"][name], revision.facts["properties"][name]
    needed = [name in alt.facts.get("required", ()) for alt in (base, revision)]
    if needed[0] == needed[1] and sides.unchanged.same(old, new):
        return
    before, after = sides.hidden(sides.base, old), sides.hidden(sides.revision, new)
    if before or after:
        if before != after:
            sense = WIDER if after and needed[0] else NARROWER if before and needed[1] else SAME
            yield Change("hidden", sense, before, after, name, (name,), _first(old), _first(new))
        return
    if needed[0] != needed[1]:
        yield _required(base, revision, name)
    yield Edge(name, old, new)


def _required(base: Alt, revision: Alt, name: str) -> Change:
    needed = name in revision.facts.get("required", ())
    places = [_first(alt.facts.get("properties", {}).get(name, ())) or alt.origin for alt in (base, revision)]
    return Change(
        "required",
        NARROWER if needed else WIDER,
        name=name,
        tokens=(name,),
        base_at=places[0],
        revision_at=places[1],
    )


def _lone(sides: Sides, base: Alt, revision: Alt, name: str, *, new: bool) -> Iterator[Change | Edge]:
    """Tell of a key that one side declares: the other may describe it by a pattern, or close the object."""
    (mine, ours), (other, theirs) = turned(((base, sides.base), (revision, sides.revision)), new)
    place, rest = mine.facts["properties"][name], slot(other.facts, name)
    said, where = turned((True, None), new), turned((_first(place), other.origin), new)
    if sides.hidden(ours, place):
        yield Change("hidden-property", SAME, *said, name, (name,)).between(*where)
        return
    closed = bool(rest) and not theirs.shape(rest).kinds
    if rest and not closed:
        yield Edge(name, *turned((place, rest), new))
    must = name in mine.facts.get("required", ()) and name not in other.facts.get("required", ())
    kind = ("required-property" if must else "property") + "-gone" * (not new)
    sense = _SENSES[turned((must, closed), new)]
    change = Change(kind, sense, *said, name, (name,), trait="closed" if closed else "")
    yield change.between(*where)


_SENSES: Final = {(True, True): CROSSED, (True, False): WIDER, (False, True): NARROWER, (False, False): SAME}
"""By whether more values are right than before, and whether fewer are."""


def slot(facts: Mapping[str, Any], name: str) -> SchemaPlace:
    """Give the schemas that a key nobody declared must keep; `()` when anything goes."""
    found: SchemaPlace = ()
    for pattern, place in facts.get("patternProperties", {}).items():
        from contracts.patterns import search, usable

        if usable(pattern) and search(pattern, name):
            found = (*found, *place)
    return found or facts.get("additional", ANY)


def described(schemas: Schemas, places: list[SchemaPlace], pointer: Iterable[str | int]) -> list[SchemaPlace]:
    """Give the schemas that speak of a place in a payload; empty when none does, all when anything goes."""
    for token in pointer:
        below: list[SchemaPlace] = []
        for place in places:
            listed = token == "*" or isinstance(token, int)
            for alt in schemas.shape(place).kinds.get("array" if listed else "object", ()):
                if listed:
                    below += [alt.facts.get("items", ()), *alt.facts.get("prefixItems", ())]
                    continue
                declared = alt.facts.get("properties", {})
                found = declared.get(str(token))
                rest = slot(alt.facts, str(token))
                free = schemas.shape(rest).kinds if rest else not declared
                below += [found] if found is not None else [rest] if free else []
        places = list(dict.fromkeys(below))
    return places


def _first(place: SchemaPlace) -> str:
    return place[0] if place else ""


def _additional(sides: Sides, base: Alt, revision: Alt) -> Iterator[Change | Edge]:
    old, new = base.facts.get("additional"), revision.facts.get("additional")
    shut = (
        old is not None and not sides.base.shape(old).kinds,
        new is not None and not sides.revision.shape(new).kinds,
    )
    where = (_first(old or ()) or base.origin, _first(new or ()) or revision.origin)
    if shut[0] != shut[1]:
        other = (new, revision) if shut[0] else (old, base)
        mapped = other[0] is not None or not other[1].facts.get("properties")
        yield Change("additional", WIDER if shut[0] else NARROWER, trait="map" if mapped else "").between(
            *where
        )
    elif not shut[0] and (old or new):
        yield Edge("*", old or ANY, new or ANY)


def _patterns(sides: Sides, base: Alt, revision: Alt) -> Iterator[Change | Edge]:
    old, new = base.facts.get("patternProperties", {}), revision.facts.get("patternProperties", {})
    for pattern in sorted(old.keys() | new.keys()):
        if pattern in old and pattern in new:
            yield Edge("*", old[pattern], new[pattern])
        elif pattern in old:
            yield from _pattern(sides, revision, pattern, old[pattern], gone=True)
        else:
            yield from _pattern(sides, base, pattern, new[pattern], gone=False)


def _pattern(
    sides: Sides, other: Alt, pattern: str, place: SchemaPlace, *, gone: bool
) -> Iterator[Change | Edge]:
    rest = other.facts.get("additional", ANY)
    schemas = sides.revision if gone else sides.base
    if rest and schemas.shape(rest).kinds:
        yield Edge("*", *((place, rest) if gone else (rest, place)))
        return
    wider = gone != bool(rest)
    where = (_first(place), other.origin) if gone else (other.origin, _first(place))
    sense = WIDER if wider else NARROWER
    yield Change("patternProperties", sense, gone or None, None if gone else True, pattern).between(*where)


def _names(sides: Sides, base: Alt, revision: Alt) -> Iterator[Change]:
    for fact in ("propertyNames", "dependentSchemas"):
        old, new = _signed(sides.base, base, fact), _signed(sides.revision, revision, fact)
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                sense = NARROWER if name not in old else WIDER if name not in new else CROSSED
                yield Change(fact, sense, name=name, base_at=base.origin, revision_at=revision.origin)


def _signed(schemas: Schemas, alt: Alt, fact: str) -> dict[str, str]:
    found = alt.facts.get(fact, {})
    places = {"": found} if isinstance(found, tuple) else found
    return {name: schemas.signature(place) for name, place in places.items()}
