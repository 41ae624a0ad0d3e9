"""Time of the normalizers against our strict decode of the same body: `python -m tests.benchmarks.normalizer_speed`."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator

from contracts.decode import decode
from contracts.providers import NORMALIZERS
from tests.providers.payloads import ITEMS, items_of, plain

SIZES = (1_000, 10_000, 100_000)


def best(call: Callable[[], object], times: int = 3) -> float:
    """The least of several runs, in seconds of processor time: what else runs on the machine does not count."""
    found = []
    for _ in range(times):
        start = time.process_time()
        call()
        found.append(time.process_time() - start)
    return min(found)


def body_of(vendor: str, count: int) -> bytes:
    """A body with that many items, like those of the documentation."""
    payload = plain(vendor)
    items = items_of(vendor, payload)
    made = [copy.copy(items[index % len(items)]) for index in range(count)]
    items[:] = made
    return json.dumps(payload).encode()


def measure(vendor: str, count: int) -> tuple[float, float]:
    """Seconds to decode, and seconds to normalize."""
    body = body_of(vendor, count)
    value = decode(body, max_bytes=len(body)).value
    return best(lambda: decode(body, max_bytes=len(body))), best(lambda: NORMALIZERS[vendor](value))


def rows() -> Iterator[str]:
    for vendor in sorted(ITEMS):
        for count in SIZES:
            decoding, normalizing = measure(vendor, count)
            each = normalizing / count * 1e6
            yield f"{vendor:<11} {count:>8,} items  decode {decoding:7.3f} s  normalize {normalizing:7.3f} s  ×{normalizing / decoding:4.2f}  {each:5.1f} µs an item"


if __name__ == "__main__":
    for row in rows():
        print(row, flush=True)
