"""A key planted two thousand times in what is recorded: everywhere at once, in every spelling; nothing is written."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "interactions"))

from plantings import NAMES, SPELLINGS, remains, secret

from contracts.interactions import Known, leaks
from contracts.interactions.formats.cassette import dump
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.redact import redacted
from contracts.model import Interaction, Request, Response, Source

EACH = 40
RUNS = 50
HEADERS = ("Link", "Location", "Retry-After", "X-Ratelimit-Limit", "Set-Cookie", "X-Strange", "Content-Type")
PLACES = ("header", "sent", "query", "path", "key", "value", "deep", "named", "nested", "address", "list")


def planted(rng: random.Random, key: str) -> Interaction:
    """Give an answer in which a key stands `EACH` times, each time in another spelling or place."""
    body: dict[str, object] = {"id": "b-1", "items": []}
    sent, got, query, path = [], [], ["expand=results"], ""
    for number in range(EACH):
        text = SPELLINGS[rng.choice(sorted(SPELLINGS))](key)
        match PLACES[number % len(PLACES)]:
            case "header":
                got.append((rng.choice(HEADERS), text.replace("\n", " ").replace("\r", " ")))
            case "sent":
                sent.append((rng.choice(("Authorization", "X-Api-Key", "Cookie", "Accept")), f"a={key}"))
            case "query":
                query.append(f"{rng.choice(('expand', 'token', 'sig', 'q'))}={quote(text, safe='')}")
            case "path":
                path = f"/{quote(text, safe='')}"
            case "key":
                body[f"{text}{number}"] = number
            case "named":
                body[f"{rng.choice(NAMES)}{number}"] = {"now": text, "old": [text]}
            case "nested":
                body[f"n{number}"] = json.dumps({rng.choice(NAMES): text, "more": [json.dumps({"a": text})]})
            case "address":
                body[f"n{number}"] = f"https://u:{quote(key, safe='')}@a.example/x?sig={quote(text, safe='')}"
            case "deep":
                body[f"n{number}"] = [{"a": {"b": [1, {"c": f"x {text} y"}]}}]
            case _:
                body[f"n{number}"] = [text] if number % 2 else f"say {text}"
    return Interaction(
        request=Request("GET", f"https://api.example.com/v1/b{path}?{'&'.join(query)}", tuple(sent)),
        response=Response(200, (("Content-Type", "application/json"), *got), json.dumps(body).encode()),
        source=Source.LIVE,
        name="planted",
        operation="getBatch",
        recorded_at="2026-01-31T09:00:00Z",
    )


@pytest.mark.parametrize("seed", range(5))
def test_of_two_thousand_plantings_no_piece_is_written(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(RUNS // 5):
        key = secret(rng)
        kept = redacted(planted(rng, key), "acme", Allowance(query=frozenset({"expand", "q"})), [key])
        data = dump(kept)
        assert remains(data, key) == "", data.decode()
        assert list(leaks(data, Known.of([key]))) == []
