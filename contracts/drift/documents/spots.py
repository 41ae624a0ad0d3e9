"""Where in an API a difference is, and the traits of things that bind nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.drift.change import Change, Direction, Sense
from contracts.drift.documents.api import Element
from contracts.drift.schemas import Pair
from contracts.model import Json


@dataclass(frozen=True, slots=True)
class Location:
    """Where in an API something is: operation, status, part of the message, place in it, who sends."""

    operation: str = ""
    status: str = ""
    part: str = ""
    tokens: tuple[str, ...] = ()
    direction: Direction = Direction.ENDPOINT
    media: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """A change with its spot."""

    spot: Location
    change: Change


@dataclass(frozen=True, slots=True)
class Root:
    """Two schemas that stand at the same spot; `text` when values travel as text there."""

    spot: Location
    pair: Pair
    text: bool = False


Found = Iterator[Located | Root]


TRAITS = (
    "deprecated",
    "x-sunset",
    "x-stability-level",
    "operationId",
    "tags",
    "summary",
    "description",
    "externalDocs",
)


def traits(old: Element, new: Element, names: tuple[str, ...] = TRAITS) -> Iterator[Change]:
    """Compare what is said of a thing and binds nobody: lifecycle, names, prose."""
    for name in names:
        before, after = old.raw.get(name), new.raw.get(name)
        if name == "deprecated":
            before, after = before is True, after is True
        if before != after and not (name == "tags" and _tags(before) == _tags(after)):
            due = str(new.raw.get("x-sunset") or "") if name == "deprecated" else ""
            trait = "deprecated" if new.raw.get("deprecated") is True else ""
            yield Change(name, Sense.SAME, before, after, due, (), old.pointer, new.pointer, trait)


def _tags(value: Json) -> list[str]:
    return sorted(map(str, value)) if isinstance(value, list) else [str(value)] if value else []
