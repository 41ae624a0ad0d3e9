"""The project's own recording format: one interaction a file, canonical JSON that reads well in review.

A file is `specs/<provider>/cassettes/<operation>/<status>-<situation>.json`. `dump(load_cassette(f))` is
the same bytes; a body stored as JSON stands for its compact UTF-8 serialisation. A file that is not exactly a
cassette is refused with its name and the place in it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from contracts.decode import decode
from contracts.errors import CassetteError
from contracts.interactions.formats.body import MAX_STORED, pretty, restored, stored
from contracts.interactions.formats.place import Place
from contracts.model import Headers, Interaction, Json, Request, Response, Source, SourceLine
from contracts.text import safe_text

FORMAT: Final = "contracts-cassette/1"
_KEYS = (
    "format", "provider", "operation", "situation", "source", "recorded_at", "note", "sequence",
    "request", "response", "redacted", "dropped",
)  # fmt: skip
_OPTIONAL = {"recorded_at", "note", "sequence", "redacted", "dropped"}
_BODIES = ("json", "text", "base64")
_PROVIDER = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
_ALIAS = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}\Z")
_SITUATION = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?\Z")
_FIELD = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,64}\Z")
_DROPPED = re.compile(r"\??[a-z0-9!#$%&'*+.^_`|~-]{1,64}\Z")
_METHOD = re.compile(r"[A-Z]{1,16}\Z")
_URL = re.compile(r"https?://[^\s/@?#]+(?:[/?#]\S*)?\Z|(?:webhook|callback):\S+\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")


class Redaction(NamedTuple):
    """What was replaced: an RFC 6901 place in the body, `url` or `header NAME`; and the rule's name."""

    pointer: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cassette:
    """An interaction with what its file says beside it: provider, note, what was redacted and dropped."""

    provider: str
    interaction: Interaction
    note: str = ""
    redacted: tuple[Redaction, ...] = ()
    dropped: tuple[str, ...] = ()


def read_cassette(source: Path | bytes, name: str = "") -> Interaction:
    """Read the interaction of one cassette file; CassetteError names file and place."""
    return load_cassette(source, name).interaction


def load_cassette(source: Path | bytes, name: str = "") -> Cassette:
    """Read one cassette file whole; `name` is what errors and origins call it, by default its path."""
    if isinstance(source, Path):
        name, data = name or source.as_posix(), _bytes_of(source)
    else:
        name, data = name or "cassette", source
    decoded = decode(data, max_bytes=MAX_STORED * 2)
    if not decoded.usable or decoded.faults:
        raise CassetteError(f"{safe_text(name)}: {decoded.faults[0].message}")
    return _cassette(Place(name, "", decoded.value), name)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CassetteError(f"{path}: cannot be read: {error.strerror}") from None


def _cassette(root: Place, name: str) -> Cassette:
    root.keys(_KEYS, _OPTIONAL)
    if root["format"].text() != FORMAT:
        root["format"].fail(f"not '{FORMAT}'")
    source = root["source"].one_of(Source.RECORDED, Source.DOCUMENTATION, Source.CONSTRUCTED)
    interaction = Interaction(
        request=_request(root["request"]),
        response=_response(root["response"]),
        source=Source(source),
        name=root["situation"].match(_SITUATION, "lower case letters, digits and hyphens, at most 60"),
        operation=root["operation"].match(_ALIAS, "an operation alias"),
        origin=SourceLine(name),
        recorded_at=_recorded_at(root, source),
        sequence=_sequence(root),
    )
    return Cassette(
        provider=root["provider"].match(_PROVIDER, "a provider id"),
        interaction=interaction,
        note=root["note"].text() if "note" in root else "",
        redacted=tuple(map(_redaction, root["redacted"].items())) if "redacted" in root else (),
        dropped=tuple(p.match(_DROPPED, "a lower-case name") for p in root["dropped"].items())
        if "dropped" in root
        else (),
    )


def _recorded_at(root: Place, source: str) -> str:
    if source == Source.CONSTRUCTED and "recorded_at" in root:
        root["recorded_at"].fail("a constructed interaction was never recorded; leave it out")
    if "recorded_at" not in root:
        if source == Source.RECORDED:
            root["recorded_at"].fail("missing; a recording says when it was made, as 2026-01-31T09:00:00Z")
        return ""
    text = root["recorded_at"].match(_MOMENT, "a UTC moment as 2026-01-31T09:00:00Z")
    try:
        datetime.fromisoformat(text)
    except ValueError:
        root["recorded_at"].fail("no such moment")
    return text


