"""A server on loopback that behaves as badly as it is told to; one thread a connection."""

from __future__ import annotations

import contextlib
import functools
import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Hostile:
    """Serves one behaviour; `requests` counts what arrived, `heads` keeps it."""

    def __init__(
        self, behaviour: Callable[[socket.socket, bytes], None], context: ssl.SSLContext | None = None
    ) -> None:
        self.behaviour, self.context = behaviour, context
        self.heads: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.listener.getsockname()[1]}"
        self.over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def requests(self) -> int:
        return len(self.heads)

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    if not (data := connection.recv(65536)):
                        return
                    head += data
                self.heads.append(head)
                self.behaviour(connection, head)

    def close(self) -> None:
        self.over.set()
        self.listener.close()


@contextlib.contextmanager
def serving(
    behaviour: Callable[[socket.socket, bytes], None], context: ssl.SSLContext | None = None
) -> Iterator[Hostile]:
    server = Hostile(behaviour, context)
    try:
        yield server
    finally:
        server.close()


def plain(
    status: str = "200 OK", body: bytes = b"{}", *headers: str
) -> Callable[[socket.socket, bytes], None]:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    data = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
    return lambda connection, _: connection.sendall(data)


def after_another(
    *behaviours: Callable[[socket.socket, bytes], None],
) -> Callable[[socket.socket, bytes], None]:
    left = list(behaviours)

    def behave(connection: socket.socket, head: bytes) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(connection, head)

    return behave


def stall(connection: socket.socket, _: bytes) -> None:
    time.sleep(20)


def drip_headers(connection: socket.socket, _: bytes) -> None:
    connection.sendall(OK)
    for n in range(400):
        connection.sendall(b"X-%d: y\r\n" % n)
        time.sleep(0.05)


def drip_body(connection: socket.socket, _: bytes) -> None:
    connection.sendall(OK + b"Content-Length: 100000\r\n\r\n{")
    for _n in range(400):
        connection.sendall(b" ")
        time.sleep(0.05)


def endless(connection: socket.socket, _: bytes) -> None:
    connection.sendall(OK + b"\r\n")
    while True:
        connection.sendall(b"[" * 65536)


def huge(connection: socket.socket, _: bytes) -> None:
    connection.sendall(OK + b"Content-Length: 99999999999\r\n\r\n" + b" " * 100000)
    while True:
        connection.sendall(b" " * 65536)


@functools.cache
def bomb_body() -> bytes:
    """200 KB that unpack to 200 MB."""
    machine = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(machine.compress(b"\0" * 1_000_000) for _n in range(200)) + machine.flush()


def bomb(connection: socket.socket, _: bytes) -> None:
    body = bomb_body()
    connection.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def many_encodings(connection: socket.socket, _: bytes) -> None:
    body = b"{}"
    for _n in range(20):
        body = gzip.compress(body)
    connection.sendall(
        OK
        + b"Content-Encoding: "
        + b", ".join([b"gzip"] * 20)
        + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
        + body
    )


def broken_gzip(connection: socket.socket, _: bytes) -> None:
    connection.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: 8\r\n\r\n\x1f\x8bgarbag")


def cut_off(connection: socket.socket, _: bytes) -> None:
    connection.sendall(OK + b"Content-Length: 100\r\n\r\n{")


def no_http(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")


def endless_header(connection: socket.socket, _: bytes) -> None:
    connection.sendall(OK + b"X: ")
    while True:
        connection.sendall(b"y" * 65536)


def hang_up(connection: socket.socket, _: bytes) -> None:
    connection.close()
