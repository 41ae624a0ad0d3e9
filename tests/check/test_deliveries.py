"""A delivery is signed, in time, new, and as published: each failure has a rule of its own, on every scheme."""

from __future__ import annotations

import base64
import gzip
import json
import time

import pytest

import contracts
from contracts.auth import SIGNATURES, Signature, sign, verify
from contracts.check import Deliveries, read_options
from contracts.check.provider import ProviderCheck
from contracts.errors import ConfigError, UnknownName
from contracts.model import Verdict
from contracts.secret import Secret
from contracts.spec import load
from tests import hooks

BODY = b'{"type":"batch.done","id":"b1","state":"done"}'
RAW = "5f3c9d1e8a7b4c2f9e8d7c6b5a493827"
SECRETS = {
    name: f"whsec_{base64.b64encode(RAW.encode()).decode()}" if name == "standard-webhooks" else RAW
    for name in SIGNATURES
}
TABLES = {
    "standard-webhooks": "",
    "timestamped": 'header = "X-Hooks-Signature"\nid = "/id"\n',
    "sha256": "",
    "hex": 'header = "X-Hooks-Signature"\ntime = "X-Hooks-Time"\nid = "X-Hooks-Id"\n',
    "base64": 'header = "X-Hooks-Hmac"\n',
}


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    """Make what judges deliveries of a scheme, with a clock that stands still."""
    monkeypatch.chdir(tmp_path)

    def receiver(scheme, more="", secret=None):
        hooks.add(tmp_path, f'\n[webhooks]\nsignature = "{scheme}"\n{TABLES[scheme]}{more}')
        check = ProviderCheck(load("hooks", tmp_path), read_options(tmp_path))
        environ = {"HOOKS_WEBHOOK_SECRET": SECRETS[scheme] if secret is None else secret}
        return Deliveries(check, environ, clock=lambda: 1_800_000_000.0)

    return receiver


def signed(known, body=BODY, *, secret="", ident="m1", now=1_800_000_000.0):
    scheme = known.signature.scheme.name
    made = sign(known.signature, Secret(secret or SECRETS[scheme], "S"), body, ident=ident, now=now)
    return [("content-type", "application/json"), ("x-attempt", "1"), *made]


def rules(known, headers, body=BODY, event="batch.done"):
    found = known.judge(headers, body, event)
    assert found.not_judged == ()
    return [one.rule for one in found.findings]


@pytest.mark.parametrize("scheme", SIGNATURES)
def test_every_scheme_tells_the_vendor_s_delivery_from_any_other(receiver, scheme):
    known = receiver(scheme)
    other = base64.b64encode(b"another secret").decode()
    pretty = json.dumps(json.loads(BODY), indent=1).encode()
    assert rules(known, signed(known)) == []
    assert rules(known, signed(known)) == ["webhook-replayed"]
    assert rules(known, signed(known, secret=other)) == ["webhook-signature"]
    assert rules(known, signed(known), pretty) == ["webhook-signature"]
    assert rules(known, [one for one in signed(known) if "x-attempt" in one]) == [
        "media-type",
        "webhook-unsigned",
    ]
    header = known.signature.header
    bare = [(name, "nonsense" if name == header else value) for name, value in signed(known)]
    assert rules(known, bare) == ["webhook-signature"]


@pytest.mark.parametrize("scheme", ["standard-webhooks", "timestamped", "hex"])
@pytest.mark.parametrize("age", [301, -301])
def test_a_time_that_is_signed_may_be_neither_old_nor_ahead(receiver, scheme, age):
    known = receiver(scheme)
    assert rules(known, signed(known, now=1_800_000_000.0 - age)) == ["webhook-stale"]
    assert rules(known, signed(known, now=1_800_000_000.0 - age + age / 301)) == []


@pytest.mark.parametrize("scheme", ["standard-webhooks", "hex"])
def test_a_header_that_is_signed_may_not_be_missing(receiver, scheme):
    known = receiver(scheme)
    for name in {known.signature.time, *({known.signature.id} if scheme != "hex" else ())}:
        kept = [one for one in signed(known) if one[0] != name]
        assert rules(known, kept) == ["webhook-unsigned"]


def test_a_body_that_was_written_again_is_named_as_the_cause(receiver):
    known = receiver("sha256")
    found = known.judge(signed(known), json.dumps(json.loads(BODY)).encode(), "batch.done")
    assert [one.message for one in found.findings] == [
        "does not fit the body; it fits the same JSON written otherwise, so hand over the bytes as they came"
    ]


def test_a_packed_body_is_verified_as_it_came_and_judged_unpacked(receiver):
    known, packed = receiver("sha256"), gzip.compress(BODY.replace(b"done", b"gone"))
    headers = [*signed(known, packed), ("Content-Encoding", "gzip")]
    assert sorted(rules(known, headers, packed)) == ["const", "enum"]
    torn = packed[:-9]
    broken = known.judge([*signed(known, torn), ("Content-Encoding", "gzip")], torn, "batch.done")
    assert broken.not_judged == ("body: the packed body is cut off",)
    assert broken.findings == ()


def test_two_secrets_are_good_while_one_replaces_the_other(receiver):
    known = receiver("timestamped", secret="old-secret new-secret")
    for secret, expected in [("old-secret", []), ("new-secret", []), ("none", ["webhook-signature"])]:
        body = json.dumps({**json.loads(BODY), "id": secret}).encode()
        assert rules(known, signed(known, body, secret=secret), body) == expected