def _sequence(root: Place) -> tuple[str, int] | None:
    if "sequence" not in root:
        return None
    place = root["sequence"]
    place.keys(("name", "position"))
    return place["name"].match(_SITUATION, "lower case letters, digits and hyphens"), place[
        "position"
    ].integer(1, 9999)


def _request(place: Place) -> Request:
    place.keys(("method", "url", "headers"))
    method = place["method"].match(_METHOD, "an upper-case method")
    url = place["url"].match(_URL, "an absolute http or https URL without credentials")
    return Request(method, url, _headers(place["headers"]))


def _response(place: Place) -> Response:
    place.keys(("status", "headers", *_BODIES, "sha256"), set(_BODIES))
    kinds = [kind for kind in _BODIES if kind in place]
    if len(kinds) != 1:
        place.fail(f"holds {len(kinds)} bodies; one of json, text or base64 is wanted")
    member = place[kinds[0]]
    try:
        body = restored(kinds[0], member.value)
    except ValueError:
        member.fail("not text" if kinds[0] == "text" else "not base64")
    if place["sha256"].text() != (digest := hashlib.sha256(body).hexdigest()):
        place["sha256"].fail(f"the body was edited: its digest is {digest}")
    return Response(place["status"].integer(100, 599), _headers(place["headers"]), body)


def _headers(place: Place) -> Headers:
    place.keys(optional=None)
    found: list[tuple[str, str]] = []
    for name in place.names():
        if not _FIELD.match(name):
            place[name].fail("a header name is written in lower case")
        values = place[name].items() if isinstance(place[name].value, list) else (place[name],)
        found.extend((name, value.text()) for value in values)
    return tuple(found)


def _redaction(place: Place) -> Redaction:
    place.keys(("pointer", "rule"))
    return Redaction(place["pointer"].text(), place["rule"].text())


def dump(cassette: Cassette) -> bytes:
    """Write a cassette as canonical bytes, and read them back before giving them out."""
    interaction = cassette.interaction
    if interaction.response is None:
        raise CassetteError(f"{safe_text(interaction.name)}: nothing came back, so there is nothing to store")
    data = pretty(_document(cassette, interaction.response))
    load_cassette(data, interaction.name or "cassette")
    return data


def _document(cassette: Cassette, response: Response) -> dict[str, Json]:
    it = cassette.interaction
    sequence = {"name": it.sequence[0], "position": it.sequence[1]} if it.sequence else None
    values: dict[str, Json] = {
        "format": FORMAT,
        "provider": cassette.provider,
        "operation": it.operation,
        "situation": it.name,
        "source": str(Source.RECORDED if it.source is Source.LIVE else it.source),
        "recorded_at": it.recorded_at,
        "note": cassette.note,
        "sequence": sequence,
        "request": {
            "method": it.request.method,
            "url": it.request.url,
            "headers": _fields(it.request.headers),
        },
        "response": _response_document(response),
        "redacted": [{"pointer": r.pointer, "rule": r.rule} for r in sorted(set(cassette.redacted))],
        "dropped": sorted(set(cassette.dropped)),
    }
    return {key: value for key, value in values.items() if value or key not in _OPTIONAL}


def _response_document(response: Response) -> dict[str, Json]:
    body = stored(response.body)
    ((kind, value),) = body.items()
    digest = hashlib.sha256(restored(kind, value)).hexdigest()
    return {"status": response.status, "headers": _fields(response.headers), **body, "sha256": digest}


def _fields(headers: Headers) -> dict[str, Json]:
    fields: dict[str, list[str]] = {}
    for name, value in headers:
        fields.setdefault(name.lower(), []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in sorted(fields.items())}


def moment(text: str) -> str:
    """Turn an ISO 8601 moment into UTC seconds (`2026-01-31T09:00:00Z`); text that is none becomes ''."""
    try:
        parsed = datetime.fromisoformat(text)
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return ""


def renamed(cassette: Cassette, situation: str, operation: str) -> Cassette:
    """Give the same cassette under another situation and operation."""
    return replace(cassette, interaction=replace(cassette.interaction, name=situation, operation=operation))
