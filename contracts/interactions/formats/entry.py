"""One entry of any recording as an interaction, by a table that says where each fact of it stands.

Whatever is odd in an entry but its address keeps the entry countable: a CassetteError carries the address,
so that what is not the vendor's is not reported as its problem.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import urlencode

from contracts.decode import decode
from contracts.errors import CassetteError
from contracts.interactions.formats.body import compact, cut_out, ends_early, is_usual_cap
from contracts.interactions.formats.cassette import moment
from contracts.interactions.formats.files import Opened, unpacked
from contracts.interactions.formats.place import Place, headers_of
from contracts.model import Headers, Interaction, Json, Pointer, Request, Response, Source, SourceLine
from contracts.spec import is_received
from contracts.text import safe_text, show

FACTS: Final = (
    "method", "url", "scheme", "host", "port", "path", "query", "request_headers", "request_body",
    "status", "response_headers", "body", "json", "base64", "encoded", "truncated", "may_be_cut", "size",
    "file", "recorded_at", "elapsed",
)  # fmt: skip
"""What an entry may say. `body` is text or bytes, `json` any JSON value, `base64` packed text; `encoded` says
that the body is base64, `file` names the file with the body, `size` is its length in bytes. `truncated` says
that the recorder kept a part of the body, `may_be_cut` that it keeps no more than some size."""

OnProblem = Callable[[CassetteError], None]
Places = Mapping[str, tuple[tuple[str, ...], ...]]


def places(**facts: str) -> Places:
    """Make a table from RFC 6901 places, several of a fact parted by blanks: the first there counts."""
    return MappingProxyType(
        {
            fact: tuple(tuple(map(str, Pointer.parse(one))) for one in text.split())
            for fact, text in facts.items()
        }
    )


def refuse(problem: CassetteError) -> None:
    """Raise the problem: what a reader does with a bad entry when nobody listens."""
    raise problem


@dataclass(frozen=True, slots=True)
class Reading:
    """How a recording is read: the user's own places, who hears of bad entries, and what was asked.

    `asked` is the request to which a bare body or an answer without a request belongs; `met` are the facts
    of `fields` whose places some line has.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    on_problem: OnProblem = refuse
    asked: Request | None = None
    met: set[str] = field(default_factory=set)


class Where(NamedTuple):
    """Where an entry stands: the file it is in, its number from 1, its line or 0, and its own name or ""."""

    file: Opened
    number: int
    line: int = 0
    title: str = ""

    @property
    def label(self) -> str:
        """Name the place in a sentence."""
        line = f":{self.line}" if self.line else ""
        return f"{self.file.name}{line} entry {self.number}"


_MISSING: Final = object()
_STRUCTURED: Final = frozenset(
    {"json", "request_body", "request_headers", "response_headers", "query", "recorded_at"}
)
_HTTP: Final = re.compile(r"https?://", re.IGNORECASE)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d{1,5}(?:/|\Z))")
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f]")
_METHOD: Final = re.compile(r"[A-Za-z]{1,16}\Z")
_YES: Final = frozenset({"true", "1", "yes"})
_STATUS: Final = re.compile(r"([1-5]\d\d)(?:\.0|\s.*)?\Z", re.DOTALL)


@dataclass(slots=True)
class _Entry:
    """An entry being read: the value, the table, and where it stands."""

    root: Place
    table: Places
    where: Where

    def hit(self, fact: str) -> Place | None:
        """Find the first place of a fact that is there and holds something."""
        for tokens in self.table.get(fact, ()):
            value = self.root.value
            for token in tokens:
                value = _child(value, token)
                if value is _MISSING:
                    break
            whole = fact in _STRUCTURED or not isinstance(value, dict)
            if value is not _MISSING and value is not None and whole:
                return Place(self.root.file, str(Pointer(tokens)), value)
        return None

    def place(self, fact: str) -> str:
        """Give where a fact is looked for first."""
        return str(Pointer(next(iter(self.table.get(fact, ())), (fact,))))

    def text(self, fact: str) -> str:
        """Give a fact as text, "" where it is not there; a flag as `true` or `false`."""
        place = self.hit(fact)
        if place is None:
            return ""
        return str(place.value).lower() if isinstance(place.value, bool) else _plain(place)


def standing(value: Json, table: Places) -> dict[str, tuple[str, ...]]:
    """Give where each fact of an entry stands, of those that are there."""
    entry = _Entry(Place("", "", value), table, Where(Opened("", b""), 0))
    found = {fact: entry.hit(fact) for fact in FACTS}
    return {
        fact: tuple(map(str, Pointer.parse(one.pointer))) for fact, one in found.items() if one is not None
    }


