"""The coverage model of a plan: objects with factors, factors with levels, leaves with classes.

A level is a coarse shape of a property: absent, null, one member of an enumeration, a JSON type, an array
of no, one or more items. A class is a named boundary value inside a level. Ids are built from paths, so
they stay the same while the schema does: `$.tasks[].state="error"`, `$.created_at~first-year`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from contracts.generate.canonical import Plan, named_values
from contracts.generate.leaves import (
    Array,
    Conjunction,
    Domain,
    Number,
    Object,
    Text,
    Values,
    key_of,
    numbers,
    texts,
    type_of,
)
from contracts.model import Json

ABSENT: Final = "absent"
Trail: TypeAlias = tuple[str | int | None, ...]
"""The steps from the root to a place: property names, positions of `prefixItems`, None for any other item."""

_DEEPEST: Final = 6
_MEMBERS: Final = 24
_NODES: Final = 160
_FACTORS: Final = 600


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One coarse shape: its name, the domain it stands for, and what part of it (values or lengths)."""

    name: str
    domain: Domain | None = None
    values: tuple[Json, ...] = ()
    least: int = 0
    most: int | None = None
    special: bool = False
    alone: bool = False

    def holds(self, value: Json) -> bool:
        """Whether a value has this shape; objects are told apart by the builder's record."""
        domain = self.domain
        if domain is None or type_of(value) != domain.kind:
            return False
        if isinstance(domain, Values) or self.special:
            return key_of(value) in {key_of(each) for each in self.values}
        if self.alone:
            return True
        if isinstance(domain, Array):
            return self.least <= len(value) and (self.most is None or len(value) <= self.most)
        if isinstance(domain, Text):
            return texts.allows(domain, value)
        return not isinstance(domain, Number) or numbers.allows(domain, value)


@dataclass(slots=True, eq=False)
class Factor:
    """A place whose shape varies: a property of an object, the items of an array, or the root.

    `items` are the factors of a list's items by path; of lists of several kinds `inner` has those of each, by
    the identity of the domain.
    """

    path: str
    name: str
    levels: tuple[Level, ...]
    trail: Trail = ()
    nodes: dict[str, tuple[Node, ...]] = field(default_factory=dict)
    items: dict[str, Factor] = field(default_factory=dict)
    inner: dict[int, dict[str, Factor]] = field(default_factory=dict)

    def level(self, name: str) -> Level:
        """Give a level by name."""
        return next(level for level in self.levels if level.name == name)

    def point(self, level: str) -> str:
        """Give the id of a level here."""
        return f"{self.path}{level if level.startswith('=') else f'={level}'}"


@dataclass(slots=True, eq=False)
class Node:
    """One object in the schema: its path, its domain, its factors, and how it is reached from above."""

    path: str
    domain: Object
    factors: dict[str, Factor]
    reach: tuple[tuple[Factor, tuple[str, ...]], ...]
    above: tuple[Node, ...]


