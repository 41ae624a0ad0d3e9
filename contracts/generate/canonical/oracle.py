"""The judge of everything generated: one engine of `contracts.schema`, and where exactly it finds fault.

A union that took nothing is told by the branch that was meant: the only one whose kind of value was given,
or, of several objects, the only one whose tag fits. A tag that fits none is itself the fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from contracts.errors import ContractsError, GenerationError
from contracts.model import Json, Pointer
from contracts.schema import Engine, SchemaFault, compile_schema
from contracts.spec import NAMED, references_in
from contracts.text import safe_text

_UNIONS: Final = frozenset({"anyOf", "oneOf"})
_WHOLE: Final = frozenset({"type", "enum", "const", "false"})
_TAGS: Final = frozenset({"enum", "const"})
Branch = tuple[SchemaFault, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its place, the keyword, and where that stands in the schema.

    Of a union without a branch that was meant, `beside` are the shapes refused at the place, and `inside`
    are all faults of its branches.
    """

    place: Pointer
    keyword: str
    spec: Pointer
    beside: tuple[Pointer, ...] = ()
    inside: tuple[Pointer, ...] = ()


@dataclass(frozen=True, slots=True)
class Oracle:
    """A compiled subject."""

    engine: Engine

    def valid(self, value: Json) -> bool:
        """Whether a value conforms; what no JSON text can carry does not."""
        try:
            return self.engine.is_valid(value)
        except (UnicodeError, ValueError, OverflowError):
            return False

    def faults(self, value: Json) -> frozenset[tuple[Pointer, str]]:
        """Give (place, keyword) of every fault; of a union, those of the branch that was meant."""
        return frozenset((fault.place, fault.keyword) for fault in self.told(value))

    def told(self, value: Json) -> tuple[Fault, ...]:
        """Give every fault of a payload; none when the engine cannot read it."""
        try:
            return tuple(_told(self.engine.faults(value)))
        except (UnicodeError, ValueError, OverflowError):
            return ()


def oracle_of(subject: Subject, engine: str = "fast") -> Oracle:
    """Compile a subject; GenerationError when the engine cannot read it."""
    root = subject.document if subject.pointer else None
    try:
        return Oracle(compile_schema(subject.document, engine, root=root, pointer=subject.pointer))
    except GenerationError:
        raise
    except ContractsError as error:
        raise GenerationError(str(error)) from None


def _told(faults: Iterable[SchemaFault]) -> Iterator[Fault]:
    for fault in faults:
        if fault.keyword not in _UNIONS or not any(fault.branches):
            yield Fault(fault.pointer, fault.keyword, fault.spec_pointer)
            continue
        live = [branch for branch in fault.branches if branch and not _refused(branch, fault.pointer)]
        meant = live[0] if len(live) == 1 else _tagged(live, fault.pointer)
        if meant is not None:
            yield from _told(meant)
            continue
        place = _tag(live, fault.pointer) or fault.pointer
        beside = tuple(f.spec_pointer for branch in fault.branches for f in branch if _whole(f, place))
        yield Fault(place, fault.keyword, fault.spec_pointer, beside, tuple(_inside(fault)))


def _inside(fault: SchemaFault) -> Iterator[Pointer]:
    for branch in fault.branches:
        for inner in branch:
            yield inner.spec_pointer
            yield from _inside(inner)


def _whole(fault: SchemaFault, at: Pointer) -> bool:
    return fault.pointer == at and fault.keyword in _WHOLE


def _refused(branch: Branch, at: Pointer) -> bool:
    return any(_whole(fault, at) for fault in branch)


def _tags(branch: Branch, at: Pointer) -> set[Pointer]:
    return {f.pointer for f in branch if f.keyword in _TAGS and f.pointer[:-1] == at}


def _tagged(live: list[Branch], at: Pointer) -> Branch | None:
    """Give the one branch whose tag fits, when all others miss the same tag."""
    fitting = [branch for branch in live if not _tags(branch, at)]
    others = [_tags(branch, at) for branch in live if branch not in fitting]
    return fitting[0] if len(fitting) == 1 and set.intersection(*others) else None


def _tag(live: list[Branch], at: Pointer) -> Pointer | None:
    """Give the place of the tag that fits no branch."""
    missed = set.intersection(*(_tags(branch, at) for branch in live)) if live else set()
    return min(missed, key=str, default=None)


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
            if word == "mapping":
                continue  # which decides nothing
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
