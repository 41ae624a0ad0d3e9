"""What a comparison of schemas hands on: edges to sub-schemas, and the two sides it stands between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from contracts.drift.change import Direction
from contracts.drift.schemas.shape import SchemaPlace, Schemas
from contracts.drift.schemas.unchanged import Unchanged

ANY: Final[SchemaPlace] = ()


class Edge(NamedTuple):
    """Two sub-schemas to be compared, `token` below the value at hand; None for the value itself."""

    token: str | None
    base: SchemaPlace
    revision: SchemaPlace


@dataclass(frozen=True)
class Sides:
    """What a comparison needs to know: both documents, who sends, and whether values travel as text."""

    base: Schemas
    revision: Schemas
    direction: Direction
    text: bool = False

    @cached_property
    def unchanged(self) -> Unchanged:
        """What is written alike in both documents."""
        return Unchanged(self.base, self.revision)

    @cached_property
    def alike(self) -> Unchanged:
        """What is written alike but for prose."""
        return Unchanged(self.base, self.revision, bare=True)

    def hidden(self, schemas: Schemas, place: SchemaPlace) -> bool:
        """Whether a property is not sent in this direction (readOnly in requests, writeOnly in responses)."""
        word = "writeOnly" if self.direction is Direction.RESPONSE else "readOnly"
        return schemas.shape(place).notes.get(word) is True