class Model:
    """All factors of a plan, down to an affordable depth and size; a cut is a notice of the plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.nodes: list[Node] = []
        self.factors: list[Factor] = []
        self.by_domain: dict[tuple[str, int], Node] = {}
        self.places: dict[str, list[Factor]] = {}
        self.root = self._factor("$", (), plan.root, optional=False, reach=(), above=())

    def _factor(
        self,
        path: str,
        trail: Trail,
        goal: Conjunction,
        *,
        optional: bool,
        reach: Reach,
        above: tuple[Node, ...],
    ) -> Factor:
        levels = [Level(ABSENT)] if optional else []
        name = next((step for step in reversed(trail) if isinstance(step, str)), "")
        factor = Factor(path, name, (*levels, *_apart(tuple(_levels(self.plan, goal, name)), name)), trail)
        self.factors.append(factor)
        self.places.setdefault(path, []).append(factor)
        for level in factor.levels:
            here = (*reach, (factor, (level.name,)))
            if isinstance(level.domain, Object):
                node = self._node(factor, level.domain, here, above)
                factor.nodes[level.name] = (node,) if node else ()
            elif isinstance(level.domain, Array) and level.most != 0:
                self._items(factor, level, reach, above)
        return factor

    def _items(self, factor: Factor, level: Level, reach: Reach, above: tuple[Node, ...]) -> None:
        """Model the items once for all lengths that have some."""
        domain = level.domain
        assert isinstance(domain, Array)
        filled = tuple(each.name for each in factor.levels if each.domain is domain and each.most != 0)
        if filled[0] != level.name:
            return
        here = (*reach, (factor, filled))
        nothing_asked = not domain.prefix and domain.rest == self.plan.goal([])
        if nothing_asked or len(self.factors) > _FACTORS or factor.path.count("[") > 4:
            return
        places = [f"[{index}]" for index in range(len(domain.prefix))][:_MEMBERS]
        for index, place in enumerate([*places, "[]"]):
            if self.plan.height(domain.goal(index)) is not None and (
                domain.high is None or index < domain.high
            ):
                path = f"{factor.path}{place}"
                trail = (*factor.trail, None if place == "[]" else index)
                below = self._factor(path, trail, domain.goal(index), optional=False, reach=here, above=above)
                factor.items[path] = factor.inner.setdefault(id(domain), {})[path] = below

    def _node(self, at: Factor, domain: Object, reach: Reach, above: tuple[Node, ...]) -> Node | None:
        if any(node.domain is domain for node in above):
            return None
        if len(above) >= _DEEPEST or len(self.nodes) > _NODES or len(self.factors) > _FACTORS:
            self.plan.notice("objects deep inside the schema take no part in the combinations")
            return None
        node = Node(at.path, domain, {}, reach, above)
        self.nodes.append(node)
        self.by_domain[at.path, id(domain)] = node
        below = (*above, node)
        for name, goal in domain.named:
            if self.plan.height(goal) is not None:
                path, optional = f"{at.path}.{name}", name not in domain.required
                trail = (*at.trail, name)
                node.factors[name] = self._factor(
                    path, trail, goal, optional=optional, reach=reach, above=below
                )
        return node


@lru_cache(maxsize=16)
def model_of(plan: Plan) -> Model:
    """Give the model of a plan, built once."""
    return Model(plan)


Reach = tuple[tuple[Factor, tuple[str, ...]], ...]


def _levels(plan: Plan, goal: Conjunction, name: str) -> Iterator[Level]:
    domains = plan.domains(goal)
    anything = goal == plan.goal([])
    kinds = [domain.kind for domain in domains]
    seen: dict[str, int] = {}
    for domain in domains:
        count = seen[domain.kind] = seen.get(domain.kind, 0) + 1
        mark = f"#{count}" if count > 1 else ""
        if isinstance(domain, Values):
            yield from _members(domain, mark, apart=not anything)
        elif isinstance(domain, Array) and not anything:
            yield from _lengths(plan, domain, mark)
        else:
            special = () if anything or count > 1 else _special(domain, name)
            yield from special
            if not isinstance(domain, Number | Text) or _beside(domain, special, name):
                yield Level(f"{domain.kind}{mark}", domain, alone=kinds.count(domain.kind) == 1)


def _special(domain: Domain, name: str) -> tuple[Level, ...]:
    """Set apart the values that programs take for nothing, for done, or for a state."""
    if not isinstance(domain, Number | Text):
        return ()
    groups: dict[str, list[Json]] = {}
    percent = isinstance(domain, Number) and domain.low is not None and domain.high is not None
    for label, value in named_values(domain, name):
        if value in (0, ""):
            groups.setdefault("empty" if value == "" else "zero", []).append(value)
        elif percent and value == domain.high:
            groups.setdefault("maximum", []).append(value)
        elif label in _STATES:
            groups.setdefault(label, []).append(value)
    return tuple(
        Level(f"{domain.kind}:{label}", domain, tuple(v), special=True) for label, v in groups.items()
    )


_STATES: Final = ("status-word-completed", "status-word-running", "status-word-failed")


def _beside(domain: Number | Text, special: tuple[Level, ...], name: str) -> bool:
    """Whether a leaf has values beside its special ones."""
    taken = {repr(value) for level in special for value in level.values}
    return any(repr(value) not in taken for _, value in named_values(domain, name))


def _members(domain: Values, mark: str, *, apart: bool) -> Iterator[Level]:
    if domain.kind == "null":
        yield Level(f"null{mark}", domain, domain.values)
    elif apart and len(domain.values) <= _MEMBERS:
        yield from (Level(f"={key_of(value)}{mark}", domain, (value,)) for value in domain.values)
    else:
        yield Level(f"{domain.kind}{mark}", domain, domain.values)


def _lengths(plan: Plan, domain: Array, mark: str) -> Iterator[Level]:
    goals = (*domain.prefix, domain.rest)
    dead = next((index for index, goal in enumerate(goals) if plan.height(goal) is None), None)
    high = domain.high if dead is None else dead if domain.high is None else min(domain.high, dead)
    for name, fewest, longest in (("len0", 0, 0), ("len1", 1, 1), ("len2+", 2, None)):
        least = max(fewest, domain.low)
        most = high if longest is None else longest if high is None else min(longest, high)
        if most is None or least <= most:
            yield Level(f"{name}{mark}", domain, least=least, most=most)


def _apart(levels: tuple[Level, ...], name: str) -> tuple[Level, ...]:
    """Leave out levels that no value shows: every value of theirs is another's of the same kind."""
    return tuple(
        level
        for level in levels
        if isinstance(level.domain, Object | Array | None)
        or one_domain(levels, level)
        or any(level_of(levels, value, name) is level for value in _values(level, name))
    )


def one_domain(levels: tuple[Level, ...], level: Level) -> bool:
    """Whether all levels of a kind are of one domain, which keeps them apart."""
    kind = level.domain.kind if level.domain is not None else ""
    return all(each.domain is level.domain for each in levels if each.domain and each.domain.kind == kind)


def _values(level: Level, name: str) -> Iterable[Json]:
    return level.values or (value for _, value in classes(level, name))


def level_of(levels: Iterable[Level], value: Json, name: str) -> Level | None:
    """Find the level of a value: of several that hold it, one that lists it, else one with such a class."""
    holding = [level for level in levels if level.holds(value)]
    if len(holding) < 2:
        return holding[0] if holding else None
    exact = [level for level in holding if level.values]
    named = exact or [level for level in holding if _has_class(level, value, name)]
    return (named or holding)[0]


def _has_class(level: Level, value: Json, name: str) -> bool:
    return any(repr(each) == repr(value) for _, each in classes(level, name))


def classes(level: Level, name: str) -> tuple[tuple[str, Json], ...]:
    """Give the named boundary values of a leaf level; a single value needs no name."""
    if isinstance(level.domain, Values):
        return tuple((key_of(value), value) for value in level.values) if len(level.values) > 1 else ()
    if isinstance(level.domain, Number | Text):
        found = named_values(level.domain, name)
        own = {repr(value) for value in level.values}
        if level.special:
            return tuple(each for each in found if repr(each[1]) in own)
        apart = (
            {repr(v) for each in _special(level.domain, name) for v in each.values}
            if "#" not in level.name
            else set()
        )
        return tuple(each for each in found if repr(each[1]) not in apart)
    return ()
