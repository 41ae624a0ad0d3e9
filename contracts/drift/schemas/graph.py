"""Pairs of schemas, each compared once per direction, and whether the receiver is safe in each.

The pairs form a graph: an edge leads to the pair of sub-schemas, a choice stands for an alternative of the
sender that some alternative of the receiver must cover. `holds` is the greatest solution: a pair fails when
a difference in it escapes, when an edge of it fails, or when a choice has no candidate left. Nothing here
recurses, so cyclic and very deep documents cost no more than their number of pairs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from contracts.drift.change import Change, Direction, Sense
from contracts.drift.schemas.alternatives import Alt
from contracts.drift.schemas.compare import compare_alts
from contracts.drift.schemas.edges import Edge, Sides
from contracts.drift.schemas.kinds import compare_kinds
from contracts.drift.schemas.matching import ALIKE, candidates
from contracts.drift.schemas.notes import compare_notes
from contracts.drift.schemas.shape import SchemaPlace

MAX_PAIRS: Final = 200_000
TOO_LARGE: Final = f"the documents have more than {MAX_PAIRS:,} pairs of schemas to compare"


class Pair(NamedTuple):
    """Two schemas, or one alternative of each (`kind`, position in base, position in revision)."""

    base: SchemaPlace
    revision: SchemaPlace
    kind: str = ""
    first: int = 0
    second: int = 0


class Step(NamedTuple):
    """A way on to another pair: through which type and alternatives, and how far down the value."""

    kind: str
    base: Alt
    revision: Alt
    token: str | None
    pair: Pair


class Choice(NamedTuple):
    """An alternative of the sender and the pairs with the receiver's alternatives that may cover it."""

    alt: Alt
    steps: tuple[Step, ...]
    scores: tuple[float, ...]
    change: Change


@dataclass(slots=True, eq=False)
class Node:
    """What is known of one pair."""

    changes: list[Change] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    receivers: dict[str, list[Change]] = field(default_factory=dict)
    remarks: list[Change] = field(default_factory=list)
    holds: bool = True
    same: bool = True


