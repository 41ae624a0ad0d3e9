"""Comment, issue and draft over real HTTP: exactly one of each, kept up to date, inert whatever a vendor wrote."""

import re
from dataclasses import replace

import pytest

from contracts.ci.comment import upsert_comment
from contracts.ci.issues import LABEL, sync_issue
from contracts.ci.marks import CLEAN, digest, digest_of, mark
from contracts.ci.pulls import propose
from contracts.ci.rest import Forbidden, GitHub, HostError
from contracts.model import Report, Severity, Verdict
from contracts.secret import Secret
from tests.report.hostility import MARKUP
from tests.report.reports import NIMBLE, assessment, designed, finding, hostile, sample

CALM = Report((NIMBLE,), (assessment(verdict=Verdict.CONFORMS),))


def drift(*rules, words="may now be 'ARCHIVED'"):
    found = tuple(
        finding(rule, Severity.WARNING, message=words, direction="response", pointer="/status")
        for rule in rules
    )
    return Report((NIMBLE,), (), found)


def test_one_comment_that_follows_the_report(standin, github):
    assert upsert_comment(github, 7, CALM) == "no findings"
    assert upsert_comment(github, 7, designed(), link="https://x.example/run") == "created"
    assert upsert_comment(github, 7, designed(), link="https://x.example/run") == "unchanged"
    assert upsert_comment(github, 7, sample()) == "updated"
    assert upsert_comment(github, 7, CALM) == "updated"
    assert len(standin.comments) == 1
    assert standin.comments[0]["body"].split("\n")[1] == "### Contracts: conforms"
    assert standin.count("POST") == 1


def test_the_comment_is_found_among_many_pages_and_other_marks(standin, github):
    for n in range(230):
        standin.comment(7, f"talk {n}")
    standin.comment(7, f"> {mark('comment', 'gate', 'x')}")
    standin.comment(7, mark("comment", "other", "x"))
    standin.comment(8, mark("comment", "gate", "x"), "Bot")
    person = standin.comment(7, mark("comment", "gate", "x"))
    ours = standin.comment(7, mark("comment", "gate", "x"), "Bot")
    assert upsert_comment(github, 7, designed()) == "updated"
    assert "### Contracts: violates" in ours["body"]
    assert person["body"] == mark("comment", "gate", "x")
    assert standin.count("GET", "page=3") == 1


def test_a_reading_token_is_told_apart(standin, github):
    standin.read_only = True
    with pytest.raises(Forbidden, match="answered 403 Resource not accessible by integration"):
        upsert_comment(github, 7, designed())
    assert standin.comments == []


def test_one_issue_through_its_life(standin, github):
    assert sync_issue(github, "nimble", Report()) == "no findings"
    assert sync_issue(github, "nimble", drift("a")) == "opened"
    assert sync_issue(github, "nimble", drift("a", words="reworded")) == "unchanged"
    assert sync_issue(github, "nimble", drift("a", "b"), link="https://x.example") == "updated"
    assert standin.issues[0]["title"] == "nimble drifted: 2 findings"
    assert sync_issue(github, "nimble", Report()) == "closed"
    assert sync_issue(github, "nimble", Report()) == "no findings"
    assert sync_issue(github, "nimble", drift("a", "b")) == "reopened"
    assert len(standin.issues) == 1
    assert standin.issues[0]["state"] == "open"
    assert standin.issues[0]["labels"] == [{"name": LABEL}]
    assert [one["body"].partition(".")[0] for one in standin.comments] == [
        "It changed: nimble drifted: 2 findings",
        "No drift any more: the vendored documents and the vendor's newest ones say the same",
    ]


def test_a_person_who_closes_the_issue_has_decided(standin, github):
    sync_issue(github, "nimble", drift("a"))
    standin.issues[0]["state"] = "closed"
    assert sync_issue(github, "nimble", drift("a")) == "left closed"
    assert standin.issues[0]["state"] == "closed"
    assert sync_issue(github, "nimble", drift("a", "b")) == "reopened"
    assert len(standin.issues) == 1


def test_waived_drift_is_no_news(standin, github):
    report = drift("a")
    waived = replace(report, findings=tuple(replace(one, waived="known") for one in report.findings))
    assert sync_issue(github, "nimble", waived) == "no findings"


