"""What a `$ref` means: JSON Pointers, `$anchor`, `$id` and `$dynamicAnchor` of one document, nothing fetched.

Sources: RFC 6901 section 6 (pointers in fragments), JSON Schema 2020-12 core sections 8.2 and 9, OpenAPI
3.1.1 section 4.6 (relative references in URIs of API descriptions).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote, urljoin

from contracts.model import Json, Pointer
from contracts.spec.keywords import DATA, NAMED
from contracts.text import show

PLAIN: Final = "/~!$&'()*+,;=:@-._"
"""Characters that stand in a fragment as they are."""


def fragment(pointer: Pointer | str) -> str:
    """Write a pointer as it stands behind `#` in a reference: RFC 3986 lets no blank nor brace in there."""
    return quote(str(pointer), safe=PLAIN)


def pointed(ref: str) -> Pointer:
    """Read the pointer of a reference that `fragment` wrote."""
    return Pointer.parse(unquote(ref[1:]))


def references_in(node: Json, *, named: bool = False) -> Iterator[tuple[str, str]]:
    """Yield (keyword, text) of every `$ref`, `$id`, `$anchor` and `$dynamicRef` in a part of a document.

    So are those that the `mapping` of a discriminator holds beside names of components.
    Nothing in an example, an enum or an `x-` extension is a reference. `named` says that the keys of the
    part itself are names of the vendor's.
    """
    for _, one in _objects(node, named=named):
        yield from ((word, one[word]) for word in _WORDS if isinstance(one.get(word), str))
        yield from (("mapping", ref) for ref in _mapped(one.get("discriminator")))


def _mapped(discriminator: Json) -> Iterator[str]:
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    for ref in mapping.values() if isinstance(mapping, dict) else ():
        if isinstance(ref, str) and "/" in ref:
            yield ref


def anchors_in(node: Json) -> dict[str, Pointer]:
    """Give the place of every `$anchor` in a file, by its name."""
    found = ((one.get("$anchor"), at) for at, one in _objects(node))
    return {name: Pointer(at) for name, at in found if isinstance(name, str)}


def ids_in(node: Json, base: str = "") -> dict[str, Pointer]:
    """Give the place of every schema of a file that calls itself by an address; `base` is the file's own."""
    found: dict[str, Pointer] = {}
    for at, one in _objects(node):
        for key in ("$self", "$id") if not at else ("$id",):
            said = one.get(key)
            if isinstance(said, str) and (name := joined(base, said).partition("#")[0]):
                found.setdefault(name, Pointer(at))
    return found


_WORDS = ("$ref", "$id", "$anchor", "$dynamicRef")


def _objects(node: Json, *, named: bool = False) -> Iterator[tuple[tuple[str | int, ...], dict[str, Json]]]:
    """Yield what may hold a reference, each with its place: no data, and no table of the vendor's names.

    A table that is a reference as a whole holds one.
    """
    todo: list[tuple[tuple[str | int, ...], Json, bool]] = [((), node, named)]
    while todo:
        at, one, named = todo.pop()
        if isinstance(one, list):
            todo += [((*at, k), item, False) for k, item in enumerate(one) if isinstance(item, dict | list)]
        elif isinstance(one, dict):
            if not named or isinstance(one.get("$ref"), str):
                yield at, one
            todo += [
                ((*at, key), item, not named and key in NAMED)
                for key, item in one.items()
                if isinstance(item, dict | list) and (named or not _is_data(key))
            ]


def _is_data(key: str) -> bool:
    return key in DATA or key.startswith("x-")


def step(node: Json, token: str | int) -> Json:
    """Give what stands under a token of a pointer; None where nothing does."""
    if isinstance(node, dict):
        return node.get(str(token))
    if isinstance(node, list) and str(token).isdecimal() and str(token).isascii() and int(token) < len(node):
        return node[int(token)]
    return None


def nearest(document: Json, pointer: Pointer) -> str:
    """Name the place that a pointer to a missing place may have meant: `; nearest is …`, or nothing."""
    import difflib

    node: Json = document
    for depth, token in enumerate(pointer):
        above, node = node, step(node, token)
        if node is None:
            keys = list(above) if isinstance(above, dict) else []
            near = difflib.get_close_matches(str(token), keys, n=1)
            return f"; nearest is {show(str(Pointer(pointer[:depth]) / near[0]))}" if near else ""
    return ""


class Scope(NamedTuple):
    """The schema resource that a reference stands in: its URI, and where the resource stands."""

    uri: str = ""
    root: Pointer = Pointer()


class Asked(NamedTuple):
    """A reference to be looked up: the schema that holds it, where that stands, keyword and scope."""

    at: Pointer
    schema: dict[str, Any]
    key: str
    scope: Scope


class Targets:
    """The names that the schemas of a document give themselves, and the references that ask for them."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._resources: dict[str, Pointer] = {}
        self._anchors: dict[tuple[str, str], Pointer] = {}
        self._dynamic: dict[str, list[Pointer]] = {}

    def enter(self, schema: dict[str, Any], at: Pointer, scope: Scope) -> Scope:
        """Note what a schema calls itself, and give the scope of what stands in it."""
        name = schema.get("$id")
        if isinstance(name, str) and name.startswith("#"):
            self._anchors[scope.uri, name[1:]] = at
        elif isinstance(name, str) and name:
            scope = Scope(joined(scope.uri, name.partition("#")[0]), at)
            self._resources[scope.uri] = at
        for key in ("$anchor", "$dynamicAnchor"):
            if isinstance(schema.get(key), str):
                self._anchors[scope.uri, schema[key]] = at
        if isinstance(schema.get("$dynamicAnchor"), str):
            self._dynamic.setdefault(schema["$dynamicAnchor"], []).append(at)
        return scope

    def find(self, ref: str, scope: Scope, *, dynamic: bool = False) -> tuple[Pointer, ...] | str:
        """Give the places that a reference may mean, the likeliest first, or why there is none."""
        base, _, name = ref.strip().partition("#")
        if base:
            uri = joined(scope.uri, base)
            if uri not in self._resources:
                return f"$ref {show(ref)} leaves the document; nothing is fetched"
            scope = Scope(uri, self._resources[uri])
        if dynamic and len(self._dynamic.get(name, ())) > 1:
            return f"which schema $dynamicRef {show(ref)} means depends on the way to it"
        if not name:
            return (
                (scope.root,)
                if scope.root
                else f"$ref {show(ref)} names the whole document, which is no schema"
            )
        if name.startswith("/"):
            return tuple(dict.fromkeys(_pointers(name, scope.root)))
        found = self._anchors.get((scope.uri, unquote(name)))
        return (found,) if found is not None else f"$ref {show(ref)} points nowhere: no $anchor has that name"


def _pointers(name: str, root: Pointer) -> Iterator[Pointer]:
    """Give a pointer below its resource; many documents count from the document in spite of `$id`."""
    for start in (root, Pointer()):
        for text in (unquote(name), name):
            yield Pointer((*start, *Pointer.parse(text)))


def joined(base: str, name: str) -> str:
    """Give an address as it is read from a base; `name` itself where the two make none."""
    try:
        return urljoin(base, name) if base else name
    except ValueError:
        return name
