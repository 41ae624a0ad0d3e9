"""HAR 1.2 files as interactions: what browsers, proxies and test tools export.

Read as a stream, entry by entry, with tolerance: timings, cookies, pages, vendor fields are ignored. An entry
that cannot be used becomes a CassetteError with its number, or a listed problem; never a traceback.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from contracts.decode import decode
from contracts.errors import CassetteError
from contracts.interactions.formats.cassette import moment
from contracts.interactions.formats.place import Place
from contracts.interactions.formats.stream import MAX_ELEMENT, Element, Reader, elements, members, open_bytes
from contracts.model import Headers, Interaction, Request, Response, Source, SourceLine
from contracts.text import safe_text

OnProblem = Callable[[CassetteError], None]
_HARMLESS: Final = {"lone-surrogate", "duplicate-key"}


def refuse(problem: CassetteError) -> None:
    """Raise the problem: what a reader does with a bad entry when nobody listens."""
    raise problem


def read_har(
    source: Path | bytes, name: str = "archive.har", *, on_problem: OnProblem = refuse
) -> Iterator[Interaction]:
    """Yield the interactions of a HAR file in its order; packed with gzip is fine.

    Entries that cannot be used go to `on_problem`, and the reading goes on; by default it raises them. A file
    that is no HAR, or is cut off, is a CassetteError after the entries before it. Credentials are still in
    the headers and URLs: nothing of this may be written before redaction.
    """
    name = source.as_posix() if isinstance(source, Path) else name
    with open_bytes(source, name) as stream:
        reader = Reader(stream, name)
        if not members(reader, "log", "entries"):
            raise CassetteError(f"{safe_text(name)}: not a HAR file: it has no list log.entries")
        for element in elements(reader):
            try:
                yield _entry(element, name)
            except CassetteError as problem:
                on_problem(problem)


def _entry(element: Element, name: str) -> Interaction:
    label = f"{name}:{element.line} entry {element.number}"
    decoded = decode(element.data, max_bytes=MAX_ELEMENT * 2)
    serious = [f for f in decoded.faults if f.rule not in _HARMLESS]
    if serious:
        raise CassetteError(f"{safe_text(label)}: {serious[0].message}")
    root = Place(label, "", decoded.value)
    root.keys(optional=None)
    request, response = root["request"], root["response"]
    request.keys(optional=None)
    response.keys(optional=None)
    answered, failure = _response(response)
    elapsed = root["time"].value
    return Interaction(
        request=Request(
            _method(request["method"]), _url(request["url"]), headers(request["headers"]), _sent(request)
        ),
        response=answered,
        failure=failure,
        source=Source.RECORDED,
        name=situation(Path(name).name, element.number),
        origin=SourceLine(name, element.line),
        recorded_at=moment(root["startedDateTime"].value)
        if isinstance(root["startedDateTime"].value, str)
        else "",
        elapsed_ms=round(elapsed) if isinstance(elapsed, int | float) and 0 <= elapsed < 1e9 else None,
    )


def _method(place: Place) -> str:
    return place.match(re.compile(r"[A-Za-z]{1,16}\Z"), "a method").upper()


def _url(place: Place) -> str:
    return place.match(re.compile(r"https?://\S+\Z", re.IGNORECASE), "an absolute http or https URL")


def headers(place: Place) -> Headers:
    """Read a list of {name, value}; names of HTTP/2 pseudo headers are left out."""
    if place.value is None:
        return ()
    found: list[tuple[str, str]] = []
    for item in place.items():
        item.keys(optional=None)
        name = item["name"].text()
        if not name.startswith(":"):
            found.append((name, item["value"].text()))
    return tuple(found)


def _sent(request: Place) -> bytes:
    data = request["postData"]
    if data.value is None:
        return b""
    data.keys(optional=None)
    text = data["text"].value
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else b""


def _response(place: Place) -> tuple[Response | None, str]:
    if place["status"].value in (0, -1):
        return None, "nothing came back, says the archive"
    status = place["status"].integer(100, 599)
    return Response(status, headers(place["headers"]), _content(place["content"])), ""


def _content(place: Place) -> bytes:
    if place.value is None:
        return b""
    place.keys(optional=None)
    if place["text"].value is None:
        if isinstance(place["size"].value, int) and place["size"].value > 0:
            place.fail("the body was not saved in the archive; export it with content")
        return b""
    text = place["text"].text()
    if place["encoding"].value != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return place["text"].fail("not base64")


def situation(file: str, number: int) -> str:
    """Name an interaction after its file and its number in it, in the letters a cassette name has."""
    stem = re.sub(r"[^a-z0-9]+", "-", file.split(".", maxsplit=1)[0].lower()).strip("-")[:50].strip("-")
    return f"{stem or 'entry'}-{number}"
