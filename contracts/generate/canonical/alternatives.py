"""Schemas to alternatives: every way to satisfy a conjunction of schemas, in-place applicators resolved.

`hold` takes what a schema asks into account; `negation` has what its negation asks. `oneOf` takes one branch
and leaves the denial of the others to be checked (`deferred`), because it is nearly always implied; `plan.py`
falls back to working it out when no example passes the check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from contracts.generate.canonical.constraints import Evaluated, PlanProtocol, SchemaRef, State, replace
from contracts.generate.canonical.keywords import ASKS, States, Step
from contracts.model import Json
from contracts.text import safe_text

LIMIT: Final = 96
"""How many alternatives of one goal are kept; more are cut, and said."""


def cut(plan: PlanProtocol, states: list[State]) -> list[State]:
    """Keep so many alternatives, evenly spread."""
    if len(states) > LIMIT:
        plan.notice(f"a schema has {len(states)} alternatives; only {LIMIT} of them are generated")
        stride = len(states) / LIMIT
        return [states[int(index * stride)] for index in range(LIMIT)]
    return states


def hold(plan: PlanProtocol, state: State, lit: SchemaRef) -> list[State]:
    """Take a schema into account."""
    schema = plan.schema(lit)
    either = plan.branches(lit)
    if either is not None:
        return _any(plan, state, either)
    if isinstance(schema, bool):
        return [state] if schema else []
    outer, state = state.evaluated, replace(state, evaluated=Evaluated())
    states: list[State] = [state]
    for keyword in _order(schema):
        step = _HOLD.get(keyword)
        if step is None:
            _unknown(plan, keyword)
            continue
        states = cut(plan, [after for before in states for after in step(plan, before, lit, schema)])
    return [replace(after, evaluated=outer | after.evaluated) for after in states]


_LATE: Final = ("unevaluatedItems", "unevaluatedProperties")
WORDLESS: Final = frozenset({"title", "description", "deprecated", "readOnly", "$comment", "externalDocs"})
"""Keywords beside which a schema still says nothing."""

_NOT_ASKING: Final = WORDLESS | {
    *("$schema", "$id", "$anchor", "$dynamicAnchor", "$defs", "definitions", "$vocabulary", "components"),
    *("default", "examples", "example", "writeOnly", "xml", "discriminator", "nullable"),
    *("contentEncoding", "contentMediaType", "contentSchema"),
    *("minContains", "maxContains", "then", "else"),
}
"""Keywords that promise nothing, or are read with another one."""


def _order(schema: Mapping[str, Json]) -> list[str]:
    words = [word for word in schema if word not in _NOT_ASKING and word not in _LATE]
    if "examples" in schema or "example" in schema or "default" in schema:
        words.insert(0, "examples")
    return words + [word for word in _LATE if word in schema]


def _unknown(plan: PlanProtocol, keyword: str) -> None:
    if not keyword.startswith("x-"):
        plan.notice(f"the keyword '{safe_text(keyword, 40)}' says nothing that is generated")


def _any(plan: PlanProtocol, state: State, lits: Iterable[SchemaRef]) -> list[State]:
    return [after for lit in lits for after in plan.settle(state, lit)]


def _hold_dependent(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    states = [state]
    for name, sub in schema["dependentSchemas"].items():
        number = plan.sub(lit, sub)
        states = [after for before in states for after in _depends(plan, before, name, number)]
    return states


def _depends(plan: PlanProtocol, state: State, name: str, lit: SchemaRef) -> States:
    if "object" in state.types:
        with_it = replace(state, types=frozenset({"object"}), required=state.required | {name})
        yield from plan.settle(with_it, lit)
    yield replace(state, forbidden=state.forbidden | {name})


def _hold_all(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    return plan.expand([plan.sub(lit, sub) for sub in schema["allOf"]], state)


def _hold_any(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    return _any(plan, state, [_picked(plan, lit, schema, sub) for sub in schema["anyOf"]])


def _hold_one(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    subs = [plan.sub(lit, sub) for sub in schema["oneOf"]]
    for index, sub in enumerate(schema["oneOf"]):
        others = tuple(-other for place, other in enumerate(subs) if place != index)
        for after in plan.settle(state, _picked(plan, lit, schema, sub)):
            yield (
                replace(after, deferred=(*after.deferred, *others), checks=(*after.checks, lit))
                if others
                else after
            )


def _picked(plan: PlanProtocol, lit: SchemaRef, schema: Json, sub: Json) -> SchemaRef:
    """Give a branch; with a `discriminator`, one whose property says the branch's name."""
    plain = plan.sub(lit, sub)
    told = schema.get("discriminator")
    name = told.get("propertyName") if isinstance(told, dict) else None
    if not isinstance(name, str) or not isinstance(sub, dict) or not isinstance(sub.get("$ref"), str):
        return plain
    mapping = told.get("mapping") or {}
    words = [
        word for word, target in mapping.items() if target in (sub["$ref"], sub["$ref"].rpartition("/")[2])
    ]
    words = words or [sub["$ref"].rpartition("/")[2]]
    said = plan.narrowed(lit, sub, name, tuple(words))
    return said if _speaks(plan, said, name) else plain


def _speaks(plan: PlanProtocol, lit: SchemaRef, name: str) -> bool:
    """Whether the branch allows the discriminator's words: its own `const` may say otherwise."""
    for state in plan.expand([lit]):
        mine = [rule.lit for rule in state.rules if rule.name == name]
        if plan.expand(mine):
            return True
    plan.notice(f"the discriminator '{safe_text(name, 40)}' contradicts the schemas it tells apart")
    return False


def _hold_not(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    seen = state.evaluated
    for after in plan.settle(state, -plan.sub(lit, schema["not"])):
        yield replace(after, evaluated=seen)


def _hold_if(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    test = plan.sub(lit, schema["if"])
    for after in plan.settle(state, test):
        yield from plan.settle(after, plan.sub(lit, schema["then"])) if "then" in schema else [after]
    if "else" not in schema and "then" not in schema:
        yield state
        return
    seen = state.evaluated
    for after in plan.settle(state, -test):
        bare = replace(after, evaluated=seen)
        yield from plan.settle(bare, plan.sub(lit, schema["else"])) if "else" in schema else [bare]


def _hold_ref(keyword: str) -> Step:
    return lambda plan, state, lit, schema: plan.settle(state, plan.target(lit, keyword))


_HOLD: Final[Mapping[str, Step]] = {
    **ASKS,
    "dependentSchemas": _hold_dependent,
    "allOf": _hold_all,
    "anyOf": _hold_any,
    "oneOf": _hold_one,
    "not": _hold_not,
    "if": _hold_if,
    "$ref": _hold_ref("$ref"),
    "$dynamicRef": _hold_ref("$dynamicRef"),
}
