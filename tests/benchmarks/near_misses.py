"""How many places and keywords are broken alone, in five vendors' answers and in the JSON Schema Test Suite.

    CONTRACTS_BENCHMARKS=DIR python tests/benchmarks/near_misses.py [SUITE_FILE]...

prints a line per vendor, the sums over the required groups of the suite (in
DIR/json-schema-test-suite/tests/draft2020-12), the sites without a near miss by keyword and by reason, and the
slowest groups. Exits with 1 when a near miss is not invalid in both engines at the one place meant.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from contracts import generate
from contracts.consumers.sources import answers
from contracts.errors import ContractsError
from contracts.generate.canonical.oracle import oracle_of
from contracts.generate.canonical.plan import Plan
from contracts.generate.invalid.near_misses import Misses
from contracts.spec.provider import load, names

_ELSEWHERE = ("refRemote", "vocabulary")  # these ask for documents and dialects that are not at hand


def groups(wanted: list[str]) -> Iterator[tuple[str, object]]:
    """Yield the schemas of the suite's required groups, by name."""
    folder = Path(os.environ["CONTRACTS_BENCHMARKS"]) / "json-schema-test-suite/tests/draft2020-12"
    for path in sorted(folder.glob("*.json")):
        if path.stem in (wanted or [path.stem]) and path.stem not in _ELSEWHERE:
            for group in json.loads(path.read_text()):
                yield f"{path.stem}: {group['description']}", group["schema"]


def astray(plan: Plan, misses: Misses) -> list[str]:
    """Name the near misses that one of the engines takes, or finds fault with at another place."""
    engines = (plan.oracle, oracle_of(plan.subject, "reference"))
    return [
        miss.id
        for miss in misses
        for engine in engines
        if engine.valid(miss.value) or {fault.place for fault in engine.told(miss.value)} != {miss.pointer}
    ]


def vendors() -> int:
    """Print a line per vendor and give how many near misses went astray."""
    wrong = 0
    for name in names(Path.cwd()):
        plan = answers(load(name)).plan
        start = time.process_time()
        generate.covering(plan)
        covered = time.process_time()
        misses = generate.near_misses(plan)
        took, bad = time.process_time() - covered, astray(plan, misses)
        pairs = sum(1 for _ in generate.two_faults(plan, count=10_000, misses=misses))
        wrong += len(bad)
        print(
            f"{name}: {len(misses)} near misses, {misses.sites - len(misses.missing)} of {misses.sites} sites alone, "
            f"{len(bad)} astray {bad[:3]}, {pairs} with two faults, {took:.2f} s after {covered - start:.2f} s of cover"
        )
    return wrong


def suite(wanted: list[str]) -> int:
    """Print the sums over the suite and give how many near misses went astray."""
    sums, keywords, reasons = Counter[str](), Counter[str](), Counter[str]()
    slow: list[tuple[float, str]] = []
    for name, schema in groups(wanted):
        start = time.process_time()
        try:
            plan = generate.plan(schema)
            misses = generate.near_misses(plan)
        except ContractsError as error:
            sums["groups without a payload"] += 1
            reasons[f"group: {str(error)[:60]}"] += 1
            continue
        slow.append((time.process_time() - start, name))
        bad = astray(plan, misses)
        sums += Counter({
            "groups": 1, "near misses": len(misses), "sites": misses.sites, "missing": len(misses.missing),
            "astray": len(bad),
        })  # fmt: skip
        keywords.update(site.rpartition("!")[2].partition(" ")[0] for site, _ in misses.missing)
        reasons.update(why.partition(" at ")[0] for _, why in misses.missing)
    print(dict(sums))
    print("missing by keyword:", dict(keywords.most_common()))
    print("reasons:", dict(reasons.most_common()))
    print("slowest:", [(round(took, 1), name) for took, name in sorted(slow, reverse=True)[:4]])
    return sums["astray"]


if __name__ == "__main__":
    sys.exit(1 if vendors() + suite(sys.argv[1:]) else 0)
