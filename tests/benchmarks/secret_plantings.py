"""2,500 secrets planted everywhere in recordings: imported, recorded, and searched for in what was written."""

from __future__ import annotations

import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "interactions"))

from plantings import planted, remains

from contracts.check.recording import store
from contracts.model import Source
from contracts.secret import Secret
from contracts.spec import load

ROOT = Path(__file__).parents[2]
COUNT = 2500


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
