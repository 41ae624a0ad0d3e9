"""Summaries of traffic: order does not matter, nothing personal is kept, and what they say."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.drift import overlay_of
from contracts.drift.observed import only_words
from contracts.drift.observed.judge import against_spec, three_way
from contracts.drift.observed.shifts import over_time
from contracts.errors import ContractsError
from contracts.model import Finding, Interaction, Request, Response, Severity, Source
from contracts.spec.document import Document
from contracts.spec.overlay import apply_overlay
from contracts.vendoring.observed import Collector, merged, read_observed, write
from contracts.vendoring.observed.merge import WORDS


def answer(body, day="2026-11-20", path="/v1/batches/12345", status=200, source=Source.RECORDED):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request("GET", f"https://api.example{path}?key=1")
    return Interaction(
        request=request, response=Response(status, (), data), source=source, recorded_at=f"{day}T10:00:00Z"
    )


def summary(*interactions):
    collector = Collector()
    collector.take_all(interactions)
    return collector.summary()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(-2, 2)
    | st.sampled_from(["a", "done", "2026-01-01", "x" * 50, "Zoe W"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "id", "12345"]), inner, max_size=3)
    ),
    max_leaves=8,
)
ANSWERS = st.lists(
    st.builds(
        answer, JSON, day=st.sampled_from(["2026-11-20", "2026-11-21"]), status=st.sampled_from([200, 404])
    ),
    max_size=6,
)


@settings(derandomize=True, database=None, max_examples=60, deadline=None)
@given(ANSWERS, ANSWERS, ANSWERS)
def test_adding_up_is_associative_and_commutative(a, b, c):
    one, two, three = summary(*a), summary(*b), summary(*c)
    whole = write(summary(*a, *b, *c))
    assert write(merged([one, two, three])) == whole
    assert write(merged([merged([three, one]), two])) == whole
    assert write(merged([one, merged([two, three])])) == whole
    assert write(merged([one])) == write(one)
    assert read_observed("it", whole) == json.loads(whole)


def test_ten_shards_equal_one_pass():
    rng = random.Random(7)
    words = [
        f"{first}{second}"
        for first in ("alpha", "beta", "gamma", "delta")
        for second in map(chr, range(97, 123))
    ]
    many = [
        answer(
            {"state": rng.choice(words), "n": rng.random(), "list": [rng.randrange(9)] * rng.randrange(3)},
            f"2026-11-{1 + i % 28:02}",
        )
        for i in range(600)
    ]
    shards = [summary(*many[i::10]) for i in range(10)]
    rng.shuffle(shards)
    found = merged(shards)
    assert write(found) == write(summary(*many))
    field = found["operations"]["GET /v1/batches/{} 200"]["fields"]["/state"]
    assert (len(set(words)) > WORDS, field["words"], field["more_words"]) == (True, {}, True)
    assert sum(day["in"] for day in field["days"].values()) == 600


def test_nothing_personal_is_kept():
    secret = {
        "mail": "zoe@example.com",
        "token": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "id": "550e8400-e29b-41d4-a716-446655440000",
    }
    text = write(
        summary(answer({**secret, "users": {"100042": {"n": 1}, "zoe@example.com": {"n": 2}}}))
    ).decode()
    for value in (*secret.values(), "100042", "12345", "zoe"):
        assert value not in text
    assert "/users/{}/n" in text


PERSONAL = {
    "password": "correct-horse-battery",
    "api_key": "abcdEFGHijklMNOP",
    "clientSecret": "swordfish",
    "customer": {"first": "Jane", "tier": "Doe"},
    "e-mail": "jane",
    "city": "Springfield",
    "diagnosis": "influenza",
    "taxNumber": 123456789,
    "note": "hello",
    "Jane Doe": 1,
    "nick": {"Zoe": "Zed"},
}


def test_what_a_name_promises_to_be_somebody_s_is_a_sketch():
    seen = only_words(summary(*[answer(PERSONAL, day) for day in ("2026-11-20", "secret-day")] * 20))
    text = write(seen).decode()
    for value in (
        "horse",
        "abcd",
        "swordf",
        "Jane",
        "Doe",
        "jane",
        "Spring",
        "influ",
        "1234",
        "hello",
        "secret-day",
    ):
        assert value not in text, value
    tax = seen["operations"]["GET /v1/batches/{} 200"]["fields"]["/taxNumber"]["days"]["undated"]
    assert tax["number"] == [100000000, 200000000]


def test_a_word_is_kept_where_the_spec_lists_words_or_where_it_is_one_of_few_over_many():
    once = summary(answer({"state": "paused", "colour": "red"}))
    fields = only_words(once, SPEC)["operations"]["GET /v1/batches/{} 200"]["fields"]
    assert (list(fields["/state"]["words"]), fields["/colour"]["words"]) == (["paused"], {})
    often = summary(
        *[answer({"colour": colour, "at": f"v{n}"}) for n, colour in enumerate(["red", "blue"] * 6)]
    )
    fields = only_words(often)["operations"]["GET /v1/batches/{} 200"]["fields"]
    assert (list(fields["/colour"]["words"]), fields["/at"]["words"]) == (["blue", "red"], {})


def test_what_the_spec_prints_is_kept_under_any_name():
    printed = frozenset({"Owner Of It", "key pair"})
    collector = Collector(published=printed)
    collector.take_all([answer({"customer": "Owner Of It", "key pair": 1})])
    fields = collector.summary()["operations"]["GET /v1/batches/{} 200"]["fields"]
    assert list(fields["/customer"]["words"]) == ["Owner Of It"]
    assert "/key pair" in fields


def test_equal_numbers_in_any_order_give_the_same_bytes():
    one, other = (b'{"p": 1, "q": 250.5}', b'{"p": 1.0, "q": 250.5}')
    assert write(summary(answer(one), answer(other))) == write(summary(answer(other), answer(one)))
    number = summary(answer(one))["operations"]["GET /v1/batches/{} 200"]["fields"]["/q"]["days"]
    assert number["2026-11-20"]["number"] == [200, 300]


def test_only_what_was_observed_counts():
    collector = Collector()
    collector.take_all(
        [answer({}, source=Source.DOCUMENTATION), answer({}, source=Source.CONSTRUCTED), answer(b"{nope")]
    )
    collector.take(
        Interaction(request=Request("GET", "https://a.example/"), response=None, source=Source.LIVE)
    )
    assert (collector.taken, collector.passed) == (0, 4)
    assert merged([collector.summary()]) == {"version": 1, "operations": {}}


SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "state": {"type": "string", "enum": ["queued", "done"]},
        "note": {"type": "string"},
        "tasks": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        "meta": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/v1/batches/{}": {
            "get": {"responses": {"200": {"content": {"application/json": {"schema": SCHEMA}}}}}
        },
    },
}


def said(findings):
    return [(one.rule, one.severity.value, one.status, one.pointer, one.message) for one in findings]


def test_observed_against_described():
    seen = summary(
        answer(
            {
                "id": "a",
                "state": "paused",
                "tasks": [{"n": 1, "extra": True}, {"n": None}],
                "meta": {"k": "v"},
            }
        ),
        answer({"id": "b", "state": "done", "tasks": [], "size": 3}),
        answer({"error": "no"}, status=404),
        answer({}, path="/elsewhere"),
    )
    assert said(against_spec(seen, SPEC)) == [
        ("observed-operation", "warning", "200", "", "answered 1 time and is not described"),
        (
            "observed-undescribed",
            "warning",
            "200",
            "/size",
            "was there in 1 of 2 and is not described; integer",
        ),
        (
            "observed-word",
            "warning",
            "200",
            "/state",
            "was 'paused' in 1 of 2, first on 2026-11-20, which is not described",
        ),
        (
            "observed-undescribed",
            "warning",
            "200",
            "/tasks/*/extra",
            "was there in 1 of 2 and is not described; boolean",
        ),
        ("observed-type", "warning", "200", "/tasks/*/n", "was null in 1 of 2, which is not described"),
        ("described-unobserved", "note", "200", "/note", "is described and was in none of 2 objects"),
        ("observed-status", "warning", "404", "", "answered 1 time and is not described"),
    ]


def test_a_suggested_overlay_applies():
    seen = summary(*[answer({"id": "a", "at": "2026-11-20T10:00:00Z", "tasks": [{"extra": 1.5}]})] * 3)
    overlay = overlay_of(against_spec(seen, SPEC), SPEC)
    fixed = apply_overlay(SPEC, Document("overlay.yaml", overlay, {}), {})
    assert said(one for one in against_spec(seen, fixed) if one.severity is Severity.WARNING) == []
    schema = fixed["paths"]["/v1/batches/{}"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    assert schema["properties"]["at"] == {"type": "string", "format": "date-time"}
    assert overlay_of([], SPEC) is None


def test_a_field_that_is_absent_since_a_day():
    before = [answer({"id": "a", "eta": 3}, "2026-11-20")] * 412
    since = [answer({"id": "a"}, "2026-11-21")] * 9
    assert said(over_time(summary(*before, *since))) == [
        (
            "observed-shift",
            "warning",
            "200",
            "/eta",
            "absent in 0 of 412 until 2026-11-20, in 9 of 9 since 2026-11-21",
        )
    ]
    assert said(over_time(summary(*since, *before[:2]))) == []


def test_a_field_that_is_null_since_a_day_and_a_new_word():
    before = [answer({"n": 1, "state": word}, "2026-11-20") for word in ("queued", "done") * 10]
    since = [answer({"n": None, "state": "paused"}, "2026-11-21")] * 4
    assert said(over_time(summary(*before, *since))) == [
        (
            "observed-shift",
            "warning",
            "200",
            "/n",
            "null in 0 of 20 until 2026-11-20, in 4 of 4 since 2026-11-21",
        ),
        ("observed-shift", "note", "200", "/state", "'paused' in 0 of 20 before 2026-11-21, 4 times since"),
    ]


@pytest.mark.parametrize(
    ("rule", "pointer", "message", "found"),
    [
        ("null-added", "/n", "may now be null", "correction: it was null in 3 of 31 recordings already"),
        ("null-added", "/id", "may now be null", "news: not yet so in 31 recordings"),
        (
            "property-became-optional",
            "/eta",
            "may now be absent",
            "correction: it was absent in 3 of 31 recordings already",
        ),
        ("property-added", "/eta", "is new", "correction: it was there in 28 of 31 recordings already"),
        ("property-added", "/never", "is new", "news: not yet so in 31 recordings"),
        (
            "enum-value-added",
            "/state",
            "may now be 'done'",
            "correction: it was 'done' in 31 of 31 recordings already",
        ),
        ("enum-value-added", "/state", "may now be 'gone'", "news: it was nothing"),
        (
            "property-no-longer-described",
            "/eta",
            "is gone",
            "still observed: in 28 of 31, last on 2026-11-20",
        ),
        ("type-changed", "/id", "is now integer", ""),
    ],
)
def test_a_correction_is_told_from_news(rule, pointer, message, found):
    full, empty = {"id": "a", "n": 1, "eta": 1, "state": "done"}, {"id": "a", "n": None, "state": "done"}
    seen = summary(*[answer(full)] * 28, *[answer(empty)] * 3)
    one = Finding(
        rule=rule, severity=Severity.ERROR, message=message, operation="GET /v1/batches/{}", status="200", part="body",
        pointer=pointer, direction="response",
    )  # fmt: skip
    told = next(iter(three_way([one], seen))).found
    assert told == ("news: not yet so in 31 recordings" if found.startswith("news: it was") else found)


@pytest.mark.parametrize("rule", ["property-no-longer-described", "property-refused", "property-renamed"])
@pytest.mark.parametrize(("place", "held"), [("/eta", True), ("/never", False)])
def test_a_field_that_is_gone_is_a_warning_once_traffic_held_it(rule, place, held):
    seen = summary(*[answer({"id": "a", "eta": 1})] * 3)
    gone = Finding(
        rule=rule, severity=Severity.NOTE, message="is gone", operation="GET /v1/batches/{}", status="200",
        part="body", pointer=place, direction="response",
    )  # fmt: skip
    sent = replace(gone, direction="request")
    told = [(one.severity.value, one.message) for one in three_way([gone, sent], seen)]
    assert told == [
        ("warning", "is gone, but stands in recordings") if held else ("note", "is gone"),
        ("note", "is gone"),
    ]


def test_what_is_no_summary_is_one_clear_error():
    for data in (b"{", b"[]", b'{"operations": {"a": {}}}', b'{"version": 1}'):
        with pytest.raises(ContractsError, match=r"^it: not a summary of traffic"):
            read_observed("it", data)
    with pytest.raises(ContractsError, match="version 2, this release reads 1"):
        read_observed("it", b'{"version": 2, "operations": {}}')


def test_operations_beyond_a_number_are_dropped_alike_in_any_order(monkeypatch):
    from contracts.vendoring.observed import collect, merge

    monkeypatch.setattr(merge, "OPERATIONS", 5)
    monkeypatch.setattr(collect, "OPERATIONS", 5)
    values = [(f"GET /{chr(97 + n)}", n) for n in range(20)]
    seen = []
    for order in (values, values[::-1]):
        collector = Collector()
        for name, n in order:
            collector.put(name, 200, "2026-10-01", {"n": n}, 9)
        seen.append(collector.summary())
    assert write(seen[0]) == write(seen[1]) == write(merged(seen[:1]))
    assert (len(seen[0]["operations"]), seen[0]["more_operations"]) == (5, True)
    halves = []
    for part in (values[:7], values[7:]):
        collector = Collector()
        for name, n in part:
            collector.put(name, 200, "2026-10-01", {"n": n}, 9)
        halves.append(collector.summary())
    assert write(merged(halves)) == write(merged(halves[::-1])) == write(seen[0])


def test_equal_paths_of_two_hosts_are_two_operations():
    from contracts.vendoring import hosted_name

    answers = [
        answer({"a": 1}),
        replace(answer({"a": 1}), request=Request("GET", "https://other.example/v1/batches/12345")),
    ]
    names = {hosted_name(one) for one in answers}
    assert len(names) == 2
    assert "GET other.example/v1/batches/{}" in names
