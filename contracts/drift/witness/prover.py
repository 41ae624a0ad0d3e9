"""Every schema finding above note shows a payload: the sender's document allows it, the receiver's does not.

Payloads are whole bodies (or parameter and header values), so that they can be fed to code as they are. What
no payload shows becomes a note; where none could be tried the finding stays as bad as it was, and says why.
Both documents are compiled once, whatever the number of findings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from contracts.drift.change import Direction
from contracts.drift.documents import Api
from contracts.drift.schemas import SchemaPlace, Schemas, references
from contracts.drift.witness.alone import alone
from contracts.drift.witness.candidates import Parties, candidates_for
from contracts.drift.witness.claims import shows
from contracts.drift.witness.smallest import Impossible, Smallest, samples
from contracts.errors import SpecError
from contracts.model import Json, Pointer, Severity
from contracts.schema import bearable
from contracts.spec import fragment, load_document

if TYPE_CHECKING:
    from contracts.drift.documents import ReachedChange
    from contracts.drift.judged import Judged
    from contracts.drift.schemas import Step

MAX_TRIED: Final = 400
MAX_DEPTH: Final = 200
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
            proof = self._proof(one.met, checks, strict=_strict(one))
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
        answers = met.root.spot.direction is Direction.RESPONSE
        if len(met.steps) > MAX_DEPTH:
            return Proof(could_not=f"it is more than {MAX_DEPTH} levels deep")
        sender, receiver = self._sides(met)[::-1] if answers else self._sides(met)
        pair, root = met.pair, met.root.pair
        places = (pair.revision, pair.base) if answers else (pair.base, pair.revision)
        roots = (root.revision, root.base) if answers else (root.base, root.revision)
        alts = (
            (pair.kind, *((pair.second, pair.first) if answers else (pair.first, pair.second)))
            if pair.kind
            else None
        )
        small = self._small(sender)
        shapes = sender.shape(places[0]), receiver.shape(places[1])
        found = candidates_for(Parties(sender, receiver, small), met.change, *shapes, alts)
        asked = allowed = refuted = 0
        for value in islice(found, MAX_TRIED):
            if not shows(met.change, value, *shapes):
                continue
            try:
                payload = _wrapped(value, met.steps, small, answers=answers)
            except Impossible:
                return Proof(could_not="no payload could be built around it")
            asked += 1
            verdict = checks.tell(sender, receiver, roots, payload, strict=strict)
            if verdict is Verdict.SHOWS:
                judge = partial(checks.refused, sender, receiver, roots, strict=strict)
                built = [(small, roots[0]), (self._small(receiver), roots[1])]
                payload = alone(payload, met.tokens[len(met.root.spot.tokens) :], judge, built)
                text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
                return Proof(text)
            if verdict is Verdict.UNJUDGED:
                return Proof(could_not="the schemas around it cannot be judged by")
            allowed += verdict is not Verdict.NOT_SENT
            refuted += verdict is Verdict.ACCEPTED
        if not allowed:
            side = "new" if answers else "old"
            return Proof(could_not=f"no payload was found that has it and that the {side} document allows")
        return Proof(refuted=refuted == allowed)


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


def _wrapped(value: Json, steps: tuple[Step, ...], small: Smallest, *, answers: bool) -> Json:
    """Put a value at its place in a body that is otherwise as small as the sender allows."""
    for step in reversed(steps):
        facts = (step.revision if answers else step.base).facts
        if step.token is None:
            continue
        value = _inside(facts, step.kind, step.token, value, small)
    return value


def _inside(facts: Mapping[str, Any], kind: str, token: str, value: Json, small: Smallest) -> Json:
    if kind == "array":
        prefix = len(facts.get("prefixItems", ()))
        index = prefix if token == "*" else int(token)
        return small.listed(facts, max(index + 1, facts.get("minItems", 0)), {index: value})
    name = token if token != "*" else _key(facts)
    return small.whole(facts, {name: value})


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
        self.sides = sides

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
        return self.sides[receiver].refused(roots[1], payload, loose=not strict)


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
