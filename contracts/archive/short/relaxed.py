"""The strict gate of a body without the faults that are met often, which are counted at their own places.

Taking out one keyword where only conjunctions lead to it (or unions told apart by type) changes nothing else:
a body fits the schema exactly if it fits the relaxed one and the keyword holds at all its places. So what the
relaxed gate takes has the faults that the places show, and no other; what it refuses goes the long way.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from contracts.archive.partial import FaultKey
from contracts.archive.short.places import SchemaTree
from contracts.archive.tally import Kind, place_shown
from contracts.check import ProviderCheck
from contracts.model import Finding, Json, Pointer
from contracts.schema import compile_schema
from contracts.spec import look

OFTEN: Final = 12
"""How often a fault is met in a process before it is taken out of the gate."""
SHARE: Final = 50
"""Only what at least one answer in so many has is worth a look at its place in every answer."""
MOST: Final = 48
"""How many places of faults of a route are looked at."""
_KNOWN: Final = 4_000
_WINDOW: Final = 4_096

_NAMED: Final = frozenset({"undescribed", "additionalProperties", "required"})
_OWN: Final = frozenset(
    {
        "type", "enum", "const", "format", "pattern", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "minProperties",
        "maxProperties",
    }
)  # fmt: skip
"""Keywords that look at one value alone, whatever else its schema says."""

Found = dict[FaultKey, tuple[Kind, int]]


class Met(NamedTuple):
    """A fault as it was met: rule, place in the spec, place in the body with positions as `*`.

    `expected` is what the words of a finding say of the spec, where that depends on the value.
    """

    rule: str
    spec: str
    place: str
    expected: str = ""


class _Detector(NamedTuple):
    """Counts a fault at one place of a body: `tokens` lead there, `broken` counts among the values."""

    met: Met
    tokens: tuple[str, ...]
    broken: Callable[[list[Json]], int]


class Relaxed:
    """The gate of one schema of a spec; it learns from what the long way finds."""

    def __init__(self, check: ProviderCheck, schema: Pointer, words: frozenset[str]) -> None:
        self._checker, self._schema, self._words = check.checker, schema, words
        self._check = check.checker.body_check(schema)
        self._gate = self._check.is_clean
        self.tree = SchemaTree(check.checker.judged, schema)
        self._waivers = bool(check.waivers)
        self._knows = not any(part.isdigit() for one in check.waivers for part in one.place.split("/")[3:])
        self._document: Json = None
        self._detectors: list[_Detector] = []
        self._hits: dict[Met, int] = {}
        self._known: dict[Met, Kind] = {}
        self._mets: dict[tuple[str, Pointer, Pointer], Met] = {}
        self._asked = self._refused = 0
        self._due = OFTEN

    def judge(self, value: Json) -> Found | None:
        """Give the faults of a body, none for a clean one; None where the long way must find them."""
        self._asked += 1
        if not self._gate(value):
            return self._broken(value)
        if not self._detectors:
            return {}
        met = {
            one.met: count
            for one in self._detectors
            if (values := _reach(value, one.tokens)) and (count := one.broken(values))
        }
        return self._found(met) if met else {}

    def learn(self, findings: Iterable[tuple[Finding, Kind]]) -> None:
        """Take in what the long way found of a body that `judge` left to that."""
        for finding, kind in findings if self._knows else ():
            met = Met(finding.rule, finding.spec_pointer, _wild(finding.pointer))
            met = met if _is_own(met) else met._replace(expected=finding.expected)
            if len(self._known) < _KNOWN:
                self._known[self._key(met)] = kind
            self._hit(met)
        self._relax()

    def _broken(self, value: Json) -> Found | None:
        """Ask for the faults of a body themselves; of what kind each is has been learned, or has not."""
        if not self._known:
            return None
        counts = self._counted(value)
        found = self._found(counts)
        if found is not None:
            for met in counts:
                self._hit(met)
            self._relax()
        return found

    def _counted(self, value: Json) -> dict[Met, int]:
        if self._check.strict and not self.tree.whole:
            return self._worded(value)
        counts: dict[Met, int] = {}
        for one in self._check.stated(value):
            met = self._met(one.keyword, one.spec_pointer, one.pointer)
            if not _is_own(met):
                met = met._replace(expected=self._check.worded(one, value).words.expected)
            counts[met] = counts.get(met, 0) + 1
        for (spec, place), times in self.tree.undescribed(value).items() if self._check.strict else ():
            met = Met("undescribed", spec, _wild(place))
            counts[met] = counts.get(met, 0) + times
        return counts

    def _worded(self, value: Json) -> dict[Met, int]:
        """Count the faults of a body as the long way finds them, with words where a value chooses them."""
        counts: dict[Met, int] = {}
        for fault in self._check.broken(value):
            met = self._met(fault.rule, fault.spec or Pointer(), fault.pointer)
            met = met if _is_own(met) else met._replace(expected=fault.words.expected)
            counts[met] = counts.get(met, 0) + 1
        return counts

    def _met(self, rule: str, spec: Pointer, at: Pointer) -> Met:
        key = (rule, spec, at)
        met = self._mets.get(key)
        if met is None:
            if len(self._mets) >= _KNOWN:
                self._mets.clear()
            met = self._mets[key] = Met(rule, str(spec), _wild(str(at)))
        return met

    def _found(self, counts: Mapping[Met, int]) -> Found | None:
        found: Found = {}
        for met, count in counts.items():
            kind = self._known.get(self._key(met))
            if kind is None:
                return None
            before = found[kind.key][1] if kind.key in found else 0
            found[kind.key] = (kind, before + count)
        return found

    def _key(self, met: Met) -> Met:
        """Give what decides of which kind a fault is: keys that no result shows are alike, but to waivers."""
        return met if self._waivers else met._replace(place=place_shown(met.place, self._words))

    def _hit(self, met: Met) -> None:
        if met in self._hits or len(self._hits) < _KNOWN:
            self._hits[met] = self._hits.get(met, 0) + 1
        if self._asked > _WINDOW:
            self._asked //= 2
            self._hits = {one: times // 2 for one, times in self._hits.items() if times > 1}

    def _relax(self) -> None:
        """Take everything out that is met often and can be, not too often, since compiling takes its time."""
        self._refused += 1
        if self._refused < self._due or not (self.tree.exact and self._knows):
            return
        done = {one.met for one in self._detectors}
        self._due = self._refused + OFTEN * (len(done) + 1)
        often = [
            met
            for met, times in self._hits.items()
            if met not in done and times >= OFTEN and times * SHARE >= self._asked
        ]
        if not often or len(done) >= MOST:
            return
        document = copy.deepcopy(self._checker.judged.document if self._document is None else self._document)
        made = [one for met in often for one in self._taken_out(met, document)]
        if made and len(made) + len(done) <= MOST:
            self._document, self._gate = document, self._checker.relaxed(document, self._schema)
            self._detectors += made

    def _taken_out(self, met: Met, document: Json) -> list[_Detector]:
        rule, place, _, _ = met
        schema = Pointer(Pointer.parse(place)[:-1])
        places = self.tree.where.get(str(schema), [])
        if not places or not all(always for _, always in places):
            return []
        node, own = look(document, schema), look(self._checker.judged.document, schema)
        if rule in _NAMED and _is_own(met):
            return _of_name(met, node, [one for one, _ in places])
        if rule not in _OWN or not _is_own(met) or (rule == "type" and str(schema) in self.tree.branches):
            return []
        fits = compile_schema({rule: own[rule]}).is_valid
        node.pop(rule, None)
        return [_Detector(Met(rule, place, one), _tokens(one), _refused(fits)) for one, _ in places]


def _is_own(met: Met) -> bool:
    """Whether a fault is of the keyword that its place in the spec names: then no value chooses its words."""
    last = met.spec.rpartition("/")[2]
    return last == ("properties" if met.rule == "undescribed" else met.rule) and met.rule in _NAMED | _OWN


def _of_name(met: Met, node: dict[str, Any], places: list[str]) -> list[_Detector]:
    """Let a key be there, or not be there, and count the objects that have it, or lack it."""
    rule, place, at, _ = met
    name = _tokens(at)[-1]
    if name == "*" or not any(at == one + str(Pointer((name,))) for one in places):
        return []
    if rule == "required":
        node["required"] = [one for one in node["required"] if one != name]
    else:
        node.setdefault("properties", {})[name] = True
    count = _lacking(name) if rule == "required" else _having(name)
    return [_Detector(Met(rule, place, one + str(Pointer((name,)))), _tokens(one), count) for one in places]


def _having(name: str) -> Callable[[list[Json]], int]:
    return lambda values: sum([name in one for one in values if type(one) is dict])


def _lacking(name: str) -> Callable[[list[Json]], int]:
    return lambda values: sum([name not in one for one in values if type(one) is dict])


def _refused(fits: Callable[[Json], bool]) -> Callable[[list[Json]], int]:
    return lambda values: len(values) - sum(map(fits, values))


def _reach(value: Json, tokens: tuple[str, ...]) -> list[Json]:
    """Give the values of a body at a place; a position is `*`."""
    values = [value]
    for token in tokens:
        if token == "*":
            values = [item for one in values if type(one) is list for item in one]
        else:
            values = [one[token] for one in values if type(one) is dict and token in one]
        if not values:
            return values
    return values


def _tokens(place: str) -> tuple[str, ...]:
    return tuple(map(str, Pointer.parse(place)))


def _wild(pointer: str) -> str:
    return re.sub(r"/\d+(?=/|\Z)", "/*", pointer)