def _child(value: Json, token: str) -> Json:
    if isinstance(value, dict):
        return value.get(token, _MISSING)
    if isinstance(value, list) and token.isdigit() and int(token) < len(value):
        return value[int(token)]
    return _MISSING


def _plain(place: Place) -> str:
    value = place.value
    if isinstance(value, list) and value:
        return _plain(Place(place.file, f"{place.pointer}/0", value[0]))
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return place.text()
    return str(value)


def interaction(
    value: Json, table: Places, where: Where, *, raw: bytes = b"", source: Source = Source.RECORDED
) -> Interaction:
    """Make an interaction of an entry; CassetteError, with the address where it has one, when that fails.

    `raw` is the JSON text of the entry, from which a body that Python cannot hold is taken as it is.
    """
    root = Place(where.label, "", value)
    root.keys(optional=None)
    entry = _Entry(root, table, where)
    url = _url(entry)
    scheme = _SCHEME.match(url)
    if scheme and not _HTTP.match(url) and not is_received(url):
        kind = f"a {safe_text(scheme[1].lower(), 30)}: address, which is none of HTTP"
        return _made(entry, Request("GET", url), None, kind, source)
    try:
        sent = _request(entry, url)
        answer, failure = _response(entry, raw)
    except CassetteError as problem:
        raise CassetteError(str(problem), url=url) from None
    return _made(entry, sent, answer, failure, source)


def _made(entry: _Entry, sent: Request, answer: Response | None, failure: str, source: Source) -> Interaction:
    where = entry.where
    elapsed = entry.hit("elapsed")
    took = elapsed.value if elapsed and isinstance(elapsed.value, int | float) else -1
    stamp = entry.hit("recorded_at")
    return Interaction(
        request=sent,
        response=answer,
        failure=failure,
        source=source,
        name=situation(where.title or where.file.name.rpartition("/")[2], where.number),
        origin=SourceLine(where.file.name, where.line),
        recorded_at=when(stamp.value) if stamp and source is Source.RECORDED else "",
        elapsed_ms=round(took) if 0 <= took < 1e9 else None,
    )


def situation(file: str, number: int) -> str:
    """Name an interaction after its file and its number in it, in the letters a cassette name has."""
    return f"{_stem(file)}-{number}"


