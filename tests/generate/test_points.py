"""What a covering set is to show: what no value can show is listed and proved, everything else is found."""

from fractions import Fraction

import pytest

from contracts import generate
from contracts.generate.coverage.infeasible import refusal
from contracts.generate.leaves import numbers, texts
from contracts.generate.leaves.domains import Number, Text
from contracts.generate.leaves.strings import FORMATS, TEXT
from contracts.generate.places.factors import Model
from tests.generate.vendors import NAMES, plan


def covering(properties):
    """Give the covering set of a closed object with these properties, all required."""
    return generate.covering(
        {
            "type": "object",
            "properties": properties,
            "required": sorted(properties),
            "additionalProperties": False,
        }
    )


def why(found, *points):
    told = dict(found.infeasible)
    return [told.get(point) for point in points]


def test_classes_that_a_domain_forbids_are_listed_with_what_forbids_them():
    found = covering(
        {
            "count": {"type": "integer", "minimum": 1, "exclusiveMaximum": 101},
            "share": {"type": "number", "multipleOf": 0.25, "exclusiveMinimum": 0},
            "small": {"type": "integer", "format": "int32", "not": {"multipleOf": 7}},
            "half": {"type": "number", "not": {"type": "integer"}},
            "key": {"type": "string", "format": "uuid", "pattern": "^[0-9a-e-]+$"},
            "code": {"type": "string", "pattern": "^[A-Z]{3}$", "maxLength": 3},
            "note": {"type": "string", "minLength": 2, "not": {"pattern": "^null$"}},
            "free": {"type": "string", "not": {"format": "ipv4"}},
            "word": {"type": "string", "not": {"const": "42"}},
            "state": {"enum": ["on", "off"]},
        }
    )
    assert why(found, "$.count~zero", "$.count~half", "$.count~over-hundred", "$.count~one") == [
        "below 1",
        "not a whole number",
        "not below 101",
        None,
    ]
    assert why(found, "$.share~zero", "$.share~two-decimals", "$.share~near-one") == [
        "not above 0",
        None,
        "not a multiple of 0.25",
    ]
    assert why(found, "$.small~over-int32", "$.small~seven", "$.half~one") == [
        "outside int32",
        "a multiple of 7",
        "a whole number",
    ]
    assert why(found, "$.key~max", "$.key~version-1", "$.code~plain", "$.code~long") == [
        "does not match '^[0-9a-e-]+$'",
        None,
        "does not match '^[A-Z]{3}$'",
        "longer than 3 characters",
    ]
    assert why(found, "$.note~plain", "$.note~null-text") == ["shorter than 2 characters", "matches '^null$'"]
    assert why(found, "$.word~numeric-text", "$.note~lone-surrogate", "$.share~infinity") == [
        "the schema leaves this value out",
        "no JSON text carries it: half of a surrogate pair stands alone",
        "no JSON text carries it: Infinity is not a JSON number",
    ]
    assert why(found, "$.count=half", "$.small+half=count") == [
        "count is a whole number, half never",
        "count is a whole number, small+half never",
    ]
    assert [point for point, _ in found.infeasible if point.startswith("$.state")] == []
    assert found.missing == ()


