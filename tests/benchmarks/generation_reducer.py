"""How small and how fast the reducer gets, against brute force: `python -m tests.benchmarks.generation_reducer`.

Brute force puts the smallest legal values of every place, two places at a time (then once more on the best found),
into the smallest payload of the schema, and keeps the shortest payload that still fails.
"""

import json
import time

from contracts import generate
from contracts.generate.places.factors import Model
from contracts.generate.shrink import _small, size_of
from contracts.model import GONE, Pointer, put
from tests.generate.vendors import plan


def items(payload, *path):
    for step in path:
        payload = payload.get(step) if isinstance(payload, dict) else None
    return [item for item in payload or [] if isinstance(item, dict)]


FAILURES = [
    ("nimble", "error without type", lambda p: any(t["state"] == "error" and "error_type" not in t for t in items(p, "tasks"))),
    ("nimble", "null task", lambda p: None in p["tasks"]),
    ("nimble", "success with error", lambda p: any(t["state"] == "success" and t.get("error") for t in items(p, "tasks"))),
    ("nimble", "same ids", lambda p: len({t["id"] for t in items(p, "tasks")}) < len(items(p, "tasks"))),
    ("nimble", "completed, none done", lambda p: p["completed"] and p["completed_count"] == 0),
    ("nimble", "open with finish", lambda p: not p["completed"] and "completed_at" in p),
    ("nimble", "list as input", lambda p: any(isinstance(t["input"], list) for t in items(p, "tasks"))),
    ("nimble", "two states", lambda p: {"error", "success"} <= {t["state"] for t in items(p, "tasks")}),
    ("matil", "delivered without status", lambda p: any(w.get("delivered_at") and not w.get("http_status") for w in items(p, "failed_webhooks"))),
    ("matil", "more done than there are", lambda p: p["completed_items"] > p["total_items"]),
    ("matil", "items null entries", lambda p: any("entry_id" in i and i["entry_id"] is None for i in items(p, "items"))),
    ("matil", "errors but completed", lambda p: p["status"] == "completed" and any(i.get("errors") for i in items(p, "items"))),
    ("matil", "version without id", lambda p: p.get("resource_version_number") is not None and p.get("resource_id") is None),
    ("matil", "first year", lambda p: p["created_at"].startswith("0001")),
    ("matil", "fewer items than told", lambda p: "items" in p and len(p["items"]) < p["total_items"]),
    ("llamacloud", "reference null", lambda p: any(r.get("job_reference", 1) is None for r in items(p, "results"))),
    ("llamacloud", "results empty, completed", lambda p: p.get("results") == [] and p["status"] == "COMPLETED"),
    ("llamacloud", "updated before created", lambda p: bool(p.get("updated_at") and p.get("created_at") and p["updated_at"] < p["created_at"])),
    ("wickson", "total 0", lambda p: p["data"]["progress"]["total"] == 0),
    ("wickson", "error details missing", lambda p: any("error" in j and "details" not in j["error"] for j in items(p, "data", "job_details"))),
    ("wickson", "created, cancelled job", lambda p: p["data"]["status"] == "created" and any(j["status"] == "cancelled" for j in items(p, "data", "job_details"))),
    ("wickson", "done, never started", lambda p: p["data"]["status"] == "completed" and p["data"]["timing"]["started_at"] is None),
    ("wickson", "float percentage", lambda p: isinstance(p["data"]["progress"]["percentage"], float)),
    ("wickson", "summary with files", lambda p: any(s.get("affected_files") for s in items(p, "data", "error_summary"))),
    ("almanac", "failed without error", lambda p: p["status"] == "failed" and p["error"] is None),
    ("almanac", "completed, no finish", lambda p: p["status"] == "completed" and p["finished_at"] is None),
]  # fmt: skip


def edits(chart, base):
    """Yield payloads one small legal edit away, missing lists and objects along the way filled with the least."""
    for factor in Model(chart).factors:
        at = Pointer(0 if step is None else step for step in factor.trail)
        options = [
            value
            for level in factor.levels
            if level.domain is not None
            for value in _small(chart, level.domain, factor)
        ]
        options += [[value] * n for n in (1, 2) for value in least_items(chart, factor)]
        for value in options:
            try:
                yield put(base, at, value)
            except (KeyError, IndexError, TypeError, AttributeError, ValueError):
                break
        try:
            yield put(base, at, GONE)
        except (KeyError, IndexError, TypeError, AttributeError, ValueError):
            continue


def least_items(chart, factor):
    for below in factor.items.values():
        for level in below.levels:
            if level.domain is not None:
                yield from _small(chart, level.domain, below)[:2]


def brute(chart, fails, least):
    """Give the shortest failing payload within two edits of the least one, and within one of the best of those."""
    best = None
    first = list(
        {
            json.dumps(value): value for value in [least, *edits(chart, least)] if chart.oracle.valid(value)
        }.values()
    )
    for base in first:
        for value in (base, *edits(chart, base)):
            if (
                (best is None or size_of(value) < size_of(best))
                and chart.oracle.valid(value)
                and fails(value)
            ):
                best = value
    while best is not None:
        better = [
            value
            for value in edits(chart, best)
            if size_of(value) < size_of(best) and chart.oracle.valid(value) and fails(value)
        ]
        if not better:
            return best
        best = min(better, key=size_of)
    return None


def main():
    worst = slowest = 0.0
    for name, title, fails in FAILURES:
        chart = plan(name)
        first = next((p.value for p in generate.covering(chart) if fails(p.value)), None)
        if first is None:
            print(f"{name:<11} {title:<26} no covering payload fails")
            continue
        offers = generate.simpler_values_of(chart)
        started = time.process_time()
        got = generate.reduce(
            first,
            lambda value, chart=chart, fails=fails: (
                True if chart.oracle.valid(value) and fails(value) else None
            ),
            simpler=offers,
        )
        took = time.process_time() - started
        least = generate.reduce(
            first, lambda value, chart=chart: True if chart.oracle.valid(value) else None, simpler=offers
        ).value
        best = brute(chart, fails, least)
        ratio = len(json.dumps(got.value)) / len(json.dumps(best)) if best is not None else 0
        worst, slowest = max(worst, ratio), max(slowest, took)
        print(
            f"{name:<11} {title:<26} {len(json.dumps(first)):>6} -> {len(json.dumps(got.value)):>4}, brute {len(json.dumps(best)) if best is not None else '-':>4}, ratio {ratio:.2f}, {took:.2f} s, {got.checks} checks"
        )
    print(f"{len(FAILURES)} failures: worst ratio {worst:.2f}, slowest {slowest:.2f} s of CPU")


if __name__ == "__main__":
    main()
