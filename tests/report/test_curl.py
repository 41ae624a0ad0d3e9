"""The command line of a request runs in a shell, asks the same, and holds no key."""

import json
import shlex

import pytest

from contracts.model import Report, Request
from contracts.report.curl import MAX_BODY, commands, curl
from tests.report.reports import URL, assessment, interaction


def words(command):
    return shlex.split(command)


def test_the_key_is_a_variable():
    request = Request(
        "GET", URL, (("Authorization", "Bearer sk-live-123456789"), ("accept", "text/plain"), ("Host", "x"))
    )
    command = curl(request, auth="authorization: Bearer $NIMBLE_API_KEY")
    assert command == f"""curl -sS -H "authorization: Bearer $NIMBLE_API_KEY" -H 'accept: text/plain' {URL}"""
    assert curl(request, provider="my-vendor") == (
        f"""curl -sS -H "Authorization: $MY_VENDOR_API_KEY" -H 'accept: text/plain' {URL}"""
    )


def test_a_probe_without_credentials_sends_none():
    report = Report(
        (), (assessment(interaction=interaction(401, probe="no-credentials", request=Request("GET", URL))),)
    )
    assert list(commands(report)) == [f"curl -sS {URL}"]


def test_a_body_is_sent_with_its_secrets_hidden():
    body = json.dumps(
        {"url": "https://x.example", "api_key": "abc", "n": 1, "list": [{"token": "t"}], "it's": "ü"}
    )
    command = curl(Request("post", URL, (), body.encode()))
    parts = words(command)
    assert parts[:4] == ["curl", "-sS", "-X", "POST"]
    sent = json.loads(parts[parts.index("--data-raw") + 1])
    assert sent == {
        "url": "https://x.example",
        "api_key": "[hidden]",
        "n": 1,
        "list": [{"token": "[hidden]"}],
        "it's": "ü",
    }


@pytest.mark.parametrize("body", [b"\x00\xff", b"{", json.dumps("x" * MAX_BODY).encode(), b"[" * 5000])
def test_a_body_that_cannot_be_shown_is_named(body):
    assert "--data-binary @request-body" in curl(Request("PUT", URL, (), body))


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/$(id)/`id`/'q'/\"d\"?a=1&b=\\;rm",
        "https://x.example/\x1b]8;;x\x07/\r\n::error::x/\u202e/##[error]x",
        "https://x.example/\ud800",
    ],
)
def test_an_address_is_one_harmless_word(url):
    command = curl(Request("GET", url))
    parts = words(command)
    assert len(parts) == 3
    assert all(" " <= char <= "~" for char in command)
    assert "##[" not in command


def test_headers_of_hostile_names_stay_quoted():
    request = Request("GET", URL, (("x'; rm -rf ~; '", "$(id)\n::error::"), ("x-token$(id)", "v")))
    parts = words(curl(request, provider="p$(id)"))
    assert parts[parts.index("-H") + 1] == "x'; rm -rf ~; ': $(id)::error::"
    assert '"x-token\\$(id): $P__ID__API_KEY"' in curl(request, provider="p$(id)")


def test_signed_addresses_lose_their_signature():
    assert "s3cr3t" not in curl(Request("GET", "https://x.example/f?X-Amz-Signature=s3cr3tvalue123&a=1#frag"))
