"""What is packed is read and searched, and what the environment holds is hidden however it is packed."""

from __future__ import annotations

import base64

import pytest

from contracts.secret import Known, holds, mask, separate, told, unpacked
from contracts.secret.masking import without_keys
from contracts.secret.told import hide

KEY = "sk-live-9aBcD3fGh1JkLmN0pQrS"


def packed(text: str, times: int = 1) -> str:
    return packed(base64.b64encode(text.encode()).decode(), times - 1) if times else text


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("0123456789abcde", None), ("61" * 8, "a" * 8), ("61" * 7, None), (packed("sixteen letters!"), "sixteen letters!"), (packed("eleven lett"), None),
        (packed("twelve lette"), "twelve lette"), (packed("\x01" * 12), None), (packed("tab\tand\r\nlines"), "tab\tand\r\nlines"), (packed("abcdefghijklmnopqr\x01"), None),
        (packed("abcdefghijklmnopqrs\x01"), "abcdefghijklmnopqrs\x01"), ("ORSW4IDMMV2HIZLS", "ten letter"), ("orsw4idmmv2hizls", "ten letter"),
        (packed("caf\u00e9 caf\u00e9 caf\u00e9"), "caf\u00e9 caf\u00e9 caf\u00e9"), ("a" * 16 + "!", None), ("=" * 18, None), (packed("?>?>?>?>?>?>").replace("/", "_"), "?>?>?>?>?>?>"),
        (base64.b32encode(b"zyxwvutsrqponmlkjihg76543210").decode().rstrip("="), "zyxwvutsrqponmlkjihg76543210"),
    ],
)  # fmt: skip
def test_a_word_is_unpacked_where_it_holds_readable_text(word: str, text: str | None) -> None:
    assert unpacked(word) == text


def test_a_key_is_found_below_four_wrappings_and_in_the_parts_of_a_path() -> None:
    known = Known.of([KEY])
    wrapped = [packed(f"{KEY} ~~~", times) for times in range(6)]
    assert [holds(one, known, 0) for one in wrapped] == [True, True, False, False, False, False]
    assert [holds(one, known) for one in wrapped] == [True] * 6
    assert [holds(f"/v1/{packed('xxxx' + KEY, 2)}/tail", known, depth) for depth in (0, 1, 2)] == [
        False,
        True,
        True,
    ]
    assert not holds(packed(KEY), Known())
    assert (separate("a/b"), separate("ab")) == (["a", "b"], [])


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("no", "no"), ("abcd", "abcd"), (KEY, "#"), (f"x {KEY} y {KEY[:10]}", "x # y #"), ("plain-words", "#"), ("plain", "plain"),
        (packed(f"xx {KEY}"), "eHgg#w=="), ("%73%6b-live-9aBcD", "%73%6b#"), ("s k l i v e 9 a B c D", "#"), (f"wrapped {packed(f'a {KEY}', 3)}", "wrapped #"),
        (packed("one readable sentence"), packed("one readable sentence")),
    ],
)  # fmt: skip
def test_keys_of_the_environment_are_hidden(text: str, hidden: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "_variables", set())
    monkeypatch.setenv("A_KEY", f" {KEY}\n")
    monkeypatch.setenv("B_KEY", "plain-words")
    assert hide(text, "#") == text
    told.never_show(["A_KEY"])
    told.never_show(["B_KEY", "NOT_SET"])
    assert hide(text, "#") == hidden
    assert without_keys(text) == hidden.replace("#", "[hidden]")
    monkeypatch.setenv("A_KEY", " ")
    monkeypatch.delenv("B_KEY")
    assert hide(text, "#") == text


def test_the_variable_of_a_key_in_a_text_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "_variables", {"A_KEY", "B_KEY", "C_KEY", "D_KEY"})
    monkeypatch.setenv("A_KEY", "plain-words-only")
    monkeypatch.setenv("B_KEY", f" {KEY} ")
    monkeypatch.setenv("C_KEY", "Zq7Xw2Vu5Ts8Rp1")
    for text, name in {
        "": "",
        "plain-words-only": "",
        f"x {KEY}": "B_KEY",
        packed("Zq7Xw2Vu5Ts8Rp1"): "C_KEY",
        f"{KEY} Zq7Xw2Vu5Ts8Rp1": "B_KEY",
    }.items():
        assert told.held_in(text) == name
    names = {f"K{number:02}" for number in range(40)}
    monkeypatch.setattr(told, "_variables", names)
    for one in names:
        monkeypatch.setenv(one, KEY)
    assert told.held_in(KEY) == "K00"


def test_a_key_of_the_environment_is_masked_in_a_short_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "_variables", {"A_KEY"})
    monkeypatch.setenv("A_KEY", "swordf1sh")
    assert mask("swordf1sh") == "[hidden]"
