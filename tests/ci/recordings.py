"""Recordings that a vendor did not make: a bundled one with another body."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from contracts.interactions.cassette import dump, load_cassette

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
