"""Scenarios: payloads whose parts agree, as real ones do, and the same with one thing changed.

Pairs of levels bring any two words together, but in payloads that contradict themselves all over; a reader
that compares counts, items and states gives up at the first contradiction, and the mistake behind it stays
hidden. A scenario sets states, counts, shares, errors and times after the names they have (`roles.py`); a
variant changes one of them. Every one is confirmed by the oracle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, NamedTuple

from contracts.generate.leaves import Number, hint, numbers
from contracts.generate.places import Factor, Model, Node, Progress, Role, meaning, roles
from contracts.model import GONE, Json

_ZONES: Final = ((0, 0), (5, 45), (-3, -30), (14, 0), (-12, 0), (0, 30))
_START: Final = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
_DONE, _FLAWED, _FAILED, _RUNNING, _OPEN = (
    Progress.DONE,
    Progress.FLAWED,
    Progress.FAILED,
    Progress.RUNNING,
    Progress.OPEN,
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happened: how the batch stands, how its items do, and how many seconds lie between its times.

    With `zones` each time is written in another zone, and with as many digits as it has; with a `scale` the
    items are only the first of many more, which the counts tell.
    """

    name: str
    batch: Progress
    items: tuple[Progress, ...]
    step: float
    zones: bool = False
    scale: int = 1

    def count(self, of: Progress | None) -> int:
        """Count items that stand so; None counts all."""
        return self.scale * (sum(each is of for each in self.items) if of else len(self.items))


SCENARIOS: Final = (
    Scenario("one-failed", _DONE, (_DONE, _DONE, _FAILED), 3600),
    Scenario("all-done", _DONE, (_DONE, _DONE, _DONE), 86400),
    Scenario("under-way", _RUNNING, (_DONE, _RUNNING, _OPEN), 3600),
    Scenario("first-failed", _FLAWED, (_FAILED, _DONE, _DONE), 60),
    Scenario("all-failed", _FAILED, (_FAILED, _FAILED), 1),
    Scenario("ended-all-failed", _DONE, (_FAILED, _FAILED), 0),
    Scenario("failures-apart", _DONE, (_FAILED, _DONE, _FAILED), 60),
    Scenario("done-in-many-zones", _DONE, (_DONE, _FAILED), 5025.77, zones=True),
    Scenario("under-way-with-failures", _RUNNING, (_FAILED, _RUNNING, _DONE), 3600),
    Scenario("empty", _DONE, (), 0),
    Scenario("not-begun", _OPEN, (_OPEN, _OPEN), 3600),
    Scenario("one-of-eight-failed", _DONE, (*[_DONE] * 7, _FAILED), 60),
    Scenario("under-way-in-many-zones", _RUNNING, (_DONE, _RUNNING), 0.07, zones=True),
    Scenario("first-of-many", _DONE, (_DONE, _DONE, _DONE), 60, scale=1000),
    Scenario("single", _DONE, (_DONE,), 1),
    Scenario("stopped", _FAILED, (_DONE, _OPEN), 86400),
)
"""What batches commonly go through, those first that most readers read differently."""


def apply(model: Model, plain: Json, scenario: Scenario) -> Json:
    """Give a plain valid payload with everything set as the scenario has it."""
    return _Application(scenario).value(model.root, plain, _Part(scenario.batch))


_PROBLEMS: Final[list[Json]] = [{"code": "E1"}, {"message": "not found"}]
"""Two errors in objects whose properties no schema names, with the names that most are read by."""


_ANYTHING: Final[dict[str, Json]] = {"a": 1, "b": "c"}
"""What stands in an object whose properties no schema names: readers treat an empty one as missing."""


class _Part(NamedTuple):
    """Whose part is told: how it stands, its position, and whether it is the batch as a whole."""

    how: Progress
    position: int = 0
    whole: bool = True


