"""Values that a schema refuses for one reason: one keyword is denied, and the rest of what is said holds.

Where an edit of a good value cannot break a keyword alone, a value is built that satisfies everything else
said of the place. The oracle has the last word on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import combinations, islice
from typing import Final, TypeAlias

from contracts.errors import GenerationError
from contracts.generate.canonical import Builder, Place, Plan, Policy, SchemaRef, Stuck
from contracts.generate.invalid.sites import ROOT, Held, Here, Site
from contracts.generate.invalid.values import Break, to
from contracts.generate.leaves import key_of
from contracts.generate.places import From, Matching, Others, Step
from contracts.model import Json

STEPS: Final = 1_000
"""How many schemas may be worked out for one value: unions of unions, denied, have no end of alternatives."""

_PAIRS: Final = 10
_TURNS: Final = 4
_WAYS: Final = 8
_UNEVALUATED: Final = ("unevaluatedProperties", "unevaluatedItems")

Denial: TypeAlias = tuple[str, tuple[SchemaRef, ...]]
"""A variant, and the schemas that hold or (negative) must not, beside what else holds at the place."""


def rescues(plan: Plan, site: Site, around: Iterable[Here]) -> Iterator[Break]:
    """Yield breaks by built values; `around` are all schemas that speak of the site's place."""
    held = tuple(_held(plan, site.here, around))
    key = ... if site.keyword in _ANY_KEY else site.key
    for variant, asks in _DENIALS.get(site.keyword, _denied)(plan, site, plan.schema(site.here.lit)):
        for value in built_values(plan, (*held, *asks)):
            yield Break(site.keyword, variant, to(value), key)


def built_values(plan: Plan, lits: tuple[SchemaRef, ...], turns: int = _TURNS) -> Iterator[Json]:
    """Yield a few distinct values that satisfy a conjunction, small ones first; none if it is much work."""
    found: dict[str, Json] = {}
    with suppress(GenerationError), plan.limited(STEPS):
        found.update((key_of(value), value) for value in _built(plan, lits, turns))
    yield from found.values()


def _built(plan: Plan, lits: tuple[SchemaRef, ...], turns: int) -> Iterator[Json]:
    domains = plan.domains(plan.goal(lits))[:_WAYS]
    for turn in range(turns):
        for domain in domains:
            try:
                value = Builder(plan, Policy(turn), depth=4, budget=200).of(domain, Place(), 4)
            except Stuck:
                continue
            if plan.passes(domain.checks, value):
                yield value


def holding(plan: Plan, here: Here) -> Iterator[Json]:
    """Yield small payloads in which a place is there and its schema holds, branches of unions included."""
    schema: Json = {"allOf": list(_own(plan, here))}
    while here.above is not None:
        around = _around(plan, here.steps[-1], schema)
        if around is None:
            return
        here = here.above
        schema = {"allOf": [around, *_own(plan, here)]}
    yield from islice(built_values(plan, (ROOT, plan.sub(ROOT, schema))), 3)


def _own(plan: Plan, here: Here) -> Iterator[Json]:
    yield plan.schema(here.lit)
    for held in here.beside:
        lit = _without(plan, held)
        yield plan.schema(lit) if lit > 0 else {"not": plan.schema(-lit)}


def _around(plan: Plan, step: Step, schema: Json) -> Json:
    """Wrap a schema so that it holds one step below; None when no name is known that the step takes."""
    if step is None or isinstance(step, int | From):
        index = step.start if isinstance(step, From) else step or 0
        return {"type": "array", "minItems": index + 1, "prefixItems": [*[True] * index, schema]}
    name = next(_named(plan, step), None)
    return None if name is None else {"type": "object", "required": [name], "properties": {name: schema}}


def _named(plan: Plan, step: str | Matching | Others) -> Iterator[str]:
    if isinstance(step, str):
        yield step
    elif isinstance(step, Matching):
        yield from plan.matching_name(step.pattern)
    else:
        yield from plan.other_name(step.names, step.patterns, 0)


# ---- what holds beside


def _held(plan: Plan, here: Here, around: Iterable[Here]) -> Iterator[SchemaRef]:
    """Give what is said of a place beside one schema of it, by schemas on the same branches."""
    yield from (_without(plan, held) for held in here.beside)
    for other in around:
        same = other.above is here.above and other.steps[-1:] == here.steps[-1:]
        if not other.mine and not same and _agree(here, other):
            yield other.lit


def _agree(one: Here, other: Here) -> bool:
    taken = {(lit, keyword): branch for lit, keyword, branch in one.choices}
    return all(taken.get((lit, keyword), branch) == branch for lit, keyword, branch in other.choices)


def _without(plan: Plan, held: Held) -> SchemaRef:
    lit, dropped = held
    return _but(plan, lit, *dropped) if dropped else lit


