"""The stand-in sends what the spec says a vendor sends, when a batch changes, signed as the vendor signs."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import uvicorn
from click.testing import CliRunner

import contracts
from contracts.batch import BatchState
from contracts.cli.serve import serve
from contracts.errors import ConfigError, UnknownName
from contracts.spec import load
from contracts.stub import Vendor, make_app, read_drift, seed_ids
from contracts.stub.calls import SECRET, signing_key
from tests import hooks


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOOKS_WEBHOOK_SECRET", raising=False)

    def project(table):
        hooks.add(tmp_path, f"\n[webhooks]\n{table}\n" if table else "")
        return load("hooks", tmp_path)

    return project


def test_a_batch_that_is_new_or_changes_is_told_by_the_webhooks_named_after_its_state(project):
    vendor = Vendor(provider=project(""), steps=2)
    assert vendor.due() == ()
    ident = vendor.batch()
    said = []
    for _ in range(3):
        said.append([(one.operation, json.loads(one.body).get("id")) for one in vendor.due()])
        vendor.step(ident)
    assert said == [[], [("onBatchStarted", ident)], [("onBatchDone", ident), ("onItemDone", None)]]
    vendor.batch(state="failed")
    assert vendor.due() == ()
    assert vendor.calls.telling(BatchState.RUNNING)


def test_what_is_sent_conforms_unless_a_drift_was_asked_for(project, monkeypatch):
    provider = project('signature = "timestamped"\nheader = "X-Signature"')
    monkeypatch.setenv("HOOKS_WEBHOOK_SECRET", SECRET)
    vendor = Vendor(provider=provider)
    one = vendor.delivery("batch.done", seed_ids()["completed"])
    assert json.loads(one.body) == {"type": "batch.done", "id": seed_ids()["completed"], "state": "done"}
    assert contracts.webhook("hooks", one.headers, one.body).findings == ()
    bent = Vendor(provider=provider, drifts=(read_drift("enum+ /state archived"),)).delivery("batch.done")
    assert [f.rule for f in contracts.webhook("hooks", bent.headers, bent.body).findings] == ["enum"]
    with pytest.raises(UnknownName, match=r"hooks: no webhook 'batch.gone'"):
        vendor.delivery("batch.gone")


def test_a_header_says_what_happened_where_the_manifest_names_one(project, monkeypatch):
    provider = project('signature = "sha256"\nevent = "X-Event"')
    for event, alias in [("batch.done", "onBatchDone"), ("batch.started", "onBatchStarted")]:
        one = Vendor(provider=provider).delivery(event)
        assert dict(one.headers)["X-Event"] == event
        assert contracts.webhook("hooks", one.headers, one.body).operation == alias


def test_a_secret_that_cannot_be_used_is_said_when_something_is_to_be_signed(project, monkeypatch):
    monkeypatch.setenv("HOOKS_WEBHOOK_SECRET", "whsec_%")
    vendor = Vendor(provider=project('signature = "standard-webhooks"'))
    with pytest.raises(ConfigError, match="HOOKS_WEBHOOK_SECRET holds no secret of standard-webhooks"):
        vendor.delivery("batch.done")


def test_the_libraries_verify_what_is_sent(project):
    standard, stripe = pytest.importorskip("standardwebhooks"), pytest.importorskip("stripe")
    provider = project('signature = "standard-webhooks"')
    secret = signing_key(provider.manifest.webhooks, {}).reveal()
    for name in ("batch.done", "batch.started"):
        one = Vendor(provider=provider).delivery(name)
        assert standard.Webhook(secret).verify(one.body, dict(one.headers))["type"] == name
    text = (provider.home / "provider.toml").read_text()
    told = text.replace('"standard-webhooks"', '"timestamped"\nheader = "Stripe-Signature"')
    (provider.home / "provider.toml").write_text(told)
    one = Vendor(provider=load("hooks")).delivery("batch.done")
    assert stripe.Webhook.construct_event(one.body, dict(one.headers)["Stripe-Signature"], SECRET).id


def test_contracts_serve_posts_them_to_a_receiver(project, capfd):
    provider = project('signature = "sha256"')
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.path, dict(self.headers), body))
            self.send_response(500 if len(got) == 1 else 204)
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()
        vendor = Vendor(provider=provider, steps=1)
        app = make_app({"hooks": vendor}, f"http://127.0.0.1:{receiver.server_port}/in/")
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/hooks"
        ident = httpx.post(f"{base}/v1/batches", json={}).json()["id"]
        assert httpx.get(f"{base}/v1/batches/{ident}").status_code == 200
        until = time.monotonic() + 10
        while len(got) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        receiver.shutdown()
        server.should_exit = True
        thread.join(10)
    assert [(path, json.loads(body).get("id")) for path, _, body in got] == [
        ("/in/hooks", ident),
        ("/in/hooks", None),
    ]
    assert all("x-hub-signature-256" in {name.lower() for name in headers} for _, headers, _ in got)
    said = capfd.readouterr().out.splitlines()
    assert said[:1] == ["hooks onBatchDone: delivered, answered 500"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["hooks", "--webhooks", "nowhere"], "--webhooks 'nowhere' is no http(s) address"),
        (
            ["matil", "--webhooks", "http://127.0.0.1:9/"],
            "--webhooks: no document of matil describes a webhook",
        ),
    ],
)
def test_an_address_that_would_get_nothing_is_refused(project, args, said):
    project("")
    assert said in str(CliRunner().invoke(serve, args).exception)
    assert issubclass(CliRunner().invoke(serve, args).exc_info[0], ConfigError)