class _Application:
    """One scenario, told once over a payload."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.ranks: dict[str, int] = {}

    def value(self, factor: Factor, value: Json, part: _Part) -> Json:
        if isinstance(value, dict):
            node = meaning.node_of(factor, value)
            return (
                (value or _ANYTHING) if node is None or not node.factors else self._object(node, value, part)
            )
        if isinstance(value, list):
            return self._list(factor, value, part)
        return self._leaf(factor, value, part)

    def _object(self, node: Node, value: dict[str, Json], part: _Part) -> dict[str, Json]:
        told: dict[str, Json] = {}
        self.ranks |= _ranks(node)
        for name, inner in value.items():
            factor = node.factors.get(name)
            if factor is None:
                told[name] = inner
            elif (new := self._property(factor, inner, part)) is not GONE:
                told[name] = new
        return told

    def _property(self, factor: Factor, value: Json, part: _Part) -> Json:
        """Leave out, as far as may be, what is not known yet or did not go wrong."""
        wrong = part.how is _FAILED or (part.whole and self.scenario.count(_FAILED) > 0)
        early = meaning.is_time(factor) and roles.moment(factor.name) == roles.END and not part.how.ended
        lost = roles.tells_result(factor.name) and not part.whole and part.how in (_FAILED, _OPEN)
        if early or lost or (roles.tells_error(factor.name) and not wrong):
            return meaning.nothing(factor, value)
        return self.value(factor, value, part)

    def _list(self, factor: Factor, value: list[Json], part: _Part) -> list[Json]:
        below = factor.items.get(f"{factor.path}[]")
        if below is None or not value:
            return value
        if part.whole and meaning.is_main(factor):
            stands: Sequence[Progress] = self.scenario.items
        else:
            bad = roles.tells_error(factor.name) or roles.stand(factor.name) is _FAILED
            stands = [_FAILED if bad else part.how] * (2 if bad else len(value))
            value = _PROBLEMS if bad and value == [{}] else value
        stands = stands[: meaning.longest(factor)]
        return [
            self.value(below, value[index % len(value)], _Part(each, part.position + index, whole=False))
            for index, each in enumerate(stands)
        ]

    def _leaf(self, factor: Factor, value: Json, part: _Part) -> Json:
        if isinstance(value, bool):
            return _flag(factor, value, part.how)
        if isinstance(value, str):
            return self._text(factor, value, part)
        if isinstance(value, int | float):
            return self._number(factor, value, part)
        return value

    def _text(self, factor: Factor, value: str, part: _Part) -> Json:
        if words := meaning.state_words(factor):
            return next((words[one][0] for one in roles.FALLBACKS[part.how] if one in words), value)
        domain = meaning.text_of(factor)
        if domain is None:
            return value
        if meaning.is_time(factor):
            return meaning.fitting(domain, [self._time(self.ranks.get(factor.name, 0))], value)
        if roles.is_path(factor.name):
            return meaning.fitting(domain, ["in/A.pdf" if part.position % 2 else "in/a.pdf"], value)
        index = part.position
        if index and roles.is_own(factor.name) and (hint(factor.name) in ("id", "uri") or domain.formats):
            return meaning.fitting(domain, [f"{value[:-1]}{(index + 1) % 10}", f"{value}{index}"], value)
        return value

    def _time(self, rank: int) -> str:
        at = _START + timedelta(seconds=rank * self.scenario.step)
        if not self.scenario.zones:
            return at.strftime("%Y-%m-%dT%H:%M:%SZ")
        hours, minutes = _ZONES[rank % len(_ZONES)]
        there = at.astimezone(timezone(timedelta(hours=hours, minutes=minutes)))
        digits = f"{there.microsecond:06d}".rstrip("0")
        zone = there.strftime("%z")
        return f"{there:%Y-%m-%dT%H:%M:%S}{'.' if digits else ''}{digits}{zone[:3]}:{zone[3:]}"

    def _number(self, factor: Factor, value: float, part: _Part) -> Json:
        role, domain = roles.number_role(factor.name), meaning.number_of(factor)
        if domain is None or role is Role.NONE:
            return value
        wanted: list[Json] = []
        if role is Role.SHARE:
            wanted = _share(domain, self._ended() if part.whole else _portion(part.how))
        elif part.whole:
            wanted = [self.scenario.count(roles.stand(factor.name))]
        return next((each for each in wanted if numbers.allows(domain, each)), value)

    def _ended(self) -> tuple[int, int]:
        """Give how many items have ended, and how many there are."""
        return sum(each.ended for each in self.scenario.items), max(1, len(self.scenario.items))


def _ranks(node: Node) -> dict[str, int]:
    """Rank the times of an object as they usually follow each other."""
    names = sorted(name for name, factor in node.factors.items() if meaning.is_time(factor))
    steps = sorted({roles.moment(name) for name in names})
    return {name: steps.index(roles.moment(name)) for name in names}


def _portion(how: Progress) -> tuple[int, int]:
    return (2 if how.ended else 1 if how is _RUNNING else 0), 2


def _share(domain: Number, portion: tuple[int, int]) -> list[Json]:
    """Give the share as the number's limits write it: in percent, unless it ends at 1."""
    shown = [each for each in domain.examples if isinstance(each, int | float)]
    full = 1 if domain.high == 1 or (shown and max(shown) <= 1) else 100
    exact = full * portion[0] / portion[1]
    return [int(exact) if exact == int(exact) else round(exact, 4), round(exact)]


def _flag(factor: Factor, value: bool, how: Progress) -> bool:
    """Set a flag such as `completed`; one that says whether the call went well is left alone."""
    said = roles.stand(factor.name)
    if said is None or "succe" in factor.name.lower() or len(meaning.members(factor, "boolean")) < 2:
        return value
    return how is _FAILED if said is _FAILED else how.ended if said is _DONE else how is said
