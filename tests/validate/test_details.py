"""Notes on consistency, texts read by a schema, and settings, by the smallest examples that tell them apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.errors import ConfigError, UnknownName
from contracts.policy import read_policy
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
