"""Fields that a page lists together, and which of them are members of the ones before.

Brackets and indents tell how deep a field stands. A page that is copied out of a browser tells where an
object's members begin, and seldom where they end: each field then belongs to one of the objects that are
still open. The example says to which: a member of that name is there. Where neither the text nor the example
tells, the field is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages.facets import Field, made, read_facets
from contracts.vendoring.pages.samples import Sample
from contracts.vendoring.pages.shapes import kinds_of

# What APIs call the member that holds all of an answer: an object inside it is seldom beside it.
_ENVELOPES: Final = {"data", "result", "results", "response", "payload", "content", "items", "body", "item"}
_STYLE: Final = 2  # members that show whether those of an object are described
_NEAR: Final = 20  # fields below one that no example shows, of which one tells by its place
_MANY: Final = 2  # objects in a row whose members can all be hidden; with more of them they are


@dataclass(slots=True)
class Listing:
    """Fields listed together: the title above, a table's head, whether only loose prose, first line.

    `many` says that they are those of each item of a list; `ordered` that their names are not dotted yet, and
    only their order and depth tell what holds them; `exact` that dotted names lead from the whole body.
    """

    fields: list[Field] = field(default_factory=list)
    title: str = ""
    head: str = ""
    weak: bool = False
    line: int = 0
    many: bool = False
    ordered: bool = False
    exact: bool = False


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
    for one in found:
        while open_ and open_[-1][0] >= one.depth:
            open_.pop()
        parent = open_[-1][1] if open_ else ""
        if parent and not _below(parent, one.name):
            one.name = f"{parent}.{one.name}"
        open_.append((one.depth, one.name))
    return found


def _below(parent: str, name: str) -> bool:
    """Whether a dotted name stands below another one already, as `events[].at` does below `events`."""
    bare = (re.sub(r"\[[^\[\]]*\]", "", one) for one in (name, f"{parent}."))
    return next(bare).startswith(next(bare))


@dataclass(slots=True, eq=False)
class _Level:
    """An open object: the names that lead to it, the depth its members stand at, what is known of them."""

    path: tuple[str, ...]
    depth: int
    shown: frozenset[str] | None = None  # None: no example shows a member of it
    names: set[str] = field(default_factory=set)
    lost: bool = False
    many: bool = False
    told: list[bool] = field(default_factory=list)  # whether each of its members has a description
    doubtful: bool = False  # whether it is open at all is not told
    room: int = 0  # how many members it has, where the page counts them

    def takes(self, one: Field) -> bool:
        """Whether a field can be one more member of it."""
        return one.name not in self.names and not 0 < self.room <= len(self.names)


def settled(listing: Listing, bodies: Sequence[Sample], name: str) -> tuple[Listing, list[str]]:
    """Give the listing with dotted names, and what is to be told of page `name`: fields of unknown level."""
    if not listing.ordered or not listing.fields:
        return listing, []
    reader = _Levels(_unwrapped(listing.fields), [body.value for body in bodies])
    kept = list(reader.named())
    exact = any("." in one.name for one in kept) or bool(reader.lost)
    notices = [
        f"{name}:{one.line}: nothing tells which object holds {one.name}: {done}"
        for found, done in ((reader.lost, "it was left out"), (reader.guessed, "this is a guess"))
        for one in found
    ]
    return replace(listing, fields=kept, ordered=False, exact=exact), notices


def _unwrapped(found: list[Field]) -> list[Field]:
    """Leave out the name of an item below its list, which opens the list: `files`, then `files` `object`."""
    kept: list[Field] = []
    for one in found:
        if kept and _wraps(kept[-1], one):
            kept[-1].opens = True
        else:
            kept.append(one)
    return kept


def _wraps(before: Field, one: Field) -> bool:
    items = before.schema.get("items")
    listed = isinstance(items, dict) and items.get("type") == "object"
    names = {before.name, before.name.removesuffix("s"), "items", "item", "object"}
    return listed and one.schema == {"type": "object"} and one.name in names


class _Levels:
    """Follows the fields of a listing; `lost` are those whose level nothing tells, `guessed` likely ones."""

    def __init__(self, fields: list[Field], bodies: list[Json]) -> None:
        self.fields, self.bodies = fields, bodies
        self.base = self._start()
        self.stack = [_Level((), fields[0].depth, self._keys(()))]
        self.flat = len({one.depth for one in fields}) == 1
        self.hidden = self._hidden()
        self.lost: list[Field] = []
        self.guessed: list[Field] = []
        self.trail: list[tuple[int, tuple[str, ...], bool]] = []  # depth, names, lost: of the fields before

    def named(self) -> Iterator[Field]:
        """Yield the fields with the names of the objects that hold them before their own."""
        for at, one in enumerate(self.fields):
            level = self._chosen(at, one, self._open(at, one))
            if level.lost:
                self.lost.append(one)
            else:
                del self.stack[self.stack.index(level) + 1 :]
            level.names.add(one.name)
            level.told.append(bool(one.prose))
            parent = ".".join(level.path)
            name = one.name if not parent or _below(parent, one.name) else f"{parent}.{one.name}"
            self.trail.append((one.depth, tuple(name.split(".")), level.lost))
            self._enter(at, one)
            if not level.lost:
                yield replace(one, name=name)

    def _start(self) -> tuple[str, ...]:
        """Tell which object of the example the listing is of: the outermost that has its first names."""
        names = [one.name for one in self.fields[:2]]
        for count in (2, 1):
            for path, keys in _objects(self.bodies):
                if keys.issuperset(names[:count]):
                    return path
        return ()

    def _keys(self, path: tuple[str, ...]) -> frozenset[str] | None:
        """Give the members that the examples show of an object; None when they show none."""
        values = self.bodies
        for name in (*self.base, *path):
            values = [v[name] for v in _flat(values) if isinstance(v, dict) and name in v]
        keys = frozenset(key for v in _flat(values) if isinstance(v, dict) for key in v)
        return keys or None

    def _open(self, at: int, one: Field) -> list[_Level]:
        """Close and open what brackets and indents tell; gives the objects that can hold a field."""
        while len(self.stack) > 1 and self.stack[-1].depth > one.depth:
            self.stack.pop()
        top = self.stack[-1]
        if one.depth > top.depth and at:
            _, path, lost = next((x for x in reversed(self.trail) if x[0] < one.depth), (0, (), False))
            self.stack.append(_Level(path, one.depth, self._keys(path), lost=lost))
        elif one.depth < top.depth:
            top.depth = one.depth
        return [level for level in self.stack if level.depth == one.depth]

    def _chosen(self, at: int, one: Field, open_: list[_Level]) -> _Level:
        """Choose the object that holds a field; a lost one where nothing tells."""
        if self.stack[-1].doubtful and _holds(one):
            open_.remove(self.stack.pop())
        fresh = [level for level in open_ if level.takes(one)] or open_[-1:]
        shown = [level for level in fresh if level.shown and one.name in level.shown]
        if shown or len(fresh) == 1:
            return (shown or fresh)[-1]
        lost = _Level((), one.depth, lost=True)
        top = open_[-1]
        if top.room and len(fresh) > 1:
            top = fresh[-1]
        if top is not fresh[-1]:  # it has a member of this name already: it has ended
            self.stack.append(lost)
            return lost
        if top.shown is None:
            if not top.names or all(level.shown is not None for level in fresh[:-1]):
                return top
            return _styled(one, fresh) or (self._beside(one, fresh) or lost if _holds(one) else top)
        return self._between(at, fresh) or lost

    def _beside(self, one: Field, fresh: list[_Level]) -> _Level | None:
        """Give the object for an object that follows the members of another one, or None.

        In what wraps the whole answer it is a further member; else it stands beside an object at the root.
        """
        top = fresh[-1]
        if len(top.path) > 1 or top.many or top.lost:
            return None
        self.guessed.append(one)
        return top if top.path[0].lower() in _ENVELOPES else fresh[-2]

    def _between(self, at: int, fresh: list[_Level]) -> _Level | None:
        """Give the object whose members stand before and after a field that no example shows."""
        known = frozenset[str]().union(*(level.shown or () for level in fresh))
        following = next((f.name for f in self.fields[at + 1 : at + _NEAR] if f.name in known), "")
        last = self.fields[at - 1].name
        return next(
            (x for x in reversed(fresh) if x.shown and following in x.shown and last in x.names), None
        )

    def _enter(self, at: int, one: Field) -> None:
        """Open the object that a field is, when its members can follow on the same depth."""
        following = self.fields[at + 1] if at + 1 < len(self.fields) else None
        if following is None or following.depth != one.depth or not _holds(one):
            return
        _, path, lost = self.trail[-1]
        keys = None if lost else self._keys(path)
        shown = keys is not None and following.name in keys
        if shown or lost or (one.opens and self.flat and not self.hidden):
            many = "array" in kinds_of(one.schema)
            self.stack.append(_Level(path, one.depth, keys, lost=lost, many=many, room=one.members))
        elif one.may_open and keys is None and not (self.stack[-1].shown or self.hidden or _holds(following)):
            self.stack.append(_Level(path, one.depth, lost=bool(self.bodies), doubtful=bool(self.bodies)))

    def _hidden(self) -> bool:
        """Whether a page shows no members of its objects: three of them and more follow each other."""
        run = 0
        for one in self.fields:
            run = run + 1 if _holds(one) else 0
            if run > _MANY:
                return True
        return False


def _styled(one: Field, fresh: list[_Level]) -> _Level | None:
    """Give the object whose members are all described as a field is, where those of the last one are not."""
    said = bool(one.prose)
    if len(fresh[-1].told) < _STYLE or said in fresh[-1].told:
        return None
    alike = [x for x in fresh[:-1] if len(x.told) >= _STYLE and not {not said} & {*x.told[:_STYLE]}]
    return alike[-1] if len(alike) == 1 else None


def _holds(one: Field) -> bool:
    kinds = kinds_of(one.schema) | kinds_of(one.schema.get("items"))
    return "object" in kinds or one.schema == {"type": "array"}


def _flat(values: list[Json]) -> Iterator[Json]:
    """Yield the values, and the items in place of lists."""
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield value


def _objects(values: list[Json]) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Yield the objects of examples with the names that lead to them, the outer ones first."""
    level: list[tuple[tuple[str, ...], Json]] = [((), value) for value in _flat(values)]
    for _ in range(12):
        following: list[tuple[tuple[str, ...], Json]] = []
        for path, value in level:
            if isinstance(value, dict):
                yield path, frozenset(value)
                following += [((*path, key), v) for key, inner in value.items() for v in _flat([inner])]
        level = following[:2000]