def test_a_class_is_feasible_when_any_alternative_allows_it():
    found = covering({"when": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string"}]}})
    shown = {point for payload in found for point in payload.points}
    assert {"$.when~empty", "$.when~leap-second", "$.when~emoji"} <= shown
    assert [point for point, _ in found.infeasible] == ["$.when~lone-surrogate"]


def test_sizes_that_a_list_cannot_have_are_listed():
    found = covering(
        {
            "few": {"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 3},
            "none": {"type": "array", "items": False},
            "set": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
            "any": {},
        }
    )
    told = {point: why for point, why in found.infeasible if "~infinity" not in point}
    assert {
        point: why for point, why in told.items() if point.startswith(("$.few", "$.none", "$.set=", "$.set~"))
    } == {
        "$.few=len0": "at least 1 item",
        "$.few~ten": "at most 3 items",
        "$.few~hundred": "at most 3 items",
        "$.none=len1": "at most 0 items",
        "$.none=len2+": "at most 0 items",
        "$.none~ten": "at most 0 items",
        "$.none~hundred": "at most 0 items",
        "$.set~repeated": "no two items are equal",
    }
    assert found.missing == ()


def test_relations_are_shown_where_bounds_allow_them_and_proved_impossible_elsewhere():
    found = covering(
        {
            "alpha": {"type": "number", "minimum": 0, "maximum": 1},
            "top_k": {"type": "integer", "minimum": 1, "maximum": 5},
            "cut": {"enum": [7, 9]},
            "items": {"type": "array", "items": {"type": "null"}, "maxItems": 2},
            "total": {"type": "integer", "minimum": 3},
        }
    )
    shown = {point for payload in found for point in payload.points}
    assert {"$.alpha=top_k", "$.alpha<top_k", "$.top_k>total", "$.sum=alpha"} - shown == {"$.sum=alpha"}
    assert why(found, "$.alpha>top_k", "$.alpha=total", "$.sum=alpha", "$.len(items)>total") == [
        "alpha is from 0 to 1, top_k from 1 to 5",
        "alpha is from 0 to 1, total at least 3",
        "the sum is at least 4, alpha from 0 to 1",
        "the length is from 0 to 2, total at least 3",
    ]
    assert found.missing == ()


def test_a_property_is_not_compared_with_its_own_length():
    found = covering(
        {"value": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}}
    )
    assert why(found, "$.value.len(value)=value", "$.len(value)=value") == [None, "a list is no number"]
    assert found.missing == ()


def test_items_of_lists_of_several_kinds_are_all_shown():
    kinds = [{"type": "array", "items": {"type": kind}} for kind in ("string", "integer", "boolean")]
    found = covering({"value": {"anyOf": kinds}, "operator": {"enum": ["in", "nin"]}})
    shown = {point for payload in found for point in payload.points}
    assert {
        "$.value[]=string",
        "$.value[]~emoji",
        "$.value[]~over-int64",
        "$.value[]=false",
        '$.value=len1#3 & $.operator="in"',
        '$.value=len2+#2 & $.operator="nin"',
    } <= shown
    assert found.missing == ()


def test_alternatives_that_no_value_tells_apart_are_no_points():
    found = covering(
        {
            "id": {"anyOf": [{"type": "string"}, {"type": "string", "format": "uuid"}]},
            "n": {"anyOf": [{"type": "number"}, {"type": "integer"}, {"enum": [3]}]},
            "gone": {"anyOf": [{"type": ["string", "null"]}, {"type": ["integer", "null"]}]},
        }
    )
    levels = {
        point for payload in found for point in payload.points if "~" not in point and " & " not in point
    }
    assert {point for point in levels if point.startswith(("$.id=", "$.n=", "$.gone="))} - {"$.n=gone"} == {
        "$.id=string:empty", "$.id=string", "$.id=string#2",
        "$.n=number:zero", "$.n=number", "$.n=3#3",
        "$.gone=string:empty", "$.gone=string", "$.gone=null", "$.gone=number:zero", "$.gone=number",
    }  # fmt: skip
    assert found.missing == ()


def test_pairs_of_properties_are_asked_where_both_are():
    """The first two alternatives have one of the properties each; only the third has both."""
    flag = {"type": "boolean"}

    def kind(word, **properties):
        return {
            "type": "object",
            "properties": {"kind": {"const": word}, **properties},
            "required": ["kind"],
            "additionalProperties": False,
        }

    found = covering({"one": {"anyOf": [kind("a", a=flag), kind("b", b=flag), kind("c", a=flag, b=flag)]}})
    assert found.missing == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_class_of_a_real_answer_is_shown_or_proved_infeasible(name):
    found = generate.covering(plan(name))
    shown = {point for payload in found for point in payload.points}
    infeasible = dict(found.infeasible)
    assert list(infeasible) == sorted(infeasible)
    assert shown & infeasible.keys() == set()
    for factor in Model(plan(name)).factors:
        domains = [level.domain for level in factor.levels if isinstance(level.domain, Text)]
        for label, value in TEXT if domains and not any(domain.formats for domain in domains) else ():
            point = f"{factor.path}~{label}"
            twin = any(texts.allows(domain, value) for domain in domains)
            assert point in shown or twin == (point not in infeasible), point


DOMAINS = [
    Text(), Text(low=3), Text(high=2), Text(patterns=("^[a-z]+$",)), Text(not_patterns=("a",)), Text(formats=("date-time",)),
    Text(not_formats=("uri",)), Text(excluded=("a",)), Number(), Number(integer=True), Number(fraction=True),
    Number(low=Fraction(0), low_open=True), Number(low=Fraction(1)), Number(high=Fraction(7)), Number(high=Fraction(1), high_open=True),
    Number(step=Fraction(1, 4)), Number(not_steps=(Fraction(7),)), Number(formats=("int32",)), Number(excluded=(1,)),
]  # fmt: skip


@pytest.mark.parametrize("domain", DOMAINS, ids=repr)
def test_a_refusal_says_why_exactly_where_a_domain_does_not_allow_a_value(domain):
    text = isinstance(domain, Text)
    named = (*TEXT, *FORMATS["date-time"], *FORMATS["uri"]) if text else numbers.known()
    values = [*(value for _, value in named), *(["\ud800"] if text else [float("nan"), float("-inf")])]
    allows = texts.allows if text else numbers.allows
    assert [value for value in values if allows(domain, value) == bool(refusal(domain, value))] == []
    assert {allows(domain, value) for value in values} == {True, False}
