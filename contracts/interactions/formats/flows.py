"""Flow files of mitmproxy, in their own form: tagged netstrings, read without mitmproxy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from contracts.errors import CassetteError
from contracts.interactions.formats.entry import Reading, Where, interaction, places
from contracts.interactions.formats.files import BROKEN, MAX_ELEMENT, Opened, unreadable
from contracts.model import Interaction, Json
from contracts.text import safe_text

HEAD: Final = re.compile(rb"\d{1,9}:\d{1,9}:")
_MAX_DEPTH: Final = 40
FLOW: Final = places(
    method="/request/method",
    scheme="/request/scheme",
    host="/request/authority /request/pretty_host /request/host",
    port="/request/port",
    path="/request/path",
    request_headers="/request/headers",
    request_body="/request/content",
    status="/response/status_code",
    response_headers="/response/headers",
    body="/response/content",
    recorded_at="/request/timestamp_start",
)


def read_flows(file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Yield the HTTP flows of a file in its order; a flow without an answer says so."""
    with file.stream() as stream:
        for number, data in enumerate(_netstrings(stream, file.name), 1):
            where = Where(file, number)
            try:
                flow = _value(data, 0, len(data))[0]
                if isinstance(flow, dict) and flow.get("type", b"http") in (b"http", "http"):
                    yield interaction(_flow(flow), FLOW, where)
            except (ValueError, IndexError):
                reading.on_problem(CassetteError(f"{safe_text(where.label)}: the flow cannot be read"))
            except CassetteError as problem:
                reading.on_problem(problem)


def _flow(flow: dict[str, Json]) -> Json:
    """Give a flow with the host that was asked for, and the status 0 where nothing came back."""
    request = flow.get("request") or {}
    hosts = [value for name, value in request.get("headers", ()) if name.lower() in (b"host", "host")]
    answer = flow.get("response") or {"status_code": 0}
    return {"request": {**request, "authority": request.get("authority") or None,
                        "pretty_host": hosts[0] if hosts else None}, "response": answer}  # fmt: skip


def _netstrings(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the top netstrings of a stream, each with its length and its mark."""
    while True:
        try:
            digits = b""
            while (one := stream.read(1)) not in (b":", b""):
                digits += one
                if not one.isdigit() or len(digits) > 9:
                    raise CassetteError(f"{safe_text(name)}: the file is broken between two flows")
            if not one:
                return
            if int(digits) > MAX_ELEMENT:
                raise CassetteError(f"{safe_text(name)}: one flow is over {MAX_ELEMENT:,} bytes")
            data = stream.read(int(digits) + 1)
        except BROKEN as error:
            raise unreadable(name, error) from None
        if len(data) <= int(digits):
            raise CassetteError(f"{safe_text(name)}: the file is cut off in its last flow")
        yield digits + b":" + data


def _value(data: bytes, start: int, end: int, depth: int = 0) -> tuple[Json, int]:
    """Read the netstring at `start`: (value, where it ends)."""
    colon = data.index(b":", start, min(end, start + 12))
    first = colon + 1
    last = first + int(data[start:colon])
    if last >= end or depth > _MAX_DEPTH:
        raise ValueError
    mark = data[last : last + 1]
    if mark in (b"]", b"}"):
        return _many(data, first, last, depth, mapping=mark == b"}"), last + 1
    return _scalar(mark, data[first:last]), last + 1


def _many(data: bytes, at: int, end: int, depth: int, *, mapping: bool) -> Json:
    found = []
    while at < end:
        value, at = _value(data, at, end, depth + 1)
        found.append(value)
    if not mapping:
        return found
    keys = [key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key) for key in found[::2]]
    return dict(zip(keys, found[1::2], strict=True))


def _scalar(mark: bytes, data: bytes) -> Json:
    if mark == b",":
        return data
    text = data.decode("utf-8", "replace")
    readers: dict[bytes, Callable[[str], Json]] = {
        b";": str,
        b"#": int,
        b"^": float,
        b"!": "true".__eq__,
        b"~": lambda _: None,
    }
    return readers[mark](text) if mark in readers else _bad()


def _bad() -> Json:
    raise ValueError
