"""A change that was reached from an operation, with the way to it."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.drift.change import Change
from contracts.drift.documents.spots import Root
from contracts.drift.schemas import Pair, Step


@dataclass(frozen=True, slots=True, eq=False)
class ReachedChange:
    """A change below a root: the steps that lead to it, and the positions of all roots that reach it."""

    root: Root
    steps: tuple[Step, ...]
    change: Change
    roots: tuple[int, ...]
    pair: Pair

    @property
    def tokens(self) -> tuple[str, ...]:
        """Where in the value the change is."""
        down = tuple(step.token for step in self.steps if step.token is not None)
        return (*self.root.spot.tokens, *down, *self.change.tokens)
