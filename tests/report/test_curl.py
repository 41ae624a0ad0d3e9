"""The command line of a request runs in a shell, asks the same, and holds no key and nothing of a recording."""

import json
import shlex
from dataclasses import replace

import pytest

from contracts.model import Report, Request
from contracts.report.curl import MAX_BODY, commands, curl
from tests.report.reports import ASKING, URL, assessment, interaction

NIMBLE = ASKING["nimble"]


def words(command):
    return shlex.split(command)


def test_the_key_is_a_variable():
    request = Request(
        "GET", URL, (("Authorization", "Bearer sk-live-123456789"), ("accept", "text/plain"), ("Host", "x"))
    )
    assert (
        curl(request, NIMBLE)
        == f"""curl -sS -H "authorization: Bearer $NIMBLE_API_KEY" -H 'accept: text/plain' {URL}"""
    )
    assert curl(request) == f"curl -sS -H 'Authorization: HIDDEN' -H 'accept: HIDDEN' {URL}"


def test_probes_show_the_key_that_they_sent():
    report = Report(
        (),
        tuple(
            assessment(interaction=interaction(401, probe=probe, request=Request("GET", URL)))
            for probe in ("no-credentials", "wrong-credential", "unknown-id")
        ),
    )
    assert list(commands(report)) == [
        f"curl -sS {URL}",
        f"curl -sS -H 'authorization: Bearer contracts-wrong-credential' {URL}",
        f'curl -sS -H "authorization: Bearer $NIMBLE_API_KEY" {URL}',
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v1/batches/b-1",
        "https://sdk.nimbleway.com.evil.example/v1/batches/b-1",
        "https://sdk.nimbleway.com:444/v1/batches/b-1",
        "http://sdk.nimbleway.com/v1/batches/b-1",
        "https://sdk.nimbleway.com@evil.example/v1",
        "https://u:p@sdk.nimbleway.com/v1",
        "https://[::1/v1/batches/b-1",
        "//sdk.nimbleway.com/v1",
        "/v1/batches/b-1",
    ],
)
def test_only_the_servers_of_the_manifest_get_the_key(url):
    command = curl(Request("GET", url), NIMBLE)
    assert "API_KEY" not in command
    assert "u:p" not in command


def test_a_server_with_a_path_gets_the_key_below_it_alone():
    asking = replace(NIMBLE, servers=("https://x.test/api",))
    below = [curl(Request("GET", f"https://x.test/{path}"), asking) for path in ("api/v1", "apis", "api", "")]
    assert ["API_KEY" in command for command in below] == [True, False, True, False]


def test_the_line_names_the_server_that_was_asked_and_no_key():
    asking = replace(NIMBLE, asked="http://127.0.0.1:8080/nimble")
    assert curl(Request("GET", f"{URL}?limit=2"), asking) == (
        "curl -sS 'http://127.0.0.1:8080/nimble/v1/batches/b-1?limit=2'"
    )


def test_values_are_shown_under_declared_names_alone():
    query = "limit=2&page_token=abc&apikey=sekret1&pwd=sekret2&auth=sekret3&sekret4&s e=sekret5&limit%5B%5D=sekret6"
    headers = (
        ("X-Region", "eu"),
        ("x-functions-key", "sekret7"),
        ("X-Auth", "sekret8"),
        ("cookie", "sekret9"),
        ("sekret 10", "sekret11"),
    )
    command = curl(Request("GET", f"{URL}?{query}", headers), NIMBLE)
    assert "sekret" not in command
    assert words(command) == [
        "curl", "-sS", "-H", "authorization: Bearer $NIMBLE_API_KEY", "-H", "X-Region: eu",
        "-H", "x-functions-key: HIDDEN",
        f"{URL}?limit=2&page_token=HIDDEN&apikey=HIDDEN&pwd=HIDDEN&auth=HIDDEN",
    ]  # fmt: skip


def test_what_was_recorded_in_the_place_of_a_key_is_left_out():
    keys = (("-H", "X-Who: $A_KEY", ""), ("--url-query", "who=$B_KEY", ""))
    request = Request("GET", f"{URL}?who=sekret1&limit=2", (("x-who", "sekret2"),))
    assert curl(request, replace(NIMBLE, keys=keys)) == (
        f"""curl -sS -H "X-Who: $A_KEY" --url-query "who=$B_KEY" '{URL}?limit=2'"""
    )


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
        "https://x.example/$(id)/`id`/'q'/\"d\"?limit=1&b=\\;rm",
        "https://x.example/\x1b]8;;x\x07/\r\n::error::x/\u202e/##[error]x",
        "https://x.example/\ud800",
    ],
)
def test_an_address_is_one_harmless_word(url):
    command = curl(Request("GET", url), NIMBLE)
    parts = words(command)
    assert len(parts) == 3
    assert all(" " <= char <= "~" for char in command)
    assert "##[" not in command


def test_headers_of_hostile_names_stay_quoted():
    asking = replace(NIMBLE, headers=("x'; rm -rf ~; '",), keys=(("-H", "x-k$(id): $P_KEY$(id)", ""),))
    request = Request("GET", URL, (("x'; rm -rf ~; '", "$(id)\n::error::"), ("x-token$(id)", "v")))
    command = curl(request, asking)
    assert '-H "x-k\\$(id): \\$P_KEY$id"' in command
    assert words(command)[5] == "x'; rm -rf ~; ': $(id)::error::"
    assert "token" not in command


def test_signed_addresses_lose_their_signature():
    assert "s3cr3t" not in curl(Request("GET", "https://x.example/f?X-Amz-Signature=s3cr3tvalue123&a=1#frag"))
