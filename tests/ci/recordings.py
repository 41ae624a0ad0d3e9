"""Recordings that a vendor did not make: a bundled one with another body."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from contracts.interactions.formats.cassette import dump, load_cassette

ROOT = Path(__file__).parents[2]


def altered(source: Path, change, name: str) -> bytes:
    """The bytes of a cassette whose JSON body went through `change`."""
    tape = load_cassette(source)
    response = tape.interaction.response
    value = json.loads(response.body)
    body = json.dumps(change(value), separators=(",", ":")).encode()
    one = replace(tape.interaction, name=name, response=replace(response, body=body))
    return dump(replace(tape, interaction=one))


def completed(provider: str = "nimble") -> Path:
    return ROOT / "specs" / provider / "cassettes" / "getBatch" / "200-completed.json"


def cassettes_of(folder: Path, count: int) -> list[Path]:
    """That many recordings, copies of the bundled ones."""
    sources = sorted((ROOT / "specs").glob("*/cassettes/*/*.json"))
    return [Path(shutil.copy(sources[n % len(sources)], folder / f"{n:04}.json")) for n in range(count)]


PROGRAM = """
import sys, time
from datetime import date
from contracts.ci.hooks import main
code = main(sys.argv[1:], date(2026, 11, 22))
print(code, time.process_time())
"""


def timed(check: str, files: list[Path]) -> tuple[float, int]:
    """Processor seconds and exit code of one hook over files, the start of Python included."""
    command = [sys.executable, "-c", PROGRAM, check, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    code, seconds = done.stdout.splitlines()[-1].split()
    return float(seconds), int(code)
