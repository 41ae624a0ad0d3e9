"""Recordings at the doors: check, import, observe and scan take the same files and say the same of them."""

from __future__ import annotations

import gzip
import io
import json
import sys

import pytest

from tests.acme import URL

GOOD = {"id": "b1", "state": "done"}


@pytest.fixture
def stdin(monkeypatch):
    """Give a function that puts bytes on standard input."""
    return lambda data: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def entry(url, **response):
    return {"request": {"method": "GET", "url": url}, "response": {"status": 200, **response}}


def archive(tmp_path):
    """Write an archive of five entries of which one is acme's and can be read."""
    good = entry(URL, content={"text": "{"})
    odd = [entry("data:text/plain,x"), entry("https://cdn.test/a.js", headers=5), entry(URL, status=7)]
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [*odd, good, 5]}}))


UNREAD = "not read: a.har:1 entry 3 at /response/status: expected a status from 100 to 599, found 7"


def test_one_odd_entry_never_refuses_an_archive(project, inside, tmp_path):
    archive(tmp_path)
    code, out, _ = inside("check", "acme", "--file", "a.har")
    assert "2 of other hosts skipped: data: addresses, cdn.test" in out
    assert UNREAD in out
    assert "not read: a.har:1 entry 5: expected an object, found 5" in out
    assert (code, "not JSON" in out) == (1, True)


@pytest.mark.parametrize("strict", [False, True])
def test_what_cannot_be_read_fails_a_strict_run_alone(project, inside, tmp_path, strict):
    (tmp_path / "l.jsonl").write_text(json.dumps({"url": URL, "status": 200, "body": GOOD}) + "\n{\n")
    more = ["--strict"] if strict else []
    for command in (["check", "acme", "--file"], ["import"], ["observe", "--provider", "acme"]):
        code, out, err = inside(*command, "l.jsonl", *more)
        assert (code, "not read: l.jsonl:2: not JSON" in out + err) == (int(strict), True), command


def test_a_bare_body_and_what_curl_prints_answer_the_named_operation(project, inside, tmp_path, stdin):
    (tmp_path / "b.json").write_text(json.dumps({"id": "b1", "state": "paused"}, indent=1))
    code, out, _ = inside("check", "acme", "--operation", "getBatch", "--file", "b.json")
    assert (code, "/state" in out, "content type" in out) == (1, True, False)
    stdin(b"HTTP/2 200\r\ncontent-type: application/json\r\n\r\n" + json.dumps(GOOD).encode())
    code, out, _ = inside("check", "acme", "--operation", "getBatch", "--file", "-")
    assert (code, "conforms: 1 interaction" in out) == (0, True)
    code, _, err = inside("check", "acme", "--file", "b.json")
    assert (code, err.partition(";")[0]) == (
        2,
        "contracts: b.json: JSON, but no recording: an object with id, state",
    )
    assert inside("import", "b.json", "--operation", "getBach")[0] == 2


def test_import_finds_the_vendor_by_host_and_by_path(project, inside, tmp_path):
    rows = [{"u": URL, "status": 200, "body": GOOD}, {"u": "/v1/batches/b2", "status": 200, "body": GOOD}]
    (tmp_path / "l.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    code, out, _ = inside("import", "l.jsonl.gz", "--field", "url=/u")
    assert (code, out.splitlines()[-1]) == (0, "1 written")
    assert out.startswith("1 of other hosts skipped: no host")  # nimble knows that path as well
    code, out, _ = inside("import", "l.jsonl.gz", "--field", "url=/u", "--provider", "acme")
    (written,) = tmp_path.glob("specs/acme/cassettes/getBatch/200-l-2.json")
    assert json.loads(written.read_text())["request"]["url"].startswith(
        "https://api.acme.example/v1/batches/"
    )
    assert inside("import", "l.jsonl.gz", "--field", "url")[0] == 2


def test_other_operations_are_skipped_and_counted(project, inside, tmp_path):
    rows = [{"url": URL, "status": 200, "body": GOOD}, {"url": URL[:-3], "status": 200, "body": []}]
    (tmp_path / "l.jsonl").write_text("\n".join(map(json.dumps, rows)))
    code, out, _ = inside("check", "acme", "--operation", "getBatch", "--file", "*.jsonl")
    assert (code, "1 of other operations skipped" in out, "conforms: 1 interaction" in out) == (0, True, True)


def test_a_body_that_is_not_there_is_not_written(project, inside, tmp_path):
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [entry(URL, content={"size": 9})]}}))
    code, out, _ = inside("import", "a.har")
    assert (code, "its body: not kept in the recording" in out) == (3, True)
    assert inside("check", "acme", "--file", "a.har")[0] == 3


def test_scan_reads_what_is_packed(project, inside, tmp_path):
    (tmp_path / "l.txt.gz").write_bytes(gzip.compress(b"Authorization: Bearer abcdef0123456789ABCDEF012345"))
    assert inside("scan", "l.txt.gz")[0] == 1
    assert inside("scan", "nowhere")[0] == 2


def test_a_log_of_any_size_is_scanned_line_by_line(project, inside, tmp_path, monkeypatch):
    monkeypatch.setattr("contracts.interactions.formats.files.source.MAX_ELEMENT", 2_000)
    rows = [{"url": URL, "status": 200, "body": GOOD} for _ in range(60)]
    rows[40] = {**rows[40], "headers": {"authorization": "Bearer abcdef0123456789ABCDEF012345"}}
    (tmp_path / "l.jsonl").write_text("\n".join(map(json.dumps, rows)))
    code, out, _ = inside("scan", "l.jsonl")
    assert (code, out.startswith("l.jsonl: line 41: "), len(out.splitlines())) == (1, True, 2)
    monkeypatch.setattr("contracts.interactions.formats.jsonl.MAX_LINE", 200)
    (tmp_path / "l.jsonl").write_text(json.dumps(rows[0]) + "\n" + json.dumps({**rows[0], "x": "y" * 300}))
    code, _, err = inside("scan", "l.jsonl")
    assert (code, err.startswith("contracts: l.jsonl:2: a line of more than")) == (2, True)
