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
    """What the schemas at one place say of lists and keys.

    `keys` and `item` lead to places where lists may be empty, `open` and `opens` to those where an object may
    have keys that the spec does not mention: there `says` is the place in the spec that they are missing in.
    """

    __slots__ = ("deep", "item", "keys", "lists", "names", "open", "opens", "place", "says")

    def __init__(self, place: str) -> None:
        self.place, self.says = place, ""
        self.keys: dict[str, Node] = {}
        self.open: dict[str, Node] = {}
        self.item: Node | None = None
        self.opens: Node | None = None
        self.names: frozenset[str] = frozenset()
        self.lists = self.deep = False


class SchemaTree:
    """The places of a body that a schema of a spec describes.

    `whole` says that the tree finds all keys too that the spec does not mention. `where` maps the place of a
    schema in the spec to the places of the body that it speaks of, each with whether it always applies there;
    `branches` are the places of schemas that are alternatives.
    """

    def __init__(self, spec: Spec, schema: Pointer) -> None:
        self._spec, self.exact = spec, True
        self._hides = False
        self.where: dict[str, list[tuple[str, bool]]] = {}
        self.branches: set[str] = set()
        self.root = self._node((schema,), "", frozenset(), sure=True)

    @property
    def whole(self) -> bool:
        """Whether `undescribed` finds all that the long way finds besides what the schema refuses."""
        return self.exact and not self._hides

    def undescribed(self, value: Json) -> dict[tuple[str, str], int]:
        """Count the keys that open objects do not name, by the place in the spec and in the body."""
        found: dict[tuple[str, str], int] = {}
        _undescribed(self.root, value, found)
        return found

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
        declares = [at for at, node in nodes.items() if node.get("properties")]
        settled = any(map(_settles, nodes.values()))
        here.says = str(declares[-1] / "properties") if declares and not settled else ""
        here.names = frozenset(name for at in declares for name in nodes[at]["properties"])
        self._hides = self._hides or any(node.get("writeOnly") is True for node in nodes.values())
        for name in {name for node in nodes.values() for name in node.get("properties") or ()}:
            self.exact = self.exact and name != "*"  # which is how positions are written
            below = tuple(
                at / "properties" / name for at in nodes if name in (nodes[at].get("properties") or ())
            )
            kid = self._node(below, place + str(Pointer((name,))), above, sure=sure)
            if kid.deep:
                here.keys[name] = kid
            if kid.says or kid.open or kid.opens:
                here.open[name] = kid
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
            here.opens = kid if kid.says or kid.open or kid.opens else None

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


def _settles(node: dict[str, Any]) -> bool:
    """Whether a schema describes every key of an object, or closes it, or takes any key as it is."""
    rest = node.get("additionalProperties", True)
    return (
        isinstance(rest, dict)
        or not is_open(rest)
        or ("additionalProperties" in node and not node.get("properties"))
    )


def _undescribed(node: Node, value: Json, found: dict[tuple[str, str], int]) -> None:
    if type(value) is dict:
        if node.says and not value.keys() <= node.names:
            for key in value.keys() - node.names:
                at = (node.says, node.place + str(Pointer((key,))))
                found[at] = found.get(at, 0) + 1
        for key, kid in node.open.items():
            if key in value:
                _undescribed(kid, value[key], found)
    elif type(value) is list and node.opens is not None:
        for item in value:
            _undescribed(node.opens, item, found)
