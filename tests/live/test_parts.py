"""The parts of a live run by exact values: the budget, encodings, pauses, steps of a batch, requests, keys."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from contracts.auth import Carrier, attach, find_keys, secrets_of
from contracts.auth.carriers import demanded, pictured
from contracts.batch import Batch, BatchState, Counts
from contracts.errors import ConfigError, NormalizationError
from contracts.live import Limits, Manners, RequestBudget
from contracts.live.client import user_agent
from contracts.live.encoding import decoder_of
from contracts.live.failure import Failure
from contracts.live.polling import cached, ended, final, pause, sequence_findings, steps
from contracts.live.request import (
    base_url,
    build,
    identifier,
    missing,
    names_taken,
    parameters,
    refuse_elsewhere,
    refuse_unsafe,
)
from contracts.model import Interaction, Request, Response, Source
from contracts.secret import Secret
from contracts.spec import load
from tests.validate.specs import spec


def failure(act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(Failure) as caught:
        act(*given, **more)
    return str(caught.value)


@pytest.mark.parametrize("shared", [False, True])
def test_a_budget_counts_spaces_and_stops(tmp_path: Path, shared: bool) -> None:
    now, slept = [100.0], []
    path = tmp_path / "deep" / "ledger" if shared else None
    budget = RequestBudget(
        budget=4, rate=2.0, path=path, prefix="--live-", clock=lambda: now[0], sleep=slept.append
    )
    budget.take()
    budget.take()
    assert slept == [0.5]
    assert failure(budget.take, 0.9) == "not sent: no time is left for its turn"
    budget.take(1.0)
    assert slept == [0.5, 1.0]
    now[0] = 0.0
    budget.take()
    assert slept[2:] == [2.0]
    assert budget.used == 4
    assert failure(budget.take) == "not sent: the budget of 4 requests is spent; see --live-budget"
    budget.stop("the first reason")
    budget.stop("another")
    assert failure(budget.take) == "not sent: the first reason"
    free = RequestBudget(budget=1, rate=0, clock=lambda: 5.0, sleep=slept.append)
    free.take(0.0)
    assert slept[3:] == []
    if path:
        for text in ("{", "[]"):
            path.write_text(text)
            assert failure(budget.take) == "not sent: the shared request budget cannot be read"


def test_encodings_are_unpacked_within_bounds() -> None:
    plain = decoder_of(" Identity ")
    assert plain.take(b"abcdef", 4) == b"abcd"
    plain.close()
    packed = gzip.compress(b"abc") + gzip.compress(b"defghi")
    for name in ("gzip", "X-GZIP"):
        whole = decoder_of(name)
        assert whole.take(packed, 100) == b"abcdefghi"
        whole.close()
    short = decoder_of("gzip")
    assert short.take(packed, 5) == b"abcde"
    decoder_of("gzip").close()
    cut = decoder_of("gzip")
    assert cut.take(packed[:-3], 100) == b"abcdefghi"
    assert failure(cut.close) == "the body's content encoding is broken"
    assert failure(decoder_of("gzip").take, b"no gzip at all", 9) == "the body's content encoding is broken"
    assert failure(decoder_of, " BR") == "the body is encoded as br, which was not asked for"


NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ((), b"{}", 0.0), ((("Cache-Control", "no-store, max-age=7"),), b"{}", 7.0), ((("Cache-Control", "s-max-age=7"),), b"{}", 0.0), ((("Cache-Control", "max-age=1234567"),), b"{}", 0.0),
        ((("Retry-After", "3"), ("Cache-Control", "max-age=2")), b"{}", 3.0), ((), b'{"metadata": {"cache_remaining": 9.5}}', 9.5), ((("Retry-After", "30"),), b'{"metadata": {"cache_remaining": 9}}', 30.0),
        ((), b'{"metadata": {"cache_remaining": 5000}}', 3600.0), ((), b'{"metadata": {"cache_remaining": true}}', 0.0), ((), b'{"metadata": {"cache_remaining": -5}}', 0.0), ((), b"{", 0.0), ((), b"[1]", 0.0),
    ],
)  # fmt: skip
def test_the_pause_that_an_answer_asks_for(headers: Any, body: bytes, seconds: float) -> None:
    assert pause(Response(200, headers, body), NOW) == seconds
    assert pause(None, NOW) == 0.0
    assert cached(json.loads(body)) <= seconds if body != b"{" else True


def test_what_cannot_change_by_asking_again() -> None:
    assert [final(Response(status)) for status in (200, 299, 300, 404, 428, 429, 430, 499, 500)] == [
        False, False, True, True, True, False, True, True, False,
    ]  # fmt: skip
    assert not final(None)


def polled(position: int, value: Any, name: str = "poll", status: int = 200) -> Interaction:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Interaction(
        request=Request("GET", "https://h.test/b"), response=Response(status, (), body), source=Source.LIVE, operation="getBatch", sequence=(name, position),
    )  # fmt: skip


def read(value: Any) -> Batch:
    if "id" not in value:
        raise NormalizationError("/id", "an id", "nothing")
    counts = Counts(completed=value.get("completed"), failed=value.get("failed"))
    return Batch(
        provider="vendor",
        id=value["id"],
        state=BatchState(value["state"]),
        raw_state=value.get("word"),
        counts=counts,
    )


def test_what_must_not_happen_between_two_polls() -> None:
    walk = [
        polled(3, {"id": "a", "state": "completed", "completed": 1, "failed": 3}), polled(1, {"id": "a", "state": "running", "completed": 2, "failed": 1}),
        polled(2, {"id": "a", "state": "unknown", "word": "odd", "completed": 2}), polled(4, {"id": "b", "state": "running", "word": "goes", "completed": 1, "failed": 2}),
        polled(5, {"x": 1}), polled(6, b"{"), polled(7, {"id": "c", "state": "failed"}, status=404), polled(8, {"id": "b", "state": "unknown", "word": "odd"}),
        polled(1, {"id": "z", "state": "failed"}, "other"), polled(2, {"id": "z", "state": "failed"}, "other"), replace(polled(9, {"id": "q", "state": "running"}), sequence=None),
    ]  # fmt: skip
    found = list(sequence_findings(walk, read, "vendor"))
    assert [(one.rule, one.found, one.message) for one in found] == [
        ("unknown-state", "poll 2", "the state 'odd' is not published"), ("counter-decrease", "poll 3", "completed items went from 2 to 1"),
        ("identity-change", "poll 4", "the batch is 'b', it was 'a'"), ("state-regression", "poll 4", "the batch is 'goes' after it was 'completed'"),
        ("counter-decrease", "poll 4", "failed items went from 3 to 2"),
    ]  # fmt: skip
    assert {(one.provider, one.operation, one.status, one.part, one.source) for one in found} == {
        ("vendor", "getBatch", "200", "body", "live")
    }
    assert [step.interaction.sequence for step in steps(walk[:6], read)] == [
        ("poll", n) for n in (1, 2, 3, 4)
    ]
    assert [ended(one, read) for one in walk[:3]] == [True, False, False]
    assert not ended(replace(walk[0], response=None), read)


DOCUMENT = {
    "openapi": "3.1.0", "info": {},
    "paths": {"/a/{x}/b/{y}": {"post": {"parameters": [{"in": "query", "name": "q"}, {"in": "query", "name": "page"}, {"in": "header", "name": "h"}], "responses": {}}}},
}  # fmt: skip


def test_a_request_is_built_from_values() -> None:
    operation = spec(DOCUMENT).operations[0]
    entry = replace(
        operation.entry, live={"x": "A_X", "q": "A_Q", "h": "A_H"}, query={"page": "1", "fix": "a b"}
    )
    operation = replace(operation, entry=entry)
    values = parameters(operation, {"q": "given", "no": "1"}, {"A_X": " x/1 ", "A_Q": "env", "A_H": " "})
    assert values == {"page": "1", "fix": "a b", "x": "x/1", "q": "given"}
    assert names_taken(operation) == {"x", "y", "q", "page", "h"}
    assert missing(operation, values) == "not sent: no y; give --param y=VALUE"
    assert missing(operation, {"y": "1"}, "--live-") == "not sent: no x; set A_X or give --live-param x=VALUE"
    assert missing(operation, {"x": "1", "y": "2"}) == ""
    assert build(operation, {**values, "y": "\u00e9"}, "https://h.test/v1") == Request(
        "POST", "https://h.test/v1/a/x%2F1/b/%C3%A9?q=given&page=1&fix=a+b", (("Accept", "application/json"),)
    )
    assert build(replace(operation, entry=replace(entry, query={})), {}, "").url == "/a//b/"
    assert identifier(operation) == "y"
    assert (
        failure(refuse_unsafe, operation, allow_unsafe=True)
        == "not sent: POST /a/{x}/b/{y} may change something"
    )
    safe = replace(operation, entry=replace(entry, safe=True))
    refuse_unsafe(safe, allow_unsafe=True)
    refuse_unsafe(replace(operation, method="HEAD"), allow_unsafe=False)
    assert failure(refuse_unsafe, safe, allow_unsafe=False)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://h.test/v1/", ""), ("http://127.0.0.1:8/v1", ""), ("https://u@h.test", "vendor: an address with a user or a password is not asked; keys have variables"),
        ("http://h.test", "vendor: 'http://h.test' is not https; only this machine is asked without"), ("https://h.test?a=1", "vendor: 'https://h.test?a=1' is not a plain address"),
        ("https://h.test#a", "is not a plain address"), ("ftp://127.0.0.1", "is not https; only this machine"), ("https://[fe80::1%25a]/", "is not a plain address"), ("nothing", "is not a plain address"),
    ],
)  # fmt: skip
def test_the_address_to_send_to(url: str, said: str) -> None:
    provider = load("nimble")
    provider = replace(
        provider, manifest=replace(provider.manifest, id="vendor", servers=("https://own.test/",))
    )
    assert base_url(provider) == "https://own.test"
    if said:
        with pytest.raises(ConfigError, match=re.escape(said.replace("vendor", provider.id))):
            base_url(provider, url)
    else:
        assert base_url(provider, url) == url.rstrip("/")
    with pytest.raises(ConfigError, match="names no server"):
        base_url(replace(provider, manifest=replace(provider.manifest, servers=())))


def test_another_host_is_not_asked() -> None:
    refuse_elsewhere("https://h.test/a?b", "https://h.test/v1")
    for url in (
        "http://h.test/",
        "https://x.h.test/",
        "https://h.test:444/",
        "https://u@h.test/",
        "https://[::1",
        "/a",
    ):
        assert failure(refuse_elsewhere, url, "https://h.test/v1").endswith("is not the provider's host")


CARRIERS = (
    Carrier("header", "Authorization", "Bearer", ("A_TOKEN", "B_TOKEN")), Carrier("header", "Authorization", "Basic", ("A_PAIR",)), Carrier("header", "X-Key", "", ("A_KEY",)),
    Carrier("query", "key", "", ("A_QUERY",)), Carrier("cookie", "s", "", ("A_COOKIE",)), Carrier("cookie", "t", "", ("A_COOKIE",)), Carrier("header", "X-Word", "Token", ("A_KEY",)),
)  # fmt: skip
ENV = {
    "A_TOKEN": " ",
    "B_TOKEN": " tok1 ",
    "A_PAIR": "ann:p w",
    "A_KEY": "k1",
    "A_QUERY": "q&\u00e9",
    "A_COOKIE": "c1",
}


def test_keys_travel_and_are_read_again() -> None:
    keys = find_keys((*CARRIERS, *CARRIERS, Carrier("header", "X-None", "", ("NOT_SET",))), ENV)
    assert [(carrier, key.reveal(), key.name) for carrier, key in keys] == [
        (carrier, ENV[name].strip(), name) for carrier, name in zip(CARRIERS, ("B_TOKEN", "A_PAIR", "A_KEY", "A_QUERY", "A_COOKIE", "A_COOKIE", "A_KEY"), strict=True)
    ]  # fmt: skip
    url, headers = attach("https://h.test/a?b=1", [("Accept", "x")], keys)
    assert url == "https://h.test/a?b=1&key=q%26%C3%A9"
    assert attach("https://h.test/a", (), keys[3:4]) == ("https://h.test/a?key=q%26%C3%A9", [])
    assert headers == [
        ("Accept", "x"), ("Authorization", "Bearer tok1"), ("Authorization", "Basic YW5uOnAgdw=="), ("X-Key", "k1"), ("X-Word", "Token k1"), ("Cookie", "s=c1; t=c1"),
    ]  # fmt: skip
    for carrier, key in keys:
        assert (
            carrier.received(*attach("https://h.test/a?b=1", [("Cookie", "r=1")], ((carrier, key),)))
            == key.reveal()
        )
        assert carrier.received("https://h.test/a", [("Authorization", "Other x")]) == ""
    assert {secret.reveal() for secret in secrets_of(keys)} == {
        "tok1",
        "ann:p w",
        "YW5uOnAgdw==",
        "ann",
        "p w",
        "k1",
        "q&\u00e9",
        "c1",
    }
    assert pictured(keys) == (
        ("Authorization", "Bearer <secret from B_TOKEN>"), ("Authorization", "Basic <secret from A_PAIR>"), ("X-Key", "<secret from A_KEY>"),
        ("Cookie", "s=<secret from A_COOKIE>"), ("Cookie", "t=<secret from A_COOKIE>"), ("X-Word", "Token <secret from A_KEY>"),
    )  # fmt: skip
    assert [carrier.typed("$K") for carrier in CARRIERS] == [
        ("-H", "Authorization: Bearer $K"), ("-u", "$K"), ("-H", "X-Key: $K"), ("--url-query", "key=$K"), ("-b", "s=$K"), ("-b", "t=$K"), ("-H", "X-Word: Token $K"),
    ]  # fmt: skip
    assert [carrier.shown for carrier in CARRIERS[2:5]] == [
        "X-Key",
        "the query parameter key",
        "the cookie s",
    ]
    assert Carrier("header", "A", "Basic").value("ann") == "Basic YW5uOg=="
    assert Carrier("header", "A", "Basic").received("", [("a", "Basic ?")]) == ""


@pytest.mark.parametrize(
    ("carrier", "value", "said"),
    [
        (CARRIERS[0], "a b", "A_TOKEN holds a character that a header cannot carry; it is not used"), (CARRIERS[1], "ann", "A_PAIR must be user:password"),
        (CARRIERS[3], "a\x01b", "A_QUERY holds a control character"), (CARRIERS[4], "a;b", "A_COOKIE holds a character that a cookie cannot carry"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_sent_is_not_used(carrier: Carrier, value: str, said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        carrier.key({carrier.variables[0]: value})


SCHEMES = {
    "b": {"type": "http", "scheme": "bearer"}, "k": {"type": "apiKey", "in": "header", "name": "X-K"}, "q": {"type": "apiKey", "in": "query", "name": "q"}, "d": {"type": "http", "scheme": "Digest"},
    "m": {"type": "mutualTLS"}, "w": {"type": "http", "scheme": "Token"}, "o": {"type": "oauth2"}, "bad": {"type": "apiKey", "in": "header"}, "odd": 5,
}  # fmt: skip


def security(*asked: Any, root: Any = None) -> Any:
    paths = {
        f"/{n}": {"get": {"responses": {}, **({"security": one} if one is not None else {})}}
        for n, one in enumerate(asked)
    }
    usual, others = demanded({"paths": paths, **({"security": root} if root is not None else {})}, SCHEMES)
    return [name for name, _ in usual], {
        path: [name for name, _ in named] for (path, _), named in others.items()
    }


def test_the_keys_that_a_document_demands() -> None:
    assert security(None, [{"k": []}], root=[{"b": []}]) == (["b"], {"/1": ["k"]})
    assert security([{"k": []}], [{"k": []}], [{"b": []}]) == (["k"], {"/2": ["b"]})
    assert security([{"d": []}, {"k": [], "q": []}]) == (["k", "q"], {})
    assert security([{"d": []}, {"m": []}]) == (["d"], {})
    assert security([{}, {"bad": []}, {"odd": [], "k": []}, {"w": []}]) == (["w"], {})
    assert security([], None) == ([], {})
    assert security(None) == (["b"], {})
    assert security([], [{"o": []}]) == (["o"], {"/0": []})
    assert security([{"k": []}], root=[]) == ([], {"/0": ["k"]})
    named, _ = demanded({"security": [{"w": [], "o": [], "q": []}]}, SCHEMES)
    assert [carrier for _, carrier in named] == [
        Carrier("header", "Authorization", "Token"),
        Carrier("header", "Authorization", "Bearer"),
        Carrier("query", "q"),
    ]
    assert Secret("x", "y").name == "y"


def test_a_client_is_polite_unless_it_is_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Manners() == Manners(Limits(), 3, 60.0, 1200.0, 900.0, allow_unsafe=False)
    assert re.fullmatch(r"pytest-contracts/\d+\.\d+\S* \(contract check\)", user_agent())
    monkeypatch.setattr("contracts.live.client.version", lambda name: version(f"no-{name}"))
    assert user_agent() == "pytest-contracts/0 (contract check)"
