"""Fields that a page lists together, and which of them are members of the ones before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.vendoring.pages.facets import Field, made, read_facets
from contracts.vendoring.pages.samples import Sample
from contracts.vendoring.pages.shapes import kinds_of


@dataclass(slots=True)
class Listing:
    """Fields listed together: the title above, a table's head, whether only loose prose, first line.

    `many` says that they are those of each item of a list.
    """

    fields: list[Field] = field(default_factory=list)
    title: str = ""
    head: str = ""
    weak: bool = False
    line: int = 0
    many: bool = False


def noted(bodies: Sequence[Sample]) -> Listing:
    """Read the comments behind the members of bodies as fields: `"size": 3 // integer, in bytes`."""
    found = Listing(weak=True)
    for body in bodies:
        for pointer, text in body.notes.items():
            name = ".".join(part for part in pointer.split("/")[1:] if not part.isdigit())
            found.fields.append(
                made(name, read_facets(text, prose=True), text, body.places.get(pointer, body.line))
            )
    return found


def nested(found: list[Field]) -> list[Field]:
    """Put the fields that stand deeper below the one before: its name and a dot go before theirs."""
    open_: list[tuple[int, str]] = []
    found = _opened(found)
    for one in found:
        while open_ and open_[-1][0] >= one.depth:
            open_.pop()
        own = one.name
        parent = open_[-1][1] if open_ else ""
        if parent and not own.startswith(parent + "."):
            one.name = f"{parent}.{own}"
        open_.append((one.depth, one.name))
    return found


def _opened(found: list[Field]) -> list[Field]:
    """Put fields that stand on one level below the list of objects that opens before them.

    A list opens when its type says so, or when its own name follows again as that of an object.
    """
    if len({one.depth for one in found}) != 1 or _collapsed(found):
        return found
    kept: list[Field] = []
    depth = 0
    for index, one in enumerate(found):
        before = kept[-1] if kept else None
        if before is not None and index and _wraps(before, one):
            before.opens, depth = True, depth + 1
            continue
        one.depth, one.flat = one.depth + depth, depth > 0
        depth += one.opens and index + 1 < len(found) and not _wraps(one, found[index + 1])
        kept.append(one)
    return kept


def _collapsed(found: list[Field]) -> bool:
    """Whether a page shows no members of its objects: three of them and more follow each other."""
    run = 0
    for one in found:
        kinds = kinds_of(one.schema) | kinds_of(one.schema.get("items"))
        run = run + 1 if "object" in kinds else 0
        if run > 2:
            return True
    return False


def _wraps(before: Field, one: Field) -> bool:
    items = before.schema.get("items")
    listed = isinstance(items, dict) and items.get("type") == "object"
    names = {before.name, before.name.removesuffix("s"), "items", "item", "object"}
    return listed and one.schema == {"type": "object"} and one.name in names
