"""What the vendors' own SDKs let pass, as Markdown: `python -m tests.benchmarks.sdk_table`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version

from contracts.consumers import sources
from contracts.consumers.consumer import Consumer
from contracts.consumers.effect import Effect
from contracts.consumers.registry import bundled
from contracts.consumers.samples import Kind
from contracts.consumers.stress.record import Stress, stress
from contracts.spec.provider import load
from tests.consumers import readers

SDKS = (
    ("llamacloud", "llama-cloud", readers.llamacloud_sdk),
    ("nimble", "nimble-python", readers.nimble_sdk),
)


def stressed(vendor: str) -> Iterator[tuple[str, Stress]]:
    """The SDK as it comes, with strict validation, and our normalizer."""
    name, make = next((name, make) for one, name, make in SDKS if one == vendor)
    found = sources.answers(load(vendor))
    samples = [*sources.near_misses(found), *sources.drifted(found)]
    for title, strict in (("as it comes", False), ("strict", True)):
        one = Consumer(
            id=title, provider=vendor, function=make(strict=strict), takes="bytes", refuses=_refusals(vendor)
        )
        yield f"{name} {version(name)}, {title}", stress(one, samples)
    yield "our normalizer", stress(bundled(vendor)[0], samples)


def _refusals(vendor: str) -> tuple[type[Exception], ...]:
    if vendor == "llamacloud":
        from llama_cloud import APIResponseValidationError
    else:
        from nimble_python import APIResponseValidationError
    return (APIResponseValidationError,)


def near(state: Stress) -> Counter[Effect]:
    """Effects of the near misses."""
    return Counter({effect: count for (kind, effect), count in state.met.items() if kind is Kind.NEAR_MISS})


def lies(state: Stress) -> int:
    """Answers to bodies that are no batch at all."""
    return sum(one.count for one in state.stumbles.values() if one.words == "answers a body that is no batch")


def rows() -> Iterator[str]:
    yield "| reader | payloads with one fault | refused | read as if nothing were wrong | field lost | wrong value handed on | crashed | bodies that are no batch, answered |"
    yield "|---|---|---|---|---|---|---|---|"
    for vendor, _, _ in SDKS:
        for name, state in stressed(vendor):
            found = near(state)
            total = found.total()
            cells = [
                found[effect] for effect in (Effect.REFUSED, Effect.SAME, Effect.UNKNOWN, Effect.HANDED_ON)
            ]
            crashed = found[Effect.CRASHED] + found[Effect.MADE_UP]
            shares = " | ".join(f"{count} ({count / total:.0%})" for count in cells)
            yield f"| {vendor}: {name} | {total} | {shares} | {crashed} | {lies(state)} |"


if __name__ == "__main__":
    for row in rows():
        print(row)
