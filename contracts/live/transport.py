"""The only place that opens a connection: one GET after the other through httpx2.

Each request runs in a thread of its own, so that a deadline holds whatever the other side does: while names
are looked up, while headers drip, while a body never ends.
"""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import httpx2

from contracts.address import read_address
from contracts.auth import Sent, attach
from contracts.live.encoding import decoder_of
from contracts.live.failure import Failure
from contracts.model import Response
from contracts.text import safe_text

THREAD: Final = "contracts-live"
PROXY: Final = "CONTRACTS_PROXY"
"""The environment variable that names a proxy for live requests; the usual ones are not read."""
_LOGGERS: Final = (
    "httpx2",
    *(f"httpcore2.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")),
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request about to be sent; its keys stay inside Secret until the last moment."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    keys: Sent = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one exchange: seconds to connect, per read, and for all of it; bytes of decoded body."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 60.0
    max_bytes: int = 5 * 1024 * 1024


class Transport(Protocol):
    """One method between us and the network, so that the client library can be exchanged."""

    def fetch(self, outgoing: Outgoing, limits: Limits) -> Response:
        """Send and give the answer; Failure when there is none within the limits.

        A body over `max_bytes` is cut one byte past the limit, so that the check finds it too large.
        """
        ...


@dataclass(slots=True)
class HttpTransport:
    """The httpx2 transport: no redirects, no connection kept, nothing of the environment or a .netrc."""

    proxy: str = ""
    """The address of the proxy that was asked for; never for this machine."""
    verify: ssl.SSLContext | None = None
    """What checks the server's certificate; the system's trust store by default, made on first use."""

    def _context(self, url: str) -> ssl.SSLContext | bool:
        if not url.startswith("https"):
            return False  # nothing to verify, and making a context costs 40 ms
        self.verify = self.verify or httpx2.create_ssl_context()
        return self.verify

    def fetch(self, outgoing: Outgoing, limits: Limits) -> Response:
        """Send and give the answer; see Transport."""
        _hush()
        proxy = "" if loopback(outgoing.url) else self.proxy
        job = _Job(outgoing, limits, self._context(outgoing.url), proxy)
        threading.Thread(target=job.run, name=THREAD, daemon=True).start()
        try:
            outcome = job.outcome.get(timeout=max(0.0, limits.total))
        except queue.Empty:
            job.abort()
            raise Failure("deadline", f"no complete answer within {limits.total:g} s") from None
        except BaseException:
            job.abort()
            raise
        if isinstance(outcome, Failure):
            raise outcome
        return outcome


@dataclass(slots=True)
class _Job:
    outgoing: Outgoing
    limits: Limits
    verify: ssl.SSLContext | bool
    proxy: str = ""
    outcome: queue.SimpleQueue[Response | Failure] = field(default_factory=queue.SimpleQueue)
    stream: Any = None
    given_up: bool = False

    def run(self) -> None:
        try:
            self.outcome.put(self._exchange())
        except Failure as failure:
            self.outcome.put(failure)
        except Exception as error:  # noqa: BLE001 -- whatever the network stack raises
            self.outcome.put(_failure(error))

    def _exchange(self) -> Response:
        limits = self.limits
        timeout = httpx2.Timeout(limits.read, connect=limits.connect)
        with (
            httpx2.Client(
                verify=self.verify,
                trust_env=False,
                proxy=self.proxy or None,
                follow_redirects=False,
                timeout=timeout,
                limits=httpx2.Limits(max_connections=1, max_keepalive_connections=0),
            ) as client,
            self._open(client) as response,
        ):
            return Response(response.status_code, _fields(response), self._body(response))

    def _open(self, client: httpx2.Client) -> AbstractContextManager[httpx2.Response]:
        url, headers = attach(self.outgoing.url, self.outgoing.headers, self.outgoing.keys)
        return client.stream(self.outgoing.method, url, headers=headers, extensions={"trace": self._trace})

    def _body(self, response: httpx2.Response) -> bytes:
        """Read the body up to one byte over the limit, and unpack it no further than that."""
        decoder = decoder_of(response.headers.get("content-encoding", ""))
        most, end = self.limits.max_bytes + 1, time.monotonic() + self.limits.total
        body = bytearray()
        for chunk in response.iter_raw():
            body += decoder.take(chunk, most - len(body))
            if len(body) >= most or self.given_up:
                return bytes(body)
            if time.monotonic() > end:
                raise Failure("deadline", f"no complete answer within {self.limits.total:g} s")
        decoder.close()
        _whole(response, body)
        return bytes(body)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self.stream = info.get("return_value")
            if self.given_up:
                self.abort()

    def abort(self) -> None:
        """Shut the socket down, which wakes the thread wherever it waits."""
        self.given_up = True
        found = self.stream.get_extra_info("socket") if self.stream else None
        if found is not None:
            with contextlib.suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)


def _whole(response: httpx2.Response, body: bytearray) -> None:
    """Refuse JSON that stops in the middle where only the end of the connection ended it: it may be cut."""
    stated = {"content-length", "transfer-encoding"} & {name.lower() for name in response.headers}
    if stated or "json" not in response.headers.get("content-type", "") or not body:
        return
    try:
        json.loads(body)
    except RecursionError:
        return
    except ValueError:
        raise Failure("network", "the connection ended before the answer did") from None


def _fields(response: httpx2.Response) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)


def _failure(error: Exception) -> Failure:
    """Say what went wrong; errors about our own request are not quoted, since they would quote the key."""
    if isinstance(error, httpx2.TimeoutException):
        what = "connection" if isinstance(error, httpx2.ConnectTimeout) else "answer"
        return Failure("deadline", f"no {what} in time")
    if isinstance(error, httpx2.DecodingError):
        return Failure("encoding", "the body's content encoding is broken")
    if isinstance(error, httpx2.ConnectError):
        text = str(error)
        kind = "tls" if "SSL" in text or "certificate" in text.lower() else "network"
        return Failure(kind, f"no connection: {safe_text(text, 120)}")
    if isinstance(
        error, httpx2.RemoteProtocolError | httpx2.ReadError | httpx2.WriteError | httpx2.CloseError
    ):
        return Failure("network", f"the connection broke: {type(error).__name__}")
    return Failure("network", f"the request could not be sent: {type(error).__name__}")


def loopback(url: str) -> bool:
    """Whether an address leads to this machine by name or number."""
    host = read_address(url).host.rstrip(".")
    return host in {"localhost", "::1"} or (host.startswith("127.") and host.replace(".", "").isdigit())


def _hush() -> None:
    """Keep the answers' headers, which may echo a key, out of the debug log of the client library."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if _not_ours not in logger.filters:
            logger.addFilter(_not_ours)


def _not_ours(record: logging.LogRecord) -> bool:
    return record.threadName != THREAD
