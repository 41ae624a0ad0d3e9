"""Addresses are taken apart without failing, and what is wrong with one is said."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.address import plain_path, read_address

WRONG = {
    "https://[::1/v1": "its host cannot be read",
    "https://::1]/v1": "its host cannot be read",
    "https://[zz]/v1": "its host cannot be read",
    "https://[::1]x/v1": "its host cannot be read",
    "https://x:99999/v1": "its port is over 65535",
    "https://x:1234567/v1": "its port is over 65535",
    "https://x:port/v1": "its host cannot be read",
    "https://x y/v1": "its host cannot be read",
    "https:///v1": "it names no host",
    "https://:80/v1": "it names no host",
    "https://user@/v1": "it names no host",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_address_says_why(text: str) -> None:
    assert read_address(text).fault == WRONG[text]


@pytest.mark.parametrize(
    "text",
    [
        "https://x.test/a/b?c=d#e", "http://u:p@X.test:8080/", "https://[2001:DB8::1]:443/x", "//x.test/a", "/a?b=c",
        "a/b", "", "https://x.test", "https://x.test?a=b", "https://x.test/%7B?x=https://y.test/?z#w", "https://x.test:/a",
    ],
)  # fmt: skip
def test_what_is_one_reads_as_the_standard_library_reads_it(text: str) -> None:
    ours, theirs = read_address(text), urlsplit(text)
    assert ours.fault == ""
    assert (ours.scheme, ours.host, ours.port, ours.path, ours.query, ours.fragment) == (
        theirs.scheme,
        theirs.hostname or "",
        theirs.port,
        theirs.path,
        theirs.query,
        theirs.fragment,
    )


@given(st.text("abc:/?#[]@%.0123456789 \\\t\u202e\ud800", max_size=30))
def test_no_text_fails_and_none_without_a_fault_fails_elsewhere(text: str) -> None:
    found = read_address(text)
    if not found.fault and not set(text) & set("\t\\ \ud800\u202e"):
        parts = urlsplit(text)
        assert parts.port == found.port


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Acme", "version": "1"},
    "servers": [{"url": "https://api.acme.example"}],
    "paths": {
        "/v1/jobs/{id}": {"get": {"operationId": "getJob", "responses": {"200": {"description": "a job"}}}}
    },
}


@pytest.mark.parametrize("text", ["https://[::1/v1", "https://x:99999/v1", "https:///v1"])
def test_a_recorded_address_that_is_none_is_named_at_every_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    import sys

    from contracts.cli import run

    def called(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["contracts", *arguments])
        code = run()
        said = capsys.readouterr()
        return code, said.out + said.err

    monkeypatch.chdir(tmp_path)
    Path("acme.json").write_text(json.dumps(DOCUMENT))
    called("vendor", "--add", "acme", "acme.json")
    entry = {"url": text, "status": 200, "headers": {"content-type": "application/json"}, "body": {}}
    moved = {"url": "https://api.acme.example/v1/jobs/1", "status": 302, "headers": {"location": text}}
    Path("a.jsonl").write_text(json.dumps(entry))
    Path("b.jsonl").write_text(json.dumps(moved))
    code, said = called("check", "acme", "--file", "a.jsonl")
    assert (code, WRONG.get(text, "its host cannot be read") in said) == (3, True)
    code, said = called("import", "a.jsonl", "--provider", "acme")
    assert (code, "its address cannot be used" in said) == (3, True)
    code, said = called("check", "acme", "--file", "b.jsonl")
    assert (code, "an address that cannot be read" in said) == (1, True)
    code, said = called("record", "acme", "--base-url", text)
    assert (code, said.count("\n")) == (2, 1)
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("path", "plain"),
    [("/a/%7e%2D", "/a/~-"), ("/%c3%a4%2f", "/%C3%A4%2F"), ("/ä b", "/%C3%A4%20b"), ("/%zz%4", "/%zz%4"), ("/\ud800", "/%ED%A0%80"), ("", "")],
)  # fmt: skip
def test_equal_paths_have_one_spelling(path: str, plain: str) -> None:
    assert plain_path(path) == plain == plain_path(plain)
