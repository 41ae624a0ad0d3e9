"""Several writers at once, and a system that fails under them: nothing is lost, and every file is whole."""

from __future__ import annotations

import json
import multiprocessing
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.atomic import alone, append_line, exchange
from contracts.cli import group
from contracts.interactions.write import save
from contracts.model import Finding, Report, Severity, SourceLine
from contracts.policy.adopting import add_waivers
from contracts.policy.waivers import Waiver, read_waivers
from contracts.report import recall, remember
from contracts.vendoring import Collector, add_observed, read_observed
from tests import acme
from tests.threats.test_promises import cassette

PROCESSES = 8
LINES, CASSETTES, SUMMARIES, WAIVERS, FINDINGS = 60, 20, 12, 4, 4
"""How often each process writes: 100 times in all."""
UNTIL = date(2027, 1, 1)


def at_once(act: Callable[[int], object], processes: int = PROCESSES) -> None:
    """Do something in several processes that begin together; each knows its number."""
    context = multiprocessing.get_context("fork")
    together = context.Barrier(processes)

    def run(number: int) -> None:
        together.wait(20)
        act(number)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads of other tests
        workers = [context.Process(target=run, args=(number,)) for number in range(processes)]
        for one in workers:
            one.start()
    for one in workers:
        one.join(60)
    assert [one.exitcode for one in workers] == [0] * processes


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["acme"]\n')
    return acme.write(tmp_path)


def waiver(place: str) -> Waiver:
    return Waiver(
        rule="enum",
        place=f"acme/getBatch/200/{place}",
        reason="known",
        owner="me",
        until=UNTIL,
        origin=SourceLine("w"),
    )


def seen(number: int) -> object:
    collector = Collector(lambda one: one.operation)
    collector.take(cassette(f"n{number}").interaction)
    return collector.summary()


def finding(number: int) -> Finding:
    return Finding(
        provider="acme", operation="getBatch", status="200", rule="enum", severity=Severity.ERROR,
        pointer=f"/a{number}", message="m",
    )  # fmt: skip


def numbers(number: int, times: int) -> range:
    """Give the numbers that are those of one process."""
    return range(number * times, (number + 1) * times)


def test_eight_processes_lose_nothing_of_each_other(home: Path) -> None:
    def write(number: int) -> None:
        for one in numbers(number, WAIVERS):
            add_waivers(home / "waivers.toml", [waiver(f"p{one}")])
        for one in numbers(number, SUMMARIES):
            add_observed(home / "observed.json", seen(one), "observed.json")
        for one in numbers(number, CASSETTES):
            save(cassette(f"n{one}"), home)
        for one in numbers(number, FINDINGS):
            remember(home, Report(findings=(finding(one),)))
        for one in numbers(number, LINES):
            with alone(home):
                append_line(home / "log.jsonl", b"%d\n" % one)

    at_once(write)
    waived = {one.place.rpartition("/p")[2] for one in read_waivers(home / "waivers.toml")}
    assert waived == set(map(str, range(PROCESSES * WAIVERS)))
    (summary,) = read_observed("o", (home / "observed.json").read_bytes())["operations"].values()
    assert sum(summary["days"].values()) == PROCESSES * SUMMARIES
    kept = {json.loads(path.read_bytes())["situation"] for path in home.glob("cassettes/get/*.json")}
    assert kept == {f"n{one}" for one in range(PROCESSES * CASSETTES)}
    assert {one.pointer for one in recall(home)} == {f"/a{one}" for one in range(PROCESSES * FINDINGS)}
    lines = (home / "log.jsonl").read_bytes().splitlines()
    assert sorted(map(int, lines)) == list(range(PROCESSES * LINES))
    assert [
        path.name for path in home.rglob("*") if path.name.startswith(".") or path.suffix == ".lock"
    ] == []


def test_two_commands_at_once_add_up(home: Path) -> None:
    """Corrections, waivers, a summary and recordings that are written at one time are all there afterwards."""
    answer = {
        "url": acme.URL,
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": acme.BROKEN,
    }
    (home.parents[1] / "t.jsonl").write_text(json.dumps(answer))
    (home / "upstream").mkdir()
    (home / "upstream/openapi.yaml").write_text(acme.SPEC)
    said = CliRunner().invoke(group, ["check", "acme", "--file", "t.jsonl", "--format", "json"]).stdout
    found = [one["fingerprint"] for one in json.loads(said)["assessments"][0]["findings"]]
    doors = [
        *(["correct", one, "--file", "t.jsonl"] for one in found[:2]),
        *(["waive", one, "--reason", "known", "--file", "t.jsonl"] for one in found[:2]),
        ["observe", "t.jsonl", "--provider", "acme", "--save"],
        ["import", "t.jsonl", "--provider", "acme"],
    ]

    def enter(number: int) -> None:
        done = CliRunner().invoke(group, doors[number])
        assert isinstance(done.exception, SystemExit | type(None)), (doors[number], done.exception)

    at_once(enter, len(doors))
    overlay = (home / "overlay.yaml").read_text()
    assert [one in overlay for one in found[:2]] == [True, True]
    assert len(read_waivers(home / "waivers.toml")) == 2
    assert (home / "observed.json").is_file()
    assert list(home.glob("cassettes/getBatch/*t*.json")) != []


def test_a_second_scan_into_a_folder_is_refused_in_a_sentence(home: Path) -> None:
    (home.parents[1] / "t.jsonl").write_text(json.dumps({"url": acme.URL, "status": 200, "body": acme.DONE}))
    out = home.parents[1] / "oct"
    with alone(out):
        done = CliRunner().invoke(group, ["archive", "scan", "t.jsonl", "--out", "oct", "--provider", "acme"])
    assert str(done.exception) == (
        "oct: another scan writes into it; wait for its end, or name another --out"
    )


def test_a_folder_is_never_missing_while_another_takes_its_place(tmp_path: Path) -> None:
    def put(number: int) -> None:
        for time in range(100):
            made, before = tmp_path / "made", tmp_path / f"before{time}"
            made.mkdir()
            exchange(made, tmp_path / "a", before)
            before.rmdir()

    def look(number: int) -> None:
        for _ in range(30_000):
            (tmp_path / "a").stat()

    (tmp_path / "a").mkdir()
    at_once(lambda number: (put if number else look)(number), 2)


def test_a_system_without_an_exchange_puts_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "other")
    made, target, before = (tmp_path / name for name in ("made", "a", "before"))
    target.mkdir()
    with pytest.raises(FileNotFoundError):
        exchange(made, target, before)
    assert list(tmp_path.iterdir()) == [target]
    made.mkdir()
    (made / "new").touch()
    exchange(made, target, before)
    assert [*target.iterdir(), *before.iterdir()] == [target / "new"]


def test_a_lock_is_kept_beside_a_folder_where_there_is_no_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    (tmp_path / "a").mkdir()
    with (
        alone(tmp_path / "a"),
        pytest.raises(TimeoutError, match="another process of contracts writes there"),
        alone(tmp_path / "a", timeout=0),
    ):
        raise AssertionError
    assert {path.name for path in tmp_path.iterdir()} == {"file", "a", "a.lock"}
