"""What a planted change does to ours, to an SDK, and to a strict reader; verdicts, smallest payloads, words."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from contracts.cli.impact import impact as command
from contracts.consumers.consumer import Consumer
from contracts.consumers.contrasts import Sides, matching, pairs
from contracts.consumers.impact import Documents, Verdict, impact_of, lines, sides_of, with_impact
from contracts.consumers.registry import bundled
from contracts.drift import drift
from contracts.model import Finding, Pointer, Severity
from contracts.spec.document import Document
from contracts.spec.provider import load
from tests.benchmarks.planted_changes import CHANGES, changed
from tests.consumers import readers

ALMANAC = "GET /v1/wikis/{wiki_id}/sources/batches/{batch_id}"


def judged(vendor, name, *consumers):
    provider = load(vendor)
    change = next(change for one, title, change in CHANGES if (one, title) == (vendor, name))
    base, revision = provider.spec.document, changed(provider, change)
    findings = drift(Document("base", base, {}), Document("revision", revision, {}), full=True)
    operation = provider.spec.operation("getBatch").title
    return list(
        impact_of(
            findings, [(one, operation) for one in consumers or bundled(vendor)], Documents(base, revision)
        )
    )


def worst(found):
    one = max(found, key=lambda each: each.verdict.weight)
    return str(one.verdict), one.words


@pytest.mark.parametrize(
    ("name", "verdict", "words"),
    [
        (
            "source_count may be absent",
            "breaks",
            "NormalizationError: /source_count: expected an integer, found nothing",
        ),
        ("batch_id is an integer", "breaks", "NormalizationError: /batch_id: expected a string, found "),
        ("status_label may be absent", "unaffected", ""),
        ("a new field", "unaffected", ""),
        ("wiki_id is called workspace_id", "unaffected", ""),
        (
            "finished_at is called completed_at",
            "breaks",
            "NormalizationError: /finished_at: expected a string, found nothing",
        ),
    ],
)
def test_what_a_change_of_almanac_does_to_ours(name, verdict, words):
    found, said = worst(judged("almanac", name))
    assert found == verdict
    assert not words or said.startswith(words)


@pytest.mark.benchmark
def test_the_payload_shows_one_change_only_and_is_small():
    found = max(judged("nimble", "a task's state gains words"), key=lambda one: one.verdict.weight)
    assert found.verdict is Verdict.DEGRADES
    assert [task["state"] for task in found.payload["tasks"] if task] in (["queued"], ["in_progress"])
    assert len(json.dumps(found.payload)) < 320
    assert found.text.startswith("contracts.providers.nimble:normalize: degrades, does not recognise /")


def strict(payload):
    known = {"batch_id", "wiki_id", "status", "status_state", "status_label", "source_count", "summary", "error",
             "created_at", "updated_at", "finished_at"}  # fmt: skip
    if set(payload) - known:
        raise ValueError("a field that I do not know")
    states = {"uploading": "active", "queued": "active", "completed": "done"}
    return {"id": payload["batch_id"], "state": states.get(payload["status"], "done")}


def test_a_strict_reader_breaks_where_a_tolerant_one_does_not():
    mine = Consumer(id="mine:strict", provider="almanac", function=strict)
    found = judged("almanac", "a new field", mine, *bundled("almanac"))
    assert {one.consumer: str(one.verdict) for one in found} == {
        "mine:strict": "breaks", "contracts.providers.almanac:normalize": "unaffected",
    }  # fmt: skip
    broken = next(one for one in found if one.verdict is Verdict.BREAKS)
    assert broken.words.startswith("ValueError at consumers/test_impact.py:")
    assert broken.line.file == "consumers/test_impact.py"
    assert "owner" in broken.payload


def test_a_reader_that_guesses_lies():
    provider = load("almanac")
    revision = copy.deepcopy(provider.spec.document)
    revision["components"]["schemas"]["HostedSourceBatchStatus"]["enum"].append("expired")
    base = Document("base", provider.spec.document, {})
    findings = drift(base, Document("revision", revision, {}), full=True)
    mine = Consumer(id="mine:strict", provider="almanac", function=strict)
    documents = Documents(provider.spec.document, revision)
    found = [
        one
        for one in impact_of(findings, [(mine, ALMANAC)], documents)
        if one.verdict is not Verdict.UNAFFECTED
    ]
    assert [(str(one.verdict), one.words) for one in found] == [
        ("fabricates", "takes 'expired' for 'completed'")
    ]
    told = with_impact(findings, found)
    assert [one.impact for one in told if one.impact] == [
        ("mine:strict: fabricates, takes 'expired' for 'completed'",)
    ]


def test_the_report_never_leaves_out_what_does_not_matter():
    both = (
        Consumer(id="sdk", provider="nimble", function=readers.nimble_sdk(), takes="bytes"),
        *bundled("nimble"),
    )
    text = list(lines(judged("nimble", "completed_count may be absent", *both)))
    assert text[0] == "contracts.providers.nimble:normalize"
    assert text[1] == "  breaks      /completed_count  may now be absent"
    assert text[2] == "              NormalizationError: /completed_count: expected a number, found nothing"
    assert text[3].startswith('              shown by {"completed":')
    assert text[4] == "sdk"
    assert text[5] == "  degrades    /completed_count  may now be absent"
    calm = list(lines(judged("almanac", "wiki_id is called workspace_id")))
    assert calm[1].startswith("  unaffected  by ")
    assert calm[1].endswith("it does not read /wiki_id, /workspace_id")


def test_an_operation_that_is_gone_leaves_nothing_to_read():
    provider = load("almanac")
    revision = copy.deepcopy(provider.spec.document)
    item = revision["paths"].pop(ALMANAC.partition(" ")[2])
    revision["paths"]["/v2/batches/{batch_id}"] = item
    findings = drift(
        Document("base", provider.spec.document, {}), Document("revision", revision, {}), full=True
    )
    documents = Documents(provider.spec.document, revision)
    found = list(impact_of(findings, [(bundled("almanac")[0], ALMANAC)], documents))
    assert worst(found) == ("breaks", "there is no answer to read any more")
    assert sides_of(documents, ALMANAC) is None
    quiet = Finding(rule="x", severity=Severity.ERROR, message="m", direction="response", part="body", status="200",
                    operation=ALMANAC, pointer="/status")  # fmt: skip
    (one,) = impact_of([quiet, replace(quiet, direction="request"), replace(quiet, status="404")],
                    [(bundled("almanac")[0], ALMANAC)], documents)  # fmt: skip
    assert (one.verdict, one.words) == (Verdict.UNJUDGED, "no payload could be made to show it")


def test_a_consumer_that_reads_nothing_as_promised_is_not_judged():
    def fails(body):
        raise KeyError("never works")

    provider = load("almanac")
    change = next(change for one, _, change in CHANGES if one == "almanac")
    base, revision = provider.spec.document, changed(provider, change)
    (found, *_) = drift(Document("base", base, {}), Document("revision", revision, {}))
    mine = Consumer(id="own:fails", provider="almanac", function=fails)
    told = list(impact_of([found], [(mine, ALMANAC)], Documents(base, revision)))
    assert [str(one.verdict) for one in told] == ["not judged"]
    assert told[0].words == "it reads nothing of what the vendor promised before: KeyError"


def test_a_change_that_allows_nothing_new_is_unaffected():
    documents = Documents(load("almanac").spec.document, load("almanac").spec.document)
    sides = sides_of(documents, ALMANAC)
    assert isinstance(sides, Sides)
    quiet = Finding(rule="x", severity=Severity.NOTE, message="m", pointer="/status",
                    witness=json.dumps(sides.old()[0]))  # fmt: skip
    assert list(pairs(quiet, sides)) == []


def test_places_by_pattern():
    payload = {"a": [{"b": 1}, {}], "m": {"x": {"b": 2}}}
    assert [str(at) for at in matching(payload, tuple(Pointer.parse("/a/*/b")))] == ["/a/0/b", "/a/1/b"]
    assert [str(at) for at in matching(payload, tuple(Pointer.parse("/m/*/b")))] == ["/m/x/b"]
    assert [str(at) for at in matching(payload, tuple(Pointer.parse("/a/1")))] == ["/a/1"]
    assert list(matching(payload, tuple(Pointer.parse("/none/b")))) == []


def test_the_command(tmp_path, monkeypatch):
    vendor = load("nimble")
    document = json.loads((vendor.home / "upstream" / "openapi.json").read_text("utf-8"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "same.json").write_text(json.dumps(document), "utf-8")
    same = CliRunner().invoke(command, ["nimble", "--against", "same.json"])
    assert (same.exit_code, same.stdout.splitlines()) == (0, ["no change of an answer that they read"])
    document["components"]["schemas"]["BatchGetResponse"]["required"].remove("completed_count")
    (tmp_path / "new.json").write_text(json.dumps(document), "utf-8")
    done = CliRunner().invoke(command, ["nimble", "--against", "new.json"])
    assert done.exit_code == 1
    assert "  breaks      /completed_count  may now be absent" in done.stdout.splitlines()
    told = json.loads(
        CliRunner().invoke(command, ["nimble", "--against", "new.json", "--format", "json"]).stdout
    )
    assert [(one["verdict"], one["pointer"]) for one in told] == [("breaks", "/completed_count")]
