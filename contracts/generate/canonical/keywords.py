"""What single keywords ask of a value, as promises of a state; `expand.py` has those that combine schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from contracts.errors import GenerationError
from contracts.generate.canonical.constraints import (
    ContainsRule,
    Evaluated,
    ItemRule,
    PlanProtocol,
    Rule,
    SchemaRef,
    State,
    replace,
)
from contracts.generate.leaves import TYPES, exact
from contracts.model import Json
from contracts.schema import FORMATS, NUMBER_FORMATS, SILENT
from contracts.text import safe_text

States: TypeAlias = Iterable[State]
Step: TypeAlias = Callable[[PlanProtocol, State, SchemaRef, Json], States]


def one(state: State | None) -> list[State]:
    """Give the state as a list, or none."""
    return [] if state is None else [state]


def kinds_of(names: Json) -> tuple[set[str], bool]:
    """Read `type`: the JSON types, and whether numbers must be whole."""
    names = [names] if isinstance(names, str) else names
    kinds = {"number" if name == "integer" else name for name in names if name in (*TYPES, "integer")}
    return kinds, "integer" in names and "number" not in names


def _hold_type(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    kinds, integer = kinds_of(schema["type"])
    return one(state.only(kinds, integer=integer))


def _hold_bound(keyword: str) -> Step:
    return lambda plan, state, lit, schema: [state.bound(keyword, exact(schema[keyword]))]


def _hold_size(keyword: str, field: str) -> Step:
    return lambda plan, state, lit, schema: [state.size(field, int(schema[keyword]))]


def _more(have: tuple[str, ...], *new: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*have, *new)))


def _hold_format(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    name = schema["format"]
    if not isinstance(name, str) or (name not in FORMATS and name not in NUMBER_FORMATS):
        if name not in SILENT:
            plan.notice(f"the format '{safe_text(str(name), 40)}' has no rule and is not asserted")
        return [state]
    return [replace(state, formats=_more(state.formats, name))]


def _hold_examples(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    found = schema.get("examples", ())
    found = list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []
    found += [schema[key] for key in ("example", "default") if key in schema]
    return [replace(state, examples=(*state.examples, *found))]


def _hold_properties(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    rules, forbidden = [], set(state.forbidden)
    for name, sub in schema["properties"].items():
        rules.append(Rule(plan.sub(lit, sub), name=name))
        if not plan.writable(sub) and name not in schema.get("required", ()):
            forbidden.add(name)
    seen = Evaluated(names=frozenset(schema["properties"]))
    return [
        replace(
            state,
            rules=(*state.rules, *rules),
            forbidden=frozenset(forbidden),
            evaluated=state.evaluated | seen,
        )
    ]


def _hold_patterns(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    rules = [
        Rule(plan.sub(lit, sub), pattern=pattern) for pattern, sub in schema["patternProperties"].items()
    ]
    seen = Evaluated(patterns=tuple(schema["patternProperties"]))
    return [replace(state, rules=(*state.rules, *rules), evaluated=state.evaluated | seen)]


def _others(plan: PlanProtocol, lit: SchemaRef, schema: Json, keyword: str) -> Rule:
    names = frozenset(schema.get("properties", ()))
    return Rule(
        plan.sub(lit, schema[keyword]),
        but_names=names,
        but_patterns=tuple(schema.get("patternProperties", ())),
    )


def _hold_additional(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    rule = _others(plan, lit, schema, "additionalProperties")
    return [
        replace(state, rules=(*state.rules, rule), evaluated=state.evaluated | Evaluated(every_name=True))
    ]


def _hold_unevaluated_names(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    seen = state.evaluated
    rules = state.rules
    if not seen.every_name:
        sub = plan.sub(lit, schema["unevaluatedProperties"])
        rules = (*rules, Rule(sub, but_names=seen.names, but_patterns=seen.patterns))
    return [replace(state, rules=rules, evaluated=seen | Evaluated(every_name=True))]


def _hold_implied(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    new = tuple((name, tuple(others)) for name, others in schema["dependentRequired"].items())
    return [replace(state, implied=(*state.implied, *new))]


def _hold_prefix(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    subs = schema["prefixItems"]
    rules = tuple(ItemRule(plan.sub(lit, sub), index, index + 1) for index, sub in enumerate(subs))
    return [
        replace(state, items=(*state.items, *rules), evaluated=state.evaluated | Evaluated(items=len(subs)))
    ]


def _hold_items(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    if isinstance(schema["items"], list):
        raise GenerationError("'items' holds a list, which JSON Schema 2020-12 calls 'prefixItems'")
    rule = ItemRule(plan.sub(lit, schema["items"]), len(schema.get("prefixItems", ())))
    return [
        replace(state, items=(*state.items, rule), evaluated=state.evaluated | Evaluated(every_item=True))
    ]


def _hold_contains(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    sub = plan.sub(lit, schema["contains"])
    high = schema.get("maxContains")
    rule = ContainsRule(sub, int(schema.get("minContains", 1)), None if high is None else int(high))
    return [
        replace(
            state, contains=(*state.contains, rule), evaluated=state.evaluated | Evaluated(matching=(sub,))
        )
    ]


def _hold_unevaluated_items(plan: PlanProtocol, state: State, lit: SchemaRef, schema: Json) -> States:
    seen = state.evaluated
    items = state.items
    if not seen.every_item:
        sub = plan.sub(lit, schema["unevaluatedItems"])
        items = (*items, ItemRule(plan.either((sub, *seen.matching)) if seen.matching else sub, seen.items))
    return [replace(state, items=items, evaluated=seen | Evaluated(every_item=True))]


BOUNDS: Final = {
    "minimum": "exclusiveMaximum", "maximum": "exclusiveMinimum", "exclusiveMinimum": "maximum",
    "exclusiveMaximum": "minimum",
}  # fmt: skip
"""Each bound of numbers with the one that its negation asks for."""

_SIZES: Final = {
    "minLength": "min_length", "maxLength": "max_length", "minItems": "min_items", "maxItems": "max_items",
    "minProperties": "min_names", "maxProperties": "max_names",
}  # fmt: skip
"""Each limit of a length or count with the field of a state that it limits."""

ASKS: Final[Mapping[str, Step]] = {
    **{keyword: _hold_bound(keyword) for keyword in BOUNDS},
    **{keyword: _hold_size(keyword, field) for keyword, field in _SIZES.items()},
    "enum": lambda plan, state, lit, schema: one(state.one_of(schema["enum"])),
    "const": lambda plan, state, lit, schema: one(state.one_of([schema["const"]])),
    "multipleOf": lambda plan, state, lit, schema: [state.multiple(exact(schema["multipleOf"]))],
    "pattern": lambda plan, state, lit, schema: [
        replace(state, patterns=_more(state.patterns, schema["pattern"]))
    ],
    "required": lambda plan, state, lit, schema: [
        replace(state, required=state.required | {*schema["required"]})
    ],
    "propertyNames": lambda plan, state, lit, schema: [
        replace(state, names=(*state.names, plan.sub(lit, schema["propertyNames"])))
    ],
    "uniqueItems": lambda plan, state, lit, schema: [
        replace(state, unique=state.unique or bool(schema["uniqueItems"]))
    ],
    "type": _hold_type,
    "format": _hold_format,
    "examples": _hold_examples,
    "items": _hold_items,
    "properties": _hold_properties,
    "patternProperties": _hold_patterns,
    "prefixItems": _hold_prefix,
    "additionalProperties": _hold_additional,
    "unevaluatedProperties": _hold_unevaluated_names,
    "dependentRequired": _hold_implied,
    "contains": _hold_contains,
    "unevaluatedItems": _hold_unevaluated_items,
}
