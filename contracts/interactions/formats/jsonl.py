"""Access logs, one JSON object a line, mapped to interactions by a table of places.

Read as a stream; a line that cannot be used is named by its number and the reading goes on.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import BinaryIO, Final, NamedTuple

from contracts.decode import Fault, decode
from contracts.errors import CassetteError, ConfigError
from contracts.interactions.formats.entry import (
    FACTS,
    Places,
    Reading,
    Where,
    interaction,
    places,
    situation,
    standing,
)
from contracts.interactions.formats.files import BROKEN, Opened, unreadable
from contracts.model import Interaction, Json, Pointer, Request, Response, Source, SourceLine
from contracts.text import safe_text, show

MAX_LINE: Final = 16 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_BODY: Final = (
    "/body /response_body /response/body /response/content /responseBody /resp_body /res/body /response_text"
    " /http/response/body/content /http.response.body.content /http.response.body /payload"
    " /BackendResponseBody /properties/BackendResponseBody /properties/backendResponseBody"
)
LINE: Final = places(
    method=(
        "/method /request/method /http/method /req/method /request_method /RequestMethod /httpMethod /verb"
        " /http/request/method /http.request.method /http.method /httpRequest/requestMethod"
        " /requestContext/http/method /BackendMethod /properties/BackendMethod /properties/backendMethod"
    ),
    url=(
        "/url /request/url /uri /request/uri /http/url /request_url /url/full /url.full /http.url /req/url"
        " /url/original /httpRequest/requestUrl /endpoint"
        " /BackendUrl /properties/BackendUrl /properties/backendUrl"
    ),
    scheme="/scheme /request/scheme /RequestScheme /url/scheme /url.scheme",
    host=(
        "/host /request/host /http_host /authority /RequestHost /url/domain /server.address /server_name"
        " /domainName /requestContext/domainName /req/host /request/headers/host /req/headers/host"
    ),
    port="/RequestPort /url/port /server.port",
    path=(
        "/path /request/path /request_uri /RequestPath /url/path /url.path /req/path /rawPath"
        " /requestContext/http/path"
    ),
    query=(
        "/query /query_string /args /url/query /url.query /rawQueryString /queryStringParameters"
        " /request/querystring"
    ),
    request_headers="/request_headers /request/headers /req/headers /requestHeaders",
    request_body="/request_body /request/body /req/body /requestBody",
    status=(
        "/status /response/status /status_code /response/status_code /http/status /statusCode /res/statusCode"
        " /response_code /DownstreamStatus /OriginStatus /http/response/status_code"
        " /http.response.status_code /http.status_code /httpRequest/status"
        " /responseStatus /response/statusCode /response/code"
        " /BackendResponseCode /properties/BackendResponseCode /properties/backendResponseCode"
    ),
    response_headers=(
        "/response_headers /response/headers /headers /resp_headers /res/headers /responseHeaders"
        " /multiValueHeaders"
        " /BackendResponseHeaders /properties/BackendResponseHeaders /properties/backendResponseHeaders"
    ),
    body=_BODY + " /response",
    json=_BODY + " /response/jsonBody",
    base64="/body_base64 /response/body_base64 /response/base64Body /base64",
    encoded="/isBase64Encoded /body_encoding /response/encoding",
    size="/size /body_size /response/size",
    may_be_cut="/may_be_cut",
    truncated="/truncated /response/truncated /body_truncated",
    recorded_at=(
        "/recorded_at /timestamp /time /@timestamp /ts /started_at /start_time /StartUTC /time_iso8601"
        " /time_local /date /datetime /requestTime /TimeGenerated"
    ),
    elapsed="/elapsed_ms /duration_ms /responseTime",
)
"""Where each fact is looked for, first hit wins: our own names, then those of Caddy, nginx, Envoy, Traefik,
Kong, API Gateway, Google Cloud, Elastic Common Schema, OpenTelemetry and pino, and of Azure API Management,
whose backend is the vendor. A caller's table replaces single rows."""
_FACTS_OF_AN_ANSWER: Final = {"status", "status_code", "statusCode", "headers", "code", "body"}


def table_of(fields: Mapping[str, str]) -> Places:
    """Give the table with the caller's places in it; ConfigError for a fact that there is not."""
    for fact in fields:
        if fact not in FACTS:
            near = difflib.get_close_matches(fact, FACTS, n=1)
            guess = f"; did you mean '{near[0]}'?" if near else "."
            raise ConfigError(f"--field: no fact {show(fact)} in a line{guess} Known: {', '.join(FACTS)}")
    given = {fact: _alternatives(place) for fact, place in fields.items()}
    return {**LINE, **given, **({"json": given["body"]} if "body" in given else {})}


def _alternatives(place: str) -> tuple[tuple[str, ...], ...]:
    """Read a user's place: an RFC 6901 pointer, else a name, or a path of names written with dots."""
    if place.startswith("/"):
        return (tuple(map(str, Pointer.parse(place))),)
    return tuple(dict.fromkeys(((place,), tuple(place.split(".")))))


