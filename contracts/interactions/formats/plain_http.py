"""HTTP as text: what `curl -i`, `curl -v`, httpie and REST clients print or save, and `.http` files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from contracts.errors import CassetteError
from contracts.interactions.formats.entry import Reading, Where, interaction, places
from contracts.interactions.formats.files import Opened
from contracts.model import Interaction, Json
from contracts.text import safe_text

_METHODS: Final = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_START: Final = re.compile(
    rb"^(?:(?:"
    + _METHODS.encode()
    + rb") (\S+)(?: HTTP/[\d.]+)?|HTTP/[\d.]+ ([1-5]\d\d)(?: [^\r\n]*)?|###[^\r\n]*)\r?$",
    re.MULTILINE,
)
_BLANK: Final = re.compile(rb"\r?\n[ \t]*\r?\n")
_SAVED: Final = re.compile(rb"^<> *(\S+)\r?$", re.MULTILINE)
_STATUS: Final = re.compile(r"\.(\d{3})\.\w+\Z")
_VERBOSE: Final = re.compile(rb"^< HTTP/", re.MULTILINE)
_NOISE: Final = re.compile(rb"^(?:\* [^\n]*|[{}] \[[^\n]*|[ \d].*--:--:--[^\n]*)(?:\n|\Z)", re.MULTILINE)
TEXT: Final = places(
    method="/method",
    url="/url",
    request_headers="/request_headers",
    status="/status",
    response_headers="/headers",
    body="/body",
    file="/file",
)


def is_http_text(head: bytes) -> bool:
    """Whether a file is HTTP written as text."""
    plain = head.lstrip()
    lines = plain.split(b"\n", 40)[:40]
    return bool(_VERBOSE.search(head)) or any(
        _START.match(line + b"\n") for line in lines if line.strip()[:3] != b"###"
    )


def read_text(file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Yield the answers of HTTP text, each with the request before it, else with what was asked."""
    data, found = _unmarked(file.whole()), 0
    for number, (line, value) in enumerate(_answers(data), 1):
        found += 1
        if "url" not in value and reading.asked is None:
            raise CassetteError(
                f"{safe_text(file.name)}:{line}: an answer without its request; name it with --operation",
                unnamed=True,
            )
        if "url" not in value and reading.asked is not None:
            value |= {"method": reading.asked.method, "url": reading.asked.url}
        try:
            yield interaction(value, TEXT, Where(file, number, line))
        except CassetteError as problem:
            reading.on_problem(problem)
    if not found:
        raise CassetteError(f"{safe_text(file.name)}: holds requests but no responses")


def _unmarked(data: bytes) -> bytes:
    """Take off what `curl -v` puts before each line of a head, and its remarks."""
    if not _VERBOSE.search(data):
        return data
    return re.sub(rb"^[<>] ?", b"", _NOISE.sub(b"", data), flags=re.MULTILINE)


def _answers(data: bytes) -> Iterator[tuple[int, dict[str, Json]]]:
    """Yield line and facts of each answer; of a redirected request only the last address is known."""
    asked: dict[str, Json] = {}
    starts = [*_START.finditer(data)]
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(data)
        line = data.count(b"\n", 0, start.start()) + 1
        head, body = _parted(data[start.end() : end])
        if start[2] is not None:
            if int(start[2]) >= 200 and not _tunnel(start[0]):
                yield (
                    line,
                    asked | {"status": start[2].decode(), "headers": head, "body": _ended(body, end, data)},
                )
        elif start[1] is not None:
            asked = {"method": start[0].split()[0].decode(), "url": start[1].decode("utf-8", "replace")}
            asked["request_headers"] = head
            for saved in _SAVED.finditer(data[start.end() : end]):
                name = saved[1].decode("utf-8", "replace")
                status = _STATUS.search(name)
                yield line, asked | {"status": status[1] if status else "200", "file": name}
        else:
            asked = {}


def _tunnel(line: bytes) -> bool:
    return b"connection established" in line.lower()


def _parted(block: bytes) -> tuple[str, bytes]:
    blank = _BLANK.search(
        b"\n" + block.lstrip(b"\r\n") if not block.startswith((b"\r\n\r\n", b"\n\n")) else block
    )
    whole = b"\n" + block.lstrip(b"\r\n") if not block.startswith((b"\r\n\r\n", b"\n\n")) else block
    if blank is None:
        return whole.decode("latin-1").strip(), b""
    return whole[: blank.start()].decode("latin-1").strip(), whole[blank.end() :]


def _ended(body: bytes, end: int, data: bytes) -> bytes:
    """Take off the line break that a printer put after a body."""
    return body.rstrip(b"\r\n") if body.lstrip()[:1] in (b"{", b"[") or end < len(data) else body
