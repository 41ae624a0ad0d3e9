"""The payloads of one operation's answer, as samples: what covers, what nearly fits, what drifts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from contracts import generate
from contracts.consumers.consumer import Consumer
from contracts.consumers.places import differences, places_of, put
from contracts.consumers.samples import Kind, Sample, nearest
from contracts.consumers.stored import stored, stored_covering
from contracts.errors import ConfigError, GenerationError, UnknownName
from contracts.generate import Drifted, Misses, Outcome, Plan, TwoFaults
from contracts.model import Json, Pointer
from contracts.spec import Operation, Provider
from contracts.text import either, safe_text


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The successful answer of one operation, planned."""

    provider: Provider
    operation: Operation
    status: str
    plan: Plan

    @property
    def name(self) -> str:
        """Give `matil getBatch 200`."""
        return f"{self.provider.id} {self.operation.alias} {self.status}"


def answers(provider: Provider, operation: str = "") -> Answers:
    """Find the operation (by default getBatch, or the only one) and plan its successful JSON answer.

    UnknownName for an operation that is not there, ConfigError when its answer has no schema, GenerationError
    when that cannot be planned.
    """
    found = operation_of(provider, operation)
    for status in sorted(found.responses):
        if status.startswith("2"):
            for media, schema in found.responses[status].content.items():
                if schema is not None and ("json" in media or media == "*/*"):
                    with _named(f"{provider.id} {found.alias} {status}"):
                        return Answers(provider, found, status, _plan(provider, str(schema)))
    raise ConfigError(f"{provider.id} {found.alias}: no successful JSON answer with a schema in the spec")


@contextmanager
def _named(answer: str) -> Iterator[None]:
    """Say of which answer a GenerationError is."""
    try:
        yield
    except GenerationError as error:
        raise GenerationError(f"{safe_text(answer, 160)}: {error}") from None


def operation_of(provider: Provider, alias: str = "", consumer: str = "") -> Operation:
    """Find the operation whose answer is read: the one named, else getBatch, else the only one.

    UnknownName for one that is not there, ConfigError where one of several must be named; both say for whom,
    the latter also what to write where.
    """
    listed = provider.spec.operations
    where = f"{provider.id}: {safe_text(consumer, 80)}" if consumer else provider.id
    found = provider.spec.operation(alias or (listed[0].alias if len(listed) == 1 else "getBatch"))
    if found is not None:
        return found
    known = [one.alias for one in listed]
    if not alias:
        write = _written(provider.id, _likeliest(listed), consumer)
        raise ConfigError(f"{where}: which answer does it read, that of {either(known)}? {write}")
    raise UnknownName("operation", safe_text(alias, 60), known, where)


def _likeliest(listed: Sequence[Operation]) -> str:
    """Give the alias of the first operation that retrieves one thing, where there is one."""
    return max(listed, key=lambda one: (one.method == "GET", bool(one.names))).alias if listed else "ALIAS"


def _written(provider: str, alias: str, consumer: str) -> str:
    """Say what names the operation: a line of the settings for a consumer that stands there, or an option."""
    shown = safe_text(alias, 60)
    if not consumer:
        return f"Name it: --operation {shown}"
    line = f'"{safe_text(consumer, 80)}" = {{provider = "{provider}", operation = "{shown}"}}'
    return f"Write {line} in [tool.contracts.consumers] of pyproject.toml"


def _plan(provider: Provider, pointer: str) -> Plan:
    return planned(provider.spec.document, pointer)


def planned(document: Json, pointer: str) -> Plan:
    """Plan a schema of a document; the same document is planned once. GenerationError as in generate.plan."""
    return _planned(_Document(document, id(document)), pointer)


@dataclass(frozen=True, slots=True)
class _Document:
    """A document that is hashed by the spec it belongs to, so that its plans are built once."""

    value: Json
    key: int

    def __hash__(self) -> int:
        return self.key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document) and self.value is other.value


@lru_cache(maxsize=32)
def _planned(document: _Document, pointer: str) -> Plan:
    return generate.plan(root=document.value, pointer=pointer)


def covering(found: Answers) -> Iterator[Sample]:
    """Yield the covering set."""
    for index, payload in enumerate(covered(found)):
        label = f"covering-{index:03d}"
        yield Sample(kind=Kind.COVERING, label=label, value=payload.value, valid=True, points=payload.points)


def covered(found: Answers) -> generate.Covering:
    """Give the covering set with its points: all of them, and those that are not or cannot be shown.

    GenerationError names the operation whose answer has no value.
    """
    with _named(found.name):
        return stored_covering(found.plan)


@lru_cache(maxsize=32)
def plainest(found: Answers) -> Json:
    """Give the smallest plain payload: what a failure is reduced towards, and told as a difference to."""
    valid = found.plan.oracle.valid
    plain = next(iter(covered(found))).value
    return generate.reduce(plain, lambda value: valid(value) or None, simpler=offers(found)).value


