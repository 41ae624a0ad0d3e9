"""Impact against brute force: `python -m tests.benchmarks.impact_on_consumers [VENDOR]`.

Each planted change is judged by `impact`, on the differences that `drift` finds, and by brute force: the consumer reads
the covering set and random payloads of the new document, and breaks when it refuses or crashes on one of them.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

from contracts.consumers import sources
from contracts.consumers.consumer import Consumer, Manner, meet
from contracts.consumers.impact import Documents, Verdict, impact_of, sides_of
from contracts.consumers.registry import bundled
from contracts.drift import drift
from contracts.spec.document import Document
from contracts.spec.provider import load
from tests.benchmarks.planted_changes import CHANGES, changed
from tests.consumers import readers

RANDOM = 60


@dataclass(frozen=True, slots=True)
class Told:
    """What both say of one change and one consumer."""

    change: str
    consumer: str
    verdict: Verdict
    breaks: bool


def consumers_of(vendor: str) -> tuple[Consumer, ...]:
    """Ours, and the vendor's own SDK where there is one."""
    sdks = {"llamacloud": readers.llamacloud_sdk, "nimble": readers.nimble_sdk}
    theirs = (
        [Consumer(id=f"{vendor} SDK", provider=vendor, function=sdks[vendor](), takes="bytes")]
        if vendor in sdks
        else []
    )
    return (*bundled(vendor), *theirs)


def brute(consumer: Consumer, values: list[object]) -> bool:
    """Whether any payload of the new document breaks the consumer."""
    return any(meet(consumer, value).manner is not Manner.ANSWERED for value in values)


def compare(vendor: str, random: int = RANDOM) -> list[Told]:
    """All planted changes of one vendor."""
    provider = load(vendor)
    operation = provider.spec.operation("getBatch")
    base = provider.spec.document
    told = []
    for _, name, change in (one for one in CHANGES if one[0] == vendor):
        revision = changed(provider, change)
        documents = Documents(base, revision)
        findings = drift(Document("base", base, {}), Document("revision", revision, {}), full=True)
        listed = consumers_of(vendor)
        found = list(impact_of(findings, [(one, operation.title) for one in listed], documents))
        sides = sides_of(documents, operation.title)
        values = [*sides.new(), *sources.drawn(sides.revision, random)]
        for one in listed:
            mine = [each.verdict for each in found if each.consumer == one.id]
            worst = max(mine, key=lambda verdict: verdict.weight, default=Verdict.UNAFFECTED)
            told.append(Told(f"{vendor}: {name}", one.id, worst, brute(one, values)))
            print(told[-1], flush=True)
    return told


def main() -> None:
    start = time.perf_counter()
    vendors = sys.argv[1:] or sorted({vendor for vendor, _, _ in CHANGES})
    told = []
    for vendor in vendors:
        told += compare(vendor)
        print(f"{vendor}: {time.perf_counter() - start:.0f} s", flush=True)
    missed = [one for one in told if one.breaks and one.verdict is not Verdict.BREAKS]
    false = [one for one in told if not one.breaks and one.verdict is Verdict.BREAKS]
    print(
        f"{len({one.change for one in told})} changes, {len(told)} verdicts, {sum(one.breaks for one in told)} breaks by brute force"
    )
    print(f"missed breaks {len(missed)}: {[(one.change, one.consumer) for one in missed]}")
    print(
        f"false alarms {len(false)} ({len(false) / len(told):.1%}): {[(one.change, one.consumer) for one in false]}"
    )
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
