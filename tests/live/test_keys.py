"""How a key travels: each row of the table through `check --live`, against a server that looks at what arrives."""

from __future__ import annotations

import base64
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from contracts.auth import SCHEMES, Carrier, find_keys, secrets_of
from contracts.cli import run as run_process
from contracts.errors import ConfigError
from contracts.model import Request
from contracts.spec import read_manifest
from contracts.spec.provider import load
from contracts.stub.vendor import Vendor
from tests.interactions.hostile import Hostile, plain, serving

KEY = "k-0123456789abcdef"
OTHER = "o-fedcba9876543210"
PAIR = "ann:p ss:w0rd-long"
BASIC = base64.b64encode(PAIR.encode()).decode()

BEARER = {"type": "http", "scheme": "bearer"}
HEADER = {"type": "apiKey", "in": "header", "name": "X-Key"}
QUERY = {"type": "apiKey", "in": "query", "name": "api_key"}
COOKIE = {"type": "apiKey", "in": "cookie", "name": "sid"}
BASIC_AUTH = {"type": "http", "scheme": "Basic"}
FLOWS = {"clientCredentials": {"tokenUrl": "https://x.test/t", "scopes": {}}}


def run(arguments: list[str]) -> int:
    before, sys.argv = sys.argv, ["contracts", *arguments]
    try:
        return run_process()
    finally:
        sys.argv = before


def document(schemes: dict, security: object = None, own: object = None, more: dict | None = None) -> dict:
    get = {
        "operationId": "getJob",
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "a job", "content": {"application/json": {"schema": {"type": "object"}}}},
            "401": {"description": "no key"},
        },
    } | ({} if own is None else {"security": own})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Acme", "version": "1"},
        "servers": [{"url": "https://api.acme.example"}],
        "paths": {"/v1/jobs/{id}": {"get": get}} | (more or {}),
        "components": {"securitySchemes": schemes},
    } | ({} if security is None else {"security": security})


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, value in {"ACME_API_KEY": KEY, "ACME_OTHER": OTHER}.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def vendored(found: dict) -> dict:
    """Vendor a document as `acme`, and give the manifest as TOML says it."""
    Path("acme.json").write_text(json.dumps(found))
    assert run(["vendor", "--add", "acme", "acme.json"]) == 0
    return tomllib.loads(Path("specs/acme/provider.toml").read_text())


def asked(server: Hostile, *more: str) -> list[tuple[str, dict[str, str]]]:
    """Run `check --live`, and give (target, headers by lower-case name) of each request that arrived."""
    run(["check", "acme", "--live", "--base-url", f"acme={server.url}", "--param", "id=j1", *more])
    found = []
    for head in server.heads:
        first, *lines = head.decode().split("\r\n")
        fields = (line.partition(": ") for line in lines if line)
        found.append((first.split()[1], {name.lower(): value for name, _, value in fields}))
    return found


def real(server: Hostile) -> tuple[str, dict[str, str]]:
    return asked(server, "--no-auth-probes")[0]


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving(plain("200 OK", b"{}")) as found:
        yield found


@pytest.mark.parametrize(
    ("scheme", "key", "header", "value"),
    [
        (BEARER, KEY, "authorization", f"Bearer {KEY}"),
        (BASIC_AUTH, PAIR, "authorization", f"Basic {BASIC}"),
        (HEADER, KEY, "x-key", KEY),
        (COOKIE, KEY, "cookie", f"sid={KEY}"),
        ({"type": "oauth2", "flows": FLOWS}, KEY, "authorization", f"Bearer {KEY}"),
        ({"type": "openIdConnect", "openIdConnectUrl": "https://x.test"}, KEY, "authorization", f"Bearer {KEY}"),
        ({"type": "http", "scheme": "Token"}, KEY, "authorization", f"Token {KEY}"),
    ],
    ids=["bearer", "basic", "header", "cookie", "oauth2", "openIdConnect", "another word"],
)  # fmt: skip
def test_a_key_arrives_in_its_header(
    server: Hostile,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    scheme: dict,
    key: str,
    header: str,
    value: str,
) -> None:
    monkeypatch.setenv("ACME_API_KEY", key)
    vendored(document({"key": scheme}, [{"key": []}]))
    target, headers = real(server)
    assert headers[header] == value
    assert target == "/v1/jobs/j1"
    said = capsys.readouterr()
    assert key not in said.out + said.err


