"""What a comparison of schemas gives: edges to sub-schemas, and the two sides it stands between."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Sides:
    """What a comparison needs to know: both documents, who sends, and whether values travel as text."""

    unchanged: Unchanged
    direction: Direction
    text: bool = False

    @property
    def base(self) -> Schemas:
        """The schemas before."""
        return self.unchanged.base

    @property
    def revision(self) -> Schemas:
        """The schemas now."""
        return self.unchanged.revision

    def hidden(self, schemas: Schemas, place: SchemaPlace) -> bool:
        """Whether a property is not sent in this direction (readOnly in requests, writeOnly in responses)."""
        word = "writeOnly" if self.direction is Direction.RESPONSE else "readOnly"
        return word in schemas.words and schemas.shape(place).notes.get(word) is True
