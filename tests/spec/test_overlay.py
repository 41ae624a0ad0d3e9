"""Overlays: what they write keeps the overlay's line, and an action that no longer bites is an error."""

from __future__ import annotations

import pytest

from contracts.errors import SpecError
from contracts.model import SourceLine
from contracts.spec.document import read_document
from contracts.spec.overlay import apply_overlay

BASE = {"a": {"b": {"c": 1}, "list": [1, 2, 3]}, "x": {"y": 1}}
HEAD = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n"


def applied(actions: str, lines: dict[str, SourceLine] | None = None) -> object:
    overlay = read_document("overlay.yaml", (HEAD + actions).encode())
    return apply_overlay(BASE, overlay, {} if lines is None else lines)


def test_an_update_merges_and_remembers_its_lines() -> None:
    lines: dict[str, SourceLine] = {}
    text = "- target: $.a\n  x-reason: seen live\n  update:\n    b:\n      c: 2\n    list: [4]\n    new: {deep: [1]}\n"
    assert applied(text, lines) == {
        "a": {"b": {"c": 2}, "list": [1, 2, 3, 4], "new": {"deep": [1]}},
        "x": {"y": 1},
    }
    assert BASE["a"]["b"] == {"c": 1}
    assert {place: line.line for place, line in lines.items()} == {
        "/a/b/c": 8,
        "/a/list": 9,
        "/a/list/0": 9,
        "/a/new": 10,
        "/a/new/deep": 10,
        "/a/new/deep/0": 10,
    }
    assert set(lines.values()) <= {SourceLine("overlay.yaml", n) for n in (8, 9, 10)}


def test_a_removal_moves_the_lines_of_later_items() -> None:
    lines: dict[str, SourceLine] = {}
    text = (
        "- target: $.a.list\n  x-reason: r\n  update: 9\n"
        "- target: $.a.list[0]\n  x-reason: r\n  remove: true\n"
        "- target: $.x.y\n  x-reason: r\n  remove: true\n"
    )
    assert applied(text, lines) == {"a": {"b": {"c": 1}, "list": [2, 3, 9]}, "x": {}}
    assert {place: line.line for place, line in lines.items()} == {"/a/list/2": 6}
    assert applied("- target: $.a.list[*]\n  x-reason: r\n  remove: true\n") == {
        "a": {"b": {"c": 1}, "list": []},
        "x": {"y": 1},
    }


@pytest.mark.parametrize(
    ("actions", "sentence"),
    [
        ("- x-reason: r\n  remove: true\n", "overlay.yaml:4: an action needs a target, a JSONPath in text"),
        ("- target: $.a\n  remove: true\n", "overlay.yaml:4: an action needs x-reason: why we correct the vendor"),
        ("- target: $.a\n  x-reason: r\n", "overlay.yaml:4: an action needs update or remove"),
        ("- target: $.q\n  x-reason: r\n  remove: true\n", "overlay.yaml:4: the target $.q no longer applies: nothing is there"),
        ("- target: $.x\n  x-reason: r\n  update: {y: 1}\n", "overlay.yaml:4: the target $.x already says this; drop the action"),
        ("- target: $.x.y\n  x-reason: r\n  update: {z: 1}\n", "overlay.yaml:4: update fits objects and lists only; name the object that holds the value"),
        ("- target: $\n  x-reason: r\n  remove: true\n", "overlay.yaml:4: the whole document cannot be removed"),
        ("- target: '$['\n  x-reason: r\n  remove: true\n", "overlay.yaml:4: the target cannot be read: "),
        ("- {target: $.x, x-reason: r, remove: true, why: no}\n", "overlay.yaml:4: an action has no 'why'; known: "),
        ("- 7\n", "overlay.yaml:4: an action needs a target, a JSONPath in text"),
        ("  []\n", "overlay.yaml:3: actions must be a list with at least one action"),
    ],
)  # fmt: skip
def test_an_action_that_does_not_apply_is_an_error_with_its_line(actions: str, sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        applied(actions)
    assert str(caught.value).startswith(sentence)


def test_another_document_is_no_overlay() -> None:
    with pytest.raises(SpecError, match="not an OpenAPI Overlay"):
        apply_overlay({}, read_document("overlay.yaml", b"openapi: 3.1.0"), {})
