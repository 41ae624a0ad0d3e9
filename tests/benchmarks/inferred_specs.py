"""How well a spec that was inferred from traffic judges later traffic.

    python tests/benchmarks/inferred_specs.py [VENDOR...] [--count 500] [--faults 200]

For each bundled vendor, a spec is inferred from its own recordings and as many generated answers as `--count`
says. Fresh valid answers should have no finding; planted single faults should have a warning with its evidence.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from contracts import generate
from contracts.interactions import load_cassette
from contracts.model import Interaction, Json, Request, Response, Severity, Source
from contracts.spec import Operation, Provider, load
from contracts.validate import Checker
from contracts.vendoring import vendor_add

ROOT = Path(__file__).parents[2]
VENDORS = ("almanac", "llamacloud", "matil", "nimble", "wickson")
KINDS = {"type": "type", "required": "missing", "enum": "enum", "const": "enum", "format": "format"}


def answer(url: str, value: Json) -> Interaction:
    """Give an answer of 200 with this body."""
    headers = (("content-type", "application/json"),)
    response = Response(200, headers, json.dumps(value).encode())
    return Interaction(request=Request("GET", url), response=response, source=Source.RECORDED)


def payloads(plan: generate.Plan, count: int, start: int) -> list[Json]:
    """Draw valid payloads at random."""
    drawn: list[Json] = []

    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(generate.payloads(plan))
    def draw(value: Json) -> None:
        drawn.append(value)

    draw()
    return drawn[:count]


def entry(one: Interaction) -> Json:
    """Write an interaction as an entry of a HAR."""
    response = one.response or Response(0)
    media = response.header("content-type") or ""
    sent = [{"name": name, "value": value} for name, value in one.request.headers]
    got = [{"name": name, "value": value} for name, value in response.headers]
    content = {
        "size": len(response.body),
        "mimeType": media,
        "text": response.body.decode("utf-8", "replace"),
    }
    return {
        "startedDateTime": "2026-11-22T00:20:40.988Z",
        "time": 1,
        "request": {"method": one.request.method, "url": one.request.url, "headers": sent},
        "response": {"status": response.status, "statusText": "", "headers": got, "content": content},
    }


def recorded(provider: Provider) -> Iterator[Interaction]:
    """Yield the vendor's own recordings, all of them taken for observed."""
    for path in provider.files("cassettes/*/*.json"):
        one = load_cassette(path).interaction
        if one.response is not None:
            yield replace(one, source=Source.RECORDED)


def target(provider: Provider) -> tuple[Operation, str]:
    """Give the operation that retrieves a batch, and a URL of it."""
    operation = provider.spec.operation("getBatch") or provider.spec.operations[0]
    path = operation.path
    for name in (one for one in path.split("{")[1:]):
        path = path.replace(f"{{{name.partition('}')[0]}}}", "3c90c3cc-0d44-4b50-8888-8dd25736052a")
    return operation, provider.spec.servers[0] + path


def measure(name: str, count: int, faults: int) -> str:
    """Infer a spec of one vendor and judge with it; gives a line of the table."""
    provider = load(name, ROOT)
    operation, url = target(provider)
    pointer = f"{operation.pointer}/responses/200/content/application~1json/schema"
    plan = generate.plan(provider.spec.document, pointer=pointer)
    seen = payloads(plan, count, 1)
    with tempfile.TemporaryDirectory() as folder:
        har = Path(folder) / "traffic.har"
        entries = [*map(entry, recorded(provider)), *(entry(answer(url, one)) for one in seen)]
        har.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
        started = time.process_time()
        vendor_add("inferred", har, Path(folder) / "specs")
        took = time.process_time() - started
        checker = Checker(load("inferred", Path(folder)).spec, "inferred")
        fresh = payloads(plan, count, 2)
        told = [found for one in fresh if (found := checker.check(answer(url, one)))]
        rules = Counter((f.rule, f.pointer) for found in told for f in found)
        planted = list(chosen(plan, faults))
        missed: Counter[str] = Counter()
        for kind, one in planted:
            found = [f for f in checker.check(answer(url, one.value)) if f.severity is Severity.WARNING]
            if not any(f.provenance.startswith("observed: ") for f in found):
                missed[f"{kind} {one.id}"] += 1
    clean = 1 - len(told) / len(fresh)
    caught = 1 - sum(missed.values()) / len(planted)
    for place, times in [*rules.most_common(6), *missed.most_common(12)]:
        print(f"    {times} {place}")
    return f"{name:<11} {len(fresh)} fresh: {clean:.1%} clean; {len(planted)} faults: {caught:.1%} found; {took:.1f} s"


def chosen(plan: generate.Plan, faults: int) -> Iterator[tuple[str, generate.NearMiss]]:
    """Choose single faults at random, as many of each kind as there are."""
    by_kind: dict[str, list[generate.NearMiss]] = {}
    for one in generate.near_misses(plan):
        kind = "null" if one.variant == "null" else KINDS.get(one.keyword, "")
        if kind:
            by_kind.setdefault(kind, []).append(one)
    rng = random.Random(13)
    share = -(-faults // len(by_kind))
    for kind, held in sorted(by_kind.items()):
        yield from ((kind, one) for one in rng.choices(held, k=share))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vendors", nargs="*", default=VENDORS)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--faults", type=int, default=200)
    given_ = parser.parse_args()
    for vendor in given_.vendors:
        print(measure(vendor, given_.count, given_.faults), flush=True)
