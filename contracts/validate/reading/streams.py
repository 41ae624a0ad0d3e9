"""Bodies that hold many values: JSON lines, record by record, and server-sent events, event by event.

A schema at such a media type describes one record: the line, or the data of the event as JSON. Where it
describes a list instead, its items are the records; where it names `event` and `data` together, it describes
the whole event. `itemSchema` of OpenAPI 3.2 always describes one record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from contracts.decode import Decoded, decode
from contracts.model import Json, Pointer
from contracts.spec import Spec, look
from contracts.validate.reading import coerce

LINES: Final = frozenset(
    {
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonl",
        "application/jsonlines",
        "application/x-jsonlines",
        "application/json-lines",
        "application/json-seq",
        "application/geo+json-seq",
        "application/stream+json",
        "text/x-ndjson",
        "text/jsonl",
    }
)
EVENTS: Final = "text/event-stream"
_DONE: Final = "[DONE]"
"""What several vendors send as the last data of a stream, which is no JSON and described nowhere."""


class Record(NamedTuple):
    """One record of a body: its position, what was decoded of it, and why it cannot be judged, or ""."""

    position: int
    decoded: Decoded
    unjudged: str = ""


def is_stream(media: str) -> bool:
    """Whether a media type stands for a sequence of records."""
    return media in LINES or media == EVENTS


def record_schema(spec: Spec, schema: Pointer) -> Pointer:
    """Give the schema of one record where the schema of the media type may describe a list of them."""
    item = Pointer(schema[:-1]) / "itemSchema"
    if look(spec.document, item) is not None:
        return item
    for place, node in coerce.in_place(spec, schema):
        if node.get("type") == "array" and "items" in node:
            return place / "items"
    return schema


def records(spec: Spec, media: str, body: bytes, schema: Pointer, max_bytes: int) -> Iterator[Record]:
    """Yield the records of a body, each decoded by itself."""
    if media == EVENTS:
        yield from _events(body, max_bytes, whole=_describes_event(spec, schema))
        return
    lines = body.replace(b"\x1e", b"\n").split(b"\n")
    found = (line for line in lines if line.strip())
    yield from (Record(n, decode(line, max_bytes=max_bytes)) for n, line in enumerate(found))


def _describes_event(spec: Spec, schema: Pointer) -> bool:
    found: set[str] = set()
    for _, node in coerce.in_place(spec, schema):
        properties = node.get("properties")
        found |= set(properties) if isinstance(properties, dict) else set()
    return "data" in found and not found.isdisjoint({"event", "id", "retry"})


def _events(body: bytes, max_bytes: int, *, whole: bool) -> Iterator[Record]:
    for n, event in enumerate(read_events(body.decode("utf-8", "replace"))):
        text = event.get("data", "")
        read = decode(text.encode("utf-8", "surrogatepass"), max_bytes=max_bytes)
        if whole:
            fields: dict[str, Json] = {**event, "data": read.value if read.usable else text}
            yield Record(n, Decoded(fields))
        elif read.usable or (text.startswith(("{", "[")) and text != _DONE):
            yield Record(n, read)
        elif text != _DONE:
            yield Record(n, read, "the data of the event is not JSON")


def read_events(text: str) -> Iterator[dict[str, str]]:
    """Yield the fields of each event that has data, as the HTML standard reads an event stream."""
    fields: dict[str, str] = {}
    data: list[str] = []
    for line in (*text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield {**fields, "data": "\n".join(data)}
            fields, data = {}, []
        elif name == "data":
            data.append(value)
        elif name:
            fields[name] = value
