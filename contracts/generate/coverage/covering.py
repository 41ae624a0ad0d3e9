"""The covering set: few payloads that together show every coverage point, the same on every run.

The first payload is a plain one. Then each payload is built for the first pair of levels still open, and
filled greedily with whatever else is open; then come the single points that are left. A point that no
payload could be built for is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from contracts.errors import GenerationError
from contracts.generate.canonical import Builder, Place, Plan, Policy, Stuck, named_values, nothing, samples
from contracts.generate.coverage.greedy import Greedy
from contracts.generate.coverage.infeasible import infeasible_points
from contracts.generate.coverage.points import Points, Uncovered
from contracts.generate.coverage.shown import Seen, Shown
from contracts.generate.leaves import Array, Domain, Number, Object, Text, Values, key_of
from contracts.generate.places import Factor, Level, Node, model_of
from contracts.generate.scenarios import scenario_payloads
from contracts.model import Json

LIMIT: Final = 128

EFFORT: Final = 200_000
"""How many values are built for one set at most, those of payloads that are not kept among them."""

_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Payload:
    """A valid payload with the ids of the coverage points it was the first to show."""

    value: Json
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Covering:
    """A covering set: payloads in order, how many points there are, which are not shown and why; notices.

    `infeasible` are no points: classes of a leaf's kind, sizes of lists and relations of numbers that the
    schema rules out, each with what does. A leaf that lists its values has those for classes, and no others.
    """

    payloads: tuple[Payload, ...]
    total: int
    missing: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()
    infeasible: tuple[tuple[str, str], ...] = ()

    def __iter__(self) -> Iterator[Payload]:
        return iter(self.payloads)

    def __len__(self) -> int:
        return len(self.payloads)


def cover(plan: Plan, limit: int = LIMIT) -> Covering:
    """Build the covering set of a plan, once; GenerationError when no value is known at all."""
    return _once(plan, limit)


@lru_cache(maxsize=16)
def _once(plan: Plan, limit: int) -> Covering:
    return _Cover(plan, limit).run()


class _Cover:
    """One run."""

    def __init__(self, plan: Plan, limit: int) -> None:
        self.plan, self.limit = plan, limit
        self.model = model_of(plan)
        self.points = Points(self.model)
        self.uncovered = Uncovered(self.points)
        self.shown = Shown(self.points)
        self.homes = self._homes()
        self.payloads: list[Payload] = []
        self.missing: dict[str, str] = {}
        self.effort = 0
        self.special = [":" in level.partition("=")[2][:8] for level in self.points.levels]

    def run(self) -> Covering:
        self._add(*self._plain())
        order = sorted(self.points.pairs, key=self._late)
        self._pairs(order, self.limit - self.limit // 4)
        self._singles()
        self._pairs(order, self.limit)
        self._tell()
        return self._told()

    def _pairs(self, order: Sequence[int], most: int) -> None:
        """Show pairs of shapes, then those of levels, with up to `most` payloads."""
        for pair in (*order, *order):
            shapes = self.uncovered.shape(pair) in self.uncovered.shapes
            if (
                (shapes or not self.uncovered.shapes)
                and pair in self.uncovered.pairs
                and len(self.payloads) < most
            ):
                self._pair(pair)

    def _singles(self) -> None:
        """Show single points, levels before the values inside them."""
        levels = set(self.points.ids.values())
        for point in sorted(self.uncovered.singles, key=lambda point: point not in levels):
            if point in self.uncovered.singles and len(self.payloads) < self.limit:
                self._single(point)

    def _tell(self) -> None:
        """Use the room that is left for payloads whose parts agree, all of them or all but one."""
        if len(self.payloads) >= self.limit:
            return
        plain = self.payloads[0].value
        known = {key_of(payload.value) for payload in self.payloads}
        for name, value in islice(scenario_payloads(self.model, plain), 4 * self.limit):
            if len(self.payloads) >= self.limit:
                return
            if (key := key_of(value)) not in known and self.plan.oracle.valid(value):
                known.add(key)
                self._add(value, self.shown.seen(value, {}), name)

    def _late(self, pair: int) -> tuple[bool, int]:
        """Put pairs with special values last, and spread the rest: neighbours pull the same way."""
        one, other = self.points.ends(pair)
        return self.special[one] or self.special[other], pair * 2654435761 % 2**32

    def _told(self) -> Covering:
        rest = [*(self.points.name(pair) for pair in sorted(self.uncovered.pairs)), *self.uncovered.singles]
        open_ = set(rest)
        missing = {**dict.fromkeys(rest, f"no room within {self.limit} payloads"), **self.missing}
        missing = {point: why for point, why in missing.items() if point in open_}
        total = len(self.points.pairs) + len(self.points.singles)
        return Covering(
            tuple(self.payloads),
            total,
            tuple(sorted(missing.items())),
            self.plan.notices,
            infeasible_points(self.points),
        )

    def _plain(self) -> tuple[Json, Seen]:
        policy = _Plain()
        try:
            value = Builder(self.plan, policy, depth=_DEPTH).value(self.plan.root, Place(), _DEPTH)
            if self.plan.oracle.valid(value):
                return value, self.shown.seen(value, policy.made)
        except Stuck:
            pass
        found = next(samples(self.plan), _plainless)
        if found is _plainless:
            raise GenerationError(nothing(self.plan))
        return found, self.shown.seen(found, {})

    def _add(self, value: Json, seen: Seen, name: str = "") -> None:
        pairs, fresh = self.uncovered.take(seen.beside, seen.points)
        bonus = [point for point in seen.bonus if point not in self.uncovered.bonus]
        self.uncovered.bonus.update(bonus)
        named = (name,) if name else ()
        self.payloads.append(Payload(copied(value), (*named, *fresh, *map(self.points.name, pairs), *bonus)))

    def _built(self, turn: int, forced: Mapping[str, str], want: str = "") -> tuple[Json, Seen] | None:
        policy = Greedy(self.uncovered, turn, forced, want)
        builder = Builder(self.plan, policy, depth=_DEPTH + 8)
        if self.effort > EFFORT:
            return None
        try:
            value = builder.value(self.plan.root, Place(), _DEPTH + 8)
        except Stuck:
            return None
        finally:
            self.effort += builder.spent
        return (value, self.shown.seen(value, policy.made)) if self.plan.oracle.valid(value) else None

    def _pair(self, pair: int) -> None:
        node, *ends = self.points.pairs[pair]
        forced = {**self._reach(node), **{factor.path: level.name for factor, level in ends}}
        for attempt in range(3):
            built = self._built(len(self.payloads) * 3 + attempt + 2, forced)
            if built is not None and built[1].together(*self.points.ends(pair)):
                self._add(*built)
                return
        self.missing[self.points.name(pair)] = self._why()
        self.uncovered.give_up(pair)

    def _why(self) -> str:
        if self.effort > EFFORT:
            return f"no room within {EFFORT:,} values"
        return "the oracle refuses every payload built for it"

    def _reach(self, node: Node) -> dict[str, str]:
        """Force the way from the root to an object, with lists of two or more where there is a choice."""
        return {factor.path: names[-1] for factor, names in node.reach}

    def _single(self, point: str) -> None:
        for attempt, forced in enumerate(self._ways(point)):
            built = self._built(len(self.payloads) * 3 + attempt + 2, forced, point)
            if built is not None and point in built[1].points:
                self._add(*built)
                return
        self.missing[point] = self._why()

    def _ways(self, point: str) -> Iterator[dict[str, str]]:
        """Yield what to force for a single point: the way to its place, and a level that can show it."""
        for factor, level in self.homes.get(point, ()):
            yield {**self._way(factor), factor.path: level.name}
        for node in self.model.nodes:
            if point.startswith((f"{node.path}?", f"{node.path}~", f"{node.path}.")):
                yield from self._in_object(node, point)

    def _homes(self) -> dict[str, list[tuple[Factor, Level]]]:
        """Give for each point of a place the levels that can show it: for lists, long ones first."""
        homes: dict[str, list[tuple[Factor, Level]]] = {}
        for factor in self.model.factors:
            for level in factor.levels:
                named = (point for point, _ in self.points.classes(factor, level))
                for point in (self.points.ids[id(level)], *named):
                    homes.setdefault(point, []).append((factor, level))
            filled = [(factor, level) for level in reversed(factor.levels) if level.most != 0]
            for size in ("ten", "hundred", "repeated"):
                homes.setdefault(f"{factor.path}~{size}", []).extend(filled)
        return homes

    def _in_object(self, node: Node, point: str) -> Iterator[dict[str, str]]:
        way = self._reach(node)
        if point not in self.points.relations[id(node)]:
            yield way
            return
        for count in (2, 1, 0):
            lists = {
                f.path: level.name
                for f in node.factors.values()
                for level in f.levels
                if level.name.startswith(f"len{count}")
            }
            leaves = {
                f.path: level.name
                for f in node.factors.values()
                for level in f.levels
                if _leafy(level.domain)
            }
            yield {**lists, **leaves, **way}

    def _way(self, factor: Factor) -> dict[str, str]:
        for node in self.model.nodes:
            if factor in node.factors.values():
                return self._reach(node)
        for each in self.model.factors:
            kinds = [domain for domain, inner in each.inner.items() if factor in inner.values()]
            if kinds:
                filled = [
                    level.name for level in each.levels if id(level.domain) in kinds and level.most != 0
                ]
                return {**self._way(each), each.path: filled[-1]}
        return {}


def _leafy(domain: Domain | None) -> bool:
    return isinstance(domain, Number | Text)


_plainless: Final = object()


def copied(value: Json) -> Json:
    """Copy a value so that no part of it is shared."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


class _Plain(Policy):
    """A typical payload: every property there, lists of two, the first member that means success."""

    def __init__(self) -> None:
        super().__init__(1)
        self.made: dict[int, Domain] = {}

    def choose(self, at: Place, domains: Sequence[Domain]) -> Domain:
        return next((domain for domain in domains if domain.kind != "null"), domains[0])

    def leaf(self, at: Place, domain: Values | Number | Text) -> Json:
        options = [value for _, value in named_values(domain, at.name)]
        typical = (value for value in options if isinstance(domain, Values) and str(value).lower() in _DONE)
        return next(typical, options[0])

    def object_done(self, at: Place, domain: Object, value: dict[str, Json]) -> None:
        self.made[id(value)] = domain

    def list_done(self, at: Place, domain: Array, items: list[Json]) -> list[Json]:
        self.made[id(items)] = domain
        return items


_DONE: Final = ("completed", "complete", "success", "succeeded", "done", "ready", "finished")
