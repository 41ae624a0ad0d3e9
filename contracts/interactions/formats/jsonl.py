"""Access logs, one JSON object a line, mapped to interactions by a small table of places.

Read as a stream, gzip welcome; a line that cannot be used is named by its number and the reading goes on.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from contracts.decode import decode
from contracts.errors import CassetteError
from contracts.interactions.formats.body import compact
from contracts.interactions.formats.cassette import moment
from contracts.interactions.formats.har import OnProblem, headers, refuse, situation
from contracts.interactions.formats.place import Place
from contracts.interactions.formats.stream import open_bytes
from contracts.model import Headers, Interaction, Json, Pointer, Request, Response, Source, SourceLine
from contracts.text import safe_text, show

MAX_LINE: Final = 16 * 1024 * 1024
FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "method": ("/method", "/request/method", "/http/method"),
    "url": ("/url", "/request/url", "/uri", "/request/uri", "/http/url"),
    "status": ("/status", "/response/status", "/status_code", "/response/status_code", "/http/status"),
    "request_headers": ("/request_headers", "/request/headers"),
    "response_headers": ("/response_headers", "/response/headers", "/headers"),
    "body": ("/body", "/response_body", "/response/body", "/response/content", "/response"),
    "recorded_at": ("/recorded_at", "/timestamp", "/time", "/@timestamp", "/ts"),
})  # fmt: skip
"""Where each fact is looked for, first hit wins; a caller's table replaces single rows."""


def read_jsonl(
    source: Path | bytes,
    name: str = "log.jsonl",
    *,
    fields: Mapping[str, str] = MappingProxyType({}),
    on_problem: OnProblem = refuse,
) -> Iterator[Interaction]:
    """Yield an interaction per line; blank lines are skipped, bad ones go to `on_problem`.

    `fields` maps a fact (see FIELDS) to its RFC 6901 place in a line. A body may be text or JSON.
    """
    name = source.as_posix() if isinstance(source, Path) else name
    for fact in fields:
        if fact not in FIELDS:
            raise CassetteError(f"no fact {show(fact)} in a line; known: {', '.join(FIELDS)}")
    places = {fact: (fields[fact],) if fact in fields else defaults for fact, defaults in FIELDS.items()}
    with open_bytes(source, name) as stream:
        for number, line in _lines(stream, name):
            try:
                if line.strip():
                    yield _interaction(line, places, name, number)
            except CassetteError as problem:
                on_problem(problem)


def _lines(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := _next(stream, name):
        number += 1
        if len(line) > MAX_LINE:
            raise CassetteError(f"{safe_text(name)}:{number}: a line of more than {MAX_LINE:,} bytes")
        yield number, line.rstrip()


def _next(stream: BinaryIO, name: str) -> bytes:
    try:
        return stream.readline(MAX_LINE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise CassetteError(f"{safe_text(name)}: cannot be read on: {safe_text(str(error), 80)}") from None


def _interaction(line: bytes, places: Mapping[str, tuple[str, ...]], name: str, number: int) -> Interaction:
    label = f"{name}:{number}"
    decoded = decode(line, max_bytes=MAX_LINE)
    if not decoded.usable or decoded.faults:
        raise CassetteError(f"{safe_text(label)}: {decoded.faults[0].message}")
    root = Place(label, "", decoded.value)
    root.keys(optional=None)
    found = {fact: _find(root, options) for fact, options in places.items()}
    stamp = found["recorded_at"].value
    return Interaction(
        request=Request(
            _method(found["method"]),
            found["url"].match(re.compile(r"https?://\S+\Z"), "an absolute http or https URL"),
            _headers(found["request_headers"]),
        ),
        response=Response(
            _status(found["status"]), _headers(found["response_headers"]), _body(found["body"].value)
        ),
        source=Source.RECORDED,
        name=situation(Path(name).name, number),
        origin=SourceLine(name, number),
        recorded_at=moment(stamp) if isinstance(stamp, str) else "",
    )


def _find(root: Place, options: tuple[str, ...]) -> Place:
    for option in options:
        try:
            value = Pointer.parse(option).resolve(root.value)
        except (KeyError, IndexError, TypeError, ValueError):
            continue
        return Place(root.file, option, value)
    return Place(root.file, options[0], None)


def _method(place: Place) -> str:
    return "GET" if place.value is None else place.match(re.compile(r"[A-Za-z]{1,16}\Z"), "a method").upper()


def _status(place: Place) -> int:
    if isinstance(place.value, str) and re.fullmatch(r"[1-5]\d\d", place.value):
        return int(place.value)
    return place.integer(100, 599)


def _headers(place: Place) -> Headers:
    if isinstance(place.value, list):
        return headers(place)
    if place.value is None:
        return ()
    place.keys(optional=None)
    return tuple((name, place[name].text()) for name in place.names())


def _body(value: Json) -> bytes:
    if value is None:
        return b""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else compact(value)
