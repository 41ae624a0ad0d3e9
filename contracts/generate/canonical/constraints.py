"""One way to satisfy a goal while it is being worked out: what has been promised so far, type by type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from typing import Any, Protocol, TypeAlias

from contracts.generate.canonical.oracle import Oracle
from contracts.generate.leaves import TYPES, Conjunction, Domain, Object, key_of, type_of
from contracts.model import Json

SchemaRef: TypeAlias = int
"""A schema that must hold (a positive number) or must not (its negative), as numbered by the plan."""

Layout: TypeAlias = tuple[Mapping[str, Conjunction], tuple[str, ...]]
"""The goals of all names an object may have, and the names that it may do without."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the schemas passed so far evaluate, for `unevaluated*`."""

    names: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()
    every_name: bool = False
    items: int = 0
    every_item: bool = False
    matching: tuple[SchemaRef, ...] = ()

    def __or__(self, other: Evaluated) -> Evaluated:
        return Evaluated(
            self.names | other.names,
            tuple(dict.fromkeys((*self.patterns, *other.patterns))),
            self.every_name or other.every_name,
            max(self.items, other.items),
            self.every_item or other.every_item,
            tuple(dict.fromkeys((*self.matching, *other.matching))),
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A schema for some properties: the one `name`, those that match `pattern`, or all others."""

    lit: SchemaRef
    name: str | None = None
    pattern: str | None = None
    but_names: frozenset[str] = frozenset()
    but_patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemRule:
    """A schema for the items from `start` up to `stop` (None: to the end)."""

    lit: SchemaRef
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class ContainsRule:
    """`low` to `high` items satisfy the schema."""

    lit: SchemaRef
    low: int = 1
    high: int | None = None


@dataclass(frozen=True)
class State:
    """Promises of one alternative; every method gives a new state.

    Without slots: `replace` copies its dictionary, which costs a tenth of going field by field.
    """

    types: frozenset[str] = frozenset(TYPES)
    integer: bool = False
    fraction: bool = False
    values: tuple[Json, ...] | None = None
    excluded: tuple[Json, ...] = ()
    low: Fraction | None = None
    low_open: bool = False
    high: Fraction | None = None
    high_open: bool = False
    step: Fraction | None = None
    not_steps: tuple[Fraction, ...] = ()
    min_length: int = 0
    max_length: int | None = None
    patterns: tuple[str, ...] = ()
    not_patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    not_formats: tuple[str, ...] = ()
    items: tuple[ItemRule, ...] = ()
    contains: tuple[ContainsRule, ...] = ()
    min_items: int = 0
    max_items: int | None = None
    unique: bool = False
    repeated: bool = False
    rules: tuple[Rule, ...] = ()
    required: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    names: tuple[SchemaRef, ...] = ()
    implied: tuple[tuple[str, tuple[str, ...]], ...] = ()
    min_names: int = 0
    max_names: int | None = None
    spare: int = 0
    examples: tuple[Json, ...] = ()
    evaluated: Evaluated = field(default_factory=Evaluated)
    done: frozenset[SchemaRef] = frozenset()
    deferred: tuple[SchemaRef, ...] = ()
    checks: tuple[SchemaRef, ...] = ()

    def only(self, types: Iterable[str], *, integer: bool = False) -> State | None:
        """Keep some JSON types; None when nothing is left."""
        left = self.types & frozenset(types)
        if not left:
            return None
        return replace(self, types=left, integer=self.integer or (integer and "number" in left))

    def one_of(self, values: Iterable[Json]) -> State | None:
        """Keep some values."""
        wanted = {key_of(value): value for value in values}
        if self.values is not None:
            have = {key_of(value) for value in self.values}
            wanted = {key: value for key, value in wanted.items() if key in have}
        left = tuple(value for value in wanted.values() if type_of(value) in self.types)
        return replace(self, values=left) if left else None

    def bound(self, keyword: str, number: Fraction) -> State:
        """Add `minimum`, `maximum` or an exclusive one."""
        is_open = keyword.startswith("exclusive")
        if keyword.lower().endswith("minimum"):
            if self.low is None or number > self.low or (number == self.low and is_open):
                return replace(self, low=number, low_open=is_open)
            return self
        if self.high is None or number < self.high or (number == self.high and is_open):
            return replace(self, high=number, high_open=is_open)
        return self

    def multiple(self, step: Fraction) -> State:
        """Add a `multipleOf`."""
        if self.step is None:
            return replace(self, step=step)
        a, b = self.step, step
        top = a.numerator * b.denominator * b.numerator * a.denominator
        common = gcd(a.numerator * b.denominator, b.numerator * a.denominator)
        return replace(self, step=Fraction(top // common, a.denominator * b.denominator))

    def size(self, field_: str, number: int) -> State:
        """Add a lower (`min_...`) or upper (`max_...`) limit of length or count."""
        have = getattr(self, field_)
        if field_.startswith("min"):
            return replace(self, **{field_: max(have, number)})
        least = number if have is None else min(have, number)
        return replace(self, **{field_: least})


def replace(state: State, **changes: Any) -> State:
    """Give the state with some of its fields changed."""
    new = object.__new__(State)
    new.__dict__.update(state.__dict__)
    new.__dict__.update(changes)
    return new


class PlanProtocol(Protocol):
    """What reading schemas and building values need of a plan (see `Plan`, which documents each)."""

    # ruff: noqa: D102 -- said at the plan
    root: Conjunction
    oracle: Oracle

    @property
    def notices(self) -> tuple[str, ...]: ...
    def schema(self, lit: SchemaRef) -> Json: ...
    def sub(self, parent: SchemaRef, schema: Json) -> SchemaRef: ...
    def target(self, parent: SchemaRef, keyword: str) -> SchemaRef: ...
    def narrowed(self, parent: SchemaRef, sub: Json, name: str, words: tuple[str, ...]) -> SchemaRef: ...
    def either(self, lits: tuple[SchemaRef, ...]) -> SchemaRef: ...
    def branches(self, lit: SchemaRef) -> tuple[SchemaRef, ...] | None: ...
    def other_name(self, names: Iterable[str], patterns: Iterable[str], lit: SchemaRef) -> Iterator[str]: ...
    def matching_name(self, pattern: str) -> Iterator[str]: ...
    def notice(self, text: str) -> None: ...
    def writable(self, schema: Json) -> bool: ...
    def expand(self, lits: Iterable[SchemaRef], start: State | None = None) -> list[State]: ...
    def settle(self, state: State, lit: SchemaRef) -> list[State]: ...
    def passes(self, checks: Iterable[SchemaRef], value: Json) -> bool: ...
    def goal(self, lits: Iterable[SchemaRef]) -> Conjunction: ...
    def join(self, *goals: Conjunction) -> Conjunction: ...
    def open(self, goal: Conjunction) -> bool: ...
    def domains(self, goal: Conjunction) -> tuple[Domain, ...]: ...
    def height(self, goal: Conjunction) -> int | None: ...
    def dead_end(self) -> str: ...
    def heights(self, goal: Conjunction) -> tuple[int, ...]: ...
    def domain_height(self, domain: Domain) -> int: ...
    def layout(self, domain: Object) -> Layout: ...
