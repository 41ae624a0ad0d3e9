"""Payloads that a schema allows, nearly allows, or may allow tomorrow.

    from contracts import generate

    plan = generate.plan(document, pointer="/components/schemas/Batch")
    for payload in generate.covering(plan):      # deterministic; payload.points says what it is there for
        normalize(payload.value)
    @given(generate.payloads(plan))              # Hypothesis: any valid payload
    generate.near_misses(plan)                   # one fault each, confirmed by the oracle
    generate.drifted(plan)                       # what vendors change without notice

A schema is a dict or bool of JSON Schema 2020-12 as OpenAPI 3.1 uses it. What cannot be modelled is a
GenerationError or stands in `notices`; no value is given out that the oracle has not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contracts.generate.build import samples
from contracts.generate.cover import LIMIT, Covering, Payload, cover
from contracts.generate.explore import strategy
from contracts.generate.plan import Plan
from contracts.generate.subject import subject
from contracts.model import Json

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["Covering", "Payload", "Plan", "covering", "payloads", "plan", "sample"]


def plan(schema: Json = None, *, root: Json = None, pointer: str = "", direction: str = "response") -> Plan:
    """Plan a schema: alone, by its pointer in `root`, or with its `#/…` references resolved in `root`.

    In responses `writeOnly` properties are left out, in requests (`direction="request"`) `readOnly` ones.
    GenerationError when a reference points nowhere or the engine cannot read the schema.
    """
    if pointer and root is None:
        schema, root = None, schema
    return Plan(subject(schema, root, pointer), direction=direction)


def _planned(schema: Json | Plan) -> Plan:
    return schema if isinstance(schema, Plan) else plan(schema)


def payloads(schema: Json | Plan) -> SearchStrategy[Json]:
    """Give a Hypothesis strategy of valid payloads; GenerationError when the schema has none."""
    return strategy(_planned(schema))


def covering(schema: Json | Plan, *, limit: int = LIMIT) -> Covering:
    """Build the deterministic covering set: at most `limit` valid payloads, the first one plain."""
    return cover(_planned(schema), limit)


def sample(schema: Json | Plan, count: int = 40) -> Iterator[Json]:
    """Yield up to `count` distinct valid payloads, the smallest first, the same on every run."""
    return samples(_planned(schema), count)
