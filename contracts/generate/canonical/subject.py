"""What is generated for: a schema inside a document, cut down to what the schema can reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from contracts.errors import GenerationError
from contracts.model import Json, Pointer
from contracts.spec import NAMED, references_in
from contracts.text import safe_text

_OWN: Final = "x-contracts-subject"


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A document and the RFC 6901 pointer of the schema in it."""

    document: Json
    pointer: str = ""


def subject_of(schema: Json, root: Json = None, pointer: str = "") -> Subject:
    """Join a schema with its document; only what the schema reaches is kept.

    Without `root` the schema is its own document. With `root`, `pointer` names the schema in it; with an
    empty pointer `schema` itself is meant, and its `#/…` references resolve in `root`.
    """
    if root is None:
        return Subject(schema)
    if pointer:
        return Subject(_pruned(root, pointer), pointer)
    if isinstance(schema, bool):
        return Subject(schema)
    return Subject(_pruned({**root, _OWN: schema}, f"/{_OWN}"), f"/{_OWN}")


def _pruned(root: Json, pointer: str) -> Json:
    """Copy the schema and everything it refers to; a document with `$id` in it is left whole."""
    todo, kept, copy = [pointer], dict[str, Json](), dict[str, Json]()
    while todo:
        place = todo.pop()
        if place in kept or any(place.startswith(f"{other}/") for other in kept):
            continue
        try:
            node = Pointer.parse(place).resolve(root)
        except (KeyError, IndexError, TypeError, ValueError):
            raise GenerationError(f"the reference '#{safe_text(place, 80)}' points nowhere") from None
        kept[place] = node
        for word, target in references_in(node, named=place.rpartition("/")[2] in NAMED):
            if word != "$ref" or not target.startswith("#/"):
                return root
            todo.append(unquote(target[1:]))
    for place in sorted(kept):
        _put(copy, Pointer.parse(place), kept[place])
    return copy


def _put(copy: dict[str, Json], at: Pointer, value: Json) -> None:
    """Place a value under its pointer; list positions become keys, which a pointer reads all the same."""
    node: Json = copy
    for token in at[:-1]:
        if not isinstance(node, dict):
            return
        node = node.setdefault(str(token), {})
    if isinstance(node, dict):
        node.setdefault(str(at[-1]), value)
