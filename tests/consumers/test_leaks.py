"""What a reader keeps from one payload to the next is told once, though it answers the same when asked again."""

from __future__ import annotations

import pytest

from contracts import generate
from contracts.consumers import sources
from contracts.consumers.laws import ground_of
from contracts.consumers.registry import consumer_named
from contracts.consumers.sources import Answers
from contracts.consumers.stress.record import stumbles_once
from contracts.spec import load

MODULE = """\
FIRST = {}
TIMES = {}


def sticky(payload):
    return {"id": payload["id"], "owner": FIRST.setdefault("owner", payload["owner"])}


def by_id(payload):
    return TIMES.setdefault(payload["id"], payload["n"])


def plain(payload):
    return {"id": payload["id"], "owner": payload["owner"], "n": payload["n"]}


def loud(payload):
    print(payload)
    return payload["n"]
"""
SCHEMA = {
    "type": "object",
    "required": ["id", "owner", "n"],
    "properties": {"id": {"enum": ["a", "b"]}, "owner": {"enum": ["x", "y", "z"]}, "n": {"enum": [1, 2, 3]}},
}


@pytest.mark.parametrize(
    ("name", "leaks"), [("sticky", True), ("by_id", True), ("plain", False), ("loud", False)]
)
def test_an_answer_that_depends_on_payloads_before_it_is_told_once(name, leaks, tmp_path, monkeypatch):
    (tmp_path / f"kept_{name}.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    vendor = load("almanac")
    found = Answers(vendor, vendor.spec.operations[0], "200", generate.plan(SCHEMA))
    one = consumer_named(f"kept_{name}:{name}", "almanac")
    told = list(stumbles_once(ground_of(one, found), next(sources.covering(found))))
    assert [(each.law.id, each.law.once) for each in told] == [("deterministic", True)] * leaks
    assert all(each.words.startswith("called after other payloads: the answer differs: ") for each in told)
