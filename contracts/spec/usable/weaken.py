"""Where a keyword was set aside, what is left must never refuse what the vendor allows.

A schema without one of its keywords takes more values. Under `not`, in a condition, among the branches of
`oneOf` or in view of `unevaluatedProperties`, taking more there means refusing more here. So these keywords
are set aside too, or made weaker: a `oneOf` becomes an `anyOf`, since two branches may now take one value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from contracts.model import Pointer
from contracts.spec.keywords import PLACES
from contracts.spec.references import fragment, pointed

_UNEVALUATED: Final = ("unevaluatedProperties", "unevaluatedItems")


class Weaken:
    """Weakens the schemas of a document in place; `set_aside` is told place and reason of each loss."""

    def __init__(
        self,
        schemas: Mapping[Pointer, dict[str, Any]],
        references: Iterable[tuple[Pointer, Pointer]],
        set_aside: Callable[[Pointer, str], object],
    ) -> None:
        self.schemas, self.set_aside = schemas, set_aside
        self.users: dict[Pointer, list[Pointer]] = defaultdict(list)
        for at, target in references:
            self.users[target].append(at)

    def run(self, lost: Iterable[Pointer]) -> None:
        """Weaken whatever a schema in `lost` is a part of, directly or by reference."""
        laxer = self._reach(lost)
        for at in laxer & self.schemas.keys():
            self._one(self.schemas[at], at, laxer)

    def _reach(self, lost: Iterable[Pointer]) -> set[Pointer]:
        """Give every place above a lost one, and above what refers to it."""
        found: set[Pointer] = set()
        todo = [at for at in lost if self._in_schema(at)]
        while todo:
            at = todo.pop()
            while at and at not in found:
                found.add(at)
                todo += self.users.get(at, ())
                at = Pointer(at[:-1])
                if not self._in_schema(at):
                    break
        return found

    def _in_schema(self, at: Pointer) -> bool:
        """Whether a place is a schema, or a list or map of schemas in one."""
        return at in self.schemas or (Pointer(at[:-1]) in self.schemas and at[-1] in PLACES)

    def _one(self, schema: dict[str, Any], at: Pointer, laxer: set[Pointer]) -> None:
        if at / "not" in laxer:
            self._drop(schema, at, "not")
        if at / "if" in laxer:
            for key in ("if", "then", "else"):
                self._drop(schema, at, key)
        if at / "contains" in laxer:
            self._drop(schema, at, "maxContains")
        for key in _UNEVALUATED:
            if any(place in laxer for place in self._parts(schema, at)):
                self._drop(schema, at, key)
        if at / "oneOf" in laxer and "oneOf" in schema:
            self._open(schema, at)

    def _parts(self, schema: dict[str, Any], at: Pointer) -> list[Pointer]:
        """Give the places of what else evaluates the properties and items of the same value."""
        ref = [pointed(schema["$ref"])] if "$ref" in schema else []
        return [*ref, *(at / key for key in schema if key in PLACES and PLACES[key].same)]

    def _drop(self, schema: dict[str, Any], at: Pointer, key: str) -> None:
        if schema.pop(key, True) is not True:
            self.set_aside(at / key, f"'{key}' cannot be judged, because a part of it was set aside")

    def _open(self, schema: dict[str, Any], at: Pointer) -> None:
        """Ask for one branch at least instead of exactly one."""
        if len(schema["oneOf"]) == 1:
            return
        branches = schema.pop("oneOf")
        self.set_aside(at / "oneOf", "'oneOf' is judged as 'anyOf', because a part of it was set aside")
        if "anyOf" not in schema:
            schema["anyOf"] = branches
        self._follow(at / "oneOf", at / "anyOf", gone="anyOf" in schema and schema["anyOf"] is not branches)

    def _follow(self, old: Pointer, new: Pointer, *, gone: bool) -> None:
        """Let references into the branches follow them; where they are gone, so are the references."""
        for target, users in self.users.items():
            for user in users if target[: len(old)] == old else ():
                self.schemas[user].pop("$ref", None)
                if not gone:
                    self.schemas[user]["$ref"] = f"#{fragment(Pointer((*new, *target[len(old) :])))}"
