"""Small payloads aimed at one place: every shape and boundary value there, little elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from contracts.generate.canonical import Builder, Place, Plan, Stuck, Turning
from contracts.generate.leaves import Array, Domain, Number, Object, Text, Values, key_of
from contracts.generate.places.factors import ABSENT, Factor, Level, Model, Node, classes, model_of
from contracts.model import Json, Pointer

_DEPTH = 40


def aimed_payloads(plan: Plan, at: str, most: int = 400) -> Iterator[Json]:
    """Yield distinct valid payloads that reach a place, with every level and class there and just below.

    `at` is RFC 6901 text with `*` for list positions, for instance `/tasks/*/state`; places above it are
    taken where the schema has none of that name.
    """
    model = model_of(plan)
    seen: set[str] = set()
    for value in islice(_tries(model, at), most):
        if (key := key_of(value)) not in seen and plan.oracle.valid(value):
            seen.add(key)
            yield value


def _tries(model: Model, at: str) -> Iterator[Json]:
    wanted = tuple(str(step) for step in Pointer.parse(at))
    for factor in _near(model, wanted):
        way = _way(model, factor)
        for level in factor.levels:
            named = [value for _, value in classes(level, factor.name)] or [_FREE]
            for value in named:
                forced = {**way, factor.path: level}
                for full in (False, True):
                    try:
                        yield Builder(
                            model.plan, _Aimed(forced, factor.path, value, full=full), depth=_DEPTH
                        ).value(model.plan.root, Place(), _DEPTH)
                    except Stuck:
                        continue


class _Free:
    """No value is asked for."""


_FREE = _Free()


def _near(model: Model, wanted: Sequence[str]) -> list[Factor]:
    """Give the factors at a place and one step below it, else those of the nearest place above."""
    spelled = [
        (factor, tuple("*" if step is None else str(step) for step in factor.trail))
        for factor in model.factors
    ]
    while True:
        found = [
            f
            for f, trail in spelled
            if trail[: len(wanted)] == tuple(wanted) and len(trail) <= len(wanted) + 2
        ]
        if found or not wanted:
            return sorted(found, key=lambda factor: len(factor.trail))
        wanted = wanted[:-1]


def _way(model: Model, factor: Factor) -> Mapping[str, Level]:
    """Say what must be chosen on the way from the root to a factor."""
    node: Node | None = next((each for each in model.nodes if factor in each.factors.values()), None)
    if node is not None:
        return {each.path: each.level(names[0]) for each, names in node.reach}
    for each in model.factors:
        kinds = [domain for domain, inner in each.inner.items() if factor in inner.values()]
        if kinds:
            filled = next(level for level in each.levels if id(level.domain) in kinds and level.most != 0)
            return {**_way(model, each), each.path: filled}
    return {}


class _Aimed(Turning):
    """As small as can be (or, with `full`, with every property), except on the way to one place."""

    def __init__(self, forced: Mapping[str, Level], target: str, value: Json, *, full: bool) -> None:
        super().__init__(1 if full else 0)
        self.forced, self.target, self.value = forced, target, value

    def choose(self, at: Place, domains: Sequence[Domain]) -> Domain:
        level = self.forced.get(at.path)
        return level.domain if level is not None and level.domain in domains else domains[0]  # type: ignore[return-value]

    def leaf(self, at: Place, domain: Values | Number | Text) -> Json:
        level = self.forced.get(at.path)
        if at.path == self.target and self.value is not _FREE:
            return self.value
        if level is not None and level.domain is domain and level.values:
            return level.values[0]
        return super().leaf(at, domain)

    def length(self, at: Place, domain: Array, low: int, high: int | None) -> int:
        level = self.forced.get(at.path)
        if level is not None and level.domain is domain:
            return level.least
        inside = any(path.startswith(f"{at.path}[") for path in self.forced)
        return max(low, 1) if inside else super().length(at, domain, low, high)

    def names(self, at: Place, domain: Object, free: Sequence[str]) -> Sequence[str]:
        base = set(super().names(at, domain, free))
        gone = {
            name for name in free if (level := self.forced.get(f"{at.path}.{name}")) and level.name == ABSENT
        }
        asked = {name for name in free if f"{at.path}.{name}" in self.forced} - gone
        return [name for name in free if name in (base | asked) - gone]
