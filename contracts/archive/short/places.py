"""The schema of a body as a tree of places: which schemas speak of each, and where lists may be empty.

The tree is `exact` where only the JSON types of values decide which schemas apply. What it says then is what
the walk of the long way finds, whatever the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from contracts.model import Json, Pointer
from contracts.schema import is_open
from contracts.spec import Spec, look

_OPAQUE: Final = frozenset(
    {
        "if", "dependentSchemas", "dependentRequired", "prefixItems", "patternProperties", "propertyNames",
        "not", "contains", "unevaluatedItems", "unevaluatedProperties", "discriminator", "$dynamicRef",
    }
)  # fmt: skip
"""Keywords under which more than types decides, or whose faults speak of other keywords too."""
_SCALAR: Final = frozenset({"string", "number", "integer", "boolean", "null"})


class Node:
    """What the schemas at one place say of lists and keys; `item` is the place of the items of a list."""

    __slots__ = ("deep", "item", "keys", "lists", "place")

    def __init__(self, place: str) -> None:
        self.place = place
        self.keys: dict[str, Node] = {}
        self.item: Node | None = None
        self.lists = self.deep = False


class SchemaTree:
    """The places of a body that a schema of a spec describes.

    `where` maps the place of a schema in the spec to the places of the body that it speaks of, each with
    whether it always applies there; `branches` are the places of schemas that are alternatives.
    """

    def __init__(self, spec: Spec, schema: Pointer) -> None:
        self._spec, self.exact = spec, True
        self.where: dict[str, list[tuple[str, bool]]] = {}
        self.branches: set[str] = set()
        self.root = self._node((schema,), "", frozenset(), sure=True)

    def empty_lists(self, value: Json) -> dict[str, int]:
        """Count the empty lists whose items are described, by place."""
        found: dict[str, int] = {}
        _empty(self.root, value, found)
        return found

    def _node(
        self, starts: tuple[Pointer, ...], place: str, above: frozenset[Pointer], *, sure: bool
    ) -> Node:
        here, found = Node(place), dict[Pointer, tuple[dict[str, Any], bool]]()
        for start in starts:
            for at, node, always in self._in_place(start, frozenset(), sure=sure):
                found[at] = (node, always and found.get(at, (node, True))[1])
        if above & found.keys():
            self.exact = False
            return here
        for at, (_, always) in found.items():
            self.where.setdefault(str(at), []).append((place, always))
        nodes = {at: node for at, (node, _) in found.items()}
        sure = sure and all(always for _, always in found.values())
        self._keys(here, nodes, place, above | found.keys(), sure=sure)
        self._items(here, nodes, place, above | found.keys(), sure=sure)
        here.deep = here.lists or bool(here.keys) or here.item is not None
        return here

    def _keys(
        self, here: Node, nodes: dict[Pointer, Any], place: str, above: frozenset[Pointer], *, sure: bool
    ) -> None:
        for name in {name for node in nodes.values() for name in node.get("properties") or ()}:
            self.exact = self.exact and name != "*"  # which is how positions are written
            below = tuple(
                at / "properties" / name for at in nodes if name in (nodes[at].get("properties") or ())
            )
            kid = self._node(below, place + str(Pointer((name,))), above, sure=sure)
            if kid.deep:
                here.keys[name] = kid
        rest = (node.get("additionalProperties") for node in nodes.values())
        if any(isinstance(one, dict) and not is_open(one) for one in rest):
            self.exact = False  # a map, whose keys share one place

    def _items(
        self, here: Node, nodes: dict[Pointer, Any], place: str, above: frozenset[Pointer], *, sure: bool
    ) -> None:
        below = tuple(at / "items" for at in nodes if "items" in nodes[at])
        here.lists = bool(below)
        if below:
            kid = self._node(below, f"{place}/*", above, sure=sure)
            here.item = kid if kid.deep else None

    def _in_place(
        self, at: Pointer, seen: frozenset[Pointer], *, sure: bool
    ) -> Iterator[tuple[Pointer, dict[str, Any], bool]]:
        """Yield the schemas that speak of the same value, each with whether it always does."""
        node = look(self._spec.document, at)
        if not isinstance(node, dict) or at in seen:
            return
        yield at, node, sure
        if _OPAQUE & node.keys():
            self.exact = False
        if isinstance(node.get("$ref"), str):
            yield from self._in_place(self._spec.target(node["$ref"]), seen | {at}, sure=sure)
        for n in range(len(node.get("allOf") or ())):
            yield from self._in_place(at / "allOf" / n, seen | {at}, sure=sure)
        for key in ("anyOf", "oneOf"):
            for n in range(len(node.get(key) or ())):
                apart = self._apart(at / key, len(node[key]))
                yield from self._in_place(at / key / n, seen | {at}, sure=sure and apart)

    def _apart(self, at: Pointer, count: int) -> bool:
        """Whether the type of a value alone says which branch of a union is meant."""
        resolved = [self._spec.resolve(at / n) for n in range(count)]
        types = [node.get("type") if isinstance(node, dict) else None for node, _ in resolved]
        self.branches |= {str(at / n) for n in range(count)} | {str(place) for _, place in resolved}
        if (
            sum(one not in _SCALAR for one in types if not isinstance(one, list))
            + sum(isinstance(one, list) for one in types)
            > 1
        ):
            self.exact = False
        plain = [one for one in types if isinstance(one, str)]
        return len(set(plain)) == count and not {"integer", "number"} <= set(plain)


def _empty(node: Node, value: Json, found: dict[str, int]) -> None:
    if type(value) is list:
        if not value:
            if node.lists:
                found[node.place] = found.get(node.place, 0) + 1
        elif node.item is not None:
            for item in value:
                _empty(node.item, item, found)
    elif type(value) is dict:
        for key, kid in node.keys.items():
            if key in value:
                _empty(kid, value[key], found)
