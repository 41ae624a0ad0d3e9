"""Payloads that a schema allows, nearly allows, or may allow tomorrow.

    from contracts import generate

    plan = generate.plan(document, pointer="/components/schemas/Batch")
    for payload in generate.covering(plan):      # deterministic; payload.points says what it is there for
        normalize(payload.value)
    @given(generate.payloads(plan))              # Hypothesis: any valid payload
    generate.near_misses(plan)                   # one fault each, confirmed by both engines
    generate.two_faults(plan)                    # two of them in one payload
    generate.drifted(plan)                       # what vendors change without notice

A schema is a dict or bool of JSON Schema 2020-12 as OpenAPI 3.1 uses it. What cannot be modelled is a
GenerationError or stands in `notices`; no value is given out that the oracle has not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contracts.errors import need
from contracts.generate.canonical import Plan, samples, subject_of
from contracts.generate.coverage import LIMIT, Covering, Payload, cover
from contracts.generate.invalid import Misses, NearMiss, TwoFaults
from contracts.generate.invalid import near_misses as misses
from contracts.generate.invalid import pairs as near_pairs
from contracts.generate.leaves import samples as pattern_samples
from contracts.generate.mutations import Drifted, Outcome
from contracts.generate.mutations import operators as drifts
from contracts.generate.places import stand
from contracts.generate.shrink import Reduced, Signature, reduce, simpler_values_of
from contracts.model import Json

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = [
    "Covering",
    "Drifted",
    "Misses",
    "NearMiss",
    "Outcome",
    "Payload",
    "Plan",
    "Reduced",
    "Signature",
    "TwoFaults",
    "covering",
    "drifted",
    "near_misses",
    "pattern_samples",
    "payloads",
    "plan",
    "reduce",
    "sample",
    "simpler_values_of",
    "stand",
    "two_faults",
]


def plan(schema: Json = None, *, root: Json = None, pointer: str = "", direction: str = "response") -> Plan:
    """Plan a schema: alone, by its pointer in `root`, or with its `#/…` references resolved in `root`.

    In responses `writeOnly` properties are left out, in requests (`direction="request"`) `readOnly` ones.
    GenerationError when a reference points nowhere or the engine cannot read the schema.
    """
    if pointer and root is None:
        schema, root = None, schema
    return Plan(subject_of(schema, root, pointer), direction=direction)


def _planned(schema: Json | Plan) -> Plan:
    return schema if isinstance(schema, Plan) else plan(schema)


def payloads(schema: Json | Plan) -> SearchStrategy[Json]:
    """Give a Hypothesis strategy of valid payloads; GenerationError when the schema has none."""
    need("hypothesis", "explore", "random payloads need Hypothesis")
    from contracts.generate.strategy import strategy_of  # Hypothesis is loaded by those who explore

    return strategy_of(_planned(schema))


def covering(schema: Json | Plan, *, limit: int = LIMIT) -> Covering:
    """Build the deterministic covering set: at most `limit` valid payloads, the first one plain."""
    return cover(_planned(schema), limit)


def sample(schema: Json | Plan, count: int = 40) -> Iterator[Json]:
    """Yield up to `count` distinct valid payloads, the smallest first, the same on every run."""
    return samples(_planned(schema), count)


def near_misses(schema: Json | Plan) -> Misses:
    """Give payloads with exactly one fault each, at every place and keyword that can be broken alone.

    Both engines confirm each one. `missing` lists the places and keywords without a near miss, and why.
    """
    return misses.near_misses_of(_planned(schema))


def two_faults(schema: Json | Plan, *, count: int = 64, misses: Misses | None = None) -> Iterator[TwoFaults]:
    """Yield up to `count` payloads with exactly two faults at two known places, the same on every run.

    `misses` are the near misses to combine, by default all of the schema; each payload's id names both.
    """
    return near_pairs.two_faults(_planned(schema), count, misses)


def drifted(schema: Json | Plan) -> Iterator[Drifted]:
    """Yield payloads changed as vendors change them, each with the outcome to be expected of a reader."""
    return drifts.drifted(_planned(schema))
