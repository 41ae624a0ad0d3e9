"""Every schema finding above note shows a payload: the sender's document allows it, the receiver's does not.

Payloads are whole bodies (or parameter and header values), so that they can be fed to code as they are. What
no payload shows becomes a note; where none could be tried the finding stays as bad as it was, and says why.
Both documents are compiled once, whatever the number of findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from contracts.drift.change import Direction, turned
from contracts.drift.documents import Api
from contracts.drift.schemas import NormalSchema, SchemaPlace, Schemas, references
from contracts.drift.witness.alone import alone
from contracts.drift.witness.candidates import Parties, candidates_for
from contracts.drift.witness.claims import shows
from contracts.drift.witness.smallest import Impossible, Smallest, samples
from contracts.errors import SpecError
from contracts.model import Json, Pointer, Severity
from contracts.schema import bearable
from contracts.spec import fragment, load_document

if TYPE_CHECKING:
    from contracts.drift.change import Change
    from contracts.drift.documents import ReachedChange
    from contracts.drift.judged import Judged
    from contracts.drift.schemas import Step

MAX_TRIED: Final = 400
MAX_DEPTH: Final = 200
MAX_EFFORT: Final = 20_000_000
"""Faults by characters of the payload, in all payloads whose faults are told apart: a few seconds."""
_ROOTS: Final = "x-contracts-roots"


class Prover:
    """Finds witnesses between two documents."""

    def __init__(self, base: Api, revision: Api, *, verify: bool = False) -> None:
        self.apis = base, revision
        self.engines = ("fast", "reference") if verify else ("fast",)
        self.small: dict[Schemas, Smallest] = {}

    def prove(self, judged: Iterable[Judged]) -> Iterator[Judged]:
        """Yield the same judgements with witnesses; without one, nothing about schemas is above note."""
        listed = list(judged)
        claims = [one for one in listed if one.met and one.rule.schema and one.severity is not Severity.NOTE]
        checks = self._compile([one.met for one in claims if one.met]) if claims else None
        for one in listed:
            if checks is None or not one.met or not one.rule.schema or one.severity is Severity.NOTE:
                yield one
                continue
            try:
                proof = self._proof(one.met, checks, strict=_strict(one))
            except Spent:
                proof = Proof(could_not="its payload has more faults than could be told apart")
            if proof.payload is not None:
                yield replace(one, witness=proof.payload)
            elif proof.could_not:
                yield replace(one, unproved=proof.could_not)
            elif one.change.kind != "overlap" and not (proof.refuted and one.change.kind in _EXACT):
                yield replace(one, severity=Severity.NOTE)

    def _compile(self, met: list[ReachedChange]) -> _Checks:
        roots: dict[Schemas, dict[Any, None]] = {}
        for one in met:
            for schemas, place in zip(self._sides(one), one.root.pair[:2], strict=True):
                roots.setdefault(schemas, {})[place] = None
        return _Checks(
            {schemas: _Side(schemas, list(places), self.engines) for schemas, places in roots.items()}
        )

    def _sides(self, met: ReachedChange) -> tuple[Schemas, Schemas]:
        base, revision = (api.side(met.root.spot.direction) for api in self.apis)
        return base, revision

    def _small(self, schemas: Schemas) -> Smallest:
        return self.small.setdefault(schemas, Smallest(schemas))

    def _proof(self, met: ReachedChange, checks: _Checks, *, strict: bool) -> Proof:
        """Try payloads until one shows the change; the outcome says what became of the others."""
        if len(met.steps) > MAX_DEPTH:
            return Proof(could_not=f"it is more than {MAX_DEPTH} levels deep")
        answers = met.root.spot.direction is Direction.RESPONSE
        sides, pair, root = turned(self._sides(met), answers), met.pair, met.root.pair
        roots = turned((root.base, root.revision), answers)
        places = turned((pair.base, pair.revision), answers)
        shapes = sides[0].shape(places[0]), sides[1].shape(places[1])
        alts = (pair.kind, *turned((pair.first, pair.second), answers)) if pair.kind else None
        small = self._small(sides[0]), self._small(sides[1])
        built = [*zip(small, roots, strict=True)]
        claim = partial(_claim, met.change, shapes, alts)
        ask = partial(checks.tell, *sides, roots, strict=strict)
        judge = partial(checks.refused, *sides, roots, strict=strict)
        told = Counter[Verdict]()
        found = candidates_for(Parties(*sides, small[0]), met.change, *shapes, alts)
        for value in islice(found, MAX_TRIED):
            claimed = claim(value)
            if not claimed and met.change.kind not in _PROBED:
                continue
            try:
                payload, at = _wrapped(value, met.steps, small[0], answers=answers)
            except Impossible:
                return Proof(could_not="no payload could be built around it")
            verdict = ask(payload)
            if verdict is Verdict.SHOWS:
                keeps = partial(_keeps, claim, at)
                shown = alone(payload, _own(met.change, at), judge, built, keeps) if claimed else None
                if shown is not None:
                    return Proof(shown)
                verdict = Verdict.ACCEPTED  # at the place that it is about
            if verdict is Verdict.UNJUDGED:
                return Proof(could_not="the schemas around it cannot be judged by")
            told[verdict] += 1
        if not told.keys() - {Verdict.NOT_SENT}:
            side = "new" if answers else "old"
            return Proof(could_not=f"no payload was found that has it and that the {side} document allows")
        return Proof(refuted=not told[Verdict.TOLERATED])


class Spent(Exception):
    """The faults of so many large payloads were told apart that no more are."""


class Proof(NamedTuple):
    """The payload that shows a change; or why none could be tried; or whether all that has it is accepted."""

    payload: str | None = None
    could_not: str = ""
    refuted: bool = False


class Verdict(Enum):
    """What both sides say of one payload."""

    SHOWS = "the sender allows it and the receiver refuses it"
    NOT_SENT = "the sender does not allow it"
    ACCEPTED = "the receiver accepts it"
    TOLERATED = "the receiver accepts it once it ignores unknown keys"
    UNJUDGED = "an engine cannot judge it"


_EXACT: Final = frozenset(("enum", "enum-renamed", "alternative"))
"""Changes that name the value itself: if that is accepted, what the sentence says is not so."""


_PROBED: Final = frozenset(("pattern", "format", "multipleOf", "enum-set"))
"""Changes shown by trying: a value of the sender that keeps the receiver's fact speaks against them."""


