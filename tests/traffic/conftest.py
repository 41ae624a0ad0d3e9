"""A project with the vendor acme, and a server on this machine that answers what a test says."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from contracts.traffic import watching
from tests import acme


@dataclass
class Service:
    """What the server answers next, and what it was asked."""

    base: str = ""
    status: int = 200
    body: bytes = json.dumps(acme.DONE).encode()
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.base}/v1/batches/b1"

    def say(self, value: object, status: int = 200) -> None:
        self.body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.status = status


@pytest.fixture
def service():
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(302 if self.path == "/moved" else told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            if self.path == "/moved":
                self.send_header("location", told.url)
            self.send_header("content-length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def project(tmp_path, monkeypatch):
    acme.write(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["acme"]\n')
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    watching._close()
