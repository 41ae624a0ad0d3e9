"""Green together: the plugins people use, several workers, another hash seed, another order."""

from __future__ import annotations

import json
import re

import pytest

from tests.plugin.conftest import NEIGHBOURS

OPTIONS = (
    "-n2", "-p", "randomly", "--reruns=1", "--html=out.html", "--report-log=out.jsonl", "--disable-socket",
    "--allow-unix-socket", "--record-mode=none", "--timeout=50", "--cov=own",
)  # fmt: skip


def outcome(text: str) -> str:
    """The counts of pytest's closing line."""
    return re.search(r"=+ (.*) in [\d.]+s", text.splitlines()[-1])[1]


@pytest.fixture
def with_tests(broken, pytester):
    pytester.makepyfile(own="X = 1", test_own="import own\ndef test_own(): assert own.X")
    return broken


def test_all_neighbours_in_one_run(with_tests, outside):
    plain = outside("--provider=acme", "test_own.py", "--contracts-report=json=plain.json")
    assert outcome(plain.stdout) == "1 failed, 6 passed"
    args = ("--provider=acme", "test_own.py", "--contracts-report=json=beside.json")
    beside = outside(*OPTIONS, *args, beside=NEIGHBOURS)
    assert outcome(beside.stdout) == "1 failed, 6 passed, 1 rerun"
    assert (with_tests / "beside.json").read_bytes() == (with_tests / "plain.json").read_bytes()
    assert "violates: 3 findings in 4 interactions" in beside.stdout
    assert "own.py" in beside.stdout
    assert "200-broken" in (with_tests / "out.html").read_text()
    logged = [json.loads(line) for line in (with_tests / "out.jsonl").read_text().splitlines()]
    assert any(one.get("nodeid", "").endswith("200-broken") for one in logged)


def test_workers_say_the_same_of_a_part(with_tests, outside):
    args = ("--provider=acme", "-k", "done or broken")
    one = outside(*args, "--contracts-report=json=one.json")
    two = outside("-n2", *args, "--contracts-report=json=two.json", beside=("xdist",))
    assert outcome(one.stdout) == "1 failed, 1 passed, 4 deselected"
    assert outcome(two.stdout) == "1 failed, 1 passed"  # xdist counts no deselected items
    assert (with_tests / "one.json").read_bytes() == (with_tests / "two.json").read_bytes()
    assert "contracts: 1 vendor (acme)" in two.stdout


def test_workers_refuse_as_one_process_does(broken, outside):
    done = outside("-n2", "--provider=acne", beside=("xdist",))
    assert done.returncode == 4
    assert done.stderr.startswith("ERROR: no provider 'acne'; did you mean 'acme'?")


def test_collection_is_the_same_under_another_hash_seed(pytester, outside):
    runs = [outside("--provider=all", "--collect-only", "-q", PYTHONHASHSEED=seed) for seed in ("0", "4711")]
    first, second = (re.sub(r" in [\d.]+s", "", done.stdout) for done in runs)
    assert first == second
    assert first.count("::") > 50


def test_a_rerun_says_nothing_twice(broken, outside):
    done = outside("--reruns=2", "--provider=acme", "-k", "broken", beside=("rerunfailures",))
    assert outcome(done.stdout) == "1 failed, 5 deselected, 2 rerun"
    assert "violates: 3 findings in 1 interaction ·" in done.stdout
