"""Do the two engines say the same of the same payloads? Recorded, generated and mutated ones, of any provider."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from contracts import generate
from contracts.errors import GenerationError
from contracts.model import Json, Pointer
from contracts.spec import Provider
from contracts.validate import Checker
from contracts.validate.reading import is_json, plain
from tests.validate.mutations import mutations, subjects


@dataclass(frozen=True)
class Disagreement:
    """A payload of which the engines give different sets of (place, rule)."""

    provider: str
    schema: str
    payload: Json
    fast_only: frozenset[tuple[str, str]]
    reference_only: frozenset[tuple[str, str]]


class Both:
    """The two checkers of one provider."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.fast = Checker(provider.spec, provider.id, engine="fast")
        self.reference = Checker(provider.spec, provider.id, engine="reference")

    def schemas(self) -> Iterator[Pointer]:
        """Yield every JSON response schema of the provider."""
        for operation in self.provider.spec.operations:
            for response in operation.responses.values():
                for media, schema in response.content.items():
                    if schema is not None and is_json(plain(media)):
                        yield schema

    def payloads(self, each: int, schemas: int | None = None) -> Iterator[tuple[Pointer, Json]]:
        """Yield up to `each` payloads per schema: recorded, generated, near misses, single and double mutations."""
        recorded: dict[Pointer, list[Json]] = {}
        for subject in subjects(self.provider):
            recorded.setdefault(subject.schema, []).append(subject.payload)
        for schema in islice(dict.fromkeys(self.schemas()), schemas):
            bases = [*recorded.get(schema, ()), *self._generated(schema)]
            yield from ((schema, value) for value in islice(self._around(schema, bases), each))

    def _generated(self, schema: Pointer) -> Iterator[Json]:
        try:
            plan = generate.plan(root=self.provider.spec.document, pointer=str(schema))
            yield from (payload.value for payload in generate.covering(plan, limit=12))
            yield from (miss.value for miss in islice(generate.near_misses(plan), 60))
        except GenerationError:
            return

    def _around(self, schema: Pointer, bases: list[Json]) -> Iterator[Json]:
        pick = random.Random(31)
        yield from bases
        while bases:
            first = list(mutations(self.fast, schema, pick.choice(bases)))
            for mutation in pick.sample(first, min(12, len(first))):
                yield mutation.value
                second = list(mutations(self.fast, schema, mutation.value))
                yield from (other.value for other in pick.sample(second, min(3, len(second))))

    def compare(self, schema: Pointer, payload: Json) -> Disagreement | None:
        """Give what one engine says of a payload and the other does not; None when they agree."""
        fast, reference = (
            frozenset(
                (str(broken.pointer), broken.rule) for broken in checker.body_check(schema).broken(payload)
            )
            for checker in (self.fast, self.reference)
        )
        if fast == reference:
            return None
        return Disagreement(self.provider.id, str(schema), payload, fast - reference, reference - fast)
