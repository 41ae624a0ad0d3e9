"""The same domains as a Hypothesis strategy: simplest first, presence by mask, valid by construction.

What a domain does not model exactly is drawn again a few times and then replaced by a known good value, so
that no health check of Hypothesis trips over rejected draws; a whole value that the oracle refuses is
handled alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from hypothesis import strategies as st

from contracts.errors import GenerationError
from contracts.generate.canonical import Builder, Place, Plan, Policy, Stuck, nothing, samples
from contracts.generate.leaves import (
    Array,
    Domain,
    Number,
    Object,
    Text,
    Values,
    draws,
    hint,
    numbers_for,
    texts,
)
from contracts.generate.places import Factor, Model, count_relations, meaning, model_of
from contracts.generate.scenarios import scenario_payloads
from contracts.model import GONE, Json, Pointer, put

_TRIES: Final = 5
_MASKS: Final = st.sampled_from(("fair", "all", "none", "one", "but-one"))


@lru_cache(maxsize=16)
def strategy_of(plan: Plan) -> st.SearchStrategy[Json]:
    """Give a strategy for the values of a plan; GenerationError when no value is known at all."""
    known = next(samples(plan), _UNKNOWN)
    if known is _UNKNOWN:
        raise GenerationError(nothing(plan))
    model = model_of(plan)

    @st.composite
    def value(draw: st.DrawFn) -> Json:
        for _ in range(_TRIES):
            try:
                built = _attempt(draw, plan, model)
            except Stuck:
                continue
            if plan.oracle.valid(built):
                return built
        turn = draw(st.integers(0, 7))
        return [*_fallbacks(plan), known][turn % (len(_fallbacks(plan)) + 1)]

    return value()


def _attempt(draw: st.DrawFn, plan: Plan, model: Model) -> Json:
    """Draw a payload from nothing, or, every other time, near a scenario."""
    policy = _Drawn(draw, model)
    if any(node.factors for node in model.nodes) and draw(_WAYS) == "scenario" and told(plan, model):
        return redrawn(draw, plan, model, policy)
    return Builder(plan, policy, depth=draw(_DEPTHS), budget=400).value(plan.root, Place(), 6)


_WAYS: Final = st.sampled_from(("free", "scenario"))
_UNKNOWN: Final = object()
_DEPTHS: Final = st.sampled_from((6, 4, 8))


@lru_cache(maxsize=64)
def _fallbacks(plan: Plan) -> tuple[Json, ...]:
    return tuple(samples(plan, 8))


_COIN: Final[st.SearchStrategy[bool]] = st.booleans()


@lru_cache(maxsize=512)
def _sizes(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def _fits(domain: Values | Number | Text, known: tuple[Json, ...]) -> bool:
    if isinstance(domain, Values):
        return all(any(value is each for each in domain.values) for value in known)
    return isinstance(domain, Text) and all(texts.allows(domain, value) for value in known)


def _leaf(domain: Values | Number | Text, name: str) -> st.SearchStrategy[Json]:
    if isinstance(domain, Values):
        return st.sampled_from(domain.values)
    return _number(domain, numbers_for(name)) if isinstance(domain, Number) else _text(domain, hint(name))


_number: Final = lru_cache(maxsize=4096)(draws.number)
_text: Final = lru_cache(maxsize=4096)(draws.text)


class _Drawn(Policy):
    """A policy that asks Hypothesis; some lists hold items of one kind with few different words and ids."""

    def __init__(self, draw: st.DrawFn, model: Model) -> None:
        self.draw, self.model = draw, model
        self.few: dict[str, dict[str, tuple[Json, ...]]] = {}
        self.kinds: dict[str, Domain] = {}

    def choose(self, at: Place, domains: Sequence[Domain]) -> Domain:
        if len(domains) == 1:
            return domains[0]
        if at.path in self.few and self.kinds.get(at.path) in domains:
            return self.kinds[at.path]
        self.kinds[at.path] = self.draw(st.sampled_from(domains))
        return self.kinds[at.path]

    def leaf(self, at: Place, domain: Values | Number | Text) -> Json:
        few = self.few.get(at.path[: at.path.rfind("[]") + 2]) if "[]" in at.path else None
        kind = hint(at.name) if isinstance(domain, Text) else ""
        if few is None or (isinstance(domain, Number) or kind not in ("", "id", "status")):
            return self.draw(_leaf(domain, at.name))
        known = few.get(at.path, ())
        if len(known) < 2 or not _fits(domain, known):
            value = self.draw(_leaf(domain, at.name))
            few[at.path] = (*known, value)
            return value
        return self.draw(st.sampled_from(known))

    def length(self, at: Place, domain: Array, low: int, high: int | None) -> int:
        few = low + 3 if high is None else min(high, low + 3)
        many = low + 12 if high is None else min(high, low + 12)
        size = self.draw(_sizes(low, few + 1))
        size = size if size <= few else self.draw(_sizes(low, many))
        path = f"{at.path}[]"
        self.few.pop(path, None)
        if size > 1 and self.draw(_COIN):
            self.few[path] = {}
            self.kinds.pop(path, None)
        return size

    def names(self, at: Place, domain: Object, free: Sequence[str]) -> Sequence[str]:
        known = [name for name, _ in domain.named if name in free]
        others = [name for name in free if name not in known]
        kept = self._masked(known)
        if others and (not known or self.draw(st.integers(0, 7)) == 7):
            kept += others[: self.draw(st.integers(0, min(3, len(others))))]
        return kept

    def _masked(self, names: list[str]) -> list[str]:
        if not names:
            return []
        mask = self.draw(_MASKS)
        if mask == "fair":
            bits = self.draw(st.integers(0, 2 ** len(names) - 1))
            return [name for index, name in enumerate(names) if bits >> index & 1]
        if mask in ("all", "none"):
            return list(names) if mask == "all" else []
        one = self.draw(st.sampled_from(names))
        return [name for name in names if (name == one) == (mask == "one")]

    def object_done(self, at: Place, domain: Object, value: dict[str, Json]) -> None:
        """Let some of the numbers agree with the items."""
        node = self.model.by_domain.get((at.path, id(domain)))
        found = count_relations(node) if node is not None else ()
        if not found or not self.draw(_COIN):
            return
        for path in dict.fromkeys(counted.path for counted in found):
            some = [counted for counted in found if counted.path == path and counted.count(value) is not None]
            if some:
                some[self.draw(_sizes(0, len(some) - 1))].put(value)


_SCENARIOS: Final = 160
_PLACES: Final = 600


@lru_cache(maxsize=16)
def told(plan: Plan, model: Model) -> tuple[Json, ...]:
    """Give the first valid scenarios of a plan; none where no payload is known to start from."""
    plain = max(samples(plan, 2), key=lambda value: len(repr(value)), default=None)
    tried = islice(scenario_payloads(model, plain), 2 * _SCENARIOS)
    return tuple(islice((payload for _, payload in tried if plan.oracle.valid(payload)), _SCENARIOS))


def redrawn(draw: st.DrawFn, plan: Plan, model: Model, policy: Policy) -> Json:
    """Draw a scenario and up to two of its places anew; the oracle has not seen it."""
    value = draw(st.sampled_from(told(plan, model)))
    for _ in range(draw(st.integers(0, 2))):
        places = _places(model, value)
        if not places:
            return value
        factor, at = draw(st.sampled_from(places[draw(st.sampled_from(sorted(places)))]))
        value = put(value, at, _anew(draw, plan, factor, policy))
    return value


def _places(model: Model, value: Json) -> dict[str, list[tuple[Factor, Pointer]]]:
    """Give the places of a payload by their path, those of absent properties too."""
    found: dict[str, list[tuple[Factor, Pointer]]] = {}
    for factor, at in islice(_varying(model, value), _PLACES):
        found.setdefault(factor.path, []).append((factor, at))
    return found


def _varying(model: Model, value: Json) -> Iterator[tuple[Factor, Pointer]]:
    return ((factor, at) for factor, _, at in meaning.walk(model.root, value) if at)


def _anew(draw: st.DrawFn, plan: Plan, factor: Factor, policy: Policy) -> Json:
    level = draw(st.sampled_from(factor.levels))
    if level.domain is None:
        return GONE
    if level.values:
        return draw(st.sampled_from(level.values))
    return Builder(plan, policy, depth=3, budget=120).of(level.domain, Place(factor.path, factor.name), 3)
