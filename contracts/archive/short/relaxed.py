"""The strict gate of a body without the faults that are met often, which are counted at their own places.

Taking out one keyword where only conjunctions lead to it (or unions told apart by type) changes nothing else:
a body fits the schema exactly if it fits the relaxed one and the keyword holds at all its places. So what the
relaxed gate takes has the faults that the places show, and no other; what it refuses goes the long way.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from contracts.archive.partial import FaultKey
from contracts.archive.short.places import SchemaTree
from contracts.archive.tally import Kind
from contracts.check import ProviderCheck
from contracts.errors import SpecError
from contracts.model import Finding, Json, Pointer
from contracts.schema import compile_schema
from contracts.spec import look

OFTEN: Final = 12
"""How often a fault is met in a process before it is taken out of the gate."""
MOST: Final = 64
"""How many faults of a route are taken out."""

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
Met = tuple[str, str, str]
"""A fault as it was met: rule, place in the spec, place in the body with positions as `*`."""


class _Detector(NamedTuple):
    """Counts a fault at one place of a body: `tokens` lead there, `broken` counts among the values."""

    met: Met
    tokens: tuple[str, ...]
    broken: Callable[[list[Json]], int]


class Relaxed:
    """The gate of one schema of a spec; it learns from what the long way finds."""

    def __init__(self, check: ProviderCheck, schema: Pointer, status: str) -> None:
        self._checker, self._schema = check.checker, schema
        self._spec = check.checker.judged
        self._gate = check.checker.body_check(schema).is_clean
        self.tree = SchemaTree(self._spec, schema)
        by_position = any(part.isdigit() for one in check.waivers for part in one.place.split("/")[3:])
        self._learns = self.tree.exact and not by_position and check.gate.engine == "fast"
        self._document: Json = None
        self._detectors: list[_Detector] = []
        self._hits: dict[Met, int] = {}
        self._known: dict[Met, Kind] = {}

    def judge(self, value: Json) -> Found | None:
        """Give the faults of a body, none for a clean one; None where the long way must find them."""
        if not self._gate(value):
            return None
        found: Found = {}
        for met, tokens, broken in self._detectors:
            values = _reach(value, tokens)
            count = broken(values) if values else 0
            if count:
                kind = self._known.get(met)
                if kind is None:
                    return None
                _, before = found.get(kind.key, (kind, 0))
                found[kind.key] = (kind, before + count)
        return found

    def learn(self, findings: Iterable[tuple[Finding, Kind]]) -> None:
        """Take in what the long way found of a body that `judge` left to that."""
        if not self._learns:
            return
        often = False
        for finding, kind in findings:
            met = (finding.rule, finding.spec_pointer, _wild(finding.pointer))
            if len(self._hits) > 50 * MOST and met not in self._hits:
                continue
            self._known[met] = kind
            self._hits[met] = self._hits.get(met, 0) + 1
            often = often or self._hits[met] == OFTEN
        if often and len(self._detectors) < MOST:
            self._relax()

    def _relax(self) -> None:
        """Take everything out that was met often and can be."""
        done = {one.met for one in self._detectors}
        document = copy.deepcopy(self._spec.document if self._document is None else self._document)
        made: list[_Detector] = []
        for met, times in self._hits.items():
            if times >= OFTEN and met not in done:
                made += self._taken_out(met, document)
        if not made:
            return
        try:
            gate = self._checker.relaxed(document, self._schema)
        except SpecError:
            self._learns = False
            return
        self._document, self._gate = document, gate
        self._detectors += made

    def _taken_out(self, met: Met, document: Json) -> list[_Detector]:
        rule, place, _ = met
        schema = Pointer.parse(place)[:-1]
        places = self.tree.where.get(str(Pointer(schema)), [])
        if not places or not all(always for _, always in places):
            return []
        node, own = look(document, Pointer(schema)), look(self._spec.document, Pointer(schema))
        last = place.rpartition("/")[2]
        if rule in _NAMED and last == ("properties" if rule == "undescribed" else rule):
            return _of_name(met, node, [one for one, _ in places])
        if rule not in _OWN or rule != last or rule not in own:
            return []
        if rule == "type" and str(Pointer(schema)) in self.tree.branches:
            return []
        fits = compile_schema({rule: own[rule]}).is_valid
        node.pop(rule, None)
        return [_Detector((rule, place, one), _tokens(one), _refused(fits)) for one, _ in places]


def _of_name(met: Met, node: dict[str, Any], places: list[str]) -> list[_Detector]:
    """Let a key be there, or not be there, and count the objects that have it, or lack it."""
    rule, place, at = met
    name = _tokens(at)[-1]
    if name == "*" or not any(at == one + str(Pointer((name,))) for one in places):
        return []
    if rule == "required":
        node["required"] = [one for one in node["required"] if one != name]
    else:
        node.setdefault("properties", {})[name] = True
    count = _lacking(name) if rule == "required" else _having(name)
    return [_Detector((rule, place, one + str(Pointer((name,)))), _tokens(one), count) for one in places]


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
