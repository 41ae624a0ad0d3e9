"""Threats to the live client, each over a raw socket: one sentence in time, inconclusive, never a traceback."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.check import CheckOptions, LiveCheck, LiveSettings
from contracts.live.client import retry_after
from contracts.live.polling import pause
from contracts.live.transport import THREAD, HttpTransport
from contracts.model import Assessment, Response, Verdict
from contracts.spec import load
from tests.interactions.hostile import serving

ROOT = Path(__file__).parents[2]
KEY = "k-0123456789abcdef"
JSON = b'{"id":"b","status":"pending"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
Behaviour = Callable[[socket.socket, bytes], None]


pytestmark = pytest.mark.usefixtures("no_backoff")


def live_check(url: str, seconds: float = 1.0, gate: CheckOptions | None = None, **environ: str) -> LiveCheck:
    settings = LiveSettings(base_urls={"nimble": url}, budget=9999, timeout=seconds, params={"batch_id": "b"})
    return LiveCheck(
        load("nimble", ROOT), gate or CheckOptions(), settings, {"NIMBLE_API_KEY": KEY} | environ
    )


def asked(check: LiveCheck) -> Assessment:
    operation = check.check.operations(("getBatch",))[0]
    return check.check.assess(check.ask(operation, next(one for one in check.questions(operation) if one)))


def send(data: bytes) -> Behaviour:
    return lambda connection, _: connection.sendall(data)


def refused(behaviour: Behaviour, seconds: float = 1.0) -> str:
    """Ask once; give the sentence of an answer that could not be had, within the deadline."""
    with serving(behaviour) as server:
        begun = time.monotonic()
        one = asked(live_check(server.url, seconds))
        assert time.monotonic() - begun < seconds + 5.0  # far from the end of a drip; a flood has none
    assert one.verdict is Verdict.INCONCLUSIVE
    assert one.interaction.response is None
    assert "\n" not in one.interaction.failure
    assert KEY not in one.interaction.failure
    return one.interaction.failure


def drip(piece: bytes, start: bytes = b"") -> Behaviour:
    def behave(connection: socket.socket, _: bytes) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(start)
            for _n in range(400):
                connection.sendall(piece)
                time.sleep(0.02)

    return behave


def flood(piece: bytes, start: bytes = b"") -> Behaviour:
    def behave(connection: socket.socket, _: bytes) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(start)
            while True:
                connection.sendall(piece * 64)

    return behave


def test_headers_that_drip_end_at_the_deadline() -> None:
    assert refused(drip(b"X-A: b\r\n", HEAD), 0.3) == "no complete answer within 0.3 s"


def test_a_status_line_that_drips_ends_at_the_deadline() -> None:
    assert refused(drip(b"H"), 0.3) in {
        "no complete answer within 0.3 s",
        "the connection broke: RemoteProtocolError",
    }


def test_interim_answers_without_end_end_at_the_deadline() -> None:
    assert refused(flood(b"HTTP/1.1 103 Early Hints\r\n\r\n"), 0.3) == "no complete answer within 0.3 s"


def test_headers_without_end_are_cut() -> None:
    assert refused(flood(b"X-A: b\r\n", HEAD)) == "the connection broke: RemoteProtocolError"


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 999\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 1e3\r\n",
        b"Content-Length: 29\r\nContent-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip\r\n",
    ],
)
def test_a_length_that_lies_is_no_answer(fields: bytes) -> None:
    assert refused(send(HEAD + fields + b"\r\n" + JSON)) == "the connection broke: RemoteProtocolError"


def test_trailers_are_read_over() -> None:
    body = b"%x\r\n%s\r\n0\r\nX-Trailer: y\r\nContent-Length: 3\r\n\r\n" % (len(JSON), JSON)
    with serving(send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body)) as server:
        one = asked(live_check(server.url))
    assert one.interaction.response is not None
    assert one.interaction.response.body == JSON
    assert one.interaction.response.header("x-trailer") is None


def packed(encoding: str, data: bytes) -> bytes:
    field = b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (encoding.encode(), len(data))
    return HEAD + field + data


@pytest.mark.parametrize(
    "encoding", ["deflate", "br", "zstd", "compress", "gzip, gzip", "GZIP,deflate", "\x1b[2J"]
)
def test_an_encoding_that_was_not_asked_for_is_not_unpacked(encoding: str) -> None:
    data = {"deflate": zlib.compress(JSON), "gzip, gzip": gzip.compress(gzip.compress(JSON))}.get(
        encoding, JSON
    )
    said = refused(send(packed(encoding, data)))
    assert said.startswith(("the body is encoded as ", "the connection broke")), said
    assert said.isprintable()


def test_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    packer = zlib.compressobj(9, wbits=31)
    data = packer.compress(b" " * 200_000_000) + packer.flush()
    with serving(send(packed("gzip", data))) as server:
        one = asked(live_check(server.url, 10.0))
    assert one.interaction.response is not None
    assert len(one.interaction.response.body) == CheckOptions().max_bytes + 1
    assert one.verdict is not Verdict.CONFORMS


def test_gzip_in_members_is_read_whole() -> None:
    data = gzip.compress(JSON[:9]) + gzip.compress(JSON[9:])
    with serving(send(packed("gzip", data))) as server:
        one = asked(live_check(server.url))
    assert one.interaction.response is not None
    assert one.interaction.response.body == JSON


@pytest.mark.parametrize(
    "data",
    [b"no gzip", gzip.compress(JSON)[:-1], gzip.compress(JSON) + b"more"],
    ids=["other", "cut", "longer"],  # the bytes hold the time of day
)
def test_a_broken_encoding_is_no_answer(data: bytes) -> None:
    assert refused(send(packed("gzip", data))) == "the body's content encoding is broken"


ANSWERS = {
    "length": HEAD + b"Content-Length: %d\r\n\r\n" % len(JSON) + JSON,
    "chunked": HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(JSON), JSON),
    "until the end": HEAD + b"\r\n" + JSON,
    "gzip until the end": HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(JSON),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_cut_at_any_byte_is_no_answer(kind: str) -> None:
    """Whatever stands in a part of an answer, the vendor is neither accused nor acquitted for it."""
    whole = ANSWERS[kind]
    ends = iter(range(len(whole)))
    body = whole.index(b"\r\n\r\n") + 4

    with serving(lambda connection, _: connection.sendall(whole[: next(ends)])) as server:
        check = live_check(server.url, 5.0)
        for end in range(len(whole)):
            one = asked(check)
            if end == body and "until" in kind:
                assert one.verdict is not Verdict.CONFORMS  # an empty body that nothing announced otherwise
                continue
            assert (one.verdict, one.interaction.response) == (Verdict.INCONCLUSIVE, None), (end, whole[:end])


@pytest.mark.parametrize(
    "text",
    [
        "-5", "1e9", "99999999999999999999", "\u0663", "", " ", "Mon, 99 Jan 2026 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359", "Mon, 01 Jan 99999 00:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 2094 08:49:37 +999999999", ",", "a b c d e",
    ],
)  # fmt: skip
def test_a_wait_that_cannot_be_meant_is_none_or_too_long(text: str) -> None:
    answer = Response(429, (("Retry-After", text),))
    wait = retry_after(answer, datetime(2026, 11, 30, tzinfo=UTC))
    assert wait is None or wait == 0 or wait > 1000


def test_a_huge_wait_is_not_waited_for() -> None:
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 99999999999\r\nContent-Length: 0\r\n\r\n"
    with serving(send(busy)) as server:
        begun = time.monotonic()
        one = asked(live_check(server.url))
        assert time.monotonic() - begun < 8
        assert server.requests == 1
    assert one.verdict is Verdict.INCONCLUSIVE


def test_a_cache_hint_of_any_size_is_bounded() -> None:
    body = b'{"metadata": {"cache_remaining": %s}}'
    for number in (b"9" * 400, b"-" + b"9" * 400, b"1e400", b"1e308"):
        assert pause(Response(200, (), body % number), datetime.now(UTC)) <= 3600


def test_proxies_of_the_environment_and_netrc_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ann password secret-password\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serving(send(ANSWERS["length"])) as proxy, serving(send(ANSWERS["length"])) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        asked(live_check(server.url))
        # A name that leads nowhere is the only way to ask another host without a network.
        one = asked(live_check("https://vendor.invalid"))
        assert (proxy.requests, server.requests) == (0, 1)
    assert b"Basic" not in server.heads[0]
    assert one.verdict is Verdict.INCONCLUSIVE


def test_a_proxy_that_was_asked_for_is_used() -> None:
    with serving(send(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")) as proxy:
        check = live_check("https://vendor.invalid", CONTRACTS_PROXY=proxy.url)
        one = asked(check)
        assert proxy.heads[0].startswith(b"CONNECT vendor.invalid:443 ")
        assert KEY.encode() not in b"".join(proxy.heads)
    assert one.verdict is Verdict.INCONCLUSIVE
    assert isinstance(check.live.transport, HttpTransport)


def test_a_redirect_to_another_host_gets_no_key() -> None:
    with serving(send(ANSWERS["length"])) as other:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {other.url}/x\r\nContent-Length: 0\r\n\r\n".encode()
        with serving(send(moved)) as server:
            one = asked(live_check(server.url))
        assert other.requests == 0
    assert one.interaction.response is not None
    assert one.interaction.response.status == 307


def test_threads_end_with_their_requests() -> None:
    refused(drip(b" ", HEAD + b"Content-Length: 9999\r\n\r\n"), 0.2)
    end = time.monotonic() + 3
    while any(one.name == THREAD for one in threading.enumerate()) and time.monotonic() < end:
        time.sleep(0.02)
    assert not [one for one in threading.enumerate() if one.name == THREAD]


def test_a_limit_of_its_own_holds_for_every_read() -> None:
    check = live_check("http://127.0.0.1:9")
    assert replace(check.live.manners.limits, total=1).read <= 1
