"""Values out of domains: one builder, steered by a policy.

The builder keeps what every value needs (required names, counts, uniqueness, `contains`, checks by the
oracle); the policy decides what is free: which alternative, how many items, which optional names, which
leaf value.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from contracts.generate.canonical.constraints import PlanProtocol
from contracts.generate.leaves import (
    Array,
    Conjunction,
    Contains,
    Domain,
    Number,
    Object,
    Pick,
    Text,
    Values,
    hint,
    key_of,
    numbers,
    numbers_for,
    texts,
    turning,
)
from contracts.model import Json

_ATTEMPTS: Final = 12
_MANY: Final = 1_200


class Stuck(Exception):
    """No value was found here within the attempts allowed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: its pattern path (`$.tasks[].state`) and the last property name."""

    path: str = "$"
    name: str = ""

    def key(self, name: str) -> Place:
        """Descend to a property."""
        return Place(f"{self.path}.{name}", name)

    def item(self, index: int, prefix: int) -> Place:
        """Descend to an item; positions of `prefixItems` keep their number."""
        return Place(f"{self.path}[{index}]" if index < prefix else f"{self.path}[]", self.name)


class Policy:
    """The free decisions of a build, taken in turn: turn 0 is as small and plain as can be, turn 1 full."""

    def __init__(self, turn: int) -> None:
        self.turn = turn
        self.pick: Pick = turning(turn) if turn > 1 else lambda count: 0

    def choose(self, at: Place, domains: Sequence[Domain]) -> Domain:
        """Pick an alternative."""
        return domains[self.pick(len(domains))]

    def leaf(self, at: Place, domain: Values | Number | Text) -> Json:
        """Pick a value that needs no building."""
        options = named_values(domain, at.name)
        return options[self.pick(len(options))][1]

    def length(self, at: Place, domain: Array, low: int, high: int | None) -> int:
        """Pick how many items."""
        if self.turn < 2:
            return max(low, self.turn if high is None else min(high, self.turn))
        most = low + 3 if high is None else min(high, low + 3)
        return low + self.pick(most - low + 1)

    def enough(self, at: Place, domain: Array, count: int) -> bool:
        """Whether a list may end before its length is reached: the payload is large already."""
        return False

    def names(self, at: Place, domain: Object, free: Sequence[str]) -> Sequence[str]:
        """Pick which of the optional names are there."""
        if self.turn < 2:
            known = {name for name, _ in domain.named}
            return [name for name in free if name in known] if self.turn else []
        return [name for name in free if self.pick(2)]

    def object_done(self, at: Place, domain: Object, value: dict[str, Json]) -> None:
        """Take note of a finished object, or change what may be changed in it."""

    def list_done(self, at: Place, domain: Array, items: list[Json]) -> list[Json]:
        """Give the items of a finished list, changed where they stay as legal as they were."""
        return items


class Builder:
    """Builds values of one plan; `depth` levels are free, beyond them everything is as small as can be."""

    def __init__(self, plan: PlanProtocol, policy: Policy, *, depth: int = 8, budget: int = 1200) -> None:
        self.plan, self.policy, self.depth, self.budget = plan, policy, depth, budget
        self.spent = 0

    def value(self, goal: Conjunction, at: Place, depth: int) -> Json:
        """Build a value of a goal; Stuck when none was found."""
        self.budget -= 1
        self.spent += 1
        domains = self.plan.domains(goal)
        if not domains:
            raise Stuck(at.path)
        fitting = domains if len(domains) == 1 else self._fitting(goal, domains, depth)
        for attempt in range(_ATTEMPTS):
            domain = self.policy.choose(at, fitting if attempt < 8 else domains)
            try:
                value = self.of(domain, at, depth)
            except Stuck:
                continue
            if not domain.checks or self.plan.passes(domain.checks, value):
                return value
        raise Stuck(at.path)

    def _fitting(self, goal: Conjunction, domains: tuple[Domain, ...], depth: int) -> Sequence[Domain]:
        heights = self.plan.heights(goal)
        allowed = max(depth, min(heights)) if self.budget > 0 else min(heights)
        return [domain for domain, height in zip(domains, heights, strict=True) if height <= allowed]

    def of(self, domain: Domain, at: Place, depth: int) -> Json:
        """Build a value of one domain."""
        if isinstance(domain, Array):
            return self._array(domain, at, depth)
        if isinstance(domain, Object):
            value = self._object(domain, at, depth)
            self.policy.object_done(at, domain, value)
            return value
        return self.policy.leaf(at, domain)

    # ---- arrays

    def _array(self, domain: Array, at: Place, depth: int) -> list[Json]:
        high = self._longest(domain)
        if high is not None and high < domain.low:
            raise Stuck(at.path)
        room = depth > 0 and self.budget > 0
        count = self.policy.length(at, domain, domain.low, high) if room else domain.low
        goals = [domain.goal(index) for index in range(count)]
        for rule in domain.contains:
            goals = self._containing(goals, rule)
        return self._items(domain, goals, at, depth)

    def _longest(self, domain: Array) -> int | None:
        """Cut the length at the first position that can hold nothing."""
        goals = (*domain.prefix, domain.rest)
        dead = next((index for index, goal in enumerate(goals) if self.plan.height(goal) is None), None)
        if dead is None:
            return domain.high
        return dead if domain.high is None else min(domain.high, dead)

    def _containing(self, goals: list[Conjunction], rule: Contains) -> list[Conjunction]:
        """Give `low` items the wanted schema and, where there is an upper limit, deny it to the others."""
        out, missing = [], rule.low
        for goal in goals:
            with_it = self.plan.join(goal, rule.goal)
            if missing > 0 and self.plan.height(with_it) is not None:
                out.append(with_it)
                missing -= 1
                continue
            without = self.plan.join(goal, rule.other) if rule.high is not None else goal
            out.append(goal if self.plan.height(without) is None else without)
        if missing > 0:
            raise Stuck
        return out

    def _items(self, domain: Array, goals: list[Conjunction], at: Place, depth: int) -> list[Json]:
        items: list[Json] = []
        seen: set[str] = set()
        for index, goal in enumerate(goals):
            if index >= domain.low and not domain.contains and self.policy.enough(at, domain, index):
                break
            item = self._item(
                goal, at.item(index, len(domain.prefix)), depth - 1, seen if domain.unique else None
            )
            if item is _NONE:
                if len(items) >= domain.low and not domain.contains:
                    break
                raise Stuck(at.path)
            items.append(item)
        if domain.repeated and len({key_of(item) for item in items}) == len(items):
            items[-1] = items[0]
        return self.policy.list_done(at, domain, items)

    def _item(self, goal: Conjunction, at: Place, depth: int, seen: set[str] | None) -> Json:
        if seen is None:
            return self.value(goal, at, depth)
        for _ in range(_ATTEMPTS):
            item = self.value(goal, at, depth)
            if (key := key_of(item)) not in seen:
                seen.add(key)
                return item
        for item in trials(self.plan, goal):
            if (key := key_of(item)) not in seen:
                seen.add(key)
                return item
        return _NONE

    # ---- objects

    def _object(self, domain: Object, at: Place, depth: int) -> dict[str, Json]:
        goals, free = self.plan.layout(domain)
        room = depth > 0 and self.budget > 0
        known = frozenset(free)
        chosen = [name for name in self.policy.names(at, domain, free) if name in known] if room else []
        names = self._settled(domain, chosen, free)
        out: dict[str, Json] = {}
        for name, goal in goals.items():
            if name in names:
                try:
                    out[name] = self.value(goal, at.key(name), depth - 1)
                except Stuck:
                    if name in domain.required or len(names) <= domain.low:
                        raise
        return out

    def _settled(self, domain: Object, chosen: Sequence[str], free: Sequence[str]) -> set[str]:
        """Keep counts and dependencies: drop what is too much, add what is missing."""
        if not domain.implied and not domain.low and domain.high is None:
            return {*domain.required, *chosen}
        names = self._closed(domain, domain.required, set(free))
        most = len(names) + len(free) if domain.high is None else domain.high
        if len(names) > most:
            raise Stuck
        for wave in (chosen, free):
            for name in wave:
                grown = self._closed(domain, {*names, name}, set(free))
                if (
                    len(grown) <= most
                    and (wave is chosen or len(names) < domain.low)
                    and grown - domain.required <= set(free)
                ):
                    names = grown
        return names

    def _closed(self, domain: Object, names: frozenset[str] | set[str], free: set[str]) -> set[str]:
        out = set(names)
        for _ in domain.implied:
            for name, others in domain.implied:
                if name in out:
                    out.update(others)
        return out


class _None:
    """No item: distinct from null."""


_NONE: Final = _None()


def named_values(domain: Values | Number | Text, name: str = "") -> tuple[tuple[str, Json], ...]:
    """Give the named values of a leaf, the plainest first."""
    if isinstance(domain, Values):
        return tuple((key_of(value), value) for value in domain.values)
    if isinstance(domain, Number):
        return numbers.classes(domain, numbers_for(name))
    return texts.classes(domain, hint(name))


def trial(plan: PlanProtocol, domain: Domain, count: int = 40) -> Iterator[Json]:
    """Yield values of one domain, the smallest first, to see whether any passes the oracle."""
    if isinstance(domain, Values | Number | Text):
        yield from (value for _, value in named_values(domain))
        yield from _more(domain)
        return
    for turn in range(count):
        try:
            yield Builder(plan, Policy(turn), depth=3).of(domain, Place(), 3)
        except Stuck:
            continue


def _more(domain: Values | Number | Text) -> Iterator[Json]:
    """Yield values of a leaf beside its named ones: long lists of different items need them."""
    if isinstance(domain, Text):
        yield from texts.other_names(domain, _MANY)
    elif isinstance(domain, Number):
        step, down = domain.step or 1, domain.low is None and domain.high is not None
        start = math.floor((domain.high if down and domain.high is not None else domain.low or 0) / step)
        made = (numbers.spelled(Fraction(step) * (start + (-n if down else n))) for n in range(_MANY))
        yield from (value for value in made if numbers.allows(domain, value))


def trials(plan: PlanProtocol, goal: Conjunction) -> Iterator[Json]:
    """Yield small values of a goal, all its alternatives in turn."""
    for domain in plan.domains(goal):
        for value in trial(plan, domain):
            if plan.passes(domain.checks, value):
                yield value


def samples(plan: PlanProtocol, count: int = 40) -> Iterator[Json]:
    """Yield distinct valid values of the whole plan, the smallest first; each is confirmed by the oracle."""
    seen: set[str] = set()
    for turn in range(count):
        try:
            value = Builder(plan, Policy(turn)).value(plan.root, Place(), 8)
        except Stuck:
            continue
        if plan.oracle.valid(value) and (key := key_of(value)) not in seen:
            seen.add(key)
            yield value


def nothing(plan: PlanProtocol) -> str:
    """Say that a schema has no value, or that none was found."""
    if plan.height(plan.root) is None and not plan.notices:
        return "no JSON value satisfies the schema"
    why = "; ".join((f"at {plan.dead_end()}", *plan.notices))
    return f"no valid value was found for the schema: {why}"