class Graph:
    """All pairs reachable from some roots, in one direction."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        sides.base.deep = lambda place: "" if sides.unchanged.alike.same(place, place) else " then"
        sides.revision.deep = lambda place: "" if sides.unchanged.alike.same(place, place) else " now"
        self.nodes: dict[Pair, Node] = {}
        self.parents: dict[Pair, list[tuple[Pair, int]]] = {}

    def grow(self, roots: list[Pair]) -> None:
        """Compare everything reachable from the roots, then settle which pairs hold."""
        todo = deque(roots)
        while todo:
            pair = todo.popleft()
            if pair in self.nodes:
                continue
            node = self.nodes[pair] = self._node(pair)
            todo.extend(step.pair for step in node.steps)
            todo.extend(step.pair for choice in node.choices for step in choice.steps)
        self._settle()

    def _node(self, pair: Pair) -> Node:
        node = Node()
        if not pair.kind and self.sides.unchanged.same(pair.base, pair.revision):
            return node
        base, revision = self.sides.base.shape(pair.base), self.sides.revision.shape(pair.revision)
        gap = revision.gap or base.gap or (TOO_LARGE if len(self.nodes) > MAX_PAIRS else "")
        if gap:
            if not self.sides.unchanged.alike.same(pair.base, pair.revision):
                change = Change("not-compared", Sense.CROSSED, gap)
                node.changes.append(change.between(base.pointer, revision.pointer))
            return node
        differ = base.unusable ^ revision.unusable
        if differ and not pair.kind:
            gone, come = differ & base.unusable, differ & revision.unusable
            sense = Sense.CROSSED if gone and come else Sense.WIDER if gone else Sense.NARROWER
            sense = Sense.CROSSED if sense.escapes(self.sides.direction) else Sense.SAME
            change = Change("not-compared", sense, "; ".join(sorted(differ)))
            node.changes.append(change.between(base.pointer, revision.pointer))
        if pair.kind:
            self._alts(
                node, pair.kind, base.kinds[pair.kind][pair.first], revision.kinds[pair.kind][pair.second]
            )
            return node
        node.changes += (*compare_kinds(self.sides, base, revision), *compare_notes(base, revision))
        for kind, mine in base.kinds.items():
            other = revision.kinds.get(kind)
            if other is None:
                continue
            if len(mine) == len(other) == 1:
                self._alts(node, kind, mine[0], other[0])
            else:
                self._choose(node, pair, kind, mine, other)
        return node

    def _alts(self, node: Node, kind: str, base: Alt, revision: Alt) -> None:
        for found in compare_alts(self.sides, kind, base, revision):
            if isinstance(found, Change):
                node.changes.append(found)
            else:
                node.steps.append(self._step(kind, base, revision, found))

    def _step(self, kind: str, base: Alt, revision: Alt, edge: Edge) -> Step:
        first, second = self.sides.base.aim(edge.base), self.sides.revision.aim(edge.revision)
        return Step(kind, base, revision, edge.token, Pair(first, second))

    def _choose(
        self, node: Node, pair: Pair, kind: str, mine: tuple[Alt, ...], other: tuple[Alt, ...]
    ) -> None:
        """Let every alternative of the sender look for one of the receiver; name those nobody looks for."""
        answers = self.sides.direction is Direction.RESPONSE
        senders, receivers = (other, mine) if answers else (mine, other)
        for index, alt in enumerate(senders):
            found = candidates(self.sides, kind, index, senders, receivers)
            places = [(one.position, index) if answers else (index, one.position) for one in found]
            steps = tuple(
                Step(kind, mine[i], other[j], None, Pair(pair.base, pair.revision, kind, i, j))
                for i, j in places
            )
            change = _alternative(kind, alt, answers, escapes=True)
            node.choices.append(Choice(alt, steps, tuple(one.score for one in found), change))
        if len(receivers) > 1 and receivers[0].exclusive and not senders[0].exclusive:
            node.remarks.append(
                Change("overlap", Sense.CROSSED, trait=kind).between(mine[0].origin, other[0].origin)
            )
        node.receivers[kind] = [_alternative(kind, alt, answers, escapes=False) for alt in receivers]

    def _settle(self) -> None:
        """Find which pairs keep the receiver safe, and which say the same in every word."""
        self.parents = self._parents()
        unsafe = self._spread(pair for pair, node in self.nodes.items() if self._escapes(node))
        other = self._spread(pair for pair, node in self.nodes.items() if node.changes or _uneven(node))
        for pair, node in self.nodes.items():
            node.holds, node.same = pair not in unsafe, pair not in other

    def _escapes(self, node: Node) -> bool:
        direction = self.sides.direction
        return any(not c.steps for c in node.choices) or any(
            change.sense.escapes(direction) and change.kind != "known-value" for change in node.changes
        )

    def _parents(self) -> dict[Pair, list[tuple[Pair, int]]]:
        """Invert the graph; a parent comes with the position of its choice, or -1 for an edge."""
        parents: dict[Pair, list[tuple[Pair, int]]] = {}
        for pair, node in self.nodes.items():
            for step in node.steps:
                parents.setdefault(step.pair, []).append((pair, -1))
            for index, choice in enumerate(node.choices):
                for step in choice.steps:
                    parents.setdefault(step.pair, []).append((pair, index))
        return parents

    def _spread(self, first: Iterable[Pair]) -> set[Pair]:
        """Spread failure backwards: over every edge, over a choice when its last candidate has failed."""
        todo = deque(first)
        failed = set(todo)
        alive = {
            (pair, i): len(c.steps) for pair, node in self.nodes.items() for i, c in enumerate(node.choices)
        }
        while todo:
            for parent, index in self.parents.get(todo.popleft(), ()):
                if index >= 0:
                    alive[parent, index] -= 1
                if parent not in failed and (index < 0 or not alive[parent, index]):
                    failed.add(parent)
                    todo.append(parent)
        return failed

    def ways(self, pair: Pair) -> Iterator[Step | Change]:
        """Yield where to look next from a pair: edges, the best candidate of each choice, or its change."""
        node = self.nodes[pair]
        yield from node.changes
        yield from node.remarks
        yield from node.steps
        for kind, unmet in node.receivers.items():
            yield from self._partners([one for one in node.choices if one.change.trait == kind], unmet)

    def _partners(self, choices: list[Choice], unmet: list[Change]) -> Iterator[Step | Change]:
        """Give each sender one receiver; a sender is new and a receiver gone where none is left for it."""
        taken: set[int] = set()
        loose: list[Choice] = []
        for choice in choices:
            covered = [step for step in choice.steps if self.nodes[step.pair].holds]
            covered.sort(key=lambda step: (not self.nodes[step.pair].same, self._receiver(step) in taken))
            if covered:
                taken.add(self._receiver(covered[0]))
                yield covered[0]
            else:
                loose.append(choice)
        for choice in sorted(loose, key=lambda one: -max(one.scores, default=0)):
            alike = (s for s, score in zip(choice.steps, choice.scores, strict=True) if score > ALIKE)
            step = next((one for one in alike if self._receiver(one) not in taken), None)
            if step:
                taken.add(self._receiver(step))
            yield step or choice.change
        yield from (change for index, change in enumerate(unmet) if index not in taken)

    def _receiver(self, step: Step) -> int:
        return step.pair.first if self.sides.direction is Direction.RESPONSE else step.pair.second


def _uneven(node: Node) -> bool:
    return sum(map(len, node.receivers.values())) != len(node.choices)


def _alternative(kind: str, alt: Alt, answers: bool, *, escapes: bool) -> Change:
    """Name an alternative that only one side has; the sender's is new in a response, gone in a request."""
    gained = answers == escapes
    sense = Sense.WIDER if gained else Sense.NARROWER
    where = ("", alt.origin) if gained else (alt.origin, "")
    return Change("alternative", sense, name=alt.label or kind, trait=kind).between(*where)
