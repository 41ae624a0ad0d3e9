"""Law violations of the five normalizers: `python -m tests.benchmarks.normalizer_laws [RANDOM] [VENDOR]...`.

Covering set, near misses, payloads with two faults, drift operators, and RANDOM (10,000) random payloads each.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from contracts.consumers import sources
from contracts.consumers.laws.baseline import ground_of
from contracts.consumers.registry import bundled
from contracts.consumers.samples import Kind, Sample
from contracts.consumers.stress.record import Stress, met_by, stumbles_once
from contracts.consumers.stress.report import kept_laws
from contracts.consumers.stress.run import samples
from contracts.generate import payloads
from contracts.spec.provider import load
from tests.providers.payloads import VENDORS


def measure(vendor: str, random: int) -> Stress:
    """One normalizer under all payloads; random ones are met as they are drawn, so that memory stays small."""
    from hypothesis import HealthCheck, Phase, given, settings

    found = sources.answers(load(vendor))
    state = Stress(bundled(vendor)[0], ground_of(bundled(vendor)[0], found))
    for sample in met_by(state.consumer, samples(found)):
        state.add(sample)

    @settings(max_examples=random, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(payloads(found.plan))
    def one(value: object) -> None:
        state.add(Sample(kind=Kind.RANDOM, label="random", value=value, valid=True))

    if random:
        one()
    for stumble in stumbles_once(state.ground, next(sources.covering(found))):
        state.stumbles[stumble.signature] = stumble
    return state


def main() -> None:
    random = int(sys.argv[1]) if sys.argv[1:] else 10_000
    for vendor in sys.argv[2:] or VENDORS:
        start = time.perf_counter()
        state = measure(vendor, random)
        kinds = Counter()
        for (kind, _), count in state.met.items():
            kinds[str(kind)] += count
        asked = len(kept_laws(state)) + len({one.law.id for one in state.stumbles.values()})
        broken = [(one.law.id, one.words, one.count) for one in state.stumbles.values()]
        print(
            f"{vendor}: {dict(kinds)} · {len(broken)} of {asked} laws broken {broken} · {time.perf_counter() - start:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
