"""The policy that builds covering payloads: every free decision goes where most is left to cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from contracts.generate.canonical import Place, Policy, named_values
from contracts.generate.coverage.points import Classes, Option, Profiled, Uncovered
from contracts.generate.leaves import Array, Domain, Number, Object, Pick, Text, Values, allows, numbers
from contracts.generate.places import ABSENT, Factor, Level, Node, count_relations, relations
from contracts.model import Json

_OFTEN: Final = 10**9
_LARGE: Final = 480
"""How many values a payload holds before its lists end early, and objects deep inside get no options."""


class Greedy(Policy):
    """One payload under construction; `forced` are the levels it is built for, by path."""

    def __init__(self, uncovered: Uncovered, turn: int, forced: Mapping[str, str], want: str = "") -> None:
        self.uncovered, self.points, self.forced, self.want = uncovered, uncovered.points, forced, want
        super().__init__(turn)
        self.decided: dict[str, Level] = {}
        self.assigned: dict[str, Json] = {}
        self.rows = Rows(uncovered, self.pick, forced, want)
        self.made: dict[int, Domain] = {}
        self.visited: set[str] = set()
        self.profiles: dict[int, list[Profiled]] = {}
        self.size = 0

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
        open_ = [level for level in levels if factor.point(level.name) in self.uncovered.singles]
        rich = [level for level in levels if isinstance(level.domain, Object | Array)]
        options = wanted or open_ or (rich if rich and self.pick(6) else levels)
        chosen = min(options, key=lambda level: self.uncovered.used.get(factor.point(level.name), 0))
        self.uncovered.count(factor.point(chosen.name))
        return chosen

    def leaf(self, at: Place, domain: Values | Number | Text) -> Json:
        """Pick a value in relation, else the class that is wanted most."""
        self.size += 1
        level = self.decided.get(at.path)
        if at.path in self.assigned:
            value = self.assigned[at.path]
            if not isinstance(domain, Values) and _fits(domain, value):
                return value
        if level is not None and level.domain is domain:
            options = self.points.values(at.path, level)
            if options:
                return self._next(options)
        return self._next(
            tuple((f"{at.path}~{name}", value) for name, value in named_values(domain, at.name))
        )

    def _next(self, options: Classes) -> Json:
        """Take the wanted class, else one not seen yet, else the one taken least often."""
        singles, used = self.uncovered.singles, self.uncovered.used
        best, rank = options[0], (True, _OFTEN)
        for option in options:
            if option[0] == self.want:
                return option[1]
            if (now := (option[0] not in singles, used.get(option[0], 0))) < rank:
                best, rank = option, now
        self.uncovered.count(best[0])
        return best[1]

    def length(self, at: Place, domain: Array, low: int, high: int | None) -> int:
        """Pick a length inside the level."""
        level = self.decided.get(at.path)
        least, most = (
            (level.least, level.most) if level is not None and level.domain is domain else (low, high)
        )
        most = most if high is None else high if most is None else min(most, high)
        if self.want == f"{at.path}~ten":
            return max(least, 12 if most is None else min(12, most))
        if least == 0 and most is None:
            return self.uncovered.count(f"{at.path}#") % 3
        wide = min(least + 3, least + 3 if most is None else most)
        return least + self.uncovered.count(f"{at.path}#{least}") % (wide - least + 1)

    def enough(self, at: Place, domain: Array, count: int) -> bool:
        """End lists that nothing more is wanted of once the payload is large: it has to be judged, too."""
        if self.size < _LARGE or self.want.startswith(f"{at.path}~"):
            return False
        level = self.decided.get(at.path)
        return level is None or level.domain is not domain or count >= level.least

    def names(self, at: Place, domain: Object, free: Sequence[str]) -> Sequence[str]:
        """Decide the whole row of an object."""
        self.size += 1
        node = self.points.model.by_domain.get((at.path, id(domain)))
        if node is None:
            return self._unmodelled(at, domain, free) if self.size < _LARGE else ()
        row = self.rows.choose(node)
        for name, option in row.items():
            factor = node.factors[name]
            self.decided[factor.path] = option.level
            self.uncovered.count(option.point)
        self._relate(node, row)
        chosen = [name for name, option in row.items() if option.level.name != ABSENT]
        return [*chosen, *self._extra(at, domain, free)]

    def object_done(self, at: Place, domain: Object, value: dict[str, Json]) -> None:
        """Remember what an object was built from, and let its numbers agree."""
        self.made[id(value)] = domain
        node = self.points.model.by_domain.get((at.path, id(domain)))
        if node is not None and self.turn % 2:
            self._agree(node, value)
        if node is not None and self.want in relations.lengths(node):
            self._measure(node, value)

    def _measure(self, node: Node, value: dict[str, Json]) -> None:
        """Set the number that is wanted in a relation to the length of a list."""
        items, count, more = relations.lengths(node)[self.want]
        domain = relations.number(node, count)
        if domain is not None and count in value and isinstance(value.get(items), list):
            number = len(value[items]) + more
            value[count] = number if numbers.allows(domain, number) else value[count]

    def _agree(self, node: Node, value: dict[str, Json]) -> None:
        """Make numbers agree with the items just made, in ways not seen yet."""
        done: set[str] = set()
        beside = ["", *(f" & {word}" for word in self.points.words(self.rows.row(node.path)))]
        for counted in count_relations(node):
            free = (
                counted.path not in done
                and counted.path not in self.forced
                and not self.want.startswith(f"{counted.path}~")
            )
            new = free and any(f"{counted.point}{said}" not in self.uncovered.bonus for said in beside)
            if new and counted.put(value):
                done.add(counted.path)

    def list_done(self, at: Place, domain: Array, items: list[Json]) -> list[Json]:
        """Repeat an item once where that has not been seen; remember what the list was built from."""
        items = self._repeated(at, domain, items)
        self.made[id(items)] = domain
        return items

    def _repeated(self, at: Place, domain: Array, items: list[Json]) -> list[Json]:
        """Repeat an item; items of fixed positions stay."""
        if domain.prefix or domain.contains or domain.unique or not items:
            return items
        if self.want == f"{at.path}~hundred":
            return (items * 101)[:101]
        point = f"{at.path}~repeated"
        if point not in self.uncovered.singles:
            return items
        if self.want != point and (len(items) < 2 or self.turn % 2 or at.path in self.forced):
            return items
        room = domain.high is None or len(items) < domain.high
        return [*items, items[0]] if room else [*items[:-1], items[0]] if len(items) > 1 else items

    # ---- rows

    def _unmodelled(self, at: Place, domain: Object, free: Sequence[str]) -> Sequence[str]:
        named = [name for name, _ in domain.named if name in free]
        if not named and free:
            return list(free)[: self.uncovered.count(f"{at.path}?") % 3]
        turn = self.uncovered.count(f"{at.path}?") % (len(named) + 2)
        return named if turn == len(named) and len(named) < 9 else named[turn : turn + 1]

    def _extra(self, at: Place, domain: Object, free: Sequence[str]) -> list[str]:
        others = [name for name, _ in domain.extras if name in free]
        if not others:
            return []
        if not domain.named:
            return others[: (0, 1, 3)[self.uncovered.count(f"{at.path}?") % 3]]
        point = f"{at.path}~extra"
        return (
            others[:1]
            if self.want == point or (point in self.uncovered.singles and self.turn % 3 == 2)
            else []
        )

    def _free(self, factor: Factor, level: Level) -> bool:
        """Whether the value of a leaf may be chosen for its relation to others."""
        if not isinstance(level.domain, Number | Text) or self.want.startswith(f"{factor.path}~"):
            return False
        return factor.path not in self.forced or not level.special

    def _relate(self, node: Node, row: Mapping[str, Option]) -> None:
        """Give siblings values in a relation not seen yet, in every other object: classes want their turn."""
        for name in row:
            self.assigned.pop(node.factors[name].path, None)
        known = self.points.relations[id(node)]
        asked = self.want in known
        if not known or (not asked and self.uncovered.count(f"{node.path}@") % 2 == 0):
            return
        inside = "[" in node.path
        words = [] if inside else self.points.words(self.rows.numbers())
        singles, bonus = self.uncovered.singles, self.uncovered.bonus
        best: Mapping[str, Json] = {}
        most = 0
        free = frozenset(name for name, option in row.items() if self._free(node.factors[name], option.level))
        for values, told in self._profiles(node) if inside else self.points.profiles[id(node)]:
            shown = dict.fromkeys(point for point, names in told if names <= free)
            gain = sum(1000 for point in shown if point in singles) + (10**6 if self.want in shown else 0)
            gain += sum(f"{point} & {word}" not in bonus for point in shown for word in words)
            if gain > most:
                best, most = values, gain
        chosen = {node.factors[name].path: value for name, value in best.items() if name in free}
        self.assigned.update(chosen)

    def _profiles(self, node: Node) -> list[Profiled]:
        """Give the sets of values that show a relation not seen yet, worked out once for a payload."""
        if id(node) not in self.profiles:
            left = (
                (values, tuple(each for each in told if each[0] in self.uncovered.singles))
                for values, told in self.points.profiles[id(node)]
            )
            self.profiles[id(node)] = [pair for pair in left if pair[1]]
        return self.profiles[id(node)]


def _fits(domain: Number | Text, value: Json) -> bool:
    if isinstance(domain, Text):
        return allows(domain, value)
    return numbers.allows(domain, value)


_CANDIDATES: Final = 4

Weighed: TypeAlias = tuple[Option, int, int, float, float]
"""An option, the levels and shapes it is still to be shown with, as bits, and what demand and use weigh."""


class Rows:
    """The rows of one payload: `around` are those of the objects now open, by path."""

    def __init__(self, uncovered: Uncovered, pick: Pick, forced: Mapping[str, str], want: str) -> None:
        self.uncovered, self.points, self.pick, self.forced, self.want = (
            uncovered,
            uncovered.points,
            pick,
            forced,
            want,
        )
        self.around: list[tuple[str, list[int]]] = []
        self.filled: set[str] = set()

    def row(self, path: str) -> list[int]:
        """Give the latest row at a path."""
        return next((row for place, row in reversed(self.around) if place == path), [])

    def numbers(self) -> list[int]:
        """Give the levels of all rows around."""
        return [number for _, row in self.around for number in row]

    def choose(self, node: Node) -> dict[str, Option]:
        """Decide the row of an object."""
        while self.around and not _inside(self.around[-1][0], node.path):
            self.around.pop()
        best: dict[str, Option] = {}
        most = float("-inf")
        weighed = {name: self._weighed(factor) for name, factor in node.factors.items()}
        numbers = set(self.numbers())
        chosen = sum(1 << number for number in numbers)
        shapes = sum(1 << number for number in {self.points.coarse[number] for number in numbers})
        for mask in self._masks(node):
            for _ in range(1 if mask is not None else _CANDIDATES):
                row, gain = self._candidate(node, mask, weighed, chosen, shapes)
                if gain > most:
                    best, most = row, gain
        self.filled.add(node.path)
        self.around.append((node.path, [option.number for option in best.values()]))
        return best

    def _weighed(self, factor: Factor) -> list[Weighed]:
        uncovered = self.uncovered
        return [
            (
                option,
                uncovered.partners[option.number],
                uncovered.shape_partners[option.shape],
                min(6.0, 0.4 * uncovered.demand(option.level)),
                0.01 * uncovered.used.get(option.point, 0),
            )
            for option in self.points.options[id(factor)]
        ]

    def _masks(self, node: Node) -> list[frozenset[str] | None]:
        """Offer the presence patterns not seen yet beside a free choice."""
        masks: list[frozenset[str] | None] = [None]
        start, presence = f"{node.path}?", self.points.presence[id(node)]
        optional = frozenset(name for name in node.factors if name not in node.domain.required)
        open_ = [point for point in presence if point in self.uncovered.singles]
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
        self,
        node: Node,
        mask: frozenset[str] | None,
        weighed: Mapping[str, list[Weighed]],
        chosen: int,
        shapes: int,
    ) -> tuple[dict[str, Option], float]:
        row: dict[str, Option] = {}
        total = 0.0
        for name in self._order(node):
            options = self._allowed(node, node.factors[name], mask, weighed[name])
            option, gain = _best(options, chosen, shapes)
            row[name] = option
            total += gain
            chosen |= option.bit
            shapes |= option.shape_bit
        return {name: row[name] for name in node.factors}, total if mask is None else total + 6

    def _order(self, node: Node) -> list[str]:
        """Begin anywhere, go either way, but take what is forced first."""
        order = list(node.factors)
        order = order[(start := self.pick(len(order) or 1)) :] + order[:start]
        if self.pick(2):
            order.reverse()
        first = [name for name in order if node.factors[name].path in self.forced]
        return first + [name for name in order if name not in first] if first else order

    def _allowed(
        self,
        node: Node,
        factor: Factor,
        mask: frozenset[str] | None,
        weighed: list[Weighed],
    ) -> list[Weighed]:
        """Keep the options that what the payload is built for, or the mask, leaves."""
        if factor.path in self.forced and node.path not in self.filled:
            forced = self.forced[factor.path]
            asked = [each for each in weighed if each[0].level.name == forced]
            if asked:
                return asked
        if mask is None or factor.name in node.domain.required:
            return weighed
        there = factor.name in mask
        fitting = [each for each in weighed if (each[0].level.name != ABSENT) == there]
        return fitting or weighed  # what is always or never there does not follow the mask


def _best(weighed: Sequence[Weighed], chosen: int, shapes: int) -> tuple[Option, float]:
    """Pick the option that shows most of what is open, the first of equals."""
    best, most = weighed[0][0], float("-inf")
    for option, partners, alike, demand, used in weighed:
        gain = (partners & chosen).bit_count() + 3 * (alike & shapes).bit_count() + demand - used
        if gain > most:
            best, most = option, gain
    return best, most


def _inside(upper: str, lower: str) -> bool:
    return lower.startswith((f"{upper}.", f"{upper}["))
