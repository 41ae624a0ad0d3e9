"""From operations to differences: each pair met once, by the shortest way, with every operation behind it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from contracts.drift.change import Change
from contracts.drift.documents.met import ReachedChange
from contracts.drift.documents.spots import Root
from contracts.drift.documents.transitions import claim
from contracts.drift.schemas import Graph, Pair, Step


class Reach:
    """What can be reached from some roots in a grown graph."""

    def __init__(self, graph: Graph, roots: list[Root]) -> None:
        self.graph, self.roots = graph, roots
        self.came: dict[Pair, tuple[Pair | None, Step | int]] = {}
        self.children: dict[Pair, list[Pair]] = {}
        self.changes: dict[Pair, list[Change]] = {}

    def met(self) -> Iterator[ReachedChange]:
        """Yield every change once, in the order of the roots, nearest first."""
        self._search()
        masks = self._masks()
        behind: dict[int, tuple[int, ...]] = {}
        for pair, changes in self.changes.items():
            first, steps = self._trail(pair)
            mask = masks[pair]
            if mask not in behind:
                behind[mask] = tuple(i for i, bit in enumerate(f"{mask:b}"[::-1]) if bit == "1")
            for change in changes:
                yield ReachedChange(self.roots[first], steps, change, behind[mask], pair)

    def _search(self) -> None:
        todo: deque[Pair] = deque()
        for index, root in enumerate(self.roots):
            if root.pair not in self.came:
                self.came[root.pair] = (None, index)
                todo.append(root.pair)
        while todo:
            pair = todo.popleft()
            changes: list[Change] = []
            below = self.children[pair] = []
            for way in self.graph.ways(pair):
                if isinstance(way, Change):
                    changes.append(way)
                    continue
                below.append(way.pair)
                if way.pair not in self.came:
                    self.came[way.pair] = (pair, way)
                    todo.append(way.pair)
            if changes:
                self.changes[pair] = claim(changes, self.graph.sides)

    def _trail(self, pair: Pair) -> tuple[int, tuple[Step, ...]]:
        steps: list[Step] = []
        while True:
            parent, step = self.came[pair]
            if parent is None or isinstance(step, int):
                return step if isinstance(step, int) else 0, tuple(reversed(steps))
            steps.append(step)
            pair = parent

    def _masks(self) -> dict[Pair, int]:
        """Spread the roots (one bit each) down the edges until nothing changes."""
        masks = dict.fromkeys(self.children, 0)
        for index, root in enumerate(self.roots):
            masks[root.pair] |= 1 << index
        if not self.changes:
            return masks
        order = self._order()
        changed = True
        while changed:
            changed = False
            for pair in order:
                mask = masks[pair]
                for child in self.children[pair]:
                    if mask | masks[child] != masks[child]:
                        masks[child] |= mask
                        changed = True
        return masks

    def _order(self) -> list[Pair]:
        """Parents before children as far as cycles allow: depth first, last finished first."""
        done: list[Pair] = []
        seen: set[Pair] = set()
        for root in self.roots:
            stack: list[tuple[Pair, Iterator[Pair]]] = []
            if root.pair not in seen:
                seen.add(root.pair)
                stack.append((root.pair, iter(self.children[root.pair])))
            while stack:
                pair, children = stack[-1]
                child = next((c for c in children if c not in seen), None)
                if child is None:
                    done.append(pair)
                    stack.pop()
                else:
                    seen.add(child)
                    stack.append((child, iter(self.children[child])))
        return done[::-1]
