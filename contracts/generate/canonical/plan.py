"""A plan: one schema turned into numbered goals and, goal by goal, into domains.

Goals are worked out when first asked for, so recursive schemas are graphs, not endless trees. `height`
tells how many levels the smallest value of a goal needs; a goal without a height has no value at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from contracts.errors import GenerationError
from contracts.generate.canonical import typed
from contracts.generate.canonical.alternatives import WORDLESS, cut, hold
from contracts.generate.canonical.constraints import Layout, SchemaRef, State, replace
from contracts.generate.canonical.negation import denied
from contracts.generate.canonical.oracle import Oracle, Subject, oracle_of
from contracts.generate.canonical.references import Lookup, ScopedSchema
from contracts.generate.leaves import Array, Conjunction, Domain, Object, Text, Values, samples, texts
from contracts.model import Json
from contracts.patterns import search

_FAR: Final = 10**6


class Plan:
    """Everything that is known about what a schema allows; build it once and share it."""

    def __init__(self, subject: Subject, *, direction: str = "response") -> None:
        self.subject, self.direction = subject, direction
        self._lookup = Lookup(subject.document)
        self._spots: list[ScopedSchema | tuple[SchemaRef, ...]] = [()]
        self._numbers: dict[object, SchemaRef] = {}
        self._narrow: dict[SchemaRef, SchemaRef] = {}
        self._goals: list[tuple[SchemaRef, ...]] = []
        self._goal_numbers: dict[tuple[SchemaRef, ...], Conjunction] = {}
        self._raw: dict[Conjunction, tuple[tuple[Domain, State], ...]] = {}
        self._ready: dict[Conjunction, tuple[Domain, ...]] = {}
        self._heights: dict[Conjunction, int] = {}
        self._levels: dict[Conjunction, tuple[tuple[Domain, ...], tuple[int, ...]]] = {}
        self._layouts: dict[Object, Layout] = {}
        self._open: set[Conjunction] = set()
        self._torn = False
        self._left: int | None = None
        self._engines: dict[SchemaRef, Oracle | None] = {}
        self._notices: dict[str, None] = {}
        self.oracle = oracle_of(subject)
        self.root = self.goal([self._lit(self._lookup.spot(subject.pointer))])

    # ---- schemas by number

    def _lit(self, spot: ScopedSchema) -> SchemaRef:
        key = (spot.schema if isinstance(spot.schema, bool) else id(spot.schema), spot.base, spot.scope)
        if key not in self._numbers:
            self._numbers[key] = len(self._spots)
            self._spots.append(spot)
        return self._numbers[key]

    def _spot(self, lit: SchemaRef) -> ScopedSchema:
        spot = self._spots[abs(lit)]
        assert isinstance(spot, ScopedSchema)
        return spot

    def schema(self, lit: SchemaRef) -> Json:
        """Give the schema of a number; True for a synthetic choice."""
        spot = self._spots[abs(lit)]
        return spot.schema if isinstance(spot, ScopedSchema) else True

    def sub(self, parent: SchemaRef, schema: Json) -> SchemaRef:
        """Number a subschema."""
        return self._lit(self._lookup.child(self._spot(parent), schema))

    def target(self, parent: SchemaRef, keyword: str) -> SchemaRef:
        """Number what a `$ref` or `$dynamicRef` points at."""
        spot = self._spot(parent)
        return self._lit(self._lookup.target(spot, spot.schema[keyword], dynamic=keyword == "$dynamicRef"))

    def either(self, lits: tuple[SchemaRef, ...]) -> SchemaRef:
        """Number a choice between schemas."""
        if lits not in self._numbers:
            self._numbers[lits] = len(self._spots)
            self._spots.append(lits)
        return self._numbers[lits]

    def branches(self, lit: SchemaRef) -> tuple[SchemaRef, ...] | None:
        """Give the schemas of a choice, or None for a schema."""
        spot = self._spots[abs(lit)]
        return None if isinstance(spot, ScopedSchema) else spot

    def narrowed(self, parent: SchemaRef, sub: Json, name: str, words: tuple[str, ...]) -> SchemaRef:
        """Number a branch of a discriminated union, its property held to the branch's words."""
        key = (parent, id(sub), name, words)
        if key not in self._numbers:
            lit = self.sub(
                parent, {"allOf": [sub, {"properties": {name: {"enum": list(words)}}, "required": [name]}]}
            )
            self._numbers[key] = lit
            self._narrow[lit] = self.sub(parent, sub)
        return self._numbers[key]

    def matching_name(self, pattern: str) -> Iterator[str]:
        """Yield a few property names that match a pattern."""
        try:
            plain = [name for name in samples(pattern) if name]
        except GenerationError as error:
            self.notice(str(error))
            return
        longer = [f"{name}{more}" for more in "ab1" for name in plain[:2]]
        yield from islice(
            dict.fromkeys(name for name in (*plain[:2], *longer, *plain) if search(pattern, name)), 6
        )

    def other_name(self, names: Iterable[str], patterns: Iterable[str], lit: SchemaRef) -> Iterator[str]:
        """Yield a property name outside the names and patterns that satisfies a schema (0: any)."""
        known, patterns = set(names), tuple(patterns)
        for domain in self.domains(self.goal([lit])) if lit else (Text(),):
            yield from islice((name for name in _names(domain, known, patterns)), 1)

    def notice(self, text: str) -> None:
        """Note something that is not modelled, once."""
        self._notices[text] = None

    @property
    def notices(self) -> tuple[str, ...]:
        """What this plan does not model, sorted."""
        return tuple(sorted(self._notices))

    def writable(self, schema: Json) -> bool:
        """Whether a property may appear: `writeOnly` is not in responses, `readOnly` not in requests."""
        word = "writeOnly" if self.direction == "response" else "readOnly"
        return not (isinstance(schema, dict) and schema.get(word) is True)

    @contextmanager
    def limited(self, steps: int) -> Iterator[None]:
        """Work out no more than so many schemas within; beyond that, GenerationError."""
        before, self._left = self._left, steps
        try:
            yield
        finally:
            self._left = before

    def expand(self, lits: Iterable[SchemaRef], start: State | None = None) -> list[State]:
        """Give the alternatives of a conjunction."""
        states = [start or State()]
        for lit in lits:
            states = cut(self, [after for state in states for after in self.settle(state, lit)])
        return states

    def settle(self, state: State, lit: SchemaRef) -> list[State]:
        """Take one schema, or its negation (at least one of its keywords is broken), into account."""
        if lit in state.done:
            return [state]
        if -lit in state.done:
            return []
        self._spend()
        state = replace(state, done=state.done | {lit})
        return hold(self, state, lit) if lit > 0 else cut(self, list(denied(self, state, -lit)))

    def _spend(self) -> None:
        """Count one schema that is worked out."""
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise GenerationError("the schema has too many alternatives to be worked out")

    # ---- goals and their domains

    def goal(self, lits: Iterable[SchemaRef]) -> Conjunction:
        """Number a conjunction."""
        key = tuple(dict.fromkeys(lit for lit in lits if lit < 0 or not self._asks_nothing(lit)))
        if key not in self._goal_numbers:
            self._goal_numbers[key] = len(self._goals)
            self._goals.append(key)
        return self._goal_numbers[key]

    def _asks_nothing(self, lit: SchemaRef) -> bool:
        schema = self.schema(lit)
        if isinstance(schema, dict):
            return all(word in WORDLESS or word.startswith("x-") for word in schema)
        return schema is True and self.branches(lit) is None

    def open(self, goal: Conjunction) -> bool:
        """Whether no schema of a goal is simply False."""
        return not any(
            self.schema(lit) is (lit < 0) for lit in self._goals[goal] if self.branches(lit) is None
        )

    def join(self, *goals: Conjunction) -> Conjunction:
        """Number the conjunction of goals."""
        return self.goal(lit for goal in goals for lit in self._goals[goal])

    def domains(self, goal: Conjunction) -> tuple[Domain, ...]:
        """Give the ways to satisfy a goal that have a value, in the order of the schema."""
        if goal not in self._ready:
            found = [(d, s) for d, s in self._alternatives(goal) if self.domain_height(d) < _FAR]
            if any(d.checks for d, _ in found):
                self._ready[goal] = tuple(d for d, _ in found)
                found = [pair for d, s in found for pair in typed.proven(self, d, s)]
            self._ready[goal] = tuple({repr(d): d for d, _ in found}.values())
        return self._ready[goal]

    def _alternatives(self, goal: Conjunction) -> tuple[tuple[Domain, State], ...]:
        if goal not in self._raw:
            if goal in self._open:
                self._torn = True
                return ()
            self._open.add(goal)
            try:
                states = self.expand(self._goals[goal])
                self._raw[goal] = tuple((d, s) for s in states for d in typed.domains_of(self, s))
            finally:
                self._open.discard(goal)
                self._mend()
        return self._raw[goal]

    def _mend(self) -> None:
        """Forget what was concluded from a goal that was still being worked out."""
        if self._torn and not self._open:
            self._torn = False
            self._ready.clear()
            self._heights.clear()
            self._levels.clear()
            self._layouts.clear()

    def height(self, goal: Conjunction) -> int | None:
        """Give how many levels the smallest value needs; None when there is no value."""
        if goal not in self._heights:
            self._settle_heights(goal)
        height = self._heights[goal]
        return None if height >= _FAR else height

    def dead_end(self) -> str:
        """Give the place of the first value that is required and that no way was found to build."""
        goal, path, seen = self.root, "$", set[Conjunction]()
        while goal not in seen:
            seen.add(goal)
            for domain, _ in self._alternatives(goal):
                needed = dict(domain.named) if isinstance(domain, Object) else {}
                for name, inner in needed.items():
                    if name in domain.required and self.height(inner) is None:  # type: ignore[union-attr]
                        goal, path = inner, f"{path}.{name}"
                        break
                if isinstance(domain, Array) and domain.low and self.height(domain.goal(0)) is None:
                    goal, path = domain.goal(0), f"{path}[]"
        return path

    def _settle_heights(self, goal: Conjunction) -> None:
        """Work out the heights of a goal and all it depends on, from the leaves up."""
        open_, todo = dict[Conjunction, None](), [goal]
        while todo:
            goal = todo.pop()
            if goal in self._heights or goal in open_:
                continue
            open_[goal] = None
            for domain, _ in self._alternatives(goal):
                todo.extend(each for options in typed.needs(self, domain) for each in options)
        self._heights.update(dict.fromkeys(open_, _FAR))
        changed = True
        while changed:
            changed = False
            for goal in open_:
                best = min((self._now(domain) for domain, _ in self._alternatives(goal)), default=_FAR)
                if best < self._heights[goal]:
                    self._heights[goal], changed = best, True

    def _now(self, domain: Domain) -> int:
        needs = typed.needs(self, domain)
        tallest = max(
            (min((self._heights[goal] for goal in options), default=_FAR) for options in needs), default=-1
        )
        return min(_FAR, tallest + 1)

    def domain_height(self, domain: Domain) -> int:
        """Give the height of one domain; a million when it has no value."""
        for options in typed.needs(self, domain):
            for goal in options:
                self.height(goal)
        return self._now(domain)

    def heights(self, goal: Conjunction) -> tuple[int, ...]:
        """Give the heights of a goal's domains, in their order."""
        domains = self.domains(goal)
        known = self._levels.get(goal)
        if known is None or known[0] is not domains:
            known = self._levels[goal] = (domains, tuple(map(self.domain_height, domains)))
        return known[1]

    def layout(self, domain: Object) -> Layout:
        """Give the goals of an object's names, those beyond its properties first; and which are free."""
        if domain not in self._layouts:
            goals = {**dict(domain.extras), **dict(domain.named)}
            alive = (name for name, goal in goals.items() if self.height(goal) is not None)
            self._layouts[domain] = (goals, tuple(name for name in alive if name not in domain.required))
        return self._layouts[domain]

    # ---- the oracle for parts

    def passes(self, checks: Iterable[SchemaRef], value: Json) -> bool:
        """Whether a value agrees with the schemas that a domain does not model exactly."""
        return all(self._holds(lit, value) for lit in checks)

    def _holds(self, lit: SchemaRef, value: Json) -> bool:
        either = self.branches(lit)
        if either is not None:
            return any(self._holds(branch, value) for branch in either) == (lit > 0)
        lit = self._narrow.get(abs(lit), abs(lit)) * (1 if lit > 0 else -1)
        engine = self._engine(abs(lit))
        return engine is None or engine.valid(value) == (lit > 0)

    def _engine(self, lit: SchemaRef) -> Oracle | None:
        """Compile a part; None where only the whole can judge (dynamic references, other resources)."""
        if lit not in self._engines:
            self._engines[lit] = typed.part(self.subject, self._spot(lit))
        return self._engines[lit]


def _names(domain: Domain, known: set[str], patterns: tuple[str, ...]) -> Iterator[str]:
    if isinstance(domain, Values):
        found: Iterable[Json] = domain.values
    elif isinstance(domain, Text):
        found = texts.other_names(domain, len(known) + 8)
    else:
        return
    for name in found:
        if (
            isinstance(name, str)
            and name not in known
            and not any(search(pattern, name) for pattern in patterns)
        ):
            yield name