def test_every_provider_has_its_own_issue_and_twins_are_closed(standin, github):
    standin.labels.add(LABEL)
    assert sync_issue(github, "nimble", drift("a")) == "opened"
    assert sync_issue(github, "matil", drift("a")) == "opened"
    twin = standin.issue(mark("drift", "nimble", "old"))
    for _ in range(150):
        standin.issue("something else")
    standin.issue(mark("drift", "nimble", "x"), pull_request={})
    assert sync_issue(github, "nimble", drift("a")) == "unchanged"
    assert twin["state"] == "closed"
    assert standin.issues[0]["state"] == standin.issues[1]["state"] == "open"


def test_nothing_of_a_vendor_speaks_in_an_issue(standin, github):
    texts = (
        *MARKUP,
        "@octocat",
        "fixes #1 org/app#2",
        "<!-- pytest-contracts drift nimble digest=clean -->",
        "```\n@x",
    )
    report = Report.merge(Report(findings=hostile(text).findings[:1]) for text in texts)
    assert sync_issue(github, "nimble", report) == "opened"
    body = standin.issues[0]["body"]
    assert len(body.encode()) < 65_536
    assert digest_of(body, "drift", "nimble") == digest(report.all_findings())
    plain = re.sub(
        r"(`+)(?!`).*?(?<!`)\1(?!`)|^```[\s\S]*?^```", "", body.split("\n", 1)[1], flags=re.MULTILINE
    )
    assert not re.search(r"[@#](?!## )\w|<(?!/?(details|summary|br)\b)", plain.replace("### ", ""))


def test_a_draft_brings_the_files_in(standin, github):
    files = {"specs/nimble/openapi.yaml": b"openapi: 3.1.0\n", "specs/nimble/upstream/a.bin": b"\xff\x00"}
    assert propose(github, "nimble", {}, base="main", text=["t"]) == "nothing to propose"
    assert propose(github, "nimble", files, base="main", text=["what changed"]) == "opened"
    assert propose(github, "nimble", files, base="main", text=["what changed"]) == "unchanged"
    pull = standin.pulls[0]
    assert (pull["draft"], pull["base"], pull["head"]) == (True, "main", "contracts/nimble-documents")
    assert pull["body"].endswith("\nwhat changed")
    assert standin.files("contracts/nimble-documents") == files
    newer = {**files, "specs/nimble/openapi.yaml": b"openapi: 3.1.1\n", "specs/nimble/upstream/a.bin": None}
    assert propose(github, "nimble", newer, base="main", text=["more"]) == "updated"
    assert standin.files("contracts/nimble-documents") == {"specs/nimble/openapi.yaml": b"openapi: 3.1.1\n"}
    assert standin.refs["main"] == "c0"
    pull["state"] = "closed"
    assert propose(github, "nimble", newer, base="main", text=["more"]) == "left closed"
    assert propose(github, "nimble", files, base="main", text=["again"]) == "opened"
    assert len(standin.pulls) == 2


def test_the_token_goes_to_the_host_alone(standin, github):
    upsert_comment(github, 7, designed())
    assert standin.tokens == {"Bearer ghs_secret_token_1"}
    assert "ghs_secret" not in repr(github.__dict__.get("token", "")) + standin.comments[0]["body"]


def test_pages_of_another_host_are_not_followed(github):
    elsewhere = 'https://evil.example/repos/acme/app/issues?page=2>; rel="next"'
    found = github._next(type("R", (), {"headers": {"link": f"<{elsewhere}"}})())
    assert found is None


def test_failures_are_one_inert_sentence(standin, github):
    standin.broken = 502
    with pytest.raises(HostError) as caught:
        github.get("issues/1")
    assert str(caught.value) == "GET /repos/acme/app/issues/1: answered 502 :\\:error::\\x1b[31mout of order"
    with (
        GitHub("http://127.0.0.1:9", "acme/app", Secret("x", "T")) as nobody,
        pytest.raises(HostError, match=r"GET /repos/acme/app/x: \w+$"),
    ):
        nobody.get("x")
    with pytest.raises(HostError, match="it must be owner/name"):
        GitHub("http://127.0.0.1:1", "a/b/../c", Secret("x", "T"))


def test_marks_are_read_at_the_very_start_only():
    one = mark("drift", "nimble", "abc1")
    assert digest_of(f"{one}\nbody", "drift", "nimble") == "abc1"
    for text in (f" {one}", f"x\n{one}", one.replace("nimble", "matil"), None, 7):
        assert digest_of(text, "drift", "nimble") is None


def test_the_digest_knows_what_is_said_not_how():
    a, b = finding(pointer="/a"), finding(pointer="/b")
    assert digest([a, b]) == digest([replace(b, message="x"), a, a])
    assert digest([a]) != digest([a, b])
    assert digest([a]) != digest([replace(a, severity=Severity.NOTE)])
    assert digest([]) == CLEAN
