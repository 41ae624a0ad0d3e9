"""The one guard that every document passes before anything reads it: what cannot be used is set aside.

A value where an object is expected, a keyword that no engine compiles, a reference to a missing place: each
costs itself and nothing else. It is left out of the document that the checks, the generator and the
comparison read, and is named with its place, so that what was not judged can be counted. What is left says
never more than what the vendor wrote; see `weaken`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.spec.aside import SetAside
from contracts.spec.keywords import OBJECTS, PLACES
from contracts.spec.references import Asked, Scope, Targets, fragment, nearest, pointed
from contracts.spec.upgrade import by_position, read_as_meant
from contracts.spec.usable.circles import break_circles
from contracts.spec.usable.weaken import Weaken
from contracts.spec.usable.words import FIELDS, SCHEMA, TOLD
from contracts.text import show

_FLAWED: Final = object()
_REFERABLE: Final = frozenset(
    [
        "path",
        "operation",
        "parameter",
        "header",
        "body",
        "response",
        "callback",
        "example",
        "link",
        "scheme",
        "media",
    ]
)
_DROPPED: Final = frozenset({"$schema", "$vocabulary", "$recursiveAnchor", "$recursiveRef"})
_PARTS: Final = frozenset({"$ref", "allOf"})
_OLD: Final = ("nullable", "exclusiveMinimum", "exclusiveMaximum")
_BESIDE: Final = {
    "properties": ("additionalProperties", "unevaluatedProperties"),
    "patternProperties": ("additionalProperties", "unevaluatedProperties"),
    "prefixItems": ("items", "unevaluatedItems"),
    "contains": ("minContains", "maxContains", "unevaluatedItems"),
    "if": ("then", "else"),
}
"""What may not be judged either where a keyword was set aside, since it speaks of what that one leaves."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document in which everything is usable, and what had to be set aside for that, in document order."""

    document: dict[str, Any]
    aside: tuple[SetAside, ...]


def load_document(value: Json) -> Loaded:
    """Make an OpenAPI 3.1 document usable; the argument is not changed.

    SpecError when the value is no object.
    """
    if not isinstance(value, dict):
        raise SpecError(f"an object with `openapi` is wanted, found {show(value)}")
    return _Loader().load(value)


