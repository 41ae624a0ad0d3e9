"""Thousands of secrets planted in answers: through the store alone, and through every door and format.

`CONTRACTS_PLANTINGS=20000` says how many go through the doors, 60 a run.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "interactions"))
sys.path.insert(0, str(Path(__file__).parents[2]))

from plantings import planted, remains

from contracts.check.recording import store
from contracts.model import Source
from contracts.secret import Secret
from contracts.spec import load
from tests import sinks
from tests.doors import DOORS

ROOT = Path(__file__).parents[2]
COUNT = 2500
BATCH = 60
THROUGH = int(os.environ.get("CONTRACTS_PLANTINGS", "2000"))
SLOW = ("pytest", "stress", "gate", "impact", "drift")
"""Doors that are entered with more answers at once, since a run of them takes long whatever they are."""
SEED = os.environ.get("CONTRACTS_SEED", "")
PIECE = os.environ.get("CONTRACTS_PIECE", "")
"""Doors whose names begin so, so that a long measurement can be made in pieces."""


@pytest.mark.benchmark
@pytest.mark.parametrize("source", [Source.RECORDED, Source.LIVE])
def test_no_piece_of_a_planted_secret_reaches_the_disk(tmp_path: Path, source: Source) -> None:
    provider, rng = load("nimble", ROOT), random.Random(11)
    outcomes: Counter[str] = Counter()
    for number in range(COUNT):
        it, value, told, where = planted(rng)
        url = it.request.url.replace("api.example.com", "sdk.nimbleway.com")
        it = replace(it, source=source, name=f"n-{number}", request=replace(it.request, url=url))
        keeper = store(provider, home=tmp_path, secrets=(Secret(value, "KEY"),) if told else ())
        kept = keeper.keep(it)
        outcomes[kept.outcome] += 1
        assert not [value[i : i + 8] for i in range(len(value) - 7) if value[i : i + 8] in str(kept)], where
        if kept.path:
            assert remains(kept.path.read_bytes(), value) == "", (where, kept.path)
            kept.path.unlink()
    print(dict(outcomes))
    assert outcomes["written"] > COUNT * 0.7
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


@pytest.mark.benchmark
@pytest.mark.timeout(0)
@pytest.mark.parametrize("door", [name for name in DOORS if name.startswith(PIECE)])
def test_no_door_says_a_piece_of_a_planted_secret(tmp_path: Path, door: str) -> None:
    size = BATCH * 4 if door.startswith(SLOW) else BATCH
    runs, found = -(-THROUGH // size // len(DOORS)), []
    for number in range(runs):
        home = tmp_path / str(number)
        home.mkdir()
        found += sinks.leaks_of(home, door, random.Random(f"{SEED}{door} {number}"), size)
    print(f"{door}: {runs * size} planted, {len(found)} said")
    assert found == []