def is_entry(value: Json, table: Places) -> bool:
    """Whether an object says where it was asked, so that it is an entry of a log and no bare body.

    A batch may have a `url` or `endpoint` of its own: its status is a word, and nothing else of it is HTTP.
    """
    asked = _there(value, table, "url", "path")
    if not isinstance(value, dict) or not any(isinstance(one, str | list) for one in asked):
        return False
    status = next(_there(value, table, "status"), None)
    is_word = isinstance(status, str) and status[:1].isalpha() and table["url"] == LINE["url"]
    return not is_word or any(True for _ in _there(value, table, *_OF_HTTP))


_OF_HTTP: Final = ("method", "request_headers", "request_body", "response_headers")


def note_met(value: Json, reading: Reading) -> None:
    """Take note of which of the caller's places an entry has."""
    for fact in reading.fields.keys() - reading.met:
        for tokens in _alternatives(reading.fields[fact]):
            with suppress(KeyError, IndexError, TypeError, ValueError):
                Pointer(tokens).resolve(value)
                reading.met.add(fact)


def _there(value: Json, table: Places, *facts: str) -> Iterator[Json]:
    """Yield what is where the table looks for these facts."""
    for tokens in (tokens for fact in facts for tokens in table[fact]):
        with suppress(KeyError, IndexError, TypeError, ValueError):
            yield Pointer(tokens).resolve(value)


class Line(NamedTuple):
    """A line of a log: its number from 1, the byte at which it starts, its text or why it was not read."""

    number: int
    offset: int
    data: bytes
    problem: str = ""


def read_lines(file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Yield an interaction per line; blank lines are skipped, bad ones go to the reading's `on_problem`.

    The reading's `fields` map a fact (see FACTS) to its place in a line. A body may be text or JSON.
    """
    table = table_of(reading.fields)
    for number, _, line, why in raw_lines(file):
        if why:
            reading.on_problem(CassetteError(f"{safe_text(file.name)}:{number}: {why}"))
            continue
        try:
            yield entry_of(line, table, Where(file, number, number), reading)
        except CassetteError as problem:
            reading.on_problem(problem)


def raw_lines(file: Opened) -> Iterator[Line]:
    """Yield the lines of a file that hold something; CassetteError where the file breaks off."""
    with file.stream() as stream:
        number, offset, rest, dropped = 0, 0, b"", 0
        while data := _next(stream, file.name):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                number += 1
                yield from _line(number, offset, line, dropped)
                offset, dropped = offset + dropped + len(line) + 1, 0
            if len(rest) > MAX_LINE:
                rest, dropped = b"", dropped + len(rest)
        yield from _line(number + 1, offset, rest, dropped)


def _line(number: int, offset: int, line: bytes, dropped: int) -> Iterator[Line]:
    text = line.strip().removeprefix(b"\xef\xbb\xbf" if number == 1 else b"")
    if dropped or len(text) > MAX_LINE:
        yield Line(number, offset, b"", f"a line of more than {MAX_LINE:,} bytes")
    elif text:
        yield Line(number, offset, text)


def _next(stream: BinaryIO, name: str) -> bytes:
    """Read on; what can be read before the stream breaks off is given first, where the stream can do that."""
    try:
        read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        return read(_CHUNK)
    except BROKEN as error:
        raise unreadable(name, error) from None


def entry_of(line: bytes, table: Places, where: Where, reading: Reading) -> Interaction:
    """Read one line; CassetteError when it is none of a log."""
    label = f"{where.file.name}:{where.number}"
    decoded = decode(line, max_bytes=MAX_LINE)
    if decoded.value is None and decoded.faults:
        raise CassetteError(f"{safe_text(label)}: {decoded.faults[0].message}")
    value = decoded.value
    note_met(value, reading)
    if reading.asked is not None and not is_entry(value, table):
        return bare(line, where, reading.asked)
    told = next((fault for fault in decoded.faults if _of_the_log(fault, table)), None)
    if told:
        raise CassetteError(f"{safe_text(label)}: {told.message}")
    return interaction(value, _table_for(value, table), where, raw=line if decoded.faults else b"")


def _table_for(value: Json, table: Places) -> Places:
    """Take the whole `response` of an entry for its body where it holds no fact of an answer."""
    answer = value.get("response") if isinstance(value, dict) else None
    if isinstance(answer, dict) and not _FACTS_OF_AN_ANSWER & answer.keys():
        return {**table, "json": (*table["json"], ("response",))}
    return table


def facts_of(value: Json, table: Places) -> dict[str, tuple[str, ...]]:
    """Give where each fact of a line stands; which ones depends on its keys, and on types and nulls there."""
    return standing(value, _table_for(value, table))


def _of_the_log(fault: Fault, table: Places) -> bool:
    """Whether a fault is in what the log says of an answer; one in the answer's body is the vendor's."""
    at = tuple(map(str, fault.pointer))
    facts = ("method", "url", "status", "host", "path", "body", "base64")
    return fault.rule == "duplicate-key" and any(at == place for fact in facts for place in table[fact])


def bare(body: bytes, where: Where, asked: Request) -> Interaction:
    """Take a body for the answer 200 to what was asked, of which nothing else was recorded."""
    return Interaction(
        request=asked,
        response=Response(200, (), body),
        source=Source.RECORDED,
        name=situation(where.file.name.rpartition("/")[2], where.number),
        origin=SourceLine(where.file.name, where.line),
    )