class _Loader:
    """One pass over a document by the table of what stands where, then one over its references."""

    def __init__(self) -> None:
        self.aside: dict[Pointer, SetAside] = {}
        self.schemas: dict[Pointer, dict[str, Any]] = {}
        self.parts: list[tuple[Pointer, dict[str, Any], str]] = []
        self.targets = Targets()
        self.owned: set[int] = set()

    def load(self, value: dict[str, Any]) -> Loaded:
        document: dict[str, Any] = self.object(value, "document", Pointer())
        document.setdefault("info", {}).setdefault("title", "")
        if not isinstance(document.get("paths"), dict):
            document["paths"] = {}
        self.document = document
        self.refer()
        self.open_parts()
        for at in break_circles(self.schemas):
            self.set_aside(at / "$ref", "the schema refers to itself without end")
        Weaken(self.schemas, self.references(), self.set_aside).run(
            {Pointer(at[:-1]) for at, one in self.aside.items() if one.lost}
        )
        return Loaded(document, tuple(sorted(self.aside.values(), key=lambda one: str(one.pointer))))

    def set_aside(self, at: Pointer, reason: str, *, lost: bool = True) -> Any:
        self.aside.setdefault(at, SetAside(at, reason, lost))
        return _FLAWED

    # -- what stands where

    def part(self, value: Json, kind: str, at: Pointer, scope: Scope) -> Any:
        """Give a usable copy of a part, or `_FLAWED` when nothing of it can be used."""
        if kind.endswith("[]"):
            if not isinstance(value, list):
                return self.set_aside(at, f"{show(value, 40)} stands where a list is expected")
            return self.items(value, kind[:-2], at, scope)
        if kind == "schema":
            return self.schema(value, at, scope)
        if not isinstance(value, dict):
            decides = kind not in {"example*", "link", "link*", "tag", "info", "example"}
            return self.set_aside(at, f"{show(value, 40)} stands where an object is expected", lost=decides)
        if kind.endswith("*"):
            return self.named(value, kind[:-1], at, scope)
        return self.object(value, kind, at)

    def items(self, value: list[Json], kind: str, at: Pointer, scope: Scope) -> Any:
        """Copy a list; a flawed item leaves an empty object, or no list where schemas stand in it."""
        copied = [self.part(item, kind, at / str(n), scope) for n, item in enumerate(value)]
        if kind != "schema":
            return self.owning([{} if item is _FLAWED else item for item in copied])
        if not copied:
            return self.set_aside(at, "an empty list of schemas")
        return _FLAWED if any(item is _FLAWED for item in copied) else self.owning(copied)

    def named(self, value: dict[str, Json], kind: str, at: Pointer, scope: Scope) -> dict[str, Any]:
        extensions = kind in {"path", "response"}
        copied = {
            key: item if extensions and key.startswith("x-") else self.part(item, kind, at / key, scope)
            for key, item in value.items()
        }
        return self.owning({key: item for key, item in copied.items() if item is not _FLAWED})  # type: ignore[no-any-return]

    def object(self, value: dict[str, Json], kind: str, at: Pointer) -> dict[str, Any]:
        copied: dict[str, Any] = {}
        if isinstance(value.get("$ref"), str) and kind in _REFERABLE:
            copied = {key: value[key] for key in value if key in {"$ref", "summary", "description"}}
            copied |= {} if kind != "path" else {k: self.child(v, k, kind, at) for k, v in value.items()}
            self.parts.append((at, copied, kind))
        else:
            copied = {key: self.child(item, key, kind, at) for key, item in value.items()}
        for key in [key for key, item in copied.items() if item is _FLAWED]:
            del copied[key]
        return self.owning(copied)  # type: ignore[no-any-return]

    def child(self, item: Json, key: str, kind: str, at: Pointer) -> Any:
        place = OBJECTS[kind].get(key, "" if key.startswith("x-") else OBJECTS[kind].get("", ""))
        if place:
            return self.part(item, place, at / key, Scope())
        wrong = FIELDS[key](item) if key in FIELDS and kind != "example" else ""
        if key == "security" and not wrong and isinstance(item, list):
            wrong = next((f"{show(one, 40)}, not an object" for one in item if not isinstance(one, dict)), "")
        decides = key in {"required", "security", "in", "name", "style", "explode", "$ref", "url"}
        return self.set_aside(at / key, f"'{key}' is {wrong}", lost=decides) if wrong else item

    # -- schemas

    def schema(self, value: Json, at: Pointer, scope: Scope) -> Any:
        if isinstance(value, bool):
            return value
        if not isinstance(value, dict):
            return self.set_aside(at, f"{show(value, 40)} stands where a schema is expected")
        self.old_words(value, at)
        value = by_position(value)
        scope = self.targets.enter(value, at, scope)
        copied = {key: self.keyword(key, item, at, scope) for key, item in value.items()}
        flawed = [key for key, item in copied.items() if item is _FLAWED]
        for key in (*flawed, *(key for key in copied if key in _DROPPED)):
            copied.pop(key, None)
        for key in flawed:
            self.beside(copied, key, at)
        if copied.get("type") in ("null", ["null"]) and not _PARTS.isdisjoint(copied):
            self.set_aside(
                at / "type", "null alone beside other schemas; it is read as 'or null'", lost=False
            )
            copied["nullable"] = bool(copied.pop("type"))
        referring = "$ref" in copied
        if any(key in copied for key in _OLD):
            copied = read_as_meant(copied)
        holder = copied["anyOf"][0] if referring and "$ref" not in copied else copied
        for key in ("$ref", "$dynamicRef"):
            if key in holder:
                self.targets.asked.append(Asked(at, holder, key, scope))
        self.schemas[at] = copied
        return self.owning(copied)

    def old_words(self, schema: dict[str, Json], at: Pointer) -> None:
        if schema.get("nullable") is True:
            reason = "'nullable' is a word of OpenAPI 3.0; it is read as there: null is allowed"
            self.set_aside(at / "nullable", reason, lost=False)
        for key in ("exclusiveMinimum", "exclusiveMaximum"):
            if isinstance(schema.get(key), bool):
                self.set_aside(
                    at / key, f"true or false for '{key}' is OpenAPI 3.0; it is read as there", lost=False
                )
        if isinstance(schema.get("items"), list):
            reason = "a list for 'items' is JSON Schema before 2020-12; it is read as there: one a position"
            self.set_aside(at / "items", reason, lost=False)
        for key in ("$recursiveAnchor", "$recursiveRef"):
            if key in schema:
                reason = f"'{key}' is a word of JSON Schema 2019-09, unknown to 2020-12"
                self.set_aside(at / key, reason, lost=key == "$recursiveRef")

    def keyword(self, key: str, item: Json, at: Pointer, scope: Scope) -> Any:
        if key in PLACES:
            return (
                self.part(item, f"schema{PLACES[key].shape.value}", at / key, scope)
                if (key != "patternProperties" or not isinstance(item, dict))
                else self.patterns(item, at / key, scope)
            )
        if key == "type":
            item = self.type(item, at)
        if key in {"exclusiveMinimum", "exclusiveMaximum"} and isinstance(item, bool):
            return item
        if key == "required" and isinstance(item, list) and not SCHEMA[key](item):
            return list(dict.fromkeys(item))
        wrong = (SCHEMA.get(key) or TOLD.get(key) or _fine)(item)
        if wrong:
            return self.set_aside(at / key, f"'{key}' is {wrong}", lost=key in SCHEMA and key != "nullable")
        if key == "discriminator":
            return self.discriminator(item, at / key)
        return self.dependencies(item, at / key) if key == "dependencies" else item

    def patterns(self, value: dict[str, Json], at: Pointer, scope: Scope) -> Any:
        """Copy `patternProperties`; one name that is no usable pattern costs the keyword."""
        wrong = next((wrong for name in value if (wrong := SCHEMA["pattern"](name))), "")
        return self.set_aside(at, f"a name is {wrong}") if wrong else self.named(value, "schema", at, scope)

    def type(self, value: Json, at: Pointer) -> Json:
        """Read null as the type 'null' where it can mean nothing else: in a list, or alone in a union.

        YAML reads `type: null` as no value at all, and many write it for the type.
        """
        branch = len(at) > 1 and at[-2] in {"anyOf", "oneOf"}
        if isinstance(value, list) and None in value:
            value = ["null" if item is None else item for item in value]
        elif value is None and branch:
            value = "null"
        else:
            return (
                list(dict.fromkeys(value)) if isinstance(value, list) and not SCHEMA["type"](value) else value
            )
        self.set_aside(
            at / "type", "null is written without quotes; it is read as the type 'null'", lost=False
        )
        return list(dict.fromkeys(value)) if isinstance(value, list) and not SCHEMA["type"](value) else value

    def discriminator(self, value: Json, at: Pointer) -> Any:
        mapping = value.get("mapping", {})
        named = isinstance(value.get("propertyName"), str)
        if named and isinstance(mapping, dict) and all(isinstance(one, str) for one in mapping.values()):
            return value
        return self.set_aside(at, "the discriminator names no property, or its mapping is no map", lost=False)

    def dependencies(self, value: Json, at: Pointer) -> Any:
        return self.set_aside(at, "'dependencies' is a word of draft 7, unknown to 2020-12")

    def beside(self, schema: dict[str, Any], key: str, at: Pointer) -> None:
        """Take away what speaks of what a keyword leaves over, where that keyword was set aside."""
        for other in _BESIDE.get(key, ()):
            if schema.pop(other, True) is not True:
                self.set_aside(at / other, f"it depends on '{key}', which was set aside")

    # -- references

    def refer(self) -> None:
        """Write every reference of a schema as a pointer; set aside what refers to a missing place."""
        while self.targets.asked:
            asked, self.targets.asked = self.targets.asked, []
            for at, schema, key, scope in asked:
                self.settle(at, schema, key, scope)
        for schema in self.schemas.values():
            for key in ("$id", "$anchor", "$dynamicAnchor"):
                schema.pop(key, None)

    def settle(self, at: Pointer, schema: dict[str, Any], key: str, scope: Scope) -> None:
        ref = schema.pop(key)
        found = self.targets.find(ref, scope, dynamic=key == "$dynamicRef")
        reason = found if isinstance(found, str) else self.nowhere(ref, found[-1])
        target = None if isinstance(found, str) else next(filter(self.reached, found), None)
        if target is None:
            self.set_aside(at / key, reason)
        elif "$ref" in schema:  # a $dynamicRef beside a $ref: both hold
            schema["allOf"] = [*schema.get("allOf", ()), {"$ref": f"#{fragment(target)}"}]
        else:
            schema["$ref"] = f"#{fragment(target)}"

    def nowhere(self, ref: str, at: Pointer) -> str:
        if _look(self.document, at) is not None:
            return f"$ref {show(ref)} names something that is no schema"
        return f"$ref {show(ref)} points nowhere{nearest(self.document, at)}"

    def reached(self, at: Pointer) -> bool:
        """Whether a schema stands at a place; one outside the usual places is made usable now."""
        if at in self.schemas:
            return True
        above: Any = self.document
        for token in at[:-1]:
            key = _step_of(above, token)
            above = None if key is None else self.own(above, key)
        key = _step_of(above, at[-1]) if at else None
        if key is None or id(above[key]) in self.owned or not isinstance(above[key], dict | bool):
            return False
        above[key] = self.schema(above[key], at, Scope())
        return True

    def own(self, above: Any, key: Any) -> Any:
        """Give a container of the document that may be written to: its own copy of the vendor's."""
        if isinstance(above[key], dict | list) and id(above[key]) not in self.owned:
            above[key] = self.owning(above[key].copy())
        return above[key]

    def owning(self, made: Any) -> Any:
        self.owned.add(id(made))
        return made

    def open_parts(self) -> None:
        """Settle the references of parts that are no schemas: a path, an operation, a response, and so on."""
        for at, part, kind in self.parts:
            places = self.targets.find(part["$ref"], Scope())
            target = places[0] if isinstance(places, tuple) else Pointer()
            held = self.followed(target) if isinstance(places, tuple) else None
            beside = {key: item for key, item in part.items() if key != "$ref"}
            if not isinstance(held, dict):
                reason = places if isinstance(places, str) else self.nowhere(part["$ref"], target)
                self.set_aside(at / "$ref", reason)
                del part["$ref"]
            elif kind == "operation" or (kind == "path" and beside):
                part.clear()
                part.update({**held, **beside})
            else:
                part["$ref"] = f"#{fragment(target)}"

    def followed(self, at: Pointer) -> Json:
        for _ in range(32):
            node = _look(self.document, at)
            if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
                return node
            found = self.targets.find(node["$ref"], Scope())
            if isinstance(found, str):
                return None
            at = found[0]
        return None

    def references(self) -> Iterator[tuple[Pointer, Pointer]]:
        """Yield (schema, schema that its `$ref` names)."""
        for at, schema in self.schemas.items():
            if isinstance(schema.get("$ref"), str):
                yield at, pointed(schema["$ref"])


def _fine(_: Json) -> str:
    return ""


def _look(document: Json, at: Iterable[str | int]) -> Any:
    for token in at:
        key = _step_of(document, token)
        if key is None:
            return None
        document = document[key]
    return document


def _step_of(node: Json, token: str | int) -> Any:
    """Give the key by which a token of a pointer is found in a node; None where nothing is."""
    if isinstance(node, dict):
        return str(token) if str(token) in node else None
    text = str(token)
    if isinstance(node, list) and text.isascii() and text.isdigit() and int(text) < len(node):
        return int(text)
    return None
