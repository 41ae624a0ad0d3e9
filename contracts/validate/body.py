"""Bodies: bytes in, grouped faults out. A clean body costs one decode and one pass of the strict twin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from contracts.decode import Decoded
from contracts.model import Json, Pointer
from contracts.schema import (
    HIDDEN,
    Engine,
    Message,
    SchemaFault,
    StrictSchema,
    Visit,
    Walker,
    compile_schema,
    contradicts,
    crowded,
    descend,
    describe,
    fits_several,
    hidden,
    keyword_of,
    refuse_circles,
    subtype,
    undescribed,
)
from contracts.spec import Spec, look, pointed
from contracts.validate.overlong import UNSURE, Overlong

Gate = Callable[[Json], bool]
_SHORT: Final = 200
_MOST_SAID: Final = 1_024
"""Sentences that are kept, about texts so short: an enum is broken by the same few words again and again."""


@dataclass(frozen=True, slots=True)
class RawFault:
    """A rule broken at a place, with its words; `spec` is the place in the spec, or None.

    `said` may be a function: of a thousand equal faults only the first is put into words.
    """

    rule: str
    pointer: Pointer
    spec: Pointer | None
    said: Message | Callable[[], Message]

    @property
    def words(self) -> Message:
        """What was expected and found, in a sentence."""
        return self.said if isinstance(self.said, Message) else self.said()


def _above(at: Pointer, places: Iterable[Pointer]) -> bool:
    return any(place[: len(at)] == at for place in places)


class BodyCheck:
    """The compiled check of one schema of a spec, in one direction: "response" or "request".

    `strict` says that there is more to find than what the schema refuses. `accepts` says whether the schema
    takes a value, `is_clean` whether there is nothing at all to say of it:
    whether its strict twin takes it, and the schema too where the twin may be laxer.
    """

    __slots__ = (
        "_compiled",
        "_hidden",
        "_name",
        "_said",
        "_schema",
        "_spec",
        "_walker",
        "is_clean",
        "overlong",
        "strict",
    )

    def __init__(
        self, spec: Spec, schema: Pointer, walker: Walker, engine: str, *, direction: str = "response"
    ) -> None:
        self._spec, self._schema, self._walker, self._hidden = spec, schema, walker, HIDDEN[direction]
        self._name = engine
        self.overlong = Overlong(spec, schema)
        self._said: dict[tuple[object, ...], Message] = {}
        refuse_circles(spec.document, schema, spec.source.name)
        self._compiled: Engine | None = None
        twin = StrictSchema(spec.document, schema, spec.source.name, self._hidden)
        self.strict = twin.differs
        gates = [self.accepts] if twin.laxer or not twin.differs else []
        gates += [compile_schema(twin.schema, engine).is_valid] if twin.differs else []
        self.is_clean: Gate = gates[0] if len(gates) == 1 else partial(_all, tuple(gates))

    @property
    def accepts(self) -> Gate:
        """Give the gate of the schema itself."""
        return self._engine.is_valid

    @property
    def _engine(self) -> Engine:
        """Compile the schema itself when it is first asked for: a cyclic one is megabytes."""
        if self._compiled is None:
            root, pointer = self._spec.document, str(self._schema)
            self._compiled = compile_schema(None, self._name, root=root, pointer=pointer)
        return self._compiled

    def stated(self, value: Json) -> list[SchemaFault]:
        """Give what the schema itself refuses of a value, unions descended, in the order of the engine."""
        faults = list(self._engine.faults(value))
        if any(fault.keyword in UNSURE for fault in faults) and (open_ := self.overlong.places(value)):
            faults = [one for one in faults if one.keyword not in UNSURE or not _above(one.pointer, open_)]
        return [leaf for fault in faults for leaf in descend(fault)]

    def broken(self, value: Json) -> Iterator[RawFault]:
        """Yield everything wrong with a value: what the schema refuses, then what it does not name."""
        faults = self.stated(value)
        if faults and crowded(value):
            words = Message("so many values that only the first fault is named here; there may be more")
            yield RawFault("more-findings", Pointer(), self._schema, words)
        yield from (self.worded(fault, value) for fault in without_echoes(faults))
        told = {(fault.pointer, fault.spec_pointer) for fault in faults} if self.strict else set()
        for visit in self._walker.visits(value, self._schema) if self.strict else ():
            yield from (one for one in self._own(visit) if (one.pointer, one.spec) not in told)

    def worded(self, fault: SchemaFault, value: Json) -> RawFault:
        """Give a fault that the schema states, with its words for when they are asked for."""
        return RawFault(fault.keyword, fault.pointer, fault.spec_pointer, partial(self._words, fault, value))

    def _words(self, fault: SchemaFault, value: Json) -> Message:
        found = look(value, fault.pointer)
        short = found is None or (isinstance(found, str) and len(found) <= _SHORT)
        if not short or fault.branches or fault.keyword == "propertyNames":
            return self._described(fault, found)
        key = (fault.keyword, fault.spec_pointer, found)
        if key not in self._said:
            if len(self._said) >= _MOST_SAID:
                self._said.clear()
            self._said[key] = self._described(fault, found)
        return self._said[key]

    def _described(self, fault: SchemaFault, found: Json) -> Message:
        limit = look(self._spec.document, fault.spec_pointer)
        if fault.keyword == "propertyNames":
            broken = describe(str(keyword_of(fault.spec_pointer)), limit, str(fault.pointer[-1]))
            return broken._replace(message=f"as a name: {broken.message}")
        if fault.keyword == "type" and fault.branches:
            limit = [kind for branch in fault.branches for one in branch for kind in self._kinds(one)]
        if fault.keyword == "oneOf" and isinstance(limit, list):
            fitting = [n for n in range(len(limit)) if self._walker.accepts(found, fault.spec_pointer / n)]
            if len(fitting) > 1:
                return fits_several(found, len(fitting), len(limit))
        return describe(fault.keyword, limit, found)

    def _kinds(self, fault: SchemaFault) -> list[Json]:
        """Give the types that a branch of a union asked for."""
        asked = look(self._spec.document, fault.spec_pointer) if fault.keyword == "type" else []
        return asked if isinstance(asked, list) else [asked]

    def _own(self, visit: Visit) -> Iterator[RawFault]:
        for place, spec in undescribed(visit):
            yield RawFault("undescribed", place, spec, Message("not in the spec", "absent", ""))
        for place, spec in hidden(visit, self._hidden):
            yield RawFault(
                _HIDDEN_RULES[self._hidden], place, spec, Message(_HIDDEN_WORDS[self._hidden], "absent", "")
            )
        for spec, node in visit.schemas:
            if "discriminator" not in node:
                continue
            if named := subtype(self._spec.document, visit.value, node):
                yield from self._of_subtype(visit, pointed(named))
                continue
            for place, words, ref in contradicts(visit.value, visit.pointer, node):
                if not ref or not self._walker.accepts(visit.value, pointed(ref)):
                    yield RawFault("discriminator", place, spec / "discriminator", words)

    def _of_subtype(self, visit: Visit, schema: Pointer) -> Iterator[RawFault]:
        """Yield what the schema that a base names by its discriminator says of a value."""
        if self._walker.accepts(visit.value, schema):
            return
        engine = compile_schema(None, self._name, root=self._spec.document, pointer=str(schema))
        for fault in (leaf for whole in engine.faults(visit.value) for leaf in descend(whole)):
            words = partial(self._words, fault, visit.value)
            at = Pointer((*visit.pointer, *fault.pointer))
            yield RawFault(fault.keyword, at, fault.spec_pointer, words)


_HIDDEN_RULES: Final = {"writeOnly": "write-only", "readOnly": "read-only"}
_HIDDEN_WORDS: Final = {
    "writeOnly": "write-only in the spec, but came back",
    "readOnly": "read-only in the spec, but was sent",
}


def _all(gates: tuple[Gate, ...], value: Json) -> bool:
    return all(gate(value) for gate in gates)


def without_echoes(faults: Iterable[SchemaFault]) -> Iterator[SchemaFault]:
    """Drop unevaluated-property faults that only echo another fault inside the same object.

    A branch that failed evaluates nothing, so all its properties look unevaluated.
    """
    listed = list(faults)
    if not any(fault.keyword == "unevaluatedProperties" for fault in listed):
        yield from listed
        return
    others = {
        f.pointer[:n]
        for f in listed
        if f.keyword != "unevaluatedProperties"
        for n in range(len(f.pointer) + 1)
    }
    yield from (f for f in listed if f.keyword != "unevaluatedProperties" or f.pointer[:-1] not in others)


def decoded_faults(decoded: Decoded) -> Iterator[RawFault]:
    """Yield what strict JSON refuses of a body."""
    for fault in decoded.faults:
        yield RawFault(fault.rule, fault.pointer, None, Message(fault.message))
