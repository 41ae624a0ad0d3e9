"""Every law is broken by a consumer that deserves it, and by none of ours."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

import pytest

from contracts.consumers import consumer as consumers
from contracts.consumers.consumer import Consumer, Manner, meet
from contracts.consumers.registry import bundled
from contracts.consumers.samples import Kind, Sample
from contracts.consumers.stress.record import strain, stress
from tests.providers.payloads import VENDORS, plain


def on(function, payload, **options):
    one = Consumer(id="mine", provider="matil", function=function, **options)
    return [(s.law.id, s.words) for s in strain(one, valid(payload))[2]]


def valid(payload):
    return Sample(kind=Kind.COVERING, label="x", value=payload, valid=True)


def invalid(base, value, **options):
    return Sample(kind=Kind.NEAR_MISS, label="x", value=value, valid=False, base=base, **options)


class Refusal(Exception):
    pass


def refuse(_):
    raise Refusal("no batch")


def test_total():
    line = on(lambda p: p["b"], {"a": 1})
    assert line == [("total", f"KeyError at consumers/test_laws.py:{_line()}: 'b'")]


def _line():
    import inspect

    return inspect.currentframe().f_back.f_lineno - 1


def test_a_declared_refusal_of_what_the_vendor_may_send():
    assert on(refuse, {}, refuses=(Refusal,)) == [("accepting", "refused with Refusal: no batch")]
    assert on(refuse, {})[0][0] == "total"


def test_pure():
    assert on(lambda p: p.pop("a"), {"a": 1}) == [("pure", "the payload is not the same after the call")]


def test_deterministic():
    clock = iter(range(100))
    assert on(lambda _: next(clock), {})[0] == ("deterministic", "called again: the answer differs: / = 1")
    words = "called in another time zone: the answer differs: / = '2024-01-14T20:30:00+00:00'"
    assert on(lambda p: datetime.fromisoformat(p["t"]).astimezone(), {"t": "2024-01-15T10:30:00"})[0] == (
        "deterministic", words,
    )  # fmt: skip


def test_key_order():
    assert on(lambda p: next(iter(p)), {"a": 1, "b": 2})[0] == ("key-order", "the answer differs: / = 'b'")


def test_unknown_field():
    assert ("unknown-field", "the answer differs: / = 2") in on(len, {"a": 1})
    assert on(dict, {"a": {"b": 1}}) == []


def test_whole_number():
    assert on(lambda p: isinstance(p["a"], int), {"a": 1})[0] == (
        "whole-number",
        "the answer differs: / = false",
    )
    assert on(lambda p: f"{p['a']:g}", {"a": -0.0}) == []


def test_same_instant():
    payload = {"t": "2024-01-15T10:30:00Z"}
    assert on(lambda p: p["t"], payload) == []
    assert on(lambda p: p["t"][:16], payload) == [
        ("same-instant", "the answer differs: / = '2024-01-15T07:00'")
    ]
    words = on(lambda p: datetime.strptime(p["t"], "%Y-%m-%dT%H:%M:%SZ"), payload)[0]  # noqa: DTZ007
    assert words[0] == "same-instant"


def test_item_order():
    payload = {"items": [{"id": 1}, {"id": 2}]}
    first = {"items": [{"id": 1}, {"id": 2}], "first": 2}
    assert on(lambda p: {"items": p["items"], "first": p["items"][0]["id"]}, payload) == [
        ("item-order", "/items in reverse: the answer differs: /first = 2")
    ]
    assert on(lambda p: {"items": p["items"]}, payload) == []
    assert on(lambda p: p["items"][0]["id"], first) == []


def test_a_consumer_that_hangs_is_stopped(monkeypatch):
    monkeypatch.setattr(consumers, "TIME_LIMIT", 0.05)
    met = meet(Consumer(id="x", provider="p", function=lambda _: time.sleep(5)), {})
    assert (met.manner, met.message) == (Manner.CRASHED, "no answer within 0.05 s")


# --- what is not promised --------------------------------------------------------------------------------------------


def effect(function, base, value, **options):
    one = Consumer(id="mine", provider="matil", function=function, refuses=(Refusal,))
    seen, words, _ = strain(one, invalid(base, value, **options))
    return str(seen), words


def test_what_is_gone_may_not_be_made_up():
    assert effect(lambda p: p.get("n", 0), {"n": 5}, {}) == (
        "fabricates",
        "says 0 at the answer, where nothing was given",
    )
    assert effect(lambda p: p.get("n"), {"n": 5}, {}) == (
        "does not recognise",
        "does not recognise the answer any more; it was 5",
    )
    assert effect(lambda p: {"s": p.get("s", "unknown")}, {"s": "x"}, {}) == (
        "does not recognise", "does not recognise /s any more; it was 'x'",
    )  # fmt: skip
    assert effect(refuse, {"n": 5}, {}) == ("refuses", "Refusal: no batch")
    assert effect(lambda p: p["n"], {"n": 5}, {})[0] == "crashes"
    assert effect(lambda p: 1, {"n": 5}, {}) == ("tolerates", "the answer is the same")
    fallback = {"download": "u", "output": "v"}
    assert (
        effect(lambda p: p.get("download") or p["output"], fallback, {"output": "v"})[0] == "passes through"
    )


def test_a_renamed_field_is_a_lost_one():
    assert effect(lambda p: p.get("n", 0), {"n": 5}, {"N": 5})[0] == "fabricates"


def test_what_is_wrong_may_be_handed_on_but_is_said():
    assert effect(lambda p: p["n"], {"n": 5}, {"n": "x"}) == ("passes through", "says 'x' at the answer")
    assert effect(lambda p: int(p["n"]), {"n": 5}, {"n": "5"}) == ("tolerates", "the answer is the same")


WORDS = {"words": ("running", "completed", "failed")}


def test_an_unknown_word_may_not_be_taken_for_a_known_one():
    states = {"running": "active", "completed": "done", "failed": "lost"}
    base = {"s": "completed"}
    odd = {"s": "expired"}
    assert effect(lambda p: states.get(p["s"], "done"), base, odd, **WORDS) == (
        "fabricates",
        "takes 'expired' for 'completed'",
    )
    assert effect(lambda p: states.get(p["s"], "lost"), base, odd, **WORDS) == (
        "fabricates",
        "takes 'expired' for 'failed'",
    )
    assert effect(lambda p: states.get(p["s"], "unknown"), base, odd, **WORDS)[0] == "does not recognise"
    assert effect(lambda p: (states.get(p["s"], "done"), p["s"]), base, odd, **WORDS)[0] == "fabricates"
    assert (
        effect(lambda p: states[p["s"].strip().lower()], base, {"s": "Completed "}, **WORDS)[0] == "tolerates"
    )
    assert effect(lambda p: p["s"], base, odd, **WORDS) == ("passes through", "says 'expired' at the answer")
    assert effect(lambda _: "done", base, odd, **WORDS)[0] == "tolerates"


def test_a_body_that_is_no_batch_may_not_be_answered():
    one = Consumer(id="mine", provider="matil", function=lambda p: {"id": p.get("id"), "state": "running"})
    sample = invalid({"id": "x"}, {"error": "no"}, refusable=True)
    assert strain(one, sample)[1] == "answers a body that is no batch"
    silent = Consumer(
        id="mine", provider="matil", function=lambda p: {"id": p.get("id"), "action": "unknown"}
    )
    assert strain(silent, sample)[2] == ()
    same = invalid({"id": "x"}, {"id": "y"}, same=True)
    assert strain(one, same)[1] == "the answer is not that to the same payload, written in another way"


def test_a_law_accuses_of_what_is_denied_and_not_of_rendering_defaults_and_counts():
    def laws(function, base, value, **options):
        one = Consumer(id="mine", provider="matil", function=function, refuses=(Refusal,))
        return [broken.law.id for broken in strain(one, invalid(base, value, **options))[2]]

    given, null = {"n": 5, "s": "x"}, {"n": None, "s": "x"}
    assert laws(lambda p: f"{p['n']} of {p['s']}", given, null) == []
    assert laws(lambda p: p["n"] or 0, given, null) == []
    assert laws(lambda p: {"late": p["n"] is None, "gaps": [*p.values()].count(None)}, given, null) == []
    assert laws(lambda p: (p.get("o") or {}).get("p", "normal"), {"o": {"p": "high"}}, {"o": None}) == []
    assert laws(lambda p: p["n"] or 1, given, null) == ["no-lie"]
    assert laws(lambda p: p.get("n", 0), given, {"N": 5, "s": "x"}) == ["no-lie"]


# --- counting --------------------------------------------------------------------------------------------------------


def test_one_mistake_is_said_once_with_how_often():
    one = Consumer(id="mine", provider="matil", function=lambda p: p["b"])
    state = stress(one, [valid({"a": n}) for n in range(5)])
    assert [(s.law.id, s.count, s.sample.value) for s in state.stumbles.values()] == [("total", 5, {"a": 0})]


def test_bodies_that_are_no_json_reach_readers_of_bytes_only():
    empty = Sample(
        kind=Kind.DRIFT, label="empty", value=None, valid=False, base={"a": 1}, refusable=True, body=b""
    )
    seen = []
    stress(Consumer(id="mine", provider="matil", function=seen.append), [empty])
    assert seen == []
    stress(Consumer(id="mine", provider="matil", function=seen.append, takes="bytes"), [empty])
    assert seen[0] == b""


def test_a_response_reads_as_clients_know_it():
    @dataclass
    class Seen:
        status: int
        kind: str
        value: dict

    function = lambda r: Seen(r.status_code, r.headers["Content-Type"], r.json())  # noqa: E731
    met = meet(Consumer(id="mine", provider="matil", function=function, takes="response"), {"a": 1})
    assert met.view == {"status": 200, "kind": "application/json", "value": {"a": 1}}


@pytest.mark.parametrize("vendor", VENDORS)
def test_ours_keep_every_law_on_the_documented_payload(vendor):
    assert strain(bundled(vendor)[0], valid(plain(vendor)))[2] == ()
