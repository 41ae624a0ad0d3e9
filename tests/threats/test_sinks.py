"""No door says a secret: a few plantings a door; thousands in tests/benchmarks/secret_plantings.py."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from contracts.text import safe_text, show
from tests.sinks import DOORS, found_in, leaks_of, lowered, sinks
from tests.sinks import batch as some

QUICK = sorted(set(DOORS) - {"pytest", "stress", "gate", "check html", "check recorded", "drift"})


@pytest.mark.parametrize("door", QUICK)
def test_nothing_that_leaves_a_door_says_a_secret(tmp_path: Path, door: str) -> None:
    assert leaks_of(tmp_path, door, random.Random(door), 6) == []


def test_the_search_sees_what_is_there(tmp_path: Path) -> None:
    answers = some(random.Random(3), "k9-aBcD3fGh1JkLmN0pQrS", 30)
    sinks(tmp_path, "check text", answers, "another-Key-77aa88bb")
    given = lowered((tmp_path / "t.jsonl").read_bytes())
    unseen = [one.where for one in answers if not list(found_in(given, one.value))]
    assert unseen == []


def test_a_key_of_the_environment_is_in_no_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ACME_API_KEY", "plainlower0key1of2words")
    sinks(tmp_path, "coverage", [], "plainlower0key1of2words")
    monkeypatch.setenv("ACME_API_KEY", "plainlower0key1of2words")
    assert show("got plainlower0key1of2words!") == "'got [hidden]!'"
    assert safe_text("p l a i n l o w e r 0 k e y") == "[hidden]"


@pytest.mark.parametrize("words", ["test-api-key", "your_api_key_here", "dummy"])
def test_a_key_of_plain_words_hides_no_words_of_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str
) -> None:
    sinks(tmp_path, "coverage", [], words)
    monkeypatch.setenv("ACME_API_KEY", words)
    said = "--live needs ACME_API_KEY (sent as x-api-key), a key for tests, test of a dummy provider"
    assert safe_text(said) == said or words == "dummy"
    if len(words) >= 8:
        assert words not in show(f"wrong key {words}")
