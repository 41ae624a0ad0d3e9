"""Files of others, broken in every way: interactions or one sentence, in time, never a traceback."""

from __future__ import annotations

import gzip
import json
import random
import time
from pathlib import Path

import pytest

from contracts.errors import CassetteError
from contracts.interactions.formats.read import read_recording
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.redact import redacted
from contracts.interactions.redaction.scan import leaks

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
VCR = b"""interactions:
- request: {body: null, headers: {A: [b]}, method: GET, uri: 'https://x.io/a'}
  response: {body: {string: !!binary e30=}, headers: {Content-Encoding: [gzip]}, status: {code: 200, message: OK}}
version: 1
"""
JSONL = b'{"url": "https://x.io/a", "status": 200, "response_headers": {"A": "b"}, "body": {"a": [1]}}\n' * 3
SEEDS = {
    "har": (DATA / "get-307-trailing-slash.har").read_bytes(),
    "vcr": VCR,
    "jsonl": JSONL,
    "own": (ROOT / "specs/nimble/cassettes/getBatch/200-running.json").read_bytes(),
    "gzip": gzip.compress(JSONL),
}
BITS = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\\",
    b"\n",
    b"\x00",
    b"\xff",
    b"null",
    b"-1",
    b"1e999",
    b"\\ud800",
    b"&a",
    b"*a",
    b"!!python/object:os.system",
    b"999999999999999999999",
    b"true",
    b"{}",
    b"[]",
    b'""',
    b"\xe2\x80\xae",
]


def mutated(data: bytes, rng: random.Random) -> bytes:
    raw = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(raw) + 1)
        kind = rng.random()
        if kind < 0.4:
            raw[at : at + rng.randint(0, 6)] = rng.choice(BITS)
        elif kind < 0.6:
            del raw[at : at + rng.randint(1, 40)]
        elif kind < 0.8:
            raw[at:at] = raw[at : at + rng.randint(1, 60)]
        else:
            del raw[at:]
    return bytes(raw)


@pytest.mark.parametrize("kind", sorted(SEEDS))
def test_mutated_files_are_read_or_refused(kind: str) -> None:
    rng, read = random.Random(5), 0
    for _ in range(120):
        data = mutated(SEEDS[kind], rng)
        try:
            for interaction in read_recording(data, "f", on_problem=lambda _: None):
                read += 1
                if interaction.response is not None:
                    redacted(interaction, "acme", Allowance())
        except CassetteError:
            continue
        list(leaks(data))
    assert read > 5 or kind in {"gzip", "own"}


HOSTILE = {
    "deep json": b'{"log": {"entries": [' + b"[" * 200_000,
    "deep har value": b'{"log": ' + b'{"a":' * 100_000,
    "deep yaml": b"interactions:\n" + b"".join(b" " * n + b"- \n" for n in range(2000)),
    "flow yaml": b"interactions: " + b"[" * 50_000,
    "backslashes": json.dumps({"url": "https://x.io", "status": 200, "body": "\\" * 200_000}).encode(),
    "quotes": json.dumps({"url": "https://x.io", "status": 200, "body": "'\"" * 100_000}).encode(),
    "members": json.dumps({"url": "https://x.io", "status": 200, "body": '"a":"' * 60_000}).encode(),
    "blanks": json.dumps({"url": "https://x.io", "status": 200, "body": "token" + " " * 300_000}).encode(),
    "colons": json.dumps(
        {"url": "https://x.io", "status": 200, "body": ":" * 300_000 + " " + "a" * 300_000}
    ).encode(),
    "at signs": json.dumps({"url": "https://x.io", "status": 200, "body": "a@" * 150_000}).encode(),
    "nested json": json.dumps(
        {"url": "https://x.io", "status": 200, "body": json.dumps("[" * 100_000 + "]" * 100_000)}
    ).encode(),
    "base64": json.dumps({"url": "https://x.io", "status": 200, "body": "QUFB" * 80_000}).encode(),
    "words": json.dumps({"url": "https://x.io", "status": 200, "body": "a1B2" * 80_000}).encode(),
    "slashes": json.dumps({"url": "https://x.io", "status": 200, "body": "://" * 100_000}).encode(),
}


@pytest.mark.untraced
@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_texts_cost_linear_time(kind: str) -> None:
    begun = time.process_time()
    try:
        for interaction in read_recording(HOSTILE[kind], "f", on_problem=lambda _: None):
            redacted(interaction, "acme", Allowance(), ["Zx81Spectrum48K"])
    except CassetteError:
        pass
    assert time.process_time() - begun < 3
