"""Schemas to alternatives: every way to satisfy a conjunction of schemas, in-place applicators resolved.

`hold` takes what a schema asks on board, `deny` what its negation asks. `oneOf` takes one branch and leaves the
denial of the others to be checked (`deferred`), because it is nearly always implied; `plan.py` falls back to
working it out when no example passes the check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final, Protocol

from contracts.errors import GenerationError
from contracts.generate.domains import TYPES
from contracts.generate.state import ContainsRule, Evaluated, ItemRule, Lit, Rule, State
from contracts.model import Json
from contracts.text import safe_text
from contracts.validate.formats import FORMATS, NUMBER_FORMATS, SILENT

LIMIT: Final = 96
"""How many alternatives of one goal are kept; more are cut, and said."""

States = Iterable[State]


class Book(Protocol):
    """What expansion needs of a plan: schemas by number, numbers for schemas, a place for notices."""

    def schema(self, lit: Lit) -> Json: ...  # noqa: D102
    def sub(self, parent: Lit, schema: Json) -> Lit: ...  # noqa: D102
    def target(self, parent: Lit, keyword: str) -> Lit: ...  # noqa: D102
    def narrowed(self, parent: Lit, sub: Json, name: str, words: tuple[str, ...]) -> Lit: ...  # noqa: D102
    def either(self, lits: tuple[Lit, ...]) -> Lit: ...  # noqa: D102
    def other_name(self, names: Iterable[str], patterns: Iterable[str], lit: Lit) -> Iterator[str]: ...  # noqa: D102
    def matching_name(self, pattern: str) -> Iterator[str]: ...  # noqa: D102
    def notice(self, text: str) -> None: ...  # noqa: D102
    def writable(self, schema: Json) -> bool: ...  # noqa: D102
    def branches(self, lit: Lit) -> tuple[Lit, ...] | None: ...  # noqa: D102


def expand(book: Book, lits: Iterable[Lit], start: State | None = None) -> list[State]:
    """Give the alternatives of a conjunction."""
    states = [start or State()]
    for lit in lits:
        states = _cut(book, [after for state in states for after in settle(book, state, lit)])
    return states


def _cut(book: Book, states: list[State]) -> list[State]:
    if len(states) > LIMIT:
        book.notice(f"a schema has {len(states)} alternatives; only {LIMIT} of them are generated")
        stride = len(states) / LIMIT
        return [states[int(index * stride)] for index in range(LIMIT)]
    return states


def settle(book: Book, state: State, lit: Lit) -> list[State]:
    """Take one schema, or its negation, on board."""
    if lit in state.done:
        return [state]
    if -lit in state.done:
        return []
    state = replace(state, done=state.done | {lit})
    return hold(book, state, lit) if lit > 0 else deny(book, state, -lit)


def hold(book: Book, state: State, lit: Lit) -> list[State]:
    """Take a schema on board."""
    schema = book.schema(lit)
    either = book.branches(lit)
    if either is not None:
        return _any(book, state, either)
    if isinstance(schema, bool):
        return [state] if schema else []
    outer, state = state.evaluated, replace(state, evaluated=Evaluated())
    states: list[State] = [state]
    for keyword in _order(schema):
        step = _HOLD.get(keyword)
        if step is None:
            _unknown(book, keyword)
            continue
        states = _cut(book, [after for before in states for after in step(book, before, lit, schema)])
    return [replace(after, evaluated=outer | after.evaluated) for after in states]


_LATE: Final = ("unevaluatedItems", "unevaluatedProperties")
_NOT_ASKING: Final = frozenset(
    "$schema $id $anchor $dynamicAnchor $defs definitions $comment title description default examples example deprecated"
    " readOnly writeOnly contentEncoding contentMediaType contentSchema externalDocs xml discriminator components"
    " $vocabulary minContains maxContains then else nullable".split()
)


SILENT: Final = frozenset({"title", "description", "deprecated", "readOnly", "$comment", "externalDocs"})
"""Keywords beside which a schema still says nothing."""


def _order(schema: Mapping[str, Json]) -> list[str]:
    words = [word for word in schema if word not in _NOT_ASKING and word not in _LATE]
    if "examples" in schema or "example" in schema or "default" in schema:
        words.insert(0, "examples")
    return words + [word for word in _LATE if word in schema]


def _unknown(book: Book, keyword: str) -> None:
    if not keyword.startswith("x-"):
        book.notice(f"the keyword '{safe_text(keyword, 40)}' says nothing that is generated")


def _one(state: State | None) -> list[State]:
    return [] if state is None else [state]


def _any(book: Book, state: State, lits: Iterable[Lit]) -> list[State]:
    return [after for lit in lits for after in settle(book, state, lit)]


def _kinds(names: Json) -> tuple[set[str], bool]:
    names = [names] if isinstance(names, str) else names
    kinds = {"number" if name == "integer" else name for name in names if name in (*TYPES, "integer")}
    return kinds, "integer" in names and "number" not in names


def _hold_type(book: Book, state: State, lit: Lit, schema: Json) -> States:
    kinds, integer = _kinds(schema["type"])
    return _one(state.only(kinds, integer=integer))


def _hold_enum(book: Book, state: State, lit: Lit, schema: Json) -> States:
    return _one(state.one_of(schema["enum"]))


def _hold_const(book: Book, state: State, lit: Lit, schema: Json) -> States:
    return _one(state.one_of([schema["const"]]))


def _hold_bound(keyword: str) -> Callable[[Book, State, Lit, Json], States]:
    return lambda book, state, lit, schema: [state.bound(keyword, exact(schema[keyword]))]


def exact(number: float) -> Fraction:
    """Read a number as its decimal text says, not as the binary double nearest to it."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _hold_step(book: Book, state: State, lit: Lit, schema: Json) -> States:
    return [state.multiple(exact(schema["multipleOf"]))]


