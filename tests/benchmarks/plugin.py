"""What our plugin costs an idle run: `pytest --collect-only` of an empty folder, with it and without, in turns.

    python -m tests.benchmarks.plugin [ROUNDS]

Both are measured in processor time and on the clock, as medians over the rounds; a warm-up comes first.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

BASE = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
OTHERS = (
    "respx",
    "hypothesispytest",
    "recording",
    "html",
    "xdist",
    "randomly",
    "pytest_cov",
    "anyio",
    "metadata",
)
LEAN = [f"-pno:{name}" for name in OTHERS]


def once(folder: str, *args: str) -> tuple[float, float]:
    """Run once; give processor and clock milliseconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*BASE, *LEAN, *args], cwd=folder, capture_output=True, check=False)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu * 1000, clock * 1000


def measure(rounds: int) -> tuple[float, float]:
    """Give the extra processor and clock milliseconds: the median of the differences of neighbouring runs."""
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""
    with tempfile.TemporaryDirectory() as folder:
        once(folder), once(folder, "-pno:contracts.plugin")
        pairs = [(once(folder), once(folder, "-pno:contracts.plugin")) for _ in range(rounds)]
    return tuple(statistics.median(on[n] - off[n] for on, off in pairs) for n in (0, 1))  # type: ignore[return-value]


if __name__ == "__main__":
    cpu, clock = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
    print(
        f"idle plugin: {cpu:.1f} ms of processor time, {clock:.1f} ms on the clock, over -p no:contracts.plugin (bar: 30)"
    )
