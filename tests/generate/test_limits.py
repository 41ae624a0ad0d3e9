"""What would take for ever is given up where it is tried, and what is around it goes on."""

from __future__ import annotations

import json
import re
import time

import pytest

from contracts import generate
from contracts.errors import GenerationError
from contracts.generate.leaves import matching

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


@pytest.mark.parametrize(
    ("pattern", "low", "high"),
    [
        ("^[a-z]+-[0-9]+$", 36, 36),
        ("^[a-z]+-[0-9]+$", 37, 37),
        ("^(ab|cde)+$", 37, 37),
        ("^([a-z]{2,5}-)*[a-z]$", 101, 101),
        ("^(?:[A-Z]{3,4}_?){2,}$", 2, 64),
        ("abc", 10, 10),
        ("^abc", 300, None),
        ("x{3}$", 12, 40),
        ("^[a-z]*$", 15_000, None),
    ],
)
def test_a_string_of_a_bounded_length_is_built_along_its_pattern(pattern, low, high):
    schema = {"type": "string", "pattern": pattern, "minLength": low}
    values = [
        each.value for each in generate.covering(schema | ({} if high is None else {"maxLength": high}))
    ]
    assert values
    assert all(low <= len(value) <= (high or len(value)) and re.search(pattern, value) for value in values)


@pytest.mark.untraced
def test_repeats_inside_of_repeats_do_not_multiply():
    started = time.process_time()
    for pattern in ("^(?:(?:(?:a+/)+b)+:)+c$", "^(((([a-z]+[.-])+x)*y)+z)*$", "^(([a-z]?){30}-){30}$"):
        assert max(map(len, matching.samples(pattern))) <= matching.LONGEST * 5
        assert len(generate.covering({"type": "string", "pattern": pattern})) > 3
    assert time.process_time() - started < 20  # multiplied rounds do not end


@pytest.mark.parametrize(
    "asked",
    [
        {"type": "integer", "minimum": 10**400},
        {"type": "number", "exclusiveMinimum": -(10**400), "maximum": 10**500},
        {"type": "number", "multipleOf": 10**400},
        {"const": 10**400},
        {"type": "integer", "minimum": 10**400, "maximum": 10**400 + 5, "multipleOf": 3},
        {"type": ["number", "null"], "format": "double"},
    ],
)
def test_numbers_beyond_a_double_are_generated_from(asked):
    plan = generate.plan(
        {
            "type": "object",
            "properties": {"low": asked, "high": asked, "total": {"type": "number"}, "failed": asked},
        }
    )
    assert len(generate.covering(plan)) > 10
    assert len(generate.near_misses(plan)) > 3
    assert list(generate.drifted(plan))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"type": "string", "pattern": "^a{3}$", "minLength": 5}, "no string of 5 characters or more was found for '^a{3}$'"),
        ({"type": "string", "minLength": 10**9}, "no string of 1,000,000,000 characters or more was found"),
        ({"type": "array", "minItems": 10**9}, "lists of at least 1,000,000,000 items are not generated"),
        ({"type": "object", "minProperties": 10**4}, "objects of at least 10,000 properties are not generated"),
    ],
)  # fmt: skip
def test_what_is_not_generated_is_said_with_its_place(asked, why):
    inner = {"type": "object", "required": ["c"], "properties": {"b": {"type": "integer"}, "c": asked}}
    with pytest.raises(GenerationError, match=r"at \$\.a\.c; ") as told:
        generate.covering({"type": "object", "required": ["a"], "properties": {"a": inner}})
    assert why in str(told.value)
    optional = generate.covering({"type": "object", "properties": {"c": asked, "d": {"type": "boolean"}}})
    assert len(optional) > 2
    assert any(why in notice for notice in optional.notices)


def test_long_lists_of_different_items_are_built():
    for items in ({"type": "integer"}, {"type": "number", "maximum": 0}, {"type": "string", "minLength": 2}):
        plain = next(generate.sample({"type": "array", "minItems": 90, "uniqueItems": True, "items": items}))
        assert len({repr(item) for item in plain}) == 90


def test_schemas_that_refer_to_each_other_give_payloads_of_bounded_size():
    names = [f"C{number}" for number in range(7)]
    links = {name: {"$ref": f"#/components/schemas/{name}"} for name in names}
    schemas = {name: {"type": "object", "properties": links} for name in names}
    found = generate.covering(
        {"$ref": "#/components/schemas/C0", "components": {"schemas": schemas}}, limit=12
    )
    assert len(found) == 12
    assert max(len(json.dumps(payload.value)) for payload in found) < 20_000


def test_a_property_that_can_never_be_there_does_not_stop_the_others() -> None:
    named = {"properties": {"name": {"type": "string"}}}
    never = {"type": "object", "oneOf": [named, named]}
    open_ = {"properties": {"kind": {"type": "string"}, "name": {"type": "string"}, "never": never}}
    schema = {"anyOf": [open_, {"type": "object", **open_}]}
    made = [payload.value for payload in generate.covering(generate.plan(schema))]
    assert {"kind", "name"} <= {key for value in made if isinstance(value, dict) for key in value}
    assert not [value for value in made if isinstance(value, dict) and "never" in value]