def _hold_size(keyword: str, field: str) -> Callable[[Book, State, Lit, Json], States]:
    return lambda book, state, lit, schema: [state.size(field, int(schema[keyword]))]


def _hold_pattern(book: Book, state: State, lit: Lit, schema: Json) -> States:
    return [replace(state, patterns=_more(state.patterns, schema["pattern"]))]


def _more(have: tuple[str, ...], *new: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*have, *new)))


def _hold_format(book: Book, state: State, lit: Lit, schema: Json) -> States:
    name = schema["format"]
    if not isinstance(name, str) or (name not in FORMATS and name not in NUMBER_FORMATS):
        if name not in SILENT:
            book.notice(f"the format '{safe_text(str(name), 40)}' has no rule and is not asserted")
        return [state]
    return [replace(state, formats=_more(state.formats, name))]


def _hold_examples(book: Book, state: State, lit: Lit, schema: Json) -> States:
    found = schema.get("examples", ())
    found = list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []
    found += [schema[key] for key in ("example", "default") if key in schema]
    return [replace(state, examples=(*state.examples, *found))]


def _hold_properties(book: Book, state: State, lit: Lit, schema: Json) -> States:
    rules, forbidden = [], set(state.forbidden)
    for name, sub in schema["properties"].items():
        rules.append(Rule(book.sub(lit, sub), name=name))
        if not book.writable(sub) and name not in schema.get("required", ()):
            forbidden.add(name)
    seen = Evaluated(names=frozenset(schema["properties"]))
    return [replace(state, rules=(*state.rules, *rules), forbidden=frozenset(forbidden), evaluated=state.evaluated | seen)]


def _hold_patterns(book: Book, state: State, lit: Lit, schema: Json) -> States:
    rules = [Rule(book.sub(lit, sub), pattern=pattern) for pattern, sub in schema["patternProperties"].items()]
    seen = Evaluated(patterns=tuple(schema["patternProperties"]))
    return [replace(state, rules=(*state.rules, *rules), evaluated=state.evaluated | seen)]


def _others(book: Book, lit: Lit, schema: Json, keyword: str) -> Rule:
    names = frozenset(schema.get("properties", ()))
    return Rule(book.sub(lit, schema[keyword]), but_names=names, but_patterns=tuple(schema.get("patternProperties", ())))


def _hold_additional(book: Book, state: State, lit: Lit, schema: Json) -> States:
    rule = _others(book, lit, schema, "additionalProperties")
    return [replace(state, rules=(*state.rules, rule), evaluated=state.evaluated | Evaluated(every_name=True))]


