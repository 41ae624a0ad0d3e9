"""Reducer, replay files, patterns, lookups: the parts beside the covering set."""

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings

from contracts import generate
from contracts.consumers.stress import replay as replay_files
from contracts.errors import GenerationError
from contracts.generate.canonical.references import Lookup
from contracts.generate.leaves import matching, numbers, regex, texts
from contracts.generate.leaves.domains import Number, Text, key_of
from contracts.generate.leaves.malformed import BROKEN
from contracts.generate.leaves.strings import FORMATS as WORDS
from contracts.generate.shrink import size_of
from contracts.generate.strategy import strategy_of
from contracts.model import Pointer
from contracts.patterns import search
from contracts.schema.formats import FORMATS
from tests.generate.vendors import NAMES, plan


def smallest(name, fails):
    """Reduce the first covering payload that fails."""
    first = next(payload.value for payload in generate.covering(plan(name)) if fails(payload.value))
    valid = plan(name).oracle.valid
    return generate.reduce(
        first,
        lambda value: "fails" if valid(value) and fails(value) else None,
        simpler=generate.simpler_values_of(plan(name)),
    )


def test_a_failure_is_reduced_to_what_it_needs():
    reduced = smallest(
        "nimble", lambda p: any(t and t["state"] == "error" and "error_type" not in t for t in p["tasks"])
    )
    assert reduced.value == {
        "status": "success", "id": "", "completed": True, "completed_count": 0, "progress": 0, "created_at": "",
        "tasks": [{"id": "0", "state": "error", "status_url": "urn:x:y", "created_at": "", "input": 0, "_query": 0}],
    }  # fmt: skip


def test_what_hangs_together_is_reduced_together():
    def fails(payload):
        return payload["total_items"] == payload["completed_items"] + payload["failed_items"] > 2

    reduced = smallest("matil", fails).value
    assert sorted(reduced) == [
        "batch_id",
        "completed_items",
        "created_at",
        "failed_items",
        "status",
        "total_items",
    ]
    assert fails(reduced)


def test_reducing_keeps_the_signature_and_ends_in_time():
    def signature(value):
        try:
            return value["items"][3]["errors"][0]["code"]
        except (KeyError, IndexError, TypeError) as error:
            return type(error).__name__

    payload = {"items": [{"errors": [{"code": "x" * 500, "more": list(range(50))}]} for _ in range(60)]}
    started = time.process_time()
    reduced = generate.reduce(payload, signature)
    assert reduced.value == {"items": [0, 0, 0, {"errors": [{"code": "x" * 500}]}]}
    assert time.process_time() - started < 3
    assert generate.reduce({"a": 1}, lambda _: None).value == {"a": 1}
    assert generate.reduce(payload, signature, checks=3).checks == 3


def test_reducing_simplifies_numbers_and_text():
    assert generate.reduce(
        {"a": 12.5}, lambda v: True if isinstance(v, dict) and v.get("a", 0) > 7 else None
    ).value == {"a": 8}
    assert generate.reduce(
        ["abcdefgh"], lambda v: True if v and isinstance(v[0], str) and "a" in v[0] else None
    ).value == ["a"]
    assert generate.reduce([1, 2, 3], lambda v: True if isinstance(v, list) and v else None).value == [0]


def test_offers_are_legal_values_first():
    simpler = generate.simpler_values_of(plan("wickson"))
    assert simpler(Pointer(("data", "status")), "completed")[0] == "failed"
    assert simpler(Pointer(("data", "job_details", 7, "progress")), 55.5)[:2] == (0, 1)
    assert simpler(Pointer(("nowhere",)), True) == (False, None, 0, "")


def test_replay_files_come_back_as_they_were(tmp_path):
    replay = replay_files.Replay(
        "app.parse", "matil", "no lie: success", {"a": "\ud800\u00e9", "n": 2**70}, ("$.a=null",), "why"
    )
    path = replay_files.save(tmp_path / "replays", replay)
    again = replay_files.save(tmp_path / "replays", replay)
    assert path == again
    assert path.name.startswith("no-lie--success-")
    assert [(found, each) for found, each in replay_files.load(tmp_path / "replays")] == [(path, replay)]
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]


