"""What judging an archive costs, and whether the short way and the long way agree: ratios within one run.

python tests/benchmarks/archive.py [speed] [memory] [equal] [days]

Traffic of the five bundled vendors is made from their cassettes: ids and times drawn anew, lists repeated, a
share of the answers with one fault each. Times are CPU seconds of this process, the best of three.
"""

import copy
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from contracts.archive import ArchiveOptions, Bundle, Judge, Partial, Row
from contracts.spec import load

ROOT = Path(__file__).parents[2]
VENDORS = ("almanac", "llamacloud", "matil", "nimble", "wickson")
START = datetime(2026, 10, 1, tzinfo=UTC)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def cassettes():
    for name in VENDORS:
        for path in load(name, ROOT).files("cassettes/*/200-*.json"):
            told = json.loads(path.read_text("utf-8"))
            if isinstance(told["response"].get("json"), dict):
                yield name, told["request"], told["response"]


MODELS = list(cassettes())


def fresh(chance, value, shift, size):
    """A value like another: ids new, times shifted by as much as all others of the answer, lists as long as asked."""
    if isinstance(value, dict):
        return {key: fresh(chance, item, shift, size) for key, item in value.items()}
    if isinstance(value, list):
        more = value * (size // len(value) + 1) if value and isinstance(value[0], dict) else value
        return [fresh(chance, item, shift, 1) for item in more]
    if isinstance(value, str) and UUID.fullmatch(value):
        return str(uuid.UUID(int=chance.getrandbits(128)))
    if isinstance(value, str) and TIME.match(value):
        moved = datetime.fromisoformat(f"{value[:19]}Z") + timedelta(seconds=shift)
        return moved.isoformat()[:19] + value[19:]
    return value


def objects(value, at=()):
    if isinstance(value, dict):
        yield at, value
        for key, item in value.items():
            yield from objects(item, (*at, key))
    elif isinstance(value, list):
        for item in value[:3]:
            yield from objects(item, (*at, 0))


KINDS = ("type", "missing", "new", "null", "word", "list", "empty", "negative", "deep", "number")


def spoilt(chance, body, kind=None, place=None):
    """Put one fault into an answer, or a change that no spec minds."""
    _, holder = chance.choice([one for one in objects(body) if one[1]]) if place is None else place
    kind, key = kind or chance.choice(KINDS), chance.choice(sorted(holder))
    held = holder[key]
    match kind:
        case "missing":
            del holder[key]
        case "new":
            holder[f"x_{chance.choice(['owner', 'region', 'tier'])}"] = chance.choice(["a", 1, None])
        case "deep":
            holder[key] = {"x": [{"y": held}]}
        case _:
            values = {"type": 7 if isinstance(held, str) else str(held), "null": None, "word": "another", "list": [held], "empty": "", "negative": -1, "number": 1.5}  # fmt: skip
            holder[key] = values[kind]
    return body


def entry(chance, share, size, bad, lag=False):
    name, request, response = chance.choice(MODELS)
    stamp = START + timedelta(seconds=share * 30 * 86_400)
    body = fresh(chance, response["json"], chance.randrange(86_400), size)
    if lag and name in {"matil", "nimble"}:
        body["owner"] = "team"
        for item in body.get("items") or body.get("tasks") or []:
            if isinstance(item, dict):
                item["page_count"] = 1
    if chance.random() < bad:
        body = spoilt(chance, body)
    headers = {one: two if isinstance(two, str) else two[0] for one, two in response["headers"].items()}
    return {"recorded_at": stamp.strftime("%Y-%m-%dT%H:%M:%SZ"), "method": request["method"], "url": request["url"], "status": response["status"], "response_headers": headers, "body": body}  # fmt: skip


def write(path, megabytes, *, large=0.5, bad=0.01, lag=False, seed=1, lines=None):
    """Write a log; `large` is the share of the bytes in answers of about 100 KB."""
    chance, size, big, count = random.Random(seed), 0, 0, 0
    with path.open("wb") as file:
        while size < megabytes * 1e6 and (lines is None or count < lines):
            long = big < large * size
            line = json.dumps(entry(chance, size / megabytes / 1e6, 200 if long else 1, bad, lag), separators=(",", ":")).encode() + b"\n"  # fmt: skip
            file.write(line)
            size, big, count = size + len(line), big + len(line) * long, count + 1
    return path


def rows(path):
    offset = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            yield Row(number, offset, line.rstrip(b"\n"))
            offset += len(line)


def best(run):
    times = []
    for _ in range(3):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def floor(judge, given):
    """Parse, route and validate once, and nothing else: what no way of judging can do without."""
    find = judge._short_way._routes.find
    from contracts.archive.short.facts import Facts

    for row in given:
        one = orjson.loads(row.line)
        facts = Facts(one["method"], one["url"], one["status"], one["response_headers"], one["body"], b"", "")
        route = find(facts)
        if route is not None:
            route.relaxed._check.is_clean(one["body"])


def parse(given):
    for row in given:
        orjson.loads(row.line)


def bundle(**asked):
    return Bundle.of(ROOT, VENDORS, ArchiveOptions(**asked))


def speed(folder):
    check, observe, both = (
        Judge(bundle(check=c, observe=o)) for c, o in ((True, False), (False, True), (True, True))
    )
    sizes = {}
    for name, large, lag in (
        ("mixed", 0.5, False),
        ("1 KB", 0, False),
        ("100 KB", 1, False),
        ("lagging", 0.5, True),
    ):
        given = list(rows(write(folder / "log", 16, large=large, lag=lag)))
        megabytes = sum(len(row.line) for row in given) / 1e6
        parsed = best(lambda given=given: parse(given))
        check.part(given, "p")
        least = best(lambda given=given: floor(check, given))
        spent = [best(lambda one=one, given=given: one.part(given, "p")) for one in (check, observe, both)]
        sizes[name] = spent[0]
        print(
            f"{name:8} {len(given):6,} answers; floor {megabytes / least:4.0f} MB/s, orjson {megabytes / parsed:4.0f};"
            f" check {megabytes / spent[0]:3.0f} MB/s, {spent[0] / least:.2f} x floor; observe {megabytes / spent[1]:3.0f} MB/s,"
            f" {spent[1] / parsed:.1f} x orjson; both {spent[2] / (spent[0] + spent[1]):.2f} x the sum", flush=True,
        )  # fmt: skip
    small = list(rows(write(folder / "log", 4)))
    fresh_judge = [Judge(bundle(observe=False)) for _ in range(2)]
    for judge in fresh_judge:
        judge.part(small[:200], "p")
    four = best(lambda: fresh_judge[0].part(small, "p"))
    print(f"CPU(16 MB) / CPU(4 MB) = {sizes['mixed'] / four:.2f}")


def memory(folder):
    """Peak memory of a process of its own, over 50 and over 200 MB."""
    peaks = []
    for megabytes in (50, 200):
        path = write(folder / "log", megabytes, large=0.5)
        done = subprocess.run(
            [sys.executable, __file__, "one", path], capture_output=True, text=True, check=True
        )
        peaks.append(int(done.stdout))
        print(f"{megabytes} MB: peak {peaks[-1]} MB", flush=True)
    print(f"peak(200 MB) / peak(50 MB) = {peaks[1] / peaks[0]:.2f}")


def one(path):
    Judge(bundle()).part(rows(Path(path)), "p")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def equal(folder):
    """The short way and the long way on many answers with many kinds of faults, cut and mixed by chance."""
    chance, asked = random.Random(5), bundle()
    given = list(rows(write(folder / "log", 1000, large=0, bad=0.3, seed=9, lines=50_000)))
    expected = Judge(asked, long=True).part(given, "p")
    judge, parts = Judge(asked), []
    chance.shuffle(given)
    while given:
        cut = chance.randrange(1, 9_000)
        parts.append(judge.part(given[:cut], "p"))
        given = given[cut:]
    chance.shuffle(parts)
    found = Partial.merge(parts)
    rules = {fault.rule for fault in expected.faults.values()}
    print(f"{expected.rows:,} answers, {len(expected.faults)} kinds of faults of {len(rules)} rules: equal {found.dump() == expected.dump()}")  # fmt: skip


def days(folder):
    """The first day of thirty changes, each of one place of one operation, of a tenth of the answers from some day on."""
    right, judge = 0, Judge(bundle(observe=False))
    for number in range(30):
        chance = random.Random(number)
        _, request, response = MODELS[number % len(MODELS)]
        day = chance.randrange(2, 28)
        lines = []
        for index in range(900):
            share = index / 900
            told = entry(random.Random(index), share, 1, 0)
            told |= {
                "url": request["url"],
                "method": request["method"],
                "status": response["status"],
                "body": copy.deepcopy(response["json"]),
            }
            told["response_headers"] = {
                one: two if isinstance(two, str) else two[0] for one, two in response["headers"].items()
            }
            if share * 30 >= day and (chance.random() < 0.1 or int(share * 30) == day):
                told["body"][f"x_{number}"] = 1
            lines.append(json.dumps(told).encode())
        found = judge.part([Row(n, line=line) for n, line in enumerate(lines, 1)], "p")
        met = [fault for fault in found.faults.values() if f"x_{number}" in fault.pointer]
        expected = (START + timedelta(days=day)).date().isoformat()
        right += bool(met) and min(met[0].days) == expected == met[0].first.time[:10]
    print(f"first day right: {right} of 30")


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as name:
            for wanted in sys.argv[1:] or ["speed", "memory", "equal", "days"]:
                {"speed": speed, "memory": memory, "equal": equal, "days": days}[wanted](Path(name))
