"""Agreement with labelled pairs of documents: the figures, and every verdict that differs.

CONTRACTS_BENCHMARKS=folder python tests/benchmarks/drift_agreement.py
"""

import collections
import json
import os
import sys
import time
from pathlib import Path

from contracts.drift import drift
from contracts.drift.report.lines import read_late


def main():
    folder = Path(os.environ.get("CONTRACTS_BENCHMARKS", "")) / "oasdiff"
    if not folder.is_dir():
        sys.exit("CONTRACTS_BENCHMARKS does not name the folder with the pairs")
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    started, shown, bare = time.monotonic(), 0, 0
    for line in (folder / "cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        sides = [read_late(case[side], (folder / case[side]).read_bytes()) for side in ("base", "revision")]
        found = drift(*sides, today="2026-11-22", verify="--verify" in sys.argv)
        loud = [one for one in found if one.severity != "note" and schema(one)]
        shown, bare = shown + len(loud), bare + sum(one.witness is None for one in loud)
        if "label" not in case:
            continue
        direction = case["label"]["direction"]
        ours = any(one.severity == "error" and one.direction == direction for one in found)
        theirs = case["label"]["worst_by_direction"][direction] == "ERR"
        groups = [
            direction,
            *["3.1"] * case["openapi"].startswith("3.1"),
            *[f"strict {direction}"] * case["label"]["strict"],
        ]
        for group in groups:
            counts[group][0 if ours and theirs else 1 if theirs else 2 if ours else 3] += 1
        if ours != theirs:
            print(
                case["id"],
                direction,
                "ours:",
                "error" if ours else "none",
                [one["id"] for one in case["label"]["expected"]],
            )
    for group, (both, missed, extra, neither) in sorted(counts.items()):
        total = both + missed + extra + neither
        precision, recall = both / max(1, both + extra), both / max(1, both + missed)
        print(
            f"{group:16} {total:4} agree {(both + neither) / total:.3f} precision {precision:.2f} recall {recall:.2f}"
        )
    print(
        f"schema findings above note: {shown}, without a witness: {bare}; {time.monotonic() - started:.1f} s"
    )


def schema(one):
    from contracts.drift.rules import RULES

    return RULES[one.rule].schema


if __name__ == "__main__":
    main()
