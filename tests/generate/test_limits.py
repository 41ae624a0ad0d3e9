"""What would take for ever is given up where it is tried, and what is around it goes on."""

from __future__ import annotations

import pytest

from contracts import generate
from contracts.errors import GenerationError

PART = {"anyOf": [{"required": [name], "properties": {name: {"type": "string"}}} for name in "abcdef"]}
WIDE = {"type": "object", "allOf": [{"anyOf": [PART, {"not": PART}, {"minProperties": n}]} for n in range(4)]}


def test_a_plan_works_out_no_more_schemas_than_it_is_allowed_and_can_be_used_again():
    plan = generate.plan(WIDE)
    fresh = plan.goal([plan.sub(1, {**WIDE, "minProperties": 1})])
    with pytest.raises(GenerationError, match="too many alternatives to be worked out"), plan.limited(50):
        plan.domains(fresh)
    assert plan.height(plan.goal([])) == 0
    assert len(plan.domains(fresh)) > 0
    assert all(plan.oracle.valid(payload.value) for payload in generate.covering(plan, limit=4))


@pytest.mark.benchmark
def test_near_misses_of_unions_of_unions_end_and_say_what_was_not_found():
    misses = generate.near_misses(WIDE)
    assert all(not generate.plan(WIDE).oracle.valid(miss.value) for miss in misses)
    assert len(misses) > 0
    assert len(misses.missing) < misses.sites
