"""A stand-in behind a real address on this machine, and a network that lets nothing else through.

httpx and httpx2 are answered by respx, in memory. Everything else that Python has (requests, urllib3,
aiohttp, urllib.request) opens a socket: hosts of the vendors lead to the local server for urllib3 and
aiohttp, and every other host but this machine is refused with a sentence.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from contracts.address import read_address
from contracts.model import Request
from contracts.stub.neighbours import spared, swapped
from contracts.stub.vendor import Reply, Vendor

_LOCAL: Final = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|")


class LocalServer:
    """One vendor on a free port of 127.0.0.1, until it is closed."""

    def __init__(self, vendor: Vendor) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(vendor))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _handler(vendor: Vendor) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            sent = tuple(self.headers.items())
            with lock:
                reply = vendor.handle(Request(self.command, vendor.base + self.path, sent, body))
            _write(self, reply)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815

    return Handler


def _write(to: BaseHTTPRequestHandler, reply: Reply) -> None:
    got = reply.response
    if reply.stall:
        to.close_connection = True  # a client that waits must not keep the test; it sees the end of the line
        return
    to.send_response(got.status)
    for name, value in got.headers:
        to.send_header(name, value)
    to.send_header("content-length", str(len(got.body)))
    to.end_headers()
    if to.command != "HEAD":
        to.wfile.write(got.body if reply.cut is None else got.body[: reply.cut])
    to.close_connection = to.close_connection or reply.cut is not None


@contextmanager
def guarded(address: Callable[[str], str], starts: Callable[[], tuple[str, ...]]) -> Iterator[list[str]]:
    """Lead the vendors' hosts to this machine, and refuse all others; yields the hosts that were refused.

    `address` gives the local address for a URL of a vendor, "" for any other; `starts` how the vendors' own
    addresses begin.
    """
    refused: list[str] = []
    ended = False

    def local(url: str) -> str:
        return "" if ended else address(url)

    with ExitStack() as stack:
        stack.enter_context(spared(starts))
        stack.enter_context(swapped(socket, "getaddrinfo", lambda before: _resolving(before, refused)))
        urllib3, aiohttp = sys.modules.get("urllib3"), sys.modules.get("aiohttp")
        if urllib3 is not None:
            pool: Any = urllib3.connectionpool.HTTPConnectionPool
            stack.enter_context(swapped(pool, "urlopen", lambda before: _pooled(before, local)))
        if aiohttp is not None:
            session: Any = aiohttp.ClientSession  # every method of it goes through _request
            stack.enter_context(swapped(session, "_request", lambda before: _requested(before, local)))
        try:
            yield refused
        finally:
            ended = True


def _resolving(original: Callable[..., Any], refused: list[str]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, *args: Any, **more: Any) -> Any:
        name = host.decode("latin-1") if isinstance(host, bytes) else host or ""
        if not _LOCAL.fullmatch(name):
            refused.append(name)
            raise OSError(
                f"nothing reaches the network in a test with the fixture vendor; {name} was asked for"
            )
        return original(host, *args, **more)

    return getaddrinfo


def _pooled(original: Callable[..., Any], address: Callable[[str], str]) -> Callable[..., Any]:
    """Send what urllib3 has for a vendor through a pool of the local server; requests comes here too."""

    def urlopen(self: Any, method: str, url: str, *args: Any, **more: Any) -> Any:
        port = f":{self.port}" if self.port else ""
        local = address(f"{self.scheme}://{self.host}{port}{url}")
        if not local:
            return original(self, method, url, *args, **more)
        import urllib3

        parts = read_address(local)
        with urllib3.HTTPConnectionPool(parts.host, int(parts.netloc.rpartition(":")[2])) as pool:
            more = {key: value for key, value in more.items() if key != "assert_same_host"}
            return original(pool, method, url, *args, assert_same_host=False, **more)

    return urlopen


def _requested(original: Callable[..., Any], address: Callable[[str], str]) -> Callable[..., Any]:
    """Send what aiohttp has for a vendor to the local server."""

    async def request(self: Any, method: str, url: Any, **more: Any) -> Any:
        built = self._build_url(url) if hasattr(self, "_build_url") else url
        local = address(str(built))
        if local:
            path = str(built).split("/", 3)[3:]
            url = f"{local}/{path[0] if path else ''}"
        return await original(self, method, url, **more)

    return request


def local_address(vendors: Mapping[str, Vendor], servers: dict[str, LocalServer]) -> Callable[[str], str]:
    """Give what says where a vendor's URL leads; a server is started when it is first needed."""

    def address(url: str) -> str:
        for name, vendor in vendors.items():
            if vendor.provider.spec.router.names(url):
                if name not in servers:
                    servers[name] = LocalServer(vendor)
                return servers[name].url
        return ""

    return address
