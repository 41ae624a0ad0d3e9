"""Several vendors at once: one that cannot be loaded is set aside and named, and the others are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from contracts.check.exits import USAGE
from contracts.errors import ContractsError

_Made = TypeVar("_Made")


def each_of(names: Iterable[str], make: Callable[[str], _Made]) -> tuple[list[_Made], tuple[str, ...]]:
    """Make something of every vendor; gives what was made, and a sentence for each that could not be loaded.

    Where nothing is left, the first error is raised as it is.
    """
    made: list[_Made] = []
    faults: list[ContractsError] = []
    for name in names:
        try:
            made.append(make(name))
        except ContractsError as fault:
            faults.append(fault)
    if faults and not made:
        raise faults[0]
    return made, tuple(f"set aside, so nothing of it was checked: {fault}" for fault in faults)


def with_aside(code: int, aside: tuple[str, ...]) -> int:
    """Give the exit code of a run of which vendors were set aside: findings stay, all else is a mistake."""
    return USAGE if aside and code != 1 else code