def _claim(
    change: Change, shapes: tuple[NormalSchema, NormalSchema], alts: tuple[str, int, int] | None, value: Json
) -> bool:
    """Whether a value has what the finding says, seen from the alternatives that it compares."""
    if alts:
        kind, *which = alts
        ours, theirs = (
            replace(shape, kinds={kind: (shape.kinds[kind][n],)})
            for shape, n in zip(shapes, which, strict=True)
        )
        shapes = ours, theirs
    return shows(change, value, *shapes)


def _keeps(claim: Callable[[Json], bool], at: Pointer, payload: Json) -> bool:
    """Whether what stands at a place of a payload still has what the finding says."""
    try:
        return claim(at.resolve(payload))
    except (KeyError, IndexError):
        return False


def _own(change: Change, at: Pointer) -> Pointer:
    """Give the place that a receiver may refuse: a key of two names may be missed by either, or anywhere."""
    if change.kind == "property-moved":
        return Pointer()
    return at if change.kind == "property-renamed" else Pointer((*at, *change.tokens))


def _wrapped(value: Json, steps: tuple[Step, ...], small: Smallest, *, answers: bool) -> tuple[Json, Pointer]:
    """Put a value at its place in a body that is otherwise as small as the sender allows; say where it is."""
    at: tuple[str | int, ...] = ()
    for step in reversed(steps):
        facts = (step.revision if answers else step.base).facts
        if step.token is None:
            continue
        token = _token(facts, step.kind, step.token)
        value, at = _inside(facts, token, value, small), (token, *at)
    return value, Pointer(at)


def _token(facts: Mapping[str, Any], kind: str, token: str) -> str | int:
    """Choose an item or a key where any will do."""
    if kind == "array":
        return len(facts.get("prefixItems", ())) if token == "*" else int(token)
    return token if token != "*" else _key(facts)


def _inside(facts: Mapping[str, Any], token: str | int, value: Json, small: Smallest) -> Json:
    if isinstance(token, int):
        return small.listed(facts, max(token + 1, facts.get("minItems", 0)), {token: value})
    return small.whole(facts, {token: value})


def _key(facts: Mapping[str, Any]) -> str:
    """Invent a key that is not declared, of a form that the object allows."""
    for pattern in sorted(facts.get("patternProperties", ())):
        return next(iter(samples(pattern)), "k")
    return next(name for name in ("k", "k1", "k2", "k3") if name not in facts.get("properties", {}))


def _strict(one: Judged) -> bool:
    """A server is strict; a reader is taken to ignore unknown keys, unless the finding is about just that."""
    return one.spot.direction is Direction.REQUEST or one.rule.tolerance == "unknown"


class _Checks:
    """Both documents, compiled."""

    def __init__(self, sides: Mapping[Schemas, _Side]) -> None:
        self.sides, self.effort = sides, 0

    def tell(
        self, sender: Schemas, receiver: Schemas, roots: tuple[Any, Any], payload: Json, *, strict: bool
    ) -> Verdict:
        """Say whether the sender allows what the receiver refuses, also when that ignores unknown keys."""
        allowed = self.sides[sender].allows(roots[0], payload)
        if not allowed:
            return Verdict.UNJUDGED if allowed is None else Verdict.NOT_SENT
        taken = self.sides[receiver].allows(roots[1], payload)
        if taken is not False:
            return Verdict.UNJUDGED if taken is None else Verdict.ACCEPTED
        if strict or not self.sides[receiver].allows(roots[1], payload, loose=True):
            return Verdict.SHOWS
        return Verdict.TOLERATED

    def refused(
        self, sender: Schemas, receiver: Schemas, roots: tuple[Any, Any], payload: Json, *, strict: bool
    ) -> list[Pointer] | None:
        """Give where the receiver refuses a payload; None when that does not show a change."""
        if self.tell(sender, receiver, roots, payload, strict=strict) is not Verdict.SHOWS:
            return None
        if self.effort > MAX_EFFORT:
            raise Spent
        found = self.sides[receiver].refused(roots[1], payload, loose=not strict)
        self.effort += len(found) * len(repr(payload))  # each fault that is told holds what it is about
        return found


