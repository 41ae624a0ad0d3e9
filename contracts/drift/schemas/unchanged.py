"""Which schemas of two documents are written alike, references followed: there nothing can differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from contracts.drift.schemas.shape import AWAY, PROSE, SchemaPlace, Schemas
from contracts.model import Json, Pointer
from contracts.spec import NAMED, references_in
from contracts.text import plural, safe_text


class Unchanged:
    """Compares two documents as they are written; with `bare`, but for titles, descriptions and examples."""

    def __init__(self, base: Schemas, revision: Schemas, *, bare: bool = False) -> None:
        self.base, self.revision, self.bare = base, revision, bare
        self._said: dict[str, set[str]] = {}

    def same(self, base: SchemaPlace, revision: SchemaPlace) -> bool:
        """Whether two places hold the same text, down to everything that their references lead to."""
        return len(base) == len(revision) and all(map(self._alike, base, revision))

    def _alike(self, base: str, revision: str) -> bool:
        old = self.base.raw(base)
        if not self._equal(old, self.revision.raw(revision)):
            return False
        said = self._said.get(base)
        if said is None:
            said = self._said[base] = references([old])
        return self.changed.isdisjoint(said)

    def _equal(self, old: Json, new: Json) -> bool:
        """Compare by text too: Python takes 1, 1.0 and true for equal."""
        if not self.bare:
            return bool(old == new) and repr(old) == repr(new)
        texts = {json.dumps(without_prose(one), sort_keys=True, default=str) for one in (old, new)}
        return len(texts) == 1

    @cached_property
    def alike(self) -> Unchanged:
        """The same comparison, but for prose."""
        return Unchanged(self.base, self.revision, bare=True)

    @cached_property
    def changed(self) -> frozenset[str]:
        """What `$ref`s say of which the target, or something that it leads to, is written otherwise."""
        users: dict[str, list[str]] = {}
        todo: list[str] = []
        for ref in {*references(self.base.document), *references(self.revision.document)}:
            old, new = self.base.local(ref), self.revision.local(ref)
            if self.base.lost.get(old) == self.revision.lost.get(new) is not None:
                continue  # neither document holds it
            target = self.base.raw(old)
            if not self._equal(target, self.revision.raw(new)):
                todo.append(ref)
            for inner in references([target]):
                users.setdefault(inner, []).append(ref)
        found = set(todo)
        while todo:
            fresh = set(users.get(todo.pop(), ())) - found
            found |= fresh
            todo += fresh
        return frozenset(found)


def not_followed(base: Json, revision: Json) -> str:
    """Say which references of both documents were not followed: what they lead to was not compared."""
    old, new = _lost(base), _lost(revision)
    reasons = [why for ref, why in old.items() if new.get(ref) == why]
    away = reasons.count(AWAY)
    other, were = ("another file", "was") if away == 1 else ("other files", "were")
    said = [f"{plural(away, 'reference')} to {other} {were} not followed"] * bool(away)
    nowhere = len(reasons) - away
    said += [f"{plural(nowhere, 'reference')} {'leads' if nowhere == 1 else 'lead'} nowhere"] * bool(nowhere)
    return ", ".join(said)


def beside(base: Json, revision: Json, *, found: bool) -> str:
    """Say what of two documents a comparison says nothing of: references, and words that nothing compares.

    The words are looked for where nothing was `found`, since only then are two documents told to be alike.
    """
    apart = not_followed(base, revision)
    places = [] if found else list(islice(_otherwise(base, revision, Pointer()), _MANY))
    if places:
        many = f"{_MANY:,} or more" if len(places) == _MANY else str(len(places))
        count = f"{many} places are" if len(places) > 1 else "1 place is"
        first = f"{'first ' * (len(places) > 1)}{safe_text(str(places[0]), 120)}"
        written = f"{count} {OTHERWISE}: {first}"
        apart = f"{apart}, {written}" if apart else written
    return apart


OTHERWISE: Final = "written otherwise"
_MANY: Final = 1000


def _otherwise(base: Json, revision: Json, at: Pointer) -> Iterator[Pointer]:
    """Yield where two JSON values differ; the order of names, and of words in a list, is no difference."""
    if isinstance(base, dict) and isinstance(revision, dict):
        for key in sorted(base.keys() | revision.keys()):
            if key not in base or key not in revision:
                yield at / key
            elif base[key] != revision[key]:
                yield from _otherwise(base[key], revision[key], at / key)
    elif isinstance(base, list) and isinstance(revision, list) and len(base) == len(revision):
        if sorted(map(repr, base)) != sorted(map(repr, revision)):
            for index, (one, other) in enumerate(zip(base, revision, strict=True)):
                yield from _otherwise(one, other, at / index)
    elif base != revision:
        yield at


def _lost(document: Json) -> dict[str, str]:
    schemas = Schemas(document)
    for at in {schemas.local(text) for word, text in references_in(document) if word == "$ref"}:
        schemas.raw(at)
    return schemas.lost


def references(value: Json) -> set[str]:
    """Give what the references below a value say."""
    found: set[str] = set()
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if "$ref" in node or "$dynamicRef" in node:
                found.update(ref for ref in map(node.get, _REFERENCES) if isinstance(ref, str))
            node = node.values()
        stack += [item for item in node if type(item) in _CONTAINERS]
    return found


_REFERENCES: Final = ("$ref", "$dynamicRef")
_CONTAINERS: Final = frozenset((dict, list))


def without_prose(value: Json, *, names: bool = False) -> Json:
    """Copy a schema without what only people read; `names` says that the keys of this object are names."""
    if isinstance(value, list):
        return [without_prose(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: without_prose(item, names=not names and key in NAMED)
        for key, item in value.items()
        if names or key not in PROSE
    }
