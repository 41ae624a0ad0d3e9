"""Domains: the one intermediate form between a schema and everything that is generated from it.

A goal is a conjunction of schemas (by number, see `plan.py`); its domains are the ways to satisfy it, one
JSON type each. `checks` of a domain are the goals' schemas that the domain does not model exactly: the
oracle decides there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from contracts.model import Json

Conjunction: TypeAlias = int
"""The number of a conjunction of schemas in its plan."""

TYPES: Final = ("string", "number", "boolean", "object", "array", "null")


def type_of(value: Json) -> str:
    """Name the JSON type of a value; integers are numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def key_of(value: Json) -> str:
    """Give text that is equal exactly for values equal in JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list):
        return f"[{','.join(map(key_of, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{json.dumps(k)}:{key_of(v)}' for k, v in sorted(value.items()))}}}"
    return json.dumps(value)


def exact(number: float) -> Fraction:
    """Read a number as its decimal text says, not as the binary double nearest to it."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Values:
    """A finite set: members of `enum`, a `const`, null, the booleans; `kind` is their JSON type."""

    kind: str
    values: tuple[Json, ...]
    checks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """Numbers between two bounds (None: no bound; `open` excludes it) that are multiples of `step`."""

    integer: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False
    step: Fraction | None = None
    not_steps: tuple[Fraction, ...] = ()
    fraction: bool = False
    formats: tuple[str, ...] = ()
    excluded: tuple[Json, ...] = ()
    examples: tuple[Json, ...] = ()
    checks: tuple[int, ...] = ()
    kind: str = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Strings of `low` to `high` code points (None: no limit), with patterns and formats to meet or miss."""

    low: int = 0
    high: int | None = None
    patterns: tuple[str, ...] = ()
    not_patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    not_formats: tuple[str, ...] = ()
    excluded: tuple[Json, ...] = ()
    examples: tuple[Json, ...] = ()
    checks: tuple[int, ...] = ()
    kind: str = "string"


@dataclass(frozen=True, slots=True)
class Contains:
    """`low` to `high` items (None: any number) satisfy the goal, all other items satisfy `other`."""

    goal: Conjunction
    other: Conjunction
    low: int
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Array:
    """Lists: item goals by position, the goal of the rest, and how many."""

    prefix: tuple[Conjunction, ...] = ()
    rest: Conjunction
    low: int = 0
    high: int | None = None
    unique: bool = False
    repeated: bool = False
    contains: tuple[Contains, ...] = ()
    checks: tuple[int, ...] = ()
    examples: tuple[Json, ...] = ()
    kind: str = "array"

    def goal(self, index: int) -> Conjunction:
        """Give the goal of one position."""
        return self.prefix[index] if index < len(self.prefix) else self.rest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Object:
    """Objects: goals of the named properties, which of them must be there, and what other names may be.

    `extras` are ready names outside `named` (from patterns and open ends) with their goals; `implied` says
    which names follow from the presence of another; `closed` means no name outside `named` and `extras` is
    known to be legal.
    """

    named: tuple[tuple[str, Conjunction], ...] = ()
    required: frozenset[str] = frozenset()
    extras: tuple[tuple[str, Conjunction], ...] = ()
    implied: tuple[tuple[str, tuple[str, ...]], ...] = ()
    low: int = 0
    high: int | None = None
    closed: bool = False
    checks: tuple[int, ...] = ()
    examples: tuple[Json, ...] = ()
    kind: str = "object"


Domain: TypeAlias = Values | Number | Text | Array | Object