def test_a_file_that_is_no_replay_is_named(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(GenerationError, match=r"x\.json: not a replay file"):
        list(replay_files.load(tmp_path))


def test_a_replay_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("os.replace", _refuse)
    with pytest.raises(OSError, match="full"):
        replay_files.save(tmp_path, replay_files.Replay("c", "p", "law", None))
    assert list(tmp_path.iterdir()) == []


def _refuse(*_):
    raise OSError("full")


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Za-z0-9-]+$", "^\\d{4}-\\d{2}$", "a|bc|[^x]d", "^(foo|bar)?(\\.[a-z]{1,3}){2,}$", "^\\p{L}+\\P{L}$", "^\\x41\\u0042\\cA$",
        "^.{3}$", "\\bword\\b", "^\\u{1F600}$", "^(?:a|b)*?c$", "^[\\w.+-]+@[\\w-]+\\.[a-z]{2,}$", "^\\p{Script=Greek}+$",
        "^[^\\S\\r\\n]$", "^x{2}y{0,1}$", "^\\/[\\t ]$", "^\\D\\W$",
    ],
)  # fmt: skip
def test_patterns_are_written_from_their_parse(pattern):
    made = [text for text in matching.samples(pattern) if search(pattern, text)]
    assert len(set(made)) >= (1 if pattern in ("^\\x41\\u0042\\cA$", "\\bword\\b", "^\\u{1F600}$") else 2)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("^\\ud83d\\ude00$", "\U0001f600"), ("[\\b]", "\b"), ("a{,2}", "a{,2}"), ("\\0", "\0"), ("\\cJ", "\n")],
)
def test_odd_spellings_are_read_as_ecma_262_says(pattern, text):
    assert next(matching.samples(pattern)) == text


@pytest.mark.parametrize("pattern", ["(", "a)", "[a", "*a", "(?<x", "\\p{L", "\\uZZZZ", "a\\"])
def test_patterns_that_cannot_be_read_are_named(pattern):
    with pytest.raises(GenerationError, match=re.escape("cannot be read at")):
        regex.parse(pattern)


def test_every_word_is_legal_in_its_format_and_every_break_is_not():
    assert [(f, name) for f, table in WORDS.items() for name, value in table if not FORMATS[f](value)] == []
    assert [(f, name) for f, table in BROKEN.items() for name, value in table if FORMATS[f](value)] == []
    assert set(WORDS) == set(BROKEN) == set(FORMATS)


def test_number_classes_stand_inside_their_domain():
    assert [name for name, _ in numbers.classes(Number(integer=True))][:3] == ["one", "zero", "seven"]
    assert {0, 1, 99, 100} <= {value for _, value in numbers.classes(Number(low=0, high=100))}
    assert not numbers.allows(Number(), True)
    assert not numbers.allows(Number(), float("nan"))
    assert not numbers.allows(Number(excluded=(1,)), 1.0)


def test_text_classes_stand_inside_their_domain():
    assert "lone" not in "".join(name for name, _ in texts.classes(Text()))
    assert not texts.allows(Text(), "\ud800")
    assert {len(value) for _, value in texts.classes(Text(low=3, high=4))} == {3, 4}


def test_keys_tell_json_values_apart():
    assert key_of(1) == key_of(1.0) != key_of(True)
    assert key_of({"a": 1, "b": [2.0]}) == key_of({"b": [2], "a": 1.0})
    assert size_of("a") < size_of("\u00e9") < size_of("ab")


def test_lookups_follow_ids_anchors_and_pointers():
    document = {
        "$id": "https://example.com/a",
        "$defs": {"b": {"$id": "b/c", "$anchor": "x", "items": {"const": 1}}},
    }
    lookup = Lookup(document)
    root = lookup.spot("")
    assert lookup.target(root, "b/c#/items").schema == {"const": 1}
    assert lookup.target(root, "b/c#x").schema["$anchor"] == "x"
    assert lookup.target(root, "#/$defs/b/items").base == "https://example.com/b/c"
    assert lookup.target(root, "#").schema is document
    with pytest.raises(GenerationError, match="points nowhere"):
        lookup.target(root, "#/$defs/b/$id")


@pytest.mark.parametrize("name", NAMES)
def test_the_strategy_gives_valid_payloads_within_the_health_checks(name):
    oracle = plan(name).oracle

    @settings(
        max_examples=40,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(strategy_of(plan(name)))
    def check(value):
        assert oracle.valid(value)

    check()
