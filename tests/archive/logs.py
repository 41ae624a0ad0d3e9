"""Lines of a log as tests write them: a body of the bundled vendor matil that conforms, and changes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from contracts.archive import Row

ROOT = Path(__file__).parents[2]
URL = "https://api.matil.ai/v3/batches/6b0d7f3c-3d3c-4b1e-9a7c-0d2f7a1b9c11"
CASSETTE = ROOT / "specs/matil/cassettes/getBatch/200-completed.json"


def body() -> dict[str, Any]:
    return json.loads(CASSETTE.read_text("utf-8"))["response"]["json"]


def line(value: object, **more: object) -> bytes:
    headers = {"content-type": "application/json"}
    entry = {"method": "GET", "url": URL, "status": 200, "response_headers": headers, "body": value}
    entry |= {"recorded_at": "2026-10-14T10:00:00Z", **more}
    return json.dumps(entry, separators=(",", ":"), ensure_ascii=False).encode()


def rows(*lines: bytes) -> list[Row]:
    return [Row(number, line=one) for number, one in enumerate(lines, 1)]