def _hold_unevaluated_names(book: Book, state: State, lit: Lit, schema: Json) -> States:
    seen = state.evaluated
    rules = state.rules
    if not seen.every_name:
        sub = book.sub(lit, schema["unevaluatedProperties"])
        rules = (*rules, Rule(sub, but_names=seen.names, but_patterns=seen.patterns))
    return [replace(state, rules=rules, evaluated=seen | Evaluated(every_name=True))]


def _hold_required(book: Book, state: State, lit: Lit, schema: Json) -> States:
    return [replace(state, required=state.required | frozenset(schema["required"]))]


def _hold_names(book: Book, state: State, lit: Lit, schema: Json) -> States:
    return [replace(state, names=(*state.names, book.sub(lit, schema["propertyNames"])))]


def _hold_implied(book: Book, state: State, lit: Lit, schema: Json) -> States:
    new = tuple((name, tuple(others)) for name, others in schema["dependentRequired"].items())
    return [replace(state, implied=(*state.implied, *new))]


def _hold_dependent(book: Book, state: State, lit: Lit, schema: Json) -> States:
    states = [state]
    for name, sub in schema["dependentSchemas"].items():
        number = book.sub(lit, sub)
        states = [after for before in states for after in _depends(book, before, name, number)]
    return states


def _depends(book: Book, state: State, name: str, lit: Lit) -> States:
    if "object" in state.types:
        with_it = replace(state, types=frozenset({"object"}), required=state.required | {name})
        yield from settle(book, with_it, lit)
    yield replace(state, forbidden=state.forbidden | {name})


def _hold_prefix(book: Book, state: State, lit: Lit, schema: Json) -> States:
    subs = schema["prefixItems"]
    rules = tuple(ItemRule(book.sub(lit, sub), index, index + 1) for index, sub in enumerate(subs))
    return [replace(state, items=(*state.items, *rules), evaluated=state.evaluated | Evaluated(items=len(subs)))]


def _hold_items(book: Book, state: State, lit: Lit, schema: Json) -> States:
    if isinstance(schema["items"], list):
        raise GenerationError("'items' holds a list, which JSON Schema 2020-12 calls 'prefixItems'")
    rule = ItemRule(book.sub(lit, schema["items"]), len(schema.get("prefixItems", ())))
    return [replace(state, items=(*state.items, rule), evaluated=state.evaluated | Evaluated(every_item=True))]


def _hold_contains(book: Book, state: State, lit: Lit, schema: Json) -> States:
    sub = book.sub(lit, schema["contains"])
    high = schema.get("maxContains")
    rule = ContainsRule(sub, int(schema.get("minContains", 1)), None if high is None else int(high))
    return [replace(state, contains=(*state.contains, rule), evaluated=state.evaluated | Evaluated(matching=(sub,)))]


def _hold_unevaluated_items(book: Book, state: State, lit: Lit, schema: Json) -> States:
    seen = state.evaluated
    items = state.items
    if not seen.every_item:
        sub = book.sub(lit, schema["unevaluatedItems"])
        items = (*items, ItemRule(book.either((sub, *seen.matching)) if seen.matching else sub, seen.items))
    return [replace(state, items=items, evaluated=seen | Evaluated(every_item=True))]


def _hold_unique(book: Book, state: State, lit: Lit, schema: Json) -> States:
    return [replace(state, unique=state.unique or bool(schema["uniqueItems"]))]


def _hold_all(book: Book, state: State, lit: Lit, schema: Json) -> States:
    return expand(book, [book.sub(lit, sub) for sub in schema["allOf"]], state)


def _hold_any(book: Book, state: State, lit: Lit, schema: Json) -> States:
    return _any(book, state, [_picked(book, lit, schema, sub) for sub in schema["anyOf"]])


def _hold_one(book: Book, state: State, lit: Lit, schema: Json) -> States:
    subs = [book.sub(lit, sub) for sub in schema["oneOf"]]
    for index, sub in enumerate(schema["oneOf"]):
        others = tuple(-other for place, other in enumerate(subs) if place != index)
        for after in settle(book, state, _picked(book, lit, schema, sub)):
            yield replace(after, deferred=(*after.deferred, *others), checks=(*after.checks, lit)) if others else after