@lru_cache(maxsize=32)
def offers(found: Answers) -> Callable[[Pointer, Json], Sequence[Json]]:
    """Give what the reducer tries first: the smallest legal values of a place."""
    return generate.simpler_values_of(found.plan)


def explored(found: Answers, count: int) -> Iterator[Sample]:
    """Yield random payloads, the same on every run."""
    yield from stored(found.plan, f"random-{count}", partial(_explored, found, count)) if count else ()


def _explored(found: Answers, count: int) -> Iterator[Sample]:
    for index, value in enumerate(drawn(found.plan, count)):
        yield Sample(kind=Kind.RANDOM, label=f"random-{index:05d}", value=value, valid=True)


def drawn(plan: Plan, count: int) -> list[Json]:
    """Draw payloads from the strategy; the same ones on every run."""
    strategy = generate.payloads(plan)
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable

    values: list[Json] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: Json) -> None:
        values.append(value)

    try:
        draw()
    except Unsatisfiable:
        return values
    return values


def near_misses(found: Answers) -> Iterator[Sample]:
    """Yield payloads with exactly one fault, each with the valid payload it was made from."""
    yield from stored(found.plan, "near-misses", partial(_with_a_fault, found))


def _with_a_fault(found: Answers) -> Iterator[Sample]:
    bases = [payload.value for payload in covered(found)]
    for miss in _near_misses(found.plan):
        words = words_at(found, miss.pointer.wildcard) if miss.keyword == "enum" else ()
        yield Sample(
            kind=Kind.NEAR_MISS,
            label=miss.id,
            value=miss.value,
            valid=False,
            points=(f"{miss.keyword} at {miss.pointer or '/'}",),
            base=_base(miss.value, miss.pointer, bases),
            words=words,
        )


TWO: Final = 48
"""How many payloads with two faults each a consumer meets."""


def two_faults(found: Answers) -> Iterator[Sample]:
    """Yield payloads with exactly two faults, each with the valid payload that lacks both."""
    yield from stored(found.plan, "two-faults", partial(_with_two_faults, found))


def _with_two_faults(found: Answers) -> Iterator[Sample]:
    for one in _two_faults(found.plan):
        points = tuple(f"{word} at {at or '/'}" for word, at in zip(one.keywords, one.pointers, strict=True))
        yield Sample(
            kind=Kind.TWO_FAULTS, label=one.id, value=one.value, valid=False, points=points, base=one.base
        )


@lru_cache(maxsize=32)
def _two_faults(plan: Plan) -> tuple[TwoFaults, ...]:
    return tuple(generate.two_faults(plan, count=TWO, misses=_near_misses(plan)))


def drifted(found: Answers) -> Iterator[Sample]:
    """Yield payloads changed as vendors change them without notice; some are valid."""
    yield from stored(found.plan, "drift", partial(_changed, found))


def _changed(found: Answers) -> Iterator[Sample]:
    for one in _drifted(found.plan):
        changed = next(differences(one.base, one.value), None) if one.expected is Outcome.UNKNOWN else None
        yield Sample(
            kind=Kind.DRIFT,
            label=one.id,
            value=one.value,
            valid=one.body is None and found.plan.oracle.valid(one.value),
            points=(f"{one.operator} at {one.place}",),
            base=one.base,
            words=words_at(found, changed[0].wildcard) if changed else (),
            same=one.expected is Outcome.SAME,
            refusable=one.expected is Outcome.REFUSED,
            body=one.body,
        )


@lru_cache(maxsize=32)
def _drifted(plan: Plan) -> tuple[Drifted, ...]:
    return tuple(generate.drifted(plan))


@lru_cache(maxsize=32)
def _near_misses(plan: Plan) -> Misses:
    return generate.near_misses(plan)


def _base(value: Json, at: Pointer, bases: list[Json]) -> Json:
    """Find the valid payload that equals another one but for one place; the nearest where there is none."""
    rest = put(value, at, None)
    return next((base for base in bases if put(base, at, None) == rest), None) or nearest(value, bases)


def words_at(found: Answers, wildcard: str) -> tuple[str, ...]:
    """Give the words that the covering set has at a place, in order of appearance."""
    seen: dict[str, None] = {}
    for payload in covered(found):
        for at, value in places_of(payload.value):
            if isinstance(value, str) and at.wildcard == wildcard:
                seen[value] = None
    return tuple(seen)


def met_by(consumer: Consumer, samples: Iterable[Sample]) -> Iterator[Sample]:
    """Yield the samples that a consumer can be given: bodies that are no JSON reach readers of bytes only."""
    return (sample for sample in samples if sample.body is None or consumer.takes != "json")


def digest(value: Json, write: Callable[[Json], str]) -> str:
    """Give a short stable name for a payload."""
    return hashlib.sha256(write(value).encode("utf-8", "surrogatepass")).hexdigest()[:12]