@lru_cache(maxsize=64)
def _stem(file: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", file.split(".", maxsplit=1)[0].lower()).strip("-")[:50].strip("-")
    return stem or "entry"


def _url(entry: _Entry) -> str:
    """Read the address: whole, or put together from scheme, host, port, path and query.

    Without a host it starts with a slash, and it is for the caller to say whose it is.
    """
    url = entry.text("url").strip()
    if not _SCHEME.match(url):
        path = url or entry.text("path")
        host = entry.text("host") or _value(headers_of(entry.hit("request_headers")), "host")
        if not (path or host):
            raise CassetteError(f"{safe_text(entry.where.label)} at {entry.place('url')}: expected a URL")
        url = _joined(entry, host.strip(), path)
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", url)


def _joined(entry: _Entry, host: str, path: str) -> str:
    path = path if path.startswith("/") or not path else f"/{path}"
    query = _query(entry.hit("query"))
    path += f"?{query}" if query and "?" not in path else ""
    if not host or path.startswith("//"):
        return f"https:{path}" if path.startswith("//") else path or "/"
    if _HTTP.match(host):
        return host.rstrip("/") + path
    scheme, port = entry.text("scheme").lower().removesuffix("://") or "https", entry.text("port")
    usual = {"http": "80", "https": "443"}.get(scheme)
    named = host if not port or port == usual or re.search(r":\d+\Z", host) else f"{host}:{port}"
    return f"{scheme}://{named}{path}"


def _query(place: Place | None) -> str:
    if place is None:
        return ""
    if isinstance(place.value, dict):
        return urlencode(place.value, doseq=True)
    return _plain(place).removeprefix("?")


def _request(entry: _Entry, url: str) -> Request:
    method = entry.hit("method")
    name = "GET" if method is None else _plain(method)
    if not _METHOD.match(name) and method is not None:
        method.fail(f"expected a method, found {show(method.value)}")
    body = entry.hit("request_body")
    data = b"" if body is None else bytes_of(body.value)
    return Request(name.upper(), url, headers_of(entry.hit("request_headers")), data)


def _response(entry: _Entry, raw: bytes) -> tuple[Response | None, str]:
    status = entry.hit("status")
    if status is None:
        raise CassetteError(f"{safe_text(entry.where.label)} at {entry.place('status')}: expected a status")
    written = _plain(status)
    if written in {"0", "-1"}:
        return None, "nothing came back, says the recording"
    number = _STATUS.match(written)
    if number is None:
        status.fail(f"expected a status from 100 to 599, found {show(status.value)}")
    headers = headers_of(entry.hit("response_headers"))
    body, missing = _body(entry, raw)
    if not missing:
        body, missing = unpacked(body, headers)
    return Response(int(number[1]), headers, body, missing or _cut(entry, body, headers)), ""


def _cut(entry: _Entry, body: bytes, headers: Headers) -> str:
    """Say that the recorder kept only a part of the body; whole JSON is whole, whatever the size says.

    Where nothing says so, a body of JSON was cut if it ends early and is shorter than its header says, or of
    a size at which recorders cut, or comes from one that keeps no more than some size.
    """
    size = entry.text("size").removesuffix(".0")
    told = entry.text("truncated").lower() in _YES
    short = size.isdecimal() and len(size) < 15 and len(body) < int(size)
    if not (short or told):
        size = "" if _value(headers, "content-encoding") else _value(headers, "content-length").strip()
        short = size.isdecimal() and len(size) < 15 and len(body) < int(size)
        suspected = short or entry.text("may_be_cut") in _YES or is_usual_cap(body)
        if not (suspected and ends_early(body)):
            return ""
    elif decode(body, max_bytes=len(body) + 1).usable:
        return ""
    of = f" of {int(size):,}" if short else ""
    return f"cut, {len(body):,}{of} bytes were recorded"


def _body(entry: _Entry, raw: bytes) -> tuple[bytes, str]:
    """Give the recorded bytes, and why they are not there ("" when they are)."""
    packed, body, value = entry.hit("base64"), entry.hit("body"), entry.hit("json")
    attached = entry.hit("file")
    if packed is not None:
        return _unbased(packed), ""
    if body is not None:
        if not isinstance(body.value, str | bytes) and value is None:
            body.text()
        if isinstance(body.value, str | bytes):
            coded = entry.text("encoded").lower() in {"base64", "true"}
            return (_unbased(body) if coded else bytes_of(body.value)), ""
    if value is not None:
        return _verbatim(raw, value), ""
    if attached is not None:
        found = entry.where.file.beside(_plain(attached))
        name = safe_text(_plain(attached), 80)
        return found or b"", "" if found is not None else f"its file {name} is not beside the recording"
    size = entry.text("size")
    return b"", "" if size == "0" else "not kept in the recording"


def _unbased(place: Place) -> bytes:
    try:
        return base64.b64decode(place.value)
    except (binascii.Error, ValueError, TypeError):
        return place.fail("not base64")


def bytes_of(value: Json) -> bytes:
    """Give what was sent or received: bytes as they are, text as UTF-8, JSON as compact text."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        return compact(value)
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")


def _verbatim(raw: bytes, place: Place) -> bytes:
    """Give a JSON body as it stands in the file, where Python would not give it back as it was."""
    if not raw:
        return compact(place.value)
    whole = raw.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    text = cut_out(whole, Pointer.parse(place.pointer))
    return text.encode("utf-8", "surrogateescape")


def _value(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def when(value: Json) -> str:
    """Read a moment in any usual form (ISO 8601, RFC 5322, common log, seconds to nanoseconds) in UTC."""
    if isinstance(value, dict):
        value = value.get("$date", value.get("date"))
    if isinstance(value, str) and re.fullmatch(r"\d{9,19}(?:\.\d+)?", value):
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _since_1970(value)
    if not isinstance(value, str):
        return ""
    text = value.strip().strip("[]")
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    try:
        return moment(text) or moment(parsedate_to_datetime(text).isoformat())
    except (ValueError, OverflowError):
        return _common_log(text)


def _since_1970(value: float) -> str:
    seconds = float(value)
    while seconds >= 1e11:
        seconds /= 1000
    try:
        return moment(datetime.fromtimestamp(seconds, UTC).isoformat()) if seconds > 1e8 else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _common_log(text: str) -> str:
    try:
        return moment(datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z").isoformat())
    except ValueError:
        return ""
