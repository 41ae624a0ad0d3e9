"""One schema as the values it admits: per JSON type a few alternatives, each a set of facts.

Everything that is only spelling disappears here: `$ref`, `allOf`, single-branch unions, the spellings of
null, `const` against a one-value enum, the order of enums, keys and required lists. A place is a tuple of
pointers into one document whose schemas hold together; `()` admits everything, `NEVER` nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from contracts.drift.schemas.alternatives import FREE, KINDS, Alt, Facts, distinct, product, settled
from contracts.drift.schemas.facts import local_facts
from contracts.model import Json, Pointer
from contracts.spec import DECIDING_MAPS, unusable

SchemaPlace = tuple[str, ...]
NEVER: Final[SchemaPlace] = ("!",)
MAX_ALTERNATIVES: Final = 1024
MAX_NESTING: Final = 60
AWAY: Final = "stands in another document"
TOO_DEEP: Final = f"its unions are nested more than {MAX_NESTING} deep"
TOO_MANY: Final = f"its unions allow more than {MAX_ALTERNATIVES} combinations"


@dataclass(frozen=True, slots=True, eq=False)
class NormalSchema:
    """A normalised schema; a JSON type that is missing from `kinds` is not admitted."""

    place: SchemaPlace
    kinds: Mapping[str, tuple[Alt, ...]]
    notes: Mapping[str, Json] = field(default_factory=dict)
    gap: str = ""
    """Why it could not be read; empty when it was."""
    unusable: frozenset[str] = frozenset()
    """What is wrong with single keywords, which are left out."""

    @property
    def pointer(self) -> str:
        """Where the schema stands; the first of several that hold together."""
        return self.place[0] if self.place else ""


NOTES: Final = frozenset(
    (
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "examples",
        "externalDocs",
        "discriminator",
        "x-sunset",
        "x-stability-level",
        "x-extensible-enum",
    )
)
PROSE: Final = frozenset(("title", "description", "summary", "example", "examples", "externalDocs"))
_UNIONS: Final = ("anyOf", "oneOf")
_PLACES: Final = frozenset(("items", "additional", "propertyNames", "contentSchema"))
_SCOPED: Final = frozenset(("unevaluatedProperties", "unevaluatedItems"))


class Schemas:
    """The schemas of one OpenAPI 3.1 document, normalised on demand and once."""

    def __init__(self, document: Json, words: frozenset[str] | None = None) -> None:
        self.document = document
        if words is not None:
            self.words = words
        self.lost: dict[str, str] = {}
        self._raws: dict[str, Json] = {NEVER[0]: False, "": document}
        self._shapes: dict[SchemaPlace, NormalSchema] = {
            (): NormalSchema((), FREE),
            NEVER: NormalSchema(NEVER, {}),
        }
        self._signatures: dict[tuple[SchemaPlace, int], str] = {}
        self._open: set[SchemaPlace] = set()
        self.deep: Callable[[SchemaPlace], str] = lambda _: ""
        """What to add to the name of a schema too deep to be written out: set where two are compared."""

    def raw(self, pointer: str) -> Json:
        """Give what stands at a pointer, or True (anything) with a note in `lost` where nothing stands."""
        found = self._look(pointer)
        if found is _MISSING:
            self.lost.setdefault(pointer, "points nowhere")
            return True
        return found

    def _look(self, pointer: str) -> Json:
        found = self._raws.get(pointer, _UNSEEN)
        if found is _UNSEEN:
            above, _, token = pointer.rpartition("/")
            holder: Any = self._look(above) if pointer[:1] == "/" else _MISSING
            if isinstance(holder, dict):
                found = holder.get(token.replace("~1", "/").replace("~0", "~"), _MISSING)
            else:
                item = isinstance(holder, list) and token.isdecimal() and int(token) < len(holder)
                found = holder[int(token)] if item else _MISSING
            self._raws[pointer] = found
        return found

    def target(self, pointer: str, beside: frozenset[str] = PROSE) -> str:
        """Follow `$ref`s that stand alone, or only beside prose, to the schema that is meant."""
        seen = {pointer}
        while True:
            raw = self.raw(pointer)
            if (
                not isinstance(raw, dict)
                or not isinstance(raw.get("$ref"), str)
                or raw.keys() - beside > {"$ref"}
            ):
                return pointer
            ahead = self.local(raw["$ref"])
            if self._absent(ahead):
                return pointer
            pointer = ahead
            if pointer in seen:
                self.lost.setdefault(pointer, "refers to itself")
                return pointer
            seen.add(pointer)

    def aim(self, place: SchemaPlace) -> SchemaPlace:
        """Give the place that is meant, so that equal components are compared once."""
        return (self.target(place[0], frozenset()),) if len(place) == 1 else place

    def local(self, ref: str) -> str:
        """Give the pointer of a `$ref`; what stands in another document is never fetched, and noted."""
        if ref.startswith("#/") or ref == "#":
            return _unquote(ref[1:])
        if ref in self._named:
            return self._named[ref]
        self.lost.setdefault(ref, AWAY if ref[:1] != "#" else "points nowhere")
        return ref

    @cached_property
    def words(self) -> frozenset[str]:
        """Which of readOnly and writeOnly the document says at all."""
        found, stack = set[str](), [self.document]
        while stack:
            node = stack.pop()
            if isinstance(node, dict):
                found |= node.keys() & _DIRECTED
                node = node.values()
            stack += [item for item in node if isinstance(item, dict | list)]
        return frozenset(found)

    @cached_property
    def _named(self) -> dict[str, str]:
        """Find what `$anchor` and `$id` name: reference -> pointer."""
        found: dict[str, str] = {}
        stack: list[tuple[str, Json]] = [("", self.document)]
        while stack:
            at, value = stack.pop()
            items = (
                enumerate(value)
                if isinstance(value, list)
                else value.items()
                if isinstance(value, dict)
                else ()
            )
            stack += [(at + str(Pointer((str(key),))), item) for key, item in items]
            if isinstance(value, dict):
                for key, mark in (("$anchor", "#"), ("$dynamicAnchor", "#"), ("$id", "")):
                    if isinstance(value.get(key), str):
                        found[mark + value[key]] = at
        return found

    def shape(self, place: SchemaPlace) -> NormalSchema:
        """Normalise the schemas at a place; memoised."""
        known = self._shapes.get(place)
        if known is not None:
            return known
        if place in self._open:
            return NormalSchema(place, FREE, gap="it refers to itself")
        if len(self._open) > MAX_NESTING:
            return NormalSchema(place, FREE, gap=TOO_DEEP)
        self._open.add(place)
        try:
            shape = self._fold(place)
        finally:
            self._open.discard(place)
        self._shapes[place] = shape
        return shape

    def signature(self, place: SchemaPlace, depth: int = 8) -> str:
        """Write what the schemas at a place allow, so that equal meaning gives equal text.

        Below `depth` levels a schema stands for itself by its pointer's last part.
        """
        if not depth:
            return "…" + place[0].rpartition("/")[2] + self.deep(place) if place else "…"
        known = self._signatures.get((place, depth))
        if known is None:
            kinds = self.shape(place).kinds
            parts = {
                kind: sorted(self._written(alt.facts, depth - 1) for alt in kinds[kind])
                for kind in sorted(kinds)
            }
            known = self._signatures[place, depth] = json.dumps(parts)
        return known

    def _written(self, facts: Facts, depth: int) -> str:
        return json.dumps({key: self._plain(key, facts[key], depth) for key in sorted(facts)}, default=str)

    def _plain(self, key: str, value: Any, depth: int) -> Json:
        """Write one fact without pointers: schemas by what they allow, conditions by their words."""
        if key in _PLACES:
            return self.signature(value, depth)
        if key in DECIDING_MAPS:
            return {name: self.signature(value[name], depth) for name in sorted(value)}
        if key == "prefixItems":
            return [self.signature(one, depth) for one in value]
        if key == "contains":
            return [self.signature(value[0], depth), *value[1:]]
        if key in {"not", "if"}:
            return sorted(json.dumps(_opened(self, self.raw(p), 8), sort_keys=True) for p in value)
        if key == "dependentRequired":
            return {name: sorted(value[name]) for name in sorted(value)}
        return sorted(value, key=str) if isinstance(value, frozenset | dict) else value

    def _fold(self, place: SchemaPlace) -> NormalSchema:
        parts = list(self._parts(place))
        said = [_said(raw) for _, raw in parts]
        kinds: Mapping[str, tuple[Alt, ...]] = FREE
        unions: list[tuple[str, ...]] = []
        members = (f"{at}/allOf/{index}" for at, raw in parts for index, _ in _members(raw))
        gaps = (*map(self._absent, (*place, *members)), *(self._gap(raw) for _, raw in parts))
        gap = next(filter(None, gaps), "")
        for pointer, raw in parts:
            if raw is _NOTHING:
                return NormalSchema(place, {}, _agreed(said))
            kinds = product(kinds, local_facts(raw, pointer, KINDS, Alt))
            unions += [
                tuple(f"{pointer}/{key}/{index}" for index in range(len(raw[key])))
                for key in _UNIONS
                if isinstance(raw.get(key), list) and raw[key]
            ]
            unions += [(f"{pointer}/allOf/{index}",) for index, member in _members(raw) if _scoped(member)]
        for branches in self._different(sorted(unions, key=len)):
            union = self._union(branches)
            gap = gap or next(filter(None, (self.shape((self.target(b),)).gap for b in branches)), "")
            if any(len(kinds.get(kind, ())) * len(alts) > MAX_ALTERNATIVES for kind, alts in union.items()):
                gap = gap or TOO_MANY
                break
            kinds = product(kinds, union)
            said.append(self._lone(branches))
        whole = {kind: tuple(map(settled, distinct(alts))) for kind, alts in kinds.items()}
        wrong = frozenset(text for _, raw in parts for text in unusable(raw))
        return NormalSchema(place, whole, _agreed(said), gap, wrong)

    def _absent(self, pointer: str) -> str:
        """Say why there is no schema at a pointer; "" where there is one."""
        if not isinstance(self.raw(pointer), dict | bool):
            self.lost.setdefault(pointer, "is no schema")
        return f"{pointer} {self.lost[pointer]}" if pointer in self.lost else ""

    def _gap(self, raw: Mapping[str, Json]) -> str:
        """Say what of one schema object cannot be read."""
        if "$dynamicRef" in raw or "$recursiveRef" in raw:
            return "it uses a reference that depends on where it is read from"
        return self._absent(self.local(raw["$ref"])) if isinstance(raw.get("$ref"), str) else ""

    def _different(self, unions: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Leave out a union that says what one before it said: together they allow no less and no more."""
        if len(unions) < 2:
            return unions
        said = {
            tuple(sorted(self.signature((branch,)) for branch in branches)): branches
            for branches in reversed(unions)
        }
        return sorted(said.values(), key=len)

    def _union(self, branches: tuple[str, ...]) -> dict[str, tuple[Alt, ...]]:
        kinds: dict[str, tuple[Alt, ...]] = {}
        lone = len(branches) > 1 and branches[0].split("/")[-2] == "oneOf"
        for branch in branches:
            target = self.target(branch)
            name = _component(target)
            label = name or _title(self.raw(target))
            for kind, alts in self.shape((target,)).kinds.items():
                named = tuple(
                    Alt(
                        alt.facts,
                        alt.origin or target,
                        alt.label or label,
                        alt.component or name,
                        alt.exclusive or lone,
                    )
                    for alt in alts
                )
                kinds[kind] = kinds.get(kind, ()) + named
        return kinds

    def _lone(self, branches: tuple[str, ...]) -> dict[str, Json]:
        """Give the notes of a union that is only a wrapping: one branch, beside null at most."""
        if len(branches) > 2:
            return {}
        shapes = [self.shape((branch,)) for branch in branches]
        real = [shape for shape in shapes if shape.kinds.keys() != {"null"}]
        return dict(real[0].notes) if len(real) == 1 else {}

    def _parts(self, place: SchemaPlace) -> Iterator[tuple[str, dict[str, Json]]]:
        """Yield the schema objects that hold together, `$ref` and `allOf` opened, each once."""
        stack, seen = list(reversed(place)), set[str]()
        while stack:
            pointer = stack.pop()
            if pointer in seen:
                continue
            seen.add(pointer)
            raw = self.raw(pointer)
            if raw is False:
                yield pointer, _NOTHING
            if not isinstance(raw, dict):
                continue
            yield pointer, raw
            stack += [
                f"{pointer}/allOf/{index}" for index, member in reversed(_members(raw)) if not _scoped(member)
            ]
            if isinstance(raw.get("$ref"), str):
                stack.append(self.local(raw["$ref"]))


