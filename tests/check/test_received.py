"""Webhooks and callbacks are operations: listed, checked, counted, generated from, never sent."""

from __future__ import annotations

import json
import sys

import pytest

from contracts.check import read_options
from contracts.check.provider import ProviderCheck
from contracts.cli import run
from contracts.consumers import answers
from contracts.consumers.sources import covering
from contracts.errors import ConfigError
from contracts.model import Interaction, Request, Response, Source
from contracts.spec import load
from contracts.vendoring import vendor_check
from tests import hooks

DELIVERY = {"type": "batch.done", "id": 7, "state": "paused", "secret": "x"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setattr("sys.argv", [])
    hooks.add(tmp_path)
    return tmp_path


def said(capsys, *args):
    sys.argv[:] = ["contracts", *args]
    code = run()
    got = capsys.readouterr()
    return code, got.out + got.err


def test_they_are_listed_after_what_is_asked_for(project, capsys):
    assert said(capsys, "providers", "hooks") == (
        0,
        (
            "hooks        Hooks · spec published, retrieved at an unknown date · 0 cassettes\n"
            "             no key · https://api.hooks.example\n"
            "             createBatch        POST /v1/batches\n"
            "             getBatch           GET /v1/batches/{id}\n"
            "             onBatchStarted     POST webhook:batch.started\n"
            "             onBatchDone        POST webhook:batch.done\n"
            "             onItemDone         POST callback:POST/v1/batches:itemDone:{$request.body#/url}\n"
        ),
    )
    assert not list(vendor_check(project / "specs/hooks"))


def test_a_recorded_delivery_is_held_against_what_the_vendor_says_it_sends(project, capsys):
    line = {
        "method": "POST",
        "url": "webhook:batch.done",
        "status": 200,
        "headers": {"content-type": "application/json", "x-attempt": "one"},
        "body": DELIVERY,
    }
    (project / "got.jsonl").write_text(json.dumps(line))
    code, text = said(capsys, "check", "hooks", "--file", "got.jsonl")
    assert (code, text.partition("accept:")[0]) == (
        1,
        (
            "hooks onBatchDone 200   got.jsonl\n"
            "  error    /id               7 is not a string                      type          openapi.yaml:123\n"
            "  warning  /secret           write-only in the spec, but came back  write-only    openapi.yaml:132\n"
            "  error    /state            'paused' is not 'done' or 'failed'     enum          openapi.yaml:125\n"
            "  error    header x-attempt  'one' is not an integer                header-value  openapi.yaml:83\n"
            "violates: 4 findings in 1 interaction · contracts explain type\n"
        ),
    )
    assert "curl" not in said(capsys, "check", "hooks", "--file", "got.jsonl", "--verbose")[1]


def test_a_bare_body_of_a_named_webhook_is_judged_without_headers(project, capsys):
    (project / "got.json").write_text(json.dumps(DELIVERY))
    code, text = said(capsys, "check", "hooks", "--file", "got.json", "--operation", "onBatchDone")
    assert code == 1
    assert "/state" in text
    assert "missing, but required" not in text


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_both_engines_judge_the_body_and_its_headers(project, engine):
    check = ProviderCheck(load("hooks", project), read_options(project, engine=engine))
    for path, headers, body, rules in [
        ("webhook:batch.done", (("x-attempt", "1"),), {"type": "batch.done", "id": "b", "state": "done"}, []),
        (
            "webhook:batch.done",
            (("x-other", "1"),),
            DELIVERY,
            ["enum", "missing-header", "type", "write-only"],
        ),
        ("callback:POST/v1/batches:itemDone:{$request.body#/url}", (("x", "1"),), {}, ["required"]),
        ("webhook:batch.gone", (), {}, ["unknown-operation"]),
    ]:
        fields = (("content-type", "application/json"), *headers)
        message = Response(200, fields, json.dumps(body).encode())
        one = Interaction(request=Request("POST", path), response=message, source=Source.RECORDED)
        assert sorted(f.rule for f in check.assess(one).findings) == rules, path


def test_the_document_s_example_conforms_and_counts_as_no_delivery(project, capsys):
    assert said(capsys, "check", "hooks")[0] == 0
    assert "hooks onBatchDone   ░░░░░░░░░░░░░░░░░░░░   0%" in said(capsys, "coverage", "hooks")[1]


def test_a_recorded_delivery_is_observed_and_kept_like_an_answer(project, capsys):
    body = {"type": "batch.done", "id": "b1", "state": "done", "note": "n", "more": 1}
    line = {
        "method": "POST",
        "url": "webhook:batch.done",
        "headers": {"x-attempt": "1"},
        "status": 200,
        "body": body,
    }
    (project / "got.jsonl").write_text(json.dumps(line))
    text = said(capsys, "observe", "--provider", "hooks", "got.jsonl")[1]
    assert "/more  was there in 1 of 1 and is not described; integer   observed-undescribed" in text
    assert said(capsys, "import", "got.jsonl", "--provider", "hooks")[0] == 0
    assert (project / "specs/hooks/cassettes/onBatchDone/200-got-1.json").is_file()
    _code, text = said(capsys, "check", "hooks")
    assert "hooks onBatchDone 200   specs/hooks/cassettes/onBatchDone/200-got-1.json" in text


def test_payloads_are_generated_from_them(project):
    found = list(covering(answers(load("hooks", project), "onBatchDone")))
    assert {one.value["state"] for one in found} == {"done", "failed"}


def test_none_is_ever_sent(project):
    from contracts.check import LiveCheck, LiveSettings

    check = ProviderCheck(load("hooks", project), read_options(project))
    live = LiveCheck(check.provider, check.gate, LiveSettings(allow_unsafe=True), {})
    assert [one.alias for one in live.operations()] == ["getBatch"]
    with pytest.raises(ConfigError, match="onBatchDone: not sent"):
        live.operations(("onBatchDone",))
