"""The live client against servers that behave badly: bounded in time, bytes, requests and manners."""

from __future__ import annotations

import logging
import multiprocessing
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import hostile
import pytest
import stamina
from hostile import after_another, plain, serving

from contracts.auth import Sent, attach, find_keys
from contracts.decode import decode
from contracts.errors import ConfigError
from contracts.live.budget import RequestBudget
from contracts.live.client import Live, Manners, retry_after, user_agent
from contracts.live.failure import Failure
from contracts.live.probes import ask as probe
from contracts.live.probes import chosen
from contracts.live.request import base_url, build, missing, parameters
from contracts.live.transport import HttpTransport, Limits, loopback
from contracts.model import Interaction, Response, Source
from contracts.secret import Secret
from contracts.spec import Provider, load

ROOT = Path(__file__).parents[2]
KEY = Secret("nk-live-4f9a8b7c6d5e4f3a2b1c", "NIMBLE_API_KEY")
VALUES = {"batch_id": "b/1"}
PATIENT = Manners(limits=Limits(connect=15, read=15, total=15, max_bytes=5 * 1024 * 1024))
FAST = replace(PATIENT, limits=replace(PATIENT.limits, connect=1, read=1, total=1))
SOON = 8.0
"""Seconds, on a machine that does much else; the servers that stall do so for twenty."""


pytestmark = pytest.mark.usefixtures("no_backoff")


def nimble() -> Provider:
    return load("nimble", ROOT)


def keyed(provider: Provider, key: Secret) -> Sent:
    return tuple((carrier, key) for carrier in provider.manifest.carriers)


def client(url: str, **more: object) -> Live:
    options: dict[str, object] = {"manners": PATIENT, "ledger": RequestBudget(rate=0)}
    return Live(nimble(), url, keyed(nimble(), KEY), **(options | more))  # type: ignore[arg-type]


def ask(live: Live, **more: object) -> Interaction:
    operation = live.provider.spec.operation("getBatch")
    return live.ask(operation, build(operation, VALUES, live.base), name="live", **more)  # type: ignore[arg-type]


