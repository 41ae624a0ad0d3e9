"""Every answer of the stub conforms to the spec it stands for, in every state; trouble comes only when asked for."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.batch import BatchState
from contracts.check.provider import CheckOptions, ProviderCheck
from contracts.errors import ConfigError, UnknownName
from contracts.live.polling import sequence_findings
from contracts.live.request import build
from contracts.model import Interaction, Request, Source
from contracts.providers import normalizer
from contracts.spec import load
from contracts.spec.document import read_document
from contracts.spec.provider import read_spec
from contracts.stub import Reply, Vendor, read_chaos, read_drift, seed_ids
from contracts.stub.bent import Chaos, bend
from contracts.vendoring import vendor_add

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
PROVIDERS = ("almanac", "llamacloud", "matil", "nimble", "wickson")
QUERIES = (
    {},
    {"expand": "results"},
    {"include_job_details": "true"},
    {"metrics_only": "true"},
    {"include_errors": "false"},
    {"page_size": "3"},
)
BROKEN = {400, 401, 402, 403, 404, 422, 429, 500, 503}


def vendor(name: str, **options: object) -> Vendor:
    return Vendor(**({"provider": load(name, ROOT), "now": lambda: NOW} | options))  # type: ignore[arg-type]


def key(one: Vendor, value: str = "stub-key") -> tuple[tuple[str, str], ...]:
    (auth,) = one.provider.manifest.auth
    return ((auth.name, auth.value(value)),)


def ask(
    one: Vendor,
    ident: str = "",
    operation: str = "getBatch",
    headers: tuple[tuple[str, str], ...] | None = None,
    **query: str,
) -> Reply:
    op = one.provider.spec.operation(operation)
    ident = ident or seed_ids()["running"]
    request = build(op, {"batch_id": ident, "wiki_id": "wiki-7", **query}, one.provider.manifest.servers[0])
    return one.handle(replace(request, headers=key(one) if headers is None else headers))


def judged(check: ProviderCheck, one: Vendor, reply: Reply) -> list[str]:
    it = Interaction(request=one.requests[-1], response=reply.response, source=Source.RECORDED, name="x")
    return [f"{f.rule} {f.severity} {f.pointer} {f.message}" for f in check.assess(it).findings]


@pytest.mark.untraced
@pytest.mark.parametrize("name", PROVIDERS)
def test_every_answer_conforms_in_every_state(name: str) -> None:
    one, check, seen = vendor(name), ProviderCheck(load(name, ROOT), CheckOptions()), Counter()
    for op in (o for o in one.provider.spec.operations if o.method == "GET"):
        for query in QUERIES:
            for ident in (
                *seed_ids().values(),
                *(f"00000000-0000-4000-8000-000000000{status}" for status in BROKEN),
                "00000000-0000-4000-8000-000000000000",
                "not!an!id",
            ):
                for headers in (key(one), (), key(one, "contracts-wrong-credential")):
                    reply = ask(one, ident, op.alias, headers, **query)
                    status = reply.response.status
                    seen[status] += 1
                    undocumented = op.response(status) is None
                    assert undocumented is False or status in BROKEN
                    found = judged(check, one, reply)
                    assert found == [] or (
                        undocumented and len(found) == 1 and found[0].startswith("undocumented-status")
                    ), (ident, query, found)
    assert seen[200] >= 50


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_batch_lives_through_its_states_and_readers_follow(name: str) -> None:
    one, read = vendor(name), normalizer(name)
    for ending, failing in (("completed", 0), ("completed", 2), ("failed", 0), ("cancelled", 0)):
        ident = one.batch(items=6, failing=failing, ending=ending)
        polls = []
        for position in range(1, 6):
            response = ask(one, ident, expand="results", include_job_details="true").response
            polls.append(
                Interaction(
                    request=one.requests[-1],
                    response=response,
                    source=Source.RECORDED,
                    name="p",
                    sequence=("run", position),
                )
            )
        states = [read(json.loads(p.response.body)).state for p in polls]
        assert not states[0].terminal
        assert states[-1].terminal or (name, ending) == ("matil", "cancelled")
        assert list(sequence_findings(polls, read, name)) == []
        assert (
            len({p.response.body for p in polls[3:]}) == 1 or name == "wickson"
        )  # nothing changes after the end


def test_time_can_lead_a_batch_instead_of_polls() -> None:
    clock = [NOW]
    one = vendor("nimble", now=lambda: clock[0], seconds=60)
    ident = one.batch(items=4)
    seen = []
    for _ in range(5):
        seen.append(json.loads(ask(one, ident).response.body)["completed_count"])
        clock[0] += timedelta(seconds=20)
    assert seen == [0, 1, 2, 4, 4]


def test_steps_ends_and_answers_on_demand() -> None:
    one = vendor("matil")
    ident = one.batch(items=2)
    one.step(ident, 3)
    assert json.loads(ask(one, ident).response.body)["status"] == "completed"
    one.end(ident, "failed")
    assert json.loads(ask(one, ident).response.body)["failed_items"] == 2
    one.answer(429, times=2)
    one.answer(402)
    assert [ask(one, ident).response.status for _ in range(4)] == [429, 429, 402, 200]
    assert ask(one, "00000000-0000-4000-8000-000000000503").response.header("retry-after") == "1"
    for wrong in (
        lambda: one.step("nope"),
        lambda: one.end(ident, "running"),
        lambda: one.batch(state="asleep"),
    ):
        with pytest.raises(UnknownName):
            wrong()


def test_the_key_is_checked_as_the_vendor_wants_it() -> None:
    one = vendor("nimble", keys=("right",))
    said = [
        ask(one, headers=h).response.status
        for h in (
            (("Authorization", "Bearer right"),),
            (("authorization", "Bearer wrong"),),
            (("Authorization", "right"),),
            (),
        )
    ]
    assert said == [200, 401, 401, 401]
    assert ask(vendor("wickson"), headers=(("x-api-key", "k"),)).response.status == 200


def test_queries_are_honoured() -> None:
    one = vendor("llamacloud")
    results = [
        json.loads(ask(one, seed_ids()["partial"], **q).response.body)["results"]
        for q in ({}, {"expand": "results"})
    ]
    assert results[0] is None
    assert [r["error_message"] is None for r in results[1]] == [False, True, True, True]
    pages, token = [], ""
    while token is not None:
        body = json.loads(
            ask(
                one, operation="listBatches", page_size="4", **({"page_token": token} if token else {})
            ).response.body
        )
        pages.append(len(body["items"]))
        token = body["next_page_token"]
    assert pages == [4, 4, 1]
    data = {
        q: json.loads(ask(vendor("wickson"), seed_ids()["partial"], **{q: v}).response.body)["data"]
        for q, v in (
            ("include_job_details", "true"),
            ("metrics_only", "true"),
            ("include_errors", "false"),
            ("fields", "progress"),
        )
    }
    assert [sorted({"job_details", "error_summary"} & d.keys()) for d in data.values()] == [
        ["error_summary", "job_details"],
        [],
        [],
        [],
    ]
    assert sorted(data["fields"]) == ["batch_id", "progress", "status"]


def test_batches_are_created_where_the_spec_knows_it() -> None:
    for name, body, status, place in (
        (
            "llamacloud",
            {
                "source_directory_id": "dir-1",
                "config": {"job": {"type": "extract_v2", "configuration_id": "cfg-1"}},
            },
            201,
            "id",
        ),
        (
            "nimble",
            {"inputs": [{"url": "https://example.com/a"}, {"url": "https://example.com/b"}]},
            200,
            "batch_id",
        ),
    ):
        one, check = vendor(name), ProviderCheck(load(name, ROOT), CheckOptions())
        op = one.provider.spec.operation("createBatch")
        request = build(op, {}, one.provider.manifest.servers[0])
        good = one.handle(replace(request, headers=key(one), body=json.dumps(body).encode()))
        assert good.response.status == status, good.response.body
        assert judged(check, one, good) == []
        ident = json.loads(good.response.body)[place]
        assert ask(one, ident).response.status == 200
        bad = one.handle(replace(request, headers=key(one), body=b'{"inputs": 5}'))
        assert bad.response.status in {400, 422}
        assert judged(check, one, bad) == []
    assert (
        json.loads(ask(vendor("nimble"), operation="listBatches").response.body)["pagination"]["total"] == 9
    )


def test_chaos_is_repeatable_and_bounded() -> None:
    def run(seed: int) -> Counter[str]:
        one = vendor("nimble", chaos=read_chaos("503:0.3, stall:0.1,truncate:0.1,html:0.1"), seed=seed)
        kinds = Counter()
        for _ in range(400):
            reply = ask(one)
            kinds[
                "stall"
                if reply.stall
                else "cut"
                if reply.cut is not None
                else reply.response.header("content-type") + str(reply.response.status)
            ] += 1
        return kinds

    first = run(1)
    assert first == run(1) != run(2)
    assert 90 <= first["application/json503"] <= 150
    assert min(first.values()) >= 20
    assert Chaos().pick(0.0) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("503", "chaos '503' needs a share from 0 to 1, as in 503:0.3"),
        ("503:2", "chaos '503:2' needs a share from 0 to 1, as in 503:0.3"),
        ("503:0.6,stall:0.6", "chaos '503:0.6,stall:0.6' adds up to more than 1"),
        ("stahl:0.1", "no chaos 'stahl'; did you mean 'stall'? Known: stall, truncate, html, any status"),
    ],
)
def test_chaos_that_cannot_be_read_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_chaos(text)
    assert str(caught.value) == sentence


PAYLOAD = {"a": {"b": [{"c": 1}, {"c": 2}, 3]}, "s": "x"}


@pytest.mark.parametrize(
    ("drift", "after"),
    [
        ("enum+ /s ARCHIVED", {"a": {"b": [{"c": 1}, {"c": 2}, 3]}, "s": "ARCHIVED"}),
        ("null /a/b/*/c", {"a": {"b": [{"c": None}, {"c": None}, 3]}, "s": "x"}),
        ("null /a/b/*", {"a": {"b": [None, None, None]}, "s": "x"}),
        ("set /a/b/2 [1, 2]", {"a": {"b": [{"c": 1}, {"c": 2}, [1, 2]]}, "s": "x"}),
        ("drop /a", {"s": "x"}),
        ("rename /s t", {"a": {"b": [{"c": 1}, {"c": 2}, 3]}, "t": "x"}),
        (
            'add /a/b/* d {"e": 1}',
            {"a": {"b": [{"c": 1, "d": {"e": 1}}, {"c": 2, "d": {"e": 1}}, 3]}, "s": "x"},
        ),
        ("add / z", PAYLOAD | {"z": True}),
        ("type /s integer", PAYLOAD | {"s": 7}),
        ("drop /nope/where", PAYLOAD),
        ("set /a/b/9 1", PAYLOAD),
        ("set / 5", PAYLOAD),
    ],
)
def test_drifts_change_what_they_say(drift: str, after: object) -> None:
    before = json.dumps(PAYLOAD)
    assert bend(PAYLOAD, read_drift(drift)) == after
    assert json.dumps(PAYLOAD) == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no drift ''. Known: enum+, set, null, drop, rename, add, type, status, media"),
        (
            "nul /a",
            "no drift 'nul'; did you mean 'null'? Known: enum+, set, null, drop, rename, add, type, status, media",
        ),
        ("null a", "drift 'null a' is not written as in: null /status"),
        ("enum+ /a", "drift 'enum+ /a' is not written as in: enum+ /status X"),
        ("type /a text", "no type 'text'. Known: string, number, integer, boolean, array, object"),
    ],
)
def test_drifts_that_cannot_be_read_are_said(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_drift(text)
    assert str(caught.value) == sentence


def test_a_vendor_can_answer_by_another_document() -> None:
    provider = load("nimble", ROOT)
    document = json.loads(json.dumps(provider.spec.document))
    schema = document["paths"]["/v1/batches/{batch_id}"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]
    target = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    target["properties"]["completed_count"] = {"type": "string"}
    other = read_spec(read_document("new.yaml", json.dumps(document).encode()), provider.manifest, [])
    one = vendor("nimble", provider=replace(provider, spec=other))
    check = ProviderCheck(provider, CheckOptions())
    found = judged(check, one, ask(one))
    assert any(f.startswith("type error /completed_count") for f in found)


def test_status_and_media_can_drift_too() -> None:
    one = vendor("almanac", drifts=(read_drift("status 202"), read_drift("media text/html")))
    assert (ask(one).response.status, ask(one).response.header("content-type")) == (202, "text/html")


def test_a_provider_without_a_page_answers_with_generated_payloads() -> None:
    provider = load("matil", ROOT)
    one = vendor("matil", provider=replace(provider, id="acme"))
    body = json.loads(ask(one, seed_ids()["completed"]).response.body)
    assert (body["batch_id"], body["status"]) == (seed_ids()["completed"], "completed")
    assert one.handle(Request("GET", "https://api.matil.ai/nope")).response.status == 404
    assert vendor("nimble").lives[seed_ids()["partial"]].state(NOW) is BatchState.COMPLETED


def test_an_answer_that_could_not_be_read_is_not_made_up(tmp_path):
    batch = {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}
    paths = {"/a": {"get": {"responses": {"200": {"$ref": "other.json#/x"}}}}, "/b": {"get": {"responses": {"200": batch}}}}  # fmt: skip
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    (tmp_path / "a.json").write_text(json.dumps(document))
    vendor_add("acme", tmp_path / "a.json", tmp_path / "specs")
    made = Vendor(provider=load("acme", tmp_path))
    answers = {
        path: made.handle(Request("GET", f"https://a.example{path}")).response for path in ("/a", "/b")
    }
    assert (answers["/a"].status, answers["/b"].status) == (501, 200)
    assert b"could not be used" in answers["/a"].body
