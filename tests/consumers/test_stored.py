"""Payloads kept on disk are those that were made; the first failure is told before the rest is done."""

from __future__ import annotations

import io
import json
import sys

import pytest

from contracts import generate
from contracts.atomic import cache_folder
from contracts.cli.stress import _first, stress
from contracts.consumers import ALL_LAWS, LawBroken, sources, stored
from contracts.consumers import run as running
from contracts.consumers.consumer import Consumer
from contracts.consumers.samples import Kind, Sample
from contracts.consumers.sources import Answers, answers
from contracts.spec import load

SCHEMA = {
    "type": "object",
    "required": ["id", "n"],
    "properties": {
        "id": {"type": "string"},
        "n": {"type": "integer", "minimum": 0},
        "state": {"enum": ["open", "done"]},
    },
}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(stored, "_memory", {})
    return tmp_path / "pytest-contracts" / "payloads"


def terminal(monkeypatch):
    screen = io.StringIO()
    screen.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", screen)
    return screen


def broken_law():
    sample = Sample(kind=Kind.COVERING, label="covering-000", value={}, valid=True)
    return LawBroken(ALL_LAWS[0], "it is broken", sample, ("total",))


def asked(**other):
    """The payloads of a plan that nobody has asked before, as in a new process."""
    vendor = load("almanac")
    plan = generate.plan(SCHEMA | other)
    found = Answers(vendor, vendor.spec.operations[0], "200", plan)
    makers = (sources.near_misses, sources.two_faults, sources.drifted)
    return [*(one for make in makers for one in make(found)), *sources.explored(found, 5)]


def plain(samples):
    return [
        repr((one.kind, one.label, one.value, one.valid, one.points, one.base, one.words, one.body))
        for one in samples
    ]


def test_they_are_read_back_as_they_were_made(cache, monkeypatch):
    first = plain(asked())
    names = {file.name.partition("-")[2] for file in cache.iterdir()}
    assert names == {"covering.json", "near-misses.json", "two-faults.json", "drift.json", "random-5.json"}
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in cache.iterdir())
    monkeypatch.setattr(sources, "_with_a_fault", lambda _: pytest.fail("made again"))
    monkeypatch.setattr(sources, "_explored", lambda *_: pytest.fail("made again"))
    assert plain(asked()) == first
    assert len(list(cache.iterdir())) == 5


def test_another_schema_has_files_of_its_own(cache):
    asked()
    asked(required=["id"])
    assert len(list(cache.iterdir())) == 10


def test_what_cannot_be_read_is_made_anew(cache):
    first = plain(asked())
    for text in ("{", "3", json.dumps([{"kind": "x"}])):
        for file in cache.iterdir():
            file.write_text(text, "utf-8")
        assert plain(asked()) == first


def test_a_folder_that_cannot_be_written_is_no_failure(cache):
    cache.parent.mkdir(parents=True)
    cache.write_text("a file", "utf-8")
    assert asked()
    assert cache_folder() == cache.parent


def test_the_first_failure_is_told_before_anything_else(monkeypatch):
    told = []
    one = Consumer(id="m:f", provider="almanac", function=lambda p: p["summary"].strip())

    def progress(what, _):
        told.append(what)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run_consumer(one, answers(load("almanac")), write=False, progress=progress, first=told.append)
    assert (told[0].law.id, told[1:]) == ("total", ["how it answers"])
    screen = terminal(monkeypatch)
    _first("text")(told[0])
    line = screen.getvalue().removeprefix("\r\x1b[K")
    assert line.startswith("  first         total: AttributeError at consumers/test_stored.py:")
    assert line.endswith(": 'NoneType' object has no attribute 'strip'\n")
    _first("json")(told[0])
    assert screen.getvalue().count("first") == 1


def test_the_covering_set_is_read_back_as_it_was_made(cache):
    first = stored.stored_covering(generate.plan(SCHEMA))
    assert [file.name.partition("-")[2] for file in cache.iterdir()] == ["covering.json"]
    stored._memory.clear()
    assert stored.stored_covering(generate.plan(SCHEMA)) == first
    assert first.infeasible


def test_a_broken_law_is_told_first_too():
    told = []
    one = Consumer(id="m:f", provider="almanac", function=lambda p: {"first": next(iter(p), None)})

    def progress(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run_consumer(one, answers(load("almanac")), write=False, progress=progress, first=told.append)
    assert [each.law.id for each in told] == ["key-order"]


def test_the_first_failure_is_shown_on_the_terminal(monkeypatch, tmp_path):
    (tmp_path / "told.py").write_text("def read(payload):\n    return payload['nothing']\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "run_consumer", lambda *_, first, **__: first(broken_law()) or sys.exit(7))
    screen = terminal(monkeypatch)
    with pytest.raises(SystemExit, match="7"):
        stress.main(["told:read", "--provider", "almanac"], standalone_mode=False)
    assert "  first         total: it is broken\n" in screen.getvalue()