def _picked(book: Book, lit: Lit, schema: Json, sub: Json) -> Lit:
    """Give a branch; with a `discriminator`, one whose property says the branch's name."""
    plain = book.sub(lit, sub)
    told = schema.get("discriminator")
    name = told.get("propertyName") if isinstance(told, dict) else None
    if not isinstance(name, str) or not isinstance(sub, dict) or not isinstance(sub.get("$ref"), str):
        return plain
    mapping = told.get("mapping") or {}
    words = [word for word, target in mapping.items() if target in (sub["$ref"], sub["$ref"].rpartition("/")[2])]
    words = words or [sub["$ref"].rpartition("/")[2]]
    said = book.narrowed(lit, sub, name, tuple(words))
    return said if _speaks(book, said, name) else plain


def _speaks(book: Book, lit: Lit, name: str) -> bool:
    """Whether the branch allows the discriminator's words: its own `const` may say otherwise."""
    for state in expand(book, [lit]):
        mine = [rule.lit for rule in state.rules if rule.name == name]
        if expand(book, mine):
            return True
    book.notice(f"the discriminator '{safe_text(name, 40)}' contradicts the schemas it tells apart")
    return False


def _hold_not(book: Book, state: State, lit: Lit, schema: Json) -> States:
    seen = state.evaluated
    for after in settle(book, state, -book.sub(lit, schema["not"])):
        yield replace(after, evaluated=seen)


def _hold_if(book: Book, state: State, lit: Lit, schema: Json) -> States:
    test = book.sub(lit, schema["if"])
    for after in settle(book, state, test):
        yield from settle(book, after, book.sub(lit, schema["then"])) if "then" in schema else [after]
    if "else" not in schema and "then" not in schema:
        yield state
        return
    seen = state.evaluated
    for after in settle(book, state, -test):
        bare = replace(after, evaluated=seen)
        yield from settle(book, bare, book.sub(lit, schema["else"])) if "else" in schema else [bare]


def _hold_ref(keyword: str) -> Callable[[Book, State, Lit, Json], States]:
    return lambda book, state, lit, schema: settle(book, state, book.target(lit, keyword))


_HOLD: Final[Mapping[str, Callable[[Book, State, Lit, Json], States]]] = {
    "type": _hold_type,
    "enum": _hold_enum,
    "const": _hold_const,
    "minimum": _hold_bound("minimum"),
    "maximum": _hold_bound("maximum"),
    "exclusiveMinimum": _hold_bound("exclusiveMinimum"),
    "exclusiveMaximum": _hold_bound("exclusiveMaximum"),
    "multipleOf": _hold_step,
    "minLength": _hold_size("minLength", "min_length"),
    "maxLength": _hold_size("maxLength", "max_length"),
    "pattern": _hold_pattern,
    "format": _hold_format,
    "examples": _hold_examples,
    "properties": _hold_properties,
    "patternProperties": _hold_patterns,
    "additionalProperties": _hold_additional,
    "unevaluatedProperties": _hold_unevaluated_names,
    "required": _hold_required,
    "propertyNames": _hold_names,
    "dependentRequired": _hold_implied,
    "dependentSchemas": _hold_dependent,
    "minProperties": _hold_size("minProperties", "min_names"),
    "maxProperties": _hold_size("maxProperties", "max_names"),
    "prefixItems": _hold_prefix,
    "items": _hold_items,
    "contains": _hold_contains,
    "unevaluatedItems": _hold_unevaluated_items,
    "uniqueItems": _hold_unique,
    "minItems": _hold_size("minItems", "min_items"),
    "maxItems": _hold_size("maxItems", "max_items"),
    "allOf": _hold_all,
    "anyOf": _hold_any,
    "oneOf": _hold_one,
    "not": _hold_not,
    "if": _hold_if,
    "$ref": _hold_ref("$ref"),
    "$dynamicRef": _hold_ref("$dynamicRef"),
}


def deny(book: Book, state: State, lit: Lit) -> list[State]:
    """Take the negation of a schema on board: at least one of its keywords is broken."""
    from contracts.generate.deny import denied  # noqa: PLC0415 -- the two halves of one recursion

    return _cut(book, list(denied(book, state, lit)))
