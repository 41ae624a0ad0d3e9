"""The policy that builds covering payloads: every free decision goes where most is left to cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from contracts.generate import numbers, relations
from contracts.generate.build import Place, named_values
from contracts.generate.domains import Array, Domain, Number, Object, Text, Values, key_of
from contracts.generate.ecma import turning
from contracts.generate.ledger import Ledger
from contracts.generate.lists import ALIKE, Pattern
from contracts.generate.model import ABSENT, Factor, Level, Node
from contracts.generate.tallies import tallies
from contracts.generate.texts import allows
from contracts.model import Json

_CANDIDATES: Final = 4


class Greedy:
    """One payload under construction; `forced` are the levels it is built for, by path."""

    def __init__(self, ledger: Ledger, turn: int, forced: Mapping[str, str], want: str = "") -> None:
        self.ledger, self.points, self.forced, self.want = ledger, ledger.points, forced, want
        self.pick = turning(turn)
        self.turn = turn
        self.decided: dict[str, Level] = {}
        self.assigned: dict[str, Json] = {}
        self.rows: list[tuple[str, list[int]]] = []
        self.made: dict[int, Object] = {}
        self.visited: set[str] = set()
        self.filled: set[str] = set()
        self.uniform: dict[str, Pattern] = {}
        self.index: dict[str, int] = {}
        self.total: dict[str, int] = {}

    # ---- decisions asked for by the builder

    def choose(self, at: Place, domains: Sequence[Domain]) -> Domain:
        """Pick the level decided for a place, or decide it now."""
        level = self.decided.get(at.path)
        if level is None or at.path.endswith("]") or at.path == "$":
            level = self._alone(at, domains)
        if level is not None and level.domain in domains:
            self.decided[at.path] = level
            return level.domain  # type: ignore[return-value]
        return domains[self.pick(len(domains))]

    def _alone(self, at: Place, domains: Sequence[Domain]) -> Level | None:
        """Choose the level of the root or of an item: they stand in no row."""
        factor = next(
            (f for f in self.points.places.get(at.path, ()) if any(x.domain in domains for x in f.levels)),
            None,
        )
        if factor is None:
            return None
        levels = [level for level in factor.levels if level.domain in domains]
        first = at.path not in self.visited
        self.visited.add(at.path)
        wanted = [level for level in levels if first and self.forced.get(at.path) == level.name]
        self.index[at.path] = self.index.get(at.path, -1) + 1
        pattern = self.uniform.get(at.path)
        if pattern is not None and not wanted:
            wanted = [level for level in levels if self._suits(at.path, pattern, factor, level)]
        open_ = [level for level in levels if factor.point(level.name) in self.ledger.singles]
        rich = [level for level in levels if isinstance(level.domain, Object | Array)]
        options = wanted or open_ or (rich if rich and self.pick(6) else levels)
        chosen = min(options, key=lambda level: self.ledger.used.get(factor.point(level.name), 0))
        self.ledger.count(factor.point(chosen.name))
        return chosen

    def leaf(self, at: Place, domain: Values | Number | Text) -> Json:
        """Pick a value in relation, else the class that is wanted most."""
        level = self.decided.get(at.path)
        if at.path in self.assigned:
            value = self.assigned[at.path]
            if not isinstance(domain, Values) and _fits(domain, value):
                return value
        if level is not None and level.domain is domain:
            options = self.points.classes(level, at.name) or tuple(
                (key_of(value), value) for value in level.values
            )
        else:
            options = named_values(domain, at.name)
        return self._next(at.path, options)

    def _next(self, path: str, options: tuple[tuple[str, Json], ...]) -> Json:
        """Take the wanted class, else one not seen yet, else the one taken least often."""
        for name, value in options:
            if self.want == f"{path}~{name}":
                return value
        open_ = [(name, value) for name, value in options if f"{path}~{name}" in self.ledger.singles]
        unused = [(name, value) for name, value in open_ if not self.ledger.used.get(f"{path}~{name}")]
        name, value = min(
            unused or open_ or options, key=lambda each: self.ledger.used.get(f"{path}~{each[0]}", 0)
        )
        self.ledger.count(f"{path}~{name}")
        return value

    def length(self, at: Place, domain: Array, low: int, high: int | None) -> int:
        """Pick a length inside the level, and what the items have in common."""
        level = self.decided.get(at.path)
        least, most = (
            (level.least, level.most) if level is not None and level.domain is domain else (low, high)
        )
        most = most if high is None else high if most is None else min(most, high)
        if self.want == f"{at.path}~ten":
            return max(least, 12 if most is None else min(12, most))
        if least == 0 and most is None:
            return self.ledger.count(f"{at.path}#") % 3
        path = f"{at.path}[]"
        self.index[path] = -1
        if self.want.startswith(f"{at.path}~alike:"):
            least = max(least, 7)
        wide = min(least + 3, least + 3 if most is None else most)
        count = least + self.ledger.count(f"{at.path}#{least}") % (wide - least + 1)
        self.total[path] = count
        if count > 1:
            self._unify(at)
            alike = self.uniform.get(path)
            if alike is not None and alike.where == "alike":
                count = self.total[path] = count if most is not None else max(count, 7)
        return count

    def names(self, at: Place, domain: Object, free: Sequence[str]) -> Sequence[str]:
        """Decide the whole row of an object."""
        node = self.points.model.by_domain.get((at.path, id(domain)))
        if node is None:
            return self._unmodelled(at, domain, free)
        while self.rows and not _inside(self.rows[-1][0], at.path):
            self.rows.pop()
        row = self._row(node)
        self.filled.add(node.path)
        self.rows.append((at.path, [self.points.number(f, level) for f, level in row.values()]))
        for factor, level in row.values():
            self.decided[factor.path] = level
            self.ledger.count(factor.point(level.name))
            for path in factor.items:
                self.uniform.pop(path, None)
        self._relate(node, row)
        chosen = [name for name, (_, level) in row.items() if level.name != ABSENT]
        return [*chosen, *self._extra(at, domain, free)]

    def left(self, at: Place, domain: Object, value: dict[str, Json]) -> None:
        """Remember what an object was built from, and let its numbers agree."""
        self.made[id(value)] = domain
        node = self.points.model.by_domain.get((at.path, id(domain)))
        if node is not None and self.turn % 2:
            self._tally(node, value)

    def _tally(self, node: Node, value: dict[str, Json]) -> None:
        """Make numbers agree with the items just made, in ways not seen yet."""
        done: set[str] = set()
        row = next((row for place, row in reversed(self.rows) if place == node.path), [])
        beside = ["", *(f" & {word}" for word in self.points.words(row))]
        for tally in tallies(node):
            free = (
                tally.path not in done
                and tally.path not in self.forced
                and not self.want.startswith(f"{tally.path}~")
            )
            new = free and any(f"{tally.point}{said}" not in self.ledger.bonus for said in beside)
            if new and tally.put(value):
                done.add(tally.path)

    def listed(self, at: Place, domain: Array, items: list[Json]) -> list[Json]:
        """Repeat an item once where that has not been seen; items of fixed positions stay."""
        if domain.prefix or domain.contains or domain.unique or not items:
            return items
        if self.want == f"{at.path}~hundred":
            return (items * 101)[:101]
        point = f"{at.path}~repeated"
        if point not in self.ledger.singles:
            return items
        if self.want != point and (len(items) < 2 or self.turn % 2 or at.path in self.forced):
            return items
        room = domain.high is None or len(items) < domain.high
        return [*items, items[0]] if room else [*items[:-1], items[0]] if len(items) > 1 else items

    def _unify(self, at: Place) -> None:
        """Give the items of a list something in common that has not been seen."""
        path = f"{at.path}[]"
        if path in self.forced or any(key.startswith(f"{path}.") for key in self.forced):
            return
        points = self.points.uniform.get(at.path, {})
        point = self.want if self.want in points else next((p for p in points if self._open(p, at.path)), "")
        if point and (point == self.want or self.ledger.count(f"{path}!") % 2):
            self.uniform[path] = points[point]

    def _open(self, point: str, path: str) -> bool:
        """Whether a pattern of items, alone or beside the words of this object, has not been seen."""
        if point in self.ledger.singles:
            return True
        holder = path.rpartition(".")[0]
        row = next((row for place, row in reversed(self.rows) if place == holder), [])
        return any(f"{point} & {self.points.levels[number]}" in self.ledger.singles for number in row)

    def _there(self, path: str, pattern: Pattern) -> bool:
        """Whether the pattern's level belongs to the item under construction."""
        index, total = self.index.get(path, 0), self.total.get(path, 0)
        return (
            pattern.where == "all"
            or (pattern.where == "first" and index == 0)
            or (pattern.where == "last" and index == total - 1)
        )

    def _suits(self, path: str, pattern: Pattern, factor: Factor, level: Level) -> bool:
        if not pattern.name:
            return (level.name == pattern.level) == self._there(path, pattern)
        return any(pattern.name in node.factors for node in factor.nodes.get(level.name, ()))

    def _patterned(self, path: str, pattern: Pattern, factor: Factor) -> list[Level]:
        if pattern.where in ("same", "alike"):
            return [level for level in factor.levels if isinstance(level.domain, Text) and not level.special]
        if pattern.where == "mix":
            two = pattern.level.split("\n")
            at = self.index.get(path, 0)
            wanted = two[at] if at < 2 else two[self.pick(2)]
            return [level for level in factor.levels if level.name == wanted]
        there = self._there(path, pattern)
        return [level for level in factor.levels if (level.name == pattern.level) == there]

    # ---- rows

    def _unmodelled(self, at: Place, domain: Object, free: Sequence[str]) -> Sequence[str]:
        named = [name for name, _ in domain.named if name in free]
        if not named and free:
            return list(free)[: self.ledger.count(f"{at.path}?") % 3]
        turn = self.ledger.count(f"{at.path}?") % (len(named) + 2)
        return named if turn == len(named) and len(named) < 9 else named[turn : turn + 1]

    def _extra(self, at: Place, domain: Object, free: Sequence[str]) -> list[str]:
        others = [name for name, _ in domain.extras if name in free]
        if not others:
            return []
        if not domain.named:
            return others[: (0, 1, 3)[self.ledger.count(f"{at.path}?") % 3]]
        point = f"{at.path}~extra"
        return (
            others[:1] if self.want == point or (point in self.ledger.singles and self.turn % 3 == 2) else []
        )

    def _row(self, node: Node) -> dict[str, tuple[Factor, Level]]:
        best: dict[str, tuple[Factor, Level]] = {}
        most = float("-inf")
        for mask in self._masks(node):
            for _ in range(1 if mask is not None else _CANDIDATES):
                row, gain = self._candidate(node, mask)
                if gain > most:
                    best, most = row, gain
        return best

    def _masks(self, node: Node) -> list[frozenset[str] | None]:
        """Offer the presence patterns not seen yet beside a free choice."""
        masks: list[frozenset[str] | None] = [None]
        start, presence = f"{node.path}?", self.points.presence[id(node)]
        optional = frozenset(name for name in node.factors if name not in node.domain.required)
        open_ = [point for point in presence if point in self.ledger.singles]
        for point in [self.want] if self.want in presence else open_[:2]:
            kind, _, name = point[len(start) :].partition(":")
            if name and name not in optional:
                continue
            mask = {
                "none": frozenset[str](),
                "all": optional,
                "only": frozenset({name}),
                "missing": optional - {name},
            }[kind]
            if point == self.want:
                return [mask]
            masks.append(mask)
        return masks

    def _candidate(
        self, node: Node, mask: frozenset[str] | None
    ) -> tuple[dict[str, tuple[Factor, Level]], float]:
        order = list(node.factors)
        order = order[(start := self.pick(len(order) or 1)) :] + order[:start]
        if self.pick(2):
            order.reverse()
        order.sort(key=lambda name: node.factors[name].path not in self.forced)
        chosen = {number for _, row in self.rows for number in row}
        levels: dict[str, Level] = {}
        total = 0.0
        for name in order:
            factor = node.factors[name]
            options = self._options(node, factor, mask)
            scored = [
                (self._gain(factor, level, chosen), -index, level) for index, level in enumerate(options)
            ]
            gain, _, level = max(scored, key=lambda each: each[:2])
            levels[name] = level
            total += gain
            chosen.add(self.points.number(factor, level))
        if mask is not None:
            total += 6
        return {name: (node.factors[name], levels[name]) for name in node.factors}, total

    def _options(self, node: Node, factor: Factor, mask: frozenset[str] | None) -> list[Level]:
        forced = self.forced.get(factor.path) if node.path not in self.filled else None
        pattern = self.uniform.get(node.path)
        if (
            pattern is not None
            and pattern.name == factor.name
            and (options := self._patterned(node.path, pattern, factor))
        ):
            return options
        asked = [level for level in factor.levels if level.name == forced]
        if asked:
            return asked
        if mask is None or factor.name in node.domain.required:
            return list(factor.levels)
        return [level for level in factor.levels if (level.name != ABSENT) == (factor.name in mask)]

    def _gain(self, factor: Factor, level: Level, chosen: set[int]) -> float:
        number, coarse = self.points.number(factor, level), self.points.coarse
        gain = len(self.ledger.partners[number] & chosen)
        if self.ledger.shapes:
            gain += 3 * len(self.ledger.shape_partners[coarse[number]] & {coarse[other] for other in chosen})
        demand = self.ledger.demand(factor, level)
        return gain + min(6.0, 0.4 * demand) - 0.01 * self.ledger.used.get(factor.point(level.name), 0)

    def _free(self, factor: Factor, level: Level) -> bool:
        """Whether the value of a leaf may be chosen for its relation to others."""
        if not isinstance(level.domain, Number | Text) or self.want.startswith(f"{factor.path}~"):
            return False
        return factor.path not in self.forced or not level.special

    def _relate(self, node: Node, row: Mapping[str, tuple[Factor, Level]]) -> None:
        """Give siblings values in a relation not seen yet, in every other object: classes want their turn."""
        pattern = self.uniform.get(node.path)
        for factor, level in row.values():
            self.assigned.pop(factor.path, None)
            if pattern is not None and factor.name == pattern.name and pattern.where in ("same", "alike"):
                index = self.index.get(node.path, 0) % len(ALIKE)
                options = (
                    named_values(level.domain, factor.name) if isinstance(level.domain, Number | Text) else ()
                )
                if options:
                    self.assigned[factor.path] = ALIKE[index] if pattern.where == "alike" else options[0][1]
        known = self.points.relations[id(node)]
        asked = self.want in known
        if not known or (not asked and self.ledger.count(f"{node.path}@") % 2 == 0):
            return
        words = (
            self.points.words(number for _, numbers_ in self.rows for number in numbers_)
            if "[" not in node.path
            else []
        )
        best: Mapping[str, Json] = {}
        most = 0
        for _, values in self.points.profiles[id(node)]:
            usable = {name: value for name, value in values.items() if self._free(*row[name])}
            shown = dict.fromkeys(relations.seen(node, usable))
            gain = sum(1000 for point in shown if point in self.ledger.singles) + (
                10**6 if self.want in shown else 0
            )
            gain += sum(f"{point} & {word}" not in self.ledger.bonus for point in shown for word in words)
            if gain > most:
                best, most = usable, gain
        self.assigned.update({row[name][0].path: value for name, value in best.items()})


def _inside(upper: str, lower: str) -> bool:
    return lower.startswith((f"{upper}.", f"{upper}["))


def _fits(domain: Number | Text, value: Json) -> bool:
    if isinstance(domain, Text):
        return allows(domain, value)
    return numbers.allows(domain, value)
