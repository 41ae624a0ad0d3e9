"""The process that judges, so that no answer can hold up the program that received it.

Messages are pickles with their lengths before them, both ways, over the pipes between the two; nothing else
writes there. It ends when its input does.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from contracts.traffic.judge import Judge

CODE: Final = "import sys; sys.path.insert(0, sys.argv[1]); from contracts.traffic.child import main; main()"


def command() -> list[str]:
    """Give the command line of the process, with the same package that this one runs."""
    return [sys.executable, "-P", "-c", CODE, str(Path(__file__).resolve().parents[2])]


def send(stream: BinaryIO, value: Any) -> None:
    """Write one message; what it holds as PickleBuffer is written from its place, without a copy."""
    apart: list[pickle.PickleBuffer] = []
    parts: list[bytes | memoryview] = [
        pickle.dumps(value, protocol=5, buffer_callback=apart.append),
        *(one.raw() for one in apart),
    ]
    sizes = [len(parts), *map(len, parts)]
    for part in (b"".join(size.to_bytes(8, "big") for size in sizes), *parts):
        view = memoryview(cast("bytes", part))
        while view:
            view = view[stream.write(view) or 0 :]


def receive(stream: BinaryIO) -> Any:
    """Read one message; EOFError when there is none any more."""
    count = int.from_bytes(_exactly(stream, 8), "big")
    sizes = [int.from_bytes(_exactly(stream, 8), "big") for _ in range(count)]
    data, *apart = [_exactly(stream, size) for size in sizes]
    return pickle.loads(data, buffers=apart)  # noqa: S301 -- only our own two processes write there


def _exactly(stream: BinaryIO, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        piece = stream.read(size - len(found))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)


def main() -> None:
    """Judge batches until the input ends: the first message is the root and the vendors."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to both; the parent decides
    with suppress(AttributeError, OSError):
        os.nice(5)  # the program comes first
    outgoing = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever prints does not reach the pipe
    incoming = os.fdopen(0, "rb", buffering=0)
    judge = Judge(*receive(incoming))
    send(outgoing, "ready")
    try:
        while True:
            send(outgoing, [judge.judge(one) for one in receive(incoming)])
    except (EOFError, BrokenPipeError):
        judge.files.close()
