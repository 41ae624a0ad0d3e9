"""What could not be judged is counted in the summary, and a run that judged nothing is never 0."""

from __future__ import annotations

import json

import pytest

ITEM = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://vendor.test"}],
    "paths": {"/batch": {"get": {"responses": {"200": {"description": "", "content": {
        "text/csv": {"schema": {"type": "string"}}, "application/json": {"schema": ITEM}}}}}}},
}  # fmt: skip


def row(body, media="application/json", **more):
    headers = {"content-type": media} if media else {}
    url = more.pop("url", "https://vendor.test/batch")
    return {"method": "GET", "url": url, "status": 200, "body": body, "response_headers": headers, **more}


@pytest.fixture
def acme(tmp_path, inside):
    """Vendor a document of one operation; give a function that checks rows of a log."""
    (tmp_path / "api.json").write_text(json.dumps(DOCUMENT))
    assert inside("vendor", "--add", "acme", "api.json")[0] == 0

    def check(*rows, form="text"):
        (tmp_path / "log.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
        return inside("check", "acme", "--file", "log.jsonl", "--format", form)

    return check


def test_a_run_that_judged_nothing_is_inconclusive(acme):
    code, out, _ = acme(row("a,b", "text/csv"))
    assert (code, "inconclusive: 1 interaction · not judged: 1" in out) == (3, True)
    assert "body: text/csv has no decoder" in out


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json", "jsonl", "sarif", "github", "junit"])
def test_what_was_not_judged_is_counted_beside_what_conforms(acme, form):
    code, out, _ = acme(row("a,b", "text/csv"), row('{"id": 1}'), form=form)
    counted = {
        "json": '"not_judged": 1', "jsonl": '"not_judged": 1', "junit": 'skipped="1"',
    }.get(form, "not judged: 1")  # fmt: skip
    assert (code, counted in out.replace('":1', '": 1')) == (0, True)


def test_headers_that_nobody_recorded_are_not_missed(acme, inside, tmp_path):
    document = json.loads(json.dumps(DOCUMENT))
    answer = document["paths"]["/batch"]["get"]["responses"]["200"]
    del answer["content"]["text/csv"]
    answer["headers"] = {"x-left": {"required": True, "schema": {"type": "integer"}}}
    (tmp_path / "api.json").write_text(json.dumps(document))
    inside("vendor", "--remove", "acme", "--yes")
    inside("vendor", "--add", "acme", "api.json")
    code, out, _ = acme(row('{"id": 1}', ""))
    assert (code, "header x-left: no header was recorded" in out) == (0, True)
    code, out, _ = acme(row('{"id": 1}'))
    assert (code, "header x-left  missing, but required" in out) == (1, True)


def test_a_recording_that_cannot_be_read_is_told_and_the_rest_is_judged(acme, inside, tmp_path):
    acme(row('{"id": "x"}'))
    inside("import", "log.jsonl", "--provider", "acme")
    (path,) = tmp_path.glob("specs/acme/cassettes/*/*.json")
    (path.parent / "200-torn.json").write_text("<<<<<<< ours")
    code, out, _ = inside("check", "acme")
    assert (code, "'x' is not an integer" in out) == (1, True)
    assert "200-torn.json: not JSON at line 1" in out
    assert "unreadable-recording" in out
    path.unlink()
    assert inside("check", "acme")[0] == 1


def test_what_other_hosts_answered_is_passed_over_and_counted(acme):
    others = [row('{"id": "x"}', url=f"https://{name}.test/batch") for name in ("cdn", "cdn", "ads")]
    code, out, _ = acme(row('{"id": 1}'), *others)
    assert (code, "3 of other hosts skipped: cdn.test, ads.test" in out) == (0, True)
    assert "conforms: 1 interaction" in out
    code, out, _ = acme(*others)
    assert (code, "inconclusive: 0 interactions" in out) == (3, True)


def test_what_other_hosts_answered_is_not_imported(acme, inside, tmp_path):
    acme(row('{"id": 1}', url="https://other.test/batch"), row('{"id": 1}'))
    out = inside("import", "log.jsonl", "--provider", "acme")[1]
    assert out.startswith("1 of other hosts skipped: other.test\n")
    assert len(list(tmp_path.glob("specs/acme/cassettes/*/*.json"))) == 1
