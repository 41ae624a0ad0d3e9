"""The strict twin of a schema: valid under both means no fault and nothing left to look at.

The twin closes every object that declares properties, forbids what the direction hides (write-only properties
in responses), and refuses what needs a second look (discriminators).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from contracts.model import Json, Pointer
from contracts.spec import PARTS, PLACES, Role, Shape, local, look, resolve

_NAMES: Final = frozenset({"$ref", "$id", "$schema", "$anchor", "$dynamicAnchor"})


class _Mode(Enum):
    """How a schema stands in its twin: for a whole value, for a part of it said elsewhere, or as a condition.

    A whole is closed. A part is not, the whole around it is. A condition is left as it is, all the way down:
    a stricter condition is not a stricter schema.
    """

    WHOLE = 0
    PART = 1
    CONDITION = 2

    def below(self, mode: _Mode) -> _Mode:
        return _Mode.CONDITION if self is _Mode.CONDITION else mode


def is_open(value: Json) -> bool:
    """Whether an additionalProperties says no more than `anything`."""
    return value is True or value == {}


_ROLES: Final = {Role.CHILD: _Mode.WHOLE, Role.PART: _Mode.PART, Role.CONDITION: _Mode.CONDITION}
_MODES: Final = {key: _ROLES[place.role] for key, place in PLACES.items() if place.role in _ROLES}
"""How the schemas of a keyword stand in the twin of a whole; a keyword that decides nothing has none."""


class StrictSchema:
    """Builds the twin of one schema of a document; `differs` tells whether it says more than the schema.

    `laxer` tells that it may also let in what the schema refuses: of two branches of a oneOf that
    take a value, the stricter twin of one may not.
    """

    def __init__(self, document: Json, pointer: Pointer, name: str, hidden: str = "writeOnly") -> None:
        self._document, self._name, self._hidden = document, name, hidden
        self._ids: dict[tuple[Pointer, _Mode], str] = {}
        self._todo: list[tuple[Pointer, _Mode]] = []
        self._defs: dict[str, Json] = {}
        self.differs = self.laxer = False
        start = self._ref(pointer, _Mode.WHOLE)
        while self._todo:
            place, mode = self._todo.pop()
            self._defs[self._ids[place, mode]] = self._schema(place, mode)
        self.schema: Json = {**start, "$defs": self._defs}

    def _ref(self, pointer: Pointer, mode: _Mode) -> dict[str, str]:
        key = (pointer, mode)
        if key not in self._ids:
            self._ids[key] = str(len(self._ids))
            self._todo.append(key)
        return {"$ref": f"#/$defs/{self._ids[key]}"}

    def _schema(self, at: Pointer, mode: _Mode) -> Json:
        node = look(self._document, at)
        if not isinstance(node, dict):
            return node if isinstance(node, bool) else True
        copy: dict[str, Json] = {
            key: value for key, value in node.items() if key not in PLACES and key not in _NAMES
        }
        if isinstance(node.get("$ref"), str):
            copy |= self._ref(local(node["$ref"], self._name), mode.below(_Mode.PART))
        self._applicators(node, at, copy, mode)
        self.laxer = self.laxer or "oneOf" in node
        if mode is _Mode.CONDITION:
            return copy
        if "discriminator" in node:
            self.differs = True
            return False
        if isinstance(node.get("properties"), dict) and is_open(node.get("additionalProperties")):
            del copy["additionalProperties"]
        if mode is _Mode.WHOLE and "unevaluatedProperties" not in node and self._opens(at, frozenset()):
            copy["unevaluatedProperties"] = False
            self.differs = True
        return copy

    def _applicators(self, node: Mapping[str, Any], at: Pointer, copy: dict[str, Json], mode: _Mode) -> None:
        for key in (key for key in _MODES if key in node):
            value, sub = node[key], mode.below(_MODES[key])
            match PLACES[key].shape:
                case Shape.ONE:
                    copy[key] = self._sub(value, at / key, sub)
                case Shape.LIST if isinstance(value, list):
                    copy[key] = [self._ref(at / key / n, sub) for n in range(len(value))]
                case Shape.MAP if isinstance(value, dict):
                    copy[key] = {
                        name: self._named(one, at / key / name, key, sub) for name, one in value.items()
                    }

    def _named(self, value: Json, at: Pointer, key: str, mode: _Mode) -> Json:
        if key == "properties" and mode is not _Mode.CONDITION and self._marked(at):
            self.differs = True
            return False
        return self._sub(value, at, mode)

    def _marked(self, at: Pointer) -> bool:
        nodes = look(self._document, at), resolve(self._document, at, self._name)[0]
        return any(isinstance(node, dict) and node.get(self._hidden) is True for node in nodes)

    def _sub(self, value: Json, at: Pointer, mode: _Mode) -> Json:
        return value if isinstance(value, bool) else self._ref(at, mode)

    def _opens(self, at: Pointer, above: frozenset[Pointer]) -> bool:
        """Whether the schema or a part of it declares properties, and nothing closes or types the rest."""
        node = look(self._document, at)
        if not isinstance(node, dict) or at in above or self._settles(at, frozenset()):
            return False
        if isinstance(node.get("properties"), dict) and node["properties"]:
            return True
        return any(self._opens(place, above | {at}) for place in self._parts(node, at))

    def _settles(self, at: Pointer, above: frozenset[Pointer]) -> bool:
        node = look(self._document, at)
        if not isinstance(node, dict) or at in above:
            return False
        additional = node.get("additionalProperties", True)
        if not is_open(additional) or (
            is_open(node.get("additionalProperties")) and not node.get("properties")
        ):
            return True
        return any(self._settles(place, above | {at}) for place in self._parts(node, at, ("allOf",)))

    def _parts(self, node: Mapping[str, Any], at: Pointer, keys: tuple[str, ...] = PARTS) -> list[Pointer]:
        parts = [local(node["$ref"], self._name)] if isinstance(node.get("$ref"), str) else []
        for key in keys:
            parts += [at / key / n for n in range(len(node.get(key) or ()))]
        return parts
