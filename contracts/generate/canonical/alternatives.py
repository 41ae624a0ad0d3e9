"""Schemas to alternatives: every way to satisfy a conjunction of schemas, in-place applicators resolved.

`hold` takes what a schema asks on board, `deny` what its negation asks. `oneOf` takes one branch and leaves
the denial of the others to be checked (`deferred`), because it is nearly always implied; `plan.py` falls
back to working it out when no example passes the check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from contracts.generate.canonical.constraints import Evaluated, SchemaNumbers, SchemaRef, State, replace
from contracts.generate.canonical.keywords import ASKS, States, Step
from contracts.model import Json
from contracts.text import safe_text

LIMIT: Final = 96
"""How many alternatives of one goal are kept; more are cut, and said."""


def expand(book: SchemaNumbers, lits: Iterable[SchemaRef], start: State | None = None) -> list[State]:
    """Give the alternatives of a conjunction."""
    states = [start or State()]
    for lit in lits:
        states = _cut(book, [after for state in states for after in settle(book, state, lit)])
    return states


def _cut(book: SchemaNumbers, states: list[State]) -> list[State]:
    if len(states) > LIMIT:
        book.notice(f"a schema has {len(states)} alternatives; only {LIMIT} of them are generated")
        stride = len(states) / LIMIT
        return [states[int(index * stride)] for index in range(LIMIT)]
    return states


def settle(book: SchemaNumbers, state: State, lit: SchemaRef) -> list[State]:
    """Take one schema, or its negation, on board."""
    if lit in state.done:
        return [state]
    if -lit in state.done:
        return []
    book.spend()
    state = replace(state, done=state.done | {lit})
    return hold(book, state, lit) if lit > 0 else deny(book, state, -lit)


def hold(book: SchemaNumbers, state: State, lit: SchemaRef) -> list[State]:
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


def _unknown(book: SchemaNumbers, keyword: str) -> None:
    if not keyword.startswith("x-"):
        book.notice(f"the keyword '{safe_text(keyword, 40)}' says nothing that is generated")


def _any(book: SchemaNumbers, state: State, lits: Iterable[SchemaRef]) -> list[State]:
    return [after for lit in lits for after in settle(book, state, lit)]


def _hold_dependent(book: SchemaNumbers, state: State, lit: SchemaRef, schema: Json) -> States:
    states = [state]
    for name, sub in schema["dependentSchemas"].items():
        number = book.sub(lit, sub)
        states = [after for before in states for after in _depends(book, before, name, number)]
    return states


def _depends(book: SchemaNumbers, state: State, name: str, lit: SchemaRef) -> States:
    if "object" in state.types:
        with_it = replace(state, types=frozenset({"object"}), required=state.required | {name})
        yield from settle(book, with_it, lit)
    yield replace(state, forbidden=state.forbidden | {name})


def _hold_all(book: SchemaNumbers, state: State, lit: SchemaRef, schema: Json) -> States:
    return expand(book, [book.sub(lit, sub) for sub in schema["allOf"]], state)


def _hold_any(book: SchemaNumbers, state: State, lit: SchemaRef, schema: Json) -> States:
    return _any(book, state, [_picked(book, lit, schema, sub) for sub in schema["anyOf"]])


def _hold_one(book: SchemaNumbers, state: State, lit: SchemaRef, schema: Json) -> States:
    subs = [book.sub(lit, sub) for sub in schema["oneOf"]]
    for index, sub in enumerate(schema["oneOf"]):
        others = tuple(-other for place, other in enumerate(subs) if place != index)
        for after in settle(book, state, _picked(book, lit, schema, sub)):
            yield (
                replace(after, deferred=(*after.deferred, *others), checks=(*after.checks, lit))
                if others
                else after
            )


def _picked(book: SchemaNumbers, lit: SchemaRef, schema: Json, sub: Json) -> SchemaRef:
    """Give a branch; with a `discriminator`, one whose property says the branch's name."""
    plain = book.sub(lit, sub)
    told = schema.get("discriminator")
    name = told.get("propertyName") if isinstance(told, dict) else None
    if not isinstance(name, str) or not isinstance(sub, dict) or not isinstance(sub.get("$ref"), str):
        return plain
    mapping = told.get("mapping") or {}
    words = [
        word for word, target in mapping.items() if target in (sub["$ref"], sub["$ref"].rpartition("/")[2])
    ]
    words = words or [sub["$ref"].rpartition("/")[2]]
    said = book.narrowed(lit, sub, name, tuple(words))
    return said if _speaks(book, said, name) else plain


def _speaks(book: SchemaNumbers, lit: SchemaRef, name: str) -> bool:
    """Whether the branch allows the discriminator's words: its own `const` may say otherwise."""
    for state in expand(book, [lit]):
        mine = [rule.lit for rule in state.rules if rule.name == name]
        if expand(book, mine):
            return True
    book.notice(f"the discriminator '{safe_text(name, 40)}' contradicts the schemas it tells apart")
    return False


def _hold_not(book: SchemaNumbers, state: State, lit: SchemaRef, schema: Json) -> States:
    seen = state.evaluated
    for after in settle(book, state, -book.sub(lit, schema["not"])):
        yield replace(after, evaluated=seen)


def _hold_if(book: SchemaNumbers, state: State, lit: SchemaRef, schema: Json) -> States:
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


def _hold_ref(keyword: str) -> Step:
    return lambda book, state, lit, schema: settle(book, state, book.target(lit, keyword))


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


def deny(book: SchemaNumbers, state: State, lit: SchemaRef) -> list[State]:
    """Take the negation of a schema on board: at least one of its keywords is broken."""
    from contracts.generate.canonical.negation import denied

    return _cut(book, list(denied(book, state, lit)))
