"""From one alternative of a goal to its domains, one JSON type each, and what those need to have a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from contracts.errors import GenerationError
from contracts.generate.canonical.builder import trial
from contracts.generate.canonical.constraints import PlanProtocol, SchemaRef, State, replace
from contracts.generate.canonical.oracle import Oracle, Subject, oracle_of
from contracts.generate.canonical.references import ScopedSchema
from contracts.generate.leaves import (
    TYPES,
    Array,
    Conjunction,
    Contains,
    Domain,
    Number,
    Object,
    Text,
    Values,
    key_of,
    numbers,
    texts,
    type_of,
)
from contracts.model import Json, Pointer
from contracts.patterns import search
from contracts.schema import FORMATS, NUMBER_FORMATS

Options = tuple[Conjunction, ...]
_NEVER: Final[tuple[Options, ...]] = ((),)
_TRIES: Final = 24

MOST: Final = 1_000
"""How many items or properties a value has at most because the schema asks for so many."""


def domains_of(plan: PlanProtocol, state: State) -> Iterator[Domain]:
    """Yield the domains of one alternative."""
    checks = tuple(dict.fromkeys(state.checks))
    if state.values is not None:
        yield from _values(plan, state, checks)
        return
    for kind in TYPES:
        if kind in state.types:
            domain = _domain(plan, state, kind, checks)
            if domain is not None:
                yield domain


def _domain(plan: PlanProtocol, state: State, kind: str, checks: tuple[SchemaRef, ...]) -> Domain | None:
    if kind in ("null", "boolean"):
        refused = {key_of(value) for value in state.excluded}
        wanted: tuple[Json, ...] = (None,) if kind == "null" else (True, False)
        left = tuple(value for value in wanted if key_of(value) not in refused)
        return Values(kind=kind, values=left, checks=checks) if left else None
    if kind == "number":
        number = _number(state, checks)
        return _said(plan, number, "number", bool(numbers.classes(number)), _impossible_number(number))
    if kind == "string":
        text = _text(state, checks)
        impossible = text.high is not None and text.high < text.low
        return _said(plan, text, "string", bool(texts.classes(text)), impossible)
    return _array(plan, state, checks) if kind == "array" else _object(plan, state, checks)


def _said(plan: PlanProtocol, domain: Domain, noun: str, found: bool, impossible: bool) -> Domain | None:
    """Keep a leaf that has a value; say so when none was found and that is no proof that there is none."""
    if found:
        return domain
    if not impossible:
        what = (*getattr(domain, "patterns", ()), *getattr(domain, "formats", ()))
        many = isinstance(domain, Text) and domain.low > 1 and f" of {domain.low:,} characters or more"
        plan.notice(f"no {noun}{many or ''} was found for {', '.join(map(repr, what))[:120] or 'a schema'}")
    return None


def _impossible_number(number: Number) -> bool:
    low, high = number.low, number.high
    return (
        low is not None
        and high is not None
        and (low > high or (low == high and (number.low_open or number.high_open)))
    )


def _number(state: State, checks: tuple[SchemaRef, ...]) -> Number:
    return Number(
        integer=state.integer,
        low=state.low,
        high=state.high,
        low_open=state.low_open,
        high_open=state.high_open,
        step=state.step,
        not_steps=state.not_steps,
        fraction=state.fraction,
        formats=_of_numbers(state.formats),
        excluded=_kind(state.excluded, "number"),
        examples=_kind(state.examples, "number"),
        checks=checks,
    )


def _of_numbers(formats: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in formats if name in NUMBER_FORMATS)


def _kind(values: Iterable[Json], kind: str) -> tuple[Json, ...]:
    return tuple(value for value in values if type_of(value) == kind)


def _text(state: State, checks: tuple[SchemaRef, ...]) -> Text:
    return Text(
        low=state.min_length,
        high=state.max_length,
        patterns=state.patterns,
        not_patterns=state.not_patterns,
        formats=tuple(name for name in state.formats if name in FORMATS),
        not_formats=tuple(name for name in state.not_formats if name in FORMATS),
        excluded=_kind(state.excluded, "string"),
        examples=_kind(state.examples, "string"),
        checks=checks,
    )


def _values(plan: PlanProtocol, state: State, checks: tuple[SchemaRef, ...]) -> Iterator[Values]:
    refused = {key_of(value) for value in state.excluded}
    kept: dict[str, list[Json]] = {}
    for value in state.values or ():
        if key_of(value) not in refused and type_of(value) in state.types and _allows(plan, state, value):
            kept.setdefault(type_of(value), []).append(value)
    for kind, values in kept.items():
        yield Values(kind=kind, values=tuple(values), checks=checks)


def _allows(plan: PlanProtocol, state: State, value: Json) -> bool:
    if type_of(value) == "number":
        return numbers.allows(_number(state, ()), value)
    if isinstance(value, str):
        return texts.allows(_text(state, ()), value)
    return isinstance(value, bool) or value is None or plan.passes(state.done, value)


def _array(plan: PlanProtocol, state: State, checks: tuple[SchemaRef, ...]) -> Array | None:
    edges = [edge for rule in state.items for edge in (rule.start, rule.stop) if edge is not None]
    prefix = tuple(_item(plan, state, index) for index in range(max(edges, default=0)))
    contains = tuple(
        Contains(plan.goal([rule.lit]), plan.goal([-rule.lit]), rule.low, rule.high)
        for rule in state.contains
    )
    low = max([state.min_items, 2 if state.repeated else 0, *(rule.low for rule in contains)])
    if state.max_items is not None and state.max_items < low:
        return None
    if low > MOST:
        plan.notice(f"lists of at least {low:,} items are not generated")
        return None
    return Array(
        prefix=prefix,
        rest=_item(plan, state, len(prefix)),
        low=low,
        high=state.max_items,
        unique=state.unique,
        repeated=state.repeated,
        contains=contains,
        checks=checks,
        examples=_kind(state.examples, "array"),
    )


def _item(plan: PlanProtocol, state: State, index: int) -> Conjunction:
    return plan.goal(r.lit for r in state.items if r.start <= index and (r.stop is None or index < r.stop))


def _object(plan: PlanProtocol, state: State, checks: tuple[SchemaRef, ...]) -> Object | None:
    if state.required & state.forbidden:
        return None
    known = dict.fromkeys(
        [*(rule.name for rule in state.rules if rule.name is not None), *sorted(state.required)]
    )
    named = [name for name in known if name not in state.forbidden and _legal(plan, state, name)]
    if not state.required.issubset(named):
        return None
    count = max(state.min_names, state.spare) - len(named)
    if count > MOST:
        plan.notice(f"objects of at least {max(state.min_names, state.spare):,} properties are not generated")
        return None
    extras = tuple((name, _property(plan, state, name)) for name in _extras(plan, state, max(6, count + 6)))
    low = max(state.min_names, len(state.required))
    if state.max_names is not None and state.max_names < low:
        return None
    return Object(
        named=tuple((name, _property(plan, state, name)) for name in named),
        required=state.required,
        extras=extras,
        implied=state.implied,
        low=low,
        high=state.max_names,
        closed=not extras,
        checks=checks,
        examples=_kind(state.examples, "object"),
    )


def _property(plan: PlanProtocol, state: State, name: str) -> Conjunction:
    lits = []
    for rule in state.rules:
        if rule.name is not None:
            applies = rule.name == name
        elif rule.pattern is not None:
            applies = search(rule.pattern, name)
        else:
            applies = name not in rule.but_names and not any(search(p, name) for p in rule.but_patterns)
        if applies:
            lits.append(rule.lit)
    return plan.goal(lits)


def _legal(plan: PlanProtocol, state: State, name: str) -> bool:
    """Whether `propertyNames` allows a name."""
    return not state.names or any(_accepts(domain, name) for domain in plan.domains(plan.goal(state.names)))


def _accepts(domain: Domain, name: str) -> bool:
    return (
        name in domain.values
        if isinstance(domain, Values)
        else isinstance(domain, Text) and texts.allows(domain, name)
    )


def _extras(plan: PlanProtocol, state: State, count: int) -> list[str]:
    """Give names beside the known ones: some for each pattern, some free."""
    known = {rule.name for rule in state.rules if rule.name is not None} | state.required | state.forbidden
    found: dict[str, None] = {}
    for rule in state.rules:
        for name in plan.matching_name(rule.pattern) if rule.pattern is not None else ():
            if name not in known and _legal(plan, state, name):
                found[name] = None
    for domain in plan.domains(plan.goal(state.names)) if state.names else (Text(),):
        free: Iterable[Json] = domain.values if isinstance(domain, Values) else ()
        free = texts.other_names(domain, count + len(known)) if isinstance(domain, Text) else free
        found.update(dict.fromkeys(islice((n for n in free if isinstance(n, str) and n not in known), count)))
    return [
        name for name in found if plan.goal([]) == (goal := _property(plan, state, name)) or plan.open(goal)
    ]


def needs(plan: PlanProtocol, domain: Domain) -> tuple[Options, ...]:
    """Give what must have a value for the domain to have one: for each need, the goals that would do."""
    if isinstance(domain, Object):
        return _object_needs(domain)
    if isinstance(domain, Array):
        return _array_needs(plan, domain)
    return ()


def _object_needs(domain: Object) -> tuple[Options, ...]:
    wanted = set(domain.required)
    for name, others in domain.implied:
        if name in wanted:
            wanted.update(others)
    goals = dict(domain.named) | dict(domain.extras)
    if not wanted.issubset(goals) or domain.low > len(goals):
        return _NEVER
    return tuple((goals[name],) for name in goals if name in wanted)


def _array_needs(plan: PlanProtocol, domain: Array) -> tuple[Options, ...]:
    count = min(domain.low, len(domain.prefix) + 1)
    first: list[Options] = [(domain.goal(index),) for index in range(count)]
    for rule in domain.contains:
        if rule.low:
            places = (
                range(len(domain.prefix) + 1)
                if domain.high is None
                else range(min(domain.high, len(domain.prefix) + 1))
            )
            first.append(tuple(plan.join(domain.goal(index), rule.goal) for index in places))
    return tuple(first)


def proven(plan: PlanProtocol, domain: Domain, state: State) -> Iterator[tuple[Domain, State]]:
    """Yield a domain whose checks some example passes; else what its deferred schemas leave of it."""
    if not domain.checks or _found(plan, domain):
        yield domain, state
        return
    if not state.deferred:
        plan.notice("an alternative for which no example was found is left out")
        return
    bare = replace(state, deferred=())
    for after in plan.expand(state.deferred, bare):
        for deeper in domains_of(plan, after):
            if plan.domain_height(deeper) < 10**6 and deeper.kind == domain.kind and _found(plan, deeper):
                yield deeper, after


def _found(plan: PlanProtocol, domain: Domain) -> bool:
    return any(plan.passes(domain.checks, value) for value in islice(trial(plan, domain), _TRIES))


def part(subject: Subject, spot: ScopedSchema) -> Oracle | None:
    """Compile a part of the document by its place; None where a part cannot be judged alone."""
    place = None if spot.scope else _place(subject.document, spot.schema)
    if place is None:
        return None
    try:
        return oracle_of(Subject(subject.document, place))
    except GenerationError:
        return None


def _place(document: Json, wanted: Json) -> str | None:
    todo: list[tuple[Json, Pointer]] = [(document, Pointer())]
    while todo:
        node, at = todo.pop()
        if node is wanted and isinstance(node, dict):
            return str(at)
        if isinstance(node, dict):
            todo.extend((value, at / key) for key, value in node.items())
        elif isinstance(node, list):
            todo.extend((value, at / index) for index, value in enumerate(node))
    return None
