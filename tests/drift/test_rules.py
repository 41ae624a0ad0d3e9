"""Every rule keeps four laws on its own example, and the table of rules keeps its symmetry."""

import json

import pytest
from claims import shown

from contracts.drift.change import Direction, Sense
from contracts.drift.example import compared, document, lines
from contracts.drift.rules import RULES, rule_for
from contracts.drift.tolerance import STRICT
from contracts.model import Severity
from contracts.schema.direction import demanded
from contracts.schema.engine import compile_schema

EVERY = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
# These name a change that reads the same from both ends, or that binds in one direction only.
ALSO = {"unsent-property-changed"}


@EVERY
def test_it_says_what_it_says_and_no_other_rule_speaks(rule):
    example = rule.example
    found = compared(rule, example.before, example.after)
    assert "\n".join(lines(rule, found)) == example.finds
    assert {one.rule for one in found} == {rule.id} or rule.id in ALSO


@EVERY
def test_it_is_silent_where_nothing_changed(rule):
    for side in rule.example[:2]:
        assert compared(rule, side, side) == ()


@EVERY
def test_it_does_not_speak_of_the_way_back(rule):
    """A rule whose two sides exclude each other, or that only remarks a difference, speaks both ways."""
    back = compared(rule, rule.example.after, rule.example.before)
    symmetric = set(rule.senses) <= {Sense.CROSSED, Sense.SAME} and rule.id not in ONE_WAY
    assert (rule.id in {one.rule for one in back}) == symmetric


# Remarks about coming and going, each with a mirror of its own name.
ONE_WAY = {
    "property-added",
    "property-no-longer-described",
    "required-property-added-to-closed",
    "required-property-refused",
    "parameter-added",
    "body-added",
    "header-added",
    "header-removed",
    "deprecated",
    "reactivated",
    "sunset-set",
    "sunset-brought-forward",
    "sunset-already-past",
    "sunset-dropped",
    "sunset-unreadable",
    "sunset-not-compared",
    "stability-raised",
    "stability-lowered",
    "known-value-added",
    "alternatives-overlap",
    "not-compared-and-harmless",
}


@EVERY
def test_above_note_a_witness_shows_it_and_a_note_has_none(rule):
    example = rule.example
    for strictness in (None, STRICT):
        given = {} if strictness is None else {"tolerance": strictness}
        for one in compared(rule, example.before, example.after, **given):
            if not rule.schema or one.severity is Severity.NOTE:
                assert one.witness is None
                continue
            old, new = (engine(rule, side, one.direction) for side in example[:2])
            sender, receiver = (new, old) if one.direction == "response" else (old, new)
            payload = json.loads(one.witness)
            assert sender.is_valid(payload)
            assert not receiver.is_valid(payload)
            assert shown(one)


def engine(rule, text, direction):
    operation = "/paths/~1a/post"
    body = "/responses/200" if direction == "response" else "/requestBody"
    pointer = f"{operation}{body}/content/application~1json/schema"
    root = demanded(document(rule, text).value, direction, "")
    return compile_schema(None, "reference", root=root, pointer=pointer)


@EVERY
def test_its_docs_begin_with_a_sentence(rule):
    assert rule.summary.endswith(".")
    assert rule.summary[0].isupper()
    assert all(rule.example)


# Symmetry audit ------------------------------------------------------------------------------------------

MIRROR = {Sense.WIDER: Sense.NARROWER, Sense.NARROWER: Sense.WIDER}
TWIN = {"property": "property-gone", "required-property": "required-property-gone"}
TWIN |= {gone: new for new, gone in TWIN.items()}
ALONE = {
    ("schema", Sense.WIDER): "a body that gains a schema is compared with anything",
    ("header-gone", Sense.WIDER): "a required header that is new breaks nobody: header-added says it",
    ("known-value", Sense.NARROWER): "a known value that is new breaks nobody: known-value-added says it",
}


def test_every_rule_has_its_mirror():
    """What can get wider can get narrower: a missing mirror needs a reason, and a stale reason fails."""
    have = {(rule.kind, sense) for rule in RULES.values() for sense in rule.senses}
    directed = {(kind, sense) for kind, sense in have if sense in MIRROR}
    alone = {
        (kind, sense)
        for kind, sense in directed
        if not {(kind, MIRROR[sense]), (TWIN.get(kind), MIRROR[sense])} & have
    }
    assert alone == set(ALONE)


def test_every_schema_rule_stands_on_the_direction():
    for rule in RULES.values():
        if rule.schema:
            loud = {d for d in Direction if rule.severities[d] is not Severity.NOTE}
            assert loud <= {d for d in Direction for sense in rule.senses if sense.escapes(d)}


def test_ids_are_unique_and_every_kind_answers():
    assert len({rule.id for rule in RULES.values()}) == len(RULES)
    for rule in RULES.values():
        assert rule.id == rule.id.lower().replace("_", "-")
        from contracts.drift.change import Change

        change = Change(rule.kind, rule.senses[0], [], [], trait=rule.trait or "")
        assert rule_for(change).kind == rule.kind
