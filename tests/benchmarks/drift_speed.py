"""Whole-process time and peak memory of `contracts drift`: a small pair and two large ones.

CONTRACTS_BENCHMARKS=folder python tests/benchmarks/drift_speed.py
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SMALL = """openapi: 3.0.3
info: {{title: t, version: "1"}}
paths:
  /a:
    get:
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {{type: object, required: [id], properties: {{id: {{type: string, maxLength: {most}}}}}}}
"""


def run(base, revision, times=5):
    command = [
        str(Path(sys.executable).parent / "contracts"),
        "drift",
        str(base),
        str(revision),
        "--fail-on",
        "never",
    ]
    taken, used = [], []
    for _ in range(times):
        started, before = time.monotonic(), cpu()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.monotonic() - started)
        used.append(cpu() - before)
    return statistics.median(taken), min(taken), min(used)


def cpu():
    """Seconds of processor that the children took: what a busy machine does not distort."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def report(name, median, best, used):
    print(f"{name:7} median {median:.2f} s, best {best:.2f} s, processor {used:.2f} s")


def main():
    folder = Path(os.environ.get("CONTRACTS_BENCHMARKS", "")) / "large"
    with tempfile.TemporaryDirectory() as home:
        sides = [Path(home, f"{most}.yaml") for most in (3, 9)]
        for side in sides:
            side.write_text(SMALL.format(most=side.stem))
        report("small", *run(*sides))
    for name, old, new in (("box", "2023-09", "2026-06"), ("stripe", "2020-10", "2022-02")):
        if folder.is_dir():
            report(name, *run(folder / f"{name}-{old}.json", folder / f"{name}-{new}.json", 3))
    print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, "MB")


if __name__ == "__main__":
    main()
