"""Every single mutation that breaks a recorded payload is found, and the first place named is the mutated one."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, replace

import pytest

from contracts.model import Finding, Pointer
from contracts.spec.provider import load
from contracts.validate import Checker
from tests.validate.mutations import Mutation, Subject, mutations, reference, subjects

PROVIDERS = ("almanac", "llamacloud", "matil", "nimble", "wickson")
LEAST = 250
STEP = {"wickson": 3}
"""Of the largest every third: there are thousands."""
CLOSED = {"almanac": ("enum", "extra"), "nimble": ("enum", "extra", "const", "format", "minLength")}
SHARE = 0.98


@dataclass(frozen=True)
class Judged:
    """A mutation that the reference engine rejects, with what the checker said."""

    subject: Subject
    mutation: Mutation
    findings: tuple[Finding, ...]

    @property
    def first(self) -> str:
        return self.findings[0].places[0] if self.findings else "nothing"

    @property
    def found(self) -> bool:
        return any(str(self.mutation.pointer) in finding.places for finding in self.findings)


def judged(name: str) -> list[Judged]:
    provider = load(name)
    checker = Checker(provider.spec, name)
    found: list[Judged] = []
    for subject in subjects(provider):
        oracle = reference(provider.spec, subject.schema)
        assert findings_of(checker, subject, subject.payload) == ()
        found += [
            Judged(subject, mutation, findings_of(checker, subject, mutation.value))
            for mutation in list(mutations(checker, subject.schema, subject.payload))[:: STEP.get(name, 1)]
            if not oracle.is_valid(mutation.value)
        ]
    return found


def findings_of(checker: Checker, subject: Subject, payload: object) -> tuple[Finding, ...]:
    response = subject.interaction.response
    assert response is not None
    changed = replace(response, body=json.dumps(payload).encode())
    return checker.check(replace(subject.interaction, response=changed))


@pytest.mark.untraced
@pytest.mark.parametrize("name", PROVIDERS)
def test_a_single_mutation_is_found_where_it_was_made(name: str) -> None:
    every = judged(name)
    kinds = Counter(one.mutation.kind.partition(" ")[0] for one in every)
    assert len(every) >= LEAST
    assert {"drop", "retype", "null", *CLOSED.get(name, ())} <= set(kinds)
    missed = [
        f"{one.subject.interaction.name}: {one.mutation}: {one.first}" for one in every if not one.found
    ]
    assert missed == []
    wrong = [f"{one.mutation}: {one.first}" for one in every if one.first != str(one.mutation.pointer)]
    assert len(wrong) <= (1 - SHARE) * len(every), wrong[:20]


@pytest.mark.untraced
@pytest.mark.parametrize("name", PROVIDERS)
def test_several_mutations_at_once_are_all_found(name: str) -> None:
    """Grouping wildcards the places, so the ungrouped faults are asked for every place."""
    provider = load(name)
    checker = Checker(provider.spec, name)
    pick = random.Random(20)
    for subject in subjects(provider):
        check = checker.body_check(subject.schema)
        oracle = reference(provider.spec, subject.schema)
        single = [
            m for m in mutations(checker, subject.schema, subject.payload) if not oracle.is_valid(m.value)
        ]
        for _ in range(4):
            chosen: list[Mutation] = []
            for mutation in pick.sample(single, min(12, len(single))):
                if all(_apart(mutation.pointer, other.pointer) for other in chosen):
                    chosen.append(mutation)
            value = subject.payload
            for mutation in chosen:
                value = _merged(value, mutation)
            places = {broken.pointer for broken in check.broken(value)}
            assert {mutation.pointer for mutation in chosen} <= places


def _apart(one: Pointer, other: Pointer) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] != other[:shorter]


def _merged(value: object, mutation: Mutation) -> object:
    """Repeat on one payload what a mutation did to another."""
    if not mutation.pointer:
        return mutation.value
    copied = json.loads(json.dumps(value))
    parent = Pointer(mutation.pointer[:-1]).resolve(copied)
    if mutation.kind == "drop":
        del parent[mutation.pointer[-1]]
    else:
        parent[mutation.pointer[-1]] = mutation.pointer.resolve(mutation.value)
    return copied
