"""The short way says what the long way says, and any cut, order and grouping give the same bytes."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.archive import Bundle, Judge, Partial, Row
from contracts.vendoring import Collector
from tests.archive.logs import ROOT, URL, body, line, rows

VENDORS = ["almanac", "llamacloud", "matil", "nimble", "wickson"]
BUNDLE = Bundle.of(ROOT, VENDORS)
SHORT, LONG = Judge(BUNDLE), Judge(BUNDLE, long=True)


def told(text: str) -> str:
    """The good body with a text before its end."""
    return json.dumps(body())[:-1] + text + "}"


DEEP = 300
BODIES = [
    told(""),
    told(', "total_items": 2'),
    *(told(f', "x": {value}') for value in ("NaN", "1e999", '"\\ud800"', '"\\u00e9"', "1.0", "-0", "1E5", "[ ]")),
    told(', "x": 123456789012345678901234567890'),
    *(told(f', "x": {"[" * n}{"]" * n}') for n in (251, 253, 255, DEEP)),
    told(', "x": ' + '{"a":' * DEEP + "1" + "}" * DEEP),
    told(', "items": []'),
    told(', "items": [{"errors": [], "x": []}, {"errors": [\t]}]'),
    told(', "items": {"a": []}'),
    told(', "items": null'),
    told(', "own~er/x": 2, "": 1, "0": 3, "*": 4'),
    told(', "failed_webhooks": [{"zzz": 1}, {"zzz": 2}]'),
    *(told(f', "status": {value}') for value in ("7", '"new"', "null", "[1]")),
    *(told(f', "total_items": {value}') for value in ("true", "1.0", "1.5", '"1"', "-1", "12345678901234567890123")),
    told(', "failed_items": 500'),
    *(told(f', "created_at": "{text}"') for text in ("2026-11-01t00:00:00z", "2026-13-01T00:00:00Z", "soon")),
    *("null", "[]", '"x"', "{}", '{"a":1,"a":1}', '""', "0", ""),
]  # fmt: skip


def entry(text: str) -> bytes:
    return line(0).replace(b'"body":0', b'"body":' + (text or '""').encode())


def quoted(text: str) -> bytes:
    return line(text)


FORMS = [
    entry,
    quoted,
    lambda text: b"\xef\xbb\xbf" + entry(text),
    lambda text: entry(text).replace(b'","', b'" ,\t"'),
    lambda text: entry(text).replace(b"200", b'"200"', 1),
    lambda text: entry(text).replace(b"200", b"299", 1),
    lambda text: entry(text).replace(b"200", b"204", 1),
    lambda text: entry(text).replace(b"/v3/", b"/v9/"),
    lambda text: entry(text).replace(b"https://", b"https://user@"),
    lambda text: entry(text).replace(b"application/json", b"text/html"),
    lambda text: entry(text).replace(b"application/json", b"Application/JSON; charset=x"),
    lambda text: entry(text).replace(b"content-type", b"Content-Type"),
    lambda text: entry(text).replace(
        b'"response_headers":{', b'"response_headers":{"content-encoding":"br",'
    ),
    lambda text: entry(text).replace(b'"response_headers":{', b'"response_headers":{"Content-Type":1,'),
    lambda text: entry(text).replace(b'"url"', b'"size":[],"url"'),
    lambda text: entry(text).replace(b'"url"', b'"encoded":true,"base64":"e30=","url"'),
    lambda text: entry(text).replace(b"2026-10-14T10:00:00Z", b"2026-10-14T23:00:00-02:00"),
    lambda text: entry(text).replace(b'"2026-10-14T10:00:00Z"', b"1792000000.5"),
    lambda text: entry(text).replace(b"2026-10-14", b"2026-02-30"),
    lambda text: entry(text)[:-1] + b',"status":404}',
    lambda text: entry(text)[:-1] + b',"response":{"status":201,"body":{}}}',
    lambda text: entry(text)[:-7],
]


@pytest.mark.parametrize("form", range(len(FORMS)))
def test_the_short_way_says_what_the_long_way_says_of_hostile_lines(form):
    lines = [FORMS[form](text) for text in BODIES]
    assert SHORT.part(rows(*lines), "p").dump() == LONG.part(rows(*lines), "p").dump()


def test_a_fault_that_is_met_often_is_still_counted_as_the_long_way_counts_it():
    judge, mixed = Judge(BUNDLE), []
    for number in range(40):
        value = body()
        value["owner"] = number
        value["total_items"] = "2" if number % 2 else 2
        if number % 3:
            del value["completed_at"]
        value["items"] = [{**item, "pages": 1, "status": 7} for item in value["items"] * 3]
        mixed.append(line(value, recorded_at=f"2026-10-{number % 28 + 1:02}T00:00:00Z"))
    again = [json.loads(one) for one in mixed]
    for value in again:
        value["body"]["items"][0]["metadata"] = []
    mixed += [json.dumps(value).encode() for value in again]
    assert judge.part(rows(*mixed), "p").dump() == LONG.part(rows(*mixed), "p").dump()
    assert judge.part(rows(*mixed), "p").dump() == LONG.part(rows(*mixed), "p").dump()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def changed(draw: st.DrawFn) -> dict[str, Any]:
    value = body()
    for _ in range(draw(st.integers(0, 3))):
        items = value.get("items") if isinstance(value.get("items"), list) else []
        inside = draw(st.sampled_from([value, *(one for one in items if isinstance(one, dict))]))
        key = draw(st.sampled_from(sorted(inside) or ["x"]) | st.text(max_size=6))
        if draw(st.booleans()):
            inside[key] = draw(VALUES)
        else:
            inside.pop(key, None)
    return value


@given(st.lists(st.tuples(changed(), st.integers(1, 3)), max_size=12), st.randoms(use_true_random=False))
@settings(derandomize=True, database=None, max_examples=10, deadline=None)
def test_any_cut_order_and_grouping_give_the_bytes_of_the_long_way(values, chance):
    lines = [line(value, recorded_at=f"2026-10-{day:02}T00:00:00Z") for value, day in values]
    whole = rows(*lines, b"{", b"")
    expected = LONG.part(whole, "p").dump()
    chance.shuffle(whole)
    cuts = sorted(chance.randrange(len(whole) + 1) for _ in range(3))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    parts = [SHORT.part(piece, "p") for piece in pieces]
    chance.shuffle(parts)
    one, two, three, four = parts
    assert Partial.merge(parts).dump() == expected
    assert (one + (two + three) + four).dump() == expected
    assert Partial.merge(map(Partial.load, [part.dump() for part in parts])).dump() == expected


def test_an_interaction_that_was_read_before_counts_as_its_line_does():
    from contracts.interactions import read_line, table_of

    lines = [FORMS[form](text) for form in (0, 1, 10, 11) for text in BODIES[:11] + BODIES[16:30]]
    read = [
        Row(number, interaction=read_line(one, table_of({}), "p", number))
        for number, one in enumerate(lines, 1)
        if b"[" * DEEP not in one
    ]
    assert SHORT.part(read, "p").dump() == LONG.part(read, "p").dump()


TEXTS = st.one_of(
    st.sampled_from(
        [
            "done",
            "x_1",
            "2026-10-14T10:00:00Z",
            "2026-13-14T10:00:00Z",
            "2026-10-14",
            "a@b.cc",
            "urn:a:b",
            "12",
            "é",
        ]
    ),
    st.uuids().map(str),
    st.from_regex(
        r"(?:b_[0-9a-f]{4,20}|https://x\.io/[a-z]{1,5}|[a-z]{1,3}|-?[0-9]{1,3}(?:\.[0-9])?)", fullmatch=True
    ),
    st.text(max_size=5),
)


@pytest.mark.untraced
@given(st.lists(st.one_of(TEXTS, VALUES), max_size=3), st.integers(0, 2**32), st.booleans())
@settings(derandomize=True, database=None, max_examples=30, deadline=None)
def test_a_summary_by_columns_is_that_of_its_values_one_by_one(odd, seed, mixed):
    chance = random.Random(seed)
    kind = chance.choice([lambda n: f"2026-10-{n % 28 + 1:02}T10:00:{n % 60:02}Z", lambda n: f"b_{n:012x}", str,
                          lambda n: f"https://x.io/{n}", lambda n: f"w{chr(97 + n % 26)}{n // 26}", lambda n: f"a b {n}"])  # fmt: skip
    values = [{"t": kind(n), "k": [n, float(n)]} for n in range(chance.choice([40, 90]))]
    values += [{"t": one} for one in odd] if mixed else [{"u": one} for one in odd]
    together, single = Collector(), []
    for number, value in enumerate(values):
        together.put("GET /x", 200, f"2026-10-0{number % 3 + 1}", value, 9)
    for number, value in enumerate(values):
        alone = Collector()
        alone.put("GET /x", 200, f"2026-10-0{number % 3 + 1}", value, 9)
        single.append(alone.summary())
    from contracts.vendoring import merged, write

    chance.shuffle(single)
    assert write(together.summary()) == write(merged(single))


def test_no_text_of_an_answer_is_in_a_result():
    names = [f"Canary{chr(97 + n % 26)} Zq{n}x" for n in range(200)]
    tokens = [f"zq{n:04d}9f8e7d6c5b4a" for n in range(200)]
    lines = []
    for name, token in zip(names, tokens, strict=True):
        value = body() | {"status": name, token: name, "resource_id": f"{token}@zq.example", name: token}
        value["items"] = [{"data": {"name": name, name: {token: [name]}}, "status": token, "errors": name}]
        headers = {"content-type": "application/json", "x-owner": name, "authorization": f"Bearer {token}"}
        lines += [line(value, response_headers=headers), line(value, url=f"{URL}/{token}"), line(name)[:-3]]
        lines += [line(name), line(value, status=token), line(value, response_headers={"content-type": name})]
    text = SHORT.part(rows(*lines), "p").dump().decode().lower()
    assert "zq" not in text
    assert "canary" not in text


def test_a_spec_of_many_operations_is_routed_by_its_index(monkeypatch):
    from contracts.spec.routing import Router

    monkeypatch.setattr(Router, "compiled", lambda self, method: None)
    judge, lines = Judge(BUNDLE), [FORMS[form](text) for form in (0, 1, 7) for text in BODIES[:12]]
    assert judge.part(rows(*lines), "p").dump() == LONG.part(rows(*lines), "p").dump()


@pytest.mark.parametrize("vendor", VENDORS)
def test_one_pattern_finds_the_operation_that_the_index_finds(vendor):
    from contracts.spec import load

    spec = load(vendor, ROOT).spec
    pattern, operations = spec.router.compiled("get")
    for operation in spec.operations:
        for end in ("", "/", "/more"):
            path = operation.path.replace("{", "").replace("}", "") + end
            met, found = spec.met("GET", spec.servers[0] + path), pattern.fullmatch(path)
            assert (met and met[0]) == (found and operations[found.lastindex])
    assert spec.router.compiled("get", 0) is None
