"""Whole-process CPU time and peak memory of `contracts check`: large documents, many operations, much traffic.

    python -m tests.benchmarks.check_cost documents FILE …    add each document as a vendor, then check it
    python -m tests.benchmarks.check_cost operations          400 to 3,200 operations, two examples each
    python -m tests.benchmarks.check_cost traffic             12,500 to 100,000 interactions of one JSONL file

Each row tells the time per megabyte, operation or interaction too: that is level where the cost is linear.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CONTRACTS = str(Path(sys.executable).parent / "contracts")


def run(home: Path, *arguments: str) -> tuple[float, float, str]:
    """Run a command; give its seconds of CPU, its peak megabytes and its last line."""
    process = subprocess.Popen(
        [CONTRACTS, *arguments], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output = process.stdout.read().decode() if process.stdout else ""
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, output.strip().splitlines()[-1][:80]


def row(name: str, size: float, measured: tuple[float, float, str]) -> None:
    """Print what one run took."""
    seconds, peak, last = measured
    print(
        f"{name:28} {seconds:6.2f} s  {1e6 * seconds / size:9.1f} µs each  {peak:5.0f} MB  {last}", flush=True
    )


def document(count: int) -> dict[str, Any]:
    """Make a document with many operations, whose answers are components of their own."""
    batch = {
        "type": "object",
        "required": ["id", "state"],
        "properties": {
            "id": {"type": "string"},
            "state": {"enum": ["queued", "done"]},
            "counts": {"type": "array", "items": {"type": "integer"}},
        },
    }
    paths = {
        f"/v{n % 7}/things{n}/{{id}}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {
                            "application/json": {
                                "schema": {"$ref": f"#/components/schemas/T{n}"},
                                "examples": {
                                    "a": {"value": {"id": "1", "state": "done", "counts": [1, 2]}},
                                    "b": {"value": {"id": "2", "state": "queued"}},
                                },
                            }
                        },
                    }
                },
            }
        }
        for n in range(count)
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.test"}],
        "paths": paths,
        "components": {"schemas": {f"T{n}": batch for n in range(count)}},
    }


def operations(home: Path) -> None:
    """Check vendors of more and more operations."""
    for count in (400, 800, 1600, 3200):
        name = f"v{count}"
        (home / f"{name}.json").write_text(json.dumps(document(count)))
        run(home, "vendor", "--add", name, f"{name}.json")
        row(f"{count:,} operations", count, run(home, "check", name))


def traffic(home: Path) -> None:
    """Check more and more interactions with one vendor."""
    (home / "acme.json").write_text(json.dumps(document(50)))
    run(home, "vendor", "--add", "acme", "acme.json")
    for count in (12_500, 25_000, 50_000, 100_000):
        lines = (
            {
                "request": {"method": "GET", "url": f"https://api.test/v{n % 50 % 7}/things{n % 50}/{n}"},
                "response": {
                    "status": 200,
                    "headers": {"content-type": "application/json"},
                    "body": {"id": str(n), "state": "done" if n % 9 else "lost", "counts": [n]},
                },
            }
            for n in range(count)
        )
        path = home / f"{count}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        row(f"{count:,} interactions", count, run(home, "check", "acme", "--file", path.name))


def documents(home: Path, files: list[str]) -> None:
    """Add large documents as vendors, and check each."""
    for number, file in enumerate(files):
        size, name = Path(file).stat().st_size, f"v{number}"
        row(
            f"add {Path(file).name}"[:28], size, run(home, "vendor", "--add", name, str(Path(file).resolve()))
        )
        row(f"check {Path(file).name}"[:28], size, run(home, "check", name, "--fail-on", "never"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        match sys.argv[1:]:
            case ["documents", *files]:
                documents(Path(scratch), files)
            case ["operations"]:
                operations(Path(scratch))
            case ["traffic"]:
                traffic(Path(scratch))