def _opened(schemas: Schemas, raw: Json, depth: int) -> Json:
    """Copy a schema for comparison as a whole: references opened, annotations and order left out."""
    if isinstance(raw, list):
        items = [_opened(schemas, item, depth) for item in raw]
        return sorted(items, key=str) if all(isinstance(item, str) for item in items) else items
    if not isinstance(raw, dict):
        return raw
    if isinstance(raw.get("$ref"), str):
        return _opened(schemas, schemas.raw(schemas.local(raw["$ref"])), depth - 1) if depth else raw["$ref"]
    return {key: _opened(schemas, value, depth) for key, value in raw.items() if key not in NOTES}


def _said(raw: Mapping[str, Json]) -> dict[str, Json]:
    """Give what a schema remarks; OpenAPI's `example` is the one example that it gives."""
    examples = {"examples": [raw["example"]]} if "example" in raw else {}
    return examples | {key: raw[key] for key in raw.keys() & NOTES}


def _agreed(said: list[dict[str, Json]]) -> dict[str, Json]:
    """Join what schemas that hold together remark, whatever their order: a flag by any, words by all."""
    notes: dict[str, Json] = {}
    for key in sorted({key for some in said for key in some}):
        ordered = [some[key] for some in said if key in some]
        if len(ordered) > 1:
            values = {json.dumps(value, sort_keys=True, default=str): value for value in ordered}
            ordered = [values[text] for text in sorted(values)]
        if key in {"deprecated", "readOnly", "writeOnly"}:
            notes[key] = any(value is True for value in ordered)
        else:
            notes[key] = ordered[0] if key in _ONE or len(ordered) == 1 else ordered
    return notes


_ONE: Final = frozenset(("default", "discriminator", "x-sunset", "x-stability-level", "x-extensible-enum"))
_DIRECTED: Final = frozenset(("readOnly", "writeOnly"))
_UNSEEN: Final = object()
_MISSING: Final = object()
_NOTHING: Final[dict[str, Json]] = {}


def _members(raw: Mapping[str, Json]) -> list[tuple[int, Json]]:
    members = raw.get("allOf")
    return list(enumerate(members)) if isinstance(members, list) else []


def _scoped(member: Json) -> bool:
    return isinstance(member, dict) and not _SCOPED.isdisjoint(member)


def _component(pointer: str) -> str:
    own = pointer.startswith("/components/schemas/") and pointer.count("/") == 3
    return pointer.rpartition("/")[2] if own else ""


def _title(raw: Json) -> str:
    title = raw.get("title") if isinstance(raw, dict) else None
    return title if isinstance(title, str) else ""


def _unquote(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)
