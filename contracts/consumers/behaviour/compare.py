"""Two versions of a reader over the same payloads: where their answers differ, and for which payloads."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from contracts import generate
from contracts.consumers import sources
from contracts.consumers.consumer import Manner
from contracts.consumers.contrasts import matching, size
from contracts.consumers.places import GONE, differences, edited, value_at
from contracts.consumers.process import Outcome, Reader
from contracts.consumers.samples import Sample
from contracts.consumers.sources import Answers
from contracts.model import Json, Pointer

PATIENCE: Final = 2
"""How many payloads a version may not come back from before both are given no more."""
CAUSES: Final = 4
"""How many payloads that show one difference of the answer are made small, each for a cause of its own."""
CHECKS: Final = 400
"""How many candidates are tried when a payload is made small."""
KINDS: Final = 12
"""How many differences of the answer are followed to their causes."""
LONG: Final = 40
"""From how many characters on texts are one kind of text."""

Progress: TypeAlias = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A kind of payload of which two versions make something else: the smallest one, and both outcomes.

    `after` is the number of payloads that both must have met before it: 0 where this one alone shows it.
    """

    sample: Sample
    old: Outcome
    new: Outcome
    cause: tuple[tuple[Pointer, Json], ...]
    count: int = 1
    after: int = 0

    @property
    def where(self) -> tuple[str, ...]:
        """Tell differences apart: where in the answer, or how the outcome changed."""
        return where_of(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What came of a comparison: the kinds of payload that differ, how many payloads were met and not.

    `unsteady` counts the parts of the answer that differ already when the base is asked twice.
    """

    differences: tuple[Difference, ...]
    met: int
    left: int = 0
    unsteady: int = 0


def where_of(old: Outcome, new: Outcome) -> tuple[str, ...]:
    """Give the places of the answer that differ, with `*` for positions, or both ends of another outcome."""
    if not (old.answered and new.answered):
        return (_manner(old), _manner(new))
    return tuple(dict.fromkeys(at.wildcard for at, _, _ in differences(old.view, new.view)))


def _manner(one: Outcome) -> str:
    return f"{one.manner} {one.error}" if one.manner == Manner.CRASHED else one.manner


def compare(
    base: Reader,
    head: Reader,
    found: Answers,
    samples: Iterable[Sample],
    progress: Progress = lambda _, __: None,
) -> Behaviour:
    """Ask both versions for every payload, then make the payloads of each difference small.

    It ends early when a version does not come back, or when a difference shows only after other payloads:
    then nothing that follows tells two versions apart.
    """
    course = _Course(base, head, found)
    listed = list(samples)
    met = 0
    while met < len(listed) and course.hung < PATIENCE and course.leak is None:
        progress(str(listed[met].kind), met)
        course.meet(listed, met)
        met += 1
    progress("making differences small", 0)
    differing = tuple(course.told())
    return Behaviour(differing, met, len(listed) - met, course.unsteady)


_Met: TypeAlias = tuple[Sample, Outcome, Outcome]
"""A payload, and what both versions made of it."""


@dataclass(slots=True, eq=False)
class _Course:
    """Both versions on their way through the payloads; differences by the places of the answer."""

    base: Reader
    head: Reader
    found: Answers
    hung: int = 0
    unsteady: int = 0
    leak: Difference | None = None
    groups: dict[tuple[str, ...], list[_Met]] = field(default_factory=dict)

    def meet(self, listed: list[Sample], index: int) -> None:
        """Ask for one payload; the first of each difference is asked again of processes that met nothing."""
        sample = listed[index]
        old, new = self.both(sample)
        self.hung += any(one.error in {"TookTooLong", "ProcessDied"} for one in (old, new))
        if old.key == new.key:
            return
        where = where_of(old, new)
        if where in self.groups:
            self.groups[where].append((sample, old, new))
        elif index and len(self.groups) < KINDS and not _differ(self._fresh([sample])):
            self.leak = self._after(listed, index, old, new)
        else:
            self.groups[where] = [(sample, old, new)]

    def both(self, sample: Sample) -> tuple[Outcome, Outcome]:
        """Give the outcomes of the base and of the head."""
        return self.base.ask(sample), self.head.ask(sample)

    def _fresh(self, samples: list[Sample]) -> tuple[Outcome, Outcome]:
        self.base.again()
        self.head.again()
        return [self.both(sample) for sample in samples][-1]

    def _after(self, listed: list[Sample], index: int, old: Outcome, new: Outcome) -> Difference:
        """Find the shortest row of payloads before one after which the difference shows."""
        for many in (1, 2, 4, 16, 64):
            if many >= index:
                break
            again = self._fresh([*listed[index - many : index], listed[index]])
            if _differ(again):
                return Difference(listed[index], *again, cause=(), after=many)
        return Difference(listed[index], old, new, cause=(), after=index)

    def told(self) -> list[Difference]:
        """Give one difference for each cause, the smallest payload first."""
        found: dict[Hashable, Difference] = {}
        for number, (where, group) in enumerate(list(self.groups.items())):
            if self._unsteady(where, group):
                continue
            for one in self._causes(where, group) if number < KINDS else [self._plainly(group)]:
                key = _kind(one)
                known = found.get(key)
                found[key] = one if known is None else replace(known, count=known.count + one.count)
        leaks = [self.leak] if self.leak else []
        return [
            *leaks,
            *sorted(found.values(), key=lambda one: (not one.sample.valid, size(one.sample.value))),
        ]

    def _unsteady(self, where: tuple[str, ...], group: list[_Met]) -> bool:
        """Whether the base itself answers otherwise the next time: then the change is not the cause."""
        sample, old, _ = group[0]
        again = self.base.ask(sample)
        unsteady = again.key != old.key and {*where_of(old, again)} >= {*where}
        self.unsteady += unsteady
        return unsteady

    def _plainly(self, group: list[_Met]) -> Difference:
        sample, old, new = min(group, key=_rank)
        return Difference(sample, old, new, self._cause(sample), len(group))

    def _causes(self, where: tuple[str, ...], group: list[_Met]) -> Iterator[Difference]:
        """Make the smallest payload small, then the smallest that does not have its cause, and so on."""
        left = sorted(group, key=_rank)
        for _ in range(CAUSES):
            if left:
                small = self._reduced(where, left[0][0])
                one = Difference(small, *self.both(small), cause=self._cause(small))
                rest = [other for other in left[1:] if not _has(other[0].value, one)]
                yield replace(one, count=len(left) - len(rest))
                left = rest

    def _cause(self, sample: Sample) -> tuple[tuple[Pointer, Json], ...]:
        changes = list(differences(sources.plainest(self.found), sample.value))
        telling = [change for change in changes if not _same_number(*change[1:])] or changes
        return tuple((at, new) for at, _, new in telling)

    def _reduced(self, where: tuple[str, ...], sample: Sample) -> Sample:
        """Reduce through the valid payload beside it: the fault of one that is not valid stays in."""
        if sample.body is not None or (not sample.valid and sample.base is None):
            return sample
        changes = () if sample.valid else differences(sample.base, sample.value)
        edits = tuple((at, new) for at, _, new in changes)

        def signature(candidate: Json) -> Hashable | None:
            value = edited(candidate, edits) if self.found.plan.oracle.valid(candidate) else GONE
            outcomes = () if value is GONE else self.both(replace(sample, value=value))
            return where if outcomes and _differ(outcomes) and where_of(*outcomes) == where else None

        start = sample.value if sample.valid else sample.base
        small = generate.reduce(start, signature, simpler=sources.offers(self.found), checks=CHECKS).value
        value = edited(small, edits)
        return sample if value is GONE else replace(sample, value=value, base=None if sample.valid else small)


def _same_number(one: Json, other: Json) -> bool:
    """Whether 0, 0.0 and -0.0, or 1 and 1.0, are all that is different."""
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (one, other))
    return numbers and bool(one == other)


def _differ(outcomes: tuple[Outcome, ...]) -> bool:
    return outcomes[0].key != outcomes[1].key


def _rank(met: _Met) -> tuple[bool, bool, int]:
    """Order payloads: those that the vendor may send first, then the shorter ones."""
    return (not met[0].valid, met[0].body is not None, size(met[0].value))


def _kind(one: Difference) -> Hashable:
    """Tell kinds of payload apart: by their causes where the vendor may send them, else by the places.

    Of a number, a list or an object only what it makes of the answer counts, not which one it is.
    """
    cause = tuple(
        (at.wildcard, repr(value) if isinstance(value, (str, bool)) or not value else type(value).__name__)
        for at, value in one.cause
    )
    places = tuple(place for place, _ in cause)
    changes = [
        (at.wildcard, repr(old), repr(new)) for at, old, new in differences(one.old.view, one.new.view)
    ]
    told = (cause, *changes) if one.sample.valid else (places, one.where if one.old.answered else "")
    return (told, one.sample.body, one.old.manner, one.new.manner)


def _has(payload: Json, small: Difference) -> bool:
    """Whether a payload has, somewhere, what made another one differ."""
    for at, wanted in small.cause:
        pattern = tuple("*" if isinstance(token, int) else token for token in at)
        values = [value_at(payload, here) for here in matching(payload, pattern)]
        if not any(_like(value, wanted) for value in values) and not (wanted is GONE and not values):
            return False
    return True


def _like(value: Json, wanted: Json) -> bool:
    """Whether two values are of one kind: equal, or both numbers beside 0, or both long texts."""
    if value is GONE or wanted is GONE:
        return value is wanted
    numbers = all(type(one) in {int, float} and one for one in (value, wanted))
    texts = all(isinstance(one, str) and len(one) >= LONG for one in (value, wanted))
    return numbers or texts or (type(value) is type(wanted) and bool(value == wanted))
