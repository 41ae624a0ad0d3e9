"""Notes on consistency, texts read by a schema, and settings, by the smallest examples that tell them apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contracts.errors import ConfigError, UnknownName
from contracts.policy import WatchSettings, read_policy
from contracts.spec import Note
from contracts.validate.consistency import check_notes, consistent, notes_of
from contracts.validate.reading.coerce import scalars


def said(kind: str, value: object, **settings: object) -> list[tuple[str, str, str]]:
    notes = notes_of((Note(kind, "so it says", settings=settings),), "getBatch", "200")
    return [(one.rule, str(one.pointer), one.words.message) for one in check_notes(notes, value)]


COUNTS = {"total": "/total", "parts": ["/done", "/items#"]}


@pytest.mark.parametrize(
    ("relation", "body", "found"),
    [
        ({}, {"total": 3, "done": 1, "items": [1, 2]}, []),
        ({}, {"total": 4, "done": 1, "items": [1, 2]}, []),
        ({}, {"total": 2, "done": 1, "items": [1, 2]}, ["3 is more than 2: so it says"]),
        ({"relation": "equal"}, {"total": 3, "done": 1, "items": [1, 2]}, []),
        ({"relation": "equal"}, {"total": 4, "done": 1, "items": [1, 2]}, ["3 is not 4: so it says"]),
        ({}, {"total": True, "done": 1, "items": [1, 2]}, []),
        ({}, {"total": 1, "done": "x", "items": [1, 2]}, []),
        ({}, {"total": 1, "done": 1, "items": "ab"}, []),
        ({}, [], []),
    ],
)
def test_counts(relation: dict[str, str], body: object, found: list[str]) -> None:
    assert said("counts", body, **COUNTS, **relation) == [("counts", "/total", text) for text in found]


def test_a_note_of_another_status_or_operation_says_nothing() -> None:
    note = Note("counts", "x", settings={**COUNTS, "operation": "listBatches"})
    assert notes_of((note,), "getBatch", "200") == ()
    assert len(notes_of((note,), "listBatches", "200")) == 1
    assert notes_of((note,), "listBatches", "404") == ()
    broken = notes_of((Note("counts", "x", settings=COUNTS),), "any", "200")
    assert not consistent(broken, {"total": 0, "done": 1, "items": []})


def test_a_note_that_cannot_be_used_says_what_it_needs() -> None:
    with pytest.raises(UnknownName, match="kind of note"):
        notes_of((Note("count", "x"),), "a", "200")
    with pytest.raises(ConfigError, match="a note needs total, a pointer in text"):
        notes_of((Note("counts", "x", settings={"total": 5}),), "a", "200")


@pytest.mark.parametrize(
    ("text", "types", "values"),
    [
        ("12", {"integer"}, [12]), ("-12", {"number"}, [-12]), ("1.5", {"number"}, [1.5]), ("1e3", {"integer"}, [1000.0]),
        ("012", {"integer"}, []), ("true", {"boolean"}, [True]), ("false", {"boolean"}, [False]), ("True", {"boolean"}, []),
        ("", {"null"}, [None]), ("null", {"null"}, [None]), ("12", {"string"}, []), ("1" * 401, {"integer"}, []),
    ],
)  # fmt: skip
def test_what_a_text_spells(text: str, types: set[str], values: list[object]) -> None:
    found = list(scalars(text, frozenset(types)))
    assert found == values
    assert [type(one) for one in found] == [type(one) for one in values]


def policy(tmp_path: Path, text: str, providers: tuple[str, ...] = ()) -> object:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    return read_policy(path, providers=providers)


def test_settings_are_read_as_they_are_written(tmp_path: Path) -> None:
    assert policy(tmp_path, "[tool.contracts]\n").base is None
    assert policy(tmp_path, '[tool.contracts]\nbase = "v1"\n').base == "v1"
    assert policy(tmp_path, '[tool.contracts]\nbase = "merge-base"\n').base == ""
    watch = policy(tmp_path, '[tool.contracts.watch]\nvendors = ["a"]\nsample = 0.5\nqueue = 7\n').watch
    assert (watch.vendors, watch.sample, watch.queue) == (("a",), 0.5, 7)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stale-fail-days = 5", "stale-fail-days"),
        ("stale-warn-days = 5000", "stale-warn-days"),
        ("[tool.contracts.provider.a]\nnothing = 1", "nothing"),
        ("max-body = 0", "bytes"),
        ('[tool.contracts.watch]\nvendors = ["b"]', "provider 'b'"),
    ],
)
def test_settings_that_cannot_be_used_say_which(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        policy(tmp_path, f"[tool.contracts]\n{text}\n", ("a",))


TIMES = {"before": "/started", "after": "/at/0"}
STATES = {"when": "/state", "then": "/final", "pairs": {"done": True, "open": False}}
BOUNDS = {"field": "/n", "minimum": 1, "maximum": 9.5}


@pytest.mark.parametrize(
    ("kind", "settings", "body", "place", "text"),
    [
        ("order", TIMES, {"started": "2026-01-02T00:00:00Z", "at": ["2026-01-01T23:59:59Z"]}, "/at/0", "is before /started"),
        ("order", TIMES, {"started": "2026-01-02T00:00:00Z", "at": ["2026-01-02t00:00:00z"]}, "", ""),
        ("order", TIMES, {"started": "2026-01-02T00:00:00Z", "at": ["2026-01-02T01:00:00+02:00"]}, "/at/0", "is before /started"),
        ("order", TIMES, {"started": "2026-01-02T00:00:00Z", "at": ["2026-01-01"]}, "", ""),
        ("order", TIMES, {"started": "2026-01-02T00:00:00Z", "at": ["0000-01-01T00:00:00Z"]}, "", ""),
        ("order", TIMES, {"started": 5, "at": ["2026-01-01T00:00:00Z"]}, "", ""),
        ("order", TIMES, {"started": "2026-01-02T00:00:00Z", "at": []}, "", ""),
        ("order", TIMES, {"started": "2026-01-02T00:00:00Z", "at": {"0": "2026-01-01T00:00:00Z"}}, "/at/0", "is before /started"),
        ("pairs", STATES, {"state": "done", "final": False}, "/final", "false beside 'done', which goes with true"),
        ("pairs", STATES, {"state": "open", "final": "x"}, "/final", "'x' beside 'open', which goes with false"),
        *(("pairs", STATES, body, "", "") for body in ({"state": "done", "final": True}, {"state": "done", "final": None}, {"state": "gone", "final": 1}, {"state": 5, "final": 1}, {"final": 1}, [])),
        ("pairs", {**STATES, "pairs": {}}, {"state": "done", "final": False}, "", ""),
        ("range", BOUNDS, {"n": 0}, "/n", "0 is not within 1 and 9.5"), ("range", BOUNDS, {"n": 10}, "/n", "10 is not within 1 and 9.5"),
        ("range", {"field": "/n", "maximum": 0}, {"n": 1}, "/n", "1 is not within null and 0"), ("range", {"field": "/n", "minimum": 2}, {"n": 1}, "/n", "1 is not within 2 and null"),
        *(("range", BOUNDS, {"n": n}, "", "") for n in (1, 9.5, "0", None, True)),
        ("range", {"field": "/a/1/b#", "maximum": 1}, {"a": [0, {"b": [1, 2]}]}, "/a/1/b", "2 is not within null and 1"),
        ("range", {"field": "/a/2/b#", "maximum": 1}, {"a": [0, {"b": [1, 2]}]}, "", ""), ("range", {"field": "/a/x", "maximum": 1}, {"a": [5]}, "", ""),
    ],
)  # fmt: skip
def test_notes_of_every_kind(
    kind: str, settings: dict[str, object], body: object, place: str, text: str
) -> None:
    rule = {"order": "time-order", "pairs": "state-fields", "range": "counts"}[kind]
    assert said(kind, body, **settings) == ([(rule, place, f"{text}: so it says")] if text else [])
    assert consistent(notes_of((Note(kind, "x", settings=settings),), "a", "200"), body) is (not text)


def test_settings_of_watching_are_read_as_they_are_written(tmp_path: Path) -> None:
    text = """[tool.contracts.watch]
