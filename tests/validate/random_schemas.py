"""Schemas and values drawn at random: any keyword of JSON Schema 2020-12 beside any other, values near them."""

from __future__ import annotations

import random
from typing import Any

WORDS = ("a", "b", "id", "state", "x-1", "", "ä", "π")
PATTERNS = ("^a", "b$", "^[a-c]{1,3}$", "\\d", "^x-", ".")
NUMBERS = (0, 1, -1, 2, 3, 10, 0.5, 1.5, -2.5, 1e3, 2**53, 0.1)


def schema(rng: random.Random, depth: int = 3) -> Any:
    """Give a schema that is valid by its meta-schema, with up to four keywords a level."""
    if depth == 0 or rng.random() < 0.05:
        return rng.choice((True, True, {}, {"type": _type(rng)}, {"const": value(rng, 1)}, False))
    made: dict[str, Any] = {}
    for word in rng.sample(sorted(KEYWORDS), rng.randint(1, 4)):
        made[word] = KEYWORDS[word](rng, depth - 1)
    return made


def value(rng: random.Random, depth: int = 3) -> Any:
    """Give any JSON value, of words and numbers that schemas speak of."""
    kind = rng.randrange(8 if depth else 5)
    if kind < 2:
        return rng.choice((None, True, False, *NUMBERS))
    if kind < 4:
        return rng.choice(WORDS) * rng.choice((1, 1, 2, 5))
    if kind == 4:
        return rng.choice(([], {}, "", 0))
    if kind == 5:
        return [value(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    return {rng.choice(WORDS): value(rng, depth - 1) for _ in range(rng.randint(0, 4))}


def _type(rng: random.Random) -> Any:
    names = ("null", "boolean", "integer", "number", "string", "array", "object")
    return rng.choice(names) if rng.random() < 0.7 else rng.sample(names, rng.randint(1, 3))


def _count(rng: random.Random, _: int) -> int:
    return rng.choice((0, 1, 1, 2, 2, 3, 5))


def _names(rng: random.Random, _: int) -> list[str]:
    return rng.sample(WORDS, rng.randint(0, 2))


def _map(rng: random.Random, depth: int) -> dict[str, Any]:
    return {name: schema(rng, depth) for name in rng.sample(WORDS, rng.randint(1, 3))}


def _list(rng: random.Random, depth: int) -> list[Any]:
    return [schema(rng, depth) for _ in range(rng.randint(1, 3))]


KEYWORDS = {
    "type": lambda rng, _: _type(rng),
    "enum": lambda rng, _: [value(rng, 2) for _ in range(rng.randint(1, 4))],
    "const": lambda rng, _: value(rng, 2),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), lambda rng, _: rng.choice(NUMBERS)),
    "multipleOf": lambda rng, _: rng.choice((1, 2, 0.5, 0.1, 3)),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _count),
    "pattern": lambda rng, _: rng.choice(PATTERNS),
    "uniqueItems": lambda rng, _: rng.random() < 0.8,
    "required": _names,
    "properties": _map,
    "patternProperties": lambda rng, depth: {rng.choice(PATTERNS): schema(rng, depth)},
    **dict.fromkeys(("additionalProperties", "propertyNames", "items", "contains", "not", "unevaluatedProperties", "unevaluatedItems"), schema),
    "prefixItems": _list,
    "minContains": _count,
    "maxContains": _count,
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _list),
    **dict.fromkeys(("if", "then", "else"), schema),
    "dependentRequired": lambda rng, _: {rng.choice(WORDS): _names(rng, 0)},
    "dependentSchemas": lambda rng, depth: {rng.choice(WORDS): schema(rng, depth)},
}  # fmt: skip
