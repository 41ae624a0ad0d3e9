"""The negation of a schema as alternatives: one for each way to break one of its keywords."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from contracts.generate.canonical.constraints import (
    ContainsRule,
    ItemRule,
    PlanProtocol,
    Rule,
    SchemaRef,
    State,
    replace,
)
from contracts.generate.canonical.keywords import BOUNDS, States, Step, kinds_of
from contracts.generate.leaves import TYPES, exact, type_of
from contracts.model import Json
from contracts.schema import FORMATS, NUMBER_FORMATS


def denied(plan: PlanProtocol, state: State, lit: SchemaRef) -> States:
    """Yield the states in which a schema does not hold."""
    either = plan.branches(lit)
    if either is not None:
        yield from plan.expand([-branch for branch in either], state)
        return
    schema = plan.schema(lit)
    if isinstance(schema, bool):
        yield from () if schema else (state,)
        return
    for keyword in schema:
        step = _DENY.get(keyword)
        if step is not None:
            yield from step(plan, state, lit, schema)


def _of(state: State, kind: str) -> Iterator[State]:
    left = state.only([kind])
    if left is not None:
        yield left


def _type(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    kinds, integer = kinds_of(schema["type"])
    left = state.only(set(TYPES) - kinds)
    if left is not None:
        yield left
    if integer and not state.integer:
        yield from (replace(number, fraction=True) for number in _of(state, "number"))


def _excluded(plan: PlanProtocol, state: State, values: Iterable[Json]) -> States:
    values = tuple(values)
    yield replace(state, excluded=(*state.excluded, *values), types=state.types - _exhausted(values))


def _exhausted(values: tuple[Json, ...]) -> frozenset[str]:
    kinds = [type_of(value) for value in values]
    return frozenset({"null"} if "null" in kinds else ()) | frozenset(
        {"boolean"} if kinds.count("boolean") > 1 else ()
    )


def _bound(keyword: str) -> Step:
    def step(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
        for number in _of(state, "number"):
            yield number.bound(BOUNDS[keyword], exact(schema[keyword]))

    return step


def _step(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for number in _of(state, "number"):
        yield replace(number, not_steps=(*number.not_steps, exact(schema["multipleOf"])))


def _shorter(keyword: str, kind: str, field: str) -> Step:
    def step(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
        if schema[keyword] > 0:
            yield from (left.size(field, int(schema[keyword]) - 1) for left in _of(state, kind))

    return step


def _longer(keyword: str, kind: str, field: str) -> Step:
    def step(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
        for left in _of(state, kind):
            more = left.size(field, int(schema[keyword]) + 1)
            yield replace(more, spare=max(more.spare, int(schema[keyword]) + 1)) if kind == "object" else more

    return step


def _pattern(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for text in _of(state, "string"):
        yield replace(text, not_patterns=(*text.not_patterns, schema["pattern"]))


def _format(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    name = schema["format"]
    kind = "string" if name in FORMATS else "number" if name in NUMBER_FORMATS else ""
    for left in _of(state, kind) if kind else ():
        yield replace(left, not_formats=(*left.not_formats, name))


def _all(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for sub in schema["allOf"]:
        yield from plan.settle(state, -plan.sub(lit, sub))


def _any(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    return plan.expand([-plan.sub(lit, sub) for sub in schema["anyOf"]], state)


def _one(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    subs = [plan.sub(lit, sub) for sub in schema["oneOf"]]
    yield from plan.expand([-sub for sub in subs], state)
    for index, first in enumerate(subs):
        for second in subs[index + 1 :]:
            yield from plan.expand([first, second], state)


def _if(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    test = plan.sub(lit, schema["if"])
    if "then" in schema:
        yield from plan.expand([test, -plan.sub(lit, schema["then"])], state)
    if "else" in schema:
        yield from plan.expand([-test, -plan.sub(lit, schema["else"])], state)


def _ref(keyword: str) -> Step:
    return lambda plan, state, lit, schema: plan.settle(state, -plan.target(lit, keyword))


def _with(state: State, name: str, lit: SchemaRef) -> State:
    """Ask for a property that satisfies a schema."""
    return replace(state, required=state.required | {name}, rules=(*state.rules, Rule(lit, name=name)))


def _properties(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for left in _of(state, "object"):
        for name, sub in schema["properties"].items():
            yield _with(left, name, -plan.sub(lit, sub))


def _patterns(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for left in _of(state, "object"):
        for pattern, sub in schema["patternProperties"].items():
            for name in plan.matching_name(pattern):
                yield _with(left, name, -plan.sub(lit, sub))


def _others(keyword: str) -> Step:
    def step(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
        sub = -plan.sub(lit, schema[keyword])
        known = [
            *schema.get("properties", ()),
            *(name for rule in state.rules if (name := rule.name) is not None),
        ]
        for left in _of(state, "object"):
            for name in plan.other_name(known, schema.get("patternProperties", ()), 0):
                yield _with(left, name, sub)
            for name in sorted(set(known) - set(schema.get("properties", ()))):
                yield _with(left, name, sub)

    return step


def _required(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for left in _of(state, "object"):
        for name in schema["required"]:
            yield replace(left, forbidden=left.forbidden | {name})


def _implied(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for left in _of(state, "object"):
        for name, others in schema["dependentRequired"].items():
            for other in others:
                yield replace(left, required=left.required | {name}, forbidden=left.forbidden | {other})


def _dependent(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for left in _of(state, "object"):
        for name, sub in schema["dependentSchemas"].items():
            yield from plan.settle(replace(left, required=left.required | {name}), -plan.sub(lit, sub))


def _names(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    sub = -plan.sub(lit, schema["propertyNames"])
    for left in _of(state, "object"):
        for name in plan.other_name((), (), sub):
            yield replace(left, required=left.required | {name})


def _items(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    start = len(schema.get("prefixItems", ()))
    for left in _of(state, "array"):
        rule = ItemRule(-plan.sub(lit, schema["items"]), start, start + 1)
        yield replace(left.size("min_items", start + 1), items=(*left.items, rule))


def _prefix(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for left in _of(state, "array"):
        for index, sub in enumerate(schema["prefixItems"]):
            rule = ItemRule(-plan.sub(lit, sub), index, index + 1)
            yield replace(left.size("min_items", index + 1), items=(*left.items, rule))


def _contains(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    sub, low, high = (
        plan.sub(lit, schema["contains"]),
        int(schema.get("minContains", 1)),
        schema.get("maxContains"),
    )
    for left in _of(state, "array"):
        if low == 1:
            yield replace(left, items=(*left.items, ItemRule(-sub)))
        elif low > 1:
            yield replace(left, contains=(*left.contains, ContainsRule(sub, 0, low - 1)))
        if high is not None:
            yield replace(left, contains=(*left.contains, ContainsRule(sub, int(high) + 1, None)))


def _unique(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    for left in _of(state, "array") if schema["uniqueItems"] else ():
        yield replace(left.size("min_items", 2), repeated=True)


def _checked(keyword: str, kind: str) -> Step:
    """Leave a negated `unevaluated*` to the oracle, with something there that may break it."""

    def step(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
        for left in _of(state, kind):
            if kind == "object":
                known = [name for rule in left.rules if (name := rule.name) is not None]
                for name in plan.other_name(known, (), 0):
                    yield replace(
                        _with(left, name, -plan.sub(lit, schema[keyword])), checks=(*left.checks, -lit)
                    )
            else:
                yield replace(left.size("min_items", 1), checks=(*left.checks, -lit))

    return step


_DENY: Final[Mapping[str, Step]] = {
    **{keyword: _bound(keyword) for keyword in BOUNDS},
    "enum": lambda plan, state, lit, schema: _excluded(plan, state, schema["enum"]),
    "const": lambda plan, state, lit, schema: _excluded(plan, state, [schema["const"]]),
    "not": lambda plan, state, lit, schema: plan.settle(state, plan.sub(lit, schema["not"])),
    "minLength": _shorter("minLength", "string", "max_length"),
    "maxLength": _longer("maxLength", "string", "min_length"),
    "minProperties": _shorter("minProperties", "object", "max_names"),
    "maxProperties": _longer("maxProperties", "object", "min_names"),
    "minItems": _shorter("minItems", "array", "max_items"),
    "maxItems": _longer("maxItems", "array", "min_items"),
    "additionalProperties": _others("additionalProperties"),
    "unevaluatedProperties": _checked("unevaluatedProperties", "object"),
    "unevaluatedItems": _checked("unevaluatedItems", "array"),
    "type": _type,
    "multipleOf": _step,
    "pattern": _pattern,
    "format": _format,
    "required": _required,
    "properties": _properties,
    "patternProperties": _patterns,
    "propertyNames": _names,
    "dependentRequired": _implied,
    "dependentSchemas": _dependent,
    "prefixItems": _prefix,
    "items": _items,
    "contains": _contains,
    "uniqueItems": _unique,
    "if": _if,
    "allOf": _all,
    "anyOf": _any,
    "oneOf": _one,
    "$ref": _ref("$ref"),
    "$dynamicRef": _ref("$dynamicRef"),
}