class _Side:
    """One document with many root schemas, compiled as one: `{n: payload}` is judged by root n."""

    def __init__(self, schemas: Schemas, roots: list[Any], engines: tuple[str, ...]) -> None:
        self.schemas, self.engines = schemas, engines
        self.document = _reachable(schemas, roots)
        self.numbers = {place: str(number) for number, place in enumerate(roots)}
        self._compiled: dict[tuple[str, bool], Any] = {}
        self._closed: bool | None = None
        self._light: bool | None = None

    def allows(self, place: Any, payload: Json, *, loose: bool = False) -> bool | None:
        """Whether all engines allow a payload at a root; None when they disagree or cannot compile it."""
        if loose and not self.closed():
            loose = False
        number = {self.numbers[place]: payload}
        engines = [self._engine(engine, place, loose=loose) for engine in self.engines]
        said = {None if engine is _BROKEN else engine.is_valid(number) for engine in engines}
        return said.pop() if len(said) == 1 else None

    def refused(self, place: Any, payload: Json, *, loose: bool) -> list[Pointer]:
        """Give where a payload breaks what a root says."""
        engine = self._engine(self.engines[0], place, loose=loose and self.closed())
        return [Pointer(fault.pointer[1:]) for fault in engine.faults({self.numbers[place]: payload})]

    def closed(self) -> bool:
        """Whether the document says anything that a reader of unknown keys would be strict about."""
        if self._closed is None:
            self._closed = _loosened(self.document) != self.document
        return self._closed

    def _bearable(self) -> bool:
        if self._light is None:
            self._light = bearable(self.document)
        return self._light

    def _engine(self, engine: str, place: Any, *, loose: bool) -> Any:
        whole = self._compiled.get((engine, loose))
        if whole is None:
            whole = self._compiled[engine, loose] = self._compile(engine, list(self.numbers), loose=loose)
        number = self.numbers[place]
        if whole is not _BROKEN:
            return whole
        one = self._compiled.get((engine + number, loose))
        if one is None:
            one = self._compiled[engine + number, loose] = self._compile(engine, [place], loose=loose)
        return one

    def _compile(self, engine: str, places: list[Any], *, loose: bool) -> Any:
        if not self._bearable():
            return _BROKEN
        from contracts.schema import compile_schema

        schema = {"properties": {self.numbers[place]: _refer(place) for place in places}}
        for mend in (False, True):
            document = load_document(self.schemas.document).document if mend else self.document
            root = {**(_loosened(document) if loose else document), _ROOTS: schema}
            try:
                return compile_schema(None, engine, root=root, pointer=f"/{_ROOTS}")
            except SpecError:
                continue
        return _BROKEN


_BROKEN: Final = object()


def _refer(place: tuple[str, ...]) -> Json:
    return {"allOf": [{"$ref": f"#{fragment(pointer)}"} for pointer in place]} if place else True


def _reachable(schemas: Schemas, places: Iterable[SchemaPlace]) -> Json:
    """Give of a document only some schemas and what they refer to; the whole where that cannot be told."""
    todo, held = [pointer for place in places for pointer in place], dict[str, Json]()
    while todo:
        pointer = todo.pop()
        if pointer not in held:
            raw = held[pointer] = schemas.raw(pointer)
            todo += map(schemas.local, references([raw]))
        if pointer[:1] != "/" or pointer in schemas.lost:
            return schemas.document
    found: dict[str, Any] = {}
    for pointer, raw in held.items():
        tokens = [str(token) for token in Pointer.parse(pointer)]
        if any(str(Pointer(tokens[:end])) in held for end in range(1, len(tokens))):
            continue  # stands in another that is held
        node = found
        for token in tokens[:-1]:
            node = node.setdefault(token, {})
        node[tokens[-1]] = raw
    return found


def _loosened(value: Json) -> Json:
    """Copy a document as a tolerant reader takes it: unknown keys ignored, one match of `oneOf` enough."""
    if isinstance(value, list):
        return [_loosened(item) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {key: _loosened(item) for key, item in value.items()}
    for key in ("additionalProperties", "unevaluatedProperties"):
        if copy.get(key) is False:
            del copy[key]
    if isinstance(copy.get("oneOf"), list) and "anyOf" not in copy:
        copy["anyOf"] = copy.pop("oneOf")
    return copy