def _but(plan: Plan, lit: SchemaRef, *dropped: str, **instead: Json) -> SchemaRef:
    """Number a schema without some keywords, or with others in their place.

    What is unevaluated depends on all of them, so it goes with them.
    """
    gone = (*dropped, *_UNEVALUATED)
    schema = {word: asked for word, asked in plan.schema(lit).items() if word not in gone}
    return plan.sub(lit, {**schema, **instead})


# ---- what is denied


def _denied(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    lit, keyword = site.here.lit, site.keyword
    yield "denied", (_but(plan, lit, keyword), -plan.sub(lit, {keyword: schema[keyword]}))


def _beside(*others: str) -> Callable[[Plan, Site, Json], Iterator[Denial]]:
    """Deny a keyword whose meaning depends on others, which go on to hold."""

    def denial(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
        lit = site.here.lit
        words = {word: schema[word] for word in (site.keyword, *others) if word in schema}
        yield "denied", (_but(plan, lit, site.keyword), -plan.sub(lit, words))

    return denial


def _unevaluated(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    yield "denied", (_but(plan, site.here.lit, site.keyword), -site.here.lit)


def _contains(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    lit, words = site.here.lit, ("contains", "minContains", "maxContains")
    asked = {word: schema[word] for word in words if word in schema}
    if site.keyword == "maxContains":
        asked["minContains"] = 0
    else:
        asked.pop("maxContains", None)
    yield "denied", (_but(plan, lit, *words), -plan.sub(lit, asked))


def _not(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    lit = site.here.lit
    yield "fits", (_but(plan, lit, "not"), plan.sub(lit, schema["not"]))


def _union(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    lit, rest = site.here.lit, _but(plan, site.here.lit, site.keyword)
    subs = [plan.sub(lit, sub) for sub in schema[site.keyword]]
    yield "none", (rest, *(-sub for sub in subs))
    if site.keyword == "oneOf":
        for one, other in islice(combinations(range(len(subs)), 2), _PAIRS):
            yield f"both-{one}-{other}", (rest, subs[one], subs[other])


def _condition(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    lit, sign = site.here.lit, 1 if site.keyword == "then" else -1
    yield "reached", (_but(plan, lit, "if", "then", "else"), sign * plan.sub(lit, schema["if"]))


def _dependent(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    lit = site.here.lit
    asks = plan.sub(lit, {"type": "object", "required": [site.of]})
    yield f"with-{site.of}", (_but(plan, lit, "dependentSchemas"), asks)


def _required(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    lit, others = site.here.lit, [name for name in schema["required"] if name != site.key]
    asks = plan.sub(lit, {"type": "object", "not": {"required": [site.key]}})
    yield f"without-{site.key}", (_but(plan, lit, required=others), asks)


def _implied(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    lit, asked = site.here.lit, schema["dependentRequired"]
    rest = {name: [other for other in others if other != site.key] for name, others in asked.items()}
    for name, others in asked.items():
        if site.key in others:
            known = dict.fromkeys((name, *others), True)
            asks = {
                "type": "object",
                "properties": known,
                "required": [name],
                "not": {"required": [site.key]},
            }
            yield f"{name}-without-{site.key}", (_but(plan, lit, dependentRequired=rest), plan.sub(lit, asks))


def _nothing(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    return iter(())


def _false(plan: Plan, site: Site, schema: Json) -> Iterator[Denial]:
    """Ask for the very property or item that may not be there, with all else of its schema as it is."""
    lit, key = site.here.lit, site.key
    instead: dict[str, Json] = {}
    if isinstance(key, int):
        instead["prefixItems"] = [*schema["prefixItems"][:key], True, *schema["prefixItems"][key + 1 :]]
        asks = {"type": "array", "minItems": key + 1}
    else:
        asks = {"type": "object", "required": [key]}
        word, name = ("patternProperties", site.of) if site.of else ("properties", str(key))
        instead[word] = {**schema[word], name: True}
    yield "present", (_but(plan, lit, **instead), plan.sub(lit, asks))


_ANY_KEY: Final = frozenset({"additionalProperties", "unevaluatedProperties", "items"})
_DENIALS: Final[Mapping[str, Callable[[Plan, Site, Json], Iterator[Denial]]]] = {
    "additionalProperties": _beside("properties", "patternProperties"), "items": _beside("prefixItems"),
    "unevaluatedProperties": _unevaluated, "unevaluatedItems": _unevaluated, "contains": _contains,
    "minContains": _contains, "maxContains": _contains, "not": _not, "anyOf": _union, "oneOf": _union,
    "then": _condition, "else": _condition, "dependentSchemas": _dependent, "required": _required,
    "dependentRequired": _implied, "discriminator": _nothing, "false": _false,
}  # fmt: skip