def test_of_several_signatures_one_must_fit(receiver):
    known = receiver("standard-webhooks")
    fields = dict(signed(known))
    fields["webhook-signature"] = f"v1a,AAAA v1,AAAA {fields['webhook-signature']}"
    assert rules(known, list(fields.items())) == []
    fields["webhook-signature"] = "v1a,AAAA"
    assert rules(known, list(fields.items())) == ["webhook-signature"]


def test_without_a_secret_the_signature_is_not_judged_and_the_body_is(receiver):
    known = receiver("sha256", secret="")
    found = known.judge(signed(known), b'{"type":"batch.done","id":"b1","state":"paused"}', "batch.done")
    assert [one.rule for one in found.findings] == ["enum"]
    assert found.not_judged == ("signature: HOOKS_WEBHOOK_SECRET is not set",)


def test_a_vendor_whose_document_has_no_webhook_is_judged_by_its_signature(tmp_path, monkeypatch):
    check = ProviderCheck(load("matil"), read_options(tmp_path))
    known = Deliveries(check, {"MATIL_WEBHOOK_SECRET": RAW}, clock=lambda: 1_800_000_000.0)
    made = sign(known.signature, Secret(RAW, "S"), b"{}", now=1_800_000_000)
    assert made[0][0] == "X-Matil-Signature"
    good, bad = known.judge(made, b"{}"), known.judge(made, b"{ }")
    assert (good.verdict, good.not_judged) == (Verdict.CONFORMS, ("body: the spec describes no webhook",))
    assert ([one.rule for one in bad.findings], bad.verdict) == (["webhook-signature"], Verdict.VIOLATES)


@pytest.mark.parametrize(
    ("body", "alias"),
    [
        ({"type": "batch.done", "id": 7, "state": "?"}, "onBatchDone"),
        ({"type": "batch.started", "id": "b"}, "onBatchStarted"),
        ({"item": "i"}, "onItemDone"),
        ({"kind": "batch.started"}, "onBatchStarted"),
        ([], "onBatchStarted"),
    ],
)
def test_the_body_shows_which_webhook_was_meant(receiver, body, alias):
    known = receiver("sha256")
    text = json.dumps(body).encode()
    assert known.judge(signed(known, text), text).operation == alias


def test_the_manifest_says_where_the_event_stands(receiver):
    known = receiver("sha256", 'event = "X-Event"\n')
    for event, alias in [("batch.started", "onBatchStarted"), ("batch.gone", "")]:
        found = known.judge([*signed(known), ("x-event", event)], BODY)
        assert found.operation == alias
    assert [(one.rule, one.message) for one in found.findings if one.rule != "webhook-replayed"] == [
        ("unknown-operation", "the spec has no 'webhook:batch.gone'")
    ]


def test_what_cannot_be_used_is_said_at_once(receiver, tmp_path):
    known = receiver("sha256")
    with pytest.raises(UnknownName, match=r"hooks: no webhook 'batch.don'; did you mean 'batch.done'"):
        known.judge(signed(known), BODY, "batch.don")
    with pytest.raises(ConfigError, match="the bytes as they came, found a body of type dict"):
        known.judge(signed(known), json.loads(BODY))
    told = Signature(scheme=SIGNATURES["standard-webhooks"], env="S", header="webhook-signature")
    for secret in ("whsec_%", "whsec_"):
        with pytest.raises(ConfigError, match="S holds no secret of standard-webhooks; it is not used"):
            told.keys({"S": secret})


def test_the_public_function_takes_headers_of_any_framework(tmp_path, monkeypatch):
    hooks.add(tmp_path, '\n[webhooks]\nsignature = "sha256"\n')
    monkeypatch.setenv("HOOKS_WEBHOOK_SECRET", RAW)
    monkeypatch.chdir(tmp_path)
    known = load("hooks", tmp_path).manifest.webhooks
    fields = [("content-type", "application/json"), ("x-attempt", "1"), *sign(known, Secret(RAW, "S"), BODY)]
    raw = [(name.encode(), value.encode()) for name, value in fields]
    assert contracts.webhook("hooks", dict(fields), BODY).findings == ()
    assert [one.rule for one in contracts.webhook("hooks", raw, BODY).findings] == ["webhook-replayed"]
    with pytest.raises(UnknownName):
        contracts.webhook("hook", {}, b"")


def test_signatures_are_those_of_the_libraries(receiver):
    standard, stripe = pytest.importorskip("standardwebhooks"), pytest.importorskip("stripe")
    known = receiver("standard-webhooks")
    now = time.time()
    fields = dict(signed(known, ident="msg_1", now=now))
    assert standard.Webhook(SECRETS["standard-webhooks"]).verify(BODY, fields)["id"] == "b1"
    known = Deliveries(known.check, {"HOOKS_WEBHOOK_SECRET": SECRETS["standard-webhooks"]})
    assert [one.rule for one in known.judge(fields, BODY, "batch.done").findings] == []
    header = stripe.WebhookSignature.generate_signature_header(BODY.decode(), RAW)
    told = Signature(scheme=SIGNATURES["timestamped"], env="S", header="Stripe-Signature")
    assert verify(told, (Secret(RAW, "S"),), (("stripe-signature", header),), BODY, now) is None
    made = dict(sign(told, Secret(RAW, "S"), BODY, now=now))["Stripe-Signature"]
    assert stripe.WebhookSignature.verify_header(BODY, made, RAW, 300)
