"""One million small interactions through `contracts observe`: speed and peak memory.

python tests/benchmarks/drift_observed.py [how many]
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from contracts.interactions.formats.read import read_recording
from contracts.vendoring.observed import Collector, write


def line(number):
    states = ("pending", "running", "done", "failed")
    body = {
        "id": f"batch-{number:09d}",
        "status": states[number % 4],
        "created_at": "2026-11-20T10:00:00Z",
        "progress": number % 101 / 100,
        "tasks": [
            {"id": f"{number:012x}", "state": states[(number + i) % 4], "error": None} for i in range(2)
        ],
    }
    row = {
        "method": "GET",
        "url": f"https://api.example/v1/batches/{number}",
        "status": 200,
        "recorded_at": f"2026-11-{1 + number % 28:02}T00:00:00Z",
    }
    return json.dumps({**row, "body": body})


def main():
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for number in range(many):
            file.write(line(number) + "\n")
        file.flush()
        size = Path(file.name).stat().st_size
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        started, used = time.monotonic(), time.process_time()
        collector = Collector()
        collector.take_all(read_recording(Path(file.name)))
        summary = write(collector.summary())
        taken, used = time.monotonic() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    speeds = f"{size / 1e6 / taken:.1f} MB/s by the clock, {size / 1e6 / used:.1f} MB/s by the processor"
    print(f"{collector.taken:,} interactions, {size / 1e6:.0f} MB in {taken:.0f} s: {speeds}")
    print(f"peak {peak} MB ({before} MB before), summary {len(summary):,} bytes")


if __name__ == "__main__":
    main()
