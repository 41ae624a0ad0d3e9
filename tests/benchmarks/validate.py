"""How fast is a verdict? Ratios of CPU time: the least of several rounds, the competitors in turn.

    python tests/benchmarks/validate.py

Small: bytes in, findings out, for one recorded response of each provider, against one openapi-core app object.
Large: a Nimble body of 10,000 tasks. Faults: 1,000 of them in it, grouped, against jsonschema's iter_errors.
Memory: the peak of a child process that judges a body of 57 MB, over the peak of one that only holds the bytes.
"""

from __future__ import annotations

import copy
import gc
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from contracts.decode import decode, uncollected
from contracts.model import Interaction, Request, Response, Source
from contracts.spec import Provider, load
from contracts.validate import Checker
from contracts.validate.grouping import Where, group
from tests.validate.mutations import subjects

SMALL = ("almanac", "llamacloud", "matil", "nimble", "wickson")
TASKS = 10_000
FAULTS = 1_000
NIMBLE = "https://sdk.nimbleway.com/v1/batches/b"
BARS = {"small": 40.0, "large": 15.0, "faults": 8.0, "memory": 6.0}


def least(rounds: int, *actions: tuple[Callable[[], object], int]) -> list[float]:
    """Give the least CPU time of one call of each action in seconds; (action, calls) take turns in each round.

    What else the machine does slows all of them, and can only add: the least is what the work itself costs.
    """
    found = [float("inf")] * len(actions)
    for _ in range(rounds):
        for n, (action, calls) in enumerate(actions):
            gc.collect()
            start = time.process_time()
            for _ in range(calls):
                action()
            found[n] = min(found[n], (time.process_time() - start) / calls)
    return found


def body(tasks: int) -> dict[str, Any]:
    """A body of so many tasks: those of all recorded batches in turn, each with an id of its own."""
    recorded = [
        s.payload
        for s in subjects(load("nimble"))
        if s.operation.alias == "getBatch" and "tasks" in s.payload
    ]
    kinds = [task for payload in recorded for task in payload["tasks"] if task is not None]
    return recorded[0] | {
        "tasks": [
            copy.deepcopy(kinds[n % len(kinds)]) | {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, str(n)))}
            for n in range(tasks)
        ]
    }


