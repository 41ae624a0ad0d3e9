"""Redaction of the five vendors' payloads: as valid after it as before, and nothing replaced that was no secret.

`CONTRACTS_PAYLOADS=10000 CONTRACTS_PIECE=nimble CONTRACTS_SEED=a pytest -m benchmark tests/benchmarks/redaction_validity.py`
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "interactions"))

from plantings import NAMES, SPELLINGS, secret

from contracts.check.recording import judge_of
from contracts.errors import CassetteError
from contracts.generate import plan, sample
from contracts.interactions.formats import stored
from contracts.interactions.redaction import Allowance, allowance_of
from contracts.interactions.redaction.redact import redacted
from contracts.model import Interaction, Json, Request, Response, Source
from contracts.secret import Secret
from contracts.spec import load

ROOT = Path(__file__).parents[2]
COUNT = int(os.environ.get("CONTRACTS_PAYLOADS", "200"))
SEED = os.environ.get("CONTRACTS_SEED", "")
VENDORS = ("almanac", "llamacloud", "matil", "nimble", "wickson")
BASES = 300


def places(value: Json, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every value below the top."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in members:
        yield (*at, key)
        yield from places(item, (*at, key))


def changed(base: Json, rng: random.Random, key: str) -> tuple[Json, bool]:
    """Give a payload with up to three changes, valid or not, and whether one of them planted a secret."""
    value, planted = json.loads(json.dumps(base)), False
    for _ in range(rng.randrange(4)):
        found = [at for at in places(value) if at]
        if not found:
            break
        at = rng.choice(found)
        parent = value
        for token in at[:-1]:
            parent = parent[token]
        kind = rng.randrange(5)
        if kind == 0 and isinstance(parent, dict):
            del parent[at[-1]]
        elif kind == 1:
            parent[at[-1]] = rng.choice((None, True, 0, -1, 1.5, "", "word", [], {}, [1], "2026-01-31"))
        elif kind == 2 and isinstance(parent, dict):
            parent[rng.choice(NAMES)], planted = secret(rng), True
        else:
            parent[at[-1]], planted = SPELLINGS[rng.choice(sorted(SPELLINGS))](key), True
    return value, planted


def bodies(vendor: str) -> Iterator[tuple[str, int, str, list[Json], Allowance]]:
    """Yield every documented response in JSON with payloads of it and what redaction may keep."""
    provider = load(vendor, ROOT)
    judge = judge_of(provider.spec)
    for operation in provider.spec.operations:
        for status, documented in operation.responses.items():
            for media, at in documented.content.items() if status.isdigit() else ():
                if "json" in media and (faults := judge(operation, int(status), media)):
                    allow = allowance_of(provider.spec, operation, int(status), faults=faults)
                    drawn = list(sample(plan(root=provider.spec.document, pointer=str(at)), BASES))
                    yield operation.alias, int(status), media, drawn, allow


@pytest.mark.benchmark
@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    "vendor", [name for name in VENDORS if name.startswith(os.environ.get("CONTRACTS_PIECE", ""))]
)
def test_a_payload_is_as_valid_redacted_as_it_was(vendor: str) -> None:
    rng, seen, found = random.Random(f"{SEED}{vendor}"), Counter[str](), []
    kinds = [one for one in bodies(vendor) if one[3]]
    for _ in range(COUNT):
        operation, status, media, drawn, allow = rng.choice(kinds)
        key = secret(rng)
        value, planted = changed(rng.choice(drawn), rng, key)
        data = json.dumps(value).encode("utf-8", "surrogatepass")
        if "json" not in stored(data) or allow.faults is None:
            continue
        response = Response(status, (("content-type", media),), data)
        it = Interaction(
            request=Request("GET", "https://api.example.com/"), response=response, source=Source.LIVE, operation=operation, name="x"
        )  # fmt: skip
        valid = not list(allow.faults(value))
        seen["judged"] += 1
        seen["valid"] += valid
        seen["planted"] += planted
        try:
            clean = json.loads(redacted(it, vendor, allow, [Secret(key, "KEY")]).interaction.response.body)
        except CassetteError:
            seen["refused"] += 1
            continue
        seen["replaced without a secret"] += not planted and clean != value
        if valid != (not list(allow.faults(clean))):
            found.append((operation, status, value))
    print(vendor, dict(seen), f"{len(found)} changed their validity")
    assert found == []
