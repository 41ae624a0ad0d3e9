"""Do both engines say the same of ten thousand and more payloads? Recorded, generated and mutated ones.

    python tests/benchmarks/engines.py [PER_SCHEMA]

prints a line per provider and every disagreement, and exits with 1 when there is one or too few were compared.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from contracts.spec.provider import load, names
from tests.validate.agreement import Both

LEAST = 10_000


def main(each: int) -> int:
    total = wrong = 0
    for name in names(Path.cwd()):
        start, both, count = time.process_time(), Both(load(name)), 0
        for schema, payload in both.payloads(each):
            count += 1
            told = both.compare(schema, payload)
            if told is not None:
                wrong += 1
                print(
                    f"  {told.schema}: only fast {sorted(told.fast_only)}, only reference {sorted(told.reference_only)}"
                )
        total += count
        print(f"{name}: {count:,} payloads, {time.process_time() - start:.0f} s", flush=True)
    print(f"{total:,} payloads, {wrong} disagreements")
    return int(wrong > 0 or total < LEAST)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 700))
