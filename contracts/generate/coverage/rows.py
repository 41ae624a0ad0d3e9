"""Which levels the properties of one object take: those that show most of what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from contracts.generate.coverage.open_points import Uncovered
from contracts.generate.coverage.points import Option
from contracts.generate.leaves import Pick
from contracts.generate.places import ABSENT, Factor, Node

_CANDIDATES: Final = 4

Weighed: TypeAlias = tuple[Option, int, int, float, float]
"""An option, the levels and shapes it is still to be shown with, as bits, and what demand and use weigh."""


class Rows:
    """The rows of one payload: `around` are those of the objects now open, by path."""

    def __init__(self, ledger: Uncovered, pick: Pick, forced: Mapping[str, str], want: str) -> None:
        self.ledger, self.points, self.pick, self.forced, self.want = (
            ledger,
            ledger.points,
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
        ledger = self.ledger
        return [
            (
                option,
                ledger.partners[option.number],
                ledger.shape_partners[option.shape],
                min(6.0, 0.4 * ledger.demand(option.level)),
                0.01 * ledger.used.get(option.point, 0),
            )
            for option in self.points.options[id(factor)]
        ]

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
        return [each for each in weighed if (each[0].level.name != ABSENT) == there]


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
