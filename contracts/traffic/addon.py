"""An addon of mitmproxy that hands every answer which passes to `contracts`: `mitmdump -s addon.py`.

It needs nothing but mitmproxy and the standard library, because mitmproxy's pins rarely fit another
environment. Frames go to the standard output for `contracts proxy`, which starts it so; else to a
`contracts proxy --judge` that it starts itself, with the vendor of `--set contracts_vendor=matil`.
Nothing that passes is changed, and nothing waits: beyond the queue answers are dropped and counted.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

LIMIT = 5 * 1024 * 1024
"""Bytes of a body that are kept; a longer one passes and is not judged."""
QUEUE = 2000
PATIENCE = 60.0
"""Seconds that the end of the proxy may wait for what is still to be judged."""


class Frames:
    """A bounded queue with a thread that writes frames: head length, head as JSON, body."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.dropped = stream, 0
        self.queue: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue(QUEUE)
        self.thread = threading.Thread(target=self._write, daemon=True)
        self.thread.start()

    def put(self, head: dict[str, Any], body: bytes) -> None:
        """Take an answer; one that does not fit is counted in the next that does."""
        try:
            self.queue.put_nowait((head | {"dropped": self.dropped, "size": len(body)}, body))
            self.dropped = 0
        except queue.Full:
            self.dropped += 1

    def _write(self) -> None:
        while (one := self.queue.get()) is not None:
            head = json.dumps(one[0]).encode("ascii")
            try:
                self.stream.write(len(head).to_bytes(4, "big") + head + one[1])
                self.stream.flush()
            except (OSError, ValueError):
                return

    def close(self) -> None:
        """Write what waits, for at most a minute, and say how many answers are left then."""
        with contextlib.suppress(queue.Full):
            self.queue.put(None, timeout=PATIENCE)
        self.thread.join(PATIENCE)
        if self.thread.is_alive() and self.queue.qsize():
            print(f"contracts: {self.queue.qsize()} answers were not judged", file=sys.stderr)  # noqa: T201


class Contracts:
    """The addon: a tee on every answer, and a frame at its end."""

    def __init__(self) -> None:
        self.frames: Frames | None = None
        self.judge: subprocess.Popen[bytes] | None = None

    def load(self, loader: Any) -> None:
        """Name the option by which a vendor is chosen."""
        loader.add_option("contracts_vendor", str, "", "The vendor whose contract is checked.")

    def running(self) -> None:
        """Find out where frames go."""
        if os.environ.get("CONTRACTS_FRAMES") == "stdout":
            self.frames = Frames(sys.stdout.buffer)
            return
        from mitmproxy import ctx

        command = [os.environ.get("CONTRACTS_COMMAND", "contracts"), "proxy", "--judge"]
        vendor = [ctx.options.contracts_vendor] if ctx.options.contracts_vendor else []
        self.judge = subprocess.Popen([*command, *vendor], stdin=subprocess.PIPE)  # noqa: S603
        self.frames = Frames(self.judge.stdin)

    def responseheaders(self, flow: Any) -> None:
        """Let the body pass piece by piece, and keep what passes."""
        kept: list[bytes] = []
        flow.metadata["contracts"] = kept
        flow.response.stream = _tee(kept)

    def response(self, flow: Any) -> None:
        """Hand over an answer that passed whole."""
        self._hand(flow, "")

    def error(self, flow: Any) -> None:
        """Hand over an answer that broke off."""
        if flow.response is not None:
            self._hand(flow, "the answer broke off")

    def _hand(self, flow: Any, missing: str) -> None:
        body = b"".join(flow.metadata.pop("contracts", []))
        missing = missing or (f"a body over the limit of {LIMIT:,} bytes" if len(body) > LIMIT else "")
        head = {
            "method": flow.request.method,
            "url": flow.request.url,
            "sent": _fields(flow.request.headers),
            "status": flow.response.status_code,
            "headers": _fields(flow.response.headers),
            "at": time.time(),
            "missing": missing,
        }
        if self.frames is not None:
            self.frames.put(head, b"" if missing else body)

    def done(self) -> None:
        """Write what waits."""
        if self.frames is not None:
            self.frames.close()
        if self.judge is not None and self.judge.stdin is not None:
            self.judge.stdin.close()
            self.judge.wait(10)


def _tee(kept: list[bytes]) -> Callable[[bytes], bytes]:
    size = 0

    def piece(data: bytes) -> bytes:
        nonlocal size
        if size <= LIMIT:
            kept.append(data)
        size += len(data)
        return data

    return piece


def _fields(headers: Any) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.fields]


addons = [Contracts()]
