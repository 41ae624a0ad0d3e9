"""Which JSON types two schemas admit, and null apart from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contracts.drift.change import Change, Direction, Sense
from contracts.drift.schemas.alternatives import KINDS
from contracts.drift.schemas.edges import Sides
from contracts.drift.schemas.shape import NormalSchema, Schemas

_SCALARS: Final = frozenset(("number", "boolean", "null"))
_ANY: Final = frozenset(KINDS) - {"null"}


def compare_kinds(sides: Sides, base: NormalSchema, revision: NormalSchema) -> Iterator[Change]:
    """Yield what the two schemas say differently of the value's JSON type."""
    old, new = set(base.kinds), set(revision.kinds)
    if old == new:
        return
    where = (base.pointer, revision.pointer)
    if sides.text and sides.direction is Direction.REQUEST:  # nobody can write null in a URL or a form
        old, new = old - {"null"}, new - {"null"}
    others = old - {"null"}, new - {"null"}
    anything = others[0] != others[1] and len(KINDS) in {len(old), len(new)}
    if "null" in old ^ new and all(others) and not anything:
        yield Change("null", Sense.WIDER if "null" in new else Sense.NARROWER).between(*where)
        old, new = old - {"null"}, new - {"null"}
    gone, come = old - new, new - old
    if sides.text:
        gone -= _read_as_text(sides.revision, revision, old)
        come -= _read_as_text(sides.base, base, new)
    if gone or come:
        sense = Sense.CROSSED if gone and come else Sense.WIDER if come else Sense.NARROWER
        trait = "text" if sides.text else ""
        yield Change("type", sense, words(base), words(revision), trait=trait).between(*where)


def _read_as_text(schemas: Schemas, shape: NormalSchema, other: set[str]) -> set[str]:
    """Name the types whose values, written as text, this schema takes too; all if the other says none."""
    taken: set[str] = set()
    if any(not alt.facts for alt in shape.kinds.get("string", ())):
        taken |= other if other >= _ANY else _SCALARS
    for alt in shape.kinds.get("array", ()):
        if not alt.facts.get("minItems", 0) > 1:
            items = schemas.shape(alt.facts.get("items", ()))
            taken |= set(items.kinds) | (
                _read_as_text(schemas, items, set()) if "array" not in items.kinds else set()
            )
    return taken


def words(shape: NormalSchema) -> list[str]:
    """Name the JSON types of a schema as its author would; empty when nothing is admitted."""
    if len(shape.kinds) == len(KINDS) and not _whole(shape):
        return ["anything"]
    return [
        "integer" if kind == "number" and _whole(shape) else kind for kind in KINDS if kind in shape.kinds
    ]


def _whole(shape: NormalSchema) -> bool:
    return all(
        alt.facts.get("integer") or _integers(alt.facts.get("enum")) for alt in shape.kinds.get("number", ())
    )


def _integers(values: dict[str, object] | None) -> bool:
    return values is not None and all(isinstance(value, int) for value in values.values())
