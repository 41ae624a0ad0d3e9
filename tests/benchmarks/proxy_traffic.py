"""Traffic with chaos through `contracts proxy`: is every answer the same, every violation found, no secret kept?

`python -m tests.benchmarks.proxy_traffic [COUNT]`, with mitmdump on PATH. Each request is sent to the server and
through the proxy; the server answers by the number in it: whole, packed, drifted, an error page, cut off, with the key.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from tests import acme

KEY = "sk-live-4f9a8b7c6d5e4f3a2b1c"
KINDS = ("clean", "gzip", "drift", "missing", "html", "cut", "echo", "404", "chunked", "status")


def answer(number: int) -> tuple[int, dict[str, str], bytes, int | None]:
    """Give status, fields, body, and after how many bytes to break off."""
    kind, body = KINDS[number % len(KINDS)], {**acme.DONE, "note": f"n{number}"}
    fields = {"content-type": "application/json"}
    if kind == "gzip":
        return (
            200,
            fields | {"content-encoding": "gzip"},
            gzip.compress(json.dumps(body).encode(), mtime=0),
            None,
        )
    if kind == "html":
        return 502, {"content-type": "text/html"}, b"<h1>Bad gateway</h1>", None
    if kind == "404":
        return 404, fields, b'{"error": "none"}', None
    if kind == "status":
        return 418, fields, b"{}", None
    changed = {
        "drift": {"state": "archived"},
        "missing": {"id": None},
        "echo": {"state": KEY, "token": KEY},
    }.get(kind, {})
    data = json.dumps(body | changed).encode()
    return (
        200,
        fields | ({"transfer-encoding": "chunked"} if kind == "chunked" else {}),
        data,
        20 if kind == "cut" else None,
    )


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (asyncio.IncompleteReadError, ConnectionError):
            break
        status, fields, body, cut = answer(int(re.search(r"n=(\d+)", head)[1]))
        if "transfer-encoding" in fields:
            payload = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[:40], body[40:])) + b"0\r\n\r\n"
        else:
            fields, payload = fields | {"content-length": str(len(body))}, body[:cut]
        lines = "".join(f"{k}: {v}\r\n" for k, v in fields.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + payload)
        await writer.drain()
        if cut is not None:
            break
    writer.close()


def got(client: httpx.Client, base: str, number: int) -> object:
    """Give everything a client sees: status, fields, the bytes on the wire, or the name of the error."""
    pieces = []
    try:
        with client.stream("GET", f"{base}/v1/batches/b1?n={number}", headers={"x-api-key": KEY}) as response:
            pieces.extend(response.iter_raw())
            return response.status_code, sorted(response.headers.raw), b"".join(pieces)
    except httpx.HTTPError as error:
        return type(error).__name__, b"".join(pieces)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    ready, found = threading.Event(), {}

    async def run() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        found["port"] = server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    ready.wait()
    direct, port = f"http://127.0.0.1:{found['port']}", 18080
    with tempfile.TemporaryDirectory() as folder:
        acme.write(Path(folder))
        (Path(folder) / "pyproject.toml").write_text("[tool.contracts]\nproviders = ['acme']\n")
        command = [
            sys.executable,
            "-m",
            "contracts",
            "proxy",
            "acme",
            "--to",
            direct,
            "--port",
            str(port),
            "--record",
        ]
        running = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        other, wrong, times = 0, [], ([], [])
        with httpx.Client(timeout=10) as plain, httpx.Client(timeout=10) as proxied:
            for _ in range(200):
                if isinstance(got(proxied, f"http://127.0.0.1:{port}", 0)[0], int):
                    break
                time.sleep(0.1)
                other += 1
            for number in range(1, count):
                pair = []
                for client, base, spent in (
                    (plain, direct, times[0]),
                    (proxied, f"http://127.0.0.1:{port}", times[1]),
                ):
                    begun = time.perf_counter()
                    pair.append(got(client, base, number))
                    spent.append(time.perf_counter() - begun)
                if pair[0] != pair[1]:
                    wrong.append((KINDS[number % len(KINDS)], *pair))
        time.sleep(3)
        for child in Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split():
            subprocess.run(["kill", "-INT", child], check=False)
        said = running.communicate(timeout=60)[0]
        print(said)
        print(f"{count} requests, {len(wrong)} answers differ; exit {running.returncode}")
        for one in wrong[:3]:
            print(one)
        pieces = [KEY[i : i + 8] for i in range(len(KEY) - 7)]
        texts = {"terminal": said} | {
            p.name: p.read_text() for p in (Path(folder) / "contracts-traffic").iterdir()
        }
        print(
            "fragments of the key:",
            {name: sum(piece in text for piece in pieces) for name, text in texts.items()},
        )
        print({name: len(text.splitlines()) for name, text in texts.items()})


if __name__ == "__main__":
    main()