def test_a_request_is_honest_small_and_carries_the_key_only_on_the_wire() -> None:
    with serving(plain(body=b'{"a": 1}')) as server:
        got = ask(client(server.url))
    head = server.heads[0].decode()
    assert re.sub(r"127\.0\.0\.1:\d+", "HOST", head).split("\r\n") == [
        "GET /v1/batches/b%2F1 HTTP/1.1", "Host: HOST", "Accept: application/json", "Accept-Encoding: gzip",
        f"User-Agent: {user_agent()}", "Authorization: Bearer nk-live-4f9a8b7c6d5e4f3a2b1c", "Connection: keep-alive", "", "",
    ] or sorted(line.partition(":")[0].lower() for line in head.split("\r\n")[1:] if line) == [
        "accept", "accept-encoding", "authorization", "connection", "host", "user-agent",
    ]  # fmt: skip
    assert re.fullmatch(r"pytest-contracts/\S+ \(contract check\)", user_agent())
    assert (got.response.status, got.response.body, got.source, got.failure) == (
        200,
        b'{"a": 1}',
        Source.LIVE,
        "",
    )
    assert dict(got.request.headers)["Authorization"] == "Bearer <secret from NIMBLE_API_KEY>"
    assert "4f9a8b7c" not in repr(got)
    assert got.elapsed_ms is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", got.recorded_at)


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (hostile.stall, r"no (complete )?answer (within 1 s|in time)"),
        (hostile.drip_headers, r"no complete answer within 1 s"),
        (hostile.drip_body, r"no complete answer within 1 s"),
        (hostile.broken_gzip, r"the body's content encoding is broken"),
        (hostile.many_encodings, r"the body is encoded as gzip, gzip, .*, which was not asked for"),
        (hostile.cut_off, r"the connection broke: RemoteProtocolError"),
        (hostile.no_http, r"the connection broke: RemoteProtocolError"),
        (hostile.endless_header, r"the connection broke: RemoteProtocolError"),
        (hostile.hang_up, r"the connection broke: \w+"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_bad_server_ends_as_a_failure_in_time(behaviour: object, sentence: str) -> None:
    with serving(behaviour) as server:  # type: ignore[arg-type]
        begun = time.monotonic()
        got = ask(client(server.url, manners=FAST if "1 s" in sentence else PATIENT))
        assert time.monotonic() - begun < SOON
    assert got.response is None
    assert re.fullmatch(sentence, got.failure), got.failure
    assert server.requests == 1


@pytest.mark.parametrize("behaviour", [hostile.endless, hostile.huge, hostile.bomb], ids=lambda v: v.__name__)
def test_a_body_without_end_is_cut_and_found_too_large(behaviour: object) -> None:
    hostile.bomb_body()
    with serving(behaviour) as server:  # type: ignore[arg-type]
        begun = time.monotonic()
        got = ask(client(server.url))
        assert time.monotonic() - begun < PATIENT.limits.total
    assert len(got.response.body) == 5 * 1024 * 1024 + 1
    assert [f.rule for f in decode(got.response.body).faults] == ["body-too-large"]


def test_a_gzip_bomb_costs_little_memory() -> None:
    """Python counts what it hands out itself, so that neither the machine nor other threads blur the measure."""
    assert len(hostile.bomb_body()) < 1_000_000
    with serving(after_another(plain(), hostile.bomb)) as server:
        live = client(server.url, manners=replace(PATIENT, limits=replace(PATIENT.limits, total=20)))
        ask(live)  # everything is imported
        tracemalloc.start()
        try:
            got = ask(live)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert len(got.response.body) == 5 * 1024 * 1024 + 1
    assert peak <= 16 * 1024 * 1024


def test_no_connection_is_a_failure_that_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    ledger = RequestBudget(rate=0)
    got = ask(client(url, ledger=ledger))
    assert re.fullmatch(r"no connection: .*refused.*", got.failure)
    assert ledger.used == 3


def test_wrong_tls_is_a_failure(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "k", "-out", "c", "-subj", "/CN=x", "-days", "1"],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c", tmp_path / "k")
    with serving(plain(), context) as server:
        got = ask(client(server.url))
        assert got.failure.startswith("no connection: ")
        assert "certificate" in got.failure.lower()
        assert server.requests == 0
        mismatch = ssl.create_default_context(cafile=str(tmp_path / "c"))
        assert ask(client(server.url, transport=HttpTransport(mismatch))).response is None
    with serving(plain()) as server:
        assert ask(client(server.url.replace("http:", "https:"), manners=FAST)).response is None


def test_redirects_are_not_followed() -> None:
    with serving(plain("302 Found", b"", "Location: http://127.0.0.1:1/x")) as server:
        got = ask(client(server.url))
    assert (got.response.status, got.response.header("location"), server.requests) == (
        302,
        "http://127.0.0.1:1/x",
        1,
    )


def test_passing_failures_are_tried_three_times_and_the_last_answer_counts() -> None:
    for status in ("429 x", "502 x", "503 x", "504 x"):
        with serving(plain(status)) as server:
            assert ask(client(server.url)).response.status == int(status[:3])
            assert server.requests == 3
    with serving(after_another(plain("503 x"), plain("429 x"), plain())) as server:
        assert ask(client(server.url)).response.status == 200
    for status in ("400 x", "402 x", "404 x", "500 x"):
        with serving(plain(status)) as server:
            assert ask(client(server.url)).response.status == int(status[:3])
            assert server.requests == 1


def test_each_try_is_told_in_our_words_and_stamina_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    hooks, said = stamina.instrumentation.get_on_retry_hooks(), list[str]()
    with serving(after_another(plain("503 x"), plain("429 x"), plain())) as server:
        ask(client(server.url, told=said.append))
    assert said == ["try 2 of 3: answered 503", "try 3 of 3: answered 429"]
    assert not [record for record in caplog.records if record.name.startswith("stamina")]
    assert stamina.instrumentation.get_on_retry_hooks() == hooks


def test_retry_after_is_waited_for_in_full_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    stamina.set_testing(False)
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    with serving(after_another(plain("429 x", b"", "Retry-After: 7"), plain())) as server:
        assert ask(client(server.url)).response.status == 200
    assert 7 <= sum(waits) < 7.2
    with serving(plain("429 x", b"", "Retry-After: 61")) as server:
        assert ask(client(server.url)).response.status == 429
        assert server.requests == 1
    now = datetime(2026, 1, 31, 9, tzinfo=UTC)
    for text, seconds in (
        ("5", 5.0),
        ("Sat, 31 Jan 2026 09:00:30 GMT", 30.0),
        ("Sat, 31 Jan 2026 08:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("٣", None),
    ):
        assert retry_after(Response(429, (("Retry-After", text),)), now) == seconds


def test_a_refused_key_stops_the_provider_and_probes_without_it_do_not() -> None:
    with serving(plain("401 x")) as server:
        live = client(server.url)
        operation = live.provider.spec.operation("getBatch")
        got = [probe(live, operation, VALUES, one) for one in chosen(operation)]
    assert server.requests == 1
    assert got[0].response.status == 401
    assert {i.failure for i in got[1:]} == {"not sent: NIMBLE_API_KEY was refused with 401"}


def test_probes_ask_for_five_things_in_this_order() -> None:
    def behave(connection: socket.socket, head: bytes) -> None:
        good = KEY.reveal().encode() in head
        plain("200 x" if b"b%2F1" in head and good else "404 x" if good else "401 x")(connection, head)

    with serving(behave) as server:
        live = client(server.url)
        operation = live.provider.spec.operation("getBatch")
        got = [probe(live, operation, VALUES, one) for one in chosen(operation)]
        assert [(i.probe, i.response.status) for i in got] == [
            ("", 200), ("unknown-id", 404), ("malformed-id", 404), ("no-credentials", 401), ("wrong-credential", 401),
        ]  # fmt: skip
        paths = [head.split()[1].decode() for head in server.heads]
        assert paths == [
            "/v1/batches/b%2F1",
            "/v1/batches/00000000-0000-4000-8000-000000000000",
            "/v1/batches/not%21an%21id",
            "/v1/batches/b%2F1",
            "/v1/batches/b%2F1",
        ]
        assert b"Authorization" not in server.heads[3]
        assert b"contracts-wrong-credential" in server.heads[4]
        assert [one.name for one in chosen(operation, credentials=False)] == [
            "",
            "unknown-id",
            "malformed-id",
        ]
        ask(live)  # the provider is not stopped


def test_what_cannot_be_asked_says_what_it_needs() -> None:
    with serving(plain()) as server:
        live = client(server.url)
        operation = live.provider.spec.operation("getBatch")
        got = [probe(live, operation, {}, one) for one in chosen(operation)]
    assert [i.failure for i in got] == [
        "not sent: no batch_id; set NIMBLE_BATCH_ID or give --param batch_id=VALUE",
        "",
        "",
        "",
        "",
    ]
    almanac = load("almanac", ROOT).spec.operation("getBatch")
    assert (
        missing(almanac, {"batch_id": "b"})
        == "not sent: no wiki_id; set ALMANAC_WIKI_ID or give --param wiki_id=VALUE"
    )
    assert parameters(
        almanac, {"batch_id": "mine", "other": "x"}, {"ALMANAC_WIKI_ID": " w ", "ALMANAC_BATCH_ID": "e"}
    ) == {"wiki_id": "w", "batch_id": "mine"}


def _burn(url: str, path: Path) -> None:
    stamina.set_testing(True, attempts=3, cap=True)
    live = client(url, ledger=RequestBudget(25, 0, path))
    for _ in range(10):
        ask(live)


def test_four_workers_share_one_budget_exactly(tmp_path: Path) -> None:
    with serving(plain()) as server:
        workers = [
            multiprocessing.get_context("fork").Process(target=_burn, args=(server.url, tmp_path / "l.json"))
            for _ in range(4)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
        assert server.requests == 25
    assert RequestBudget(path=tmp_path / "l.json").used == 25


def test_the_budget_counts_retries_and_the_rate_spaces(tmp_path: Path) -> None:
    with serving(plain("503 x")) as server:
        live = client(server.url, ledger=RequestBudget(4, 0))
        assert ask(live).response.status == 503
        assert ask(live).failure == "not sent: the budget of 4 requests is spent; see --budget"
        assert server.requests == 4
    now, waits = [1000.0], []
    ledger = RequestBudget(10, 2.0, tmp_path / "x.json", clock=lambda: now[0], sleep=waits.append)
    for _ in range(3):
        ledger.take()
    assert waits == [0.5, 1.0]
    with pytest.raises(Failure, match=r"no time is left"):
        ledger.take(0.1)
    now[0] = -1e9
    ledger.take()
    assert waits[-1] <= 5.0
    for text in ("{", "[]"):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(Failure, match=r"not sent: the shared request budget cannot be read"):
            ledger.take()


def test_the_session_ends() -> None:
    times = iter([0.0, 5.0])
    live = client("http://127.0.0.1:1", clock=lambda: next(times), manners=replace(FAST, session=5))
    assert ask(live).failure == "not sent: the session's 5 s are over"


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        (
            "http://api.example.com",
            "nimble: 'http://api.example.com' is not https; only this machine is asked without",
        ),
        ("https://u:p@x", "nimble: an address with a user or a password is not asked; keys have variables"),
        ("ftp://x", "nimble: 'ftp://x' is not https; only this machine is asked without"),
        ("https://", "nimble: 'https:' is not a plain address: it names no host"),
        (
            "https://[::1",
            "nimble: 'https://[::1' is not a plain address: its host cannot be read",
        ),
        ("https://x:99999", "nimble: 'https://x:99999' is not a plain address: its port is over 65535"),
        (
            "https://[fe80::1%25eth0]/",
            "nimble: 'https://[fe80::1%25eth0]' is not a plain address: zones of IPv6 are not asked",
        ),
        ("https://x?y=1", "nimble: 'https://x?y=1' is not a plain address"),
        (
            "http://127.0.0.1.evil.com",
            "nimble: 'http://127.0.0.1.evil.com' is not https; only this machine is asked without",
        ),
        (
            "http://169.254.169.254",
            "nimble: 'http://169.254.169.254' is not https; only this machine is asked without",
        ),
    ],
)
def test_addresses_are_plain_and_https(override: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        base_url(nimble(), override)
    assert str(caught.value) == sentence


def test_only_the_chosen_host_and_safe_methods_pass() -> None:
    assert base_url(nimble()) == "https://sdk.nimbleway.com"
    assert base_url(nimble(), "http://localhost:8000/nimble/") == "http://localhost:8000/nimble"
    live = client("https://sdk.nimbleway.com")
    operation = live.provider.spec.operation("getBatch")
    for url in (
        "https://evil.com/v1",
        "https://sdk.nimbleway.com:444/v1",
        "https://me@sdk.nimbleway.com/",
        "http://sdk.nimbleway.com/",
    ):
        request = replace(build(operation, VALUES, live.base), url=url)
        assert live.ask(operation, request, name="x").failure.endswith("is not the provider's host")
    deleting = replace(operation, method="DELETE")
    assert (
        live.ask(deleting, request, name="x").failure
        == "not sent: DELETE /v1/batches/{batch_id} may change something"
    )
    assert [
        loopback(u) for u in ("http://[::1]/", "http://127.9.9.9", "http://LOCALHOST.", "http://10.0.0.1")
    ] == [True, True, True, False]


def test_keys_come_from_the_environment_alone() -> None:
    carriers = nimble().manifest.auth
    assert find_keys(carriers, {"NIMBLE_API_KEY": "  "}) == ()
    ((carrier, key),) = find_keys(carriers, {"NIMBLE_API_KEY": " k "})
    assert (carrier.place, carrier.name, carrier.word, key.reveal()) == (
        "header",
        "Authorization",
        "Bearer",
        "k",
    )
    with pytest.raises(
        ConfigError, match=r"^NIMBLE_API_KEY holds a character that a header cannot carry; it is not used$"
    ):
        find_keys(carriers, {"NIMBLE_API_KEY": "a\nb"})
    assert attach("https://x.test/", (), ((carrier, key),)) == (
        "https://x.test/",
        [("Authorization", "Bearer k")],
    )


def test_the_debug_log_of_the_client_library_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(plain("200 OK", b"{}", f"X-Echo: {KEY.reveal()}")) as server:
        assert ask(client(server.url)).response.header("x-echo") == "redacted-1"
    assert "4f9a8b7c" not in caplog.text


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (b'{"status": "K", "n": 1.0}', b'{"status":"redacted-1","n":1.0}'),
        (b'{"a": ["no key K!", {"K": 1}]}', b'{"a":["no key redacted-1!",{"redacted-1":1}]}'),
        (b"<p>K</p>\xff", b"<p>redacted-1</p>\xef\xbf\xbd"),
        (b'{"a": "QmVhcmVyIG5rLWxpdmUtNGY5YThiN2M2ZDVlNGYzYTJiMWM="}', b'{"a":"QmVhcmVyredacted-1="}'),
        (b'{"a":  1}', b'{"a":  1}'),
    ],
)
def test_an_answer_that_echoes_the_key_loses_it_at_once(body: bytes, after: bytes) -> None:
    with serving(
        plain(body=body.replace(b"K", KEY.reveal().encode()) if b"Qm" not in body else body)
    ) as server:
        got = ask(client(server.url), plain=True).response.body
    assert not [
        KEY.reveal()[i : i + 8]
        for i in range(len(KEY.reveal()) - 7)
        if KEY.reveal()[i : i + 8].encode() in got
    ]
    assert got == after or b"Qm" in body


def test_a_handshake_that_never_ends_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        got = ask(client(f"https://127.0.0.1:{silent.getsockname()[1]}", manners=FAST))
        assert time.monotonic() - begun < SOON
    assert got.failure.startswith("no ")


def test_ctrl_c_ends_at_once_and_leaves_no_thread(request: pytest.FixtureRequest) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    with serving(hostile.stall) as server:
        live = client(server.url, manners=PATIENT)
        main = threading.main_thread().ident
        threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGINT)).start()
        begun = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            ask(live)
        assert time.monotonic() - begun < SOON
        for thread in threading.enumerate():
            if thread.name == "contracts-live":
                thread.join(SOON - (time.monotonic() - begun))
                assert not thread.is_alive()