def broken(tasks: int, faults: int) -> dict[str, Any]:
    """The same body with three kinds of faults spread over it."""
    payload = body(tasks)
    for n in range(faults):
        task = payload["tasks"][n * (tasks // faults)]
        if n % 3 == 0:
            task["state"] = "cancelled"
        elif n % 3 == 1:
            task["created_at"] = 5
        else:
            task.pop("status_url", None)
    return payload


def answer(payload: Any) -> Interaction:
    sent = (("content-type", "application/json"),)
    response = Response(200, sent, json.dumps(payload).encode())
    return Interaction(request=Request("GET", NIMBLE), response=response, source=Source.RECORDED)


class Core:
    """openapi-core as its manual has it: one app object of a spec, reused."""

    def __init__(self, provider: Provider) -> None:
        from openapi_core import OpenAPI

        self.app = OpenAPI.from_dict(provider.spec.document)

    def valid(self, interaction: Interaction) -> bool:
        from openapi_core.testing import MockRequest, MockResponse

        assert interaction.response is not None
        host, _, path = interaction.request.url.partition("://")[2].partition("/")
        request = MockRequest(f"https://{host}", interaction.request.method.lower(), f"/{path}")
        response = MockResponse(interaction.response.body, 200, content_type="application/json")
        self.app.validate_response(request, response)
        return True


def _status(interaction: Interaction) -> int:
    return interaction.response.status if interaction.response else 0


def small() -> float:
    ratios = []
    for name in SMALL:
        provider = load(name)
        checker, core = Checker(provider.spec, name), Core(provider)
        shown = next(s.interaction for s in subjects(provider) if _status(s.interaction) == 200)
        assert checker.check(shown) == ()
        assert core.valid(shown)
        ours, theirs = least(15, (partial(checker.check, shown), 300), (partial(core.valid, shown), 15))
        ratios.append(theirs / ours)
        print(f"small {name}: {ours * 1e6:.1f} µs against {theirs * 1e6:.0f} µs: {theirs / ours:.0f}x")
    return statistics.median(ratios)


def large() -> float:
    provider, interaction = load("nimble"), answer(body(TASKS))
    assert interaction.response is not None
    raw = interaction.response.body
    checker, core = Checker(provider.spec, "nimble", max_bytes=10**9), Core(provider)
    assert checker.check(interaction) == ()
    ours, theirs = least(9, (partial(checker.check, interaction), 1), (partial(core.valid, interaction), 1))
    plain, strict = least(9, (partial(json.loads, raw), 1), (partial(decode, raw, max_bytes=10**9), 1))
    print(
        f"large, {len(raw):,} bytes: {ours * 1e3:.0f} ms against {theirs * 1e3:.0f} ms: {theirs / ours:.0f}x"
    )
    print(f"decode: {strict * 1e3:.1f} ms against {plain * 1e3:.1f} ms of json.loads: {strict / plain:.2f}x")
    return theirs / ours


def faults() -> float:
    from jsonschema import Draft202012Validator

    provider, interaction = load("nimble"), answer(broken(TASKS, FAULTS))
    assert interaction.response is not None
    checker = Checker(provider.spec, "nimble", max_bytes=10**9)
    operation = checker.find(interaction)
    assert operation is not None
    schema = operation.responses["200"].content["application/json"]
    document = {**provider.spec.document, "$ref": f"#{schema}".replace("{", "%7B").replace("}", "%7D")}
    validator, value = Draft202012Validator(document), json.loads(interaction.response.body)
    found = checker.check(interaction)
    assert sum(f.count for f in found) == FAULTS
    check = checker.body_check(schema)
    where = Where("nimble", operation, "200", "body")

    def grouped() -> None:
        with uncollected():  # as the checker does for a big body
            list(group(check.broken(value), provider.spec, where))

    ours, whole, theirs = least(
        5,
        (grouped, 1),
        (partial(checker.check, interaction), 1),
        (lambda: list(validator.iter_errors(value)), 1),
    )
    groups = ", ".join(f"{f.rule} {f.pointer} ×{f.count}" for f in found)
    print(f"faults: {ours * 1e3:.0f} ms against {theirs * 1e3:.0f} ms: {theirs / ours:.1f}x; {groups}")
    print(f"faults, bytes in and findings out: {whole * 1e3:.0f} ms: {theirs / whole:.1f}x")
    return theirs / ours


def memory() -> float:
    """Give the peak that judging adds to a process that holds the body, over the size of the body."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "body.json"
        path.write_bytes(json.dumps(body(14 * TASKS)).encode())
        size = path.stat().st_size
        held, judged = (_peak(word, path) for word in ("hold", "judge"))
    print(f"memory: {size:,} bytes of body, {(judged - held) / 1e6:.0f} MB more at the peak")
    return (judged - held) / size


def _peak(word: str, path: Path) -> int:
    return int(subprocess.check_output([sys.executable, __file__, word, path], text=True))


def child(word: str, path: str) -> None:
    """Hold the big body, or judge it, and print the peak of this process in bytes."""
    checker, raw = Checker(load("nimble").spec, "nimble", max_bytes=10**9), Path(path).read_bytes()
    assert checker.check(answer(body(1))) == ()
    if word == "judge":
        response = Response(200, (("content-type", "application/json"),), raw)
        assert checker.check(replace(answer({}), response=response)) == ()
    # not ru_maxrss, which a child takes over from its parent
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    print(int(peak[1]) * 1024 if peak else 0)


def main() -> int:
    found = {"small": small(), "large": large(), "faults": faults()}
    share = memory()
    print("; ".join(f"{name} {ratio:.1f}x, at least {BARS[name]:.0f}x" for name, ratio in found.items()))
    print(f"memory {share:.2f}x the body, at most {BARS['memory']:.0f}x")
    return int(share > BARS["memory"] or any(ratio < BARS[name] for name, ratio in found.items()))


if __name__ == "__main__":
    child(*sys.argv[1:]) if len(sys.argv) > 1 else sys.exit(main())
