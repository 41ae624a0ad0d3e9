"""A new user's first minutes, as one command each: from what the vendor has to the first check.

    python tests/benchmarks/first_minutes.py

Prints the machine time (user and system) and the wall time of `vendor --add` and of the first check, for a
document, a page and a recording.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
URL = "https://sdk.nimbleway.com/v1/batches/4b0a90bf-c951-42e4-95b3-a95a65ba69fc"
BODY = {"id": "4b0a90bf-c951-42e4-95b3-a95a65ba69fc", "status": "completed", "total": 3}


def entry(number: int) -> dict[str, object]:
    """Write one answer as an entry of a HAR."""
    content = {"mimeType": "application/json", "text": json.dumps({**BODY, "total": number})}
    headers = [{"name": "Content-Type", "value": "application/json"}]
    return {
        "startedDateTime": "2026-11-22T10:00:00.000Z",
        "time": 1,
        "request": {"method": "GET", "url": URL, "headers": []},
        "response": {"status": 200, "headers": headers, "content": content},
    }


def timed(*words: str, cwd: Path) -> tuple[float, float, str]:
    """Run a command; gives machine seconds, wall seconds, and the last line it printed."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        (sys.executable, "-m", "contracts", *words), cwd=cwd, capture_output=True, text=True, check=False
    )
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - started
    machine = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = [*done.stdout.splitlines(), *done.stderr.splitlines()] or [""]
    return machine, wall, f"exit {done.returncode}: {said[-1][:90]}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "pyproject.toml").write_text("")
        traffic = home / "traffic.har"
        traffic.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry(n) for n in range(12)]}}))
        starts = {
            "document": ROOT / "specs/nimble/openapi.yaml",
            "page": ROOT / "specs/wickson/upstream/batch-status.txt",
            "recording": traffic,
        }
        for what, file in starts.items():
            for words in (("vendor", "--add", what, str(file)), ("check", what, "--file", str(traffic))):
                machine, wall, said = timed(*words, cwd=home)
                print(f"{what:<10} {words[0]:<7} {machine:5.1f} s machine, {wall:5.1f} s wall   {said}")
