"""Is generating affordable, and right, for every response of a vendor's document?

    python -m tests.benchmarks.generation_upstream openapi.json [more.yaml ...] [--every N] [--values 20] [--kinds K,K]

For each response schema: random values, the covering set, near misses; milliseconds of CPU time a value, and
what either engine says of each. Positives have to be valid in both, near misses invalid in both, with faults
at the one place meant. A row for each schema that is slow (--slow SECONDS for a set) or has such a fault; a
summary for each document. Sets count with the mean of their values, random values one by one; compiling the
schema counts as well; a loop timed on the way tells how busy the machine was. Whatever takes longer than --hang seconds is stopped and counted as a hang.
"""

import argparse
import json
import signal
import sys
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contracts import generate
from contracts.errors import ContractsError
from contracts.generate.canonical.oracle import oracle_of
from contracts.spec.document import read_document
from contracts.spec.upgrade import upgraded

KINDS = ("random", "covering", "near misses")
NONE = generate.Misses((), 0)


class Hang(Exception):
    """Something took longer than anybody waits."""


@contextmanager
def at_most(seconds):
    def stop(*_):
        raise Hang

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def responses(document):
    """Yield (name, pointer) of every response schema that stands in an operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            for status, response in operation["responses"].items():
                for media, content in (response.get("content") or {}).items():
                    if "schema" in content:
                        tokens = ["paths", path, method, "responses", status, "content", media, "schema"]
                        pointer = "".join(f"/{t.replace('~', '~0').replace('/', '~1')}" for t in tokens)
                        yield f"{method} {path} {status}", pointer


class Figures:
    """What was measured for one document."""

    def __init__(self):
        self.each = defaultdict(list)
        self.sets = defaultdict(list)
        self.bad = Counter()
        self.schemas = 0
        self.pace = []
        self.missing = Counter()

    def add(self, kind, seconds, values):
        self.sets[kind].append(seconds)
        self.each[kind] += [1000 * seconds / values] * values if values else []

    def lines(self):
        for kind in KINDS:
            took = sorted(self.each[kind]) or [0.0]
            p50, p95 = (took[int(part * (len(took) - 1))] for part in (0.5, 0.95))
            yield (
                f"  {kind:<12} {len(took):>7} values, ms a value: median {p50:.2f}, p95 {p95:.2f}, most {took[-1]:.2f};"
                f" slowest set {max(self.sets[kind], default=0):.2f} s"
            )
        told = ", ".join(f"{self.bad[what]} {what}" for what in sorted(self.bad)) or "no fault"
        pace = sorted(self.pace)[len(self.pace) // 2] if self.pace else 0
        yield f"  {told}; not shown: {dict(self.missing)}; a loop of a million squares took {pace:.0f} ms"


def drawn(plan, count):
    """Draw values; give them with the seconds each took, the first with the making of the strategy."""
    values, took = [], []
    started = time.process_time()
    source = generate.payloads(plan)
    spent = time.process_time() - started

    @st.composite
    def timed(draw):
        began = time.process_time()
        value = draw(source)
        took.append(time.process_time() - began)
        return value

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(timed())
    def run(value):
        values.append(value)

    run()
    return values, [spent + took[0], *took[1:]]


def measured(document, pointer, asked, figures):
    """Generate everything for one schema; give the seconds and what was wrong, by kind."""
    seconds, wrong, hang = {}, Counter(), asked.hang
    started = time.process_time()
    with at_most(hang):
        plan = generate.plan(document, pointer=pointer)
    planned = time.process_time() - started
    with at_most(hang):
        values, took = drawn(plan, asked.values) if "random" in asked.kinds else ([], [])
    seconds["random"] = sum(took) + planned
    figures.sets["random"].append(seconds["random"])
    figures.each["random"] += [1000 * each for each in took]
    with at_most(hang):
        started = time.process_time()
        covering = generate.covering(plan)
        seconds["covering"] = time.process_time() - started + planned
    figures.add("covering", seconds["covering"], len(covering))
    with at_most(hang):
        started = time.process_time()
        misses = generate.near_misses(plan) if "near misses" in asked.kinds else NONE
        seconds["near misses"] = time.process_time() - started
    figures.add("near misses", seconds["near misses"], len(misses))
    figures.missing.update(why.partition(" ")[0] for _, why in covering.missing)
    for engine, judge in (("fast", plan.oracle), ("reference", oracle_of(plan.subject, "reference"))):
        valid = judge.valid
        wrong[f"random values invalid ({engine})"] += sum(not valid(value) for value in values)
        wrong[f"covering values invalid ({engine})"] += sum(not valid(each.value) for each in covering)
        wrong[f"near misses valid ({engine})"] += sum(valid(miss.value) for miss in misses)
        wrong[f"near misses with faults elsewhere ({engine})"] += sum(
            {fault.place for fault in judge.told(miss.value)} != {miss.pointer} for miss in misses
        )
    counts = f"covering {len(covering)} of {covering.total - len(covering.missing)}/{covering.total} points, near {len(misses)}"
    return seconds, +wrong, counts


def yardstick():
    """Give the milliseconds of CPU time that one and the same loop takes: what else runs here slows all figures."""
    started = time.process_time()
    sum(number * number for number in range(1_000_000))
    return 1000 * (time.process_time() - started)


def document_of(path):
    read = upgraded(read_document(path.name, path.read_bytes()).value)
    return getattr(read, "value", read)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every Nth response schema only")
    parser.add_argument("--values", type=int, default=20, help="how many random values a schema")
    parser.add_argument("--slow", type=float, default=2.0, help="seconds from which a set gets a row")
    parser.add_argument("--hang", type=float, default=120.0, help="seconds after which a set is stopped")
    parser.add_argument("--only", default="", help="only names that contain this")
    parser.add_argument("--kinds", default=",".join(KINDS), help="which of these to generate")
    asked = parser.parse_args()
    failed = False
    for path in asked.documents:
        document, figures = document_of(path), Figures()
        for number, (name, pointer) in enumerate(responses(document), start=1):
            if number % asked.every or asked.only not in name:
                continue
            figures.schemas += 1
            figures.pace.append(yardstick())
            try:
                seconds, wrong, counts = measured(document, pointer, asked, figures)
            except Hang:
                seconds, wrong, counts = {}, Counter(hangs=1), ""
            except ContractsError as error:
                seconds, wrong, counts = {}, Counter({f"errors: {error}": 1}), ""
            figures.bad.update(wrong)
            if wrong or max(seconds.values(), default=0) > asked.slow:
                told = ", ".join(f"{kind} {took:.2f} s" for kind, took in seconds.items())
                print(
                    f"  {number} {name}: {told}; {counts}{f'; {json.dumps(wrong)}' if wrong else ''}",
                    flush=True,
                )
        print(f"{path.name}: {figures.schemas} response schemas", *figures.lines(), sep="\n", flush=True)
        failed = failed or bool(figures.bad)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
