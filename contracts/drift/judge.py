"""Two documents in, findings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from contracts.decode import uncollected
from contracts.drift.change import Change, Direction, Sense
from contracts.drift.documents import (
    Api,
    Located,
    Location,
    Reach,
    Root,
    changes_between,
    dated,
    moved_properties,
)
from contracts.drift.judged import Judged
from contracts.drift.rules import rule_for
from contracts.drift.schemas import Graph, Schemas, Sides, Unchanged
from contracts.drift.tolerance import TOLERANT, Tolerance
from contracts.drift.witness import Prover
from contracts.errors import SpecError
from contracts.model import Finding, Json, Pointer, Severity, SourceLine
from contracts.rules import is_guess
from contracts.spec import Document, provenance_at, upgraded

PLACES = 5


def drift(
    base: Document,
    revision: Document,
    *,
    tolerance: Tolerance = TOLERANT,
    today: str = "",
    verify: bool = False,
    full: bool = False,
) -> tuple[Finding, ...]:
    """Compare two OpenAPI documents; SpecError when one of them cannot be read as OpenAPI.

    Findings are sorted and grouped: what stands in a shared component is said once, with the operations
    behind it. `today` (ISO date) decides whether an announced end has come. With `full`, `places` names
    every operation, else the first few; `count` is always how many there are.
    """
    with uncollected():
        return _compared(base, revision, tolerance, today, verify=verify, full=full)


def _compared(
    base: Document, revision: Document, tolerance: Tolerance, today: str, *, verify: bool, full: bool
) -> tuple[Finding, ...]:
    apis = _api(base), _api(revision)
    loose = {one.name for one in apis[0].operations.values() if not one.promised}
    sides = (base.value, revision.value)
    judged = _merge(_capped(one, loose, sides) for one in _judge(apis, tolerance, today))
    prover = Prover(*apis, verify=verify)
    found = {
        finding for one in prover.prove(judged) for finding in [_finding(one, base, revision, full=full)]
    }
    return tuple(sorted(found, key=_order))


def _order(one: Finding) -> tuple[str, ...]:
    return (
        *one.sort_key,
        one.direction,
        one.spec_pointer,
        str(one.base),
        str(one.revision),
        one.witness or "",
    )


def _api(document: Document) -> Api:
    """Read a document as it is written: what cannot be used is said where it differs, place by place."""
    try:
        return Api(upgraded(document.value))
    except SpecError as error:
        raise SpecError(f"{document.name}: {error}") from None


def _judge(apis: tuple[Api, Api], tolerance: Tolerance, today: str) -> Iterator[Judged]:
    roots: dict[tuple[Direction, bool], list[Root]] = {}
    for found in changes_between(*apis):
        if isinstance(found, Root):
            roots.setdefault((found.spot.direction, found.text), []).append(found)
        else:
            yield _ruled(found, tolerance, today)
    known: dict[tuple[Schemas, ...], Unchanged] = {}
    for (direction, text), some in roots.items():
        sides = tuple(api.side(direction) for api in apis)
        if sides not in known:
            known[sides] = Unchanged(*sides)
        graph = Graph(Sides(known[sides], direction, text))
        graph.grow([root.pair for root in some])
        named: dict[tuple[int, ...], tuple[str, ...]] = {}
        for met in moved_properties(Reach(graph, some).met(), graph.sides):
            if text and not met.steps and met.change.kind == "default":
                continue  # said of the parameter itself
            names = named.get(met.roots) or tuple(sorted({_operation(some[i].spot) for i in met.roots}))
            named[met.roots] = names
            change = dated(met.change, today)
            rule = rule_for(change)
            yield Judged(met.root.spot, change, rule, tolerance.severity(rule, direction), names, met)
    yield from (_ruled(Located(Location(), change), tolerance, today) for change in _lost(apis))


def _lost(apis: tuple[Api, Api]) -> Iterator[Change]:
    """Say which parts of operations one document does not hold: what they stand for was not compared."""
    old, new = apis[0].gaps, apis[1].gaps
    for pointer, why in sorted({*old.items()} ^ {*new.items()}):
        at = pointer if pointer[:1] == "/" else ""
        yield Change("not-compared", Sense.CROSSED, f"{pointer} {why}", revision_at=at)


def _capped(one: Judged, loose: set[str], sides: tuple[Json, Json]) -> Judged:
    """Give what rests on no promise at most the weight of a warning.

    Of draft and alpha operations nothing was promised, nor was what somebody only observed or inferred.
    """
    if one.severity is not Severity.ERROR:
        return one
    places = zip(sides, (one.change.base_at, one.change.revision_at), strict=True)
    if one.spot.operation in loose or any(rests_on_a_guess(document, at) for document, at in places):
        return replace(one, severity=Severity.WARNING)
    return one


def rests_on_a_guess(document: Json, pointer: str) -> bool:
    """Whether the fact at a place, or one beside it in the schema, is marked as observed or inferred."""
    try:
        at = Pointer.parse(pointer)
        node = at.resolve(document)
    except (KeyError, IndexError, TypeError, ValueError):
        return False
    mark = node.get("x-provenance") if isinstance(node, dict) else None
    marks = mark.values() if isinstance(mark, dict) else [mark]
    return is_guess(provenance_at(document, at)) or any(isinstance(m, str) and is_guess(m) for m in marks)


def _ruled(located: Located, tolerance: Tolerance, today: str) -> Judged:
    change = dated(located.change, today)
    rule = rule_for(change)
    severity = tolerance.severity(rule, located.spot.direction)
    return Judged(located.spot, change, rule, severity, (_operation(located.spot),))


def _operation(spot: Location) -> str:
    return f"{spot.operation} {spot.status}".rstrip()


def _merge(judged: Iterable[Judged]) -> list[Judged]:
    """Say once what is the same difference at the same two places of the documents."""
    groups: dict[tuple[str, ...], Judged] = {}
    for one in judged:
        change = one.change
        tail = (one.spot.tokens[-1] if one.spot.tokens and not one.met else "", change.name)
        key = (
            one.rule.id,
            one.spot.direction,
            change.base_at,
            change.revision_at,
            *tail,
            one.rule.words(change),
        )
        known = groups.get(key)
        if known is None:
            groups[key] = one
        else:
            operations = tuple(sorted({*known.operations, *one.operations}))
            groups[key] = Judged(known.spot, known.change, known.rule, known.severity, operations, known.met)
    return list(groups.values())


def _finding(one: Judged, base: Document, revision: Document, *, full: bool) -> Finding:
    spot, change = one.spot, one.change
    tokens = one.met.tokens if one.met else (*spot.tokens, *change.tokens)
    return Finding(
        rule=one.rule.id,
        severity=one.severity,
        message=one.rule.words(change) + (f" (not proved: {one.unproved})" if one.unproved else ""),
        operation=spot.operation,
        status=spot.status,
        part=spot.part,
        pointer=str(Pointer(tokens)),
        spec_pointer=change.revision_at or change.base_at,
        places=one.operations if full else one.operations[:PLACES],
        count=len(one.operations),
        direction=spot.direction,
        base=SourceLine(base.name, base.line(change.base_at)) if change.base_at else None,
        revision=SourceLine(revision.name, revision.line(change.revision_at)) if change.revision_at else None,
        witness=one.witness,
    )
