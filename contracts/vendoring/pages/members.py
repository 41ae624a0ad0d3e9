"""One schema of what a page lists and what its examples show: fields give type and presence.

Examples fill the gaps. Where a field and an example contradict each other, the field wins, and a notice
names both lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import partial
from typing import Final

from contracts.model import Json, Pointer
from contracts.text import safe_text
from contracts.vendoring.pages.facets import Field, says_null
from contracts.vendoring.pages.infer import Settings, inferred, kind_of, names_types, schema_in
from contracts.vendoring.pages.joined import Joiner, Line, dotted, misfits
from contracts.vendoring.pages.listing import Listing, noted, settled
from contracts.vendoring.pages.reading import PROVENANCE, guess
from contracts.vendoring.pages.samples import Sample
from contracts.vendoring.pages.shapes import kinds_of
from contracts.vendoring.pages.typewords import LOOSE

_ROOT_ITEM: Final = re.compile(r"\$?\.?\[")
_INDEX: Final = re.compile(r"\.?\[[^\[\]]*\]")
_MAX_NEST: Final = 12
MAX_PLACES: Final = 20


class Members:
    """Joins the listings and the bodies of one place of a page (a body, or the answer of one status).

    `whole` is a page's own schema of the whole body; `line` gives the line that lists a dotted name in it.
    `shown` are the page's other examples, which tell how deep fields stand where this place has none. A
    `stated` page lists every type, format and presence itself; its examples only fill what it left out. A
    `marked` one marks what it requires, so that an example does not tell it.
    """

    def __init__(
        self,
        name: str,
        bodies: Sequence[Sample],
        listings: Sequence[Listing] = (),
        whole: dict[str, Json] | None = None,
        *,
        line: Line = lambda _: 0,
        stated: bool = False,
        shown: Sequence[Sample] = (),
        marked: bool = False,
    ) -> None:
        self.marked = marked
        one_kind = _of_one_kind(bodies)
        left, bodies = [b for b in bodies if b not in one_kind], one_kind
        self.name, self.bodies, self.whole, self.line = name, bodies, whole, line
        self.joiner = Joiner(name, stated=stated)
        self.notices = self.joiner.notices
        self.notices += [
            f"{name}:{b.line}: the example is no JSON; it was read loosely" for b in bodies if b.loose
        ]
        self.notices += [
            f"{name}:{b.line}: this is of another type than line {bodies[0].line}, and was not used"
            for b in left
        ]
        self.listings = [self._settled(one, shown) for one in listings]
        printed = [(s, b.line) for b in bodies if not stated and (s := schema_in(b.value)) is not None]
        self.printed = [schema for (schema, _), _ in printed]
        self.notices += [
            f"{name}:{line}: {safe_text(ref, 80)} names nothing in this block or what holds it: all fits"
            for (_, left), line in printed[:1]
            for ref in dict.fromkeys(left)
        ]
        self.used: set[int] = set()
        self.optional: dict[int, list[int]] = {}  # where members of an object have a badge that says optional
        self.named: dict[str, list[tuple[dict[str, Json], str]]] = {}
        self.told: dict[int, tuple[dict[str, Json], dict[str, bool | None]]] = {}

    def _settled(self, listing: Listing, shown: Sequence[Sample]) -> Listing:
        """Give a listing with dotted names, and tell of the fields whose level nothing tells."""
        bodies = self.bodies or [one for one in shown if _shows(one, listing)]
        kept, notices = settled(listing, bodies, self.name)
        self.notices += notices
        return kept

    def schema(self) -> dict[str, Json] | None:
        """Write the schema; None when the page lists and shows nothing for this place."""
        strong = [one for one in self.listings if not one.weak]
        if self.printed:
            return self.printed[0]
        if not (self.bodies or strong or self.whole):
            return None
        root = self._shown(strong)
        if self.whole:
            self.joiner.join(self.whole, root, "", self.line)
        for listing in (*strong, *(one for one in self.listings if one.weak), noted(self.bodies)):
            self._list(root, listing)
        for owner, said in self.told.values():
            _require(owner, said, self.optional.get(id(owner), []))
        told = misfits(self.name, root, self._values(), partial(self._listed_at, root))
        self.notices += dict.fromkeys(told)
        return root

    @property
    def examples(self) -> tuple[Json, ...]:
        """The bodies that are whole examples: no sketches of types, no schemas, nothing read loosely."""
        return tuple(one.value for one in self._values() if not one.loose)

    def _values(self) -> list[Sample]:
        angled = not self.joiner.stated
        return [b for b in self.bodies if not (self.printed or names_types(b.value, angled=angled))]

    def _listed_at(self, root: dict[str, Json], pointer: Pointer) -> int:
        """Give the line that lists the value at a place of an example, or else what holds it."""
        node, line = root, self.line(dotted(pointer))
        for token in pointer:
            within = node.get("items") if isinstance(token, int) else node.get("properties", {}).get(token)
            if not isinstance(within, dict):
                break
            node, line = within, self.joiner.lines.get(id(within), line)
        return line

    def _shown(self, strong: list[Listing]) -> dict[str, Json]:
        """Infer the whole body from the examples; without any, it is what the first listing is of."""
        if not self.bodies:
            many = strong and (strong[0].many or all(_ROOT_ITEM.match(f.name) for f in strong[0].fields))
            listed = {"type": "array", "items": {"type": "object"}} if many else {}
            return {} if self.whole else listed or {"type": "object"}
        words = any(names_types(b.value) for b in self.bodies)
        badges = any(one.required for listing in strong for one in listing.fields)
        unmarked = all(one.typed and one.required is None for one in strong[0].fields) if strong else False
        badges = badges or (self.marked and unmarked)
        return inferred(
            self.bodies, Settings(required=not (badges or words or self.joiner.stated), words=words)
        )

    def _list(self, root: dict[str, Json], listing: Listing) -> None:
        if self.joiner.stated and (base := _inside(root)) is not None:
            base.pop(PROVENANCE, None)  # its fields are listed, so that it is an object is no guess
            self._describe(base, {}, listing)
            return
        bases, told_so = self._bases(root, listing)
        root = {} if listing.exact else root
        for base in bases:
            self._describe(base, base if told_so else root, listing)

    def _describe(self, base: dict[str, Json], root: dict[str, Json], listing: Listing) -> None:
        """Put the fields of a listing into the object that it describes."""
        dotted = {_segments(one.name)[-1] for one in listing.fields if "." in one.name.strip(".")}
        for one in listing.fields:
            place = self._place(base, {} if one.name in dotted else root, one, weak=listing.weak)
            if place is None:
                continue
            owner, name = place
            self.used.add(one.line)
            said = self.told.setdefault(id(owner), (owner, {}))[1]
            rest = name[0] in "{<"  # stands for any other member, also for those that examples show
            if rest:
                listed = {n: s for n, s in owner.pop("properties", {}).items() if n in said}
                owner.update({"properties": listed} if listed else {})
            members = owner if rest else owner.setdefault("properties", {})
            shown = members.setdefault("additionalProperties" if rest else name, {})
            self.joiner.join(_said(one, shown), shown, one.name, partial(_line, one))
            for child in one.children:
                inside = _inside(shown)
                if inside is not None:
                    inside.setdefault("properties", {}).setdefault(child, {})
            if one.required is False and not (one.conditional or listing.head):
                self.optional.setdefault(id(owner), []).append(one.line)
            said[name] = one.required if said.get(name) is None else said[name]
            if one.of:
                self._remember(one.of, owner, name)

    def _remember(self, of: str, owner: dict[str, Json], name: str) -> None:
        """Remember a member of a named type, each once; a type that holds itself would never end."""
        places = self.named.setdefault(of, [])
        if len(places) < MAX_PLACES and not any(o is owner and n == name for o, n in places):
            places.append((owner, name))

    # -- where a listing belongs

    def _bases(self, root: dict[str, Json], listing: Listing) -> tuple[list[dict[str, Json]], bool]:
        """Find the object that a listing describes: the one that has most of its names, else by its title.

        Where the title names the type of members, all of these, and True: its fields stand nowhere else.
        """
        owners = {one.name.partition(".")[0] for one in listing.fields if "." in one.name}
        owned = len(owners) == 1 and owners <= set(root.get("properties", {}))
        for of, members in self.named.items() if not owned else ():
            named = rf"(?<![\w]){re.escape(of)}(?![\w])"
            lower = re.match(rf"{named} objects?\b", listing.title, re.IGNORECASE)
            if lower or re.search(named, listing.title):
                found = [_inside(owner["properties"][name]) for owner, name in members]
                return [one for one in found if one is not None] or [root], True
        names: dict[str, set[tuple[str, ...]]] = {}
        for first, *rest in (_segments(one.name) or [""] for one in listing.fields):
            names.setdefault(first, set()).add((first, *rest))
        places = list(_objects(root))
        scored = [
            (_reached(schema, names), -len(path), -i, schema) for i, (path, schema) in enumerate(places)
        ]
        best = max(scored, key=lambda s: s[:3], default=None)
        titled = next((schema for path, schema in places if path and _titled(listing.title, path[-1])), None)
        if titled is not None and re.match(r"(?:the )?\w+ objects?\b", listing.title, re.IGNORECASE):
            return [titled], True
        if titled is not None and (best is None or best[0] == 0 or best[3] is titled):
            return [titled], False
        if best is not None and best[0]:
            return [best[3]], False
        return [schema for _, schema in places[:1]], False

    def _place(
        self, base: dict[str, Json], root: dict[str, Json], one: Field, *, weak: bool
    ) -> tuple[dict[str, Json], str] | None:
        """Find the object that holds a field, made on the way when it is not there yet."""
        path = [one.name] if one.name in base.get("properties", {}) else _segments(one.name)
        if not path:
            return None
        path[0] = _spelled(path[0], base)
        if len(path) == 1 and path[0] not in base.get("properties", {}):
            owners = [o for _, o in _objects(root) if path[0] in o.get("properties", {})]
            if len(owners) == 1:
                return owners[0], path[0]
        starts = (
            [base]
            if path[0] in base.get("properties", {}) or len(path) == 1
            else [o for o in (base, *(o for _, o in _objects(root))) if path[0] in o.get("properties", {})][
                :1
            ]
            or [base]
        )
        here = starts[0]
        indexed = _indexed(one.name)
        for name in path[:-1]:
            if name not in here.get("properties", {}):
                if weak:
                    return None
                here.setdefault("properties", {})[name] = {} if name in indexed else {"type": "object"}
            if name in indexed and not kinds_of(here["properties"][name]):
                here["properties"][name] |= {"type": "array", "items": {"type": "object"}}
            inside = _inside(here["properties"][name])
            if inside is None:
                return None
            here = inside
        if path[-1] not in here.get("properties", {}) and weak:
            return None
        return here, path[-1]


def _spelled(name: str, owner: dict[str, Json]) -> str:
    """Give a name as the examples spell it, where only capitals differ."""
    shown = owner.get("properties", {})
    same = [] if name in shown else [n for n in shown if n.casefold() == name.casefold()]
    return same[0] if len(same) == 1 else name


def _shows(sample: Sample, listing: Listing) -> bool:
    """Whether an example of another place shows most of the fields of a listing."""
    names = {one.name for one in listing.fields}
    keys = {place.rpartition("/")[2] for place in sample.places}
    return len(names & keys) * 3 > len(names) * 2


def _of_one_kind(bodies: Sequence[Sample]) -> list[Sample]:
    """Give the bodies that are of one type, objects or lists: that of the first that is read as it stands."""
    first = next((b for b in bodies if not b.loose), next(iter(bodies), None))
    return [b for b in bodies if first is not None and kind_of(b.value) == kind_of(first.value)]


def _line(one: Field, _: str) -> int:
    return one.line


def _said(one: Field, shown: dict[str, Json]) -> dict[str, Json]:
    """Give what a field's own lines say, apart, since a field may describe members of several objects.

    Words like timestamp say no JSON type for sure: where the example shows another, that is the type.
    """
    if one.of in LOOSE and kinds_of(shown) - kinds_of(one.schema) - {"null"}:
        null = {"anyOf": [{}, {"type": "null"}]} if one.null else {}
        return {"description": one.prose, **null} if one.prose else null
    said = deepcopy(one.schema) or ({"anyOf": [{}, {"type": "null"}]} if says_null(one.prose) else {})
    return {"description": one.prose, **said} if one.prose else said


def _segments(name: str) -> list[str]:
    """Cut a dotted name: `data[].id`, `$.items[*].state` and `meta.*.x` give names of members only."""
    parts = _INDEX.sub("", name.strip("`")).split(".")
    found = [p for p in parts if p and p not in {"$", "*"}]
    return found[:_MAX_NEST]


def _indexed(name: str) -> set[str]:
    """Tell which members of a dotted name are lists: an index in brackets stands behind them."""
    return set(re.findall(r"([^.\[\]]+)\.?\[[^\[\]]*\]", name))


def _reached(schema: Json, names: Mapping[str, set[tuple[str, ...]]]) -> int:
    """Count the members, by their full names below the first, that a schema knows."""
    while isinstance(schema, dict) and "items" in schema:
        schema = schema["items"]
    known = schema.get("properties", {}) if isinstance(schema, dict) else {}
    return sum(_reaches(schema, name) for first in known.keys() & names.keys() for name in names[first])


def _reaches(schema: Json, path: tuple[str, ...]) -> bool:
    """Whether a schema knows a member by its full name, through the items of lists."""
    for name in path:
        while isinstance(schema, dict) and "items" in schema:
            schema = schema["items"]
        if not isinstance(schema, dict) or name not in schema.get("properties", {}):
            return False
        schema = schema["properties"][name]
    return True


def _inside(schema: Json) -> dict[str, Json] | None:
    """Give the object that members of a field belong to: itself or its items; None for a plain value."""
    for _ in range(6):
        if not isinstance(schema, dict):
            return None
        types = kinds_of(schema)
        holders = [b for b in schema.get("anyOf", []) if {"object", "array"} & kinds_of(b)]
        if holders:
            schema = holders[0] if len(holders) == 1 else None
        elif "array" in types:
            schema = schema.setdefault("items", {"type": "object"})
            if not kinds_of(schema):
                schema["type"] = "object"
        elif types - {"null"}:
            return schema if "object" in types else None
        else:
            schema.pop("anyOf", None)
            schema["type"] = ["object", "null"] if "null" in types else "object"
            return schema
    return None


def _objects(root: dict[str, Json]) -> Iterator[tuple[tuple[str, ...], dict[str, Json]]]:
    """Yield all objects of a schema with their paths, the shallow ones first."""
    level: list[tuple[tuple[str, ...], Json]] = [((), root)]
    for _ in range(_MAX_NEST):
        following: list[tuple[tuple[str, ...], Json]] = []
        for path, schema in level:
            if not isinstance(schema, dict):
                continue
            if "object" in kinds_of(schema):
                yield path, schema
            following += [((*path, name), child) for name, child in schema.get("properties", {}).items()]
            if isinstance(schema.get("items"), dict):
                following.append((path or ("",), schema["items"]))
        level = following


def _titled(title: str, name: str) -> bool:
    """Whether a heading names a member: "The hop object", "Hop", "hops[]"."""
    words = {
        re.sub(r"(?<=\w)s$", "", w)
        for w in re.findall(
            r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", title).lower().replace("_", " ")
        )
    }
    mine = [
        re.sub(r"(?<=\w)s$", "", w)
        for w in re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("_", " "))
    ]
    return bool(mine) and set(mine) <= words


def _require(owner: dict[str, Json], said: dict[str, bool | None], optional: list[int]) -> None:
    """Write what must be there: as listed where the list says so of any, else as the examples show.

    Where two badges and more, on the lines `optional`, only say what is optional, all else is required.
    """
    stated = {name: r for name, r in said.items() if r is not None}
    if not stated:
        return
    shown = owner.get("required", [])
    badges = any(stated.values())
    if implied := len(optional) > 1 and not badges:
        stated = dict.fromkeys(said, True) | stated
    keep = [n for n in owner.get("properties", {}) if stated.get(n, n in shown and not badges)]
    owner.pop("required", None)
    if keep:
        owner["required"] = keep
    marks = {k: v for k, v in owner.get(PROVENANCE, {}).items() if k != "required"}
    if PROVENANCE in owner:
        owner.pop(PROVENANCE)
        owner.update({PROVENANCE: marks} if marks else {})
    if implied and keep:
        guess(owner, optional[0], "required")