vendors = ["a"]
hosts = {"Gate.Example" = "a"}
sample = 0.5
queue = 7
interval = 9
sinks = ["otel", "jsonl"]
folder = "there"
mode = "raise"
"""
    assert policy(tmp_path, text, ("a",)).watch == WatchSettings(
        vendors=("a",), hosts=(("gate.example", "a"),), sample=0.5, queue=7, interval=9, sinks=("otel", "jsonl"), folder="there", mode="raise",
    )  # fmt: skip
    assert policy(tmp_path, "[tool.contracts.watch]\n").watch == WatchSettings(
        vendors=(), hosts=(), sample=1.0, queue=1000, interval=3600, sinks=("log",), folder="contracts-traffic", mode="log",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("vendors = 5", '[tool.contracts.watch] vendors is 5; write a list of names, such as ["matil"]'), ('hosts = {"x" = "b"}', "no provider 'b'"),
        ('sinks = "log"', "sinks is 'log'; write a list of log, otel, observed, jsonl"), ('sinks = ["lgo"]', "[tool.contracts.watch]: no sink 'lgo'; did you mean 'log'?"),
        ('mode = "loud"', "mode is 'loud'; write log or raise"), ("queue = 0", "queue is 0; write a number of answers, 1 or more"),
        ("interval = 0", "interval is 0; write a number of seconds, 1 or more"), ("simple = 1", "no setting 'simple'; did you mean 'sample'?"),
        ("sample = 2", "sample is 2; write a share between 0 and 1"), ("folder = 1", "folder is 1; write a text"),
    ],
)  # fmt: skip
def test_settings_of_watching_that_cannot_be_used(tmp_path: Path, line: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(sentence)):
        policy(tmp_path, f"[tool.contracts.watch]\n{line}\n", ("a",))