def test_a_key_arrives_in_the_query_encoded(server: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_API_KEY", "a+b&c=d e/f")
    vendored(document({"key": QUERY}, [{"key": []}]))
    target, headers = real(server)
    assert parse_qs(urlsplit(target).query) == {"api_key": ["a+b&c=d e/f"]}
    assert "authorization" not in headers


def test_all_keys_of_one_requirement_arrive_at_once(server: Hostile) -> None:
    manifest = vendored(document({"key": HEADER, "other": QUERY}, [{"key": [], "other": []}]))
    assert manifest["auth"] == [
        {"header": "X-Key", "scheme": "", "env": "ACME_API_KEY"},
        {"query": "api_key", "scheme": "", "env": "ACME_OTHER"},
    ]
    target, headers = real(server)
    assert (headers["x-key"], target) == (KEY, f"/v1/jobs/j1?api_key={OTHER}")


def test_a_wrong_key_takes_the_place_of_every_key(server: Hostile) -> None:
    vendored(
        document({"key": HEADER, "other": QUERY, "third": COOKIE}, [{"key": [], "other": [], "third": []}])
    )
    import os

    os.environ["ACME_THIRD"] = "t-1"
    try:
        *_, (bare, none), (target, wrong) = asked(server)
    finally:
        del os.environ["ACME_THIRD"]
    assert ("x-key" in none, "cookie" in none, "api_key" in bare) == (False, False, False)
    assert wrong["x-key"] == "contracts-wrong-credential"
    assert wrong["cookie"] == "sid=contracts-wrong-credential"
    assert target.endswith("?api_key=contracts-wrong-credential")


@pytest.mark.parametrize("security", [[], [{}]])
def test_no_key_is_needed_or_sent_where_none_is_asked_for(
    server: Hostile, monkeypatch: pytest.MonkeyPatch, security: list
) -> None:
    monkeypatch.delenv("ACME_API_KEY")
    assert "auth" not in vendored(document({"key": HEADER}, security))
    requests = asked(server)
    assert len(requests) == 3  # no probes of a key
    assert not any("x-key" in headers for _, headers in requests)


@pytest.mark.parametrize(
    ("scheme", "sentence"),
    [
        ({"type": "mutualTLS"}, "mutualTLS is not supported: no client certificate is sent"),
        ({"type": "http", "scheme": "digest"}, "http digest is not supported: its key changes"),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_is_asked(
    server: Hostile, capsys: pytest.CaptureFixture[str], scheme: dict, sentence: str
) -> None:
    vendored(document({"key": scheme}, [{"key": []}]))
    assert sentence in Path("specs/acme/provider.toml").read_text()
    assert asked(server, "--no-auth-probes") == []
    assert f"not sent: {sentence}" in capsys.readouterr().err


def test_an_operation_is_asked_with_its_own_keys(server: Hostile) -> None:
    manifest = vendored(document({"key": HEADER, "other": QUERY}, [{"key": []}], own=[{"other": []}]))
    assert manifest["auth"] == {"header": "X-Key", "scheme": "", "env": "ACME_API_KEY"}
    assert manifest["operations"]["getJob"]["auth"] == [
        {"query": "api_key", "scheme": "", "env": "ACME_OTHER"}
    ]
    target, headers = real(server)
    assert ("x-key" in headers, target) == (False, f"/v1/jobs/j1?api_key={OTHER}")


def test_an_operation_whose_key_is_not_set_is_not_asked(
    server: Hostile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vendored(document({"key": HEADER, "other": QUERY}, [{"key": []}], own=[{"other": []}]))
    monkeypatch.delenv("ACME_OTHER")
    assert asked(server, "--no-auth-probes") == []
    assert "not sent: ACME_OTHER must be set" in capsys.readouterr().err


def other(path: str, security: object = None) -> dict:
    raw = {"responses": {"200": {"description": "x"}}} | ({} if security is None else {"security": security})
    return {path: {"get": raw}}


@pytest.mark.parametrize(
    ("found", "usual"),
    [
        # The root's requirement wins over the first operation's own.
        (document({"a": BEARER, "b": HEADER}, [{"b": []}], own=[{"a": []}], more=other("/z")), "X-Key"),
        # Without one at the root, what most of the operations use.
        (
            document(
                {"a": BEARER, "b": HEADER},
                own=[{"a": []}],
                more=other("/x", [{"b": []}]) | other("/y", [{"b": []}]),
            ),
            "X-Key",
        ),
        # Of alternatives the first that can be sent.
        (document({"m": {"type": "mutualTLS"}, "b": HEADER}, [{"m": []}, {"b": []}]), "X-Key"),
        (document({"m": {"type": "mutualTLS"}, "b": HEADER}, [{}, {"b": []}]), "X-Key"),
        (document({"m": {"type": "mutualTLS"}, "b": HEADER}, [{"m": [], "b": []}, {"b": []}]), "X-Key"),
        # A scheme behind a reference.
        (document({"r": {"$ref": "#/components/securitySchemes/b"}, "b": HEADER}, [{"r": []}]), "X-Key"),
        # Schemes that nothing asks for: the first.
        (document({"b": HEADER, "a": BEARER}), "X-Key"),
    ],
)
def test_the_manifest_takes_the_key_that_the_document_asks_for(found: dict, usual: str) -> None:
    assert vendored(found)["auth"]["header"] == usual


def test_a_scheme_that_points_nowhere_is_left_out() -> None:
    found = document({"r": {"$ref": "#/components/securitySchemes/x"}, "b": HEADER}, [{"r": []}, {"b": []}])
    assert vendored(found)["auth"]["header"] == "X-Key"


def test_schemes_that_nothing_can_be_read_of_are_none() -> None:
    for odd in ({"type": "apiKey", "in": "header"}, {"type": 3}, [], {"type": "http"}, {"type": ["x"]}):
        found = document({"b": odd}, [{"b": []}])
        from contracts.auth import demanded

        assert demanded(found, {"b": odd}) == ((), {})


@pytest.mark.parametrize(
    ("auth", "sentence"),
    [
        (
            '[auth]\nheader = "a"\nquery = "b"',
            "auth: name one of header, query, cookie: where the key is put",
        ),
        ('[auth]\nenv = "A"', "auth: name one of header, query, cookie: where the key is put"),
        ('[auth]\nqeury = "a"', "no setting 'qeury'; did you mean 'query'?"),
        (
            '[[auth]]\nheader = "a"\n[[auth]]\nquery = "b"',
            "env is missing; write the variable that holds this key",
        ),
        ("auth = 3", "auth is not a table"),
    ],
)
def test_a_manifest_that_cannot_mean_a_key_is_refused(tmp_path: Path, auth: str, sentence: str) -> None:
    path = tmp_path / "acme" / "provider.toml"
    path.parent.mkdir()
    head = "" if auth.startswith("[") else auth + "\n"
    path.write_text(
        f'{head}provenance = "published"\nservers = ["https://a.test"]\n{auth if not head else ""}\n'
    )
    with pytest.raises(ConfigError) as caught:
        read_manifest(path)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("carrier", "value", "sentence"),
    [
        (Carrier("header", "X", "", ("V",)), "a b", "V holds a character that a header cannot carry; it is not used"),
        (Carrier("cookie", "s", "", ("V",)), "a;b", "V holds a character that a cookie cannot carry; it is not used"),
        (Carrier("query", "q", "", ("V",)), "a\x00b", "V holds a control character; it is not used"),
        (
            Carrier("header", "Authorization", "Basic", ("V",)), "onlyuser",
            "V must be user:password, with the colon also where one of them is empty; it is not used",
        ),
    ],
)  # fmt: skip
def test_a_key_that_cannot_travel_is_refused_in_a_sentence(
    carrier: Carrier, value: str, sentence: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        find_keys([carrier], {"V": value})
    assert str(caught.value) == sentence


def test_both_parts_and_the_encoded_form_of_a_pair_are_secrets() -> None:
    found = secrets_of(
        find_keys([Carrier("header", "Authorization", "Basic", ("V",))], {"V": "ann:long-password"})
    )
    assert [one.reveal() for one in found] == [
        "ann:long-password",
        base64.b64encode(b"ann:long-password").decode(),
        "ann",
        "long-password",
    ]


CARRIERS = [
    Carrier("header", "Authorization", "Bearer"),
    Carrier("header", "Authorization", "Basic"),
    Carrier("header", "X-Key"),
    Carrier("query", "k"),
    Carrier("cookie", "sid"),
]


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda one: f"{one.place} {one.word}")
def test_what_is_sent_is_what_the_stub_demands(carrier: Carrier, tmp_path: Path) -> None:
    from dataclasses import replace

    from contracts.auth import attach
    from contracts.secret import Secret

    provider = load("matil", Path(__file__).parents[2])
    operations = tuple(
        replace(one, entry=replace(one.entry, auth=(carrier,))) for one in provider.spec.operations
    )
    provider = replace(provider, spec=replace(provider.spec, operations=operations))
    stub = Vendor(provider=provider, keys=(PAIR,))
    url = "https://api.matil.ai/v3/batches/00000000-0000-4000-8000-000000000999"
    statuses = []
    for value in (PAIR, "wrong:key", None):
        sent = ((carrier, Secret(value, "V")),) if value else ()
        address, headers = attach(url, [("Accept", "*/*")], sent)
        statuses.append(stub.handle(Request("GET", address, tuple(headers))).response.status)
    assert statuses[0] not in {401, 403}
    assert set(statuses[1:]) <= {401, 403}


def test_every_row_of_the_table_is_sent_or_refused() -> None:
    assert all(bool(one.place) or one.refused for one in SCHEMES)
    kinds = {one.kind for one in SCHEMES}
    assert {
        "http bearer", "http basic", "apiKey header", "apiKey query", "apiKey cookie", "oauth2", "openIdConnect",
        "mutualTLS",
    } <= kinds  # fmt: skip


def test_record_sends_the_same(server: Hostile, capsys: pytest.CaptureFixture[str]) -> None:
    vendored(document({"key": QUERY}, [{"key": []}]))
    assert (
        run(["record", "acme", "--base-url", server.url, "--param", "id=j1", "--no-credential-probes"]) == 0
    )
    assert f"api_key={KEY}".encode() in server.heads[0]
    written = "".join(path.read_text() for path in Path("specs/acme/cassettes").rglob("*.json"))
    assert "/v1/jobs/" in written
    assert KEY not in written + "".join(capsys.readouterr())


def test_an_imported_request_loses_its_key_whatever_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A key in a query parameter of a harmless name, which the document declares as a parameter too."""
    found = document({"key": {"type": "apiKey", "in": "query", "name": "who"}}, [{"key": []}])
    found["paths"]["/v1/jobs/{id}"]["get"]["parameters"] += [
        {"name": "who", "in": "query", "schema": {"type": "string"}}
    ]
    vendored(found)
    key = "plainlookingkey"
    line = {
        "url": f"https://api.acme.example/v1/jobs/j1?who={key}",
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": {"echo": key},
    }
    Path("a.jsonl").write_text(json.dumps(line))
    assert run(["import", "a.jsonl", "--provider", "acme"]) == 0
    written = "".join(path.read_text() for path in Path("specs/acme/cassettes").rglob("*.json"))
    assert written
    assert key not in written
    for form in ("text", "json", "html", "markdown", "sarif", "junit", "github", "gitlab", "jsonl"):
        run(["check", "acme", "--file", "a.jsonl", "-v", "--format", form])
    assert key not in "".join(capsys.readouterr())
