"""Two engines, one verdict: on the vendors' payloads, and on the JSON Schema Test Suite."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import SpecError
from contracts.model import Pointer
from contracts.schema.engine import compile_schema
from contracts.schema.faults import SchemaFault
from contracts.schema.formats import FORMATS, NUMBER_FORMATS, number_fits
from contracts.schema.shortcuts import SHORTCUTS
from contracts.spec.provider import load
from contracts.validate.body import without_echoes
from tests.validate.agreement import Both

ENGINES = ("fast", "reference")
LEFT_OUT = {
    "refRemote.json": "remote references are never fetched",
    "vocabulary.json / schema that uses custom metaschema with with no validation vocabulary": "a metaschema of one's own",
}
REMOTE = "http://localhost:1234"
META = "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.untraced
@pytest.mark.parametrize("name", ["almanac", "nimble", "matil"])
def test_the_engines_agree_on_recorded_generated_and_mutated_payloads(name: str) -> None:
    both = Both(load(name))
    told = [both.compare(schema, payload) for schema, payload in both.payloads(each=60, schemas=2)]
    assert [one for one in told if one is not None] == []
    assert len(told) >= 100


def suite() -> list[Path]:
    folder = os.environ.get("CONTRACTS_BENCHMARKS", "")
    return (
        sorted((Path(folder) / "json-schema-test-suite/tests/draft2020-12").glob("*.json")) if folder else []
    )


def cases(path: Path) -> Iterator[tuple[str, Any, Any, bool]]:
    for group in json.loads(path.read_text("utf-8")):
        name = f"{path.name} / {group['description']}"
        if name in LEFT_OUT or path.name in LEFT_OUT or REMOTE in json.dumps(group["schema"]):
            continue
        for case in group["tests"]:
            yield f"{name} / {case['description']}", group["schema"], case["data"], case["valid"]


@pytest.mark.skipif(
    not suite(), reason="CONTRACTS_BENCHMARKS does not name the folder with json-schema-test-suite"
)
def test_both_engines_pass_the_required_cases_of_the_json_schema_test_suite() -> None:
    count, wrong = 0, []
    for path in suite():
        for name, schema, data, valid in cases(path):
            count += 1
            wrong += [f"{engine}: {name}" for engine in ENGINES if _holds(schema, data, engine) is not valid]
    assert wrong == []
    assert count > 1100


@pytest.mark.skipif(
    not suite(), reason="CONTRACTS_BENCHMARKS does not name the folder with json-schema-test-suite"
)
def test_the_engines_name_the_same_places_on_the_json_schema_test_suite() -> None:
    differ = []
    for path in suite():
        for name, schema, data, valid in cases(path):
            if not valid and _places(schema, data, "fast") != _places(schema, data, "reference"):
                differ.append(name)
    assert [name for name in differ if not name.startswith(DIFFERENT_WORDS)] == []


DIFFERENT_WORDS = ("dynamicRef.json / $dynamicRef points to a boolean schema / ",)
"""Where the engines agree on the verdict and name another keyword for it."""


def _holds(schema: Any, data: Any, engine: str) -> bool:
    return compile_schema(schema, engine, formats=False).is_valid(data)


def _places(schema: Any, data: Any, engine: str) -> set[tuple[str, str]]:
    faults = without_echoes(compile_schema(schema, engine, formats=False).faults(data))
    return {(str(fault.pointer), fault.keyword) for fault in faults}


# A schema, a value, and the faults (pointer, keyword, spec pointer) that both engines must give.
FAULTS: list[tuple[Any, Any, list[str]]] = [
    ({"type": "integer"}, 1.0, []),
    ({"type": "integer"}, 1.5, ["/ type /type"]),
    ({"enum": [1]}, 1.0, []),
    ({"const": False}, 0, ["/ const /const"]),
    ({"uniqueItems": True}, [1, True], []),
    ({"multipleOf": 0.01}, 19.99, []),
    ({"multipleOf": 0.01}, 19.995, ["/ multipleOf /multipleOf"]),
    ({"pattern": "^a$"}, "a\n", ["/ pattern /pattern"]),
    ({"pattern": r"^\d+$"}, "٣", ["/ pattern /pattern"]),
    ({"pattern": r"\p{L}"}, "é", []),
    ({"format": "date-time"}, "2024-06-30T23:59:60Z", []),
    ({"format": "date-time"}, "2024-01-15T10:30:00", ["/ format /format"]),
    ({"format": "date-time"}, "2024-02-30T10:30:00Z", ["/ format /format"]),
    ({"format": "uuid"}, "4b0a90bfc95142e495b3a95a65ba69fc", ["/ format /format"]),
    ({"format": "int32"}, 2**31, ["/ format /format"]),
    ({"format": "int64"}, 2**63 - 1, []),
    ({"format": "int64"}, 2**63, ["/ format /format"]),
    ({"format": "float"}, 1e39, ["/ format /format"]),
    ({"format": "colour"}, "?", []),
    ({"format": "email"}, 7, []),
    ({"type": "integer"}, 10**400, []),
    ({"maximum": 2**53}, 2**53 + 1, ["/ maximum /maximum"]),
    ({"required": ["a", "b"]}, {}, ["/a required /required", "/b required /required"]),
    ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, ["/b dependentRequired /dependentRequired"]),
    ({"additionalProperties": False}, {"a/b": 1}, ["/a~1b additionalProperties /additionalProperties"]),
    (
        {"properties": {"a": {}}, "unevaluatedProperties": False},
        {"a": 1, "c": 2},
        ["/c unevaluatedProperties /unevaluatedProperties"],
    ),
    (
        {"prefixItems": [{"type": "string"}], "items": False},
        [1, 2],
        ["/0 type /prefixItems/0/type", "/1 items /items"],
    ),
    ({"properties": {"a": False}}, {"a": 1}, ["/a properties /properties/a"]),
    (
        {"$ref": "#/$defs/a", "minLength": 2, "$defs": {"a": {"type": "string"}}},
        "x",
        ["/ minLength /minLength"],
    ),
    (
        {"additionalProperties": False, "properties": {"b": {}}},
        {"a": 1},
        ["/a additionalProperties /additionalProperties"],
    ),
    ({"contains": {"const": 1}, "maxContains": 1}, [2, 2], ["/ contains /contains"]),
    ({"contains": {"const": 1}, "maxContains": 1}, [1, 1], ["/ maxContains /maxContains"]),
    ({"contains": {"const": 1}, "minContains": 2}, [1], ["/ minContains /minContains"]),
    ({"contains": {"type": "string"}}, [1], ["/ contains /contains"]),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, ["/ anyOf /anyOf"]),
    ({"not": {}}, 1, ["/ not /not"]),
    ({"enum": [{"format": "int32", "additionalProperties": False}]}, {"format": "int32"}, ["/ enum /enum"]),
    ({"const": {"format": "uri"}}, {"format": "uri"}, []),
    ({"properties": {"enum": {"format": "uuid"}}}, {"enum": "x"}, ["/enum format /properties/enum/format"]),
    ({"format": "uri", "anyOf": [{"maxLength": 3}, {"type": "null"}]}, "a:b", []),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("schema", "value", "lines"), FAULTS, ids=[str(case[0])[:40] for case in FAULTS])
def test_both_engines_name_the_same_fault(schema: Any, value: Any, lines: list[str], engine: str) -> None:
    assert sorted(_line(fault) for fault in compile_schema(schema, engine).faults(value)) == lines
    assert compile_schema(schema, engine).is_valid(value) is not bool(lines)


NEAR = st.tuples(st.integers(0, 40), st.integers(0, 2), st.sampled_from("0123569-:.TtZz/aé %[#\n\u0663"))
"""A place, how many characters go there, and the one that comes."""


@pytest.mark.parametrize("name", [name for name in SHORTCUTS if name in FORMATS])
@given(st.data(), st.none() | NEAR)
@settings(derandomize=True, database=None, max_examples=80, deadline=None)
def test_a_format_means_the_same_by_the_short_way(name: str, data: Any, near: Any) -> None:
    text = data.draw(st.from_regex(SHORTCUTS[name]["pattern"][1:-1], fullmatch=True))
    if near is not None:
        at, gone, come = near
        text = text[:at] + come + text[at + gone :]
    assert compile_schema({"format": name}).is_valid(text) is FORMATS[name](text)


EDGES = [sign * (edge + step) for edge in (0, 2**31, 2**53, 2**63, 10**38, 10**39) for step in (-1, 0, 1) for sign in (1, -1)]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in SHORTCUTS if name in NUMBER_FORMATS])
@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(EDGES).map(float))
@settings(derandomize=True, database=None, max_examples=50, deadline=None)
def test_a_number_fits_the_same_by_the_short_way(name: str, value: float) -> None:
    quick = compile_schema({"format": name}).is_valid
    assert [quick(v) for v in (value, *EDGES)] == [number_fits(name, v) for v in (value, *EDGES)]


def _line(fault: SchemaFault) -> str:
    return f"{fault.pointer or '/'} {fault.keyword} {fault.spec_pointer or '/'}"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "schema",
    [{"pattern": "("}, {"patternProperties": {"(": {}}}, {"properties": {"a": {"pattern": "[z-a]"}}}],
)
def test_a_pattern_that_cannot_be_read_is_an_error_and_never_passes(schema: Any, engine: str) -> None:
    with pytest.raises(SpecError):
        compile_schema(schema, engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "ref", ["http://vendor.test/x.json", "file:///etc/passwd", "other.json#/a", "#/$defs/gone"]
)
def test_a_reference_that_leads_out_or_nowhere_is_an_error_and_never_fetched(ref: str, engine: str) -> None:
    with pytest.raises(SpecError):
        list(compile_schema({"$ref": ref}, engine).faults(1))


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_a_property_named_like_a_number_is_told_as_it_is_spelled(engine) -> None:
    strings = compile_schema({"additionalProperties": {"type": "string"}}, engine)
    assert [fault.pointer for fault in strings.faults({"00": 1})] == [Pointer(("00",))]
    assert [fault.pointer for fault in strings.faults({"7": [1]})] == [Pointer(("7",))]
    nested = compile_schema({"items": {"properties": {"01": {"enum": ["a"]}}}}, engine)
    assert [fault.pointer for fault in nested.faults([{}, {"01": 2}])] == [Pointer((1, "01"))]
