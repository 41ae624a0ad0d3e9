"""The day on which injected drifts began, as an archive of thirty days says it: `python -m tests.benchmarks.archive_drifts`.

Each drift changes one field of the answers of a bundled vendor from some day on, in all or in a part of them;
the day is right when a kind of fault or a change of the same field begins on it.
"""

from __future__ import annotations

import copy
import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contracts.archive import ArchiveFolder, Bundle, Job, Summary, judge_parts, parts_of
from contracts.interactions import read_cassette
from contracts.model import Interaction

ROOT = Path(__file__).parents[2]
VENDORS = ("almanac", "llamacloud", "matil", "nimble", "wickson")
Change = Callable[[dict[str, Any], str], None]


def _text(body: dict[str, Any], key: str) -> None:
    body[key] = str(body[key]) if not isinstance(body[key], str) else 7


def _gone(body: dict[str, Any], key: str) -> None:
    body.pop(key)


def _null(body: dict[str, Any], key: str) -> None:
    body[key] = None


def _new(body: dict[str, Any], key: str) -> None:
    body[f"{key}_v2"] = "eu"


def _nested(body: dict[str, Any], key: str) -> None:
    body[key] = [body[key]]


CHANGES: dict[str, Change] = {"type": _text, "gone": _gone, "null": _null, "new": _new, "list": _nested}


def bases() -> list[tuple[str, Interaction, dict[str, Any]]]:
    """Give an answer with an object as body for each vendor and operation."""
    found = []
    for vendor in VENDORS:
        seen = set()
        for path in sorted((ROOT / "specs" / vendor / "cassettes").rglob("200-*.json")):
            one = read_cassette(path)
            body = json.loads(one.response.body) if one.response else None
            if isinstance(body, dict) and len(body) > 2 and one.operation not in seen:
                seen.add(one.operation)
                found.append((vendor, one, body))
    return found


def drifts(count: int, chance: random.Random) -> list[tuple[int, str, str, int, float]]:
    """Choose drifts: base, kind, key, day and share of the answers."""
    chosen: dict[tuple[int, str], tuple[int, str, str, int, float]] = {}
    while len(chosen) < count:
        base = chance.randrange(len(BASES))
        key = chance.choice([key for key, value in BASES[base][2].items() if value is not None])
        kind = chance.choice(sorted(CHANGES))
        share = chance.choice([1.0, 1.0, 0.3])
        chosen.setdefault((base, key), (base, kind, key, chance.randrange(3, 28), share))
    return list(chosen.values())


BASES = bases()


def write(folder: Path, injected: list[tuple[int, str, str, int, float]], chance: random.Random) -> None:
    """Write a part for each day, twenty answers for each base."""
    for day in range(1, 31):
        lines = []
        for number, (_, one, body) in enumerate(BASES):
            for _ in range(20):
                value = copy.deepcopy(body)
                for base, kind, key, since, share in injected:
                    if base == number and day >= since and chance.random() < share and key in value:
                        CHANGES[kind](value, key)
                lines.append(json.dumps({
                    "method": one.request.method, "url": one.request.url, "status": 200, "body": value,
                    "response_headers": {"content-type": "application/json"}, "time": f"2026-10-{day:02}T10:00:00Z",
                }))  # fmt: skip
        (folder / f"{day:02}.jsonl").write_text("\n".join(lines) + "\n")


def main(count: int = 30, seed: int = 5) -> int:
    """Print each drift with the days that were said, and how many are right."""
    chance = random.Random(seed)
    injected = drifts(count, chance)
    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "in")
        source.mkdir()
        write(source, injected, chance)
        job = Job(Bundle.of(ROOT, VENDORS))
        folder = ArchiveFolder(Path(name, "out"), job.digest, VENDORS)
        judge_parts(parts_of([source]), job, folder, 0)
        summary = Summary.of(folder, None)
    right = 0
    for base, kind, key, since, share in injected:
        vendor, one, _ = BASES[base]
        names = {f"/{key}", f"/{key}_v2"}
        said = {
            *(k.since for k in summary.kinds if (k.fault.provider, k.fault.operation) == (vendor, one.operation) and k.fault.pointer in names),
            *(c.since for c in summary.changes if c.provider == vendor and c.pointer in names),
        }  # fmt: skip
        hit = f"2026-10-{since:02}" in said
        right += hit
        print(
            f"{'right' if hit else 'WRONG'}  {vendor} {one.operation} /{key} {kind} {share:.0%} since {since}: {sorted(said)}"
        )
    print(f"{right} of {count} days right")
    return 0 if right >= count - 1 else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
