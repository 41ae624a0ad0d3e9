"""Every drift rule, gathered from the files in the order they are written there."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from contracts.drift.change import Change
from contracts.drift.rules import (
    access,
    answers,
    bodies,
    lifecycle,
    lists,
    numbers,
    objects,
    operations,
    parameters,
    properties,
    prose,
    remarks,
    texts,
    types,
    unions,
)
from contracts.drift.rules._rule import Rule
from contracts.drift.rules.bounds import BOUNDS


def _gather(*modules: ModuleType) -> tuple[Rule, ...]:
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Rule))


_FILES: Final = (
    types,
    texts,
    numbers,
    lists,
    properties,
    objects,
    unions,
    operations,
    parameters,
    bodies,
    answers,
    access,
    lifecycle,
    remarks,
    prose,
)
RULES: Final = {rule.id: rule for rule in (*BOUNDS, *_gather(*_FILES))}
_BY_KIND: Final[dict[str, tuple[Rule, ...]]] = {
    kind: tuple(sorted((r for r in RULES.values() if r.kind == kind), key=lambda r: r.trait is None))
    for kind in sorted({rule.kind for rule in RULES.values()})
}


def rule_for(change: Change) -> Rule:
    """Give the rule that speaks about a change; one with a matching trait comes before a general one."""
    return next(rule for rule in _BY_KIND[change.kind] if rule.judges(change))
