"""How many planted faults the payloads find: `python -m tests.benchmarks.normalizer_faults`.

A fault is found when a payload makes the faulty normalizer answer, refuse or crash otherwise than the good one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from contracts.consumers import sources
from contracts.errors import NormalizationError
from contracts.providers import NORMALIZERS
from contracts.spec.provider import load
from tests.consumers.fault_bank import BANK
from tests.consumers.planting import Planted

RANDOM = 200


def outcome(normalize: Any, payload: Any) -> tuple[str, str]:
    """Answered with what, refused, or crashed with what."""
    try:
        return ("answered", repr(normalize(json.loads(json.dumps(payload)))))
    except NormalizationError:
        return ("refused", "")
    except Exception as error:  # noqa: BLE001 -- a crash is an outcome
        return ("crashed", type(error).__name__)


def missed(vendor: str, payloads: Iterable[Any], faults: Iterable[Planted]) -> list[Planted]:
    """The faults that none of the payloads shows."""
    good = [(payload, outcome(NORMALIZERS[vendor], payload)) for payload in payloads]
    return [
        fault for fault in faults if all(outcome(fault.normalize, payload) == told for payload, told in good)
    ]


def measure(needs: str, vendor: str, kind: str, left: list[Planted]) -> list[Planted]:
    """What is left of the faults after one more kind of payload."""
    found = sources.answers(load(vendor))
    make = {"covering": sources.covering, "near misses": sources.near_misses, "drift": sources.drifted}
    payloads = sources.drawn(found.plan, RANDOM) if kind == "random" else [
        sample.value for sample in make[kind](found) if sample.body is None
    ]  # fmt: skip
    return missed(vendor, payloads, left)


def main() -> None:
    for needs, kinds in (
        ("valid", ("covering", "random")),
        ("near-miss", ("near misses",)),
        ("drift", ("drift",)),
    ):
        faults = {
            vendor: [one for one in BANK if (one.vendor, one.needs) == (vendor, needs)]
            for vendor in NORMALIZERS
        }
        total = sum(map(len, faults.values()))
        for kind in kinds:
            faults = {vendor: measure(needs, vendor, kind, left) for vendor, left in faults.items()}
            left = [one.id for some in faults.values() for one in some]
            print(
                f"{needs}: after {kind}: {total - len(left)} of {total} found ({1 - len(left) / total:.1%}); left: {left}"
            )


if __name__ == "__main__":
    main()
