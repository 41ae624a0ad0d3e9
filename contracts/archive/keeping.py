"""The smallest set of recordings that shows every fact and every kind of fault of an archive.

While rows are judged, the few that rank lowest are noted for each fact of the spec. Bodies of one route wait,
and are asked together: only where they show a fact that one of them would be noted for, each half is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from contracts.archive.partial import SAMPLES, Partial, Sample, lowest
from contracts.archive.rows import Row, interaction_of
from contracts.check import Intake, ProviderCheck
from contracts.errors import CassetteError
from contracts.interactions import Kept, Store, table_of
from contracts.model import Json, Pointer
from contracts.validate import shown_by

WAITING: Final = 64
FactKey = tuple[str, str, str]
"""Provider, operation, fact."""


class Shown:
    """Notes for each fact the rows that show it and rank lowest; `facts` is what the result keeps."""

    def __init__(self, facts: dict[FactKey, list[Sample]]) -> None:
        self._facts = facts

    def note(self, fact: FactKey, sample: Sample) -> None:
        """Note a row that shows a fact."""
        if self._lower(fact, sample):
            self._facts[fact] = lowest([*self._facts.get(fact, ()), sample])

    def _lower(self, fact: FactKey, sample: Sample) -> bool:
        held = self._facts.get(fact, [])
        return len(held) < SAMPLES or sample < held[-1]

    def ask(self, facts: Callable[[list[Json]], set[FactKey]], rows: list[tuple[Sample, Json]]) -> None:
        """Note the rows of some bodies; `facts` gives what at least one of several bodies shows."""
        first = min(sample for sample, _ in rows)
        found = facts([value for _, value in rows])
        wanted = [one for one in found if self._lower(one, first)]
        if wanted and len(rows) == 1:
            for fact in wanted:
                self.note(fact, first)
        elif wanted:
            half = len(rows) // 2
            self.ask(facts, rows[:half])
            self.ask(facts, rows[half:])


def facts_of_bodies(
    check: ProviderCheck, operation: str, status: str, schema: Pointer, values: list[Json]
) -> set[FactKey]:
    """Give the facts that at least one of several bodies of a route shows."""
    facts = {f"{status} answered", *shown_by(check.checker, status, schema, values)}
    return {(check.provider.id, operation, fact) for fact in facts}


class Choice(NamedTuple):
    """A row that is worth keeping, and how many facts and kinds of faults it is chosen for."""

    part: str
    number: int
    offset: int
    shows: int


def choose(partial: Partial, budget: int | None = None) -> tuple[Choice, ...]:
    """Choose the fewest rows that show every fact and every kind of fault that was met, sorted by place.

    The greedy cover: the row that shows most of what is left, of equals the one that ranks lowest. With
    `budget` at most so many rows; they then show less. The facts are those of a run with `keep`.
    """
    shows: dict[Sample, set[object]] = {}
    for fact, samples in partial.facts.items():
        for sample in samples:
            shows.setdefault(sample, set()).add(fact)
    for key, fault in partial.faults.items():
        for sample in fault.samples:
            shows.setdefault(sample, set()).add(key)
    left: set[object] = set().union(*shows.values())
    chosen: list[Choice] = []
    while left and (budget is None or len(chosen) < budget):
        best = min(shows, key=lambda one: (-len(shows[one] & left), one))
        chosen.append(Choice(best.part, best.number, best.offset, len(shows[best] & left)))
        left -= shows.pop(best)
    return tuple(sorted(chosen))


def keep(
    choices: Iterable[Choice],
    read: Callable[[str], Iterable[Row]],
    stores: Mapping[str, Store],
    fields: Mapping[str, str],
) -> Iterator[Kept]:
    """Write the chosen rows as redacted cassettes; yield what became of each.

    `read` gives the rows of a part by its name, `stores` are those of the vendors by their id. What cannot
    be read any more is left, with the reason; nothing is written that redaction does not take.
    """
    intake, table = Intake([one.provider for one in stores.values()]), table_of(fields)
    wanted: dict[str, set[int]] = {}
    for choice in choices:
        wanted.setdefault(choice.part, set()).add(choice.number)
    for part, numbers in wanted.items():
        for row in read(part):
            if row.number not in numbers:
                continue
            numbers.discard(row.number)
            try:
                placed = intake.placed(interaction_of(row, part, table))
            except CassetteError as problem:
                yield Kept("left", f"{part}:{row.number}", reason=str(problem))
                continue
            if placed is not None:
                yield stores[placed[0].id].keep(placed[1])
            if not numbers:
                break
        yield from (Kept("left", f"{part}:{n}", reason="the row is not there") for n in sorted(numbers))
