"""The judge of everything generated: one engine of `contracts.validate`, and where exactly it finds fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from contracts.errors import ContractsError, GenerationError
from contracts.generate.canonical.subject import Subject
from contracts.model import Json, Pointer
from contracts.schema import Engine, SchemaFault, compile_schema

_UNIONS: Final = ("anyOf", "oneOf")


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
        return frozenset(_told(self.engine.faults(value)))


def oracle_of(subject: Subject, engine: str = "fast") -> Oracle:
    """Compile a subject; GenerationError when the engine cannot read it."""
    root = subject.document if subject.pointer else None
    try:
        return Oracle(compile_schema(subject.document, engine, root=root, pointer=subject.pointer))
    except GenerationError:
        raise
    except ContractsError as error:
        raise GenerationError(str(error)) from None


def _told(faults: Iterable[SchemaFault]) -> Iterator[tuple[Pointer, str]]:
    for fault in faults:
        meant = _meant(fault) if fault.keyword in _UNIONS else None
        if meant is None:
            yield fault.pointer, fault.keyword
        else:
            yield from _told(meant)


def _meant(fault: SchemaFault) -> tuple[SchemaFault, ...] | None:
    """Pick the one branch whose kind of value was given: all others refuse the value as a whole."""
    near = [
        branch for branch in fault.branches if branch and not any(_refused(f, fault.pointer) for f in branch)
    ]
    return near[0] if len(near) == 1 else None


def _refused(inner: SchemaFault, at: Pointer) -> bool:
    return inner.pointer == at and inner.keyword in ("type", "enum", "const", "false")
