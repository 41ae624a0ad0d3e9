"""A watched client behaves as before; what is wrong with its answers is said, once, and everything is counted."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import subprocess
import sys
import time

import httpx
import httpx2
import pytest
import requests
import urllib3

import contracts
from contracts.errors import ConfigError, UnknownName
from contracts.interactions import read_recording
from contracts.report.violation import ContractViolation
from contracts.traffic import flush, totals, watching
from tests import acme

aiohttp = pytest.importorskip("aiohttp")

KEY = "sk-live-4f9a8b7c6d5e4f3a2b1c"
SENT = {"x-api-key": KEY}
LINES = {
    "acme getBatch 200 /id: 7 is not a string (type, error, specs/acme/openapi.yaml:33)",
    "acme getBatch 200 /state: 'paused' is not 'running' or 'done' (enum, error, specs/acme/openapi.yaml:34)",
    "acme getBatch 200 /tasks/*/state: 'gone' is not 'pending', 'success' or 'error' (enum, error, specs/acme/openapi.yaml:42)",
}


def read_sync(library):
    def read(url, stream):
        with contracts.watch(library.Client(), "acme") as client:
            if not stream:
                return client.get(url, headers=SENT).content
            with client.stream("GET", url, headers=SENT) as response:
                return b"".join(response.iter_bytes(100))

    return read


def read_async(library):
    async def read(url, stream):
        async with contracts.watch(library.AsyncClient(), "acme") as client:
            if not stream:
                return (await client.get(url, headers=SENT)).content
            async with client.stream("GET", url, headers=SENT) as response:
                return b"".join([piece async for piece in response.aiter_bytes(100)])

    return lambda url, stream: asyncio.run(read(url, stream))


def read_requests(url, stream):
    with contracts.watch(requests.Session(), "acme") as client:
        response = client.get(url, headers=SENT, stream=stream)
        return b"".join(response.iter_content(100)) if stream else response.content


def read_urllib3(url, stream):
    with contracts.watch(urllib3.PoolManager(), "acme") as client:
        response = client.request("GET", url, headers=SENT, preload_content=not stream)
        return b"".join(iter(lambda: response.read(100), b"")) if stream else response.data


def read_aiohttp(url, stream):
    async def read():
        async with (
            contracts.watch(aiohttp.ClientSession(), "acme") as client,
            client.get(url, headers=SENT) as response,
        ):
            if stream:
                return b"".join([piece async for piece in response.content.iter_chunked(100)])
            return await response.read()

    return asyncio.run(read())


@pytest.fixture
def client():
    with httpx.Client() as made:
        yield made


CLIENTS = {
    "httpx": read_sync(httpx),
    "httpx async": read_async(httpx),
    "httpx2": read_sync(httpx2),
    "httpx2 async": read_async(httpx2),
    "requests": read_requests,
    "urllib3": read_urllib3,
    "aiohttp": read_aiohttp,
}


def test_every_client_gets_its_answer_and_every_fault_is_logged_once(project, service, caplog):
    service.say(acme.BROKEN)
    for read in CLIENTS.values():
        for stream in (False, True):
            assert read(service.url, stream) == service.body
    assert flush()
    assert totals() == {("acme", "getBatch", "violates"): 2 * len(CLIENTS)}
    said = [one.getMessage() for one in caplog.records if one.name == "contracts.watch"]
    assert sorted(said) == sorted(LINES)
    watching._close()
    again = [one.getMessage() for one in caplog.records if one.name == "contracts.watch"][3:]
    assert sorted(again) == sorted(f"{one}, seen {2 * len(CLIENTS) - 1} times" for one in LINES)
    assert KEY not in caplog.text


def test_a_call_without_an_answer_is_counted_and_raises_as_before(project):
    nobody = "http://127.0.0.1:9/v1/batches/b1"
    for read in CLIENTS.values():
        with pytest.raises(Exception, match=r"(?i)connect|refused"):
            read(nobody, False)
    assert flush()
    assert totals() == {("acme", "getBatch", "not judged"): len(CLIENTS)}


def test_a_call_by_a_relative_address_without_an_answer_is_counted(project):
    async def read():
        async with contracts.watch(aiohttp.ClientSession("http://127.0.0.1:9/"), "acme") as client:
            await client.get("v1/batches/b1")

    with pytest.raises(aiohttp.ClientConnectionError):
        asyncio.run(read())
    assert flush()
    assert totals() == {("acme", "getBatch", "not judged"): 1}


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_bodies_in_newer_encodings_are_judged_where_they_can_be_read(project, service, coding):
    pack = {"br": "brotli", "zstd": "zstandard"}[coding]
    library = pytest.importorskip(pack)
    body = json.dumps(acme.BROKEN).encode()
    packed = library.compress(body) if coding == "br" else library.ZstdCompressor().compress(body)
    service.headers["content-encoding"] = coding
    service.say(packed)
    for read in CLIENTS.values():
        for stream in (False, True):
            assert read(service.url, stream) in {body, packed}
    assert flush()
    assert totals() == {("acme", "getBatch", "violates"): 2 * len(CLIENTS)}


def test_packed_bodies_are_judged_as_they_are_read(project, service):
    service.headers["content-encoding"] = "gzip"
    service.say(gzip.compress(json.dumps(acme.DONE).encode()))
    for read in CLIENTS.values():
        assert read(service.url, False) == read(service.url, True) == json.dumps(acme.DONE).encode()
    assert flush()
    assert totals() == {("acme", "getBatch", "conforms"): 2 * len(CLIENTS)}


def test_the_answers_on_the_way_of_a_redirect_are_judged_once(project, service):
    for client in (
        contracts.watch(httpx.Client(follow_redirects=True), "acme"),
        contracts.watch(requests.Session(), "acme"),
    ):
        with client:
            assert client.get(f"{service.base}/moved").json() == acme.DONE
    assert flush()
    assert totals() == {("acme", "", "violates"): 2, ("acme", "getBatch", "conforms"): 2}


def test_a_stream_that_is_left_is_counted_and_read_no_further(project, service, caplog):
    caplog.set_level(logging.INFO, "contracts.watch")
    with contracts.watch(httpx.Client(), "acme") as client, client.stream("GET", service.url):
        pass
    flush()
    assert totals() == {("acme", "getBatch", "not judged"): 1}
    assert "acme getBatch 200: not judged: the caller did not read the body to its end" in caplog.messages


def test_what_the_user_set_wrongly_is_said_at_once(project, client):
    with pytest.raises(UnknownName, match="did you mean 'acme'"):
        contracts.watch(client, "acmee")
    with pytest.raises(UnknownName, match="did you mean 'observed'"):
        contracts.watch(client, "acme", sinks=("observd",))
    with pytest.raises(
        ConfigError, match="takes a client of httpx, httpx2, requests, aiohttp, urllib3, found dict"
    ):
        contracts.watch({}, "acme")
    (project / "pyproject.toml").write_text("[tool.contracts.watch]\nsampel = 1")
    with pytest.raises(
        UnknownName, match=r"\[tool.contracts.watch\]: no setting 'sampel'; did you mean 'sample'"
    ):
        contracts.watch(client, "acme")


def test_in_staging_the_call_raises(project, service):
    with contracts.watch(requests.Session(), "acme", mode="raise", sinks=()) as client:
        assert client.get(service.url).status_code == 200
        service.say(acme.BROKEN)
        with pytest.raises(ContractViolation, match="7 is not a string"):
            client.get(service.url, headers=SENT)


def test_without_a_client_every_client_is_watched_by_host(project, service, monkeypatch):
    for kind, name in ((httpx.Client, "send"), (httpx.AsyncClient, "send"), (httpx2.Client, "send"),
                       (httpx2.AsyncClient, "send"), (requests.Session, "send"), (aiohttp.ClientSession, "_request"),
                       (urllib3.PoolManager, "urlopen")):  # fmt: skip
        monkeypatch.setattr(kind, name, getattr(kind, name))
    host = service.base.partition("://")[2]
    (project / "pyproject.toml").write_text(
        f'[tool.contracts.watch]\nvendors = ["acme"]\nhosts = {{"{host}" = "acme"}}'
    )
    assert contracts.watch() is None
    assert requests.get(service.url, timeout=5).ok
    assert httpx.get(service.url).is_success
    httpx.get(service.url.replace("127.0.0.1", "localhost"))
    flush()
    httpx.get(service.url.replace("127.0.0.1", "localhost"))
    assert flush()
    assert totals() == {("acme", "getBatch", "conforms"): 2, ("", "", "of other hosts"): 2}


@pytest.mark.parametrize(
    ("vendor", "said"), [("", "no vendor for this host"), ("nimble", "not a host of nimble")]
)
def test_a_host_of_no_vendor_is_said_once(project, caplog, vendor, said):
    caplog.set_level("INFO", "contracts.watch")
    answers = httpx.MockTransport(lambda _: httpx.Response(200, json=acme.DONE))
    with contracts.watch(httpx.Client(transport=answers), vendor) as client:
        for host in ("files.example", "files.example", "gateway.example:8080"):
            client.get(f"https://{host}/v1/batches/b1")
            assert flush()
    there = f"name it in hosts of [tool.contracts.watch], if it is {'its' if vendor else 'one'}"
    lines = [f"{host}: not judged: {said}; {there}" for host in ("files.example", "gateway.example:8080")]
    assert [one.message for one in caplog.records] == lines


def test_a_vendor_that_is_not_there_is_told_with_the_folder_that_was_searched(tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "pyproject.toml").write_text("")
    monkeypatch.chdir(elsewhere)
    with pytest.raises(
        UnknownName, match="Searched: elsewhere, which has no folder specs, and the vendors of"
    ):
        contracts.watch(httpx.Client(), "mistral")


def test_files_hold_the_traffic_without_its_secrets(project, service):
    service.say({"id": KEY, "state": "done", "tasks": [{"state": KEY}], "note": f"key={KEY}"})
    with contracts.watch(httpx2.Client(), "acme", sinks=("observed", "jsonl")) as client:
        client.get(service.url, headers=SENT)
    flush()
    watching._close()
    folder = project / "contracts-traffic"
    texts = {path.name: path.read_text() for path in folder.iterdir()}
    assert not [name for name, text in texts.items() if KEY[8:16] in text]
    assert "GET /v1/batches/{id} 200" in texts["acme.observed.json"]
    [kept] = read_recording(folder / "acme.jsonl")
    assert (kept.request.url, kept.response.status) == (service.url, 200)
    assert json.loads(kept.response.body)["state"] == "done"


def test_what_stands_under_a_secret_name_is_in_no_finding(project, service, client):
    heard = []
    service.say(
        acme.DONE | {"session_token": "f00-bar-baz", "tasks": [{"state": "done", "password": "quux-1234"}]}
    )
    contracts.watch(client, "acme", on_finding=lambda finding, _: heard.append(repr(finding)))
    client.get(service.url)
    flush()
    assert len(heard) == 3
    assert not [one for one in heard if "bar-baz" in one or "quux" in one]


def test_a_secret_that_is_echoed_is_in_no_line(project, service, caplog, client):
    heard = []
    service.say({"id": "b1", "state": KEY, f"{KEY}": 1, "tasks": [{"state": f"x{KEY}x"}]})
    contracts.watch(client, "acme", on_finding=lambda finding, _: heard.append(repr(finding)))
    client.get(service.url, headers=SENT)
    flush()
    assert len(heard) == 3
    assert not [
        piece
        for piece in (KEY[i : i + 8] for i in range(len(KEY) - 8))
        if piece in caplog.text + "".join(heard)
    ]


@pytest.mark.parametrize("fault", [ValueError, SystemError, "hang"])
def test_a_sink_that_fails_or_hangs_never_reaches_the_caller(project, service, fault, client):
    def sink(*_):
        if fault == "hang":
            time.sleep(60)
        raise fault

    (project / "pyproject.toml").write_text("[tool.contracts.watch]\nqueue = 5")
    service.say(acme.BROKEN)
    contracts.watch(client, "acme", on_finding=sink)
    begun = time.perf_counter()
    for _ in range(20):
        assert client.get(service.url).json() == acme.BROKEN
    assert time.perf_counter() - begun < 30
    if fault != "hang":
        assert flush()
    assert sum(totals().values()) >= (14 if fault == "hang" else 20) - 5
    watching._WATCHES.clear()


@pytest.mark.parametrize("place", ["put", "deliver"])
def test_a_fault_of_our_own_never_reaches_the_caller(project, service, place, monkeypatch, client):
    def fail(*_, **__):
        raise ZeroDivisionError

    contracts.watch(client, "acme")
    [own] = watching._WATCHES.values()
    monkeypatch.setattr(own.courier, place, fail)
    assert client.get(service.url).json() == acme.DONE
    assert flush()


@pytest.mark.parametrize("fault", ["crash", "hang"])
def test_a_check_that_dies_or_hangs_costs_its_own_answer_only(project, service, fault, monkeypatch, client):
    code = (
        "import os, sys, time; sys.path.insert(0, sys.argv[1]); from contracts.traffic import judge, child; old = judge.Judge.judge\n"
        f"def new(self, one): {'os._exit(9)' if fault == 'crash' else 'time.sleep(99)'} if b'poison' in one.body else None; return old(self, one)\n"
        "judge.Judge.judge = new; child.main()"
    )
    monkeypatch.setattr("contracts.traffic.child.CODE", code)
    contracts.watch(client, "acme")
    [own] = watching._WATCHES.values()
    own.courier.patience = 2.0
    for body in (acme.DONE, {**acme.DONE, "note": "poison"}, acme.DONE):
        service.say(body)
        assert client.get(service.url).json() == body
    assert flush()
    assert totals() == {("acme", "getBatch", "conforms"): 2, ("acme", "", "not judged"): 1}


def test_what_was_seen_is_said_before_the_program_ends(project, service):
    service.say(acme.BROKEN)
    script = f"import contracts, httpx; contracts.watch(httpx.Client(), 'acme').get({service.url!r})"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    assert set(done.stderr.splitlines()) == LINES


def test_the_answers_are_counted_for_telemetry(project, service, client):
    pytest.importorskip("opentelemetry.sdk")
    from opentelemetry import metrics, trace
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    reader, spans = InMemoryMetricReader(), InMemorySpanExporter()
    metrics.set_meter_provider(MeterProvider([reader], shutdown_on_exit=False))
    tracing = TracerProvider(shutdown_on_exit=False)
    tracing.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(tracing)
    service.say(acme.BROKEN)
    contracts.watch(client, "acme", sinks=("otel",))
    with trace.get_tracer("test").start_as_current_span("poll"):
        client.get(service.url)
        assert flush()
    points = {
        metric.name: [(dict(one.attributes), one.value) for one in metric.data.data_points]
        for resource in reader.get_metrics_data().resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    [(attributes, count)] = points["contracts.interactions"]
    assert count == 1
    assert attributes["contracts.outcome"] == "violates"
    assert attributes["http.response.status_code"] == 200
    assert {one["contracts.rule"] for one, _ in points["contracts.findings"]} == {"type", "enum"}
    events = [
        event.attributes["contracts.pointer"] for span in spans.get_finished_spans() for event in span.events
    ]
    assert sorted(events) == ["/id", "/state", "/tasks/*/state"]


def test_an_answer_that_cannot_be_written_is_counted_and_said(project, service, caplog):
    (project / "contracts-traffic").write_text("a file where the folder should be")
    caplog.set_level(logging.INFO, "contracts")
    with contracts.watch(httpx2.Client(), "acme", sinks=("log", "jsonl")) as client:
        client.get(service.url, headers=SENT)
    flush()
    assert totals()["acme", "getBatch", "not written"] == 1
    assert [text for text in caplog.messages if text.startswith("acme getBatch 200: not written: ")]
